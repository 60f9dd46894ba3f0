//! What belongs to the whole of a roll call: where this marshal stands, its moments, other roll calls, care details.

use super::{CallState, Top};
use crate::intent::Intent;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, layer, look, size};
use crate::screens::{apart, care, carry};
use egui::{Align, Ui};
use muster_school::view::call::{CallAct, CallView};
use muster_school::view::fire::Care;
use muster_school::view::status::Status;

/// The assembly points that have a name.
pub(super) fn points(view: &CallView) -> impl Iterator<Item = &str> {
    view.points.iter().map(|point| point.name.as_str()).filter(|name| !name.is_empty())
}

/// *Where do you stand?* Every *Found* after that says it.
pub(super) fn stand_ui(ui: &mut Ui, view: &CallView, state: &mut CallState) -> Vec<Intent> {
    let (answer, closed) = layer::show(ui, "stand", "Where do you stand?", 480.0, |ui, inside| {
        inside.words(ui, "Everybody you find from now on is found there. You can change it at any time.");
        let mut answer = None;
        for point in points(view) {
            let rect = inside.next(ui, 56.0);
            let button = Button::new(point).step(Type::Name).chosen(point == view.here);
            if button.show(ui, rect).clicked() {
                answer = Some(point.to_owned());
            }
        }
        let rect = inside.next(ui, 56.0);
        if Button::new("At none of these").step(Type::Name).show(ui, rect).clicked() {
            answer = Some(String::new());
        }
        answer
    });
    if closed || answer.is_some() {
        state.top = None;
    }
    let act = answer.map(|point| Intent::OfCall { event: view.event, act: CallAct::StandAt(point) });
    act.into_iter().collect()
}

/// What a press in the layer leads to.
enum Then {
    Top(Top),
    Act(CallAct),
    Care,
    Close,
}

fn head(ui: &mut Ui, inside: &layer::Inside, words: &str) {
    let galley = text::line(ui, words, Type::Name, Weight::Strong, look(ui).tokens.text, inside.width);
    let rect = inside.next(ui, 32.0);
    text::label(ui, rect, galley, Align::Min);
}

/// A line with words at the left and a button at the right, or under them where there is no room. True when pressed.
fn line(ui: &mut Ui, inside: &layer::Inside, words: &str, button: Button<'_>) -> bool {
    let button = button.step(Type::Name);
    let wide = button.width(ui);
    let tokens = look(ui).tokens;
    let beside = inside.width - wide - 12.0 > 180.0;
    let room = if beside { inside.width - wide - 12.0 } else { inside.width };
    let galley = text::wrapped(ui, words, Type::Name, Weight::Regular, tokens.text, room);
    let high = galley.size().y;
    if beside {
        let mut cut = Cut(inside.next(ui, high.max(size::CONTROL_TOUCH)));
        let spot = crate::kit::cut::middle(cut.right(wide), size::CONTROL_TOUCH);
        text::label(ui, cut.rest(), galley, Align::Min);
        return button.show(ui, spot).clicked();
    }
    let rect = inside.next(ui, high);
    text::label(ui, rect, galley, Align::Min);
    let rect = inside.next(ui, size::CONTROL_TOUCH);
    button.show(ui, rect).clicked()
}

/// Everything about the event that is not a person.
pub(super) fn event_ui(ui: &mut Ui, view: &CallView, state: &mut CallState, signed_in: bool) -> Vec<Intent> {
    let (then, closed) = layer::show(ui, "event", "This roll call", 600.0, |ui, inside| {
        let mut then = None;
        let here = if view.here.is_empty() { "You did not say where you stand" } else { view.here.as_str() };
        let words = if view.here.is_empty() { here.to_owned() } else { format!("You stand at {here}") };
        if points(view).next().is_some() && line(ui, inside, &words, Button::new("Change…")) {
            then = Some(Then::Top(Top::Stand));
        }
        if !view.code.is_empty() {
            let words = format!("Code {}. Two screens that show the same code have the same marks.", view.code);
            inside.words(ui, &words);
        }
        if !signed_in && line(ui, inside, "Nobody is signed in", Button::new("Say who you are…")) {
            then = Some(Then::Top(Top::Claim(String::new())));
        }
        if let Some(words) = apart::overdue(&view.trips) {
            let rect = inside.next(ui, chip::warning_height(ui, &words, inside.width));
            chip::warning(ui, rect, Status::Check, &words);
        }
        let apart = apart::words(&view.trips, &view.elsewhere);
        if !apart.is_empty() && line(ui, inside, &format!("{apart}. Not called here"), Button::new("Show them…")) {
            then = Some(Then::Top(Top::Apart));
        }
        if !view.missing.is_empty()
            && line(
                ui,
                inside,
                "For the fire service: who is to find, by last known place",
                Button::new("Who is missing…"),
            )
        {
            then = Some(Then::Top(Top::Missing));
        }
        if line(ui, inside, "Devices that this one does not reach", Button::new(carry::OPENS)) {
            then = Some(Then::Top(Top::Carry(String::new())));
        }
        then = times_ui(ui, inside, view).or(then);
        then = joins_ui(ui, inside, view).or(then);
        if let Some(button) = care::button(&view.care) {
            let words = match &view.care {
                Care::Open { words, .. } => words.as_str(),
                _ => "Medical lines, adults with one pupil, numbers to call",
            };
            head(ui, inside, "Care details");
            if line(ui, inside, words, button) {
                then = Some(Then::Care);
            }
        }
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        let done = Button::filled("Back to the list").step(Type::Name).show(ui, rect);
        if inside.fresh {
            done.request_focus();
        }
        if done.clicked() { Some(Then::Close) } else { then }
    });
    if closed {
        state.top = None;
        return Vec::new();
    }
    match then {
        None => Vec::new(),
        Some(Then::Close) => {
            state.top = None;
            Vec::new()
        }
        Some(Then::Top(top)) => {
            state.top = Some(top);
            Vec::new()
        }
        Some(Then::Act(act)) => vec![Intent::OfCall { event: view.event, act }],
        Some(Then::Care) => {
            state.top = None;
            care::pressed(&view.care, &mut state.care).into_iter().collect()
        }
    }
}

/// Who is to find, by the place where they were last known: to be read out to whoever goes in. True when it is to close.
pub(super) fn missing_ui(ui: &mut Ui, view: &CallView) -> bool {
    let (done, closed) = layer::show(ui, "missing", "Who is missing, by last known place", 640.0, |ui, inside| {
        for place in &view.missing {
            head(ui, inside, &format!("{}: {}", place.place, place.people.len()));
            for person in &place.people {
                inside.words(ui, person);
            }
        }
        if view.missing.is_empty() {
            inside.words(ui, "Nobody: everybody is found.");
        }
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        let done = Button::filled("Back to the list").step(Type::Name).show(ui, rect);
        if inside.fresh {
            done.request_focus();
        }
        done.clicked()
    });
    done || closed
}

fn times_ui(ui: &mut Ui, inside: &layer::Inside, view: &CallView) -> Option<Then> {
    if view.times.is_empty() {
        return None;
    }
    head(ui, inside, "Times");
    let mut then = None;
    for time in &view.times {
        let what = time.moment.words();
        let words = if time.at.is_empty() { format!("{what}: not yet") } else { format!("{what}: {}", time.at) };
        if time.may_set {
            let button = Button::new("Now").name(format!("Now: {}", what.to_lowercase()));
            if line(ui, inside, &words, button) {
                then = Some(Then::Act(CallAct::Now(time.moment)));
            }
        } else {
            let galley = text::wrapped(ui, &words, Type::Name, Weight::Regular, look(ui).tokens.text, inside.width);
            let rect = inside.next(ui, galley.size().y);
            text::label(ui, rect, galley, Align::Min);
        }
    }
    then
}

fn joins_ui(ui: &mut Ui, inside: &layer::Inside, view: &CallView) -> Option<Then> {
    if view.joinable.is_empty() && view.joined.is_empty() {
        return None;
    }
    head(ui, inside, "Other roll calls here");
    let mut then = None;
    for other in &view.joinable {
        let words = format!("{}. Started apart. The same event?", other.words);
        let button = Button::new("Join").name(format!("Join: {}", other.words));
        if line(ui, inside, &words, button) {
            then = Some(Then::Act(CallAct::JoinWith(other.event)));
        }
    }
    for other in &view.joined {
        let words = format!("Joined with: {}", other.words);
        let button = Button::new("Part again").name(format!("Part again: {}", other.words));
        if line(ui, inside, &words, button) {
            then = Some(Then::Act(CallAct::PartFrom(other.event)));
        }
    }
    then
}
