//! The fire register: age and gaps first, then how many to call, then those who must be called, and why.
//!
//! Start needs a choice first and repeats it in words, so that Enter twice cannot start an event.

use super::filter::{self, Filter};
use crate::command::Command;
use crate::intent::{Intent, LockReason, Screen};
use crate::kit::list::{self, ListState, Rows};
use crate::kit::look::focus_outside;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Kind, Weight, chip, cut, look, panel, person_row, size, status};
use egui::{Align, Id, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use muster_school::view::fire::{EventKind, FireRow, FireView};
use muster_school::view::status::Status;
use muster_school::view::{AsOf, FrameView, Span};

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct FireState {
    /// What is chosen to start; nothing at first.
    pub chosen: Option<EventKind>,
    /// Letters, class, search.
    pub filter: Filter,
    /// Focus and scrolling.
    pub list: ListState,
}

/// An event in words: title, what it is, and the words of its start.
pub fn event_words(kind: EventKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        EventKind::Real => ("Real", "A fire or other evacuation", "Start real roll call"),
        EventKind::Drill => ("Drill", "Reported as a drill", "Start drill"),
        EventKind::KeepInside => ("Keep inside", "Silent and dim, doors shut", "Start keep inside"),
        EventKind::Lockdown => ("Lockdown", "Silent and dim, doors locked", "Start lockdown"),
    }
}

/// Age and gaps in a sentence: `As of 09:14, heard from office; 7B has sent no register.`
pub fn as_of_words(as_of: &AsOf) -> Vec<Span> {
    let mut parts = vec![Span::strong(format!("As of {}", as_of.at))];
    if !as_of.from.is_empty() {
        parts.push(Span::plain(format!(", {}", as_of.from)));
    }
    if as_of.gaps.is_empty() {
        parts.push(Span::plain("."));
    } else {
        parts.push(Span::plain("; "));
        parts.push(Span::strong(format!("{}.", as_of.gaps)));
    }
    parts
}

/// Shows the fire register in the whole of `ui`.
pub fn fire_ui(ui: &mut Ui, frame: &FrameView, view: &FireView, state: &mut FireState) -> Vec<Intent> {
    let mut intents = Vec::new();
    let mut cut = Cut(ui.max_rect());
    let header = cut.top(size::HEADER_TOUCH);
    header_ui(ui, header, frame, view, &mut intents);
    let rest = cut.rest();
    if rest.width() >= 820.0 && rest.height() >= 420.0 {
        let mut cut = Cut(rest.shrink2(vec2(size::MARGIN, size::GAP)));
        let side = cut.right(292.0);
        cut.right(size::MARGIN);
        head_part(ui, &mut cut, view);
        list_part(ui, cut.rest(), view, state);
        intents.extend(start_part(ui, side, view, state, false));
    } else {
        let mut inner = ui.new_child(UiBuilder::new().id_salt("fire").max_rect(rest));
        ScrollArea::vertical().id_salt("fire scroll").auto_shrink(false).show(&mut inner, |ui| {
            let wide = rest.width() - 2.0 * size::MARGIN;
            let top = ui.max_rect().top();
            let tall = Rect::from_min_size(pos2(rest.left() + size::MARGIN, top + 8.0), vec2(wide, 4_000.0));
            let mut cut = Cut(tall);
            head_part(ui, &mut cut, view);
            let start = 196.0 + 68.0 * view.running.len() as f32;
            intents.extend(start_part(ui, cut.top(start), view, state, true));
            cut.top(size::MARGIN);
            list_part(ui, cut.top((rest.height() - 24.0).max(300.0)), view, state);
            ui.set_height(cut.rest().top() - top + 16.0);
        });
    }
    intents
}

fn header_ui(ui: &mut Ui, rect: Rect, frame: &FrameView, view: &FireView, intents: &mut Vec<Intent>) {
    let look = look(ui);
    let tokens = look.tokens;
    ui.painter().rect_filled(rect, 0.0, tokens.surface);
    panel::rule(ui, rect, rect.bottom());
    let mut cut = Cut(rect.shrink2(vec2(size::MARGIN, 8.0)));
    let title = text::line(ui, "Fire register", Type::Title, Weight::Strong, tokens.text, cut.width());
    let wide = title.size().x;
    text::label(ui, cut.left(wide), title, Align::Min);
    let back = if frame.person.is_some() { "Back to Today" } else { "Back to lock" };
    let button = Button::new(back).step(Type::Name);
    let spot = cut.right(button.width(ui) + 8.0);
    cut.right(8.0);
    let hide = Button::new("Hide").step(Type::Name).name(Command::Hide.words());
    let hide_spot = cut.right(hide.width(ui) + 8.0);
    cut.right(16.0);
    let who = match &frame.person {
        Some(person) => format!("{}, {person}", frame.device),
        None => format!("{}, nobody signed in", frame.device),
    };
    let who_wide = text::width(ui, &who, Type::Body, Weight::Regular);
    let chip_wide = chip::sync_width(ui, &frame.sync);
    if cut.width() > chip_wide + who_wide + 24.0 {
        let who = text::line(ui, &who, Type::Body, Weight::Regular, tokens.muted, who_wide + 2.0);
        text::label(ui, cut.right(who_wide + 2.0), who, Align::Max);
        cut.right(14.0);
        chip::sync(ui, cut::middle(cut.right(chip_wide), 32.0), &frame.sync);
        cut.left(16.0);
        text::put(ui, cut.rest(), &view.site, Type::Body, Weight::Regular, tokens.muted);
    } else {
        cut.left(16.0);
        let mut lines = Cut(cut.rest());
        let upper = text::line(ui, &frame.sync.words, Type::Note, Weight::Regular, tokens.text, lines.width());
        let high = lines.height() / 2.0;
        text::label(ui, lines.top(high), upper, Align::Min);
        let lower = text::line(ui, &who, Type::Note, Weight::Regular, tokens.muted, lines.width());
        text::label(ui, lines.rest(), lower, Align::Min);
    }
    if hide.show(ui, cut::middle(hide_spot, 48.0)).clicked() {
        intents.push(Intent::Lock(LockReason::Hidden));
    }
    if button.show(ui, cut::middle(spot, 48.0)).clicked() {
        intents.push(Intent::Open(if frame.person.is_some() { Screen::Today } else { Screen::Lock }));
    }
}

/// What is known and how old it is, then how many to call.
fn head_part(ui: &mut Ui, cut: &mut Cut, view: &FireView) {
    let tokens = look(ui).tokens;
    let words = as_of_words(&view.as_of);
    let high = chip::warning_height(ui, &words, cut.width());
    if view.as_of.stale || !view.as_of.gaps.is_empty() {
        chip::warning(ui, cut.top(high), Status::MustCall, &words);
    } else {
        let galley = text::spans(ui, &words, Type::Body, tokens.text, cut.width(), 3);
        text::label(ui, cut.top(high), galley, Align::Min);
    }
    cut.top(8.0);
    count_ui(ui, cut, view);
    cut.top(8.0);
}

fn list_part(ui: &mut Ui, rect: Rect, view: &FireView, state: &mut FireState) {
    let mut cut = Cut(rect);
    let high = filter::height(ui, cut.width(), &view.letters);
    let spot = cut.top(high);
    filter::filter_ui(ui, spot.min, spot.width(), &view.letters, &view.classes, &mut state.filter);
    cut.top(10.0);
    let rows: Vec<&FireRow> = view
        .rows
        .iter()
        .filter(|row| state.filter.lets(&view.letters, &view.classes, row.letter, &row.group, [&row.name, &row.name]))
        .collect();
    let body = cut.rest();
    panel::panel(ui, body);
    let empty =
        if state.filter.narrows() { "Nobody fits. Choose All, or clear the search" } else { "Nobody is on this list" };
    let of = Rows {
        salt: "fire rows",
        height: size::ROW_FIRE,
        role: Role::Row,
        id: &|_, row: &&FireRow| Id::unique(("fire row", row.person)),
        name: &|row| sentence(row),
        empty,
    };
    list::rows(ui, body.shrink(1.0), &mut state.list, &rows, &of, |ui, place, row| row_ui(ui, place, row));
    panel::outline(ui, body);
}

fn count_ui(ui: &mut Ui, cut: &mut Cut, view: &FireView) {
    let tokens = look(ui).tokens;
    let mut line = Cut(cut.top(44.0));
    let number = view.to_call.to_string();
    let wide = text::digits_width(ui, &number, Type::Count, Weight::Strong);
    let spot = line.left(wide);
    text::digits(ui, spot.left_center(), &number, Type::Count, Weight::Strong, tokens.text);
    let words = text::line(ui, " to call", Type::Count, Weight::Strong, tokens.text, 200.0);
    let spot = line.left(words.size().x + 16.0);
    text::paint(ui.painter(), spot, words, Align::Min);
    text::say(ui, spot, &format!("{number} to call"));
    let half = line.height() / 2.0;
    let counted = |count: u32, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let upper = format!(
        "{}, {} staff, {}.",
        counted(view.pupils, "pupil", "pupils"),
        view.staff,
        counted(view.visitors, "visitor", "visitors")
    );
    let galley = text::line(ui, &upper, Type::Body, Weight::Regular, tokens.muted, line.width());
    text::label(ui, line.top(half), galley, Align::Min);
    if view.must_call > 0 {
        let parts = [
            Span::strong(format!("{} must be called: ", view.must_call)),
            Span::plain("we are not certain of them, so they come first."),
        ];
        let galley = text::spans(ui, &parts, Type::Body, tokens.text, line.width(), 1);
        text::label(ui, line.rest(), galley, Align::Min);
    }
}

fn sentence(row: &FireRow) -> String {
    let must = if row.status == Status::MustCall { "must be called, " } else { "" };
    let help: String = row.help.iter().map(|help| format!(", {help}")).collect();
    format!("{}, {}, {must}{}{help}", row.name, row.group, row.evidence)
}

fn row_ui(ui: &mut Ui, rect: Rect, row: &FireRow) {
    let tokens = look(ui).tokens;
    let mut cut = Cut(rect);
    let icon = cut.left(45.0);
    person_row::shape(ui, icon, 20.0, row.status, tokens.surface);
    cut.left(7.0);
    let name = (cut.width() * 0.29).clamp(120.0, 260.0);
    person_row::name(ui, cut.left(name), &row.name, "", Type::Name, Weight::Strong);
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
    let colour = if must { tokens.text } else { tokens.muted };
    let galley = text::spans(ui, &parts, Type::Body, colour, cut.width(), 2);
    text::paint(ui.painter(), cut.rest(), galley, Align::Min);
}

fn start_part(ui: &mut Ui, rect: Rect, view: &FireView, state: &mut FireState, flat: bool) -> Vec<Intent> {
    let mut intents = Vec::new();
    let tokens = look(ui).tokens;
    let mut cut = Cut(rect);
    let title = text::line(ui, "Start a roll call", Type::Name, Weight::Strong, tokens.text, cut.width());
    text::label(ui, cut.top(24.0), title, Align::Min);
    cut.top(12.0);
    for running in &view.running {
        let told = text::spans(ui, &[Span::plain(running.words.clone())], Type::Body, tokens.text, cut.width(), 2);
        text::label(ui, cut.top(44.0), told, Align::Min);
        let button = Button::new("Join")
            .kind(Kind::Event(running.kind.status()))
            .step(Type::Name)
            .name(format!("Join: {}", running.words));
        if button.show(ui, cut.top(56.0)).clicked() {
            intents.push(Intent::JoinCall(running.event));
        }
        cut.top(12.0);
    }
    if flat {
        let mut line = Cut(cut.top(76.0));
        let wide = (line.width() - 24.0) / 4.0;
        for kind in EventKind::ALL {
            option_ui(ui, line.left(wide), kind, state, false);
            line.left(8.0);
        }
        cut.top(12.0);
    } else {
        for kind in EventKind::ALL {
            option_ui(ui, cut.top(68.0), kind, state, true);
            cut.top(8.0);
        }
        cut.top(4.0);
    }
    let (words, kind) = match state.chosen {
        Some(kind) => (event_words(kind).2, Kind::Event(kind.status())),
        None => ("Choose one to start", Kind::Outline),
    };
    let start = Button::new(words).kind(kind).step(Type::Call).enabled(state.chosen.is_some());
    let pressed = start.show(ui, cut.top(72.0)).clicked();
    if let (true, Some(kind)) = (pressed, state.chosen) {
        intents.push(Intent::StartCall(kind));
    }
    if !flat && !view.opened.is_empty() {
        let galley = text::wrapped(ui, &view.opened, Type::Note, Weight::Regular, tokens.muted, cut.width());
        let high = galley.size().y;
        if cut.height() > high + 8.0 {
            text::label(ui, cut.bottom(high), galley, Align::Min);
        }
    }
    intents
}

/// One of the three kinds of event: shape, name, what it is.
pub fn kind_card(ui: &mut Ui, rect: Rect, kind: EventKind, chosen: bool, outlined: bool, wide: bool) -> egui::Response {
    let look = look(ui);
    let tokens = look.tokens;
    let own = tokens.status(kind.status());
    let (title, note, _) = event_words(kind);
    let ground = if chosen { tokens.selected } else { tokens.surface };
    let stroke = match (chosen, outlined) {
        (true, _) => Stroke::new(3.0, own),
        (false, true) => Stroke::new(2.0, own),
        (false, false) => look.outline(),
    };
    let response = text::node(ui, rect, Sense::click());
    let name = format!("{title}. {note}");
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, &name));
    ui.painter().rect(rect, size::RADIUS_PANEL, ground, stroke, StrokeKind::Inside);
    let large = rect.height() >= 80.0;
    let mut cut = Cut(rect);
    let icon = cut.left(match (wide, large) {
        (true, true) => 70.0,
        (true, false) => 57.0,
        _ => 40.0,
    });
    let side = if wide { 30.0 } else { 22.0 };
    status::paint(ui.painter(), icon.center() + vec2(2.0, 0.0), side, kind.status(), own, ground);
    cut.right(12.0);
    if chosen && wide {
        let room = text::width(ui, "Chosen", Type::Note, Weight::Strong);
        text::put_right(ui, cut.right(room + 4.0), "Chosen", Type::Note, Weight::Strong, tokens.text);
    }
    if wide {
        let (first, second) = if large { (Type::Title, Type::Body) } else { (Type::Call, Type::Note) };
        let seam = rect.center().y + if large { 4.0 } else { 5.0 };
        let column = cut.rest();
        let upper = Rect::from_min_max(pos2(column.left(), seam - first.line()), pos2(column.right(), seam));
        text::put(ui, upper, title, first, Weight::Strong, tokens.text);
        let lower = Rect::from_min_max(pos2(column.left(), seam), pos2(column.right(), seam + second.line()));
        text::put(ui, lower, note, second, Weight::Regular, tokens.muted);
    } else {
        text::put(ui, cut.rest(), title, Type::Body, Weight::Strong, tokens.text);
    }
    focus_outside(ui, &response);
    response
}

fn option_ui(ui: &mut Ui, rect: Rect, kind: EventKind, state: &mut FireState, wide: bool) {
    if kind_card(ui, rect, kind, state.chosen == Some(kind), false, wide).clicked() {
        state.chosen = Some(kind);
    }
}
