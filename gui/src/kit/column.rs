//! Contents from top to bottom, as high as they are: what does not fit is scrolled to.

use crate::kit::{Cut, size};
use egui::{Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};

/// As high as no screen gets, in points.
const TALL: f32 = 20_000.0;

/// Shows a column in a rectangle, with a margin at both sides. The contents take from the top of what they are given.
pub fn column<R>(ui: &mut Ui, rect: Rect, salt: &str, contents: impl FnOnce(&mut Ui, &mut Cut) -> R) -> R {
    column_within(ui, rect, salt, size::MARGIN, contents)
}

/// As [`fn@column`], with this margin.
pub fn column_within<R>(
    ui: &mut Ui,
    rect: Rect,
    salt: &str,
    margin: f32,
    contents: impl FnOnce(&mut Ui, &mut Cut) -> R,
) -> R {
    let mut inner = ui.new_child(UiBuilder::new().id_salt(salt).max_rect(rect));
    let area = ScrollArea::vertical().id_salt((salt, "scroll")).auto_shrink(false);
    let shown = area.show(&mut inner, |ui| {
        let top = ui.max_rect().top();
        let wide = rect.width() - 2.0 * margin;
        let mut cut = Cut(Rect::from_min_size(pos2(rect.left() + margin, top), vec2(wide, TALL)));
        let out = contents(ui, &mut cut);
        ui.set_height(cut.rest().top() - top);
        out
    });
    shown.inner
}
