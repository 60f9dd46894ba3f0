//! Signing in: what is refused, in words, and what of it is in the audit.

use crate::support::{Place, activate, enrol};

#[test]
fn a_wrong_passphrase_is_refused_in_words_and_the_audit_tells_of_it() {
    let place = Place::new();
    let office = place.school("office");
    let audit = office.audit();
    assert!(!audit.contains("wrong passphrase"), "{audit}");
    let said = office.run_with(Some("not at all the one"), &["register", "4B", "--mark", "Byrne=/"]);
    let said = said.refused(&["that is not the passphrase of this person: try again"]);
    assert!(said.err.contains("the fire register still opens"), "{said}");
    assert_eq!(said.out, "", "nothing of the school is shown");
    let audit = office.audit();
    assert_eq!(audit.matches("met a wrong passphrase for Helen Marsh").count(), 1, "{audit}");
    assert!(audit.contains("Helen Marsh signed in"), "{audit}");
    assert_eq!(office.register()[0], "Byrne, Ada Not yet marked", "and nothing was marked");
    let fire = office.run_with(None, &["fire"]).done();
    assert!(fire.out.contains("Byrne, Ada"), "{fire}");
    office.run_with(None, &["register", "4B"]).refused(&["a passphrase is needed"]);
}

#[test]
fn one_time_words_work_once_and_only_as_they_were_given() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    office.run(&["register", "4B", "--mark", "Byrne=I"]).done();
    hall.run(&["register", "4B", "--as", "Priya"]).refused(&["nobody of that name can sign in on this device"]);
    hall.run(&["activate", "these", "are", "not", "six", "of", "zzzz"]).refused(&["word is none that Muster uses"]);
    let others = "abandon ability able about above absent";
    hall.run(&["activate", others]).refused(&["words"]);
    activate(&office, &hall, "T1");
    assert!(hall.register()[0].starts_with("Byrne, Ada I"), "and what was there before them can be read");
    // They have been used; the deputy has keys now.
    let (_running, address) = office.serve();
    hall.run(&["sync", &address]).done();
    drop(_running);
    office.run(&["words", "T1"]).refused(&["has signed in before"]);
    office.run(&["words", "Nobody"]).refused(&["no member of staff has that code or name"]);
}

#[test]
fn a_mark_that_cannot_be_right_is_refused_and_nothing_is_marked() {
    let place = Place::new();
    let office = place.school("office");
    let wrong = [
        ("Byrne=QQ", "QQ"),
        ("Byrne", "NAME=CODE"),
        ("Nobody=/", "nobody in this group has Nobody in their name"),
        ("a=/", "3 pupils of this group have a in their name"),
        ("Byrne=L:soon", "“soon” is not a number of minutes"),
    ];
    for (mark, words) in wrong {
        office.run(&["register", "4B", "--mark", "Kaur=/", "--mark", mark]).refused(&[words]);
    }
    office.run(&["register", "5C"]).refused(&["no group is called 5C"]);
    office.run(&["register", "4B", "--day", "2026-02-30"]).refused(&["2026-02-30"]);
    office.run(&["register", "4B", "--session", "noon"]).refused(&["a session is am or pm, not noon"]);
    let register = office.register();
    assert!(register.iter().all(|line| line.ends_with("Not yet marked")), "{register:?}");
}

#[test]
fn the_central_list_of_accounts_says_who_was_activated_when_where_and_by_whom_and_shows_no_secret() {
    let place = Place::new();
    let office = place.school("office");
    let list = office.run(&["people"]).done().out;
    assert!(list.contains("1 active") && list.contains("1 not invited"), "{list}");
    let words = office.run(&["words", "T1"]).done().out;
    let words = words.lines().find(|line| line.split('-').count() == 6).unwrap().trim().to_owned();
    let list = office.run(&["people"]).done().out;
    assert!(list.contains("1 invited") && !list.contains(&words), "{list}");
    office.run(&["activate", &words]).done();
    let one = office.run(&["people", "T1", "--as", "Helen"]).done().out;
    assert!(one.contains("State: Active") && one.contains("with words from Helen Marsh"), "{one}");
    assert!(one.contains("Has signed in on: ") && one.contains("Last sign-in: 09:00"), "{one}");
    let all = office.run(&["people", "--as", "Helen"]).done().out;
    assert!(!all.contains(&words) && !all.contains(crate::support::PASSPHRASE), "{all}");
}

#[test]
fn who_can_read_and_write_what_is_said_by_person_and_by_area() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["words", "T1"]).done();
    let all = office.run(&["roles"]).done().out;
    assert!(all.contains("2 people have rights. 1 of them reads safeguarding files."), "{all}");
    let one = office.run(&["roles", "T1"]).done().out;
    assert!(one.contains("Given by Helen Marsh today at 09:00. No end is set."), "{one}");
    let area = office.run(&["roles", "Safeguarding"]).done().out;
    assert!(area.contains("Only the head and the safeguarding lead let anybody in."), "{area}");
    office.run(&["roles", "Nobody"]).refused(&["no member of staff has that code or name"]);
}
