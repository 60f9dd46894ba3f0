//! The type scale, and words painted where a screen wants them.
//!
//! Painted words are not in the accessibility tree by themselves: [`label`] puts them there; a row or a button
//! speaks for the words in it.

use crate::kit::fonts::Weight;
use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Align2, Color32, FontId, Galley, Id, Painter, Pos2, Rect, Response, Role, Sense, Ui, WidgetInfo};
use muster_school::view::Span;
use std::sync::Arc;

/// A step of the type scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// 13/18: as-of, shortcuts, table heads. Nothing smaller exists.
    Note,
    /// 15/20: rows, fields, sentences.
    Body,
    /// 18/24: touch names, section heads, touch buttons.
    Name,
    /// 20/26: names in a roll call.
    Call,
    /// 22/28: one a screen.
    Title,
    /// 28/36: counts.
    Count,
    /// 40/48: how many are to find.
    Big,
}

impl Type {
    /// Points from ascender to descender.
    pub fn size(self) -> f32 {
        match self {
            Self::Note => 13.0,
            Self::Body => 15.0,
            Self::Name => 18.0,
            Self::Call => 20.0,
            Self::Title => 22.0,
            Self::Count => 28.0,
            Self::Big => 40.0,
        }
    }

    /// Points from line to line.
    pub fn line(self) -> f32 {
        match self {
            Self::Note => 18.0,
            Self::Body => 20.0,
            Self::Name => 24.0,
            Self::Call => 26.0,
            Self::Title => 28.0,
            Self::Count => 36.0,
            Self::Big => 48.0,
        }
    }
}

/// The font of a step and a weight.
pub fn font(step: Type, weight: Weight) -> FontId {
    FontId::new(step.size(), weight.family())
}

fn format(step: Type, weight: Weight, colour: Color32) -> TextFormat {
    TextFormat { font_id: font(step, weight), color: colour, line_height: Some(step.line()), ..TextFormat::default() }
}

/// Words laid out over as many lines as they need.
pub fn wrapped(ui: &Ui, text: &str, step: Type, weight: Weight, colour: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::default();
    job.wrap.max_width = width.max(1.0);
    job.append(text, 0.0, format(step, weight, colour));
    ui.painter().layout_job(job)
}

/// Words on one line, cut with an ellipsis where they do not fit.
pub fn line(ui: &Ui, text: &str, step: Type, weight: Weight, colour: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::default();
    job.wrap.max_width = width.max(1.0);
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    job.append(text, 0.0, format(step, weight, colour));
    ui.painter().layout_job(job)
}

/// A sentence with its one heavier part, over at most `rows` lines.
pub fn spans(ui: &Ui, parts: &[Span], step: Type, colour: Color32, width: f32, rows: usize) -> Arc<Galley> {
    let mut job = LayoutJob::default();
    job.wrap.max_width = width.max(1.0);
    job.wrap.max_rows = rows;
    for part in parts {
        let weight = if part.strong { Weight::Strong } else { Weight::Regular };
        job.append(&part.text, 0.0, format(step, weight, colour));
    }
    ui.painter().layout_job(job)
}

/// The words of a sentence of parts.
pub fn plain(parts: &[Span]) -> String {
    parts.iter().map(|part| part.text.as_str()).collect()
}

/// How wide words are on one line.
pub fn width(ui: &Ui, text: &str, step: Type, weight: Weight) -> f32 {
    line(ui, text, step, weight, Color32::BLACK, f32::INFINITY).size().x
}

/// Paints laid-out words in the middle of a rectangle's height, at its left, centre or right.
pub fn paint(painter: &Painter, rect: Rect, galley: Arc<Galley>, align: Align) {
    let place = match align {
        Align::Min => Align2::LEFT_CENTER,
        Align::Center => Align2::CENTER_CENTER,
        Align::Max => Align2::RIGHT_CENTER,
    };
    let spot = place.align_size_within_rect(galley.size(), rect);
    painter.galley(spot.min, galley, Color32::PLACEHOLDER);
}

/// Paints words on one line at the left of a rectangle, and returns where they end.
pub fn put(ui: &Ui, rect: Rect, text: &str, step: Type, weight: Weight, colour: Color32) -> f32 {
    let galley = line(ui, text, step, weight, colour, rect.width());
    let end = rect.left() + galley.size().x;
    paint(ui.painter(), rect, galley, Align::Min);
    end
}

/// As [`put`], at the right.
pub fn put_right(ui: &Ui, rect: Rect, text: &str, step: Type, weight: Weight, colour: Color32) {
    let galley = line(ui, text, step, weight, colour, rect.width());
    paint(ui.painter(), rect, galley, Align::Max);
}

/// As [`put`], in the middle.
pub fn put_centre(ui: &Ui, rect: Rect, text: &str, step: Type, weight: Weight, colour: Color32) {
    let galley = line(ui, text, step, weight, colour, rect.width());
    paint(ui.painter(), rect, galley, Align::Center);
}

/// Paints laid-out words and says them to readers that speak.
pub fn label(ui: &mut Ui, rect: Rect, galley: Arc<Galley>, align: Align) -> Response {
    let words = galley.text().to_owned();
    paint(ui.painter(), rect, galley, align);
    say(ui, rect, &words)
}

/// Puts words into the accessibility tree at a place, without painting.
pub fn say(ui: &mut Ui, rect: Rect, words: &str) -> Response {
    let response = node(ui, rect, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    response
}

/// Says words whenever they change: for counts, rejected codes and notices. Never while the look is quiet.
pub fn live(ui: &mut Ui, salt: &str, words: &str) {
    if crate::kit::look(ui).quiet {
        return;
    }
    let corner = Rect::from_min_size(ui.max_rect().min, egui::vec2(1.0, 1.0));
    let response = ui.interact(corner, Id::unique(("live", salt)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(egui::accesskit::Live::Polite));
}

/// A place that answers, with an id of its own.
pub fn node(ui: &mut Ui, rect: Rect, sense: Sense) -> Response {
    let id = ui.next_auto_id();
    ui.skip_ahead_auto_ids(1);
    ui.interact(rect, id, sense)
}

/// Digits one to a cell, so that a changing number does not dance. Returns the width.
pub fn digits(ui: &Ui, left_centre: Pos2, text: &str, step: Type, weight: Weight, colour: Color32) -> f32 {
    let cell = step.size() * 0.66;
    let mut x = left_centre.x;
    for letter in text.chars() {
        let galley = line(ui, &letter.to_string(), step, weight, colour, f32::INFINITY);
        let advance = if letter.is_ascii_digit() { cell } else { galley.size().x };
        let spot = Pos2::new(x + (advance - galley.size().x) / 2.0, left_centre.y - galley.size().y / 2.0);
        ui.painter().galley(spot, galley, Color32::PLACEHOLDER);
        x += advance;
    }
    x - left_centre.x
}

/// As [`digits`], ending at the right.
pub fn digits_right(ui: &Ui, right_centre: Pos2, text: &str, step: Type, weight: Weight, colour: Color32) {
    let wide = digits_width(ui, text, step, weight);
    digits(ui, Pos2::new(right_centre.x - wide, right_centre.y), text, step, weight, colour);
}

/// How wide digits are in their cells.
pub fn digits_width(ui: &Ui, text: &str, step: Type, weight: Weight) -> f32 {
    let cell = step.size() * 0.66;
    let letter = |letter: char| {
        if letter.is_ascii_digit() { cell } else { width(ui, &letter.to_string(), step, weight) }
    };
    text.chars().map(letter).sum()
}

/// A number with a comma between thousands.
pub fn thousands(number: u32) -> String {
    let plain = number.to_string();
    let mut out = String::new();
    for (place, digit) in plain.chars().enumerate() {
        if place > 0 && (plain.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
