//! A machine that is always on and reads nothing: what it keeps, passes on and is worth.

use crate::support::{Device, Place, as_text, code_of, enrol};
use std::fs;

/// An office, a hall and an off-site store of one school. The hall has heard of the store.
fn with_a_store(place: &Place) -> [Device<'_>; 3] {
    let (office, hall, store) = (place.school("office"), place.device("hall"), place.device("store"));
    enrol(&office, &hall);
    let invitation = office.begin(&["invite", "--yes", "--kind", "blind"]);
    store.run(&["join", &code_of(&invitation), "--device", "Off-site store"]).done();
    invitation.end().done();
    {
        let (_running, address) = office.serve();
        hall.run(&["sync", &address]).done();
    }
    [office, hall, store]
}

#[test]
fn a_store_that_reads_nothing_passes_on_what_it_keeps_and_the_school_is_rebuilt_from_it() {
    let place = Place::new();
    // The office and the hall never meet again.
    let [office, hall, store] = with_a_store(&place);
    office.run(&["register", "4B", "--mark", "Byrne=L:12"]).done();
    let (mut serving, address) = store.serve_with(&["serve", "--blind"]);
    office.run(&["sync", &address]).done();
    hall.run(&["sync", &address]).done();
    assert!(serving.is_running());
    // Asked to stop, as by the end of a service.
    let said = serving.asked_to_stop().done();
    assert!(said.out.contains("Stopped. Kept: "), "{said}");
    assert!(!store.folder().join("check-owed").exists(), "it ended as after a day's work");
    store.run(&["register", "4B"]).refused(&["nobody's keys have reached this device yet"]);
    let entries = |device: &Device<'_>| device.entries();
    assert!(entries(&hall) >= entries(&office) - 1, "the hall has what the office wrote, by way of the store");
    // What it cannot read it can still hold against every hash and seal.
    let whole = store.run(&["verify"]).done();
    assert!(whole.out.contains("whole"), "{whole}");
    // Both burn down.
    let register = office.register();
    fs::remove_dir_all(office.folder()).unwrap();
    fs::remove_dir_all(hall.folder()).unwrap();
    let new = place.device("new");
    let (one, two) = (place.card("office", 1), place.card("office", 2));
    new.run(&["rebuild", "--from", as_text(store.folder()), "--card", as_text(&one), "--card", as_text(&two)]).done();
    assert_eq!(new.register(), register, "the registers are as they were");
    let whole = new.run(&["verify"]).done();
    assert!(whole.out.contains("whole"), "{whole}");
}

#[test]
fn systemd_takes_the_unit_of_the_off_site_store_and_the_program_the_command_in_it() {
    let unit = include_str!("../../docs/muster-blind.service");
    let place = Place::new();
    let path = place.path("muster-blind.service");
    fs::write(&path, unit.replace("/usr/local/bin/muster", env!("CARGO_BIN_EXE_muster"))).unwrap();
    match std::process::Command::new("systemd-analyze").arg("verify").arg(&path).output() {
        Ok(ran) => {
            let said = String::from_utf8_lossy(&ran.stderr);
            assert!(ran.status.success() && !said.contains("muster-blind"), "{said}");
        }
        Err(error) => println!("skipped: systemd’s own check of the unit, because it cannot be run here: {error}"),
    }
    // Every word of its command is one of the program's, and it stops for want of a school.
    let command = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
    let nowhere = place.path("no-school");
    let words = command.split(' ').skip(1);
    let words: Vec<&str> =
        words.map(|word| if word == "/var/lib/muster/school" { as_text(&nowhere) } else { word }).collect();
    assert!(words.contains(&as_text(&nowhere)) && words.ends_with(&["serve", "--blind"]), "{command}");
    let ran = place.command(&words).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(1), "it is refused, and not for its words: {said}");
    assert!(said.contains("there is no school on this device yet"), "{said}");
}

#[test]
fn a_device_that_may_read_does_not_serve_as_a_blind_one() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["serve", "--blind"]).refused(&["muster invite --kind blind"]);
}

/// Meetings with a store: two devices, once each a round. `MUSTER_MEETINGS=2000` asks for more.
const MEETINGS: usize = 60;

#[test]
#[ignore = "a soak of minutes to hours: cargo test --workspace --test program -- --ignored --nocapture soak"]
fn soak_a_store_that_is_met_again_and_again_takes_no_more_memory_than_it_did() {
    let rounds = std::env::var("MUSTER_MEETINGS").ok().and_then(|text| text.parse().ok()).unwrap_or(MEETINGS) / 2;
    let place = Place::new();
    let [office, hall, store] = with_a_store(&place);
    let (mut serving, address) = store.serve_with(&["serve", "--blind"]);
    let mut took = Vec::new();
    for round in 0..rounds {
        let mark = ["Byrne=L:12", "Byrne=/", "Byrne=I"][round % 3];
        office.run(&["register", "4B", "--mark", mark]).done();
        office.run(&["sync", &address]).done();
        hall.run(&["sync", &address]).done();
        assert!(serving.is_running());
        took.push(serving.memory_kib().expect("Linux says what a process takes up"));
    }
    let median = |part: &[u64]| {
        let mut part = part.to_vec();
        part.sort_unstable();
        part.get(part.len() / 2).copied().unwrap_or(0)
    };
    let third = took.len() / 3;
    let (middle, last) = (median(&took[third..2 * third]), median(&took[2 * third..]));
    println!("{} meetings: first {} KiB, middle third {middle}, last third {last}", 2 * rounds, took[0]);
    assert!(last <= middle + middle / 20, "it grows: {took:?}");
}
