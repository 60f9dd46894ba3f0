//! The reception: pupils who come late or leave early, lines from a kiosk, movements between sites, trips.

use super::calls::line;
use super::{Office, OfficeError};
use crate::calendar::Day;
use crate::facts::collected::Collected;
use crate::facts::pupil::PupilFact;
use crate::facts::roll::{Moved, Person, RollFact, Sign, Trip, TripBack, Way};
use crate::facts::trips::{LongTrip, LongTripBack, TripFact};
use crate::facts::visits::{ComerKind, Matched, TypedOut, VisitFact};
use crate::facts::{Value as _, documents};
use crate::fire::presence;
use crate::ids::{PupilId, VisitId, Who};
use crate::known::family::{Barred, Family, full};
use crate::limits::{PEOPLE_PER_FACT, TRIP_DAYS};
use muster_core::document::fact::Fact;
use muster_core::id::{PersonId, PlaceId};
use muster_core::replica::records::{Change, Records, Written};

/// A pupil who leaves early.
#[derive(Clone, Debug, Default)]
pub struct EarlyLeaver {
    /// Who collects them; empty when they leave by themselves.
    pub by: String,
    /// The member of staff who releases them.
    pub released_by: Option<PersonId>,
    /// A short word, such as `dentist`; may be empty. Never care or safeguarding: the roll shows it.
    pub note: String,
    /// Whoever releases them has seen what is against it.
    pub despite: bool,
}

/// A trip that sets out.
#[derive(Clone, Debug, Default)]
pub struct NewTrip {
    /// As in `Swimming`.
    pub title: String,
    /// Who leads it.
    pub leader: Option<PersonId>,
    /// The leader's number; empty for the one the school knows.
    pub phone: String,
    /// Minutes since midnight at which it is due back.
    pub due: u16,
    /// The day on which it is due back; `None` for today.
    pub until: Option<Day>,
    /// Who goes.
    pub people: Vec<Who>,
}

impl<R: Records> Office<'_, R> {
    /// A pupil comes late. Written into the roll only: the mark stays whoever's it is who takes the register.
    ///
    /// # Errors
    /// When the pupil is not known, or the records refuse.
    pub fn came_late(&mut self, site: PlaceId, pupil: PupilId, note: &str) -> Result<Written, OfficeError> {
        self.known.pupil(pupil).ok_or(OfficeError::Unknown("pupil"))?;
        let note = if note.trim().is_empty() { "came late".to_owned() } else { format!("came late, {}", note.trim()) };
        self.sign(site, Who::Pupil(pupil), Way::In, &line(&note))
    }

    /// A pupil leaves early: signed out in the roll, and who collected them in the pupil's own document. One act.
    ///
    /// # Errors
    /// When nobody releases them, whoever collects them is barred or nobody that the family named and that was not
    /// seen, or the records refuse.
    pub fn leave_early(&mut self, site: PlaceId, pupil: PupilId, how: &EarlyLeaver) -> Result<Written, OfficeError> {
        let held = self.known.pupil(pupil).cloned().ok_or(OfficeError::Unknown("pupil"))?;
        let released_by = how.released_by.ok_or(OfficeError::Nothing("say which member of staff lets the pupil go"))?;
        if !self.known.school().staff.contains_key(&released_by) {
            return Err(OfficeError::Unknown("member of staff"));
        }
        let now = self.now();
        let family = self.known.family(self.records, pupil)?;
        let against = against(family.as_ref(), &how.by, now.day);
        if let Some(words) = against.as_ref().filter(|_| !how.despite) {
            return Err(OfficeError::Typed(words.clone()));
        }
        let roll = presence::roll(self.records, site, now.day)?;
        let mut facts = Vec::new();
        if !roll.expected.contains_key(&Who::Pupil(pupil))
            && let Some(list) = self.added(&roll, &[Who::Pupil(pupil)])?
        {
            facts.push(list);
        }
        let sign = Sign { who: Who::Pupil(pupil), way: Way::Out, minute: now.minute, note: line(&how.note) };
        facts.push(RollFact::from(sign).fact()?);
        let collected = Collected {
            day: now.day,
            minute: now.minute,
            by: line(&how.by),
            released_by,
            note: line(&how.note),
            despite: against.unwrap_or_default(),
        };
        let collected = PupilFact::from(collected).fact()?;
        let written = self.records.write(vec![
            Change { document: documents::roll(site, now.day), facts },
            Change { document: documents::pupil(held.site, pupil), facts: vec![collected] },
        ])?;
        self.known.refresh(self.records)?;
        Ok(written)
    }

    /// Somebody goes who types their own name, at a kiosk.
    ///
    /// # Errors
    /// When there is no name, or the records refuse.
    pub fn typed_out(
        &mut self,
        site: PlaceId,
        kind: ComerKind,
        name: &str,
        organisation: &str,
    ) -> Result<VisitId, OfficeError> {
        if name.trim().is_empty() {
            return Err(OfficeError::NoName);
        }
        let now = self.now();
        let visit = VisitId(self.random_id());
        let (name, organisation) = (line(name), line(organisation));
        let out = TypedOut { visit, kind, name, organisation, minute: now.minute };
        self.write_one(documents::visits(site, now.day), vec![VisitFact::from(out).fact()?])?;
        Ok(visit)
    }

    /// Says who a line from a kiosk is.
    ///
    /// # Errors
    /// When there is no such line today, or the records refuse.
    pub fn match_line(&mut self, site: PlaceId, visit: VisitId, who: Who) -> Result<Written, OfficeError> {
        let today = self.now().day;
        let roll = presence::roll(self.records, site, today)?;
        if !roll.visits.contains_key(&visit) && !roll.typed_out.contains_key(&visit) {
            return Err(OfficeError::Unknown("line of today"));
        }
        let held = self.records.facts(&documents::visits(site, today))?;
        let mut names = Vec::new();
        for read in held.iter().flat_map(|held| crate::facts::current::<VisitFact>(held)) {
            if matches!(&read.value, VisitFact::Matched(one) if one.visit == visit) {
                names.push(read.held.name);
            }
        }
        names.truncate(muster_core::limits::SUPERSEDED_PER_FACT);
        let fact = VisitFact::from(Matched { visit, who }).replacing(names)?;
        self.write_one(documents::visits(site, today), vec![fact])
    }

    /// People set out for another site, now: written into the rolls of both, in one act, or not at all.
    ///
    /// # Errors
    /// When nobody is named, it is the same site, or this seat may not write one of the two rolls.
    pub fn send_to(&mut self, from: PlaceId, to: PlaceId, people: &[Who], note: &str) -> Result<Written, OfficeError> {
        if people.is_empty() {
            return Err(OfficeError::Nothing("say who goes"));
        }
        if from == to {
            return Err(OfficeError::Nothing("that is this site: choose another"));
        }
        let now = self.now();
        let name = |site: PlaceId| -> Result<String, OfficeError> {
            let held = self.known.school().sites.get(&site).ok_or(OfficeError::Unknown("site"))?;
            Ok(held.name.clone())
        };
        let (from_name, to_name) = (name(from)?, name(to)?);
        let roll = presence::roll(self.records, from, now.day)?;
        let mut facts: Vec<Fact> = Vec::new();
        for who in people.iter().take(PEOPLE_PER_FACT) {
            let (person, group) = self.person_on(&roll, *who)?;
            let (from, to) = ((from, from_name.clone()), (to, to_name.clone()));
            let moved = Moved { person, group, from, to, minute: now.minute, note: line(note) };
            facts.push(RollFact::from(moved).fact()?);
        }
        self.carry_lists(from)?;
        let both = [from, to].map(|site| Change { document: documents::roll(site, now.day), facts: facts.clone() });
        Ok(self.records.write(both.to_vec())?)
    }

    fn person_on(&self, roll: &crate::fire::evidence::Roll, who: Who) -> Result<(Person, String), OfficeError> {
        let group = match who {
            Who::Pupil(id) => {
                let pupil = self.known.pupil(id).ok_or(OfficeError::Unknown("pupil"))?;
                let group = pupil.group_on(roll.day).and_then(|group| self.known.school().groups.get(&group));
                group.map_or_else(String::new, |group| group.name.clone())
            }
            Who::Staff(_) => "Staff".to_owned(),
            Who::Visitor(_) | Who::Stranger(_) => {
                return Err(OfficeError::Nothing("sign a visitor out here, and in at the other site"));
            }
        };
        let person = match (roll.expected.get(&who), who) {
            (Some(one), _) => one.person.clone(),
            (None, Who::Pupil(id)) => {
                let pupil = self.known.pupil(id).ok_or(OfficeError::Unknown("pupil"))?;
                self.expect_pupil(pupil, roll.day, roll)
            }
            (None, _) => {
                let Who::Staff(id) = who else { return Err(OfficeError::Unknown("person")) };
                let staff = self.known.school().staff.get(&id).ok_or(OfficeError::Unknown("member of staff"))?;
                let (surname, forename) = (staff.surname.clone(), staff.forename.clone());
                Person { who, surname, forename, help: Vec::new(), planned: [None, None] }
            }
        };
        Ok((Person { planned: [None, None], ..person }, group))
    }

    /// A trip sets out, now. Gives its id.
    ///
    /// # Errors
    /// When it has no name, nobody goes, it would be back before it left, or the records refuse.
    pub fn trip_out(&mut self, site: PlaceId, new: &NewTrip) -> Result<[u8; 16], OfficeError> {
        let now = self.now();
        if new.title.trim().is_empty() {
            return Err(OfficeError::NoName);
        }
        let mut people: Vec<Who> = new.leader.map(Who::Staff).into_iter().chain(new.people.iter().copied()).collect();
        people.sort_unstable();
        people.dedup();
        if people.is_empty() {
            return Err(OfficeError::Nothing("say who goes"));
        }
        if people.len() > PEOPLE_PER_FACT {
            return Err(OfficeError::Nothing("that is more than one trip: send it out in parts"));
        }
        let until = new.until.unwrap_or(now.day);
        if (until, new.due) <= (now.day, now.minute) {
            return Err(OfficeError::Nothing("a trip is due back later than now: give the time as 12:15, and the day"));
        }
        if until > now.day.plus(TRIP_DAYS) {
            return Err(OfficeError::Nothing(
                "a trip lasts four weeks at most: give an earlier day, and send it out again",
            ));
        }
        let known = new.leader.and_then(|leader| self.known.school().duties.get(&leader));
        let phone = match new.phone.trim() {
            "" => known.map_or_else(String::new, |duty| duty.phone.clone()),
            typed => line(typed),
        };
        self.carry_lists(site)?;
        let roll = presence::roll(self.records, site, now.day)?;
        let strangers: Vec<Who> = people.iter().filter(|who| !roll.expected.contains_key(who)).copied().collect();
        let mut facts: Vec<Fact> = self.added(&roll, &strangers)?.into_iter().collect();
        let id = self.random_id();
        let (title, leader) = (line(&new.title), new.leader);
        let leader_name = leader.map_or_else(String::new, |leader| self.name_on_list(Who::Staff(leader)));
        let (out, due) = (now.minute, new.due);
        let mut changes = Vec::new();
        if until == now.day {
            facts.push(RollFact::from(Trip { id, title, leader, leader_name, phone, out, due, people }).fact()?);
        } else {
            let named = |who: Who| -> Result<(Who, String), OfficeError> {
                if let Who::Visitor(id) = who {
                    let visit = roll.visits.get(&id).ok_or(OfficeError::Unknown("visitor"))?;
                    return Ok((who, visit.arrived.name.clone()));
                }
                let (person, _) = self.person_on(&roll, who)?;
                Ok((who, format!("{}, {}", person.surname, person.forename)))
            };
            let people = people.into_iter().map(named).collect::<Result<_, _>>()?;
            let (out, due) = ((now.day, out), (until, due));
            let trip = LongTrip { id, title, leader, leader_name, phone, out, due, people };
            let facts = vec![TripFact::from(trip).fact()?];
            changes.push(Change { document: documents::trips(site, now.day.year()), facts });
        }
        if !facts.is_empty() {
            changes.push(Change { document: documents::roll(site, now.day), facts });
        }
        self.records.write(changes)?;
        Ok(id)
    }

    /// A trip is back, now.
    ///
    /// # Errors
    /// When none of that name is out, or the records refuse.
    pub fn trip_back(&mut self, site: PlaceId, id: [u8; 16]) -> Result<Written, OfficeError> {
        let now = self.now();
        let roll = presence::roll(self.records, site, now.day)?;
        let Some(held) = roll.trips.get(&id).filter(|held| held.back.is_none()) else {
            return Err(OfficeError::Nothing("no such trip is out today"));
        };
        if held.out_day != held.due_day {
            let back = LongTripBack { id, day: now.day, minute: now.minute };
            return self.write_one(documents::trips(site, held.out_day.year()), vec![TripFact::from(back).fact()?]);
        }
        let fact = RollFact::from(TripBack { id, minute: now.minute }).fact()?;
        self.write_one(documents::roll(site, now.day), vec![fact])
    }
}

/// What is against it that somebody collects a pupil: an order, or that the family did not name them. `None` when
/// nothing is, or the pupil leaves by themselves.
pub(crate) fn against(family: Option<&Family>, by: &str, day: Day) -> Option<String> {
    let by = by.trim();
    if by.is_empty() {
        return None;
    }
    let Some(family) = family else {
        return Some("who may collect cannot be read here: ask somebody who can, before the pupil goes".to_owned());
    };
    let barred = family.not_to_collect(day);
    if let Some((name, why)) = barred.iter().find(|(name, _)| crate::known::family::same_person(name, by)) {
        let words = match why {
            Barred::By(_) => "must not collect: a court order is in force",
            Barred::Unread => "may be barred from collecting by a court order that was not entered here",
        };
        return Some(format!("{name} {words}. Ask the safeguarding lead before the pupil goes"));
    }
    let named = family.contacts.iter().any(|contact| crate::known::family::same_person(&full(contact), by))
        || family
            .parents
            .iter()
            .any(|parent| crate::known::family::same_person(&format!("{} {}", parent.forenames, parent.surname), by));
    (!named).then(|| format!("{by} is nobody whom the family named: call the family before the pupil goes"))
}
