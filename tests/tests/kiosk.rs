//! Reception's kiosk in a school: who signs in there is called in a fire, and it shows nobody.

use muster_school::facts::roll_call::Kind;
use muster_tests::world::{PUPILS, School};

#[test]
fn a_visitor_who_signs_in_at_the_kiosk_is_on_every_tablets_fire_list_and_the_kiosk_shows_nobody() {
    let mut school = School::seeded(61, ["office", "hall"]);
    school.joins_kiosk("door");
    school.clock("08:52");
    school.at("office").marks("4B", &[("Ada", "/"), ("Ben", "/")]);
    assert!(school.at("door").tries_to_sign_a_visitor_in());
    school.settle();
    for device in ["office", "hall"] {
        let list = school.at(device).fire_list();
        let called = list.to_call().any(|person| person.surname.contains("Plumberstone"));
        assert!(called, "the visitor is called at {device}: {list:?}");
    }
    // Apart from everybody it goes on, and what it took is there when it is back.
    school.cut_off("door");
    assert!(school.at("door").tries_to_sign_a_visitor_in());
    school.at("hall").starts(Kind::Drill);
    school.reconnect("door");
    school.settle();
    let visitors = |list: &muster_school::fire::presence::FireList| {
        list.to_call().filter(|person| person.surname.contains("Plumberstone")).count()
    };
    assert_eq!(visitors(&school.at("hall").fire_list()), 2);
    for name in PUPILS.iter().map(|(_, _, surname)| *surname) {
        assert!(!school.all_that_shows_at("door").contains(name), "the kiosk shows {name}");
    }
    school.restart("door");
    assert!(school.at("door").tries_to_sign_a_visitor_in(), "and after a restart");
}
