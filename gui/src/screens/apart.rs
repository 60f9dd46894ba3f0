//! Those who are not to be called here: off site with a leader, overdue ones first, and at another site.

use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, layer, look, size, status};
use egui::{Align, Rect, Ui, pos2, vec2};
use muster_school::view::Span;
use muster_school::view::fire::ElsewhereRow;
use muster_school::view::reception::TripRow;
use muster_school::view::status::Status;

/// How many are where, in words: `4 off site, 2 at another site`. Empty where nobody is.
pub fn words(trips: &[TripRow], elsewhere: &[ElsewhereRow]) -> String {
    let off: usize = trips.iter().filter(|trip| !trip.back).map(|trip| trip.people.len()).sum();
    let mut parts = Vec::new();
    if off > 0 || trips.iter().any(|trip| !trip.back) {
        parts.push(format!("{off} off site"));
    }
    if !elsewhere.is_empty() {
        parts.push(format!("{} at another site", elsewhere.len()));
    }
    parts.join(", ")
}

/// The trips that should be back, in a sentence with its heavier part; `None` where there is none.
pub fn overdue(trips: &[TripRow]) -> Option<Vec<Span>> {
    let late: Vec<&TripRow> = trips.iter().filter(|trip| trip.overdue && !trip.back).collect();
    let first = late.first()?;
    let more = if late.len() > 1 { format!(" And {} more.", late.len() - 1) } else { String::new() };
    Some(vec![
        Span::strong(format!("{} is not back: {}", first.title, count(first.people.len()))),
        Span::plain(format!(", led by {}. {}.{more}", first.leader, first.line)),
    ])
}

fn count(people: usize) -> String {
    if people == 1 { "1 person".to_owned() } else { format!("{people} people") }
}

/// Shows them all in a layer. True when it is to close.
pub fn layer_ui(ui: &mut Ui, trips: &[TripRow], elsewhere: &[ElsewhereRow]) -> bool {
    let (done, closed) = layer::show(ui, "apart", "Not called here", 640.0, |ui, inside| {
        let tokens = look(ui).tokens;
        for trip in trips.iter().filter(|trip| !trip.back) {
            let phone = if trip.phone.is_empty() { String::new() } else { format!(", {}", trip.phone) };
            let first = Span::strong(format!("{}. ", trip.title));
            let about = Span::plain(format!("{}. Led by {}{phone}.", trip.line, trip.leader));
            let names = trip.people.join("; ");
            let parts = [first, about, Span::plain(format!("\n{}: {names}", count(trip.people.len())))];
            let shape = if trip.overdue { Status::Check } else { Status::OffSite };
            if trip.overdue {
                let rect = inside.next(ui, chip::warning_height(ui, &parts, inside.width));
                chip::warning(ui, rect, shape, &parts);
                continue;
            }
            let galley = text::spans(ui, &parts, Type::Body, tokens.text, inside.width - 40.0, 40);
            let rect = inside.next(ui, galley.size().y + 8.0);
            let spot = pos2(rect.left() + 16.0, rect.top() + 14.0);
            status::paint(ui.painter(), spot, 20.0, shape, tokens.status(shape), tokens.surface);
            text::label(ui, Rect::from_min_max(rect.min + vec2(40.0, 0.0), rect.max), galley, Align::Min);
        }
        if !elsewhere.is_empty() {
            let galley = text::line(ui, "At another site", Type::Name, Weight::Strong, tokens.text, inside.width);
            let rect = inside.next(ui, 32.0);
            text::label(ui, rect, galley, Align::Min);
        }
        for row in elsewhere {
            let rect = inside.next(ui, 24.0);
            let mut cut = Cut(rect);
            let third = cut.width() * 0.36;
            text::put(ui, cut.left(third), &row.name, Type::Body, Weight::Strong, tokens.text);
            text::put(ui, cut.left(third * 0.5), &row.group, Type::Body, Weight::Regular, tokens.text);
            text::put(ui, cut.rest(), &row.line, Type::Body, Weight::Regular, tokens.text);
            text::say(ui, rect, &format!("{}, {}, {}", row.name, row.group, row.line));
        }
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        let done = Button::filled("Done").step(Type::Name).show(ui, rect);
        if inside.fresh {
            done.request_focus();
        }
        done.clicked()
    });
    done || closed
}
