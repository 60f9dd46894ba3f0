//! Carrying by hand: writing for devices that this one does not reach, and taking what they wrote. What came of it
//! stays to be read.

use crate::intent::Intent;
use crate::kit::field::Field;
use crate::kit::{Button, Type, layer, size};
use egui::Ui;
use muster_school::view::FrameView;

/// What opens it.
pub const OPENS: &str = "Carry by stick…";

/// Shows it for as long as `folder` holds something.
pub fn carry_ui(ui: &mut Ui, frame: &FrameView, folder: &mut Option<String>) -> Vec<Intent> {
    let Some(mut typed) = folder.take() else { return Vec::new() };
    let mut intents = Vec::new();
    let (stop, closed) = layer::show(ui, "carry", "Carry by stick", 560.0, |ui, inside| {
        inside.words(
            ui,
            "For devices that this one does not reach: write here, carry the stick over, take it in there, and the \
             other way round. The files open only on devices of this school.",
        );
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        let field = Field::new("Folder of the stick").hint("Folder; empty for the one used before").limit(400);
        let response = field.show(ui, rect, &mut typed);
        if inside.fresh {
            response.request_focus();
        }
        let rect = inside.next(ui, 56.0);
        if Button::filled("Write for other devices").step(Type::Name).show(ui, rect).clicked() {
            intents.push(Intent::CarryOut { folder: typed.trim().to_owned() });
        }
        let rect = inside.next(ui, 56.0);
        if Button::new("Take from other devices").step(Type::Name).show(ui, rect).clicked() {
            intents.push(Intent::CarryIn { folder: typed.trim().to_owned() });
        }
        if !frame.carried.is_empty() {
            inside.words(ui, &frame.carried);
        }
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        Button::new("Close").step(Type::Name).show(ui, rect).clicked()
    });
    *folder = (!stop && !closed).then_some(typed);
    intents
}
