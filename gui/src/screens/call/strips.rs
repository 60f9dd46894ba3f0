//! Lines above the rows: who waits for help, another roll call of the same event; and, among those who are found,
//! where they were found.

use super::{CallState, FoundAt, Top};
use crate::intent::Intent;
use crate::kit::flow::flow;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, cut, look, panel, size, status};
use egui::{Align, Ui, pos2, vec2};
use muster_school::view::Span;
use muster_school::view::call::{CallAct, CallView};
use muster_school::view::status::Status;

/// What is shown of those who are found.
fn places(view: &CallView) -> Vec<(String, Option<FoundAt>)> {
    let waiting = view.rows.iter().filter(|row| row.at_refuge).count();
    let not_here = view.rows.iter().filter(|row| row.not_here).count();
    let mut places = vec![(format!("All {}", view.found), None)];
    if waiting > 0 {
        places.push((format!("Waiting for help {waiting}"), Some(FoundAt::Waiting)));
    }
    for point in view.points.iter().filter(|point| !point.name.is_empty() || point.found > 0) {
        let name = if point.name.is_empty() { "No point named" } else { &point.name };
        places.push((format!("{name} {}", point.found), Some(FoundAt::Point(point.name.clone()))));
    }
    if not_here > 0 {
        places.push((format!("Not here today {not_here}"), Some(FoundAt::NotHere)));
    }
    places
}

/// Shows the bar of those who are found.
pub(super) fn found_at_ui(ui: &mut Ui, cut: &mut Cut, view: &CallView, state: &mut CallState) {
    let places = places(view);
    if places.len() < 2 {
        return;
    }
    let buttons: Vec<Button<'_>> =
        places.iter().map(|(words, at)| Button::new(words).step(Type::Body).chosen(state.shown_at == *at)).collect();
    let wides: Vec<f32> = buttons.iter().map(|button| button.width(ui)).collect();
    let wide = cut.width() - 2.0 * size::MARGIN;
    let (_, high) = flow(pos2(0.0, 0.0), wide, size::CONTROL_TOUCH, &wides);
    let bar = cut.top(high + 16.0);
    panel::rule(ui, bar, bar.bottom());
    let (rects, _) = flow(bar.min + vec2(size::MARGIN, 8.0), wide, size::CONTROL_TOUCH, &wides);
    let mut chosen = None;
    for ((button, rect), (_, at)) in buttons.into_iter().zip(rects).zip(&places) {
        if button.show(ui, rect).clicked() {
            chosen = Some(at.clone());
        }
    }
    if let Some(at) = chosen {
        state.shown_at = at;
    }
}

/// A line on the ground of a warning, with a button at its right. True when it was pressed.
fn strip(ui: &mut Ui, cut: &mut Cut, shape: Status, words: &[Span], button: Button<'_>) -> bool {
    let button = button.step(Type::Name);
    let wide = button.width(ui);
    let tokens = look(ui).tokens;
    let room = cut.width() - 2.0 * size::MARGIN - wide - 52.0;
    let galley = text::spans(ui, words, Type::Body, tokens.text, room, 4);
    let rect = cut.top((galley.size().y + 12.0).max(size::CONTROL_TOUCH + 8.0));
    ui.painter().rect_filled(rect, 0.0, tokens.warn);
    panel::rule(ui, rect, rect.bottom());
    let mut line = Cut(rect.shrink2(vec2(size::MARGIN, 0.0)));
    let spot = cut::middle(line.right(wide), size::CONTROL_TOUCH);
    let icon = line.left(40.0).left_center() + vec2(13.0, 0.0);
    status::paint(ui.painter(), icon, 22.0, shape, tokens.status(shape), tokens.warn);
    text::label(ui, line.rest(), galley, Align::Min);
    button.show(ui, spot).clicked()
}

/// Shows what is not to be overlooked.
pub(super) fn strips_ui(ui: &mut Ui, cut: &mut Cut, view: &CallView, state: &mut CallState, intents: &mut Vec<Intent>) {
    for other in &view.joinable {
        let words = [
            Span::strong("Another roll call runs here, started apart. "),
            Span::plain(format!("{}. The same event?", other.words)),
        ];
        let button = Button::new("Join").name(format!("Join: {}", other.words));
        if strip(ui, cut, Status::Check, &words, button) {
            intents.push(Intent::OfCall { event: view.event, act: CallAct::JoinWith(other.event) });
        }
    }
    if state.show_found {
        return;
    }
    let since: Vec<&str> = view.heard_since.iter().map(|one| one.name.as_str()).collect();
    if let Some(first) = since.first() {
        let (count, who) = match since.len() {
            1 => ("1 is believed here since the start".to_owned(), (*first).to_owned()),
            many => (format!("{many} are believed here since the start"), format!("{first} and others")),
        };
        let words = [Span::strong(format!("{count}: ")), Span::plain(format!("{who}. On nobody’s list to call."))];
        if strip(ui, cut, Status::MustCall, &words, Button::new("Find").name("Find who came after the start")) {
            state.top = Some(Top::Since);
        }
    }
    let waiting: Vec<&str> = view.rows.iter().filter(|row| row.at_refuge).map(|row| row.spoken.as_str()).collect();
    if let Some(first) = waiting.first() {
        let (count, who) = match waiting.len() {
            1 => ("1 waits for help to leave".to_owned(), (*first).to_owned()),
            many => (format!("{many} wait for help to leave"), format!("{first} and others")),
        };
        let words = [Span::strong(format!("{count}: ")), Span::plain(who)];
        let button = Button::new("Show").name("Show who waits for help");
        if strip(ui, cut, Status::MustCall, &words, button) {
            (state.show_found, state.shown_at) = (true, Some(FoundAt::Waiting));
        }
    }
}

/// What is said where no row stands.
pub(super) fn nobody(view: &CallView, state: &CallState) -> &'static str {
    match (state.filter.narrows() || state.shown_at.is_some(), state.show_found) {
        (true, _) => "Nobody fits. Choose All, or clear the search. Somebody not listed? Add a person",
        (false, true) => "Nobody is found yet",
        (false, false) if view.total == 0 => "Nobody is on this list. Somebody here? Add a person",
        (false, false) => "Nobody is left to find",
    }
}

/// The width of a tag with the gap behind it.
pub(super) fn tags_width(ui: &Ui, tags: &[String]) -> f32 {
    tags.iter().map(|tag| chip::tag_width(ui, tag, Type::Body, Weight::Strong) + 8.0).sum()
}
