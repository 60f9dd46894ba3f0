//! What opens on top of a register about one mark or one child: its history, a comment, a child who is on no list.

use super::RegisterState;
use super::extra::{Extra, close, row};
use crate::draft;
use crate::intent::Intent;
use crate::kit::field::Field;
use crate::kit::{Button, layer, look};
use egui::{Id, Key, Rect, Ui, vec2};
use muster_school::view::register::{RegisterRow, RegisterView};
use muster_school::view::{RegisterKey, SubjectId};
use zeroize::Zeroizing;

/// A child on no list, as far as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlisted {
    /// Into which register.
    register: RegisterKey,
    name: Zeroizing<String>,
    words: Zeroizing<String>,
    problem: bool,
}

/// A comment and a child on no list, as drafts know them.
pub(super) const COMMENT: &str = "comment/";
pub(super) const UNLISTED: &str = "unlisted/";

/// Begins a comment with what is there.
pub fn begin_comment(row: &RegisterRow) -> Extra {
    let (words, among) = (Zeroizing::new(row.note.clone()), row.notes.clone());
    Extra::Comment { pupil: row.pupil, words, problem: false, among }
}

/// Begins with the group of the register, or on a whole site with that of the row in focus.
pub fn begin_unlisted(view: &RegisterView, state: &RegisterState) -> Extra {
    let group = view.rows.get(state.list.row).filter(|_| view.whole_site).map_or(view.key.group, |row| row.group);
    let register = RegisterKey { group, ..view.key };
    Extra::Unlisted(Unlisted { register, name: Zeroizing::default(), words: Zeroizing::default(), problem: false })
}

/// As it was typed before.
pub fn unlisted_again(register: RegisterKey, name: String, words: String) -> Extra {
    Extra::Unlisted(Unlisted { register, name: Zeroizing::new(name), words: Zeroizing::new(words), problem: false })
}

/// Every mark there was, and what is worth a word.
pub fn about_ui(ui: &mut Ui, view: &RegisterView, state: &mut RegisterState, pupil: SubjectId) -> Vec<Intent> {
    let Some(row) = row(view, pupil) else {
        state.extra = None;
        return Vec::new();
    };
    let touch = look(ui).touch;
    let title = format!("About the mark of {}", row.spoken);
    let (done, closed) = layer::show(ui, "about mark", &title, 560.0, |ui, inside| {
        for remark in &row.remarks {
            inside.words(ui, remark);
        }
        match &row.mark {
            None => inside.words(ui, "Not yet marked."),
            Some(mark) if mark.planned => {
                inside.words(ui, &format!("Planned: {}. Nobody has confirmed it.", mark.words))
            }
            Some(mark) if row.history.is_empty() => {
                inside
                    .words(ui, &format!("{} {}: {}, {}. It was not changed.", mark.at, mark.by, mark.code, mark.words));
            }
            Some(_) => {}
        }
        for line in &row.history {
            inside.words(ui, line);
        }
        if let Some(mark) = row.mark.as_ref().filter(|mark| mark.planned && !mark.note.is_empty()) {
            inside.words(ui, &format!("Planned because: {}", mark.note));
        }
        if !row.note.is_empty() {
            inside.words(ui, &format!("Note: {}", row.note));
        }
        let code = row.mark.as_ref().and_then(|mark| view.codes.iter().find(|line| line.code == mark.code));
        if let Some(line) = code.filter(|line| !line.rule.is_empty()) {
            inside.words(ui, &format!("Rule of {}: {}", line.code, line.rule));
        }
        let rect = inside.next(ui, look(ui).control());
        let response = Button::new("Close").show(ui, Rect::from_min_size(rect.min, vec2(120.0, rect.height())));
        if inside.fresh {
            response.request_focus();
        }
        response.clicked()
    });
    if done || closed {
        close(state, touch);
    }
    Vec::new()
}

/// A comment beside a mark.
pub fn comment_ui(ui: &mut Ui, view: &RegisterView, state: &mut RegisterState) -> Vec<Intent> {
    let Some(Extra::Comment { pupil, mut words, mut problem, among }) = state.extra.clone() else {
        return Vec::new();
    };
    let touch = look(ui).touch;
    let spoken = row(view, pupil).map(|row| row.spoken.clone()).unwrap_or_default();
    let draft = format!("{COMMENT}{}", draft::hex(&pupil.0));
    let back = draft::follow(ui, &draft, &mut words);
    let (save, closed) = layer::show(ui, "comment", &format!("Comment on {spoken}"), 480.0, |ui, inside| {
        inside.words(ui, "Kept with the pupil. Whoever reads pupils here can read it.");
        let rect = inside.next(ui, look(ui).control());
        let field = Field::new("Comment").hint("Comment").id(Id::unique("comment words")).limit(500);
        let response = field.show(ui, rect, &mut words);
        if inside.fresh {
            response.request_focus();
        }
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if back {
            inside.words(ui, draft::BACK);
        }
        if problem {
            inside.words(ui, "Type a few words first.");
        }
        save_ui(ui, inside) || entered
    });
    let empty = words.trim().is_empty();
    if save && !empty || closed {
        draft::discard(ui, &draft);
        close(state, touch);
        let said = words.trim().to_owned();
        return if save { vec![Intent::Comment { register: view.key, pupil, words: said, among }] } else { Vec::new() };
    }
    problem |= save && empty;
    state.extra = Some(Extra::Comment { pupil, words, problem: problem && empty, among });
    Vec::new()
}

/// A child who turned up and is on no list.
pub fn unlisted_ui(ui: &mut Ui, view: &RegisterView, state: &mut RegisterState, mut form: Unlisted) -> Vec<Intent> {
    let touch = look(ui).touch;
    let (names, others) = (format!("{UNLISTED}name"), format!("{UNLISTED}words"));
    let back = draft::follow(ui, &names, &mut form.name) | draft::follow(ui, &others, &mut form.words);
    let title = format!("Add a child to {}", view.group);
    let (save, closed) = layer::show(ui, "unlisted", &title, 480.0, |ui, inside| {
        inside.words(ui, "For a child who is here and on no list. They can be marked at once and stand on the fire register; the office matches them later.");
        let rect = inside.next(ui, look(ui).control());
        let field = Field::new("First name and surname").hint("First name and surname").id(Id::unique("unlisted name"));
        let first = field.limit(120).show(ui, rect, &mut form.name);
        if inside.fresh {
            first.request_focus();
        }
        let rect = inside.next(ui, look(ui).control());
        let field = Field::new("What is known of them").hint("What is known of them").id(Id::unique("unlisted words"));
        let second = field.limit(300).show(ui, rect, &mut form.words);
        let entered = (first.lost_focus() || second.lost_focus()) && ui.input(|input| input.key_pressed(Key::Enter));
        if back {
            inside.words(ui, draft::BACK);
        }
        if form.problem {
            inside.words(ui, "Give a name first, as well as you heard it.");
        }
        save_ui(ui, inside) || entered
    });
    let empty = form.name.trim().is_empty();
    if save && !empty || closed {
        draft::discard(ui, &names);
        draft::discard(ui, &others);
        close(state, touch);
        let (name, words) = (form.name.trim().to_owned(), form.words.trim().to_owned());
        let register = form.register;
        return if save { vec![Intent::AddUnlisted { register, name, words }] } else { Vec::new() };
    }
    form.problem = (form.problem || save) && empty;
    state.extra = Some(Extra::Unlisted(form));
    Vec::new()
}

fn save_ui(ui: &mut Ui, inside: &layer::Inside) -> bool {
    let rect = inside.next(ui, look(ui).control());
    Button::filled("Save").show(ui, Rect::from_min_size(rect.min, vec2(120.0, rect.height()))).clicked()
}
