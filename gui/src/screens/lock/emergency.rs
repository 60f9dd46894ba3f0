//! The other half of the lock screen: the fire register in two actions.

use super::{FireChoice, LockState, title_ui};
use crate::command::Command;
use crate::intent::{Intent, Screen};
use crate::kit::look::focus_outside;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, look, size, status};
use crate::screens::fire::{as_of_words, kind_card};
use egui::{Align, Id, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2};
use muster_school::view::fire::EventKind;
use muster_school::view::lock::LockView;
use muster_school::view::status::Status;

/// Shows it in a rectangle. The second value is set when the fire register was opened.
pub(super) fn emergency_ui(
    ui: &mut Ui,
    rect: Rect,
    view: &LockView,
    state: &mut LockState,
) -> (Vec<Intent>, Option<FireChoice>) {
    let mut cut = Cut(rect);
    let tokens = look(ui).tokens;
    if state.asking {
        return choice_ui(ui, rect, state);
    }
    title_ui(ui, &mut cut, "In an emergency");
    let high = if rect.width() < 360.0 { 96.0 } else { 172.0 };
    let spot = cut.top(high);
    let response = ui.interact(spot, Id::unique("open fire register"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Fire register"));
    let own = tokens.status(Status::Real);
    ui.painter().rect(spot, size::RADIUS_PANEL, tokens.surface, Stroke::new(3.0, own), StrokeKind::Inside);
    let words = text::line(ui, "Fire register", Type::Count, Weight::Strong, tokens.text, spot.width());
    let total = words.size().x + 60.0;
    let left = spot.center().x - total / 2.0;
    status::paint(ui.painter(), pos2(left + 20.0, spot.center().y), 46.0, Status::Real, own, tokens.surface);
    text::paint(ui.painter(), Rect::from_min_max(pos2(left + 60.0, spot.top()), spot.max), words, Align::Min);
    focus_outside(ui, &response);
    if response.clicked() {
        state.asking = true;
        state.fresh = true;
    }
    cut.top(16.0);
    let parts = match &view.fire {
        Some(as_of) => as_of_words(as_of),
        None => vec![muster_school::view::Span::plain("No list has reached this device yet.")],
    };
    let galley = text::spans(ui, &parts, Type::Body, tokens.text, cut.width(), 4);
    let high = galley.size().y;
    text::label(ui, cut.top(high), galley, Align::Min);
    cut.top(16.0);
    let words = "Works with no network and nobody signed in. One press here and one to choose open the list; a third starts a roll call. Opening it is recorded in the audit.";
    let galley = text::wrapped(ui, words, Type::Body, Weight::Regular, tokens.muted, cut.width());
    let high = galley.size().y;
    text::label(ui, cut.top(high), galley, Align::Min);
    cut.top(24.0);
    let keys = Command::AddConcern.keys();
    let button = Button::new("Add a concern").step(Type::Name).shortcut(&keys).chosen(view.for_concern);
    let pressed = button.show(ui, cut.top(48.0)).clicked();
    cut.top(8.0);
    let words = "Something about a child worries you? After your passphrase this page opens at any hour.";
    let galley = text::wrapped(ui, words, Type::Body, Weight::Regular, tokens.muted, cut.width());
    let high = galley.size().y;
    text::label(ui, cut.top(high), galley, Align::Min);
    (pressed.then_some(Intent::ForConcern(!view.for_concern)).into_iter().collect(), None)
}

fn choice_ui(ui: &mut Ui, rect: Rect, state: &mut LockState) -> (Vec<Intent>, Option<FireChoice>) {
    let look = look(ui);
    let tokens = look.tokens;
    let mut cut = Cut(rect);
    let galley = text::line(ui, "Fire register: what for?", Type::Title, Weight::Strong, tokens.text, cut.width());
    text::label(ui, cut.top(28.0), galley, Align::Min);
    cut.top(12.0);
    let mut chosen = None;
    let spot = cut.top(80.0);
    let only = ui.interact(spot, Id::unique("only look"), Sense::click());
    only.widget_info(|| {
        WidgetInfo::labeled(Role::Button, true, "Only look at the list. Nobody is told. No roll call starts")
    });
    ui.painter().rect(spot, size::RADIUS_PANEL, tokens.surface, Stroke::new(2.0, tokens.edge), StrokeKind::Inside);
    for place in 0..3_u8 {
        let y = spot.center().y + (f32::from(place) - 1.0) * 9.0;
        ui.painter().hline(spot.left() + 26.0..=spot.left() + 51.0, y, Stroke::new(3.0, tokens.text));
    }
    let upper =
        Rect::from_min_max(pos2(spot.left() + 70.0, spot.center().y - 24.0), pos2(spot.right(), spot.center().y + 4.0));
    text::put(ui, upper, "Only look at the list", Type::Title, Weight::Strong, tokens.text);
    let lower =
        Rect::from_min_max(pos2(spot.left() + 70.0, spot.center().y + 4.0), pos2(spot.right(), spot.center().y + 24.0));
    text::put(ui, lower, "Nobody is told. No roll call starts", Type::Body, Weight::Regular, tokens.muted);
    focus_outside(ui, &only);
    if std::mem::take(&mut state.fresh) {
        only.request_focus();
    }
    if only.clicked() {
        chosen = Some(FireChoice(None));
    }
    // Four cards, *Not now* below them, and a gap above each.
    let high = ((cut.height() - 64.0) / 4.0 - 12.0).clamp(56.0, 80.0);
    for kind in EventKind::ALL {
        cut.top(12.0);
        if kind_card(ui, cut.top(high), kind, false, true, true).clicked() {
            chosen = Some(FireChoice(Some(kind)));
        }
    }
    cut.top(16.0);
    let mut line = Cut(cut.top(48.0));
    let button = Button::new("Not now").step(Type::Name);
    let wide = button.width(ui);
    if button.show(ui, line.left(wide)).clicked() {
        state.asking = false;
    }
    line.left(12.0);
    text::put_right(ui, line.rest(), "Opening is recorded. Esc closes.", Type::Note, Weight::Regular, tokens.muted);
    if chosen.is_some() {
        state.asking = false;
        return (vec![Intent::Open(Screen::Fire)], chosen);
    }
    (Vec::new(), None)
}
