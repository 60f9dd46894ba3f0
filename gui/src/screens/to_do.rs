//! To do: every duty with its rule in words and its lines, and the calls about absences with a form to log each.

mod calls;

use super::pupils::doings_ui;
use crate::intent::Intent;
use crate::kit::choice::choice;
use crate::kit::list::{self, ListState, Rows};
use crate::kit::text::{self, Type};
use crate::kit::{Cut, Weight, chip, look, panel, person_row, size};
use calls::CallForm;
use egui::{Align, Id, Rect, Role, Ui, vec2};
use muster_school::view::SubjectId;
use muster_school::view::duties::{CallMade, ToDoLine, ToDoPart, ToDoView};
use muster_school::view::status::Status;

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct ToDoState {
    /// The kinds of duty.
    pub parts: ListState,
    /// The lines of the chosen kind.
    pub lines: ListState,
    /// The chosen kind, by place.
    pub part: usize,
    /// Whom a call is being made about.
    pub calling: Option<SubjectId>,
    /// The form of that call.
    pub form: CallForm,
}

impl ToDoState {
    /// A call was not accepted: it stands in its form again with the reason, unless another is being written.
    pub fn give_again(&mut self, view: &ToDoView, made: CallMade, words: &str) {
        if let (Some(part), true) = (view.parts.iter().position(|part| part.calls), self.form.is_untouched()) {
            self.part = part;
            self.calling = Some(made.pupil);
            self.form = CallForm::again(view, made, words);
        }
    }
}

/// Shows the duties in the whole of `ui`.
pub fn to_do_ui(ui: &mut Ui, view: &ToDoView, state: &mut ToDoState) -> Vec<Intent> {
    let tokens = look(ui).tokens;
    let mut intents = Vec::new();
    let mut cut = Cut(ui.max_rect().shrink2(vec2(size::MARGIN, 12.0)));
    let title = text::line(ui, "To do", Type::Title, Weight::Strong, tokens.text, cut.width());
    text::label(ui, cut.top(28.0), title, Align::Min);
    let galley = text::line(ui, &view.title, Type::Body, Weight::Regular, tokens.muted, cut.width());
    text::label(ui, cut.top(20.0), galley, Align::Min);
    cut.top(8.0);
    if !view.reading.is_empty() {
        let words = super::today::sentence(&view.reading);
        let high = chip::warning_height(ui, &words, cut.width());
        chip::warning(ui, cut.top(high), Status::Check, &words);
        cut.top(8.0);
    }
    intents.extend(doings_ui(ui, &mut cut, &view.may));
    calls::resume(ui, view, state);
    state.part = state.part.min(view.parts.len().saturating_sub(1));
    // On a small tablet at double size a call has the whole room until it is closed.
    if cut.height() < 320.0
        && view.parts.get(state.part).is_some_and(|part| part.calls)
        && calls::alone_ui(ui, cut.rest(), view, state, &mut intents)
    {
        return intents;
    }
    let small = cut.height() < 320.0;
    if small {
        // There the kinds are a choice in one line, so that the lines of one keep the room.
        let high = look(ui).control();
        kind_ui(ui, cut.top(high), view, state);
        cut.top(8.0);
    } else {
        let side = if cut.width() > 720.0 {
            let side = cut.left(330.0);
            cut.left(size::GAP);
            side
        } else {
            let side = cut.top((cut.height() * 0.34).max(110.0));
            cut.top(8.0);
            side
        };
        parts_ui(ui, side, view, state);
    }
    let Some(part) = view.parts.get(state.part) else { return intents };
    let rule = text::wrapped(ui, &part.rule, Type::Body, Weight::Regular, tokens.text, cut.width());
    let high = rule.size().y;
    if !small || cut.height() > high + 2.0 * size::ROW_FIRE {
        text::label(ui, cut.top(high), rule, Align::Min);
        cut.top(10.0);
    }
    if part.calls {
        calls::calls_ui(ui, cut.rest(), view, state, &mut intents);
    } else {
        intents.extend(lines_ui(ui, cut.rest(), part, state));
    }
    intents
}

/// The kinds as a choice.
fn kind_ui(ui: &mut Ui, rect: Rect, view: &ToDoView, state: &mut ToDoState) {
    let kinds: Vec<String> = view.parts.iter().map(|part| format!("{} {}", part.lines.len(), part.title)).collect();
    if let Some(Some(part)) = choice(ui, rect, "Duty", None, &kinds, Some(state.part)) {
        go(state, part);
    }
}

/// Shows another kind; a call that is half typed stays open in its own.
fn go(state: &mut ToDoState, part: usize) {
    (state.part, state.lines) = (part, ListState::default());
    if state.form.is_untouched() {
        state.calling = None;
    }
}

fn parts_ui(ui: &mut Ui, rect: Rect, view: &ToDoView, state: &mut ToDoState) {
    let tokens = look(ui).tokens;
    panel::panel(ui, rect);
    let parts: Vec<(usize, &ToDoPart)> = view.parts.iter().enumerate().collect();
    let rows = Rows {
        salt: "duties",
        height: size::ROW_FIRE,
        role: Role::Button,
        id: &|index, _: &(usize, &ToDoPart)| Id::unique(("duty", index)),
        name: &|(_, part)| format!("{} {}", part.lines.len(), part.title),
        empty: "",
    };
    let chosen = state.part;
    let pressed = list::rows(ui, rect.shrink(1.0), &mut state.parts, &parts, &rows, |ui, place, (index, part)| {
        if *index == chosen {
            ui.painter().rect_filled(place, 0.0, tokens.selected);
        }
        let mut row = Cut(place.shrink2(vec2(12.0, 0.0)));
        let number = text::thousands(u32::try_from(part.lines.len()).unwrap_or(u32::MAX));
        let spot = row.left(44.0);
        text::digits_right(ui, spot.right_center(), &number, Type::Name, Weight::Strong, tokens.text);
        row.left(10.0);
        let galley = text::wrapped(ui, &part.title, Type::Body, Weight::Regular, tokens.text, row.width());
        text::paint(ui.painter(), row.rest(), galley, Align::Min);
    });
    panel::outline(ui, rect);
    if let Some((part, _)) = pressed.copied() {
        go(state, part);
    }
}

fn line_sentence(line: &ToDoLine) -> String {
    let parts = [&line.name, &line.about, &line.detail];
    parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ")
}

fn lines_ui(ui: &mut Ui, rect: Rect, part: &ToDoPart, state: &mut ToDoState) -> Option<Intent> {
    let tokens = look(ui).tokens;
    panel::panel(ui, rect);
    let rows = Rows {
        salt: "duty lines",
        height: size::ROW_TALL,
        role: Role::Button,
        id: &|index, _: &ToDoLine| Id::unique(("duty line", &part.title, index)),
        name: &line_sentence,
        empty: "Nothing to do",
    };
    let pressed = list::rows(ui, rect.shrink(1.0), &mut state.lines, &part.lines, &rows, |ui, place, line| {
        let mut row = Cut(place.shrink2(vec2(8.0, 0.0)));
        let icon = row.left(32.0);
        if let Some(status) = line.status {
            person_row::shape(ui, icon, 16.0, status, tokens.surface);
        }
        let wide = row.width();
        person_row::name(ui, row.left(wide * 0.3), &line.name, "", Type::Body, Weight::Strong);
        text::put(ui, row.left(wide * 0.2), &line.about, Type::Body, Weight::Regular, tokens.text);
        let galley = text::wrapped(ui, &line.detail, Type::Note, Weight::Regular, tokens.muted, row.width());
        text::paint(ui.painter(), row.rest(), galley, Align::Min);
    });
    panel::outline(ui, rect);
    pressed.and_then(|line| line.link).map(Intent::from)
}
