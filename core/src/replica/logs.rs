//! How far each log is held, and its entries.

use super::journal::Fresh;
use super::records::RecordsError;
use super::store::{Store, Table};
use super::workers::map;
use super::{Replica, Share, rows};
use crate::codec;
use crate::crypto::hash::hash;
use crate::id::{DeviceId, EntryHash, EpochId, LogId, Section};
use crate::keys::record::{Record, RecordId};
use crate::log::entry::Entry;
use crate::log::frontier::Head;
use crate::log::header::Descriptor;
use crate::log::seal::Seal;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One log, as far as it is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogState {
    /// Who writes, in which section.
    pub descriptor: Descriptor,
    /// Its ends, sorted: one, unless the log forked.
    pub heads: Vec<Head>,
    /// The first place at which two entries stand, where it forked. Nothing from there on is applied until an
    /// officer adopts it.
    pub forked_at: Option<u64>,
}

impl LogState {
    pub(super) fn empty(descriptor: Descriptor) -> Self {
        Self { descriptor, heads: Vec::new(), forked_at: None }
    }

    /// Entries on the longest branch.
    pub fn length(&self) -> u64 {
        self.heads.iter().map(|head| head.length).max().unwrap_or(0)
    }

    /// Entries that may be applied: those before the fork, or all.
    pub fn undisputed(&self) -> u64 {
        self.forked_at.unwrap_or_else(|| self.length())
    }

    /// The end to go on from, of a log that has not forked.
    pub(super) fn tip(&self) -> Head {
        self.heads.first().copied().unwrap_or(Head { length: 0, hash: EntryHash::ZERO })
    }
}

/// Digests worked out, until anything of their section changes.
#[derive(Debug, Default)]
pub(super) struct Digests(BTreeMap<Section, Vec<(Share, [u8; 32])>>);

impl Digests {
    fn get(&self, section: &Section, share: Share) -> Option<[u8; 32]> {
        self.0.get(section)?.iter().find(|(of, _)| *of == share).map(|(_, digest)| *digest)
    }

    fn keep(&mut self, section: &Section, share: Share, digest: [u8; 32]) {
        self.0.entry(*section).or_default().push((share, digest));
    }

    pub(super) fn forget(&mut self, section: &Section) {
        self.0.remove(section);
    }
}

/// An entry, and the seal that ends at it, if one does.
pub(crate) type Sealed = (Entry, Option<Seal>);

/// A row of the entries: place, name, and the entry where it is whole.
pub(super) type EntryRow = (u64, EntryHash, Option<Sealed>);

/// An entry as it lies in its row, if it is the one that the row is named after.
pub(crate) fn whole(log: &LogId, place: u64, hash: &EntryHash, row: &[u8]) -> Option<Sealed> {
    let (entry, seal) = Entry::decode(row).ok()?;
    let is_it = entry.hash() == *hash && entry.header().sequence == place && entry.header().log == *log;
    is_it.then_some((entry, seal))
}

impl<S: Store> Replica<S> {
    /// Up to `most` entries of a log from a place on, in order; on a forked log those of all branches.
    pub(crate) fn entries(&self, log: &LogId, from: u64, most: usize) -> Result<Vec<Sealed>, RecordsError> {
        let rows = self.rows(log, from, most)?;
        rows.into_iter().map(|(.., sealed)| sealed.ok_or_else(|| damaged(log))).collect()
    }

    /// The rows of a log from a place on, up to `most`: place, name, and the entry, `None` where it is damaged.
    pub(super) fn rows(&self, log: &LogId, from: u64, most: usize) -> Result<Vec<EntryRow>, RecordsError> {
        let end = rows::after(&log.0);
        let found = self.store.range(Table::Entries, &rows::entries_from(log, from), end.as_deref(), most)?;
        let read = |(key, value): &(Vec<u8>, Vec<u8>)| {
            let (_, place, hash) = rows::read_entry(key).ok_or_else(|| damaged(log))?;
            Ok((place, hash, whole(log, place, &hash, value)))
        };
        map(self.workers, &found, read).into_iter().collect()
    }

    /// As [`Replica::entries`], up to the first that is damaged or gone.
    pub(crate) fn entries_before_damage(
        &self,
        log: &LogId,
        from: u64,
        most: usize,
    ) -> Result<Vec<Sealed>, RecordsError> {
        let is_one = self.logs.get(log).is_some_and(|state| state.forked_at.is_none());
        let mut all = Vec::new();
        for ((place, _, sealed), due) in self.rows(log, from, most)?.into_iter().zip(from..) {
            match sealed.filter(|_| !is_one || place == due) {
                Some(sealed) => all.push(sealed),
                None if all.is_empty() => return Err(damaged(log)),
                None => break,
            }
        }
        Ok(all)
    }

    /// A seal that goes out with these entries must hold, or whoever gets it takes this device for a hostile one.
    ///
    /// # Errors
    /// When it has rotted.
    pub(crate) fn must_hold(&self, log: &LogId, entries: &[Entry], seal: &Seal) -> Result<(), RecordsError> {
        let seat = self.logs.get(log).map(|state| state.descriptor.seat);
        let key = seat.and_then(|seat| self.view.seats.get(&seat)).map(|seated| seated.key);
        let Some((key, last)) = key.zip(entries.last()) else { return Ok(()) };
        let holds = seal.holds(&key, log, last.header().sequence + 1, &last.hash());
        if holds { Ok(()) } else { Err(damaged(log)) }
    }

    /// One entry by its full name.
    pub(crate) fn entry(&self, log: &LogId, sequence: u64, hash: &EntryHash) -> Result<Option<Sealed>, RecordsError> {
        let Some(value) = self.store.get(Table::Entries, &rows::entry(log, sequence, hash))? else { return Ok(None) };
        whole(log, sequence, hash, &value).map(Some).ok_or_else(|| damaged(log))
    }

    /// The sections held that a device may hold too, the authority area included.
    pub(crate) fn sections_for(&self, device: &DeviceId) -> BTreeSet<Section> {
        let held = self.logs.values().map(|state| &state.descriptor.section).chain(self.sealed.sections());
        let held: BTreeSet<Section> = held.copied().collect();
        held.into_iter()
            .filter(|section| match self.share(device, section) {
                None => false,
                Some(Share::All) => true,
                Some(share) => self.has_any_of(share, section),
            })
            .collect()
    }

    /// Whether anything is here of what is shared of a section.
    fn has_any_of(&self, share: Share, section: &Section) -> bool {
        self.logs_shared(share, section).next().is_some() || !self.records_shared(share, section).is_empty()
    }

    /// The logs held of what is shared of a section.
    pub(crate) fn logs_shared(&self, share: Share, section: &Section) -> impl Iterator<Item = (&LogId, &LogState)> {
        self.logs.iter().filter(move |(_, state)| {
            state.descriptor.section == *section && !state.heads.is_empty() && self.is_shared(share, &state.descriptor)
        })
    }

    /// A digest of what is held of what this device and another share of a section: its logs' heads and its sealed
    /// records.
    pub(crate) fn digest(&mut self, peer: &DeviceId, section: &Section) -> [u8; 32] {
        // Of what is not shared, nothing is said by comparing it whole.
        let share = self.share(peer, section).unwrap_or(Share::All);
        if let Some(known) = self.digests.get(section, share) {
            return known;
        }
        let logs: Vec<(&LogId, &Vec<Head>)> =
            self.logs_shared(share, section).map(|(id, state)| (id, &state.heads)).collect();
        let records = self.records_shared(share, section);
        let lacking = self.lacking_among(logs.iter().map(|(id, _)| *id));
        let (logs, records) = (codec::encode(&logs), codec::encode(&records));
        let digest = if lacking.is_empty() {
            hash("muster 1 section digest", &[&logs, &records])
        } else {
            hash("muster 1 section digest", &[&logs, &records, &codec::encode(&lacking)])
        };
        self.digests.keep(section, share, digest);
        digest
    }

    /// One digest over all that this device and another may both hold.
    pub fn root_digest(&mut self, device: &DeviceId) -> [u8; 32] {
        let sections = self.sections_for(device);
        let digests: Vec<(Section, [u8; 32])> =
            sections.into_iter().map(|section| (section, self.digest(device, &section))).collect();
        hash("muster 1 root digest", &[&codec::encode(&digests)])
    }

    /// The lists of authority heads held.
    pub(crate) fn frontiers(&self) -> &super::frontiers::Frontiers {
        &self.frontiers
    }

    /// Where the next thing in the journal will stand.
    pub(crate) fn journal_end(&self) -> u64 {
        self.journal.end()
    }

    /// What stands in the journal at a place.
    pub(crate) fn journal_at(&self, at: u64) -> Result<Option<Fresh>, ()> {
        self.journal.get(at)
    }

    /// The sealed records of a section with this short name.
    pub(crate) fn sealed_records_named(&self, section: &Section, short: &[u8; 8]) -> impl Iterator<Item = &Record> {
        self.sealed.named(section, short).filter(|record| !self.is_refused(section, record))
    }

    /// A section's sealed records, for whoever must look beneath.
    pub fn sealed_records(&self, section: &Section) -> impl Iterator<Item = &Record> {
        self.sealed.section(section).map(|(_, record)| record)
    }

    /// One of them.
    pub(crate) fn sealed_record(&self, section: &Section, id: &RecordId) -> Option<&Record> {
        self.sealed.get(section, id).filter(|record| !self.is_refused(section, record))
    }

    /// The sections that any sealed record is held of.
    pub(crate) fn sealed_sections(&self) -> impl Iterator<Item = Section> {
        self.sealed.sections().copied()
    }

    /// The epochs of a section that are for a day of writing from one on, those of other rules, and some others.
    pub(crate) fn epochs_since(&self, section: &Section, day: i32, others: &BTreeSet<EpochId>) -> BTreeSet<EpochId> {
        let of_section = self.epochs.values().filter(|info| info.section == *section);
        let since = of_section.filter(|info| info.statement.kind.day().is_none_or(|of| of >= day));
        since.map(|info| info.statement.epoch).chain(others.iter().copied()).collect()
    }

    /// Whether a sealed record is of one of some epochs, or of none.
    pub(crate) fn is_record_of(&self, section: &Section, id: &RecordId, epochs: &BTreeSet<EpochId>) -> bool {
        let record = self.sealed.get(section, id);
        record.is_some_and(|record| record.epoch().is_none_or(|epoch| epochs.contains(&epoch)))
    }

    /// How much of a log another device is known to hold.
    pub(crate) fn held_elsewhere(&self, log: &LogId) -> u64 {
        self.acknowledged.get(log).and_then(|by| by.values().max()).copied().unwrap_or(0)
    }

    /// Whether any entry of a section is held.
    pub(crate) fn has_entries_of(&self, section: &Section) -> bool {
        // What is said of a place has no entries of its own.
        let of_place = |one: &Section| one.compartment.place == section.compartment.place;
        self.sections.contains(section) || section.is_part() && self.sections.iter().any(of_place)
    }

    /// From which place on a log whose heads somebody shows is to be fetched; `None` when nothing is lacking.
    pub(crate) fn lacks(&self, log: &LogId, heads: &[Head]) -> Result<Option<u64>, RecordsError> {
        let Some(state) = self.logs.get(log) else { return Ok((!heads.is_empty()).then_some(0)) };
        let mut from = None;
        for head in heads {
            if self.has_head(log, head)? {
                continue;
            }
            let longest = state.length();
            // Longer than ours: from our end on. Of our length or shorter and not ours: a fork, so from the start.
            let start = if head.length > longest && state.heads.len() == 1 && heads.len() == 1 { longest } else { 0 };
            from = Some(from.map_or(start, |known: u64| known.min(start)));
        }
        let anew = self.damaged_from(log, heads)?;
        Ok(from.into_iter().chain(anew).min())
    }

    /// Whether an end that somebody shows of a log is held, or lies within what is held.
    pub(crate) fn has_head(&self, log: &LogId, head: &Head) -> Result<bool, RecordsError> {
        let Some(state) = self.logs.get(log) else { return Ok(false) };
        if state.heads.contains(head) {
            return Ok(true);
        }
        let Some(place) = head.length.checked_sub(1).filter(|_| head.length <= state.length()) else {
            return Ok(false);
        };
        self.has_entry(log, place, &head.hash)
    }

    /// Whether an end of a log is one that this log has here, too: its name stands for all before it. Some of that may be
    /// damaged here: see [`Replica::damaged_under`].
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn holds(&self, log: &LogId, head: &Head) -> Result<bool, RecordsError> {
        self.has_head(log, head)
    }

    /// The places and names of the entries of a log from a place on, but for those that are known to be damaged here.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn whole_from(&self, log: &LogId, from: u64) -> Result<Vec<(u64, EntryHash)>, RecordsError> {
        let end = rows::after(&log.0);
        let mut from = rows::entries_from(log, from);
        let mut all = Vec::new();
        loop {
            let found = self.store.range(Table::Entries, &from, end.as_deref(), 64)?;
            let Some((last, _)) = found.last() else { return Ok(all) };
            from = [last.as_slice(), &[0]].concat();
            let named = found.iter().filter_map(|(key, _)| rows::read_entry(key)).map(|(_, place, hash)| (place, hash));
            all.extend(named.filter(|(place, hash)| !self.mending.is_lacking(log, *place, hash)));
        }
    }

    /// Whether an entry is held and not known to be damaged.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn has_whole(&self, log: &LogId, place: u64, hash: &EntryHash) -> Result<bool, RecordsError> {
        Ok(!self.mending.is_lacking(log, place, hash) && self.has_entry(log, place, hash)?)
    }

    /// Whether an entry is held, whole or damaged.
    pub(crate) fn has_entry(&self, log: &LogId, sequence: u64, hash: &EntryHash) -> Result<bool, RecordsError> {
        Ok(self.store.get(Table::Entries, &rows::entry(log, sequence, hash))?.is_some())
    }
}

pub(super) fn damaged(log: &LogId) -> RecordsError {
    RecordsError::Broken(format!(
        "an entry of log {log:?} on this device is damaged: let it meet another device that holds it, which brings it back"
    ))
}
