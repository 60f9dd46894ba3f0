//! The PIN of a sign-in that the device locked: a pad for fingers in gloves, and the same digits from the keyboard.

use super::{LockState, forget, over_ui, title_ui};
use crate::intent::{Intent, Secret};
use crate::kit::field::Field;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, look, pad, size};
use egui::{Align, Id, Key, Rect, Ui};
use muster_school::view::lock::{LockView, PinChoice};

/// The most digits of a PIN.
const DIGITS: usize = 8;
/// The least.
const DIGITS_LEAST: usize = 4;

/// Shows it in a rectangle.
pub(super) fn pin_ui(
    ui: &mut Ui,
    rect: Rect,
    view: &LockView,
    choice: &PinChoice,
    state: &mut LockState,
) -> Vec<Intent> {
    let mut cut = Cut(rect);
    let tokens = look(ui).tokens;
    let person = view.people.iter().find(|one| one.person == Some(choice.person));
    let name = person.map(|one| one.name.as_str()).unwrap_or_default();
    title_ui(ui, &mut cut, if view.for_concern { "Unlock to add a concern" } else { "Unlock" });
    let (whose, id) = (format!("PIN of {name}"), Id::unique("pin"));
    over_ui(ui, &mut cut, &whose);
    let response =
        Field::new("PIN").secret().password(true).id(id).limit(DIGITS).show(ui, cut.top(48.0), &mut state.pin);
    if state.fresh_pin() {
        response.request_focus();
    }
    state.pin.retain(|digit| digit.is_ascii_digit());
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    cut.top(size::TOUCH_GAP);
    if let Some(words) = &view.problem {
        let high = chip::problem(ui, cut.rest().min, cut.width(), words);
        cut.top(high + size::TOUCH_GAP);
    }
    pad::pad(ui, &mut cut, &mut state.pin, DIGITS);
    let ready = state.pin.len() >= DIGITS_LEAST && view.waiting.is_none();
    let pressed = Button::filled("Unlock").step(Type::Name).enabled(ready).show(ui, cut.top(48.0)).clicked();
    cut.top(size::TOUCH_GAP);
    if Button::new("Use passphrase instead").step(Type::Name).show(ui, cut.top(48.0)).clicked() {
        state.by_passphrase = true;
        state.pin = Default::default();
    }
    cut.top(size::TOUCH_GAP);
    let tries = match choice.tries_left {
        1 => "One more wrong PIN, and only the passphrase opens.".to_owned(),
        left => format!("{left} tries, then only the passphrase opens."),
    };
    let words = format!("{tries} {}", view.note);
    let galley = text::wrapped(ui, &words, Type::Note, Weight::Regular, tokens.muted, cut.width());
    let high = galley.size().y;
    text::label(ui, cut.top(high), galley, Align::Min);
    if (pressed || entered) && ready {
        let pin = Secret::new(std::mem::take(&mut *state.pin));
        forget(ui, id);
        ui.memory_mut(|memory| memory.request_focus(id));
        return vec![Intent::Unlock { pin }];
    }
    Vec::new()
}
