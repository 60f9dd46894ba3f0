//! What the school's document holds of returns to the authority, the printed register and the help beside it.
//!
//! Everybody on staff reads it: a return names a pupil by id, and says neither ground nor address.

use super::{Sound, is_line, is_minute, is_text};
use crate::calendar::Day;
use crate::ids::PupilId;
use muster_core::id::PlaceId;
use serde::{Deserialize, Serialize};

/// Times a day at which the register is printed, at most.
const PRINTINGS: usize = 8;

/// The local authority in whose area a site is: it gets the returns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    /// Of one site, or `None` for every site that has none of its own.
    pub site: Option<PlaceId>,
    /// Its number, such as `919`.
    pub number: String,
    /// Its name.
    pub name: String,
    /// Who there gets the returns, and how: as in `school.returns@example.gov.uk`.
    pub returns_to: String,
}

/// Which return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ReturnKind {
    /// A new pupil: the whole entry.
    NewPupil,
    /// A deletion.
    Deletion,
    /// Not attending regularly, or absent without leave for ten school days.
    Attendance,
    /// Ill for fifteen school days.
    Sickness,
}

/// A return was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// About whom.
    pub pupil: PupilId,
    /// Which.
    pub kind: ReturnKind,
    /// For which starting, leaving or reporting day: a pupil can come and go more than once.
    pub about: Day,
    /// When it was sent.
    pub day: Day,
    /// To whom.
    pub to: String,
}

/// When the registers of a site are printed by themselves, as a fallback on paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fallback {
    /// At one site, or `None` for every site that has none of its own.
    pub site: Option<PlaceId>,
    /// Minutes since midnight; none means never.
    pub at: Vec<u16>,
}

/// What a site adds to the one-page help for taking the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guide {
    /// Of one site, or `None` for every site that has none of its own.
    pub site: Option<PlaceId>,
    /// Whom to ask, and where they are.
    pub ask: String,
    /// Anything of the site's own.
    pub note: String,
}

impl Sound for Authority {
    fn is_sound(&self) -> bool {
        let digits = self.number.len() <= 3 && self.number.bytes().all(|byte| byte.is_ascii_digit());
        digits && is_line(&self.name) && is_line(&self.returns_to)
    }
}

impl Sound for Sent {
    fn is_sound(&self) -> bool {
        is_line(&self.to)
    }
}

impl Sound for Fallback {
    fn is_sound(&self) -> bool {
        self.at.len() <= PRINTINGS && self.at.iter().all(|minute| is_minute(*minute))
    }
}

impl Sound for Guide {
    fn is_sound(&self) -> bool {
        is_line(&self.ask) && is_text(&self.note)
    }
}
