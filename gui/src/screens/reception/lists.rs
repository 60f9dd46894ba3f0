//! Who is here, who is between sites, what is off site, and lines of the kiosk that are nobody's yet; and what a press
//! on one of them offers.

use super::{ReceptionState, Tab, Top};
use crate::kit::list::{self, Rows};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, layer, look, panel, person_row};
use egui::{Id, Rect, Role, Ui};
use muster_school::view::SubjectId;
use muster_school::view::reception::{DoorLine, HereRow, MovedRow, ReceptionAct, ReceptionView, TripId, TripRow};
use muster_school::view::status::Status;

/// How high a row is, in points: two lines under a finger.
pub(super) const ROW: f32 = 56.0;

/// Paints a row: a shape, what is strong, what is beside it, and what a press does.
pub(super) fn row_ui(ui: &Ui, rect: Rect, shape: Option<Status>, name: &str, beside: &str, line: &str, does: &str) {
    let tokens = look(ui).tokens;
    let mut cut = Cut(rect.shrink2(pad()));
    if !does.is_empty() {
        let wide = text::width(ui, does, Type::Body, Weight::Strong) + 4.0;
        text::put_right(ui, cut.right(wide), does, Type::Body, Weight::Strong, tokens.accent);
        cut.right(12.0);
    }
    if let Some(shape) = shape {
        let spot = cut.left(32.0);
        person_row::shape(ui, spot, 18.0, shape, tokens.surface);
    }
    let mut upper = Cut(cut.top(cut.height() / 2.0));
    let end = text::put(ui, upper.rest(), name, Type::Name, Weight::Strong, tokens.text);
    upper.left(end - upper.rest().left() + 10.0);
    text::put(ui, upper.rest(), beside, Type::Body, Weight::Regular, tokens.text);
    text::put(ui, cut.rest(), line, Type::Note, Weight::Regular, tokens.text);
}

fn pad() -> egui::Vec2 {
    egui::vec2(12.0, 7.0)
}

/// Shows the list of the chosen tab.
pub(super) fn list_ui(
    ui: &mut Ui,
    rect: Rect,
    view: &ReceptionView,
    state: &mut ReceptionState,
) -> Option<ReceptionAct> {
    panel::panel(ui, rect);
    let inner = rect.shrink(1.0);
    let mut act = None;
    let (list, top) = (&mut state.list, &mut state.top);
    match state.tab {
        Tab::Find | Tab::Here => {
            let name = |row: &HereRow| format!("{}, {}, {}", row.name, row.kind.word(), row.line);
            let id = |_: usize, row: &HereRow| Id::unique(("here", row.person));
            let of = rows("here", &id, &name, "Nobody is signed in");
            let pressed = list::rows(ui, inner, list, &view.here, &of, |ui, rect, row| {
                row_ui(ui, rect, None, &row.name, row.kind.word(), &row.line, "Open…");
            });
            *top = pressed.map(|row| Top::Here(row.person)).or(top.take());
        }
        Tab::Moved => {
            let name = |row: &MovedRow| {
                if row.arriving {
                    format!("Arrived: {}, {}", row.name, row.line)
                } else {
                    format!("{}, {}", row.name, row.line)
                }
            };
            let id = |_: usize, row: &MovedRow| Id::unique(("moved", row.person));
            let of = rows("moved", &id, &name, "Nobody is between sites today");
            let pressed = list::rows(ui, inner, list, &view.moved, &of, |ui, rect, row| {
                let does = if row.arriving { "Arrived" } else { "" };
                row_ui(ui, rect, None, &row.name, "", &row.line, does);
            });
            act = pressed.filter(|row| row.arriving).map(|row| ReceptionAct::Arrived(row.person));
        }
        Tab::Trips => {
            let name = |trip: &TripRow| format!("{}, led by {}, {}", trip.title, trip.leader, trip.line);
            let id = |_: usize, trip: &TripRow| Id::unique(("trip", trip.trip.0));
            let of = rows("trips", &id, &name, "No trip today");
            let pressed = list::rows(ui, inner, list, &view.trips, &of, |ui, rect, trip| {
                let shape = match (trip.back, trip.overdue) {
                    (true, _) => Status::Present,
                    (false, true) => Status::Check,
                    (false, false) => Status::OffSite,
                };
                if shape == Status::Check {
                    ui.painter().rect_filled(rect, 0.0, look(ui).tokens.warn);
                }
                row_ui(ui, rect, Some(shape), &trip.title, &trip.leader, &trip.line, "Open…");
            });
            *top = pressed.map(|trip| Top::Trip(trip.trip)).or(top.take());
        }
        Tab::Match => {
            let name = |line: &DoorLine| line.words.clone();
            let id = |_: usize, line: &DoorLine| Id::unique(("line", line.person));
            let of = rows("lines", &id, &name, "Every sign-in at the kiosk is somebody’s");
            let pressed = list::rows(ui, inner, list, &view.to_match, &of, |ui, rect, line| {
                let count = match line.candidates.len() {
                    0 => "Fits nobody".to_owned(),
                    1 => "1 person fits".to_owned(),
                    many => format!("{many} people fit"),
                };
                row_ui(ui, rect, Some(Status::Check), &line.words, "", &count, "Who is it…");
            });
            *top = pressed.map(|line| Top::Line(line.person)).or(top.take());
        }
    }
    panel::outline(ui, rect);
    act
}

fn rows<'a, T>(
    salt: &'static str,
    id: &'a dyn Fn(usize, &T) -> Id,
    name: &'a dyn Fn(&T) -> String,
    empty: &'a str,
) -> Rows<'a, T> {
    Rows { salt, height: ROW, role: Role::Button, id, name, empty }
}

/// A button as wide as the layer. True when it was pressed.
fn offer(ui: &mut Ui, inside: &layer::Inside, button: Button<'_>, grab: bool) -> bool {
    let rect = inside.next(ui, 56.0);
    let response = button.step(Type::Name).show(ui, rect);
    if inside.fresh && grab {
        response.request_focus();
    }
    response.clicked()
}

/// One of those who are here: sign out, or a badge.
pub(super) fn here_ui(
    ui: &mut Ui,
    view: &ReceptionView,
    state: &mut ReceptionState,
    person: SubjectId,
) -> Option<ReceptionAct> {
    let row = view.here.iter().find(|row| row.person == person)?;
    let ((out, badge, stop), closed) = layer::show(ui, "here", &row.name, 440.0, |ui, inside| {
        inside.words(ui, &format!("{}. {}", row.kind.word(), row.line));
        let out = offer(ui, inside, Button::filled("Sign out").name(format!("Sign out {}", row.name)), false);
        let badge = row.badge && offer(ui, inside, Button::new("Badge…"), false);
        (out, badge, offer(ui, inside, Button::new("Not now"), true))
    });
    if badge {
        state.badge = Some((person, String::new()));
    } else if !out && !stop && !closed {
        state.top = Some(Top::Here(person));
    }
    out.then_some(ReceptionAct::SignOut(person))
}

/// A trip: who is with it, and that it is back.
pub(super) fn trip_ui(
    ui: &mut Ui,
    view: &ReceptionView,
    state: &mut ReceptionState,
    trip: TripId,
) -> Option<ReceptionAct> {
    let row = view.trips.iter().find(|row| row.trip == trip)?;
    let ((back, stop), closed) = layer::show(ui, "trip", &row.title, 520.0, |ui, inside| {
        let phone = if row.phone.is_empty() { String::new() } else { format!(", {}", row.phone) };
        inside.words(ui, &format!("{}. Led by {}{phone}.", row.line, row.leader));
        inside.words(ui, &format!("With it, {}: {}", row.people.len(), row.people.join("; ")));
        let back = !row.back && offer(ui, inside, Button::filled("All of them are back"), false);
        (back, offer(ui, inside, Button::new("Not now"), true))
    });
    if !back && !stop && !closed {
        state.top = Some(Top::Trip(trip));
    }
    back.then_some(ReceptionAct::TripBack(trip))
}

/// A line of the kiosk: whose it is.
pub(super) fn line_ui(
    ui: &mut Ui,
    view: &ReceptionView,
    state: &mut ReceptionState,
    line: SubjectId,
) -> Option<ReceptionAct> {
    let row = view.to_match.iter().find(|row| row.person == line)?;
    let ((who, stop), closed) = layer::show(ui, "line", "Who is it?", 520.0, |ui, inside| {
        inside.words(ui, &row.words);
        let mut who = None;
        for one in &row.candidates {
            if offer(ui, inside, Button::new(&one.name), false) {
                who = Some(one.person);
            }
        }
        if row.candidates.is_empty() {
            inside
                .words(ui, "Nobody of that name is known here. Ask whoever signed in, and sign them in again by name.");
        }
        (who, offer(ui, inside, Button::new("Not now"), true))
    });
    if who.is_none() && !stop && !closed {
        state.top = Some(Top::Line(line));
    }
    who.map(|person| ReceptionAct::Match { line, person })
}

/// The words of a tab, with how many there are.
pub(super) fn tab_words(tab: Tab, view: &ReceptionView) -> String {
    let out = view.trips.iter().filter(|trip| !trip.back).count();
    match tab {
        Tab::Find => "Find".to_owned(),
        Tab::Here => format!("Here {}", view.here.len()),
        Tab::Moved => format!("Between sites {}", view.moved.len()),
        Tab::Trips => format!("Trips {out}"),
        Tab::Match => format!("Who is it? {}", view.to_match.len()),
    }
}

/// What a tab needs looking at for, if it does.
pub(super) fn needs_looking(tab: Tab, view: &ReceptionView) -> bool {
    match tab {
        Tab::Trips => view.trips.iter().any(|trip| trip.overdue && !trip.back),
        Tab::Match => !view.to_match.is_empty(),
        Tab::Moved => view.moved.iter().any(|row| row.arriving),
        Tab::Find | Tab::Here => false,
    }
}
