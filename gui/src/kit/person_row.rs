//! The head of a row about a person: shape, name, and what tells two of one name apart.

use crate::kit::text::{self, Type};
use crate::kit::{Weight, look, status};
use egui::{Color32, Rect, Ui, pos2};
use muster_school::view::status::Status;

/// Paints a shape in its own column; `ground` is the colour of the row.
pub fn shape(ui: &Ui, rect: Rect, side: f32, which: Status, ground: Color32) {
    status::paint(ui.painter(), rect.center(), side, which, look(ui).tokens.status(which), ground);
}

/// Paints a name, with a small remark after it.
pub fn name(ui: &Ui, rect: Rect, name: &str, apart: &str, step: Type, weight: Weight) {
    let tokens = look(ui).tokens;
    let end = text::put(ui, rect, name, step, weight, tokens.text);
    if !apart.is_empty() {
        let after = Rect::from_min_max(pos2(end + 4.0, rect.top()), rect.max);
        text::put(ui, after, apart, Type::Note, Weight::Regular, tokens.muted);
    }
}
