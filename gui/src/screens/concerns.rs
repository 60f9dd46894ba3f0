//! Concerns: the list of those that may be read, which names no child and says no detail, and the file that is open.
//!
//! Opening a file asks for a code and is an entry (the engine's doing); what is open goes from view after a
//! minute without input, and when the screen is left. Nothing can be changed or deleted here, only added.

mod file;

use crate::intent::{ConcernAct, Intent, Screen};
use crate::kit::list::{self, ListState, Rows};
use crate::kit::picker::{Picker, PickerState};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, cut, look, panel, person_row, size};
use egui::{Align, Id, Rect, Role, Ui, vec2};
use muster_school::view::concern::{ConcernRow, ConcernsView};
use muster_school::view::status::Status;

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct ConcernsState {
    list: ListState,
    pupil: PickerState,
    file: file::FileState,
    /// What was open was closed: a view that is on its way does not open it again.
    closed: bool,
    /// It went because nobody touched anything.
    cleared: bool,
}

impl ConcernsState {
    /// Nobody has touched anything for a minute: nothing of a file stays.
    pub fn clear(&mut self) {
        *self = Self { closed: true, cleared: true, list: self.list.clone(), ..Self::default() };
        // The focus was in the file; the row that it was opened from can be pressed again.
        self.list.grab = true;
    }

    fn close(&mut self) {
        self.clear();
        self.cleared = false;
    }

    fn open(&mut self) {
        (self.closed, self.cleared) = (false, false);
        self.file = file::FileState::default();
    }
}

/// How wide the list is beside an open file.
const LIST: f32 = 380.0;

/// Shows the screen in the whole of `ui`.
pub fn concerns_ui(ui: &mut Ui, view: &ConcernsView, state: &mut ConcernsState) -> Vec<Intent> {
    let mut intents = Vec::new();
    let mut cut = Cut(ui.max_rect().shrink2(vec2(size::MARGIN, 12.0)));
    let open = view.file.as_ref().filter(|_| !state.closed);
    let small = cut.height() < 420.0 || cut.width() < 820.0;
    if let (Some(file), true) = (open, small) {
        intents.extend(file::file_ui(ui, cut.rest(), file, &mut state.file));
    } else {
        intents.extend(head_ui(ui, &mut cut, view, state));
        cut.top(10.0);
        if let Some(file) = open {
            let list = cut.left(LIST.min(cut.width() * 0.42));
            cut.left(size::GAP);
            intents.extend(rows_ui(ui, list, view, state));
            intents.extend(file::file_ui(ui, cut.rest(), file, &mut state.file));
        } else {
            intents.extend(rows_ui(ui, cut.rest(), view, state));
        }
    }
    let opens = |intent: &Intent| matches!(intent, Intent::OfConcern(ConcernAct::Read(_) | ConcernAct::Chronology(_)));
    if intents.iter().any(opens) {
        state.open();
    } else if intents.contains(&Intent::OfConcern(ConcernAct::Close)) {
        state.close();
    }
    intents
}

fn head_ui(ui: &mut Ui, cut: &mut Cut, view: &ConcernsView, state: &mut ConcernsState) -> Vec<Intent> {
    let tokens = look(ui).tokens;
    let high = look(ui).control();
    let mut intents = Vec::new();
    let add = Button::filled("Add a concern…");
    let wide = add.width(ui);
    let mut block = Cut(cut.top(48.0));
    let spot = cut::middle(block.right(wide), high);
    block.right(16.0);
    let title = text::line(ui, "Concerns", Type::Title, Weight::Strong, tokens.text, block.width());
    text::label(ui, block.top(28.0), title, Align::Min);
    let summary = text::line(ui, &view.summary, Type::Body, Weight::Regular, tokens.muted, block.width());
    text::label(ui, block.rest(), summary, Align::Min);
    cut.top(8.0);
    let mut line = Cut(cut.rest());
    let wide = line.width().min(360.0);
    let mut find = Cut(line.left(wide));
    let picker =
        Picker { name: "Chronology of a pupil", hint: "Chronology: part of a pupil’s name", people: &view.pupils };
    let pupil = picker.find_ui(ui, &mut find, &mut state.pupil);
    let used = find.rest().top() - cut.rest().top();
    if state.cleared && line.width() > 200.0 {
        line.left(16.0);
        let words = "Cleared from view after a minute without input.";
        let spot = line.top(high);
        let galley = text::line(ui, words, Type::Body, Weight::Regular, tokens.muted, spot.width());
        text::label(ui, spot, galley, Align::Min);
    }
    text::live(ui, "cleared", if state.cleared { "Cleared from view after a minute without input." } else { "" });
    cut.top(used);
    intents.extend(pupil.map(|pupil| Intent::OfConcern(ConcernAct::Chronology(pupil))));
    if add.show(ui, spot).clicked() {
        intents.push(Intent::Open(Screen::AddConcern));
    }
    intents
}

fn sentence(row: &ConcernRow) -> String {
    let added = if row.added.is_empty() { String::new() } else { format!(", last added to {}", row.added) };
    format!("Concern {}, {}, opened {} by {}{added}", row.reference, row.state.words(), row.opened, row.by)
}

fn rows_ui(ui: &mut Ui, rect: Rect, view: &ConcernsView, state: &mut ConcernsState) -> Option<Intent> {
    panel::panel(ui, rect);
    let mut cut = Cut(rect);
    let wide = rect.width() > 640.0;
    heads_ui(ui, cut.top(28.0), wide);
    let chosen = view.file.as_ref().filter(|_| !state.closed).and_then(|file| file.concern);
    let of = Rows {
        salt: "concerns",
        height: size::ROW_FIRE,
        role: Role::Row,
        id: &|_, row: &ConcernRow| Id::unique(("concern", row.concern)),
        name: &sentence,
        empty: "No concern that you can read. Whoever adds one says who is told",
    };
    let pressed = list::rows(ui, cut.rest(), &mut state.list, &view.rows, &of, |ui, place, row| {
        row_ui(ui, place, row, chosen == Some(row.concern), wide);
    });
    panel::outline(ui, rect);
    pressed.map(|row| Intent::OfConcern(ConcernAct::Read(row.concern)))
}

const OPENED: f32 = 180.0;
const STATE: f32 = 220.0;

fn heads_ui(ui: &Ui, head: Rect, wide: bool) {
    let tokens = look(ui).tokens;
    panel::head(ui, head);
    let mut line = Cut(head.shrink2(vec2(14.0, 0.0)));
    line.left(30.0);
    let put = |rect: Rect, words: &str| {
        text::put(ui, rect, words, Type::Note, Weight::Regular, tokens.muted);
    };
    if wide {
        put(line.right(STATE), "For you");
        put(line.right(OPENED), "Opened");
    }
    put(line.rest(), "Concern, and who opened it");
}

fn row_ui(ui: &Ui, rect: Rect, row: &ConcernRow, chosen: bool, wide: bool) {
    let tokens = look(ui).tokens;
    let ground = if chosen { tokens.selected } else { tokens.surface };
    if chosen {
        ui.painter().rect_filled(rect, 0.0, ground);
    }
    let mut line = Cut(rect.shrink2(vec2(14.0, 0.0)));
    let icon = line.left(30.0);
    if row.state.waits() {
        person_row::shape(ui, Rect::from_min_size(icon.min, vec2(16.0, icon.height())), 16.0, Status::Check, ground);
    }
    let weight = if row.state.waits() { Weight::Strong } else { Weight::Regular };
    if wide {
        text::put(ui, line.right(STATE), row.state.words(), Type::Body, weight, tokens.text);
        let mut lines = Cut(cut::middle(line.right(OPENED), 40.0));
        if row.added.is_empty() {
            text::put(ui, lines.rest(), &row.opened, Type::Body, Weight::Regular, tokens.text);
        } else {
            text::put(ui, lines.top(20.0), &row.opened, Type::Body, Weight::Regular, tokens.text);
            let words = format!("Added to {}", row.added);
            text::put(ui, lines.rest(), &words, Type::Note, Weight::Regular, tokens.muted);
        }
    }
    let mut lines = Cut(cut::middle(line.rest(), 40.0));
    let over = if wide { row.reference.clone() } else { format!("{}  {}", row.reference, row.state.words()) };
    text::put(ui, lines.top(20.0), &over, Type::Body, weight, tokens.text);
    let under = if wide { row.by.clone() } else { format!("{}, {}", row.by, row.opened) };
    text::put(ui, lines.rest(), &under, Type::Note, Weight::Regular, tokens.muted);
}
