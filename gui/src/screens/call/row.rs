//! One person in a roll call: shape, name, class, last place and source, what is needed, and what a press does.

use crate::kit::list::Row;
use crate::kit::text::{self, Type};
use crate::kit::{Cut, Weight, chip, look, person_row};
use egui::{Align, Id, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use muster_school::view::Span;
use muster_school::view::call::CallRow;
use muster_school::view::status::Status;

/// Width of the cell that says what a press does.
const ACTION: f32 = 112.0;
/// Width of the cell that opens *Not found*.
const LOOKED: f32 = 84.0;

/// The row in one breath: `Rhys Davies, Beech, not yet found, Present, Register Beech, 08:53, Evac chair`.
pub fn sentence(row: &CallRow) -> String {
    let mut parts = vec![action(row.status).to_owned(), row.spoken.clone(), row.group.clone()];
    parts.push(row.status.word().to_lowercase());
    parts.extend([&row.said, &row.evidence].into_iter().filter(|part| !part.is_empty()).cloned());
    if !row.looked.is_empty() {
        parts.push(format!("looked for: {}", row.looked));
    }
    parts.extend(row.help.iter().cloned());
    parts.join(", ")
}

/// What a press on the row does, in a word.
pub fn action(status: Status) -> &'static str {
    match status {
        Status::Check => "Settle",
        Status::Found => "Call back",
        _ => "Found",
    }
}

/// Paints a row. Returns true when *Not found* was pressed.
pub fn row_ui(ui: &mut Ui, place: &Row, row: &CallRow, shape: Status, fade: f32, found: bool) -> bool {
    let look = look(ui);
    let tokens = look.tokens;
    let rect = place.rect;
    let check = shape == Status::Check;
    let ground = if check { tokens.warn } else { tokens.surface };
    if check {
        ui.painter().rect_filled(rect, 0.0, ground);
    }
    let mut cut = Cut(rect);
    let cell = cut.right(if rect.width() > 560.0 { ACTION } else { 84.0 });
    let cell_ground = if check { tokens.warn } else { tokens.raised };
    ui.painter().rect_filled(cell, 0.0, cell_ground);
    ui.painter().vline(cell.left(), rect.y_range(), look.hairline());
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(rect));
    let ui = &mut child;
    ui.multiply_opacity(fade);
    let colour = if check { tokens.status(Status::Check) } else { tokens.accent };
    text::put_centre(ui, cell, action(row.status), Type::Name, Weight::Strong, colour);

    let mut pressed = false;
    if !check && !found && fade >= 1.0 {
        let spot = cut.right(LOOKED);
        let sense = if place.current { Sense::click() } else { Sense::CLICK };
        let response = ui.interact(spot, Id::unique(("not found", row.person)), sense);
        let name = format!("Not found… {}", row.spoken);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        text::put_centre(ui, spot, "Not found…", Type::Note, Weight::Regular, tokens.muted);
        if response.has_focus() {
            crate::kit::look::focus_inside(ui, spot);
        }
        pressed = response.clicked();
    }
    cut.right(8.0);
    let icon = cut.left(58.0);
    person_row::shape(ui, Rect::from_center_size(icon.center(), vec2(26.0, 26.0)), 26.0, shape, ground);
    cut.left(6.0);
    let narrow = cut.width() < 560.0;
    let name = if narrow { (cut.width() * 0.45).max(120.0) } else { (rect.width() * 0.221).clamp(160.0, 320.0) };
    let spot = cut.left(name);
    if narrow {
        let upper = Rect::from_min_max(pos2(spot.left(), rect.top() + 6.0), pos2(spot.right(), rect.center().y + 6.0));
        person_row::name(ui, upper, &row.name, "", Type::Call, Weight::Strong);
        let lower =
            Rect::from_min_max(pos2(spot.left(), rect.center().y + 6.0), pos2(spot.right(), rect.bottom() - 6.0));
        text::put(ui, lower, &row.group, Type::Note, Weight::Regular, tokens.text);
    } else {
        person_row::name(ui, spot, &row.name, "", Type::Call, Weight::Strong);
        text::put(ui, cut.left(84.0), &row.group, Type::Body, Weight::Regular, tokens.text);
    }
    let mut tags: Vec<String> = row.help.clone();
    if !row.looked.is_empty() || row.status == Status::NotFound {
        let words = if row.looked.is_empty() { "Looked for".to_owned() } else { format!("Looked for: {}", row.looked) };
        tags.insert(0, words);
    }
    let needed = super::tags_width(ui, &tags);
    if needed + 80.0 < cut.width() {
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
    let words = if row.said.is_empty() { &row.evidence } else { &row.said };
    parts.push(Span::plain(words.clone()));
    for tag in tags {
        parts.push(Span::strong(format!(" {tag}.")));
    }
    let galley = text::spans(ui, &parts, Type::Body, tokens.text, cut.width(), 2);
    text::paint(ui.painter(), cut.rest(), galley, Align::Min);
    pressed
}
