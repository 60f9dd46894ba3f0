//! A power cut in the middle of a write, on the true store: the rows of before are put on a disk of sectors, the write is
//! cut after so many operations, any of what was not synced tears, and what opens afterwards is looked at.

use muster_core::replica::store::{Batch, MemoryStore, Store as _, Table};
use muster_storage::{FaultyDisk, PowerCut, RedbStore};
use std::io::ErrorKind;

/// Whether there is power, and how long.
#[derive(Debug, Default)]
pub(super) enum Power {
    #[default]
    On,
    /// It goes in a write to come.
    Going { writes: u32, operations: u64, tears: u64 },
    /// It has gone, and this had reached the disk of the last write.
    Off(Option<Change>),
}

/// How a write is cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    /// After so many operations of the disk.
    pub(super) operations: u64,
    /// What tears, and how.
    pub(super) tears: u64,
}

/// A write that reached the disk though nobody was told.
#[derive(Debug)]
pub(super) enum Change {
    Rows(Batch),
    File(String, Vec<u8>),
}

/// What came of a write that was cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct Torn {
    /// The store had said that it is durable.
    pub(super) acknowledged: bool,
    /// It is there.
    pub(super) reached: bool,
}

impl Power {
    /// One more write: whether it is the one that is cut.
    pub(super) fn spend(&mut self) -> Option<Cut> {
        let Self::Going { writes, operations, tears } = self else { return None };
        let cut = Cut { operations: *operations, tears: *tears };
        if *writes == 0 {
            return Some(cut);
        }
        *writes -= 1;
        None
    }
}

impl Change {
    pub(super) fn make(self, memory: &mut MemoryStore) {
        match self {
            Self::Rows(batch) => memory.commit(batch),
            Self::File(name, bytes) => memory.put_file(&name, &bytes),
        }
        .unwrap();
    }
}

/// Cuts the power while a batch is written over these rows.
///
/// # Panics
/// When what opens afterwards is neither what was there before nor that with the whole batch, or when the store had said
/// that the batch is durable and it is not there.
pub(super) fn torn(before: &MemoryStore, batch: &Batch, cut: Cut) -> Torn {
    let place = tempfile::tempdir().unwrap();
    let disk = FaultyDisk::new();
    let mut store = RedbStore::with_backend(&place.path().join("before"), disk.clone()).unwrap();
    let mut all = Batch::default();
    for table in Table::ALL {
        before.range(table, &[], None, usize::MAX).unwrap().into_iter().for_each(|(key, row)| all.put(table, key, row));
    }
    store.commit(all).unwrap();
    disk.fail_after(cut.operations, ErrorKind::Other);
    let acknowledged = store.commit(batch.clone()).is_ok();
    let left = disk.after_power_cut(PowerCut::Tears(cut.tears));
    drop(store);
    let found = RedbStore::with_backend(&place.path().join("after"), left).expect("a store opens after a power cut");
    let mut with = before.clone();
    with.commit(batch.clone()).unwrap();
    let is = |memory: &MemoryStore| Table::ALL.into_iter().all(|table| rows(&found, table) == rows(memory, table));
    let (is_before, is_with) = (is(before), is(&with));
    assert!(is_before || is_with, "after a power cut a part of a write is there, or something else is gone: {cut:?}");
    assert!(is_with || !acknowledged, "what was said to be durable is gone after a power cut: {cut:?}");
    Torn { acknowledged, reached: is_with }
}

fn rows(store: &impl muster_core::replica::store::Store, table: Table) -> Vec<muster_core::replica::store::Row> {
    store.range(table, &[], None, usize::MAX).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::Disk;
    use muster_core::replica::store::StoreError;

    fn batch(number: u8) -> Batch {
        let mut batch = Batch::default();
        for table in [Table::Entries, Table::Logs, Table::Documents] {
            batch.put(table, [number], vec![number; 3_000]);
        }
        batch
    }

    #[test]
    fn a_write_that_the_power_cuts_is_there_whole_or_not_at_all_and_whatever_was_said_to_be_saved_is() {
        let mut seen = (0, 0, 0);
        for operations in 0..24 {
            for tears in 0..4 {
                let (mut disk, hands) = Disk::new();
                disk.commit(batch(1)).unwrap();
                hands.cut_power(1, operations, tears);
                disk.commit(batch(2)).unwrap();
                let said = disk.commit(batch(3)).is_ok();
                assert!(hands.is_off());
                assert!(matches!(disk.commit(batch(4)), Err(StoreError::Full)), "without power nothing is written");
                hands.power_returns();
                assert!(!hands.is_off());
                let there = |number: u8| disk.get(Table::Logs, &[number]).unwrap().is_some();
                assert!(there(1) && there(2) && !there(4));
                assert!(there(3) || !said);
                seen = (seen.0 + usize::from(said), seen.1 + usize::from(there(3)), seen.2 + 1);
                disk.commit(batch(5)).unwrap();
            }
        }
        let (said, there, all) = seen;
        assert!(0 < said && said <= there && there < all, "some were cut before, some after: {seen:?}");
    }
}
