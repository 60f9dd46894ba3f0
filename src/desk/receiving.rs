//! A device that was let in a moment ago: how much of the school has come, part by part, until all of it is here.
//!
//! Who may do what comes first, then rolls, then registers, then the rest; so a part is here once a later one has begun.

use super::clerk::Clerk;
use crate::host::Host;
use muster_core::id::Area;
use muster_gui::Update;
use muster_school::areas::{REGISTER, ROLL, SCHOOL};
use muster_school::view::devices::{JoinPart, JoinView};

/// Parts, in the order in which they come.
const PARTS: [&str; 4] = [
    "Who may do what",
    "Who is in the building: the fire list",
    "The school’s own page and registers",
    "Everything else",
];

impl Clerk {
    /// The joining screen, for as long as it is open.
    pub(super) fn receiving(&self, host: &Host) -> Update {
        let mut came = [0_u64; PARTS.len()];
        for state in host.device.replica.logs().values() {
            if let Some(part) = came.get_mut(part_of(state.descriptor.section.compartment.area)) {
                *part = part.saturating_add(state.length());
            }
        }
        let to_come = host.peers().values().map(|peer| peer.to_come).fold(0, u64::saturating_add);
        Update::Join(receiving(came, to_come, host.is_in_step()))
    }
}

fn part_of(area: Area) -> usize {
    match area {
        Area::AUTHORITY => 0,
        ROLL => 1,
        SCHOOL | REGISTER => 2,
        _ => 3,
    }
}

/// What is said when so many entries of each part have come and so many are to come; `all`: this device and the other
/// know that they hold the same.
fn receiving(came: [u64; PARTS.len()], to_come: u64, all: bool) -> JoinView {
    if all {
        return JoinView::Done;
    }
    let begun = came.iter().rposition(|came| *came > 0).unwrap_or(0);
    let parts = PARTS.iter().zip(came).enumerate().map(|(place, (what, came))| JoinPart {
        what: (*what).to_owned(),
        came: entries(came),
        here: place < begun,
    });
    let words = match to_come {
        0 => "Let in. Receiving what this device may hold".to_owned(),
        _ => format!("Let in. Receiving what this device may hold: {} to come", entries(to_come)),
    };
    JoinView::Receiving { words, parts: parts.collect() }
}

fn entries(count: u64) -> String {
    match count {
        0 => "nothing yet".to_owned(),
        1 => "1 change".to_owned(),
        count => format!("{count} changes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_come_is_counted_part_by_part_and_a_part_is_here_once_the_next_has_begun() {
        let JoinView::Receiving { words, parts } = receiving([0; 4], 0, false) else { panic!("it is not in step") };
        assert_eq!(words, "Let in. Receiving what this device may hold");
        assert!(parts.iter().all(|part| part.came == "nothing yet" && !part.here), "{parts:?}");
        let JoinView::Receiving { words, parts } = receiving([34, 120, 1, 0], 1_800, false) else { panic!() };
        assert_eq!(words, "Let in. Receiving what this device may hold: 1800 changes to come");
        let said: Vec<(&str, bool)> = parts.iter().map(|part| (part.came.as_str(), part.here)).collect();
        assert_eq!(said, [("34 changes", true), ("120 changes", true), ("1 change", false), ("nothing yet", false)]);
        assert_eq!(receiving([34, 120, 900, 1_000], 0, true), JoinView::Done);
    }
}
