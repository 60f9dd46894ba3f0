//! What `verify` finds, and that damage never takes the program down.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::replica::store::{Batch, Store as _, Table};
use world::*;

#[test]
fn a_sound_store_is_found_sound_and_the_answer_says_what_is_not_proven() {
    let (_, office, _, hall) = small_school(1);
    for device in [&office, &hall] {
        let mut steps = Vec::new();
        let found = device.verify(&mut |done, of| steps.push((done, of))).unwrap();
        assert!(found.is_sound(), "{:?}", found.findings);
        assert_eq!(found.authority_state, device.view().state_hash());
        assert_eq!(found.logs, device.logs().len() as u64);
        assert_eq!(found.entries, device.logs().values().map(|state| state.length()).sum::<u64>());
        assert!(found.seals >= found.logs && found.devices == 2 && found.persons == 1);
        assert!(steps.last().is_some_and(|(done, of)| done == of), "progress reaches its end");
        let says = found.says().join("\n");
        assert!(says.contains("is whole") && says.contains("does not prove that nothing is missing"), "{says}");
        assert!(says.contains("a claim"), "{says}");
    }
    let shut = hall.verify(&mut |_, _| {}).unwrap();
    assert!(shut.says().iter().any(|line| line.contains("cannot be read")), "the hall reads no register");
}

#[test]
fn a_changed_byte_in_any_row_of_an_entry_or_a_log_is_found() {
    let (_, office, _, _) = small_school(2);
    let store = office.into_store();
    let mut tried = 0;
    for table in [Table::Entries, Table::Logs, Table::Epochs, Table::Frontiers] {
        for (row, (key, value)) in store.range(table, &[], None, usize::MAX).unwrap().into_iter().enumerate() {
            // Every byte of the first few rows, every seventh after that.
            for at in (0..value.len()).step_by(if row < 2 { 1 } else { 7 }) {
                let mut rotten = store.clone();
                let mut value = value.clone();
                value[at] ^= 1 << (at % 8);
                let mut batch = Batch::default();
                batch.put(table, key.clone(), value);
                rotten.commit(batch).unwrap();
                tried += 1;
                if let Ok(replica) = Replica::open(rotten, &RULES) {
                    let found = replica.verify(&mut |_, _| {}).unwrap();
                    assert!(!found.is_sound(), "{table:?} row {row} byte {at}");
                    assert!(found.says()[0].contains("Not everything"), "and it says so");
                }
            }
        }
    }
    assert!(tried > 1_000, "{tried}");
}

#[test]
fn an_entry_taken_out_or_put_in_twice_is_found() {
    let (_, office, _, _) = small_school(3);
    let store = office.into_store();
    for (key, value) in store.range(Table::Entries, &[], None, usize::MAX).unwrap() {
        let mut without = store.clone();
        let mut batch = Batch::default();
        batch.delete(Table::Entries, key.clone());
        without.commit(batch).unwrap();
        if let Ok(replica) = Replica::open(without, &RULES) {
            assert!(!replica.verify(&mut |_, _| {}).unwrap().is_sound(), "one taken out");
        }
        let mut elsewhere = store.clone();
        let mut batch = Batch::default();
        let mut key = key;
        key[39] ^= 64;
        batch.put(Table::Entries, key, value);
        elsewhere.commit(batch).unwrap();
        if let Ok(replica) = Replica::open(elsewhere, &RULES) {
            assert!(!replica.verify(&mut |_, _| {}).unwrap().is_sound(), "one filed twice");
        }
    }
}
