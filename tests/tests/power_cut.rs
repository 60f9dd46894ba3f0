//! The process is killed, at any moment, as by a power cut: what it had acknowledged is there afterwards.

#![allow(clippy::unwrap_used)]

use muster_core::id::EntryHash;
use muster_storage::RedbStore;
use muster_tests::power_cut::Writer;
use rand::RngExt as _;
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Times that the process is killed. `MUSTER_KILLS=500` asks for more.
const ROUNDS: u32 = 20;

/// Runs the writer, kills it so long after it is ready, and gives the entries it acknowledged.
fn killed_after(folder: &Path, wait: Duration) -> Vec<EntryHash> {
    let mut writer = Command::new(env!("CARGO_BIN_EXE_writer")).arg(folder).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(writer.stdout.take().unwrap());
    let mut first = String::new();
    lines.read_line(&mut first).unwrap();
    assert_eq!(first, "open\n", "the writer could not open its records");
    let reader = std::thread::spawn(move || {
        let mut acknowledged = Vec::new();
        let mut line = String::new();
        // A line without its end was cut in two with the process: nobody was told.
        while lines.read_line(&mut line).unwrap_or(0) > 0 && line.ends_with('\n') {
            acknowledged.push(EntryHash::from_hex(line.trim()).unwrap());
            line.clear();
        }
        acknowledged
    });
    std::thread::sleep(wait);
    // On Unix this is SIGKILL: nothing of the process runs any more.
    writer.kill().unwrap();
    writer.wait().unwrap();
    reader.join().unwrap()
}

#[test]
fn a_device_killed_again_and_again_while_it_writes_has_every_mark_that_it_acknowledged() {
    let rounds = std::env::var("MUSTER_KILLS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("office");
    std::fs::create_dir(&folder).unwrap();
    let mut random = rand::rng();
    let mut acknowledged = BTreeSet::new();
    let mut rows = 0;
    for round in 1..=rounds {
        let wait = Duration::from_micros(random.random_range(0..400_000));
        let new = killed_after(&folder, wait);
        acknowledged.extend(new.iter().copied());
        let told = format!("round {round}, killed {wait:?} after it opened, {} entries acknowledged", new.len());
        RedbStore::check(&folder).unwrap_or_else(|error| panic!("{told}: {error}"));
        let mut device = Writer::open(&folder);
        let held = device.entries();
        let lost = acknowledged.difference(&held).count();
        assert_eq!(lost, 0, "{told}: {lost} of {} acknowledged entries are lost", acknowledged.len());
        assert!(device.rows() >= rows, "{told}: the log is shorter than it was");
        rows = device.rows();
        assert_eq!(device.findings(), Vec::<String>::new(), "{told}");
        assert_eq!(device.entries_anew(), held, "{told}: worked out anew it reads otherwise");
    }
    assert!(!acknowledged.is_empty(), "the writer wrote nothing");
    println!("{rounds} kills, {} entries acknowledged, 0 lost, {rows} rows", acknowledged.len());
}
