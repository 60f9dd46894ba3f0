//! A field to type in: an outline, a hint, a name, and the focus ring outside.
//!
//! All of it takes a press, not its line of text alone, and under a finger as much as a control does.

use crate::kit::look::{focus_outside, look};
use crate::kit::text::{self, Type};
use crate::kit::typed::make_room;
use crate::kit::{Weight, size};
use egui::epaint::MarginF32;
use egui::text_edit::TextEditState;
use egui::{Align, Frame, Id, Margin, Rect, Response, StrokeKind, TextEdit, Ui, pos2, vec2};

/// A field to be shown at a place.
#[must_use]
pub struct Field<'a> {
    name: &'a str,
    hint: &'a str,
    keys: &'a str,
    password: bool,
    secret: bool,
    id: Option<Id>,
    limit: usize,
    right: f32,
}

impl<'a> Field<'a> {
    /// A field of this name.
    pub fn new(name: &'a str) -> Self {
        Self { name, hint: "", keys: "", password: false, secret: false, id: None, limit: 500, right: 0.0 }
    }

    /// Words to show while it is empty.
    pub fn hint(self, hint: &'a str) -> Self {
        Self { hint, ..self }
    }

    /// Keys that lead to it, shown at the right while it is empty.
    pub fn keys(self, keys: &'a str) -> Self {
        Self { keys, ..self }
    }

    /// Shows discs instead of letters.
    pub fn password(self, password: bool) -> Self {
        Self { password, ..self }
    }

    /// What is typed is a secret: nothing of it is kept to be undone.
    pub fn secret(self) -> Self {
        Self { secret: true, ..self }
    }

    /// With an id that a shortcut can give the focus to.
    pub fn id(self, id: Id) -> Self {
        Self { id: Some(id), ..self }
    }

    /// At most this many characters.
    pub fn limit(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    /// Leaves room at the right for a button inside.
    pub fn room(self, right: f32) -> Self {
        Self { right, ..self }
    }

    /// How high a field of many lines has to be to show all of a text, at least so many lines.
    pub fn lines_height(ui: &Ui, value: &str, width: f32, least: usize) -> f32 {
        let galley = text::wrapped(ui, value, Type::Body, Weight::Regular, look(ui).tokens.text, width - 20.0);
        // A line more than is typed, so that nothing jumps when the next begins.
        (galley.size().y + Type::Body.line()).max(Type::Body.line() * least as f32) + 16.0
    }

    /// Shows it in a rectangle, with as many lines as [`Field::lines_height`] made room for.
    pub fn show_lines(self, ui: &mut Ui, rect: Rect, value: &mut String) -> Response {
        let look = look(ui);
        let tokens = look.tokens;
        ui.painter().rect(rect, size::RADIUS, tokens.surface, look.outline(), StrokeKind::Inside);
        let inner = rect.shrink2(vec2(10.0, 8.0));
        if value.is_empty() {
            let galley = text::wrapped(ui, self.hint, Type::Body, Weight::Regular, tokens.muted, inner.width());
            ui.painter().galley(inner.min, galley, tokens.muted);
        }
        let mut edit = TextEdit::multiline(value)
            .frame(Frame::NONE.inner_margin(Margin::symmetric(10, 8)))
            .font(text::font(Type::Body, Weight::Regular))
            .text_color(tokens.text)
            .char_limit(self.limit)
            .desired_rows(1)
            .desired_width(rect.width());
        if let Some(id) = self.id {
            edit = edit.id(id);
        }
        let response = ui.place(rect, edit.min_size(rect.size())).accessible_name(self.name);
        let outer = response.clone().with_new_rect(rect);
        focus_outside(ui, &outer);
        response
    }

    /// Shows it in a rectangle.
    pub fn show(self, ui: &mut Ui, rect: Rect, value: &mut String) -> Response {
        let look = look(ui);
        let tokens = look.tokens;
        ui.painter().rect(rect, size::RADIUS, tokens.surface, look.outline(), StrokeKind::Inside);
        let step = if rect.height() > 40.0 { Type::Name } else { Type::Body };
        let inner = Rect::from_min_max(
            pos2(rect.left() + 10.0, rect.center().y - step.line() / 2.0),
            pos2(rect.right() - 10.0 - self.right, rect.center().y + step.line() / 2.0),
        );
        if value.is_empty() {
            let mut left = inner;
            if !self.keys.is_empty() && !look.touch && rect.width() > 150.0 {
                let keys = text::line(ui, self.keys, Type::Note, Weight::Regular, tokens.muted, inner.width());
                left.max.x -= keys.size().x + 4.0;
                text::paint(ui.painter(), inner, keys, Align::Max);
            }
            text::put(ui, left, self.hint, step, Weight::Regular, tokens.muted);
        }
        if self.secret {
            make_room(value, self.limit);
        }
        // A row may be lower than a finger needs.
        let short = if look.touch { (size::CONTROL_TOUCH - rect.height()).max(0.0) } else { 0.0 };
        let whole = Rect::from_min_max(rect.min, pos2(rect.right() - self.right, rect.bottom()));
        let whole = whole.expand2(vec2(0.0, short / 2.0));
        let above = ((whole.height() - step.line()) / 2.0).floor();
        let margin = MarginF32 { left: 10.0, right: 10.0, top: above, bottom: above };
        let mut edit = TextEdit::singleline(value)
            .frame(Frame::NONE.inner_margin(Margin::from(margin)))
            .min_size(whole.size())
            .font(text::font(step, Weight::Regular))
            .text_color(tokens.text)
            .password(self.password)
            .char_limit(self.limit)
            .desired_width(whole.width());
        if let Some(id) = self.id {
            edit = edit.id(id);
        }
        let response = ui.place(whole, edit).accessible_name(self.name);
        if self.secret
            && let Some(mut state) = TextEditState::load(ui.ctx(), response.id)
        {
            state.clear_undoer();
        }
        let outer = response.clone().with_new_rect(rect);
        focus_outside(ui, &outer);
        response
    }
}
