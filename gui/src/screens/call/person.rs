//! What may be said of somebody beyond *Found*: looked for, at a refuge point, not here today; and their numbers.

use super::layers::{ask_field, pairs};
use super::{CallState, Top};
use crate::draft;
use crate::intent::{Intent, Sighting};
use crate::kit::{Button, Type, Weight, layer, look, size, text};
use egui::{Align, Ui};
use muster_school::view::SubjectId;
use muster_school::view::call::{CallRow, CallView};
use muster_school::view::status::Status;

/// Who says that somebody is not here, to be chosen without a keyboard.
const SAYS_SO: [&str; 4] = ["Parent or carer", "Class teacher", "Office", "I know it"];

fn row_of(view: &CallView, person: SubjectId) -> Option<&CallRow> {
    view.rows.iter().find(|row| row.person == person)
}

/// Says something of somebody and goes back to the list.
fn say(view: &CallView, state: &mut CallState, person: SubjectId, sighting: Sighting) -> Vec<Intent> {
    state.top = None;
    state.list.grab = true;
    vec![Intent::Sight { event: view.event, person, sighting }]
}

/// What a press in the layer of a person means.
enum Then {
    Say(Sighting),
    Ask(Top),
    Call,
}

/// All that may be said of somebody, and all that is known.
pub(super) fn person_ui(ui: &mut Ui, view: &CallView, state: &mut CallState, person: SubjectId) -> Vec<Intent> {
    let Some(row) = row_of(view, person) else {
        state.top = None;
        return Vec::new();
    };
    let title = format!("{}, {}", row.spoken, row.group);
    let found = row.status == Status::Found;
    let here = found && !row.at_refuge && !row.not_here;
    let ((answer, stop), closed) = layer::show(ui, "person", &title, 560.0, |ui, inside| {
        let tokens = look(ui).tokens;
        for words in [&row.waiting, &row.said, &row.evidence, &row.hint] {
            if !words.is_empty() {
                inside.words(ui, words);
            }
        }
        for words in row.help.iter().chain(&row.care) {
            let galley = text::wrapped(ui, words, Type::Name, Weight::Strong, tokens.text, inside.width);
            let rect = inside.next(ui, galley.size().y);
            text::label(ui, rect, galley, Align::Min);
        }
        let mut answer = None;
        let mut offer = |ui: &mut Ui, button: Button<'_>, then: Then, fresh: bool| {
            let rect = inside.next(ui, 56.0);
            let response = button.step(Type::Name).show(ui, rect);
            if fresh && inside.fresh {
                response.request_focus();
            }
            if response.clicked() {
                answer = Some(then);
            }
        };
        if !here {
            let words = if row.at_refuge { "Found, out of the building" } else { "Found" };
            offer(ui, Button::filled(words), Then::Say(Sighting::Found), true);
        }
        if found {
            offer(ui, Button::new("Call back"), Then::Say(Sighting::Withdrawn), here);
        }
        // Of somebody who was found, too: whoever looked for them may know better than the tick.
        let place = String::new();
        offer(ui, Button::new("Not found…"), Then::Ask(Top::Looked { person, place }), false);
        if !row.at_refuge {
            let place = String::new();
            offer(ui, Button::new("At a refuge point…"), Then::Ask(Top::Refuge { person, place }), false);
        }
        if !row.not_here {
            let by = String::new();
            offer(ui, Button::new("Not here today…"), Then::Ask(Top::NotHere { person, by }), false);
        }
        if !row.phones.is_empty() {
            let words = match row.phones.as_slice() {
                [one] => format!("Call {}…", one.whose),
                many => format!("Call, {} numbers…", many.len()),
            };
            offer(ui, Button::new(&words), Then::Call, false);
        }
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        (answer, Button::new("Not now").step(Type::Name).show(ui, rect).clicked())
    });
    if closed || stop {
        state.top = None;
        state.list.grab = true;
        return Vec::new();
    }
    match answer {
        None => Vec::new(),
        Some(Then::Say(sighting)) => say(view, state, person, sighting),
        Some(Then::Ask(top)) => {
            state.top = Some(top);
            Vec::new()
        }
        Some(Then::Call) => {
            state.top = None;
            state.care.call(&row.spoken, &row.phones);
            Vec::new()
        }
    }
}

/// Those who came after the start: one touch finds each, as on a row.
pub(super) fn since_ui(ui: &mut Ui, view: &CallView, state: &mut CallState) -> Vec<Intent> {
    let title = "Believed here since the start";
    let ((found, stop), closed) = layer::show(ui, "since", title, 560.0, |ui, inside| {
        inside.words(ui, "Heard of after the list was made. Touch those whom you see.");
        let mut found = None;
        for one in &view.heard_since {
            let words = format!("Found: {}, {}", one.name, one.group);
            let rect = inside.next(ui, 56.0);
            if Button::new(&words).step(Type::Name).name(format!("{words}, {}", one.line)).show(ui, rect).clicked() {
                found = Some(one.person);
            }
            inside.words(ui, &one.line);
        }
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        (found, Button::filled("Back to the list").step(Type::Name).show(ui, rect).clicked())
    });
    if stop || closed || view.heard_since.is_empty() {
        state.top = None;
    }
    let sighting = |person| Intent::Sight { event: view.event, person, sighting: Sighting::Found };
    found.map(sighting).into_iter().collect()
}

/// What a question about somebody asks, and with which words it is answered.
struct Asks<'a> {
    salt: &'a str,
    title: String,
    question: &'a str,
    choices: &'a [String],
    other: &'a str,
    button: &'a str,
}

/// Asks it. `Some(None)`: left; `Some(Some(words))`: answered, perhaps with nothing.
fn ask_ui(ui: &mut Ui, asks: &Asks<'_>, person: SubjectId, typed: &mut String) -> Option<Option<String>> {
    let field = format!("{}/{}", asks.salt, draft::hex(&person.0));
    let back = draft::follow(ui, &field, typed);
    let ((answer, stop), closed) = layer::show(ui, asks.salt, &asks.title, 560.0, |ui, inside| {
        inside.words(ui, asks.question);
        // A choice answers nothing yet: the button below says what it will answer, and answers it.
        if let Some(chosen) = pairs(ui, inside, asks.choices, typed).and_then(|at| asks.choices.get(at)) {
            typed.clone_from(chosen);
        }
        let mut answer = None;
        let rect = inside.next(ui, 56.0);
        let words = match typed.trim() {
            "" => asks.button.to_owned(),
            chosen => format!("{}: {chosen}", asks.button),
        };
        if Button::filled(&words).step(Type::Name).show(ui, rect).clicked() {
            answer = Some(typed.trim().to_owned());
        }
        if ask_field(ui, inside, asks.other, typed, false) {
            answer = Some(typed.trim().to_owned());
        }
        if back {
            inside.words(ui, draft::BACK);
        }
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        (answer, Button::new("Not now").step(Type::Name).show(ui, rect).clicked())
    });
    let over = closed || stop || answer.is_some();
    if over {
        draft::discard(ui, &field);
    }
    over.then_some(answer)
}

fn spoken(view: &CallView, person: SubjectId) -> String {
    row_of(view, person).map(|row| row.spoken.clone()).unwrap_or_default()
}

/// After a question: says the answer, goes on asking, or leaves.
fn after(
    view: &CallView,
    state: &mut CallState,
    person: SubjectId,
    answer: Option<Option<Sighting>>,
    asking: Top,
) -> Vec<Intent> {
    match answer {
        None => {
            state.top = Some(asking);
            Vec::new()
        }
        Some(None) => {
            state.top = None;
            state.list.grab = true;
            Vec::new()
        }
        Some(Some(sighting)) => say(view, state, person, sighting),
    }
}

/// Where somebody was looked for.
pub(super) fn looked_ui(
    ui: &mut Ui,
    view: &CallView,
    state: &mut CallState,
    person: SubjectId,
    mut place: String,
) -> Vec<Intent> {
    let asks = Asks {
        salt: "looked",
        title: format!("Looked for {}, not found", spoken(view, person)),
        question: "Where did you look?",
        choices: &view.places,
        other: "Another place, or leave empty",
        button: "Not found",
    };
    let answer = ask_ui(ui, &asks, person, &mut place);
    let answer = answer.map(|answer| answer.map(|place| Sighting::NotFound { place }));
    after(view, state, person, answer, Top::Looked { person, place })
}

/// At which refuge point somebody waits.
pub(super) fn refuge_ui(
    ui: &mut Ui,
    view: &CallView,
    state: &mut CallState,
    person: SubjectId,
    mut place: String,
) -> Vec<Intent> {
    let asks = Asks {
        salt: "refuge",
        title: format!("{} waits for help to leave", spoken(view, person)),
        question: "At which refuge point?",
        choices: &view.refuges,
        other: "Another place, or leave empty",
        button: "At a refuge point",
    };
    let answer = ask_ui(ui, &asks, person, &mut place);
    let answer = answer.map(|answer| answer.map(|place| Sighting::AtRefuge { place }));
    after(view, state, person, answer, Top::Refuge { person, place })
}

/// Who says that somebody is not here today.
pub(super) fn not_here_ui(
    ui: &mut Ui,
    view: &CallView,
    state: &mut CallState,
    person: SubjectId,
    mut by: String,
) -> Vec<Intent> {
    let asks = Asks {
        salt: "not-here",
        title: format!("{} is not here today", spoken(view, person)),
        question: "Who says so?",
        choices: &SAYS_SO.map(str::to_owned),
        other: "Somebody else, by name",
        button: "Not here today",
    };
    let answer = ask_ui(ui, &asks, person, &mut by);
    let answer = answer.map(|answer| answer.map(|by| Sighting::NotHere { by }));
    after(view, state, person, answer, Top::NotHere { person, by })
}
