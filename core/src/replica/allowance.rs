//! How much of what one device writes the others keep in a day.
//!
//! A device that was taken over, or whose program runs wild, can write without end, and every entry is rightly sealed.
//! So each device counts what it takes of each other's, for each area apart: a flood of one kind of record never
//! stands in the way of another kind, and never in that of another device's. What was not used of some days is
//! still there on the next, as after a holiday; whoever is new takes all that a device could have written since it was
//! let in. What is over is not taken today: nothing is lost, it stays where it was written and is asked for again,
//! and how much that is can be shown.
//!
//! Not here: verdicts. What was taken counts or not by its bytes and the statements alone, on every replica alike.

use super::ingest::Problem;
use super::records::RecordsError;
use super::store::{Batch, Store, Table};
use super::{LogState, Replica};
use crate::authority::view::Holder;
use crate::codec;
use crate::id::{Area, DeviceId, EntryHash, LogId, Section};
use crate::limits;
use crate::log::entry::Entry;
use crate::time::Moment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one device may have others keep, of each area and in a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DailyLimit {
    /// Entries.
    pub entries: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Days of it that are there at the most, for what was not used before.
    pub days: u64,
}

impl Default for DailyLimit {
    fn default() -> Self {
        Self { entries: limits::ENTRIES_PER_DAY, bytes: limits::BYTES_PER_DAY, days: limits::DAYS_SAVED }
    }
}

/// Whose entries, in which area; areas that nobody here has a rule for are counted together, and so are devices that
/// nobody let in.
type Of = (Option<DeviceId>, Option<Area>);

/// What may still be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Left {
    /// On this day, in days since 1970-01-01.
    day: i32,
    entries: u64,
    bytes: u64,
}

impl Left {
    /// What is there on the day that a device is first heard of, which was let in so many days ago.
    fn first(limit: &DailyLimit, day: i32, since: u64) -> Self {
        let days = limit.days.saturating_add(since);
        Self { day, entries: limit.entries.saturating_mul(days), bytes: limit.bytes.saturating_mul(days) }
    }

    /// What is there on another day. A clock that was put back gives nothing, and takes nothing away.
    fn on(self, limit: &DailyLimit, day: i32) -> Self {
        let past = u64::try_from(i64::from(day) - i64::from(self.day)).unwrap_or(0);
        let more = |left: u64, a_day: u64| {
            let most = a_day.saturating_mul(limit.days);
            left.max(left.saturating_add(a_day.saturating_mul(past)).min(most))
        };
        Self { day, entries: more(self.entries, limit.entries), bytes: more(self.bytes, limit.bytes) }
    }

    fn less(self, entries: u64, bytes: u64) -> Option<Self> {
        let entries = self.entries.checked_sub(entries)?;
        Some(Self { day: self.day, entries, bytes: self.bytes.checked_sub(bytes)? })
    }
}

/// What a replica remembers of it.
#[derive(Debug)]
pub(super) struct Allowances {
    limit: Option<DailyLimit>,
    /// The day it is, as far as anybody has said. Until then nothing is counted.
    today: Option<i32>,
    left: BTreeMap<Of, Left>,
    /// How far the logs went of which something was not taken.
    refused: BTreeMap<LogId, (DeviceId, u64)>,
}

impl Default for Allowances {
    fn default() -> Self {
        Self { limit: Some(DailyLimit::default()), today: None, left: BTreeMap::new(), refused: BTreeMap::new() }
    }
}

/// What one transaction takes of it.
pub(super) type Taken = BTreeMap<Of, Left>;

impl<S: Store> Replica<S> {
    /// Says what one device may have this one keep in a day, instead of [`DailyLimit::default`]. With `None` nothing
    /// is counted: for taking over all that another kept, where nobody can be asked again tomorrow.
    pub fn limit_daily(&mut self, limit: Option<DailyLimit>) {
        self.allowances.limit = limit;
    }

    /// How many entries of a device others have shown that were not taken here, because they were too many for a day.
    pub fn over_limit(&self, device: &DeviceId) -> u64 {
        let refused = self.allowances.refused.iter().filter(|(_, (by, _))| by == device);
        let lacking = |log, length: u64| length.saturating_sub(self.logs.get(log).map_or(0, LogState::length));
        refused.map(|(log, (_, length))| lacking(log, *length)).sum()
    }

    /// Says what day it is, so that what comes is counted.
    pub(crate) fn it_is(&mut self, now: Moment) {
        self.allowances.today = Some(now.civil_day());
        self.watch.it_is(now);
    }

    /// Takes new entries out of what their device may have this one keep, if there is so much left.
    pub(super) fn allow(
        &self,
        by: DeviceId,
        section: &Section,
        entries: &[&Entry],
        taken: &mut Taken,
    ) -> Result<Result<(), Problem>, RecordsError> {
        let (Some(limit), Some(today)) = (&self.allowances.limit, self.allowances.today) else { return Ok(Ok(())) };
        if entries.is_empty() || by == self.device() {
            return Ok(Ok(()));
        }
        let let_in = self.let_in_on(&by);
        let area = section.compartment.area;
        let known = *section == Section::AUTHORITY || self.rules.contains_key(&area);
        let of = (let_in.map(|_| by), known.then_some(area));
        let left = match taken.get(&of).or_else(|| self.allowances.left.get(&of)) {
            Some(left) => left.on(limit, today),
            None => {
                match self.store.get(Table::Allowances, &row(&of))?.and_then(|row| codec::decode::<Left>(&row).ok()) {
                    Some(left) => left.on(limit, today),
                    None => {
                        let since = let_in.map_or(0, |day| i64::from(today) - i64::from(day));
                        Left::first(limit, today, u64::try_from(since).unwrap_or(0))
                    }
                }
            }
        };
        let bytes: usize = entries.iter().map(|entry| entry.body().len() + limits::ENTRY_ON_WIRE).sum();
        match left.less(entries.len() as u64, bytes as u64) {
            Some(left) => {
                taken.insert(of, left);
                Ok(Ok(()))
            }
            None => Ok(Err(Problem::TooMuchToday)),
        }
    }

    /// Puts what a transaction takes into it.
    pub(super) fn put_taken(taken: &Taken, batch: &mut Batch) {
        for (of, left) in taken {
            batch.put(Table::Allowances, row(of), codec::encode(left));
        }
    }

    /// The transaction is durable.
    pub(super) fn note_taken(&mut self, taken: Taken) {
        self.allowances.left.extend(taken);
    }

    /// Remembers how far a log went that was not taken.
    pub(super) fn note_refused(&mut self, log: LogId, by: DeviceId, length: u64) {
        let refused = &mut self.allowances.refused;
        if refused.len() < limits::SECTIONS || refused.contains_key(&log) {
            let known = refused.entry(log).or_insert((by, 0));
            known.1 = known.1.max(length);
        }
    }

    /// The day on which a device was let in first, by the clock of whoever did it.
    fn let_in_on(&self, device: &DeviceId) -> Option<i32> {
        let holder = Holder::Device(*device);
        let grants = self.view.grants.iter().chain(&self.view.past).filter(|(_, one)| one.holder == holder);
        let days = grants.map(|(id, _)| {
            let said = self.statements.get(&EntryHash(id.0));
            // The founding device's stands in the first act; a grant by the cards stands inside another statement.
            said.map_or(i32::MAX, |placed| placed.act.1.civil_day())
        });
        days.min()
    }
}

fn row((device, area): &Of) -> Vec<u8> {
    let device = device.map_or([0; 32], |device| device.0);
    let area = area.map_or([u8::MAX; 2], |area| area.0.to_be_bytes());
    [device.as_slice(), area.as_slice()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: DailyLimit = DailyLimit { entries: 10, bytes: 1_000, days: 3 };

    #[test]
    fn what_was_not_used_is_there_on_later_days_up_to_a_few_of_them() {
        let left = Left::first(&LIMIT, 100, 0).less(30, 100).unwrap();
        assert_eq!(left.less(1, 1), None, "nothing more today");
        assert_eq!(left.on(&LIMIT, 101).entries, 10);
        assert_eq!(left.on(&LIMIT, 200).entries, 30, "a long silence is no leave for a flood");
    }

    #[test]
    fn a_newcomer_takes_what_could_have_been_written_since_a_device_was_let_in() {
        let left = Left::first(&LIMIT, 500, 400);
        assert_eq!(left.entries, 4_030);
        assert_eq!(left.on(&LIMIT, 501).entries, 4_030, "and what is left of it stays for the next day");
    }

    #[test]
    fn a_clock_that_is_put_back_gives_nothing_more_and_one_put_right_again_goes_on() {
        let used_up = Left::first(&LIMIT, 900, 0).less(30, 0).unwrap();
        let back = used_up.on(&LIMIT, 100);
        assert_eq!(back.entries, 0);
        assert_eq!(back.on(&LIMIT, 101).entries, 10);
    }
}
