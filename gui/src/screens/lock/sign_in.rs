//! A person and a passphrase: all that a sign-in needs.

use super::{LockState, forget, over_ui, passphrase_ui, title_ui, words_ui};
use crate::intent::{Intent, Screen, Secret};
use crate::kit::choice::choice;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, look};
use egui::{Align, Id, Rect, Ui};
use muster_core::id::PersonId;
use muster_school::view::lock::{LockView, PersonChoice};

/// For whoever has no keys on this device.
const NEEDS_WORDS: &str = "For a first sign-in you need one-time words. The office or your site lead makes them and reads them to you, by telephone too. If you have signed in on another device of the school, your keys come here by themselves once the two meet.";

/// Shows it in a rectangle.
pub(super) fn sign_in_ui(ui: &mut Ui, rect: Rect, view: &LockView, state: &mut LockState) -> Vec<Intent> {
    let mut cut = Cut(rect);
    let tokens = look(ui).tokens;
    title_ui(ui, &mut cut, if view.for_concern { "Sign in to add a concern" } else { "Sign in" });
    over_ui(ui, &mut cut, "Who are you?");
    let names: Vec<String> = view.people.iter().map(|one| one.name.clone()).collect();
    let place = state.who(view).map(|(place, _)| place);
    if let Some(chosen) = choice(ui, cut.top(48.0), "Who are you?", Some("Choose your name"), &names, place) {
        state.person = chosen.and_then(|place| view.people.get(place)?.person);
        state.chosen = true;
    }
    if place.is_none() {
        cut.top(4.0);
        let words = "Not on the list? Your sign-in is new here, or was made anew: choose the last line.";
        let galley = text::wrapped(ui, words, Type::Note, Weight::Regular, tokens.muted, cut.width());
        let high = galley.size().y;
        text::label(ui, cut.top(high), galley, Align::Min);
    }
    cut.top(16.0);
    let chosen = state.who(view).map(|(_, one)| one);
    let person: Option<PersonId> = chosen.and_then(|one| one.person);
    if let Some(person) = person.filter(|_| chosen.is_some_and(|one| !one.activated)) {
        words_ui(ui, &mut cut, NEEDS_WORDS, 16.0);
        let button = Button::filled("Use one-time words").step(Type::Name);
        if button.show(ui, cut.top(48.0)).clicked() {
            return vec![Intent::Open(Screen::Activation(person))];
        }
        return Vec::new();
    }
    over_ui(ui, &mut cut, "Passphrase");
    let spot = cut.top(48.0);
    let entered =
        passphrase_ui(ui, spot, "Passphrase", &mut state.passphrase, &mut state.shown, Id::unique("passphrase"));
    cut.top(4.0);
    let may = text::line(ui, "You may paste it.", Type::Note, Weight::Regular, tokens.muted, cut.width());
    text::label(ui, cut.top(18.0), may, Align::Min);
    cut.top(16.0);
    if let Some(words) = &view.problem {
        let high = chip::problem(ui, cut.rest().min, cut.width(), words);
        cut.top(high + 12.0);
    }
    let wait = wait_ui(ui, chosen, state);
    let ready = person.is_some() && !state.passphrase.is_empty() && view.waiting.is_none() && wait.is_none();
    let button = Button::filled("Sign in").step(Type::Name).enabled(ready);
    let pressed = button.show(ui, cut.top(48.0)).clicked();
    cut.top(12.0);
    let below = wait.clone().or_else(|| view.waiting.clone()).unwrap_or_else(|| view.note.clone());
    let strong = if wait.is_some() { Weight::Strong } else { Weight::Regular };
    let colour = if wait.is_some() { tokens.text } else { tokens.muted };
    let galley = text::wrapped(ui, &below, Type::Note, strong, colour, cut.width());
    let high = galley.size().y;
    text::label(ui, cut.top(high), galley, Align::Min);
    cut.top(12.0);
    let forgotten = Button::link("I have forgotten my passphrase");
    let wide = forgotten.width(ui);
    if forgotten.show(ui, Cut(cut.top(32.0)).left(wide)).clicked() {
        state.forgotten = true;
    }
    if view.pin.is_some() {
        let pin = Button::link("Use my PIN");
        let wide = pin.width(ui);
        if pin.show(ui, Cut(cut.top(32.0)).left(wide)).clicked() {
            state.by_passphrase = false;
        }
    }
    match person {
        Some(person) if (pressed || entered) && ready => {
            let passphrase = Secret::new(std::mem::take(&mut *state.passphrase));
            forget(ui, Id::unique("passphrase"));
            // After a wrong one the next is typed without reaching for a mouse.
            ui.memory_mut(|memory| memory.request_focus(Id::unique("passphrase")));
            vec![Intent::SignIn { person, passphrase }]
        }
        _ => Vec::new(),
    }
}

/// The wait after wrong tries, in words, if there is one. It is read out once, and not every second.
fn wait_ui(ui: &mut Ui, person: Option<&PersonChoice>, state: &LockState) -> Option<String> {
    let secs = person.and_then(|one| state.wait_secs(one, ui.input(|input| input.time)));
    let all = person.filter(|_| secs.is_some()).map(|one| wait_words(f64::from(one.wait_secs)));
    text::live(ui, "wait", &all.unwrap_or_default());
    secs.map(wait_words)
}

/// The wait after wrong tries, as in `Wait 1 minute and 5 seconds before the next try`.
fn wait_words(secs: f64) -> String {
    let unit = |number: f64, one: &str| match number {
        1.0 => format!("1 {one}"),
        number => format!("{number:.0} {one}s"),
    };
    let (minutes, rest) = ((secs / 60.0).floor(), secs % 60.0);
    let time = match (minutes > 0.0, rest > 0.0) {
        (true, true) => format!("{} and {}", unit(minutes, "minute"), unit(rest, "second")),
        (true, false) => unit(minutes, "minute"),
        _ => unit(rest, "second"),
    };
    format!("Wait {time} before the next try. The fire register opens meanwhile.")
}

#[cfg(test)]
mod tests {
    use super::wait_words;

    #[test]
    fn a_wait_is_said_in_words_a_person_uses() {
        let said = |secs: f64| wait_words(secs).split(" before").next().unwrap().to_owned();
        assert_eq!(said(1.0), "Wait 1 second");
        assert_eq!(said(25.0), "Wait 25 seconds");
        assert_eq!(said(60.0), "Wait 1 minute");
        assert_eq!(said(125.0), "Wait 2 minutes and 5 seconds");
    }
}
