//! Forms of the office beside those of a pupil's entry: session attendance for a parent, registers and the help sheet
//! on paper, a newer list of codes, and reviews of old records.
//!
//! Not here: what is written into files (see the program).

use super::ask::{choice, day, head, line, tick, words};
use super::attendance::period_words;
use crate::calendar::Day;
use crate::codes::{CodeInfo, Codes};
use crate::extract::for_parent::{Given, kept_away, may_be_given};
use crate::facts::retention::{Class, Decision, Reviewed};
use crate::facts::returns::Guide;
use crate::facts::school::Group;
use crate::figures::Period;
use crate::ids::GroupId;
use crate::known::family::Family;
use crate::known::{Known, Pupil};
use crate::retention::Entered;
use crate::rights;
use crate::view::pupils::{Answers, Ask, Doing, Form};
use muster_core::id::{PersonId, PlaceId};
use muster_core::replica::records::Records;

/// What leaves encryption, before it does.
const LEAVES: &str = "It leaves encryption: whoever has the file or the paper can read it.";
/// Rows of a list of codes that a preview names one by one.
const PREVIEWED: usize = 40;

/// Whether somebody leads the school or a site.
pub fn leads(records: &impl Records, me: Option<PersonId>) -> bool {
    rights::held_by(records, me).iter().any(|held| held.rank <= rights::LEADS)
}

/// What can be done beside taking registers, with them listed.
pub fn with_registers(records: &impl Records, me: Option<PersonId>) -> Vec<Doing> {
    if leads(records, me) { vec![Doing::Print, Doing::Guide] } else { vec![Doing::Guide] }
}

/// Session attendance for a parent: for whom, of which days, and what is given.
pub fn parent_form(pupil: &Pupil, family: &Family, today: Day) -> Form {
    let people = may_be_given(family, today);
    let mut asks = vec![words(
        "One page and a table: date, session, code and what it means, of this pupil alone. It is for a parent, who has \
         no account here.",
    )];
    let barred = family.not_to_call(today).into_iter().chain(family.not_to_collect(today));
    let mut said: Vec<String> = Vec::new();
    for (name, _) in barred {
        if let Some(why) = kept_away(family, &name, today).filter(|why| !said.contains(why)) {
            said.push(why);
        }
    }
    asks.extend(said.iter().map(|why| words(&format!("{}{}.", &why[..1].to_uppercase(), &why[1..]))));
    let first = people.first().cloned().unwrap_or_default();
    if people.len() > 1 {
        asks.push(words(&format!("On record: {}.", people.join(", "))));
    }
    asks.extend([
        line("to", "For whom", "Grace Byrne", &first),
        line("purpose", "What for", "Asked for by the mother", "Session attendance for a parent"),
        line("first", "First day", "07/09/2026", &Period::year_to(today).from.iso()),
        line("last", "Last day", "23/11/2026", &today.iso()),
        tick("minutes", "With minutes late", true),
        tick("comments", "With comments of the register: read them first", false),
        line("folder", "Into the folder", "Documents/parents", ""),
    ]);
    let title = format!("Session attendance of {}", pupil.spoken());
    Form { title, asks, done: "Go on".to_owned(), ..Form::default() }
}

/// Days and what is given, as answered in [`parent_form`].
///
/// # Errors
/// In words that say which field, or that it is not for that person.
pub fn read_parent(answers: &Answers, family: &Family, today: Day) -> Result<((Day, Day), Given), String> {
    let first = day(answers, "first", "First day")?.ok_or("First day: give one")?;
    let last = day(answers, "last", "Last day")?.unwrap_or(today);
    if let Some(why) = kept_away(family, &answers.line("to"), today) {
        return Err(why);
    }
    Ok(((first, last), Given { minutes: answers.tick("minutes"), comments: answers.tick("comments") }))
}

fn groups(known: &Known, site: Option<PlaceId>) -> Vec<&Group> {
    let school = known.school();
    let sites = school.sites.keys().filter(|at| site.is_none_or(|site| site == **at));
    sites.flat_map(|at| school.groups_of(*at)).filter(|group| !group.for_import).collect()
}

/// The registers of a day on paper.
pub fn print_form(known: &Known, site: Option<PlaceId>, today: Day) -> Form {
    let mut items = vec!["Every class".to_owned()];
    items.extend(groups(known, site).iter().map(|group| group.name.clone()));
    Form {
        title: "Print registers".to_owned(),
        asks: vec![
            words(
                "A PDF, a class a sheet, as a paper fallback: name, born, morning, afternoon, and room to write by hand.",
            ),
            words(LEAVES),
            line("day", "Day", "23/11/2026", &today.iso()),
            choice("class", "Which", items, Some(0)),
            line("folder", "Into the folder", "Documents/registers", ""),
        ],
        done: "Write it".to_owned(),
        ..Form::default()
    }
}

/// The day and the class, as answered in [`print_form`].
///
/// # Errors
/// In words that say which field.
pub fn read_print(
    known: &Known,
    site: Option<PlaceId>,
    answers: &Answers,
    today: Day,
) -> Result<(Day, Option<GroupId>), String> {
    let on = day(answers, "day", "Day")?.unwrap_or(today);
    let at = answers.choice("class").ok_or("Which: choose one")?;
    let group = at.checked_sub(1).and_then(|at| groups(known, site).get(at).map(|group| group.id));
    Ok((on, group))
}

/// The one-page help of a site: its own words, where they may be set, and a folder for the sheet.
pub fn guide_form(known: &Known, site: PlaceId, may_set: bool) -> Form {
    let held = known.school().guide(site);
    let mut asks = vec![words(
        "One sheet for taking the register: the site’s times, the steps, the codes in use, whom to ask. It names no pupil. \
         F1 shows the same.",
    )];
    if may_set {
        asks.push(line("ask", "Whom to ask", "Ruth Adeyemi, front office", held.map_or("", |held| &held.ask)));
        asks.push(line(
            "note",
            "The site’s own words",
            "Taxis are late on Mondays",
            held.map_or("", |held| &held.note),
        ));
    }
    asks.push(line("folder", "Into the folder", "Nothing: no sheet is written", ""));
    Form {
        title: format!("Help sheet of {}", known.site_name(site)),
        asks,
        done: if may_set { "Save" } else { "Write it" }.to_owned(),
        ..Form::default()
    }
}

/// What the site adds to its help now, where that differs from what stands.
pub fn read_guide(known: &Known, site: PlaceId, answers: &Answers) -> Option<Guide> {
    let new = Guide { site: Some(site), ask: answers.line("ask"), note: answers.line("note") };
    let (ask, note) = known.school().guide(site).map_or(("", ""), |held| (&held.ask, &held.note));
    (new.ask != ask || new.note != note).then_some(new)
}

/// Which file a newer list of codes is in.
pub fn codes_form() -> Form {
    Form {
        title: "Take in a list of attendance codes".to_owned(),
        asks: vec![
            words(
                "A file of next year’s codes: CSV with the columns code, meaning, class and on_site, and valid_from. What \
                 it would change is shown first.",
            ),
            line("file", "File", "Downloads/codes-2027.csv", ""),
        ],
        done: "Show what it changes".to_owned(),
        ..Form::default()
    }
}

/// What a list of codes would change, row by row.
pub fn codes_preview(held: &Codes, rows: &[CodeInfo]) -> Form {
    let new: Vec<&CodeInfo> = rows.iter().filter(|row| !held.rows().any(|held| held == *row)).collect();
    let same = rows.len() - new.len();
    let mut asks = vec![words(&match (new.len(), same) {
        (0, _) => "Nothing in it is new: every row is here already.".to_owned(),
        (new, 0) => format!("{} would be taken in.", super::count(new, "row")),
        (new, same) => format!("{} would be taken in; {same} are here already.", super::count(new, "row")),
    })];
    for row in new.iter().take(PREVIEWED) {
        let counts = match (row.class.is_attended(), row.class.is_possible()) {
            (true, _) => "counts as attended",
            (false, true) => "counts as absent",
            (false, false) => "is not counted",
        };
        let from = row.from.map_or_else(|| "always".to_owned(), |day| format!("from {}", period_words(one_day(day))));
        let to = row.to.map_or_else(String::new, |day| format!(" to {}", period_words(one_day(day))));
        let instead = match row.from.and_then(|from| held.on(row.code, from)) {
            Some(before) if before.meaning != row.meaning => format!(" In place of: {}.", before.meaning),
            _ => String::new(),
        };
        asks.push(words(&format!("{}  {}, {counts}, {from}{to}.{instead}", row.code, row.meaning)));
    }
    if new.len() > PREVIEWED {
        asks.push(words(&format!("And {} more.", new.len() - PREVIEWED)));
    }
    if !new.is_empty() {
        asks.push(words("Each counts from its first day. Marks of days before keep the meaning they had."));
    }
    let done = if new.is_empty() { "Close" } else { "Take them in" };
    Form { title: "What the list changes".to_owned(), asks, done: done.to_owned(), ..Form::default() }
}

fn one_day(day: Day) -> Period {
    Period { from: day, to: day }
}

/// What can be reviewed here: of concerns, what is decided is written into the file itself.
fn due(old: &[Entered]) -> Vec<&Entered> {
    old.iter().filter(|one| one.due > 0 && one.class != Class::ChildProtection).collect()
}

/// A review of old records: which, what is decided, why.
pub fn review_form(records: &impl Records, known: &Known, old: &[Entered]) -> Form {
    let several = known.school().sites.len() > 1;
    let items = due(old).into_iter().map(|one| {
        let site = if several { format!(", {}", known.site_name(one.site)) } else { String::new() };
        format!("{} {}{site}: {} due", one.class.words(), one.class.of_year(one.year), one.due)
    });
    let items: Vec<String> = items.collect();
    let mut asks = vec![words(
        "These were kept for as long as they should be. Decide about each: a claim, an enquiry or an order may need them for longer. The \
         decision and the reason are written down; nothing is destroyed by it.",
    )];
    if items.is_empty() {
        asks.push(words("Nothing is due."));
    } else {
        asks.extend([
            choice("which", "Which", items, Some(0)),
            choice("decision", "Decided", vec!["Keep until a day".to_owned(), "Due for destruction".to_owned()], None),
            line("until", "Keep until", "31/08/2034, where they are kept", ""),
            line("reason", "Why", "A claim is open", ""),
        ]);
    }
    asks.extend(reviewed(records, known).into_iter().enumerate().flat_map(|(at, said)| {
        let first: Option<Ask> = (at == 0).then(|| head("Reviewed before"));
        first.into_iter().chain([words(&said)])
    }));
    Form { title: "Review old records".to_owned(), asks, done: "Write it down".to_owned(), ..Form::default() }
}

/// What a review decided, as answered in [`review_form`].
///
/// # Errors
/// In words that say which field.
pub fn read_review(old: &[Entered], answers: &Answers, today: Day) -> Result<Reviewed, String> {
    let due = due(old);
    let which = answers.choice("which").and_then(|at| due.get(at)).ok_or("Which: choose one")?;
    let decision = match answers.choice("decision") {
        Some(0) => Decision::KeepUntil(day(answers, "until", "Keep until")?.ok_or("Keep until: give a day")?),
        Some(1) => Decision::Destroy,
        _ => return Err("Decided: choose one".to_owned()),
    };
    let reason = answers.line("reason");
    Ok(Reviewed { site: which.site, class: which.class, year: which.year, day: today, decision, reason })
}

/// What reviews so far decided, the newest first: `Attendance register entered in 2026, Harbour: keep until 31 August
/// 2034. A claim is open. Reviewed on 1 December 2032 by Helen Marsh`.
pub fn reviewed(records: &impl Records, known: &Known) -> Vec<String> {
    let mut all: Vec<_> = known.school().reviews.values().collect();
    all.sort_by_key(|(review, _)| std::cmp::Reverse(review.day));
    let dated = |day: Day| period_words(one_day(day));
    let words = all.into_iter().map(|(review, origin)| {
        let who = records.author(&origin.seat).and_then(|author| author.person);
        let who = who.map_or_else(|| "somebody".to_owned(), |person| known.staff_name(person));
        let decided = match review.decision {
            Decision::KeepUntil(until) => format!("keep until {}", dated(until)),
            Decision::Destroy => "due for destruction".to_owned(),
        };
        format!(
            "{} {}, {}: {decided}. {}. Reviewed on {} by {who}.",
            review.class.words(),
            review.class.of_year(review.year),
            known.site_name(review.site),
            review.reason.trim_end_matches('.'),
            dated(review.day)
        )
    });
    words.collect()
}
