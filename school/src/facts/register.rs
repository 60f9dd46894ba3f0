//! What a register's document holds: one fact a mark, so that two people's marks of one class merge by pupil.
//!
//! A mark replaces the marks it names, and no others. It holds the pupil's random id and no text about them: free
//! text lives in the pupil's own document. Thirty marks are some 22 bytes each before compression.

use super::{Sound, is_text, values};
use crate::codes::Code;
use crate::ids::PupilId;
use crate::limits::MINUTES_LATE;
use muster_core::id::PersonId;
use serde::{Deserialize, Serialize};

/// A mark, made when the register was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Whose.
    pub pupil: PupilId,
    /// The session's place in the week: Monday morning 0 to Sunday afternoon 13.
    pub session: u8,
    /// The code.
    pub code: Code,
    /// Minutes after the session began, for codes that have them.
    pub minutes: Option<u16>,
}

/// A mark brought from the system that the school had before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported(pub Mark);

/// A change of a mark after the register closed, or a settlement: stands over the marks of the class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amendment {
    /// Whose.
    pub pupil: PupilId,
    /// The session's place in the week.
    pub session: u8,
    /// The code; `None` when the mark was withdrawn.
    pub code: Option<Code>,
    /// Minutes late.
    pub minutes: Option<u16>,
    /// Why. Says nothing about the pupil that the code does not.
    pub reason: String,
}

/// A mark taken back while the register was open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cleared {
    /// Whose.
    pub pupil: PupilId,
    /// The session's place in the week.
    pub session: u8,
}

/// Somebody finished the register of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finished {
    /// The session's place in the week.
    pub session: u8,
}

/// Somebody takes the register of a session in place of the one whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    /// The session's place in the week.
    pub session: u8,
    /// Whose register it is.
    pub instead_of: PersonId,
}

values! {
    /// A fact of a register.
    RegisterFact {
        /// A mark.
        201 => Mark,
        /// An amendment.
        202 => Amendment,
        /// A mark taken back.
        203 => Cleared,
        /// The register of a session is finished.
        204 => Finished,
        /// An imported mark.
        205 => Imported,
        /// Cover.
        206 => Covered,
    }
}

impl RegisterFact {
    /// Pupil and place in the week, for a fact about a mark.
    pub fn about(&self) -> Option<(PupilId, u8)> {
        match self {
            Self::Mark(mark) | Self::Imported(Imported(mark)) => Some((mark.pupil, mark.session)),
            Self::Amendment(amendment) => Some((amendment.pupil, amendment.session)),
            Self::Cleared(cleared) => Some((cleared.pupil, cleared.session)),
            Self::Finished(_) | Self::Covered(_) | Self::Unknown { .. } => None,
        }
    }

    /// The code that it gives; `None` for none.
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Mark(mark) | Self::Imported(Imported(mark)) => Some(mark.code),
            Self::Amendment(amendment) => amendment.code,
            Self::Cleared(_) | Self::Finished(_) | Self::Covered(_) | Self::Unknown { .. } => None,
        }
    }

    /// The minutes late that it gives.
    pub fn minutes(&self) -> Option<u16> {
        match self {
            Self::Mark(mark) | Self::Imported(Imported(mark)) => mark.minutes,
            Self::Amendment(amendment) => amendment.minutes,
            Self::Cleared(_) | Self::Finished(_) | Self::Covered(_) | Self::Unknown { .. } => None,
        }
    }
}

fn minutes_sound(minutes: Option<u16>) -> bool {
    minutes.is_none_or(|minutes| minutes <= MINUTES_LATE)
}

impl Sound for Mark {
    fn is_sound(&self) -> bool {
        self.session < 14 && self.code.is_well_formed() && minutes_sound(self.minutes)
    }
}

impl Sound for Imported {
    fn is_sound(&self) -> bool {
        self.0.is_sound()
    }
}

impl Sound for Amendment {
    fn is_sound(&self) -> bool {
        self.session < 14
            && self.code.is_none_or(Code::is_well_formed)
            && minutes_sound(self.minutes)
            && is_text(&self.reason)
    }
}

impl Sound for Cleared {
    fn is_sound(&self) -> bool {
        self.session < 14
    }
}

impl Sound for Covered {
    fn is_sound(&self) -> bool {
        self.session < 14
    }
}

impl Sound for Finished {
    fn is_sound(&self) -> bool {
        self.session < 14
    }
}
