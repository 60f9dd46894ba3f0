//! Signing in on any device of one's sites, another passphrase, and a way back for whoever lost theirs.

use crate::support::{Device, PASSPHRASE, Place, Said, activate, enrol, enrol_tablet};

const ANOTHER: &str = "lantern gravel otter mostly violin";

/// Meets until nothing more is owed: what one meeting brings may be passed on in the next.
fn meet(office: &Device<'_>, other: &Device<'_>) {
    let (_running, address) = office.serve();
    other.run(&["sync", &address]).done();
    other.run(&["sync", &address]).done();
}

fn change(device: &Device<'_>, old: &str, new: &str) -> Said {
    let mut command = device.command(&["passphrase", "--as", "Priya"]);
    command.env("MUSTER_PASSPHRASE", old).env("MUSTER_NEW_PASSPHRASE", new);
    device.begin_this(command, &["passphrase"]).end()
}

fn words_in(said: &Said) -> String {
    said.out.lines().find_map(|line| line.strip_prefix("  ")).unwrap_or_else(|| panic!("{said}")).to_owned()
}

const REGISTER: [&str; 4] = ["register", "4B", "--as", "Priya"];

#[test]
fn somebody_signs_in_on_a_device_where_they_never_were_and_on_none_that_is_not_for_them() {
    let place = Place::new();
    let (office, hall, tablet) = (place.school("office"), place.device("hall"), place.device("tablet"));
    enrol(&office, &hall);
    activate(&office, &hall, "T1");
    office.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    enrol_tablet(&office, &tablet);
    meet(&office, &hall);
    let shown = office.run(&REGISTER).done().out;
    assert!(shown.contains("Byrne, Ada"), "the deputy never typed words here\n{shown}");
    meet(&office, &tablet);
    tablet.run(&REGISTER).refused(&["nobody of that name can sign in on this device", "leads and heads"]);
    assert!(tablet.run(&["fire"]).done().out.contains("Byrne, Ada"), "the fire register opens all the same");
}

#[test]
fn a_changed_passphrase_is_the_one_on_the_other_device_once_they_have_met() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    activate(&office, &hall, "T1");
    meet(&office, &hall);
    change(&hall, "not at all the one", ANOTHER).refused(&["that passphrase does not open"]);
    change(&hall, PASSPHRASE, "Short1!").refused(&["at least 8 characters"]);
    change(&hall, PASSPHRASE, "Harbour-Primary-Blackthorne-Priya").refused(&["could be guessed"]);
    let said = change(&hall, PASSPHRASE, ANOTHER).done();
    assert!(!said.out.contains("lantern") && !said.err.contains("lantern"), "{said}");
    hall.run_with(Some(ANOTHER), &REGISTER).done();
    office.run(&REGISTER).done();
    meet(&office, &hall);
    office.run(&REGISTER).refused(&["that passphrase does not open"]);
    office.run_with(Some(ANOTHER), &REGISTER).done();
    let audit = office.run(&["audit", "--last", "1000", "--as", "Helen"]).done().out;
    assert!(audit.contains("changed their passphrase"), "{audit}");
}

#[test]
fn whoever_lost_their_passphrase_comes_back_by_words_and_the_old_one_opens_nothing_anywhere() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    activate(&office, &hall, "T1");
    hall.run(&["register", "4B", "--mark", "Byrne=L:12"]).done();
    meet(&office, &hall);
    office.run(&["people", "reset", "Helen", "--as", "Helen"]).refused(&["these are your own keys"]);
    office
        .run(&["people", "reset", "Helen", "--as", "Priya"])
        .refused(&["your role may not take away and give again", "ask"]);
    let said = office.run(&["people", "reset", "T1", "--as", "Helen"]).done();
    // Read over the telephone; the hall hears of them when it next meets a device.
    hall.run(&REGISTER).done();
    meet(&office, &hall);
    hall.run(&REGISTER).refused(&["nobody of that name can sign in on this device"]);
    hall.run_with(Some(ANOTHER), &["activate", &words_in(&said)]).done();
    let shown = hall.run_with(Some(ANOTHER), &REGISTER).done().out;
    assert!(shown.contains("Byrne, Ada") && shown.contains("L"), "{shown}");
    meet(&office, &hall);
    meet(&office, &hall);
    office.run_with(Some(ANOTHER), &REGISTER).done();
    office.run(&REGISTER).refused(&["that passphrase does not open"]);
    let audit = office.run(&["audit", "--last", "1000", "--as", "Helen"]).done().out;
    assert!(audit.contains("ended the sign-in of Priya Blackthorne, to be made anew"), "{audit}");
}
