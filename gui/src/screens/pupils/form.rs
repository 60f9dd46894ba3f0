//! A form in a layer: what is asked and how is the view's; what is typed stays here until it is sent.
//!
//! What is half typed is a draft (see [`crate::draft`]): all answers that differ from how the form opened, in one
//! text. After a lock the screen asks for the form again, and the answers are back.

use crate::draft;
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
    /// The draft of the form, as its view names it.
    draft: String,
    /// What was left in the form was put back, and nothing was changed since.
    back: bool,
    /// The draft that was asked for again, so that it is asked for once.
    resumed: String,
}

/// Between the answers of a draft, and between a key and its answer: nothing that a key can type.
const BETWEEN: char = '\u{1e}';
const AFTER_KEY: char = '\u{1f}';
/// Before the name of a form, so that its draft is found.
const DRAFT: &str = "form/";
/// The same where the form is one of the site, which another part of the engine opens.
const SITE: &str = "site/";

/// Characters of a line: some hold a list of names, and none is long enough to hurt.
const LINE: usize = 2_000;

/// How wide the names of fields are, where there is room beside the field.
const NAMES: f32 = 190.0;

impl FormState {
    fn begin(&mut self, form: &Form) {
        if self.number == form.number {
            return;
        }
        self.number = form.number;
        self.draft = match form.draft.as_str() {
            "" => String::new(),
            site if site.starts_with(SITE) => site.to_owned(),
            pupils => format!("{DRAFT}{pupils}"),
        };
        self.answers = form.opened();
    }

    /// Keeps what is typed as a draft, and fills the form again where something was left in it.
    fn keep(&mut self, ui: &Ui, form: &Form) {
        if self.draft.is_empty() {
            return;
        }
        let mut packed = pack(form, &self.answers);
        let before = packed.clone();
        self.back = draft::follow(ui, &self.draft, &mut packed);
        if packed != before {
            unpack(form, &packed, &mut self.answers);
        }
    }

    /// The form is closed: nothing of it is kept any more.
    fn end(&mut self, ui: &Ui) {
        if !self.draft.is_empty() {
            draft::discard(ui, &self.draft);
        }
        *self = Self { resumed: std::mem::take(&mut self.resumed), ..Self::default() };
    }

    /// A form in which something was left, and that is not open: named once.
    fn resume(&mut self, ui: &Ui, begins: &str) -> Option<String> {
        let left = draft::waiting(ui, begins).into_iter().next().unwrap_or_default();
        if left == self.resumed {
            return None;
        }
        self.resumed = left;
        self.resumed.strip_prefix(begins).map(str::to_owned)
    }
}

/// What is offered for a question.
fn offered<'f>(form: &'f Form, key: &str) -> &'f [String] {
    let items = form.asks.iter().find_map(|ask| match ask {
        Ask::Choice { key: asked, items, .. } if *asked == key => Some(items.as_slice()),
        _ => None,
    });
    items.unwrap_or_default()
}

/// The answers that differ from how the form opened, as one text. What is chosen is kept by its words: the list may be
/// another when it is back.
fn pack(form: &Form, answers: &Answers) -> String {
    let opened = form.opened();
    let differs = |(key, answer): &(&&'static str, &Answer)| opened.0.get(**key) != Some(*answer);
    let parts = answers.0.iter().filter(differs).map(|(key, answer)| {
        let answer = match answer {
            Answer::Line(typed) => typed.replace([BETWEEN, AFTER_KEY], " "),
            Answer::Choice(chosen) => {
                let words = chosen.and_then(|at| offered(form, key).get(at)).map(String::as_str);
                words.unwrap_or_default().replace([BETWEEN, AFTER_KEY], " ")
            }
            Answer::Tick(on) => on.to_string(),
        };
        format!("{key}{AFTER_KEY}{answer}")
    });
    parts.collect::<Vec<_>>().join(&BETWEEN.to_string())
}

/// Puts a packed text back into the answers of a form; what the form does not ask any more is left out.
fn unpack(form: &Form, packed: &str, answers: &mut Answers) {
    for part in packed.split(BETWEEN) {
        let Some((key, answer)) = part.split_once(AFTER_KEY) else { continue };
        match answers.0.get_mut(key) {
            Some(Answer::Line(typed)) => answer.clone_into(typed),
            Some(Answer::Choice(chosen)) => {
                // What is there no more, or there twice, is chosen again.
                let mut fits = offered(form, key).iter().enumerate().filter(|(_, words)| *words == answer);
                *chosen = fits.next().map(|(at, _)| at).filter(|_| fits.next().is_none());
            }
            Some(Answer::Tick(on)) => *on = answer == "true",
            None => {}
        }
    }
}

/// Shows the form that is open, if one is; asks for one in which something was left.
pub fn form_ui(ui: &mut Ui, form: Option<&Form>, state: &mut FormState) -> Option<PupilAct> {
    let Some(form) = form else {
        state.end(ui);
        return state.resume(ui, DRAFT).map(PupilAct::Resume);
    };
    open_ui(ui, form, state).map(|done| match done {
        Done::Send(answers) => PupilAct::Answer(answers),
        Done::Stop => PupilAct::Drop,
    })
}

/// No form of the site is open: which one had something left in it, once.
pub(in crate::screens) fn closed_site_ui(ui: &Ui, state: &mut FormState) -> Option<String> {
    if !state.draft.is_empty() {
        draft::give_up(ui, &state.draft);
    }
    *state = FormState { resumed: std::mem::take(&mut state.resumed), ..FormState::default() };
    state.resume(ui, SITE)
}

/// What was pressed in a form.
pub(in crate::screens) enum Done {
    Send(Answers),
    Stop,
}

/// Shows a form that is open, whatever screen it belongs to.
pub(in crate::screens) fn open_ui(ui: &mut Ui, form: &Form, state: &mut FormState) -> Option<Done> {
    if state.number != form.number {
        // A step to the next form: what was typed in the one before was taken.
        state.end(ui);
    }
    state.begin(form);
    state.keep(ui, form);
    let ((send, stop), closed) = layer::show(ui, "pupil form", &form.title, 640.0, |ui, inside| {
        let mut first = inside.fresh;
        if state.back {
            inside.words(ui, draft::BACK);
        }
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
        return Some(Done::Send(state.answers.clone()));
    }
    (stop || closed).then_some(Done::Stop)
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
            let response = Field::new(label).hint(hint).limit(LINE).show(ui, rect, typed);
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
