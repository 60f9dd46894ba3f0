//! Today: what the office does next, on the left and in order; what it watches, on the right.

use crate::command::Command;
use crate::intent::{Intent, Screen};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, look, panel, size, status};
use egui::{Align, Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};
use muster_school::view::status::Status;
use muster_school::view::today::{TodayPanel, TodayRow, TodayView};
use muster_school::view::{AsOf, Span};

/// Shows Today in the whole of `ui`.
pub fn today_ui(ui: &mut Ui, view: &TodayView) -> Vec<Intent> {
    let mut intents = Vec::new();
    let tokens = look(ui).tokens;
    let whole = ui.max_rect();
    let mut inner = ui.new_child(UiBuilder::new().id_salt("today").max_rect(whole));
    ScrollArea::vertical().id_salt("today scroll").auto_shrink(false).show(&mut inner, |ui| {
        let top = ui.max_rect().top();
        let area = Rect::from_min_max(
            pos2(whole.left() + size::MARGIN, top + 12.0),
            pos2(whole.right() - size::MARGIN, top + 4_000.0),
        );
        let mut cut = Cut(area);
        let add_keys = Command::AddConcern.keys();
        let add = Button::new("Add a concern…").shortcut(&add_keys);
        let wide = add.width(ui);
        let spot = Cut(Rect::from_min_size(cut.rest().min, vec2(cut.width(), look(ui).control()))).right(wide);
        let add = add.show(ui, spot).clicked();
        intents.extend(add.then_some(Intent::Open(Screen::AddConcern)));
        let title = text::line(ui, &view.day, Type::Title, Weight::Strong, tokens.text, cut.width());
        text::label(ui, cut.top(28.0), title, Align::Min);
        let greeting = text::line(ui, &view.greeting, Type::Body, Weight::Regular, tokens.muted, cut.width());
        text::label(ui, cut.top(20.0), greeting, Align::Min);
        cut.top(14.0);
        let two = cut.width() > 820.0;
        let mut left = cut;
        let mut right = cut;
        if two {
            right = Cut(left.right((cut.width() * 0.365).min(420.0)));
            left.right(size::MARGIN);
        }
        for shown in &view.to_do {
            intents.extend(panel_ui(ui, &mut left, shown, true));
        }
        if !two {
            right = left;
        }
        for shown in &view.to_watch {
            intents.extend(panel_ui(ui, &mut right, shown, false));
        }
        let bottom = left.rest().top().max(right.rest().top());
        ui.set_height(bottom - top);
    });
    intents
}

/// As of when, as a note; a plain warning line below says it again when it is too old.
pub(crate) fn as_of_note(as_of: &AsOf) -> String {
    if as_of.at.is_empty() { String::new() } else { format!("as of {}", as_of.at) }
}

/// The head of a panel: number, linked title, as of. Returns true when the title was pressed.
pub(crate) fn panel_head(ui: &mut Ui, rect: Rect, count: u32, title: &str, as_of: &AsOf, linked: bool) -> bool {
    let tokens = look(ui).tokens;
    let mut line = Cut(rect.shrink2(vec2(size::MARGIN, 0.0)));
    let note = text::line(ui, &as_of_note(as_of), Type::Note, Weight::Regular, tokens.muted, 160.0);
    let wide = note.size().x + 8.0;
    text::label(ui, line.right(wide), note, Align::Max);
    let number = text::thousands(count);
    let wide = text::digits_width(ui, &number, Type::Count, Weight::Strong);
    let spot = line.left(wide);
    text::digits(ui, spot.left_center(), &number, Type::Count, Weight::Strong, tokens.text);
    line.left(12.0);
    if linked {
        let button = Button::link(title).step(Type::Name).name(format!("{title}: {number}"));
        let wide = button.width(ui).min(line.width());
        let spot = line.left(wide);
        let spot = Rect::from_center_size(spot.center(), vec2(spot.width(), size::CONTROL));
        return button.show(ui, spot).clicked();
    }
    let galley = text::line(ui, title, Type::Name, Weight::Strong, tokens.text, line.width());
    let spoken = format!("{number} {title}");
    text::paint(ui.painter(), line.rest(), galley, Align::Min);
    text::say(ui, line.rest(), &spoken);
    false
}

fn panel_ui(ui: &mut Ui, cut: &mut Cut, shown: &TodayPanel, wide: bool) -> Vec<Intent> {
    let mut intents = Vec::new();
    let tokens = look(ui).tokens;
    let width = cut.width();
    let note = (!shown.note.is_empty())
        .then(|| text::wrapped(ui, &shown.note, Type::Note, Weight::Regular, tokens.muted, width - 32.0));
    let warning = shown.as_of.stale.then(|| super::fire::as_of_words(&shown.as_of));
    let warning_high = warning.as_ref().map_or(0.0, |words| chip::warning_height(ui, words, width - 16.0) + 8.0);
    let note_high = note.as_ref().map_or(0.0, |note| note.size().y + 17.0);
    let rect = cut.top(48.0 + shown.rows.len() as f32 * size::ROW + note_high + warning_high);
    cut.top(size::MARGIN);
    panel::panel(ui, rect);
    let mut inner = Cut(rect);
    let head = inner.top(48.0);
    if panel_head(ui, head, shown.count, &shown.title, &shown.as_of, shown.link.is_some()) {
        intents.extend(shown.link.map(Intent::from));
    }
    if let Some(words) = &warning {
        chip::warning(ui, inner.top(warning_high).shrink2(vec2(8.0, 4.0)), Status::Check, words);
    }
    for row in &shown.rows {
        let line = inner.top(size::ROW);
        panel::rule(ui, line, line.top());
        intents.extend(row_ui(ui, line, row, wide));
    }
    if let Some(note) = note {
        panel::rule(ui, rect, inner.rest().top());
        text::label(ui, inner.rest().shrink2(vec2(size::MARGIN, 0.0)), note, Align::Min);
    }
    intents
}

fn row_ui(ui: &mut Ui, rect: Rect, row: &TodayRow, wide: bool) -> Option<Intent> {
    let tokens = look(ui).tokens;
    let mut cut = Cut(rect.shrink2(vec2(size::MARGIN, 0.0)));
    let icon = cut.left(30.0);
    if let Some(which) = row.status {
        let spot = icon.left_center() + vec2(8.0, 0.0);
        status::paint(ui.painter(), spot, 16.0, which, tokens.status(which), tokens.surface);
    }
    let mut spoken = vec![row.name.clone()];
    spoken.extend([&row.group, &row.detail].into_iter().filter(|part| !part.is_empty()).cloned());
    if let Some(count) = row.count {
        let number = text::thousands(count);
        text::digits_right(ui, cut.rest().right_center(), &number, Type::Body, Weight::Strong, tokens.text);
        cut.right(60.0);
        spoken.push(number);
    } else if wide {
        let detail = cut.right((cut.width() * 0.305).max(120.0));
        text::put(ui, detail, &row.detail, Type::Body, Weight::Regular, tokens.muted);
        let group = cut.right((cut.width() * 0.3).max(80.0));
        text::put(ui, group, &row.group, Type::Body, Weight::Regular, tokens.text);
    } else {
        let room = text::width(ui, &row.detail, Type::Body, Weight::Regular) + 4.0;
        let detail = cut.right(room.min(cut.width() * 0.5));
        text::put_right(ui, detail, &row.detail, Type::Body, Weight::Regular, tokens.muted);
    }
    let spoken = spoken.join(", ");
    if let Some(link) = row.link {
        let button = Button::link(&row.name).step(Type::Body).name(spoken);
        let room = button.width(ui).min(cut.width());
        return button.show(ui, cut.left(room)).clicked().then(|| Intent::from(link));
    }
    let weight = if row.count.is_some() { Weight::Regular } else { Weight::Strong };
    text::put(ui, cut.rest(), &row.name, Type::Body, weight, tokens.text);
    text::say(ui, rect, &spoken);
    None
}

/// A sentence with nothing heavy in it.
pub(crate) fn sentence(words: &str) -> [Span; 1] {
    [Span::plain(words)]
}
