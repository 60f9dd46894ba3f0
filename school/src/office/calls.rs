//! Roll calls: starting, joining, saying who was seen, settling, adding people, ending.

use super::events::{Documents, documents_of, recent};
use super::{Office, OfficeError, Undo};
use crate::calendar::Day;
use crate::facts::roll_call::{
    CallFact, Ended, Kind, Listed, Settled, Sighting, Snapshot, Started, Statement, Stranger, Withdrawn,
};
use crate::facts::{Value, documents};
use crate::fire::call;
use crate::fire::call::Call;
use crate::fire::presence;
use crate::ids::{EventId, StrangerId, Who};
use crate::limits::{NAME_CHARS, PEOPLE_PER_FACT};
use muster_core::document::fact::{Fact, FactRef};
use muster_core::id::{DocumentId, PlaceId};
use muster_core::limits::SUPERSEDED_PER_FACT;
use muster_core::replica::records::{Change, Records, Written};

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
        self.call_documents(key)?.call()
    }

    fn call_documents(&mut self, key: CallKey) -> Result<Documents, OfficeError> {
        documents_of(self.records, key)
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
        let held = self.call_documents(key)?;
        let facts = self.joining(key, &held)?;
        if facts.is_empty() { Ok(None) } else { Ok(Some(self.write_one(key.document(), facts)?)) }
    }

    pub(super) fn joining(&mut self, key: CallKey, held: &Documents) -> Result<Vec<Fact>, OfficeError> {
        if call::has_joined(&held.own, self.records.seat()) { Ok(Vec::new()) } else { Ok(self.snapshot(key.site)?.0) }
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
        let held = self.call_documents(key)?;
        let seat = self.records.seat();
        let call = held.call()?;
        let before = call.person(who).and_then(|person| {
            let said = person.said.iter().find(|one| one.origin.seat == seat && !one.settles)?;
            Some(Sighting { who, says: said.says, place: said.place.clone(), marshal: said.marshal.clone() })
        });
        let mut facts = self.joining(key, &held)?;
        if call.person(who).is_none() {
            facts.extend(self.heard_since(key.site, who)?);
        }
        let sighting = Sighting { who, says, place: line(place), marshal: line(marshal) };
        facts.push(CallFact::from(sighting).replacing(held.replaced_by_next(seat, who))?);
        let written = self.write_one(key.document(), facts)?;
        Ok((written, Undo::Sighting { call: key, who, before }))
    }

    /// Calls somebody back who was said to be found: they are looked for again. Takes back what this seat said; where
    /// somebody else's word says where they are, says *not found* against it, so that it is to check.
    ///
    /// # Errors
    /// When nobody has said anything of them, or the records refuse.
    pub fn call_back(&mut self, key: CallKey, who: Who, marshal: &str) -> Result<(Written, Undo), OfficeError> {
        let call = self.call(key)?;
        let seat = self.records.seat();
        let said = call.person(who).map_or(&[][..], |person| person.said.as_slice());
        if said.is_empty() {
            return Err(OfficeError::Nothing("nobody has said anything of this person: they are looked for already"));
        }
        // A settlement that is taken back lets those words stand again that it had answered.
        if said.iter().any(|one| one.origin.seat != seat || one.settles) {
            return self.sight(key, who, Statement::NotFound, "", marshal);
        }
        let before = said.first().map(|one| {
            let (place, marshal) = (one.place.clone(), one.marshal.clone());
            Sighting { who, says: one.says, place, marshal }
        });
        Ok((self.undo_sighting(key, who, None)?, Undo::Sighting { call: key, who, before }))
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
        let held = self.call_documents(key)?;
        let call = held.call()?;
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
        let held = self.call_documents(key)?;
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
        let held = self.call_documents(key)?;
        let own = held.own_words(self.records.seat(), who);
        if own.is_empty() {
            return Err(OfficeError::Nothing("there is nothing of yours to take back"));
        }
        let fact = match before {
            None => CallFact::from(Withdrawn { who }),
            Some(before) => CallFact::from(before.clone()),
        };
        self.write_one(key.document(), vec![fact.replacing(own)?])
    }

    /// Takes back that this seat added somebody. They are gone from the list, unless anybody else said something of them.
    pub(super) fn undo_stranger(&mut self, key: CallKey, who: Who) -> Result<Written, OfficeError> {
        let held = self.call_documents(key)?;
        let seat = self.records.seat();
        let mut names = call::added_by(&held.own, seat, who);
        if names.is_empty() {
            return Err(OfficeError::Nothing("this person was not added here"));
        }
        names.extend(held.own_words(seat, who));
        names.truncate(SUPERSEDED_PER_FACT);
        self.write_one(key.document(), vec![CallFact::from(Withdrawn { who }).replacing(names)?])
    }

    /// Somebody who is believed here now and was on nobody's list when the call began: a list of one.
    fn heard_since(&mut self, site: PlaceId, who: Who) -> Result<Option<Fact>, OfficeError> {
        let Some(list) = presence::list(self.records, site)? else { return Ok(None) };
        let Some(person) = list.people.iter().find(|person| person.who == who) else { return Ok(None) };
        let (as_of_ms, people) = (list.as_of_ms.unwrap_or(0), vec![listed(person)]);
        let snapshot = Snapshot { as_of_ms, gaps: String::new(), part: u8::MAX, people };
        Ok(Some(CallFact::from(snapshot).fact()?))
    }

    /// Ends a roll call, and those that were joined with it.
    ///
    /// # Errors
    /// When nothing of the call is held, or the records refuse.
    pub fn end_call(&mut self, key: CallKey, note: &str) -> Result<Written, OfficeError> {
        let held = self.call_documents(key)?;
        let mut changes = Vec::new();
        for one in held.keys() {
            let fact = CallFact::from(Ended { note: note.trim().to_owned() }).fact()?;
            changes.push(Change { document: one.document(), facts: vec![fact] });
        }
        Ok(self.records.write(changes)?)
    }
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

pub(super) fn line(text: &str) -> String {
    text.trim().chars().filter(|symbol| !symbol.is_control()).take(NAME_CHARS).collect()
}
