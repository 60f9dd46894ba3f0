//! Frozen schools: what an earlier day's program wrote, opened by today's, and what it says is what it said then.
//!
//! A store, a backup, a carried file and the device it was for, and a value of each kind of fact, each with a text beside
//! it. They are made once, by `cargo test -p muster-tests --test frozen_school -- --ignored`, which leaves alone what is
//! there. A text names fields as today's code does: a field that is renamed changes the text, and never the bytes.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use muster_core::backup::BackupKey;
use muster_core::backup::read::Archive;
use muster_core::backup::shelf::MemoryShelf;
use muster_core::codec;
use muster_core::keys::recovery::Card;
use muster_core::replica::store::{Batch, MemoryStore, Store as _, Table};
use muster_core::replica::{Context, Replica};
use muster_core::sync::carry::Scope;
use muster_core::sync::carry::give::CarryOut;
use muster_core::sync::carry::take::CarryIn;
use muster_core::time::Moment;
use muster_tests::fuzz::facts::{FAMILIES, in_words, sound, written_again};
use muster_tests::fuzz::samples::{Device, REGISTER, ROLL_AREA, RULES, document, samples};
use muster_tests::power_cut::Writer;
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files by their names.
type Files = BTreeMap<String, Vec<u8>>;

fn frozen(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("frozen").join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(frozen(name)).unwrap()
}

fn packed(files: &Files) -> Vec<u8> {
    let all: Vec<(&String, &Vec<u8>)> = files.iter().collect();
    zstd::bulk::compress(&codec::encode(&all), 19).unwrap()
}

fn unpacked(name: &str) -> Files {
    let all = zstd::bulk::decompress(&std::fs::read(frozen(name)).unwrap(), 64 * 1024 * 1024).unwrap();
    let all: Vec<(String, Vec<u8>)> = codec::decode(&all).unwrap();
    all.into_iter().collect()
}

#[test]
fn a_store_of_format_1_opens_everything_in_it_holds_and_it_says_what_it_said() {
    let place = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(place.path().join("files")).unwrap();
    for (name, bytes) in unpacked("store-1.zst") {
        std::fs::write(place.path().join(name), bytes).unwrap();
    }
    let mut writer = Writer::open(place.path());
    assert_eq!(writer.findings(), Vec::<String>::new());
    let before = writer.entries();
    assert!(before.len() > 20, "{} entries in documents", before.len());
    let said = writer.in_words();
    assert_eq!(said, text("store-1.txt").lines().collect::<Vec<_>>(), "what was written is what is read");
    for told in ["Mark { pupil: ", "code: N", "Visitor 2", "Surname11", "Harbour Primary", "NotFound"] {
        assert!(said.iter().any(|line| line.contains(told)), "{told} is in it");
    }
    assert!(!said.iter().any(|line| line.ends_with('?')), "no fact is of a kind that is not known");
    assert_eq!(writer.entries_anew(), before, "worked out from the logs anew");
    assert_eq!(writer.in_words(), said, "to the same words");
    let written = writer.act();
    assert!(!written.is_empty() && writer.entries().len() > before.len(), "and it goes on");
}

#[test]
fn a_fact_of_each_kind_says_what_it_said_when_it_was_frozen() {
    let mut kinds: Vec<u16> = FAMILIES.iter().flat_map(|family| family.kinds).copied().collect();
    kinds.sort_unstable();
    let mut there = Vec::new();
    for line in text("facts.txt").lines() {
        let mut words = line.splitn(3, ' ');
        let kind: u16 = words.next().unwrap().parse().unwrap();
        let value = from_hex(words.next().unwrap());
        assert_eq!(in_words(kind, &value).as_deref(), words.next(), "a fact of kind {kind}");
        assert_eq!(written_again(kind, &value), Some(value), "and is written again the same");
        there.push(kind);
    }
    there.dedup();
    assert_eq!(there, kinds, "one of each kind: run the ignored test for a new one");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<char> = text.chars().collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap()).collect()
}

#[test]
fn a_backup_of_an_earlier_day_is_opened_by_its_key_and_by_two_cards_and_all_of_it_comes_back() {
    assert_eq!(the_archive(), text("archive-1.txt"));
}

fn the_archive() -> String {
    let mut files = unpacked("archive-1.zst");
    let mut card = |number| {
        let text = String::from_utf8(files.remove(&format!("card {number}")).unwrap()).unwrap();
        Card::from_text(&text).unwrap()
    };
    let (left, right, _) = (card(1), card(2), card(3));
    let key: BackupKey = codec::decode(&files.remove("key").unwrap()).unwrap();
    let shelf = MemoryShelf(files);
    let entries = Archive::open_by_cards(&shelf, &left, &right).unwrap().newest().unwrap().0.entries();
    let archive = Archive::open(&shelf, &key).unwrap();
    archive.check(&mut |_, _| {}).unwrap();
    let mut store = MemoryStore::default();
    archive.unpack(&mut store, &mut |_, _| {}).unwrap();
    let mut device = Replica::open(store, &RULES).unwrap();
    assert!(device.verify(&mut |_, _| {}).unwrap().is_sound());
    let held = device.store().range(Table::Entries, &[], None, usize::MAX).unwrap().len();
    format!("{entries} entries, {held} here\n{}", roll(&mut device))
}

#[test]
fn a_file_that_was_carried_on_an_earlier_day_is_taken_by_the_device_it_was_for() {
    assert_eq!(the_carried_file(), text("carried-1.txt"));
}

fn the_carried_file() -> String {
    let mut files = unpacked("carried-1.zst");
    let carried = files.remove("carried").unwrap();
    let mut device = Replica::open(stored(&files), &RULES).unwrap();
    let mut random = ChaCha20Rng::seed_from_u64(1);
    let mut context = Context { now: Moment::utc(1_790_000_000_000), random: &mut random };
    let mut taking = CarryIn::default();
    taking.take(&mut device, &carried, &mut context).unwrap();
    let taken = taking.end(&mut device, &mut context).unwrap();
    assert!(taken.is_ours() && taken.is_whole() && taken.entries > 0, "{taken:?}");
    assert!(device.verify(&mut |_, _| {}).unwrap().is_sound());
    format!("{} new, {} known\n{}", taken.entries, taken.known, roll(&mut device))
}

/// What a device with nobody signed in reads of the roll.
fn roll(device: &mut Device) -> String {
    use muster_core::replica::records::Records as _;
    let (seat, mut random) = (device.device_seat(), ChaCha20Rng::seed_from_u64(2));
    while device.work(&mut Context { now: Moment::utc(1_790_000_000_000), random: &mut random }).unwrap().1 {}
    let context = Context { now: Moment::utc(1_790_000_000_000), random: &mut random };
    let mut records = device.writer(seat, context).unwrap();
    let roll = document(ROLL_AREA, "day 1");
    let facts = records.facts(&roll).unwrap().expect("the roll is there");
    facts.iter().map(|held| format!("{}\n", String::from_utf8_lossy(&held.fact.value))).collect()
}

/// A store in memory as files, and back.
fn as_files(store: &MemoryStore) -> Files {
    let mut files = Files::new();
    for (number, table) in Table::ALL.into_iter().enumerate() {
        let rows = store.range(table, &[], None, usize::MAX).unwrap();
        files.insert(format!("table {number:02}"), codec::encode(&rows));
    }
    for name in store.file_names() {
        files.insert(format!("file {name}"), store.file(name).unwrap().unwrap());
    }
    files
}

fn stored(files: &Files) -> MemoryStore {
    let mut store = MemoryStore::default();
    for (name, bytes) in files {
        if let Some(name) = name.strip_prefix("file ") {
            store.put_file(name, bytes).unwrap();
        } else {
            let number: usize = name.strip_prefix("table ").unwrap().parse().unwrap();
            let rows: Vec<(Vec<u8>, Vec<u8>)> = codec::decode(bytes).unwrap();
            let mut batch = Batch::default();
            rows.into_iter().for_each(|(key, value)| batch.put(Table::ALL[number], key, value));
            store.commit(batch).unwrap();
        }
    }
    store
}

fn write_once(name: &str, bytes: impl FnOnce() -> Vec<u8>) {
    let file = frozen(name);
    if !file.exists() {
        std::fs::write(file, bytes()).unwrap();
    }
}

#[test]
#[ignore = "writes what is not there yet"]
fn freeze_schools() {
    // A store of redb's on a disk.
    write_once("store-1.zst", || {
        let place = tempfile::tempdir().unwrap();
        let mut writer = Writer::found(place.path());
        (0..24).for_each(|_| drop(writer.act()));
        drop(writer);
        let mut files = Files::new();
        for inside in ["", "files"] {
            for file in std::fs::read_dir(place.path().join(inside)).unwrap().map(|file| file.unwrap().path()) {
                if file.is_file() && file.file_name().unwrap() != "lock" {
                    let name = file.strip_prefix(place.path()).unwrap().to_str().unwrap().to_owned();
                    files.insert(name, std::fs::read(&file).unwrap());
                }
            }
        }
        packed(&files)
    });
    write_once("store-1.txt", || {
        let place = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(place.path().join("files")).unwrap();
        unpacked("store-1.zst")
            .iter()
            .for_each(|(name, bytes)| std::fs::write(place.path().join(name), bytes).unwrap());
        Writer::open(place.path()).in_words().iter().flat_map(|line| format!("{line}\n").into_bytes()).collect()
    });
    // One of each kind of fact; those that are there stay.
    let old = std::fs::read_to_string(frozen("facts.txt")).unwrap_or_default();
    let known = |line: &&str| -> Option<u16> { line.split(' ').next()?.parse().ok() };
    let mut lines: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for line in old.lines() {
        lines.entry(known(&line).unwrap()).or_default().push(line.to_owned());
    }
    for (kind, values) in sound(2026, 2) {
        lines.entry(kind).or_insert_with(|| {
            let line = |value: &Vec<u8>| format!("{kind} {} {}", hex(value), in_words(kind, value).unwrap());
            values.iter().map(line).collect()
        });
    }
    let all: String = lines.values().flatten().map(|line| format!("{line}\n")).collect();
    std::fs::write(frozen("facts.txt"), all).unwrap();
    // A backup, and a file that somebody carried to a device that had not heard of the last of it.
    let mut made = samples();
    write_once("archive-1.zst", || {
        let mut files: Files = made.shelf.0.clone();
        files.insert("key".to_owned(), codec::encode(&made.backup_key));
        for (number, card) in (1..).zip(&made.world.cards) {
            files.insert(format!("card {number}"), card.to_text().as_bytes().to_vec());
        }
        packed(&files)
    });
    write_once("carried-1.zst", || {
        let seat = made.head.seat.seat;
        made.world.write(&mut made.office, Some(seat), &document(REGISTER, "4B week 48"), &["on a stick"]);
        let roll = document(ROLL_AREA, "day 1");
        made.world.write(&mut made.office, None, &roll, &["carried"]);
        let mut file = CarryOut::start(&made.office, Scope::Everything, None, &mut made.world.context());
        let mut carried = Vec::new();
        while let Some(more) = file.next(&made.office).unwrap() {
            carried.extend(more);
        }
        let mut files = as_files(made.hall.store());
        files.insert("carried".to_owned(), carried);
        packed(&files)
    });
    write_once("archive-1.txt", || the_archive().into_bytes());
    write_once("carried-1.txt", || the_carried_file().into_bytes());
}
