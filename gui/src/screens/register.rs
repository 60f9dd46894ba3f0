//! One register: a grid for the keyboard, or cards for fingers.
//!
//! Keys: a complete code marks and moves down; a code that can grow waits for its second character or Enter; Space
//! repeats the last code; Backspace clears; Ctrl+F jumps to a name; Ctrl+M marks the remaining present; Ctrl+Enter
//! finishes. Which codes there are, which may grow and what they need comes with the view.

pub mod about;
pub mod cards;
pub mod extra;
pub mod grid;
pub mod side;
pub mod typing;

use super::steps;
use crate::command::Command;
use crate::intent::{Intent, Screen};
use crate::kit::field::Field;
use crate::kit::list::ListState;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, cut, look, search, size};
use egui::{Align, Id, Key, Rect, Ui};
use extra::Extra;
use muster_school::view::register::{RegisterRow, RegisterView};
use muster_school::view::status::Status;
use muster_school::view::{RegisterKey, SubjectId};
use typing::Typing;

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct RegisterState {
    /// Focus and scrolling.
    pub list: ListState,
    /// What is half typed.
    pub typing: Typing,
    /// The last code that was marked here: what Space repeats.
    pub last_code: Option<String>,
    /// What is typed into *Find a name*.
    pub find: String,
    /// What is on top: a choice between marks, a reason, the codes of a card.
    pub extra: Option<Extra>,
    /// What is said to readers that speak.
    pub announce: String,
    /// Which register the focus was set for.
    begun: Option<RegisterKey>,
    /// Whose marks are to be settled once this register shows.
    asked: Option<(RegisterKey, SubjectId)>,
}

impl RegisterState {
    /// The engine did not accept a mark: keeps the focus there and says why in the row.
    pub fn refuse(&mut self, view: &RegisterView, pupil: SubjectId, code: &str, words: &str) {
        let code = code.to_owned();
        self.typing = Typing::Refused { pupil, code, words: words.to_owned() };
        self.announce = words.to_owned();
        if let Some(row) = view.rows.iter().position(|row| row.pupil == pupil) {
            self.list.go(row, true);
        }
    }

    /// What was typed beside a mark was not accepted: it is asked for again, with the words as they were.
    pub fn ask_again(&mut self, intent: Intent) {
        if self.extra.is_none() {
            self.extra = extra::again(intent);
        }
    }

    /// The next time this register shows, the choice between a pupil's marks that differ is open.
    pub fn settle_on_opening(&mut self, register: RegisterKey, pupil: SubjectId) {
        self.asked = Some((register, pupil));
    }

    fn begin(&mut self, ui: &Ui, view: &RegisterView) {
        self.open_new(ui, view);
        let Some((_, pupil)) = self.asked.take_if(|(register, _)| *register == view.key) else { return };
        let differ = view.rows.iter().position(|row| row.pupil == pupil && row.versions.len() > 1);
        if let (Some(row), None) = (differ, &self.extra) {
            self.list.go(row, false);
            self.extra = Some(Extra::Settle { pupil });
        }
    }

    fn open_new(&mut self, ui: &Ui, view: &RegisterView) {
        if self.begun == Some(view.key) {
            return;
        }
        *self = Self { begun: Some(view.key), asked: self.asked, ..Self::default() };
        let first = view.rows.iter().position(|row| row.mark.is_none()).unwrap_or(0);
        self.extra = extra::left_open(ui, view, self);
        let asked = |row: &RegisterRow| matches!(&self.extra, Some(Extra::Ask { pupil, .. } | Extra::Comment { pupil, .. }) if *pupil == row.pupil);
        let asked = view.rows.iter().position(asked);
        self.list.go(asked.unwrap_or(first), asked.is_none());
    }
}

/// The id of a pupil's row.
pub(crate) fn row_id(row: &RegisterRow) -> Id {
    Id::unique(("register row", row.pupil))
}

/// Shows a register in the whole of `ui`.
pub fn register_ui(ui: &mut Ui, view: &RegisterView, state: &mut RegisterState) -> Vec<Intent> {
    let mut intents = Vec::new();
    state.begin(ui, view);
    let touch = look(ui).touch;
    let narrow = ui.max_rect().width() < size::NARROW - size::NAVIGATION;
    let mut cut = Cut(ui.max_rect());
    if state.extra.is_none() {
        commands(ui, view, state, &mut intents);
    }
    cut.left(size::MARGIN);
    cut.right(size::MARGIN);
    intents.extend(title_ui(ui, &mut cut, view, state, touch, narrow));
    if let Some(words) = &view.warning {
        let parts = [muster_school::view::Span::plain(words.clone())];
        let high = chip::warning_height(ui, &parts, cut.width());
        chip::warning(ui, cut.top(high), Status::Check, &parts);
        cut.top(8.0);
    }
    let bar = cut.bottom(if touch { 72.0 } else { 46.0 });
    if touch {
        intents.extend(cards::cards_ui(ui, cut.rest(), view, state));
    } else if narrow {
        // A very short window keeps its rows; F1 and the rows themselves say the rest.
        let under = if cut.height() < 200.0 { 0.0 } else { side::line_height(ui, view, cut.width()) };
        let below = cut.bottom(under);
        intents.extend(grid::grid_ui(ui, cut.rest(), view, state));
        if under > 0.0 {
            side::line_ui(ui, below, view);
        }
    } else {
        let side = cut.right(size::SIDE);
        cut.right(size::GAP);
        intents.extend(grid::grid_ui(ui, cut.rest(), view, state));
        side::side_ui(ui, side, view);
    }
    bar_ui(ui, bar, view, state, &mut intents);
    intents.extend(extra::extra_ui(ui, view, state));
    text::live(ui, "register", &state.announce);
    intents
}

fn commands(ui: &Ui, view: &RegisterView, state: &mut RegisterState, intents: &mut Vec<Intent>) {
    if Command::FindName.pressed(ui) {
        ui.memory_mut(|memory| memory.request_focus(find_id()));
    }
    let row = view.rows.get(state.list.row);
    if Command::AboutMark.pressed(ui)
        && let Some(row) = row
    {
        state.extra = Some(Extra::About { pupil: row.pupil });
    }
    if !view.may_mark {
        return;
    }
    if Command::Comment.pressed(ui)
        && let Some(row) = row
    {
        state.extra = Some(about::begin_comment(row));
    }
    if Command::AddUnlisted.pressed(ui) {
        state.extra = Some(about::begin_unlisted(view, state));
    }
    if Command::Finish.pressed(ui) {
        go_on(view, state, Intent::FinishRegister { register: view.key }, intents);
    }
    if Command::MarkRemaining.pressed(ui) && view.blanks > 0 {
        go_on(view, state, Intent::MarkRemainingPresent { register: view.key }, intents);
    }
}

/// Does something with the whole register, once what is being typed is settled.
fn go_on(view: &RegisterView, state: &mut RegisterState, intent: Intent, intents: &mut Vec<Intent>) {
    if let Some(typed) = typing::settle_to_go_on(view, state) {
        intents.extend(typed);
        intents.push(intent);
    }
}

fn find_id() -> Id {
    Id::unique("register find")
}

fn title_ui(
    ui: &mut Ui,
    cut: &mut Cut,
    view: &RegisterView,
    state: &mut RegisterState,
    touch: bool,
    narrow: bool,
) -> Option<Intent> {
    let tokens = look(ui).tokens;
    let (before, after) = (view.before.as_ref(), view.after.as_ref());
    let wide = steps::width(ui, before, after);
    let open = |key| Intent::Open(Screen::Register(key));
    if touch {
        let mut line = Cut(cut.top(58.0));
        let gone = steps::steps_ui(ui, line.right(wide), before, after);
        let title = text::line(ui, &view.group, Type::Title, Weight::Strong, tokens.text, line.width());
        let wide = title.size().x;
        text::label(ui, line.left(wide), title, Align::Min);
        line.left(16.0);
        let hint = "Tap once: present. Tap again: absent.";
        let room = text::width(ui, hint, Type::Note, Weight::Regular);
        if line.width() > room + 200.0 {
            text::put_right(ui, line.right(room), hint, Type::Note, Weight::Regular, tokens.muted);
        }
        let words = text::line(ui, &view.session, Type::Body, Weight::Regular, tokens.muted, line.width() - 8.0);
        text::label(ui, line.rest(), words, Align::Min);
        return gone.map(open);
    }
    cut.top(12.0);
    let mut block = Cut(cut.top(48.0));
    let field = block.right(if narrow { 130.0 } else { 170.0 });
    block.right(16.0);
    let gone = steps::steps_ui(ui, block.right(wide), before, after);
    let title = text::line(ui, &view.title, Type::Title, Weight::Strong, tokens.text, block.width());
    text::label(ui, block.top(28.0), title, Align::Min);
    let mut session = view.session.clone();
    for part in [view.cover.as_str(), view.others.as_str(), view.finished.as_deref().unwrap_or_default()] {
        session.extend((!part.is_empty()).then(|| format!(" {part}")));
    }
    let words = text::line(ui, &session, Type::Body, Weight::Regular, tokens.muted, block.width());
    text::label(ui, block.rest(), words, Align::Min);
    let found = Field::new("Find a name").hint("Find a name").keys("Ctrl+F").id(find_id()).limit(60);
    let response = found.show(ui, cut::middle(field, size::CONTROL), &mut state.find);
    if response.changed() {
        let hit = view.rows.iter().position(|row| search::matches(&row.name, &state.find));
        if let (Some(row), false) = (hit, state.find.is_empty()) {
            state.list.go(row, false);
        }
    }
    if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter) || input.key_pressed(Key::Escape)) {
        state.find.clear();
        state.list.go(state.list.row, true);
    }
    cut.top(8.0);
    gone.map(open)
}

fn bar_ui(ui: &mut Ui, bar: Rect, view: &RegisterView, state: &mut RegisterState, intents: &mut Vec<Intent>) {
    let look = look(ui);
    let touch = look.touch;
    let high = look.control();
    if touch {
        let full = Rect::from_min_max(bar.min - egui::vec2(16.0, 0.0), bar.max + egui::vec2(16.0, 0.0));
        ui.painter().rect_filled(full, 0.0, look.tokens.surface);
        crate::kit::panel::rule(ui, full, full.top());
    }
    let mut cut = Cut(cut::middle(bar, high));
    let remaining = format!("Mark remaining {} present", view.blanks);
    let finish = if touch { "Finish" } else { "Finish register" };
    let keys = [Command::MarkRemaining.keys(), Command::Undo.keys(), Command::Finish.keys()];
    let make = |short: bool| {
        let mark = Button::new(&remaining).enabled(view.may_mark && view.blanks > 0);
        let undo = Button::new("Undo");
        let done = Button::filled(finish).enabled(view.may_mark);
        if short {
            (mark, undo, done)
        } else {
            (mark.shortcut(&keys[0]), undo.shortcut(&keys[1]), done.shortcut(&keys[2]))
        }
    };
    let (mark, undo, done) = make(false);
    let short = mark.width(ui) + undo.width(ui) + done.width(ui) + 24.0 > cut.width();
    let (mark, undo, done) = make(short);
    let wide = mark.width(ui);
    if mark.show(ui, cut.left(wide)).clicked() {
        go_on(view, state, Intent::MarkRemainingPresent { register: view.key }, intents);
    }
    cut.left(12.0);
    let wide = undo.width(ui);
    let undo = undo.name("Undo the last change");
    if undo.show(ui, cut.left(wide)).clicked() {
        intents.push(Intent::UndoLast);
    }
    cut.left(12.0);
    let add = Button::new("Add a child").name("Add a child on no list").enabled(view.may_mark);
    let wide = add.width(ui);
    if cut.width() > wide + done.width(ui) + 24.0 {
        if add.show(ui, cut.left(wide)).clicked() {
            state.extra = Some(about::begin_unlisted(view, state));
        }
        cut.left(12.0);
    }
    let wide = done.width(ui);
    let last = cut.right(wide);
    cut.right(12.0);
    if cut.width() > 60.0 {
        let note = if touch { Type::Body } else { Type::Note };
        let words = text::line(ui, &view.saved, note, Weight::Regular, look.tokens.muted, cut.width());
        text::label(ui, cut.rest(), words, Align::Min);
    }
    if done.show(ui, last).clicked() {
        go_on(view, state, Intent::FinishRegister { register: view.key }, intents);
    }
}
