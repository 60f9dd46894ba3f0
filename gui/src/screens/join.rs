//! A device that is in no school yet: the code from another device, then the same phrase on both.

use super::lock::{header_ui, over_ui};
use crate::intent::{Intent, Screen, Secret};
use crate::kit::field::Field;
use crate::kit::text::{self, Type};
use crate::kit::typed::Typed;
use crate::kit::{Button, Cut, Weight, chip, look, panel, size, status};
use egui::{Align, Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};
use muster_school::view::FrameView;
use muster_school::view::devices::{JoinPart, JoinView};
use muster_school::view::status::Status;

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct JoinState {
    /// The code.
    pub code: Typed,
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
    if !matches!(view, JoinView::Ask { .. } | JoinView::Calling { .. }) {
        // It was heard, and is of no use a second time.
        state.code.forget();
    }
    let title = match view {
        JoinView::Compare { .. } => "Is it the same phrase?",
        JoinView::Receiving { .. } | JoinView::Done => "This device is in",
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
                "On a device that is in the school, open Devices and sync, then Add a device. Type the six words that it shows. Where the two do not find each other, paste the whole code instead. A new school is not made here: somebody runs muster init once, on its first device.",
            );
            over_ui(ui, &mut cut, "Six words, or the whole code");
            Field::new("Six words, or the whole code").secret().limit(2_000).show(ui, cut.top(48.0), &mut state.code);
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
        JoinView::Calling { words } => {
            words_ui(ui, &mut cut, words);
            text::live(ui, "join", words);
            let button = Button::new("Stop").step(Type::Name);
            if button.show(ui, cut.top(48.0)).clicked() {
                return vec![Intent::CancelJoin];
            }
        }
        JoinView::Receiving { words, parts } => {
            words_ui(ui, &mut cut, words);
            text::live(ui, "join", words);
            parts.iter().for_each(|part| part_ui(ui, cut.top(32.0), part));
            cut.top(16.0);
            words_ui(
                ui,
                &mut cut,
                "You need not wait: one-time words and the fire list work as soon as they are here.",
            );
            return sign_in_ui(ui, &mut cut);
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
                "All that it may hold is here. Sign in with your passphrase, or with one-time words from the office.",
            );
            return sign_in_ui(ui, &mut cut);
        }
    }
    Vec::new()
}

fn sign_in_ui(ui: &mut Ui, cut: &mut Cut) -> Vec<Intent> {
    let pressed = Button::filled("Go to sign-in").step(Type::Name).show(ui, cut.top(48.0)).clicked();
    if pressed { vec![Intent::Open(Screen::Lock)] } else { Vec::new() }
}

/// One part of what comes: its shape, its name, and how much of it has come.
fn part_ui(ui: &mut Ui, rect: Rect, part: &JoinPart) {
    let tokens = look(ui).tokens;
    let mut line = Cut(rect);
    let shape = if part.here { Status::Synced } else { Status::Unsynced };
    let spot = line.left(28.0).left_center() + vec2(8.0, 0.0);
    status::paint(ui.painter(), spot, 16.0, shape, tokens.status(shape), tokens.bg);
    let came = if part.here { format!("{}, all here", part.came) } else { part.came.clone() };
    text::put_right(ui, line.right(180.0), &came, Type::Body, Weight::Regular, tokens.muted);
    let name = text::line(ui, &part.what, Type::Body, Weight::Strong, tokens.text, line.width());
    text::paint(ui.painter(), line.rest(), name, Align::Min);
    text::say(ui, rect, &format!("{}: {came}", part.what));
}
