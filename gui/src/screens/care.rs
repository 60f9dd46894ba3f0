//! Care lines and telephone numbers on a list of people: behind the marshal's PIN, and a number shown big enough to
//! be dialled on another telephone.
//!
//! Does not: dial, or show anything that the view does not hold.

use crate::intent::{Intent, Secret};
use crate::kit::field::Field;
use crate::kit::text::{self, Type};
use crate::kit::typed::Typed;
use crate::kit::{Button, Cut, Weight, copy, layer, look, pad, size};
use egui::{Align, Color32, Id, Key, Rect, Ui, pos2};
use muster_school::view::Span;
use muster_school::view::fire::{Care, Phone};

/// The least digits of a marshal's PIN.
pub(crate) const DIGITS_LEAST: usize = 6;
/// The most.
pub(crate) const DIGITS: usize = 12;

/// What is open of it.
#[derive(Clone, Debug, Default)]
pub struct CareState {
    asking: bool,
    pin: Typed,
    calling: Option<(String, Vec<Phone>)>,
}

impl CareState {
    /// Shows the numbers of somebody.
    pub fn call(&mut self, name: &str, phones: &[Phone]) {
        self.calling = Some((name.to_owned(), phones.to_vec()));
    }

    /// Asks for the marshal's PIN.
    pub fn ask(&mut self) {
        (self.asking, self.pin) = (true, Typed::default());
    }

    /// Something is on top.
    pub fn is_open(&self) -> bool {
        self.asking || self.calling.is_some()
    }
}

/// The button that opens care details, or hides them again; none where there is nothing to open.
pub fn button(care: &Care) -> Option<Button<'static>> {
    let button = match care {
        Care::Closed | Care::Open { by_pin: false, .. } => return None,
        Care::AskPin { .. } => Button::new("Care details…"),
        Care::Open { .. } => Button::new("Hide care details"),
    };
    Some(button.step(Type::Name))
}

/// What a press on that button does.
pub fn pressed(care: &Care, state: &mut CareState) -> Option<Intent> {
    match care {
        Care::AskPin { .. } => {
            state.ask();
            None
        }
        _ => Some(Intent::CloseCare),
    }
}

/// A row with care lines in it is as much higher than one without, in points.
pub const HIGHER: f32 = 18.0;

/// Paints what is known of somebody, and under it their care lines, each a sentence, so that none is lost between
/// others.
pub fn words_ui(ui: &Ui, rect: Rect, parts: &[Span], care: &[String], colour: Color32) {
    if care.is_empty() {
        let galley = text::spans(ui, parts, Type::Body, colour, rect.width(), 2);
        text::paint(ui.painter(), rect, galley, Align::Min);
        return;
    }
    let known = text::spans(ui, parts, Type::Body, colour, rect.width(), 1);
    let care: Vec<String> = care.iter().map(|line| format!("{line}.")).collect();
    let care = [Span::strong(care.join(" "))];
    let care = text::spans(ui, &care, Type::Body, look(ui).tokens.text, rect.width(), 2);
    let top = rect.center().y - (known.size().y + care.size().y) / 2.0;
    let seam = top + known.size().y;
    let upper = Rect::from_min_max(pos2(rect.left(), top), pos2(rect.right(), seam));
    let lower = Rect::from_min_max(pos2(rect.left(), seam), pos2(rect.right(), seam + care.size().y));
    text::paint(ui.painter(), upper, known, Align::Min);
    text::paint(ui.painter(), lower, care, Align::Min);
}

/// What is on top, if anything is.
pub fn layers_ui(ui: &mut Ui, care: &Care, state: &mut CareState) -> Vec<Intent> {
    if let Some((name, phones)) = state.calling.clone() {
        numbers_ui(ui, &name, &phones, state);
        return Vec::new();
    }
    match care {
        Care::AskPin { problem, wait_secs } if state.asking => pin_ui(ui, problem.as_deref(), *wait_secs, state),
        _ => {
            state.asking = false;
            Vec::new()
        }
    }
}

fn pin_ui(ui: &mut Ui, problem: Option<&str>, wait_secs: u32, state: &mut CareState) -> Vec<Intent> {
    let id = Id::unique("marshal pin");
    let mut pin = std::mem::take(&mut state.pin);
    let ((go, stop), closed) =
        layer::show(ui, "marshal pin", "Care details: the marshal’s PIN", 400.0, |ui, inside| {
            inside.words(ui, "Opening them is recorded.");
            if let Some(words) = problem {
                problem_ui(ui, inside, words);
            }
            let rect = inside.next(ui, size::CONTROL_TOUCH);
            let field = Field::new("Marshal’s PIN").hint("6 to 12 digits").secret().password(true).id(id).limit(DIGITS);
            let response = field.show(ui, rect, &mut pin);
            if inside.fresh {
                response.request_focus();
            }
            pin.retain(|digit| digit.is_ascii_digit());
            let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            let mut keys = Cut(inside.next(ui, pad::height() - size::TOUCH_GAP));
            pad::pad(ui, &mut keys, &mut pin, DIGITS);
            let words = match wait_secs {
                0 => "Show care details".to_owned(),
                1 => "Wait 1 second".to_owned(),
                secs => format!("Wait {secs} seconds"),
            };
            let ready = pin.len() >= DIGITS_LEAST && wait_secs == 0;
            let show = Button::filled(&words).step(Type::Name).enabled(ready);
            let rect = inside.next(ui, 56.0);
            let show = show.show(ui, rect).clicked();
            let rect = inside.next(ui, size::CONTROL_TOUCH);
            let stop = Button::new("Not now").step(Type::Name).show(ui, rect).clicked();
            (ready && (show || entered), stop)
        });
    state.asking = !closed && !stop;
    if go {
        crate::screens::lock::forget(ui, id);
        return vec![Intent::OpenCare(Secret::new(std::mem::take(&mut *pin)))];
    }
    if state.asking {
        state.pin = pin;
    }
    Vec::new()
}

/// A problem between the parts of a layer.
pub(crate) fn problem_ui(ui: &mut Ui, inside: &layer::Inside, words: &str) {
    let galley = text::wrapped(ui, words, Type::Body, Weight::Regular, look(ui).tokens.text, inside.width - 52.0);
    let rect = inside.next(ui, galley.size().y + 16.0);
    crate::kit::chip::problem(ui, rect.min, rect.width(), words);
}

fn numbers_ui(ui: &mut Ui, name: &str, phones: &[Phone], state: &mut CareState) {
    let title = format!("Call about {name}");
    let (done, closed) = layer::show(ui, "numbers", &title, 480.0, |ui, inside| {
        let tokens = look(ui).tokens;
        for phone in phones {
            let spot = inside.next(ui, 76.0);
            let mut cut = Cut(spot);
            text::put(ui, cut.top(24.0), &phone.whose, Type::Name, Weight::Regular, tokens.text);
            let big = text::line(ui, &phone.number, Type::Big, Weight::Bold, tokens.text, f32::INFINITY);
            let step = if big.size().x > cut.width() { Type::Count } else { Type::Big };
            let number = text::line(ui, &phone.number, step, Weight::Bold, tokens.text, cut.width());
            text::paint(ui.painter(), cut.rest(), number, Align::Min);
            text::say(ui, spot, &format!("{}: {}", phone.whose, phone.number));
            let rect: Rect = inside.next(ui, size::CONTROL_TOUCH);
            let salt = format!("number of {}", phone.whose);
            let words = copy::words(ui, &salt, "Copy the number");
            let button = Button::new(words).step(Type::Name).name(format!("{words} of {}", phone.whose));
            if button.show(ui, rect).clicked() {
                copy::copy(ui, &salt, phone.number.clone());
            }
        }
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        let done = Button::filled("Done").step(Type::Name).show(ui, rect);
        if inside.fresh {
            done.request_focus();
        }
        done.clicked()
    });
    if done || closed {
        state.calling = None;
    }
}
