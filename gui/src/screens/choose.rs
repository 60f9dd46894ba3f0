//! Choosing a passphrase: words that were made, or one's own; how strong it is, as it is typed; and asked back once.

use super::lock::{forget, over_ui, passphrase_ui};
use crate::intent::{Intent, Secret};
use crate::kit::text::{self, Type};
use crate::kit::typed::Typed;
use crate::kit::{Button, Cut, Weight, look, panel, size, status};
use egui::{Align, Id, Key, Rect, Ui, vec2};
use muster_school::view::lock::Strength;
use muster_school::view::status::Status;

/// What is on offer, from the view of the screen.
pub(super) struct Offer<'a> {
    /// Words that were made.
    pub(super) suggested: &'a str,
    /// What is wanted of a passphrase.
    pub(super) advice: &'a str,
    /// What is thought of the one that is being typed.
    pub(super) strength: Option<&'a Strength>,
}

/// What is kept between frames.
#[derive(Clone, Debug, Default)]
pub(super) struct ChooseState {
    own: bool,
    typed: Typed,
    again: Typed,
    shown: bool,
    asked_back: bool,
    /// What was last given to be judged.
    judged: Typed,
}

/// What came of a frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// Nothing yet.
    Open,
    /// To whatever stood before.
    Back,
    /// This one, and it was typed twice.
    Done(Typed),
}

fn field_id() -> Id {
    Id::unique("chosen passphrase")
}

fn again_id() -> Id {
    Id::unique("passphrase again")
}

/// Shows it from the top of `cut` on. `done` names the last button; `back` offers a way to what stood before.
pub(super) fn choose_ui(
    ui: &mut Ui,
    cut: &mut Cut,
    offer: &Offer<'_>,
    state: &mut ChooseState,
    (done, back): (&str, bool),
    intents: &mut Vec<Intent>,
) -> Choice {
    if state.asked_back {
        return again_ui(ui, cut, offer, state, done);
    }
    let tokens = look(ui).tokens;
    let mut row = Cut(cut.top(48.0));
    let half = (row.width() - size::TOUCH_GAP) / 2.0;
    let words = Button::new("Words made for you").step(Type::Body).chosen(!state.own);
    if words.show(ui, row.left(half)).clicked() {
        state.own = false;
    }
    row.left(size::TOUCH_GAP);
    if Button::new("One of your own").step(Type::Body).chosen(state.own).show(ui, row.rest()).clicked() {
        state.own = true;
        ui.memory_mut(|memory| memory.request_focus(field_id()));
    }
    cut.top(16.0);
    if state.own {
        over_ui(ui, cut, "Your passphrase from now on");
        let spot = cut.top(48.0);
        passphrase_ui(ui, spot, "Your passphrase from now on", &mut state.typed, &mut state.shown, field_id());
        if state.typed != state.judged {
            state.judged = state.typed.clone();
            intents.push(Intent::JudgePassphrase(Secret::new(state.typed.to_string())));
        }
        cut.top(8.0);
        strength_ui(ui, cut, offer, state.typed.is_empty());
    } else {
        let rect = cut.top(72.0);
        panel::panel(ui, rect);
        let galley = text::wrapped(ui, offer.suggested, Type::Name, Weight::Strong, tokens.text, rect.width() - 24.0);
        text::label(ui, rect, galley, Align::Center);
        cut.top(8.0);
        note_ui(
            ui,
            cut,
            "Easy to remember and hard to guess. Keep them in a password manager, or on paper at home, until you know them.",
        );
        let other = Button::link("Other words").step(Type::Body);
        let wide = other.width(ui);
        if other.show(ui, Cut(cut.top(32.0)).left(wide)).clicked() {
            intents.push(Intent::SuggestPassphrase);
        }
    }
    cut.top(12.0);
    let ready = match state.own {
        true => !state.typed.is_empty() && offer.strength.is_some_and(|strength| strength.enough),
        false => !offer.suggested.is_empty(),
    };
    let mut row = Cut(cut.top(48.0));
    let mut went_back = false;
    if back {
        let button = Button::new("Back").step(Type::Name);
        let wide = button.width(ui);
        went_back = button.show(ui, row.left(wide)).clicked();
        row.left(12.0);
    }
    if Button::filled("Go on").step(Type::Name).enabled(ready).show(ui, row.rest()).clicked() {
        state.asked_back = true;
        state.shown = false;
        state.again = Typed::default();
        ui.memory_mut(|memory| memory.request_focus(again_id()));
    }
    if went_back { Choice::Back } else { Choice::Open }
}

fn strength_ui(ui: &mut Ui, cut: &mut Cut, offer: &Offer<'_>, empty: bool) {
    let tokens = look(ui).tokens;
    let Some(strength) = offer.strength.filter(|_| !empty) else {
        text::live(ui, "strength", "");
        return note_ui(ui, cut, offer.advice);
    };
    text::live(ui, "strength", &strength.words);
    let shape = if strength.enough { Status::Present } else { Status::NotMarked };
    let galley = text::wrapped(ui, &strength.words, Type::Body, Weight::Regular, tokens.text, cut.width() - 28.0);
    let high = galley.size().y.max(20.0);
    let mut line = Cut(cut.top(high));
    let spot = line.left(28.0).left_top() + vec2(10.0, 10.0);
    status::paint(ui.painter(), spot, 16.0, shape, tokens.status(shape), tokens.bg);
    text::label(ui, line.rest(), galley, Align::Min);
    cut.top(8.0);
}

fn note_ui(ui: &mut Ui, cut: &mut Cut, words: &str) {
    let colour = look(ui).tokens.muted;
    let galley = text::wrapped(ui, words, Type::Note, Weight::Regular, colour, cut.width());
    let high = galley.size().y;
    text::label(ui, cut.top(high), galley, Align::Min);
    cut.top(8.0);
}

fn again_ui(ui: &mut Ui, cut: &mut Cut, offer: &Offer<'_>, state: &mut ChooseState, done: &str) -> Choice {
    let chosen = if state.own { state.typed.clone() } else { Typed::from(offer.suggested.to_owned()) };
    over_ui(ui, cut, "The same once more");
    let spot: Rect = cut.top(48.0);
    let entered = passphrase_ui(ui, spot, "The same once more", &mut state.again, &mut state.shown, again_id());
    cut.top(8.0);
    let same = state.again == chosen;
    let words = match (state.again.is_empty(), same) {
        (true, _) => "It is asked for at each sign-in, so it is worth typing it now.",
        (false, true) => "It is the same.",
        (false, false) => "It is not the same yet.",
    };
    note_ui(ui, cut, words);
    cut.top(4.0);
    let mut row = Cut(cut.top(48.0));
    let back = Button::new("Back").step(Type::Name);
    let wide = back.width(ui);
    if back.show(ui, row.left(wide)).clicked()
        || ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::Escape))
    {
        state.asked_back = false;
        return Choice::Open;
    }
    row.left(12.0);
    let pressed = Button::filled(done).step(Type::Name).enabled(same).show(ui, row.rest()).clicked();
    if same && (pressed || entered) {
        forget(ui, field_id());
        forget(ui, again_id());
        *state = ChooseState::default();
        return Choice::Done(chosen);
    }
    Choice::Open
}
