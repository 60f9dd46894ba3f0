//! The entries that wait to be adopted: a list with a count, never a question in the way. Each says what it would mean,
//! and is chosen by itself: among honest work there may be a thief's.

use super::lost::LostState;
use super::today::panel_head;
use crate::intent::{DeviceAct, Intent};
use crate::kit::list::{self, Rows};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, look, panel, size, status};
use egui::{Align, Id, Rect, Role, Ui, vec2};
use muster_school::view::devices::DevicesView;
use muster_school::view::lost::WaitingLine;
use muster_school::view::status::Status;

/// How high an entry is: who, what it says, why it waits.
const ROW: f32 = 66.0;
/// Entries that are seen at once; the list scrolls.
const SEEN: usize = 5;
/// The line of buttons below.
const FOOT: f32 = 64.0;

/// How high the panel is; nothing where none waits.
pub(super) fn waiting_height(view: &DevicesView) -> f32 {
    match view.waiting.len() {
        0 => 0.0,
        some => 48.0 + ROW * (some.min(SEEN) as f32) + FOOT,
    }
}

fn says(line: &WaitingLine) -> String {
    match line.says.as_slice() {
        [] => "What it says cannot be read here".to_owned(),
        says => says.join("; "),
    }
}

fn head(line: &WaitingLine) -> String {
    format!("{}, {}: {}", line.when, line.who, line.of)
}

/// Shows the panel.
pub(super) fn waiting_ui(ui: &mut Ui, rect: Rect, view: &DevicesView, state: &mut LostState) -> Option<Intent> {
    let tokens = look(ui).tokens;
    panel::panel(ui, rect);
    state.chosen.retain(|entry| view.waiting.iter().any(|line| line.entry == Some(*entry)));
    let mut cut = Cut(rect);
    let count = u32::try_from(view.waiting.len()).unwrap_or(u32::MAX);
    panel_head(ui, cut.top(48.0), count, "waiting to be adopted", &view.as_of, false);
    let mut foot = Cut(cut.bottom(FOOT).shrink2(vec2(size::MARGIN, 8.0)));
    let is_chosen = |line: &WaitingLine| line.entry.is_some_and(|entry| state.chosen.contains(&entry));
    let rows: Vec<(&WaitingLine, bool)> = view.waiting.iter().map(|line| (line, is_chosen(line))).collect();
    let of = Rows {
        salt: "waiting",
        height: ROW,
        role: Role::CheckBox,
        id: &|place, _: &(&WaitingLine, bool)| Id::unique(("waiting", place)),
        name: &|(line, chosen)| {
            let chosen = if *chosen { "Chosen. " } else { "" };
            format!("{chosen}{}. {}. {}", head(line), says(line), line.why)
        },
        empty: "",
    };
    let pressed = list::rows(ui, cut.rest(), &mut state.list, &rows, &of, |ui, rect, (line, chosen)| {
        let mut inner = Cut(rect.shrink2(vec2(size::MARGIN, 5.0)));
        let shape = if *chosen { Status::Found } else { Status::ToFind };
        let spot = inner.left(32.0);
        status::paint(ui.painter(), spot.left_center() + vec2(10.0, 0.0), 20.0, shape, tokens.text, tokens.surface);
        let third = inner.height() / 3.0;
        text::put(ui, inner.top(third), &head(line), Type::Body, Weight::Strong, tokens.text);
        text::put(ui, inner.top(third), &says(line), Type::Body, Weight::Regular, tokens.text);
        text::put(ui, inner.rest(), &line.why, Type::Note, Weight::Regular, tokens.muted);
    });
    panel::outline(ui, rect);
    if let Some(entry) = pressed.and_then(|(line, _)| line.entry)
        && !state.chosen.remove(&entry)
    {
        state.chosen.insert(entry);
    }
    let adopt = match state.chosen.len() {
        0 => "Adopt those chosen".to_owned(),
        1 => "Adopt the one chosen".to_owned(),
        many => format!("Adopt the {} chosen", text::thousands(u32::try_from(many).unwrap_or(u32::MAX))),
    };
    let adopt = Button::new(&adopt).enabled(view.may_invite && !state.chosen.is_empty());
    let all = Button::new("Choose all").enabled(view.may_invite);
    let wides = [all.width(ui), adopt.width(ui)];
    let high = look(ui).control();
    let place = crate::kit::cut::middle(foot.right(wides[1]), high);
    let adopted = adopt.show(ui, place).clicked();
    foot.right(8.0);
    let place = crate::kit::cut::middle(foot.right(wides[0]), high);
    if all.show(ui, place).clicked() {
        state.chosen = view.waiting.iter().filter_map(|line| line.entry).collect();
    }
    foot.right(12.0);
    let note = "They count nowhere until then. Choose those that are good work.";
    let galley = text::line(ui, note, Type::Note, Weight::Regular, tokens.muted, foot.width());
    text::label(ui, foot.rest(), galley, Align::Min);
    adopted.then(|| Intent::OfDevice(DeviceAct::Adopt(state.chosen.iter().copied().collect())))
}
