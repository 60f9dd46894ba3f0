//! What opens on top of a roll call: settling, adding somebody, saying who one is, ending.

use super::{CallState, Top, event, person};
use crate::draft;
use crate::intent::{Intent, Sighting};
use crate::kit::field::Field;
use crate::kit::{Button, Cut, Type, layer, size};
use crate::screens::carry::carry_ui;
use crate::screens::{apart, care};
use egui::{Key, Ui};
use muster_school::names::fold;
use muster_school::view::call::{CallAct, CallView};
use muster_school::view::fire::EventKind;
use muster_school::view::status::Status;
use muster_school::view::{FrameView, SubjectId};

/// The field of a name to add, as drafts know it.
const ADD: &str = "add";
/// Somebody whose name nobody knows, by touch alone.
const UNKNOWN: [&str; 2] = ["Unknown child", "Unknown adult"];

/// A field with the focus on it when its layer opens. True on Enter.
pub(super) fn ask_field(ui: &mut Ui, inside: &layer::Inside, name: &str, value: &mut String, grab: bool) -> bool {
    let rect = inside.next(ui, size::CONTROL_TOUCH);
    let response = Field::new(name).hint(name).limit(80).show(ui, rect, value);
    if inside.fresh && grab {
        response.request_focus();
    }
    response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

/// Choices two beside each other, as wide as the layer. Answers with the place of the one that was pressed.
pub(super) fn pairs(ui: &mut Ui, inside: &layer::Inside, words: &[String], chosen: &str) -> Option<usize> {
    let mut pressed = None;
    let columns = if inside.width < 360.0 { 1 } else { 2 };
    for (line, pair) in words.chunks(columns).enumerate() {
        let mut cut = Cut(inside.next(ui, 56.0));
        let wide = (cut.width() - size::TOUCH_GAP * (columns - 1) as f32) / columns as f32;
        for (at, words) in pair.iter().enumerate() {
            let button = Button::new(words).step(Type::Name).chosen(!chosen.is_empty() && words == chosen);
            if button.show(ui, cut.left(wide)).clicked() {
                pressed = Some(line * columns + at);
            }
            cut.left(size::TOUCH_GAP);
        }
    }
    pressed
}

/// What is on top, if anything is.
pub(super) fn layer_ui(ui: &mut Ui, frame: &FrameView, view: &CallView, state: &mut CallState) -> Vec<Intent> {
    if state.care.is_open() {
        return care::layers_ui(ui, &view.care, &mut state.care);
    }
    match state.top.clone() {
        None => Vec::new(),
        Some(Top::Settle(person)) => settle_ui(ui, view, state, person),
        Some(Top::Person(person)) => person::person_ui(ui, view, state, person),
        Some(Top::Looked { person, place }) => person::looked_ui(ui, view, state, person, place),
        Some(Top::Refuge { person, place }) => person::refuge_ui(ui, view, state, person, place),
        Some(Top::NotHere { person, by }) => person::not_here_ui(ui, view, state, person, by),
        Some(Top::Add(name)) => named_ui(ui, view, state, name, true),
        Some(Top::Claim(name)) => named_ui(ui, view, state, name, false),
        Some(Top::Stand) => event::stand_ui(ui, view, state),
        Some(Top::Event) => event::event_ui(ui, view, state, frame.person.is_some()),
        Some(Top::Apart) => {
            if apart::layer_ui(ui, &view.trips, &view.elsewhere) {
                state.top = None;
            }
            Vec::new()
        }
        Some(Top::Since) => person::since_ui(ui, view, state),
        Some(Top::Missing) => {
            if event::missing_ui(ui, view) {
                state.top = None;
            }
            Vec::new()
        }
        Some(Top::Carry(folder)) => {
            let mut folder = Some(folder);
            let intents = carry_ui(ui, frame, &mut folder);
            state.top = folder.map(Top::Carry);
            intents
        }
        Some(Top::End) => end_ui(ui, view, state, false),
        Some(Top::EndForAll) => end_ui(ui, view, state, true),
        Some(Top::Over) => over_ui(ui, view, state),
    }
}

fn settle_ui(ui: &mut Ui, view: &CallView, state: &mut CallState, person: SubjectId) -> Vec<Intent> {
    let Some(row) = view.rows.iter().find(|row| row.person == person && row.marks.len() > 1) else {
        state.top = None;
        return Vec::new();
    };
    let (answer, closed) = layer::show(ui, "settle call", &row.spoken, 480.0, |ui, inside| {
        inside.words(ui, &row.said);
        for words in [&row.evidence, &row.hint].into_iter().filter(|words| !words.is_empty()) {
            inside.words(ui, words);
        }
        inside.words(ui, "Which is right? Settle it once somebody has looked. Both are kept.");
        let mut answer = None;
        for (words, found) in [("Found", true), ("Not found", false)] {
            let rect = inside.next(ui, 56.0);
            let response = Button::new(words).step(Type::Name).show(ui, rect);
            if response.clicked() {
                answer = Some(Some(found));
            }
        }
        let rect = inside.next(ui, 48.0);
        let not_now = Button::new("Not now").step(Type::Name).show(ui, rect);
        if inside.fresh {
            not_now.request_focus();
        }
        if not_now.clicked() {
            answer = Some(None);
        }
        answer
    });
    if closed || answer.is_some() {
        state.top = None;
        state.list.grab = true;
    }
    let Some(Some(found)) = answer else { return Vec::new() };
    vec![Intent::SettleCall { event: view.event, person, found, among: row.marks.clone() }]
}

/// The layer in which something was typed and not saved, if there is one.
pub(super) fn left_open(ui: &Ui, view: &CallView) -> Option<Top> {
    let known = |person: &SubjectId| view.rows.iter().any(|row| row.person == *person);
    draft::waiting(ui, "").iter().find_map(|field| {
        if field == ADD {
            return Some(Top::Add(String::new()));
        }
        let (what, person) = field.split_once('/')?;
        let person = draft::subject(person).filter(known)?;
        match what {
            "looked" => Some(Top::Looked { person, place: String::new() }),
            "refuge" => Some(Top::Refuge { person, place: String::new() }),
            "not-here" => Some(Top::NotHere { person, by: String::new() }),
            _ => None,
        }
    })
}

/// Somebody unknown, told apart from those who were added before.
fn unknown(view: &CallView, words: &str) -> String {
    let before = view.rows.iter().filter(|row| row.name.starts_with(words) || row.spoken.starts_with(words)).count();
    if before == 0 { words.to_owned() } else { format!("{words} {}", before + 1) }
}

/// Who on the list, or heard of since, has the name that is typed: whom, in words, and whether they are found.
fn listed(view: &CallView, typed: &str) -> Vec<(SubjectId, String, bool)> {
    let typed = fold(typed);
    let fits = |name: &str| {
        let turned = name.split_once(", ").map(|(surname, forename)| fold(&format!("{forename} {surname}")));
        !typed.is_empty() && (fold(name).replace(',', "") == typed || turned.is_some_and(|turned| turned == typed))
    };
    let rows = view.rows.iter().filter(|row| fits(&row.name));
    let rows = rows.map(|row| (row.person, &row.name, &row.group, row.status == Status::Found));
    let since = view.heard_since.iter().filter(|one| fits(&one.name));
    let since = since.map(|one| (one.person, &one.name, &one.group, false));
    let words = |found| if found { "is on the list, and found" } else { "is on the list" };
    rows.chain(since)
        .map(|(person, name, group, found)| (person, format!("{name}, {group}, {}", words(found)), found))
        .take(4)
        .collect()
}

fn named_ui(ui: &mut Ui, view: &CallView, state: &mut CallState, mut name: String, add: bool) -> Vec<Intent> {
    let title = if add { "Add a person who is here" } else { "Who are you?" };
    let back = add && draft::follow(ui, ADD, &mut name);
    let listed = if add { listed(view, &name) } else { Vec::new() };
    let mut chosen = None;
    let ((done, stop, nameless), closed) = layer::show(ui, title, title, 480.0, |ui, inside| {
        let note = if add {
            "Somebody who is safe and not on the list. The name can wait."
        } else {
            "With nobody signed in, your marks carry the name you give, and say that it was claimed."
        };
        inside.words(ui, note);
        let nameless = if add { pairs(ui, inside, &UNKNOWN.map(str::to_owned), "") } else { None };
        let entered = ask_field(ui, inside, "Name", &mut name, true);
        if back {
            inside.words(ui, draft::BACK);
        }
        for (person, words, found) in &listed {
            inside.words(ui, words);
            let rect = inside.next(ui, 56.0);
            let button = if *found { Button::new("Found already: leave it") } else { Button::filled("Mark as found") };
            if button
                .step(Type::Name)
                .name(format!("{}, {words}", if *found { "Leave it" } else { "Mark as found" }))
                .show(ui, rect)
                .clicked()
            {
                chosen = Some((*person, *found));
            }
        }
        let rect = inside.next(ui, 56.0);
        let save = match (add, listed.is_empty()) {
            (true, true) => Button::filled("Add as found"),
            (true, false) => Button::new("Add somebody else of this name"),
            (false, _) => Button::filled("Use this name"),
        };
        let save = save.step(Type::Name).enabled(!name.trim().is_empty());
        let save = save.show(ui, rect).clicked();
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        let stop = Button::new("Not now").step(Type::Name).show(ui, rect).clicked();
        // Enter alone adds nobody whose name is on the list.
        (save || entered && listed.is_empty(), stop, nameless)
    });
    let nameless = nameless.and_then(|at| UNKNOWN.get(at)).map(|words| unknown(view, words));
    let named = Some(name.trim().to_owned()).filter(|name| done && !name.is_empty());
    let answer = nameless.or(named);
    if closed || stop || answer.is_some() || chosen.is_some() {
        draft::discard(ui, ADD);
        state.top = None;
    } else {
        state.top = Some(if add { Top::Add(name) } else { Top::Claim(name) });
    }
    let event = view.event;
    if let Some((person, found)) = chosen {
        let sighting = Sighting::Found;
        return if found { Vec::new() } else { vec![Intent::Sight { event, person, sighting }] };
    }
    let Some(name) = answer else { return Vec::new() };
    vec![if add { Intent::AddStranger { event, name } } else { Intent::ClaimMarshal { event, name } }]
}

/// How many are to find, as a question about the end begins.
fn left(view: &CallView) -> String {
    match view.to_find {
        0 => "Everybody is found.".to_owned(),
        1 => "1 person is not yet found.".to_owned(),
        many => format!("{many} people are not yet found."),
    }
}

/// A layer of sentences over two answers, the first of which is given by Enter. True for the first, false for the
/// second, which is filled where it is what is meant.
fn two_ways(ui: &mut Ui, salt: &str, title: &str, words: &[String], ways: [(&str, bool); 2]) -> (Option<bool>, bool) {
    layer::show(ui, salt, title, 520.0, |ui, inside| {
        for words in words {
            inside.words(ui, words);
        }
        let mut answer = None;
        for (at, (words, filled)) in ways.into_iter().enumerate() {
            let button = if filled { Button::filled(words) } else { Button::new(words) };
            let rect = inside.next(ui, 56.0);
            let response = button.step(Type::Name).show(ui, rect);
            if inside.fresh && at == 0 {
                response.request_focus();
            }
            if response.clicked() {
                answer = Some(at == 0);
            }
        }
        answer
    })
}

fn end_ui(ui: &mut Ui, view: &CallView, state: &mut CallState, sure: bool) -> Vec<Intent> {
    let open = view.to_find > 0;
    let (title, then, end) = if sure {
        let title = format!("End it with {} not found?", view.to_find);
        (title, "This is no drill. Whoever is on another device is told, and can go on calling.", "End it all the same")
    } else {
        let then = "Ending makes the report: times, who marked whom, who was never found. It ends for every device.";
        ("End the roll call?".to_owned(), then, "End and make the report")
    };
    let words = [left(view), then.to_owned()];
    let salt = if sure { "end for all" } else { "end" };
    let (answer, closed) = two_ways(ui, salt, &title, &words, [("Keep going", open), (end, !open)]);
    match answer {
        _ if closed => state.top = None,
        None => {}
        Some(true) => state.top = None,
        Some(false) if open && !sure && view.kind != EventKind::Drill => state.top = Some(Top::EndForAll),
        Some(false) => {
            state.top = None;
            state.ended_here = true;
            return vec![Intent::EndCall(view.event)];
        }
    }
    Vec::new()
}

/// The event was ended elsewhere while this device called: whoever stands here sees the report, or goes on.
fn over_ui(ui: &mut Ui, view: &CallView, state: &mut CallState) -> Vec<Intent> {
    let ended = view.report.as_ref().map(|over| over.ended.clone()).unwrap_or_default();
    let words = [
        format!("{ended}. {}", left(view)),
        "Nothing that you said is lost. What you say now is kept, too.".to_owned(),
    ];
    let open = view.to_find > 0;
    let ways = [("Go on calling", open), ("See the report", !open)];
    let (answer, closed) = two_ways(ui, "over", "This roll call was ended", &words, ways);
    if closed || answer.is_some() {
        state.top = None;
    }
    if answer == Some(true) { vec![go_on(view)] } else { Vec::new() }
}

/// The event goes on.
pub(super) fn go_on(view: &CallView) -> Intent {
    Intent::OfCall { event: view.event, act: CallAct::GoOn }
}
