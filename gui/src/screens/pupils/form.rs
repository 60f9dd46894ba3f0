//! A form in a layer: what is asked and how is the view's; what is typed stays here until it is sent.

use crate::intent::PupilAct;
use crate::kit::choice::choice;
use crate::kit::field::Field;
use crate::kit::layer::{self, Inside};
use crate::kit::text::{self, Type};
use crate::kit::tick::tick;
use crate::kit::{Button, Cut, Weight, chip, look};
use crate::screens::today;
use egui::{Align, Rect, Ui, vec2};
use muster_school::view::pupils::{Answer, Answers, Ask, Form};
use muster_school::view::status::Status;

/// What is typed into the form that is open.
#[derive(Clone, Debug, Default)]
pub struct FormState {
    /// Which form it belongs to.
    number: u64,
    answers: Answers,
}

/// How wide the names of fields are, where there is room beside the field.
const NAMES: f32 = 190.0;

impl FormState {
    fn begin(&mut self, form: &Form) {
        if self.number == form.number {
            return;
        }
        self.number = form.number;
        let answers = form.asks.iter().filter_map(|ask| match ask {
            Ask::Head(_) | Ask::Words(_) => None,
            Ask::Line { key, value, .. } => Some((*key, Answer::Line(value.clone()))),
            Ask::Choice { key, chosen, .. } => Some((*key, Answer::Choice(*chosen))),
            Ask::Tick { key, on, .. } => Some((*key, Answer::Tick(*on))),
        });
        self.answers = Answers(answers.collect());
    }
}

/// Shows the form that is open, if one is.
pub(super) fn form_ui(ui: &mut Ui, form: Option<&Form>, state: &mut FormState) -> Option<PupilAct> {
    let Some(form) = form else {
        *state = FormState::default();
        return None;
    };
    state.begin(form);
    let ((send, stop), closed) = layer::show(ui, "pupil form", &form.title, 640.0, |ui, inside| {
        let mut first = inside.fresh;
        for ask in &form.asks {
            ask_ui(ui, inside, ask, &mut state.answers, &mut first);
        }
        text::live(ui, "form problem", &form.problem);
        if !form.problem.is_empty() {
            let parts = today::sentence(&form.problem);
            let high = chip::warning_height(ui, &parts, inside.width);
            let rect = inside.next(ui, high);
            chip::warning(ui, rect, Status::Check, &parts);
        }
        let high = look(ui).control();
        let mut line = Cut(inside.next(ui, high));
        let done = Button::filled(&form.done);
        let wide = done.width(ui);
        let send = done.show(ui, line.left(wide)).clicked();
        line.left(8.0);
        let stop = Button::new("Cancel");
        let wide = stop.width(ui);
        (send, stop.show(ui, line.left(wide)).clicked())
    });
    if send {
        return Some(PupilAct::Answer(state.answers.clone()));
    }
    (stop || closed).then_some(PupilAct::Drop)
}

fn ask_ui(ui: &mut Ui, inside: &Inside, ask: &Ask, answers: &mut Answers, first: &mut bool) {
    let high = look(ui).control();
    match ask {
        Ask::Head(words) => {
            let tokens = look(ui).tokens;
            let galley = text::line(ui, words, Type::Name, Weight::Strong, tokens.text, inside.width);
            let rect = inside.next(ui, galley.size().y + 6.0);
            text::label(ui, rect, galley, Align::Min);
        }
        Ask::Words(words) => inside.words(ui, words),
        Ask::Line { key, label, hint, .. } => {
            let rect = named(ui, inside, high, label);
            let Some(Answer::Line(typed)) = answers.0.get_mut(key) else { return };
            let response = Field::new(label).hint(hint).limit(500).show(ui, rect, typed);
            if std::mem::take(first) {
                response.request_focus();
            }
        }
        Ask::Choice { key, label, items, .. } => {
            let rect = named(ui, inside, high, label);
            let Some(Answer::Choice(chosen)) = answers.0.get_mut(key) else { return };
            if let Some(made) = choice(ui, rect, label, Some("Choose"), items, *chosen) {
                *chosen = made;
            }
        }
        Ask::Tick { key, label, .. } => {
            let rect = inside.next(ui, high);
            let Some(Answer::Tick(on)) = answers.0.get_mut(key) else { return };
            tick(ui, rect, label, on);
        }
    }
}

/// The name of a field beside it, or above it where it is narrow.
fn named(ui: &mut Ui, inside: &Inside, high: f32, words: &str) -> Rect {
    let tokens = look(ui).tokens;
    if inside.width < 420.0 {
        let over = inside.next(ui, 20.0);
        text::put(ui, over, words, Type::Body, Weight::Strong, tokens.text);
        return inside.next(ui, high);
    }
    let rect = inside.next(ui, high);
    let mut line = Cut(rect);
    let room = line.left(NAMES);
    let room = Rect::from_min_size(room.min, vec2(room.width() - 8.0, room.height()));
    text::put(ui, room, words, Type::Body, Weight::Strong, tokens.text);
    line.rest()
}
