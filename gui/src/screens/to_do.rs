//! To do: every duty with its rule in words and its lines, and the calls about absences with a form to log each.

use crate::intent::{Intent, Screen};
use crate::kit::choice::choice;
use crate::kit::field::Field;
use crate::kit::list::{self, ListState, Rows};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, look, panel, person_row, size};
use egui::{Align, Id, Rect, Role, ScrollArea, Ui, UiBuilder, vec2};
use muster_school::view::SubjectId;
use muster_school::view::duties::{CallLine, CallMade, ToDoLine, ToDoPart, ToDoView};
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

/// A call that is being written down.
#[derive(Clone, Debug, Default)]
pub struct CallForm {
    whom: Option<usize>,
    somebody: String,
    outcome: Option<usize>,
    code: Option<usize>,
    words: String,
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
    state.part = state.part.min(view.parts.len().saturating_sub(1));
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
    let Some(part) = view.parts.get(state.part) else { return intents };
    let rule = text::wrapped(ui, &part.rule, Type::Body, Weight::Regular, tokens.text, cut.width());
    let high = rule.size().y;
    text::label(ui, cut.top(high), rule, Align::Min);
    cut.top(10.0);
    if part.calls {
        calls_ui(ui, cut.rest(), view, state, &mut intents);
    } else {
        intents.extend(lines_ui(ui, cut.rest(), part, state));
    }
    intents
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
        (state.part, state.lines, state.calling) = (part, ListState::default(), None);
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
    pressed.and_then(|line| line.link).map(|link| Intent::Open(Screen::from(link)))
}

fn call_sentence(call: &CallLine) -> String {
    let logged = match call.calls.len() {
        0 => "no call yet".to_owned(),
        1 => "1 call".to_owned(),
        many => format!("{many} calls"),
    };
    format!("{}, {}, {}, {logged}", call.name, call.group, call.sessions.to_lowercase())
}

fn calls_ui(ui: &mut Ui, rect: Rect, view: &ToDoView, state: &mut ToDoState, intents: &mut Vec<Intent>) {
    let tokens = look(ui).tokens;
    let mut cut = Cut(rect);
    let calling = state.calling.and_then(|pupil| view.calls.iter().find(|call| call.pupil == pupil));
    if let Some(call) = calling {
        let side = if cut.width() > 620.0 {
            let side = cut.right((cut.width() * 0.52).min(440.0));
            cut.right(size::GAP);
            side
        } else {
            let side = cut.bottom(cut.height() * 0.6);
            cut.bottom(8.0);
            side
        };
        call_ui(ui, side, view, call, state, intents);
    }
    let rect = cut.rest();
    panel::panel(ui, rect);
    let rows = Rows {
        salt: "calls",
        height: size::ROW_FIRE,
        role: Role::Button,
        id: &|_, call: &CallLine| Id::unique(("call about", call.pupil)),
        name: &call_sentence,
        empty: "Nobody is absent without a reason",
    };
    let chosen = state.calling;
    let pressed = list::rows(ui, rect.shrink(1.0), &mut state.lines, &view.calls, &rows, |ui, place, call| {
        if chosen == Some(call.pupil) {
            ui.painter().rect_filled(place, 0.0, tokens.selected);
        }
        let mut row = Cut(place.shrink2(vec2(12.0, 6.0)));
        let upper = row.top(row.height() / 2.0);
        text::put(ui, upper, &call.name, Type::Body, Weight::Strong, tokens.text);
        let sentence = call_sentence(call);
        let below = sentence.strip_prefix(&call.name).unwrap_or(&sentence).trim_start_matches(", ");
        text::put(ui, row.rest(), below, Type::Note, Weight::Regular, tokens.muted);
    });
    panel::outline(ui, rect);
    if let Some(call) = pressed {
        // The first number is the one to call first.
        let whom = (!call.numbers.is_empty()).then_some(0);
        (state.calling, state.form) = (Some(call.pupil), CallForm { whom, ..CallForm::default() });
    }
}

/// The numbers, who must not be called, the calls so far, and the form.
fn call_ui(
    ui: &mut Ui,
    rect: Rect,
    view: &ToDoView,
    call: &CallLine,
    state: &mut ToDoState,
    intents: &mut Vec<Intent>,
) {
    let tokens = look(ui).tokens;
    panel::panel(ui, rect);
    let inner = rect.shrink(size::GAP);
    let mut child = ui.new_child(UiBuilder::new().id_salt(("call", call.pupil)).max_rect(inner));
    ScrollArea::vertical().id_salt("call scroll").auto_shrink(false).show(&mut child, |ui| {
        let top = ui.max_rect().top();
        let mut cut = Cut(Rect::from_min_size(ui.max_rect().min, vec2(inner.width() - 8.0, 4_000.0)));
        let title = text::line(ui, &call.name, Type::Name, Weight::Strong, tokens.text, cut.width());
        text::label(ui, cut.top(26.0), title, Align::Min);
        let said = |ui: &mut Ui, cut: &mut Cut, words: &str, weight: Weight| {
            if !words.is_empty() {
                let galley = text::wrapped(ui, words, Type::Body, weight, tokens.text, cut.width());
                let high = galley.size().y + 4.0;
                text::label(ui, cut.top(high), galley, Align::Min);
            }
        };
        for number in &call.numbers {
            said(ui, &mut cut, &format!("{}  {}", number.number, number.whom), Weight::Strong);
        }
        said(ui, &mut cut, &call.no_number, Weight::Regular);
        for barred in &call.barred {
            let words = super::today::sentence(barred);
            let high = chip::warning_height(ui, &words, cut.width());
            chip::warning(ui, cut.top(high), Status::Check, &words);
            cut.top(4.0);
        }
        for line in &call.calls {
            said(ui, &mut cut, line, Weight::Regular);
        }
        cut.top(8.0);
        form_ui(ui, &mut cut, view, call, state, intents);
        ui.set_height(cut.rest().top() - top);
    });
}

fn form_ui(
    ui: &mut Ui,
    cut: &mut Cut,
    view: &ToDoView,
    call: &CallLine,
    state: &mut ToDoState,
    intents: &mut Vec<Intent>,
) {
    let high = look(ui).control();
    let form = &mut state.form;
    let whoms: Vec<String> = call.numbers.iter().map(|number| number.whom.clone()).collect();
    let next = |cut: &mut Cut| {
        let spot = cut.top(high);
        cut.top(8.0);
        spot
    };
    if let Some(whom) = choice(ui, next(cut), "Whom you called", Some("Somebody else"), &whoms, form.whom) {
        form.whom = whom;
    }
    if form.whom.is_none() {
        let field = Field::new("Name of whom you called").hint("Name").limit(110);
        field.show(ui, next(cut), &mut form.somebody);
    }
    if let Some(outcome) =
        choice(ui, next(cut), "What came of it", Some("Choose what came of it"), &view.outcomes, form.outcome)
    {
        form.outcome = outcome;
    }
    let field = Field::new("What was said").hint("What was said").limit(500);
    field.show(ui, next(cut), &mut form.words);
    let codes: Vec<String> = view.codes.iter().map(|(code, words)| format!("{code}: {words}")).collect();
    if let Some(code) = choice(ui, next(cut), "Reason", Some("No reason yet: N stays"), &codes, form.code) {
        form.code = code;
    }
    let whom = form.whom.and_then(|at| whoms.get(at)).cloned().unwrap_or_else(|| form.somebody.trim().to_owned());
    let ready = !whom.is_empty() && form.outcome.is_some();
    let button = Button::filled("Log the call").enabled(ready);
    let wide = button.width(ui);
    let mut line = Cut(next(cut));
    if button.show(ui, line.left(wide)).clicked()
        && let Some(outcome) = form.outcome
    {
        let code = form.code.and_then(|at| view.codes.get(at)).map(|(code, _)| code.clone());
        let words = form.words.trim().to_owned();
        intents.push(Intent::LogCall(CallMade { pupil: call.pupil, whom, outcome, words, code }));
        *form = CallForm::default();
    }
    line.left(8.0);
    let close = Button::new("Close");
    let wide = close.width(ui);
    if close.show(ui, line.left(wide)).clicked() {
        state.calling = None;
    }
}
