//! Visitors to the records: let in for hours, to read what is named, by a clock that ends it.

use crate::support::{Device, Place};

const HOUR_MS: i64 = 3_600_000;

fn invited<'a>(place: &'a Place, invite: &[&str]) -> Device<'a> {
    let office = place.school("office");
    let said = office.run(&[&["people", "invite", "Ines", "Upton"][..], invite].concat()).done().out;
    let words = said.lines().find_map(|line| line.strip_prefix("  ")).unwrap_or_else(|| panic!("{said}")).to_owned();
    office.run(&["activate", &words]).done();
    office
}

fn as_ines<'a>(command: &[&'a str]) -> Vec<&'a str> {
    [command, &["--as", "Upton"]].concat()
}

#[test]
fn an_inspector_let_in_for_four_hours_reads_what_is_named_writes_nothing_and_is_refused_afterwards() {
    let place = Place::new();
    let named = ["--role", "inspector", "--site", "S1", "--area", "register", "--area", "pupil", "--hours", "4"];
    let office = invited(&place, &named);
    let register = office.run(&as_ines(&["register", "4B"])).done().out;
    assert!(register.contains("Byrne, Ada"), "{register}");
    office.run(&as_ines(&["register", "4B", "--mark", "Byrne=/"])).refused(&[]);
    assert_eq!(office.run(&["register", "4B", "--as", "Helen"]).done().out.matches("Not yet marked").count(), 3);
    let rights = office.run(&["roles", "Upton", "--as", "Helen"]).done().out;
    assert!(rights.contains("Inspector") && !rights.contains("Writes Registers"), "{rights}");
    let roles = office.run(&["roles", "--as", "Helen"]).done().out;
    let line = roles.lines().skip_while(|line| !line.contains("Upton")).nth(1).unwrap_or_default();
    assert!(line.contains("Pupils") && !line.contains("Care") && !line.contains("Family"), "{roles}");
    // Somebody sits there, and the time runs out.
    let (running, _) = office.serve_with(&as_ines(&["run", "--sign-in"]));
    drop(running);
    place.later(4 * HOUR_MS);
    let refused = office.run(&as_ines(&["register", "4B"]));
    let refused = refused.refused(&["your time with these records ended", "ask the school for more"]);
    assert_eq!(refused.out, "", "nothing of the school is shown");
    let audit = office.run(&["audit", "--last", "1000", "--as", "Helen"]).done().out;
    assert!(audit.contains("refused Ines Upton: the stated time is over"), "{audit}");
}

#[test]
fn a_visitor_without_an_end_or_with_an_area_that_is_none_of_theirs_is_not_invited() {
    let place = Place::new();
    let office = place.school("office");
    let invite =
        |rest: &[&str]| office.run(&[&["people", "invite", "Ines", "Upton", "--site", "S1"][..], rest].concat());
    invite(&["--role", "inspector", "--area", "register"]).refused(&["say until which day"]);
    invite(&["--role", "authority_officer", "--hours", "2", "--area", "care"])
        .refused(&["care cannot be named for this role: name register, pupil, figures"]);
    invite(&["--role", "inspector", "--hours", "2", "--area", "safeguarding"]).refused(&["cannot be named"]);
    invite(&["--role", "inspector", "--until", "2026-11-20"]).refused(&["that day is over"]);
    let people = office.run(&["people"]).done().out;
    assert!(!people.contains("Upton"), "nobody stands in the directory without a role\n{people}");
}

#[test]
fn an_officer_of_the_authority_takes_the_register_away_and_finds_no_other_record() {
    let place = Place::new();
    let named =
        ["--role", "authority_officer", "--site", "S1", "--area", "register", "--area", "pupil", "--hours", "2"];
    let office = invited(&place, &named);
    let register = office.run(&as_ines(&["register", "4B"])).done().out;
    assert!(register.contains("Byrne, Ada"), "{register}");
    let rights = office.run(&["roles", "Upton", "--as", "Helen"]).done().out;
    for other in ["Care", "Family", "Learning", "On-site lists", "Staff"] {
        assert!(!rights.contains(&format!("Reads {other}")), "{rights}");
    }
    office.run(&as_ines(&["concern", "open", "--about", "Somebody"])).refused(&[]);
}
