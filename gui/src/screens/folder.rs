//! Asking for a folder to write into, or to read from: what leaves encryption is said before.

use crate::kit::field::Field;
use crate::kit::{Button, Type, layer, size};
use egui::{Key, Ui};

/// What is said above the field, and on the button.
pub struct Asks<'a> {
    /// The question.
    pub title: &'a str,
    /// What is written, and what that means.
    pub words: &'a str,
    /// What the button says.
    pub button: &'a str,
}

/// Asks, for as long as `folder` holds something. Answers with the folder as typed, which may be empty: the one that
/// was used before.
pub fn folder_ui(ui: &mut Ui, salt: &str, asks: &Asks<'_>, folder: &mut Option<String>) -> Option<String> {
    let mut typed = folder.take()?;
    let ((go, stop), closed) = layer::show(ui, salt, asks.title, 560.0, |ui, inside| {
        inside.words(ui, asks.words);
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        let field = Field::new("Folder").hint("Folder; empty for the one used before").limit(400);
        let response = field.show(ui, rect, &mut typed);
        if inside.fresh {
            response.request_focus();
        }
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        let go = Button::filled(asks.button).step(Type::Name).show(ui, rect).clicked();
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        let stop = Button::new("Not now").step(Type::Name).show(ui, rect).clicked();
        (go || entered, stop)
    });
    if go {
        return Some(typed.trim().to_owned());
    }
    *folder = (!closed && !stop).then_some(typed);
    None
}
