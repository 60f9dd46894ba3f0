//! Panels, heads and lines: what stands on what.

use crate::kit::{look, size};
use egui::{Rect, StrokeKind, Ui};

/// A panel: surface, hairline, round corners.
pub fn panel(ui: &Ui, rect: Rect) {
    let look = look(ui);
    ui.painter().rect(rect, size::RADIUS_PANEL, look.tokens.surface, look.hairline(), StrokeKind::Inside);
}

/// The outline again, over rows that reach the edge.
pub fn outline(ui: &Ui, rect: Rect) {
    let look = look(ui);
    ui.painter().rect_stroke(rect, size::RADIUS_PANEL, look.hairline(), StrokeKind::Inside);
}

/// The head of a table inside a panel.
pub fn head(ui: &Ui, rect: Rect) {
    let look = look(ui);
    let corners = egui::CornerRadius { nw: 8, ne: 8, sw: 0, se: 0 };
    ui.painter().rect_filled(rect.shrink(look.line / 2.0), corners, look.tokens.raised);
    rule(ui, rect, rect.bottom());
}

/// A line across a rectangle.
pub fn rule(ui: &Ui, rect: Rect, y: f32) {
    let look = look(ui);
    ui.painter().hline(rect.x_range(), y - look.line / 2.0, look.hairline());
}
