//! Pupils: finding one by any part of a name, one pupil in full, and the forms of the admission register.

pub mod form;

use super::explained::{Part, panel_ui};
use crate::intent::{Intent, PupilAct};
use crate::kit::field::Field;
use crate::kit::list::{self, List, ListState};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, cut, look, panel, size};
use egui::{Align, Id, Key, Rect, Role, Ui, vec2};
use form::FormState;
use muster_school::view::pupils::{Block, Doing, PupilDetail, PupilLine, PupilsView};
use muster_school::view::status::Status;

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct PupilsState {
    /// Focus and scrolling.
    pub list: ListState,
    /// What is typed into the search field.
    pub typed: String,
    /// What is typed into the form that is open.
    pub form: FormState,
}

/// Shows the screen in the whole of `ui`.
pub fn pupils_ui(ui: &mut Ui, view: &PupilsView, state: &mut PupilsState) -> Vec<Intent> {
    let mut acts = Vec::new();
    let mut cut = Cut(ui.max_rect().shrink2(vec2(size::MARGIN, 12.0)));
    match &view.detail {
        Some(detail) => acts.extend(detail_ui(ui, &mut cut, detail, view.form.is_some())),
        None => {
            head_ui(ui, &mut cut, view, state, &mut acts);
            cut.top(10.0);
            acts.extend(rows_ui(ui, cut.rest(), view, state));
        }
    }
    acts.extend(form::form_ui(ui, view.form.as_ref(), &mut state.form));
    acts.into_iter().map(Intent::Pupils).collect()
}

/// Buttons in a row, the first nearest the right edge; they go on in the next line where there is no room. Gives the
/// one that was pressed, and takes what it needs from the top of `cut`.
fn buttons_ui(ui: &mut Ui, cut: &mut Cut, items: &[(String, String)]) -> Option<usize> {
    let high = look(ui).control();
    let mut pressed = None;
    let mut line = Cut(cut.top(high));
    for (at, (words, name)) in items.iter().enumerate() {
        let button = Button::new(words).name(name.clone());
        let wide = button.width(ui);
        if line.width() < wide {
            cut.top(8.0);
            line = Cut(cut.top(high));
        }
        if button.show(ui, line.left(wide)).clicked() {
            pressed = Some(at);
        }
        line.left(8.0);
    }
    pressed
}

/// What can be done on another screen, as buttons in a row with room below; nothing where there is none.
pub fn doings_ui(ui: &mut Ui, cut: &mut Cut, may: &[Doing]) -> Option<Intent> {
    if may.is_empty() {
        return None;
    }
    let items: Vec<_> = may.iter().map(|doing| (doing.words().to_owned(), doing.words().to_owned())).collect();
    let pressed = buttons_ui(ui, cut, &items).and_then(|at| may.get(at));
    cut.top(10.0);
    pressed.map(|doing| Intent::Pupils(PupilAct::Ask(*doing)))
}

/// Whether there is room for a list below everything that stands above it.
fn is_small(cut: &Cut) -> bool {
    cut.height() < 420.0 || cut.width() < 480.0
}

fn head_ui(ui: &mut Ui, cut: &mut Cut, view: &PupilsView, state: &mut PupilsState, acts: &mut Vec<PupilAct>) {
    let tokens = look(ui).tokens;
    let high = look(ui).control();
    let title = text::line(ui, "Pupils", Type::Title, Weight::Strong, tokens.text, cut.width());
    text::label(ui, cut.top(28.0), title, Align::Min);
    let small = is_small(cut);
    if !small {
        let summary = text::line(ui, &view.summary, Type::Body, Weight::Regular, tokens.muted, cut.width());
        text::label(ui, cut.top(20.0), summary, Align::Min);
        cut.top(8.0);
    }
    let mut line = Cut(cut.top(high));
    let wide = line.width().min(360.0);
    let field = Field::new("Search a pupil").hint("Any part of a name").limit(60);
    if field.show(ui, line.left(wide), &mut state.typed).changed() {
        state.list = ListState::default();
        acts.push(PupilAct::Search(state.typed.clone()));
    }
    if !view.may.is_empty() {
        cut.top(8.0);
        let items: Vec<(String, String)> =
            view.may.iter().map(|doing| (doing.words().to_owned(), doing.words().to_owned())).collect();
        let pressed = buttons_ui(ui, cut, &items).and_then(|at| view.may.get(at));
        acts.extend(pressed.map(|doing| PupilAct::Ask(*doing)));
    }
    let shown = if small { 1 } else { 3 };
    for words in view.due.iter().take(shown) {
        cut.top(6.0);
        let galley = text::wrapped(ui, words, Type::Body, Weight::Regular, tokens.text, cut.width());
        let tall = galley.size().y;
        text::label(ui, cut.top(tall), galley, Align::Min);
    }
    if view.due.len() > shown && !small {
        cut.top(6.0);
        let more = format!("And {} more returns are due.", view.due.len() - shown);
        let galley = text::line(ui, &more, Type::Body, Weight::Regular, tokens.muted, cut.width());
        text::label(ui, cut.top(20.0), galley, Align::Min);
    }
}

fn sentence(row: &PupilLine) -> String {
    let born = if row.born.is_empty() { String::new() } else { format!(", born {}", row.born) };
    let note = if row.note.is_empty() { String::new() } else { format!(". {}", row.note) };
    format!("{}, {}{born}{note}", row.name, row.group)
}

fn rows_ui(ui: &mut Ui, rect: Rect, view: &PupilsView, state: &mut PupilsState) -> Option<PupilAct> {
    let tokens = look(ui).tokens;
    panel::panel(ui, rect);
    let mut cut = Cut(rect);
    if view.more > 0 {
        let words = format!("{} more fit: type more of the name", view.more);
        let galley = text::line(ui, &words, Type::Note, Weight::Regular, tokens.muted, cut.width() - 28.0);
        let mut foot = Cut(cut.bottom(28.0));
        foot.left(14.0);
        text::label(ui, foot.rest(), galley, Align::Min);
    }
    if view.rows.is_empty() {
        let galley = text::line(ui, "Nobody fits", Type::Body, Weight::Regular, tokens.muted, cut.width());
        text::label(ui, cut.rest(), galley, Align::Center);
        return None;
    }
    let id = |index: usize| view.rows.get(index).map_or(Id::NULL, |row| Id::unique(("pupil", row.pupil)));
    let name = |index: usize| view.rows.get(index).map(sentence).unwrap_or_default();
    let list = List {
        salt: "pupils",
        count: view.rows.len(),
        height: size::ROW_TALL,
        role: Role::Row,
        id: &id,
        name: &name,
        overhang: 0.0,
        ruled: true,
        escape: false,
    };
    let happened = list::show(ui, cut.rest(), &mut state.list, &list, |ui, place| {
        if let Some(row) = view.rows.get(place.index) {
            row_ui(ui, place.rect, row);
        }
    });
    panel::outline(ui, rect);
    happened.pressed.and_then(|index| view.rows.get(index)).map(|row| PupilAct::Look(row.pupil))
}

fn initials_ui(ui: &Ui, rect: Rect, words: &str, step: Type) {
    let look = look(ui);
    ui.painter().rect(rect, size::RADIUS, look.tokens.raised, look.hairline(), egui::StrokeKind::Inside);
    text::put_centre(ui, rect, words, step, Weight::Strong, look.tokens.text);
}

fn row_ui(ui: &Ui, rect: Rect, row: &PupilLine) {
    let tokens = look(ui).tokens;
    let mut line = Cut(rect.shrink2(vec2(14.0, 0.0)));
    let spot = cut::middle(line.left(36.0), 32.0);
    initials_ui(ui, spot, &row.initials, Type::Note);
    line.left(12.0);
    let wide = rect.width();
    let (born, group) = if wide > 640.0 { (150.0, wide * 0.26) } else { (0.0, 0.0) };
    if born > 0.0 {
        text::put(ui, line.right(born), &row.born, Type::Body, Weight::Regular, tokens.muted);
        text::put(ui, line.right(group), &row.group, Type::Body, Weight::Regular, tokens.text);
    }
    let under = match (born > 0.0, row.note.is_empty()) {
        (true, _) => row.note.clone(),
        (false, true) => row.group.clone(),
        (false, false) => format!("{}. {}", row.group, row.note),
    };
    if under.is_empty() {
        text::put(ui, line.rest(), &row.name, Type::Body, Weight::Strong, tokens.text);
        return;
    }
    let mut lines = Cut(cut::middle(line.rest(), 40.0));
    text::put(ui, lines.top(20.0), &row.name, Type::Body, Weight::Strong, tokens.text);
    text::put(ui, lines.rest(), &under, Type::Note, Weight::Regular, tokens.muted);
}

fn detail_ui(ui: &mut Ui, cut: &mut Cut, detail: &PupilDetail, layered: bool) -> Option<PupilAct> {
    let past = if detail.history.is_empty() { "History" } else { "Hide the history" };
    let reads_history = !detail.may.is_empty();
    let mut asked = vec![("Back", PupilAct::Leave)];
    if reads_history {
        asked.push((past, PupilAct::History(detail.history.is_empty())));
    }
    asked.extend(detail.may.iter().map(|doing| (doing.words(), PupilAct::Ask(*doing))));
    let of = |words: &str| format!("{words} {}", detail.name);
    let pressed = if is_small(cut) {
        let mut parts = vec![Part::Words(&detail.under), Part::Words(&detail.now)];
        parts.extend(detail.warnings.iter().map(|words| Part::Words(words)));
        parts.extend(asked.iter().map(|(words, _)| Part::Button(Button::new(words).name(of(words)))));
        parts.extend(self::parts(if detail.history.is_empty() { &detail.left } else { &detail.history }));
        parts.extend(family(detail));
        panel_ui(ui, cut.rest(), &detail.name, parts)
    } else {
        wide_ui(ui, cut, detail, &asked.iter().map(|(words, _)| ((*words).to_owned(), of(words))).collect::<Vec<_>>())
    };
    let free = !layered && !ui.ctx().text_edit_focused();
    let key = |ui: &Ui, key| free && ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, key));
    if key(ui, Key::Escape) {
        return Some(PupilAct::Leave);
    }
    if reads_history && key(ui, Key::H) {
        return Some(PupilAct::History(detail.history.is_empty()));
    }
    pressed.and_then(|at| asked.into_iter().nth(at)).map(|(_, act)| act)
}

fn wide_ui(ui: &mut Ui, cut: &mut Cut, detail: &PupilDetail, asked: &[(String, String)]) -> Option<usize> {
    let tokens = look(ui).tokens;
    let title = text::line(ui, &detail.name, Type::Title, Weight::Strong, tokens.text, cut.width());
    text::label(ui, cut.top(28.0), title, Align::Min);
    let words = format!("{}. {}", detail.under, detail.now);
    let under = text::wrapped(ui, &words, Type::Body, Weight::Regular, tokens.muted, cut.width());
    let tall = under.size().y;
    text::label(ui, cut.top(tall), under, Align::Min);
    cut.top(8.0);
    let pressed = buttons_ui(ui, cut, asked);
    cut.top(8.0);
    for words in &detail.warnings {
        let parts = crate::screens::today::sentence(words);
        let high = chip::warning_height(ui, &parts, cut.width());
        chip::warning(ui, cut.top(high), Status::Check, &parts);
        cut.top(8.0);
    }
    bodies_ui(ui, cut.rest(), detail);
    pressed
}

/// Whom to call, orders, and the marks of the last weeks.
fn family(detail: &PupilDetail) -> Vec<Part<'_>> {
    let mut found = parts(&detail.right);
    found.push(Part::Head("Attendance, three weeks"));
    found.extend(detail.weeks.iter().map(Part::Marks));
    found
}

/// Two columns where there is room, else one below the other.
fn bodies_ui(ui: &mut Ui, rect: Rect, detail: &PupilDetail) {
    let mut cut = Cut(rect);
    let (left, right) = if rect.width() > 760.0 {
        let left = cut.left((rect.width() - size::GAP) / 2.0);
        cut.left(size::GAP);
        (left, cut.rest())
    } else {
        let left = cut.top((rect.height() - 8.0) / 2.0);
        cut.top(8.0);
        (left, cut.rest())
    };
    if detail.history.is_empty() {
        panel_ui(ui, left, "Record", parts(&detail.left));
    } else {
        panel_ui(ui, left, "History of the entry", parts(&detail.history));
    }
    panel_ui(ui, right, "Family and attendance", family(detail));
}

fn parts(blocks: &[Block]) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    for block in blocks {
        parts.push(Part::Head(&block.head));
        parts.extend(block.words.iter().map(|words| Part::Words(words)));
        parts.extend(block.facts.iter().map(|(what, of)| Part::Fact(what, of)));
    }
    parts
}
