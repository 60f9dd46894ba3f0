//! School hours: leave given beforehand and recorded, and what is open at any time.

use crate::support::{Device, PASSPHRASE, Place};

/// From nine in the morning, the time of the first command, to eight in the evening.
const TO_EVENING_MS: i64 = 11 * 3_600_000;

/// A school whose deputy, Priya Blackthorne, signs in on the office's device too.
fn with_deputy(place: &Place) -> Device<'_> {
    let office = place.school("office");
    let said = office.run(&["words", "T1"]).done();
    let words = said.out.lines().find_map(|line| line.strip_prefix("  ")).unwrap().to_owned();
    office.run(&["activate", &words]).done();
    office
}

fn as_priya<'a>(command: &[&'a str]) -> Vec<&'a str> {
    [command, &["--as", "Priya"]].concat()
}

fn as_head<'a>(command: &[&'a str]) -> Vec<&'a str> {
    [command, &["--as", "Helen"]].concat()
}

#[test]
fn a_new_school_has_no_hours_and_nobody_is_kept_out_on_its_first_evening() {
    let place = Place::new();
    let office = with_deputy(&place);
    place.later(TO_EVENING_MS);
    office.run(&as_priya(&["register", "4B"])).done();
}

#[test]
fn outside_hours_a_sign_in_is_refused_politely_and_the_fire_register_opens_all_the_same() {
    let place = Place::new();
    let office = with_deputy(&place);
    office.run(&as_head(&["leave", "hours"])).done();
    office.run(&as_priya(&["register", "4B"])).done();
    place.later(TO_EVENING_MS);
    let refused = office.run(&as_priya(&["register", "4B"]));
    let refused = refused.refused(&["outside school hours", "leave that a senior leader gave beforehand"]);
    assert_eq!(refused.out, "", "nothing of the school is shown");
    let fire = office.run_with(None, &["fire"]).done();
    assert!(fire.out.contains("Byrne, Ada"), "{fire}");
    let audit = office.run(&as_head(&["audit"])).done().out;
    assert!(audit.contains("Priya Blackthorne was not let in: outside school hours, without leave"), "{audit}");
    assert!(audit.contains("Helen Marsh signed in outside school hours, as one who gives leave"), "{audit}");
}

#[test]
fn leave_given_beforehand_lets_its_owner_in_and_is_in_the_audit_with_its_reason() {
    let place = Place::new();
    let office = with_deputy(&place);
    office.run(&as_head(&["leave", "hours"])).done();
    let times = ["--from", "2026-11-23T18:30", "--to", "2026-11-23T22:00", "--why", "Trip to the coast"];
    let give = [&["leave", "give", "T1"][..], &times].concat();
    office.run(&as_priya(&give)).refused(&["are for a senior leader to set and give"]);
    office.run(&as_head(&give)).done();
    place.later(TO_EVENING_MS);
    office.run(&as_priya(&["register", "4B"])).done();
    let audit = office.run(&as_head(&["audit"])).done().out;
    assert!(audit.contains("Helen Marsh gave leave outside hours to Priya Blackthorne"), "{audit}");
    assert!(audit.contains("22:00: Trip to the coast"), "{audit}");
    assert!(audit.contains("Priya Blackthorne signed in outside school hours, by leave"), "{audit}");
    let listed = office.run(&as_head(&["leave", "list"])).done().out;
    let name = listed.split(' ').next().unwrap();
    office.run(&as_head(&["leave", "back", name])).done();
    office.run(&as_priya(&["register", "4B"])).refused(&["outside school hours"]);
}

#[test]
fn a_wrong_passphrase_outside_hours_says_nothing_of_hours() {
    let place = Place::new();
    let office = with_deputy(&place);
    office.run(&as_head(&["leave", "hours"])).done();
    place.later(TO_EVENING_MS);
    assert_ne!(PASSPHRASE, "not at all the one");
    let said = office.run_with(Some("not at all the one"), &as_priya(&["register", "4B"]));
    assert!(!said.refused(&["that is not the passphrase"]).err.contains("hours"));
}

#[test]
fn leave_that_comes_again_every_tuesday_is_given_once_and_listed_with_its_days() {
    let place = Place::new();
    let office = with_deputy(&place);
    office.run(&as_head(&["leave", "hours"])).done();
    let times = ["--from", "2026-11-24T18:30", "--to", "2026-11-24T21:00", "--why", "Chess club"];
    let again = ["--again", "tue", "--until", "2026-12-18"];
    office.run(&as_head(&[&["leave", "give", "T1"][..], &times, &["--again", "tue"]].concat())).ended(2, &["--until"]);
    office.run(&as_head(&[&["leave", "give", "T1"][..], &times, &again].concat())).done();
    let listed = office.run(&as_head(&["leave", "list"])).done().out;
    assert!(
        listed.contains("and again on Tuesdays until Friday 18 December  Priya Blackthorne: Chess club"),
        "{listed}"
    );
    place.wait_days(8);
    place.later(TO_EVENING_MS - 3_600_000);
    office.run(&as_priya(&["register", "4B"])).done();
    place.wait_days(1);
    office.run(&as_priya(&["register", "4B"])).refused(&["outside school hours"]);
}
