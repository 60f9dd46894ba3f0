//! The order of the rows of a roll call: nothing moves under a finger.
//!
//! A found person stays in their place, ticked, and what other marshals say is put in its place, only once nobody has
//! touched the list for some seconds. A press that was on its way when rows moved, when another marshal changed the
//! row, or when a question over the list was answered, says nothing.

use crate::kit::look;
use egui::{Rect, Ui, Vec2};
use muster_school::view::SubjectId;
use muster_school::view::call::CallView;
use muster_school::view::status::Status;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long nobody must have touched the list before rows leave and come, in seconds.
const REST_SECS: f64 = 3.0;
/// How long a row that leaves takes to fade, in seconds.
const FADE_SECS: f64 = 0.18;
/// How long a row that has just changed ignores a press, in seconds.
const STAY_SECS: f64 = 1.0;
/// How long presses are ignored after rows have moved or a question was answered, in seconds.
const GUARD_SECS: f64 = 0.4;
/// How long a row waits for the answer to its press, in seconds.
const ANSWER_SECS: f64 = 2.0;

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    rows: Vec<SubjectId>,
    /// What was filtered by when they were put so.
    shown_by: String,
    before: BTreeMap<SubjectId, Status>,
    changed: BTreeMap<SubjectId, f64>,
    tapped: BTreeMap<SubjectId, f64>,
    /// Since when there is something to put in its place.
    due_since: Option<f64>,
    leaves_at: Option<f64>,
    touched_at: f64,
    /// When the press began that is going on.
    pressed_at: Option<f64>,
    quiet_until: f64,
    covered: bool,
}

impl Order {
    /// Notes whose standing has changed.
    pub(super) fn follow(&mut self, ui: &Ui, view: &CallView, now: f64) {
        let first = self.before.is_empty();
        for row in &view.rows {
            let before = self.before.insert(row.person, row.status);
            if !first && before != Some(row.status) {
                self.tapped.remove(&row.person);
                self.changed.insert(row.person, now);
            }
        }
        // A press that began in time may end later.
        self.changed.retain(|_, since| now - *since < STAY_SECS + ANSWER_SECS);
        self.tapped.retain(|_, since| now - *since < ANSWER_SECS);
        if !self.changed.is_empty() || !self.tapped.is_empty() {
            ui.request_repaint_after(Duration::from_millis(100));
        }
        let (pressed, held) =
            ui.input(|input| (input.pointer.any_pressed(), input.pointer.any_down() || input.pointer.any_released()));
        self.pressed_at = if pressed { Some(now) } else { self.pressed_at.filter(|_| held) };
    }

    /// Keeps the rows as they stand, or takes those that would be shown now, in their order. `shown_by` says by what
    /// they were chosen: another choice shows at once.
    pub(super) fn keep(&mut self, ui: &Ui, wanted: Vec<SubjectId>, shown_by: String, now: f64) {
        if self.shown_by != shown_by || self.rows.is_empty() {
            (self.rows, self.shown_by) = (wanted, shown_by);
            (self.due_since, self.leaves_at) = (None, None);
            return;
        }
        if wanted == self.rows {
            (self.due_since, self.leaves_at) = (None, None);
            return;
        }
        let since = *self.due_since.get_or_insert(now);
        let at = (self.touched_at + REST_SECS).max(since + STAY_SECS);
        if now < at || self.covered || ui.input(|input| input.pointer.any_down()) {
            self.leaves_at = Some(at);
            let wait = if at - now > FADE_SECS { at - now - FADE_SECS } else { 0.016 };
            ui.request_repaint_after(Duration::from_secs_f64(wait.max(0.016)));
            return;
        }
        self.rows = wanted;
        (self.due_since, self.leaves_at) = (None, None);
        self.quiet_until = now + GUARD_SECS;
    }

    /// Whether something lies over the list. Once a frame, after it was shown.
    pub(super) fn under(&mut self, covered: bool, now: f64) {
        if std::mem::replace(&mut self.covered, covered) && !covered {
            self.quiet_until = now + GUARD_SECS;
        }
    }

    /// Whom the rows show, in their order.
    pub(super) fn rows(&self) -> &[SubjectId] {
        &self.rows
    }

    /// Notes that somebody works on the list, which stands in `rect`.
    pub(super) fn touched(&mut self, ui: &Ui, rect: Rect, focused: bool, now: f64) {
        let over = ui.rect_contains_pointer(rect);
        let works = ui.input(|input| {
            let pointer = &input.pointer;
            let moves = pointer.any_down() || pointer.any_released() || pointer.delta() != Vec2::ZERO;
            let keys = input.events.iter().any(|event| matches!(event, egui::Event::Key { .. }));
            over && (moves || input.smooth_scroll_delta() != Vec2::ZERO) || focused && keys
        });
        if works {
            self.touched_at = now;
        }
    }

    /// Whether a press on somebody's row means what it says, and from now on it has been made.
    pub(super) fn takes(&self, person: SubjectId, now: f64) -> bool {
        let began = self.pressed_at.unwrap_or(now);
        began >= self.quiet_until && !self.is_new(person, began) && !self.tapped.contains_key(&person)
    }

    fn is_new(&self, person: SubjectId, at: f64) -> bool {
        self.changed.get(&person).is_some_and(|since| at - since < STAY_SECS)
    }

    /// A press on somebody's row was taken: a second one says nothing until the first is answered.
    pub(super) fn tapped(&mut self, person: SubjectId, now: f64) {
        self.tapped.insert(person, now);
    }

    /// How clearly somebody's row shows: 1 as it is, less while it waits, has just changed, or leaves.
    pub(super) fn clear(&self, ui: &Ui, person: SubjectId, stays: bool, now: f64) -> f32 {
        if let Some(at) = self.leaves_at.filter(|at| !stays && now + FADE_SECS > *at && !look(ui).reduce_motion) {
            return ((at - now) / FADE_SECS).clamp(0.0, 1.0) as f32;
        }
        if self.tapped.contains_key(&person) {
            0.6
        } else if self.is_new(person, now) {
            0.5
        } else {
            1.0
        }
    }
}
