//! What to do where a passphrase is forgotten: nobody can look it up, and somebody can let you choose another.

use super::{LockState, title_ui, words_ui};
use crate::intent::{Intent, Screen};
use crate::kit::text::Type;
use crate::kit::{Button, Cut};
use egui::{Key, Modifiers, Rect, Ui};
use muster_core::id::PersonId;
use muster_school::view::lock::LockView;

/// Shows it in a rectangle.
pub(super) fn forgotten_ui(ui: &mut Ui, rect: Rect, view: &LockView, state: &mut LockState) -> Vec<Intent> {
    let mut cut = Cut(rect);
    title_ui(ui, &mut cut, "A new passphrase");
    let words = "Ask the office or your site lead, in person or by telephone. They make one-time words for you and read them to you.";
    words_ui(ui, &mut cut, words, 12.0);
    let words = "Type the words here and choose a new passphrase. Nobody can look up the old one, and nobody learns the new one.";
    words_ui(ui, &mut cut, words, 12.0);
    let words = "If both are at another site, they can make the words there: this device takes them once it has met one of theirs.";
    words_ui(ui, &mut cut, words, 24.0);
    let chosen = state.who(view).and_then(|(_, one)| one.person);
    let go = Button::filled("I have one-time words").step(Type::Name).show(ui, cut.top(48.0)).clicked();
    cut.top(8.0);
    let back = Button::new("Back").step(Type::Name).show(ui, cut.top(48.0)).clicked();
    let escape = !state.asking && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
    if go || back || escape {
        state.forgotten = false;
    }
    // The words themselves say whose they are.
    let person = chosen.unwrap_or(PersonId::ZERO);
    if go { vec![Intent::Open(Screen::Activation(person))] } else { Vec::new() }
}
