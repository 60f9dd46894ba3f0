//! What is left of a roll call: the outcome first, who was never found, times, what was learned, who signed, and who
//! said what of whom. Shown after the end, and among the drills that were.

mod form;

use super::folder::{Asks, folder_ui};
use crate::draft;
use crate::intent::Intent;
use crate::kit::column::column;
use crate::kit::flow::flow;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, look, panel, size};
use egui::{Align, Color32, Rect, Ui, vec2};
use form::Form;
use muster_school::view::call::{CallReport, ReportAct, ReportMark};
use muster_school::view::status::Status;
use muster_school::view::{EventId, Span};

/// A row of who said what of whom, in points.
const MARK: f32 = 28.0;

/// What the report keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct ReportState {
    event: Option<EventId>,
    /// Who said what of whom is shown.
    marks: bool,
    /// What is being written.
    form: Option<Form>,
    /// Signing was asked for.
    signing: bool,
    /// The folder of the PDF and the CSV, while it is asked for.
    folder: Option<String>,
    /// What the certificate asks for: folder, for whom, what for.
    certificate: Option<[String; 3]>,
}

/// Shows a report with a button under it. The second value is true when that was pressed.
pub fn report_ui(
    ui: &mut Ui,
    rect: Rect,
    report: &CallReport,
    state: &mut ReportState,
    close: &str,
) -> (Vec<Intent>, bool) {
    if state.event != Some(report.event) {
        let left_open = report.may_write && !draft::waiting(ui, &form::field(report.event, "")).is_empty();
        let form = left_open.then(|| Form::new(ui, report));
        *state = ReportState { event: Some(report.event), form, ..ReportState::default() };
    }
    let mut cut = Cut(rect);
    let bar = cut.bottom(64.0);
    column(ui, cut.rest(), "report", |ui, cut| {
        cut.top(size::MARGIN);
        outcome_ui(ui, cut, report);
        written_ui(ui, cut, report, state);
        out_ui(ui, cut, report, state);
        said_ui(ui, cut, report, state);
        cut.top(size::MARGIN);
    });
    panel::rule(ui, bar, bar.top());
    let button = Button::filled(close).step(Type::Name);
    let spot = Rect::from_min_size(bar.min + vec2(size::MARGIN, 8.0), vec2(button.width(ui), size::CONTROL_TOUCH));
    let closed = button.show(ui, spot).clicked();
    let acts = layers_ui(ui, report, state);
    let event = report.event;
    (acts.into_iter().map(|act| Intent::OfReport { event, act }).collect(), closed)
}

fn words(ui: &mut Ui, cut: &mut Cut, words: &str, step: Type, weight: Weight) {
    let galley = text::wrapped(ui, words, step, weight, look(ui).tokens.text, cut.width());
    let high = galley.size().y;
    text::label(ui, cut.top(high), galley, Align::Min);
    cut.top(4.0);
}

fn head(ui: &mut Ui, cut: &mut Cut, title: &str) {
    cut.top(size::MARGIN);
    words(ui, cut, title, Type::Name, Weight::Strong);
}

/// What stands first: were all accounted for, who was not, and when what was.
fn outcome_ui(ui: &mut Ui, cut: &mut Cut, report: &CallReport) {
    let tokens = look(ui).tokens;
    if !report.outcome.is_empty() {
        words(ui, cut, &report.outcome, Type::Title, Weight::Strong);
    }
    for name in &report.never_found {
        let parts = [Span::strong("Never found: "), Span::plain(name.clone())];
        let high = chip::warning_height(ui, &parts, cut.width());
        chip::warning(ui, cut.top(high), Status::NotFound, &parts);
        cut.top(4.0);
    }
    for line in &report.lines {
        words(ui, cut, line, Type::Name, Weight::Regular);
    }
    if !report.settled.is_empty() {
        head(ui, cut, "Said differently, and settled");
        for line in &report.settled {
            words(ui, cut, line, Type::Body, Weight::Regular);
        }
    }
    cut.top(4.0);
    for (what, at) in &report.times {
        let rect = cut.top(26.0);
        let mut line = Cut(rect);
        text::put(ui, line.left(190.0), what, Type::Name, Weight::Regular, tokens.text);
        let at = if at.is_empty() { "no time" } else { at };
        text::put(ui, line.rest(), at, Type::Name, Weight::Strong, tokens.text);
        text::say(ui, rect, &format!("{what}: {at}"));
    }
}

/// What was written afterwards, and who signed it.
fn written_ui(ui: &mut Ui, cut: &mut Cut, report: &CallReport, state: &mut ReportState) {
    head(ui, cut, "What was seen and learned");
    let written = &report.written;
    let facts = [
        ("Learned", &written.learned),
        ("What went wrong", &written.problems),
        ("Blocked exits", &written.exits),
        ("Weather", &written.weather),
    ];
    let mut any = false;
    for (what, of) in facts.into_iter().filter(|(_, of)| !of.is_empty()) {
        words(ui, cut, &format!("{what}: {of}"), Type::Body, Weight::Regular);
        any = true;
    }
    for action in &written.actions {
        let parts = [&action.what, &action.owner, &action.due];
        let parts: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        words(ui, cut, &format!("To do: {}", parts.join(", ")), Type::Body, Weight::Regular);
        any = true;
    }
    if !any {
        words(ui, cut, "Nothing is written yet.", Type::Body, Weight::Regular);
    }
    for line in &report.signed {
        words(ui, cut, line, Type::Body, Weight::Strong);
    }
    if report.may_write {
        let write = if any { "Change what is written…" } else { "Write what was seen…" };
        let [write, sign] = two(ui, cut, Button::new(write), Button::new("Sign…"));
        if write {
            state.form = Some(Form::new(ui, report));
        }
        state.signing |= sign;
    }
}

/// Two buttons beside each other, or below. Which of them was pressed.
fn two(ui: &mut Ui, cut: &mut Cut, first: Button<'_>, second: Button<'_>) -> [bool; 2] {
    cut.top(4.0);
    let (first, second) = (first.step(Type::Name), second.step(Type::Name));
    let wides = [first.width(ui), second.width(ui)];
    let (rects, high) = flow(cut.rest().min, cut.width(), size::CONTROL_TOUCH, &wides);
    cut.top(high + 4.0);
    let mut rects = rects.into_iter();
    [first, second].map(|button| button.show(ui, rects.next().unwrap_or(Rect::NOTHING)).clicked())
}

/// Taking it out of the program.
fn out_ui(ui: &mut Ui, cut: &mut Cut, report: &CallReport, state: &mut ReportState) {
    if !report.may_write {
        return;
    }
    head(ui, cut, "Take it out");
    let [save, certificate] = two(ui, cut, Button::new("Save as PDF and CSV…"), Button::new("Certificate…"));
    if save {
        state.folder = Some(String::new());
    }
    if certificate {
        state.certificate = Some(Default::default());
    }
}

/// Who said what of whom, once it is asked for, and who opened the list.
fn said_ui(ui: &mut Ui, cut: &mut Cut, report: &CallReport, state: &mut ReportState) {
    if !report.marks.is_empty() {
        head(ui, cut, "Who said what of whom");
        let number = report.marks.len();
        let show = format!("Show all {number}");
        let button = Button::new(if state.marks { "Hide them" } else { &show }).step(Type::Name);
        let wide = button.width(ui);
        if button.show(ui, Cut(cut.top(size::CONTROL_TOUCH)).left(wide)).clicked() {
            state.marks = !state.marks;
        }
        cut.top(8.0);
        for (place, mark) in report.marks.iter().enumerate().filter(|_| state.marks) {
            mark_ui(ui, cut, mark, place % 2 == 1);
        }
    }
    if !report.opened.is_empty() {
        head(ui, cut, "Who opened the list");
        for line in &report.opened {
            words(ui, cut, line, Type::Body, Weight::Regular);
        }
    }
}

fn mark_ui(ui: &mut Ui, cut: &mut Cut, mark: &ReportMark, striped: bool) {
    let tokens = look(ui).tokens;
    let narrow = cut.width() < 640.0;
    let rect = cut.top(if narrow { MARK + 20.0 } else { MARK });
    // Hundreds of rows: only those in sight are laid out.
    if !ui.is_rect_visible(rect) {
        return;
    }
    let ground = if striped { tokens.raised } else { Color32::TRANSPARENT };
    ui.painter().rect_filled(rect, 0.0, ground);
    let mut line = Cut(rect.shrink2(vec2(8.0, 0.0)));
    let mut first = if narrow { Cut(line.top(MARK)) } else { line };
    let third = first.width() * if narrow { 0.5 } else { 0.26 };
    text::put(ui, first.left(third), &mark.name, Type::Body, Weight::Strong, tokens.text);
    text::put(ui, first.left(90.0), &mark.group, Type::Body, Weight::Regular, tokens.text);
    text::put(ui, first.left(110.0), &mark.outcome, Type::Body, Weight::Regular, tokens.text);
    let rest = if narrow { line.rest() } else { first.rest() };
    text::put(ui, rest, &mark.words, Type::Note, Weight::Regular, tokens.text);
    text::say(ui, rect, &[mark.name.as_str(), &mark.group, &mark.outcome, &mark.words].join(", "));
}

/// What is on top: writing, signing, a folder, a certificate.
fn layers_ui(ui: &mut Ui, report: &CallReport, state: &mut ReportState) -> Option<ReportAct> {
    if state.form.is_some() {
        return form::form_ui(ui, report, &mut state.form);
    }
    if state.signing {
        return form::sign_ui(ui, &mut state.signing);
    }
    let act = form::certificate_ui(ui, report.event, &mut state.certificate);
    if act.is_some() || state.certificate.is_some() {
        return act;
    }
    let asks = Asks {
        title: "Save the report",
        words: "A PDF to print and a table for a spreadsheet. They name people, and are not encrypted.",
        button: "Save into this folder",
    };
    folder_ui(ui, "save report", &asks, &mut state.folder).map(|folder| ReportAct::Save { folder })
}
