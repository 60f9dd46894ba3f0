//! Two devices that never meet by a network, and a stick between them.

use crate::support::roll_call::{MARSHAL, calls, shows};
use crate::support::{Place, activate, as_text, enrol};
use muster_school::facts::roll_call::Statement;
use muster_school::fire::call::Standing;
use std::fs;
use std::path::Path;

fn carried(stick: &Path) -> Vec<String> {
    let names = fs::read_dir(stick).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn two_devices_take_a_roll_call_each_and_a_stick_carried_both_ways_makes_one_of_it() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    let stick = place.folder("stick", &[]);
    let (to, from) = (as_text(&stick), as_text(&stick));

    // The call begins at the office, and one file takes it to the hall before each goes on alone.
    let key = calls(&office, place.next_ms(), &[]);
    office.run_with(None, &["carry", "out", to]).done();
    hall.run_with(None, &["carry", "in", from]).done();
    place.later(60_000);
    calls(&office, place.next_ms(), &[("Byrne", Statement::Found), ("Kaur", Statement::NotFound)]);
    calls(&hall, place.next_ms(), &[("Kaur", Statement::Found), ("Patel", Statement::Found)]);
    let (apart_here, apart_there) = (shows(&office, place.next_ms(), key), shows(&hall, place.next_ms(), key));
    assert_ne!(apart_here.1, apart_there.1, "two screens show that they do not agree");

    // With nobody signed in: a locked tablet carries, too.
    let said = hall.run_with(None, &["carry", "out", to]).done();
    assert!(said.out.contains("changes written. It opens only on devices of this school."), "{said}");
    let said = office.run_with(None, &["carry", "in", from]).done();
    assert!(said.out.contains(" changes of 1 device came in, 0 refused."), "{said}");
    office.run_with(None, &["carry", "out", to]).done();
    hall.run_with(None, &["carry", "in", from]).done();
    let (here, there) = (shows(&office, place.next_ms(), key), shows(&hall, place.next_ms(), key));
    assert_eq!(here, there, "the same list and the same code on both");
    let standing = |name: &str| here.0.iter().find(|(known, _)| known == name).unwrap().1;
    assert_eq!(standing("Kaur"), Standing::Check, "found by one and not by the other");
    assert_eq!((standing("Byrne"), standing("Patel")), (Standing::Found, Standing::Found));
    assert_eq!(here.0[0].0, "Kaur", "and first");

    let again = office.run_with(None, &["carry", "in", from]).done();
    assert!(again.out.contains("0 changes of 0 devices came in, 0 refused."), "{again}");
    let names = carried(&stick);
    assert_eq!(names.len(), 2, "one file a device, and nothing half written: {names:?}");
    for name in &names {
        let bytes = fs::read(stick.join(name)).unwrap();
        for word in ["Byrne", "Kaur", "Patel", "Helen", "Marsh", MARSHAL, "Harbour", "Playground"] {
            assert!(!name.contains(word) && !bytes.windows(word.len()).any(|part| part == word.as_bytes()), "{word}");
        }
    }
    // They have nothing more to say to each other.
    let (_running, address) = office.serve();
    let met = hall.run(&["sync", &address]).done();
    assert!(met.out.contains(": 0 new entries here"), "{met}");
}

#[test]
fn marks_made_apart_go_by_hand_only_as_far_as_they_are_missing() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    activate(&office, &hall, "T1");
    office.run(&["register", "4B", "--mark", "Byrne=N"]).done();
    hall.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    hall.run(&["register", "4B", "--mark", "Patel=L:12"]).done();
    let (there, back) = (place.path("from-hall.carry"), place.path("for-hall.carry"));
    hall.run(&["carry", "out", as_text(&there), "--all"]).done();
    office.run(&["carry", "out", as_text(&back), "--all", "--for", as_text(&there)]).done();
    let all = place.path("all.carry");
    office.run(&["carry", "out", as_text(&all), "--all"]).done();
    let size = |path: &Path| fs::metadata(path).unwrap().len();
    assert!(size(&back) * 2 < size(&all), "{} of {}", size(&back), size(&all));
    office.run(&["carry", "in", as_text(&there)]).done();
    hall.run(&["carry", "in", as_text(&back)]).done();
    let (here, there) = (office.register(), hall.register());
    assert_eq!(here, there);
    assert!(here[0].contains("two marks differ: ") && here[2].starts_with("Patel, Noah L Late"), "{here:?}");
    assert_eq!(office.run_with(None, &["fire"]).done().out, hall.run_with(None, &["fire"]).done().out);
}

#[test]
fn a_file_that_is_shortened_damaged_of_another_school_or_no_file_at_all_is_said_in_words() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    let file = place.path("office.carry");
    office.run(&["carry", "out", as_text(&file)]).done();
    let good = fs::read(&file).unwrap();
    let before = hall.entries();
    let spoilt = place.folder("spoilt", &[("cut.carry", &good[..good.len() / 2]), ("none.carry", b"a letter")]);
    let mut flipped = good.clone();
    flipped[good.len() / 3] ^= 1;
    fs::write(spoilt.join("flipped.carry"), &flipped).unwrap();
    let cut = hall.run_with(None, &["carry", "in", as_text(&spoilt.join("cut.carry"))]);
    cut.ended(2, &["The file is cut short: what was whole was taken."]);
    hall.run_with(None, &["carry", "in", as_text(&spoilt)])
        .ended(2, &["is damaged: what was whole", "is cut short", "Nothing in it was written by Muster"]);
    assert!(hall.entries() >= before);
    hall.run(&["carry", "in", as_text(&file)]).done();
    hall.run(&["verify"]).done();

    let other = place.founded("other");
    other.run(&["carry", "in", as_text(&file)]).refused(&["a device of another school: nothing of it was taken"]);
    office.run(&["carry", "in", as_text(&place.path("nowhere"))]).refused(&["cannot be read: is the stick still in?"]);
    let empty = place.folder("empty", &[]);
    office.run(&["carry", "in", as_text(&empty)]).refused(&["holds no file from another device"]);
    office
        .run(&["carry", "out", as_text(&place.path("nowhere/file.carry"))])
        .refused(&["cannot be written: is there room"]);
    let (_running, _) = office.serve();
    office
        .run(&["carry", "out", as_text(&file)])
        .refused(&["Muster is open on this device: close it, carry, and open it again"]);
    assert_eq!(fs::read(&file).unwrap(), good, "the file from before is as it was");
}
