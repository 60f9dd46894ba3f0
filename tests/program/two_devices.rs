//! Two devices of one school, two processes, no server: what each does alone is on both once they have met.

use crate::support::{Place, activate, enrol, squeezed};

#[test]
fn two_devices_that_marked_one_pupil_differently_show_both_the_same_after_they_met() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    activate(&office, &hall, "T1");

    // Apart.
    office.run(&["register", "4B", "--mark", "Byrne=N"]).done();
    office.run(&["register", "4B", "--mark", "Kaur=I"]).done();
    let said = hall.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    assert!(said.err.contains("Marked 1. Saved on this device."), "{said}");
    hall.run(&["register", "4B", "--mark", "Patel=L:12"]).done();
    let alone = hall.register();
    assert!(alone[0].starts_with("Byrne, Ada / Present"), "{alone:?}");
    assert_eq!(alone[1], "Kaur, Zoe Not yet marked");
    let status = hall.run(&["status"]).done();
    assert!(status.out.contains("only on this device"), "{status}");

    // Together.
    {
        let (mut running, address) = office.serve();
        let met = hall.run(&["sync", &address]).done();
        assert!(met.out.starts_with("Up to date with every device that answered"), "{met}");
        assert!(running.is_running());
    }
    let (here, there) = (office.register(), hall.register());
    assert_eq!(here, there, "both show the same");
    assert!(here[0].starts_with("Byrne, Ada") && here[0].contains("two marks differ: "), "{here:?}");
    for said in ["no reason yet by Helen Marsh", "present by Priya Blackthorne"] {
        assert!(squeezed(&here[0]).contains(said), "{said}: {here:?}");
    }
    assert!(here[1].starts_with("Kaur, Zoe I "), "{here:?}");
    assert!(here[2].starts_with("Patel, Noah L Late"), "{here:?}");
    for device in [&office, &hall] {
        let audit = device.audit();
        for sentence in [
            "Helen Marsh marked Ada Byrne",
            "Helen Marsh marked Zoe Kaur",
            "Priya Blackthorne marked Ada Byrne present, 4B, Monday 23 November, morning (on Hall tablet)",
            "Priya Blackthorne marked Noah Patel late, 12 minutes",
            "Priya Blackthorne signed in",
            "Helen Marsh added 3 pupils (on Office)",
            "Another mark of Ada Byrne says something else. Both are kept until somebody settles it.",
        ] {
            assert!(told(&audit, sentence), "{sentence}\n{audit}");
        }
        let verified = device.run(&["verify"]).done();
        assert!(verified.out.contains("entries held is whole"), "{verified}");
        assert!(verified.out.contains("This does not prove"), "it says what it does not prove, too\n{verified}");
    }

    // Settled on one, and seen on the other.
    let refused = office.run(&["register", "4B", "--mark", "Byrne=L:5"]);
    assert!(refused.err.contains("settle which stands first"), "no mark takes the place of two that differ: {refused}");
    let none = office.run(&["register", "4B", "--settle", "Byrne=I"]);
    assert!(none.err.contains("choose one of"), "{none}");
    office.run(&["register", "4B", "--settle", "Byrne=/"]).done();
    {
        let (_running, address) = office.serve();
        hall.run(&["sync", &address]).done();
    }
    let (here, there) = (office.register(), hall.register());
    assert_eq!(here, there);
    assert!(here[0].starts_with("Byrne, Ada / Present") && !here[0].contains("differ"), "{here:?}");
}

/// Whether the audit has a line with this, with the title of somebody's name left out.
fn told(audit: &str, sentence: &str) -> bool {
    audit.lines().any(|line| squeezed(line).replace("Ms ", "").contains(sentence))
}

#[test]
fn the_fire_register_opens_on_the_second_device_with_nobody_signed_in_whoever_holds_the_records() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    office.run(&["register", "4B", "--mark", "Byrne=I", "--mark", "Kaur=/"]).done();
    enrol(&office, &hall);
    let list = hall.run_with(None, &["fire"]).done();
    assert!(list.out.starts_with("FIRE REGISTER  Harbour\nAs of 09:00"), "{list}");
    let lines: Vec<String> = list.out.lines().map(squeezed).collect();
    assert!(lines.iter().any(|line| line.starts_with("Kaur, Zoe 4B Present, Register 4B")), "{list}");
    assert!(lines.iter().any(|line| line.starts_with("? Patel, Noah 4B Not yet marked")), "{list}");
    assert!(!list.out.contains("Byrne"), "who is ill at home is not called\n{list}");
    assert_eq!(list.err, "", "the opening was written down");

    let (mut running, _) = hall.serve();
    let meanwhile = hall.run_with(None, &["fire"]).done();
    assert_eq!(meanwhile.out, list.out, "the same list");
    assert_eq!(meanwhile.err, "", "the opening waits for the program that runs");
    let as_json = hall.run_with(None, &["fire", "--json"]).done();
    let as_json: serde_json::Value = serde_json::from_str(&as_json.out).unwrap();
    assert_eq!(as_json["site"], "Harbour");
    assert!(running.is_running());
    drop(running);

    let (_running, address) = office.serve();
    hall.run(&["sync", &address]).done();
    drop(_running);
    let audit = office.audit();
    let opened = audit.lines().filter(|line| line.contains("opened the fire register of Harbour")).count();
    assert_eq!(opened, 3, "each opening is in the audit of the first device\n{audit}");
}
