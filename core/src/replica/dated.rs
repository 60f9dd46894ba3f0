//! Between when and when an entry must have been made, where its own time cannot be right or it was long in coming.
//!
//! Time is a claim, and nothing is refused for it. But this device is a witness. What came to it was made before it
//! came; what its author had heard of, and what stands before it in its log, was made before it was. An entry that came
//! within a day of what it says is kept nothing of: its interval is that day. Of one that comes though this device had
//! since then found with another that neither had it, or that is dated later than it came, the interval is kept, for
//! the audit to show beside the claim.
//!
//! No verdict follows from any of it, and another device may have seen the same entry sooner. A device that was away
//! itself says of nobody that they were late: of each section it is asked when this device last held the same of it as
//! another. Times here are of this device's own clock, but where it says otherwise.

use super::store::{Store, StoreError};
use super::{Replica, Share};
use crate::codec;
use crate::id::{DeviceId, EntryHash, FrontierId, Section};
use crate::limits;
use crate::log::entry::Entry;
use crate::replica::frontiers::Frontiers;
use crate::time::Moment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The file that keeps it: names of entries and times, in clear as what is watched for is.
const FILE: &str = "dated";
/// The form of the file; another is read as none.
const FORM: u8 = 1;
/// What clocks and a night without a network may make of a time, without anybody meaning harm.
const DAY_MS: i64 = 86_400_000;
/// How old what is on the disk about agreements may be.
const HOUR_MS: i64 = 3_600_000;
/// Lists of authority heads that are looked through for one run of entries: more than an honest one names.
const LISTS_MOST: usize = 8;

/// Between when and when an entry must have been made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// Not before this, by the clocks of others or of its author: something dated so was there already. `None` where
    /// nothing shows it.
    pub after: Option<Moment>,
    /// Not after this, by this device's clock: then it came here.
    pub by: Moment,
}

impl Interval {
    /// Whether an entry with this claim must have been made at another time, by more than a day.
    pub fn contradicts(&self, claim: Moment) -> bool {
        let dated_later = claim.utc_ms > self.by.utc_ms.saturating_add(DAY_MS);
        dated_later || self.after.is_some_and(|after| after.utc_ms > claim.utc_ms.saturating_add(DAY_MS))
    }
}

/// What a replica remembers of it.
#[derive(Debug, Default)]
pub(super) struct Dated {
    /// When this device last held the same of a section as another.
    agreed: BTreeMap<Section, Moment>,
    kept: BTreeMap<EntryHash, Interval>,
    unwritten: bool,
}

/// As it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    version: u8,
    agreed: BTreeMap<Section, Moment>,
    kept: BTreeMap<EntryHash, Interval>,
}

impl<S: Store> Replica<S> {
    /// Between when and when an entry must have been made, where its own time is not to be taken as it stands. `None`
    /// where it came here within a day of what it says, was written here, or came before this device could tell.
    pub fn interval(&self, entry: &EntryHash) -> Option<Interval> {
        self.dated.kept.get(entry).copied()
    }

    /// What is to be kept of new entries of a device that follow each other in a section.
    pub(super) fn intervals(
        &self,
        by: &DeviceId,
        section: &Section,
        fresh: &[&Entry],
        offered: &Frontiers,
    ) -> Vec<(EntryHash, Interval)> {
        let (Some(now), Some(agreed)) = (self.watch.now(), self.dated.agreed.get(section)) else { return Vec::new() };
        let mut found: Vec<(EntryHash, Interval)> = Vec::new();
        let mut lists: BTreeMap<FrontierId, Option<Moment>> = BTreeMap::new();
        let mut before: Option<Moment> = None;
        for entry in fresh {
            let header = entry.header();
            let late = header.at.utc_ms.saturating_add(DAY_MS) < agreed.utc_ms;
            if *by != self.device() && (late || header.at.utc_ms > now.utc_ms.saturating_add(DAY_MS)) {
                let known = lists.contains_key(&header.authority) || lists.len() < LISTS_MOST;
                let heard = known.then(|| {
                    *lists
                        .entry(header.authority)
                        .or_insert_with(|| self.newest_heard_of(&header.authority, by, now, offered))
                });
                let after = [heard.flatten(), before].into_iter().flatten().max_by_key(|at| at.utc_ms);
                found.push((entry.hash(), Interval { after, by: now }));
            }
            before = Some(header.at).filter(|at| at.utc_ms <= now.utc_ms);
        }
        found
    }

    /// The latest that another device dated of what lies under a list of authority heads, and is not to come yet.
    fn newest_heard_of(&self, list: &FrontierId, by: &DeviceId, now: Moment, offered: &Frontiers) -> Option<Moment> {
        let lists = if self.frontiers.contains(list) { &self.frontiers } else { offered };
        let others = self.statements.values().filter(|placed| {
            placed.act.1.utc_ms <= now.utc_ms && self.device_of(&placed.seat).is_some_and(|device| device != *by)
        });
        let heard = others.filter(|placed| lists.covers(list, &placed.log, placed.sequence));
        heard.map(|placed| placed.act.1).max_by_key(|at| at.utc_ms)
    }

    /// Keeps what was found, the newest to come where it is too much. That it cannot be written keeps nobody from
    /// their entries: it is tried again.
    pub(super) fn keep_intervals(&mut self, found: Vec<(EntryHash, Interval)>) {
        if found.is_empty() {
            return;
        }
        let kept = &mut self.dated.kept;
        kept.extend(found);
        let over = kept.len().saturating_sub(limits::DATED);
        if over > 0 {
            let mut oldest: Vec<(i64, EntryHash)> = kept.iter().map(|(name, one)| (one.by.utc_ms, *name)).collect();
            oldest.sort_unstable();
            for (_, name) in oldest.into_iter().take(over) {
                kept.remove(&name);
            }
        }
        self.dated.unwritten = true;
        let _later = self.keep_dated();
    }

    /// This device and another hold the same of all that both may hold.
    pub(super) fn note_agreed(&mut self, peer: &DeviceId, now: Moment) {
        let whole: Vec<Section> = self.sections_for(peer).into_iter().collect();
        for section in whole {
            if !matches!(self.share(peer, &section), Some(Share::All)) {
                continue;
            }
            let last = self.dated.agreed.insert(section, now);
            self.dated.unwritten |= last.is_none_or(|last| last.utc_ms.saturating_add(HOUR_MS) < now.utc_ms);
        }
    }

    pub(super) fn load_dated(&mut self) -> Result<(), StoreError> {
        let kept = self.store.file(FILE)?.and_then(|bytes| codec::decode::<Kept>(&bytes).ok());
        if let Some(Kept { version: FORM, agreed, kept }) = kept {
            (self.dated.agreed, self.dated.kept) = (agreed, kept);
        }
        Ok(())
    }

    pub(super) fn keep_dated(&mut self) -> Result<(), StoreError> {
        if !self.dated.unwritten {
            return Ok(());
        }
        let kept = Kept { version: FORM, agreed: self.dated.agreed.clone(), kept: self.dated.kept.clone() };
        self.store.put_file(FILE, &codec::encode(&kept))?;
        self.dated.unwritten = false;
        Ok(())
    }
}
