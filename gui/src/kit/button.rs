//! Buttons: one filled a screen, the rest outlined, and those of an emergency.

use crate::kit::look::{focus_outside, look};
use crate::kit::text::{self, Type};
use crate::kit::{Weight, size, status};
use egui::{Align, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2};
use muster_school::view::status::Status;

/// What a button is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The one main thing to do on a screen.
    Filled,
    /// Anything else.
    Outline,
    /// Starts an event: filled in its colour, with its shape.
    Event(Status),
    /// Opens the fire register: outlined in *real*, never filled before an event.
    Emergency,
    /// A link in the text.
    Link,
}

/// A button to be shown at a place.
#[must_use]
pub struct Button<'a> {
    words: &'a str,
    name: Option<String>,
    shortcut: Option<&'a str>,
    kind: Kind,
    step: Option<Type>,
    chosen: bool,
    enabled: bool,
}

impl<'a> Button<'a> {
    /// An outlined button.
    pub fn new(words: &'a str) -> Self {
        Self { words, name: None, shortcut: None, kind: Kind::Outline, step: None, chosen: false, enabled: true }
    }

    /// The main button of the screen.
    pub fn filled(words: &'a str) -> Self {
        Self { kind: Kind::Filled, ..Self::new(words) }
    }

    /// A link.
    pub fn link(words: &'a str) -> Self {
        Self { kind: Kind::Link, ..Self::new(words) }
    }

    /// Of this kind.
    pub fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// With its keys beside the words.
    pub fn shortcut(self, shortcut: &'a str) -> Self {
        Self { shortcut: Some(shortcut), ..self }
    }

    /// Says more to readers that speak. Begin it with the visible words.
    pub fn name(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// In this step of the type scale.
    pub fn step(self, step: Type) -> Self {
        Self { step: Some(step), ..self }
    }

    /// A filter that is in force.
    pub fn chosen(self, chosen: bool) -> Self {
        Self { chosen, ..self }
    }

    /// May be pressed.
    pub fn enabled(self, enabled: bool) -> Self {
        Self { enabled, ..self }
    }

    fn step_in(&self, ui: &Ui) -> Type {
        self.step.unwrap_or(if look(ui).touch { Type::Name } else { Type::Body })
    }

    /// How wide it wants to be.
    pub fn width(&self, ui: &Ui) -> f32 {
        let step = self.step_in(ui);
        let inner = text::width(ui, self.words, step, Weight::Strong);
        let shortcut = if look(ui).touch { None } else { self.shortcut };
        let keys = shortcut.map_or(0.0, |keys| 8.0 + text::width(ui, keys, Type::Note, Weight::Regular));
        let shape = if matches!(self.kind, Kind::Event(_) | Kind::Emergency) { 34.0 } else { 0.0 };
        let sides = if self.kind == Kind::Link { 0.0 } else { 26.0 + if look(ui).touch { 8.0 } else { 0.0 } };
        (inner + keys + shape + sides).ceil()
    }

    /// Shows it in a rectangle.
    pub fn show(self, ui: &mut Ui, rect: Rect) -> Response {
        let sense = if self.enabled { Sense::click() } else { Sense::hover() };
        let response = text::node(ui, rect, sense);
        let name = self.name.clone().unwrap_or_else(|| self.words.to_owned());
        let role = if self.kind == Kind::Link { Role::Link } else { Role::Button };
        let (enabled, chosen) = (self.enabled, self.chosen);
        response.widget_info(|| match chosen {
            true => WidgetInfo::selected(role, enabled, true, &name),
            false => WidgetInfo::labeled(role, enabled, &name),
        });
        if ui.is_rect_visible(rect.expand(6.0)) {
            self.paint(ui, rect);
            focus_outside(ui, &response);
        }
        response
    }

    fn paint(&self, ui: &Ui, rect: Rect) {
        let look = look(ui);
        let tokens = look.tokens;
        let filled = self.kind == Kind::Filled || self.chosen;
        let (fill, ink, stroke) = match self.kind {
            _ if !self.enabled => (tokens.raised, tokens.muted, look.outline()),
            Kind::Event(status) if look.quiet => (tokens.raised, tokens.status(status), look.outline()),
            Kind::Event(status) => (tokens.status(status), tokens.on, Stroke::NONE),
            Kind::Emergency => (tokens.surface, tokens.text, Stroke::new(2.0, tokens.status(Status::Real))),
            Kind::Link => (egui::Color32::TRANSPARENT, tokens.accent, Stroke::NONE),
            _ if filled => (tokens.accent, tokens.on, Stroke::NONE),
            _ => (tokens.surface, tokens.text, look.outline()),
        };
        let event = matches!(self.kind, Kind::Event(_));
        let radius = if event { size::RADIUS_PANEL } else { size::RADIUS };
        ui.painter().rect(rect, radius, fill, stroke, StrokeKind::Inside);
        let step = self.step_in(ui);
        let room = if self.kind == Kind::Link { rect.width() + 2.0 } else { rect.width() - 4.0 };
        let words = text::line(ui, self.words, step, Weight::Strong, ink, room);
        if self.kind == Kind::Link {
            let under = rect.center().y + step.size() * 0.55;
            let right = rect.left() + words.size().x;
            ui.painter().hline(rect.left()..=right, under, Stroke::new(1.0, ink));
            text::paint(ui.painter(), rect, words, Align::Min);
            return;
        }
        let shape = match self.kind {
            Kind::Event(status) => Some((status, ink, if rect.height() > 60.0 { 26.0 } else { 20.0 })),
            Kind::Emergency => Some((Status::Real, tokens.status(Status::Real), 20.0)),
            _ => None,
        };
        let keys = self.shortcut.filter(|_| !look.touch);
        let keys = keys.map(|keys| text::line(ui, keys, Type::Note, Weight::Regular, ink, f32::INFINITY));
        let total = words.size().x
            + keys.as_ref().map_or(0.0, |keys| keys.size().x + 8.0)
            + shape.map_or(0.0, |(_, _, side)| side + 10.0);
        let mut x = rect.center().x - total / 2.0;
        if let Some((which, own, side)) = shape {
            status::paint(ui.painter(), pos2(x + side / 2.0, rect.center().y), side, which, own, fill);
            x += side + 10.0;
        }
        let place = |x: f32, wide: f32| Rect::from_min_max(pos2(x, rect.top()), pos2(x + wide, rect.bottom()));
        let wide = words.size().x;
        text::paint(ui.painter(), place(x, wide), words, Align::Min);
        if let Some(keys) = keys {
            let spot = place(x + wide + 8.0, keys.size().x);
            text::paint(ui.painter(), spot, keys, Align::Min);
        }
    }
}
