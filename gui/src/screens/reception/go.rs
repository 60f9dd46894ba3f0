//! Setting out: people for another site, and a trip with its leader and the time it is due back.

use super::comer::{over, staff_choice};
use super::{ReceptionState, Top};
use crate::draft::{self, form};
use crate::kit::choice::choice_of;
use crate::kit::field::Field;
use crate::kit::layer::{self, Inside};
use crate::kit::{Button, Type, look, size};
use egui::Ui;
use muster_core::id::PlaceId;
use muster_school::view::SubjectId;
use muster_school::view::reception::{ReceptionAct, ReceptionView, TripOut};

/// Names that stand below what is typed.
const FITS: usize = 5;

/// People who are chosen one by one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Chosen {
    typed: String,
    people: Vec<(SubjectId, String)>,
}

/// People who set out for another site.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct MoveForm {
    chosen: Chosen,
    site: Option<PlaceId>,
    note: String,
}

/// A trip that sets out.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct TripForm {
    chosen: Chosen,
    out: TripOut,
}

impl MoveForm {
    /// As it opens: where there is one other site, it is that one.
    pub(super) fn opens(view: &ReceptionView) -> Self {
        let site = if let [only] = view.sites.as_slice() { Some(only.site) } else { None };
        Self { site, ..Self::default() }
    }
}

impl form::Form for MoveForm {
    fn parts(&mut self, each: &mut dyn FnMut(&str, &mut dyn form::Part)) {
        each("people", &mut self.chosen.people);
        each("site", &mut self.site);
        each("note", &mut self.note);
    }
}

impl form::Form for TripForm {
    fn parts(&mut self, each: &mut dyn FnMut(&str, &mut dyn form::Part)) {
        each("people", &mut self.chosen.people);
        each("title", &mut self.out.title);
        each("leader", &mut self.out.leader);
        each("phone", &mut self.out.phone);
        each("back", &mut self.out.back);
        each("back on", &mut self.out.back_on);
    }
}

/// Those who are chosen, each to be taken out again; what is typed, and who fits. Answers with what to search for.
fn chosen_ui(ui: &mut Ui, inside: &Inside, view: &ReceptionView, chosen: &mut Chosen) -> Option<ReceptionAct> {
    let high = look(ui).control().max(40.0);
    let mut gone = None;
    for (person, name) in &chosen.people {
        let rect = inside.next(ui, high);
        let button = Button::new(name).shortcut("Remove").name(format!("{name}. Remove"));
        if button.show(ui, rect).clicked() {
            gone = Some(*person);
        }
    }
    chosen.people.retain(|(person, _)| Some(*person) != gone);
    over(ui, inside, "Who goes");
    let rect = inside.next(ui, high);
    let field = Field::new("Who goes").hint("Part of a name").limit(60);
    let response = field.show(ui, rect, &mut chosen.typed);
    if inside.fresh {
        response.request_focus();
    }
    let fits = view.found.iter().filter(|found| !chosen.people.iter().any(|(person, _)| *person == found.person));
    let fits: Vec<_> = fits.filter(|_| !chosen.typed.trim().is_empty()).take(FITS).collect();
    let mut added = None;
    for found in fits {
        let words = format!("{}, {}", found.name, found.group);
        let rect = inside.next(ui, high);
        if Button::new(&words).shortcut("Add").name(format!("{words}. Add")).show(ui, rect).clicked() {
            added = Some((found.person, found.name.clone()));
        }
    }
    if let Some(added) = added {
        chosen.people.push(added);
        chosen.typed.clear();
        return Some(ReceptionAct::Search(String::new()));
    }
    response.changed().then(|| ReceptionAct::Search(chosen.typed.clone()))
}

/// The button that does it, and *Not now*. Which of them was pressed.
fn done_ui(ui: &mut Ui, inside: &Inside, words: &str, ready: bool, back: bool) -> (bool, bool) {
    if back {
        inside.words(ui, draft::BACK);
    }
    let rect = inside.next(ui, size::CONTROL_TOUCH);
    let go = Button::filled(words).step(Type::Name).enabled(ready).show(ui, rect).clicked();
    let rect = inside.next(ui, size::CONTROL_TOUCH);
    (go, Button::new("Not now").step(Type::Name).show(ui, rect).clicked())
}

/// People set out for another site.
pub(super) fn move_ui(
    ui: &mut Ui,
    view: &ReceptionView,
    state: &mut ReceptionState,
    mut form: MoveForm,
    back: bool,
) -> Option<ReceptionAct> {
    let title = "Send to another site";
    let ((search, (go, stop)), closed) = layer::show(ui, "move", title, 560.0, |ui, inside| {
        let high = look(ui).control().max(40.0);
        inside.words(ui, "They stand on the other site’s list from then on, and are flagged here.");
        let sites: Vec<_> = view.sites.iter().map(|site| (site.site, site.name.clone())).collect();
        over(ui, inside, "Where to");
        let rect = inside.next(ui, high);
        if let Some(site) = choice_of(ui, rect, "Where to", Some("Choose a site"), &sites, form.site) {
            form.site = site;
        }
        let search = chosen_ui(ui, inside, view, &mut form.chosen);
        over(ui, inside, "A short word, if you like");
        let rect = inside.next(ui, high);
        Field::new("A short word, if you like").hint("Music lesson").limit(110).show(ui, rect, &mut form.note);
        let known = view.sites.iter().any(|site| Some(site.site) == form.site);
        let ready = known && !form.chosen.people.is_empty();
        (search, done_ui(ui, inside, "Send them", ready, back))
    });
    if go && let Some(site) = view.sites.iter().find(|site| Some(site.site) == form.site) {
        let people = form.chosen.people.into_iter().map(|(person, _)| person).collect();
        return Some(ReceptionAct::Move { people, to: site.site, note: form.note.trim().to_owned() });
    }
    state.top = (!stop && !closed).then_some(Top::Move(form));
    search
}

/// A trip sets out.
pub(super) fn trip_out_ui(
    ui: &mut Ui,
    view: &ReceptionView,
    state: &mut ReceptionState,
    mut form: TripForm,
    back: bool,
) -> Option<ReceptionAct> {
    let ((search, (go, stop)), closed) = layer::show(ui, "trip out", "A trip sets out", 560.0, |ui, inside| {
        let high = look(ui).control().max(40.0);
        let out = &mut form.out;
        let fields = [
            ("What trip", "Swimming", &mut out.title),
            ("Due back at", "12:15", &mut out.back),
            ("On which day, if not today", "27/11/2026", &mut out.back_on),
            ("The leader’s telephone", "07700 900321", &mut out.phone),
        ];
        for (name, hint, typed) in fields {
            over(ui, inside, name);
            let rect = inside.next(ui, high);
            Field::new(name).hint(hint).limit(60).show(ui, rect, typed);
        }
        over(ui, inside, "Who leads it");
        let rect = inside.next(ui, high);
        staff_choice(ui, rect, "Who leads it", "Choose a member of staff", view, &mut out.leader);
        let search = chosen_ui(ui, inside, view, &mut form.chosen);
        let ready = !form.out.title.trim().is_empty()
            && !form.out.back.trim().is_empty()
            && form.out.leader.is_some()
            && !form.chosen.people.is_empty();
        (search, done_ui(ui, inside, "They set out", ready, back))
    });
    if go {
        let people = form.chosen.people.into_iter().map(|(person, _)| person).collect();
        let out = form.out;
        let trim = |words: String| words.trim().to_owned();
        let out = TripOut {
            title: trim(out.title),
            phone: trim(out.phone),
            back: trim(out.back),
            back_on: trim(out.back_on),
            people,
            ..out
        };
        return Some(ReceptionAct::TripOut(Box::new(out)));
    }
    state.top = (!stop && !closed).then_some(Top::TripOut(form));
    search
}
