//! A lost device, over the screen of devices: what it holds and who signed in on it, what it can still read and what
//! not, then its name typed; afterwards who has to sign in again, and what to do when it turns up or does not.

use crate::intent::{DeviceAct, Intent};
use crate::kit::field::Field;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, layer, look, panel, size};
use crate::screens::devices::DevicesState;
use crate::screens::today::panel_head;
use egui::{Align, Rect, Ui, vec2};
use muster_school::view::devices::DevicesView;
use muster_school::view::lost::{Kept, LostView};

/// How wide the layer is.
const WIDE: f32 = 640.0;
/// Of a line of what a device holds.
const LINE: f32 = 16.0;
/// Of an entry that waits.
const WAITING: f32 = 44.0;
/// Entries that wait are shown up to this many; the count says how many there are.
const SHOWN: usize = 8;

/// Shows the device that was looked at, if there is one.
pub fn lost_ui(ui: &mut Ui, view: &DevicesView, state: &mut DevicesState) -> Vec<Intent> {
    let Some(lost) = &view.lost else {
        state.lost_name.clear();
        return Vec::new();
    };
    let title = match lost.kept {
        Kept::Fine => format!("Is {} lost?", lost.name),
        Kept::HeldBack => format!("{} is held back", lost.name),
        Kept::TakenOut => format!("{} was taken out", lost.name),
    };
    let typed = &mut state.lost_name;
    let (act, closed) = layer::show(ui, "lost", &title, WIDE, |ui, inside| match lost.kept {
        Kept::Fine => ask_ui(ui, inside, lost, typed),
        Kept::HeldBack | Kept::TakenOut => done_ui(ui, inside, lost, typed),
    });
    match act {
        Some(act) => {
            typed.clear();
            vec![Intent::OfDevice(act)]
        }
        None if closed => vec![Intent::OfDevice(DeviceAct::Leave)],
        None => Vec::new(),
    }
}

/// Step 1: what there is to know, and the device's name before anything happens.
fn ask_ui(ui: &mut Ui, inside: &layer::Inside, lost: &LostView, typed: &mut String) -> Option<DeviceAct> {
    inside.words(ui, &format!("Last heard from: {}.", lost.heard));
    known_ui(ui, inside, lost);
    if !lost.may_act {
        inside.words(ui, "Whoever may let devices in may hold this one back: ask the office.");
        return close_ui(ui, inside, true);
    }
    head_ui(ui, inside, "If it is lost");
    inside.words(ui, "What it wrote that nobody has heard of yet waits until somebody looks at it. It locks and wipes its keys when it meets another device. It can be let go on if it is found before that.");
    let right = name_ui(ui, inside, lost, typed);
    let held = button_ui(ui, inside, Button::filled("Hold it back").enabled(right), false);
    if held {
        return Some(DeviceAct::Lose(lost.device));
    }
    close_ui(ui, inside, false)
}

/// Step 2: done; who is outstanding, and what comes next.
fn done_ui(ui: &mut Ui, inside: &layer::Inside, lost: &LostView, typed: &mut String) -> Option<DeviceAct> {
    if !lost.since.is_empty() {
        inside.words(ui, &lost.since);
    }
    if lost.until_then.is_empty() {
        inside.words(ui, "It reads nothing that is written from now on.");
    } else {
        inside.words(ui, &lost.until_then);
        lines_ui(ui, inside, "These people have still to sign in", &lost.outstanding);
    }
    let held = lost.kept == Kept::HeldBack && lost.may_act;
    if !held {
        known_ui(ui, inside, lost);
        return close_ui(ui, inside, true);
    }
    head_ui(ui, inside, "If it was found");
    inside.words(
        ui,
        "It goes on, with what it wrote meanwhile. If it has wiped its keys, let it in again as a new device.",
    );
    if button_ui(ui, inside, Button::new("It was found: let it go on"), false) {
        return Some(DeviceAct::Find(lost.device));
    }
    head_ui(ui, inside, "If it is gone");
    inside.words(ui, "Taken out for good, it can only come back as another device.");
    let right = name_ui(ui, inside, lost, typed);
    if button_ui(ui, inside, Button::new("Take it out for good").enabled(right), false) {
        return Some(DeviceAct::TakeOut(lost.device));
    }
    known_ui(ui, inside, lost);
    close_ui(ui, inside, false)
}

fn known_ui(ui: &mut Ui, inside: &layer::Inside, lost: &LostView) {
    head_ui(ui, inside, "What it holds");
    let tokens = look(ui).tokens;
    for line in &lost.holds {
        let rect = inside.next(ui, LINE);
        let mut cut = Cut(rect);
        text::put(ui, cut.left(128.0), &line.what, Type::Body, Weight::Strong, tokens.text);
        // Beside the scroll bar.
        cut.right(14.0);
        text::put_right(ui, cut.right(110.0), &line.count, Type::Body, Weight::Regular, tokens.text);
        let galley = text::line(ui, &line.from, Type::Body, Weight::Regular, tokens.muted, cut.width() - 8.0);
        text::paint(ui.painter(), cut.rest(), galley, Align::Min);
        let from = if line.from.is_empty() { String::new() } else { format!(", {}", line.from) };
        text::say(ui, rect, &format!("{}{from}: {}", line.what, line.count));
    }
    let nobody = ["Nobody".to_owned()];
    let people = if lost.people.is_empty() { nobody.as_slice() } else { lost.people.as_slice() };
    lines_ui(ui, inside, "Who signed in on it", people);
    lines_ui(ui, inside, "What it can still read", &lost.still);
    lines_ui(ui, inside, "What it cannot read", &lost.never);
}

fn lines_ui(ui: &mut Ui, inside: &layer::Inside, title: &str, lines: &[String]) {
    head_ui(ui, inside, title);
    lines.iter().for_each(|line| inside.words(ui, line));
}

fn head_ui(ui: &mut Ui, inside: &layer::Inside, words: &str) {
    let galley = text::line(ui, words, Type::Name, Weight::Strong, look(ui).tokens.text, inside.width);
    let rect = inside.next(ui, galley.size().y + 4.0);
    text::label(ui, rect, galley, Align::Min);
}

/// Asks for the device's name; says whether it is the one.
fn name_ui(ui: &mut Ui, inside: &layer::Inside, lost: &LostView, typed: &mut String) -> bool {
    inside.words(ui, &format!("Type {} to be sure that it is this one.", lost.name));
    let rect = inside.next(ui, look(ui).control());
    Field::new("Name of the device").limit(100).show(ui, rect, typed);
    typed.trim() == lost.name
}

fn close_ui(ui: &mut Ui, inside: &layer::Inside, first: bool) -> Option<DeviceAct> {
    button_ui(ui, inside, Button::new("Close"), first).then_some(DeviceAct::Leave)
}

fn button_ui(ui: &mut Ui, inside: &layer::Inside, button: Button<'_>, first: bool) -> bool {
    let high = look(ui).control();
    let rect = inside.next(ui, high);
    let wide = button.width(ui);
    let response = button.show(ui, Rect::from_min_size(rect.min, vec2(wide, high)));
    if first && inside.fresh {
        response.request_focus();
    }
    response.clicked()
}

/// How high the panel of entries that wait is; nothing where none does.
pub fn waiting_height(view: &DevicesView) -> f32 {
    match view.waiting.len() {
        0 => 0.0,
        some => 48.0 + WAITING * (some.min(SHOWN) as f32) + 64.0,
    }
}

/// The entries that wait to be adopted: a list with a count, never a question in the way.
pub fn waiting_ui(ui: &mut Ui, rect: Rect, view: &DevicesView) -> Option<Intent> {
    let tokens = look(ui).tokens;
    panel::panel(ui, rect);
    let mut cut = Cut(rect);
    let count = u32::try_from(view.waiting.len()).unwrap_or(u32::MAX);
    panel_head(ui, cut.top(48.0), count, "waiting to be adopted", &view.as_of, false);
    for line in view.waiting.iter().take(SHOWN) {
        let row = cut.top(WAITING);
        panel::rule(ui, row, row.top());
        let mut inner = Cut(row.shrink2(vec2(size::MARGIN, 4.0)));
        let half = inner.height() / 2.0;
        let top = format!("{}, {}: {}", line.when, line.who, line.of);
        let first = text::line(ui, &top, Type::Body, Weight::Strong, tokens.text, inner.width());
        text::paint(ui.painter(), inner.top(half), first, Align::Min);
        let second = text::line(ui, &line.why, Type::Note, Weight::Regular, tokens.muted, inner.width());
        text::paint(ui.painter(), inner.rest(), second, Align::Min);
        text::say(ui, row, &format!("{top}. {}", line.why));
    }
    let mut foot = Cut(cut.rest().shrink2(vec2(size::MARGIN, 8.0)));
    let words = match count {
        1 => "Adopt it".to_owned(),
        _ => format!("Adopt all {}", text::thousands(count)),
    };
    let button = Button::new(&words).enabled(view.may_invite);
    let wide = button.width(ui);
    let spot = crate::kit::cut::middle(foot.right(wide), look(ui).control());
    foot.right(12.0);
    let note = "They count nowhere until then. Look at who wrote them, and when.";
    let galley = text::line(ui, note, Type::Note, Weight::Regular, tokens.muted, foot.width());
    text::label(ui, foot.rest(), galley, Align::Min);
    button.show(ui, spot).clicked().then_some(Intent::OfDevice(DeviceAct::AdoptAll))
}
