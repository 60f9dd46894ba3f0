//! Two terms of registers on the devices of one school, with everything that may go wrong.
//!
//! `MUSTER_SEED=17 cargo test -p muster-tests --test terms` plays one seed; `MUSTER_SEEDS=20` adds so many more.

use muster_tests::world::{Faults, Pace, School};
use std::ops::Range;

#[test]
fn two_terms_on_twenty_devices_leave_every_mark_in_the_register_or_in_a_visible_contradiction() {
    terms(20, 2_002..2_003, Pace { taken_of_100: 15, meetings: 2 });
}

#[test]
fn two_busy_terms_on_six_devices_leave_every_mark_in_the_register_or_in_a_visible_contradiction() {
    terms(6, 2_002..2_003, Pace { taken_of_100: 35, meetings: 2 });
}

fn terms(devices: usize, seeds: Range<u64>, pace: Pace) {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = match number("MUSTER_SEED") {
        Some(seed) => seed..seed + 1,
        None => seeds.start..seeds.end + number("MUSTER_SEEDS").unwrap_or(0),
    };
    let mut faults = Faults::default();
    for seed in seeds {
        let mut school = School::for_terms(seed, devices);
        school.two_terms(pace);
        let told = school.terms_agree();
        let happened =
            [told.amendments, told.contradictions, told.settled, told.undone, told.whole_sites, told.unlisted.1];
        assert!(
            happened.iter().chain(&told.planned).all(|count| *count > 0),
            "less happened than in two terms: {told:?}"
        );
        println!("seed {seed} on {devices} devices: {told:?}");
        faults += *school.faults();
    }
    let went_wrong = [faults.cuts, faults.repeated, faults.restarts, faults.full, faults.clocks];
    assert!(went_wrong.iter().all(|count| *count > 0), "less went wrong than in two terms: {faults:?}");
    println!("{faults:?}");
}
