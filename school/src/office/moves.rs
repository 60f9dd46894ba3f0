//! A pupil who goes to another site: rights are by site, so that their documents go along.
//!
//! What stands in them is written anew at the new site, in one act, and the old documents keep all there was, with who
//! wrote it and when ([`crate::admission::history`] reads both). From the first day on the pupil is on no list of the
//! old site. What somebody apart writes at the old site afterwards stays there, and the pupil's page says so.

use super::{Office, OfficeError};
use crate::calendar::Day;
use crate::facts::pupil::{MovedSite, Placing, PupilFact};
use crate::facts::{self, Value as _, documents};
use crate::ids::{GroupId, PupilId};
use crate::known::PupilAbout;
use crate::limits::{FACTS_PER_CHANGE, VALUE_BYTES_PER_CHANGE};
use muster_core::document::fact::{Fact, FactRef};
use muster_core::id::{DocumentId, PlaceId};
use muster_core::limits::SUPERSEDED_PER_FACT;
use muster_core::replica::records::{Change, Records, RecordsError, Written};

impl<R: Records> Office<'_, R> {
    /// Moves a pupil to another site from a day on, into a class there or none yet.
    ///
    /// # Errors
    /// When the pupil, the site or the class is not known, they are at that site already, or whoever is signed in does
    /// not write about pupils at both.
    pub fn move_pupil(
        &mut self,
        pupil: PupilId,
        to: PlaceId,
        group: Option<GroupId>,
        day: Day,
    ) -> Result<Written, OfficeError> {
        self.move_with(pupil, to, group, day, Vec::new())
    }

    /// As [`Office::move_pupil`], with something more in the same act.
    pub(crate) fn move_with(
        &mut self,
        pupil: PupilId,
        to: PlaceId,
        group: Option<GroupId>,
        day: Day,
        more: Vec<Change>,
    ) -> Result<Written, OfficeError> {
        let held = self.known.pupil(pupil).cloned().ok_or(OfficeError::Unknown("pupil"))?;
        let school = self.known.school();
        if !school.sites.contains_key(&to) {
            return Err(OfficeError::Unknown("site"));
        }
        if group.is_some_and(|group| school.groups.get(&group).is_none_or(|group| group.site != to)) {
            return Err(OfficeError::Unknown("class at that site"));
        }
        let from = held.site;
        if from == to {
            return Err(OfficeError::Nothing("this pupil is at that site: choose a class there"));
        }
        let moved = MovedSite { from, to, day };
        let placing = |group| Placing { group, year: held.year_on(day).to_owned(), from: day };

        let mut here = self.copied(&documents::pupil(from, pupil), &documents::pupil(to, pupil), |fact| {
            !matches!(fact, PupilFact::MovedSite(_)) && !matches!(fact, PupilFact::Placing(held) if held.from == day)
        })?;
        here.push(PupilFact::from(placing(group)).fact()?);
        here.push(PupilFact::from(moved.clone()).fact()?);
        let there = vec![
            PupilFact::from(placing(None)).replacing(held.replaced_by(PupilAbout::Placing(day)))?,
            PupilFact::from(moved).fact()?,
        ];
        let today = self.now().day;
        let mut changes = vec![Change { document: documents::pupil(from, pupil), facts: there }];
        changes.extend(in_pieces(&documents::pupil(to, pupil), here));
        for (old, new) in [
            (documents::care(from, pupil), documents::care(to, pupil)),
            (documents::family(from, pupil), documents::family(to, pupil)),
            (documents::learning(from, pupil, today), documents::learning(to, pupil, today)),
        ] {
            let facts = self.copied(&old, &new, |_| true)?;
            changes.extend(in_pieces(&new, facts));
        }
        changes.extend(more);
        let written = self.records.write(changes)?;
        self.known.refresh(self.records)?;
        Ok(written)
    }

    /// What stands in one document, as facts that take the place of all that stands in another: of a pupil who comes
    /// back, what was there is older.
    fn copied(
        &mut self,
        old: &DocumentId,
        new: &DocumentId,
        wanted: impl Fn(&PupilFact) -> bool,
    ) -> Result<Vec<Fact>, RecordsError> {
        let Some(held) = self.records.facts(old)? else { return Ok(Vec::new()) };
        let older: Vec<FactRef> = match self.records.facts(new)? {
            Some(there) => there.current().map(|fact| fact.name).collect(),
            None => Vec::new(),
        };
        let mut older = older.chunks(SUPERSEDED_PER_FACT);
        let is_pupil = old.kind == documents::PUPIL;
        let copies = held
            .current()
            .filter(|fact| !is_pupil || facts::read::<PupilFact>(*fact).is_none_or(|read| wanted(&read.value)));
        Ok(copies
            .map(|held| Fact {
                kind: held.fact.kind,
                supersedes: older.next().map(<[_]>::to_vec).unwrap_or_default(),
                value: held.fact.value.clone(),
            })
            .collect())
    }
}

/// Facts of one document, in entries of bounded size.
pub(crate) fn in_pieces(document: &DocumentId, facts: Vec<Fact>) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut change = Change { document: document.clone(), facts: Vec::new() };
    let mut bytes = 0;
    for fact in facts {
        if change.facts.len() >= FACTS_PER_CHANGE || bytes + fact.value.len() > VALUE_BYTES_PER_CHANGE {
            let next = Change { document: document.clone(), facts: Vec::new() };
            changes.push(std::mem::replace(&mut change, next));
            bytes = 0;
        }
        bytes += fact.value.len();
        change.facts.push(fact);
    }
    if !change.facts.is_empty() {
        changes.push(change);
    }
    changes
}
