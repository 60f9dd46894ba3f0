//! One's own sign-in: a PIN for a while, another passphrase, and signing out.

use super::care;
use super::choose::{Choice, ChooseState, Offer, choose_ui};
use super::lock::{forget, over_ui, passphrase_ui};
use crate::intent::{Intent, LockReason, Secret};
use crate::kit::field::Field;
use crate::kit::text::{self, Type};
use crate::kit::typed::Typed;
use crate::kit::{Button, Cut, Weight, chip, look, size};
use egui::{Align, Id, Key, Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};
use muster_school::view::Span;
use muster_school::view::lock::OwnView;
use muster_school::view::status::Status;

/// How wide a part is at most, in points.
const PART: f32 = 440.0;

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct OwnState {
    pin: Typed,
    marshal: Typed,
    old: Typed,
    shown: bool,
    choose: ChooseState,
}

fn pin_id() -> Id {
    Id::unique("new pin")
}

fn marshal_id() -> Id {
    Id::unique("new marshal pin")
}

fn old_id() -> Id {
    Id::unique("old passphrase")
}

/// Shows the screen in the whole of `ui`.
pub fn own_ui(ui: &mut Ui, view: &OwnView, state: &mut OwnState) -> Vec<Intent> {
    let mut intents = Vec::new();
    let rect = ui.max_rect();
    let mut inner = ui.new_child(UiBuilder::new().id_salt("own").max_rect(rect));
    ScrollArea::vertical().auto_shrink(false).show(&mut inner, |ui| {
        let wide = rect.width() - 2.0 * size::MARGIN - 8.0;
        let top = ui.max_rect().top();
        let mut cut = Cut(Rect::from_min_size(pos2(rect.left() + size::MARGIN, top + 12.0), vec2(wide, 2_000.0)));
        let tokens = look(ui).tokens;
        let galley = text::line(ui, "Your sign-in", Type::Title, Weight::Strong, tokens.text, cut.width());
        text::label(ui, cut.top(28.0), galley, Align::Min);
        cut.top(12.0);
        if let Some(words) = &view.done {
            let parts = [Span::plain(words.clone())];
            let high = chip::warning_height(ui, &parts, cut.width());
            chip::warning(ui, cut.top(high), Status::Present, &parts);
            cut.top(12.0);
        }
        if let Some(words) = &view.problem {
            let high = chip::problem(ui, cut.rest().min, cut.width(), words);
            cut.top(high + 12.0);
        }
        text::live(ui, "own", view.done.as_deref().or(view.problem.as_deref()).unwrap_or_default());
        if cut.width() >= 2.0 * PART {
            let mut left = Cut(cut.left(PART.min(cut.width() / 2.0 - 24.0)));
            cut.left(48.0);
            let mut right = Cut(Rect::from_min_size(cut.rest().min, vec2(PART, 800.0)));
            pin_ui(ui, &mut left, view, state, &mut intents);
            passphrase_part(ui, &mut right, view, state, &mut intents);
            ui.set_height((right.rest().top().max(left.rest().top()) - top) + 24.0);
        } else {
            let mut column = Cut(Rect::from_min_size(cut.rest().min, vec2(cut.width().min(PART), 1_900.0)));
            pin_ui(ui, &mut column, view, state, &mut intents);
            column.top(24.0);
            passphrase_part(ui, &mut column, view, state, &mut intents);
            ui.set_height(column.rest().top() - top + 24.0);
        }
    });
    intents
}

fn head_ui(ui: &mut Ui, cut: &mut Cut, title: &str, words: &str) {
    let tokens = look(ui).tokens;
    let galley = text::line(ui, title, Type::Name, Weight::Strong, tokens.text, cut.width());
    text::label(ui, cut.top(24.0), galley, Align::Min);
    cut.top(8.0);
    let galley = text::wrapped(ui, words, Type::Body, Weight::Regular, tokens.text, cut.width());
    let high = galley.size().y;
    text::label(ui, cut.top(high), galley, Align::Min);
    cut.top(16.0);
}

fn pin_ui(ui: &mut Ui, cut: &mut Cut, view: &OwnView, state: &mut OwnState, intents: &mut Vec<Intent>) {
    let ends = "It ends when you sign out, after three wrong tries, and some hours after your sign-in.";
    let words = match &view.pin {
        Some(until) => format!("Your PIN unlocks this device after a lock, {until}. {ends}"),
        None => format!("A PIN unlocks this device again after a lock. {ends}"),
    };
    head_ui(ui, cut, "PIN for this sign-in", &words);
    over_ui(ui, cut, "New PIN, 4 to 8 digits");
    let field = Field::new("New PIN, 4 to 8 digits").secret().password(true).id(pin_id()).limit(8);
    let response = field.show(ui, cut.top(48.0), &mut state.pin);
    state.pin.retain(|digit| digit.is_ascii_digit());
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    cut.top(12.0);
    let ready = state.pin.len() >= 4;
    let words = if view.pin.is_some() { "Set another PIN" } else { "Set a PIN for this sign-in" };
    let pressed = Button::new(words).step(Type::Name).enabled(ready).show(ui, cut.top(48.0)).clicked();
    if ready && (pressed || entered) {
        intents.push(Intent::SetPin { pin: Secret::new(std::mem::take(&mut *state.pin)) });
        forget(ui, pin_id());
    }
    cut.top(32.0);
    marshal_ui(ui, cut, state, intents);
    cut.top(32.0);
    head_ui(ui, cut, "Sign out", "Somebody else can use this device then. Your PIN ends.");
    if Button::new("Sign out").step(Type::Name).show(ui, cut.top(48.0)).clicked() {
        intents.push(Intent::Lock(LockReason::SignedOut));
    }
}

/// The PIN of the site's marshals. Whoever may not set it is told so by the engine.
fn marshal_ui(ui: &mut Ui, cut: &mut Cut, state: &mut OwnState, intents: &mut Vec<Intent>) {
    let words = "It opens care lines and telephone numbers on the fire register and in a roll call with nobody signed in, at this site. Give it to your fire marshals. A site lead sets it; a new one ends the one before.";
    head_ui(ui, cut, "The marshal’s PIN", words);
    let label = "New marshal’s PIN, 6 to 12 digits";
    over_ui(ui, cut, label);
    let field = Field::new(label).secret().password(true).id(marshal_id()).limit(care::DIGITS);
    let response = field.show(ui, cut.top(48.0), &mut state.marshal);
    state.marshal.retain(|digit| digit.is_ascii_digit());
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    cut.top(12.0);
    let ready = state.marshal.len() >= care::DIGITS_LEAST;
    let set = Button::new("Set the marshal’s PIN").step(Type::Name).enabled(ready);
    let pressed = set.show(ui, cut.top(48.0)).clicked();
    if ready && (pressed || entered) {
        intents.push(Intent::SetMarshalPin { pin: Secret::new(std::mem::take(&mut *state.marshal)) });
        forget(ui, marshal_id());
    }
}

fn passphrase_part(ui: &mut Ui, cut: &mut Cut, view: &OwnView, state: &mut OwnState, intents: &mut Vec<Intent>) {
    let words = "A new one works here at once, and on your other devices when they have met this one.";
    head_ui(ui, cut, "Another passphrase", words);
    over_ui(ui, cut, "Your passphrase so far");
    passphrase_ui(ui, cut.top(48.0), "Your passphrase so far", &mut state.old, &mut state.shown, old_id());
    cut.top(16.0);
    let offer = Offer { suggested: view.suggested.expose(), advice: &view.advice, strength: view.strength.as_ref() };
    if let Choice::Done(new) = choose_ui(ui, cut, &offer, &mut state.choose, ("Change passphrase", false), intents) {
        let old = Secret::new(std::mem::take(&mut *state.old));
        forget(ui, old_id());
        intents.push(Intent::ChangePassphrase { old, new: Secret::new(new.to_string()) });
    }
}
