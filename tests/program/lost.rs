//! A lost tablet: one act, what it lists, what the tablet does when it hears, and what becomes of its work.

use crate::support::{Authenticator, Place, activate, as_text, copied, enrol};

#[test]
fn a_lost_tablet_is_held_back_in_one_act_wipes_itself_on_contact_and_its_work_is_adopted() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    activate(&office, &hall, "T1");
    // A restore has put an earlier state aside, with the tablet's keys in it.
    let aside = hall.folder().with_file_name("hall.before-restore-2026-11-23-0900");
    copied(hall.folder(), &aside);
    let listed = office.run(&["devices"]).done();
    assert!(listed.out.starts_with("Hall tablet: fine, last heard from "), "{listed}");
    assert!(
        listed.out.contains("Leaders’ laptop, of every site.") && listed.out.contains(" by Helen Marsh."),
        "{listed}"
    );

    // Written alone, and then the tablet is left on a bus.
    hall.run(&["register", "4B", "--mark", "Byrne=L:12"]).done();
    let wrong = office.run(&["devices", "lost", "hall"]);
    let wrong = wrong.refused(&["that is not its name: nothing was done"]);
    assert!(wrong.out.contains("Priya Blackthorne"), "it says who signed in there before it asks\n{wrong}");
    let lost = office.run(&["devices", "lost", "hall", "--yes"]).done();
    for words in [
        "On-site lists, Harbour; 2026/27: 1 record",
        "Pupils, Harbour: 3 records, known to have all of it",
        "Who signed in on it\n  Priya Blackthorne",
        "With nobody signed in: the on-site lists of",
        "All that Helen Marsh and Priya Blackthorne could read until now",
        "Hall tablet is held back.",
        "It reads nothing that is written once Helen Marsh and Priya Blackthorne have signed in on another device.",
    ] {
        assert!(lost.out.contains(words), "{words}\n{lost}");
    }
    let listed = office.run(&["devices"]).done();
    assert!(listed.out.starts_with("Hall tablet: held back"), "{listed}");

    // Not having heard, it goes on; once it has heard, nothing opens there, not even the fire list.
    assert!(hall.run(&["fire"]).done().out.contains("Byrne, Ada"));
    {
        let (_running, address) = office.serve();
        hall.run(&["sync", &address]).refused(&["reported lost"]);
    }
    hall.run(&["register", "4B"]).refused(&["reported lost", "Bring it back", "the fire list are gone"]);
    hall.run(&["fire"]).refused(&["no fire list"]);
    assert!(!aside.exists(), "what was put aside went with it");
    let left: Vec<String> = std::fs::read_dir(hall.folder())
        .unwrap()
        .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| ["bundle", "drafts", "fire", "factor", "seat"].iter().any(|of| name.contains(of)))
        .collect();
    assert!(left.is_empty(), "{left:?}");

    // What it wrote alone came over, and waits.
    assert_eq!(office.register()[0], "Byrne, Ada Not yet marked");
    let waiting = office.run(&["waiting"]).done();
    assert!(
        waiting.out.contains("Priya Blackthorne on Hall tablet: Registers, Harbour. Not heard of before"),
        "{waiting}"
    );
    assert!(waiting.out.contains("marked Ada Byrne late, 12 minutes, 4B"), "what it would mean\n{waiting}");
    office.run(&["waiting", "adopt", "99"]).refused(&["there is no number 99"]);
    office.run(&["waiting", "adopt", "--all"]).done();
    assert!(office.register()[0].starts_with("Byrne, Ada L Late"), "{:?}", office.register());
    assert_eq!(office.run(&["waiting"]).done().out.trim(), "Nothing waits.");

    let removed = office.run(&["devices", "remove", "Hall tablet", "--yes"]).done();
    assert!(removed.out.contains("Hall tablet was taken out of the school."), "{removed}");
    assert!(removed.out.contains("once Priya Blackthorne has signed in"), "still outstanding\n{removed}");
    assert!(office.run(&["devices"]).done().out.starts_with("Hall tablet: taken out"));
    office
        .run(&["devices", "found", "Hall", "--yes"])
        .refused(&["taken out for good: it can only come back as another"]);
}

#[test]
fn a_tablet_that_is_not_used_any_more_is_retired_and_nobody_is_told_that_it_was_lost() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    activate(&office, &hall, "T1");
    office.run(&["devices", "retire", "hall"]).refused(&["that is not its name: nothing was done"]);
    let retired = office.run(&["devices", "retire", "hall", "--yes"]).done();
    assert!(retired.out.contains("Hall tablet is retired."), "{retired}");
    let shown = office.run(&["devices", "show", "hall"]).done();
    assert!(shown.out.contains("it is not used any more") && !shown.out.contains("lost"), "{shown}");
    let head = office.run(&["register", "4B", "--as", "Helen"]).done();
    assert!(!head.err.contains("new keys"), "nobody's keys are made anew for it\n{head}");
    {
        let (_running, address) = office.serve();
        hall.run(&["sync", &address]).refused(&["taken out"]);
    }
    hall.run(&["fire"]).refused(&["no fire list"]);
    office.run(&["devices", "retire", "hall", "--yes"]).refused(&["held back or out already"]);
}

#[test]
fn each_record_that_a_lost_tablet_held_stands_by_name_in_a_list_for_whoever_has_to_be_told() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    office.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    office.run(&["devices", "lost", "hall", "--yes"]).done();
    let folder = place.path("list");
    let list = ["devices", "list", "hall", "--out", as_text(&folder), "--for", "Information Commissioner"];
    office.run(&list).refused(&["this needs a second factor"]);
    let head = Authenticator::set_up(&place, &office);
    let code = head.code();
    let with_code = [&["devices", "--code", &code][..], &list[1..]].concat();
    let said = office.run(&with_code).done();
    assert!(said.out.contains("it is not encrypted"), "{said}");
    let file = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let table = std::fs::read_to_string(file).unwrap();
    for line in [
        "Pupils,Harbour,,Ada Byrne",
        "Registers,Harbour,2026/27,\"4B, week from Monday 23 November\"",
        "Staff,,,Priya Blackthorne",
    ] {
        assert!(table.contains(line), "{line}\n{table}");
    }
    let audit = office.audit();
    assert!(
        audit.contains("exported the list of what Hall tablet held") && audit.contains("for Information Commissioner"),
        "{audit}"
    );
}

#[test]
fn a_tablet_that_is_found_before_it_heard_goes_on_as_if_nothing_had_been() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    activate(&office, &hall, "T1");
    office.run(&["devices", "lost", "hall", "--yes"]).done();
    hall.run(&["register", "4B", "--mark", "Byrne=L:12"]).done();
    let found = office.run(&["devices", "found", "hall", "--yes"]).done();
    assert!(found.out.contains("Hall tablet goes on."), "{found}");
    {
        let (_running, address) = office.serve();
        hall.run(&["sync", &address]).done();
    }
    assert!(office.register()[0].starts_with("Byrne, Ada L Late"), "{:?}", office.register());
    assert!(hall.register()[0].starts_with("Byrne, Ada L Late"));
}

#[test]
fn whoever_signed_in_on_a_lost_tablet_has_new_keys_at_the_next_sign_in_elsewhere_and_then_nobody_is_outstanding() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    activate(&office, &hall, "T1");
    office.run(&["register", "4B", "--mark", "Byrne=I", "--as", "Helen"]).done();
    let lost = office.run(&["devices", "--as", "Helen", "lost", "hall", "--yes"]).done();
    assert!(lost.out.contains("once Helen Marsh and Priya Blackthorne have signed in"), "{lost}");
    // The head's keys lay there too: renewed at this very sign-in.
    let head = office.run(&["register", "4B", "--as", "Helen"]).done();
    assert!(head.err.contains("is lost, so you have new keys now. Your passphrase is the same."), "{head}");
    let priya = office.run(&["register", "4B", "--mark", "Kaur=/", "--as", "Priya"]).done();
    assert!(priya.err.contains("you have new keys now"), "{priya}");
    assert!(priya.out.contains("Byrne, Ada"), "what was there before is read with the new keys\n{priya}");
    for who in ["Helen", "Priya"] {
        let again = office.run(&["register", "4B", "--as", who]).done();
        assert!(!again.err.contains("new keys"), "once\n{again}");
        assert!(again.out.lines().any(|line| line.contains("Kaur, Zoe") && line.contains("Present")), "{again}");
    }
    let shown = office.run(&["devices", "--as", "Helen", "show", "hall"]).done();
    assert!(!shown.out.contains("It reads nothing that is written once"), "nobody is outstanding\n{shown}");
    let audit = office.audit();
    assert_eq!(audit.matches("made new keys, in place of those on a lost device").count(), 2, "{audit}");
    let verified = office.run(&["verify"]).done();
    assert!(verified.out.contains("entries held is whole"), "{verified}");
}

#[test]
fn a_laptop_let_in_twice_is_said_so_when_it_comes_and_in_the_list_of_devices() {
    let place = Place::new();
    let (office, hall, again) = (place.school("office"), place.device("hall"), place.device("again"));
    enrol(&office, &hall);
    let invitation = office.begin(&["invite", "--yes"]);
    again.run(&["join", &crate::support::code_of(&invitation), "--device", "Hall tablet"]).done();
    let invited = invitation.end().done();
    assert!(invited.out.contains("A device called Hall tablet is of the school already."), "{invited}");
    assert!(invited.out.contains("Hall tablet (2) holds all that it may."), "{invited}");
    let listed = office.run(&["devices"]).done().out;
    assert!(listed.contains("Hall tablet (2) may be the same one, let in twice"), "{listed}");
    office.run(&["devices", "remove", "Hall tablet", "--yes"]).done();
    let listed = office.run(&["devices"]).done().out;
    assert!(!listed.contains("let in twice"), "{listed}");
}

#[test]
fn a_tablet_whose_copy_writes_too_is_told_of_in_the_list_of_devices() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    activate(&office, &hall, "T1");
    let copy = place.device("copy");
    copied(hall.folder(), copy.folder());
    // As an image of the whole disk would be.
    std::fs::remove_file(copy.folder().join("files").join("place")).unwrap();
    hall.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    copy.run(&["register", "4B", "--mark", "Byrne=I"]).done();
    for device in [&hall, &copy] {
        let (_running, address) = office.serve();
        let _ = device.run(&["sync", &address]);
    }
    let listed = office.run(&["devices"]).done().out;
    assert!(listed.contains("it wrote in two places at once: a copy of it is about"), "{listed}");
}
