//! First sign-in on this device: one-time words from the office, then a passphrase of one's own.

use super::lock::{forget, header_ui, over_ui, passphrase_ui};
use crate::intent::{Intent, Screen, Secret};
use crate::kit::field::Field;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, look, size};
use egui::{Align, Id, Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};
use muster_core::id::PersonId;
use muster_school::view::FrameView;
use muster_school::view::lock::ActivationView;

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct ActivationState {
    /// The one-time words.
    pub words: String,
    /// The passphrase from now on.
    pub passphrase: String,
    /// The same again.
    pub again: String,
    /// Letters instead of discs.
    pub shown: bool,
    offered: bool,
}

/// Shows the screen in the whole of `ui`, for one person.
pub fn activation_ui(
    ui: &mut Ui,
    frame: &FrameView,
    person: PersonId,
    view: &ActivationView,
    state: &mut ActivationState,
) -> Vec<Intent> {
    let mut cut = Cut(ui.max_rect());
    header_ui(ui, cut.top(56.0), frame);
    let rest = cut.rest();
    if !state.offered && !view.suggested.is_empty() {
        state.offered = true;
        state.shown = true;
        state.passphrase.clone_from(&view.suggested);
    }
    let mut inner = ui.new_child(UiBuilder::new().id_salt("activation").max_rect(rest));
    ScrollArea::vertical()
        .auto_shrink(false)
        .show(&mut inner, |ui| {
            let wide = (rest.width() - 2.0 * size::MARGIN - 12.0).min(480.0);
            ui.set_height(600.0);
            let at = pos2(rest.center().x - wide / 2.0, ui.max_rect().top() + 32.0);
            form_ui(ui, Rect::from_min_size(at, vec2(wide, 560.0)), person, view, state)
        })
        .inner
}

fn form_ui(
    ui: &mut Ui,
    rect: Rect,
    person: PersonId,
    view: &ActivationView,
    state: &mut ActivationState,
) -> Vec<Intent> {
    let tokens = look(ui).tokens;
    let mut cut = Cut(rect);
    let title = "First sign-in on this device";
    let galley = text::line(ui, title, Type::Title, Weight::Strong, tokens.text, cut.width());
    text::label(ui, cut.top(28.0), galley, Align::Min);
    cut.top(16.0);
    over_ui(ui, &mut cut, "One-time words from the office");
    Field::new("One-time words from the office").limit(200).show(ui, cut.top(48.0), &mut state.words);
    cut.top(16.0);
    over_ui(ui, &mut cut, "Your passphrase from now on");
    let id = Id::unique("new passphrase");
    let spot = cut.top(48.0);
    passphrase_ui(ui, spot, "Your passphrase from now on", &mut state.passphrase, &mut state.shown, id);
    cut.top(4.0);
    let galley = text::wrapped(ui, &view.advice, Type::Note, Weight::Regular, tokens.muted, cut.width());
    let high = galley.size().y;
    text::label(ui, cut.top(high), galley, Align::Min);
    cut.top(12.0);
    let mut same = true;
    if !state.shown {
        over_ui(ui, &mut cut, "The same passphrase again");
        let again = Field::new("The same passphrase again").password(true).limit(256);
        again.show(ui, cut.top(48.0), &mut state.again);
        cut.top(16.0);
        same = state.again == state.passphrase;
        if !same && !state.again.is_empty() {
            let words = "The two are not the same yet.";
            let galley = text::line(ui, words, Type::Body, Weight::Regular, tokens.text, cut.width());
            text::label(ui, cut.top(24.0), galley, Align::Min);
        }
    }
    if let Some(words) = &view.problem {
        let high = chip::problem(ui, cut.rest().min, cut.width(), words);
        cut.top(high + 12.0);
    }
    let filled = !state.words.trim().is_empty() && !state.passphrase.is_empty();
    let ready = filled && same && view.waiting.is_none();
    let mut line = Cut(cut.top(48.0));
    let back = Button::new("Back").step(Type::Name);
    let wide = back.width(ui);
    let back_spot = line.left(wide);
    line.left(12.0);
    let go = Button::filled("Sign in").step(Type::Name).enabled(ready);
    if back.show(ui, back_spot).clicked() {
        *state = ActivationState::default();
        return vec![Intent::Open(Screen::Lock)];
    }
    let pressed = go.show(ui, line.rest()).clicked();
    if let Some(waiting) = &view.waiting {
        cut.top(12.0);
        let galley = text::line(ui, waiting, Type::Note, Weight::Regular, tokens.muted, cut.width());
        text::label(ui, cut.top(20.0), galley, Align::Min);
    }
    if pressed && ready {
        let words = Secret::new(std::mem::take(&mut state.words));
        let passphrase = Secret::new(std::mem::take(&mut state.passphrase));
        forget(ui, Id::unique("new passphrase"));
        *state = ActivationState { offered: true, ..ActivationState::default() };
        return vec![Intent::Activate { person, words, passphrase }];
    }
    Vec::new()
}
