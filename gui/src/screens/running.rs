//! A roll call that runs, on top of every screen, so that nobody at another device misses it.
//!
//! Not here: the roll call's own screen and the fire register, which show it themselves.

use crate::intent::Intent;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Kind};
use egui::Ui;
use muster_school::view::fire::RunningCall;

/// The height of each in points: a target for a thumb.
const HIGH: f32 = 56.0;

/// Shows them at the top of what is left of a screen.
pub fn running_ui(ui: &mut Ui, cut: &mut Cut, running: &[RunningCall]) -> Vec<Intent> {
    let mut intents = Vec::new();
    let spoken: Vec<&str> =
        running.iter().filter(|call| !call.kind.is_silent()).map(|call| call.words.as_str()).collect();
    if !running.is_empty() {
        text::live(ui, "running", &spoken.join(". "));
    }
    for call in running {
        let words = format!("{}: join", call.words);
        // People who keep inside do not want a bright screen that speaks.
        let kind = if call.kind.is_silent() { Kind::Outline } else { Kind::Event(call.kind.status()) };
        let button = Button::new(&words).kind(kind).step(Type::Name);
        if button.show(ui, cut.top(HIGH)).clicked() {
            intents.push(Intent::JoinCall(call.event));
        }
        cut.top(4.0);
    }
    intents
}
