//! What frames every screen of a signed-in person: header, navigation, and the fire register at its corner.

use crate::command::Command;
use crate::intent::{Intent, LockReason, Screen};
use crate::kit::look::focus_inside;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Kind, Weight, chip, cut, look, panel, size};
use egui::{Align, Rect, Role, Sense, Ui, WidgetInfo, vec2};
use muster_school::view::FrameView;

/// Where the navigation leads, in order.
pub const PLACES: &[(Command, Screen)] = &[
    (Command::GoToday, Screen::Today),
    (Command::GoRegisters, Screen::Registers),
    (Command::GoToDo, Screen::ToDo),
    (Command::GoAttendance, Screen::Attendance),
    (Command::GoPupils, Screen::Pupils),
    (Command::GoReception, Screen::Reception),
    (Command::GoDrills, Screen::Drills),
    (Command::GoAudit, Screen::Audit),
    (Command::GoDevices, Screen::Devices),
    (Command::GoPeople, Screen::People),
    (Command::GoRoles, Screen::Roles),
    (Command::GoConcerns, Screen::Concerns),
    (Command::GoCalendar, Screen::Calendar),
];

fn stands_under(screen: Screen, place: Screen) -> bool {
    screen == place
        || matches!((screen, place), (Screen::Register(_), Screen::Registers) | (Screen::AddConcern, Screen::Concerns))
}

/// How high the header is.
pub fn header_height(ui: &Ui, narrow: bool) -> f32 {
    if look(ui).touch || narrow { size::HEADER_TOUCH } else { size::HEADER }
}

/// The header: who, which device, how far the changes got, and Lock. `menu` opens the navigation where it is hidden.
pub fn header_ui(ui: &mut Ui, rect: Rect, view: &FrameView, menu: Option<&mut bool>) -> Vec<Intent> {
    let look = look(ui);
    let tokens = look.tokens;
    let mut intents = Vec::new();
    ui.painter().rect_filled(rect, 0.0, tokens.surface);
    panel::rule(ui, rect, rect.bottom());
    let mut cut = Cut(rect.shrink2(vec2(size::MARGIN, 0.0)));
    let high = look.control();
    let narrow = menu.is_some();
    if let Some(open) = menu {
        let button = Button::new("Menu");
        let wide = button.width(ui);
        if button.show(ui, cut::middle(cut.left(wide), high)).clicked() {
            *open = !*open;
        }
        cut.left(12.0);
        let place = if view.site.is_empty() { &view.school } else { &view.site };
        let galley = text::line(ui, place, Type::Name, Weight::Strong, tokens.text, cut.width());
        let wide = galley.size().x;
        if cut.width() > wide + 480.0 {
            text::label(ui, cut.left(wide), galley, Align::Min);
        }
    } else {
        cut.left(2.0);
        let galley = text::line(ui, "Muster", Type::Name, Weight::Strong, tokens.text, 100.0);
        let wide = galley.size().x + 16.0;
        text::label(ui, cut.left(wide), galley, Align::Min);
    }
    let lock_keys = Command::Lock.keys();
    let lock = Button::new("Lock").shortcut(&lock_keys);
    let lock = if cut.width() < 420.0 { Button::new("Lock") } else { lock };
    let wide = lock.width(ui);
    let lock_spot = cut.right(wide);
    cut.right(8.0);
    let hide_keys = Command::Hide.keys();
    let hide = Button::new("Hide").shortcut(&hide_keys);
    let hide = if cut.width() < 420.0 { Button::new("Hide") } else { hide };
    let wide = hide.width(ui);
    let hide_spot = cut.right(wide);
    cut.right(16.0);
    let raised = view.raised.as_deref().map(|until| {
        let narrow = cut.width() < 600.0;
        let button = if narrow { Button::new("End") } else { Button::new(until).shortcut("End") };
        let button = button.name(if narrow { format!("End. {until}") } else { format!("{until}. End") });
        let wide = button.width(ui);
        let spot = cut.right(wide);
        cut.right(16.0);
        (button, spot)
    });
    let person = view.person.as_deref().unwrap_or("Nobody signed in");
    let weight = if view.person.is_some() { Weight::Strong } else { Weight::Regular };
    let person_wide = text::width(ui, person, Type::Body, weight) + 2.0;
    let device_wide = text::width(ui, &view.device, Type::Body, Weight::Regular) + 2.0;
    let chip_wide = chip::sync_width(ui, &view.sync);
    let one_line = person_wide + device_wide + chip_wide + 48.0 < cut.width();
    if one_line {
        let galley = text::line(ui, person, Type::Body, Weight::Regular, tokens.text, person_wide);
        let spot = cut.right(person_wide);
        cut.right(16.0);
        let device = text::line(ui, &view.device, Type::Body, Weight::Regular, tokens.muted, device_wide);
        let device_spot = cut.right(device_wide);
        cut.right(16.0);
        let chip_spot = cut::middle(cut.right(chip_wide), if narrow { 32.0 } else { 28.0 });
        cut.right(16.0);
        if !narrow && cut.width() > 60.0 {
            let place = format!("{}, {}", view.school, view.site);
            let galley = text::line(ui, &place, Type::Body, Weight::Regular, tokens.muted, cut.width());
            text::label(ui, cut.rest(), galley, Align::Min);
        }
        chip::sync(ui, chip_spot, &view.sync);
        text::label(ui, device_spot, device, Align::Min);
        let own = Button::link(person).step(Type::Body).name(format!("{person}: {}", Command::GoOwn.words()));
        if view.person.is_none() || view.concern_only {
            text::label(ui, spot, galley, Align::Min);
        } else if own.show(ui, cut::middle(spot, high)).clicked() {
            intents.push(Intent::Open(Screen::Own));
        }
    } else {
        let mut lines = Cut(cut::middle(cut.rest(), 44.0));
        let upper = lines.top(22.0);
        let galley = text::line(ui, &view.sync.words, Type::Body, Weight::Regular, tokens.text, upper.width());
        text::label(ui, upper, galley, Align::Max);
        let who = format!("{}, {person}", view.device);
        let galley = text::line(ui, &who, Type::Note, Weight::Regular, tokens.text, lines.width());
        text::label(ui, lines.rest(), galley, Align::Max);
    }
    if hide.name(Command::Hide.words()).show(ui, cut::middle(hide_spot, high)).clicked() {
        intents.push(Intent::Lock(LockReason::Hidden));
    }
    if let Some((button, spot)) = raised
        && button.show(ui, cut::middle(spot, high)).clicked()
    {
        intents.push(Intent::Lower);
    }
    if lock.name("Lock this device").show(ui, cut::middle(lock_spot, high)).clicked() {
        intents.push(Intent::Lock(LockReason::Asked));
    }
    intents
}

/// The navigation, with the fire register at the bottom.
pub fn navigation_ui(ui: &mut Ui, rect: Rect, view: &FrameView, screen: Screen) -> Vec<Intent> {
    let look = look(ui);
    let tokens = look.tokens;
    let mut intents = Vec::new();
    ui.painter().rect_filled(rect, 0.0, tokens.surface);
    ui.painter().vline(rect.right() - look.line / 2.0, rect.y_range(), look.hairline());
    let mut cut = Cut(rect.shrink2(vec2(8.0, 12.0)));
    cut.right(1.0);
    let fire = cut.bottom(48.0);
    // On a low window the places stand closer, and none is lost.
    let room = (cut.height() - 8.0) / PLACES.len() as f32 - 2.0;
    let high = if look.touch { size::CONTROL_TOUCH } else { room.clamp(size::CONTROL, 36.0) };
    for (command, place) in PLACES.iter().copied() {
        let spot = cut.top(high);
        cut.top(2.0);
        let chosen = stands_under(screen, place);
        let count = match place {
            Screen::Registers => view.registers_left,
            Screen::Devices => view.devices_attention,
            _ => 0,
        };
        if place_ui(ui, spot, command.words(), count, chosen) {
            intents.push(Intent::Open(place));
        }
    }
    let button = Button::new("Fire register").kind(Kind::Emergency).step(Type::Body);
    if button.show(ui, fire).clicked() {
        intents.push(Intent::Open(Screen::Fire));
    }
    intents
}

fn place_ui(ui: &mut Ui, rect: Rect, words: &str, count: u32, chosen: bool) -> bool {
    let tokens = look(ui).tokens;
    let response = text::node(ui, rect, Sense::click());
    let spoken = if count > 0 { format!("{words}, {count}") } else { words.to_owned() };
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, chosen, &spoken));
    if chosen {
        ui.painter().rect_filled(rect, size::RADIUS, tokens.selected);
    }
    let weight = if chosen { Weight::Strong } else { Weight::Regular };
    let inner = Rect::from_min_max(rect.min + vec2(10.0, 0.0), rect.max - vec2(4.0, 0.0));
    text::put(ui, inner, words, Type::Body, weight, tokens.text);
    if count > 0 {
        text::put_right(ui, inner, &count.to_string(), Type::Note, Weight::Regular, tokens.muted);
    }
    if response.has_focus() {
        focus_inside(ui, rect);
    }
    response.clicked()
}
