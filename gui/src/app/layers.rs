//! What opens over any screen: the palette, the keys, the notices, the settings, the menu of a narrow window.

use super::App;
use super::guides::{self, own_keys};
use crate::command::{Command, Reach};
use crate::intent::{Intent, LockReason, Screen};
use crate::kit::choice::choice;
use crate::kit::field::Field;
use crate::kit::text::{self, Type};
use crate::kit::tick::tick;
use crate::kit::{Button, Cut, Kind, Weight, layer, look, search, size};
use crate::screens::frame;
use crate::settings::{SIZES, ThemeChoice};
use egui::{Align, Key, Modifiers, Rect, Role, Sense, Ui, WidgetInfo, vec2};

/// What is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Layer {
    /// Go to anything.
    Palette { typed: String, place: usize },
    /// The keys of this screen.
    Help,
    /// The notices of this session.
    Notices,
    /// The settings.
    Settings,
}

/// Shows what is open, if anything is.
pub(super) fn layer_ui(ui: &mut Ui, app: &mut App) -> Vec<Intent> {
    match app.layer.clone() {
        None => Vec::new(),
        Some(Layer::Palette { typed, place }) => palette_ui(ui, app, typed, place),
        Some(Layer::Help) => {
            help_ui(ui, app);
            Vec::new()
        }
        Some(Layer::Notices) => {
            let (_, closed) = layer::show(ui, "notices", "Notices", 560.0, |ui, inside| {
                let rect = inside.next(ui, 320.0);
                app.toasts.history_ui(ui, rect);
            });
            if closed {
                app.layer = None;
            }
            Vec::new()
        }
        Some(Layer::Settings) => settings_ui(ui, app),
    }
}

/// What the palette can lead to, in words, with its keys.
fn targets(app: &App) -> Vec<(String, String, Intent)> {
    let mut out = Vec::new();
    let simple = [
        (Command::GoToday, Screen::Today),
        (Command::GoRegisters, Screen::Registers),
        (Command::GoAudit, Screen::Audit),
        (Command::GoDevices, Screen::Devices),
        (Command::GoPeople, Screen::People),
        (Command::GoRoles, Screen::Roles),
        (Command::GoPupils, Screen::Pupils),
        (Command::GoConcerns, Screen::Concerns),
        (Command::AddConcern, Screen::AddConcern),
        (Command::GoCalendar, Screen::Calendar),
        (Command::GoAttendance, Screen::Attendance),
        (Command::GoToDo, Screen::ToDo),
        (Command::GoReception, Screen::Reception),
        (Command::GoDrills, Screen::Drills),
        (Command::GoDisplay, Screen::Display),
        (Command::GoFire, Screen::Fire),
        (Command::GoOwn, Screen::Own),
    ];
    for (command, screen) in simple {
        out.push((command.words().to_owned(), command.keys(), Intent::Open(screen)));
    }
    out.push((Command::Hide.words().to_owned(), Command::Hide.keys(), Intent::Lock(LockReason::Hidden)));
    out.push((Command::Lock.words().to_owned(), Command::Lock.keys(), Intent::Lock(LockReason::Asked)));
    out.push((Command::RaiseAccess.words().to_owned(), Command::RaiseAccess.keys(), Intent::StepUp));
    out.push((Command::Undo.words().to_owned(), Command::Undo.keys(), Intent::UndoLast));
    if let Some(registers) = &app.views.registers {
        for line in &registers.rows {
            let words = format!("Register {}", line.group);
            out.push((words, String::new(), Intent::Open(Screen::Register(line.key))));
        }
    }
    out
}

fn palette_ui(ui: &mut Ui, app: &mut App, mut typed: String, mut place: usize) -> Vec<Intent> {
    let all = targets(app);
    let fits = |words: &str| {
        let words = search::fold(words);
        search::fold(&typed).split_whitespace().all(|part| words.contains(part))
    };
    let hits: Vec<_> = all.iter().filter(|(words, ..)| fits(words)).take(8).cloned().collect();
    ui.input_mut(|input| {
        if input.consume_key(Modifiers::NONE, Key::ArrowDown) {
            place += 1;
        }
        if input.consume_key(Modifiers::NONE, Key::ArrowUp) {
            place = place.saturating_sub(1);
        }
    });
    place = place.min(hits.len().saturating_sub(1));
    let (chosen, closed) = layer::show(ui, "palette", "Go to anything", 560.0, |ui, inside| {
        let tokens = look(ui).tokens;
        let mut chosen = None;
        let rect = inside.next(ui, look(ui).control());
        let field = Field::new("Go to anything").hint("A screen, a class or a command").limit(60);
        let response = field.show(ui, rect, &mut typed);
        if inside.fresh {
            response.request_focus();
        }
        if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
            chosen = hits.get(place).cloned();
        }
        for (at, hit) in hits.iter().enumerate() {
            let rect = inside.next(ui, look(ui).control());
            let row = text::node(ui, rect, Sense::click());
            row.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, at == place, &hit.0));
            if at == place {
                ui.painter().rect_filled(rect, size::RADIUS, tokens.selected);
            }
            let inner = rect.shrink2(vec2(10.0, 0.0));
            text::put(ui, inner, &hit.0, Type::Body, Weight::Regular, tokens.text);
            text::put_right(ui, inner, &hit.1, Type::Note, Weight::Regular, tokens.muted);
            if row.has_focus() {
                crate::kit::look::focus_inside(ui, rect);
            }
            if row.clicked() {
                chosen = Some(hit.clone());
            }
        }
        if hits.is_empty() {
            inside.words(ui, "Nothing fits");
        }
        chosen
    });
    app.layer = (!closed && chosen.is_none()).then_some(Layer::Palette { typed, place });
    chosen.map(|(_, _, intent)| intent).into_iter().collect()
}

fn help_ui(ui: &mut Ui, app: &mut App) {
    let register = matches!(app.screen, Screen::Register(_));
    let mut lines: Vec<(String, String)> = Vec::new();
    lines.extend(own_keys(app.screen).iter().map(|(keys, words)| ((*keys).to_owned(), (*words).to_owned())));
    for command in Command::ALL {
        let here = match command.reach() {
            Reach::Always => true,
            Reach::SignedIn if app.views.frame.concern_only => command.serves_concern_only(),
            Reach::SignedIn => app.signed_in(),
            Reach::Registers => register || app.screen == Screen::Registers,
            Reach::Register => register,
        };
        if here {
            lines.push((command.keys(), format!("{}: {}", command.words(), command.tooltip())));
        }
    }
    if let (true, Some(view)) = (register, &app.views.register) {
        for code in view.codes.iter().filter(|code| code.complete) {
            lines.push((code.code.clone(), code.words.clone()));
        }
    }
    let registers = register || app.screen == Screen::Registers;
    let guide = app.views.guide.clone().filter(|_| registers && app.signed_in());
    let (pressed, closed) = layer::show(ui, "help", "Keys of this screen", 640.0, |ui, inside| {
        let tokens = look(ui).tokens;
        let rect = inside.next(ui, look(ui).control());
        let close = Button::new("Close");
        let spot = Rect::from_min_size(rect.min, vec2(close.width(ui), rect.height()));
        let close = close.show(ui, spot);
        if inside.fresh {
            close.request_focus();
        }
        if let Some((title, steps)) = guides::guide(app.screen) {
            head_ui(ui, inside, title);
            for (number, step) in (1..).zip(steps) {
                inside.words(ui, &format!("{number}. {step}"));
            }
            head_ui(ui, inside, "Keys");
        }
        if let Some(guide) = &guide {
            for (head, lines) in
                [(guide.title.as_str(), &guide.times), ("Steps", &guide.steps), ("Whom to ask", &guide.ask)]
            {
                head_ui(ui, inside, head);
                for (number, line) in (1..).zip(lines) {
                    let numbered = if head == "Steps" { format!("{number}. {line}") } else { line.clone() };
                    inside.words(ui, &numbered);
                }
            }
            head_ui(ui, inside, "Keys");
        }
        for (keys, words) in &lines {
            let galley = text::wrapped(ui, words, Type::Body, Weight::Regular, tokens.text, inside.width - 110.0);
            let rect = inside.next(ui, galley.size().y);
            let mut cut = Cut(rect);
            text::put(ui, cut.left(104.0), keys, Type::Body, Weight::Strong, tokens.text);
            text::paint(ui.painter(), cut.rest(), galley, Align::Min);
            text::say(ui, rect, &format!("{keys}: {words}"));
        }
        close.clicked()
    });
    if closed || pressed {
        app.layer = None;
    }
}

fn head_ui(ui: &mut Ui, inside: &layer::Inside, words: &str) {
    let galley = text::line(ui, words, Type::Name, Weight::Strong, look(ui).tokens.text, inside.width);
    let rect = inside.next(ui, galley.size().y);
    text::label(ui, rect, galley, Align::Min);
}

fn settings_ui(ui: &mut Ui, app: &mut App) -> Vec<Intent> {
    let mut settings = app.settings.clone();
    let (pressed, closed) = layer::show(ui, "settings", "Settings", 480.0, |ui, inside| {
        let high = look(ui).control();
        let themes: Vec<String> = ThemeChoice::ALL.iter().map(|theme| theme.words().to_owned()).collect();
        let theme = ThemeChoice::ALL.iter().position(|theme| *theme == settings.theme);
        let rect = inside.next(ui, high);
        if let Some(place) = choice(ui, named(ui, rect, "Theme"), "Theme", None, &themes, theme).flatten() {
            settings.theme = ThemeChoice::ALL.get(place).copied().unwrap_or_default();
        }
        let sizes: Vec<String> = SIZES.iter().map(|size| format!("{size} %")).collect();
        let size = SIZES.iter().position(|size| *size == settings.size_percent);
        let rect = inside.next(ui, high);
        if let Some(place) = choice(ui, named(ui, rect, "Size"), "Size", None, &sizes, size).flatten() {
            settings.size_percent = SIZES.get(place).copied().unwrap_or(100);
        }
        for (words, value) in
            [("Touch: cards and larger targets", &mut settings.touch), ("Reduce motion", &mut settings.reduce_motion)]
        {
            let rect = inside.next(ui, high);
            tick(ui, rect, words, value);
        }
        let rect = inside.next(ui, high);
        let close = Button::new("Close");
        let spot = Rect::from_min_size(rect.min, vec2(close.width(ui), rect.height()));
        let close = close.show(ui, spot);
        if inside.fresh {
            close.request_focus();
        }
        close.clicked()
    });
    if closed || pressed {
        app.layer = None;
    }
    if settings == app.settings {
        return Vec::new();
    }
    app.settings = settings.clone();
    vec![Intent::Keep(settings)]
}

fn named(ui: &Ui, rect: Rect, words: &str) -> Rect {
    let mut cut = Cut(rect);
    text::put(ui, cut.left(110.0), words, Type::Body, Weight::Strong, look(ui).tokens.text);
    cut.rest()
}

/// The navigation of a narrow window.
pub(super) fn menu_ui(ui: &mut Ui, open: &mut bool, screen: Screen) -> Vec<Intent> {
    let (intents, closed) = layer::show(ui, "menu", "Menu", 320.0, |ui, inside| {
        let mut intents = Vec::new();
        let high = look(ui).control().max(40.0);
        for (place, (command, target)) in frame::PLACES.iter().copied().enumerate() {
            let rect = inside.next(ui, high);
            let response = Button::new(command.words()).chosen(screen == target).show(ui, rect);
            if place == 0 && inside.fresh {
                response.request_focus();
            }
            if response.clicked() {
                intents.push(Intent::Open(target));
            }
        }
        let rect = inside.next(ui, high);
        if Button::new(Command::GoOwn.words()).chosen(screen == Screen::Own).show(ui, rect).clicked() {
            intents.push(Intent::Open(Screen::Own));
        }
        let rect = inside.next(ui, 48.0);
        if Button::new("Fire register").kind(Kind::Emergency).show(ui, rect).clicked() {
            intents.push(Intent::Open(Screen::Fire));
        }
        intents
    });
    if closed || !intents.is_empty() {
        *open = false;
    }
    intents
}
