//! Attendance in figures: how many of what, a chart whose bars are the rows of its table, and lines by class, pupil,
//! site or code. Pressing a line narrows to it.

use crate::intent::Intent;
use crate::kit::choice::choice;
use crate::kit::field::Field;
use crate::kit::list::{self, ListState, Rows};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, cut, look, panel, person_row, size};
use egui::{Align, Id, Rect, Role, Ui, vec2};
use muster_school::view::attendance::{AttendanceFilter, AttendanceLine, AttendanceView, By, WeekBar};
use muster_school::view::status::Status;

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct AttendanceState {
    /// The weeks.
    pub weeks: ListState,
    /// The lines.
    pub lines: ListState,
    /// Into which folder the weekly review goes.
    pub folder: String,
    /// Days of one's own, first and last, as far as typed.
    pub own: Option<(String, String)>,
}

/// Shows the figures in the whole of `ui`.
pub fn attendance_ui(ui: &mut Ui, view: &AttendanceView, state: &mut AttendanceState) -> Vec<Intent> {
    let tokens = look(ui).tokens;
    let mut intents = Vec::new();
    let mut cut = Cut(ui.max_rect().shrink2(vec2(size::MARGIN, 12.0)));
    let title = text::line(ui, "Attendance", Type::Title, Weight::Strong, tokens.text, cut.width());
    text::label(ui, cut.top(28.0), title, Align::Min);
    let words = format!("{}. {}", view.title, view.summary);
    let summary = text::wrapped(ui, &words, Type::Body, Weight::Regular, tokens.muted, cut.width());
    let high = summary.size().y;
    text::label(ui, cut.top(high), summary, Align::Min);
    if !view.published.is_empty() {
        let told = text::wrapped(ui, &view.published, Type::Body, Weight::Strong, tokens.text, cut.width());
        let high = told.size().y;
        text::label(ui, cut.top(high), told, Align::Min);
    }
    cut.top(8.0);
    for said in [&view.reading, &view.not_counted].into_iter().filter(|said| !said.is_empty()) {
        let words = super::today::sentence(said);
        let high = chip::warning_height(ui, &words, cut.width());
        chip::warning(ui, cut.top(high), Status::Check, &words);
        cut.top(8.0);
    }
    filters_ui(ui, &mut cut, view, state, &mut intents);
    own_days_ui(ui, &mut cut, view, state, &mut intents);
    cut.top(10.0);
    if cut.width() > 700.0 {
        let mut side = Cut(cut.left(284.0));
        cut.left(size::GAP);
        counts_ui(ui, &mut side, view);
        side.top(size::GAP);
        if view.published.is_empty() {
            review_ui(ui, side.rest(), state, &mut intents);
        }
    } else if view.published.is_empty() {
        let high = look(ui).control();
        review_ui(ui, cut.bottom(high), state, &mut intents);
        cut.bottom(8.0);
    }
    // On a small tablet at double size the lines come first; the same numbers are in them.
    if cut.height() > 220.0 {
        let high = (44.0 + view.weeks.len().max(1) as f32 * size::ROW).min(cut.height() * 0.42);
        weeks_ui(ui, cut.top(high), view, &mut state.weeks);
        cut.top(size::GAP);
    }
    if view.published.is_empty() {
        buttons_ui(ui, &mut cut, view, state, &mut intents);
        cut.top(8.0);
    }
    intents.extend(lines_ui(ui, cut.rest(), view, &mut state.lines));
    intents
}

fn filters_ui(
    ui: &mut Ui,
    cut: &mut Cut,
    view: &AttendanceView,
    state: &mut AttendanceState,
    intents: &mut Vec<Intent>,
) {
    let high = look(ui).control();
    let mut line = Cut(cut.top(high));
    let wide = ((line.width() - 36.0) / 4.0).min(260.0);
    let filter = &view.filter;
    let mut asked = None;
    let mut periods = view.choices.periods.clone();
    let mine = periods.len();
    if view.published.is_empty() {
        periods.push("Days of your own".to_owned());
    }
    let own = state.own.is_some() || filter.days.is_some();
    let first = (!periods.is_empty()).then_some(if own { mine } else { filter.period });
    if let Some(Some(period)) = choice(ui, line.left(wide), "Period", None, &periods, first) {
        if period == mine {
            state.own = Some(filter.days.clone().unwrap_or_default());
        } else {
            state.own = None;
            asked = Some(AttendanceFilter { period, days: None, ..filter.clone() });
        }
    }
    line.left(12.0);
    // Whoever reads what was published chooses a week and no more.
    if !view.published.is_empty() {
        return send_filter(asked, state, intents);
    }
    if let Some(site) = choice(ui, line.left(wide), "Site", Some("All sites"), &view.choices.sites, filter.site) {
        asked = Some(AttendanceFilter { site, group: None, pupil: None, period: 0, ..filter.clone() });
    }
    line.left(12.0);
    if let Some(group) = choice(ui, line.left(wide), "Class", Some("All classes"), &view.choices.groups, filter.group) {
        asked = Some(AttendanceFilter { group, pupil: None, ..filter.clone() });
    }
    if filter.pupil.is_some() {
        line.left(12.0);
        let words = format!("{}: show all pupils", view.choices.pupil);
        let button = Button::new(&words);
        let wide = button.width(ui).min(line.width());
        if button.show(ui, line.left(wide)).clicked() {
            asked = Some(AttendanceFilter { pupil: None, by: By::Pupil, ..filter.clone() });
        }
    }
    send_filter(asked, state, intents);
}

/// Two days to type, where days of one's own were chosen.
fn own_days_ui(
    ui: &mut Ui,
    cut: &mut Cut,
    view: &AttendanceView,
    state: &mut AttendanceState,
    intents: &mut Vec<Intent>,
) {
    if state.own.is_none() && view.filter.days.is_some() {
        state.own = view.filter.days.clone();
    }
    let Some((mut first, mut last)) = state.own.clone() else { return };
    cut.top(8.0);
    let high = look(ui).control();
    let mut line = Cut(cut.top(high));
    let button = Button::new("Show these days").enabled(!first.trim().is_empty());
    let wide = button.width(ui);
    let field = ((line.width() - wide - 24.0) / 2.0).min(220.0);
    let from = Field::new("From").hint("From: 07/09/2026").limit(20).show(ui, line.left(field), &mut first);
    line.left(12.0);
    let to = Field::new("To").hint("To: 23/11/2026, or today").limit(20).show(ui, line.left(field), &mut last);
    line.left(12.0);
    let entered = (from.lost_focus() || to.lost_focus()) && ui.input(|input| input.key_pressed(egui::Key::Enter));
    let pressed = button.show(ui, line.left(wide)).clicked();
    if !view.problem.is_empty() {
        cut.top(6.0);
        let words = super::today::sentence(&view.problem);
        let high = chip::warning_height(ui, &words, cut.width());
        chip::warning(ui, cut.top(high), Status::Check, &words);
    }
    if (pressed || entered) && !first.trim().is_empty() {
        let days = Some((first.trim().to_owned(), last.trim().to_owned()));
        send_filter(Some(AttendanceFilter { days, ..view.filter.clone() }), state, intents);
    }
    state.own = Some((first, last));
}

fn send_filter(asked: Option<AttendanceFilter>, state: &mut AttendanceState, intents: &mut Vec<Intent>) {
    if let Some(filter) = asked {
        state.lines = ListState::default();
        intents.push(Intent::Attendance(filter));
    }
}

fn counts_ui(ui: &mut Ui, side: &mut Cut, view: &AttendanceView) {
    let tokens = look(ui).tokens;
    let rect = side.top(16.0 + view.counts.len() as f32 * 26.0);
    panel::panel(ui, rect);
    let mut cut = Cut(rect.shrink2(vec2(8.0, 8.0)));
    for line in &view.counts {
        let spot = cut.top(26.0);
        let mut row = Cut(spot);
        let icon = row.left(26.0);
        if let Some(status) = line.status {
            person_row::shape(ui, icon, 14.0, status, tokens.surface);
        }
        text::put_right(ui, row.right(48.0), &line.share, Type::Note, Weight::Regular, tokens.muted);
        let number = text::thousands(line.count);
        let place = row.right(54.0);
        text::digits_right(ui, place.right_center(), &number, Type::Body, Weight::Strong, tokens.text);
        text::put(ui, row.rest(), &line.words, Type::Note, Weight::Regular, tokens.text);
        let share = if line.share.is_empty() { String::new() } else { format!(", {}", line.share) };
        text::say(ui, spot, &format!("{}: {number}{share}", line.words));
    }
}

/// The field and the button; above them, where there is room, what is written.
fn review_ui(ui: &mut Ui, rect: Rect, state: &mut AttendanceState, intents: &mut Vec<Intent>) {
    let tokens = look(ui).tokens;
    let high = look(ui).control();
    let mut cut = Cut(rect);
    let words = "The weekly review is one page to print: the whole school, each site, key pupils. It names pupils, and \
                 is not encrypted.";
    let galley = text::wrapped(ui, words, Type::Note, Weight::Regular, tokens.muted, cut.width());
    let needed = galley.size().y;
    if cut.height() >= needed + 2.0 * high + 16.0 {
        text::label(ui, cut.top(needed), galley, Align::Min);
        cut.top(6.0);
    }
    let button = Button::new("Write the review").enabled(!state.folder.trim().is_empty());
    let button = button.name("Write the review, one page that names pupils and is not encrypted");
    let wide = button.width(ui);
    let field = Field::new("Folder for the review").hint("Folder for the weekly review").limit(400);
    let spot = if cut.height() >= 2.0 * high + 6.0 {
        field.show(ui, cut.top(high), &mut state.folder);
        cut.top(6.0);
        cut.top(high)
    } else {
        let mut line = Cut(cut.top(high));
        let spot = line.right(wide);
        line.right(8.0);
        field.show(ui, line.rest(), &mut state.folder);
        spot
    };
    if button.show(ui, Cut(spot).left(wide)).clicked() {
        intents.push(Intent::WriteReview { folder: state.folder.trim().to_owned() });
    }
}

fn week_sentence(bar: &WeekBar) -> String {
    let WeekBar { week, attended, authorised, unauthorised, share } = bar;
    format!("Week of {week}: {share}; attended {attended}, with leave {authorised}, without leave {unauthorised}")
}

/// Columns of the weeks' table: week, bar, three counts, share.
fn weeks_ui(ui: &mut Ui, rect: Rect, view: &AttendanceView, state: &mut ListState) {
    let tokens = look(ui).tokens;
    panel::panel(ui, rect);
    let mut cut = Cut(rect);
    let head = cut.top(28.0);
    panel::head(ui, head);
    let widths = |width: f32| (110.0, if width > 620.0 { 76.0 } else { 0.0 }, 160.0);
    let (week, count, share) = widths(rect.width());
    let mut line = Cut(head);
    line.left(14.0);
    let put = |ui: &Ui, rect: Rect, words: &str| text::put(ui, rect, words, Type::Note, Weight::Regular, tokens.muted);
    put(ui, line.left(week), "Week of");
    put(ui, line.right(share), "Attendance");
    line.right(14.0);
    if count > 0.0 {
        for words in ["Without", "With leave", "Attended"] {
            text::put_right(ui, line.right(count), words, Type::Note, Weight::Regular, tokens.muted);
            line.right(8.0);
        }
    }
    put(ui, line.rest(), "");
    let rows = Rows {
        salt: "weeks",
        height: size::ROW,
        role: Role::Row,
        id: &|index, bar: &WeekBar| Id::unique(("week", &bar.week, index)),
        name: &week_sentence,
        empty: "No mark in this period",
    };
    list::rows(ui, cut.rest().shrink(1.0), state, &view.weeks, &rows, |ui, place, bar| {
        let mut line = Cut(place);
        line.left(13.0);
        text::put(ui, line.left(week), &bar.week, Type::Body, Weight::Regular, tokens.text);
        text::put(ui, line.right(share), &bar.share, Type::Body, Weight::Regular, tokens.text);
        line.right(14.0);
        if count > 0.0 {
            for number in [bar.unauthorised, bar.authorised, bar.attended] {
                let spot = line.right(count);
                let number = text::thousands(number);
                text::digits_right(ui, spot.right_center(), &number, Type::Body, Weight::Regular, tokens.text);
                line.right(8.0);
            }
        }
        line.right(8.0);
        bar_ui(ui, cut::middle(line.rest(), 14.0), bar);
    });
    panel::outline(ui, rect);
}

/// Attended, with leave, without: as long as their share of the whole. The numbers stand beside it.
fn bar_ui(ui: &Ui, rect: Rect, bar: &WeekBar) {
    let tokens = look(ui).tokens;
    let whole = bar.attended + bar.authorised + bar.unauthorised;
    if whole == 0 {
        return;
    }
    let mut cut = Cut(rect);
    let parts = [
        (bar.attended, Status::Present),
        (bar.authorised, Status::AbsentAuthorised),
        (bar.unauthorised, Status::AbsentUnauthorised),
    ];
    for (part, status) in parts {
        let part = cut.left(rect.width() * part as f32 / whole as f32);
        ui.painter().rect_filled(part, 0.0, tokens.status(status));
    }
    ui.painter().rect_stroke(rect, 0.0, look(ui).hairline(), egui::StrokeKind::Inside);
}

fn buttons_ui(
    ui: &mut Ui,
    cut: &mut Cut,
    view: &AttendanceView,
    state: &mut AttendanceState,
    intents: &mut Vec<Intent>,
) {
    let high = look(ui).control();
    let mut line = Cut(cut.top(high));
    let alone = |by: &By| view.filter.pupil.is_none() || matches!(by, By::Pupil | By::Code);
    let all: Vec<By> = By::ALL.into_iter().filter(alone).collect();
    let needed: f32 = all.iter().map(|by| Button::new(by.words()).width(ui) + 8.0).sum();
    let mut asked = None;
    if needed > line.width() {
        let words: Vec<String> = all.iter().map(|by| by.words().to_owned()).collect();
        let chosen = all.iter().position(|by| *by == view.filter.by);
        let made = choice(ui, line.rest(), "Lines", None, &words, chosen);
        asked = made.flatten().and_then(|at| all.get(at)).copied();
    } else {
        for by in all {
            let button = Button::new(by.words()).chosen(view.filter.by == by);
            let wide = button.width(ui);
            if button.show(ui, line.left(wide)).clicked() {
                asked = Some(by);
            }
            line.left(8.0);
        }
    }
    if let Some(by) = asked {
        state.lines = ListState::default();
        intents.push(Intent::Attendance(AttendanceFilter { by, ..view.filter.clone() }));
    }
}

fn line_sentence(line: &AttendanceLine, codes: bool) -> String {
    let AttendanceLine { name, about, attendance, authorised, unauthorised, late, after_close, unfilled, note, .. } =
        line;
    let about = if about.is_empty() { String::new() } else { format!(", {about}") };
    if line.kept_back {
        return format!("{name}: {note}");
    }
    if codes {
        return format!("{name}{about}: {attendance}");
    }
    let note = if note.is_empty() { String::new() } else { format!("; {note}") };
    format!(
        "{name}{about}: {attendance}; with leave {authorised}, without leave {unauthorised}, late {late}, after the \
         close {after_close}, without a mark {unfilled}{note}"
    )
}

/// Heads of the columns of numbers.
const HEADS: [&str; 5] = ["With leave", "Without", "Late", "After close", "No mark"];

fn lines_ui(ui: &mut Ui, rect: Rect, view: &AttendanceView, state: &mut ListState) -> Option<Intent> {
    let tokens = look(ui).tokens;
    panel::panel(ui, rect);
    let mut cut = Cut(rect);
    let head = cut.top(28.0);
    panel::head(ui, head);
    let codes = view.filter.by == By::Code;
    let numbers = if codes || rect.width() < 640.0 { 0.0 } else { 68.0 };
    let mut line = Cut(head);
    line.left(14.0);
    for words in HEADS.iter().rev().filter(|_| numbers > 0.0) {
        let spot = line.right(numbers);
        text::put_right(ui, spot.translate(vec2(-10.0, 0.0)), words, Type::Note, Weight::Regular, tokens.muted);
    }
    let share = if codes { 120.0 } else { 152.0 };
    text::put(
        ui,
        line.right(share),
        if codes { "Marks" } else { "Attendance" },
        Type::Note,
        Weight::Regular,
        tokens.muted,
    );
    text::put(ui, line.rest(), &view.lines_are, Type::Note, Weight::Regular, tokens.muted);
    let rows = Rows {
        salt: "figures",
        height: if look(ui).touch { size::CONTROL_TOUCH } else { size::ROW },
        role: Role::Row,
        id: &|index, line: &AttendanceLine| Id::unique(("figures of", &line.name, &line.about, index)),
        name: &|line| line_sentence(line, codes),
        empty: match view.filter.by {
            By::Persistent => "Nobody is persistently absent in this period",
            _ => "Nothing in this period",
        },
    };
    let pressed = list::rows(ui, cut.rest().shrink(1.0), state, &view.lines, &rows, |ui, place, line| {
        let mut row = Cut(place);
        row.left(13.0);
        let counts = [line.authorised, line.unauthorised, line.late, line.after_close, line.unfilled];
        for count in counts.iter().rev().filter(|_| numbers > 0.0 && !line.kept_back) {
            let spot = row.right(numbers).right_center() - vec2(10.0, 0.0);
            text::digits_right(ui, spot, &text::thousands(*count), Type::Body, Weight::Regular, tokens.text);
        }
        text::put(ui, row.right(share), &line.attendance, Type::Body, Weight::Regular, tokens.text);
        let about = row.right(if codes { row.width() - 60.0 } else { (row.width() * 0.5).min(190.0) });
        let parts = [line.about.as_str(), line.note.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        text::put(ui, about, &parts.join(", "), Type::Note, Weight::Regular, tokens.muted);
        text::put(ui, row.rest(), &line.name, Type::Body, Weight::Strong, tokens.text);
    });
    panel::outline(ui, rect);
    pressed.and_then(|line| line.opens.clone()).map(Intent::Attendance)
}
