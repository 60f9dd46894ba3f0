//! Signing in on any device of one's sites, another passphrase, and a way back for whoever lost theirs.

use crate::support::{Device, PASSPHRASE, Place, Said, activate, as_text, enrol, enrol_tablet, squeezed};

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
    change(&hall, "not at all the one", ANOTHER).refused(&["that is not the passphrase"]);
    change(&hall, PASSPHRASE, "Short1!").refused(&["at least 8 characters"]);
    change(&hall, PASSPHRASE, "Harbour-Primary-Blackthorne-Priya").refused(&["could be guessed"]);
    let said = change(&hall, PASSPHRASE, ANOTHER).done();
    assert!(!said.out.contains("lantern") && !said.err.contains("lantern"), "{said}");
    hall.run_with(Some(ANOTHER), &REGISTER).done();
    office.run(&REGISTER).done();
    meet(&office, &hall);
    office.run(&REGISTER).refused(&["that is not the passphrase"]);
    office.run_with(Some(ANOTHER), &REGISTER).done();
    let audit = office.run(&["audit", "--last", "1000", "--as", "Helen"]).done().out;
    assert!(audit.contains("changed their passphrase"), "{audit}");
}

/// A teacher of the site, let in by the head, who works on the second device.
fn teacher(office: &Device<'_>, on: &Device<'_>) {
    let invite = ["people", "invite", "Tom", "Reid", "--role", "core_staff", "--site", "S1"];
    let words = words_in(&office.run(&invite).done());
    meet(office, on);
    on.run(&["activate", &words]).done();
    meet(office, on);
}

const TOMS: [&str; 4] = ["register", "4B", "--as", "Tom"];

#[test]
fn with_the_office_away_the_site_lead_lets_a_teacher_back_who_forgot_their_passphrase() {
    let place = Place::new();
    let (office, laptop, tablet) = (place.school("office"), place.device("laptop"), place.device("tablet"));
    enrol(&office, &laptop);
    enrol_tablet(&office, &tablet);
    activate(&office, &laptop, "T1");
    teacher(&office, &tablet);
    tablet.run(&["register", "4B", "--as", "Tom", "--mark", "Byrne=L:12"]).done();
    meet(&office, &tablet);
    meet(&office, &laptop);

    // From here on nobody reaches the office. The deputy leads the site.
    tablet.run(&["people", "reset", "Tom", "--as", "Tom"]).refused(&["these are your own keys"]);
    let words = words_in(&laptop.run(&["people", "reset", "Tom", "--as", "Priya"]).done());
    let early = tablet.run_with(Some(ANOTHER), &["activate", &words]);
    early.refused(&["this device may not have heard of them yet", "let it meet the device that made them"]);
    meet(&laptop, &tablet);
    tablet.run(&TOMS).refused(&["nobody of that name can sign in on this device"]);
    tablet.run_with(Some(ANOTHER), &["activate", &words]).done();
    let shown = tablet.run_with(Some(ANOTHER), &TOMS).done().out;
    assert!(squeezed(&shown).contains("Byrne, Ada L"), "what they wrote before\n{shown}");
    tablet.run_with(Some(ANOTHER), &["register", "4B", "--as", "Tom", "--mark", "Kaur=/"]).done();

    // The office comes back, and finds all of it.
    meet(&office, &tablet);
    meet(&office, &tablet);
    let register = office.register();
    assert!(register[0].starts_with("Byrne, Ada L") && register[1].starts_with("Kaur, Zoe /"), "{register:?}");
    let audit = office.run(&["audit", "--last", "1000", "--as", "Helen"]).done().out;
    assert!(audit.contains("Priya Blackthorne ended the sign-in of Tom Reid, to be made anew"), "{audit}");
    office.run(&TOMS).refused(&["that is not the passphrase"]);
    office.run_with(Some(ANOTHER), &TOMS).done();
}

#[test]
fn an_office_that_no_network_reaches_sends_a_file_and_reads_the_words_over_the_telephone() {
    let place = Place::new();
    let (office, tablet) = (place.school("office"), place.device("tablet"));
    enrol_tablet(&office, &tablet);
    teacher(&office, &tablet);
    let said = office.run(&["people", "reset", "Tom", "--as", "Helen"]).done();
    assert!(said.out.contains("muster carry out"), "it says how it gets there\n{said}");
    // As an e-mail's attachment: it opens on devices of this school alone. At the tablet nobody is signed in.
    let file = place.path("for-the-site.carry");
    office.run(&["carry", "out", as_text(&file)]).done();
    tablet.run_with(None, &["carry", "in", as_text(&file)]).done();
    tablet.run(&TOMS).refused(&["nobody of that name can sign in on this device"]);
    tablet.run_with(Some(ANOTHER), &["activate", &words_in(&said)]).done();
    tablet.run_with(Some(ANOTHER), &TOMS).done();
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
    office.run(&REGISTER).refused(&["that is not the passphrase"]);
    let audit = office.run(&["audit", "--last", "1000", "--as", "Helen"]).done().out;
    assert!(audit.contains("ended the sign-in of Priya Blackthorne, to be made anew"), "{audit}");
}

#[test]
fn a_command_is_one_line_of_the_audit_that_names_it_and_nobody_is_left_signed_in_by_it() {
    let place = Place::new();
    let office = place.school("office");
    let before = office.audit();
    office.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    office.run(&["duties"]).done();
    let open = ["concern", "open", "--about", "The corridor", "--category", "Neglect"];
    office.run(&open);
    let audit = office.audit();
    let new: Vec<&str> = audit.lines().filter(|line| line.contains("signed ")).collect();
    let old = before.lines().filter(|line| line.contains("signed ")).count();
    let of = |words: &str| new.iter().filter(|line| line.contains(&format!("{words} ("))).count();
    assert_eq!(of("signed in for one command: muster register"), 1, "{audit}");
    assert_eq!(of("signed in for one command: muster duties"), 1, "{audit}");
    assert!(!audit.contains("muster concern"), "who opens a concern is not for everybody who reads this\n{audit}");
    assert!(of("signed out") <= 1, "no command has a line for its end\n{audit}");
    assert!(new.len() <= old + 4, "one line a command: {new:?}");
}
