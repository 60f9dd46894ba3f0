//! What a key does in the grid: which code it makes, whether to wait, and where the focus goes.
//!
//! Knows no code: it reads the table that comes with the view.

use super::extra::{self, Extra};
use super::{RegisterState, row_id};
use crate::intent::Intent;
use crate::kit::list;
use egui::{Event, Key, Modifiers, Ui};
use muster_school::view::SubjectId;
use muster_school::view::register::{CodeLine, RegisterRow, RegisterView};

/// What is half typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Typing {
    /// Nothing.
    #[default]
    Idle,
    /// The beginning of a code, waiting for more.
    Code {
        /// Whose row.
        pupil: SubjectId,
        /// What is typed, upper case.
        text: String,
    },
    /// A code that asks for minutes.
    Minutes {
        /// Whose row.
        pupil: SubjectId,
        /// The code.
        code: String,
        /// The minutes, or a time as in `9:02`.
        text: String,
        /// Nothing was typed over the first proposal yet.
        fresh: bool,
    },
    /// A code that was not accepted.
    Refused {
        /// Whose row.
        pupil: SubjectId,
        /// What was typed.
        code: String,
        /// Why, and what to do.
        words: String,
    },
}

impl Typing {
    /// Whose row it stands in.
    pub fn pupil(&self) -> Option<SubjectId> {
        match self {
            Self::Idle => None,
            Self::Code { pupil, .. } | Self::Minutes { pupil, .. } | Self::Refused { pupil, .. } => Some(*pupil),
        }
    }
}

fn line<'v>(view: &'v RegisterView, code: &str) -> Option<&'v CodeLine> {
    view.codes.iter().find(|line| line.code == code)
}

fn current<'v>(view: &'v RegisterView, state: &RegisterState) -> Option<&'v RegisterRow> {
    view.rows.get(state.list.row)
}

/// Reads the keys of this frame, if the grid has the focus.
pub fn keys(ui: &Ui, view: &RegisterView, state: &mut RegisterState) -> Vec<Intent> {
    let mut intents = Vec::new();
    let Some(row) = current(view, state) else { return intents };
    if !list::has_focus(ui, row_id(row)) {
        take_up(ui, view, state);
        return intents;
    }
    if !view.may_mark {
        return put_right(ui, view, state, row);
    }
    let events = ui.input(|input| input.events.clone());
    for event in events {
        if state.extra.is_some() {
            break;
        }
        match event {
            Event::Text(words) => {
                for letter in words.chars() {
                    intents.extend(letter_typed(view, state, letter));
                }
            }
            Event::Key { key: Key::Enter, pressed: true, modifiers, .. } if modifiers.is_none() => {
                intents.extend(enter(view, state));
            }
            Event::Key { key: Key::Backspace, pressed: true, .. } => intents.extend(backspace(view, state)),
            Event::Key { key: Key::Escape, pressed: true, .. } => {
                state.typing = Typing::Idle;
                state.announce.clear();
            }
            Event::Key { key: Key::ArrowDown | Key::ArrowUp | Key::Home | Key::End, pressed: true, .. } => {
                intents.extend(settle_pending(view, state));
            }
            _ => {}
        }
    }
    ui.input_mut(|input| {
        for key in [Key::Enter, Key::Space, Key::Backspace] {
            input.consume_key(Modifiers::NONE, key);
        }
        input.events.retain(|event| !matches!(event, Event::Text(_)));
    });
    intents
}

/// With the focus nowhere, an arrow or a letter brings it back to its row, or to the first without a mark. Nothing is
/// marked by that key: nobody saw which row it would be.
fn take_up(ui: &Ui, view: &RegisterView, state: &mut RegisterState) {
    let nowhere = ui.memory(|memory| memory.focused()).is_none() && state.extra.is_none();
    let meant = |event: &Event| match event {
        Event::Text(_) => true,
        Event::Key { key, pressed, .. } => *pressed && matches!(key, Key::ArrowDown | Key::ArrowUp),
        _ => false,
    };
    if nowhere && ui.input(|input| input.events.iter().any(meant)) {
        let first = view.rows.iter().position(|row| row.mark.is_none());
        state.list.go(first.unwrap_or(state.list.row), true);
        state.announce.clear();
    }
}

/// On a day that is closed by now, what stands is settled or taken back, and nothing is marked.
fn put_right(ui: &Ui, view: &RegisterView, state: &mut RegisterState, row: &RegisterRow) -> Vec<Intent> {
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let marked = row.mark.as_ref().is_some_and(|mark| !mark.planned);
    if !view.shut.is_empty() {
        let typed = ui.input(|input| {
            input.events.iter().find_map(|event| match event {
                Event::Text(words) => words.chars().find(|letter| !letter.is_whitespace()),
                _ => None,
            })
        });
        if let Some(letter) = typed {
            refuse(state, row.pupil, letter.to_uppercase().collect(), view.shut.clone());
        } else if pressed(Key::Escape) {
            state.typing = Typing::Idle;
            state.announce.clear();
        }
    }
    if !view.may_put_right || !marked {
        return Vec::new();
    }
    if row.versions.len() > 1 && pressed(Key::Enter) {
        state.extra = Some(Extra::Settle { pupil: row.pupil });
    } else if pressed(Key::Backspace) {
        return clear(view, state, row);
    }
    Vec::new()
}

/// One character, typed in the row with the focus. Nothing while a question is open: it is answered first.
pub fn letter_typed(view: &RegisterView, state: &mut RegisterState, letter: char) -> Vec<Intent> {
    let Some(row) = current(view, state).filter(|_| state.extra.is_none()) else { return Vec::new() };
    let pupil = row.pupil;
    let letter: String = letter.to_uppercase().collect();
    match state.typing.clone() {
        Typing::Minutes { code, text, fresh, .. } => {
            if letter.chars().all(|typed| typed.is_ascii_digit() || typed == ':') {
                let text = if fresh { letter } else { text + &letter };
                let text = text.chars().take(5).collect();
                state.typing = Typing::Minutes { pupil, code, text, fresh: false };
                return Vec::new();
            }
            let mut intents = settle_pending(view, state);
            if state.extra.is_some() {
                return intents;
            }
            state.list.go(state.list.row + 1, true);
            intents.extend(begin(view, state, &letter));
            intents
        }
        Typing::Code { text, .. } => {
            let grown = format!("{text}{letter}");
            if line(view, &grown).is_some() {
                return take(view, state, pupil, grown);
            }
            match line(view, &text) {
                // A slip for another number: the shorter code would be a mark that nobody meant.
                _ if letter.chars().all(|typed| typed.is_ascii_digit()) => {
                    let words = unknown(view, &grown);
                    refuse(state, pupil, grown, words);
                    Vec::new()
                }
                Some(whole) if whole.complete => {
                    let mut intents = commit(view, state, whole);
                    if state.extra.is_none() {
                        intents.extend(begin(view, state, &letter));
                    }
                    intents
                }
                _ => {
                    refuse_begun(view, state, pupil, text);
                    Vec::new()
                }
            }
        }
        Typing::Idle | Typing::Refused { .. } => begin(view, state, &letter),
    }
}

/// Why what is typed is no code here.
fn unknown(view: &RegisterView, text: &str) -> String {
    let other = view.not_here.iter().find(|(code, _)| code == text);
    other.map_or_else(|| format!("{text} is not a code. F1 lists every code"), |(_, words)| words.clone())
}

fn begin(view: &RegisterView, state: &mut RegisterState, letter: &str) -> Vec<Intent> {
    let Some(row) = current(view, state) else { return Vec::new() };
    let pupil = row.pupil;
    if letter == " " {
        let again = state.last_code.clone().unwrap_or_else(|| view.present_code.clone());
        return match line(view, &again) {
            Some(whole) if whole.complete => commit(view, state, whole),
            _ => Vec::new(),
        };
    }
    take(view, state, pupil, letter.to_owned())
}

fn take(view: &RegisterView, state: &mut RegisterState, pupil: SubjectId, text: String) -> Vec<Intent> {
    match line(view, &text) {
        None => {
            let words = unknown(view, &text);
            refuse(state, pupil, text, words);
            Vec::new()
        }
        Some(whole) if whole.grows => {
            state.announce.clone_from(&whole.needs);
            state.typing = Typing::Code { pupil, text };
            Vec::new()
        }
        Some(whole) if whole.complete => commit(view, state, whole),
        Some(begun) => {
            let words = begun.needs.clone();
            refuse(state, pupil, text, words);
            Vec::new()
        }
    }
}

fn refuse(state: &mut RegisterState, pupil: SubjectId, code: String, words: String) {
    state.announce.clone_from(&words);
    state.typing = Typing::Refused { pupil, code, words };
}

/// A whole code: asks for what it needs, or marks and moves down.
fn commit(view: &RegisterView, state: &mut RegisterState, whole: &CodeLine) -> Vec<Intent> {
    let Some(row) = current(view, state) else { return Vec::new() };
    let pupil = row.pupil;
    if whole.minutes {
        let text = view.minutes_late.to_string();
        state.announce = format!("{}, {text} minutes. Type other minutes or a time, or Enter", whole.words);
        state.typing = Typing::Minutes { pupil, code: whole.code.clone(), text, fresh: true };
        return Vec::new();
    }
    send(view, state, pupil, &whole.code, None, true)
}

/// Marks, or first asks for a reason or a note, or which of two marks stands. Moves down afterwards if `down`.
pub fn send(
    view: &RegisterView,
    state: &mut RegisterState,
    pupil: SubjectId,
    code: &str,
    minutes: Option<String>,
    down: bool,
) -> Vec<Intent> {
    state.typing = Typing::Idle;
    state.announce.clear();
    let Some(row) = extra::row(view, pupil) else { return Vec::new() };
    if row.versions.len() > 1 {
        state.extra = Some(Extra::Settle { pupil });
        return Vec::new();
    }
    let note = line(view, code).is_some_and(|line| line.note);
    if note || row.needs_reason {
        state.extra = Some(Extra::ask(row, code.to_owned(), minutes, note));
        return Vec::new();
    }
    state.last_code = Some(code.to_owned());
    if down {
        let next = (state.list.row + 1).min(view.rows.len().saturating_sub(1));
        state.list.go(next, true);
    }
    let (code, among) = (code.to_owned(), row.shown.clone());
    vec![Intent::Mark { register: view.key, pupil, code, minutes, note: None, reason: None, among }]
}

/// Clears a row's mark, or first asks for a reason, or which of two marks stands.
pub(super) fn clear(view: &RegisterView, state: &mut RegisterState, row: &RegisterRow) -> Vec<Intent> {
    let pupil = row.pupil;
    if row.versions.len() > 1 {
        state.extra = Some(Extra::Settle { pupil });
        return Vec::new();
    }
    if row.needs_reason {
        state.extra = Some(Extra::ask(row, String::new(), None, false));
        return Vec::new();
    }
    vec![Intent::ClearMark { register: view.key, pupil, reason: None, among: row.shown.clone() }]
}

/// As [`settle_pending`], before something that goes on from this row. `None` where what is typed is not whole or
/// needs words first: then the row says so, or they are asked for, and nothing goes on.
pub fn settle_to_go_on(view: &RegisterView, state: &mut RegisterState) -> Option<Vec<Intent>> {
    match state.typing.clone() {
        Typing::Refused { .. } => return None,
        Typing::Code { pupil, text } if !line(view, &text).is_some_and(|line| line.complete) => {
            refuse_begun(view, state, pupil, text);
            return None;
        }
        _ => {}
    }
    let intents = settle_pending(view, state);
    state.extra.is_none().then_some(intents)
}

fn refuse_begun(view: &RegisterView, state: &mut RegisterState, pupil: SubjectId, text: String) {
    let words = line(view, &text).map(|line| line.needs.clone()).unwrap_or_else(|| unknown(view, &text));
    refuse(state, pupil, text, words);
}

/// Sends what is typed as far as it is whole, and stays in the row.
pub fn settle_pending(view: &RegisterView, state: &mut RegisterState) -> Vec<Intent> {
    match state.typing.clone() {
        Typing::Minutes { pupil, code, text, .. } => send(view, state, pupil, &code, Some(text), false),
        Typing::Code { pupil, text } if line(view, &text).is_some_and(|line| line.complete) => {
            send(view, state, pupil, &text, None, false)
        }
        _ => {
            state.typing = Typing::Idle;
            Vec::new()
        }
    }
}

fn enter(view: &RegisterView, state: &mut RegisterState) -> Vec<Intent> {
    let Some(row) = current(view, state) else { return Vec::new() };
    let next = (state.list.row + 1).min(view.rows.len().saturating_sub(1));
    match state.typing.clone() {
        Typing::Minutes { pupil, code, text, .. } => send(view, state, pupil, &code, Some(text), true),
        Typing::Code { pupil, text } => match line(view, &text) {
            Some(whole) if whole.complete => commit(view, state, whole),
            _ => {
                refuse_begun(view, state, pupil, text);
                Vec::new()
            }
        },
        Typing::Refused { .. } => Vec::new(),
        Typing::Idle if row.versions.len() > 1 => {
            state.extra = Some(Extra::Settle { pupil: row.pupil });
            Vec::new()
        }
        Typing::Idle => match &row.mark {
            Some(mark) if mark.planned => {
                let minutes = mark.minutes.map(|minutes| minutes.to_string());
                send(view, state, row.pupil, &mark.code.clone(), minutes, true)
            }
            _ => {
                state.list.go(next, true);
                Vec::new()
            }
        },
    }
}

fn backspace(view: &RegisterView, state: &mut RegisterState) -> Vec<Intent> {
    let Some(row) = current(view, state) else { return Vec::new() };
    match state.typing.clone() {
        Typing::Minutes { pupil, code, mut text, .. } => {
            let empty = text.pop().is_none();
            state.typing = if empty { Typing::Idle } else { Typing::Minutes { pupil, code, text, fresh: false } };
            Vec::new()
        }
        Typing::Code { .. } | Typing::Refused { .. } => {
            state.typing = Typing::Idle;
            state.announce.clear();
            Vec::new()
        }
        Typing::Idle if row.mark.as_ref().is_some_and(|mark| !mark.planned) => clear(view, state, row),
        Typing::Idle => Vec::new(),
    }
}
