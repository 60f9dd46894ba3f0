//! Sign-in, and beside it the fire register in two actions. No pupil's name stands here.

use super::fire::{as_of_words, kind_card};
use crate::intent::{Intent, Screen, Secret};
use crate::kit::choice::choice;
use crate::kit::field::Field;
use crate::kit::look::focus_outside;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, cut, look, panel, size, status};
use egui::{Align, Id, Key, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use muster_core::id::PersonId;
use muster_school::view::FrameView;
use muster_school::view::fire::EventKind;
use muster_school::view::lock::LockView;
use muster_school::view::status::Status;

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct LockState {
    /// Who, by place in the list.
    pub person: Option<usize>,
    /// What is typed.
    pub passphrase: String,
    /// Letters instead of discs.
    pub shown: bool,
    /// The fire register was pressed once: what for?
    pub asking: bool,
    /// *Only look* has yet to be given the focus.
    fresh: bool,
    begun: bool,
}

impl LockState {
    /// The fire register was asked for by its key: what for?
    pub fn ask(&mut self) {
        self.asking = true;
        self.fresh = true;
    }
}

/// What the fire register was opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FireChoice(pub Option<EventKind>);

/// Shows the lock screen in the whole of `ui`. The second value is set when the fire register was opened.
pub fn lock_ui(
    ui: &mut Ui,
    frame: &FrameView,
    view: &LockView,
    state: &mut LockState,
) -> (Vec<Intent>, Option<FireChoice>) {
    if !state.begun {
        state.begun = true;
        if view.last.is_some() {
            ui.memory_mut(|memory| memory.request_focus(Id::unique("passphrase")));
        }
        state.person = view.people.iter().position(|one| one.person.is_some() && one.person == view.last);
    }
    if state.asking && ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::Escape)) {
        state.asking = false;
    }
    let mut cut = Cut(ui.max_rect());
    header_ui(ui, cut.top(56.0), frame);
    let rest = cut.rest();
    if rest.width() < 760.0 || rest.height() < 480.0 {
        return narrow_ui(ui, rest, view, state);
    }
    let tokens = look(ui).tokens;
    let note =
        text::line(ui, "No pupil’s name is shown on this screen.", Type::Note, Weight::Regular, tokens.muted, 600.0);
    text::label(ui, cut.bottom(48.0), note, Align::Center);
    let half = 400.0_f32.min(rest.width() / 2.0 - 60.0);
    let middle = rest.center().x;
    let top = rest.top() + ((rest.height() - 536.0) / 2.0).clamp(16.0, 104.0);
    let left = Rect::from_min_size(pos2(middle - 72.0 - half, top), vec2(half, 480.0));
    let right = Rect::from_min_size(pos2(middle + 72.0, top), vec2(half, 480.0));
    let line = look(ui).hairline();
    ui.painter().vline(middle, top..=top + 422.0, line);
    let intents = sign_in_ui(ui, left, view, state);
    let (more, choice) = emergency_ui(ui, right, view, state);
    (intents.into_iter().chain(more).collect(), choice)
}

fn narrow_ui(ui: &mut Ui, rect: Rect, view: &LockView, state: &mut LockState) -> (Vec<Intent>, Option<FireChoice>) {
    let mut inner = ui.new_child(UiBuilder::new().id_salt("lock").max_rect(rect));
    ScrollArea::vertical()
        .auto_shrink(false)
        .show(&mut inner, |ui| {
            let wide = (rect.width() - 2.0 * size::MARGIN - 12.0).min(480.0);
            let left = rect.center().x - wide / 2.0;
            let top = ui.max_rect().top();
            ui.set_height(480.0 + 420.0);
            let upper = Rect::from_min_size(pos2(left, top + 8.0), vec2(wide, 480.0));
            let (more, choice) = emergency_ui(ui, upper, view, state);
            let high = if state.asking { 470.0 } else { 310.0 };
            let lower = Rect::from_min_size(pos2(left, top + high), vec2(wide, 420.0));
            let intents = sign_in_ui(ui, lower, view, state);
            (more.into_iter().chain(intents).collect(), choice)
        })
        .inner
}

/// The header of a device with nobody signed in.
pub fn header_ui(ui: &mut Ui, rect: Rect, frame: &FrameView) {
    let tokens = look(ui).tokens;
    ui.painter().rect_filled(rect, 0.0, tokens.surface);
    panel::rule(ui, rect, rect.bottom());
    let mut cut = Cut(rect.shrink2(vec2(size::MARGIN, 0.0)));
    let name = text::line(ui, "Muster", Type::Name, Weight::Strong, tokens.text, 100.0);
    let wide = name.size().x + 16.0;
    text::label(ui, cut.left(wide), name, Align::Min);
    let now = text::line(ui, &frame.now, Type::Body, Weight::Strong, tokens.text, 80.0);
    let wide = now.size().x;
    text::label(ui, cut.right(wide), now, Align::Max);
    cut.right(16.0);
    let device = text::line(ui, &frame.device, Type::Body, Weight::Regular, tokens.muted, cut.width() / 3.0);
    let wide = device.size().x;
    text::label(ui, cut.right(wide), device, Align::Max);
    cut.right(16.0);
    if !frame.sync.words.is_empty() {
        let wide = chip::sync_width(ui, &frame.sync).min(cut.width());
        chip::sync(ui, cut::middle(cut.right(wide), 28.0), &frame.sync);
        cut.right(16.0);
    }
    let place = if frame.site.is_empty() { frame.school.clone() } else { format!("{}, {}", frame.school, frame.site) };
    if cut.width() > 60.0 {
        let galley = text::line(ui, &place, Type::Body, Weight::Regular, tokens.muted, cut.width());
        text::label(ui, cut.rest(), galley, Align::Min);
    }
}

fn title_ui(ui: &mut Ui, cut: &mut Cut, words: &str) {
    let tokens = look(ui).tokens;
    let galley = text::line(ui, words, Type::Title, Weight::Strong, tokens.text, cut.width());
    text::label(ui, cut.top(28.0), galley, Align::Min);
    cut.top(16.0);
}

/// The words over a field.
pub(crate) fn over_ui(ui: &mut Ui, cut: &mut Cut, words: &str) {
    let tokens = look(ui).tokens;
    let galley = text::line(ui, words, Type::Body, Weight::Strong, tokens.text, cut.width());
    text::label(ui, cut.top(20.0), galley, Align::Min);
    cut.top(4.0);
}

/// Forgets what a field remembers for its own undo.
pub(crate) fn forget(ui: &Ui, id: Id) {
    ui.data_mut(|data| data.remove::<egui::text_edit::TextEditState>(id));
}

/// A passphrase with *Show* in it. Returns true on Enter.
pub(crate) fn passphrase_ui(ui: &mut Ui, rect: Rect, name: &str, value: &mut String, shown: &mut bool, id: Id) -> bool {
    let field = Field::new(name).password(!*shown).id(id).room(60.0).limit(256);
    let response = field.show(ui, rect, value);
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    let words = if *shown { "Hide" } else { "Show" };
    let spot = Rect::from_min_max(pos2(rect.right() - 60.0, rect.top() + 2.0), rect.max - vec2(2.0, 2.0));
    let button = text::node(ui, spot, Sense::click());
    let spoken = format!("{words} {}", name.to_lowercase());
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    let tokens = look(ui).tokens;
    text::put_centre(ui, spot, words, Type::Note, Weight::Strong, tokens.text);
    if button.has_focus() {
        crate::kit::look::focus_inside(ui, spot);
    }
    if button.clicked() {
        *shown = !*shown;
    }
    entered
}

fn sign_in_ui(ui: &mut Ui, rect: Rect, view: &LockView, state: &mut LockState) -> Vec<Intent> {
    let mut cut = Cut(rect);
    let tokens = look(ui).tokens;
    title_ui(ui, &mut cut, "Sign in");
    over_ui(ui, &mut cut, "Who are you?");
    let names: Vec<String> = view.people.iter().map(|one| one.name.clone()).collect();
    if let Some(chosen) = choice(ui, cut.top(48.0), "Who are you?", Some("Choose your name"), &names, state.person) {
        state.person = chosen;
    }
    cut.top(16.0);
    let chosen = state.person.and_then(|place| view.people.get(place));
    let person: Option<PersonId> = chosen.and_then(|one| one.person);
    if let (Some(person), Some(false)) = (person, chosen.map(|one| one.activated)) {
        let words = "You have not signed in on this device yet. You need one-time words from the office.";
        let galley = text::wrapped(ui, words, Type::Body, Weight::Regular, tokens.text, cut.width());
        let high = galley.size().y;
        text::label(ui, cut.top(high), galley, Align::Min);
        cut.top(16.0);
        let button = Button::filled("Use one-time words").step(Type::Name);
        if button.show(ui, cut.top(48.0)).clicked() {
            return vec![Intent::Open(Screen::Activation(person))];
        }
        return Vec::new();
    }
    over_ui(ui, &mut cut, "Passphrase");
    let spot = cut.top(48.0);
    let entered =
        passphrase_ui(ui, spot, "Passphrase", &mut state.passphrase, &mut state.shown, Id::unique("passphrase"));
    cut.top(4.0);
    let may = text::line(ui, "You may paste it.", Type::Note, Weight::Regular, tokens.muted, cut.width());
    text::label(ui, cut.top(18.0), may, Align::Min);
    cut.top(16.0);
    if let Some(words) = &view.problem {
        let high = chip::problem(ui, cut.rest().min, cut.width(), words);
        cut.top(high + 12.0);
    }
    let ready = person.is_some() && !state.passphrase.is_empty() && view.waiting.is_none();
    let button = Button::filled("Sign in").step(Type::Name).enabled(ready);
    let pressed = button.show(ui, cut.top(48.0)).clicked();
    cut.top(16.0);
    let below = view.waiting.as_ref().unwrap_or(&view.note);
    let galley = text::wrapped(ui, below, Type::Note, Weight::Regular, tokens.muted, cut.width());
    let high = galley.size().y;
    text::label(ui, cut.top(high), galley, Align::Min);
    match person {
        Some(person) if (pressed || entered) && ready => {
            let passphrase = Secret::new(std::mem::take(&mut state.passphrase));
            forget(ui, Id::unique("passphrase"));
            vec![Intent::SignIn { person, passphrase }]
        }
        _ => Vec::new(),
    }
}

fn emergency_ui(ui: &mut Ui, rect: Rect, view: &LockView, state: &mut LockState) -> (Vec<Intent>, Option<FireChoice>) {
    let mut cut = Cut(rect);
    let tokens = look(ui).tokens;
    if state.asking {
        return choice_ui(ui, rect, state);
    }
    title_ui(ui, &mut cut, "In an emergency");
    let high = if rect.width() < 360.0 { 96.0 } else { 172.0 };
    let spot = cut.top(high);
    let response = ui.interact(spot, Id::unique("open fire register"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Fire register"));
    let own = tokens.status(Status::Real);
    ui.painter().rect(spot, size::RADIUS_PANEL, tokens.surface, Stroke::new(3.0, own), StrokeKind::Inside);
    let words = text::line(ui, "Fire register", Type::Count, Weight::Strong, tokens.text, spot.width());
    let total = words.size().x + 60.0;
    let left = spot.center().x - total / 2.0;
    status::paint(ui.painter(), pos2(left + 20.0, spot.center().y), 46.0, Status::Real, own, tokens.surface);
    text::paint(ui.painter(), Rect::from_min_max(pos2(left + 60.0, spot.top()), spot.max), words, Align::Min);
    focus_outside(ui, &response);
    if response.clicked() {
        state.asking = true;
        state.fresh = true;
    }
    cut.top(16.0);
    let parts = match &view.fire {
        Some(as_of) => as_of_words(as_of),
        None => vec![muster_school::view::Span::plain("No list has reached this device yet.")],
    };
    let galley = text::spans(ui, &parts, Type::Body, tokens.text, cut.width(), 4);
    let high = galley.size().y;
    text::label(ui, cut.top(high), galley, Align::Min);
    cut.top(16.0);
    let words = "Works with no network and nobody signed in. One press here, one to choose. Opening it is recorded in the audit.";
    let galley = text::wrapped(ui, words, Type::Body, Weight::Regular, tokens.muted, cut.width());
    let high = galley.size().y;
    text::label(ui, cut.top(high), galley, Align::Min);
    (Vec::new(), None)
}

fn choice_ui(ui: &mut Ui, rect: Rect, state: &mut LockState) -> (Vec<Intent>, Option<FireChoice>) {
    let look = look(ui);
    let tokens = look.tokens;
    let mut cut = Cut(rect);
    let galley = text::line(ui, "Fire register: what for?", Type::Title, Weight::Strong, tokens.text, cut.width());
    text::label(ui, cut.top(28.0), galley, Align::Min);
    cut.top(12.0);
    let mut chosen = None;
    let spot = cut.top(80.0);
    let only = ui.interact(spot, Id::unique("only look"), Sense::click());
    only.widget_info(|| {
        WidgetInfo::labeled(Role::Button, true, "Only look at the list. Nobody is told. No roll call starts")
    });
    ui.painter().rect(spot, size::RADIUS_PANEL, tokens.surface, Stroke::new(2.0, tokens.edge), StrokeKind::Inside);
    for place in 0..3_u8 {
        let y = spot.center().y + (f32::from(place) - 1.0) * 9.0;
        ui.painter().hline(spot.left() + 26.0..=spot.left() + 51.0, y, Stroke::new(3.0, tokens.text));
    }
    let upper =
        Rect::from_min_max(pos2(spot.left() + 70.0, spot.center().y - 24.0), pos2(spot.right(), spot.center().y + 4.0));
    text::put(ui, upper, "Only look at the list", Type::Title, Weight::Strong, tokens.text);
    let lower =
        Rect::from_min_max(pos2(spot.left() + 70.0, spot.center().y + 4.0), pos2(spot.right(), spot.center().y + 24.0));
    text::put(ui, lower, "Nobody is told. No roll call starts", Type::Body, Weight::Regular, tokens.muted);
    focus_outside(ui, &only);
    if std::mem::take(&mut state.fresh) {
        only.request_focus();
    }
    if only.clicked() {
        chosen = Some(FireChoice(None));
    }
    for kind in EventKind::ALL {
        cut.top(12.0);
        if kind_card(ui, cut.top(80.0), kind, false, true, true).clicked() {
            chosen = Some(FireChoice(Some(kind)));
        }
    }
    cut.top(16.0);
    let mut line = Cut(cut.top(48.0));
    let button = Button::new("Not now").step(Type::Name);
    let wide = button.width(ui);
    if button.show(ui, line.left(wide)).clicked() {
        state.asking = false;
    }
    line.left(12.0);
    text::put_right(ui, line.rest(), "Opening is recorded. Esc closes.", Type::Note, Weight::Regular, tokens.muted);
    if chosen.is_some() {
        state.asking = false;
        return (vec![Intent::Open(Screen::Fire)], chosen);
    }
    (Vec::new(), None)
}
