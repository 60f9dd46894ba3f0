//! Sign-in, and beside it the fire register in two actions. No pupil's name stands here.
//!
//! The left half asks for a passphrase, or for the PIN of a sign-in that the device locked, or says what to do where
//! a passphrase is forgotten. The right half is the same in all of them: whatever is asked or waited for at the left,
//! the fire register opens.

mod emergency;
mod forgotten;
mod pin;
mod sign_in;

use crate::intent::{Intent, Screen};
use crate::kit::field::Field;
use crate::kit::text::{self, Type};
use crate::kit::typed::Typed;
use crate::kit::{Button, Cut, Weight, chip, cut, look, panel, size};
use egui::{Align, Id, Key, Rect, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use emergency::emergency_ui;
use muster_core::id::PersonId;
use muster_school::view::FrameView;
use muster_school::view::fire::EventKind;
use muster_school::view::lock::{LockView, PersonChoice};

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct LockState {
    /// Who: whoever signed in last, until somebody chooses.
    pub person: Option<PersonId>,
    /// Somebody chose.
    chosen: bool,
    /// Who signed in last, as the view said it.
    last: Option<PersonId>,
    /// What is typed.
    pub passphrase: Typed,
    /// Letters instead of discs.
    pub shown: bool,
    /// The fire register was pressed once: what for?
    pub asking: bool,
    /// *Only look* has yet to be given the focus.
    fresh: bool,
    /// The PIN, as far as it is typed.
    pin: Typed,
    pin_shown: bool,
    /// The passphrase is wanted where a PIN would do.
    by_passphrase: bool,
    /// What to do where the passphrase is forgotten.
    forgotten: bool,
    /// When the view came that shows: what it says of waits is counted down from there.
    heard: Option<f64>,
}

impl LockState {
    /// The fire register was asked for by its key: what for?
    pub fn ask(&mut self) {
        self.asking = true;
        self.fresh = true;
    }
}

impl LockState {
    /// A new view has come.
    pub fn hear(&mut self) {
        self.heard = None;
    }

    fn follow(&mut self, view: &LockView, now: f64) {
        if !self.chosen {
            self.person = view.last.filter(|last| view.people.iter().any(|one| one.person == Some(*last)));
        }
        self.heard.get_or_insert(now);
        if view.pin.is_none() {
            self.by_passphrase = false;
            self.pin = Typed::default();
        }
    }

    /// Whoever is chosen, as long as they are on the list, and their place on it.
    fn who<'v>(&self, view: &'v LockView) -> Option<(usize, &'v PersonChoice)> {
        let person = self.person?;
        view.people.iter().enumerate().find(|(_, one)| one.person == Some(person))
    }

    /// True once, when the PIN is first asked for.
    fn fresh_pin(&mut self) -> bool {
        !std::mem::replace(&mut self.pin_shown, true)
    }

    /// Seconds until the next try of somebody, if there is a wait.
    fn wait_secs(&self, person: &PersonChoice, now: f64) -> Option<f64> {
        let ends = self.heard.unwrap_or(now) + f64::from(person.wait_secs);
        Some((ends - now).ceil()).filter(|secs| *secs > 0.0)
    }
}

/// What the fire register was opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FireChoice(pub Option<EventKind>);

/// How high the left half may be, in points: the pad of a PIN with what stands over and under it.
const LEFT: f32 = 620.0;

/// True where a PIN is asked for and not a passphrase.
fn asks_pin(view: &LockView, state: &LockState) -> bool {
    view.pin.is_some() && !state.by_passphrase && !state.forgotten
}

fn left_ui(ui: &mut Ui, rect: Rect, view: &LockView, state: &mut LockState) -> Vec<Intent> {
    match &view.pin {
        _ if state.forgotten => forgotten::forgotten_ui(ui, rect, view, state),
        Some(choice) if !state.by_passphrase => pin::pin_ui(ui, rect, view, choice, state),
        _ => sign_in::sign_in_ui(ui, rect, view, state),
    }
}

/// Words over as many lines as they need, and the space under them.
fn words_ui(ui: &mut Ui, cut: &mut Cut, words: &str, under: f32) {
    let tokens = look(ui).tokens;
    let galley = text::wrapped(ui, words, Type::Body, Weight::Regular, tokens.text, cut.width());
    let high = galley.size().y;
    text::label(ui, cut.top(high), galley, Align::Min);
    cut.top(under);
}

/// Shows the lock screen in the whole of `ui`. The second value is set when the fire register was opened.
pub fn lock_ui(
    ui: &mut Ui,
    frame: &FrameView,
    view: &LockView,
    state: &mut LockState,
) -> (Vec<Intent>, Option<FireChoice>) {
    // The view of before the lock may show for a frame: what it says of whoever was here last is put right by the next.
    if std::mem::replace(&mut state.last, view.last) != view.last && !state.chosen && !state.asking {
        ui.memory_mut(|memory| memory.request_focus(Id::unique("passphrase")));
    }
    state.follow(view, ui.input(|input| input.time));
    if state.asking && ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::Escape)) {
        state.asking = false;
    }
    let mut cut = Cut(ui.max_rect());
    header_ui(ui, cut.top(56.0), frame);
    let rest = cut.rest();
    if rest.width() < 760.0 || rest.height() < 480.0 || asks_pin(view, state) && rest.height() < LEFT + 64.0 {
        return narrow_ui(ui, rest, view, state);
    }
    let mut doors = Vec::new();
    let strip = cut.bottom(56.0);
    doors_ui(ui, strip, true, &mut doors);
    let half = 400.0_f32.min(rest.width() / 2.0 - 60.0);
    let middle = rest.center().x;
    let tall = if asks_pin(view, state) { LEFT } else { 488.0 };
    let top = rest.top() + ((rest.height() - 48.0 - tall) / 2.0).clamp(16.0, 104.0);
    let left = Rect::from_min_size(pos2(middle - 72.0 - half, top), vec2(half, LEFT));
    let right = Rect::from_min_size(pos2(middle + 72.0, top), vec2(half, 480.0));
    let line = look(ui).hairline();
    ui.painter().vline(middle, top..=top + tall - 66.0, line);
    let intents = left_ui(ui, left, view, state);
    let (more, choice) = emergency_ui(ui, right, view, state);
    (intents.into_iter().chain(more).chain(doors).collect(), choice)
}

/// What may be opened without a sign-in besides the fire register, and that no pupil is named here.
fn doors_ui(ui: &mut Ui, rect: Rect, noted: bool, intents: &mut Vec<Intent>) {
    let tokens = look(ui).tokens;
    let mut line =
        Cut(cut::middle(rect.shrink2(vec2(if noted { size::MARGIN } else { 0.0 }, 0.0)), size::CONTROL_TOUCH));
    for (words, screen) in [("Reception", Screen::Reception), ("Display", Screen::Display)] {
        let button = Button::new(words).step(Type::Body);
        let wide = button.width(ui);
        if button.show(ui, line.left(wide)).clicked() {
            intents.push(Intent::Open(screen));
        }
        line.left(size::TOUCH_GAP);
    }
    if noted {
        let words = "No pupil’s name is shown on this screen.";
        let note = text::line(ui, words, Type::Note, Weight::Regular, tokens.muted, line.width());
        text::label(ui, line.rest(), note, Align::Max);
    }
}

fn narrow_ui(ui: &mut Ui, rect: Rect, view: &LockView, state: &mut LockState) -> (Vec<Intent>, Option<FireChoice>) {
    let mut inner = ui.new_child(UiBuilder::new().id_salt("lock").max_rect(rect));
    ScrollArea::vertical()
        .auto_shrink(false)
        .show(&mut inner, |ui| {
            let wide = (rect.width() - 2.0 * size::MARGIN - 12.0).min(480.0);
            let left = rect.center().x - wide / 2.0;
            let top = ui.max_rect().top();
            let high = if state.asking { 470.0 } else { 460.0 };
            let tall = if asks_pin(view, state) { LEFT } else { 440.0 };
            ui.set_height(high + tall + 80.0);
            let upper = Rect::from_min_size(pos2(left, top + 8.0), vec2(wide, 480.0));
            let (more, choice) = emergency_ui(ui, upper, view, state);
            let lower = Rect::from_min_size(pos2(left, top + high), vec2(wide, LEFT));
            let intents = left_ui(ui, lower, view, state);
            let mut doors = Vec::new();
            let strip = Rect::from_min_size(pos2(left, top + high + tall + 12.0), vec2(wide, 56.0));
            doors_ui(ui, strip, false, &mut doors);
            (more.into_iter().chain(intents).chain(doors).collect(), choice)
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
    // A device that joined a moment ago knows its site before its school's name.
    let place: Vec<&str> =
        [frame.school.as_str(), frame.site.as_str()].into_iter().filter(|one| !one.is_empty()).collect();
    let place = place.join(", ");
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
    let field = Field::new(name).secret().password(!*shown).id(id).room(60.0).limit(256);
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
