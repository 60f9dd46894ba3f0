//! The rows of a roll call: who stands there, what a press does, and that nothing moves under a finger.

use super::strips::nobody;
use super::{CallState, FoundAt, Top, row};
use crate::intent::{Intent, Sighting};
use crate::kit::list::{self, List};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, look, panel, size, status};
use crate::screens::care;
use egui::{Align, Id, Key, Rect, Role, Ui, vec2};
use muster_school::view::call::{CallRow, CallView};
use muster_school::view::status::Status;
use muster_school::view::{FrameView, SubjectId};
use std::collections::BTreeMap;

/// True where a found person is among those who are shown.
fn is_at(row: &CallRow, at: Option<&FoundAt>) -> bool {
    match at {
        None => true,
        Some(FoundAt::Waiting) => row.at_refuge,
        Some(FoundAt::NotHere) => row.not_here,
        Some(FoundAt::Point(point)) => !row.not_here && row.place == *point,
    }
}

/// True where somebody is among those who are to be shown now.
fn fits(view: &CallView, state: &CallState, row: &CallRow) -> bool {
    let names = [row.name.as_str(), row.spoken.as_str()];
    let at = !state.show_found || is_at(row, state.shown_at.as_ref());
    (row.status == Status::Found) == state.show_found
        && at
        && state.filter.lets(&view.letters, &view.classes, row.letter, &row.group, names)
}

/// Keeps the rows where they are, or puts them as they are to be now: see [`super::order`].
pub(super) fn keep(ui: &Ui, view: &CallView, state: &mut CallState, now: f64) {
    let wanted = view.rows.iter().filter(|row| fits(view, state, row)).map(|row| row.person).collect();
    let shown_by = format!("{:?} {} {:?}", state.filter, state.show_found, state.shown_at);
    state.order.keep(ui, wanted, shown_by, now);
}

fn shown<'v>(view: &'v CallView, state: &CallState) -> Vec<&'v CallRow> {
    let by_person: BTreeMap<SubjectId, &CallRow> = view.rows.iter().map(|row| (row.person, row)).collect();
    state.order.rows().iter().filter_map(|person| by_person.get(person).copied()).collect()
}

/// How high a row is.
fn row_height(view: &CallView) -> f32 {
    let tall = view.rows.iter().any(|row| !row.care.is_empty());
    size::ROW_CALL + if tall { care::HIGHER } else { 0.0 }
}

/// How high all rows are that are shown.
pub(super) fn height(view: &CallView, state: &CallState) -> f32 {
    (shown(view, state).len() as f32 * row_height(view)).max(2.0 * size::ROW_CALL)
}

/// Shows the rows, and takes what a press on one says.
pub(super) fn rows_ui(
    ui: &mut Ui,
    rect: Rect,
    view: &CallView,
    state: &mut CallState,
    now: f64,
    intents: &mut Vec<Intent>,
) {
    let tokens = look(ui).tokens;
    let rows = shown(view, state);
    ui.painter().rect_filled(rect, 0.0, tokens.surface);
    if rows.is_empty() {
        let galley =
            text::wrapped(ui, nobody(view, state), Type::Name, Weight::Regular, tokens.muted, rect.width() - 32.0);
        text::label(ui, rect.shrink(16.0), galley, Align::Center);
        return;
    }
    let id = |index: usize| rows.get(index).map_or(Id::NULL, |row| Id::unique(("call row", row.person)));
    let name = |index: usize| rows.get(index).map(|row| row::sentence(row)).unwrap_or_default();
    let list = List {
        salt: "call rows",
        count: rows.len(),
        height: row_height(view),
        role: Role::Button,
        id: &id,
        name: &name,
        overhang: 0.0,
        ruled: true,
        escape: false,
    };
    let mut list_state = std::mem::take(&mut state.list);
    let current = rows.get(list_state.row).map(|row| row.person);
    let (mut looked, mut other) = (None, None);
    if state.top.is_none() && current.is_some() && list::has_focus(ui, id(list_state.row)) {
        let asked = ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::N));
        looked = current.filter(|_| asked && !state.show_found);
    }
    let happened = list::show(ui, rect, &mut list_state, &list, |ui, place| {
        if let Some(row) = rows.get(place.index) {
            let clear = state.order.clear(ui, row.person, fits(view, state, row), now);
            if row::row_ui(ui, place, row, clear) {
                other = Some(row.person);
            }
        }
    });
    state.list = list_state;
    state.order.touched(ui, rect, happened.focused, now);
    if let Some(person) = looked {
        state.top = Some(Top::Looked { person, place: String::new() });
        return;
    }
    if let Some(person) = other.filter(|person| state.order.takes(*person, now)) {
        state.top = Some(Top::Person(person));
        return;
    }
    let Some((at, row)) = happened.pressed.and_then(|index| Some((index, rows.get(index)?))) else { return };
    if !state.order.takes(row.person, now) {
        return;
    }
    let (event, person) = (view.event, row.person);
    let mut say = |sighting| intents.push(Intent::Sight { event, person, sighting });
    match row.status {
        Status::Check => state.top = Some(Top::Settle(person)),
        Status::Found if !row.at_refuge => say(Sighting::Withdrawn),
        _ => say(Sighting::Found),
    }
    if row.status != Status::Check {
        state.order.tapped(person, now);
        // The row stays where it is: with the keyboard the next one is at hand.
        if ui.input(|input| input.key_pressed(Key::Enter) || input.key_pressed(Key::Space)) && at + 1 < rows.len() {
            state.list.go(at + 1, true);
        }
    }
}

/// How far the marks got, who else calls, and whose tablet this is.
pub(super) fn foot_ui(ui: &mut Ui, rect: Rect, frame: &FrameView, view: &CallView, state: &mut CallState) {
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
    // Under a finger it stands among *More…*, where there is room for it.
    if frame.person.is_none() && !look(ui).touch {
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
