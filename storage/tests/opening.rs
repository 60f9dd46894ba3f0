//! Who may open a store, what is noticed at the next opening, and what is there after the process was killed.
#![allow(clippy::unwrap_used)]

use muster_core::replica::store::{Batch, Store, StoreError, Table};
use muster_storage::{RedbStore, WholeCheck, read_file};
use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// In the environment: this process is the one to be killed, and writes here.
const WRITER: &str = "MUSTER_TEST_WRITER";

fn one(number: u64) -> Batch {
    let mut batch = Batch::default();
    batch.put(Table::Entries, number.to_be_bytes(), vec![3; 2_000]);
    batch.put(Table::Logs, b"head".as_slice(), number.to_be_bytes());
    batch
}

/// Opens a store that was closed. A process that another of these tests begins holds every file of this one, the lock
/// too, for the moment until it is itself: so it may take some tries.
fn reopened(place: &Path) -> RedbStore {
    for _ in 0..500 {
        match RedbStore::open(place) {
            Err(StoreError::InUse { .. }) => std::thread::sleep(std::time::Duration::from_millis(10)),
            opened => return opened.unwrap(),
        }
    }
    panic!("the store stays in use");
}

#[test]
fn a_store_that_is_open_is_not_opened_again() {
    let place = tempfile::tempdir().unwrap();
    let mut store = RedbStore::create(place.path()).unwrap();
    store.commit(one(1)).unwrap();
    store.put_file("fire-list", b"everyone").unwrap();
    for second in [RedbStore::open(place.path()).err(), RedbStore::check(place.path()).err()] {
        assert!(matches!(second, Some(StoreError::InUse { .. })), "{second:?}");
    }
    assert!(matches!(RedbStore::create(place.path()), Err(StoreError::InUse { .. })));
    // The fire list opens all the same.
    assert_eq!(read_file(place.path(), "fire-list").unwrap().as_deref(), Some(&b"everyone"[..]));
    drop(store);
    assert!(RedbStore::open(place.path()).is_ok());
}

#[test]
fn opening_makes_nothing_and_creating_overwrites_nothing() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("school");
    assert!(!RedbStore::exists(&folder));
    assert!(RedbStore::open(&folder).is_err());
    assert!(!folder.exists());
    let mut store = RedbStore::create(&folder).unwrap();
    store.commit(one(1)).unwrap();
    drop(store);
    assert!(RedbStore::exists(&folder));
    assert!(RedbStore::create(&folder).is_err());
    assert_eq!(RedbStore::open(&folder).unwrap().get(Table::Logs, b"head").unwrap(), Some(1u64.to_be_bytes().to_vec()));
}

#[test]
fn a_creation_that_was_cut_short_can_be_made_again() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("records.new"), b"half of a fi").unwrap();
    assert!(!RedbStore::exists(place.path()));
    let store = RedbStore::create(place.path()).unwrap();
    assert_eq!(store.get(Table::Meta, b"anything").unwrap(), None);
    assert!(!place.path().join("records.new").exists());
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_records() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = tempfile::tempdir().unwrap();
    let mut store = RedbStore::create(place.path()).unwrap();
    store.put_file("keys", b"sealed").unwrap();
    for name in ["records.redb", "lock", "check-owed", "files/keys"] {
        let mode = fs::metadata(place.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_store_can_be_handed_to_another_thread() {
    fn can<T: Send>(store: T) -> T {
        store
    }
    let place = tempfile::tempdir().unwrap();
    let mut store = can(RedbStore::create(place.path()).unwrap());
    std::thread::spawn(move || store.commit(one(1)).unwrap()).join().unwrap();
    assert!(reopened(place.path()).get(Table::Logs, b"head").unwrap().is_some());
}

#[test]
fn a_clean_stop_owes_no_check() {
    let place = tempfile::tempdir().unwrap();
    let mut store = RedbStore::create(place.path()).unwrap();
    assert!(!store.check_owed());
    store.commit(one(1)).unwrap();
    drop(store);
    assert!(!reopened(place.path()).check_owed());
}

/// Not a test by itself: what [`a_process_killed_in_the_middle_of_writing_loses_nothing_acknowledged`] starts and kills.
#[test]
fn the_writer_that_is_killed() {
    let Ok(folder) = env::var(WRITER) else { return };
    let folder = Path::new(&folder);
    let mut store = RedbStore::open(folder).unwrap();
    let head = store.get(Table::Logs, b"head").unwrap();
    let mut number = head.map_or(0, |head| u64::from_be_bytes(head.try_into().unwrap()));
    loop {
        number += 1;
        store.commit(one(number)).unwrap();
        store.put_file("fire-list", format!("list {number} ").repeat(200).as_bytes()).unwrap();
        println!("acknowledged {number}");
    }
}

#[test]
fn a_process_killed_in_the_middle_of_writing_loses_nothing_acknowledged() {
    let place = tempfile::tempdir().unwrap();
    drop(RedbStore::create(place.path()).unwrap());
    for round in 0..5 {
        let mut writer = Command::new(env::current_exe().unwrap())
            .args(["--exact", "the_writer_that_is_killed", "--nocapture", "--test-threads=1"])
            .env(WRITER, place.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        let mut acknowledged = 0;
        for _ in 0..20 + round * 3 {
            if let Some(number) = lines.next().unwrap().unwrap().rsplit_once("acknowledged ") {
                acknowledged = number.1.parse().unwrap();
            }
        }
        writer.kill().unwrap();
        writer.wait().unwrap();
        for line in lines {
            if let Some((_, number)) = line.unwrap().rsplit_once("acknowledged ") {
                acknowledged = number.parse().unwrap_or(acknowledged);
            }
        }
        assert!(acknowledged > 0);

        let list = String::from_utf8(read_file(place.path(), "fire-list").unwrap().unwrap()).unwrap();
        let first = list.split_at(list.len() / 200).0;
        assert_eq!(list, first.repeat(200), "the fire list is one of those written, whole");

        let mut store = reopened(place.path());
        assert!(store.check_owed(), "the stop was not clean");
        let head = store.get(Table::Logs, b"head").unwrap().unwrap();
        let head = u64::from_be_bytes(head.try_into().unwrap());
        assert!(head == acknowledged || head == acknowledged + 1, "{acknowledged} acknowledged, {head} found");
        assert_eq!(store.range(Table::Entries, &[], None, usize::MAX).unwrap().len() as u64, head);
        if round % 2 == 0 {
            assert_eq!(store.check_now().unwrap(), WholeCheck::Sound);
            drop(store);
            assert!(!reopened(place.path()).check_owed(), "the check is paid");
        } else {
            drop(store);
            assert!(reopened(place.path()).check_owed(), "closing does not pay for a check");
        }
    }
}
