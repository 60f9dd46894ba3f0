//! An evacuation with everything that may go wrong, and afterwards one list.
//!
//! `MUSTER_SEED=17 cargo test -p muster-tests --test roll_call` plays one seed; every failure prints its own command.

use muster_tests::world::{Evacuation, Happened};
use rand::RngExt as _;

const MARSHALS: usize = 10;
const PEOPLE: usize = 400;
const STEPS: usize = 110;

fn evacuated(seed: u64) -> Happened {
    let mut evacuation = Evacuation::begins(seed, MARSHALS, PEOPLE);
    evacuation.goes_on(STEPS);
    let happened = evacuation.ends_well();
    println!("seed {seed}: {happened:?}");
    happened
}

#[test]
fn ten_marshals_call_four_hundred_people_apart_and_afterwards_all_who_live_show_one_list() {
    let asked = std::env::var("MUSTER_SEED").ok().and_then(|text| text.parse().ok());
    let seeds = match asked {
        Some(seed) => vec![seed],
        None => vec![501, rand::rng().random_range(10_000..1_000_000)],
    };
    for seed in &seeds {
        let happened = evacuated(*seed);
        let enough =
            [happened.acts, happened.died, happened.faults.cuts, happened.faults.restarts, happened.faults.full];
        assert!(
            happened.check + happened.missing > 0,
            "a marshal who found nobody missing proves nothing: {happened:?}"
        );
        assert!(enough.iter().all(|count| *count > 0), "less happened than in an evacuation: {happened:?}");
    }
}
