//! What the school's document says about the use of the records themselves: for how long a code holds, school hours, leave.

use super::{Sound, is_line, is_minute};
use crate::calendar::Day;
use crate::step_up::MINUTES_MOST;
use muster_core::id::{PersonId, PlaceId};
use serde::{Deserialize, Serialize};

/// The school uses second factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepUp {
    /// Minutes that a code raises access for: 1 to [`MINUTES_MOST`].
    pub minutes: u16,
}

/// Hours outside which a sign-in needs leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// At one site, or `None` for every site that has none of its own.
    pub site: Option<PlaceId>,
    /// On which days of the week: Monday is the lowest bit, Sunday the seventh.
    pub days: u8,
    /// From this minute since midnight on.
    pub opens: u16,
    /// Up to this minute since midnight, itself left out.
    pub closes: u16,
    /// Whether the rule holds. Without any [`Hours`] it does not.
    pub in_force: bool,
}

impl Hours {
    /// What is offered first: half past six in the evening leaves time to write up the day.
    pub const DEFAULT: Self =
        Self { site: None, days: 0b001_1111, opens: 7 * 60, closes: 18 * 60 + 30, in_force: true };
}

/// Whose leave it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whose {
    /// One member of staff's.
    Person(PersonId),
    /// Everybody's who signs in at a site, or anywhere: a parents' evening.
    Everybody(Option<PlaceId>),
}

/// Leave to use the records outside school hours, given beforehand by a senior leader: the fact's author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {
    /// Names it, so that it can be taken back.
    pub id: [u8; 16],
    /// Whose.
    pub whose: Whose,
    /// From this moment on, in milliseconds since 1970 UTC.
    pub from_ms: i64,
    /// Up to this one, itself left out.
    pub to_ms: i64,
    /// What for, as in `Trip to the coast` or `On call`. Everybody on staff can read it.
    pub why: String,
    /// It was taken back.
    pub taken_back: bool,
}

/// On which days leave comes again, at the same times of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeat {
    /// On which days of the week: Monday is the lowest bit, Sunday the seventh.
    pub days: u8,
    /// On no day after this one.
    pub last: Day,
}

/// Leave that comes again every week: for a caretaker, or a club.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeeklyLeave {
    /// As for a single time: the day it begins on is the first day that counts, and it is shorter than a day.
    pub leave: Leave,
    /// On which days.
    pub repeat: Repeat,
}

impl Sound for StepUp {
    fn is_sound(&self) -> bool {
        (1..=MINUTES_MOST).contains(&self.minutes)
    }
}

impl Sound for Hours {
    fn is_sound(&self) -> bool {
        // Closing at midnight is minute 1,440, which no clock shows.
        is_minute(self.opens) && self.closes <= 1_440 && self.opens < self.closes && self.days < 128
    }
}

impl Sound for WeeklyLeave {
    fn is_sound(&self) -> bool {
        let shorter_than_a_day = self.leave.to_ms.saturating_sub(self.leave.from_ms) < 24 * 60 * 60 * 1000;
        self.leave.is_sound() && shorter_than_a_day && (1..128).contains(&self.repeat.days)
    }
}

impl Sound for Leave {
    fn is_sound(&self) -> bool {
        is_line(&self.why) && !self.why.trim().is_empty() && self.from_ms < self.to_ms
    }
}
