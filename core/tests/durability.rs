//! A store that fails at the wrong moment, rows that rot, keys that leave.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::keys::record::Record;
use muster_core::limits::ERASED_AFTER_MS;
use muster_core::replica::Order;
use muster_core::replica::records::Records as _;
use muster_core::replica::store::{Batch, Row, Store, StoreError, Table};
use std::cell::Cell;
use std::rc::Rc;
use world::*;

/// A disk that fails when told to, and counts what is read of entries.
#[derive(Clone, Debug, Default)]
struct Faulty {
    inner: MemoryStore,
    commits_left: Rc<Cell<Option<u32>>>,
    files_left: Rc<Cell<Option<u32>>>,
    entries_read: Rc<Cell<usize>>,
}

fn fails(left: &Cell<Option<u32>>) -> Result<(), StoreError> {
    match left.get() {
        None => Ok(()),
        Some(0) => Err(StoreError::Full),
        Some(more) => {
            left.set(Some(more - 1));
            Ok(())
        }
    }
}

impl Store for Faulty {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.entries_read.set(self.entries_read.get() + usize::from(table == Table::Entries));
        self.inner.get(table, key)
    }
    fn range(&self, table: Table, from: &[u8], to: Option<&[u8]>, most: usize) -> Result<Vec<Row>, StoreError> {
        let rows = self.inner.range(table, from, to, most)?;
        self.entries_read.set(self.entries_read.get() + if table == Table::Entries { rows.len() } else { 0 });
        Ok(rows)
    }
    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        fails(&self.commits_left)?;
        self.inner.commit(batch)
    }
    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.file(name)
    }
    fn put_file(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        fails(&self.files_left)?;
        self.inner.put_file(name, bytes)
    }
    fn remove_file(&mut self, name: &str) -> Result<(), StoreError> {
        self.inner.remove_file(name)
    }
}

fn faulty(device: Device) -> (Replica<Faulty>, Faulty) {
    let store = Faulty { inner: device.into_store(), ..Faulty::default() };
    let handles = store.clone();
    (Replica::open(store, &RULES).unwrap(), handles)
}

fn change(document: &DocumentId, value: &str) -> Change {
    Change { document: document.clone(), facts: vec![Fact { kind: 1, supersedes: vec![], value: value.into() }] }
}

fn values(world: &mut World, device: &mut Replica<impl Store>, seat: SeatId, document: &DocumentId) -> Vec<String> {
    let facts = device.writer(seat, world.context()).unwrap().facts(document).unwrap();
    let mut values: Vec<String> = facts
        .iter()
        .flat_map(|facts| facts.iter())
        .map(|held| String::from_utf8_lossy(&held.fact.value).into())
        .collect();
    values.sort();
    values
}

#[test]
fn an_act_that_fails_at_any_step_leaves_nothing_and_the_next_is_readable_after_a_restart() {
    let roll = document(ROLL, "day 1");
    for (commits, files) in [(Some(0), None), (None, Some(0)), (None, Some(1)), (Some(1), Some(1))] {
        let mut world = World::new(1);
        let (office, _) = world.found();
        let (mut office, disk) = faulty(office);
        let seat = office.device_seat();
        disk.commits_left.set(commits);
        disk.files_left.set(files);
        let mut failed = 0;
        for number in 0..3 {
            let mut writer = office.writer(seat, world.context()).unwrap();
            failed += u32::from(writer.write(vec![change(&roll, &format!("lost {number}"))]).is_err());
        }
        assert!(failed > 0);
        disk.commits_left.set(None);
        disk.files_left.set(None);
        office.writer(seat, world.context()).unwrap().write(vec![change(&roll, "kept")]).unwrap();
        let before = values(&mut world, &mut office, seat, &roll);
        assert!(before.contains(&"kept".to_owned()));
        assert_eq!(before.len() as u32, 4 - failed, "what failed is not there, what did not is");
        assert!(office.verify(&mut |_, _| {}).unwrap().is_sound());
        let mut again = Replica::open(office.into_store(), &RULES).unwrap();
        assert_eq!(values(&mut world, &mut again, seat, &roll), before, "every secret used is kept");
        again.rebuild(&roll.section).unwrap();
        assert_eq!(values(&mut world, &mut again, seat, &roll), before);
    }
}

#[test]
fn an_act_refused_half_way_does_not_spoil_the_documents_it_would_have_begun() {
    let mut world = World::new(2);
    let (mut office, _) = world.found();
    let seat = office.device_seat();
    let (roll, register) = (document(ROLL, "day 1"), document(REGISTER, "4B"));
    let mut writer = office.writer(seat, world.context()).unwrap();
    assert!(writer.write(vec![change(&roll, "a"), change(&register, "not the device's to write")]).is_err());
    office.writer(seat, world.context()).unwrap().write(vec![change(&roll, "b")]).unwrap();
    let mut again = Replica::open(office.into_store(), &RULES).unwrap();
    again.rebuild(&roll.section).unwrap();
    assert_eq!(values(&mut world, &mut again, seat, &roll), ["b"]);
}

#[test]
fn a_full_disk_while_receiving_takes_nothing_and_the_next_meeting_brings_it_all() {
    let mut world = World::new(3);
    let (mut office, head) = world.found();
    let hall = world.let_in(&mut office, &head);
    let roll = document(ROLL, "day 1");
    for number in 0..5 {
        world.write(&mut office, None, &roll, &[&format!("{number}")]);
    }
    let (mut hall, disk) = faulty(hall);
    for commits in 0..6 {
        let mut a = Conversation::start(&mut office, hall.device(), Moment::utc(0));
        let mut b = Conversation::start(&mut hall, office.device(), Moment::utc(0));
        disk.commits_left.set(Some(commits));
        'talk: loop {
            let mut quiet = true;
            while let Some(frame) = a.next(&mut office).unwrap() {
                quiet = false;
                if b.receive(&mut hall, &frame, &mut world.context()).is_err() {
                    break 'talk;
                }
            }
            while let Some(frame) = b.next(&mut hall).unwrap() {
                quiet = false;
                a.receive(&mut office, &frame, &mut world.context()).unwrap();
            }
            if quiet {
                break;
            }
        }
        disk.commits_left.set(None);
        assert!(hall.verify(&mut |_, _| {}).unwrap().is_sound(), "after {commits} commits");
        let again = Replica::open(disk_of(&hall), &RULES).unwrap();
        assert_eq!(again.logs(), hall.logs(), "memory and store agree");
        assert_eq!(again.view().state_hash(), hall.view().state_hash());
    }
    while hall.work(&mut world.context()).unwrap().1 {}
    let seat = hall.device_seat();
    assert_eq!(values(&mut world, &mut hall, seat, &roll), ["0", "1", "2", "3", "4"]);
}

fn disk_of(device: &Replica<Faulty>) -> MemoryStore {
    device.store().inner.clone()
}

#[test]
fn a_document_whose_kept_form_rotted_is_worked_out_again_from_the_log() {
    let (mut world, office, head, _) = small_school(4);
    let register = document(REGISTER, "4B week 48");
    let store = office.into_store();
    for (key, row) in store.range(Table::Documents, &[], None, usize::MAX).unwrap() {
        for at in [0, 10, 32, 40, row.len() - 1] {
            let mut rotten = store.clone();
            let mut row = row.clone();
            row[at] ^= 4;
            let mut batch = Batch::default();
            batch.put(Table::Documents, key.clone(), if at == 10 { vec![] } else { row });
            rotten.commit(batch).unwrap();
            let mut office = Replica::open(rotten, &RULES).unwrap();
            office.sign_in(&head);
            assert_eq!(world.read(&mut office, Some(head.seat.seat), &register), ["absent", "late", "present"]);
            assert_eq!(world.read(&mut office, None, &document(ROLL, "day 1")), ["from the hall", "in"]);
        }
    }
}

#[test]
fn a_sign_out_takes_every_key_and_document_of_the_person_out_of_memory() {
    let (mut world, office, head, _) = small_school(5);
    let register = document(REGISTER, "4B week 48");
    let mut office = Replica::open(office.into_store(), &RULES).unwrap();
    while office.work(&mut world.context()).unwrap().1 {}
    let with_nobody = office.open_keys();
    office.sign_in(&head);
    while office.work(&mut world.context()).unwrap().1 {}
    assert_eq!(world.read(&mut office, Some(head.seat.seat), &register).len(), 3);
    assert!(office.open_keys() > with_nobody);
    office.sign_out(&head.seat.seat);
    assert_eq!(office.open_keys(), 0, "all of it goes; the device's own opens again when needed");
    assert!(office.writer(head.seat.seat, world.context()).is_none());
    assert!(world.read(&mut office, None, &register).is_empty());
    assert_eq!(office.signed_in().count(), 0);
    assert_eq!(world.read(&mut office, None, &document(ROLL, "day 1")), ["from the hall", "in"]);
    assert!(office.open_keys() <= with_nobody);
}

#[test]
fn opening_reads_the_authority_area_and_no_other_entry() {
    let mut world = World::new(6);
    let (mut office, _) = world.found();
    for number in 0..300 {
        world.write(&mut office, None, &document(ROLL, &format!("day {}", number % 7)), &["x"]);
    }
    let (mut office, disk) = faulty(office);
    let authority = office.statements().len();
    assert!(disk.entries_read.get() <= authority, "{} entries read", disk.entries_read.get());
    while office.work(&mut world.context()).unwrap().1 {}
    assert!(disk.entries_read.get() <= authority, "and none to see that nothing is behind");
}

#[test]
fn two_devices_that_each_make_the_days_key_and_the_same_document_apart_read_it_all_after_meeting() {
    let mut world = World::new(7);
    let (mut office, head) = world.found();
    let mut hall = world.let_in(&mut office, &head);
    let mut third = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut hall);
    world.meet(&mut office, &mut third);
    let roll = document(ROLL, "today");
    for (device, value) in [(&mut office, "office"), (&mut hall, "hall"), (&mut third, "third")] {
        world.write(device, None, &roll, &[value]);
        world.write(device, None, &roll, &[&format!("{value} again")]);
    }
    for _ in 0..2 {
        world.meet(&mut office, &mut hall);
        world.meet(&mut hall, &mut third);
        world.meet(&mut third, &mut office);
    }
    let all = ["hall", "hall again", "office", "office again", "third", "third again"];
    for device in [&mut office, &mut hall, &mut third] {
        assert_eq!(world.read(device, None, &roll), all);
    }
    let mut late = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut late);
    assert_eq!(world.read(&mut late, None, &roll), all, "a device that joins later reads today's roll at once");
}

#[test]
fn a_tablet_let_in_in_may_reads_the_rolls_it_cannot_open_once_and_not_at_every_mark() {
    let (mut world, mut office, head, _) = small_school(30);
    for day in 0..5 {
        world.now += 24 * 60 * 60 * 1_000;
        for _ in 0..40 {
            world.write(&mut office, None, &document(ROLL, &format!("day {day}")), &["in"]);
        }
    }
    let mut late = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut late);
    let waiting = late.waiting(&document(ROLL, "day 0").section).unwrap().len();
    assert!(waiting >= 120, "it opens the two latest days: {waiting} entries wait");
    let (mut late, reads) = faulty(late);
    while late.work(&mut world.context()).unwrap().1 {}
    let mut a = Conversation::start(&mut office, late.device(), Moment::utc(world.now));
    let mut b = Conversation::start(&mut late, office.device(), Moment::utc(world.now));
    for mark in 0..6 {
        world.write(&mut office, None, &document(ROLL, "day 4"), &["one more"]);
        loop {
            let mut quiet = true;
            while let Some(frame) = a.next(&mut office).unwrap() {
                b.receive(&mut late, &frame, &mut world.context()).unwrap();
                quiet = false;
            }
            while let Some(frame) = b.next(&mut late).unwrap() {
                a.receive(&mut office, &frame, &mut world.context()).unwrap();
                quiet = false;
            }
            if quiet {
                break;
            }
        }
        while late.work(&mut world.context()).unwrap().1 {}
        if mark == 0 {
            reads.entries_read.set(0);
        }
    }
    let read = reads.entries_read.get();
    assert!(read < waiting, "five marks, {waiting} waiting, {read} read");
    let seat = late.device_seat();
    assert_eq!(values(&mut world, &mut late, seat, &document(ROLL, "day 4")).len(), 46);
}

#[test]
fn a_disk_that_fills_up_after_keys_were_destroyed_leaves_nothing_that_opens_and_the_word_is_said_once_there_is_room() {
    let ada = document(REGISTER, "Ada");
    let mut said_later = 0;
    for room in 0..4 {
        let mut world = World::new(70);
        let (office, head) = world.found();
        let (mut office, disk) = faulty(office);
        office.sign_in(&head);
        let seat = head.seat.seat;
        office.writer(seat, world.context()).unwrap().write(vec![change(&ada, "Ada's page")]).unwrap();
        let documents = std::slice::from_ref(&ada);
        let order = Order { documents, ground: 1, changes: Vec::new() };
        let order = office.erase(&seat, order, &mut world.context()).unwrap().entries[0];
        world.now += ERASED_AFTER_MS;
        disk.commits_left.set(Some(room));
        let full = office.work(&mut world.context()).is_err();
        let keys = |office: &Replica<Faulty>| {
            office.sealed_records(&ada.section).filter(|record| matches!(record, Record::Secret { .. })).count()
        };
        assert_eq!(keys(&office), 0, "the keys go first");
        let said = |office: &Replica<Faulty>| !office.erasures().erasures[&order].done.is_empty();
        assert_ne!(full, said(&office), "what was not written was not said");
        let went = office.erased_times();
        said_later += u32::from(full && went == 1);
        // The power fails, too.
        disk.commits_left.set(None);
        let mut office = Replica::open(office.into_store(), &RULES).unwrap();
        office.sign_in(&head);
        while office.work(&mut world.context()).unwrap().1 {}
        assert!(said(&office) && office.has_carried_out(&order), "with room {room}");
        assert_eq!(went + office.erased_times(), 1, "whoever keeps more beside the records hears of it, once");
        assert!(values(&mut world, &mut office, seat, &ada).is_empty());
    }
    assert_eq!(said_later, 1, "once it was full just before the word");
}
