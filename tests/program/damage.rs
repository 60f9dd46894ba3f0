//! Records that are in use or damaged: said in words, nothing made worse, and the fire register opens all the same.

use crate::support::{Device, Place, activate, as_text, enrol};
use muster_core::id::LogId;
use muster_core::replica::store::{Batch, Store as _, Table};
use muster_school::areas;
use muster_storage::RedbStore;
use std::fs;

#[test]
fn records_that_another_muster_has_open_are_left_alone_with_a_message() {
    let place = Place::new();
    let office = place.school("office");
    let (mut running, _) = office.serve();
    for command in [&["register", "4B", "--mark", "Byrne=/"][..], &["status"], &["verify"], &["sync"]] {
        office.run(command).refused(&["are open in another Muster: close that one first"]);
    }
    assert!(running.is_running());
    drop(running);
    assert_eq!(office.register()[0], "Byrne, Ada Not yet marked");
}

/// The fire register opens whatever the records are like.
fn opens_fire(office: &Device<'_>, how: &str) {
    let list = office.run_with(None, &["fire"]);
    assert_eq!(list.code, Some(0), "{how}: {list}");
    assert!(list.out.contains("FIRE REGISTER  Harbour") && list.out.contains("Byrne, Ada"), "{how}: {list}");
    assert!(!list.err.contains("panicked"), "{how}: {list}");
}

#[test]
fn damaged_records_are_told_as_that_and_the_fire_register_still_opens() {
    let place = Place::new();
    let office = place.school("office");
    let records = office.folder().join("records.redb");
    let good = fs::read(&records).unwrap();
    let flipped = |from: usize, to: usize| {
        let mut bytes = good.clone();
        bytes[from..to].iter_mut().for_each(|byte| *byte ^= 0xa5);
        bytes
    };
    let damages = [
        ("its beginning is damaged", flipped(0, 64)),
        ("its first page is damaged", flipped(0, 4096)),
        ("it breaks off in the middle", good[..good.len() / 2].to_vec()),
        ("it breaks off at once", good[..10].to_vec()),
        ("it is empty", Vec::new()),
        ("all of it but its beginning is damaged", flipped(4096, good.len())),
        ("it is something else", b"a letter to the parents\n".repeat(1000)),
    ];
    for (how, bytes) in damages {
        fs::write(&records, &bytes).unwrap();
        for command in [&["status"][..], &["verify"], &["register", "4B", "--mark", "Byrne=/"]] {
            let said = office.run(command);
            assert_eq!(said.code, Some(1), "{how}: {said}");
            assert!(said.err.contains("damaged"), "{how}, and it is not said: {said}");
            assert!(said.err.contains("keep the folder as it is"), "{how}, and not what to do: {said}");
            assert!(!said.err.contains("panicked"), "{how}: {said}");
        }
        opens_fire(&office, how);
    }
    fs::write(&records, &good).unwrap();
    office.run(&["verify"]).done();
    assert_eq!(office.register().len(), 3, "with the good file back, everything is there");
}

#[test]
fn damage_in_any_page_is_noticed_or_harmless() {
    let place = Place::new();
    let office = place.school("office");
    let records = office.folder().join("records.redb");
    let good = fs::read(&records).unwrap();
    let pages = good.len() / 4096;
    let (mut noticed, mut harmless) = (0, 0);
    // Spread over the file, so that every run of the test looks at some of each kind of page.
    for page in (1..pages).step_by((pages / 12).max(1)) {
        let mut bytes = good.clone();
        bytes[page * 4096..(page + 1) * 4096].iter_mut().step_by(7).for_each(|byte| *byte ^= 0x5a);
        fs::write(&records, &bytes).unwrap();
        let said = office.run(&["verify"]);
        assert!(!said.err.contains("panicked"), "page {page}: {said}");
        match said.code {
            Some(0) => harmless += 1,
            Some(1) => {
                assert!(!said.err.is_empty() || said.out.contains("not"), "page {page}: {said}");
                noticed += 1;
            }
            _ => panic!("page {page}: {said}"),
        }
        opens_fire(&office, "one page is damaged");
    }
    println!("of {} damaged pages {noticed} were noticed, {harmless} held nothing", noticed + harmless);
}

#[test]
fn a_device_without_its_own_keys_says_so_and_touches_nothing() {
    let place = Place::new();
    let office = place.school("office");
    let keys = office.folder().join("files").join("device");
    let good = fs::read(&keys).unwrap();
    let (records, words) = (office.folder().join("records.redb"), "this device's own keys are");
    for bad in [Vec::new(), good[..good.len() - 1].to_vec(), vec![0xff; good.len()]] {
        fs::write(&keys, bad).unwrap();
        office.run(&["status"]).refused(&[words, "keep the folder as it is"]);
        office.run(&["fire"]).refused(&[words, "keep the folder as it is"]);
        assert!(records.is_file());
    }
    fs::write(&keys, good).unwrap();
    office.run(&["verify"]).done();
}

#[test]
fn a_fire_list_that_is_damaged_or_gone_is_made_again_from_the_records() {
    let place = Place::new();
    let office = place.school("office");
    let list = office.folder().join("files").join("fire-list");
    let good = fs::read(&list).unwrap();
    let mut bad = good.clone();
    bad[good.len() / 2] ^= 1;
    fs::write(&list, &bad).unwrap();
    opens_fire(&office, "its list was damaged");
    fs::remove_file(&list).unwrap();
    opens_fire(&office, "its list was gone");
    // With the records out of reach as well, it says so; nobody is shown half a list.
    fs::write(&list, &bad).unwrap();
    let (_running, _) = office.serve();
    fs::write(&list, &bad).unwrap();
    let said = office.run(&["fire"]).refused(&["the fire list on this device is damaged"]);
    assert_eq!(said.out, "", "{said}");
}

/// Flips a bit of the newest entry of a class's register.
fn rot(device: &Device<'_>) {
    let mut store = RedbStore::open(device.folder()).unwrap();
    let logs = store.range(Table::Logs, &[], None, usize::MAX).unwrap();
    // A log's state begins with its seat and the number of its area.
    let of_register = |(log, state): &(Vec<u8>, Vec<u8>)| {
        (u16::from(state[32]) == areas::REGISTER.0).then(|| LogId::from_slice(log).unwrap())
    };
    let log = logs.iter().find_map(of_register).unwrap();
    let mut after = log.0.to_vec();
    *after.last_mut().unwrap() += 1;
    let (key, mut row) = store.range(Table::Entries, &log.0, Some(&after), usize::MAX).unwrap().pop().unwrap();
    let middle = row.len() / 2;
    row[middle] ^= 4;
    let mut batch = Batch::default();
    batch.put(Table::Entries, key, row);
    store.commit(batch).unwrap();
}

#[test]
fn an_entry_that_rots_is_told_left_out_of_backups_and_brought_back_by_the_next_device() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    activate(&office, &hall, "T1");
    office.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    let meet = || {
        let (_running, address) = office.serve();
        hall.run(&["sync", &address]).done();
    };
    meet();
    let shown = office.register();
    rot(&office);
    assert!(!office.run(&["status"]).done().out.contains("damaged"), "nobody has looked yet");

    // The backup goes on without it, and says so until it is mended.
    let stick = place.folder("stick", &[]);
    let said = office.run(&["backup", "--to", as_text(&stick)]).done();
    assert!(said.out.contains("but for 1 entry that is damaged on this device"), "{said}");
    let status = office.run(&["status"]).done();
    assert!(status.out.contains("This device: 1 entry on its disk is damaged: let it meet another"), "{status}");
    assert!(status.out.contains("but for 1 entry that is damaged on this device"), "{status}");
    let verified = office.run(&["verify"]);
    assert_eq!(verified.code, Some(1), "{verified}");
    assert!(verified.out.contains("1 entry is damaged on this device"), "{verified}");
    let drilled = office.run(&["drill"]);
    assert_eq!(drilled.code, Some(1), "{drilled}");
    assert!(drilled.out.contains("NOT COMPLETE: what is in it is whole, but 1 entry is not in it"), "{drilled}");
    let status = office.run(&["status"]).done();
    assert!(status.out.contains("The newest backup is not complete."), "{status}");
    assert_eq!(office.register(), shown, "what was made of it is still shown");

    meet();
    assert!(office.run(&["verify"]).done().out.contains("entries held is whole"));
    assert!(!office.run(&["status"]).done().out.contains("on its disk"));
    assert_eq!(office.register(), shown);
    let said = office.run(&["backup", "--to", as_text(&stick)]).done();
    assert!(!said.out.contains("damaged"), "{said}");
    assert!(office.run(&["drill"]).done().out.contains("PROVEN."));
}
