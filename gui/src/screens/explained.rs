//! A panel that explains one thing: a title, sentences, and blocks of facts, scrolling where they do not fit.

use crate::kit::mark_cell::{self, Cell};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, look, panel};
use egui::{Align, Rect, ScrollArea, Sense, Ui, UiBuilder, vec2};
use muster_school::view::pupils::WeekStrip;

/// What stands in the panel, from top to bottom.
pub(super) enum Part<'a> {
    /// A heading.
    Head(&'a str),
    /// A sentence.
    Words(&'a str),
    /// A quieter sentence.
    Note(&'a str),
    /// What, and what of it.
    Fact(&'a str, &'a str),
    /// The marks of a week.
    Marks(&'a WeekStrip),
    /// Something to press, in full, and whether it may be pressed.
    Button(Button<'a>),
}

/// Shows the panel. `Some` says which of the buttons was pressed, counted from 0; `close` is the last of them.
pub(super) fn panel_ui(ui: &mut Ui, rect: Rect, title: &str, parts: Vec<Part<'_>>) -> Option<usize> {
    let tokens = look(ui).tokens;
    panel::panel(ui, rect);
    let area = rect.shrink2(vec2(15.0, 12.0));
    let mut inner = ui.new_child(UiBuilder::new().id_salt(("explained", title)).max_rect(area));
    let mut pressed = None;
    let mut buttons = 0;
    ScrollArea::vertical().id_salt(("explained scroll", title)).auto_shrink(false).show(&mut inner, |ui| {
        // Room for the focus ring of what stands at the edge.
        ui.set_clip_rect(ui.clip_rect().expand(6.0));
        ui.spacing_mut().item_spacing.y = 6.0;
        let wide = area.width() - 14.0;
        let block = |ui: &mut Ui, galley: std::sync::Arc<egui::Galley>| {
            let (rect, _) = ui.allocate_exact_size(vec2(wide, galley.size().y), Sense::hover());
            text::label(ui, rect, galley, Align::Min);
        };
        let head = text::wrapped(ui, title, Type::Name, Weight::Strong, tokens.text, wide);
        block(ui, head);
        for part in parts {
            match part {
                Part::Head(words) => {
                    ui.add_space(6.0);
                    let galley = text::wrapped(ui, words, Type::Body, Weight::Strong, tokens.text, wide);
                    block(ui, galley);
                }
                Part::Words(words) => {
                    let galley = text::wrapped(ui, words, Type::Body, Weight::Regular, tokens.text, wide);
                    block(ui, galley);
                }
                Part::Note(words) => {
                    let galley = text::wrapped(ui, words, Type::Note, Weight::Regular, tokens.muted, wide);
                    block(ui, galley);
                }
                Part::Fact(what, of) => fact_ui(ui, wide, what, of),
                Part::Marks(week) => marks_ui(ui, wide, week),
                Part::Button(button) => {
                    let size = vec2(button.width(ui).min(wide), look(ui).control());
                    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
                    if button.show(ui, rect).clicked() {
                        pressed = Some(buttons);
                    }
                    buttons += 1;
                }
            }
        }
    });
    pressed
}

/// What above, what of it below or beside it, as one sentence to readers that speak.
fn fact_ui(ui: &mut Ui, wide: f32, what: &str, of: &str) {
    let tokens = look(ui).tokens;
    let beside = wide > 460.0;
    let left = if beside { 190.0 } else { 0.0 };
    let over =
        text::wrapped(ui, what, Type::Note, Weight::Regular, tokens.muted, if beside { left - 8.0 } else { wide });
    let words = text::wrapped(ui, of, Type::Body, Weight::Regular, tokens.text, wide - left);
    let high = if beside { words.size().y.max(over.size().y) } else { words.size().y + over.size().y };
    let (rect, _) = ui.allocate_exact_size(vec2(wide, high), Sense::hover());
    let mut cut = Cut(rect);
    let spot = if beside { cut.left(left) } else { cut.top(over.size().y) };
    let top = |rect: Rect, high: f32| Rect::from_min_size(rect.min, vec2(rect.width(), high));
    let over_high = over.size().y;
    text::paint(ui.painter(), top(spot, over_high.max(if beside { 20.0 } else { 0.0 })), over, Align::Min);
    let words_high = words.size().y;
    text::paint(ui.painter(), top(cut.rest(), words_high), words, Align::Min);
    text::say(ui, rect, &format!("{what}: {of}"));
}

/// Ten cells, mornings over afternoons, and the week beside them; one sentence to readers that speak.
fn marks_ui(ui: &mut Ui, wide: f32, week: &WeekStrip) {
    const CELL: f32 = 28.0;
    let tokens = look(ui).tokens;
    let (rect, _) = ui.allocate_exact_size(vec2(wide, 40.0 + 2.0 * (CELL + 4.0)), Sense::hover());
    let mut cut = Cut(rect);
    text::put(ui, cut.top(20.0), &week.label, Type::Note, Weight::Regular, tokens.muted);
    let mut days = Cut(cut.top(20.0));
    days.left(34.0);
    for day in ["M", "T", "W", "T", "F"] {
        text::put_centre(ui, days.left(CELL + 2.0), day, Type::Note, Weight::Regular, tokens.muted);
        days.left(8.0);
    }
    for (half, name) in ["am", "pm"].into_iter().enumerate() {
        let mut line = Cut(cut.top(CELL));
        cut.top(4.0);
        text::put(ui, line.left(34.0), name, Type::Note, Weight::Regular, tokens.muted);
        for (code, _) in week.cells.iter().skip(half).step_by(2) {
            let spot = line.left(CELL + 6.0);
            let spot = Rect::from_min_size(spot.min, vec2(CELL + 2.0, CELL));
            mark_cell::paint(ui, spot, Cell { code, ..Cell::default() });
            line.left(4.0);
        }
    }
    text::say(ui, rect, &week.spoken);
}
