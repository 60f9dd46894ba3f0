//! Giving a role, removing a leaver, and showing one-time words: layers over the screen of staff.

use super::PeopleState;
use crate::draft::{self, form};
use crate::intent::Intent;
use crate::kit::choice::choice_of;
use crate::kit::field::Field;
use crate::kit::layer::{self, Inside};
use crate::kit::text::{self, Type};
use crate::kit::tick::tick;
use crate::kit::{Button, Cut, Weight, copy, look};
use crate::screens::join::phrase_ui;
use egui::{Align, Rect, Response, Ui, vec2};
use muster_core::id::{Area, PersonId, PlaceId};
use muster_school::roles::Role;
use muster_school::view::people::{AccountDetail, FireDutyForm, PeopleView, RoleChoice, RoleGiven};
use std::collections::BTreeSet;

/// The fields of somebody new.
const NAMES: [&str; 3] = ["Forename", "Surname", "Job title"];

/// A role that is being given.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// To whom, by name; `None` for somebody new.
    person: Option<(PersonId, String)>,
    forename: String,
    surname: String,
    job: String,
    last_day: String,
    /// Until which time of that day; empty for its end.
    until: String,
    role: Option<Role>,
    sites: BTreeSet<PlaceId>,
    areas: BTreeSet<Area>,
    /// Why it was not accepted, and what to do.
    problem: String,
}

impl Form {
    /// As it was filled in before, and what was wrong with it.
    fn again(view: &PeopleView, given: RoleGiven, problem: &str) -> Self {
        let (last_day, until) = given.last_day.split_once('T').unwrap_or((given.last_day.as_str(), ""));
        let (last_day, until) = (last_day.to_owned(), until.to_owned());
        let name = |person: &PersonId| view.rows.iter().find(|row| row.person == *person).map(|row| row.name.clone());
        Self {
            person: given.person.map(|person| (person, name(&person).unwrap_or_default())),
            forename: given.forename,
            surname: given.surname,
            job: given.job,
            last_day,
            until,
            role: Some(given.role),
            sites: given.sites.into_iter().collect(),
            areas: given.areas.into_iter().collect(),
            problem: problem.to_owned(),
        }
    }

    /// For somebody who is not in the directory.
    pub fn for_somebody_new(view: &PeopleView) -> Self {
        let only = if let [(only, _)] = view.sites.as_slice() { Some(*only) } else { None };
        Self { sites: only.into_iter().collect(), ..Self::default() }
    }

    /// For somebody who is.
    pub fn for_somebody(person: PersonId, name: &str) -> Self {
        Self { person: Some((person, name.to_owned())), ..Self::default() }
    }

    fn choice<'a>(&self, view: &'a PeopleView) -> Option<&'a RoleChoice> {
        view.roles.iter().find(|choice| Some(choice.role) == self.role)
    }

    /// The sites that are ticked, of those there are.
    fn ticked_sites(&self, view: &PeopleView) -> Vec<PlaceId> {
        view.sites.iter().map(|(site, _)| *site).filter(|site| self.sites.contains(site)).collect()
    }

    /// The areas that are ticked, of those there are.
    fn ticked_areas(&self, choice: &RoleChoice) -> Vec<Area> {
        choice.areas.iter().map(|(area, _)| *area).filter(|area| self.areas.contains(area)).collect()
    }

    /// What is missing still, in words; empty when nothing is.
    fn missing(&self, view: &PeopleView) -> &'static str {
        let Some(choice) = self.choice(view) else { return "Choose a role." };
        if self.person.is_none() && self.surname.trim().is_empty() {
            return "A surname is needed.";
        }
        if !choice.areas.is_empty() && self.ticked_areas(choice).is_empty() {
            return "Tick what is to be shown.";
        }
        // None ticked is every site: a site that is not there any more must not come to mean that.
        if self.ticked_sites(view).len() != self.sites.len() {
            return "The sites are not those of before: tick them again.";
        }
        if choice.needs_end && self.last_day.trim().is_empty() {
            return "Say the last day.";
        }
        if self.last_day.trim().is_empty() && !self.until.trim().is_empty() {
            return "Say the day, too: a time alone is not enough.";
        }
        ""
    }

    fn given(&self, view: &PeopleView) -> Option<RoleGiven> {
        let choice = self.choice(view).filter(|_| self.missing(view).is_empty())?;
        Some(RoleGiven {
            person: self.person.as_ref().map(|(person, _)| *person),
            forename: self.forename.trim().to_owned(),
            surname: self.surname.trim().to_owned(),
            job: self.job.trim().to_owned(),
            role: choice.role,
            sites: self.ticked_sites(view),
            areas: self.ticked_areas(choice),
            last_day: match self.until.trim() {
                "" => self.last_day.trim().to_owned(),
                until => format!("{}T{until}", self.last_day.trim()),
            },
        })
    }
}

impl form::Form for Form {
    fn which(&self) -> String {
        self.person.as_ref().map(|(person, _)| draft::hex(&person.0)).unwrap_or_default()
    }

    fn parts(&mut self, each: &mut dyn FnMut(&str, &mut dyn form::Part)) {
        each("forename", &mut self.forename);
        each("surname", &mut self.surname);
        each("job", &mut self.job);
        each("last day", &mut self.last_day);
        each("until", &mut self.until);
        each("role", &mut self.role);
        each("sites", &mut self.sites);
        each("areas", &mut self.areas);
    }
}

/// What somebody does in a fire, while it is being set.
#[derive(Clone, Debug)]
pub struct Duty {
    person: PersonId,
    form: FireDutyForm,
}

impl Duty {
    /// As it is set now.
    pub(super) fn of(detail: &AccountDetail) -> Option<Self> {
        detail.duty.clone().map(|form| Self { person: detail.person, form })
    }
}

impl form::Form for Duty {
    fn which(&self) -> String {
        draft::hex(&self.person.0)
    }

    fn parts(&mut self, each: &mut dyn FnMut(&str, &mut dyn form::Part)) {
        each("marshal", &mut self.form.marshal);
        each("first aid", &mut self.form.first_aid);
        each("phone", &mut self.form.phone);
    }
}

impl PeopleState {
    /// A role was not given: the form stands there again, as it was.
    pub fn give_again(&mut self, view: &PeopleView, given: RoleGiven, problem: &str) {
        self.form.get_or_insert_with(|| Form::again(view, given, problem));
    }
}

fn buttons(ui: &mut Ui, inside: &Inside, first: Button<'_>, second: Button<'_>) -> [Response; 2] {
    let high = look(ui).control();
    let rect = inside.next(ui, high);
    let mut line = Cut(rect);
    let wide = first.width(ui).min(inside.width);
    let main = first.show(ui, line.left(wide));
    line.left(8.0);
    let wide = second.width(ui);
    let rect = if line.width() < wide { inside.next(ui, high) } else { line.left(wide) };
    let other = second.show(ui, Rect::from_min_size(rect.min, vec2(wide, high)));
    [main, other]
}

/// The form of a role that is being given.
pub(super) fn give_ui(ui: &mut Ui, view: &PeopleView, state: &mut PeopleState) -> Vec<Intent> {
    let known = |which: &str| view.rows.iter().find(|row| draft::hex(&row.person.0) == which);
    let opens = |which: &str| match which {
        "" => view.may_add_people.then(|| Form::for_somebody_new(view)),
        which => known(which).map(|row| Form::for_somebody(row.person, &row.name)),
    };
    let back = form::keep(ui, "role", &mut state.form, opens);
    let Some(mut form) = state.form.clone() else { return Vec::new() };
    let title = match &form.person {
        Some((_, name)) => format!("Give {name} a role"),
        None => "Bring somebody in".to_owned(),
    };
    let ((give, stop), closed) = layer::show(ui, "give role", &title, 560.0, |ui, inside| {
        let high = look(ui).control();
        if form.person.is_none() {
            let typed = [&mut form.forename, &mut form.surname, &mut form.job];
            for (at, (name, typed)) in NAMES.into_iter().zip(typed).enumerate() {
                let rect = named(ui, inside, high, name);
                let response = Field::new(name).limit(60).show(ui, rect, typed);
                if at == 0 && inside.fresh {
                    response.request_focus();
                }
            }
        }
        let rect = named(ui, inside, high, "Role");
        let items: Vec<_> = view.roles.iter().map(|choice| (choice.role, choice.name.clone())).collect();
        if let Some(chosen) = choice_of(ui, rect, "Role", Some("Choose a role"), &items, form.role) {
            form.role = chosen;
            form.areas.clear();
        }
        if let Some(chosen) = form.choice(view) {
            inside.words(ui, &chosen.purpose);
            for (area, name) in &chosen.areas {
                ticks(ui, inside, high, &format!("Show {name}"), *area, &mut form.areas);
            }
        }
        inside.words(
            ui,
            if form.sites.is_empty() { "At every site. Tick some for those only." } else { "At these sites only." },
        );
        // A tick at a site that is not there any more would stay for ever: the first tick elsewhere ends it.
        let known = form.ticked_sites(view);
        for (site, name) in &view.sites {
            if ticks(ui, inside, high, name, *site, &mut form.sites) {
                form.sites.retain(|ticked| known.contains(ticked) || ticked == site);
            }
        }
        let rect = named(ui, inside, high, "Last day");
        let ends = form.choice(view).is_some_and(|choice| choice.needs_end);
        let hint = if ends { "23/11/2026" } else { "23/11/2026, or nothing" };
        Field::new("Last day").hint(hint).limit(10).show(ui, rect, &mut form.last_day);
        let rect = named(ui, inside, high, "Until");
        Field::new("Until").hint("16:00, or nothing for the whole day").limit(5).show(ui, rect, &mut form.until);
        if back {
            inside.words(ui, draft::BACK);
        }
        if !form.problem.is_empty() {
            inside.words(ui, &form.problem);
        }
        let missing = form.missing(view);
        if !missing.is_empty() {
            inside.words(ui, missing);
        }
        let give = Button::filled("Give the role").enabled(missing.is_empty());
        buttons(ui, inside, give, Button::new("Cancel")).map(|button| button.clicked()).into()
    });
    let given = form.given(view).filter(|_| give);
    state.form = (!closed && !stop && given.is_none()).then_some(form);
    given.map(Intent::GiveRole).into_iter().collect()
}

fn named(ui: &mut Ui, inside: &Inside, high: f32, words: &str) -> Rect {
    let mut line = Cut(inside.next(ui, high));
    text::put(ui, line.left(110.0), words, Type::Body, Weight::Strong, look(ui).tokens.text);
    line.rest()
}

/// A tick that says whether this is chosen. True when it was pressed.
fn ticks<T: Ord>(ui: &mut Ui, inside: &Inside, high: f32, words: &str, this: T, chosen: &mut BTreeSet<T>) -> bool {
    let rect = inside.next(ui, high);
    let mut on = chosen.contains(&this);
    let pressed = tick(ui, rect, words, &mut on);
    if pressed {
        if on {
            chosen.insert(this)
        } else {
            chosen.remove(&this)
        };
    }
    pressed
}

/// What somebody does in a fire, and the number they carry.
pub(super) fn duty_ui(ui: &mut Ui, view: &PeopleView, state: &mut PeopleState) -> Vec<Intent> {
    let of = |which: &str| view.detail.as_ref().filter(|detail| draft::hex(&detail.person.0) == which);
    let back = form::keep(ui, "duty", &mut state.duty, |which| of(which).and_then(Duty::of));
    let Some(mut duty) = state.duty.take() else { return resume_ui(ui, view, state) };
    let person = duty.person;
    let Some(detail) = view.detail.as_ref().filter(|detail| detail.person == person) else { return Vec::new() };
    let title = format!("{} in a fire", detail.name);
    let ((save, stop), closed) = layer::show(ui, "fire duty", &title, 560.0, |ui, inside| {
        inside.words(ui, "It stands beside the name on the fire list. The number shows with care details.");
        let high = look(ui).control();
        for (words, on) in [("Fire marshal", &mut duty.form.marshal), ("First aid", &mut duty.form.first_aid)] {
            let rect = inside.next(ui, high);
            tick(ui, rect, words, on);
        }
        let rect = named(ui, inside, high, "Number");
        Field::new("Number carried at work").limit(40).show(ui, rect, &mut duty.form.phone);
        if back {
            inside.words(ui, draft::BACK);
        }
        buttons(ui, inside, Button::filled("Save"), Button::new("Cancel")).map(|button| button.clicked()).into()
    });
    if save {
        return vec![Intent::SetFireDuty { person, duty: duty.form }];
    }
    if !stop && !closed {
        state.duty = Some(duty);
    }
    Vec::new()
}

/// Somebody whose duties had something left in them is shown again, once.
fn resume_ui(ui: &Ui, view: &PeopleView, state: &mut PeopleState) -> Vec<Intent> {
    let left = form::left(ui, "duty").unwrap_or_default();
    if left == state.resumed {
        return Vec::new();
    }
    state.resumed = left;
    let row = view.rows.iter().find(|row| draft::hex(&row.person.0) == state.resumed);
    row.map(|row| Intent::ExplainAccount(row.person)).into_iter().collect()
}

/// What a reset does, before it is confirmed.
pub(super) fn reset_ui(ui: &mut Ui, view: &PeopleView, state: &mut PeopleState) -> Vec<Intent> {
    let wanted = state.resetting;
    let Some(detail) = view.detail.as_ref().filter(|detail| Some(detail.person) == wanted && detail.may_reset) else {
        state.resetting = None;
        return Vec::new();
    };
    let title = format!("Reset the sign-in of {}?", detail.name);
    let ((reset, keep), closed) = layer::show(ui, "reset sign-in", &title, 560.0, |ui, inside| {
        for words in [
            "The passphrase so far opens nothing any more, on any device that hears of this. Nobody learns it.",
            "You get one-time words to read to this person, by telephone too. With them they choose another passphrase and hold what they held before.",
            "What they had typed and not saved does not come back.",
        ] {
            inside.words(ui, words);
        }
        let words = format!("Reset {}", detail.name);
        let both = buttons(ui, inside, Button::new(&words), Button::filled("Keep"));
        if inside.fresh {
            both[1].request_focus();
        }
        both.map(|button| button.clicked()).into()
    });
    if closed || keep || reset {
        state.resetting = None;
    }
    if reset { vec![Intent::Reset(detail.person)] } else { Vec::new() }
}

/// What removing a leaver does and does not do, before it is confirmed.
pub(super) fn remove_ui(ui: &mut Ui, view: &PeopleView, state: &mut PeopleState) -> Vec<Intent> {
    let wanted = state.removing;
    let detail = view.detail.as_ref().filter(|detail| Some(detail.person) == wanted);
    let Some((detail, removal)) = detail.and_then(|detail| Some((detail, detail.removal.as_ref()?))) else {
        state.removing = None;
        return Vec::new();
    };
    let title = format!("Remove {}?", detail.name);
    let ((remove, keep), closed) = layer::show(ui, "remove person", &title, 560.0, |ui, inside| {
        for (head, lines) in [("What ends", &removal.ends), ("What stays", &removal.stays)] {
            let galley = text::line(ui, head, Type::Name, Weight::Strong, look(ui).tokens.text, inside.width);
            let rect = inside.next(ui, galley.size().y);
            text::label(ui, rect, galley, Align::Min);
            for line in lines {
                inside.words(ui, line);
            }
        }
        inside.words(ui, "This cannot be undone. Somebody who comes back is brought in anew.");
        let words = format!("Remove {}", detail.name);
        let both = buttons(ui, inside, Button::new(&words), Button::filled("Keep"));
        if inside.fresh {
            both[1].request_focus();
        }
        both.map(|button| button.clicked()).into()
    });
    if closed || keep || remove {
        state.removing = None;
    }
    if remove { vec![Intent::RemovePerson(detail.person)] } else { Vec::new() }
}

/// The one-time words that were just made.
pub(super) fn made_ui(ui: &mut Ui, view: &PeopleView) -> Vec<Intent> {
    let Some(made) = &view.made else { return Vec::new() };
    let title = format!("One-time words for {}", made.name);
    let (seen, closed) = layer::show(ui, "made words", &title, 560.0, |ui, inside| {
        inside.words(ui, "Read them out or write them down: they are shown once.");
        let rect = inside.next(ui, 96.0);
        phrase_ui(ui, rect, &made.words);
        inside.words(ui, &made.note);
        inside.words(
            ui,
            "A copy stays on the clipboard until something else is copied. Words that are used up open nothing.",
        );
        let [seen, pressed] = buttons(
            ui,
            inside,
            Button::filled("They have the words"),
            Button::new(copy::words(ui, "words", "Copy the words")),
        );
        if inside.fresh {
            seen.request_focus();
        }
        if pressed.clicked() {
            copy::copy(ui, "words", made.words.clone());
        }
        seen.clicked()
    });
    if seen || closed { vec![Intent::WordsSeen] } else { Vec::new() }
}
