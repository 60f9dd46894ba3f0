//! Whether a device connects from two places in turn, as two copies of it do: each connection ends the one before, and
//! whoever lost theirs tries again.
//!
//! A device that moves from one network to another does not come back from the first within minutes, and again from
//! the second.

use crate::limits;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Instant;

/// Where one device came from lately.
#[derive(Clone, Debug, Default)]
pub(super) struct Twice(VecDeque<(SocketAddr, Instant)>);

impl Twice {
    /// It came from there. Says whether it comes from two places in turn.
    pub(super) fn came_from(&mut self, address: SocketAddr, now: Instant) -> bool {
        self.0.retain(|(_, at)| now.saturating_duration_since(*at) < limits::TWICE_WITHIN);
        if self.0.back().is_some_and(|(last, _)| *last == address) {
            return false;
        }
        self.0.push_back((address, now));
        while self.0.len() > limits::TWICE_TURNS {
            self.0.pop_front();
        }
        let places: std::collections::BTreeSet<_> = self.0.iter().map(|(place, _)| place).collect();
        self.0.len() == limits::TWICE_TURNS && places.len() == 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn came(places: &[&str], apart: u64) -> bool {
        let (mut twice, start) = (Twice::default(), Instant::now());
        let mut told = false;
        for (at, place) in (0..).zip(places) {
            told |= twice.came_from(place.parse().unwrap(), start + Duration::from_secs(at * apart));
        }
        told
    }

    const STAFF_ROOM: &str = "10.0.0.4:4433";
    const CAR_PARK: &str = "10.0.9.9:4433";

    #[test]
    fn a_device_that_connects_from_two_places_in_turn_is_told_of() {
        assert!(came(&[STAFF_ROOM, CAR_PARK, STAFF_ROOM, CAR_PARK], 20));
    }

    #[test]
    fn a_device_that_moves_restarts_or_loses_its_network_is_not() {
        assert!(!came(&[STAFF_ROOM, CAR_PARK, STAFF_ROOM], 20), "there and back");
        assert!(!came(&[STAFF_ROOM; 9], 1), "a bad cable");
        assert!(!came(&["10.0.0.4:1", "10.0.0.4:2", "10.0.0.4:3", "10.0.0.4:4"], 1), "started again and again");
        assert!(!came(&[STAFF_ROOM, CAR_PARK, STAFF_ROOM, CAR_PARK], 3_600), "each lesson in another building");
    }
}
