//! What a site's document of trips over nights holds. A roll is of one day, and a trip of several days is on each of them.
//!
//! A trip that is back on the day it sets out is in that day's roll ([`super::movement::Trip`]).

use super::{Sound, is_line, is_minute, values};
use crate::calendar::Day;
use crate::ids::Who;
use crate::limits::{PEOPLE_PER_FACT, TRIP_DAYS};
use muster_core::id::PersonId;
use serde::{Deserialize, Serialize};

/// A trip set out that is back on a later day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LongTrip {
    /// The trip.
    pub id: [u8; 16],
    /// As in `Ski week`.
    pub title: String,
    /// Who leads it.
    pub leader: Option<PersonId>,
    /// The leader's name.
    pub leader_name: String,
    /// The leader's number; may be empty.
    pub phone: String,
    /// The day and the minute since midnight at which it set out.
    pub out: (Day, u16),
    /// When it is due back.
    pub due: (Day, u16),
    /// Who is with it, the leader too, and their names as a list shows them: a list of a later day may not have them.
    pub people: Vec<(Who, String)>,
}

/// A trip over nights is back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LongTripBack {
    /// The trip.
    pub id: [u8; 16],
    /// The day.
    pub day: Day,
    /// Minutes since midnight.
    pub minute: u16,
}

values! {
    /// A fact about trips over nights.
    TripFact {
        /// One set out.
        321 => LongTrip,
        /// One is back.
        322 => LongTripBack,
    }
}

impl Sound for LongTrip {
    fn is_sound(&self) -> bool {
        [&self.title, &self.leader_name, &self.phone].iter().all(|text| is_line(text))
            && !self.title.trim().is_empty()
            && is_minute(self.out.1)
            && is_minute(self.due.1)
            && self.out.0 < self.due.0
            && self.due.0 <= self.out.0.plus(TRIP_DAYS)
            && self.people.len() <= PEOPLE_PER_FACT
            && self.people.iter().all(|(_, name)| is_line(name))
    }
}

impl Sound for LongTripBack {
    fn is_sound(&self) -> bool {
        is_minute(self.minute)
    }
}
