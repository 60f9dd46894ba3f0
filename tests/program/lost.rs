//! A lost tablet: one act, what it lists, what the tablet does when it hears, and what becomes of its work.

use crate::support::{Place, activate, enrol};

#[test]
fn a_lost_tablet_is_held_back_in_one_act_wipes_itself_on_contact_and_its_work_is_adopted() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    activate(&office, &hall, "T1");
    let listed = office.run(&["devices"]).done();
    assert!(listed.out.starts_with("Hall tablet: fine, last heard from "), "{listed}");

    // Written alone, and then the tablet is left on a bus.
    hall.run(&["register", "4B", "--mark", "Byrne=L:12"]).done();
    let wrong = office.run(&["devices", "lost", "hall"]);
    let wrong = wrong.refused(&["that is not its name: nothing was done"]);
    assert!(wrong.out.contains("Priya Blackthorne"), "it says who signed in there before it asks\n{wrong}");
    let lost = office.run(&["devices", "lost", "hall", "--yes"]).done();
    for words in [
        "Rolls, Harbour; 2026/27: 1 record",
        "Pupils, Harbour: 3 records",
        "Who signed in on it\n  Priya Blackthorne",
        "With nobody signed in: the rolls of",
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
