//! Staff and their accounts: role, sites, how far each account is, and what is known of its use. Officers bring
//! people in and take leavers out from here.

pub mod forms;

use super::explained::{Part, panel_ui};
use crate::intent::Intent;
use crate::kit::field::Field;
use crate::kit::list::{self, ListState, Rows};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, cut, look, panel, search, size};
use egui::{Align, Id, Rect, Role, Ui, vec2};
use forms::{Duty, Form};
use muster_core::id::PersonId;
use muster_school::view::people::{AccountDetail, AccountRow, AccountState, PeopleView};

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct PeopleState {
    /// Focus and scrolling.
    pub list: ListState,
    /// What is typed into the search field.
    pub typed: String,
    /// The form of a role that is being given.
    pub form: Option<Form>,
    /// Whose reset is being confirmed.
    pub resetting: Option<PersonId>,
    /// Whose duties in a fire are being set, and as what.
    pub duty: Option<Duty>,
    /// Whose removal is being confirmed.
    pub removing: Option<PersonId>,
    /// What was closed, so that an account that is still on its way does not open again.
    closed: Option<PersonId>,
    /// Whose duties were asked for again, so that they are asked for once.
    resumed: String,
}

/// How wide the account is at the side.
const SIDE: f32 = 340.0;

/// Shows the screen in the whole of `ui`.
pub fn people_ui(ui: &mut Ui, view: &PeopleView, state: &mut PeopleState) -> Vec<Intent> {
    let mut intents = Vec::new();
    let mut cut = Cut(ui.max_rect().shrink2(vec2(size::MARGIN, 12.0)));
    head_ui(ui, &mut cut, view, state);
    cut.top(10.0);
    let open = view.detail.as_ref().filter(|detail| Some(detail.person) != state.closed);
    let small = cut.height() < 330.0 || cut.width() < 560.0;
    match open {
        Some(detail) if small => intents.extend(detail_ui(ui, cut.rest(), detail, state)),
        Some(detail) if cut.width() > 760.0 => {
            let side = cut.right(SIDE);
            cut.right(size::GAP);
            intents.extend(rows_ui(ui, cut.rest(), view, state));
            intents.extend(detail_ui(ui, side, detail, state));
        }
        Some(detail) => {
            let side = cut.bottom((cut.height() * 0.5).max(160.0));
            cut.bottom(8.0);
            intents.extend(rows_ui(ui, cut.rest(), view, state));
            intents.extend(detail_ui(ui, side, detail, state));
        }
        None => intents.extend(rows_ui(ui, cut.rest(), view, state)),
    }
    intents.extend(forms::give_ui(ui, view, state));
    intents.extend(forms::reset_ui(ui, view, state));
    intents.extend(forms::duty_ui(ui, view, state));
    intents.extend(forms::remove_ui(ui, view, state));
    intents.extend(forms::made_ui(ui, view));
    intents
}

fn head_ui(ui: &mut Ui, cut: &mut Cut, view: &PeopleView, state: &mut PeopleState) {
    let tokens = look(ui).tokens;
    let high = look(ui).control();
    let bring = Button::filled("Bring somebody in…").enabled(view.may_add_people);
    let wide = bring.width(ui);
    let mut block = Cut(cut.top(48.0));
    let spot = cut::middle(block.right(wide), high);
    block.right(16.0);
    let title = text::line(ui, "Staff", Type::Title, Weight::Strong, tokens.text, block.width());
    text::label(ui, block.top(28.0), title, Align::Min);
    let summary = text::line(ui, &view.summary, Type::Body, Weight::Regular, tokens.muted, block.width());
    text::label(ui, block.rest(), summary, Align::Min);
    cut.top(8.0);
    let mut line = Cut(cut.top(high));
    let wide = line.width().min(320.0);
    let field = Field::new("Search a name or a role").hint("Name, role, site or state").limit(60);
    if field.show(ui, line.left(wide), &mut state.typed).changed() {
        state.list = ListState::default();
    }
    if bring.show(ui, spot).clicked() {
        state.form = Some(Form::for_somebody_new(view));
    }
}

fn detail_ui(ui: &mut Ui, rect: Rect, detail: &AccountDetail, state: &mut PeopleState) -> Vec<Intent> {
    let mut parts: Vec<Part<'_>> = detail.lines.iter().map(|(what, of)| Part::Fact(what, of)).collect();
    let of = |words: &str| format!("{words} {}", detail.name);
    let mut asked = Vec::new();
    if detail.may_invite {
        parts.push(Part::Button(Button::new("Make one-time words").name(of("Make one-time words for"))));
        asked.push(Asked::Words);
    }
    if detail.may_reset {
        parts.push(Part::Button(Button::new("Reset sign-in…").name(format!("Reset sign-in… of {}", detail.name))));
        asked.push(Asked::Reset);
    }
    if detail.may_add {
        parts.push(Part::Button(Button::new("Give a role…").name(of("Give a role… to"))));
        asked.push(Asked::Role);
    }
    if detail.duty.is_some() {
        parts.push(Part::Button(Button::new("In a fire…").name(of("In a fire…"))));
        asked.push(Asked::Duty);
    }
    if detail.removal.is_some() {
        parts.push(Part::Button(Button::new("Remove…").name(of("Remove…"))));
        asked.push(Asked::Removal);
    }
    parts.push(Part::Button(Button::new("Close").name(of("Close"))));
    asked.push(Asked::Close);
    let layered = state.duty.is_some() || state.form.is_some() || state.resetting.is_some() || state.removing.is_some();
    let escape = !layered && ui.input(|input| input.key_pressed(egui::Key::Escape));
    let pressed = panel_ui(ui, rect, &detail.name, parts).and_then(|place| asked.get(place).copied());
    match pressed.or(escape.then_some(Asked::Close)) {
        Some(Asked::Words) => return vec![Intent::IssueActivation(detail.person)],
        Some(Asked::Reset) => state.resetting = Some(detail.person),
        Some(Asked::Role) => state.form = Some(Form::for_somebody(detail.person, &detail.name)),
        Some(Asked::Duty) => state.duty = Duty::of(detail),
        Some(Asked::Removal) => state.removing = Some(detail.person),
        Some(Asked::Close) => state.closed = Some(detail.person),
        None => {}
    }
    Vec::new()
}

/// What a button of an account asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Words,
    Reset,
    Role,
    Duty,
    Removal,
    Close,
}

fn sentence(row: &AccountRow) -> String {
    let role = if row.role.is_empty() { "no role yet".to_owned() } else { format!("{}, {}", row.role, row.sites) };
    let since = if row.activated.is_empty() { String::new() } else { format!(", activated {}", row.activated) };
    format!("{}, {role}, {}{since}, last sign-in {}", row.name, row.state.word().to_lowercase(), row.last)
}

/// Widths of the columns after the name: role and sites, state, activated, last sign-in; 0 hides one.
fn columns(width: f32) -> [f32; 4] {
    if width > 900.0 {
        [width * 0.30, 96.0, width * 0.22, 120.0]
    } else if width > 640.0 {
        [width * 0.33, 92.0, 0.0, 132.0]
    } else {
        [0.0, 92.0, 0.0, 0.0]
    }
}

fn rows_ui(ui: &mut Ui, rect: Rect, view: &PeopleView, state: &mut PeopleState) -> Option<Intent> {
    let typed = state.typed.trim().to_owned();
    let words = |row: &AccountRow| format!("{} {} {} {}", row.name, row.role, row.sites, row.state.word());
    let rows: Vec<&AccountRow> = view.rows.iter().filter(|row| search::matches(&words(row), &typed)).collect();
    panel::panel(ui, rect);
    let mut cut = Cut(rect);
    let wides = columns(rect.width());
    heads_ui(ui, cut.top(28.0), wides);
    let chosen = view.detail.as_ref().map(|detail| detail.person).filter(|person| Some(*person) != state.closed);
    let of = Rows {
        salt: "people",
        height: size::ROW_TALL,
        role: Role::Row,
        id: &|_, row: &&AccountRow| Id::unique(("account", row.person)),
        name: &|row| sentence(row),
        empty: "Nobody fits",
    };
    let pressed = list::rows(ui, cut.rest(), &mut state.list, &rows, &of, |ui, rect, row| {
        row_ui(ui, rect, row, chosen == Some(row.person), wides);
    });
    panel::outline(ui, rect);
    let row = pressed?;
    state.closed = None;
    Some(Intent::ExplainAccount(row.person))
}

fn heads_ui(ui: &Ui, head: Rect, [role, state, activated, last]: [f32; 4]) {
    let tokens = look(ui).tokens;
    panel::head(ui, head);
    let mut line = Cut(head.shrink2(vec2(14.0, 0.0)));
    for (wide, words) in [(last, "Last sign-in"), (activated, "Activated"), (state, "State"), (role, "Role and sites")]
    {
        let spot = line.right(wide);
        if wide > 0.0 {
            text::put(ui, spot, words, Type::Note, Weight::Regular, tokens.muted);
        }
    }
    text::put(ui, line.rest(), "Name", Type::Note, Weight::Regular, tokens.muted);
}

fn row_ui(ui: &Ui, rect: Rect, row: &AccountRow, chosen: bool, [role, state, activated, last]: [f32; 4]) {
    let tokens = look(ui).tokens;
    if chosen {
        ui.painter().rect_filled(rect, 0.0, tokens.selected);
    }
    let mut line = Cut(rect.shrink2(vec2(14.0, 0.0)));
    let quiet = matches!(row.state, AccountState::Ended | AccountState::Removed | AccountState::None);
    let colour = if quiet { tokens.muted } else { tokens.text };
    let room = |rect: Rect| Rect::from_min_max(rect.min, rect.max - vec2(10.0, 0.0));
    text::put(ui, line.right(last), &row.last, Type::Body, Weight::Regular, tokens.muted);
    text::put(ui, room(line.right(activated)), &row.activated, Type::Body, Weight::Regular, tokens.muted);
    text::put(ui, line.right(state), row.state.word(), Type::Body, Weight::Regular, colour);
    let two = |ui: &Ui, rect: Rect, over: &str, weight: Weight, under: &str| {
        let mut lines = Cut(cut::middle(rect, 40.0));
        if under.is_empty() {
            text::put(ui, cut::middle(rect, 20.0), over, Type::Body, weight, colour);
            return;
        }
        text::put(ui, lines.top(20.0), over, Type::Body, weight, colour);
        text::put(ui, lines.rest(), under, Type::Note, Weight::Regular, tokens.muted);
    };
    if role > 0.0 {
        two(ui, room(line.right(role)), &row.role, Weight::Regular, &row.sites);
        two(ui, room(line.rest()), &row.name, Weight::Strong, "");
    } else {
        let under = if row.role.is_empty() { String::new() } else { format!("{}, {}", row.role, row.sites) };
        two(ui, room(line.rest()), &row.name, Weight::Strong, &under);
    }
}
