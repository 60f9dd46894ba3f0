//! Entries that rot on one device's disk: told, left out of backups, and brought back by whoever holds them.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::backup::form::HEAD;
use muster_core::backup::read::Archive;
use muster_core::backup::shelf::{MemoryShelf, Shelf};
use muster_core::backup::write::Run;
use muster_core::backup::{BackupError, BackupKey};
use muster_core::log::entry::Entry;
use muster_core::replica::Segment;
use muster_core::replica::store::{Batch, Row, Store, StoreError, Table};
use std::cell::RefCell;
use std::rc::Rc;
use world::*;

/// The rows of the entries of an area, in order.
fn entries_of(device: &Device, area: Area) -> Vec<(Vec<u8>, Vec<u8>)> {
    let rows = device.store().range(Table::Entries, &[], None, usize::MAX).unwrap();
    let of = |key: &[u8]| device.logs()[&LogId::from_slice(&key[..32]).unwrap()].descriptor.section.compartment.area;
    rows.into_iter().filter(|(key, _)| of(key) == area).collect()
}

/// Closes a device's records, changes its disk, and opens them.
fn on_disk(device: Device, change: impl FnOnce(&mut Batch)) -> Device {
    let mut store = device.into_store();
    let mut batch = Batch::default();
    change(&mut batch);
    store.commit(batch).unwrap();
    Replica::open(store, &RULES).unwrap()
}

/// Flips a bit of one entry.
fn rot(device: Device, (key, mut row): (Vec<u8>, Vec<u8>), at: usize) -> Device {
    row[at] ^= 0x10;
    on_disk(device, |batch| batch.put(Table::Entries, key, row))
}

fn look_over_all(device: &mut Device) {
    for _ in 0..100 {
        device.look_over(16).unwrap();
    }
}

fn is_whole(device: &Device) -> bool {
    device.verify(&mut |_, _| {}).unwrap().is_sound()
}

fn back_up(world: &mut World, device: &Device, shelf: &mut MemoryShelf, key: &BackupKey, most: usize) -> usize {
    let inventory = Archive::open(shelf, key).unwrap().inventory().unwrap();
    let mut run = Run::begin(device, key.clone(), inventory).unwrap();
    let names = || Ok(device.store().file_names().map(str::to_owned).collect());
    for _ in 0..most {
        let Some(made) = run.next(device, &mut names.clone(), &mut world.context()).unwrap() else { break };
        shelf.put(&made.name, &made.bytes).unwrap();
    }
    run.left_out().count()
}

fn archive(world: &mut World, device: &Device) -> (MemoryShelf, BackupKey) {
    let key = BackupKey::random(&mut world.random);
    let head = key.head(device.founding(), device.device_secrets(), &mut world.random).unwrap();
    let mut shelf = MemoryShelf::default();
    shelf.put(HEAD, &head).unwrap();
    (shelf, key)
}

fn restored(shelf: &MemoryShelf, key: &BackupKey) -> Device {
    let mut store = MemoryStore::default();
    Archive::open(shelf, key).unwrap().unpack(&mut store, &mut |_, _| {}).unwrap();
    Replica::open(store, &RULES).unwrap()
}

#[test]
fn whichever_entry_rots_and_wherever_it_is_brought_back_by_the_next_device_that_holds_it() {
    let (mut world, mut office, head, mut hall) = small_school(81);
    for number in 0..6 {
        world.write(&mut office, Some(head.seat.seat), &document(REGISTER, "4B week 48"), &[&format!("late {number}")]);
    }
    world.meet(&mut office, &mut hall);
    let register = document(REGISTER, "4B week 48");
    office.sign_in(&head);
    let before = world.read(&mut office, Some(head.seat.seat), &register);
    let logs = office.logs().clone();
    for area in [REGISTER, ROLL] {
        for number in 0..entries_of(&office, area).len() {
            // In its header, its body, and the seal at its end.
            for at in 0..4 {
                let row = entries_of(&office, area)[number].clone();
                let bytes = row.1.len();
                office = rot(office, row, [3, 40, bytes / 2, bytes - 2][at]);
                assert_eq!(office.damaged_here(), 0, "nobody has looked yet");
                look_over_all(&mut office);
                assert_eq!(office.damaged_here(), 1, "{area:?} {number} at {at}");
                let found = office.verify(&mut |_, _| {}).unwrap();
                assert!(found.holds_together() && !found.is_sound() && found.lacking == 1, "{:?}", found.says());
                world.meet(&mut office, &mut hall);
                assert_eq!(office.damaged_here(), 0, "{area:?} {number} at {at}");
                assert!(is_whole(&office) && is_whole(&hall), "{:?}", office.verify(&mut |_, _| {}).unwrap().says());
                assert_eq!(*office.logs(), logs, "no log is other than it was");
                assert!(office.begun_anew().is_none(), "what was ours and came back is no other incarnation");
            }
        }
    }
    office.sign_in(&head);
    assert_eq!(world.read(&mut office, Some(head.seat.seat), &register), before);
    // And what it holds can be had from it.
    let mut yard = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut yard);
    assert!(is_whole(&yard));
}

#[test]
fn a_note_of_damage_outlives_the_program_and_a_row_that_vanished_is_brought_back_too() {
    let (mut world, office, _, mut hall) = small_school(82);
    for number in 0..entries_of(&office, REGISTER).len() {
        let (key, row) = entries_of(&office, REGISTER)[number].clone();
        let mut store = office.store().clone();
        let mut batch = Batch::default();
        batch.delete(Table::Entries, key.clone());
        if number % 2 == 1 {
            // Its name rotted and not its bytes.
            let mut other = key.clone();
            other[45] ^= 1;
            batch.put(Table::Entries, other, row);
        }
        store.commit(batch).unwrap();
        let mut office = Replica::open(store, &RULES).unwrap();
        look_over_all(&mut office);
        assert_eq!(office.damaged_here(), 1, "{number}");
        let mut office = Replica::open(office.into_store(), &RULES).unwrap();
        assert_eq!(office.damaged_here(), 1, "{number}");
        world.meet(&mut office, &mut hall);
        assert!(is_whole(&office), "{number}: {:?}", office.verify(&mut |_, _| {}).unwrap().says());
        assert_eq!(Replica::open(office.into_store(), &RULES).unwrap().damaged_here(), 0);
    }
}

#[test]
fn documents_keep_what_was_damaged_since_and_a_rebuild_leaves_out_that_alone_until_it_is_back() {
    let (mut world, mut office, head, mut hall) = small_school(83);
    let register = document(REGISTER, "4B week 48");
    world.write(&mut office, Some(head.seat.seat), &register, &["after it"]);
    world.meet(&mut office, &mut hall);
    let all = ["absent", "after it", "late", "present"];
    // The entry of "late": the one before the last.
    let rows = entries_of(&office, REGISTER);
    let mut office = rot(office, rows[rows.len() - 2].clone(), 60);
    office.sign_in(&head);
    assert_eq!(world.read(&mut office, Some(head.seat.seat), &register), all);
    office.rebuild(&register.section).unwrap();
    while office.work(&mut world.context()).unwrap().1 {}
    assert_eq!(office.damaged_here(), 1, "the rebuild came upon it");
    assert_eq!(world.read(&mut office, Some(head.seat.seat), &register), ["absent", "after it", "present"]);
    world.meet(&mut office, &mut hall);
    assert_eq!(world.read(&mut office, Some(head.seat.seat), &register), all);
}

#[test]
fn damage_that_is_found_while_two_devices_are_connected_is_mended_there_and_then() {
    let (mut world, office, head, mut hall) = small_school(84);
    let row = entries_of(&office, REGISTER).pop().unwrap();
    let mut office = rot(office, row, 50);
    office.sign_in(&head);
    let mut a = Conversation::start(&mut office, hall.device(), Moment::utc(world.now));
    let mut b = Conversation::start(&mut hall, office.device(), Moment::utc(world.now));
    world.talk(&mut office, &mut a, &mut hall, &mut b);
    assert!(a.is_same() && b.is_same() && office.damaged_here() == 0);
    look_over_all(&mut office);
    assert_eq!(office.damaged_here(), 1);
    world.talk(&mut office, &mut a, &mut hall, &mut b);
    assert_eq!(office.damaged_here(), 0);
    assert!(a.is_same() && b.is_same() && is_whole(&office));
}

#[test]
fn a_new_device_gets_all_but_what_is_damaged_and_its_asking_is_what_tells_of_it() {
    let (mut world, office, head, mut hall) = small_school(85);
    let rows = entries_of(&office, REGISTER);
    let last = rows.last().unwrap().clone();
    let mut office = rot(office, last, 50);
    office.sign_in(&head);
    let mut yard = world.let_in(&mut office, &head);
    let mut a = Conversation::start(&mut office, yard.device(), Moment::utc(world.now));
    let mut b = Conversation::start(&mut yard, office.device(), Moment::utc(world.now));
    world.talk(&mut office, &mut a, &mut yard, &mut b);
    assert_eq!(office.damaged_here(), 1, "it was asked for");
    assert_eq!(entries_of(&yard, ROLL).len(), entries_of(&office, ROLL).len());
    assert_eq!(entries_of(&yard, REGISTER).len(), rows.len() - 1, "what stands before it went over");
    world.meet(&mut office, &mut hall);
    world.meet(&mut office, &mut yard);
    assert!(is_whole(&office) && is_whole(&yard));
    assert_eq!(entries_of(&yard, REGISTER).len(), rows.len());
}

#[test]
fn only_that_very_entry_takes_its_place_again() {
    let (mut world, mut office, head, mut hall) = small_school(86);
    let mut yard = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut yard);
    // A copy of the office writes another entry at the same place, and the yard hears of it.
    let mut twin = Replica::open(office.store().clone(), &RULES).unwrap();
    twin.sign_in(&head);
    let register = document(REGISTER, "4B week 48");
    world.write(&mut office, Some(head.seat.seat), &register, &["the office's"]);
    world.meet(&mut office, &mut hall);
    world.write(&mut twin, Some(head.seat.seat), &register, &["the copy's"]);
    world.meet(&mut twin, &mut yard);
    let known = entries_of(&twin, REGISTER);
    let mine = entries_of(&office, REGISTER).into_iter().find(|row| !known.contains(row)).unwrap();
    let mut office = rot(office, mine.clone(), 50);
    look_over_all(&mut office);
    assert_eq!(office.damaged_here(), 1);
    let mut a = Conversation::start(&mut office, yard.device(), Moment::utc(world.now));
    let mut b = Conversation::start(&mut yard, office.device(), Moment::utc(world.now));
    world.talk(&mut office, &mut a, &mut yard, &mut b);
    assert_eq!(office.damaged_here(), 1, "another entry is no help");
    assert!(office.logs().values().any(|state| state.forked_at.is_some()), "and both tails are kept, as ever");
    world.meet(&mut office, &mut hall);
    assert_eq!(office.damaged_here(), 0);
    assert!(entries_of(&office, REGISTER).contains(&mine));
    assert!(office.verify(&mut |_, _| {}).unwrap().is_sound());
}

/// A disk that changes beneath a program that runs.
#[derive(Clone, Debug)]
struct Shared(Rc<RefCell<MemoryStore>>);

impl Store for Shared {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.borrow().get(table, key)
    }
    fn range(&self, table: Table, from: &[u8], to: Option<&[u8]>, most: usize) -> Result<Vec<Row>, StoreError> {
        self.0.borrow().range(table, from, to, most)
    }
    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        self.0.borrow_mut().commit(batch)
    }
    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.borrow().file(name)
    }
    fn put_file(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.0.borrow_mut().put_file(name, bytes)
    }
    fn remove_file(&mut self, name: &str) -> Result<(), StoreError> {
        self.0.borrow_mut().remove_file(name)
    }
}

fn flip(disk: &Shared, (key, mut row): (Vec<u8>, Vec<u8>)) {
    row[20] ^= 1;
    let mut batch = Batch::default();
    batch.put(Table::Entries, key, row);
    disk.clone().commit(batch).unwrap();
}

#[test]
fn a_statement_of_rights_that_rots_while_the_records_are_open_is_brought_back() {
    let (mut world, office, _, mut hall) = small_school(87);
    for row in entries_of(&office, Area::AUTHORITY) {
        let disk = Shared(Rc::new(RefCell::new(office.store().clone())));
        let mut open = Replica::open(disk.clone(), &RULES).unwrap();
        flip(&disk, row);
        for _ in 0..100 {
            open.look_over(16).unwrap();
        }
        assert_eq!(open.damaged_here(), 1);
        let mut a = Conversation::start(&mut open, hall.device(), Moment::utc(world.now));
        let mut b = Conversation::start(&mut hall, open.device(), Moment::utc(world.now));
        for _ in 0..20 {
            while let Some(frame) = a.next(&mut open).unwrap() {
                b.receive(&mut hall, &frame, &mut world.context()).unwrap();
            }
            while let Some(frame) = b.next(&mut hall).unwrap() {
                a.receive(&mut open, &frame, &mut world.context()).unwrap();
            }
        }
        assert_eq!(open.damaged_here(), 0);
        drop(open);
        let again = Replica::open(disk, &RULES).unwrap();
        assert!(again.verify(&mut |_, _| {}).unwrap().is_sound());
        assert_eq!(again.view(), office.view());
    }
}

#[test]
fn a_backup_leaves_a_damaged_entry_out_names_it_and_brings_it_once_it_is_mended() {
    let (mut world, mut office, head, mut hall) = small_school(88);
    let register = document(REGISTER, "4B week 48");
    world.write(&mut office, Some(head.seat.seat), &register, &["after it"]);
    world.meet(&mut office, &mut hall);
    let rows = entries_of(&office, REGISTER);
    let mut office = rot(office, rows[rows.len() - 2].clone(), 60);
    let (mut shelf, key) = archive(&mut world, &office);
    // A run that is cut short does not forget what it left out.
    back_up(&mut world, &office, &mut shelf, &key, 1);
    assert_eq!(back_up(&mut world, &office, &mut shelf, &key, usize::MAX), 1);
    let named = Archive::open(&shelf, &key).unwrap().newest().unwrap().0.left_out.clone();
    assert_eq!(named.len(), 1);
    assert_eq!(named[0].1.to_be_bytes(), rows[rows.len() - 2].0[32..40]);
    assert_eq!(back_up(&mut world, &office, &mut shelf, &key, usize::MAX), 1, "and so does the next");

    // Whoever restores knows what is lacking, has all else, and has it back at the first meeting.
    let mut back = restored(&shelf, &key);
    assert_eq!(back.damaged_here(), 1);
    let found = back.verify(&mut |_, _| {}).unwrap();
    assert!(found.holds_together() && found.lacking == 1, "{:?}", found.says());
    back.sign_in(&head);
    while back.work(&mut world.context()).unwrap().1 {}
    assert_eq!(world.read(&mut back, Some(head.seat.seat), &register), ["absent", "after it", "present"]);
    world.meet(&mut back, &mut hall);
    assert!(is_whole(&back));

    // Once it is mended the next run brings it.
    look_over_all(&mut office);
    world.meet(&mut office, &mut hall);
    assert_eq!(back_up(&mut world, &office, &mut shelf, &key, usize::MAX), 0);
    let back = restored(&shelf, &key);
    assert!(back.damaged_here() == 0 && is_whole(&back));
}

#[test]
fn a_backup_without_all_of_who_may_do_what_is_none_and_says_so() {
    let (mut world, office, _, _) = small_school(89);
    let disk = Shared(Rc::new(RefCell::new(office.store().clone())));
    let open = Replica::open(disk.clone(), &RULES).unwrap();
    flip(&disk, entries_of(&office, Area::AUTHORITY).remove(1));
    let (shelf, key) = archive(&mut world, &office);
    let inventory = Archive::open(&shelf, &key).unwrap().inventory().unwrap();
    let mut run = Run::begin(&open, key, inventory).unwrap();
    let mut names = || Ok(office.store().file_names().map(str::to_owned).collect());
    let ended = loop {
        match run.next(&open, &mut names, &mut world.context()) {
            Ok(Some(_)) => {}
            other => break other,
        }
    };
    assert!(matches!(ended, Err(BackupError::Here(_))), "{ended:?}");
}

#[test]
fn two_rows_beside_each_other_that_vanished_stop_their_log_there_and_nothing_else_and_come_back_one_after_the_other() {
    let (mut world, mut office, head, mut hall) = small_school(90);
    let register = document(REGISTER, "4B week 48");
    for value in ["one", "two", "three", "four"] {
        world.write(&mut office, Some(head.seat.seat), &register, &[value]);
    }
    world.meet(&mut office, &mut hall);
    let before = world.read(&mut office, Some(head.seat.seat), &register);
    let rows = entries_of(&office, REGISTER);
    let gone = [rows[rows.len() - 3].0.clone(), rows[rows.len() - 2].0.clone()];
    let mut office = on_disk(office, |batch| gone.iter().for_each(|key| batch.delete(Table::Entries, key.clone())));
    let (mut shelf, key) = archive(&mut world, &office);
    let inventory = Archive::open(&shelf, &key).unwrap().inventory().unwrap();
    let mut run = Run::begin(&office, key.clone(), inventory).unwrap();
    let mut names = || Ok(office.store().file_names().map(str::to_owned).collect());
    let refused = loop {
        match run.next(&office, &mut names, &mut world.context()) {
            Ok(Some(_)) => {}
            other => break other,
        }
    };
    assert!(matches!(refused, Err(BackupError::Here(_))), "{refused:?}");
    office.suspect(run.suspect().expect("it says where"));
    office.sign_in(&head);
    office.rebuild(&register.section).unwrap();
    // Nothing names the first of the two: the log ends before it, and all else goes on.
    while office.work(&mut world.context()).unwrap().1 {}
    assert_eq!(office.damaged_here(), 1);
    let read = world.read(&mut office, Some(head.seat.seat), &register);
    assert_eq!(read.len(), before.len() - 3, "{read:?}");
    for _ in 0..2 {
        let mut a = Conversation::start(&mut office, hall.device(), Moment::utc(world.now));
        let mut b = Conversation::start(&mut hall, office.device(), Moment::utc(world.now));
        world.talk(&mut office, &mut a, &mut hall, &mut b);
        look_over_all(&mut office);
    }
    world.meet(&mut office, &mut hall);
    assert!(is_whole(&office), "{:?}", office.verify(&mut |_, _| {}).unwrap().says());
    assert_eq!(world.read(&mut office, Some(head.seat.seat), &register), before);
    assert_eq!(back_up(&mut world, &office, &mut shelf, &key, usize::MAX), 0);
}

#[test]
fn what_is_damaged_on_a_device_is_not_acknowledged_by_it_until_it_is_back() {
    let (mut world, mut office, head, hall) = small_school(91);
    let register = document(REGISTER, "4B week 48");
    let row = entries_of(&hall, REGISTER).pop().unwrap();
    let log = LogId::from_slice(&row.0[..32]).unwrap();
    let place = u64::from_be_bytes(row.0[32..40].try_into().unwrap());
    let mut hall = rot(hall, row, 50);
    look_over_all(&mut hall);
    world.write(&mut office, Some(head.seat.seat), &register, &["after it"]);
    let (entry, seal) = Entry::decode(&entries_of(&office, REGISTER).pop().unwrap().1).unwrap();
    let segment = Segment { descriptor: office.logs()[&log].descriptor, entries: vec![entry], seal: seal.unwrap() };
    let taken = hall.ingest(vec![segment]).unwrap();
    assert_eq!(taken.durable, [(log, place)], "it holds what comes after, and not this");
    world.meet(&mut office, &mut hall);
    assert!(is_whole(&hall));
}

#[test]
fn a_log_that_is_suspected_on_a_full_disk_is_looked_over_once_there_is_room() {
    let (mut world, office, _, _) = small_school(92);
    let (key, mut row) = entries_of(&office, REGISTER).pop().unwrap();
    row[50] ^= 1;
    let mut memory = office.into_store();
    let mut batch = Batch::default();
    batch.put(Table::Entries, key.clone(), row);
    memory.commit(batch).unwrap();
    let full = Rc::new(std::cell::Cell::new(true));
    let mut office = Replica::open(Full { memory, full: Rc::clone(&full) }, &RULES).unwrap();
    office.suspect(LogId::from_slice(&key[..32]).unwrap());
    assert!(office.work(&mut world.context()).is_err(), "there is no room to note it");
    full.set(false);
    while office.work(&mut world.context()).unwrap().1 {}
    assert_eq!(office.damaged_here(), 1);
}

/// A disk that is full for as long as somebody says.
#[derive(Debug)]
struct Full {
    memory: MemoryStore,
    full: Rc<std::cell::Cell<bool>>,
}

impl Store for Full {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.memory.get(table, key)
    }
    fn range(&self, table: Table, from: &[u8], to: Option<&[u8]>, most: usize) -> Result<Vec<Row>, StoreError> {
        self.memory.range(table, from, to, most)
    }
    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        if self.full.get() { Err(StoreError::Full) } else { self.memory.commit(batch) }
    }
    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.memory.file(name)
    }
    fn put_file(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        if self.full.get() { Err(StoreError::Full) } else { self.memory.put_file(name, bytes) }
    }
    fn remove_file(&mut self, name: &str) -> Result<(), StoreError> {
        self.memory.remove_file(name)
    }
}

#[test]
fn a_document_whose_kept_form_rots_is_still_listed() {
    let (mut world, office, head, _) = small_school(93);
    let register = document(REGISTER, "4B week 48");
    let (key, mut row) = office
        .store()
        .range(Table::Documents, &[], None, usize::MAX)
        .unwrap()
        .into_iter()
        .find(|(key, _)| key.starts_with(&REGISTER.0.to_be_bytes()))
        .unwrap();
    for at in 0..row.len() {
        row[at] ^= 1;
        let mut office = on_disk(Replica::open(office.store().clone(), &RULES).unwrap(), |batch| {
            batch.put(Table::Documents, key.clone(), row.clone())
        });
        row[at] ^= 1;
        office.sign_in(&head);
        let mut writer = office.writer(head.seat.seat, world.context()).unwrap();
        assert!(writer.documents(&register.section, register.kind).unwrap().contains(&register), "byte {at}");
        let mut office = Replica::open(office.into_store(), &RULES).unwrap();
        office.sign_in(&head);
        let mut writer = office.writer(head.seat.seat, world.context()).unwrap();
        let with = writer.documents_with(&register.section, register.kind, 1).unwrap();
        assert_eq!(with.len(), 1, "byte {at}");
    }
}

#[test]
fn a_document_that_rots_on_the_disk_while_it_is_in_memory_is_still_listed_once_more_keys_come() {
    let (mut world, office, head, _) = small_school(94);
    let disk = Shared(Rc::new(RefCell::new(office.into_store())));
    let mut open = Replica::open(disk.clone(), &RULES).unwrap();
    open.sign_in(&head);
    let register = document(REGISTER, "4B week 48");
    let mut writer = open.writer(head.seat.seat, world.context()).unwrap();
    assert!(writer.facts(&register).unwrap().is_some());
    let prefix = REGISTER.0.to_be_bytes();
    let rows = disk.range(Table::Documents, &prefix, None, usize::MAX).unwrap();
    let (key, mut row) = rows.into_iter().find(|(key, _)| key.starts_with(&prefix)).unwrap();
    let last = row.len() - 1;
    row[last] ^= 1;
    let mut batch = Batch::default();
    batch.put(Table::Documents, key, row);
    disk.clone().commit(batch).unwrap();
    let words = words::random_words(6, &mut world.random);
    let rights = vec![Capability { right: Right::Read, area: Which::One(REGISTER), place: Which::One(SITE) }];
    let by = head.seat.seat;
    open.grant_by_words(&by, PersonId([7; 16]), 4, rights, &words, Cost::TEST, &mut world.context()).unwrap();
    let mut writer = open.writer(head.seat.seat, world.context()).unwrap();
    assert_eq!(writer.documents_with(&register.section, register.kind, 1).unwrap().len(), 1);
    assert_eq!(writer.documents(&register.section, register.kind).unwrap(), [register]);
}

#[test]
fn a_seal_that_rots_makes_nobody_take_an_honest_device_for_a_hostile_one() {
    let (mut world, office, head, mut hall) = small_school(95);
    let (key, mut row) = entries_of(&office, REGISTER).pop().unwrap();
    let last = row.len() - 1;
    row[last] ^= 1;
    let mut office = on_disk(office, |batch| batch.put(Table::Entries, key, row));
    office.sign_in(&head);
    let mut yard = world.let_in(&mut office, &head);
    let mut a = Conversation::start(&mut office, yard.device(), Moment::utc(world.now));
    let mut b = Conversation::start(&mut yard, office.device(), Moment::utc(world.now));
    world.talk(&mut office, &mut a, &mut yard, &mut b);
    while office.work(&mut world.context()).unwrap().1 {}
    assert_eq!(office.damaged_here(), 1, "who was to send it saw it");
    world.meet(&mut office, &mut hall);
    world.meet(&mut office, &mut yard);
    assert!(is_whole(&office) && is_whole(&yard));
}

#[test]
fn a_peer_that_was_told_that_an_entry_is_lost_is_given_it_once_it_is_back() {
    let (mut world, office, head, mut hall) = small_school(96);
    let row = entries_of(&office, REGISTER).remove(1);
    let mut office = rot(office, row, 50);
    office.sign_in(&head);
    let mut yard = world.let_in(&mut office, &head);
    let mut a = Conversation::start(&mut office, yard.device(), Moment::utc(world.now));
    let mut b = Conversation::start(&mut yard, office.device(), Moment::utc(world.now));
    world.talk(&mut office, &mut a, &mut yard, &mut b);
    while office.work(&mut world.context()).unwrap().1 {}
    assert_eq!(office.damaged_here(), 1);
    // It comes back from the hall, while the yard is still connected.
    world.meet(&mut office, &mut hall);
    world.talk(&mut office, &mut a, &mut yard, &mut b);
    assert!(a.is_same() && b.is_same());
    assert_eq!(entries_of(&yard, REGISTER).len(), entries_of(&office, REGISTER).len());
}
