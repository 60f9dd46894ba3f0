//! A device that was held back or taken out: what happened and what to do, in place of everything else.

use crate::kit::text::{self, Type};
use crate::kit::{Cut, Weight, look, size, status};
use egui::{Align, Rect, Ui, pos2, vec2};
use muster_school::view::lost::ShutView;
use muster_school::view::status::Status;

/// Shows the screen in the whole of `ui`.
pub fn shut_ui(ui: &mut Ui, view: &ShutView) {
    let tokens = look(ui).tokens;
    let whole = ui.max_rect();
    let wide = (whole.width() - 2.0 * size::MARGIN).min(560.0);
    let at = pos2(whole.center().x - wide / 2.0, whole.top() + (whole.height() * 0.22).max(24.0));
    let mut cut = Cut(Rect::from_min_size(at, vec2(wide, whole.bottom() - at.y - size::MARGIN)));
    let icon = cut.top(40.0).left_center() + vec2(14.0, 0.0);
    status::paint(ui.painter(), icon, 28.0, Status::Check, tokens.status(Status::Check), tokens.bg);
    cut.top(12.0);
    let title = text::wrapped(ui, &view.title, Type::Title, Weight::Strong, tokens.text, wide);
    let high = title.size().y;
    text::label(ui, cut.top(high), title, Align::Min);
    cut.top(16.0);
    for words in &view.words {
        let galley = text::wrapped(ui, words, Type::Body, Weight::Regular, tokens.text, wide);
        let high = galley.size().y;
        text::label(ui, cut.top(high), galley, Align::Min);
        cut.top(12.0);
    }
    if !view.device.is_empty() {
        cut.top(12.0);
        let galley = text::line(ui, &view.device, Type::Note, Weight::Regular, tokens.muted, wide);
        text::label(ui, cut.top(20.0), galley, Align::Min);
    }
}
