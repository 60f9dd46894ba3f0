//! The forms of what is arranged for one pupil: a planned absence, an agreed timetable, and who a child on no list is.
//!
//! Not here: the rules of what may be arranged (see `office::pupils`).

use super::ask::{choice, day, line};
use crate::calendar::{self, Day, Half};
use crate::codes::{Class, Code, OnSite};
use crate::facts::pupil::{Plan, Timetable};
use crate::ids::{GroupId, PupilId};
use crate::known::{Known, Pupil};
use crate::view::pupils::{Answers, Ask, Form};

/// Codes that a plan may fill in on a day, in the order of a form: what keeps a pupil away.
fn planned_codes(known: &Known, on: Day) -> Vec<(Code, String)> {
    let codes = known.school().codes().in_use(on);
    codes
        .into_iter()
        .filter(|info| info.class != Class::NotCollected && !matches!(info.on_site, OnSite::Yes | OnSite::Arrival))
        .filter(|info| info.agreed.is_empty() && info.code != Code::NO_REASON)
        .map(|info| (info.code, format!("{}  {}", info.code, info.short)))
        .collect()
}

/// Codes that stand on agreed sessions of the week.
const AGREED: [&str; 4] = ["C2", "D", "X", "K"];

/// A planned absence or activity.
pub fn plan_form(known: &Known, pupil: &Pupil, today: Day) -> Form {
    let items = planned_codes(known, today).into_iter().map(|(_, words)| words).collect();
    Form {
        title: format!("Plan an absence of {}", pupil.spoken()),
        asks: vec![
            Ask::Words("It is filled in on registers until somebody confirms it.".to_owned()),
            choice("code", "What", items, None),
            line("first", "First day", "23/11/2026", &today.iso()),
            line("last", "Last day", "The first day, if nothing is given", ""),
            choice("half", "When", ["All day", "Morning", "Afternoon"].map(str::to_owned).to_vec(), Some(0)),
            line("note", "Why", "Hospital, letter seen", ""),
        ],
        done: "Plan it".to_owned(),
        ..Form::default()
    }
}

/// What is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// From which day to which.
    pub days: (Day, Day),
    /// One half of each, or both.
    pub half: Option<Half>,
    /// The code.
    pub code: Code,
    /// Why.
    pub note: String,
}

/// What the answers to [`plan_form`] mean.
///
/// # Errors
/// In words that say what is missing.
pub fn read_plan(known: &Known, answers: &Answers, today: Day) -> Result<Planned, String> {
    let codes = planned_codes(known, today);
    let chosen = answers.choice("code").and_then(|at| codes.get(at));
    let (code, _) = chosen.ok_or("choose what keeps the pupil away")?;
    let first = day(answers, "first", "First day")?.ok_or("First day: give one")?;
    let last = day(answers, "last", "Last day")?.unwrap_or(first);
    let half = match answers.choice("half") {
        Some(1) => Some(Half::Am),
        Some(2) => Some(Half::Pm),
        _ => None,
    };
    Ok(Planned { days: (first, last), half, code: *code, note: answers.line("note") })
}

/// The plans that fill in sessions from today on, the first first.
pub fn standing(pupil: &Pupil, today: Day) -> Vec<&Plan> {
    let mut found: Vec<_> = pupil.plans.iter().filter(|plan| plan.code.is_some() && plan.last >= today).collect();
    found.sort_by_key(|plan| (plan.first, plan.half));
    found
}

/// Which plan is called off.
pub fn call_off_form(pupil: &Pupil, today: Day) -> Form {
    let words = |plan: &&Plan| {
        let code = plan.code.map(|code| code.to_string()).unwrap_or_default();
        let half = plan.half.map(|half| format!(", {}s", half.word())).unwrap_or_default();
        let days = match plan.first == plan.last {
            true => plan.first.long(),
            false => format!("{} to {}", plan.first.long(), plan.last.long()),
        };
        let note = if plan.note.is_empty() { String::new() } else { format!(": {}", plan.note) };
        format!("{code}, {days}{half}{note}")
    };
    Form {
        title: format!("Call off a plan of {}", pupil.spoken()),
        asks: vec![
            Ask::Words("What it filled in and nobody confirmed is blank again. Marks that were made stand.".to_owned()),
            choice("plan", "Which", standing(pupil, today).iter().map(words).collect(), Some(0)),
        ],
        done: "Call it off".to_owned(),
        ..Form::default()
    }
}

/// The plan that the answer to [`call_off_form`] means.
///
/// # Errors
/// When none was chosen, or it does not stand any more.
pub fn read_call_off(pupil: &Pupil, answers: &Answers, today: Day) -> Result<Plan, String> {
    let plans = standing(pupil, today);
    let chosen = answers.choice("plan").and_then(|at| plans.get(at).copied());
    chosen.cloned().ok_or_else(|| "Which: choose a plan".to_owned())
}

/// Classes that a pupil can be put into, with what a choice says: those of their own site first.
fn classes(known: &Known, pupil: &Pupil) -> Vec<(GroupId, String)> {
    let school = known.school();
    let mut sites: Vec<_> = school.sites.values().collect();
    sites.sort_by_key(|site| (site.id != pupil.site, site.name.clone()));
    let several = sites.len() > 1;
    let named = |group: &crate::facts::school::Group, site: &str| match several {
        true => format!("{}, {site}", group.name),
        false => group.name.clone(),
    };
    sites
        .into_iter()
        .flat_map(|site| school.groups_of(site.id).into_iter().map(move |group| (group, site.name.as_str())))
        .filter(|(group, _)| !group.for_import)
        .map(|(group, site)| (group.id, named(group, site)))
        .collect()
}

/// A pupil's class and year group.
pub fn class_form(known: &Known, pupil: &Pupil, today: Day) -> Form {
    let classes = classes(known, pupil);
    let chosen = pupil.group_on(today).and_then(|own| classes.iter().position(|(group, _)| *group == own));
    Form {
        title: format!("The class of {}", pupil.spoken()),
        asks: vec![
            Ask::Words(
                "From the first day on the pupil is in the register of this class. A class at another site takes all \
                 that is recorded along."
                    .to_owned(),
            ),
            choice("class", "Class", classes.into_iter().map(|(_, words)| words).collect(), chosen),
            line("year", "Year group", "8", pupil.year_on(today)),
            line("from", "From", "23/11/2026", &today.iso()),
        ],
        done: "Change the class".to_owned(),
        ..Form::default()
    }
}

/// Class, year group and first day that the answers to [`class_form`] mean.
///
/// # Errors
/// In words that say what is missing.
pub fn read_class(known: &Known, pupil: &Pupil, answers: &Answers) -> Result<(GroupId, String, Day), String> {
    let classes = classes(known, pupil);
    let chosen = answers.choice("class").and_then(|at| classes.get(at));
    let (group, _) = chosen.ok_or("Class: choose one")?;
    let from = day(answers, "from", "From")?.ok_or("From: write the first day")?;
    Ok((*group, answers.line("year"), from))
}

/// An agreed timetable: what stands, or a new one.
pub fn timetable_form(pupil: &Pupil, today: Day) -> Form {
    let held = pupil.timetables.iter().filter(|table| table.last >= today).max_by_key(|table| table.first);
    let iso = |day: Option<Day>| day.map(Day::iso).unwrap_or_default();
    let code = held.and_then(|table| table.code).map(|code| code.to_string());
    let items = AGREED.map(str::to_owned).to_vec();
    let chosen = code.and_then(|code| items.iter().position(|item| *item == code)).or(Some(0));
    Form {
        title: format!("Agreed timetable of {}", pupil.spoken()),
        asks: vec![
            Ask::Words(
                "Sessions of the week on which the pupil is not due here. A part-time timetable (C2) is for a while, \
                 agreed with the parent, and looked at again; it is never a sanction."
                    .to_owned(),
            ),
            line("off", "Not due on", "mon pm, wed, fri am", &held.map(|held| spoken(&held.off)).unwrap_or_default()),
            choice("code", "Code", items, chosen),
            line("first", "First day", "23/11/2026", &held.map_or_else(|| today.iso(), |held| held.first.iso())),
            line("last", "Last day", "It ends, always", &iso(held.map(|held| held.last))),
            line("agreed", "Parent agreed on", "Needed for C2", &iso(held.and_then(|held| held.agreed))),
            line("review", "Looked at again on", "Needed for C2", &iso(held.and_then(|held| held.review))),
            line(
                "note",
                "Plan, and who agreed",
                "Pathway to Full-Time Plan, agreed with Grace Byrne",
                held.map_or("", |held| &held.note),
            ),
        ],
        done: "Set it".to_owned(),
        ..Form::default()
    }
}

/// `mon pm, wed` from places in a week.
fn spoken(off: &[u8]) -> String {
    let has = |place: usize| off.iter().any(|one| usize::from(*one) == place);
    let words = calendar::WEEKDAYS.iter().enumerate().filter_map(|(at, day)| match (has(at * 2), has(at * 2 + 1)) {
        (true, true) => Some((*day).to_owned()),
        (true, false) => Some(format!("{day} am")),
        (false, true) => Some(format!("{day} pm")),
        (false, false) => None,
    });
    words.collect::<Vec<_>>().join(", ")
}

/// What the answers to [`timetable_form`] mean. No session calls the timetable off.
///
/// # Errors
/// In words that say which field, and what would be right.
pub fn read_timetable(answers: &Answers) -> Result<Timetable, String> {
    let off = calendar::sessions_of_week(&answers.line("off"))?;
    let code = answers.choice("code").and_then(|at| AGREED.get(at)).and_then(|code| Code::new(code));
    Ok(Timetable {
        first: day(answers, "first", "First day")?.ok_or("First day: give one")?,
        last: day(answers, "last", "Last day")?.ok_or("Last day: a timetable ends, so give one")?,
        review: day(answers, "review", "Looked at again on")?,
        code: code.filter(|_| !off.is_empty()),
        off,
        agreed: day(answers, "agreed", "Parent agreed on")?,
        note: answers.line("note"),
    })
}

/// Who a child on no list is.
pub fn match_form(child: &Pupil) -> Form {
    let said = child.provisional.clone().unwrap_or_default();
    let mut asks = vec![Ask::Words("What was marked of the child is the pupil’s from then on.".to_owned())];
    asks.extend((!said.is_empty()).then(|| Ask::Words(format!("Said when written down: {said}"))));
    asks.push(line("pupil", "This is", "A name, or an admission number", ""));
    asks.push(Ask::Words("Or, of a child who is no pupil of the school and has gone:".to_owned()));
    asks.push(line("gone", "What became of them", "Went home with her aunt at 09:40", ""));
    Form { title: format!("Who is {}?", child.spoken()), asks, done: "Match".to_owned(), ..Form::default() }
}

/// Who a child on no list turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matching {
    /// A pupil.
    Pupil(PupilId),
    /// None of the school's, who has gone; with what became of them.
    Gone(String),
}

/// Whom the answers to [`match_form`] mean.
///
/// # Errors
/// When nobody, or several, have what was typed in their name, or both answers are given.
pub fn read_match(known: &Known, answers: &Answers) -> Result<Matching, String> {
    let (typed, gone) = (answers.line("pupil"), answers.line("gone"));
    match (typed.is_empty(), gone.is_empty()) {
        (true, false) => return Ok(Matching::Gone(gone)),
        (false, false) => return Err("say either who it is, or what became of the child".to_owned()),
        (_, true) => {}
    }
    pupil_meant(known, typed).map(Matching::Pupil)
}

fn pupil_meant(known: &Known, typed: String) -> Result<PupilId, String> {
    let on_register = |pupil: &&&std::sync::Arc<Pupil>| pupil.provisional.is_none();
    let found: Vec<_> = known.search(&typed, usize::MAX);
    let mut found: Vec<_> = found.iter().filter(on_register).map(|pupil| pupil.id).collect();
    found.extend(known.pupils().filter(|pupil| pupil.identity.admission_no == typed).map(|pupil| pupil.id));
    found.dedup();
    match found.as_slice() {
        _ if typed.is_empty() => Err("say who it is: a name, or an admission number".to_owned()),
        [one] => Ok(*one),
        [] => Err(format!("nobody on the register has {typed} in their name: admit the child first")),
        several => Err(format!("{} pupils have {typed} in their name: give more of it", several.len())),
    }
}
