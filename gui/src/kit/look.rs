//! How the client looks just now: theme, touch, motion. Kept in egui's context, read by every part.

use crate::kit::tokens::{Theme, Tokens};
use crate::kit::{fonts, size};
use egui::{Context, Id, Stroke, StrokeKind, Ui, Visuals};

/// The look in force.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Which table of colours.
    pub theme: Theme,
    /// The colours.
    pub tokens: &'static Tokens,
    /// Bigger targets, cards instead of a grid.
    pub touch: bool,
    /// Nothing fades or closes up.
    pub reduce_motion: bool,
    /// Width of a line between rows and round a panel: 1, or 2 in high contrast.
    pub line: f32,
    /// Nothing is read out: whoever must not be found must not be heard.
    pub quiet: bool,
}

impl Look {
    /// The look of a theme.
    pub fn new(theme: Theme, touch: bool, reduce_motion: bool) -> Self {
        let line = if theme == Theme::HighContrast { 2.0 } else { 1.0 };
        Self { theme, tokens: Tokens::of(theme), touch, reduce_motion, line, quiet: false }
    }

    /// Height of a control.
    pub fn control(&self) -> f32 {
        if self.touch { size::CONTROL_TOUCH } else { size::CONTROL }
    }

    /// The line between rows and round panels.
    pub fn hairline(&self) -> Stroke {
        Stroke::new(self.line, self.tokens.line)
    }

    /// The outline of a control.
    pub fn outline(&self) -> Stroke {
        Stroke::new(self.line, self.tokens.edge)
    }

    /// Puts the look in force: colours of egui's own parts, spacing, and where [`look`] finds it.
    pub fn apply(self, ctx: &Context) {
        let before: Option<Self> = ctx.data(|data| data.get_temp(key()));
        if before == Some(self) {
            return;
        }
        ctx.data_mut(|data| data.insert_temp(key(), self));
        let tokens = self.tokens;
        let mut visuals = if self.theme == Theme::Dark { Visuals::dark() } else { Visuals::light() };
        visuals.override_text_color = Some(tokens.text);
        visuals.panel_fill = tokens.bg;
        visuals.window_fill = tokens.surface;
        visuals.window_stroke = Stroke::new(self.line, tokens.edge);
        visuals.window_shadow = egui::Shadow::NONE;
        visuals.popup_shadow = egui::Shadow::NONE;
        visuals.extreme_bg_color = tokens.surface;
        visuals.selection.bg_fill = tokens.selected;
        visuals.selection.stroke = Stroke::new(1.0, tokens.text);
        visuals.text_cursor.stroke = Stroke::new(2.0, tokens.text);
        visuals.text_cursor.blink = false;
        visuals.weak_text_color = Some(tokens.muted);
        let animation = 0.0;
        ctx.all_styles_mut(|style| {
            style.visuals = visuals.clone();
            style.animation_time = animation;
            style.spacing.item_spacing = egui::vec2(8.0, 8.0);
            style.spacing.scroll = scroll_style();
            style.interaction.selectable_labels = false;
            style.scroll_animation = egui::style::ScrollAnimation::none();
            for (kind, font) in &mut style.text_styles {
                *font = match kind {
                    egui::TextStyle::Small => super::text::font(super::Type::Note, super::Weight::Regular),
                    egui::TextStyle::Heading => super::text::font(super::Type::Title, super::Weight::Strong),
                    egui::TextStyle::Button => super::text::font(super::Type::Body, super::Weight::Strong),
                    _ => super::text::font(super::Type::Body, super::Weight::Regular),
                };
            }
        });
    }
}

/// Bars that lie over the margin of what scrolls, always to be seen, so that a list looks as long as it is.
fn scroll_style() -> egui::style::ScrollStyle {
    let mut scroll = egui::style::ScrollStyle::floating();
    scroll.floating_width = 5.0;
    scroll.bar_width = 10.0;
    scroll.bar_outer_margin = 1.0;
    scroll.dormant_handle_opacity = 0.45;
    scroll.active_handle_opacity = 0.6;
    scroll.fade.strength = 0.0;
    scroll
}

fn key() -> Id {
    Id::unique("muster look")
}

/// Hands egui our fonts. Once, before the first frame.
pub fn install_fonts(ctx: &Context) {
    ctx.set_fonts(fonts::definitions());
}

/// The look in force; light when none was set.
pub fn look(ui: &Ui) -> Look {
    ui.ctx().data(|data| data.get_temp(key())).unwrap_or_else(|| Look::new(Theme::Light, false, false))
}

/// The focus ring of a control: outside it, never removed.
pub fn focus_outside(ui: &Ui, response: &egui::Response) {
    if response.has_focus() {
        let stroke = Stroke::new(size::FOCUS, look(ui).tokens.focus);
        ui.painter().rect_stroke(response.rect.expand(2.0), size::RADIUS + 2.0, stroke, StrokeKind::Outside);
    }
}

/// The focus ring of a row or a cell: inside it, so that a neighbour never hides it.
pub fn focus_inside(ui: &Ui, rect: egui::Rect) {
    let stroke = Stroke::new(size::FOCUS, look(ui).tokens.focus);
    ui.painter().rect_stroke(rect.shrink(1.0), 1.0, stroke, StrokeKind::Inside);
}
