//! A disk that fails, fills up or loses its power at each of its operations in turn.
#![allow(clippy::unwrap_used)]

use muster_core::replica::store::{Batch, Store, StoreError, Table};
use muster_storage::{FaultyDisk, PowerCut, RedbStore};
use std::io::ErrorKind;

/// Rows of one batch. Some are large, so that the file grows in the middle of it.
const ROWS: u32 = 12;

fn batch(number: u32) -> Batch {
    let mut batch = Batch::default();
    for row in 0..ROWS {
        let table = if row % 2 == 0 { Table::Entries } else { Table::Waiting };
        let length = if row == 0 { 60_000 } else { 300 };
        batch.put(
            table,
            [number.to_be_bytes(), row.to_be_bytes()].concat(),
            vec![u8::try_from(number).unwrap(); length],
        );
    }
    // One row that every batch writes, as a log's head is.
    batch.put(Table::Logs, b"head".as_slice(), number.to_be_bytes());
    batch
}

/// The number of the last batch in the store, having looked that each up to it is there whole and none after it.
fn last_whole_batch(store: &RedbStore) -> u32 {
    let head = store.get(Table::Logs, b"head").unwrap();
    let last = head.map_or(0, |head| u32::from_be_bytes(head.try_into().unwrap()));
    let mut rows = 0;
    for table in [Table::Entries, Table::Waiting] {
        for (key, value) in store.range(table, &[], None, usize::MAX).unwrap() {
            let number = u32::from_be_bytes(key[..4].try_into().unwrap());
            assert!(number <= last, "a row of batch {number}, after the last whole one, {last}");
            assert!(value.iter().all(|byte| u32::from(*byte) == number));
            rows += 1;
        }
    }
    assert_eq!(rows, last * ROWS, "batches 1 to {last}, whole");
    last
}

/// Writes batches until one is refused; the number of the last that was acknowledged.
fn write_until_refused(store: &mut RedbStore, most: u32) -> u32 {
    (1..=most).find(|number| store.commit(batch(*number)).is_err()).unwrap_or(most + 1) - 1
}

#[test]
fn a_power_cut_after_any_write_keeps_every_acknowledged_batch_and_tears_none() {
    let (mut acknowledged_some, mut kept_more) = (0, 0);
    for operations in (0..70).chain((70..400).step_by(7)) {
        let place = tempfile::tempdir().unwrap();
        let disk = FaultyDisk::new();
        let mut store = RedbStore::with_backend(place.path(), disk.clone()).unwrap();
        disk.fail_after(operations, ErrorKind::Other);
        let acknowledged = write_until_refused(&mut store, 8);

        let cuts = [PowerCut::KeepsAll, PowerCut::LosesUnsynced];
        let torn = (0..4).map(|seed| PowerCut::Tears(operations * 10 + seed));
        for cut in cuts.into_iter().chain(torn) {
            let after = tempfile::tempdir().unwrap();
            let mut found = RedbStore::with_backend(after.path(), disk.after_power_cut(cut)).unwrap();
            let last = last_whole_batch(&found);
            assert!(
                last == acknowledged || last == acknowledged + 1,
                "{acknowledged} batches acknowledged, {last} found, after {operations} operations and {cut:?}"
            );
            acknowledged_some += u32::from(acknowledged > 0);
            kept_more += u32::from(last > acknowledged);
            found.check_now().unwrap();
            found.commit(batch(last + 1)).unwrap();
            assert_eq!(last_whole_batch(&found), last + 1);
        }
    }
    assert!(acknowledged_some > 100, "the disk failed late enough to mean something");
    println!("{kept_more} cuts kept a batch that was never acknowledged, as they may");
}

#[test]
fn a_full_disk_says_so_and_recording_goes_on_once_there_is_room() {
    let mut went_on = 0;
    for operations in 0..120 {
        let place = tempfile::tempdir().unwrap();
        let disk = FaultyDisk::new();
        let mut store = RedbStore::with_backend(place.path(), disk.clone()).unwrap();
        store.commit(batch(1)).unwrap();
        disk.fail_after(operations, ErrorKind::StorageFull);
        let mut next = 2;
        let refusal = loop {
            match store.commit(batch(next)) {
                Ok(()) => next += 1,
                Err(refusal) => break refusal,
            }
        };
        let stopped = matches!(refusal, StoreError::Failed { .. });
        assert!(stopped || matches!(refusal, StoreError::Full), "{refusal}");
        disk.heal();

        match store.commit(batch(next)) {
            Ok(()) => {
                assert_eq!(last_whole_batch(&store), next, "{operations}");
                went_on += 1;
            }
            Err(refusal) => {
                // The outcome of the write was not known, so nothing may be answered, before or after.
                assert!(matches!(refusal, StoreError::Failed { .. }), "{refusal}");
                assert!(store.get(Table::Logs, b"head").is_err());
            }
        }
        drop(store);
        let store = RedbStore::with_backend(place.path(), disk).unwrap();
        assert!(store.check_owed(), "a refused write owes a check");
        assert!(last_whole_batch(&store) >= next - 1);
    }
    assert!(went_on > 60, "most refusals leave a store that goes on: {went_on} of 120");
}

#[test]
fn a_refused_batch_is_not_in_the_store_when_the_store_still_answers() {
    for operations in 0..60 {
        let place = tempfile::tempdir().unwrap();
        let disk = FaultyDisk::new();
        let mut store = RedbStore::with_backend(place.path(), disk.clone()).unwrap();
        disk.fail_after(operations, ErrorKind::Other);
        let acknowledged = write_until_refused(&mut store, 8);
        disk.heal();
        if store.get(Table::Logs, b"head").is_ok() {
            assert_eq!(last_whole_batch(&store), acknowledged);
        }
    }
}
