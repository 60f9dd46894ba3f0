//! A roll call: the band that stays, how many are to find, and one full-width row a person.
//!
//! The whole row means *Found*; on a row to check it opens *Settle*. A row that another marshal changed stays where
//! it is for a moment and ignores the finger that was on its way.

pub mod row;
pub mod top;

use super::filter::{self, Filter};
use crate::intent::{Intent, Screen, Sighting};
use crate::kit::field::Field;
use crate::kit::list::{self, List, ListState};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, layer, look, panel, size, status};
use egui::{Align, Id, Key, Rect, Role, Ui, pos2, vec2};
use muster_school::view::call::{CallRow, CallView};
use muster_school::view::status::Status;
use muster_school::view::{EventId, FrameView, SubjectId};
use std::collections::BTreeMap;

/// How long a row that was marked here takes to fade, in seconds.
const FADE_SECS: f64 = 0.18;
/// How long a row that another marshal marked stays, greyed, so that nothing moves under a finger, in seconds.
const STAY_SECS: f64 = 0.6;
/// The count is read out at most this often, in seconds.
const READ_OUT_SECS: f64 = 5.0;

/// What is on top of a roll call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Top {
    /// Two marshals disagree about somebody.
    Settle(SubjectId),
    /// Where somebody was looked for.
    Looked {
        /// Whom.
        person: SubjectId,
        /// A place typed.
        place: String,
    },
    /// Somebody who is not on the list.
    Add(String),
    /// Ending the event.
    End,
    /// With nobody signed in: whose marks these are.
    Claim(String),
}

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct CallState {
    /// Letters, class, search.
    pub filter: Filter,
    /// Show those who are found.
    pub show_found: bool,
    /// Focus and scrolling.
    pub list: ListState,
    /// What is on top.
    pub top: Option<Top>,
    event: Option<EventId>,
    before: BTreeMap<SubjectId, Status>,
    leaving: BTreeMap<SubjectId, Leaving>,
    tapped: BTreeMap<SubjectId, f64>,
    read_out: String,
    read_at: f64,
}

#[derive(Clone, Copy, Debug)]
struct Leaving {
    since: f64,
    own: bool,
    status: Status,
}

impl CallState {
    /// Notes who was found since the last frame, and lets those go whose time is over.
    fn follow(&mut self, ui: &Ui, view: &CallView, now: f64, still: bool) {
        if self.event != Some(view.event) {
            let top = top::left_open(ui, view);
            *self = Self { event: Some(view.event), read_at: f64::MIN, top, ..Self::default() };
            self.before = view.rows.iter().map(|row| (row.person, row.status)).collect();
        }
        for row in &view.rows {
            let before = self.before.insert(row.person, row.status);
            if let (Status::Found, Some(status)) = (row.status, before.filter(|before| *before != Status::Found)) {
                let own = self.tapped.contains_key(&row.person);
                self.leaving.insert(row.person, Leaving { since: now, own, status });
            }
            if before != Some(row.status) {
                self.tapped.remove(&row.person);
            }
        }
        let fade = if still { 0.0 } else { FADE_SECS };
        self.leaving.retain(|_, leaving| now - leaving.since < if leaving.own { fade } else { STAY_SECS });
        self.tapped.retain(|_, since| now - *since < 2.0);
        let words = counts_words(view);
        if words != self.read_out && now - self.read_at >= READ_OUT_SECS {
            self.read_out = words;
            self.read_at = now;
        }
    }
}

/// The counts in a sentence: `19 to find, 1 to check. Found 412 of 431`.
pub fn counts_words(view: &CallView) -> String {
    let check = if view.to_check > 0 { format!(", {} to check", view.to_check) } else { String::new() };
    format!("{} to find{check}. Found {} of {}", view.to_find, view.found, view.total)
}

/// Shows a roll call in the whole of `ui`.
pub fn call_ui(ui: &mut Ui, frame: &FrameView, view: &CallView, state: &mut CallState) -> Vec<Intent> {
    let mut intents = Vec::new();
    let look = look(ui);
    let now = ui.input(|input| input.time);
    state.follow(ui, view, now, look.reduce_motion);
    if !state.leaving.is_empty() {
        ui.ctx().request_repaint();
    }
    if let Some(report) = &view.report {
        return report_ui(ui, frame, view, report);
    }
    let mut cut = Cut(ui.max_rect());
    top::band_ui(ui, cut.top(size::BAND), frame, view, state, &mut intents);
    let rest = cut.rest();
    if rest.height() >= 380.0 {
        let foot = cut.bottom(32.0);
        above_ui(ui, &mut cut, view, state, &mut intents);
        rows_ui(ui, cut.rest(), view, state, now, &mut intents);
        foot_ui(ui, foot, frame, view, state);
    } else {
        // At double size on a small tablet only the band stays; the rest scrolls under it.
        let mut inner = ui.new_child(egui::UiBuilder::new().id_salt("call").max_rect(rest));
        egui::ScrollArea::vertical().id_salt("call scroll").auto_shrink(false).show(&mut inner, |ui| {
            let top = ui.max_rect().top();
            let mut cut = Cut(Rect::from_min_size(pos2(rest.left(), top), vec2(rest.width(), 4_000.0)));
            above_ui(ui, &mut cut, view, state, &mut intents);
            rows_ui(ui, cut.top((rest.height() - 32.0).max(size::ROW_CALL * 3.0)), view, state, now, &mut intents);
            foot_ui(ui, cut.top(32.0), frame, view, state);
            ui.set_height(cut.rest().top() - top);
        });
    }
    intents.extend(top::layer_ui(ui, view, state));
    text::live(ui, "call", &state.read_out);
    intents
}

/// What stands above the rows: the counts, what may be done, and the filters.
fn above_ui(ui: &mut Ui, cut: &mut Cut, view: &CallView, state: &mut CallState, intents: &mut Vec<Intent>) {
    top::counts_ui(ui, cut, view, state, intents);
    let width = cut.width() - 2.0 * size::MARGIN;
    let bar = cut.top(filter::height(ui, width, &view.letters) + 16.0);
    panel::rule(ui, bar, bar.bottom());
    let at = pos2(bar.left() + size::MARGIN, bar.top() + 8.0);
    filter::filter_ui(ui, at, width, &view.letters, &view.classes, &mut state.filter);
}

fn shown<'v>(view: &'v CallView, state: &CallState) -> Vec<&'v CallRow> {
    let fits = |row: &&CallRow| {
        let found = row.status == Status::Found && !state.leaving.contains_key(&row.person);
        let names = [row.name.as_str(), row.spoken.as_str()];
        found == state.show_found && state.filter.lets(&view.letters, &view.classes, row.letter, &row.group, names)
    };
    let mut rows: Vec<&CallRow> = view.rows.iter().filter(fits).collect();
    if !state.leaving.is_empty() {
        // A row that is leaving keeps its place: nothing moves under a finger.
        let rank = |status| match status {
            Status::Check => 0,
            Status::NotFound => 1,
            _ => 2,
        };
        let order = |row: &&CallRow| {
            let status = state.leaving.get(&row.person).map_or(row.status, |leaving| leaving.status);
            (rank(status), row.name.clone())
        };
        rows.sort_by_key(order);
    }
    rows
}

fn rows_ui(ui: &mut Ui, rect: Rect, view: &CallView, state: &mut CallState, now: f64, intents: &mut Vec<Intent>) {
    let tokens = look(ui).tokens;
    let rows = shown(view, state);
    ui.painter().rect_filled(rect, 0.0, tokens.surface);
    if rows.is_empty() {
        let words = match (state.filter.narrows(), state.show_found) {
            (true, _) => "Nobody fits. Choose All, or clear the search. Somebody not listed? Add a person",
            (false, true) => "Nobody is found yet",
            (false, false) => "Nobody is left to find",
        };
        let galley = text::wrapped(ui, words, Type::Name, Weight::Regular, tokens.muted, rect.width() - 32.0);
        text::label(ui, rect.shrink(16.0), galley, Align::Center);
        return;
    }
    let id = |index: usize| rows.get(index).map_or(Id::NULL, |row| Id::unique(("call row", row.person)));
    let name = |index: usize| rows.get(index).map(|row| row::sentence(row)).unwrap_or_default();
    let list = List {
        salt: "call rows",
        count: rows.len(),
        height: size::ROW_CALL,
        role: Role::Button,
        id: &id,
        name: &name,
        overhang: 0.0,
        ruled: true,
        escape: false,
    };
    let mut list_state = std::mem::take(&mut state.list);
    let current = rows.get(list_state.row).map(|row| row.person);
    let mut looked = None;
    if state.top.is_none() && current.is_some() && list::has_focus(ui, id(list_state.row)) {
        let asked = ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::N));
        looked = current.filter(|_| asked && !state.show_found);
    }
    let happened = list::show(ui, rect, &mut list_state, &list, |ui, place| {
        if let Some(row) = rows.get(place.index) {
            let leaving = state.leaving.get(&row.person);
            let fade = match leaving {
                Some(leaving) if leaving.own => (1.0 - (now - leaving.since) / FADE_SECS).clamp(0.0, 1.0) as f32,
                Some(_) => 0.5,
                None if state.tapped.contains_key(&row.person) => 0.6,
                None => 1.0,
            };
            let shape = leaving.map_or(row.status, |leaving| leaving.status);
            if row::row_ui(ui, place, row, shape, fade, state.show_found) && leaving.is_none() {
                looked = Some(row.person);
            }
        }
    });
    state.list = list_state;
    if let Some(person) = looked {
        state.top = Some(Top::Looked { person, place: String::new() });
        return;
    }
    let Some(row) = happened.pressed.and_then(|index| rows.get(index)) else { return };
    if state.leaving.contains_key(&row.person) || state.tapped.contains_key(&row.person) {
        return;
    }
    let (event, person) = (view.event, row.person);
    match row.status {
        Status::Check => state.top = Some(Top::Settle(person)),
        Status::Found => intents.push(Intent::Sight { event, person, sighting: Sighting::Withdrawn }),
        _ => {
            state.tapped.insert(person, now);
            intents.push(Intent::Sight { event, person, sighting: Sighting::Found });
        }
    }
}

fn foot_ui(ui: &mut Ui, rect: Rect, frame: &FrameView, view: &CallView, state: &mut CallState) {
    let tokens = look(ui).tokens;
    ui.painter().rect_filled(rect, 0.0, tokens.surface);
    panel::rule(ui, rect, rect.top());
    let mut cut = Cut(rect.shrink2(vec2(size::MARGIN, 0.0)));
    let shape = if view.shared { Status::Synced } else { Status::Unsynced };
    let spot = cut.left(22.0).left_center() + vec2(7.0, 0.0);
    status::paint(ui.painter(), spot, 13.0, shape, tokens.status(shape), tokens.surface);
    let who = match &frame.person {
        Some(person) => format!("{}, {person}", frame.device),
        None => format!("{}, nobody signed in", frame.device),
    };
    let wide = text::width(ui, &who, Type::Note, Weight::Regular);
    let galley = text::line(ui, &who, Type::Note, Weight::Regular, tokens.text, wide + 2.0);
    text::label(ui, cut.right(wide + 2.0), galley, Align::Max);
    cut.right(12.0);
    if frame.person.is_none() {
        let claim = Button::link("Say who you are").step(Type::Note);
        let wide = claim.width(ui);
        if cut.width() > wide + 200.0 && claim.show(ui, cut.right(wide)).clicked() {
            state.top = Some(Top::Claim(String::new()));
        }
        cut.right(12.0);
    }
    let marshals = if view.marshals.is_empty() { String::new() } else { format!(" Marshals: {}", view.marshals) };
    let words = format!("{}{marshals}", view.spread);
    let galley = text::line(ui, &words, Type::Note, Weight::Regular, tokens.text, cut.width());
    text::label(ui, cut.rest(), galley, Align::Min);
}

fn report_ui(
    ui: &mut Ui,
    frame: &FrameView,
    view: &CallView,
    report: &muster_school::view::call::CallReport,
) -> Vec<Intent> {
    let tokens = look(ui).tokens;
    let mut cut = Cut(ui.max_rect());
    let band = cut.top(size::BAND);
    ui.painter().rect_filled(band, 0.0, tokens.status(view.kind.status()));
    let words = text::line(ui, &report.title, Type::Name, Weight::Strong, tokens.on, band.width() - 32.0);
    text::label(ui, band.shrink2(vec2(size::MARGIN, 0.0)), words, Align::Min);
    let bar = cut.bottom(72.0);
    let body = cut.rest().shrink(size::MARGIN);
    let mut inner = ui.new_child(egui::UiBuilder::new().id_salt("report").max_rect(body));
    egui::ScrollArea::vertical().auto_shrink(false).show(&mut inner, |ui| {
        let wide = body.width() - 16.0;
        let never: Vec<String> = report.never_found.iter().map(|name| format!("Never found: {name}")).collect();
        for words in report.lines.iter().chain(&never) {
            let galley = text::wrapped(ui, words, Type::Name, Weight::Regular, tokens.text, wide);
            let (rect, _) = ui.allocate_exact_size(vec2(wide, galley.size().y), egui::Sense::hover());
            text::label(ui, rect, galley, Align::Min);
        }
    });
    let button = Button::filled("Close the report").step(Type::Name);
    let spot = Rect::from_min_size(bar.min + vec2(size::MARGIN, 12.0), vec2(button.width(ui), 48.0));
    if button.show(ui, spot).clicked() {
        let next = if frame.person.is_some() { Screen::Today } else { Screen::Lock };
        return vec![Intent::Open(next)];
    }
    Vec::new()
}

/// What the fields of the layers share.
pub(crate) fn ask_field(ui: &mut Ui, inside: &layer::Inside, name: &str, value: &mut String) -> bool {
    let rect = inside.next(ui, size::CONTROL_TOUCH);
    let response = Field::new(name).hint(name).limit(80).show(ui, rect, value);
    if inside.fresh {
        response.request_focus();
    }
    response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

/// A tag of help needed, for rows: how wide all are.
pub(crate) fn tags_width(ui: &Ui, tags: &[String]) -> f32 {
    tags.iter().map(|tag| chip::tag_width(ui, tag, Type::Body, Weight::Strong) + 8.0).sum()
}
