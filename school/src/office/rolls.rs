//! The roll of a day: who is expected, signing in and out, visitors; and the note of who opened what.

use super::calls::line;
use super::{Office, OfficeError};
use crate::calendar::{Day, Half, Session};
use crate::facts::access::{Access, AccessFact, Event};
use crate::facts::roll::{Expected, List, Person, Place, RollFact, Sign, Way};
use crate::facts::visits::{Arrived, ComerKind, Details, Left, VisitFact};
use crate::facts::{Value, documents};
use crate::fire::evidence::Roll;
use crate::fire::presence;
use crate::ids::{VisitId, Who};
use crate::limits::{NAME_CHARS, PEOPLE_PER_FACT};
use muster_core::document::fact::{Fact, FactRef};
use muster_core::id::{PersonId, PlaceId};
use muster_core::limits::SUPERSEDED_PER_FACT;
use muster_core::replica::records::{Change, Records, Written};
use std::collections::{BTreeMap, BTreeSet};

/// A visitor who comes.
#[derive(Clone, Debug, Default)]
pub struct NewVisit {
    /// Their name.
    pub name: String,
    /// Firm or authority; may be empty.
    pub organisation: String,
    /// Whom they see.
    pub host: Option<PersonId>,
    /// Badge; may be empty.
    pub badge: String,
    /// What they are.
    pub kind: ComerKind,
    /// Whom they see as they typed it, where nobody was chosen; may be empty.
    pub host_typed: String,
    /// Vehicle registration; may be empty.
    pub vehicle: String,
    /// Where they work; may be empty.
    pub working: String,
    /// A number to call them on; may be empty.
    pub phone: String,
    /// They typed it themselves, at a kiosk.
    pub typed: bool,
}

impl NewVisit {
    /// What is beyond an arrival, where there is anything.
    fn details(&self, visit: VisitId) -> Option<Details> {
        let details = Details {
            visit,
            kind: self.kind,
            vehicle: line(&self.vehicle),
            working: line(&self.working),
            phone: line(&self.phone),
            typed: self.typed,
        };
        (details != Details { visit, ..Details::default() }).then_some(details)
    }
}

impl<R: Records> Office<'_, R> {
    /// Writes who is expected at a site today, with who needs help to leave, so that every device of the site can
    /// show the fire list with nobody signed in. Writes only what changed; `None` when nothing did.
    ///
    /// Writes what this device knows: people on a list that stands whom it does not know stay there, and where care
    /// may not be read, the help lines of a list that stands are kept.
    ///
    /// # Errors
    /// When the site is not known, or the records refuse.
    pub fn write_expected(&mut self, site: PlaceId) -> Result<Option<Written>, OfficeError> {
        self.known.refresh(self.records)?;
        let day = self.now().day;
        let held = presence::roll(self.records, site, day)?;
        let mut facts = Vec::new();
        let place = self.place(site)?;
        if held.place.as_ref() != Some(&place) {
            let replaces = held.place_names.iter().take(SUPERSEDED_PER_FACT).copied().collect();
            facts.push(RollFact::from(place).replacing(replaces)?);
        }
        let wanted = self.expected_lists(site, day, &held);
        let wanted_keys: BTreeSet<_> = wanted.iter().map(|list| (list.list, list.part)).collect();
        for list in wanted {
            let stands = held.lists.get(&(list.list, list.part)).map_or(&[][..], Vec::as_slice);
            if stands.len() == 1 && stands.first().is_some_and(|(_, said)| *said == list) {
                continue;
            }
            facts.push(RollFact::from(list).replacing(names(stands))?);
        }
        // A list that shrank, or a group that went: replaced by an empty one, so that nobody is expected twice.
        for ((list, part), stands) in &held.lists {
            let empty = stands.iter().all(|(_, said)| said.people.is_empty());
            if *list != List::Added && !wanted_keys.contains(&(*list, *part)) && !empty {
                let name = stands.first().map_or_else(String::new, |(_, said)| said.name.clone());
                let none = Expected { list: *list, name, part: *part, people: Vec::new() };
                facts.push(RollFact::from(none).replacing(names(stands))?);
            }
        }
        facts.extend(self.day_of(site, day, &held)?);
        if facts.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.write_split(documents::roll(site, day), facts)?))
    }

    /// One act; several entries for the same document where the facts are many.
    pub(super) fn write_split(
        &mut self,
        document: muster_core::id::DocumentId,
        facts: Vec<Fact>,
    ) -> Result<Written, OfficeError> {
        let mut changes: Vec<Change> = Vec::new();
        let mut bytes = usize::MAX;
        for fact in facts {
            if bytes.saturating_add(fact.value.len()) > crate::limits::VALUE_BYTES_PER_CHANGE {
                changes.push(Change { document: document.clone(), facts: Vec::new() });
                bytes = 0;
            }
            bytes += fact.value.len();
            if let Some(last) = changes.last_mut() {
                last.facts.push(fact);
            }
        }
        Ok(self.records.write(changes)?)
    }

    fn place(&self, site: PlaceId) -> Result<Place, OfficeError> {
        let school = self.known.school();
        let held = school.sites.get(&site).ok_or(OfficeError::Unknown("site"))?;
        let times = school.times(site);
        let devices = school.devices.values().map(|device| (device.device, device.name.clone())).collect();
        let (name, points) = (held.name.clone(), held.points.clone());
        Ok(Place { name, points, am_start: times.am.start, pm_start: times.pm.start, devices })
    }

    /// The lists as this device would write them. Somebody on a list that stands whom this device does not know
    /// (it may not read them, or has not received them yet) is kept: nobody leaves the fire list for want of knowledge.
    fn expected_lists(&self, site: PlaceId, day: Day, held: &Roll) -> Vec<Expected> {
        let school = self.known.school();
        let mut wanted: BTreeMap<List, (String, Vec<Person>)> = BTreeMap::new();
        for group in school.groups_of(site) {
            let members = self.known.members(group.id, day);
            let people: Vec<_> = members.into_iter().map(|pupil| self.expect_pupil(pupil, day, held)).collect();
            if !people.is_empty() {
                wanted.insert(List::Group(group.id), (group.name.clone(), people));
            }
        }
        let has_class =
            |pupil: &crate::known::Pupil| pupil.group_on(day).is_some_and(|group| school.groups.contains_key(&group));
        let mut without: Vec<_> = self.known.pupils().collect();
        without.retain(|one| one.is_on_roll(day) && !has_class(one) && self.known.site_on(one, day) == site);
        without.sort_by(|a, b| (&a.sort, a.id).cmp(&(&b.sort, b.id)));
        if !without.is_empty() {
            let people = without.into_iter().map(|pupil| self.expect_pupil(pupil, day, held)).collect();
            wanted.insert(List::NoClass, ("In no class".to_owned(), people));
        }
        let mut staff: Vec<_> = school.staff.values().collect();
        staff.sort_by_cached_key(|one| (crate::names::sort_key(&one.surname, &one.forename), one.person));
        for one in staff {
            let list = match (one.sites.is_empty(), one.sites.contains(&site)) {
                (true, _) if school.sites.len() > 1 => List::StaffOfAllSites,
                (true, _) => List::Staff,
                (false, true) => List::Staff,
                (false, false) => continue,
            };
            let person = Person {
                who: Who::Staff(one.person),
                surname: one.surname.clone(),
                forename: one.forename.clone(),
                help: Vec::new(),
                planned: [None, None],
            };
            wanted.entry(list).or_insert_with(|| ("Staff".to_owned(), Vec::new())).1.push(person);
        }
        for ((list, _), stands) in held.lists.iter().filter(|((list, _), _)| *list != List::Added) {
            for (_, said) in stands {
                for person in said.people.iter().filter(|person| !self.knows(person.who)) {
                    let (_, people) = wanted.entry(*list).or_insert_with(|| (said.name.clone(), Vec::new()));
                    if !people.iter().any(|held| held.who == person.who) {
                        people.push(person.clone());
                    }
                }
            }
        }
        wanted.into_iter().flat_map(|(list, (name, people))| split(list, &name, people)).collect()
    }

    fn knows(&self, who: Who) -> bool {
        match who {
            Who::Pupil(id) => self.known.pupil(id).is_some(),
            Who::Staff(id) => self.known.school().staff.contains_key(&id),
            Who::Visitor(_) | Who::Stranger(_) => false,
        }
    }

    pub(super) fn expect_pupil(&self, pupil: &crate::known::Pupil, day: Day, held: &Roll) -> Person {
        let who = Who::Pupil(pupil.id);
        let help = match self.known.care(pupil.id) {
            Some(care) => care.help(),
            None => held.expected.get(&who).map_or_else(Vec::new, |one| one.person.help.clone()),
        };
        let planned = |half| {
            let session = Session { day, half };
            let planned = self.known.planned(pupil, session)?;
            let info = self.known.school().codes().ever(planned.code, day)?;
            Some(super::marks::seen_of(info, None))
        };
        Person {
            who,
            surname: pupil.identity.surname.clone(),
            forename: pupil.identity.preferred.clone(),
            help,
            planned: [planned(Half::Am), planned(Half::Pm)],
        }
    }

    /// A list of people who are on no list yet, where this device knows their names; `None` when there is nobody.
    pub(super) fn added(&self, roll: &Roll, people: &[Who]) -> Result<Option<Fact>, OfficeError> {
        let day = roll.day;
        let mut added = Vec::new();
        for who in people {
            match who {
                Who::Pupil(id) => {
                    if let Some(pupil) = self.known.pupil(*id) {
                        added.push(self.expect_pupil(pupil, day, roll));
                    }
                }
                Who::Staff(id) => {
                    if let Some(one) = self.known.school().staff.get(id) {
                        added.push(Person {
                            who: *who,
                            surname: one.surname.clone(),
                            forename: one.forename.clone(),
                            help: Vec::new(),
                            planned: [None, None],
                        });
                    }
                }
                Who::Visitor(_) | Who::Stranger(_) => {}
            }
        }
        if added.is_empty() {
            return Ok(None);
        }
        added.truncate(PEOPLE_PER_FACT);
        let list =
            Expected { list: List::Added, name: "Not on a list of this site".to_owned(), part: 0, people: added };
        Ok(Some(RollFact::from(list).fact()?))
    }

    /// Signs a member of staff or a pupil in or out, now.
    ///
    /// # Errors
    /// When the records refuse.
    pub fn sign(&mut self, site: PlaceId, who: Who, way: Way, note: &str) -> Result<Written, OfficeError> {
        let now = self.now();
        self.carry_lists(site)?;
        let roll = presence::roll(self.records, site, now.day)?;
        let mut facts = Vec::new();
        if !roll.expected.contains_key(&who)
            && let Some(list) = self.added(&roll, &[who])?
        {
            facts.push(list);
        }
        facts.push(RollFact::from(Sign { who, way, minute: now.minute, note: note.to_owned() }).fact()?);
        self.write_one(documents::roll(site, now.day), facts)
    }

    /// Signs a visitor in, now.
    ///
    /// # Errors
    /// When there is no name, or the records refuse.
    pub fn visitor_in(&mut self, site: PlaceId, visit: &NewVisit) -> Result<VisitId, OfficeError> {
        if visit.name.trim().is_empty() {
            return Err(OfficeError::NoName);
        }
        let now = self.now();
        self.carry_lists(site)?;
        let id = VisitId(self.random_id());
        let arrived = Arrived {
            visit: id,
            name: line(&visit.name),
            organisation: line(&visit.organisation),
            host: visit.host,
            host_name: visit.host.map_or_else(|| line(&visit.host_typed), |host| self.short_name(host)),
            badge: line(&visit.badge),
            minute: now.minute,
        };
        let mut facts = vec![VisitFact::from(arrived).fact()?];
        if let Some(details) = visit.details(id) {
            facts.push(VisitFact::from(details).fact()?);
        }
        self.write_one(documents::visits(site, now.day), facts)?;
        Ok(id)
    }

    /// Signs a visitor out, now.
    ///
    /// # Errors
    /// When the records refuse.
    pub fn visitor_out(&mut self, site: PlaceId, visit: VisitId) -> Result<Written, OfficeError> {
        let now = self.now();
        self.carry_lists(site)?;
        let fact = VisitFact::from(Left { visit, minute: now.minute }).fact()?;
        self.write_one(documents::visits(site, now.day), vec![fact])
    }

    pub(super) fn short_name(&self, person: PersonId) -> String {
        self.known.school().staff.get(&person).map_or_else(String::new, |staff| {
            let initial: String = staff.forename.chars().take(1).collect();
            format!("{initial}. {}", staff.surname).chars().take(NAME_CHARS).collect()
        })
    }

    /// Notes that something was opened, signed in to, exported.
    ///
    /// # Errors
    /// When the records refuse.
    pub fn note_access(&mut self, site: PlaceId, event: Event) -> Result<Written, OfficeError> {
        let day = self.now().day;
        self.write_one(documents::access(site, day), vec![AccessFact::from(Access { event }).fact()?])
    }
}

fn names(stands: &[(FactRef, Expected)]) -> Vec<FactRef> {
    stands.iter().take(SUPERSEDED_PER_FACT).map(|(name, _)| *name).collect()
}

fn split(list: List, name: &str, people: Vec<Person>) -> Vec<Expected> {
    people
        .chunks(PEOPLE_PER_FACT)
        .enumerate()
        .map(|(part, people)| Expected {
            list,
            name: name.to_owned(),
            part: u8::try_from(part).unwrap_or(u8::MAX),
            people: people.to_vec(),
        })
        .collect()
}
