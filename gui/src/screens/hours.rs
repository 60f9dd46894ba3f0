//! School hours and leave to use the records outside them, over the school's calendar.
//!
//! What is typed goes out as typed; what is wrong with it comes back in the view and stands in the form.

use crate::draft::{self, form};
use crate::intent::Intent;
use crate::kit::choice::choice_of;
use crate::kit::field::Field;
use crate::kit::layer::{self, Inside};
use crate::kit::picker::{Picker, PickerState};
use crate::kit::text::{self, Type};
use crate::kit::tick::tick;
use crate::kit::{Button, Cut, Weight, look};
use egui::{Align, Rect, Ui};
use muster_core::id::{PersonId, PlaceId};
use muster_school::calendar::Day;
use muster_school::roles::Role;
use muster_school::view::SubjectId;
use muster_school::view::concern::Named;
use muster_school::view::hours::{HoursAct, HoursRow, HoursView, LeaveRow, Whom};

/// How wide the layers are.
const WIDE: f32 = 600.0;

/// What is open.
#[derive(Clone, Debug, Default)]
pub struct HoursState {
    hours: Option<HoursForm>,
    leave: Option<LeaveForm>,
    /// What was sent, until the engine has said how it went.
    sent: bool,
}

#[derive(Clone, Debug, Default)]
struct HoursForm {
    /// Nowhere is every site.
    site: Option<PlaceId>,
    days: u8,
    from: String,
    to: String,
    minutes: String,
}

impl HoursForm {
    fn of(view: &HoursView, row: &HoursRow) -> Self {
        let minutes = view.minutes.map(|minutes| minutes.to_string()).unwrap_or_default();
        Self { site: row.site, days: row.days, from: row.from.clone(), to: row.to.clone(), minutes }
    }

    fn act(&self, in_force: bool) -> HoursAct {
        HoursAct::Set { site: self.site, days: self.days, from: self.from.clone(), to: self.to.clone(), in_force }
    }
}

impl form::Form for HoursForm {
    fn which(&self) -> String {
        self.site.map(|site| draft::hex(&site.0)).unwrap_or_default()
    }

    fn parts(&mut self, each: &mut dyn FnMut(&str, &mut dyn form::Part)) {
        each("days", &mut self.days);
        each("from", &mut self.from);
        each("to", &mut self.to);
        each("minutes", &mut self.minutes);
    }
}

#[derive(Clone, Debug, Default)]
struct LeaveForm {
    /// Nobody is somebody by name.
    whom: Option<Whom>,
    person: Option<(PersonId, String)>,
    find: PickerState,
    day: String,
    from: String,
    to: String,
    again: bool,
    days: u8,
    last: String,
    why: String,
}

impl LeaveForm {
    fn act(&self, items: &[(Option<Whom>, String)]) -> Option<HoursAct> {
        let whom = match self.whom {
            // A site that is not on the list any more is chosen again.
            Some(whom) => items.iter().find_map(|(item, _)| item.filter(|item| *item == whom))?,
            None => Whom::Person(self.person.as_ref()?.0),
        };
        let typed = [&self.day, &self.from, &self.to, &self.why];
        let whole = typed.iter().all(|typed| !typed.trim().is_empty()) && (!self.again || self.days > 0);
        whole.then(|| HoursAct::Give {
            whom,
            day: self.day.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            again: if self.again { self.days } else { 0 },
            last: self.last.clone(),
            why: self.why.clone(),
        })
    }
}

impl form::Form for LeaveForm {
    fn parts(&mut self, each: &mut dyn FnMut(&str, &mut dyn form::Part)) {
        each("whom", &mut self.whom);
        each("person", &mut self.person);
        each("day", &mut self.day);
        each("from", &mut self.from);
        each("to", &mut self.to);
        each("again", &mut self.again);
        each("days", &mut self.days);
        each("last", &mut self.last);
        each("why", &mut self.why);
    }
}

/// Whose leave it can be, in the order of the choice: somebody by name first.
fn whose(view: &HoursView) -> Vec<(Option<Whom>, String)> {
    let sites = view.sites.iter().filter_map(|row| Some((row.site?, &row.name)));
    let sites = sites.map(|(site, name)| (Some(Whom::Site(site)), format!("Everybody at {name}")));
    let roles = Role::all().map(|role| (Some(Whom::Role(role)), format!("Everybody who is {} now", role.name())));
    let first = [(None, "Somebody by name".to_owned()), (Some(Whom::Everybody), "Everybody".to_owned())];
    first.into_iter().chain(sites).chain(roles).collect()
}

/// What stands on the page: one line.
pub fn sentence(view: &HoursView) -> String {
    let every = view.sites.first().map_or("", |row| row.words.as_str());
    let leaves = match view.leaves.len() {
        0 => "No leave outside them is given".to_owned(),
        1 => "1 leave outside them is given".to_owned(),
        many => format!("{many} leaves outside them are given"),
    };
    format!("School hours: {every}. {leaves}.")
}

/// The two buttons. `place` says where one of this width stands.
pub fn buttons_ui(ui: &mut Ui, view: &HoursView, state: &mut HoursState, mut place: impl FnMut(&mut Ui, f32) -> Rect) {
    for (words, hours) in [("School hours…", true), ("Leave…", false)] {
        let button = Button::new(words);
        let wide = button.width(ui);
        let rect = place(ui, wide);
        if !button.show(ui, rect).clicked() {
            continue;
        }
        if hours {
            state.hours = view.sites.first().map(|row| HoursForm::of(view, row));
        } else {
            state.leave = Some(LeaveForm::default());
        }
    }
}

/// The layers that are open.
pub fn hours_ui(ui: &mut Ui, view: &HoursView, state: &mut HoursState) -> Vec<Intent> {
    if std::mem::take(&mut state.sent) && view.problem.is_none() {
        (state.hours, state.leave) = (None, None);
    }
    let mut intents = set_ui(ui, view, state);
    intents.extend(leave_ui(ui, view, state));
    intents
}

fn named(ui: &mut Ui, inside: &Inside, words: &str) -> Rect {
    let high = look(ui).control();
    let mut line = Cut(inside.next(ui, high));
    text::put(ui, line.left(110.0), words, Type::Body, Weight::Strong, look(ui).tokens.text);
    line.rest()
}

fn field(ui: &mut Ui, inside: &Inside, (name, hint): (&str, &str), typed: &mut String) {
    let rect = named(ui, inside, name);
    Field::new(name).hint(hint).limit(100).show(ui, rect, typed);
}

fn days_ui(ui: &mut Ui, inside: &Inside, name: &str, days: &mut u8) {
    let mut line = Cut(named(ui, inside, name));
    let wide = line.width() / 7.0;
    for day in 0..7_i32 {
        let mut on = *days & (1 << day) != 0;
        let words = Day::MONDAY.plus(day).weekday_word();
        let short: String = words.chars().take(3).collect();
        if tick(ui, line.left(wide), &short, &mut on) {
            *days ^= 1 << day;
        }
    }
}

/// Buttons beside each other. Says which was pressed.
fn row_ui<const N: usize>(ui: &mut Ui, inside: &Inside, buttons: [Button<'_>; N]) -> Option<usize> {
    let high = look(ui).control();
    let mut line = Cut(inside.next(ui, high));
    let mut pressed = None;
    for (place, button) in buttons.into_iter().enumerate() {
        let wide = button.width(ui);
        if button.show(ui, line.left(wide)).clicked() {
            pressed = Some(place);
        }
        line.left(8.0);
    }
    pressed
}

fn set_ui(ui: &mut Ui, view: &HoursView, state: &mut HoursState) -> Vec<Intent> {
    let of = |which: &str| {
        view.sites.iter().find(|row| row.site.map(|site| draft::hex(&site.0)).unwrap_or_default() == which)
    };
    let opens = |which: &str| of(which).filter(|_| view.may_change).map(|row| HoursForm::of(view, row));
    let back = form::keep(ui, "hours", &mut state.hours, opens);
    let Some(mut form) = state.hours.clone() else { return Vec::new() };
    let (done, closed) = layer::show(ui, "school hours", "School hours", WIDE, |ui, inside| {
        inside.words(
            ui,
            "Outside them a sign-in needs leave. The fire register, roll calls and a concern are open at any time.",
        );
        view.sites.iter().for_each(|row| inside.words(ui, &format!("{}: {}.", row.name, row.words)));
        let sites: Vec<_> = view.sites.iter().map(|row| (row.site, row.name.clone())).collect();
        let rect = named(ui, inside, "Where");
        if let Some(Some(chosen)) = choice_of(ui, rect, "Where", None, &sites, Some(form.site))
            && let Some(row) = view.sites.iter().find(|row| row.site == chosen)
        {
            form = HoursForm::of(view, row);
        }
        days_ui(ui, inside, "On", &mut form.days);
        field(ui, inside, ("From", "07:00"), &mut form.from);
        field(ui, inside, ("Until", "18:30"), &mut form.to);
        back_ui(ui, inside, back);
        problem_ui(ui, inside, view);
        let buttons = [Button::filled("Save the hours"), Button::new("Lift the hours"), Button::new("Close")];
        let pressed = row_ui(ui, inside, buttons);
        let mut minutes = None;
        if !view.code.is_empty() {
            inside.words(ui, &view.code);
            field(ui, inside, ("Minutes", "15"), &mut form.minutes);
            let typed = form.minutes.trim().parse::<u16>().ok();
            let set = row_ui(ui, inside, [Button::new("Set the minutes").enabled(typed.is_some())]);
            minutes = set.and(typed);
        }
        (pressed, minutes)
    });
    let act = match done {
        (_, Some(minutes)) => Some(HoursAct::Minutes(minutes)),
        (Some(0), _) => Some(form.act(true)),
        (Some(1), _) => Some(form.act(false)),
        _ => None,
    };
    if closed || done.0 == Some(2) {
        state.hours = None;
        return vec![Intent::LeaveCalendarForm];
    }
    state.sent |= act.is_some();
    state.hours = Some(form);
    act.map(Intent::Hours).into_iter().collect()
}

fn back_ui(ui: &mut Ui, inside: &Inside, back: bool) {
    if back {
        inside.words(ui, draft::BACK);
    }
}

fn problem_ui(ui: &mut Ui, inside: &Inside, view: &HoursView) {
    if let Some(problem) = &view.problem {
        inside.words(ui, problem);
    }
}

/// One leave that is given, and what takes it back.
fn given_ui(ui: &mut Ui, inside: &Inside, row: &LeaveRow) -> bool {
    let high = look(ui).control();
    let rect = inside.next(ui, high + 12.0);
    let mut cut = Cut(rect);
    let button = Button::new("Take back").name(format!("Take back the leave of {}, {}", row.whose, row.when));
    let wide = button.width(ui);
    let spot = crate::kit::cut::middle(cut.right(wide), high);
    cut.right(8.0);
    let half = cut.height() / 2.0;
    let over = text::line(
        ui,
        &format!("{}: {}", row.whose, row.why),
        Type::Body,
        Weight::Strong,
        look(ui).tokens.text,
        cut.width(),
    );
    text::label(ui, cut.top(half), over, Align::Min);
    let under = text::line(ui, &row.when, Type::Body, Weight::Regular, look(ui).tokens.muted, cut.width());
    text::label(ui, cut.rest(), under, Align::Min);
    button.show(ui, spot).clicked()
}

fn leave_ui(ui: &mut Ui, view: &HoursView, state: &mut HoursState) -> Vec<Intent> {
    let back = form::keep(ui, "leave", &mut state.leave, |_| view.may_change.then(LeaveForm::default));
    let Some(mut form) = state.leave.clone() else { return Vec::new() };
    let items = whose(view);
    let ((taken, pressed), closed) = layer::show(ui, "leave", "Leave outside school hours", WIDE, |ui, inside| {
        let mut taken = None;
        for row in &view.leaves {
            if given_ui(ui, inside, row) {
                taken = Some(row.id);
            }
        }
        let rect = named(ui, inside, "Whose");
        if let Some(Some(chosen)) = choice_of(ui, rect, "Whose", None, &items, Some(form.whom)) {
            form.whom = chosen;
        }
        if form.whom.is_none() {
            person_ui(ui, inside, view, &mut form);
        }
        field(ui, inside, ("Day", "23/11/2026"), &mut form.day);
        field(ui, inside, ("From", "18:30"), &mut form.from);
        field(ui, inside, ("Until", "22:00"), &mut form.to);
        field(ui, inside, ("Why", "Trip to the coast: all staff can read it"), &mut form.why);
        let high = look(ui).control();
        let rect = inside.next(ui, high);
        tick(ui, rect, "Again every week", &mut form.again);
        if form.again {
            days_ui(ui, inside, "On", &mut form.days);
            field(ui, inside, ("Last day", "18/12/2026"), &mut form.last);
        }
        back_ui(ui, inside, back);
        problem_ui(ui, inside, view);
        let give = Button::filled("Give leave").enabled(form.act(&items).is_some());
        (taken, row_ui(ui, inside, [give, Button::new("Close")]))
    });
    if closed || pressed == Some(1) {
        state.leave = None;
        return vec![Intent::LeaveCalendarForm];
    }
    let act = match (taken, pressed) {
        (Some(id), _) => Some(HoursAct::TakeBack(id)),
        (None, Some(0)) => form.act(&items),
        _ => None,
    };
    state.sent |= act.is_some() && taken.is_none();
    state.leave = Some(form);
    act.map(Intent::Hours).into_iter().collect()
}

fn person_ui(ui: &mut Ui, inside: &Inside, view: &HoursView, form: &mut LeaveForm) {
    if let Some((_, name)) = &form.person {
        inside.words(ui, &format!("For {name}."));
        return;
    }
    let named: Vec<Named> = view
        .people
        .iter()
        .map(|(person, name)| Named { id: SubjectId::from(*person), name: name.clone(), apart: String::new() })
        .collect();
    let high = look(ui).control();
    let mut cut = Cut(inside.next(ui, high * form.find.rows() as f32));
    let picker = Picker { name: "Name", hint: "Part of the name", people: &named };
    let taken = picker.find_ui(ui, &mut cut, &mut form.find);
    let found = taken.and_then(|id| view.people.iter().find(|(person, _)| SubjectId::from(*person) == id));
    form.person = found.cloned();
}
