//! What opens on top of a register: a choice between two marks, a reason or a note, every code of a card.

use super::about::Unlisted;
use super::{RegisterState, about, typing};
use crate::draft;
use crate::intent::Intent;
use crate::kit::field::Field;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Weight, layer, look};
use egui::{Align, Id, Key, Rect, Ui, pos2, vec2};
use muster_core::document::fact::FactRef;
use muster_school::view::SubjectId;
use muster_school::view::register::{RegisterRow, RegisterView};
use zeroize::Zeroizing;

/// What is on top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extra {
    /// Which of several marks stands.
    Settle {
        /// Whose.
        pupil: SubjectId,
    },
    /// A reason for a change after the register closed, or a note that a code asks for.
    Ask {
        /// Whose mark.
        pupil: SubjectId,
        /// The code; empty to clear the mark.
        code: String,
        /// Its minutes, as typed.
        minutes: Option<String>,
        /// The words are the code's note, not a reason.
        note: bool,
        /// What is typed.
        words: Zeroizing<String>,
        /// It was tried with nothing typed.
        problem: bool,
        /// The marks that were shown when it was asked.
        among: Vec<FactRef>,
    },
    /// All codes, for fingers.
    Codes {
        /// Whose.
        pupil: SubjectId,
    },
    /// A mark's history, and what is worth a word beside it.
    About {
        /// Whose.
        pupil: SubjectId,
    },
    /// A comment beside a mark.
    Comment {
        /// Whose.
        pupil: SubjectId,
        /// What is typed.
        words: Zeroizing<String>,
        /// It was tried with nothing typed.
        problem: bool,
        /// The comments that were shown when it was begun.
        among: Vec<FactRef>,
    },
    /// A child on no list.
    Unlisted(Unlisted),
}

impl Extra {
    /// Asks for words before a mark of this row changes, and keeps what the row shows now.
    pub(super) fn ask(row: &RegisterRow, code: String, minutes: Option<String>, note: bool) -> Self {
        let (pupil, words, among) = (row.pupil, Zeroizing::default(), row.shown.clone());
        Self::Ask { pupil, code, minutes, note, words, problem: false, among }
    }
}

/// What a row shows, in a few words.
fn now(row: &RegisterRow) -> String {
    match row.mark.as_ref().filter(|mark| !mark.planned) {
        Some(mark) => format!("It is {}, {}, by {} {}.", mark.code, mark.words.to_lowercase(), mark.by, mark.at),
        None => "It is not marked.".to_owned(),
    }
}

pub(super) fn row(view: &RegisterView, pupil: SubjectId) -> Option<&RegisterRow> {
    view.rows.iter().find(|row| row.pupil == pupil)
}

/// Shows what is on top, if anything is.
pub fn extra_ui(ui: &mut Ui, view: &RegisterView, state: &mut RegisterState) -> Vec<Intent> {
    let Some(extra) = state.extra.clone() else { return Vec::new() };
    match extra {
        Extra::Settle { pupil } => settle_ui(ui, view, state, pupil),
        Extra::Codes { pupil } => codes_ui(ui, view, state, pupil),
        Extra::Ask { .. } => ask_ui(ui, view, state),
        Extra::About { pupil } => about::about_ui(ui, view, state, pupil),
        Extra::Comment { .. } => about::comment_ui(ui, view, state),
        Extra::Unlisted(form) => about::unlisted_ui(ui, view, state, form),
    }
}

pub(super) fn close(state: &mut RegisterState, touch: bool) {
    state.extra = None;
    state.list.grab = !touch;
}

fn settle_ui(ui: &mut Ui, view: &RegisterView, state: &mut RegisterState, pupil: SubjectId) -> Vec<Intent> {
    let Some(row) = row(view, pupil).filter(|row| row.versions.len() > 1) else {
        state.extra = None;
        return Vec::new();
    };
    let touch = look(ui).touch;
    let title = format!("{}: {} marks", row.spoken, row.versions.len());
    let (kept, closed) = layer::show(ui, "settle mark", &title, 480.0, |ui, inside| {
        inside.words(ui, "Choose the one that stands. Both are kept in the audit.");
        let mut kept = None;
        for (place, version) in row.versions.iter().enumerate() {
            let rect = inside.next(ui, 48.0);
            let words = format!("{} {}", version.code, version.words);
            let response = Button::new(&words).show(ui, rect);
            if inside.fresh && place == 0 {
                response.request_focus();
            }
            if response.clicked() {
                kept = Some(version.fact);
            }
        }
        let rect = inside.next(ui, look(ui).control());
        let not_now = Button::new("Not now").show(ui, Rect::from_min_size(rect.min, vec2(120.0, rect.height())));
        (kept, not_now.clicked())
    });
    if closed || kept.1 || kept.0.is_some() {
        close(state, touch);
    }
    let Some(keep) = kept.0 else { return Vec::new() };
    let among = row.versions.iter().map(|version| version.fact).collect();
    vec![Intent::SettleMark { register: view.key, pupil, keep, among }]
}

fn codes_ui(ui: &mut Ui, view: &RegisterView, state: &mut RegisterState, pupil: SubjectId) -> Vec<Intent> {
    let Some(row) = row(view, pupil) else {
        state.extra = None;
        return Vec::new();
    };
    let touch = look(ui).touch;
    let (chosen, closed) = layer::show(ui, "codes", &row.spoken, 640.0, |ui, inside| {
        let mut chosen = None;
        if row.versions.len() > 1 {
            let rect = inside.next(ui, 48.0);
            if Button::filled("Settle two marks").show(ui, rect).clicked() {
                chosen = Some("settle".to_owned());
            }
        }
        let columns = if inside.width > 500.0 { 2 } else { 1 };
        let whole: Vec<_> = view.codes.iter().filter(|line| line.complete).collect();
        for (line, pair) in whole.chunks(columns).enumerate() {
            let wide = (inside.width - 8.0 * (columns as f32 - 1.0)) / columns as f32;
            // The rule stands below the button: whoever chooses has read it.
            let rules: Vec<_> = pair
                .iter()
                .map(|code| text::wrapped(ui, &code.rule, Type::Note, Weight::Regular, look(ui).tokens.muted, wide))
                .collect();
            let below = rules.iter().zip(pair).filter(|(_, code)| !code.rule.is_empty());
            let below = below.map(|(rule, _)| rule.size().y + 4.0).fold(0.0, f32::max);
            let rect = inside.next(ui, 48.0 + below);
            for ((place, code), rule) in pair.iter().enumerate().zip(rules) {
                let left = rect.left() + place as f32 * (wide + 8.0);
                let spot = Rect::from_min_size(pos2(left, rect.top()), vec2(wide, 48.0));
                if !code.rule.is_empty() {
                    let under =
                        Rect::from_min_max(spot.left_bottom() + vec2(0.0, 2.0), pos2(left + wide, rect.bottom()));
                    text::label(ui, under, rule, Align::Min);
                }
                let words = format!("{}  {}", code.code, code.words);
                let response = Button::new(&words).step(Type::Body).show(ui, spot);
                if inside.fresh && line == 0 && place == 0 {
                    response.request_focus();
                }
                if response.clicked() {
                    chosen = Some(code.code.clone());
                }
            }
        }
        let rect = inside.next(ui, 48.0);
        let marked = row.mark.as_ref().is_some_and(|mark| !mark.planned);
        if marked && Button::new("Clear the mark").show(ui, rect).clicked() {
            chosen = Some(String::new());
        }
        for (words, which) in [("Comment", "comment"), ("About this mark", "about")] {
            let rect = inside.next(ui, 48.0);
            if Button::new(words).show(ui, rect).clicked() {
                chosen = Some(which.to_owned());
            }
        }
        chosen
    });
    if closed || chosen.is_some() {
        close(state, touch);
    }
    match chosen.as_deref() {
        None => Vec::new(),
        Some("settle") => {
            state.extra = Some(Extra::Settle { pupil });
            Vec::new()
        }
        Some("about") => {
            state.extra = Some(Extra::About { pupil });
            Vec::new()
        }
        Some("comment") => {
            state.extra = Some(about::begin_comment(row));
            Vec::new()
        }
        Some("") => typing::clear(view, state, row),
        Some(code) => {
            let asks = view.codes.iter().any(|line| line.code == code && line.minutes);
            let minutes = asks.then(|| view.minutes_late.to_string());
            typing::send(view, state, pupil, code, minutes, false)
        }
    }
}

/// The question that an intent answered, where it held words.
pub(super) fn again(intent: Intent) -> Option<Extra> {
    Some(match intent {
        Intent::Mark { pupil, code, minutes, note, reason, among, .. } => {
            let (asks_note, words) = (note.is_some(), Zeroizing::new(note.or(reason)?));
            Extra::Ask { pupil, code, minutes, note: asks_note, words, problem: false, among }
        }
        Intent::ClearMark { pupil, reason, among, .. } => {
            let words = Zeroizing::new(reason?);
            Extra::Ask { pupil, code: String::new(), minutes: None, note: false, words, problem: false, among }
        }
        Intent::Comment { pupil, words, among, .. } => {
            Extra::Comment { pupil, words: Zeroizing::new(words), problem: false, among }
        }
        Intent::AddUnlisted { register, name, words } => about::unlisted_again(register, name, words),
        _ => return None,
    })
}

/// A question's stable name: whose mark, and which.
fn draft_name(pupil: SubjectId, code: &str, minutes: Option<&str>, note: bool) -> String {
    let minutes = minutes.unwrap_or_default();
    format!("ask/{}/{minutes}/{}/{code}", draft::hex(&pupil.0), if note { "note" } else { "reason" })
}

/// The question, the comment or the child on no list in which something was typed and not saved, for somebody on this
/// register.
pub(super) fn left_open(ui: &Ui, view: &RegisterView, state: &RegisterState) -> Option<Extra> {
    draft::waiting(ui, "").iter().find_map(|field| {
        if let Some(pupil) = field.strip_prefix(about::COMMENT) {
            let row = row(view, draft::subject(pupil)?)?;
            // Empty: what was typed over an earlier comment is filled in, and not that one.
            let (words, among) = (Zeroizing::default(), row.notes.clone());
            return Some(Extra::Comment { pupil: row.pupil, words, problem: false, among });
        }
        if field.starts_with(about::UNLISTED) {
            return Some(about::begin_unlisted(view, state));
        }
        let mut parts = field.strip_prefix("ask/")?.splitn(4, '/');
        let pupil = draft::subject(parts.next()?)?;
        let minutes = parts.next().filter(|typed| !typed.is_empty()).map(str::to_owned);
        let note = parts.next()? == "note";
        let code = parts.next()?.to_owned();
        Some(Extra::ask(row(view, pupil)?, code, minutes, note))
    })
}

fn ask_ui(ui: &mut Ui, view: &RegisterView, state: &mut RegisterState) -> Vec<Intent> {
    let Some(Extra::Ask { pupil, code, minutes, note, mut words, mut problem, among }) = state.extra.clone() else {
        return Vec::new();
    };
    let shown = row(view, pupil);
    let asks_why = shown.is_some_and(|row| row.needs_reason);
    let touch = look(ui).touch;
    let spoken = shown.map(|row| row.spoken.clone()).unwrap_or_default();
    let what = if code.is_empty() { "no mark".to_owned() } else { code.clone() };
    let title = if note { format!("{spoken}, {code}") } else { format!("{spoken}, change to {what}") };
    let ask = if note { "What it is" } else { "Why it changes" };
    let field = draft_name(pupil, &code, minutes.as_deref(), note);
    let back = draft::follow(ui, &field, &mut words);
    let (done, closed) = layer::show(ui, "ask", &title, 480.0, |ui, inside| {
        let why = match (note, view.needs_reason) {
            (true, _) => "This code needs a few words.",
            (false, true) => "The register is closed. Both marks are kept.",
            (false, false) => "This mark was amended, with a reason. All are kept.",
        };
        inside.words(ui, why);
        if let Some(row) = shown.filter(|row| !note || row.needs_reason) {
            inside.words(ui, &now(row));
            if row.shown.iter().any(|name| !among.contains(name)) {
                inside.words(ui, "It was marked while you typed: both are shown, to be settled.");
            }
        }
        let rect = inside.next(ui, look(ui).control());
        let id = Id::unique("ask words");
        let response = Field::new(ask).hint(ask).id(id).limit(200).show(ui, rect, &mut words);
        if inside.fresh {
            response.request_focus();
        }
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if back {
            inside.words(ui, draft::BACK);
        }
        if problem && words.trim().is_empty() {
            inside.words(ui, "Type a few words first.");
        }
        let rect = inside.next(ui, look(ui).control());
        let save = Button::filled("Save").show(ui, Rect::from_min_size(rect.min, vec2(120.0, rect.height())));
        save.clicked() || entered
    });
    if done && words.trim().is_empty() {
        problem = true;
    } else if done || closed {
        draft::discard(ui, &field);
        close(state, touch);
        if !done {
            return Vec::new();
        }
        let said = Some(words.trim().to_owned());
        if code.is_empty() {
            return vec![Intent::ClearMark { register: view.key, pupil, reason: said, among }];
        }
        state.last_code = None;
        if !touch {
            let next = (state.list.row + 1).min(view.rows.len().saturating_sub(1));
            state.list.go(next, true);
        }
        // One field asks for one thing: a note and a reason are the same words when both are needed.
        let reason = (asks_why || !note).then(|| words.trim().to_owned());
        let note = if note { said } else { None };
        return vec![Intent::Mark { register: view.key, pupil, code, minutes, note, reason, among }];
    }
    state.extra = Some(Extra::Ask { pupil, code, minutes, note, words, problem, among });
    Vec::new()
}
