//! Automatic lock: for how long nobody has touched anything, and what is said before the screen goes.
//!
//! Promises: ten minutes without a key, a pointer or a finger lock as *Lock* does, in a hidden window too; 20 seconds
//! before, a line in place says so, and is read out; the press that answers it does nothing else, unless it asks for
//! *Lock*, *Hide the screen now* or the fire register; a press that comes after the ten minutes does nothing here either. Never in a roll
//! call, and never with nobody signed in. The only clock is the time of the input.
//!
//! Does not: close keys (the engine does, when it is told to lock).

use super::App;
use crate::command::Command;
use crate::intent::{ConcernAct, Intent, LockReason, Screen};
use crate::kit::{Cut, chip, text};
use egui::{Context, Event, Key, LayerId, Modifiers, Order, Pos2, RawInput, TouchId, TouchPhase, Ui, UiBuilder};
use muster_school::view::Span;
use muster_school::view::status::Status;
use std::collections::BTreeSet;
use std::time::Duration;

/// How long without input until the screen locks, in seconds: long enough for a word with a parent between two
/// marks, short enough that a screen left alone is dark before a break is over.
pub const LOCK_AFTER_SECS: f64 = 600.0;
/// How long before that it is said, in seconds: time to come back from the other end of a desk.
pub const WARN_SECS: f64 = 20.0;
/// How long without input until a safeguarding file is cleared from view, in seconds: long enough to read on, short
/// enough that nobody reads it who comes to an empty desk.
pub const CLEAR_AFTER_SECS: f64 = 60.0;
/// How much later than asked the client wakes, in seconds, so that it never wakes a moment too early and again.
const AFTER_SECS: f64 = 0.005;

/// Since when nobody has touched anything.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Idle {
    /// Time of the last input, in seconds; `None` while there is nothing to lock.
    since: Option<f64>,
    /// The newest time that came without a frame: that of a hidden window.
    heard: f64,
}

impl Idle {
    /// Takes the time of input that may never reach a frame.
    pub(super) fn hear(&mut self, input: &RawInput) {
        self.heard = input.time.unwrap_or(self.heard);
    }

    fn now(&self, ctx: &Context) -> f64 {
        ctx.input(|input| input.time).max(self.heard)
    }

    /// Seconds since the last input; none while there is nothing to lock.
    fn quiet_secs(&self, now: f64) -> f64 {
        self.since.map_or(0.0, |since| now - since)
    }

    /// Seconds until the lock; `None` while there is nothing to lock.
    fn left_secs(&self, now: f64) -> Option<f64> {
        self.since.map(|since| LOCK_AFTER_SECS - (now - since))
    }

    /// Seconds that the warning says, 1 to 20; `None` while there is nothing to warn of.
    fn warning_secs(&self, now: f64) -> Option<f64> {
        self.left_secs(now).filter(|left| *left <= WARN_SECS).map(|left| left.ceil().max(1.0))
    }

    /// Seconds until the next thing that shows: the warning, or its next second.
    fn wake_secs(&self, now: f64) -> Option<f64> {
        let left = self.left_secs(now)?;
        Some(if left > WARN_SECS { left - WARN_SECS } else { left - (left.ceil() - 1.0).max(0.0) })
    }

    /// Goes on to `now`. True when it is time to lock: what was touched after that comes too late.
    fn follow(&mut self, now: f64, touched: bool) -> bool {
        let since = *self.since.get_or_insert(now);
        if now - since >= LOCK_AFTER_SECS {
            return true;
        }
        if touched {
            self.since = Some(now);
        }
        false
    }
}

/// The warning in words, as in `Locking in 20 seconds. Press any key to stay`.
fn words(secs: f64) -> [Span; 2] {
    let unit = if secs < 1.5 { "second" } else { "seconds" };
    [Span::strong(format!("Locking in {secs:.0} {unit}")), Span::plain(". Press any key to stay")]
}

/// The second at which the warning is read out again: not every one, so that a reader can end its sentence.
fn said_secs(secs: f64) -> f64 {
    [5.0, 10.0].into_iter().find(|said| secs <= *said).unwrap_or(WARN_SECS)
}

impl App {
    /// Notes input, and locks when it is time. Before anything is drawn, so that no frame shows what is to go.
    pub(super) fn watch(&mut self, ctx: &Context) {
        let now = self.idle.now(ctx);
        let guard = ctx.plugin_or_default::<Guard>();
        let mut guard = guard.lock();
        let touched = std::mem::take(&mut guard.touched);
        if !self.may_lock() {
            self.idle.since = None;
        } else if self.idle.follow(now, touched) {
            self.idle.since = None;
            self.send(Intent::Lock(LockReason::Idle));
        }
        if self.idle.quiet_secs(now) >= CLEAR_AFTER_SECS {
            self.clear_file();
        }
        guard.warned &= self.idle.warning_secs(now).is_some();
        guard.locks_at = self.idle.since.map(|since| since + LOCK_AFTER_SECS);
    }

    /// Takes a safeguarding file that is open from view.
    fn clear_file(&mut self) {
        let open = self.views.concerns.as_mut().and_then(|view| view.file.take()).is_some();
        if open && self.screen == Screen::Concerns {
            self.states.concerns.clear();
            self.send(Intent::OfConcern(ConcernAct::Close));
        }
    }

    /// True where somebody's screen would stay open. A roll call goes on for as long as it takes.
    fn may_lock(&self) -> bool {
        let views = &self.views;
        let free = match self.screen {
            Screen::Lock | Screen::Join | Screen::Shut | Screen::Activation(_) | Screen::Display => false,
            Screen::Call(_) => !self.in_call(),
            Screen::Fire => views.fire.as_ref().is_none_or(|fire| fire.running.is_empty()),
            _ => true,
        };
        free && self.signed_in()
    }

    /// Shows the warning at the foot of what is left, when it is time: there it moves nothing that is being read.
    pub(super) fn warning_ui(&self, ui: &mut Ui, cut: &mut Cut) {
        let ctx = ui.ctx().clone();
        let now = self.idle.now(&ctx);
        let secs = self.idle.warning_secs(now);
        let said = secs.map(|secs| text::plain(&words(said_secs(secs)))).unwrap_or_default();
        text::live(ui, "locking", &said);
        if let Some(secs) = secs {
            let words = words(secs);
            let high = chip::warning_height(ui, &words, cut.width());
            let rect = cut.bottom(high);
            // Over the shade of an open layer, and no part of it.
            let id = egui::Id::unique("locking line");
            let layer = LayerId::new(Order::Tooltip, id);
            // No child of `ui`: what follows there would get other ids, and the focus would be lost.
            let mut line = Ui::new(ctx.clone(), id, UiBuilder::new().layer_id(layer).max_rect(rect));
            line.set_clip_rect(rect);
            chip::warning(&mut line, rect, Status::Check, &words);
            ctx.plugin_or_default::<Guard>().lock().warned = true;
        }
        self.wake(&ctx, self.idle.wake_secs(now));
    }

    /// Wakes a hidden window for the lock, and for nothing before it.
    pub(super) fn wake_hidden(&self, ctx: &Context) {
        self.wake(ctx, self.idle.left_secs(self.idle.now(ctx)));
    }

    fn wake(&self, ctx: &Context, secs: Option<f64>) {
        let wait = secs.and_then(|secs| Duration::try_from_secs_f64(secs.max(0.0) + AFTER_SECS).ok());
        if let Some(wait) = wait {
            ctx.request_repaint_after(wait);
        }
    }
}

/// Sees all input before egui does: notes that somebody is there, and keeps back the press that answers a warning,
/// with what belongs to it until it is let go.
#[derive(Debug, Default)]
struct Guard {
    /// Somebody pressed, moved or touched something since this was last asked.
    touched: bool,
    /// The line was drawn: the next press answers it.
    warned: bool,
    /// From when on input comes too late, in seconds.
    locks_at: Option<f64>,
    /// Where the pointer was: a window that comes up under it moves nothing.
    pointer: Option<Pos2>,
    /// What is kept back until it is let go.
    keys: BTreeSet<Key>,
    fingers: BTreeSet<TouchId>,
    button: bool,
    modifiers: bool,
}

impl Guard {
    fn is_input(&mut self, event: &Event) -> bool {
        match event {
            Event::PointerMoved(pos) => self.pointer.replace(*pos) != Some(*pos),
            Event::ModifiersChanged(modifiers) => modifiers.any(),
            Event::Key { pressed, .. } => *pressed,
            Event::MouseMoved(_) | Event::PointerGone | Event::WindowFocused(_) => false,
            _ => true,
        }
    }

    /// True when an event is to go no further. `answers`: it answers a warning, or comes after the lock.
    fn keeps_back(&mut self, event: &Event, answers: bool) -> bool {
        match event {
            Event::WindowFocused(_) => {
                // What is let go outside this window is never heard of.
                self.keys.clear();
                self.fingers.clear();
                self.button = false;
                self.modifiers = false;
                false
            }
            Event::ModifiersChanged(modifiers) => {
                self.modifiers = modifiers.any() && (answers || self.modifiers);
                false
            }
            Event::Key { key, pressed: true, modifiers, .. } => {
                let held = answers || self.modifiers || self.keys.contains(key);
                let back = held && !passes(*key, *modifiers);
                if back {
                    self.keys.insert(*key);
                }
                back
            }
            Event::Key { key, .. } => self.keys.remove(key),
            Event::Text(_) | Event::Ime(_) | Event::Copy | Event::Cut | Event::Paste(_) => {
                answers || self.modifiers || !self.keys.is_empty()
            }
            Event::PointerButton { pressed: true, .. } => {
                self.button |= answers;
                self.button
            }
            Event::PointerButton { .. } => std::mem::take(&mut self.button),
            Event::Touch { id, phase: TouchPhase::Start, .. } => {
                if answers {
                    self.fingers.insert(*id);
                }
                answers
            }
            Event::Touch { id, phase: TouchPhase::Move, .. } => self.fingers.contains(id),
            Event::Touch { id, .. } => self.fingers.remove(id),
            Event::PointerMoved(_) | Event::MouseMoved(_) | Event::PointerGone => false,
            _ => answers,
        }
    }
}

/// Keys that nobody presses by chance and nobody is kept from.
fn passes(key: Key, modifiers: Modifiers) -> bool {
    let mut shortcuts = [Command::Lock, Command::Hide, Command::GoFire].into_iter().filter_map(Command::shortcut);
    shortcuts.any(|shortcut| shortcut.logical_key == key && modifiers.matches_logically(shortcut.modifiers))
}

impl egui::Plugin for Guard {
    fn debug_name(&self) -> &'static str {
        "automatic lock"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        let guessed = || ctx.input(|before| before.time) + f64::from(input.predicted_dt);
        let now = input.time.unwrap_or_else(guessed);
        let answers = self.warned || self.locks_at.is_some_and(|at| now >= at);
        input.events.retain(|event| {
            self.touched |= self.is_input(event);
            !self.keeps_back(event, answers)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_warning_says_what_the_word_list_says() {
        assert_eq!(text::plain(&words(20.0)), "Locking in 20 seconds. Press any key to stay");
        assert_eq!(text::plain(&words(1.0)), "Locking in 1 second. Press any key to stay");
    }

    #[test]
    fn the_warning_is_read_out_three_times_and_not_twenty() {
        let said: BTreeSet<String> = (1..=20).map(|secs| format!("{}", said_secs(f64::from(secs)))).collect();
        assert_eq!(said.len(), 3);
        for secs in 1..=20 {
            let secs = f64::from(secs);
            assert!(said_secs(secs) >= secs, "never less time than there is");
        }
    }

    #[test]
    fn the_client_sleeps_until_there_is_something_new_to_show() {
        let idle = Idle { since: Some(100.0), heard: 0.0 };
        assert_eq!(idle.wake_secs(100.0), Some(580.0));
        assert_eq!(idle.wake_secs(680.0), Some(1.0));
        assert_eq!(idle.wake_secs(680.5), Some(0.5));
        assert_eq!(idle.wake_secs(699.5), Some(0.5));
        assert_eq!(Idle::default().wake_secs(100.0), None);
    }
}
