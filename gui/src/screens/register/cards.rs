//! Cards for fingers: one tap present, a second absent, *More* for every other code.

use super::extra::Extra;
use super::{RegisterState, grid, row_id, typing};
use crate::intent::Intent;
use crate::kit::look::focus_outside;
use crate::kit::text::{self, Type};
use crate::kit::{Weight, chip, look, person_row, size};
use egui::{Align, Id, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use muster_school::view::register::{RegisterRow, RegisterView};
use muster_school::view::status::Status;

/// Width of the part of a card that opens every other code.
const MORE: f32 = 56.0;

/// Shows the cards: down the columns, as the list reads.
pub fn cards_ui(ui: &mut Ui, rect: Rect, view: &RegisterView, state: &mut RegisterState) -> Vec<Intent> {
    let mut intents = Vec::new();
    let columns = ((rect.width() / 310.0).floor() as usize).clamp(1, 3);
    let per_column = view.rows.len().div_ceil(columns).max(1);
    let gap = size::GAP;
    let wide = (rect.width() - gap * (columns as f32 - 1.0)) / columns as f32;
    let mut inner = ui.new_child(UiBuilder::new().id_salt("cards").max_rect(rect));
    inner.set_clip_rect(rect.expand2(vec2(6.0, 0.0)).intersect(ui.clip_rect()));
    ScrollArea::vertical().id_salt("cards scroll").auto_shrink(false).show(&mut inner, |ui| {
        let top = ui.max_rect().min;
        ui.set_height(per_column as f32 * (size::CARD + gap) + 6.0);
        for (index, row) in view.rows.iter().enumerate() {
            let (column, line) = (index / per_column, index % per_column);
            let at = pos2(rect.left() + column as f32 * (wide + gap), top.y + 2.0 + line as f32 * (size::CARD + gap));
            let place = Rect::from_min_size(at, vec2(wide, size::CARD));
            intents.extend(card_ui(ui, place, row, view, state));
        }
    });
    intents
}

fn card_ui(ui: &mut Ui, rect: Rect, row: &RegisterRow, view: &RegisterView, state: &mut RegisterState) -> Vec<Intent> {
    let look = look(ui);
    let tokens = look.tokens;
    let open = row.mark.is_none();
    let stroke = if open { Stroke::new(2.0_f32.max(look.line), tokens.edge) } else { look.hairline() };
    ui.painter().rect(rect, size::RADIUS_PANEL, tokens.surface, stroke, StrokeKind::Inside);
    let body = Rect::from_min_max(rect.min, pos2(rect.right() - MORE, rect.bottom()));
    let more = Rect::from_min_max(pos2(rect.right() - MORE, rect.top()), rect.max);
    ui.painter().vline(more.left(), rect.y_range().shrink(1.0), look.hairline());

    let card = ui.interact(body, row_id(row), if view.may_mark { Sense::click() } else { Sense::hover() });
    let name = grid::sentence(view, row);
    card.widget_info(|| WidgetInfo::labeled(Role::Button, view.may_mark, &name));
    let menu = ui.interact(more, Id::unique(("more", row.pupil)), Sense::click());
    let menu_name = format!("More codes for {}", row.spoken);
    menu.widget_info(|| WidgetInfo::labeled(Role::Button, view.may_mark, &menu_name));

    let which = match &row.mark {
        Some(_) if row.versions.len() > 1 => Status::Check,
        Some(mark) => mark.status,
        None => Status::NotMarked,
    };
    let icon = Rect::from_center_size(pos2(rect.left() + 30.0, rect.center().y), vec2(26.0, 26.0));
    person_row::shape(ui, icon, 26.0, which, tokens.surface);
    let left = rect.left() + 59.0;
    let upper = Rect::from_min_max(pos2(left, rect.center().y - 22.0), pos2(body.right() - 6.0, rect.center().y + 2.0));
    person_row::name(ui, upper, &row.spoken, &row.apart, Type::Name, Weight::Strong);
    let lower = Rect::from_min_max(pos2(left, rect.center().y + 2.0), pos2(body.right() - 6.0, rect.center().y + 22.0));
    let (words, weight, colour) = match &row.mark {
        Some(_) if row.versions.len() > 1 => {
            ("Two marks differ: tap to settle".to_owned(), Weight::Strong, tokens.text)
        }
        Some(mark) => {
            let minutes = mark.minutes.map(|minutes| format!(", {minutes} minutes")).unwrap_or_default();
            let planned = if mark.planned { ", planned" } else { "" };
            let weight = if mark.planned { Weight::Italic } else { Weight::Regular };
            (format!("{}{minutes}{planned}", mark.words), weight, tokens.text)
        }
        None if !row.note.is_empty() => (row.note.clone(), Weight::Regular, tokens.muted),
        None => ("Not yet marked".to_owned(), Weight::Regular, tokens.muted),
    };
    let words = text::line(ui, &words, Type::Body, weight, colour, lower.width());
    let end = lower.left() + words.size().x;
    text::paint(ui.painter(), lower, words, Align::Min);
    if let Some(flag) = row.flags.first() {
        let wide = chip::tag_width(ui, flag, Type::Note, Weight::Regular);
        if end + 8.0 + wide <= body.right() - 4.0 {
            chip::tag(ui, pos2(end + 8.0, lower.center().y), flag, Type::Note, Weight::Regular, 1.0);
        }
    }
    let words = text::line(ui, "More", Type::Body, Weight::Strong, tokens.muted, MORE);
    text::paint(ui.painter(), more, words, Align::Center);
    focus_outside(ui, &card);
    focus_outside(ui, &menu);
    if menu.clicked() && view.may_mark {
        state.extra = Some(Extra::Codes { pupil: row.pupil });
    }
    if card.clicked() {
        let present = row.mark.as_ref().is_some_and(|mark| !mark.planned && mark.status == Status::Present);
        let code = if present { &view.absent_code } else { &view.present_code };
        return typing::send(view, state, row.pupil, &code.clone(), None, false);
    }
    Vec::new()
}
