//! The people on the fire register: those who must be called first, each with the last place and its source.

use super::{FireState, filter};
use crate::kit::list::{self, List};
use crate::kit::text::{self, Type};
use crate::kit::{Cut, Weight, chip, look, panel, person_row, size};
use crate::screens::care;
use egui::{Align, Id, Rect, Role, Sense, Ui, WidgetInfo};
use muster_school::view::Span;
use muster_school::view::fire::{FireRow, FireView};
use muster_school::view::status::Status;

/// Width of the cell that shows the numbers of somebody.
const CALL: f32 = 84.0;

fn shown<'v>(view: &'v FireView, state: &FireState) -> Vec<&'v FireRow> {
    let lets = |row: &&FireRow| {
        state.filter.lets(&view.letters, &view.classes, row.letter, &row.group, [&row.name, &row.name])
    };
    view.rows.iter().filter(lets).collect()
}

fn row_height(view: &FireView) -> f32 {
    let tall = view.rows.iter().any(|row| !row.care.is_empty());
    size::ROW_FIRE + if tall { care::HIGHER } else { 0.0 }
}

/// How high filters and people are together.
pub(super) fn height(ui: &Ui, width: f32, view: &FireView, state: &FireState) -> f32 {
    let rows = (shown(view, state).len() as f32 * row_height(view)).max(2.0 * size::ROW_FIRE);
    filter::height(ui, width, &view.letters) + 12.0 + rows
}

/// Filters and people.
pub(super) fn list_part(ui: &mut Ui, rect: Rect, view: &FireView, state: &mut FireState) {
    let mut cut = Cut(rect);
    let high = filter::height(ui, cut.width(), &view.letters);
    let spot = cut.top(high);
    filter::filter_ui(ui, spot.min, spot.width(), &view.letters, &view.classes, &mut state.filter);
    cut.top(10.0);
    let rows = shown(view, state);
    let body = cut.rest();
    panel::panel(ui, body);
    if rows.is_empty() {
        let narrows = state.filter.narrows();
        let words = if narrows { "Nobody fits. Choose All, or clear the search" } else { "Nobody is on this list" };
        let muted = look(ui).tokens.muted;
        let galley = text::wrapped(ui, words, Type::Body, Weight::Regular, muted, body.width() - 32.0);
        text::label(ui, body.shrink(16.0), galley, Align::Center);
        return;
    }
    let list = List {
        salt: "fire rows",
        count: rows.len(),
        height: row_height(view),
        role: Role::Row,
        id: &|index| rows.get(index).map_or(Id::NULL, |row| Id::unique(("fire row", row.person))),
        name: &|index| rows.get(index).map(|row| sentence(row)).unwrap_or_default(),
        overhang: 0.0,
        ruled: true,
        escape: false,
    };
    let mut calling = None;
    let happened = list::show(ui, body.shrink(1.0), &mut state.list, &list, |ui, place| {
        if let Some(row) = rows.get(place.index)
            && row_ui(ui, place.rect, row, place.current)
        {
            calling = Some(place.index);
        }
    });
    panel::outline(ui, body);
    let pressed = calling.or(happened.pressed).and_then(|index| rows.get(index));
    if let Some(row) = pressed.filter(|row| !row.phones.is_empty()) {
        state.care.call(&row.name, &row.phones);
    }
}

fn sentence(row: &FireRow) -> String {
    let must = if row.status == Status::MustCall { "must be called, " } else { "" };
    let more: String = row.help.iter().chain(&row.care).chain(&row.duties).map(|part| format!(", {part}")).collect();
    format!("{}, {}, {must}{}{more}", row.name, row.group, row.evidence)
}

/// Paints a row. True when its numbers are asked for.
fn row_ui(ui: &mut Ui, rect: Rect, row: &FireRow, current: bool) -> bool {
    let tokens = look(ui).tokens;
    let mut cut = Cut(rect);
    let mut pressed = false;
    if !row.phones.is_empty() {
        let spot = cut.right(CALL);
        ui.painter().rect_filled(spot, 0.0, tokens.raised);
        let sense = if current { Sense::click() } else { Sense::CLICK };
        let response = ui.interact(spot, Id::unique(("call fire row", row.person)), sense);
        let name = format!("Call… {}", row.name);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        text::put_centre(ui, spot, "Call…", Type::Name, Weight::Strong, tokens.accent);
        if response.has_focus() {
            crate::kit::look::focus_inside(ui, spot);
        }
        pressed = response.clicked();
    }
    let icon = cut.left(45.0);
    person_row::shape(ui, icon, 20.0, row.status, tokens.surface);
    cut.left(7.0);
    let name = (cut.width() * 0.29).clamp(120.0, 260.0);
    let spot = cut.left(name);
    if row.duties.is_empty() {
        person_row::name(ui, spot, &row.name, "", Type::Name, Weight::Strong);
    } else {
        let seam = spot.center().y + 4.0;
        let upper = Rect::from_min_max(spot.min, egui::pos2(spot.right(), seam));
        person_row::name(ui, upper.translate(egui::vec2(0.0, 2.0)), &row.name, "", Type::Name, Weight::Strong);
        let lower = Rect::from_min_max(egui::pos2(spot.left(), seam), spot.max);
        let duties = row.duties.join(", ");
        text::put(ui, lower.translate(egui::vec2(0.0, -2.0)), &duties, Type::Note, Weight::Strong, tokens.text);
    }
    text::put(ui, cut.left(70.0), &row.group, Type::Body, Weight::Regular, tokens.text);
    cut.right(12.0);
    for help in &row.help {
        let wide = chip::tag_width(ui, help, Type::Note, Weight::Strong);
        let spot = cut.right(wide);
        chip::tag(ui, spot.left_center(), help, Type::Note, Weight::Strong, 1.5);
        cut.right(8.0);
    }
    let must = row.status == Status::MustCall;
    let mut parts = Vec::new();
    if must {
        parts.push(Span::strong("Must be called. "));
    }
    parts.push(Span::plain(row.evidence.clone()));
    let colour = if must || !row.care.is_empty() { tokens.text } else { tokens.muted };
    care::words_ui(ui, cut.rest(), &parts, &row.care, colour);
    pressed
}
