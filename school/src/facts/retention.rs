//! What the school's document holds of reviews of old records: who looked at which, and what was decided.
//!
//! Everybody on staff reads it: it says a kind of record, a site and a year, and nobody's name. A decision destroys
//! nothing: it says what is due.

use super::{Sound, is_line};
use crate::calendar::Day;
use muster_core::id::PlaceId;
use serde::{Deserialize, Serialize};

/// A kind of record that is kept for years and then reviewed. Stored by place: add at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Class {
    /// Marks and amendments.
    Attendance,
    /// Entries of the admission register.
    Admission,
    /// What is kept of a pupil.
    PupilFile,
    /// The same of a pupil with special needs.
    SpecialNeeds,
    /// Concerns.
    ChildProtection,
    /// Restraint, seclusion, serious accidents.
    Accidents,
    /// A pupil's care.
    Medical,
    /// Who visited.
    Visitors,
    /// Roll calls.
    Drills,
    /// Consents for trips.
    Trips,
    /// What is kept of staff.
    Staff,
    /// Consents for photographs.
    Photographs,
    /// Key documents that another took the place of.
    KeyDocuments,
    /// The trail of use.
    Trail,
}

impl Class {
    /// All, in the order of a list.
    pub const ALL: [Self; 14] = [
        Self::Attendance,
        Self::Admission,
        Self::PupilFile,
        Self::SpecialNeeds,
        Self::ChildProtection,
        Self::Accidents,
        Self::Medical,
        Self::Visitors,
        Self::Drills,
        Self::Trips,
        Self::Staff,
        Self::Photographs,
        Self::KeyDocuments,
        Self::Trail,
    ];

    /// As in a list.
    pub fn words(self) -> &'static str {
        match self {
            Self::Attendance => "Attendance register",
            Self::Admission => "Admission register",
            Self::PupilFile => "Pupil files",
            Self::SpecialNeeds => "Pupil files with special needs",
            Self::ChildProtection => "Child protection",
            Self::Accidents => "Restraint and serious accidents",
            Self::Medical => "Medical and care plans",
            Self::Visitors => "Visitor book",
            Self::Drills => "Fire drill log",
            Self::Trips => "Consents for trips",
            Self::Staff => "Staff files",
            Self::Photographs => "Consents for photographs",
            Self::KeyDocuments => "Key documents that were replaced",
            Self::Trail => "Trail of use",
        }
    }

    /// Which of them a year stands for, as in `Attendance register entered in 2026`.
    pub fn of_year(self, year: i16) -> String {
        match self {
            Self::Attendance | Self::Admission => format!("entered in {year}"),
            Self::PupilFile | Self::SpecialNeeds | Self::ChildProtection | Self::Medical => {
                format!("of those born in {year}")
            }
            _ => format!("of {year}"),
        }
    }

    /// So many of them.
    pub fn many(self, many: u64) -> String {
        let (one, more) = match self {
            Self::PupilFile | Self::SpecialNeeds | Self::ChildProtection | Self::Medical | Self::Staff => {
                ("file", "files")
            }
            Self::Visitors => ("day", "days"),
            Self::Drills => ("roll call", "roll calls"),
            _ => ("entry", "entries"),
        };
        format!("{many} {}", if many == 1 { one } else { more })
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

/// Records of one kind and site and of one year were reviewed, as far as they were due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// Of which site.
    pub site: PlaceId,
    /// Which records.
    pub class: Class,
    /// The calendar year in which they were entered, of those born in it, or of it: see [`Class::of_year`].
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
