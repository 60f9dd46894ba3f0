//! The door with nobody signed in: what somebody is, their name, and *Sign in* or *Sign out*.
//!
//! Promises: shows nobody's name but the one that is being typed, and what is said to whoever typed it; both go by
//! themselves.

use super::ReceptionState;
use super::comer::{LONGEST, What, field};
use crate::intent::{Intent, Screen};
use crate::kit::column::column;
use crate::kit::look::focus_inside;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, cut, keys, look, panel, size};
use egui::{Align, Rect, Ui, vec2};
use muster_school::view::FrameView;
use muster_school::view::reception::{Comer, ComerKind, ReceptionAct, ReceptionView};

/// How long what was said stays, in seconds: long enough to be read by somebody with a coat over an arm.
const SAID_SECS: f64 = 10.0;
/// How long what was typed stays when nobody types on, in seconds: whoever left it is gone.
const TYPED_SECS: f64 = 90.0;
/// How long after a press another one does nothing, in seconds.
const SENT_SECS: f64 = 3.0;
/// How high the note under the kinds is, in points: two lines of it.
const NOTE: f32 = 48.0;
/// How high a kind to choose is, in points.
const KIND: f32 = 104.0;

/// How high the line with the buttons is, where it stays in sight, in points.
const BAR: f32 = 56.0;
/// The least room for what is asked beside letters, in points: two lines of it.
const QUESTIONS: f32 = 164.0;
/// Below this height one question is asked at a time, so that nothing has to be scrolled: a small tablet at twice the
/// size.
const TIGHT: f32 = 400.0;

/// What the door keeps between frames.
#[derive(Clone, Debug, Default)]
pub(super) struct KioskState {
    kind: Option<ComerKind>,
    comer: Comer,
    /// Which of what is asked was touched last.
    field: usize,
    /// As it stood when it was last changed, and when that was.
    last: (Comer, f64),
    /// Since when what was said shows, in seconds.
    said_at: Option<f64>,
    /// When it was sent, in seconds: a second press on its heels is the same press.
    sent_at: Option<f64>,
}

/// Shows the door in the whole of `ui`.
pub(super) fn kiosk_ui(
    ui: &mut Ui,
    frame: &FrameView,
    view: &ReceptionView,
    state: &mut ReceptionState,
) -> Vec<Intent> {
    let mut intents = Vec::new();
    let now = ui.input(|input| input.time);
    let tokens = look(ui).tokens;
    let mut cut = Cut(ui.max_rect());
    let tight = look(ui).touch && cut.height() < TIGHT;
    if tight
        && state.said(view).is_none()
        && let Some(kind) = state.kiosk.kind
    {
        let kiosk = &mut state.kiosk;
        kiosk.forget_after_a_while(now);
        let done = tight_ui(ui, cut.rest(), kind, kiosk);
        intents.extend(finish(kiosk, done, now).map(Intent::Reception));
        return intents;
    }
    if header_ui(ui, cut.top(size::HEADER_TOUCH), view, !frame.kiosk) {
        intents.push(Intent::Open(Screen::Lock));
    }
    if let Some(said) = state.said(view).map(str::to_owned) {
        // Whoever comes next finds an empty form.
        (state.kiosk.kind, state.kiosk.comer) = (None, Comer::default());
        let since = *state.kiosk.said_at.get_or_insert(now);
        ui.ctx().request_repaint_after_secs(1.0);
        if said_ui(ui, cut.rest(), &said) || now - since >= SAID_SECS {
            state.kiosk.said_at = None;
            intents.push(state.see(view));
        }
        return intents;
    }
    let kiosk = &mut state.kiosk;
    kiosk.forget_after_a_while(now);
    match kiosk.kind {
        None => kinds_ui(ui, cut.rest(), view, kiosk),
        Some(kind) => {
            // Letters stand under what is asked, and what is pressed in the end above it, where there is room for
            // all of them; else they stand in the form.
            let room = cut.height() - size::MARGIN - BAR - keys::height();
            let apart = look(ui).touch && room >= QUESTIONS;
            let mut done = Done::default();
            if apart {
                let spot = cut.bottom(keys::height() + 8.0);
                keys_ui(ui, &mut Cut(spot.shrink2(vec2(size::MARGIN, 0.0))), kind, kiosk);
                cut.top(size::MARGIN);
                let bar = cut.top(BAR).shrink2(vec2(size::MARGIN, 0.0));
                done = bar_ui(ui, bar, kind, kiosk);
            }
            column(ui, cut.rest(), "comer", |ui, cut| {
                if !apart {
                    done = title_ui(ui, cut, kind);
                }
                questions_ui(ui, cut, kind, kiosk);
                if !apart {
                    if look(ui).touch {
                        keys_ui(ui, cut, kind, kiosk);
                    }
                    done = done.or(ends_ui(ui, cut, kiosk));
                }
                let words = "To sign out your name is enough.";
                let note = text::line(ui, words, Type::Body, Weight::Regular, tokens.muted, cut.width());
                text::label(ui, cut.top(32.0), note, Align::Min);
            });
            intents.extend(finish(kiosk, done, now).map(Intent::Reception));
        }
    }
    intents
}

/// True when the way back was pressed, where there is one.
fn header_ui(ui: &mut Ui, rect: Rect, view: &ReceptionView, has_back: bool) -> bool {
    let tokens = look(ui).tokens;
    ui.painter().rect_filled(rect, 0.0, tokens.surface);
    panel::rule(ui, rect, rect.bottom());
    let mut cut = Cut(rect.shrink2(vec2(size::MARGIN, 8.0)));
    let back = Button::new("Back to lock").step(Type::Name);
    let spot = has_back.then(|| cut.right(back.width(ui)));
    cut.right(16.0);
    let now = text::line(ui, &view.now, Type::Title, Weight::Strong, tokens.text, 100.0);
    let wide = now.size().x + 8.0;
    text::label(ui, cut.right(wide), now, Align::Max);
    let words = if view.site.is_empty() { "Reception".to_owned() } else { format!("Reception, {}", view.site) };
    let title = text::line(ui, &words, Type::Title, Weight::Strong, tokens.text, cut.width());
    text::label(ui, cut.rest(), title, Align::Min);
    spot.is_some_and(|spot| back.show(ui, cut::middle(spot, size::CONTROL_TOUCH)).clicked())
}

/// What was said, big; true when it was read.
fn said_ui(ui: &mut Ui, rect: Rect, said: &str) -> bool {
    let tokens = look(ui).tokens;
    let wide = (rect.width() - 2.0 * size::MARGIN).min(760.0);
    let galley = text::wrapped(ui, said, Type::Big, Weight::Bold, tokens.text, wide);
    let high = galley.size().y;
    let top = (rect.center().y - high / 2.0 - 60.0).max(rect.top() + 8.0);
    let left = rect.center().x - wide / 2.0;
    let spot = Rect::from_min_size(egui::pos2(left, top), vec2(wide, high));
    text::label(ui, spot, galley, Align::Center);
    text::live(ui, "said", said);
    let below = (spot.bottom() + 32.0).min(rect.bottom() - 80.0);
    let done = Rect::from_center_size(egui::pos2(rect.center().x, below + 36.0), vec2(wide.min(320.0), 72.0));
    Button::filled("Done").step(Type::Call).show(ui, done).clicked()
}

fn kinds_ui(ui: &mut Ui, rect: Rect, view: &ReceptionView, kiosk: &mut KioskState) {
    let tight = rect.height() < TIGHT - size::HEADER_TOUCH;
    column(ui, rect, "kinds", |ui, cut| {
        let tokens = look(ui).tokens;
        let gap = if tight { size::TOUCH_GAP } else { size::MARGIN };
        let step = if tight { Type::Name } else { Type::Count };
        cut.top(if tight { gap } else { gap + 8.0 });
        let words = "Signing in or out? Who are you?";
        let title = text::wrapped(ui, words, step, Weight::Strong, tokens.text, cut.width());
        let high = title.size().y;
        text::label(ui, cut.top(high), title, Align::Min);
        cut.top(gap);
        let columns = if cut.width() < 560.0 && !tight { 2 } else { 3 };
        let gaps = gap * (columns - 1) as f32;
        let wide = (cut.width() - gaps) / columns as f32;
        let lines = view.kinds.len().div_ceil(columns).max(1) as f32;
        // All of them in sight, above the note.
        let room = (rect.height() - 2.0 * gap - high - NOTE) / lines - gap;
        let tall = if tight { room.clamp(size::CONTROL_TOUCH, KIND) } else { KIND };
        for kinds in view.kinds.chunks(columns) {
            let mut line = Cut(cut.top(tall));
            for kind in kinds {
                if Button::new(kind.word()).step(step).show(ui, line.left(wide)).clicked() {
                    kiosk.kind = Some(*kind);
                    kiosk.comer = Comer { kind: *kind, ..Comer::default() };
                }
                line.left(gap);
            }
            cut.top(gap);
        }
        let words = "In an emergency follow the staff. What you enter here is kept by the school and shown to nobody at this screen.";
        let note = text::wrapped(ui, words, Type::Body, Weight::Regular, tokens.muted, cut.width());
        let high = note.size().y;
        text::label(ui, cut.top(high + 8.0), note, Align::Min);
    });
}

/// Letters for the field that was touched last.
fn keys_ui(ui: &mut Ui, cut: &mut Cut, kind: ComerKind, kiosk: &mut KioskState) {
    let at = kiosk.field.min(What::of(kind).len().saturating_sub(1));
    if let Some(what) = What::of(kind).get(at) {
        keys::keys(ui, cut, what.slot(&mut kiosk.comer), LONGEST);
    }
}

/// What was pressed.
#[derive(Clone, Copy, Debug, Default)]
struct Done {
    again: bool,
    arrives: bool,
    leaves: bool,
}

impl Done {
    fn or(self, other: Self) -> Self {
        Self {
            again: self.again || other.again,
            arrives: self.arrives || other.arrives,
            leaves: self.leaves || other.leaves,
        }
    }
}

/// Who it is, and a way back to the start.
fn title_ui(ui: &mut Ui, cut: &mut Cut, kind: ComerKind) -> Done {
    cut.top(size::MARGIN);
    let mut line = Cut(cut.top(size::CONTROL_TOUCH));
    let again = Button::new("Start again").step(Type::Name);
    let spot = line.right(again.width(ui));
    title(ui, line.rest(), kind);
    let again = again.show(ui, spot).clicked();
    cut.top(8.0);
    Done { again, ..Done::default() }
}

fn title(ui: &mut Ui, rect: Rect, kind: ComerKind) {
    let galley = text::line(ui, kind.word(), Type::Count, Weight::Strong, look(ui).tokens.text, rect.width());
    text::label(ui, rect, galley, Align::Min);
}

/// Both in one line that stays in sight: who it is, and all that can be pressed.
fn bar_ui(ui: &mut Ui, rect: Rect, kind: ComerKind, kiosk: &KioskState) -> Done {
    let ready = kiosk.is_ready(ui);
    let mut line = Cut(cut::middle(rect, size::CONTROL_TOUCH));
    let sign_in = Button::filled("Sign in").step(Type::Name).enabled(ready);
    let sign_out = Button::new("Sign out").step(Type::Name).enabled(ready);
    let again = Button::new("Start again").step(Type::Name);
    let mut spots = [&sign_in, &sign_out, &again].map(|button| {
        let spot = line.right(button.width(ui).max(120.0));
        line.right(size::TOUCH_GAP);
        spot
    });
    title(ui, line.rest(), kind);
    // Read from left to right.
    spots.reverse();
    let [at_again, at_out, at_in] = spots;
    let again = again.show(ui, at_again).clicked();
    let leaves = sign_out.show(ui, at_out).clicked();
    let arrives = sign_in.show(ui, at_in).clicked();
    Done { again, arrives, leaves }
}

/// What is asked, as a question.
fn question(what: What, kind: ComerKind) -> &'static str {
    match what {
        What::Name => "Your name",
        What::Host => "Whom do you see?",
        What::Working => "Where do you work today?",
        what => what.words(kind),
    }
}

/// One question at a time, with the letters and all that can be pressed.
fn tight_ui(ui: &mut Ui, rect: Rect, kind: ComerKind, kiosk: &mut KioskState) -> Done {
    let mut cut = Cut(rect.shrink2(vec2(size::TOUCH_GAP, 6.0)));
    let asked = What::of(kind);
    let at = kiosk.field.min(asked.len().saturating_sub(1));
    let done = bar_ui(ui, cut.top(size::CONTROL_TOUCH), kind, kiosk);
    cut.top(4.0);
    let mut line = Cut(cut.top(size::CONTROL_TOUCH));
    if asked.len() > 1 {
        let next = Button::new("Next").name("Next question").step(Type::Name);
        let spot = line.right(next.width(ui).max(80.0));
        line.right(size::TOUCH_GAP);
        if next.show(ui, spot).clicked() {
            kiosk.field = (at + 1) % asked.len();
        }
    }
    cut.top(4.0);
    if let Some(what) = asked.get(at) {
        let label = question(*what, kind);
        let wide = text::width(ui, label, Type::Name, Weight::Strong).min(line.width() * 0.5);
        text::put(ui, line.left(wide), label, Type::Name, Weight::Strong, look(ui).tokens.text);
        line.left(size::TOUCH_GAP);
        let spot = line.rest();
        if !field(ui, spot, label, what.slot(&mut kiosk.comer)).has_focus() {
            focus_inside(ui, spot);
        }
        keys::keys_within(ui, &mut cut, what.slot(&mut kiosk.comer), LONGEST);
    }
    done
}

fn questions_ui(ui: &mut Ui, cut: &mut Cut, kind: ComerKind, kiosk: &mut KioskState) {
    let tokens = look(ui).tokens;
    let columns = if cut.width() < 560.0 { 1 } else { 2 };
    let wide = (cut.width() - size::MARGIN * (columns - 1) as f32) / columns as f32;
    for (row, pair) in What::of(kind).chunks(columns).enumerate() {
        let mut labels = Cut(cut.top(22.0));
        let mut fields = Cut(cut.top(52.0));
        cut.top(size::GAP);
        for (column, what) in pair.iter().enumerate() {
            let label = question(*what, kind);
            text::put(ui, labels.left(wide), label, Type::Name, Weight::Strong, tokens.text);
            labels.left(size::MARGIN);
            let (spot, at) = (fields.left(wide), row * columns + column);
            if field(ui, spot, label, what.slot(&mut kiosk.comer)).has_focus() {
                kiosk.field = at;
            } else if look(ui).touch && kiosk.field == at {
                // A letter that is touched takes the focus, and goes in here all the same.
                focus_inside(ui, spot);
            }
            fields.left(size::MARGIN);
        }
    }
    cut.top(4.0);
}

/// The two big buttons under a form.
fn ends_ui(ui: &mut Ui, cut: &mut Cut, kiosk: &KioskState) -> Done {
    let ready = kiosk.is_ready(ui);
    let mut line = Cut(cut.top(72.0));
    let half = (line.width() - size::MARGIN) / 2.0;
    let arrives = Button::filled("Sign in").step(Type::Call).enabled(ready).show(ui, line.left(half)).clicked();
    line.left(size::MARGIN);
    let leaves = Button::new("Sign out").step(Type::Call).enabled(ready).show(ui, line.left(half)).clicked();
    cut.top(8.0);
    Done { arrives, leaves, again: false }
}

impl KioskState {
    /// Whoever left what they typed is gone.
    fn forget_after_a_while(&mut self, now: f64) {
        if self.comer != self.last.0 || self.kind.is_none() {
            self.last = (self.comer.clone(), now);
        } else if now - self.last.1 >= TYPED_SECS {
            *self = Self::default();
        }
    }

    fn is_ready(&self, ui: &Ui) -> bool {
        let now = ui.input(|input| input.time);
        !self.comer.name.trim().is_empty() && self.sent_at.is_none_or(|at| now - at >= SENT_SECS)
    }
}

fn finish(kiosk: &mut KioskState, done: Done, now: f64) -> Option<ReceptionAct> {
    if done.again {
        *kiosk = KioskState::default();
        return None;
    }
    if done.arrives || done.leaves {
        kiosk.sent_at = Some(now);
    }
    let comer = || Box::new(kiosk.comer.clone());
    if done.arrives {
        return Some(ReceptionAct::Arrive(comer()));
    }
    done.leaves.then(|| ReceptionAct::LeaveByName(comer()))
}
