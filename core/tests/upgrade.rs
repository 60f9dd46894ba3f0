//! Programs of two versions in one school: what the older does not know it keeps and passes on, and it is there after
//! the upgrade.
//!
//! Two builds in one test: a replica that is opened with the rules of fewer areas knows nothing of the others, as a
//! program of before they existed; and what an older program leaves in its store of an entry whose kind it does not know is
//! put there by hand.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::authority::reduction::EntryName;
use muster_core::log::entry::Entry;
use muster_core::log::header::{Header, Kind};
use muster_core::log::seal::Seal;
use muster_core::replica::store::{Batch, Store as _, Table};
use muster_core::replica::{Segment, Verdict};
use world::*;

/// What the older program knows: nothing of cases, nor of registers.
const OLDER: [AreaRule; 1] = [RULES[0]];

fn older(device: Device) -> Device {
    Replica::open(device.into_store(), &OLDER).unwrap()
}

fn newer(device: Device) -> Device {
    Replica::open(device.into_store(), &RULES).unwrap()
}

#[test]
fn areas_that_an_older_program_does_not_know_pass_through_it_and_are_read_after_its_upgrade() {
    let mut world = World::new(1);
    let (mut office, head) = world.found();
    let mut old = world.let_in(&mut office, &head);
    let mut hall = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut old);
    world.meet(&mut old, &mut hall);
    old = older(old);
    let (register, case) = (document(REGISTER, "4B week 48"), document(CASES, "case 1"));
    let by = Some(head.seat.seat);
    world.write(&mut office, by, &register, &["present"]);
    world.write(&mut office, by, &case, &["a bruise"]);
    world.meet(&mut office, &mut old);
    world.meet(&mut old, &mut hall);
    assert!(old.verify(&mut |_, _| {}).unwrap().is_sound());
    hall.sign_in(&head);
    while hall.work(&mut world.context()).unwrap().1 {}
    assert_eq!(world.read(&mut hall, by, &case), ["a bruise"], "it came through a program that knows no cases");
    assert_eq!(world.read(&mut hall, by, &register), ["present"]);
    // The older one meets again and again, and both know that they hold the same.
    world.meet(&mut old, &mut office);
    let mut old = newer(old);
    old.sign_in(&head);
    while old.work(&mut world.context()).unwrap().1 {}
    assert_eq!(world.read(&mut old, by, &case), ["a bruise"]);
    assert_eq!(world.read(&mut old, by, &register), ["present"]);
    assert!(old.waiting(&case.section).unwrap().is_empty());
}

#[test]
fn entries_whose_kind_was_not_known_are_in_the_documents_after_the_upgrade() {
    let (mut world, office, head, _) = small_school(2);
    let register = document(REGISTER, "4B week 48");
    let before = {
        let mut office = Replica::open(office.into_store(), &RULES).unwrap();
        office.sign_in(&head);
        let read = world.read(&mut office, Some(head.seat.seat), &register);
        (office, read)
    };
    let (office, read) = before;
    assert_eq!(read.len(), 3);
    // As a program left it that knew the kind of none of the section's entries: no document, each entry waiting.
    let names: Vec<EntryName> = entries_of(&office, &register.section);
    let mut store = office.into_store();
    let mut batch = Batch::default();
    for table in [Table::Documents, Table::Kept] {
        for (key, _) in store.range(table, &[], None, usize::MAX).unwrap() {
            batch.delete(table, key);
        }
    }
    let prefix = section_key(&register.section);
    for name in &names {
        let place = [name.log.0.as_slice(), &name.sequence.to_be_bytes(), &name.hash.0].concat();
        batch.put(Table::Waiting, [prefix.clone(), place].concat(), [Verdict::Newer as u8]);
    }
    store.commit(batch).unwrap();
    let mut upgraded = Replica::open(store, &RULES).unwrap();
    upgraded.sign_in(&head);
    while upgraded.work(&mut world.context()).unwrap().1 {}
    assert_eq!(world.read(&mut upgraded, Some(head.seat.seat), &register), read);
    assert!(upgraded.waiting(&register.section).unwrap().is_empty(), "nothing waits any more");
}

#[test]
fn entries_and_statements_of_a_kind_that_nobody_here_knows_are_kept_passed_on_and_change_nothing() {
    let (mut world, mut office, head, mut hall) = small_school(3);
    let roll = document(ROLL, "day 1");
    let before = world.read(&mut office, None, &roll);
    for section in [roll.section, Section::AUTHORITY] {
        // The hall's program is newer: it writes an entry of kind 9 and a statement with tag 99.
        let own = hall.device_seat();
        let names = entries_of(&hall, &section);
        let of_hall = names.iter().filter(|name| hall.logs()[&name.log].descriptor.seat == own);
        let last = *of_hall.max_by_key(|name| name.sequence).expect("the hall wrote in both");
        let (entry, _) = stored(&hall, &last);
        let header = entry.header();
        let kind = if section == Section::AUTHORITY { Kind::STATEMENT } else { Kind(9) };
        let body = if section == Section::AUTHORITY { vec![99, 3, 1, 2, 3] } else { vec![1, 2, 3] };
        let next = Header { kind, sequence: header.sequence + 1, previous: entry.hash(), ..header.clone() };
        let entry = Entry::new(next, body);
        let seal = Seal::make(&hall.device_secrets().seat.sign, &last.log, last.sequence + 2, &entry.hash());
        let descriptor = hall.logs()[&last.log].descriptor;
        let hash = entry.hash();
        let taken = office.ingest(vec![Segment { descriptor, entries: vec![entry], seal }]).unwrap();
        assert!(taken.problems.is_empty(), "{:?}", taken.problems);
        let mut third = world.let_in(&mut office, &head);
        world.meet(&mut office, &mut third);
        let passed = EntryName { log: last.log, sequence: last.sequence + 1, hash };
        assert_eq!(stored(&third, &passed).0.hash(), hash, "passed on");
        assert!(third.verify(&mut |_, _| {}).unwrap().is_sound());
    }
    while office.work(&mut world.context()).unwrap().1 {}
    assert_eq!(world.read(&mut office, None, &roll), before, "what is known shows as it did");
    assert_eq!(office.waiting(&roll.section).unwrap(), [Verdict::Newer], "and the entry waits for a newer program");
    let state = office.view().state_hash();
    let office = Replica::open(office.into_store(), &RULES).unwrap();
    assert_eq!(office.view().state_hash(), state);
    assert!(office.verify(&mut |_, _| {}).unwrap().is_sound());
    world.meet(&mut { office }, &mut hall);
}

fn section_key(section: &Section) -> Vec<u8> {
    let Section { compartment: Compartment { area, place }, year } = section;
    [area.0.to_be_bytes().as_slice(), &place.0, &year.0.to_be_bytes()].concat()
}

/// The entries of facts of a section, by name; of the authority area all.
fn entries_of(device: &Device, section: &Section) -> Vec<EntryName> {
    let mut names = Vec::new();
    for (key, value) in device.store().range(Table::Entries, &[], None, usize::MAX).unwrap() {
        let (entry, _) = Entry::decode(&value).unwrap();
        let log = LogId::from_slice(&key[..32]).unwrap();
        let facts = entry.header().kind == Kind::FACTS || *section == Section::AUTHORITY;
        if device.logs()[&log].descriptor.section == *section && facts {
            names.push(EntryName { log, sequence: entry.header().sequence, hash: entry.hash() });
        }
    }
    names
}

fn stored(device: &Device, name: &EntryName) -> (Entry, Option<Seal>) {
    let key = [name.log.0.as_slice(), &name.sequence.to_be_bytes(), &name.hash.0].concat();
    Entry::decode(&device.store().get(Table::Entries, &key).unwrap().unwrap()).unwrap()
}
