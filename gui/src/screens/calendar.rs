//! The school's calendar: terms, days out of the ordinary, cover, session times; each can be set and called off.
//!
//! What is typed goes out as typed; what is wrong with it comes back in the view and stands in the form.

use super::hours::{HoursState, buttons_ui as hours_buttons_ui, hours_ui, sentence as hours_sentence};
use super::pupils::form::{self, Done, FormState};
use crate::draft;
use crate::draft::form::{self as drafted, keep};
use crate::intent::{Intent, PupilAct};
use crate::kit::choice::choice_of;
use crate::kit::field::Field;
use crate::kit::layer::{self, Inside};
use crate::kit::list::{self, List, ListState};
use crate::kit::text::{self, Type};
use crate::kit::tick::tick;
use crate::kit::{Button, Cut, Weight, chip, look, panel, size};
use egui::{Align, Id, Rect, Role, Ui, vec2};
use muster_core::id::PersonId;
use muster_school::ids::GroupId;
use muster_school::view::calendar::{CalendarAct, CalendarRow, CalendarView, DaysKind, SiteAct, SiteForm};
use muster_school::view::pupils::Doing;
use muster_school::view::status::Status;

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct CalendarState {
    /// Focus and scrolling.
    pub list: ListState,
    form: Option<Form>,
    /// A line that is about to be called off.
    calling_off: Option<CalendarRow>,
    /// What was sent, until the engine has said how it went.
    sent: bool,
    /// School hours and leave.
    hours: HoursState,
    /// What is set for a fire and for paper.
    site: FormState,
}

/// What is being set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Term,
    Days,
    Times,
    Cover,
}

impl What {
    const ALL: [Self; 4] = [Self::Term, Self::Days, Self::Times, Self::Cover];

    /// What its button says.
    fn words(self) -> &'static str {
        match self {
            Self::Term => "Set a term",
            Self::Days => "Set a day",
            Self::Times => "Set times",
            Self::Cover => "Set cover",
        }
    }
}

#[derive(Clone, Debug)]
struct Form {
    what: What,
    here_only: bool,
    name: String,
    first: String,
    last: String,
    kind: DaysKind,
    /// Of some days: for whom, nobody being every group. Of cover: which, nobody being none yet.
    group: Option<GroupId>,
    person: Option<PersonId>,
    times: [[String; 3]; 2],
}

impl Form {
    fn new(what: What, view: &CalendarView) -> Self {
        Self {
            what,
            // Times of the school's own leave a site with others as it is.
            here_only: what == What::Times && view.own_times,
            name: String::new(),
            first: String::new(),
            last: String::new(),
            kind: DaysKind::Closed,
            group: None,
            person: None,
            times: view.times.clone(),
        }
    }

    fn act(&self, view: &CalendarView) -> Option<CalendarAct> {
        let site = view.site.filter(|_| self.here_only);
        let (first, last) = (self.first.clone(), self.last.clone());
        // What is not on the list any more is chosen again.
        let group = self.group.filter(|group| view.groups.iter().any(|(known, _)| known == group));
        let person = self.person.filter(|person| view.staff.iter().any(|(known, _)| known == person));
        Some(match self.what {
            What::Term => CalendarAct::Term { site, name: self.name.clone(), first, last },
            What::Days => {
                let of = self.group.filter(|_| self.kind == DaysKind::Open);
                if of.is_some() && group.is_none() {
                    return None;
                }
                let groups = of.into_iter().collect();
                CalendarAct::Days { site, kind: self.kind, groups, label: self.name.clone(), first, last }
            }
            What::Times => CalendarAct::Times { site, times: self.times.clone() },
            What::Cover => CalendarAct::Cover { group: group?, person: Some(person?), first, last },
        })
    }
}

impl drafted::Form for Form {
    fn which(&self) -> String {
        format!("{:?}", self.what)
    }

    fn parts(&mut self, each: &mut dyn FnMut(&str, &mut dyn drafted::Part)) {
        each("here only", &mut self.here_only);
        each("name", &mut self.name);
        each("first", &mut self.first);
        each("last", &mut self.last);
        let mut kind = Some(self.kind);
        each("kind", &mut kind);
        self.kind = kind.unwrap_or(self.kind);
        each("group", &mut self.group);
        each("person", &mut self.person);
        for (at, typed) in self.times.as_flattened_mut().iter_mut().enumerate() {
            each(&format!("time {at}"), typed);
        }
    }
}

/// Shows the calendar in the whole of `ui`.
pub fn calendar_ui(ui: &mut Ui, view: &CalendarView, state: &mut CalendarState) -> Vec<Intent> {
    let tokens = look(ui).tokens;
    if std::mem::take(&mut state.sent) && view.problem.is_none() {
        state.form = None;
    }
    let mut cut = Cut(ui.max_rect().shrink2(vec2(size::MARGIN, 12.0)));
    let title = format!("School calendar, {}", view.site_name);
    let title = text::line(ui, &title, Type::Title, Weight::Strong, tokens.text, cut.width());
    text::label(ui, cut.top(28.0), title, Align::Min);
    let today = text::line(ui, &view.today, Type::Body, Weight::Regular, tokens.muted, cut.width());
    text::label(ui, cut.top(20.0), today, Align::Min);
    for (half, times) in ["Morning", "Afternoon"].into_iter().zip(&view.times) {
        let [start, close, deadline] = times;
        let words = format!("{half}: begins {start}, register closes {close}, due by {deadline}");
        let line = text::line(ui, &words, Type::Body, Weight::Regular, tokens.text, cut.width());
        text::label(ui, cut.top(22.0), line, Align::Min);
    }
    let hours = text::wrapped(ui, &hours_sentence(&view.hours), Type::Body, Weight::Regular, tokens.text, cut.width());
    let high = hours.size().y + 2.0;
    text::label(ui, cut.top(high), hours, Align::Min);
    cut.top(6.0);
    let mut intents = Vec::new();
    if view.may_change || view.hours.may_change {
        intents.extend(buttons_ui(ui, &mut cut, view, state));
    }
    for words in &view.clashes {
        let parts = super::today::sentence(words);
        let high = chip::warning_height(ui, &parts, cut.width());
        chip::warning(ui, cut.top(high), Status::Check, &parts);
        cut.top(8.0);
    }
    list_ui(ui, cut.rest(), view, state);
    intents.extend(form_ui(ui, view, state));
    intents.extend(site_form_ui(ui, view, state));
    intents.extend(call_off_ui(ui, state));
    intents.extend(hours_ui(ui, &view.hours, &mut state.hours));
    intents
}

/// The form that the engine has open for a fire or for paper.
fn site_form_ui(ui: &mut Ui, view: &CalendarView, state: &mut CalendarState) -> Option<Intent> {
    let Some(form) = &view.form else {
        let left = form::closed_site_ui(ui, &mut state.site)?;
        let what = SiteForm::ALL.into_iter().find(|what| format!("{what:?}") == left)?;
        return (view.may_change && view.site.is_some()).then_some(Intent::OfSite(SiteAct::Ask(what)));
    };
    form::open_ui(ui, form, &mut state.site).map(|done| match done {
        Done::Send(answers) => Intent::OfSite(SiteAct::Answer(answers)),
        Done::Stop => Intent::OfSite(SiteAct::Drop),
    })
}

fn buttons_ui(ui: &mut Ui, cut: &mut Cut, view: &CalendarView, state: &mut CalendarState) -> Option<Intent> {
    let high = look(ui).control();
    let mut line = Cut(cut.top(high));
    for what in What::ALL.into_iter().filter(|_| view.may_change) {
        let button = Button::new(what.words());
        let wide = button.width(ui);
        if wide > line.width() {
            cut.top(8.0);
            line = Cut(cut.top(high));
        }
        if button.show(ui, line.left(wide)).clicked() {
            state.form = Some(Form::new(what, view));
        }
        line.left(8.0);
    }
    let mut asked = None;
    if view.may_change {
        let button = Button::new(Doing::Codes.words());
        let wide = button.width(ui);
        if wide > line.width() {
            cut.top(8.0);
            line = Cut(cut.top(high));
        }
        if button.show(ui, line.left(wide)).clicked() {
            asked = Some(Intent::Pupils(PupilAct::Ask(Doing::Codes)));
        }
        line.left(8.0);
    }
    for what in SiteForm::ALL.into_iter().filter(|_| view.may_change && view.site.is_some()) {
        let button = Button::new(what.words());
        let wide = button.width(ui);
        if wide > line.width() {
            cut.top(8.0);
            line = Cut(cut.top(high));
        }
        if button.show(ui, line.left(wide)).clicked() {
            asked = Some(Intent::OfSite(SiteAct::Ask(what)));
        }
        line.left(8.0);
    }
    if view.hours.may_change {
        hours_buttons_ui(ui, &view.hours, &mut state.hours, |_, wide| {
            if wide > line.width() {
                cut.top(8.0);
                line = Cut(cut.top(high));
            }
            let rect = line.left(wide);
            line.left(8.0);
            rect
        });
    }
    cut.top(10.0);
    asked
}

fn sentence(row: &CalendarRow) -> String {
    format!("{}, {}, {}", row.what, row.when, row.place)
}

fn list_ui(ui: &mut Ui, body: Rect, view: &CalendarView, state: &mut CalendarState) {
    let tokens = look(ui).tokens;
    panel::panel(ui, body);
    if view.rows.is_empty() {
        let words = "Nothing is set: every weekday is a school day";
        let galley = text::line(ui, words, Type::Body, Weight::Regular, tokens.muted, body.width());
        text::label(ui, body, galley, Align::Center);
        return;
    }
    let id = |index: usize| Id::unique(("calendar line", index));
    let name = |index: usize| view.rows.get(index).map(sentence).unwrap_or_default();
    let list = List {
        salt: "calendar",
        count: view.rows.len(),
        height: if look(ui).touch { size::CONTROL_TOUCH } else { size::ROW_DEVICE },
        role: Role::Button,
        id: &id,
        name: &name,
        overhang: 0.0,
        ruled: true,
        escape: false,
    };
    let happened = list::show(ui, body.shrink(1.0), &mut state.list, &list, |ui, place| {
        if let Some(row) = view.rows.get(place.index) {
            let mut cut = Cut(place.rect.shrink2(vec2(13.0, 0.0)));
            let third = cut.width() / 3.0;
            text::put(ui, cut.left(third), &row.what, Type::Body, Weight::Strong, tokens.text);
            text::put(ui, cut.left(third * 1.25), &row.when, Type::Body, Weight::Regular, tokens.text);
            text::put(ui, cut.rest(), &row.place, Type::Body, Weight::Regular, tokens.muted);
        }
    });
    panel::outline(ui, body);
    if let Some(row) = happened.pressed.and_then(|index| view.rows.get(index)).filter(|_| view.may_change) {
        state.calling_off = row.call_off.is_some().then(|| row.clone());
    }
}

fn named(ui: &mut Ui, inside: &Inside, words: &str) -> Rect {
    let high = look(ui).control();
    let mut line = Cut(inside.next(ui, high));
    text::put(ui, line.left(110.0), words, Type::Body, Weight::Strong, look(ui).tokens.text);
    line.rest()
}

fn field(ui: &mut Ui, inside: &Inside, (name, hint): (&str, &str), typed: &mut String, first: bool) {
    let rect = named(ui, inside, name);
    let response = Field::new(name).hint(hint).limit(60).show(ui, rect, typed);
    if first && inside.fresh {
        response.request_focus();
    }
}

fn form_ui(ui: &mut Ui, view: &CalendarView, state: &mut CalendarState) -> Vec<Intent> {
    let named_so = |which: &str| What::ALL.into_iter().find(|what| format!("{what:?}") == which);
    let opens = |which: &str| named_so(which).filter(|_| view.may_change).map(|what| Form::new(what, view));
    // A draft names its site: *Only at Harbour* is not back as *Only at Hill*.
    let kind = format!("set {}", view.site.map(|site| draft::hex(&site.0)).unwrap_or_default());
    let back = keep(ui, &kind, &mut state.form, opens);
    let Some(mut form) = state.form.clone() else { return Vec::new() };
    let title = match form.what {
        What::Term => "Set a term",
        What::Days => "Set a day, or some days",
        What::Times => "Set the times of sessions",
        What::Cover => "Set who takes a register",
    };
    let ((save, stop), closed) = layer::show(ui, "calendar form", title, 520.0, |ui, inside| {
        match form.what {
            What::Term => field(ui, inside, ("Name", "Autumn"), &mut form.name, true),
            What::Days => {
                let rect = named(ui, inside, "What");
                let items = DaysKind::ALL.map(|kind| (kind, kind.words().to_owned()));
                if let Some(Some(chosen)) = choice_of(ui, rect, "What", None, &items, Some(form.kind)) {
                    form.kind = chosen;
                }
                if form.kind == DaysKind::Open {
                    let rect = named(ui, inside, "For");
                    let every = std::iter::once((None, "Every group".to_owned()));
                    let groups = view.groups.iter().map(|(group, name)| (Some(*group), name.clone()));
                    let items: Vec<_> = every.chain(groups).collect();
                    if let Some(Some(chosen)) = choice_of(ui, rect, "For", None, &items, Some(form.group)) {
                        form.group = chosen;
                    }
                }
                field(ui, inside, ("Why", "Half term"), &mut form.name, true);
            }
            What::Times => {
                let names = [["Begins", "Closes", "Due by"], ["Begins", "Closes", "Due by"]];
                for ((half, names), typed) in ["Morning", "Afternoon"].iter().zip(names).zip(&mut form.times) {
                    for (name, typed) in names.iter().zip(typed) {
                        field(ui, inside, (&format!("{half} {}", name.to_lowercase()), "08:50"), typed, false);
                    }
                }
                inside.words(ui, "A register is open for 30 minutes at most.");
                let site = &view.site_name;
                let whose = match (form.here_only, view.own_times) {
                    (true, _) => format!("These are set for {site} alone."),
                    (false, true) => format!("These are set for every other site: {site} keeps its own."),
                    (false, false) => "These are set for every site that has none of its own.".to_owned(),
                };
                inside.words(ui, &whose);
            }
            What::Cover => {
                let rect = named(ui, inside, "Register of");
                let any = Some("Choose a group");
                if let Some(chosen) = choice_of(ui, rect, "Register of", any, &view.groups, form.group) {
                    form.group = chosen;
                }
                let rect = named(ui, inside, "Taken by");
                let any = Some("Choose somebody");
                if let Some(chosen) = choice_of(ui, rect, "Taken by", any, &view.staff, form.person) {
                    form.person = chosen;
                }
            }
        }
        if form.what != What::Times {
            field(ui, inside, ("First day", "23/11/2026"), &mut form.first, false);
            field(ui, inside, ("Last day", "23/11/2026, or nothing"), &mut form.last, false);
        }
        if form.what != What::Cover {
            let high = look(ui).control();
            let rect = inside.next(ui, high);
            tick(ui, rect, &format!("Only at {}", view.site_name), &mut form.here_only);
        }
        if back {
            inside.words(ui, draft::BACK);
        }
        if let Some(problem) = &view.problem {
            inside.words(ui, problem);
        }
        let high = look(ui).control();
        let mut line = Cut(inside.next(ui, high));
        let save = Button::filled("Save").enabled(form.act(view).is_some());
        let wide = save.width(ui);
        let save = save.show(ui, line.left(wide)).clicked();
        line.left(8.0);
        let cancel = Button::new("Cancel");
        let wide = cancel.width(ui);
        (save, cancel.show(ui, line.left(wide)).clicked())
    });
    let act = form.act(view).filter(|_| save);
    if closed || stop {
        state.form = None;
        return vec![Intent::LeaveCalendarForm];
    }
    state.sent = act.is_some();
    state.form = Some(form);
    act.map(Intent::Calendar).into_iter().collect()
}

fn call_off_ui(ui: &mut Ui, state: &mut CalendarState) -> Vec<Intent> {
    let Some(row) = state.calling_off.clone() else { return Vec::new() };
    let ((off, stop), closed) = layer::show(ui, "call off", &row.what, 480.0, |ui, inside| {
        inside.words(ui, &format!("{}. {}.", row.when, row.place));
        inside.words(ui, "Called off, it counts as if it had not been set. The audit keeps both.");
        let high = look(ui).control();
        let mut line = Cut(inside.next(ui, high));
        let off = Button::filled("Call it off");
        let wide = off.width(ui);
        let off = off.show(ui, line.left(wide));
        line.left(8.0);
        let keep = Button::new("Leave it");
        let wide = keep.width(ui);
        let keep = keep.show(ui, line.left(wide));
        if inside.fresh {
            keep.request_focus();
        }
        (off.clicked(), keep.clicked())
    });
    if off || stop || closed {
        state.calling_off = None;
    }
    row.call_off.filter(|_| off).map(Intent::Calendar).into_iter().collect()
}
