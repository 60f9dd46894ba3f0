//! Drills and other roll calls of a site: when the next one is due first, then those there were by term.

use super::report::{ReportState, report_ui};
use super::today;
use crate::intent::Intent;
use crate::kit::column::column;
use crate::kit::look::focus_inside;
use crate::kit::text::{self, Type};
use crate::kit::{Cut, Weight, chip, look, panel, person_row, size};
use egui::{Align, Rect, Role, Sense, Ui, WidgetInfo, vec2};
use muster_school::view::EventId;
use muster_school::view::drills::{DrillRow, DrillTerm, DrillsView};
use muster_school::view::status::Status;

/// How high a roll call that was stands, in points.
const ROW: f32 = 60.0;

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct DrillsState {
    /// The report that is open.
    pub report: ReportState,
    /// A report that was closed, so that one still on its way does not open again.
    closed: Option<EventId>,
}

/// Shows the drills in the whole of `ui`.
pub fn drills_ui(ui: &mut Ui, view: &DrillsView, state: &mut DrillsState) -> Vec<Intent> {
    if view.report.is_none() {
        state.closed = None;
    }
    if let Some(report) = view.report.as_ref().filter(|report| state.closed != Some(report.event)) {
        let mut cut = Cut(ui.max_rect());
        let tokens = look(ui).tokens;
        let head = cut.top(size::HEADER);
        let title = text::line(ui, &report.title, Type::Name, Weight::Strong, tokens.text, head.width() - 32.0);
        text::label(ui, head.shrink2(vec2(size::MARGIN, 0.0)), title, Align::Min);
        panel::rule(ui, head, head.bottom());
        let (mut intents, closed) = report_ui(ui, cut.rest(), report, &mut state.report, "Back to the drills");
        if closed {
            state.closed = Some(report.event);
            intents.push(Intent::LookAtCall(None));
        }
        return intents;
    }
    let whole = ui.max_rect();
    let pressed = column(ui, whole, "drills", |ui, cut| {
        let tokens = look(ui).tokens;
        cut.top(12.0);
        let title = text::line(ui, "Drills", Type::Title, Weight::Strong, tokens.text, cut.width());
        text::label(ui, cut.top(28.0), title, Align::Min);
        let note = format!("{}, {}", view.site, today::as_of_note(&view.as_of));
        let galley = text::line(ui, &note, Type::Body, Weight::Regular, tokens.muted, cut.width());
        text::label(ui, cut.top(20.0), galley, Align::Min);
        cut.top(10.0);
        next_ui(ui, cut, view);
        let mut pressed = None;
        for term in &view.terms {
            pressed = term_ui(ui, cut, term).or(pressed);
        }
        if view.terms.is_empty() {
            let words = "No term is set yet. Set the terms in the school calendar.";
            let galley = text::wrapped(ui, words, Type::Body, Weight::Regular, tokens.muted, cut.width());
            let high = galley.size().y;
            text::label(ui, cut.top(high), galley, Align::Min);
        }
        cut.top(12.0);
        pressed
    });
    if pressed.is_some() {
        state.closed = None;
    }
    pressed.map(|event| Intent::LookAtCall(Some(event))).into_iter().collect()
}

/// When the next one is due: the first thing to be read.
fn next_ui(ui: &mut Ui, cut: &mut Cut, view: &DrillsView) {
    if view.next.is_empty() {
        return;
    }
    let words = today::sentence(&view.next);
    if view.overdue {
        let high = chip::warning_height(ui, &words, cut.width());
        chip::warning(ui, cut.top(high), Status::Check, &words);
    } else {
        let galley = text::spans(ui, &words, Type::Name, look(ui).tokens.text, cut.width(), 6);
        let high = galley.size().y;
        text::label(ui, cut.top(high), galley, Align::Min);
    }
    cut.top(size::MARGIN);
}

fn term_ui(ui: &mut Ui, cut: &mut Cut, term: &DrillTerm) -> Option<EventId> {
    let tokens = look(ui).tokens;
    let rect = cut.top(44.0 + ROW * term.rows.len() as f32);
    cut.top(size::GAP);
    panel::panel(ui, rect);
    let mut inner = Cut(rect);
    let head = inner.top(44.0);
    if term.missed {
        ui.painter().rect_filled(head.shrink(1.0), size::RADIUS_PANEL, tokens.warn);
    }
    let mut line = Cut(head.shrink2(vec2(size::MARGIN, 0.0)));
    if term.missed {
        person_row::shape(ui, line.left(28.0), 18.0, Status::Check, tokens.warn);
    }
    let end = text::put(ui, line.rest(), &term.name, Type::Name, Weight::Strong, tokens.text);
    line.left(end - line.rest().left() + 12.0);
    text::put(ui, line.rest(), &term.summary, Type::Body, Weight::Regular, tokens.text);
    text::say(ui, head, &format!("{}: {}", term.name, term.summary));
    let mut pressed = None;
    for row in &term.rows {
        let spot = inner.top(ROW);
        panel::rule(ui, spot, spot.top());
        if row_ui(ui, spot, row) {
            pressed = Some(row.event);
        }
    }
    panel::outline(ui, rect);
    pressed
}

fn row_ui(ui: &mut Ui, rect: Rect, row: &DrillRow) -> bool {
    let tokens = look(ui).tokens;
    let response = text::node(ui, rect.shrink(1.0), Sense::click());
    let (kind, _, _) = super::fire::event_words(row.kind);
    let parts = [kind, &row.when, &row.outcome, &row.learned, &row.signed];
    let spoken: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, spoken.join(", ")));
    let ground = if response.hovered() { tokens.selected } else { tokens.surface };
    ui.painter().rect_filled(rect.shrink(1.0), 0.0, ground);
    let mut cut = Cut(rect.shrink2(vec2(size::MARGIN, 8.0)));
    person_row::shape(ui, cut.left(36.0), 22.0, row.kind.status(), ground);
    let wide = text::width(ui, "Open…", Type::Body, Weight::Strong) + 4.0;
    text::put_right(ui, cut.right(wide), "Open…", Type::Body, Weight::Strong, tokens.accent);
    cut.right(12.0);
    let mut upper = Cut(cut.top(cut.height() / 2.0));
    let end = text::put(ui, upper.rest(), &format!("{kind}, {}", row.when), Type::Body, Weight::Strong, tokens.text);
    upper.left(end - upper.rest().left() + 12.0);
    text::put(ui, upper.rest(), &row.outcome, Type::Body, Weight::Regular, tokens.text);
    let mut below = Vec::new();
    if !row.learned.is_empty() {
        below.push(format!("Learned: {}", row.learned));
    }
    below.push(if row.signed.is_empty() { "Not signed yet".to_owned() } else { row.signed.clone() });
    text::put(ui, cut.rest(), &below.join(". "), Type::Note, Weight::Regular, tokens.text);
    if response.has_focus() {
        focus_inside(ui, rect);
    }
    response.clicked()
}
