//! Whether a device connects from two places in turn, as two copies of it do: each connection ends the one before,
//! which was alive, and whoever lost theirs tries again.
//!
//! A device that moves from one network to another does not come back from the first within minutes, and again from
//! the second. One that has two networks at once ends a connection itself before it makes another.

use crate::limits;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Instant;

/// Where one device came from lately.
#[derive(Clone, Debug, Default)]
pub(super) struct Twice(VecDeque<(SocketAddr, Instant)>);

impl Twice {
    /// It came from there, and took over from a connection that was alive or did not. Says whether it comes from two
    /// places in turn.
    pub(super) fn came_from(&mut self, address: SocketAddr, took_over: bool, now: Instant) -> bool {
        if !took_over {
            return false;
        }
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
        came_and(places, apart, true)
    }

    fn came_and(places: &[&str], apart: u64, took_over: bool) -> bool {
        let (mut twice, start) = (Twice::default(), Instant::now());
        let mut told = false;
        for (at, place) in (0..).zip(places) {
            told |= twice.came_from(place.parse().unwrap(), took_over, start + Duration::from_secs(at * apart));
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
    fn a_laptop_with_cable_and_wireless_that_ends_each_connection_before_the_next_is_not() {
        assert!(!came_and(&[STAFF_ROOM, CAR_PARK, STAFF_ROOM, CAR_PARK], 20, false));
    }

    #[test]
    fn a_device_that_moves_restarts_or_loses_its_network_is_not() {
        assert!(!came(&[STAFF_ROOM, CAR_PARK, STAFF_ROOM], 20), "there and back");
        assert!(!came(&[STAFF_ROOM; 9], 1), "a bad cable");
        assert!(!came(&["10.0.0.4:1", "10.0.0.4:2", "10.0.0.4:3", "10.0.0.4:4"], 1), "started again and again");
        assert!(!came(&[STAFF_ROOM, CAR_PARK, STAFF_ROOM, CAR_PARK], 3_600), "each lesson in another building");
    }
}
