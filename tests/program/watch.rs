//! What devices say they hold, as people see it: who was heard from, how many hold what was written, and a copy.

use crate::support::{Place, copied, enrol, enrol_tablet};

#[test]
fn who_was_heard_from_days_ago_is_said_though_the_two_never_met_and_how_many_hold_what_was_written() {
    let place = Place::new();
    let (office, hall, gate) = (place.school("office"), place.device("hall"), place.device("gate"));
    enrol(&office, &hall);
    enrol_tablet(&office, &gate);
    place.wait_days(1);
    {
        let (_running, address) = office.serve();
        hall.run(&["sync", &address]).done();
    }
    place.wait_days(1);
    {
        let (_running, address) = office.serve();
        gate.run(&["sync", &address]).done();
    }
    place.wait_days(3);
    let status = gate.run(&["status"]).done().out;
    let heard = status.lines().filter(|line| line.contains("days ago")).count();
    assert_eq!(heard, 2, "of the hall tablet by way of the office\n{status}");
    assert!(status.contains("Written here: "), "{status}");
    {
        let (_running, address) = office.serve();
        hall.run(&["sync", &address]).done();
        gate.run(&["sync", &address]).done();
    }
    place.wait_days(1);
    {
        let (_running, address) = office.serve();
        hall.run(&["sync", &address]).done();
        gate.run(&["sync", &address]).done();
    }
    let status = office.run(&["status"]).done().out;
    assert!(status.contains("Said what it holds "), "{status}");
    assert!(!status.contains("Look at this"), "nothing is wrong\n{status}");
}

#[test]
fn a_tablet_that_is_on_in_two_places_at_once_is_told_of_though_neither_writes_anything() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol_tablet(&office, &hall);
    let copy = place.device("copy");
    copied(hall.folder(), copy.folder());
    let (running, address) = office.serve();
    let _one = hall.begin(&["run", "--at", &address]);
    let _other = copy.begin(&["run", "--at", &address]);
    running.shows("the alarm", |said| said.out.contains("copied device?").then_some(()));
    drop(running);
    let status = office.run(&["status"]).done().out;
    assert!(status.contains("copied device?"), "{status}");
    let listed = office.run(&["devices"]).done().out;
    assert!(listed.contains("opied device?"), "{listed}");
}
