//! The cell that holds a code: what is typed, what is planned, and whether there is more to know.

use crate::kit::text::{self, Type};
use crate::kit::{Weight, look, size};
use egui::{Align, Rect, Shape, Stroke, StrokeKind, Ui, pos2};

/// What a cell shows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cell<'a> {
    /// The code; empty for none.
    pub code: &'a str,
    /// Filled in from a plan and not confirmed: italic.
    pub planned: bool,
    /// There are minutes or a note: a corner.
    pub corner: bool,
    /// Nothing is marked yet, or it is being typed: the heavier outline.
    pub open: bool,
}

/// Paints a cell; the row speaks for it.
pub fn paint(ui: &Ui, rect: Rect, cell: Cell<'_>) {
    let look = look(ui);
    let tokens = look.tokens;
    let colour = if cell.open { tokens.edge } else { tokens.line };
    let stroke = Stroke::new(if cell.open { look.line.max(1.25) } else { look.line }, colour);
    ui.painter().rect(rect, size::RADIUS, tokens.surface, stroke, StrokeKind::Inside);
    let weight = if cell.planned { Weight::Italic } else { Weight::Strong };
    let galley = text::line(ui, cell.code, Type::Body, weight, tokens.text, rect.width());
    text::paint(ui.painter(), rect, galley, Align::Center);
    if cell.corner {
        let tip = rect.right_top();
        let points = vec![tip, pos2(tip.x, tip.y + 8.0), pos2(tip.x - 8.0, tip.y)];
        ui.painter().add(Shape::convex_polygon(points, tokens.accent, Stroke::NONE));
    }
}
