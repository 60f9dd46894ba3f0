//! A machine that is always on and reads nothing: what it keeps, passes on and is worth.

use crate::support::{Place, as_text, code_of, enrol};
use std::fs;

#[test]
fn a_store_that_reads_nothing_passes_on_what_it_keeps_and_the_school_is_rebuilt_from_it() {
    let place = Place::new();
    let (office, hall, store) = (place.school("office"), place.device("hall"), place.device("store"));
    enrol(&office, &hall);
    let invitation = office.begin(&["invite", "--yes", "--kind", "blind"]);
    store.run(&["join", &code_of(&invitation), "--device", "Off-site store"]).done();
    invitation.end().done();
    // The hall hears of the store; then the office and the hall never meet again.
    let (running, address) = office.serve();
    hall.run(&["sync", &address]).done();
    drop(running);
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
    let entries = |device: &crate::support::Device<'_>| device.entries();
    assert!(entries(&hall) >= entries(&office) - 1, "the hall has what the office wrote, by way of the store");
    // Both burn down.
    let register = office.register();
    fs::remove_dir_all(office.folder()).unwrap();
    fs::remove_dir_all(hall.folder()).unwrap();
    let new = place.device("new");
    let (one, two) = (place.card("office", 1), place.card("office", 2));
    new.run(&["rebuild", "--from", as_text(store.folder()), "--card", as_text(&one), "--card", as_text(&two)]).done();
    assert_eq!(new.register(), register, "the registers are as they were");
}

#[test]
fn a_device_that_may_read_does_not_serve_as_a_blind_one() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["serve", "--blind"]).refused(&["muster invite --kind blind"]);
}
