//! The calendar of a site, and changes of it as typed.

use crate::calendar::{self, Day, Half};
use crate::facts::calendar::{Begun, Special, Term, Unusual};
use crate::facts::school::{Closure, HalfTimes, SchoolFact, Times};
use crate::known::{About, DayKind, Known};
use crate::office::{Office, OfficeError};
use crate::view::calendar::{CalendarAct, CalendarRow, CalendarView, DaysKind};
use muster_core::id::PlaceId;
use muster_core::replica::records::{Records, Written};

/// Said where a register is open longer in one session than in the other.
fn lengths(times: Times) -> String {
    let [am, pm] = [times.am, times.pm].map(|half| half.close.saturating_sub(half.start));
    if am == pm {
        return String::new();
    }
    format!(
        " Registers are open for {am} minutes in the morning and {pm} in the afternoon: it should be as long in every session."
    )
}

/// The calendar of a site in the academic year of today. Whether it may be changed is for the program to add.
pub fn calendar(records: &impl Records, known: &Known, site: PlaceId) -> CalendarView {
    let school = known.school();
    let today = calendar::local(records.now()).day;
    let here = |at: Option<PlaceId>| at.is_none_or(|at| at == site);
    let mut rows: Vec<(Day, CalendarRow)> = Vec::new();
    let mut add = |what: String, at: Option<PlaceId>, (first, last): (Day, Day), call_off: CalendarAct| {
        if last.year() == today.year() || first.year() == today.year() || last >= today {
            let place = at.map_or("Every site", |at| known.site_name(at)).to_owned();
            rows.push((first, CalendarRow { what, when: days(first, last), place, call_off: Some(call_off) }));
        }
    };
    for term in school.terms.iter().filter(|term| here(term.site) && !term.name.is_empty()) {
        let off = CalendarAct::CallOff { site: term.site, first: term.first, what: Begun::Term };
        add(format!("Term: {}", term.name), term.site, (term.first, term.last), off);
    }
    for closure in school.closures.iter().filter(|one| here(one.site) && !one.label.is_empty()) {
        let off = CalendarAct::CallOff { site: closure.site, first: closure.first, what: Begun::Closure };
        add(format!("Closed: {}", closure.label), closure.site, (closure.first, closure.last), off);
    }
    for special in school.specials.iter().filter(|one| here(one.site)) {
        let words = match &special.what {
            Unusual::Nothing => continue,
            Unusual::Training => "Training day".to_owned(),
            Unusual::Open => "Open".to_owned(),
            Unusual::Lost => "Unexpectedly closed".to_owned(),
            Unusual::OpenTo(groups) => {
                let names = groups.iter().filter_map(|group| school.groups.get(group)).map(|group| group.name.clone());
                format!("Open to {}", super::words::list(&names.collect::<Vec<_>>()))
            }
        };
        let what = if special.label.is_empty() { words } else { format!("{words}: {}", special.label) };
        let off = CalendarAct::CallOff { site: special.site, first: special.first, what: Begun::Special };
        add(what, special.site, (special.first, special.last), off);
    }
    for cover in &school.covers {
        let (Some(person), Some(group)) = (cover.person, school.groups.get(&cover.group)) else { continue };
        if group.site != site || cover.last < today {
            continue;
        }
        let off =
            CalendarAct::Cover { group: cover.group, person: None, first: cover.first.iso(), last: cover.last.iso() };
        let what = format!("Cover: {} takes {}", known.staff_name(person), group.name);
        add(what, Some(site), (cover.first, cover.last), off);
    }
    rows.sort_by(|a, b| (a.0, &a.1.what).cmp(&(b.0, &b.1.what)));
    let mut staff: Vec<_> = school
        .staff
        .values()
        .filter(|one| one.sites.is_empty() || one.sites.contains(&site))
        .map(|one| (one.person, known.staff_name(one.person)))
        .collect();
    staff.sort_by_key(|(person, name)| (crate::names::fold(name), *person));
    CalendarView {
        form: None,
        site: Some(site),
        site_name: known.site_name(site).to_owned(),
        today: format!("{} is {}.{}", today.long(), said(school.day(site, today)), lengths(school.times(site))),
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        times: [Half::Am, Half::Pm].map(|half| {
            let times = school.half_times(site, half);
            [times.start, times.close, times.deadline].map(calendar::clock)
        }),
        groups: school.groups_of(site).into_iter().map(|group| (group.id, group.name.clone())).collect(),
        staff,
        own_times: school.has_own_times(site),
        may_change: false,
        clashes: clashes(records, known, site, today),
        hours: super::hours::hours(known, records.now()),
        problem: None,
    }
}

/// What people apart set of the same days or times, each with all that was set, and terms that share days.
fn clashes(records: &impl Records, known: &Known, site: PlaceId, today: Day) -> Vec<String> {
    let school = known.school();
    let here = |at: &Option<PlaceId>| at.is_none_or(|at| at == site);
    let mut found = Vec::new();
    for (about, all) in school.torn() {
        let what = match about {
            About::Term(at, first) if here(at) => format!("the term from {}", first.long()),
            About::Closure(at, first) if here(at) => format!("the closure from {}", first.long()),
            About::Special(at, first) if here(at) => format!("what is out of the ordinary from {}", first.long()),
            About::Cover(group, first) if school.groups.get(group).is_some_and(|group| group.site == site) => {
                format!("who covers from {}", first.long())
            }
            About::Times(at) if here(at) => "the times of sessions".to_owned(),
            _ => continue,
        };
        let each = all.iter().map(|(fact, origin)| {
            let who = records.author(&origin.seat).and_then(|author| author.person);
            let who = who.map_or_else(|| "somebody".to_owned(), |person| known.staff_name(person));
            format!("{who} {}: {}", super::words::when(origin.at, today), set_words(known, fact))
        });
        found.push(format!(
            "Set twice by people apart, {what}. {}. One of them counts for now: set it again as it should be, and that settles it.",
            each.collect::<Vec<_>>().join("; ")
        ));
    }
    let terms: Vec<&Term> = school.terms.iter().filter(|term| here(&term.site) && !term.name.is_empty()).collect();
    for (at, term) in terms.iter().enumerate() {
        let later = terms.iter().skip(at + 1);
        for other in later.filter(|one| one.site == term.site && one.first <= term.last && term.first <= one.last) {
            found.push(format!(
                "Two terms share days: {} ({}) and {} ({}). Call off the one that is wrong.",
                term.name,
                days(term.first, term.last),
                other.name,
                days(other.first, other.last)
            ));
        }
    }
    found
}

/// What one of several set.
fn set_words(known: &Known, fact: &SchoolFact) -> String {
    match fact {
        SchoolFact::Term(term) if term.name.is_empty() => "called off".to_owned(),
        SchoolFact::Term(term) => format!("{}, {}", term.name, days(term.first, term.last)),
        SchoolFact::Closure(one) if one.label.is_empty() => "called off".to_owned(),
        SchoolFact::Closure(one) => format!("{}, {}", one.label, days(one.first, one.last)),
        SchoolFact::Special(one) => {
            let what = match one.what {
                Unusual::Nothing => "called off",
                Unusual::Training => "training day",
                Unusual::Open => "open",
                Unusual::OpenTo(_) => "open to some groups",
                Unusual::Lost => "unexpectedly closed",
            };
            format!("{what}, {}", days(one.first, one.last))
        }
        SchoolFact::Cover(one) => {
            let who = one.person.map_or_else(|| "nobody".to_owned(), |person| known.staff_name(person));
            format!("{who}, {}", days(one.first, one.last))
        }
        SchoolFact::Times(times) => {
            let half = |half: HalfTimes| [half.start, half.close, half.deadline].map(calendar::clock).join(", ");
            format!("morning {}; afternoon {}", half(times.am), half(times.pm))
        }
        _ => "something else".to_owned(),
    }
}

fn said(kind: DayKind<'_>) -> String {
    match kind {
        DayKind::Open => "a school day".to_owned(),
        DayKind::OpenTo(_, why) => format!("a school day for some groups: {why}"),
        DayKind::Lost(why) => format!("a school day that was lost: {why}"),
        DayKind::Training(why) => format!("closed to pupils: {why}"),
        DayKind::Weekend => "in the weekend".to_owned(),
        DayKind::Closed(why) => format!("no school day: {why}"),
    }
}

fn days(first: Day, last: Day) -> String {
    if first == last { first.long() } else { format!("{} to {}", first.long(), last.long()) }
}

impl<R: Records> Office<'_, R> {
    /// Changes the calendar as somebody typed it.
    ///
    /// # Errors
    /// Says what would be right: a day or time that cannot be, terms that overlap, a register open for longer than
    /// 30 minutes.
    pub fn change_calendar(&mut self, act: &CalendarAct) -> Result<Written, OfficeError> {
        let period = |first: &str, last: &str| {
            let begins = Day::parse(first).map_err(OfficeError::Typed)?;
            let ends = if last.trim().is_empty() { begins } else { Day::parse(last).map_err(OfficeError::Typed)? };
            Ok::<_, OfficeError>((begins, ends))
        };
        match act {
            CalendarAct::Term { site, name, first, last } => {
                if name.trim().is_empty() {
                    return Err(OfficeError::NoName);
                }
                let (first, last) = period(first, last)?;
                self.set_term(Term { site: *site, first, last, name: name.trim().to_owned() })
            }
            CalendarAct::Days { site, kind: DaysKind::Closed, label, first, last, .. } => {
                let (first, last) = period(first, last)?;
                if label.trim().is_empty() {
                    return Err(OfficeError::EmptyReason);
                }
                if last < first {
                    return Err(OfficeError::Nothing("the last day is before the first"));
                }
                self.close(Closure { site: *site, first, last, label: label.trim().to_owned() })
            }
            CalendarAct::Days { site, kind, groups, label, first, last } => {
                let (first, last) = period(first, last)?;
                let what = match kind {
                    DaysKind::Training => Unusual::Training,
                    DaysKind::Lost => Unusual::Lost,
                    DaysKind::Closed | DaysKind::Open if groups.is_empty() => Unusual::Open,
                    DaysKind::Closed | DaysKind::Open => Unusual::OpenTo(groups.clone()),
                };
                self.set_special(Special { site: *site, first, last, what, label: label.trim().to_owned() })
            }
            CalendarAct::CallOff { site, first, what } => self.call_off(*site, *first, *what),
            CalendarAct::Times { site, times } => {
                let [am, pm] = times;
                self.set_times(Times { site: *site, am: half_times(am)?, pm: half_times(pm)? })
            }
            CalendarAct::Cover { group, person, first, last } => {
                let days = period(first, last)?;
                self.set_cover(*group, days, *person)
            }
        }
    }
}

fn half_times(typed: &[String; 3]) -> Result<HalfTimes, OfficeError> {
    let minute = |text: &String| {
        let wrong = || OfficeError::Typed(format!("\"{text}\" is no time: write 08:50"));
        calendar::parse_clock(text).ok_or_else(wrong)
    };
    let [start, close, deadline] = typed;
    let times = HalfTimes { start: minute(start)?, close: minute(close)?, deadline: minute(deadline)? };
    if times.close < times.start || times.deadline < times.start {
        return Err(OfficeError::Nothing("a register closes, and is due, after the session begins"));
    }
    if times.close - times.start > 30 {
        return Err(OfficeError::Nothing("a register is open for 30 minutes at most"));
    }
    Ok(times)
}
