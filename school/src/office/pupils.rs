//! What is arranged for one pupil: agreed timetables, and children who turn up and are on no list.

use super::{Office, OfficeError};
use crate::calendar::Session;
use crate::codes::Age;
use crate::facts::admission::Amended;
use crate::facts::pupil::{Identity, Matched, OnRoll, Placing, Provisional, PupilFact, Timetable};
use crate::facts::{Value, documents};
use crate::ids::{GroupId, PupilId};
use crate::known::PupilAbout;
use muster_core::replica::records::{Change, Records, Written};

impl<R: Records> Office<'_, R> {
    /// Sets an agreed timetable: sessions of the week on which a pupil is not due. A part-time timetable (`C2`) has the
    /// day on which the parent agreed and one on which it is looked at again, and never runs without an end.
    ///
    /// # Errors
    /// When something is missing or the code is not one for the pupil's age, or the records refuse.
    pub fn set_timetable(&mut self, pupil: PupilId, table: Timetable) -> Result<Written, OfficeError> {
        let held = self.known.pupil(pupil).cloned().ok_or(OfficeError::Unknown("pupil"))?;
        if table.last < table.first {
            return Err(OfficeError::Nothing("the timetable ends before it begins"));
        }
        if let Some(code) = table.code {
            let codes = self.known.school().codes();
            let info = codes.resolve(code.as_str(), Session::am(table.first))?;
            crate::codes::check_age(info, held.identity.born, table.first)?;
            if table.off.is_empty() {
                return Err(OfficeError::Nothing("say which sessions of the week the pupil is not due in"));
            }
            if info.age == Age::Within {
                if table.agreed.is_none() {
                    return Err(OfficeError::Nothing("a part-time timetable needs the day on which the parent agreed"));
                }
                if table.note.trim().is_empty() {
                    return Err(OfficeError::Nothing(
                        "a part-time timetable belongs to a plan: say which, and which parent agreed",
                    ));
                }
                if !table.review.is_some_and(|review| table.first <= review && review <= table.last) {
                    return Err(OfficeError::Nothing(
                        "a part-time timetable needs a day on which it is looked at again, before it ends",
                    ));
                }
            }
        }
        let fact = PupilFact::from(table.clone()).replacing(held.replaced_by(PupilAbout::Timetable(table.first)))?;
        let written = self.write_one(documents::pupil(held.site, pupil), vec![fact])?;
        self.known.refresh(self.records)?;
        Ok(written)
    }

    /// Writes down a child who turned up and is on no list, in a group from today on, so that they can be marked and
    /// stand on the fire register. They are matched with a pupil later ([`Office::match_pupil`]).
    ///
    /// # Errors
    /// When there is no name, the group is not known, or whoever is signed in may not write about pupils.
    pub fn add_unlisted(&mut self, group: GroupId, name: &str, words: &str) -> Result<PupilId, OfficeError> {
        let name = name.trim();
        let site = self.site_of(group)?;
        let (forename, surname) = name.rsplit_once(' ').unwrap_or(("", name));
        if surname.is_empty() {
            return Err(OfficeError::NoName);
        }
        let id = PupilId(self.random_id());
        let today = self.now().day;
        let identity = Identity {
            admission_no: String::new(),
            upn: String::new(),
            surname: surname.to_owned(),
            forename: forename.trim().to_owned(),
            preferred: forename.trim().to_owned(),
            sex: String::new(),
            born: None,
        };
        let facts = vec![
            PupilFact::from(identity).fact()?,
            PupilFact::from(Placing { group: Some(group), year: String::new(), from: today }).fact()?,
            PupilFact::from(OnRoll { starting: Some(today), last: None }).fact()?,
            PupilFact::from(Provisional { words: words.trim().to_owned() }).fact()?,
        ];
        self.records.write(vec![Change { document: documents::pupil(site, id), facts }])?;
        self.known.refresh(self.records)?;
        Ok(id)
    }

    /// Says that a child who was written down provisionally is no pupil of the school and has gone: from tomorrow on they
    /// are on no list. What was marked stays, and they can still be matched.
    ///
    /// # Errors
    /// When the child was not written down provisionally or has gone already, it is not said what became of them, or the
    /// records refuse.
    pub fn has_gone(&mut self, provisional: PupilId, words: &str) -> Result<Written, OfficeError> {
        let held = self.known.pupil(provisional).cloned().ok_or(OfficeError::Unknown("pupil"))?;
        if held.provisional.is_none() {
            return Err(OfficeError::Nothing("this pupil is on roll: delete the name on its ground"));
        }
        let today = self.now().day;
        if !held.is_on_roll(today) || held.on_roll.last.is_some() {
            return Err(OfficeError::Nothing("this child is matched, or has gone already"));
        }
        let words = words.trim();
        if words.is_empty() {
            return Err(OfficeError::Nothing("say what became of the child, such as who fetched them"));
        }
        let on_roll = OnRoll { starting: held.on_roll.starting, last: Some(today) };
        let facts = vec![
            PupilFact::from(on_roll).replacing(held.replaced_by(PupilAbout::OnRoll))?,
            PupilFact::from(Amended { reason: words.to_owned() }).fact()?,
        ];
        let written = self.write_one(documents::pupil(held.site, provisional), facts)?;
        self.known.refresh(self.records)?;
        Ok(written)
    }

    /// Says that a child who was written down provisionally is a pupil: what was marked of the one is of the other.
    /// `None` takes a match back.
    ///
    /// # Errors
    /// When the child was not written down provisionally, the pupil is not known, or the records refuse.
    pub fn match_pupil(&mut self, provisional: PupilId, to: Option<PupilId>) -> Result<Written, OfficeError> {
        let held = self.known.pupil(provisional).cloned().ok_or(OfficeError::Unknown("pupil"))?;
        if held.provisional.is_none() {
            return Err(OfficeError::Nothing("this pupil is on roll: only a child on no list is matched"));
        }
        if let Some(to) = to {
            let other = self.known.pupil(to).ok_or(OfficeError::Unknown("pupil"))?;
            if other.provisional.is_some() {
                return Err(OfficeError::Nothing("the other is on no list either: admit one of them first"));
            }
        }
        let fact = PupilFact::from(Matched { to }).replacing(held.replaced_by(PupilAbout::Matched))?;
        let written = self.write_one(documents::pupil(held.site, provisional), vec![fact])?;
        self.known.refresh(self.records)?;
        Ok(written)
    }
}
