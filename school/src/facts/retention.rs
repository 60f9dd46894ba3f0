//! What the school's document holds of reviews of old records: who looked at which, and what was decided.
//!
//! Everybody on staff reads it: it says a kind of record, a site and a year, and nobody's name. A decision destroys
//! nothing: it says what is due.

use super::{Sound, is_line};
use crate::calendar::Day;
use muster_core::id::PlaceId;
use serde::{Deserialize, Serialize};

/// A kind of record that is kept for years and then reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Class {
    /// Marks and amendments.
    Attendance,
    /// Entries of the admission register.
    Admission,
}

impl Class {
    /// All, in the order of a list.
    pub const ALL: [Self; 2] = [Self::Attendance, Self::Admission];

    /// As in a list.
    pub fn words(self) -> &'static str {
        match self {
            Self::Attendance => "Attendance register",
            Self::Admission => "Admission register",
        }
    }
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decision {
    /// Kept to the end of a day, and reviewed again.
    KeepUntil(Day),
    /// To be destroyed.
    Destroy,
}

/// Records of one kind and site that were entered in one year were reviewed, as far as they were due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// Of which site.
    pub site: PlaceId,
    /// Which records.
    pub class: Class,
    /// The calendar year in which they were entered.
    pub year: i16,
    /// The day of the review: what became due later is not covered by it.
    pub day: Day,
    /// What was decided.
    pub decision: Decision,
    /// Why.
    pub reason: String,
}

impl Sound for Reviewed {
    fn is_sound(&self) -> bool {
        let after = match self.decision {
            Decision::KeepUntil(until) => until > self.day,
            Decision::Destroy => true,
        };
        after && is_line(&self.reason) && !self.reason.trim().is_empty()
    }
}
