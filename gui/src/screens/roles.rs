//! Roles: how far each person gets in each area, and who gets into each area; one of either is explained at the side.

use super::explained::{Part, panel_ui};
use crate::intent::Intent;
use crate::kit::field::Field;
use crate::kit::list::{self, ListState, Rows};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, cut, look, panel, search, size};
use egui::{Align, Id, Rect, Role, Ui, pos2, vec2};
use muster_school::rights::Reach;
use muster_school::view::roles::{AreaRow, PersonRow, RolesChosen, RolesDetail, RolesView};

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct RolesState {
    /// Focus and scrolling.
    pub list: ListState,
    /// What is typed into the search field.
    pub typed: String,
    /// The areas are listed, not the people.
    pub by_area: bool,
    /// What was closed, so that an explanation that is still on its way does not open again.
    closed: Option<RolesChosen>,
}

/// How wide the column of an area is.
const COLUMN: f32 = 64.0;
/// The name's least share of a row with columns.
const NAME: f32 = 180.0;
/// How wide the explanation is at the side.
const SIDE: f32 = 300.0;

/// Shows the page in the whole of `ui`.
pub fn roles_ui(ui: &mut Ui, view: &RolesView, state: &mut RolesState) -> Vec<Intent> {
    let tokens = look(ui).tokens;
    let mut intents = Vec::new();
    let mut cut = Cut(ui.max_rect().shrink2(vec2(size::MARGIN, 12.0)));
    let title = text::line(ui, "Roles", Type::Title, Weight::Strong, tokens.text, cut.width());
    text::label(ui, cut.top(28.0), title, Align::Min);
    let summary = text::wrapped(ui, &view.summary, Type::Body, Weight::Regular, tokens.muted, cut.width());
    let high = summary.size().y;
    text::label(ui, cut.top(high), summary, Align::Min);
    cut.top(8.0);
    head_ui(ui, &mut cut, state);
    cut.top(10.0);
    let open = view.detail.as_ref().filter(|_| view.chosen != state.closed);
    let small = cut.height() < 330.0 || cut.width() < 560.0;
    if let (true, Some(detail)) = (small, open) {
        detail_ui(ui, cut.rest(), view, detail, state);
        return intents;
    }
    if let Some(detail) = open {
        let side = if cut.width() > 760.0 {
            let side = cut.right(SIDE);
            cut.right(size::GAP);
            side
        } else {
            let side = cut.bottom((cut.height() * 0.5).max(160.0));
            cut.bottom(8.0);
            side
        };
        detail_ui(ui, side, view, detail, state);
    }
    let rect = cut.rest();
    let asked = if state.by_area { areas_ui(ui, rect, view, state) } else { people_ui(ui, rect, view, state) };
    if let Some(chosen) = asked {
        state.closed = None;
        intents.push(Intent::ExplainRoles(chosen));
    }
    intents
}

fn head_ui(ui: &mut Ui, cut: &mut Cut, state: &mut RolesState) {
    let high = look(ui).control();
    let mut line = Cut(cut.top(high));
    for (words, by_area) in [("By person", false), ("By area", true)] {
        let button = Button::new(words).chosen(state.by_area == by_area);
        let wide = button.width(ui);
        if button.show(ui, line.left(wide)).clicked() {
            state.by_area = by_area;
            state.list = ListState::default();
        }
        line.left(8.0);
    }
    if !state.by_area {
        line.left(8.0);
        let wide = line.width().min(320.0);
        let field = Field::new("Search a name or a role").hint("Name or role").limit(60);
        if field.show(ui, line.left(wide), &mut state.typed).changed() {
            state.list = ListState::default();
        }
    }
}

fn detail_ui(ui: &mut Ui, rect: Rect, view: &RolesView, detail: &RolesDetail, state: &mut RolesState) {
    let mut parts = vec![Part::Words(&detail.about)];
    for block in &detail.blocks {
        parts.push(Part::Head(&block.title));
        parts.push(Part::Note(&block.why));
        parts.extend(block.lines.iter().map(|(what, of)| Part::Fact(what, of)));
    }
    parts.extend(detail.notes.iter().map(|note| Part::Note(note)));
    parts.push(Part::Button(Button::new("Close").name(format!("Close {}", detail.title))));
    let escape = ui.input(|input| input.key_pressed(egui::Key::Escape));
    if panel_ui(ui, rect, &detail.title, parts).is_some() || escape {
        state.closed = view.chosen;
    }
}

/// A row as it is spoken.
fn sentence(view: &RolesView, row: &PersonRow) -> String {
    let reached = view.areas.iter().zip(&row.reaches).filter(|(_, reach)| **reach != Reach::Nothing);
    let words: Vec<String> = reached.map(|(area, reach)| format!("{} {}", area.name, reach.word())).collect();
    format!("{}, {}: {}", row.name, row.role, words.join(", "))
}

/// What stands below a name where there is no room for columns.
fn counted(row: &PersonRow) -> String {
    let of = |wanted| row.reaches.iter().filter(|reach| **reach == wanted).count();
    let areas = |count| if count == 1 { "1 area".to_owned() } else { format!("{count} areas") };
    match (of(Reach::Writes), of(Reach::Reads)) {
        (0, 0) => row.role.clone(),
        (0, reads) => format!("{}. Reads {}", row.role, areas(reads)),
        (writes, 0) => format!("{}. Writes {}", row.role, areas(writes)),
        (writes, reads) => format!("{}. Writes {}, reads {reads} more", row.role, areas(writes)),
    }
}

fn people_ui(ui: &mut Ui, rect: Rect, view: &RolesView, state: &mut RolesState) -> Option<RolesChosen> {
    let tokens = look(ui).tokens;
    let typed = state.typed.trim().to_owned();
    let fits = |row: &&PersonRow| search::matches(&format!("{} {}", row.name, row.role), &typed);
    let rows: Vec<&PersonRow> = view.people.iter().filter(fits).collect();
    panel::panel(ui, rect);
    let mut cut = Cut(rect);
    let columns = rect.width() >= NAME + COLUMN * view.areas.len() as f32;
    if columns {
        column_heads(ui, cut.top(44.0), view);
        let legend = "writes: reads and writes    reads    adds: writes, and does not read    opens: may open a case";
        let spot = cut.bottom(26.0);
        panel::rule(ui, spot, spot.top());
        let galley = text::line(ui, legend, Type::Note, Weight::Regular, tokens.muted, spot.width() - 28.0);
        text::label(ui, spot.shrink2(vec2(14.0, 0.0)), galley, Align::Min);
    }
    let chosen = view.chosen.filter(|chosen| Some(*chosen) != state.closed);
    let of = Rows {
        salt: "roles",
        height: size::ROW_TALL,
        role: Role::Row,
        id: &|_, row: &&PersonRow| Id::unique(("rights of", row.person)),
        name: &|row| sentence(view, row),
        empty: "Nobody fits",
    };
    let pressed = list::rows(ui, cut.rest(), &mut state.list, &rows, &of, |ui, place, row| {
        let current = chosen == Some(RolesChosen::Person(row.person));
        person_ui(ui, place, row, current, columns);
    });
    panel::outline(ui, rect);
    pressed.map(|row| RolesChosen::Person(row.person))
}

fn column_heads(ui: &Ui, head: Rect, view: &RolesView) {
    let tokens = look(ui).tokens;
    panel::head(ui, head);
    let mut line = Cut(head);
    line.left(14.0);
    line.right(6.0);
    for area in view.areas.iter().rev() {
        let spot = line.right(COLUMN);
        // The longest word of them is broken where it is read.
        let words = area.name.replace("Safeguarding", "Safe- guarding");
        let galley = text::wrapped(ui, &words, Type::Note, Weight::Regular, tokens.muted, COLUMN - 2.0);
        text::paint(ui.painter(), spot, galley, Align::Min);
    }
    text::put(ui, line.rest(), "Person and role", Type::Note, Weight::Regular, tokens.muted);
}

fn person_ui(ui: &Ui, rect: Rect, row: &PersonRow, chosen: bool, columns: bool) {
    let tokens = look(ui).tokens;
    if chosen {
        ui.painter().rect_filled(rect, 0.0, tokens.selected);
    }
    let mut line = Cut(rect);
    line.left(14.0);
    line.right(6.0);
    if columns {
        for reach in row.reaches.iter().rev() {
            let spot = line.right(COLUMN);
            let (weight, colour) = match reach {
                Reach::Writes => (Weight::Strong, tokens.text),
                Reach::Reads => (Weight::Regular, tokens.text),
                _ => (Weight::Regular, tokens.muted),
            };
            text::put(ui, spot, reach.word(), Type::Body, weight, colour);
        }
        line.right(8.0);
    }
    let mut lines = Cut(cut::middle(line.rest(), 40.0));
    text::put(ui, lines.top(20.0), &row.name, Type::Body, Weight::Strong, tokens.text);
    let below = if columns { row.role.clone() } else { counted(row) };
    text::put(ui, lines.rest(), &below, Type::Note, Weight::Regular, tokens.muted);
}

fn areas_ui(ui: &mut Ui, rect: Rect, view: &RolesView, state: &mut RolesState) -> Option<RolesChosen> {
    let tokens = look(ui).tokens;
    panel::panel(ui, rect);
    let mut cut = Cut(rect);
    let head = cut.top(28.0);
    panel::head(ui, head);
    let mut line = Cut(head.shrink2(vec2(14.0, 0.0)));
    text::put_right(ui, line.right(80.0), "Write", Type::Note, Weight::Regular, tokens.muted);
    text::put_right(ui, line.right(80.0), "Read", Type::Note, Weight::Regular, tokens.muted);
    text::put(ui, line.rest(), "Area", Type::Note, Weight::Regular, tokens.muted);
    let chosen = view.chosen.filter(|chosen| Some(*chosen) != state.closed);
    let of = Rows {
        salt: "areas",
        height: size::ROW_TALL,
        role: Role::Row,
        id: &|_, row: &AreaRow| Id::unique(("area", row.area)),
        name: &|row| format!("{}, {}: {} people read, {} write", row.name, row.about, row.readers, row.writers),
        empty: "No area is known yet",
    };
    let pressed = list::rows(ui, cut.rest(), &mut state.list, &view.areas, &of, |ui, place, row| {
        if chosen == Some(RolesChosen::Area(row.area)) {
            ui.painter().rect_filled(place, 0.0, tokens.selected);
        }
        let mut line = Cut(place.shrink2(vec2(14.0, 0.0)));
        for count in [row.writers, row.readers] {
            let spot = line.right(80.0);
            let at = pos2(spot.right(), spot.center().y);
            text::digits_right(ui, at, &text::thousands(count), Type::Body, Weight::Strong, tokens.text);
        }
        let mut lines = Cut(cut::middle(line.rest(), 40.0));
        text::put(ui, lines.top(20.0), &row.name, Type::Body, Weight::Strong, tokens.text);
        text::put(ui, lines.rest(), &row.about, Type::Note, Weight::Regular, tokens.muted);
    });
    panel::outline(ui, rect);
    pressed.map(|row| RolesChosen::Area(row.area))
}
