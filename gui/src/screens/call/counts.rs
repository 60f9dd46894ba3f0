//! How many are to find: the largest thing on the screen. Beside it the code, and what may be done.

use super::{CallState, Top, counts_words};
use crate::command::Command;
use crate::intent::Intent;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, cut, look, panel, size};
use egui::{Align, Rect, Ui, pos2, vec2};
use muster_school::view::call::CallView;

/// How high the line of the counts is, in points.
const LINE: f32 = 60.0;
/// How high a second line is, where the counts do not fit beside each other.
const SECOND: f32 = 40.0;
/// Heights of the word over the code and of each of its words, in points.
const CODE_NOTE: f32 = 17.0;
const CODE_WORD: f32 = 21.0;

/// Shows the counts and the buttons, from the top of `cut` on.
pub(super) fn counts_ui(ui: &mut Ui, cut: &mut Cut, view: &CallView, state: &mut CallState, intents: &mut Vec<Intent>) {
    let tokens = look(ui).tokens;
    let shown = if state.show_found { "Show to find" } else { "Show found" };
    let undo = Button::new("Undo").step(Type::Name).enabled(view.undo.is_some());
    let undo = undo.name(view.undo.as_ref().map_or("Undo".to_owned(), |what| format!("Undo: {what}")));
    let buttons = [
        undo,
        Button::new(shown).step(Type::Name),
        Button::new("Add").step(Type::Name).name("Add a person"),
        Button::new("More…").step(Type::Name).name("More… of this roll call"),
    ];
    let wides = buttons.each_ref().map(|button| button.width(ui));
    let keys_wide: f32 = wides.iter().sum::<f32>() + 3.0 * size::TOUCH_GAP;

    let number = view.to_find.to_string();
    let big = text::digits_width(ui, &number, Type::Big, Weight::Bold) + 10.0;
    let words = match view.to_check {
        0 => "to find".to_owned(),
        check => format!("to find,\n{check} to check"),
    };
    let words = block(ui, &words);
    let found = format!("Found {} of {}", view.found, view.total);
    let found_wide = text::digits_width(ui, &found, Type::Count, Weight::Strong);
    let code_wide = match view.code.as_str() {
        "" => 0.0,
        // One word under the other: so it stands beside the counts, and the rows keep their room.
        code => {
            code.split(' ').map(|word| text::width(ui, word, Type::Name, Weight::Bold)).fold(0.0, f32::max).ceil()
                + 18.0
        }
    };
    let room = cut.width() - 2.0 * size::MARGIN;
    let left = big + words.size().x + 24.0;
    let one_line = left + found_wide + 20.0 + code_wide + keys_wide <= room;
    let second = left + found_wide + code_wide > room;
    let high = match (one_line, second) {
        (true, _) => LINE + 16.0,
        (false, false) => LINE + 72.0,
        (false, true) => LINE + SECOND + 72.0,
    };
    let band = cut.top(high);
    ui.painter().rect_filled(band, 0.0, tokens.surface);
    panel::rule(ui, band, band.bottom());
    let mut area = Cut(band.shrink2(vec2(size::MARGIN, 8.0)));
    let mut line = Cut(area.top(LINE));
    let keys = if one_line { line.right(keys_wide) } else { area.bottom(size::CONTROL_TOUCH) };

    text::say(ui, line.rest(), &counts_words(view));
    let spot = line.left(big);
    text::digits(ui, spot.left_center(), &number, Type::Big, Weight::Bold, tokens.text);
    let wide = words.size().x + 24.0;
    text::paint(ui.painter(), line.left(wide), words, Align::Min);
    if code_wide > 0.0 {
        let spot = if one_line {
            line.right(20.0);
            line.right(code_wide)
        } else {
            line.right(code_wide - 16.0)
        };
        code_ui(ui, spot, view);
    }
    let spot = if second { area.top(SECOND) } else { line.rest() };
    found_ui(ui, spot, &found, view);

    let scale = ((keys.width() - 3.0 * size::TOUCH_GAP) / (keys_wide - 3.0 * size::TOUCH_GAP)).min(1.0);
    let mut row = Cut(cut::middle(keys, size::CONTROL_TOUCH));
    let mut pressed = [false; 4];
    for ((button, wide), pressed) in buttons.into_iter().zip(wides).zip(&mut pressed) {
        *pressed = button.show(ui, row.left(wide * scale)).clicked();
        row.left(size::TOUCH_GAP);
    }
    let [undo, show, add, more] = pressed;
    let undo_key = state.top.is_none() && view.undo.is_some() && Command::Undo.pressed(ui);
    if undo || undo_key {
        intents.push(Intent::UndoCall(view.event));
    }
    if show {
        state.show_found = !state.show_found;
        state.shown_at = None;
    }
    if add {
        let typed = std::mem::take(&mut state.filter.search);
        state.top = Some(Top::Add(typed));
    }
    if more {
        state.top = Some(Top::Event);
    }
}

/// How many are found, and under it where this marshal stands.
fn found_ui(ui: &mut Ui, rect: Rect, found: &str, view: &CallView) {
    let tokens = look(ui).tokens;
    if view.here.is_empty() || rect.height() < LINE {
        text::digits(ui, rect.left_center(), found, Type::Count, Weight::Strong, tokens.text);
        return;
    }
    let upper = pos2(rect.left(), rect.top() + 20.0);
    text::digits(ui, upper, found, Type::Count, Weight::Strong, tokens.text);
    let lower = Rect::from_min_max(pos2(rect.left(), rect.top() + 39.0), rect.max);
    let words = format!("You stand at {}", view.here);
    let galley = text::line(ui, &words, Type::Note, Weight::Regular, tokens.text, lower.width());
    text::label(ui, lower, galley, Align::Min);
}

/// The code, a word a line, big enough to be compared across two tablets.
fn code_ui(ui: &mut Ui, rect: Rect, view: &CallView) {
    let tokens = look(ui).tokens;
    let mut lines = Cut(rect);
    text::put(ui, lines.top(CODE_NOTE), "Code", Type::Note, Weight::Regular, tokens.text);
    for word in view.code.split(' ') {
        text::put(ui, lines.top(CODE_WORD), word, Type::Name, Weight::Bold, tokens.text);
    }
    text::say(ui, rect, &format!("Code {}", view.code));
}

fn block(ui: &Ui, words: &str) -> std::sync::Arc<egui::Galley> {
    use egui::text::{LayoutJob, TextFormat};
    let mut job = LayoutJob::default();
    let font_id = text::font(Type::Title, Weight::Strong);
    let color = look(ui).tokens.text;
    job.append(words, 0.0, TextFormat { font_id, color, line_height: Some(22.0), ..TextFormat::default() });
    ui.painter().layout_job(job)
}
