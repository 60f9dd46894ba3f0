//! A device that is in no school yet: the code from another device, then the same phrase on both.

use super::lock::{header_ui, over_ui};
use crate::intent::{Intent, Secret};
use crate::kit::field::Field;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, look, panel, size};
use egui::{Align, Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};
use muster_school::view::FrameView;
use muster_school::view::devices::JoinView;

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct JoinState {
    /// The code.
    pub code: String,
    /// What to call this device.
    pub device: String,
}

/// Shows the screen in the whole of `ui`.
pub fn join_ui(ui: &mut Ui, frame: &FrameView, view: &JoinView, state: &mut JoinState) -> Vec<Intent> {
    let mut cut = Cut(ui.max_rect());
    header_ui(ui, cut.top(56.0), frame);
    let rest = cut.rest();
    let mut inner = ui.new_child(UiBuilder::new().id_salt("join").max_rect(rest));
    ScrollArea::vertical()
        .auto_shrink(false)
        .show(&mut inner, |ui| {
            let wide = (rest.width() - 2.0 * size::MARGIN - 12.0).min(520.0);
            ui.set_height(460.0);
            let at = pos2(rest.center().x - wide / 2.0, ui.max_rect().top() + 32.0);
            step_ui(ui, Rect::from_min_size(at, vec2(wide, 420.0)), view, state)
        })
        .inner
}

fn words_ui(ui: &mut Ui, cut: &mut Cut, words: &str) {
    let tokens = look(ui).tokens;
    let galley = text::wrapped(ui, words, Type::Body, Weight::Regular, tokens.text, cut.width());
    let high = galley.size().y;
    text::label(ui, cut.top(high), galley, Align::Min);
    cut.top(16.0);
}

/// A phrase to compare, large, letter by letter readable.
pub(crate) fn phrase_ui(ui: &mut Ui, rect: Rect, phrase: &str) {
    let tokens = look(ui).tokens;
    panel::panel(ui, rect);
    let galley = text::wrapped(ui, phrase, Type::Title, Weight::Strong, tokens.text, rect.width() - 32.0);
    text::label(ui, rect, galley, Align::Center);
}

fn step_ui(ui: &mut Ui, rect: Rect, view: &JoinView, state: &mut JoinState) -> Vec<Intent> {
    let tokens = look(ui).tokens;
    let mut cut = Cut(rect);
    let title = match view {
        JoinView::Compare { .. } => "Is it the same phrase?",
        JoinView::Done => "This device is in",
        _ => "Bring this device into a school",
    };
    let galley = text::line(ui, title, Type::Title, Weight::Strong, tokens.text, cut.width());
    text::label(ui, cut.top(28.0), galley, Align::Min);
    cut.top(16.0);
    match view {
        JoinView::Ask { problem } => {
            words_ui(
                ui,
                &mut cut,
                "On a device that is in the school, open Devices and sync, then Enrol a device. Type the six words that it shows. Where the two do not find each other, paste the whole code instead.",
            );
            over_ui(ui, &mut cut, "Six words, or the whole code");
            Field::new("Six words, or the whole code").limit(2_000).show(ui, cut.top(48.0), &mut state.code);
            cut.top(16.0);
            over_ui(ui, &mut cut, "What to call this device");
            Field::new("What to call this device").hint("As in Hall tablet").limit(60).show(
                ui,
                cut.top(48.0),
                &mut state.device,
            );
            cut.top(16.0);
            if let Some(words) = problem {
                let high = chip::problem(ui, cut.rest().min, cut.width(), words);
                cut.top(high + 12.0);
            }
            let ready = !state.code.trim().is_empty() && !state.device.trim().is_empty();
            let button = Button::filled("Join").step(Type::Name).enabled(ready);
            if button.show(ui, cut.top(48.0)).clicked() {
                let code = Secret::new(state.code.trim().to_owned());
                return vec![Intent::Join { code, device: state.device.trim().to_owned() }];
            }
        }
        JoinView::Calling { words } | JoinView::Receiving { words } => {
            words_ui(ui, &mut cut, words);
            text::live(ui, "join", words);
            if matches!(view, JoinView::Receiving { .. }) {
                // It is in already: there is nothing to stop any more.
                return Vec::new();
            }
            let button = Button::new("Stop").step(Type::Name);
            if button.show(ui, cut.top(48.0)).clicked() {
                return vec![Intent::CancelJoin];
            }
        }
        JoinView::Compare { phrase } => {
            words_ui(ui, &mut cut, "The other device shows a phrase. Go on only if it is this one.");
            phrase_ui(ui, cut.top(96.0), phrase);
            cut.top(16.0);
            if Button::filled("It is the same").step(Type::Name).show(ui, cut.top(48.0)).clicked() {
                return vec![Intent::ConfirmJoin];
            }
            cut.top(8.0);
            if Button::new("It is different: stop").step(Type::Name).show(ui, cut.top(48.0)).clicked() {
                return vec![Intent::CancelJoin];
            }
        }
        JoinView::Done => {
            words_ui(
                ui,
                &mut cut,
                "It receives what it may hold. Sign in with your passphrase, or with one-time words from the office.",
            );
            if Button::filled("Go to sign-in").step(Type::Name).show(ui, cut.top(48.0)).clicked() {
                return vec![Intent::Open(crate::intent::Screen::Lock)];
            }
        }
    }
    Vec::new()
}
