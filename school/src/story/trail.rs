//! When each act was done and which documents it wrote, kept in memory: so that the newest of the audit is told without
//! reading every document each time.
//!
//! The first look reads all that this seat may read; every later one only what has changed since. It says nothing that the
//! documents do not, and can be thrown away at any time.

use super::TOLD;
use crate::calendar::{self, Day};
use muster_core::id::{ActId, DocumentId, EntryHash, SeatId, Section};
use muster_core::replica::records::{Records, RecordsError};
use muster_core::time::Moment;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// An entry of a document: of which act, by whom and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Written {
    entry: EntryHash,
    act: ActId,
    seat: SeatId,
    at: Moment,
}

/// An act: the documents it wrote.
#[derive(Debug, Default)]
struct Act {
    documents: BTreeMap<Arc<DocumentId>, BTreeSet<(Moment, SeatId)>>,
    newest: Option<Moment>,
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    sections: BTreeMap<(Section, u16), u64>,
    documents: BTreeMap<Arc<DocumentId>, Vec<Written>>,
    acts: BTreeMap<ActId, Act>,
    by_time: BTreeSet<(Reverse<Moment>, ActId)>,
    days: BTreeMap<Day, usize>,
    seats: BTreeMap<SeatId, usize>,
}

impl Trail {
    /// Reads what is new or has changed.
    pub(super) fn look(&mut self, records: &mut impl Records) -> Result<(), RecordsError> {
        let mut seen = BTreeSet::new();
        for (area, kind) in TOLD {
            for section in records.sections(area) {
                seen.insert((section, kind));
                let since = records.changed_since(&section, kind, self.sections.get(&(section, kind)).copied())?;
                let changed = match since.documents {
                    Some(changed) => changed,
                    None => {
                        self.forget(|document| document.section == section && document.kind == kind);
                        records.documents(&section, kind)?
                    }
                };
                for document in changed {
                    self.read(records, document)?;
                }
                self.sections.insert((section, kind), since.at);
            }
        }
        // What cannot be read any more is told no more.
        self.sections.retain(|known, _| seen.contains(known));
        self.forget(|document| !seen.contains(&(document.section, document.kind)));
        Ok(())
    }

    /// The acts of which something was written on a day and by seats that fit, the newest first, each with the moment of
    /// its newest entry.
    pub(super) fn acts(&self, fits: impl Fn(Moment, &SeatId) -> bool) -> impl Iterator<Item = (Moment, ActId)> {
        self.by_time.iter().filter_map(move |(at, act)| {
            let written = self.acts.get(act)?.documents.values().flatten();
            let any = { written }.any(|(at, seat)| fits(*at, seat));
            any.then_some((at.0, *act))
        })
    }

    /// The documents that some acts wrote, and those of the same site and day that name who is in them, in the order in
    /// which they are told.
    pub(super) fn documents_of(&self, acts: &BTreeSet<ActId>) -> Vec<Arc<DocumentId>> {
        let of_acts = acts.iter().filter_map(|act| self.acts.get(act)).flat_map(|act| act.documents.keys());
        let mut found: BTreeSet<Arc<DocumentId>> = of_acts.cloned().collect();
        let days: BTreeSet<(Section, Vec<u8>)> =
            found.iter().filter_map(|document| Some((document.section, day_key(document)?.to_vec()))).collect();
        for (section, day) in days {
            let first = DocumentId { section, kind: 0, key: Vec::new() };
            let beside = self.documents.range(Arc::new(first)..).map(|(document, _)| document);
            let beside = beside.take_while(|document| document.section == section);
            found.extend(beside.filter(|document| day_key(document) == Some(&day)).cloned());
        }
        let mut found: Vec<_> = found.into_iter().collect();
        let place = |document: &DocumentId| TOLD.iter().position(|(_, kind)| *kind == document.kind);
        found.sort_by(|left, right| (place(left), left).cmp(&(place(right), right)));
        found
    }

    /// The act of an entry.
    pub(super) fn act_of(&self, entry: &EntryHash) -> Option<ActId> {
        let written = self.documents.values().flatten().find(|written| written.entry == *entry);
        written.map(|written| written.act)
    }

    /// Every day on which anything was written, by the clocks of those who did.
    pub(crate) fn days(&self) -> impl Iterator<Item = Day> {
        self.days.keys().copied()
    }

    /// Every seat that wrote anything.
    pub(crate) fn seats(&self) -> impl Iterator<Item = &SeatId> {
        self.seats.keys()
    }

    fn read(&mut self, records: &mut impl Records, document: DocumentId) -> Result<(), RecordsError> {
        self.forget_one(&document);
        let Some(facts) = records.facts(&document)? else { return Ok(()) };
        let mut written: Vec<Written> = facts
            .iter()
            .map(|held| Written {
                entry: held.name.entry,
                act: held.origin.act,
                seat: held.origin.seat,
                at: held.origin.at,
            })
            .collect();
        written.sort_unstable();
        written.dedup();
        let document = Arc::new(document);
        for one in &written {
            *self.days.entry(calendar::local(one.at).day).or_default() += 1;
            *self.seats.entry(one.seat).or_default() += 1;
            let act = self.acts.entry(one.act).or_default();
            act.documents.entry(Arc::clone(&document)).or_default().insert((one.at, one.seat));
        }
        for act in written.iter().map(|one| one.act).collect::<BTreeSet<_>>() {
            self.put_in_time(act);
        }
        self.documents.insert(document, written);
        Ok(())
    }

    fn put_in_time(&mut self, act: ActId) {
        let Some(held) = self.acts.get_mut(&act) else { return };
        if let Some(before) = held.newest.take() {
            self.by_time.remove(&(Reverse(before), act));
        }
        held.newest = held.documents.values().flatten().map(|(at, _)| *at).max();
        match held.newest {
            Some(newest) => drop(self.by_time.insert((Reverse(newest), act))),
            None => drop(self.acts.remove(&act)),
        }
    }

    fn forget(&mut self, which: impl Fn(&DocumentId) -> bool) {
        let gone: Vec<Arc<DocumentId>> = self.documents.keys().filter(|document| which(document)).cloned().collect();
        gone.iter().for_each(|document| self.forget_one(document));
    }

    fn forget_one(&mut self, document: &DocumentId) {
        let Some(written) = self.documents.remove(document) else { return };
        for one in &written {
            take_one(&mut self.days, &calendar::local(one.at).day);
            take_one(&mut self.seats, &one.seat);
            if let Some(act) = self.acts.get_mut(&one.act) {
                act.documents.remove(document);
            }
        }
        for act in written.iter().map(|one| one.act).collect::<BTreeSet<_>>() {
            self.put_in_time(act);
        }
    }
}

fn take_one<K: Ord>(counts: &mut BTreeMap<K, usize>, of: &K) {
    if let Some(count) = counts.get_mut(of) {
        *count -= 1;
        if *count == 0 {
            counts.remove(of);
        }
    }
}

/// The day in the key of a document of the roll.
fn day_key(document: &DocumentId) -> Option<&[u8]> {
    (document.section.compartment.area == crate::areas::ROLL).then(|| document.key.get(..4)).flatten()
}
