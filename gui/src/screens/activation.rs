//! A first sign-in, or the next one after a forgotten passphrase: one-time words from an officer, then a passphrase.

use super::choose::{Choice, ChooseState, Offer, choose_ui};
use super::lock::{forget, header_ui, over_ui};
use crate::intent::{Intent, Screen, Secret};
use crate::kit::field::Field;
use crate::kit::text::{self, Type};
use crate::kit::typed::Typed;
use crate::kit::{Button, Cut, Weight, chip, look, size};
use egui::{Align, Id, Key, Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};
use muster_school::view::FrameView;
use muster_school::view::lock::ActivationView;

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct ActivationState {
    /// The one-time words.
    pub words: Typed,
    /// The passphrase is being chosen.
    choosing: bool,
    choose: ChooseState,
    /// The passphrase that was chosen. Kept while the words may turn out to be wrong, so that it is asked for once.
    chosen: Option<Typed>,
    /// How often words had been looked at when these were handed over.
    checked: u32,
    begun: bool,
}

fn words_id() -> Id {
    Id::unique("one-time words")
}

/// Shows the screen in the whole of `ui`, for one person.
pub fn activation_ui(
    ui: &mut Ui,
    frame: &FrameView,
    view: &ActivationView,
    state: &mut ActivationState,
) -> Vec<Intent> {
    if !std::mem::replace(&mut state.begun, true) {
        ui.memory_mut(|memory| memory.request_focus(words_id()));
    }
    let mut cut = Cut(ui.max_rect());
    header_ui(ui, cut.top(56.0), frame);
    let rest = cut.rest();
    let mut inner = ui.new_child(UiBuilder::new().id_salt("activation").max_rect(rest));
    ScrollArea::vertical()
        .auto_shrink(false)
        .show(&mut inner, |ui| {
            let wide = (rest.width() - 2.0 * size::MARGIN - 12.0).min(480.0);
            ui.set_height(560.0);
            let at = pos2(rest.center().x - wide / 2.0, ui.max_rect().top() + 32.0);
            form_ui(ui, Rect::from_min_size(at, vec2(wide, 520.0)), view, state)
        })
        .inner
}

fn form_ui(ui: &mut Ui, rect: Rect, view: &ActivationView, state: &mut ActivationState) -> Vec<Intent> {
    let tokens = look(ui).tokens;
    let mut cut = Cut(rect);
    let mut intents = Vec::new();
    if state.choosing && view.problem.is_some() && view.checked > state.checked {
        // They let nobody in: said before a passphrase is chosen for nothing.
        (state.choosing, state.checked) = (false, view.checked);
        ui.memory_mut(|memory| memory.request_focus(words_id()));
    }
    let title = if state.choosing { "Your passphrase from now on" } else { "Sign in with one-time words" };
    let galley = text::line(ui, title, Type::Title, Weight::Strong, tokens.text, cut.width());
    text::label(ui, cut.top(28.0), galley, Align::Min);
    cut.top(16.0);
    if let Some(words) = &view.problem {
        let high = chip::problem(ui, cut.rest().min, cut.width(), words);
        cut.top(high + 16.0);
    }
    if state.choosing {
        let offer =
            Offer { suggested: view.suggested.expose(), advice: &view.advice, strength: view.strength.as_ref() };
        match choose_ui(ui, &mut cut, &offer, &mut state.choose, ("Sign in", true), &mut intents) {
            Choice::Open => {}
            Choice::Back => state.choosing = false,
            Choice::Done(passphrase) => {
                state.choosing = false;
                state.chosen = Some(passphrase);
                intents.push(activate(state));
            }
        }
        return intents;
    }
    over_ui(ui, &mut cut, "One-time words");
    let field = Field::new("One-time words").secret().limit(200).id(words_id());
    let response = field.show(ui, cut.top(48.0), &mut state.words);
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    cut.top(4.0);
    let words = "The office or your site lead makes them and reads them to you. They work once.";
    let galley = text::wrapped(ui, words, Type::Note, Weight::Regular, tokens.muted, cut.width());
    let high = galley.size().y;
    text::label(ui, cut.top(high), galley, Align::Min);
    cut.top(16.0);
    let ready = !state.words.trim().is_empty() && view.waiting.is_none();
    let mut line = Cut(cut.top(48.0));
    let back = Button::new("Back").step(Type::Name);
    let wide = back.width(ui);
    if back.show(ui, line.left(wide)).clicked() {
        forget(ui, words_id());
        *state = ActivationState::default();
        return vec![Intent::Open(Screen::Lock)];
    }
    line.left(12.0);
    let go = if state.chosen.is_some() { "Sign in" } else { "Go on" };
    let pressed = Button::filled(go).step(Type::Name).enabled(ready).show(ui, line.rest()).clicked();
    if state.chosen.is_some() {
        cut.top(8.0);
        let other = Button::link("Choose another passphrase").step(Type::Body);
        let wide = other.width(ui);
        if other.show(ui, Cut(cut.top(32.0)).left(wide)).clicked() {
            state.chosen = None;
            state.choosing = true;
        }
    }
    if let Some(waiting) = &view.waiting {
        cut.top(12.0);
        let galley = text::line(ui, waiting, Type::Note, Weight::Regular, tokens.muted, cut.width());
        text::label(ui, cut.top(20.0), galley, Align::Min);
    }
    if (pressed || entered) && ready {
        if state.chosen.is_some() {
            intents.push(activate(state));
        } else {
            (state.choosing, state.checked) = (true, view.checked);
            intents.push(Intent::CheckWords(Secret::new(state.words.to_string())));
        }
    }
    intents
}

fn activate(state: &ActivationState) -> Intent {
    let passphrase = state.chosen.as_ref().map(|chosen| chosen.to_string()).unwrap_or_default();
    Intent::Activate { words: Secret::new(state.words.to_string()), passphrase: Secret::new(passphrase) }
}
