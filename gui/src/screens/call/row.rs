//! One person in a roll call: shape, name, class, last place and source, what is needed, and what a press does.

use super::strips::tags_width;
use crate::kit::list::Row;
use crate::kit::text::{self, Type};
use crate::kit::{Cut, Weight, chip, look, person_row};
use crate::screens::care;
use egui::{Color32, Id, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use muster_school::view::Span;
use muster_school::view::call::{CallRow, Urgency};
use muster_school::view::status::Status;

/// Width of the cell that says what a press does.
const ACTION: f32 = 112.0;
/// Width of the cell that opens everything else.
const OTHER: f32 = 84.0;
/// Width of the mark at the left of a row that is most to be looked at.
const EDGE: f32 = 8.0;

/// The row in one breath: `Found, Rhys Davies, Beech, not yet found, Present, Register Beech, 08:53, Evac chair`.
pub fn sentence(row: &CallRow) -> String {
    let mut parts = vec![action(row).to_owned(), row.spoken.clone(), row.group.clone()];
    parts.push(state(row));
    parts.extend(
        [&row.waiting, &row.said, &row.evidence, &row.hint].into_iter().filter(|part| !part.is_empty()).cloned(),
    );
    if !row.looked.is_empty() {
        parts.push(format!("looked for: {}", row.looked));
    }
    parts.extend(row.help.iter().chain(&row.care).chain(&row.duties).cloned());
    parts.join(", ")
}

/// What is said of somebody, in a word or two.
fn state(row: &CallRow) -> String {
    if row.at_refuge {
        return if row.place.is_empty() {
            "waiting for help".into()
        } else {
            format!("waiting for help: {}", row.place)
        };
    }
    if row.not_here { "not here today".to_owned() } else { row.status.word().to_lowercase() }
}

/// What a press on the row does, in a word.
pub fn action(row: &CallRow) -> &'static str {
    match row.status {
        Status::Check => "Settle",
        Status::Found if !row.at_refuge => "Call back",
        _ => "Found",
    }
}

/// The ground of a row: what is to be looked at stands out, and says so in words too.
fn ground(ui: &Ui, row: &CallRow, check: bool) -> Color32 {
    let tokens = look(ui).tokens;
    match row.urgency {
        _ if check || row.at_refuge => tokens.warn,
        Urgency::Calm => tokens.surface,
        Urgency::Raised => tokens.warn,
        Urgency::High => tokens.alert,
    }
}

/// Paints a row. True when everything else that may be said was asked for.
pub fn row_ui(ui: &mut Ui, place: &Row, row: &CallRow, fade: f32) -> bool {
    let look = look(ui);
    let tokens = look.tokens;
    let rect = place.rect;
    let check = row.status == Status::Check;
    let ground = ground(ui, row, check);
    ui.painter().rect_filled(rect, 0.0, ground);
    let mut cut = Cut(rect);
    let cell = cut.right(if rect.width() > 560.0 { ACTION } else { 84.0 });
    ui.painter().rect_filled(cell, 0.0, if check { ground } else { tokens.raised });
    ui.painter().vline(cell.left(), rect.y_range(), look.hairline());
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(rect));
    let ui = &mut child;
    ui.multiply_opacity(fade);
    if row.urgency == Urgency::High && !check {
        let edge = Rect::from_min_size(rect.min, vec2(EDGE, rect.height()));
        ui.painter().rect_filled(edge, 0.0, tokens.status(Status::Real));
    }
    let colour = if check { tokens.status(Status::Check) } else { tokens.accent };
    text::put_centre(ui, cell, action(row), Type::Name, Weight::Strong, colour);
    let pressed = !check && fade >= 1.0 && other_ui(ui, cut.right(OTHER), row, place.current);
    cut.right(8.0);
    let icon = cut.left(58.0);
    person_row::shape(ui, Rect::from_center_size(icon.center(), vec2(26.0, 26.0)), 26.0, row.status, ground);
    cut.left(6.0);
    name_ui(ui, &mut cut, rect, row);
    words_ui(ui, &mut cut, row, check);
    pressed
}

/// The cell for everything that is not *Found*.
fn other_ui(ui: &mut Ui, spot: Rect, row: &CallRow, current: bool) -> bool {
    let tokens = look(ui).tokens;
    let sense = if current { Sense::click() } else { Sense::CLICK };
    let response = ui.interact(spot, Id::unique(("other", row.person)), sense);
    let name = format!("Other… {}", row.spoken);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    ui.painter().vline(spot.left(), spot.y_range(), look(ui).hairline());
    text::put_centre(ui, spot, "Other…", Type::Body, Weight::Strong, tokens.text);
    if response.has_focus() {
        crate::kit::look::focus_inside(ui, spot);
    }
    response.clicked()
}

/// The name, with the class beside it or below, and duties under it.
fn name_ui(ui: &Ui, cut: &mut Cut, rect: Rect, row: &CallRow) {
    let tokens = look(ui).tokens;
    let narrow = cut.width() < 560.0;
    let wide = if narrow { (cut.width() * 0.45).max(120.0) } else { (rect.width() * 0.221).clamp(160.0, 320.0) };
    let spot = cut.left(wide);
    let mut below = if narrow { vec![row.group.clone()] } else { Vec::new() };
    below.extend(row.duties.iter().cloned());
    if below.is_empty() {
        person_row::name(ui, spot, &row.name, "", Type::Call, Weight::Strong);
    } else {
        let seam = rect.center().y + 6.0;
        let upper = Rect::from_min_max(pos2(spot.left(), seam - 30.0), pos2(spot.right(), seam));
        person_row::name(ui, upper, &row.name, "", Type::Call, Weight::Strong);
        let lower = Rect::from_min_max(pos2(spot.left(), seam), pos2(spot.right(), seam + 18.0));
        let weight = if row.duties.is_empty() { Weight::Regular } else { Weight::Strong };
        text::put(ui, lower, &below.join(", "), Type::Note, weight, tokens.text);
    }
    if !narrow {
        text::put(ui, cut.left(84.0), &row.group, Type::Body, Weight::Regular, tokens.text);
    }
}

/// What is needed, where they were last, and what was heard.
fn words_ui(ui: &Ui, cut: &mut Cut, row: &CallRow, check: bool) {
    let tokens = look(ui).tokens;
    let mut tags: Vec<String> = row.help.clone();
    if row.at_refuge {
        tags.insert(0, "Waiting for help".to_owned());
    }
    if !row.looked.is_empty() || row.status == Status::NotFound {
        let words = if row.looked.is_empty() { "Looked for".to_owned() } else { format!("Looked for: {}", row.looked) };
        tags.insert(0, words);
    }
    let needed = tags_width(ui, &tags);
    if needed + 170.0 < cut.width() {
        for tag in tags.iter().rev() {
            let wide = chip::tag_width(ui, tag, Type::Body, Weight::Strong);
            chip::tag(ui, cut.right(wide).left_center(), tag, Type::Body, Weight::Strong, 2.0);
            cut.right(8.0);
        }
        tags.clear();
    }
    let mut parts = Vec::new();
    if check {
        parts.push(Span::strong("Check. "));
    }
    for words in [&row.waiting, &row.hint].into_iter().filter(|words| !words.is_empty()) {
        parts.push(Span::strong(format!("{words}. ")));
    }
    for tag in tags {
        parts.push(Span::strong(format!("{tag}. ")));
    }
    let words = if row.said.is_empty() { &row.evidence } else { &row.said };
    parts.push(Span::plain(words.clone()));
    care::words_ui(ui, cut.rest(), &parts, &row.care, tokens.text);
}
