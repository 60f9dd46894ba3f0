//! A pupil at the desk: who must not collect them, loudest and first; who may; who lets them go; coming late or back.

use super::comer::{field, staff_choice};
use super::{ReceptionState, Top};
use crate::kit::column::column_within;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, layer, look, panel, size};
use egui::{Align, Rect, Ui};
use muster_school::view::reception::{Leaving, PupilAtDesk, ReceptionAct, ReceptionView};
use muster_school::view::status::Status;
use muster_school::view::{Span, SubjectId};

/// With whom a pupil leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum With {
    /// One of those who may collect.
    Collector(usize),
    /// Somebody whose name is typed.
    Other,
    /// Nobody.
    Alone,
}

/// What is chosen and typed of a pupil.
#[derive(Clone, Debug, Default)]
pub(super) struct PupilState {
    pupil: Option<SubjectId>,
    with: Option<With>,
    other: String,
    released_by: Option<SubjectId>,
    note: String,
}

impl PupilState {
    /// What is asked for, once all that is needed was said.
    fn leaving(&self, pupil: &PupilAtDesk) -> Option<Leaving> {
        let by = match self.with? {
            With::Collector(place) => pupil.collectors.get(place)?.name.clone(),
            With::Other => Some(self.other.trim().to_owned()).filter(|name| !name.is_empty())?,
            With::Alone => String::new(),
        };
        let released_by = Some(self.released_by?);
        Some(Leaving { pupil: pupil.pupil, by, released_by, note: self.note.trim().to_owned(), despite: false })
    }

    /// What is missing still, in words.
    fn missing(&self) -> &'static str {
        match (self.with, self.released_by) {
            (None, _) => "Choose with whom.",
            (Some(With::Other), _) if self.other.trim().is_empty() => "Type who collects.",
            (Some(_), None) => "Choose who releases.",
            _ => "",
        }
    }
}

/// Shows the pupil who stands at the desk.
pub(super) fn pupil_ui(
    ui: &mut Ui,
    rect: Rect,
    view: &ReceptionView,
    pupil: &PupilAtDesk,
    state: &mut ReceptionState,
) -> Option<ReceptionAct> {
    let of = &mut state.pupil;
    if of.pupil != Some(pupil.pupil) {
        *of = PupilState { pupil: Some(pupil.pupil), ..PupilState::default() };
    }
    panel::panel(ui, rect);
    let act = column_within(ui, rect.shrink(1.0), "pupil", 14.0, |ui, cut| {
        let tokens = look(ui).tokens;
        cut.top(12.0);
        let mut line = Cut(cut.top(look(ui).control().max(36.0)));
        let close = Button::new("Close");
        let wide = close.width(ui);
        let closed = close.name(format!("Close {}", pupil.name)).show(ui, line.right(wide)).clicked();
        line.right(12.0);
        let title = text::line(ui, &pupil.name, Type::Title, Weight::Strong, tokens.text, line.width());
        text::label(ui, line.rest(), title, Align::Min);
        words(ui, cut, &format!("{}. {}", pupil.group, pupil.line));
        for barred in &pupil.barred {
            let parts = [Span::strong(barred.clone())];
            let high = chip::warning_height(ui, &parts, cut.width()) + 8.0;
            chip::warning(ui, cut.top(high), Status::Check, &parts);
            cut.top(8.0);
        }
        let mut act = closed.then_some(ReceptionAct::Close);
        if pupil.here {
            act = leaves_ui(ui, cut, view, pupil, of).or(act);
        }
        act = comes_ui(ui, cut, pupil, of).or(act);
        cut.top(12.0);
        act
    });
    panel::outline(ui, rect);
    act
}

fn words(ui: &mut Ui, cut: &mut Cut, words: &str) {
    let galley = text::wrapped(ui, words, Type::Body, Weight::Regular, look(ui).tokens.text, cut.width());
    let high = galley.size().y;
    text::label(ui, cut.top(high), galley, Align::Min);
    cut.top(8.0);
}

fn over(ui: &mut Ui, cut: &mut Cut, words: &str) {
    let galley = text::line(ui, words, Type::Body, Weight::Strong, look(ui).tokens.text, cut.width());
    text::label(ui, cut.top(22.0), galley, Align::Min);
}

/// Leaving before the end of the day.
fn leaves_ui(
    ui: &mut Ui,
    cut: &mut Cut,
    view: &ReceptionView,
    pupil: &PupilAtDesk,
    of: &mut PupilState,
) -> Option<ReceptionAct> {
    let high = look(ui).control().max(40.0);
    over(ui, cut, "Leaves with…");
    if !pupil.unread.is_empty() {
        words(ui, cut, &pupil.unread);
    }
    let mut choices: Vec<(String, With)> = pupil
        .collectors
        .iter()
        .enumerate()
        .map(|(place, one)| (format!("{}, {}", one.name, one.relationship), With::Collector(place)))
        .collect();
    choices.push(("Somebody else".to_owned(), With::Other));
    choices.push(("Nobody: leaves alone".to_owned(), With::Alone));
    for (label, with) in choices {
        if Button::new(&label).chosen(of.with == Some(with)).show(ui, cut.top(high)).clicked() {
            of.with = Some(with);
        }
        cut.top(6.0);
    }
    if of.with == Some(With::Other) {
        over(ui, cut, "Who collects");
        field(ui, cut.top(high), "Who collects", &mut of.other);
        cut.top(8.0);
    }
    over(ui, cut, "Released by");
    staff_choice(ui, cut.top(high), "Released by", "Choose a member of staff", view, &mut of.released_by);
    cut.top(8.0);
    note_ui(ui, cut, of);
    let missing = of.missing();
    let leaving = of.leaving(pupil);
    let go = Button::filled("Sign out").step(Type::Name).enabled(leaving.is_some());
    let go = go.name(format!("Sign out {}", pupil.name)).show(ui, cut.top(size::CONTROL_TOUCH)).clicked();
    cut.top(4.0);
    if !missing.is_empty() {
        words(ui, cut, missing);
    }
    leaving.filter(|_| go).map(|leaving| ReceptionAct::Collect(Box::new(leaving)))
}

fn note_ui(ui: &mut Ui, cut: &mut Cut, of: &mut PupilState) {
    let high = look(ui).control().max(40.0);
    over(ui, cut, "A short word, if you like");
    field(ui, cut.top(high), "A short word, if you like", &mut of.note);
    cut.top(10.0);
}

/// Coming late, or back.
fn comes_ui(ui: &mut Ui, cut: &mut Cut, pupil: &PupilAtDesk, of: &mut PupilState) -> Option<ReceptionAct> {
    if !pupil.here {
        note_ui(ui, cut, of);
    }
    let mut line = Cut(cut.top(size::CONTROL_TOUCH));
    let late = Button::new("Came late").step(Type::Name);
    let wide = late.width(ui);
    let late = late.name(format!("Came late: {}", pupil.name)).show(ui, line.left(wide)).clicked();
    line.left(size::TOUCH_GAP);
    let back = Button::new("Came back").step(Type::Name);
    let wide = back.width(ui);
    let back = !pupil.here && back.name(format!("Came back: {}", pupil.name)).show(ui, line.left(wide)).clicked();
    cut.top(4.0);
    words(ui, cut, "Coming late is written down here. The mark in the register stays as it is.");
    if back {
        return Some(ReceptionAct::SignIn(pupil.pupil));
    }
    let note = of.note.trim().to_owned();
    late.then_some(ReceptionAct::Late { pupil: pupil.pupil, note })
}

/// A pupil was not let go: whether they are all the same.
pub(super) fn despite_ui(
    ui: &mut Ui,
    state: &mut ReceptionState,
    leaving: Box<Leaving>,
    why: String,
) -> Option<ReceptionAct> {
    let ((go, stop), closed) = layer::show(ui, "despite", "Not let go", 520.0, |ui, inside| {
        let parts = [Span::strong(why.clone())];
        let rect = inside.next(ui, chip::warning_height(ui, &parts, inside.width));
        chip::warning(ui, rect, Status::Check, &parts);
        inside.words(ui, "Despite this? Whoever releases answers for it, and it is recorded with their name.");
        let rect = inside.next(ui, 56.0);
        let stop = Button::filled("Do not let them go").step(Type::Name).show(ui, rect);
        if inside.fresh {
            stop.request_focus();
        }
        let rect = inside.next(ui, 56.0);
        let go = Button::new("Let them go despite this").step(Type::Name).show(ui, rect);
        (go.clicked(), stop.clicked())
    });
    if go {
        return Some(ReceptionAct::Collect(Box::new(Leaving { despite: true, ..*leaving })));
    }
    if !stop && !closed {
        state.top = Some(Top::Despite(leaving, why.clone()));
    }
    None
}
