//! Writing what was seen and learned, signing it, and asking for the certificate of an event.

use crate::draft;
use crate::kit::field::Field;
use crate::kit::layer::{self, Inside};
use crate::kit::{Button, Cut, Type, Weight, look, size, text};
use egui::{Rect, Ui, vec2};
use muster_school::view::EventId;
use muster_school::view::call::{CallReport, ReportAct, ReportAction, ReportAnswers};

/// The fields with one text, in the order they are asked for: how drafts know them, and what they are called.
const ASKED: [(&str, &str); 4] = [
    ("learned", "What was learned"),
    ("problems", "What went wrong"),
    ("exits", "Blocked exits"),
    ("weather", "Weather"),
];
/// The fields of something to be done.
const ACTION: [(&str, &str); 3] = [("what", "What is to be done"), ("owner", "By whom"), ("due", "By when")];
/// The longest answer, in characters: a page.
const LONGEST: usize = 4_000;

/// What is being written.
#[derive(Clone, Debug, Default)]
pub(super) struct Form {
    answers: [String; 4],
    actions: Vec<[String; 3]>,
}

/// A field of the form, as drafts know it.
pub(super) fn field(event: EventId, name: &str) -> String {
    format!("report/{}/{name}", draft::hex(&event.0))
}

fn action_field(event: EventId, place: usize, name: &str) -> String {
    field(event, &format!("action{place}/{name}"))
}

impl Form {
    /// What is written already; where something was typed and not saved, that.
    pub(super) fn new(ui: &Ui, report: &CallReport) -> Self {
        let waiting = draft::waiting(ui, &field(report.event, ""));
        let unless = |name: String, so_far: &String| {
            if waiting.contains(&name) { String::new() } else { so_far.clone() }
        };
        let written = &report.written;
        let so_far = [&written.learned, &written.problems, &written.exits, &written.weather];
        let mut names = ASKED.iter();
        let answers = so_far.map(|so_far| {
            let name = names.next().map_or("", |(name, _)| name);
            unless(field(report.event, name), so_far)
        });
        let typed =
            |place: &usize| waiting.iter().any(|name| name.starts_with(&action_field(report.event, *place, "")));
        let more = (written.actions.len()..).take_while(typed).map(|_| ReportAction::default());
        let actions = written.actions.iter().cloned().chain(more).enumerate().map(|(place, action)| {
            let [what, owner, due] = ACTION.map(|(name, _)| action_field(report.event, place, name));
            [unless(what, &action.what), unless(owner, &action.owner), unless(due, &action.due)]
        });
        Self { answers, actions: actions.collect() }
    }

    fn written(&self) -> ReportAnswers {
        let [learned, problems, exits, weather] = self.answers.each_ref().map(|words| words.trim().to_owned());
        let actions = self.actions.iter().map(|action| {
            let [what, owner, due] = action.each_ref().map(|words| words.trim().to_owned());
            ReportAction { what, owner, due }
        });
        let actions = actions.filter(|action| *action != ReportAction::default()).collect();
        ReportAnswers { weather, exits, problems, actions, learned }
    }
}

fn named(ui: &mut Ui, inside: &Inside, words: &str) {
    let rect = inside.next(ui, 20.0);
    text::put(ui, rect, words, Type::Body, Weight::Strong, look(ui).tokens.text);
}

/// The form. Answers with what is to be written.
pub(super) fn form_ui(ui: &mut Ui, report: &CallReport, kept: &mut Option<Form>) -> Option<ReportAct> {
    let mut form = kept.take()?;
    let event = report.event;
    let before = Form::new(ui, report);
    let ((save, stop), closed) = layer::show(ui, "write report", "What was seen and learned", 640.0, |ui, inside| {
        let mut back = false;
        // What stands there already is no draft.
        let mut follow = |name: String, typed: &mut String, before: Option<&String>| {
            if typed.is_empty() || before != Some(typed) {
                back |= draft::follow(ui, &name, typed);
            }
        };
        for (((name, _), typed), before) in ASKED.iter().zip(&mut form.answers).zip(&before.answers) {
            follow(field(event, name), typed, Some(before));
        }
        for (place, action) in form.actions.iter_mut().enumerate() {
            for (at, ((name, _), typed)) in ACTION.iter().zip(action).enumerate() {
                let before = before.actions.get(place).and_then(|before| before.get(at));
                follow(action_field(event, place, name), typed, before);
            }
        }
        for (at, ((_, label), typed)) in ASKED.iter().zip(&mut form.answers).enumerate() {
            named(ui, inside, label);
            let least = if at < 2 { 2 } else { 1 };
            let rect = inside.next(ui, Field::lines_height(ui, typed, inside.width, least).max(size::CONTROL_TOUCH));
            let response = Field::new(label).limit(LONGEST).show_lines(ui, rect, typed);
            if at == 0 && inside.fresh {
                response.request_focus();
            }
        }
        let mut gone = None;
        for (place, action) in form.actions.iter_mut().enumerate() {
            let words = format!("To do {}", place + 1);
            named(ui, inside, &words);
            for ((_, label), typed) in ACTION.iter().zip(action) {
                let name = format!("{label} {}", place + 1);
                let rect = inside.next(ui, size::CONTROL_TOUCH);
                Field::new(&name).hint(label).limit(200).show(ui, rect, typed);
            }
            if button(ui, inside, Button::new("Leave it out").name(format!("Leave it out: {words}"))) {
                gone = Some(place);
            }
        }
        if let Some(place) = gone {
            // Those after it move up: their drafts have other names from here on.
            for later in place..form.actions.len() {
                ACTION.iter().for_each(|(name, _)| draft::discard(ui, &action_field(event, later, name)));
            }
            form.actions.remove(place);
        }
        if button(ui, inside, Button::new("Add something to do")) {
            form.actions.push(Default::default());
        }
        if back {
            inside.words(ui, draft::BACK);
        }
        inside.words(ui, "Whoever signed before is shown as having signed before this change.");
        let save = button(ui, inside, Button::filled("Save what is written"));
        (save, button(ui, inside, Button::new("Not now")))
    });
    if !save && !stop && !closed {
        *kept = Some(form);
        return None;
    }
    for name in draft::waiting(ui, &field(event, "")) {
        draft::discard(ui, &name);
    }
    save.then(|| ReportAct::Write(Box::new(form.written())))
}

/// A button of the next line. True when it was pressed.
fn button(ui: &mut Ui, inside: &Inside, button: Button<'_>) -> bool {
    let button = button.step(Type::Name);
    let mut line = Cut(inside.next(ui, size::CONTROL_TOUCH));
    let wide = button.width(ui);
    button.show(ui, line.left(wide)).clicked()
}

/// Asks once more before somebody signs.
pub(super) fn sign_ui(ui: &mut Ui, signing: &mut bool) -> Option<ReportAct> {
    let ((sign, stop), closed) = layer::show(ui, "sign report", "Sign this report?", 480.0, |ui, inside| {
        inside.words(ui, "You sign it as it stands now, with your name and the time. What is changed later says so.");
        let sign = button(ui, inside, Button::filled("Sign it"));
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        let stop = Button::new("Not now").step(Type::Name);
        let wide = stop.width(ui);
        let stop = stop.show(ui, Rect::from_min_size(rect.min, vec2(wide, rect.height())));
        if inside.fresh {
            stop.request_focus();
        }
        (sign, stop.clicked())
    });
    *signing = !sign && !stop && !closed;
    sign.then_some(ReportAct::Sign)
}

/// Asks for whom and what for the certificate is, and where it goes.
pub(super) fn certificate_ui(ui: &mut Ui, event: EventId, kept: &mut Option<[String; 3]>) -> Option<ReportAct> {
    let kind = format!("certificate/{}", draft::hex(&event.0));
    let back = draft::form::keep(ui, &kind, kept, |_| Some(Default::default()));
    let mut typed = kept.take()?;
    let ((go, stop), closed) = layer::show(ui, "certificate", "Certificate of this roll call", 560.0, |ui, inside| {
        inside.words(ui, "Whoever gets it can check that nothing was changed, without any other record of the school. It names people.");
        let asked = [
            ("For whom", "Fire and rescue service"),
            ("What for", "Inspection"),
            ("Folder", "Folder; empty for the one used before"),
        ];
        for (at, ((name, hint), typed)) in asked.into_iter().zip(&mut typed).enumerate() {
            named(ui, inside, name);
            let rect = inside.next(ui, size::CONTROL_TOUCH);
            let response = Field::new(name).hint(hint).limit(400).show(ui, rect, typed);
            if at == 0 && inside.fresh {
                response.request_focus();
            }
        }
        if back {
            inside.words(ui, draft::BACK);
        }
        let ready = typed.iter().take(2).all(|typed| !typed.trim().is_empty());
        let go = button(ui, inside, Button::filled("Write the certificate").enabled(ready));
        (ready && go, button(ui, inside, Button::new("Not now")))
    });
    if go {
        let [to, purpose, folder] = typed.map(|typed| typed.trim().to_owned());
        return Some(ReportAct::Certificate { folder, to, purpose });
    }
    *kept = (!stop && !closed).then_some(typed);
    None
}
