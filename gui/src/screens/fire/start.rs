//! Starting a roll call, or joining one that runs: a choice first, repeated in words on the button.

use super::FireState;
use crate::intent::Intent;
use crate::kit::look::focus_outside;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Kind, Weight, layer, look, size, status};
use egui::{Align, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use muster_school::view::Span;
use muster_school::view::fire::{EventKind, FireView};

/// How high the card of a kind is, in points.
const CARD: f32 = 60.0;

/// An event in words: title, what it is, and the words of its start.
pub fn event_words(kind: EventKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        EventKind::Real => ("Real", "A fire or other evacuation", "Start real roll call"),
        EventKind::Drill => ("Drill", "Reported as a drill", "Start drill"),
        EventKind::KeepInside => ("Keep inside", "Silent and dim, doors shut", "Start keep inside"),
        EventKind::Lockdown => ("Lockdown", "Silent and dim, doors locked", "Start lockdown"),
    }
}

/// What runs, what may be started, and the button that starts it. `flat`: the kinds stand beside each other.
pub(super) fn start_part(
    ui: &mut Ui,
    cut: &mut Cut,
    view: &FireView,
    state: &mut FireState,
    flat: bool,
) -> Vec<Intent> {
    let mut intents = Vec::new();
    let tokens = look(ui).tokens;
    let title = text::line(ui, "Start a roll call", Type::Name, Weight::Strong, tokens.text, cut.width());
    text::label(ui, cut.top(24.0), title, Align::Min);
    cut.top(8.0);
    for running in &view.running {
        let told = text::spans(ui, &[Span::plain(running.words.clone())], Type::Body, tokens.text, cut.width(), 2);
        let high = told.size().y;
        text::label(ui, cut.top(high), told, Align::Min);
        cut.top(4.0);
        let button = Button::new("Join")
            .kind(Kind::Event(running.kind.status()))
            .step(Type::Name)
            .name(format!("Join: {}", running.words));
        if button.show(ui, cut.top(56.0)).clicked() {
            intents.push(Intent::JoinCall(running.event));
        }
        cut.top(12.0);
    }
    if !view.no_start.is_empty() {
        let words = text::wrapped(ui, &view.no_start, Type::Name, Weight::Strong, tokens.text, cut.width());
        text::label(ui, cut.top(words.size().y), words, Align::Min);
        return intents;
    }
    let columns: usize = match flat {
        false => 1,
        true if cut.width() < 560.0 => 2,
        true => 4,
    };
    for kinds in EventKind::ALL.chunks(columns) {
        let mut line = Cut(cut.top(CARD));
        cut.top(size::TOUCH_GAP);
        let gaps = (columns - 1) as f32 * size::TOUCH_GAP;
        let wide = (line.width() - gaps) / columns as f32;
        for kind in kinds {
            option_ui(ui, line.left(wide), *kind, state, columns == 1);
            line.left(size::TOUCH_GAP);
        }
    }
    let (words, kind) = match state.chosen {
        Some(kind) => (event_words(kind).2, Kind::Event(kind.status())),
        None => ("Choose one to start", Kind::Outline),
    };
    let start = Button::new(words).kind(kind).step(Type::Call).enabled(state.chosen.is_some());
    let pressed = start.show(ui, cut.top(72.0)).clicked();
    if let (true, Some(kind)) = (pressed, state.chosen) {
        // Two of one event find half of the people each.
        match view.running.is_empty() {
            true => intents.push(Intent::StartCall(kind)),
            false => state.beside = Some(kind),
        }
    }
    intents
}

/// Another roll call runs at this site already: it is joined, unless somebody means a second one.
pub(super) fn beside_ui(ui: &mut Ui, view: &FireView, state: &mut FireState) -> Vec<Intent> {
    let Some(kind) = state.beside else { return Vec::new() };
    let (answer, closed) = layer::show(ui, "beside", "A roll call runs already: join it?", 560.0, |ui, inside| {
        inside.words(ui, "Whoever joins works on the same list. A second one has marks of its own.");
        let mut answer = None;
        for (at, running) in view.running.iter().enumerate() {
            inside.words(ui, &running.words);
            let rect = inside.next(ui, 56.0);
            let join = Button::filled("Join it").step(Type::Name).name(format!("Join it: {}", running.words));
            let response = join.show(ui, rect);
            if at == 0 && inside.fresh {
                response.request_focus();
            }
            if response.clicked() {
                answer = Some(Some(Intent::JoinCall(running.event)));
            }
        }
        let rect = inside.next(ui, 56.0);
        let words = format!("{} beside it", event_words(kind).2);
        if Button::new(&words).step(Type::Name).show(ui, rect).clicked() {
            answer = Some(Some(Intent::StartCall(kind)));
        }
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        if Button::new("Not now").step(Type::Name).show(ui, rect).clicked() {
            answer = Some(None);
        }
        answer
    });
    if closed || answer.is_some() {
        state.beside = None;
    }
    answer.flatten().into_iter().collect()
}

/// One of the kinds of event: shape, name, what it is.
pub fn kind_card(ui: &mut Ui, rect: Rect, kind: EventKind, chosen: bool, outlined: bool, wide: bool) -> egui::Response {
    let look = look(ui);
    let tokens = look.tokens;
    let own = tokens.status(kind.status());
    let (title, note, _) = event_words(kind);
    let ground = if chosen { tokens.selected } else { tokens.surface };
    let stroke = match (chosen, outlined) {
        (true, _) => Stroke::new(3.0, own),
        (false, true) => Stroke::new(2.0, own),
        (false, false) => look.outline(),
    };
    let response = text::node(ui, rect, Sense::click());
    let name = format!("{title}. {note}");
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, &name));
    ui.painter().rect(rect, size::RADIUS_PANEL, ground, stroke, StrokeKind::Inside);
    let large = rect.height() >= 80.0;
    let mut cut = Cut(rect);
    let icon = cut.left(match (wide, large) {
        (true, true) => 70.0,
        (true, false) => 57.0,
        _ => 40.0,
    });
    let side = if wide { 30.0 } else { 22.0 };
    status::paint(ui.painter(), icon.center() + vec2(2.0, 0.0), side, kind.status(), own, ground);
    cut.right(12.0);
    if chosen && wide {
        let room = text::width(ui, "Chosen", Type::Note, Weight::Strong);
        text::put_right(ui, cut.right(room + 4.0), "Chosen", Type::Note, Weight::Strong, tokens.text);
    }
    if wide {
        let (first, second) = if large { (Type::Title, Type::Body) } else { (Type::Call, Type::Note) };
        let seam = rect.center().y + if large { 4.0 } else { 5.0 };
        let column = cut.rest();
        let upper = Rect::from_min_max(pos2(column.left(), seam - first.line()), pos2(column.right(), seam));
        text::put(ui, upper, title, first, Weight::Strong, tokens.text);
        let lower = Rect::from_min_max(pos2(column.left(), seam), pos2(column.right(), seam + second.line()));
        text::put(ui, lower, note, second, Weight::Regular, tokens.muted);
    } else {
        text::put(ui, cut.rest(), title, Type::Body, Weight::Strong, tokens.text);
    }
    focus_outside(ui, &response);
    response
}

fn option_ui(ui: &mut Ui, rect: Rect, kind: EventKind, state: &mut FireState, wide: bool) {
    if kind_card(ui, rect, kind, state.chosen == Some(kind), false, wide).clicked() {
        state.chosen = Some(kind);
    }
}
