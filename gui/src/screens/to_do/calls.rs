//! Calls about absences: whom to call, who must not be called, and the form that writes a call down.
//!
//! Promises: what is half typed is a draft, stays where the child leaves the list meanwhile, and stands in its form
//! again where it was not accepted.

use super::ToDoState;
use crate::draft;
use crate::intent::Intent;
use crate::kit::choice::choice_of;
use crate::kit::field::Field;
use crate::kit::list::{self, Rows};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, look, panel, size};
use egui::{Align, Id, Rect, Role, ScrollArea, Ui, UiBuilder, vec2};
use muster_school::view::SubjectId;
use muster_school::view::duties::{CallLine, CallMade, ToDoView};
use muster_school::view::status::Status;

/// Before the pupil, in the name of a draft.
const DRAFT: &str = "call/";
/// Between the answers in a draft: nothing that a key can type.
const BETWEEN: char = '\u{1e}';

fn draft_name(pupil: SubjectId) -> String {
    format!("{DRAFT}{}", draft::hex(&pupil.0))
}

/// A call that is being written down.
#[derive(Clone, Debug, Default)]
pub struct CallForm {
    /// Of those with a number, by name; nobody is somebody else.
    whom: Option<String>,
    somebody: String,
    /// What came of it, in the words of the list.
    outcome: Option<String>,
    code: Option<String>,
    words: String,
    /// Why it was not accepted.
    problem: String,
    /// About whom, as the list had it last: it stays here when the child leaves the list.
    about: Option<CallLine>,
}

impl CallForm {
    /// With the number to call first.
    fn about(call: &CallLine) -> Self {
        let whom = call.numbers.first().map(|number| number.whom.clone());
        Self { whom, about: Some(call.clone()), ..Self::default() }
    }

    /// As it was sent, with the reason why it was not accepted.
    pub(super) fn again(view: &ToDoView, made: CallMade, problem: &str) -> Self {
        let about = view.calls.iter().find(|call| call.pupil == made.pupil).cloned();
        Self {
            // Whoever has no number there is somebody else.
            whom: Some(made.whom),
            somebody: String::new(),
            outcome: view.outcomes.get(made.outcome).cloned(),
            code: made.code,
            words: made.words,
            problem: problem.to_owned(),
            about: Some(about.unwrap_or_else(|| CallLine { pupil: made.pupil, ..CallLine::default() })),
        }
    }

    /// Nothing was typed or chosen beyond what it opens with.
    pub(super) fn is_untouched(&self) -> bool {
        self.outcome.is_none() && self.code.is_none() && self.words.is_empty() && self.somebody.is_empty()
    }

    /// All of it as one text; empty where nothing was typed.
    fn pack(&self) -> String {
        if self.is_untouched() {
            return String::new();
        }
        let chosen = |words: &Option<String>| words.clone().unwrap_or_default();
        let name = self.about.as_ref().map(|about| about.name.clone()).unwrap_or_default();
        [name, chosen(&self.whom), self.somebody.clone(), chosen(&self.outcome), chosen(&self.code), self.words.clone()]
            .map(|part| part.replace(BETWEEN, " "))
            .join(&BETWEEN.to_string())
    }

    fn unpack(&mut self, packed: &str) {
        let parts: Vec<&str> = packed.split(BETWEEN).collect();
        let [name, whom, somebody, outcome, code, words] = parts.as_slice() else { return };
        let chosen = |words: &str| (!words.is_empty()).then(|| words.to_owned());
        (self.whom, self.outcome, self.code) = (chosen(whom), chosen(outcome), chosen(code));
        (self.somebody, self.words) = ((*somebody).to_owned(), (*words).to_owned());
        if let Some(about) = self.about.as_mut().filter(|about| about.name.is_empty()) {
            (*name).clone_into(&mut about.name);
        }
    }
}

/// A call that was left half typed is open again.
pub(super) fn resume(ui: &Ui, view: &ToDoView, state: &mut ToDoState) {
    let Some(part) = view.parts.iter().position(|part| part.calls).filter(|_| state.calling.is_none()) else { return };
    let left = draft::waiting(ui, DRAFT).into_iter().next();
    let Some(pupil) = left.and_then(|name| draft::subject(name.strip_prefix(DRAFT)?)) else { return };
    let listed = view.calls.iter().find(|call| call.pupil == pupil).cloned();
    let about = Some(listed.unwrap_or_else(|| CallLine { pupil, ..CallLine::default() }));
    (state.part, state.calling) = (part, Some(pupil));
    state.form = CallForm { about, ..CallForm::default() };
}

/// About whom the open form is: as the list has it, or had it last.
fn about(view: &ToDoView, state: &mut ToDoState) -> Option<CallLine> {
    let pupil = state.calling?;
    let listed = view.calls.iter().find(|call| call.pupil == pupil);
    if let Some(call) = listed {
        state.form.about = Some(call.clone());
    } else if state.form.is_untouched() && state.form.problem.is_empty() {
        let waits = state.form.about.as_ref().is_some_and(|about| about.name.is_empty());
        if !waits {
            (state.calling, state.form) = (None, CallForm::default());
        }
    }
    state.form.about.clone()
}

fn call_sentence(call: &CallLine) -> String {
    let logged = match call.calls.len() {
        0 => "no call yet".to_owned(),
        1 => "1 call".to_owned(),
        many => format!("{many} calls"),
    };
    format!("{}, {}, {}, {logged}", call.name, call.group, call.sessions.to_lowercase())
}

/// The call that is being made, without the list. False where none is.
pub(super) fn alone_ui(
    ui: &mut Ui,
    rect: Rect,
    view: &ToDoView,
    state: &mut ToDoState,
    intents: &mut Vec<Intent>,
) -> bool {
    let Some(call) = about(view, state) else { return false };
    call_ui(ui, rect, view, &call, state, intents);
    true
}

/// Whom to call, and beside it the call that is being made.
pub(super) fn calls_ui(ui: &mut Ui, rect: Rect, view: &ToDoView, state: &mut ToDoState, intents: &mut Vec<Intent>) {
    let tokens = look(ui).tokens;
    let mut cut = Cut(rect);
    if let Some(call) = about(view, state) {
        let side = if cut.width() > 620.0 {
            let side = cut.right((cut.width() * 0.52).min(440.0));
            cut.right(size::GAP);
            side
        } else {
            let side = cut.bottom(cut.height() * 0.6);
            cut.bottom(8.0);
            side
        };
        call_ui(ui, side, view, &call, state, intents);
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
    if let Some(call) = pressed.filter(|call| state.calling != Some(call.pupil)) {
        (state.calling, state.form) = (Some(call.pupil), CallForm::about(call));
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
            let words = crate::screens::today::sentence(barred);
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
    let field = draft_name(call.pupil);
    let mut packed = form.pack();
    let before = packed.clone();
    let back = draft::follow(ui, &field, &mut packed);
    if packed != before {
        form.unpack(&packed);
    }
    if back {
        let words = text::line(ui, draft::BACK, Type::Body, Weight::Regular, look(ui).tokens.text, cut.width());
        text::label(ui, cut.top(24.0), words, Align::Min);
    }
    // The lists can be others than when it was begun: whoever has no number any more is somebody else.
    if let Some(name) = form.whom.take_if(|whom| call.numbers.iter().all(|number| number.whom != *whom)) {
        form.somebody = name;
    }
    let gone = view.calls.iter().all(|one| one.pupil != call.pupil);
    let gone = gone.then(|| format!("{} is not on the list any more: somebody has given a reason.", call.name));
    text::live(ui, "call problem", &form.problem);
    for words in gone.iter().chain(Some(&form.problem).filter(|words| !words.is_empty())) {
        let words = crate::screens::today::sentence(words);
        let high = chip::warning_height(ui, &words, cut.width());
        chip::warning(ui, cut.top(high), Status::Check, &words);
        cut.top(8.0);
    }
    let whoms: Vec<_> = call.numbers.iter().map(|number| (number.whom.clone(), number.whom.clone())).collect();
    let next = |cut: &mut Cut| {
        let spot = cut.top(high);
        cut.top(8.0);
        spot
    };
    if let Some(whom) = choice_of(ui, next(cut), "Whom you called", Some("Somebody else"), &whoms, form.whom.clone()) {
        form.whom = whom;
    }
    if form.whom.is_none() {
        let field = Field::new("Name of whom you called").hint("Name").limit(110);
        field.show(ui, next(cut), &mut form.somebody);
    }
    let outcomes: Vec<_> = view.outcomes.iter().map(|words| (words.clone(), words.clone())).collect();
    let any = Some("Choose what came of it");
    if let Some(outcome) = choice_of(ui, next(cut), "What came of it", any, &outcomes, form.outcome.clone()) {
        form.outcome = outcome;
    }
    let said = Field::new("What was said").hint("What was said").limit(500);
    said.show(ui, next(cut), &mut form.words);
    let codes: Vec<_> = view.codes.iter().map(|(code, words)| (code.clone(), format!("{code}: {words}"))).collect();
    let any = Some("No reason yet: N stays");
    if let Some(code) = choice_of(ui, next(cut), "Reason", any, &codes, form.code.clone()) {
        form.code = code;
    }
    let whom = form.whom.clone().unwrap_or_else(|| form.somebody.trim().to_owned());
    let outcome = view.outcomes.iter().position(|words| Some(words) == form.outcome.as_ref());
    let ready = !whom.is_empty() && outcome.is_some();
    let button = Button::filled("Log the call").enabled(ready);
    let wide = button.width(ui);
    let mut line = Cut(next(cut));
    if button.show(ui, line.left(wide)).clicked()
        && let Some(outcome) = outcome
    {
        let code = form.code.clone().filter(|code| view.codes.iter().any(|(known, _)| known == code));
        let words = form.words.trim().to_owned();
        intents.push(Intent::LogCall(CallMade { pupil: call.pupil, whom, outcome, words, code }));
        draft::discard(ui, &field);
        *form = CallForm::about(call);
    }
    line.left(8.0);
    let close = Button::new("Close");
    let wide = close.width(ui);
    if close.show(ui, line.left(wide)).clicked() {
        draft::discard(ui, &field);
        (state.calling, state.form) = (None, CallForm::default());
    }
}
