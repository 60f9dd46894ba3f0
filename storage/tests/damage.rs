//! Files that are damaged, cut short, empty, of something else, or of a later program: an error that says so, never
//! a panic, and the small files stay readable.
#![allow(clippy::unwrap_used)]

use muster_core::replica::store::{Batch, Store, StoreError, Table};
use muster_storage::{FaultyDisk, RedbStore, WholeCheck, read_file};
use redb::{Database, TableDefinition};
use std::fs;
use std::path::Path;

fn rows(store: &mut RedbStore, many: u32) {
    let mut batch = Batch::default();
    for row in 0..many {
        batch.put(Table::Entries, row.to_be_bytes(), vec![7; 900]);
    }
    store.commit(batch).unwrap();
}

/// Everything that can be asked of a store; whether all of it was answered.
fn ask_everything(store: &mut RedbStore) -> bool {
    let mut answered = true;
    for table in Table::ALL {
        answered &= store.range(table, &[], None, usize::MAX).is_ok();
        answered &= store.get(table, &5u32.to_be_bytes()).is_ok();
    }
    let mut batch = Batch::default();
    batch.put(Table::Entries, 5u32.to_be_bytes(), vec![8; 900]);
    answered &= store.commit(batch).is_ok();
    answered & store.check_now().is_ok()
}

#[test]
fn a_file_damaged_anywhere_is_an_error_and_never_a_panic() {
    let place = tempfile::tempdir().unwrap();
    let disk = FaultyDisk::new();
    let mut store = RedbStore::with_backend(place.path(), disk.clone()).unwrap();
    rows(&mut store, 3_000);
    drop(store);
    let sound = disk.bytes();

    let (mut seen, mut unseen) = (0, 0);
    for offset in (0..sound.len()).step_by(64 * 1024 + 512).chain((0..640).step_by(8)) {
        let disk = FaultyDisk::holding(sound.clone());
        disk.damage(offset, 3_000.min(sound.len() - offset));
        let place = tempfile::tempdir().unwrap();
        match RedbStore::with_backend(place.path(), disk) {
            Ok(mut store) => {
                if ask_everything(&mut store) {
                    unseen += 1
                } else {
                    seen += 1
                }
            }
            Err(StoreError::Damaged { .. } | StoreError::Newer { .. }) => seen += 1,
            Err(other) => assert!(matches!(other, StoreError::Failed { .. }), "{offset}: {other}"),
        }
    }
    println!("{seen} damaged images refused, {unseen} damaged where nothing was kept");
    assert!(seen > 20);
}

#[test]
fn a_whole_check_finds_damage_that_nobody_has_read() {
    let place = tempfile::tempdir().unwrap();
    let disk = FaultyDisk::new();
    let mut store = RedbStore::with_backend(place.path(), disk.clone()).unwrap();
    rows(&mut store, 3_000);
    assert_eq!(store.check_now().unwrap(), WholeCheck::Sound);
    // A value in the middle of the file: found by looking for it, so that it is one in use.
    let sound = disk.bytes();
    let offset = (sound.len() / 2..sound.len()).find(|at| sound[*at..].starts_with(&[7; 800])).unwrap();
    disk.damage(offset, 100);
    assert!(matches!(store.check_now(), Err(StoreError::Damaged { .. })));
}

#[test]
fn a_check_never_mends_by_going_back_behind_an_acknowledged_batch() {
    let place = tempfile::tempdir().unwrap();
    let disk = FaultyDisk::new();
    let mut store = RedbStore::with_backend(place.path(), disk.clone()).unwrap();
    rows(&mut store, 10);
    let mut last = Batch::default();
    last.put(Table::Logs, b"head".as_slice(), vec![0xab; 3_000]);
    store.commit(last).unwrap();
    // Damage in what the last batch alone wrote: the batch before it is whole, and would be easy to go back to.
    let bytes = disk.bytes();
    let offset = (0..bytes.len()).find(|at| bytes[*at..].starts_with(&[0xab; 3_000])).unwrap();
    disk.damage(offset, 100);
    assert!(matches!(store.check_now(), Err(StoreError::Damaged { .. })));
    assert!(store.check_owed());
}

#[test]
fn an_opening_that_finds_damage_owes_a_check() {
    let place = tempfile::tempdir().unwrap();
    let disk = FaultyDisk::new();
    drop(RedbStore::with_backend(place.path(), disk.clone()).unwrap());
    let sound = disk.bytes();
    disk.damage(0, sound.len());
    assert!(matches!(RedbStore::with_backend(place.path(), disk), Err(StoreError::Damaged { .. })));
    assert!(RedbStore::with_backend(place.path(), FaultyDisk::holding(sound)).unwrap().check_owed());
}

#[test]
fn a_reading_that_finds_damage_owes_a_check_at_the_next_opening() {
    let place = tempfile::tempdir().unwrap();
    drop(RedbStore::create(place.path()).unwrap());
    let database = Database::create(place.path().join("records.redb")).unwrap();
    let write = database.begin_write().unwrap();
    assert!(write.delete_table(TableDefinition::<&[u8], &[u8]>::new("entries")).unwrap());
    write.open_table(TableDefinition::<u64, u64>::new("entries")).unwrap();
    write.commit().unwrap();
    drop(database);
    let store = RedbStore::open(place.path()).unwrap();
    assert!(!store.check_owed());
    assert!(matches!(store.get(Table::Entries, b"x"), Err(StoreError::Damaged { .. })));
    assert!(store.check_owed());
    drop(store);
    assert!(RedbStore::open(place.path()).unwrap().check_owed());
    assert!(matches!(RedbStore::check(place.path()), Err(StoreError::Damaged { .. })));
}

#[test]
fn an_empty_or_foreign_file_in_place_of_the_records_is_damage_and_is_not_overwritten() {
    for content in [&b""[..], b"x", &[0; 5_000], &[0xff; 2_000_000], b"PK\x03\x04 something else"] {
        let place = tempfile::tempdir().unwrap();
        let mut store = RedbStore::create(place.path()).unwrap();
        store.put_file("fire-list", b"everyone").unwrap();
        drop(store);
        fs::write(place.path().join("records.redb"), content).unwrap();
        let refusal = RedbStore::open(place.path()).unwrap_err();
        assert!(matches!(refusal, StoreError::Damaged { .. }), "{refusal}");
        assert!(RedbStore::create(place.path()).is_err());
        assert_eq!(fs::read(place.path().join("records.redb")).unwrap(), content);
        assert_eq!(read_file(place.path(), "fire-list").unwrap().as_deref(), Some(&b"everyone"[..]));
    }
}

#[test]
fn records_cut_short_are_damage() {
    for keep in [4_096u64, 100_000, 1_000_000] {
        let place = tempfile::tempdir().unwrap();
        let mut store = RedbStore::create(place.path()).unwrap();
        rows(&mut store, 3_000);
        drop(store);
        let file = fs::OpenOptions::new().write(true).open(place.path().join("records.redb")).unwrap();
        file.set_len(keep).unwrap();
        let refusal = RedbStore::check(place.path()).unwrap_err();
        assert!(matches!(refusal, StoreError::Damaged { .. }), "{keep}: {refusal}");
    }
}

fn set_format(folder: &Path, format: u64) {
    let database = Database::create(folder.join("records.redb")).unwrap();
    let write = database.begin_write().unwrap();
    write.open_table(TableDefinition::<&str, u64>::new("store")).unwrap().insert("format", format).unwrap();
    write.commit().unwrap();
}

#[test]
fn records_of_a_newer_program_are_left_alone_and_say_so() {
    let place = tempfile::tempdir().unwrap();
    drop(RedbStore::create(place.path()).unwrap());
    set_format(place.path(), 9);
    let refusal = RedbStore::open(place.path()).unwrap_err();
    assert!(matches!(refusal, StoreError::Newer { found: 9, known: muster_storage::FORMAT, .. }), "{refusal}");
}

#[test]
fn a_newer_format_of_the_database_below_says_so_too() {
    let place = tempfile::tempdir().unwrap();
    drop(RedbStore::create(place.path()).unwrap());
    let path = place.path().join("records.redb");
    let mut bytes = fs::read(&path).unwrap();
    // redb keeps a version at the start of each of its two commit slots, at 64 and 192.
    bytes[64] = 200;
    bytes[192] = 200;
    fs::write(&path, bytes).unwrap();
    let refusal = RedbStore::open(place.path()).unwrap_err();
    assert!(matches!(refusal, StoreError::Newer { found: 200, .. }), "{refusal}");
}

#[test]
fn a_file_of_an_earlier_program_gets_the_tables_that_it_lacks() {
    let place = tempfile::tempdir().unwrap();
    drop(RedbStore::create(place.path()).unwrap());
    let database = Database::create(place.path().join("records.redb")).unwrap();
    let write = database.begin_write().unwrap();
    assert!(write.delete_table(TableDefinition::<&[u8], &[u8]>::new("allowances")).unwrap());
    write.commit().unwrap();
    drop(database);
    let store = RedbStore::open(place.path()).unwrap();
    assert_eq!(store.get(Table::Allowances, b"tablet").unwrap(), None);
}

#[test]
fn a_database_that_is_not_a_store_is_damage() {
    let place = tempfile::tempdir().unwrap();
    drop(Database::create(place.path().join("records.redb")).unwrap());
    assert!(matches!(RedbStore::open(place.path()), Err(StoreError::Damaged { .. })));
}
