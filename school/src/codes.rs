//! Attendance codes: the table that holds on the date of the mark, and each code's rules.
//!
//! The table is data with dates (`data/attendance_codes.csv`), and a school may read in the rows of a newer list
//! ([`Codes::with`]), so that next year's list is a file and not a release. A mark is read by the table of its own
//! day: a `J` of March 2024 still counts as attended.
//!
//! Presence is not attendance: [`OnSite`] is about the body, [`Class`] about the statistics. `U` is an absence in
//! the figures, and in the building.

mod beside;
mod table;

pub use beside::{CodeError, arrival, check_age, check_beside, check_close};
pub use table::{BadRow, Codes};

use crate::calendar::{Day, Half};
use serde::{Deserialize, Serialize};

/// A code as it is written: one or two characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Code([u8; 2]);

impl Code {
    /// Present in the morning.
    pub const PRESENT_AM: Self = Self([b'/', 0]);
    /// Present in the afternoon.
    pub const PRESENT_PM: Self = Self([b'\\', 0]);
    /// Late, before the register closed.
    pub const LATE: Self = Self([b'L', 0]);
    /// Arrived after the register closed.
    pub const AFTER_CLOSE: Self = Self([b'U', 0]);
    /// The whole site is unexpectedly closed.
    pub const SITE_CLOSED: Self = Self([b'Y', b'4']);
    /// Reason not yet established.
    pub const NO_REASON: Self = Self([b'N', 0]);
    /// At a medical or dental appointment.
    pub const MEDICAL: Self = Self([b'M', 0]);
    /// Kept away by something whose kind not everybody is to learn.
    pub const SENSITIVE: Self = Self([b'Y', b'5']);
    /// A planned closure of the whole school: set by the calendar, never by hand.
    pub const CLOSED: Self = Self([b'#', 0]);
    /// Ill.
    pub const ILL: Self = Self([b'I', 0]);

    /// From one or two printable characters, in upper case; `None` for anything else. Whether the code exists is
    /// for [`Codes::on`] to say.
    pub fn new(text: &str) -> Option<Self> {
        match *text.as_bytes() {
            [one] if one.is_ascii_graphic() => Some(Self([one.to_ascii_uppercase(), 0])),
            [one, two] if one.is_ascii_graphic() && two.is_ascii_graphic() => {
                Some(Self([one.to_ascii_uppercase(), two.to_ascii_uppercase()]))
            }
            _ => None,
        }
    }

    /// `/` in a morning, `\` in an afternoon.
    pub fn present(half: Half) -> Self {
        match half {
            Half::Am => Self::PRESENT_AM,
            Half::Pm => Self::PRESENT_PM,
        }
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        let bytes = if self.0[1] == 0 { &self.0[..1] } else { &self.0[..] };
        std::str::from_utf8(bytes).unwrap_or("?")
    }

    /// Whether it could have been made by [`Code::new`].
    pub(crate) fn is_well_formed(self) -> bool {
        Self::new(self.as_str()) == Some(self)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a code counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Class {
    /// In school.
    Attending,
    /// Educated elsewhere with the school's approval: counts as attended.
    ApprovedActivity,
    /// Absent with leave.
    Authorised,
    /// Absent without.
    Unauthorised,
    /// Could not have attended: outside the figures.
    NotPossible,
    /// Not collected: outside the figures.
    NotCollected,
}

impl Class {
    /// Counts as attended.
    pub fn is_attended(self) -> bool {
        matches!(self, Self::Attending | Self::ApprovedActivity)
    }

    /// Counts in the denominator: attended, or absent with leave or without.
    pub fn is_possible(self) -> bool {
        self.is_attended() || matches!(self, Self::Authorised | Self::Unauthorised)
    }
}

/// Where the body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum OnSite {
    /// In the building.
    Yes,
    /// Not.
    No,
    /// In the building since the arrival time.
    Arrival,
    /// Nobody knows.
    Unknown,
}

/// What a code needs beside itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// Minutes after the session began.
    Minutes,
    /// A note is expected; its lack is worth a warning.
    Note,
    /// A text must be there.
    Text,
}

/// Whom a code is for, by compulsory school age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Age {
    /// Everybody.
    Any,
    /// Pupils of compulsory school age only.
    Within,
    /// Pupils who are younger or older only.
    Outside,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeInfo {
    /// The code.
    pub code: Code,
    /// What it means.
    pub meaning: String,
    /// The same in a few words, for a row of a register.
    pub short: String,
    /// How it counts.
    pub class: Class,
    /// Where the body is.
    pub on_site: OnSite,
    /// The only half it may stand in.
    pub half: Option<Half>,
    /// What it needs.
    pub needs: Needs,
    /// Whom it is for.
    pub age: Age,
    /// What has to be agreed beforehand, as in `part-time timetable`; empty for nothing. Without it, the mark is
    /// worth a warning.
    pub agreed: String,
    /// School days running after which the code is worth a warning; `None` for no such rule.
    pub longest_days: Option<u8>,
    /// First day it is valid.
    pub from: Option<Day>,
    /// Last day it is valid.
    pub to: Option<Day>,
    /// What would be right on days on which it is not; may be empty.
    pub otherwise: String,
    /// What the law asks of it, in a sentence or two; may be empty. Kept as a fact of its own
    /// ([`crate::facts::calendar::CodeRule`]), which an older program leaves alone.
    #[serde(skip)]
    pub rule: String,
}

impl CodeInfo {
    /// Whether a row that is held says all that this one does: a list without rules takes none away.
    pub fn is_told_by(&self, held: &Self) -> bool {
        let rule = if self.rule.is_empty() { &held.rule } else { &self.rule };
        *held == Self { rule: rule.clone(), ..self.clone() }
    }

    /// Whether it was in use on a day.
    pub fn is_valid_on(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

#[cfg(test)]
mod tests;
