//! Backups: what goes in comes out, whatever happened on the way, and only for whoever may open it.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::backup::form::HEAD;
use muster_core::backup::read::Archive;
use muster_core::backup::shelf::{MemoryShelf, Shelf};
use muster_core::backup::write::Run;
use muster_core::backup::{BackupError, BackupKey, read};
use muster_core::replica::WhyAnew;
use world::*;

fn names(device: &Device) -> Vec<String> {
    device.store().file_names().map(str::to_owned).collect()
}

/// A new archive of a device, with nothing in it yet.
fn begun(world: &mut World, device: &Device) -> (MemoryShelf, BackupKey) {
    let key = BackupKey::random(&mut world.random);
    let head = key.head(device.founding(), device.device_secrets(), &mut world.random).unwrap();
    let mut shelf = MemoryShelf::default();
    shelf.put(HEAD, &head).unwrap();
    (shelf, key)
}

/// One run, cut short after so many files. Says how many it wrote.
fn run(world: &mut World, device: &Device, shelf: &mut MemoryShelf, key: &BackupKey, most: usize) -> usize {
    let inventory = Archive::open(shelf, key).unwrap().inventory().unwrap();
    for name in &inventory.obsolete {
        shelf.remove(name).unwrap();
    }
    let mut run = Run::begin(device, key.clone(), inventory).unwrap();
    let mut files = 0;
    while files < most
        && let Some(made) = run.next(device, &mut || Ok(names(device)), &mut world.context()).unwrap()
    {
        assert!(made.bytes.len() <= 1024 * 1024);
        shelf.put(&made.name, &made.bytes).unwrap();
        files += 1;
    }
    files
}

fn restored(shelf: &MemoryShelf, key: &BackupKey) -> Device {
    let archive = Archive::open(shelf, key).unwrap();
    archive.check(&mut |_, _| {}).unwrap();
    let mut store = MemoryStore::default();
    archive.unpack(&mut store, &mut |_, _| {}).unwrap();
    Replica::open(store, &RULES).unwrap()
}

#[test]
fn a_backup_brings_back_every_record_and_the_device_goes_on_as_a_new_writer_with_nothing_lost() {
    let (mut world, mut office, head, mut hall) = small_school(61);
    let (mut shelf, key) = begun(&mut world, &office);
    run(&mut world, &office, &mut shelf, &key, usize::MAX);
    let register = document(REGISTER, "4B week 48");
    world.write(&mut office, Some(head.seat.seat), &register, &["after the backup"]);
    world.meet(&mut office, &mut hall);

    let mut back = restored(&shelf, &key);
    assert!(back.verify(&mut |_, _| {}).unwrap().is_sound());
    back.new_incarnation(WhyAnew::Restored, &mut world.context()).unwrap();
    let anew = back.take_seat(head.own(), &mut world.context()).unwrap();
    back.sign_in(&anew);
    assert_eq!(world.read(&mut back, Some(anew.seat.seat), &register), ["absent", "late", "present"]);
    world.write(&mut back, Some(anew.seat.seat), &register, &["written at once"]);
    world.meet(&mut back, &mut hall);
    let all = ["absent", "after the backup", "late", "present", "written at once"];
    assert_eq!(world.read(&mut back, Some(anew.seat.seat), &register), all);
    assert!(back.logs().values().chain(hall.logs().values()).all(|state| state.forked_at.is_none()));
    assert_eq!(back.begun_anew().unwrap().1, WhyAnew::Restored, "and it began anew once");
}

#[test]
fn a_second_run_writes_what_is_new_and_both_together_are_the_whole() {
    let (mut world, mut office, head, _) = small_school(62);
    for number in 0..40 {
        let of = document(REGISTER, &format!("class {number}"));
        world.write(&mut office, Some(head.seat.seat), &of, &["a mark of some length, so that it takes room"]);
    }
    let (mut shelf, key) = begun(&mut world, &office);
    run(&mut world, &office, &mut shelf, &key, usize::MAX);
    let size = |shelf: &MemoryShelf| shelf.0.values().map(Vec::len).sum::<usize>();
    let first = size(&shelf);
    let one_more = document(REGISTER, "one more");
    world.write(&mut office, Some(head.seat.seat), &one_more, &["new"]);
    run(&mut world, &office, &mut shelf, &key, usize::MAX);
    run(&mut world, &office, &mut shelf, &key, usize::MAX);
    let archive = Archive::open(&shelf, &key).unwrap();
    let (newest, damaged) = archive.newest().unwrap();
    assert_eq!((newest.run, damaged), (3, false));
    assert_eq!(newest.entries(), office.logs().values().map(|state| state.length()).sum::<u64>());
    assert!(size(&shelf) < first * 3, "entries are there once");
    let mut back = restored(&shelf, &key);
    assert!(back.verify(&mut |_, _| {}).unwrap().is_sound());
    back.sign_in(&head);
    assert_eq!(world.read(&mut back, Some(head.seat.seat), &one_more), ["new"]);
}

#[test]
fn a_run_that_was_cut_short_after_any_file_is_gone_on_with_and_not_begun_anew() {
    let (mut world, mut office, head, _) = small_school(63);
    let long = "x".repeat(60_000);
    for number in 0..60 {
        let of = document(REGISTER, &format!("class {number}"));
        // Bytes that do not compress.
        let mut noise = vec![0; long.len()];
        rand_core::Rng::fill_bytes(&mut world.random, &mut noise);
        let noise: String = noise.into_iter().map(|byte| char::from(b'!' + byte % 90)).collect();
        world.write(&mut office, Some(head.seat.seat), &of, &[&noise]);
    }
    let (mut whole, key) = begun(&mut world, &office);
    let files = run(&mut world, &office, &mut whole, &key, usize::MAX);
    assert!(files >= 4, "{files}");
    for cut in 0..files {
        let (mut shelf, key) = begun(&mut world, &office);
        run(&mut world, &office, &mut shelf, &key, cut);
        assert!(matches!(Archive::open(&shelf, &key).unwrap().newest(), Err(BackupError::Unfinished)));
        // The last file was cut short, too.
        if cut > 1 {
            let last = shelf.0.iter_mut().next_back().unwrap().1;
            last.truncate(last.len() / 2);
        }
        let more = run(&mut world, &office, &mut shelf, &key, usize::MAX);
        assert!(more <= files - cut + 2, "{more} of {files} after {cut}");
        let back = restored(&shelf, &key);
        assert!(back.verify(&mut |_, _| {}).unwrap().is_sound());
        assert_eq!(back.logs(), office.logs());
    }
}

#[test]
fn what_is_written_while_a_backup_runs_leaves_it_whole() {
    let (mut world, mut office, head, mut hall) = small_school(64);
    let (mut shelf, key) = begun(&mut world, &office);
    let inventory = Archive::open(&shelf, &key).unwrap().inventory().unwrap();
    let mut run = Run::begin(&office, key.clone(), inventory).unwrap();
    let mut number = 0;
    while let Some(made) = run.next(&office, &mut || Ok(names(&office)), &mut world.context()).unwrap() {
        shelf.put(&made.name, &made.bytes).unwrap();
        number += 1;
        // The first entry of a year that nobody had written in.
        let mut of = document(REGISTER, "class 1");
        of.section.year = Year(2026 + u16::from(number));
        world.write(&mut office, Some(head.seat.seat), &of, &["of a new year"]);
        let of = document(REGISTER, &format!("class {number}"));
        world.write(&mut office, Some(head.seat.seat), &of, &["meanwhile"]);
        let words = words::random_words(6, &mut world.random);
        let rights = vec![Capability { right: Right::Read, area: Which::One(REGISTER), place: Which::One(SITE) }];
        let by = head.seat.seat;
        office
            .grant_by_words(&by, PersonId([number; 16]), 4, rights, &words, Cost::TEST, &mut world.context())
            .unwrap();
        world.meet(&mut office, &mut hall);
    }
    assert!(restored(&shelf, &key).verify(&mut |_, _| {}).unwrap().is_sound());
}

#[test]
fn a_bit_that_turned_or_a_file_that_is_missing_or_of_another_backup_is_found_wherever_it_is() {
    let (mut world, mut office, head, _) = small_school(65);
    let (mut shelf, key) = begun(&mut world, &office);
    run(&mut world, &office, &mut shelf, &key, usize::MAX);
    world.write(&mut office, Some(head.seat.seat), &document(REGISTER, "later"), &["new"]);
    run(&mut world, &office, &mut shelf, &key, usize::MAX);
    let (mut other, other_key) = begun(&mut world, &office);
    run(&mut world, &office, &mut other, &other_key, usize::MAX);
    let whole = |shelf: &MemoryShelf| {
        let archive = Archive::open(shelf, &key).ok()?;
        let (newest, damaged) = archive.newest().ok()?;
        (newest.run == 2 && !damaged && archive.check(&mut |_, _| {}).is_ok()).then_some(())
    };
    assert!(whole(&shelf).is_some());
    let needed: Vec<String> = {
        let archive = Archive::open(&shelf, &key).unwrap();
        let unneeded = archive.inventory().unwrap().obsolete;
        shelf.0.keys().filter(|name| !unneeded.contains(name)).cloned().collect()
    };
    for name in needed {
        let bytes = shelf.0[&name].clone();
        for at in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut spoilt = shelf.clone();
            spoilt.0.get_mut(&name).unwrap()[at] ^= 1;
            assert!(whole(&spoilt).is_none(), "{name} at {at}");
        }
        let mut spoilt = shelf.clone();
        spoilt.0.remove(&name);
        assert!(whole(&spoilt).is_none(), "without {name}");
        let mut spoilt = shelf.clone();
        spoilt.0.get_mut(&name).unwrap().truncate(bytes.len() - 1);
        assert!(whole(&spoilt).is_none(), "{name} cut short");
        if let Some(others) = other.0.get(&name) {
            let mut spoilt = shelf.clone();
            spoilt.0.insert(name.clone(), others.clone());
            assert!(whole(&spoilt).is_none(), "{name} of another backup");
        }
    }
    // The newest list is damaged: the one before it still stands, and that is said.
    let mut spoilt = shelf.clone();
    spoilt.0.get_mut("manifest-0000000002").unwrap()[40] ^= 1;
    let archive = Archive::open(&spoilt, &key).unwrap();
    assert_eq!(archive.newest().unwrap().0.run, 1);
    assert!(archive.newest().unwrap().1);
    archive.check(&mut |_, _| {}).unwrap();
    assert!(archive.inventory().is_err(), "and nothing more is added to it");
}

#[test]
fn two_cards_open_a_backup_and_neither_one_card_nor_another_schools_nor_another_key_does() {
    let (mut world, office, head, _) = small_school(66);
    let cards = world.cards.clone();
    let (mut shelf, key) = begun(&mut world, &office);
    run(&mut world, &office, &mut shelf, &key, usize::MAX);
    let archive = Archive::open_by_cards(&shelf, &cards[2], &cards[0]).unwrap();
    assert_eq!(archive.key(), &key);
    assert!(matches!(Archive::open_by_cards(&shelf, &cards[1], &cards[1]), Err(BackupError::Cards(_))));
    let other = BackupKey::random(&mut world.random);
    assert!(matches!(Archive::open(&shelf, &other), Err(BackupError::OtherKey)));
    let (_, _) = world.found();
    let others = world.cards.clone();
    assert!(matches!(Archive::open_by_cards(&shelf, &others[0], &others[1]), Err(BackupError::Cards(_))));
    assert_eq!(read::head(&shelf).unwrap().device, office.device());
    // And nothing of it is in clear.
    let secrets = [office.device_secrets().local.expose(), head.person.agree.seed().expose(), key.key.expose()];
    for bytes in shelf.0.values() {
        for secret in secrets {
            assert!(!bytes.windows(32).any(|window| window == secret));
        }
        assert!(!bytes.windows(4).any(|window| window == b"late"));
    }
}
