//! The school's calendar and its codes: terms, days out of the ordinary, cover, a newer list of codes.
//!
//! Each is a fact of the school's document that takes the place of the one about the same days. Nothing is taken out:
//! what is called off stays in the history.

use super::{Office, OfficeError};
use crate::calendar::Day;
use crate::codes::{CodeInfo, Codes};
use crate::facts::calendar::{Cover, Special, Term, Unusual};
use crate::facts::school::Closure;
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

    /// Calls off whatever was said of days that begin on one: a closure, and days out of the ordinary.
    ///
    /// # Errors
    /// When nothing was said, or the records refuse.
    pub fn call_off(&mut self, site: Option<PlaceId>, first: Day) -> Result<Written, OfficeError> {
        let school = self.known.school();
        let mut facts = Vec::new();
        for held in school.closures.iter().filter(|one| (one.site, one.first) == (site, first) && !one.label.is_empty())
        {
            let none = Closure { label: String::new(), ..held.clone() };
            facts.push((About::Closure(site, first), none.into()));
        }
        for held in school.specials.iter().filter(|one| (one.site, one.first) == (site, first)) {
            if held.what != Unusual::Nothing {
                let none = Special { what: Unusual::Nothing, label: String::new(), ..held.clone() };
                facts.push((About::Special(site, first), none.into()));
            }
        }
        for held in school.terms.iter().filter(|one| (one.site, one.first) == (site, first) && !one.name.is_empty()) {
            let none = Term { name: String::new(), ..held.clone() };
            facts.push((About::Term(site, first), none.into()));
        }
        if facts.is_empty() {
            return Err(OfficeError::Nothing("nothing begins on that day here: look at the calendar"));
        }
        self.put_school(facts)
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
        let new: Vec<_> = rows.into_iter().filter(|row| !held.rows().any(|held| held == row)).collect();
        let count = new.len();
        if count > 0 {
            self.put_school(new.into_iter().map(|row| (About::Code(row.code, row.from), row.into())).collect())?;
        }
        Ok(count)
    }
}
