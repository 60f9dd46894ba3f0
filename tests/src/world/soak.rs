//! Whole worlds by seed alone, small and large, for a test that plays many and for a soak that plays until it is told
//! to stop.

use super::Faults;
use super::{Evacuation, Pace, School};

/// Names of devices of a small world.
const NAMES: [&str; 5] = ["office", "hall", "y4", "y5", "field"];
/// Things that happen in a long day.
const LONG_DAY_STEPS: usize = 600;

/// What one seed came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Played {
    /// Acts that were acknowledged; all of them were there afterwards, or the world would have stopped.
    pub acts: usize,
    /// What went wrong on purpose.
    pub faults: Faults,
}

/// A school day at random: so many things happen on three to five devices, and afterwards everything must agree. Which
/// else befalls the school follows from the seed: a device of another site, one that joins at noon, one that is taken
/// out of the school and goes on, one that is set back to an older image, one of which a copy goes on, one that is restored
/// from its backup, one that runs an older program, and one that keeps to itself what it should pass on.
///
/// # Panics
/// When anything that must hold does not.
pub fn a_day(seed: u64, devices: usize, steps: usize) -> Played {
    let names = &NAMES[..devices.clamp(2, NAMES.len())];
    let mut school = School::of(seed, names);
    if seed.is_multiple_of(4) {
        school.joins_of_another_site("hill");
    }
    if seed % 3 == 2 {
        school.runs_an_older_program(names[names.len() - 1]);
    }
    school.clock("08:45");
    school.wander(steps / 4);
    let image = school.keeps_an_image(names[1]);
    if matches!(seed % 7, 1 | 3) {
        school.is_backed_up(names[1]);
    }
    school.wander(steps / 4);
    match seed % 7 {
        1 | 3 => drop(school.is_restored(names[1])),
        2 => school.is_set_back(names[1], image),
        5 => school.is_copied(names[1], image),
        _ => {}
    }
    if seed.is_multiple_of(5) {
        school.heal();
        school.joins("spare");
    }
    if seed % 3 == 1 {
        school.loses(names[names.len() - 1]);
    }
    school.wander(steps / 2);
    school.agrees();
    school.days_on_all_are_heard_of();
    if seed.is_multiple_of(2) {
        school.a_withheld_tail_is_told_of();
    }
    Played { acts: school.ledger().acts(), faults: *school.faults() }
}

/// A large world of one of several kinds, as the seed says: a long day, an evacuation, or terms on up to sixty
/// devices. Gives which.
///
/// # Panics
/// When anything that must hold does not.
pub fn a_large_world(seed: u64) -> (&'static str, Played) {
    match seed % 8 {
        0 => {
            let mut evacuation = Evacuation::begins(seed, 12, 500);
            evacuation.goes_on(200);
            let happened = evacuation.ends_well();
            ("an evacuation with 12 marshals", Played { acts: happened.acts, faults: happened.faults })
        }
        1 => ("two terms on 60 devices", terms(seed, 60, 10)),
        2 => ("two terms on 12 devices", terms(seed, 12, 40)),
        kind => {
            let devices = 3 + usize::try_from(kind % 3).unwrap_or(0);
            ("a long day", a_day(seed, devices, LONG_DAY_STEPS))
        }
    }
}

fn terms(seed: u64, devices: usize, taken_of_100: usize) -> Played {
    let mut school = School::for_terms(seed, devices);
    school.two_terms(Pace { taken_of_100, meetings: devices / 5 });
    let told = school.terms_agree();
    Played { acts: told.acts, faults: *school.faults() }
}
