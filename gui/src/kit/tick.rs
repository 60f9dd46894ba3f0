//! A thing that is on or off: a box, a tick, and its words.

use crate::kit::look::{focus_outside, look};
use crate::kit::text::{self, Type};
use crate::kit::{Weight, status};
use egui::{Rect, Role, Sense, Ui, WidgetInfo, vec2};
use muster_school::view::status::Status;

/// Shows it in a rectangle, and turns it when it is pressed. True when it was.
pub fn tick(ui: &mut Ui, rect: Rect, words: &str, value: &mut bool) -> bool {
    let look = look(ui);
    let response = text::node(ui, rect, Sense::click());
    let on = *value;
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, words));
    let spot = Rect::from_center_size(rect.left_center() + vec2(11.0, 0.0), vec2(20.0, 20.0));
    let shape = if on { Status::Found } else { Status::ToFind };
    status::paint(ui.painter(), spot.center(), 20.0, shape, look.tokens.text, look.tokens.surface);
    let inner = Rect::from_min_max(rect.min + vec2(32.0, 0.0), rect.max);
    text::put(ui, inner, words, Type::Body, Weight::Regular, look.tokens.text);
    focus_outside(ui, &response);
    if response.clicked() {
        *value = !*value;
    }
    response.clicked()
}
