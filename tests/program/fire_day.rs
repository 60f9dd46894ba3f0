//! A day at the door: who comes, who goes, trips, and what the fire list says of them.

use crate::support::{Place, as_text, enrol, squeezed};

const CONTACTS: &[u8] =
    b"admission_no,priority,forename,surname,relationship,parental_responsibility,mobile,court_order\n\
    000001,1,Grace,Byrne,Mother,Y,07700 900123,N\n\
    000001,2,Dan,Byrne,Father,Y,07700 900456,Y\n";

#[test]
fn the_fire_list_follows_the_door_and_trips_stand_apart() {
    let place = Place::new();
    let office = place.school("office");
    office
        .run(&[
            "reception",
            "arrive",
            "Stan Pike",
            "--kind",
            "contractor",
            "--from",
            "Acme Lifts",
            "--host",
            "T1",
            "--vehicle",
            "AB12 CDE",
            "--working",
            "plant room",
        ])
        .done();
    office.run(&["reception", "arrive", "Blackthorne", "--kind", "staff"]).done();
    office.run(&["reception", "late", "Kaur", "--note", "bus"]).done();
    office
        .run(&["trip", "out", "Swimming", "Patel", "--leader", "T1", "--phone", "07700 900321", "--back", "12:15"])
        .done();
    let list = squeezed(&office.run(&["fire"]).done().out);
    assert!(list.contains("Pike, Stan Contractor Signed in 09:00, seeing P. Blackthorne, Acme Lifts, working: plant room. Vehicle AB12 CDE"), "{list}");
    assert!(list.contains("Kaur, Zoe 4B Signed in 09:00, came late, bus"), "{list}");
    let (here, away) = list.split_once("Off site, not to be found here:").unwrap();
    assert!(!here.contains("Patel") && away.contains("Swimming P. Blackthorne due back 12:15, 2 people"), "{list}");
    assert!(!list.contains("07700"), "no number on a list that needs no sign-in");
    let json = office.run(&["fire", "--json"]).done().out;
    assert!(json.contains("\"trips\":[{\"title\":\"Swimming\"") && json.contains("\"on a trip\""), "{json}");
    place.later(4 * 3_600_000);
    let late = squeezed(&office.run(&["fire"]).done().out);
    assert!(late.contains("OVERDUE"), "{late}");
    office.run(&["trip", "back", "Swim"]).done();
    office.run(&["reception", "leave", "Pike"]).done();
    let list = office.run(&["fire"]).done().out;
    assert!(list.contains("Back 13:0") && !list.contains("Pike"), "{list}");
}

#[test]
fn a_barred_person_does_not_collect_a_pupil_unseen() {
    let place = Place::new();
    let office = place.school("office");
    let export = place.folder("contacts", &[("contacts.csv", CONTACTS)]);
    office.run(&["import", as_text(&export)]).done();
    let collect =
        |rest: &[&str]| office.run(&[&["reception", "collect", "Byrne", "--released-by", "T1"][..], rest].concat());
    collect(&["--by", "Dan Byrne"]).refused(&["Dan Byrne may be barred", "safeguarding lead"]);
    collect(&["--by", "Nobody Known"]).refused(&["nobody whom the family named"]);
    collect(&["--by", "Grace Byrne", "--note", "dentist"]).done();
    let list = office.run(&["fire"]).done().out;
    assert!(!list.contains("Byrne, Ada"), "{list}");
    assert!(
        office.audit().contains("let Ada Byrne leave early with Grace Byrne, released by Priya Blackthorne"),
        "{}",
        office.audit()
    );
}

#[test]
fn a_name_typed_with_nobody_signed_in_finds_its_person_or_waits_to_be_matched() {
    let place = Place::new();
    let office = place.school("office");
    let kiosk = |name: &str| {
        office.run_with(None, &["reception", "arrive", name, "--kind", "pupil", "--from", "4B", "--kiosk"])
    };
    kiosk("ada byrne").done();
    kiosk("Zoe K").done();
    let list = squeezed(&office.run(&["fire"]).done().out);
    assert!(list.contains("Byrne, Ada 4B Signed in 09:00, at the kiosk"), "{list}");
    assert!(list.contains("Signed in at the kiosk 09:00 as Zoe K, 4B"), "{list}");
    office.run(&["reception", "match", "Zoe K", "Kaur"]).done();
    let list = squeezed(&office.run(&["fire"]).done().out);
    assert!(list.contains("Kaur, Zoe 4B Signed in 09:00, at the kiosk") && !list.contains("Zoe K,"), "{list}");
}

#[test]
fn care_details_open_with_the_marshals_pin_and_are_nowhere_in_the_list() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["fire", "note", "Patel", "--one-to-one", "S. Reid", "--may-hide"]).done();
    office.run(&["fire", "duty", "T1", "--marshal", "--first-aid", "--phone", "07700 900456"]).done();
    let with_pin = |pin: &str, arguments: &[&str]| {
        let mut command = office.command(arguments);
        command.env("MUSTER_MARSHAL_PIN", pin);
        office.begin_this(command, arguments).end()
    };
    with_pin("123456", &["fire", "pin"]).refused(&["one of the first that anybody would try"]);
    with_pin("904417", &["fire", "pin"]).done();
    with_pin("904418", &["fire", "care"]).refused(&["not the marshal’s PIN"]);
    let care = squeezed(&with_pin("904417", &["fire", "care"]).done().out);
    assert!(care.contains("Patel, Noah 4B One-to-one: S. Reid; May hide from the alarm"), "{care}");
    assert!(care.contains("07700 900456"), "{care}");
    let list = office.run(&["fire"]).done().out;
    assert!(!list.contains("Reid") && !list.contains("hide") && !list.contains("900456"), "{list}");
    assert!(list.contains("(Fire marshal, First aid)"), "{list}");
    let audit = office.audit();
    assert!(audit.contains("opened the care details of the fire register with the marshal’s PIN"), "{audit}");
    assert!(audit.contains("gave a wrong marshal’s PIN"), "{audit}");
}

#[test]
fn agency_staff_and_volunteers_are_called_with_everybody_and_it_is_said_what_they_are() {
    let place = Place::new();
    let office = place.school("office");
    let arrive = |name: &str, kind: &str, from: &str| {
        office
            .run(&["reception", "arrive", name, "--kind", kind, "--from", from, "--host", "T1", "--badge", "7"])
            .done()
    };
    arrive("Ann Hill", "agency", "Supply Plus");
    arrive("Vic Shaw", "volunteer", "");
    let refused = office.run(&["reception", "arrive", "Sam Field", "--kind", "guest"]);
    refused.refused(&["visitor, contractor, agency, volunteer or staff"]);
    let list = squeezed(&office.run_with(None, &["fire"]).done().out);
    assert!(list.contains("Hill, Ann Agency Signed in 09:00, seeing P. Blackthorne, Supply Plus"), "{list}");
    assert!(list.contains("Shaw, Vic Volunteer Signed in 09:00, seeing P. Blackthorne"), "{list}");
    assert!(!list.contains("Field"), "{list}");
    office.run(&["reception", "leave", "Shaw"]).done();
    let list = squeezed(&office.run_with(None, &["fire"]).done().out);
    assert!(list.contains("Hill") && !list.contains("Shaw"), "{list}");
}

#[test]
fn a_tablet_that_was_off_since_friday_opens_its_list_on_monday_and_says_from_when_it_is() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    place.wait_days(4);
    office.run(&["register", "4B", "--mark", "Byrne=/", "--mark", "Kaur=/"]).done();
    {
        let (_running, address) = office.serve();
        hall.run(&["sync", &address]).done();
    }
    let friday = hall.run_with(None, &["fire"]).done();
    assert!(!friday.out.contains("Friday"), "on the day itself the time is enough\n{friday}");
    place.wait_days(3);
    let monday = hall.run_with(None, &["fire"]).done();
    assert!(monday.out.contains("As of Friday 27 November 09:00, heard from Office"), "{monday}");
    assert!(monday.out.contains("Byrne, Ada"), "the old list is there: nobody is left out for its age\n{monday}");
    assert!(monday.out.contains("No staff sign-in on Friday 27 November"), "{monday}");
    // A call can be held by it, and says so.
    hall.run(&["call", "start", "real"]).done();
    let shown = hall.run(&["call", "show"]).done();
    assert!(shown.out.contains("Byrne, Ada") && shown.out.contains("to find"), "{shown}");
}
