//! What is done in a roll call beyond saying who was seen: its moments, joining two and parting them, its report.

use super::calls::line;
use super::{CallKey, Office, OfficeError};
use crate::facts::roll_call::{CallFact, Joined, Learned, Parted, Point, Resumed, Signed, Timed};
use crate::facts::{self, Value as _};
use crate::fire::call::{joined, report};
use muster_core::limits::SUPERSEDED_PER_FACT;
use muster_core::replica::records::{Change, Records, Written};

impl<R: Records> Office<'_, R> {
    /// Says that a moment of the event is now.
    ///
    /// # Errors
    /// When nothing of the call is held, or the records refuse.
    pub fn time_call(&mut self, key: CallKey, what: Point, marshal: &str) -> Result<Written, OfficeError> {
        super::events::documents_of(self.records, key)?;
        let fact = CallFact::from(Timed { what, marshal: line(marshal) }).fact()?;
        self.write_one(key.document(), vec![fact])
    }

    /// Goes on with a roll call that was ended, and with those that were joined with it: the endings that came are taken
    /// back, and nothing that was said before or since is lost.
    ///
    /// # Errors
    /// When nothing of the call is held, nobody has ended it, or the records refuse.
    pub fn resume_call(&mut self, key: CallKey) -> Result<Written, OfficeError> {
        let held = super::events::documents_of(self.records, key)?;
        let mut changes = Vec::new();
        for (one, facts) in held.each() {
            let ended = facts::all::<CallFact>(facts).filter(|read| matches!(read.value, CallFact::Ended(_)));
            let names: Vec<_> = ended.map(|read| read.held.name).take(SUPERSEDED_PER_FACT).collect();
            if !names.is_empty() {
                let fact = CallFact::from(Resumed {}).replacing(names)?;
                changes.push(Change { document: one.document(), facts: vec![fact] });
            }
        }
        if held.call()?.ended.is_none() {
            return Err(OfficeError::Nothing("this roll call goes on already"));
        }
        Ok(self.records.write(changes)?)
    }

    /// Two roll calls of this site, started apart, are of one event: from now on each says what both say.
    ///
    /// # Errors
    /// When one of them is not held, they are one already, or the records refuse.
    pub fn join_calls(&mut self, one: CallKey, other: CallKey) -> Result<Written, OfficeError> {
        if one.site != other.site {
            return Err(OfficeError::Nothing("roll calls of two sites stay apart: each site calls its own list"));
        }
        let held = super::events::documents_of(self.records, one)?;
        super::events::documents_of(self.records, other)?;
        if held.keys().contains(&other) {
            return Err(OfficeError::Nothing("these two are joined already"));
        }
        let mut changes = Vec::new();
        for (here, there) in [(one, other), (other, one)] {
            let fact = CallFact::from(Joined { day: there.day, event: there.event }).fact()?;
            changes.push(Change { document: here.document(), facts: vec![fact] });
        }
        Ok(self.records.write(changes)?)
    }

    /// They are of two events after all. Nothing that was said in either is lost.
    ///
    /// # Errors
    /// When they are not joined with one another directly, or the records refuse.
    pub fn part_calls(&mut self, one: CallKey, other: CallKey) -> Result<Written, OfficeError> {
        let mut changes = Vec::new();
        for (here, there) in [(one, other), (other, one)] {
            let Some(held) = self.records.facts(&here.document())? else { continue };
            let Some(mut names) = joined::links(&held).remove(&(there.day, there.event)) else { continue };
            names.truncate(SUPERSEDED_PER_FACT);
            let fact = CallFact::from(Parted { day: there.day, event: there.event }).replacing(names)?;
            changes.push(Change { document: here.document(), facts: vec![fact] });
        }
        if changes.is_empty() {
            return Err(OfficeError::Nothing("these two were not joined with one another: part those that were"));
        }
        Ok(self.records.write(changes)?)
    }

    /// Writes what was seen and learned in an event. What was written before is replaced and kept.
    ///
    /// # Errors
    /// When nothing of the call is held, or the records refuse.
    pub fn write_report(&mut self, key: CallKey, learned: Learned) -> Result<Written, OfficeError> {
        let held = super::events::documents_of(self.records, key)?;
        let replaced = report::read(&held.facts()).replaced;
        self.write_one(key.document(), vec![CallFact::from(learned).replacing(replaced)?])
    }

    /// Signs the report of an event, as it is here.
    ///
    /// # Errors
    /// When the event is not over, or the records refuse.
    pub fn sign_report(&mut self, key: CallKey) -> Result<Written, OfficeError> {
        let held = super::events::documents_of(self.records, key)?;
        if held.call()?.ended.is_none() {
            return Err(OfficeError::Nothing("the roll call still runs: end it first, then sign its report"));
        }
        let facts = report::read(&held.facts()).facts;
        self.write_one(key.document(), vec![CallFact::from(Signed { facts }).fact()?])
    }
}
