//! Devices and sync: who was heard when, what lacks where, what to settle, and bringing a device in.

pub(super) mod enrol;
pub mod invite;

use super::backups::{self, BackupsState, backups_ui};
use super::carry::{self, carry_ui};
use super::lost::{LostState, lost_ui};
use super::today::panel_head;
use super::waiting::{waiting_height, waiting_ui};
use crate::intent::{DeviceAct, Intent, Screen};
use crate::kit::field::Field;
use crate::kit::list::{self, List, ListState};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, cut, look, panel, person_row, size, status};
use egui::{Align, Id, Rect, Role, ScrollArea, Ui, UiBuilder, pos2, vec2};
use muster_school::view::FrameView;
use muster_school::view::devices::{DeviceRow, DevicesView, SettleLine};
use muster_school::view::status::Status;

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct DevicesState {
    /// Focus and scrolling of the devices.
    pub list: ListState,
    /// The panel for a typed address is open, and what is typed.
    pub address: Option<String>,
    /// Why what was typed there leads nowhere.
    pub address_problem: String,
    /// What a new device is to be, while that is being chosen.
    enrol: Option<enrol::Enrol>,
    /// The code that is shown, and when it ends.
    ends: Option<(u32, f64)>,
    /// Carrying by hand is open, and the folder as typed.
    carry: Option<String>,
    /// Backups are open, and what is typed there.
    backups: Option<BackupsState>,
    /// The text for support was copied.
    pub copied: bool,
    /// What is typed and chosen about the device that was looked at, and the entries that wait.
    pub lost: LostState,
}

/// Shows the screen in the whole of `ui`.
pub fn devices_ui(ui: &mut Ui, frame: &FrameView, view: &DevicesView, state: &mut DevicesState) -> Vec<Intent> {
    let mut intents = Vec::new();
    let whole = ui.max_rect();
    let mut inner = ui.new_child(UiBuilder::new().id_salt("devices").max_rect(whole));
    ScrollArea::vertical().id_salt("devices scroll").auto_shrink(false).show(&mut inner, |ui| {
        let top = ui.max_rect().top();
        let area = Rect::from_min_max(
            pos2(whole.left() + size::MARGIN, top + 12.0),
            pos2(whole.right() - size::MARGIN, top + 4_000.0),
        );
        let mut cut = Cut(area);
        intents.extend(head_ui(ui, &mut cut, view, state));
        if let Some(words) = &view.warning {
            let high = chip::warning_height(ui, words, cut.width());
            chip::warning(ui, cut.top(high), Status::Unsynced, words);
            cut.top(12.0);
        }
        let high = 28.0 + size::ROW_DEVICE * (view.rows.len().max(1) as f32) + 1.0;
        intents.extend(table_ui(ui, cut.top(high), view, state));
        cut.top(size::MARGIN);
        let two = cut.width() > 760.0;
        let half = (cut.width() - size::MARGIN) / 2.0;
        let settle_high = 48.0 + 54.0 * (view.to_settle.len().max(1) as f32) + 8.0;
        let spread_high = 52.0 + 28.0 * view.spread.len() as f32 + 46.0;
        if two {
            let mut line = Cut(cut.top(settle_high.max(spread_high)));
            settle_ui(ui, line.left(half), view, &mut intents);
            line.left(size::MARGIN);
            spread_ui(ui, line.rest(), view);
        } else {
            settle_ui(ui, cut.top(settle_high), view, &mut intents);
            cut.top(size::MARGIN);
            spread_ui(ui, cut.top(spread_high), view);
        }
        let high = waiting_height(view);
        if high > 0.0 {
            cut.top(size::MARGIN);
            intents.extend(waiting_ui(ui, cut.top(high), view, &mut state.lost));
        }
        ui.set_height(cut.rest().top() - top + 16.0);
    });
    intents.extend(invite::invite_ui(ui, view, state));
    intents.extend(enrol::enrol_ui(ui, view, state));
    intents.extend(lost_ui(ui, view, state));
    intents.extend(address_ui(ui, state));
    intents.extend(carry_ui(ui, frame, &mut state.carry));
    intents.extend(backups_ui(ui, &view.backups, &mut state.backups));
    intents
}

fn head_ui(ui: &mut Ui, cut: &mut Cut, view: &DevicesView, state: &mut DevicesState) -> Option<Intent> {
    let tokens = look(ui).tokens;
    let high = look(ui).control();
    let words = if state.copied { "Copied for support" } else { "Copy for support" };
    let copy = Button::new(words).shortcut("no names");
    let carry = Button::new(carry::OPENS);
    let kept = Button::new(backups::OPENS);
    let address = Button::new("Type an address…");
    let people = Button::new("One-time words…").enabled(view.may_invite);
    let enrol = Button::filled("Add a device").enabled(view.may_invite);
    let wides = [copy.width(ui), kept.width(ui), carry.width(ui), address.width(ui), people.width(ui), enrol.width(ui)];
    let total: f32 = wides.iter().sum::<f32>() + 60.0;
    let said = text::line(ui, &view.summary, Type::Body, Weight::Regular, tokens.muted, cut.width()).size().x;
    let one_line = total + said.max(284.0) + 16.0 < cut.width();
    let mut block = Cut(cut.top(48.0));
    let mut spots = Vec::new();
    if one_line {
        let mut line = Cut(cut::middle(block.right(total), high));
        block.right(16.0);
        for wide in wides {
            spots.push(line.left(wide));
            line.left(12.0);
        }
    }
    let title = text::line(ui, "Devices and sync", Type::Title, Weight::Strong, tokens.text, block.width());
    text::label(ui, block.top(28.0), title, Align::Min);
    let summary = text::line(ui, &view.summary, Type::Body, Weight::Regular, tokens.muted, block.width());
    text::label(ui, block.rest(), summary, Align::Min);
    cut.top(8.0);
    if !one_line {
        let mut line = Cut(cut.top(high));
        for wide in wides {
            if line.width() < wide {
                cut.top(8.0);
                line = Cut(cut.top(high));
            }
            spots.push(line.left(wide));
            line.left(12.0);
        }
        cut.top(8.0);
    }
    cut.top(4.0);
    let mut spots = spots.into_iter();
    let mut next = || spots.next().unwrap_or(Rect::NOTHING);
    if copy.show(ui, next()).clicked() {
        ui.ctx().copy_text(view.support.clone());
        state.copied = true;
    }
    if kept.show(ui, next()).clicked() {
        state.backups = Some(BackupsState::of(&view.backups));
    }
    if carry.show(ui, next()).clicked() {
        state.carry = Some(String::new());
    }
    if address.show(ui, next()).clicked() {
        (state.address, state.address_problem) = (Some(String::new()), String::new());
    }
    let people = people.show(ui, next()).clicked().then_some(Intent::Open(Screen::People));
    if enrol.show(ui, next()).clicked() {
        state.enrol = Some(enrol::Enrol::default());
    }
    // On the screen of staff they are made for whoever was found there, with role and site beside the name.
    people
}

fn sentence(row: &DeviceRow) -> String {
    format!(
        "{}, {}, last heard {}, it still needs {}, we still need {}, {}, its clock {}",
        row.name,
        row.status.word().to_lowercase(),
        row.heard,
        row.lacks,
        row.we_lack,
        row.path,
        row.clock
    )
}

/// Where the columns begin, in points from the left, at a width: heard, lacks, we lack, path, clock.
fn columns(width: f32) -> [f32; 5] {
    [0.314, 0.419, 0.526, 0.624, 0.897].map(|share| (width * share).round())
}

/// Under this width the columns after the name scroll sideways.
const WIDTH: f32 = 860.0;
/// How far the frozen name reaches.
const NAME: f32 = 200.0;

fn table_ui(ui: &mut Ui, rect: Rect, view: &DevicesView, state: &mut DevicesState) -> Option<Intent> {
    let tokens = look(ui).tokens;
    panel::panel(ui, rect);
    let mut cut = Cut(rect);
    let head = cut.top(28.0);
    panel::head(ui, head);
    let wide = rect.width().max(WIDTH);
    let shift = state.list.sideways;
    let spots = columns(wide);
    let put = |ui: &Ui, x: f32, words: &str| {
        let place = Rect::from_min_size(pos2(head.left() + x, head.top()), vec2(140.0, head.height()));
        text::put(ui, place, words, Type::Note, Weight::Regular, tokens.muted);
    };
    put(ui, 45.0, "Device");
    let clip = ui.clip_rect();
    ui.set_clip_rect(after_name(head, shift).intersect(clip));
    for (x, words) in
        spots.iter().zip(["Last heard", "It still needs", "We still need", "How it is reached", "Its clock"])
    {
        put(ui, *x - shift, words);
    }
    ui.set_clip_rect(clip);
    let body = cut.rest();
    if view.rows.is_empty() {
        let words = "No other device yet. Add one, so that a change is never on this device alone";
        let galley = text::line(ui, words, Type::Body, Weight::Regular, tokens.muted, body.width() - 32.0);
        text::label(ui, body, galley, Align::Center);
        return None;
    }
    let id = |index: usize| view.rows.get(index).map_or(Id::NULL, |row| Id::unique(("device", row.device)));
    let name = |index: usize| view.rows.get(index).map(sentence).unwrap_or_default();
    let list = List {
        salt: "device rows",
        count: view.rows.len(),
        height: size::ROW_DEVICE,
        role: Role::Row,
        id: &id,
        name: &name,
        overhang: (WIDTH - rect.width()).max(0.0),
        ruled: true,
        escape: false,
    };
    let happened = list::show(ui, body, &mut state.list, &list, |ui, place| {
        if let Some(row) = view.rows.get(place.index) {
            row_ui(ui, place.rect, row, wide, shift);
        }
    });
    panel::outline(ui, rect);
    let row = happened.pressed.and_then(|index| view.rows.get(index))?;
    Some(Intent::OfDevice(DeviceAct::Look(row.device)))
}

fn after_name(rect: Rect, shift: f32) -> Rect {
    if shift > 0.0 { Rect::from_min_max(pos2(rect.left() + NAME, rect.top()), rect.max) } else { rect }
}

fn row_ui(ui: &mut Ui, rect: Rect, row: &DeviceRow, wide: f32, shift: f32) {
    let tokens = look(ui).tokens;
    let ground = if row.attention { tokens.warn } else { tokens.surface };
    if row.attention {
        ui.painter().rect_filled(rect.shrink2(vec2(1.0, 0.0)), 0.0, ground);
    }
    let mut cut = Cut(rect);
    person_row::shape(ui, cut.left(45.0), 16.0, row.status, ground);
    let name = Rect::from_min_size(cut.rest().min, vec2(NAME - 50.0, rect.height()));
    let name = if shift > 0.0 {
        name
    } else {
        Rect::from_min_max(name.min, pos2(rect.left() + columns(wide)[0] - 8.0, rect.bottom()))
    };
    person_row::name(ui, name, &row.name, "", Type::Body, Weight::Strong);
    let clip = ui.clip_rect();
    ui.set_clip_rect(after_name(rect, shift).intersect(clip));
    let words = [&row.heard, &row.lacks, &row.we_lack, &row.path, &row.clock];
    for (place, (x, words)) in columns(wide).iter().zip(words).enumerate() {
        let spot = Rect::from_min_size(pos2(rect.left() + x - shift, rect.top()), vec2(wide * 0.27, rect.height()));
        let room = if place == 3 { wide * 0.27 - 12.0 } else { wide * 0.105 };
        let spot = Rect::from_min_size(spot.min, vec2(room, rect.height()));
        let quiet = matches!(words.as_str(), "nothing" | "same");
        let strong = row.attention && place != 3;
        let weight = if strong { Weight::Strong } else { Weight::Regular };
        let colour = if quiet && !row.attention { tokens.muted } else { tokens.text };
        text::put(ui, spot, words, Type::Body, weight, colour);
    }
    ui.set_clip_rect(clip);
}

fn settle_ui(ui: &mut Ui, rect: Rect, view: &DevicesView, intents: &mut Vec<Intent>) {
    let tokens = look(ui).tokens;
    panel::panel(ui, rect);
    let mut cut = Cut(rect);
    let count = u32::try_from(view.to_settle.len()).unwrap_or(u32::MAX);
    panel_head(ui, cut.top(48.0), count, "to settle", &view.as_of, false);
    if view.to_settle.is_empty() {
        let words = "No two people said different things.";
        let galley = text::line(ui, words, Type::Body, Weight::Regular, tokens.muted, cut.width() - 32.0);
        text::label(ui, cut.top(40.0).shrink2(vec2(size::MARGIN, 0.0)), galley, Align::Min);
    }
    for line in &view.to_settle {
        let row = cut.top(54.0);
        panel::rule(ui, row, row.top());
        intents.extend(settle_row(ui, row, line));
    }
}

fn settle_row(ui: &mut Ui, rect: Rect, line: &SettleLine) -> Option<Intent> {
    let tokens = look(ui).tokens;
    let mut cut = Cut(rect.shrink2(vec2(size::MARGIN, 4.0)));
    let icon = cut.left(30.0);
    let spot = icon.left_center() + vec2(8.0, 0.0);
    status::paint(ui.painter(), spot, 16.0, Status::Check, tokens.status(Status::Check), tokens.surface);
    let button = Button::link("Settle").step(Type::Body).name(format!("Settle {}, {}", line.what, line.between));
    let wide = button.width(ui);
    let link = cut.right(wide);
    cut.right(8.0);
    let half = cut.height() / 2.0;
    text::put(ui, cut.top(half), &line.what, Type::Body, Weight::Strong, tokens.text);
    text::put(ui, cut.rest(), &line.between, Type::Note, Weight::Regular, tokens.muted);
    button.show(ui, cut::middle(link, size::CONTROL)).clicked().then(|| Intent::from(line.link))
}

fn spread_ui(ui: &mut Ui, rect: Rect, view: &DevicesView) {
    let tokens = look(ui).tokens;
    panel::panel(ui, rect);
    let mut cut = Cut(rect.shrink2(vec2(size::MARGIN, 8.0)));
    let mut head = Cut(cut.top(32.0));
    let note = super::today::as_of_note(&view.as_of);
    text::put_right(ui, head.right(130.0), &note, Type::Note, Weight::Regular, tokens.muted);
    let title = text::line(ui, "Changes made here", Type::Name, Weight::Strong, tokens.text, head.width());
    text::label(ui, head.rest(), title, Align::Min);
    let most = view.spread.iter().map(|line| line.count).max().unwrap_or(0).max(1);
    for line in &view.spread {
        let whole = cut.top(28.0);
        let mut row = Cut(whole);
        text::put(ui, row.left(164.0), &line.words, Type::Body, Weight::Regular, tokens.text);
        let number = text::thousands(line.count);
        let spot = row.left(42.0).right_center();
        text::digits_right(ui, spot, &number, Type::Body, Weight::Strong, tokens.text);
        row.left(8.0);
        let wide = (row.width() * 0.84 * line.count as f32 / most as f32).max(if line.count > 0 { 6.0 } else { 0.0 });
        let bar = Rect::from_min_size(pos2(row.rest().left(), whole.center().y - 6.0), vec2(wide, 12.0));
        ui.painter().rect_filled(bar, 2.0, tokens.status(Status::Synced));
        text::say(ui, whole, &format!("{}: {number}", line.words));
    }
    let galley = text::wrapped(ui, &view.spread_note, Type::Note, Weight::Regular, tokens.muted, cut.width());
    text::label(ui, cut.rest(), galley, Align::Min);
}

fn address_ui(ui: &mut Ui, state: &mut DevicesState) -> Vec<Intent> {
    let Some(mut typed) = state.address.clone() else { return Vec::new() };
    let problem = state.address_problem.clone();
    let ((go, stop), closed) = crate::kit::layer::show(
        ui,
        "address",
        "Reach a device by its address",
        480.0,
        |ui, inside| {
            inside.words(ui, "Where the network does not let devices find each other: the address stands on the other device under Add a device.");
            let rect = inside.next(ui, look(ui).control());
            let field = Field::new("Address").hint("192.168.1.20:4433").limit(200);
            let response = field.show(ui, rect, &mut typed);
            if inside.fresh {
                response.request_focus();
            }
            let entered = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            if !problem.is_empty() {
                inside.words(ui, &problem);
            }
            let rect = inside.next(ui, look(ui).control());
            let button = Button::filled("Try it").enabled(!typed.trim().is_empty());
            let mut line = Cut(rect);
            let wide = button.width(ui);
            let go = button.show(ui, line.left(wide)).clicked() || entered;
            line.left(8.0);
            let cancel = Button::new("Cancel");
            let wide = cancel.width(ui);
            (go, cancel.show(ui, line.left(wide)).clicked())
        },
    );
    let go = go && !typed.trim().is_empty();
    state.address = (!closed && !go && !stop).then(|| typed.clone());
    if !go {
        return Vec::new();
    }
    state.address_problem.clear();
    vec![Intent::Connect { address: typed.trim().to_owned() }]
}
