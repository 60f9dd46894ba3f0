//! A panel on top: one question with its thing as title. Esc closes it and the focus goes back to where it was.

use crate::kit::text::{self, Type};
use crate::kit::{Weight, look, size};
use egui::{Align, Frame, Id, Margin, Rect, Sense, Ui, vec2};

/// Kept free above and below.
const NOTICE: f32 = 34.0;

#[derive(Clone, Copy, Debug)]
struct Open {
    frame: u64,
    before: Option<Id>,
}

/// What the contents of a layer need to know.
pub struct Inside {
    /// The layer opened in this frame: give the focus to what should have it.
    pub fresh: bool,
    /// How wide the contents are.
    pub width: f32,
}

impl Inside {
    /// The next full-width rectangle of this height.
    pub fn next(&self, ui: &mut Ui, height: f32) -> Rect {
        ui.allocate_exact_size(vec2(self.width, height), Sense::hover()).0
    }

    /// A sentence over as many lines as it needs.
    pub fn words(&self, ui: &mut Ui, words: &str) {
        let galley = text::wrapped(ui, words, Type::Body, Weight::Regular, look(ui).tokens.text, self.width);
        let rect = self.next(ui, galley.size().y);
        text::label(ui, rect, galley, Align::Min);
    }
}

/// Shows a layer. Returns what the contents return, and whether it is to be closed.
pub fn show<R>(
    ui: &mut Ui,
    salt: &str,
    title: &str,
    wanted: f32,
    contents: impl FnOnce(&mut Ui, &Inside) -> R,
) -> (R, bool) {
    let id = Id::unique(("layer", salt));
    let ctx = ui.ctx().clone();
    let frame = ctx.cumulative_frame_nr();
    let was: Option<Open> = ctx.data(|data| data.get_temp(id));
    let fresh = was.is_none_or(|open| open.frame + 1 < frame);
    let before = if fresh { ctx.memory(|memory| memory.focused()) } else { was.and_then(|open| open.before) };
    ctx.data_mut(|data| data.insert_temp(id, Open { frame, before }));
    let whole = ctx.content_rect();
    // What a notice says while a layer is open stands above it, where there is room for both.
    let screen = if whole.height() > 500.0 { whole.shrink2(vec2(0.0, NOTICE)) } else { whole };
    let width = wanted.min(screen.width() - 64.0);
    let look = look(ui);
    let panel = Frame::new()
        .fill(look.tokens.surface)
        .stroke(look.outline())
        .corner_radius(size::RADIUS_PANEL)
        .inner_margin(Margin { right: 2, ..Margin::same(16) });
    let backdrop = egui::Color32::from_black_alpha(90);
    let response = egui::Modal::new(id).frame(panel).backdrop_color(backdrop).show(&ctx, |ui| {
        // The bar of what scrolls stands in the margin, beside the contents.
        ui.set_width(width + 14.0);
        // A window on top offers the height of a small one; this may be nearly as high as the screen.
        ui.set_max_height((screen.height() - 64.0).max(200.0));
        ui.spacing_mut().item_spacing = vec2(8.0, 8.0);
        let inside = Inside { fresh, width };
        let galley = text::wrapped(ui, title, Type::Title, Weight::Strong, look.tokens.text, width);
        let rect = inside.next(ui, galley.size().y);
        text::label(ui, rect, galley, Align::Min);
        let room = (screen.height() - 130.0).max(120.0);
        let body = |ui: &mut Ui| {
            // Room for the focus ring of what stands at the edge.
            ui.set_clip_rect(ui.clip_rect().expand(6.0));
            contents(ui, &inside)
        };
        // Contents that grow while the layer is open make it grow, up to the room there is.
        let area = egui::ScrollArea::vertical().auto_shrink([false, true]);
        area.max_height(room).min_scrolled_height(room).show(ui, body).inner
    });
    let close = response.should_close();
    if close {
        ctx.data_mut(|data| data.remove::<Open>(id));
        if let Some(before) = before {
            ctx.data_mut(|data| data.insert_temp(back_key(), Back { id: before, frames: 3 }));
        }
    }
    (response.inner, close)
}

/// A focus that is on its way back. A layer keeps it for a frame after it has closed.
#[derive(Clone, Copy, Debug)]
struct Back {
    id: Id,
    frames: u8,
}

fn back_key() -> Id {
    Id::unique("focus on its way back")
}

/// Gives the focus back to where it was before a layer opened. Once a frame, before the screen is shown.
pub fn give_back(ui: &Ui) {
    let key = back_key();
    let Some(back) = ui.data(|data| data.get_temp::<Back>(key)) else { return };
    ui.memory_mut(|memory| memory.request_focus(back.id));
    ui.ctx().request_repaint();
    let frames = back.frames.saturating_sub(1);
    ui.data_mut(|data| match frames {
        0 => data.remove::<Back>(key),
        _ => {
            data.insert_temp(key, Back { frames, ..back });
        }
    });
}
