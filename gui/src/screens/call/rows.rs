//! The rows of a roll call: who stands there, what a press does, and that nothing moves under a finger.

use super::strips::nobody;
use super::{CallState, FADE_SECS, FoundAt, Top, row};
use crate::intent::{Intent, Sighting};
use crate::kit::list::{self, List};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, look, panel, size, status};
use crate::screens::care;
use egui::{Align, Id, Key, Rect, Role, Ui, vec2};
use muster_school::view::FrameView;
use muster_school::view::call::{CallRow, CallView};
use muster_school::view::status::Status;

/// True where a found person is among those who are shown.
fn is_at(row: &CallRow, at: Option<&FoundAt>) -> bool {
    match at {
        None => true,
        Some(FoundAt::Waiting) => row.at_refuge,
        Some(FoundAt::NotHere) => row.not_here,
        Some(FoundAt::Point(point)) => !row.not_here && row.place == *point,
    }
}

fn shown<'v>(view: &'v CallView, state: &CallState) -> Vec<&'v CallRow> {
    let fits = |row: &&CallRow| {
        let found = row.status == Status::Found && !state.leaving.contains_key(&row.person);
        let names = [row.name.as_str(), row.spoken.as_str()];
        let at = !state.show_found || is_at(row, state.shown_at.as_ref());
        found == state.show_found
            && at
            && state.filter.lets(&view.letters, &view.classes, row.letter, &row.group, names)
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
            let leaving = state.leaving.get(&row.person);
            let fade = match leaving {
                Some(leaving) if leaving.own => (1.0 - (now - leaving.since) / FADE_SECS).clamp(0.0, 1.0) as f32,
                Some(_) => 0.5,
                None if state.tapped.contains_key(&row.person) => 0.6,
                None => 1.0,
            };
            let shape = leaving.map_or(row.status, |leaving| leaving.status);
            if row::row_ui(ui, place, row, shape, fade) && leaving.is_none() {
                other = Some(row.person);
            }
        }
    });
    state.list = list_state;
    if let Some(person) = looked {
        state.top = Some(Top::Looked { person, place: String::new() });
        return;
    }
    if let Some(person) = other {
        state.top = Some(Top::Person(person));
        return;
    }
    let Some(row) = happened.pressed.and_then(|index| rows.get(index)) else { return };
    if state.leaving.contains_key(&row.person) || state.tapped.contains_key(&row.person) {
        return;
    }
    let (event, person) = (view.event, row.person);
    match row.status {
        Status::Check => state.top = Some(Top::Settle(person)),
        Status::Found if !row.at_refuge => intents.push(Intent::Sight { event, person, sighting: Sighting::Withdrawn }),
        _ => {
            state.tapped.insert(person, now);
            intents.push(Intent::Sight { event, person, sighting: Sighting::Found });
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
