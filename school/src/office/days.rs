//! The school's calendar and its codes: terms, days out of the ordinary, cover, a newer list of codes.
//!
//! Each is a fact of the school's document that takes the place of the one about the same days. Nothing is taken out:
//! what is called off stays in the history.

use super::{Office, OfficeError};
use crate::calendar::Day;
use crate::codes::{CodeInfo, Codes};
use crate::facts::calendar::{Begun, CodeRule, Cover, Special, Term, Unusual};
use crate::facts::school::{Closure, SchoolFact};
use crate::ids::GroupId;
use crate::known::About;
use muster_core::id::{PersonId, PlaceId};
use muster_core::replica::records::{Records, Written};

impl<R: Records> Office<'_, R> {
    /// Sets a term, or calls one off (an empty name).
    ///
    /// # Errors
    /// When it ends before it begins, overlaps another of the same site and year, or the records refuse.
    pub fn set_term(&mut self, term: Term) -> Result<Written, OfficeError> {
        if term.last < term.first {
            return Err(OfficeError::Nothing("the term ends before it begins"));
        }
        let overlaps = self.known.school().terms.iter().any(|held| {
            held.site == term.site
                && held.first != term.first
                && !held.name.is_empty()
                && held.first <= term.last
                && term.first <= held.last
        });
        if overlaps && !term.name.is_empty() {
            return Err(OfficeError::Nothing("another term has some of these days: call that one off first"));
        }
        self.put_school(vec![(About::Term(term.site, term.first), term.into())])
    }

    /// Says what is out of the ordinary on some days: a training day, a day opened or lost. [`Unusual::Nothing`] calls
    /// off what was said of days with the same beginning.
    ///
    /// # Errors
    /// When the last day is before the first, a group is not known, or the records refuse.
    pub fn set_special(&mut self, special: Special) -> Result<Written, OfficeError> {
        if special.last < special.first {
            return Err(OfficeError::Nothing("the last day is before the first"));
        }
        if let Unusual::OpenTo(groups) = &special.what
            && !groups.iter().all(|group| self.known.school().groups.contains_key(group))
        {
            return Err(OfficeError::Unknown("group"));
        }
        self.put_school(vec![(About::Special(special.site, special.first), special.into())])
    }

    /// Calls off one thing that begins on a day: a term, a closure, or days out of the ordinary. What else begins on the
    /// same day stays: terms and training days often do.
    ///
    /// # Errors
    /// When nothing of that kind begins there, or the records refuse.
    pub fn call_off(&mut self, site: Option<PlaceId>, first: Day, what: Begun) -> Result<Written, OfficeError> {
        let school = self.known.school();
        let fact = school.begun(site, first).into_iter().find(|(begun, _)| *begun == what).and_then(|_| match what {
            Begun::Term => {
                let held = school.terms.iter().find(|one| (one.site, one.first) == (site, first))?;
                Some((About::Term(site, first), Term { name: String::new(), ..held.clone() }.into()))
            }
            Begun::Closure => {
                let held = school.closures.iter().find(|one| (one.site, one.first) == (site, first))?;
                Some((About::Closure(site, first), Closure { label: String::new(), ..held.clone() }.into()))
            }
            Begun::Special => {
                let held = school.specials.iter().find(|one| (one.site, one.first) == (site, first))?;
                let none = Special { what: Unusual::Nothing, label: String::new(), ..held.clone() };
                Some((About::Special(site, first), none.into()))
            }
        });
        match fact {
            Some(fact) => self.put_school(vec![fact]),
            None => Err(OfficeError::Nothing("nothing of that kind begins on that day here: look at the calendar")),
        }
    }

    /// Says who takes a group's register for some days; `None` calls it off.
    ///
    /// # Errors
    /// When the group is not known, or the records refuse.
    pub fn set_cover(
        &mut self,
        group: GroupId,
        (first, last): (Day, Day),
        person: Option<PersonId>,
    ) -> Result<Written, OfficeError> {
        if !self.known.school().groups.contains_key(&group) {
            return Err(OfficeError::Unknown("group"));
        }
        if last < first {
            return Err(OfficeError::Nothing("the last day is before the first"));
        }
        self.put_school(vec![(About::Cover(group, first), Cover { group, first, last, person }.into())])
    }

    /// Reads in the rows of a newer list of codes. How many of them are new to the school.
    ///
    /// # Errors
    /// When the records refuse.
    pub fn read_codes(&mut self, rows: Vec<CodeInfo>) -> Result<usize, OfficeError> {
        let held: Codes = self.known.school().codes().clone();
        let new: Vec<_> = rows.into_iter().filter(|row| !held.rows().any(|held| row.is_told_by(held))).collect();
        let count = new.len();
        if count > 0 {
            self.put_school(new.into_iter().flat_map(code_facts).collect())?;
        }
        Ok(count)
    }
}

/// A row of a list of codes as the school's document holds it: the row, and what the law asks of the code.
pub(crate) fn code_facts(row: CodeInfo) -> impl Iterator<Item = (About, SchoolFact)> {
    let (code, from) = (row.code, row.from);
    let rule = CodeRule { code, from, rule: row.rule.clone() };
    let rule = (!rule.rule.is_empty()).then(|| (About::CodeRule(code, from), rule.into()));
    [(About::Code(code, from), row.into())].into_iter().chain(rule)
}
