//! Chips, tags, warning lines: words on a ground, with a shape where there is a status.

use crate::kit::text::{self, Type};
use crate::kit::{Cut, Weight, look, size, status};
use egui::{Align, Color32, Rect, Stroke, StrokeKind, Ui, pos2, vec2};
use muster_school::view::status::Status;
use muster_school::view::{Span, SyncChip};

/// How wide the sync sentence is with its shape.
pub fn sync_width(ui: &Ui, chip: &SyncChip) -> f32 {
    text::width(ui, &chip.words, Type::Body, Weight::Regular) + 44.0
}

/// The sync sentence of the header. The words carry it; the shape only helps.
pub fn sync(ui: &mut Ui, rect: Rect, chip: &SyncChip) {
    let tokens = look(ui).tokens;
    ui.painter().rect_filled(rect, size::RADIUS, tokens.raised);
    let mut cut = Cut(rect);
    let shape = if chip.shared { Status::Synced } else { Status::Unsynced };
    let spot = cut.left(34.0).center() + vec2(1.0, 0.0);
    status::paint(ui.painter(), spot, 16.0, shape, tokens.status(shape), tokens.raised);
    let words = text::line(ui, &chip.words, Type::Body, Weight::Regular, tokens.text, cut.width());
    text::label(ui, cut.rest(), words, Align::Min);
}

/// How wide a tag is.
pub fn tag_width(ui: &Ui, words: &str, step: Type, weight: Weight) -> f32 {
    (text::width(ui, words, step, weight) + 14.0).ceil()
}

/// A tag, as for a flag: paints only, the row speaks for it. Returns its right edge.
pub fn tag(ui: &Ui, left_centre: egui::Pos2, words: &str, step: Type, weight: Weight, outline: f32) -> f32 {
    let look = look(ui);
    let high = step.line() + if step == Type::Note { 1.0 } else { 6.0 };
    let wide = tag_width(ui, words, step, weight);
    let rect = Rect::from_min_size(pos2(left_centre.x, left_centre.y - high / 2.0), vec2(wide, high));
    let stroke = Stroke::new(outline.max(look.line), look.tokens.edge);
    ui.painter().rect(rect, size::RADIUS, look.tokens.surface, stroke, StrokeKind::Inside);
    let galley = text::line(ui, words, step, weight, look.tokens.text, f32::INFINITY);
    text::paint(ui.painter(), rect, galley, Align::Center);
    rect.right()
}

/// Two marks for one session: a boxed number in the outline of *check*. Paints only.
pub fn badge(ui: &Ui, rect: Rect, words: &str) {
    let tokens = look(ui).tokens;
    let stroke = Stroke::new(2.0, tokens.status(Status::Check));
    ui.painter().rect(rect, size::RADIUS, tokens.surface, stroke, StrokeKind::Inside);
    let galley = text::line(ui, words, Type::Note, Weight::Strong, tokens.text, f32::INFINITY);
    text::paint(ui.painter(), rect, galley, Align::Center);
}

/// How high a warning line of this width has to be.
pub fn warning_height(ui: &Ui, words: &[Span], width: f32) -> f32 {
    text::spans(ui, words, Type::Body, Color32::BLACK, width - 52.0, 6).size().y + 16.0
}

/// A tinted line in place, with a shape: never a window on top.
pub fn warning(ui: &mut Ui, rect: Rect, shape: Status, words: &[Span]) {
    let tokens = look(ui).tokens;
    ui.painter().rect_filled(rect, size::RADIUS, tokens.warn);
    let mut cut = Cut(rect);
    let icon = cut.left(40.0);
    let y = if rect.height() > 60.0 { rect.top() + 18.0 } else { rect.center().y };
    let spot = pos2(icon.center().x + 2.0, y);
    status::paint(ui.painter(), spot, 20.0, shape, tokens.status(shape), tokens.warn);
    let galley = text::spans(ui, words, Type::Body, tokens.text, cut.width() - 12.0, 6);
    text::label(ui, cut.rest(), galley, Align::Min);
}

/// Something did not work: words on the ground of a problem. Returns the height used.
pub fn problem(ui: &mut Ui, at: egui::Pos2, width: f32, words: &str) -> f32 {
    let tokens = look(ui).tokens;
    let galley = text::wrapped(ui, words, Type::Body, Weight::Regular, tokens.text, width - 52.0);
    let rect = Rect::from_min_size(at, vec2(width, galley.size().y + 16.0));
    ui.painter().rect_filled(rect, size::RADIUS, tokens.alert);
    let mut cut = Cut(rect);
    let spot = cut.left(40.0).center() + vec2(2.0, 0.0);
    status::paint(ui.painter(), spot, 20.0, Status::Check, tokens.status(Status::Check), tokens.alert);
    text::label(ui, cut.rest(), galley, Align::Min);
    text::live(ui, "problem", words);
    rect.height()
}
