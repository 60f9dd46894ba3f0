//! Bits that flip in the rows of a disk, and rows that vanish, beneath the program that has it open. What rots is always
//! on another device too: what was on one disk alone and rotted there is gone, as with any disk that breaks.
//!
//! Not here: statements of who may do what (records in which one is damaged do not open, by purpose), what is noted of
//! logs, and small files: `ARCHITECTURE.md` names them as not mended.

use super::School;
use muster_core::id::{EntryHash, LogId, Section};
use muster_core::log::entry::Entry;
use muster_core::replica::store::{Batch, Table};

/// Rows looked at when something is to rot, before nothing does.
const TRIES: usize = 20;
/// Rows of entries that are looked over at leisure at once.
const LOOKED_OVER: usize = 48;
/// Bytes of a log's name and of a place, before the name of an entry.
const PLACE_BYTES: usize = 32 + 8;

/// A row of the entries, by device.
pub(crate) type Rotted = (usize, Vec<u8>);

/// Whether a row of the entries holds the very entry that it is named after.
pub(crate) fn is_whole(key: &[u8], row: &[u8]) -> bool {
    let named = key.get(PLACE_BYTES..).and_then(EntryHash::from_slice);
    Entry::decode(row).is_ok_and(|(entry, _)| Some(entry.hash()) == named)
}

impl School {
    /// Something on the disk of a device rots, so many times.
    pub fn rots(&mut self, name: &str, times: usize) {
        let device = self.index(name);
        (0..times).for_each(|_| self.rots_at_random(device));
    }

    /// Something on a device's disk rots: an entry, a document as it is kept, or what was worked out from one.
    pub(crate) fn rots_at_random(&mut self, device: usize) {
        if self.devices[device].gone {
            return;
        }
        let table = [Table::Entries, Table::Entries, Table::Documents, Table::Kept][self.below(4)];
        let rows = self.devices[device].hands.rows(table);
        for _ in 0..TRIES.min(rows.len()) {
            let (key, row) = &rows[self.below(rows.len())];
            if row.is_empty() || table == Table::Entries && !self.may_rot(device, key, row) {
                continue;
            }
            let (key, mut row) = (key.clone(), row.clone());
            let mut batch = Batch::default();
            if table == Table::Entries && self.below(6) == 0 && self.has_one_writer(device, &key) {
                batch.delete(table, key.clone());
            } else {
                let at = self.below(row.len());
                row[at] ^= 1 << self.below(8);
                batch.put(table, key.clone(), row);
            }
            self.devices[device].hands.change(batch);
            self.network.faults.rotted += 1;
            self.tell(|school| format!("a row of the {table:?} on the disk of {} rots", school.devices[device].name));
            if table == Table::Entries {
                self.rotted.push((device, key));
            }
            return;
        }
    }

    /// Of a log with two branches a row that vanished is missed by nobody: see `ARCHITECTURE.md`.
    fn has_one_writer(&self, device: usize, key: &[u8]) -> bool {
        let log = LogId::from_slice(&key[..32]).and_then(|log| self.devices[device].shown().logs().get(&log));
        log.is_some_and(|state| state.forked_at.is_none())
    }

    fn may_rot(&self, device: usize, key: &[u8], row: &[u8]) -> bool {
        let log = LogId::from_slice(&key[..32]).and_then(|log| self.devices[device].shown().logs().get(&log));
        let is_authority = log.is_none_or(|state| state.descriptor.section == Section::AUTHORITY);
        !is_authority && is_whole(key, row) && self.is_whole_elsewhere(device, key)
    }

    /// Whether a device of the school that may hand it over has an entry whole, beside this one.
    fn is_whole_elsewhere(&self, device: usize, key: &[u8]) -> bool {
        let others = self.devices.iter().enumerate().filter(|(other, of)| *other != device && !of.gone);
        others.map(|(_, of)| of).any(|of| of.hands.row(Table::Entries, key).is_some_and(|row| is_whole(key, &row)))
    }

    /// Before a device loses what it holds: where it alone holds what rotted elsewhere, that is mended first.
    pub(crate) fn hands_over_what_it_alone_holds(&mut self, device: usize) {
        let lacks = |(other, key): &&Rotted| {
            let there = self.devices[*other].hands.row(Table::Entries, key);
            *other != device && !self.devices[*other].gone && !there.is_some_and(|row| is_whole(key, &row))
        };
        let alone = self.rotted.iter().filter(lacks).any(|(_, key)| !self.is_whole_elsewhere(device, key));
        if alone {
            self.heal();
        }
    }

    /// A device looks some of its entries over, as it does at leisure.
    pub(crate) fn looks_over(&mut self, device: usize) {
        let done = self.devices[device].replica().look_over(LOOKED_OVER);
        self.unless_full(device, done);
    }

    /// Every device looks all of its entries over.
    pub(crate) fn all_look_over(&mut self) {
        for device in 0..self.devices.len() {
            let done = self.devices[device].replica().look_over_all();
            self.unless_full(device, done);
        }
    }

    /// Whatever rotted has been brought back by whoever held it.
    pub(crate) fn nothing_is_damaged(&self) {
        for device in self.devices.iter().filter(|device| !device.gone) {
            assert_eq!(device.shown().damaged_here(), 0, "{} lacks what rotted there", device.name);
        }
    }
}
