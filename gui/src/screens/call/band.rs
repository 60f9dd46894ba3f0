//! The band of a roll call: what kind of event, since when, from which list. It stays for the whole event.

use super::{CallState, Top};
use crate::command::Command;
use crate::intent::{Intent, LockReason};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, look, size, status};
use egui::{Align, Color32, Rect, Ui, vec2};
use muster_school::view::FrameView;
use muster_school::view::call::CallView;
use muster_school::view::fire::EventKind;

/// The word of an event in its band.
fn word(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Real => "REAL",
        EventKind::Drill => "DRILL",
        EventKind::KeepInside => "KEEP INSIDE",
        EventKind::Lockdown => "LOCKDOWN",
    }
}

/// The ground of a band and the colour on it. A silent event lights no room.
pub(crate) fn grounds(ui: &Ui, kind: EventKind, silent: bool) -> (Color32, Color32) {
    let tokens = look(ui).tokens;
    let own = tokens.status(kind.status());
    if silent { (tokens.raised, own) } else { (own, tokens.on) }
}

/// Shows the band.
pub(super) fn band_ui(
    ui: &mut Ui,
    rect: Rect,
    frame: &FrameView,
    view: &CallView,
    state: &mut CallState,
    intents: &mut Vec<Intent>,
) {
    let (ground, ink) = grounds(ui, view.kind, view.silent);
    ui.painter().rect_filled(rect, 0.0, ground);
    let mut cut = Cut(rect.shrink2(vec2(size::MARGIN, 4.0)));
    let spot = cut.left(38.0).left_center() + vec2(13.0, 0.0);
    status::paint(ui.painter(), spot, 26.0, view.kind.status(), ink, ground);
    let galley = text::line(ui, word(view.kind), Type::Title, Weight::Bold, ink, cut.width());
    let wide = galley.size().x + 12.0;
    text::label(ui, cut.left(wide), galley, Align::Min);
    let end = Button::new("End").step(Type::Name);
    let wide = end.width(ui).max(64.0);
    let end_spot = cut.right(wide);
    cut.right(12.0);
    let lock = frame.person.is_some().then(|| {
        let lock = Button::new("Lock").step(Type::Name);
        let spot = cut.right(lock.width(ui));
        cut.right(12.0);
        (lock, spot)
    });
    let hide = Button::new("Hide").step(Type::Name).name(Command::Hide.words());
    let hide_spot = cut.right(hide.width(ui));
    cut.right(12.0);
    let started = text::line(ui, &view.started, Type::Name, Weight::Strong, ink, cut.width());
    let room = started.size().x + 16.0;
    let left = cut.width() - room;
    if left > 160.0 {
        text::label(ui, cut.left(room), started, Align::Min);
        age_ui(ui, cut.rest(), view, ink, Align::Max);
    } else {
        let mut lines = Cut(cut.rest());
        let half = lines.height() / 2.0;
        let started = text::line(ui, &view.started, Type::Note, Weight::Strong, ink, lines.width());
        text::label(ui, lines.top(half), started, Align::Min);
        let words = format!("List fixed as of {}. {}", view.as_of.at, view.as_of.gaps);
        let age = text::line(ui, &words, Type::Note, Weight::Regular, ink, lines.width());
        text::label(ui, lines.rest(), age, Align::Min);
    }
    if hide.show(ui, hide_spot).clicked() {
        intents.push(Intent::Lock(LockReason::Hidden));
    }
    let lock_asked = lock.is_some_and(|(lock, spot)| lock.show(ui, spot).clicked() || Command::Lock.pressed(ui));
    if lock_asked {
        intents.push(Intent::Lock(LockReason::Asked));
    }
    if end.name("End the roll call").show(ui, end_spot).clicked() {
        state.top = Some(Top::End);
    }
}

fn age_ui(ui: &mut Ui, rect: Rect, view: &CallView, ink: Color32, align: Align) {
    let from = if view.as_of.from.is_empty() { String::new() } else { format!(", {}", view.as_of.from) };
    let first = format!("List fixed as of {}{from}", view.as_of.at);
    let mut lines = Cut(rect);
    if view.as_of.gaps.is_empty() {
        let galley = text::line(ui, &first, Type::Body, Weight::Regular, ink, rect.width());
        text::label(ui, rect, galley, align);
        return;
    }
    let half = lines.height() / 2.0;
    let first = text::line(ui, &first, Type::Body, Weight::Regular, ink, rect.width());
    let upper = lines.top(half);
    text::label(ui, upper.translate(vec2(0.0, 3.0)), first, align);
    let gaps = text::line(ui, &view.as_of.gaps, Type::Body, Weight::Regular, ink, rect.width());
    text::label(ui, lines.rest().translate(vec2(0.0, -3.0)), gaps, align);
}
