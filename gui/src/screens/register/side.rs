//! Beside the grid: how far it is, the keys, and what the small marks mean.

use crate::kit::text::{self, Type};
use crate::kit::{Cut, Weight, look, panel, status};
use egui::{Align, Rect, Shape, Stroke, Ui, pos2, vec2};
use muster_school::view::register::RegisterView;
use muster_school::view::status::Status;

/// The panel of a wide window.
pub fn side_ui(ui: &mut Ui, rect: Rect, view: &RegisterView) {
    panel::panel(ui, rect);
    let tokens = look(ui).tokens;
    let mut cut = Cut(rect.shrink2(vec2(14.0, 12.0)));
    let legend = cut.bottom(if rect.height() > 520.0 { 92.0 } else { 0.0 });
    heading(ui, cut.top(26.0), "So far");
    for tally in &view.tallies {
        let mut line = Cut(cut.top(24.0));
        let whole = line.rest();
        let icon = line.left(26.0);
        if let Some(which) = tally.status {
            let spot = icon.left_center() + vec2(8.0, 0.0);
            status::paint(ui.painter(), spot, 16.0, which, tokens.status(which), tokens.surface);
        }
        let number = tally.count.to_string();
        text::digits_right(ui, line.rest().right_center(), &number, Type::Body, Weight::Strong, tokens.text);
        text::put(ui, line.rest(), &tally.words, Type::Body, Weight::Regular, tokens.text);
        text::say(ui, whole, &format!("{} {}", tally.words, tally.count));
    }
    cut.top(9.0);
    if cut.height() > 110.0 {
        heading(ui, cut.top(28.0), "Keys");
        keys_ui(ui, &mut cut, view);
    }
    if legend.height() > 0.0 {
        legend_ui(ui, legend);
    }
}

fn heading(ui: &mut Ui, rect: Rect, words: &str) {
    let tokens = look(ui).tokens;
    let galley = text::line(ui, words, Type::Name, Weight::Strong, tokens.text, rect.width());
    text::label(ui, rect, galley, Align::Min);
}

fn keys_ui(ui: &mut Ui, cut: &mut Cut, view: &RegisterView) {
    let tokens = look(ui).tokens;
    let growing: Vec<_> = view.codes.iter().filter(|line| line.grows).map(|line| line.code.as_str()).collect();
    let common = view.codes.iter().filter(|line| line.common && !line.grows);
    let mut lines: Vec<(String, Option<Status>, String)> =
        common.map(|line| (line.code.clone(), line.status, line.words.clone())).collect();
    if !growing.is_empty() {
        lines.push((growing.join(" "), None, "then a number".to_owned()));
    }
    lines.push(("Space".to_owned(), None, "same as last".to_owned()));
    lines.push(("Bksp".to_owned(), None, "clear".to_owned()));
    for (key, which, words) in lines {
        if cut.height() < 48.0 {
            break;
        }
        let whole = cut.top(24.0);
        let mut line = Cut(whole);
        text::put(ui, line.left(54.0), &key, Type::Body, Weight::Strong, tokens.text);
        let icon = line.left(24.0);
        if let Some(which) = which {
            let spot = icon.left_center() + vec2(7.0, 0.0);
            status::paint(ui.painter(), spot, 13.0, which, tokens.status(which), tokens.surface);
        }
        text::put(ui, line.rest(), &words, Type::Body, Weight::Regular, tokens.text);
        text::say(ui, whole, &format!("{key}: {words}"));
    }
    let note = text::line(ui, "F1 lists every key and code", Type::Note, Weight::Regular, tokens.muted, cut.width());
    text::label(ui, cut.top(24.0), note, Align::Min);
}

fn legend_ui(ui: &mut Ui, rect: Rect) {
    let tokens = look(ui).tokens;
    let mut cut = Cut(rect);
    let lines = ["Only on this device so far", "Has minutes or a note", "Italic: planned, not confirmed yet"];
    for (place, words) in lines.into_iter().enumerate() {
        let mut line = Cut(cut.top(if place == 2 { 40.0 } else { 26.0 }));
        let icon = line.left(26.0);
        let spot = pos2(icon.left() + 7.0, icon.top() + 13.0);
        match place {
            0 => {
                let own = tokens.status(Status::Unsynced);
                status::paint(ui.painter(), spot, 13.0, Status::Unsynced, own, tokens.surface);
            }
            1 => {
                let corner = vec![spot + vec2(4.0, -4.0), spot + vec2(4.0, 4.0), spot + vec2(-4.0, -4.0)];
                ui.painter().add(Shape::convex_polygon(corner, tokens.accent, Stroke::NONE));
            }
            _ => {
                let letter = Rect::from_center_size(spot, vec2(20.0, 20.0));
                text::put_centre(ui, letter, "M", Type::Note, Weight::Italic, tokens.muted);
            }
        }
        let galley = text::wrapped(ui, words, Type::Note, Weight::Regular, tokens.muted, line.width());
        let top = Rect::from_min_size(line.rest().min + vec2(0.0, 4.0), galley.size());
        text::label(ui, top, galley, Align::Min);
    }
}

fn in_a_line(view: &RegisterView) -> String {
    let parts: Vec<_> = view.tallies.iter().map(|tally| format!("{} {}", tally.words, tally.count)).collect();
    format!("{}. F1 lists every key and code", parts.join(", "))
}

/// How high the line of a narrow window is.
pub fn line_height(ui: &Ui, view: &RegisterView, width: f32) -> f32 {
    let colour = look(ui).tokens.muted;
    text::wrapped(ui, &in_a_line(view), Type::Note, Weight::Regular, colour, width).size().y + 8.0
}

/// Under the grid of a narrow window: the counts in a line.
pub fn line_ui(ui: &mut Ui, rect: Rect, view: &RegisterView) {
    let colour = look(ui).tokens.muted;
    let galley = text::wrapped(ui, &in_a_line(view), Type::Note, Weight::Regular, colour, rect.width());
    text::label(ui, rect, galley, Align::Min);
}
