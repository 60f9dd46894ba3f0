//! A device whose disk becomes an older one, as after a restored image, or of which a copy goes on beside it: neither
//! knows.

use super::School;
use super::backups::Backup;
use super::device::Device;
use super::rot::is_whole;
use crate::disk::Disk;
use muster_core::id::EntryHash;
use muster_core::replica::Replica;
use muster_core::replica::store::{MemoryStore, Table};
use muster_school::areas;
use std::collections::BTreeSet;

/// Bytes of an entry's name, at the end of its row's.
const HASH_BYTES: usize = 32;

impl School {
    /// Somebody keeps an image of a device's disk.
    pub fn keeps_an_image(&mut self, name: &str) -> MemoryStore {
        let device = self.index(name);
        self.tell(|_| format!("somebody keeps an image of {name}"));
        self.devices[device].hands.image()
    }

    /// The disk of a device becomes what it was. What was written there since and nobody else has is gone, as it is with
    /// a disk that broke; nothing else may be.
    pub fn is_set_back(&mut self, name: &str, image: MemoryStore) {
        let device = self.index(name);
        self.hands_over_what_it_alone_holds(device);
        self.holds_from_now_on(device, image);
        self.network.faults.set_back += 1;
        self.tell(|_| format!("{name} is set back to that image, and nobody knows"));
        self.what_is_on_no_disk_is_owed_to_nobody();
        self.sign_in(device);
    }

    /// Another disk is in a device from now on, with all that is on it.
    pub(super) fn holds_from_now_on(&mut self, device: usize, store: MemoryStore) {
        let there = self.entries_anywhere();
        let lost = self.ledger.entries().keys().filter(|entry| !there.contains(entry)).count();
        let name = &self.devices[device].name;
        assert_eq!(lost, 0, "{lost} acknowledged entries were on no disk before {name} got another");
        self.end_sessions(device);
        self.older.insert(self.devices[device].id);
        let (disk, hands) = Disk::of(store);
        let at = &mut self.devices[device];
        at.replica = Some(Replica::open(disk, &at.rules).expect("what was kept opens"));
        at.hands = hands;
        at.backup.iter_mut().for_each(Backup::is_cut_short);
        at.lock();
    }

    /// What was on the one disk that is no more is let go.
    pub(super) fn what_is_on_no_disk_is_owed_to_nobody(&mut self) {
        let there = self.entries_anywhere();
        self.ledger.forget_all_but(&there);
        let calls = self.calls.clone();
        let known =
            |school: &mut Self, key| (0..school.devices.len()).any(|device| school.call_of(device, key).is_some());
        self.calls = calls.into_iter().filter(|key| known(self, *key)).collect();
    }

    /// A copy of a device, from an image of it, goes on beside it: with its keys, its people and its name on the network.
    pub fn is_copied(&mut self, name: &str, image: MemoryStore) {
        let original = self.index(name);
        self.network.faults.copied += 1;
        self.older.insert(self.devices[original].id);
        let (disk, hands) = Disk::of(image);
        let replica = Replica::open(disk, &areas::rules()).expect("an image opens");
        let mut copy = Device::new(&format!("copy of {name}"), self.site, replica, hands);
        copy.person = self.devices[original].person;
        copy.role = self.devices[original].role;
        self.devices.push(copy);
        self.tell(|_| format!("a copy of {name} goes on beside it"));
        self.sign_in(self.devices.len() - 1);
    }

    fn entries_anywhere(&self) -> BTreeSet<EntryHash> {
        (0..self.devices.len()).flat_map(|device| self.entries_on(device)).collect()
    }

    fn entries_on(&self, device: usize) -> Vec<EntryHash> {
        let rows = self.devices[device].hands.rows(Table::Entries);
        let whole = rows.into_iter().filter(|(key, row)| is_whole(key, row));
        whole.filter_map(|(key, _)| EntryHash::from_slice(&key[key.len() - HASH_BYTES..])).collect()
    }
}
