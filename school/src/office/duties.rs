//! What a roll says of its day beside who is expected: a closed day, fire marshals and first-aiders; and who they are.

use super::{Office, OfficeError};
use crate::calendar::Day;
use crate::facts::Value as _;
use crate::facts::care::{CareFact, Evacuation, FireNote};
use crate::facts::documents;
use crate::facts::fire::{FireDuty, MarshalLock, SitePlaces};
use crate::facts::roll::{Closed, Duties, Places, RollFact, SealedCare};
use crate::facts::school::Site;
use crate::fire::care::CareBook;
use crate::fire::evidence::Roll;
use crate::fire::presence;
use crate::ids::{GroupId, PupilId, Who};
use crate::known::About;
use crate::limits::PEOPLE_PER_FACT;
use muster_core::document::fact::{Fact, FactRef};
use muster_core::id::{PersonId, PlaceId};
use muster_core::limits::SUPERSEDED_PER_FACT;
use muster_core::replica::records::{Records, Written};

impl<R: Records> Office<'_, R> {
    /// Duties of the staff of a site and whether it is closed, where that is not written in today's roll as it is.
    pub(super) fn day_of(&self, site: PlaceId, day: Day, held: &Roll) -> Result<Vec<Fact>, OfficeError> {
        let school = self.known.school();
        let here = |person: &PersonId| {
            school.staff.get(person).is_some_and(|one| one.sites.is_empty() || one.sites.contains(&site))
        };
        let of = |does: fn(&FireDuty) -> bool| -> Vec<PersonId> {
            let found = school.duties.values().filter(|duty| does(duty) && here(&duty.person));
            found.map(|duty| duty.person).take(PEOPLE_PER_FACT).collect()
        };
        let wanted = Duties { marshals: of(|duty| duty.marshal), first_aiders: of(|duty| duty.first_aid) };
        let stands = |which: fn(&(bool, bool)) -> bool| -> Vec<PersonId> {
            held.duties.iter().filter(|(_, does)| which(does)).map(|(person, _)| *person).collect()
        };
        let mut facts = Vec::new();
        let nobody = wanted.marshals.is_empty() && wanted.first_aiders.is_empty() && held.duty_names.is_empty();
        let as_it_is = held.duty_names.len() == 1
            && stands(|does| does.0) == wanted.marshals
            && stands(|does| does.1) == wanted.first_aiders;
        if !nobody && !as_it_is {
            facts.push(RollFact::from(wanted).replacing(some(&held.duty_names))?);
        }
        let places = school.places.get(&site).map_or_else(Places::default, |held| Places {
            rooms: held.rooms.clone(),
            refuges: held.refuges.clone(),
            meets: held.meets.clone(),
        });
        if held.places.clone().unwrap_or_default() != places {
            facts.push(RollFact::from(places).replacing(some(&held.places_names))?);
        }
        let closed = school.closed(site, day).map(str::to_owned);
        if closed != held.closed {
            let label = closed.unwrap_or_default();
            facts.push(RollFact::from(Closed { label }).replacing(some(&held.closed_names))?);
        }
        Ok(facts)
    }

    /// Sets what a member of staff does in a fire, and the number they carry.
    ///
    /// # Errors
    /// When they are not known here, or the records refuse.
    pub fn set_fire_duty(&mut self, duty: FireDuty) -> Result<Written, OfficeError> {
        if !self.known.school().staff.contains_key(&duty.person) {
            return Err(OfficeError::Unknown("member of staff"));
        }
        let duty = FireDuty { phone: duty.phone.trim().to_owned(), ..duty };
        self.put_school(vec![(About::FireDuty(duty.person), duty.into())])
    }

    /// Sets where people of a site are looked for and at which refuge points they wait.
    ///
    /// # Errors
    /// When the site is not known, or the records refuse.
    pub fn set_site_places(&mut self, places: SitePlaces) -> Result<Written, OfficeError> {
        if !self.known.school().sites.contains_key(&places.site) {
            return Err(OfficeError::Unknown("site"));
        }
        let tidy = |lines: Vec<String>| -> Vec<String> {
            let lines = lines.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty());
            lines.take(crate::limits::PLACES).collect()
        };
        let places = SitePlaces { rooms: tidy(places.rooms), refuges: tidy(places.refuges), ..places };
        self.put_school(vec![(About::SitePlaces(places.site), places.into())])
    }

    /// Sets the assembly points of a site.
    ///
    /// # Errors
    /// When the site is not known, or the records refuse.
    pub fn set_points(&mut self, site: PlaceId, points: Vec<String>) -> Result<Written, OfficeError> {
        let held = self.known.school().sites.get(&site).ok_or(OfficeError::Unknown("site"))?;
        let site = Site { points, ..held.clone() };
        self.put_school(vec![(About::Site(site.id), site.into())])
    }

    /// Sets where a group meets: at an assembly point of its own, or, where that is empty, wherever its site does.
    ///
    /// # Errors
    /// When the group is not known, or the records refuse.
    pub fn set_meeting_point(&mut self, group: GroupId, point: &str) -> Result<Written, OfficeError> {
        let school = self.known.school();
        let site = school.groups.get(&group).ok_or(OfficeError::Unknown("group"))?.site;
        let empty = SitePlaces { site, rooms: Vec::new(), refuges: Vec::new(), meets: Vec::new() };
        let mut places = school.places.get(&site).cloned().unwrap_or(empty);
        places.meets.retain(|(held, _)| *held != group && school.groups.contains_key(held));
        if !point.trim().is_empty() {
            places.meets.push((group, point.trim().to_owned()));
        }
        places.meets.sort();
        self.set_site_places(places)
    }

    /// Sets the help that a pupil needs to leave and what else to know of them then, as one act. Writes nothing of what
    /// stands as it is; `None` when all of it does.
    ///
    /// # Errors
    /// When the pupil is not known here, or the records refuse.
    pub fn set_leaving(
        &mut self,
        pupil: PupilId,
        plan: Evacuation,
        note: FireNote,
    ) -> Result<Option<Written>, OfficeError> {
        let held = self.known.pupil(pupil).cloned().ok_or(OfficeError::Unknown("pupil"))?;
        let care = self.known.care(pupil);
        let none = Evacuation { needs_help: false, instruction: String::new() };
        let mut facts = Vec::new();
        if care.and_then(|care| care.evacuation.as_ref()).unwrap_or(&none) != &plan {
            let names = care.map_or_else(Vec::new, |care| some(&care.evacuation_names));
            facts.push(CareFact::from(plan).replacing(names)?);
        }
        if care.and_then(|care| care.fire_note.clone()).unwrap_or_default() != note {
            let names = care.map_or_else(Vec::new, |care| some(&care.fire_note_names));
            facts.push(CareFact::from(note).replacing(names)?);
        }
        if facts.is_empty() {
            return Ok(None);
        }
        let written = self.write_one(documents::care(held.site, pupil), facts)?;
        self.known.refresh(self.records)?;
        Ok(Some(written))
    }

    /// Sets what to know of a pupil when leaving the building.
    ///
    /// # Errors
    /// When the pupil is not known here, or the records refuse.
    pub fn set_fire_note(&mut self, pupil: PupilId, note: FireNote) -> Result<Written, OfficeError> {
        let held = self.known.pupil(pupil).cloned().ok_or(OfficeError::Unknown("pupil"))?;
        let names = self.known.care(pupil).map_or_else(Vec::new, |care| some(&care.fire_note_names));
        let fact = CareFact::from(note).replacing(names)?;
        let written = self.write_one(documents::care(held.site, pupil), vec![fact])?;
        self.known.refresh(self.records)?;
        Ok(written)
    }

    /// Sets what the marshal's PIN of a site opens: bytes that only the program can open. Empty takes the PIN away.
    ///
    /// # Errors
    /// When the records refuse.
    pub fn set_marshal_lock(&mut self, site: PlaceId, lock: Vec<u8>) -> Result<Written, OfficeError> {
        self.put_school(vec![(About::MarshalLock(site), MarshalLock { site, lock }.into())])
    }

    /// Today's care lines and numbers of a site, as far as they are known here.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn care_book(&mut self, site: PlaceId) -> Result<CareBook, OfficeError> {
        let today = self.now().day;
        let (roll, before) = presence::rolls(self.records, site, today)?;
        let Some(roll) = roll else { return Ok(CareBook::default()) };
        Ok(CareBook::of(self.known, &presence::expected(&roll, before.as_ref()), &roll))
    }

    /// Writes the day's care lines, sealed, into today's roll.
    ///
    /// # Errors
    /// When they are too long, or the records refuse.
    pub fn write_sealed_care(&mut self, site: PlaceId, lock: Vec<u8>, sealed: Vec<u8>) -> Result<Written, OfficeError> {
        let today = self.now().day;
        let held = presence::roll(self.records, site, today)?;
        let fact = RollFact::from(SealedCare { lock, sealed }).replacing(some(&held.sealed_names))?;
        self.write_one(documents::roll(site, today), vec![fact])
    }

    /// The care lines that lie sealed in the newest roll that is held: lock and what it locks.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn sealed_care(&mut self, site: PlaceId) -> Result<Option<SealedCare>, OfficeError> {
        let today = self.now().day;
        let (roll, before) = presence::rolls(self.records, site, today)?;
        let of = |roll: Option<Roll>| roll.and_then(|roll| roll.sealed).map(|(_, sealed)| sealed);
        Ok(of(roll).or_else(|| of(before)))
    }

    /// The name of somebody as a list shows it, such as `R. Adeyemi`.
    pub(super) fn name_on_list(&self, who: Who) -> String {
        match who {
            Who::Staff(person) => self.short_name(person),
            Who::Pupil(pupil) => self.known.pupil(pupil).map_or_else(String::new, |pupil| pupil.spoken()),
            Who::Visitor(_) | Who::Stranger(_) => String::new(),
        }
    }
}

fn some(names: &[FactRef]) -> Vec<FactRef> {
    names.iter().take(SUPERSEDED_PER_FACT).copied().collect()
}
