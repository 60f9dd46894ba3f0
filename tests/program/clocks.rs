//! Clocks that are a day wrong, in the middle of a roll call: nothing is lost, and it is said.

use crate::support::roll_call::{calls, shows};
use crate::support::{Place, enrol};
use muster_school::facts::roll_call::Statement;
use muster_school::fire::call::Standing;

#[test]
fn a_tablet_whose_clock_is_a_day_ahead_or_behind_calls_with_the_others_and_its_clock_is_told() {
    for (days, words) in [(1, "This clock is 1 day ahead of"), (-1, "This clock is 1 day behind")] {
        let place = Place::new();
        let (office, hall) = (place.school("office"), place.device("hall"));
        enrol(&office, &hall);
        let key = calls(&office, place.next_ms(), &[("Byrne", Statement::Found)]);
        let meet = || {
            let (_running, address) = office.serve();
            place.wait_days(days);
            let met = hall.run(&["sync", &address]).done();
            place.wait_days(-days);
            met
        };
        meet();
        place.wait_days(days);
        calls(&hall, place.next_ms(), &[("Kaur", Statement::NotFound), ("Patel", Statement::Found)]);
        place.wait_days(-days);
        calls(&office, place.next_ms(), &[("Kaur", Statement::Found)]);
        let met = meet();
        assert!(met.err.contains(words), "{met}");
        let here = shows(&office, place.next_ms(), key);
        place.wait_days(days);
        let there = shows(&hall, place.next_ms(), key);
        place.wait_days(-days);
        assert_eq!(here, there, "one list, whatever their clocks say");
        let standing = |name: &str| here.0.iter().find(|(known, _)| known == name).unwrap().1;
        let all = [standing("Byrne"), standing("Kaur"), standing("Patel")];
        assert_eq!(all, [Standing::Found, Standing::Check, Standing::Found]);
        office.run(&["verify"]).done();
    }
}
