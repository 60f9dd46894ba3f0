//! A device that was looked at, over the screen of devices: what it is and holds, who signed in on it, what it can still
//! read and what not. Then its name typed, to hold it back or to retire it; afterwards who has to sign in again, and
//! what to do when it turns up or does not.

use crate::draft::{self, form};
use crate::intent::{DeviceAct, Intent};
use crate::kit::field::Field;
use crate::kit::list::ListState;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, layer, look};
use crate::screens::devices::DevicesState;
use crate::screens::devices::enrol::{Enrol, choice_ui};
use egui::{Align, Rect, Ui, vec2};
use muster_core::authority::reduction::EntryName;
use muster_core::id::DeviceId;
use muster_school::roles::DeviceKind;
use muster_school::view::devices::{DevicesView, SiteChoice};
use muster_school::view::lost::{Kept, LostView};
use std::collections::BTreeSet;

/// How wide the layer is.
const WIDE: f32 = 640.0;
/// The list of what it held, as drafts know it.
const TABLE: &str = "list";
/// Of a line of what a device holds.
const LINE: f32 = 16.0;

/// What is typed and chosen.
#[derive(Clone, Debug, Default)]
pub struct LostState {
    /// The name of the device that was looked at.
    pub name: String,
    /// What the device is to be from now on, while that is being chosen.
    change: Option<Enrol>,
    /// What is asked before the list of what it held is written; nothing while that is not asked.
    table: Option<Table>,
    /// Which device was asked for again, so that it is asked for once.
    resumed: String,
    /// Focus and scrolling of the entries that wait.
    pub(super) list: ListState,
    /// Those that are to be adopted.
    pub(super) chosen: BTreeSet<EntryName>,
}

/// For whom the list of what a device held is, and into which folder it goes.
#[derive(Clone, Debug)]
struct Table {
    device: DeviceId,
    typed: [String; 2],
}

impl form::Form for Table {
    fn which(&self) -> String {
        self.device.to_string()
    }

    fn parts(&mut self, each: &mut dyn FnMut(&str, &mut dyn form::Part)) {
        form::Form::parts(&mut self.typed, each);
    }
}

/// A device whose list had something left in it is shown again, once.
fn resume_ui(ui: &Ui, view: &DevicesView, state: &mut LostState) -> Vec<Intent> {
    let left = form::left(ui, TABLE).unwrap_or_default();
    if left == state.resumed {
        return Vec::new();
    }
    state.resumed = left;
    let row = view.rows.iter().find(|row| row.device.to_string() == state.resumed);
    row.map(|row| Intent::OfDevice(DeviceAct::Look(row.device))).into_iter().collect()
}

/// Shows the device that was looked at, if there is one.
pub fn lost_ui(ui: &mut Ui, view: &DevicesView, state: &mut DevicesState) -> Vec<Intent> {
    let Some(lost) = &view.lost else {
        (state.lost.name, state.lost.table, state.lost.change) = Default::default();
        return resume_ui(ui, view, &mut state.lost);
    };
    let title = match lost.kept {
        Kept::Fine => lost.name.clone(),
        Kept::HeldBack => format!("{} is held back", lost.name),
        Kept::TakenOut => format!("{} was taken out", lost.name),
    };
    let typed = &mut state.lost;
    let (act, closed) = layer::show(ui, "lost", &title, WIDE, |ui, inside| match lost.kept {
        Kept::Fine => ask_ui(ui, inside, lost, &view.sites, typed),
        Kept::HeldBack | Kept::TakenOut => done_ui(ui, inside, lost, typed),
    });
    match act {
        Some(act) => {
            typed.name.clear();
            (typed.table, typed.change) = (None, None);
            vec![Intent::OfDevice(act)]
        }
        None if closed => vec![Intent::OfDevice(DeviceAct::Leave)],
        None => Vec::new(),
    }
}

/// Step 1: what there is to know, and the device's name before anything happens.
fn ask_ui(
    ui: &mut Ui,
    inside: &layer::Inside,
    lost: &LostView,
    sites: &[SiteChoice],
    typed: &mut LostState,
) -> Option<DeviceAct> {
    lost.about.iter().for_each(|about| inside.words(ui, about));
    if typed.change.is_some() {
        // Alone, so that nothing has to be scrolled past.
        return change_ui(ui, inside, lost, sites, typed);
    }
    inside.words(ui, &format!("Last heard from: {}.", lost.heard));
    if let Some(act) = known_ui(ui, inside, lost, typed) {
        return Some(act);
    }
    if !lost.may_act {
        inside.words(ui, "Whoever may let devices in may hold this one back: ask the office.");
        return close_ui(ui, inside, true);
    }
    if let Some(act) = change_ui(ui, inside, lost, sites, typed) {
        return Some(act);
    }
    head_ui(ui, inside, "If it is lost");
    inside.words(ui, "What it wrote that nobody has heard of yet waits until somebody looks at it. It locks and wipes its keys when it meets another device. It can be let go on if it is found before that.");
    head_ui(ui, inside, "If it is here and not used any more");
    inside.words(ui, "Retired, it is taken out for good and can only come back as another device. Nobody gets new keys for it. It wipes its own when it next meets another device: let it do that.");
    let right = name_ui(ui, inside, lost, typed);
    let buttons = [
        Button::filled("It is lost: hold it back").enabled(right),
        Button::new("Retire it").enabled(right),
        Button::new("Close"),
    ];
    match row_ui(ui, inside, buttons) {
        Some(0) => Some(DeviceAct::Lose(lost.device)),
        Some(1) => Some(DeviceAct::TakeOut(lost.device)),
        Some(_) => Some(DeviceAct::Leave),
        None => None,
    }
}

/// Kinds that a device can become: a kiosk is let in as one, and stays one.
const KINDS: [DeviceKind; 3] = [DeviceKind::Tablet, DeviceKind::Laptop, DeviceKind::Blind];

/// Another kind or other sites, while the device stays one of the school.
fn change_ui(
    ui: &mut Ui,
    inside: &layer::Inside,
    lost: &LostView,
    sites: &[SiteChoice],
    typed: &mut LostState,
) -> Option<DeviceAct> {
    let (was, held) = lost.is.as_ref().filter(|(kind, _)| KINDS.contains(kind))?;
    let Some(change) = &mut typed.change else {
        if button_ui(ui, inside, Button::new("Change what it is for, or its sites…"), false) {
            typed.change = Some(Enrol::of(*was, held, sites));
        }
        return None;
    };
    head_ui(ui, inside, "From now on");
    let some = choice_ui(ui, inside, sites, &KINDS, change);
    inside.words(ui, "Whose sign-in may be kept on it follows from this. What it holds already stays on it, sealed; what it writes by rights that it loses waits until somebody looks at it.");
    let (kind, chosen) = change.chosen(sites);
    let other = (kind, &chosen) != (*was, held);
    match row_ui(ui, inside, [Button::filled("Change it").enabled(some && other), Button::new("Leave it as it is")]) {
        Some(0) => Some(DeviceAct::Change { device: lost.device, kind, sites: chosen }),
        Some(_) => {
            typed.change = None;
            None
        }
        None => None,
    }
}

/// Step 2: done; who is outstanding, and what comes next.
fn done_ui(ui: &mut Ui, inside: &layer::Inside, lost: &LostView, typed: &mut LostState) -> Option<DeviceAct> {
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
        let act = known_ui(ui, inside, lost, typed);
        return act.or_else(|| close_ui(ui, inside, true));
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
    let act = known_ui(ui, inside, lost, typed);
    act.or_else(|| close_ui(ui, inside, false))
}

fn known_ui(ui: &mut Ui, inside: &layer::Inside, lost: &LostView, typed: &mut LostState) -> Option<DeviceAct> {
    head_ui(ui, inside, "What it holds");
    let tokens = look(ui).tokens;
    for line in &lost.holds {
        let rect = inside.next(ui, LINE);
        let mut cut = Cut(rect);
        text::put(ui, cut.left(128.0), &line.what, Type::Body, Weight::Strong, tokens.text);
        // Beside the scroll bar.
        cut.right(14.0);
        text::put_right(ui, cut.right(110.0), &line.count, Type::Body, Weight::Regular, tokens.text);
        let known = format!("It is known to have {}", line.known);
        let beside = if line.from.is_empty() { known.clone() } else { format!("{}. {known}", line.from) };
        let galley = text::line(ui, &beside, Type::Body, Weight::Regular, tokens.muted, cut.width() - 8.0);
        text::paint(ui.painter(), cut.rest(), galley, Align::Min);
        let from = if line.from.is_empty() { String::new() } else { format!(", {}", line.from) };
        text::say(ui, rect, &format!("{}{from}: {}. {known}", line.what, line.count));
    }
    let nobody = ["Nobody".to_owned()];
    let people = if lost.people.is_empty() { nobody.as_slice() } else { lost.people.as_slice() };
    lines_ui(ui, inside, "Who signed in on it", people);
    lines_ui(ui, inside, "What it can still read", &lost.still);
    lines_ui(ui, inside, "What it cannot read", &lost.never);
    list_ui(ui, inside, lost, typed)
}

/// Every record by name, for whoever has to be told: asked for, then for whom and where to.
fn list_ui(ui: &mut Ui, inside: &layer::Inside, lost: &LostView, typed: &mut LostState) -> Option<DeviceAct> {
    let device = lost.device;
    let opens = |which: &str| (device.to_string() == which).then(|| Table { device, typed: <[String; 2]>::default() });
    let back = form::keep(ui, TABLE, &mut typed.table, opens);
    let Some(Table { typed: [to, folder], .. }) = &mut typed.table else {
        if button_ui(ui, inside, Button::new("Write the list of its records…"), false) {
            typed.table = opens(&device.to_string());
        }
        return None;
    };
    inside.words(ui, "A table that names each record, for a report about the loss. It is not encrypted, and that it was written is in the audit.");
    let high = look(ui).control();
    let rect = inside.next(ui, high);
    Field::new("For whom").hint("For whom, as in Information Commissioner").limit(100).show(ui, rect, to);
    let rect = inside.next(ui, high);
    Field::new("Folder for the list").hint("Folder to write it into").limit(500).show(ui, rect, folder);
    if back {
        inside.words(ui, draft::BACK);
    }
    let ready = !to.trim().is_empty() && !folder.trim().is_empty();
    button_ui(ui, inside, Button::new("Write the list").enabled(ready), false).then(|| DeviceAct::WriteList {
        device: lost.device,
        to: to.trim().to_owned(),
        folder: folder.trim().to_owned(),
    })
}

/// Buttons beside each other, or below where there is no room. Says which was pressed.
fn row_ui<const N: usize>(ui: &mut Ui, inside: &layer::Inside, buttons: [Button<'_>; N]) -> Option<usize> {
    let high = look(ui).control();
    let mut line = Cut(inside.next(ui, high));
    let mut pressed = None;
    for (place, button) in buttons.into_iter().enumerate() {
        let wide = button.width(ui);
        if wide > line.width() {
            line = Cut(inside.next(ui, high));
        }
        if button.show(ui, line.left(wide)).clicked() {
            pressed = Some(place);
        }
        line.left(8.0);
    }
    pressed
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
fn name_ui(ui: &mut Ui, inside: &layer::Inside, lost: &LostView, typed: &mut LostState) -> bool {
    inside.words(ui, &format!("Type {} to be sure that it is this one.", lost.name));
    let rect = inside.next(ui, look(ui).control());
    Field::new("Name of the device").limit(100).show(ui, rect, &mut typed.name);
    typed.name.trim() == lost.name
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
