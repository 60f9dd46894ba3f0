//! Drills by term, and when the next one is due: once a term at each site, as guidance asks.
//!
//! A real evacuation is no drill. A term counts its own drills only, so that two in one term make up for none in
//! another.

use super::call::{Call, report::Report};
use crate::calendar::Day;
use crate::facts::calendar::Term;
use crate::facts::roll_call::Kind;

/// Days before the end of a term in which a drill that was not held is asked for as late: a school week to hold it in.
const LATE_DAYS: i32 = 7;

/// A roll call that is over.
#[derive(Clone, Debug)]
pub struct Held<K> {
    /// Which.
    pub key: K,
    /// The day it began.
    pub day: Day,
    /// What it says.
    pub call: Call,
    /// What was written of it.
    pub report: Report,
}

/// A term and its roll calls.
#[derive(Clone, Debug)]
pub struct InTerm<K> {
    /// Its name, first and last day; `None` for what lies in no term.
    pub term: Option<Term>,
    /// Its roll calls, the newest first.
    pub calls: Vec<Held<K>>,
}

impl<K> InTerm<K> {
    /// The drills among them.
    pub fn drills(&self) -> usize {
        self.calls.iter().filter(|held| held.call.kind == Kind::Drill).count()
    }
}

/// When the next drill is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// The last day on which it is in time; `None` where the calendar has no term for it.
    pub by: Option<Day>,
    /// The day of the drill of the term that runs.
    pub held: Option<Day>,
    /// The term that runs, or the one to come.
    pub term: Option<String>,
    /// It is late, or nearly.
    pub is_late: bool,
}

/// Sorts roll calls into terms, the newest first. Terms to come are left out.
pub fn by_term<K>(terms: &[Term], mut calls: Vec<Held<K>>, today: Day) -> Vec<InTerm<K>> {
    calls.sort_by_key(|held| std::cmp::Reverse((held.day, held.call.started.map(|origin| origin.at))));
    let mut terms: Vec<Term> =
        terms.iter().filter(|term| term.first <= today && !term.name.is_empty()).cloned().collect();
    terms.sort_by_key(|term| std::cmp::Reverse(term.first));
    let mut found: Vec<InTerm<K>> =
        terms.into_iter().map(|term| InTerm { term: Some(term), calls: Vec::new() }).collect();
    let mut outside = InTerm { term: None, calls: Vec::new() };
    for held in calls {
        let of =
            |one: &&mut InTerm<K>| one.term.as_ref().is_some_and(|term| (term.first..=term.last).contains(&held.day));
        match found.iter_mut().find(of) {
            Some(term) => term.calls.push(held),
            None => outside.calls.push(held),
        }
    }
    if !outside.calls.is_empty() {
        found.push(outside);
    }
    found
}

/// When the next drill is due, from the days of those that were held.
pub fn next(terms: &[Term], drills: &[Day], today: Day) -> Next {
    let mut terms: Vec<&Term> = terms.iter().filter(|term| !term.name.is_empty()).collect();
    terms.sort_by_key(|term| term.first);
    let held_in = |term: &Term| drills.iter().filter(|day| (term.first..=term.last).contains(*day)).max().copied();
    let running = terms.iter().find(|term| (term.first..=term.last).contains(&today));
    let coming = terms.iter().find(|term| term.first > today);
    let held = running.and_then(|term| held_in(term));
    let due = match (running, held) {
        (Some(term), None) => Some(*term),
        _ => coming.copied(),
    };
    let is_late = running.is_some_and(|term| held.is_none() && today.plus(LATE_DAYS) > term.last);
    let Some(due) = due else {
        return Next { by: None, held, term: None, is_late: running.is_none() && drills.is_empty() };
    };
    Next { by: Some(due.last), held, term: Some(due.name.clone()), is_late }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn term(label: &str, first: &str, last: &str) -> Term {
        Term { site: None, first: day(first), last: day(last), name: label.to_owned() }
    }

    fn terms() -> Vec<Term> {
        vec![term("Spring", "2027-01-04", "2027-04-01"), term("Autumn", "2026-09-02", "2026-12-18")]
    }

    #[test]
    fn a_drill_is_due_once_in_each_term() {
        let none = next(&terms(), &[], day("2026-11-23"));
        assert_eq!((none.by, none.held, none.is_late), (Some(day("2026-12-18")), None, false));
        let held = next(&terms(), &[day("2026-10-01"), day("2026-11-23")], day("2026-11-24"));
        assert_eq!((held.by, held.held, held.is_late), (Some(day("2027-04-01")), Some(day("2026-11-23")), false));
        let before = next(&terms(), &[day("2026-11-23")], day("2027-01-10"));
        assert_eq!((before.by, before.held), (Some(day("2027-04-01")), None), "a term does not make up for another");
    }

    #[test]
    fn a_drill_that_the_term_still_lacks_is_asked_for_in_its_last_week() {
        assert!(!next(&terms(), &[], day("2026-12-11")).is_late);
        assert!(next(&terms(), &[], day("2026-12-12")).is_late);
        assert!(!next(&terms(), &[day("2026-09-20")], day("2026-12-18")).is_late);
    }

    #[test]
    fn a_school_with_no_terms_is_told_no_day() {
        assert_eq!(next(&[], &[], day("2026-11-23")).by, None);
    }
}
