//! What a device is for, changed long after it was let in: whose sign-in it keeps follows.

use crate::support::{Device, Place, activate, enrol_kiosk, enrol_tablet};

fn meet(office: &Device<'_>, other: &Device<'_>) {
    let (_running, address) = office.serve();
    other.run(&["sync", &address]).done();
    other.run(&["sync", &address]).done();
}

const AS_HEAD: [&str; 4] = ["register", "4B", "--as", "Helen"];

#[test]
fn a_tablet_becomes_a_laptop_for_leads_and_a_tablet_again_and_whose_sign_in_it_keeps_follows() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol_tablet(&office, &hall);
    meet(&office, &hall);
    hall.run(&AS_HEAD).refused(&["nobody of that name can sign in on this device", "leads and heads"]);
    let about = |kind: &str| {
        let shown = office.run(&["devices", "show", "Hall"]).done().out;
        assert!(shown.contains(kind), "{kind}\n{shown}");
    };
    about("Tablet or class laptop, of every site.");

    let said = office.run(&["devices", "change", "Hall", "--kind", "laptop"]).done();
    assert!(said.out.contains("Leaders’ laptop, of every site."), "{said}");
    office.run(&["devices", "change", "Hall", "--kind", "laptop"]).refused(&["it is that already"]);
    about("Leaders’ laptop, of every site.");
    meet(&office, &hall);
    assert!(hall.run(&AS_HEAD).done().out.contains("Byrne, Ada"), "the head signs in there now");

    office.run(&["devices", "change", "Hall", "--kind", "tablet", "--site", "S1"]).done();
    about("Tablet or class laptop, of Harbour.");
    meet(&office, &hall);
    hall.run(&AS_HEAD).refused(&["nobody of that name can sign in on this device"]);
    assert!(hall.run_with(None, &["fire"]).done().out.contains("Byrne, Ada"), "the fire list opens as ever");
    office.run(&["devices", "change", "Hall", "--kind", "kiosk"]).refused(&["let it in as a kiosk"]);
    let audit = office.run(&["audit", "--last", "1000"]).done().out;
    assert!(audit.contains("Helen Marsh changed what the device Hall tablet is for"), "{audit}");
    assert_eq!(audit.matches("let the device Hall tablet in").count(), 1, "it was let in once\n{audit}");
    assert!(!audit.contains("took the device Hall tablet out"), "{audit}");
}

#[test]
fn a_kiosk_becomes_a_leaders_laptop_and_is_given_the_keys_that_it_never_had() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol_kiosk(&office, &hall);
    meet(&office, &hall);
    assert!(!hall.run_with(None, &["fire"]).out.contains("Byrne, Ada"), "a kiosk shows nobody");
    let said = office.run(&["devices", "change", "Hall", "--kind", "laptop", "--site", "S1"]).done();
    assert!(said.out.contains("Leaders’ laptop, of Harbour."), "{said}");
    meet(&office, &hall);
    assert!(
        hall.run_with(None, &["fire"]).done().out.contains("Byrne, Ada"),
        "the fire list opens, with nobody signed in"
    );
    activate(&office, &hall, "T1");
    let register = ["register", "4B", "--as", "Priya", "--mark", "Byrne=/"];
    hall.run(&register).done();
    meet(&office, &hall);
    let shown = office.run(&["register", "4B"]).done().out;
    assert!(shown.contains("Byrne, Ada") && shown.contains('/'), "{shown}");
    office.run(&["verify"]).done();
}
