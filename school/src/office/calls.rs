//! Roll calls: starting, joining, saying who was seen, settling, adding people, ending.

use super::{Office, OfficeError, Undo};
use crate::calendar::Day;
use crate::facts::roll_call::{
    CallFact, Ended, Kind, Listed, Settled, Sighting, Snapshot, Started, Statement, Stranger, Withdrawn,
};
use crate::facts::{Value, documents};
use crate::fire::call::{self, Call};
use crate::fire::presence;
use crate::ids::{EventId, StrangerId, Who};
use crate::limits::{NAME_CHARS, PEOPLE_PER_FACT};
use muster_core::document::fact::{Fact, FactRef, Facts};
use muster_core::id::{DocumentId, PlaceId};
use muster_core::limits::SUPERSEDED_PER_FACT;
use muster_core::replica::records::{Records, RecordsError, Written};
use std::sync::Arc;

/// Names a roll call at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallKey {
    /// The site.
    pub site: PlaceId,
    /// The day it began.
    pub day: Day,
    /// The event.
    pub event: EventId,
}

impl CallKey {
    /// Its document.
    pub fn document(&self) -> DocumentId {
        documents::roll_call(self.site, self.day, self.event)
    }
}

impl<R: Records> Office<'_, R> {
    /// The roll calls of a site that began today or yesterday, newest first.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn calls(&mut self, site: PlaceId) -> Result<Vec<(CallKey, Call)>, OfficeError> {
        let today = self.now().day;
        Ok(recent(self.records, site, today)?)
    }

    /// One roll call.
    ///
    /// # Errors
    /// When nothing of it is held.
    pub fn call(&mut self, key: CallKey) -> Result<Call, OfficeError> {
        call::evaluate(&*self.call_facts(key)?).ok_or(OfficeError::Unknown("roll call"))
    }

    fn call_facts(&mut self, key: CallKey) -> Result<Arc<Facts>, OfficeError> {
        self.records.facts(&key.document())?.ok_or(OfficeError::Unknown("roll call"))
    }

    /// Starts a roll call: its first entry fixes this device's list as it is now.
    ///
    /// # Errors
    /// When the records refuse.
    pub fn start_call(&mut self, site: PlaceId, kind: Kind) -> Result<CallKey, OfficeError> {
        self.carry_lists(site)?;
        let key = CallKey { site, day: self.now().day, event: EventId(self.random_id()) };
        let (snapshot, name) = self.snapshot(site)?;
        let mut facts = vec![CallFact::from(Started { kind, site: name }).fact()?];
        facts.extend(snapshot);
        self.write_one(key.document(), facts)?;
        Ok(key)
    }

    /// Takes part in a roll call: adds this device's list. Writes nothing when this seat did already.
    ///
    /// # Errors
    /// When nothing of the call is held, or the records refuse.
    pub fn join_call(&mut self, key: CallKey) -> Result<Option<Written>, OfficeError> {
        let held = self.call_facts(key)?;
        let facts = self.joining(key, &held)?;
        if facts.is_empty() { Ok(None) } else { Ok(Some(self.write_one(key.document(), facts)?)) }
    }

    fn joining(&mut self, key: CallKey, held: &Facts) -> Result<Vec<Fact>, OfficeError> {
        if call::has_joined(held, self.records.seat()) { Ok(Vec::new()) } else { Ok(self.snapshot(key.site)?.0) }
    }

    /// This device's list as snapshot facts, and the site's name.
    fn snapshot(&mut self, site: PlaceId) -> Result<(Vec<Fact>, String), OfficeError> {
        let list = presence::list(self.records, site)?;
        let name = list.as_ref().map_or_else(String::new, |list| list.site.clone());
        let (as_of_ms, gaps, people) = match &list {
            None => (0, "this device holds no list".to_owned(), Vec::new()),
            Some(list) => (list.as_of_ms.unwrap_or(0), list.gaps(), list.to_call().map(listed).collect()),
        };
        let mut facts = Vec::new();
        let parts = people.chunks(PEOPLE_PER_FACT).map(<[Listed]>::to_vec).collect::<Vec<_>>();
        let parts = if parts.is_empty() { vec![Vec::new()] } else { parts };
        for (part, people) in parts.into_iter().enumerate() {
            let part = u8::try_from(part).unwrap_or(u8::MAX);
            let snapshot = Snapshot { as_of_ms, gaps: gaps.clone(), part, people };
            facts.push(CallFact::from(snapshot).fact()?);
        }
        Ok((facts, name))
    }

    /// Says that somebody was found, not found, is at a refuge point, or is not here today. Replaces only what this
    /// seat said before.
    ///
    /// # Errors
    /// When nothing of the call is held, or the records refuse.
    pub fn sight(
        &mut self,
        key: CallKey,
        who: Who,
        says: Statement,
        place: &str,
        marshal: &str,
    ) -> Result<(Written, Undo), OfficeError> {
        let held = self.call_facts(key)?;
        let seat = self.records.seat();
        let before = call::evaluate(&held).and_then(|call| {
            let said = call.person(who)?.said.iter().find(|one| one.origin.seat == seat && !one.settles)?;
            Some(Sighting { who, says: said.says, place: said.place.clone(), marshal: said.marshal.clone() })
        });
        let mut facts = self.joining(key, &held)?;
        let sighting = Sighting { who, says, place: line(place), marshal: line(marshal) };
        facts.push(CallFact::from(sighting).replacing(call::own_words(&held, seat, who))?);
        let written = self.write_one(key.document(), facts)?;
        Ok((written, Undo::Sighting { call: key, who, before }))
    }

    /// Settles statements that disagree, all that stand here.
    ///
    /// # Errors
    /// When nothing is to settle, or the records refuse.
    pub fn settle(
        &mut self,
        key: CallKey,
        who: Who,
        says: Statement,
        note: &str,
        marshal: &str,
    ) -> Result<(Written, Undo), OfficeError> {
        self.settle_among(key, who, says, note, marshal, None)
    }

    /// Settles those statements that somebody has seen disagree: names them, so that another shows as *check* again,
    /// whether it came meanwhile or comes later.
    ///
    /// # Errors
    /// When none of them stands any more, or the records refuse.
    pub fn settle_among(
        &mut self,
        key: CallKey,
        who: Who,
        says: Statement,
        note: &str,
        marshal: &str,
        seen: Option<&[FactRef]>,
    ) -> Result<(Written, Undo), OfficeError> {
        let held = self.call_facts(key)?;
        let call = call::evaluate(&held).ok_or(OfficeError::Unknown("roll call"))?;
        let person = call.person(who).ok_or(OfficeError::Unknown("person in this roll call"))?;
        if person.said.is_empty() {
            return Err(OfficeError::Nothing("nobody has said anything of this person yet: say found or not found"));
        }
        let stand = person.said.iter().map(|said| said.name);
        let names: Vec<_> =
            stand.filter(|name| seen.is_none_or(|seen| seen.contains(name))).take(SUPERSEDED_PER_FACT).collect();
        if names.is_empty() {
            return Err(OfficeError::Nothing("what was said of this person has changed meanwhile: look again"));
        }
        let mut facts = self.joining(key, &held)?;
        let settled = Settled { who, says, note: note.trim().to_owned(), marshal: line(marshal) };
        facts.push(CallFact::from(settled).replacing(names)?);
        let written = self.write_one(key.document(), facts)?;
        Ok((written, Undo::Sighting { call: key, who, before: None }))
    }

    /// Adds somebody whom no list knows, found where the marshal stands.
    ///
    /// # Errors
    /// When there is no name, or the records refuse.
    pub fn add_stranger(&mut self, key: CallKey, name: &str, marshal: &str) -> Result<Who, OfficeError> {
        if name.trim().is_empty() {
            return Err(OfficeError::NoName);
        }
        let held = self.call_facts(key)?;
        let id = StrangerId(self.random_id());
        let mut facts = self.joining(key, &held)?;
        facts.push(CallFact::from(Stranger { id, name: line(name), marshal: line(marshal) }).fact()?);
        let who = Who::Stranger(id);
        let found = Sighting { who, says: Statement::Found, place: String::new(), marshal: line(marshal) };
        facts.push(CallFact::from(found).fact()?);
        self.write_one(key.document(), facts)?;
        Ok(who)
    }

    /// Takes back what this seat said of somebody: to what it said before, or to nothing.
    pub(super) fn undo_sighting(
        &mut self,
        key: CallKey,
        who: Who,
        before: Option<&Sighting>,
    ) -> Result<Written, OfficeError> {
        let held = self.call_facts(key)?;
        let own = call::own_words(&held, self.records.seat(), who);
        if own.is_empty() {
            return Err(OfficeError::Nothing("there is nothing of yours to take back"));
        }
        let fact = match before {
            None => CallFact::from(Withdrawn { who }),
            Some(before) => CallFact::from(before.clone()),
        };
        self.write_one(key.document(), vec![fact.replacing(own)?])
    }

    /// Ends a roll call.
    ///
    /// # Errors
    /// When nothing of the call is held, or the records refuse.
    pub fn end_call(&mut self, key: CallKey, note: &str) -> Result<Written, OfficeError> {
        self.call_facts(key)?;
        let fact = CallFact::from(Ended { note: note.trim().to_owned() }).fact()?;
        self.write_one(key.document(), vec![fact])
    }
}

/// The roll calls of a site that began today or the day before, newest first.
///
/// # Errors
/// When the records cannot be read.
pub(crate) fn recent(
    records: &mut impl Records,
    site: PlaceId,
    today: Day,
) -> Result<Vec<(CallKey, Call)>, RecordsError> {
    let mut found = Vec::new();
    let years = std::collections::BTreeSet::from([today.year(), today.plus(-1).year()]);
    for year in years {
        let section = crate::areas::section(crate::areas::ROLL, site, year);
        for document in records.documents(&section, documents::ROLL_CALL)? {
            let Some((day, event)) = documents::roll_call_key(&document) else { continue };
            if day < today.plus(-1) || day > today.plus(1) {
                continue;
            }
            let Some(facts) = records.facts(&document)? else { continue };
            if let Some(call) = call::evaluate(&facts) {
                found.push((CallKey { site, day, event }, call));
            }
        }
    }
    found.sort_by_key(|(key, call)| std::cmp::Reverse((call.started.map(|origin| origin.at), *key)));
    Ok(found)
}

fn listed(person: &presence::Believed) -> Listed {
    Listed {
        who: person.who,
        surname: person.surname.clone(),
        forename: person.forename.clone(),
        group: person.group.clone(),
        line: person.line.clone(),
        help: person.help.clone(),
        certain: person.state == presence::State::OnSite,
    }
}

fn line(text: &str) -> String {
    text.trim().chars().filter(|symbol| !symbol.is_control()).take(NAME_CHARS).collect()
}
