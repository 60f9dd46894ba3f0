//! What the visitors' document of a site and day holds.

use super::{Sound, is_line, is_minute, values};
use crate::ids::{VisitId, Who};
use muster_core::id::PersonId;
use serde::{Deserialize, Serialize};

/// A visitor or contractor came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrived {
    /// The visit.
    pub visit: VisitId,
    /// Their name.
    pub name: String,
    /// Firm or authority.
    pub organisation: String,
    /// Whom they see.
    pub host: Option<PersonId>,
    /// The host as shown to a device with nobody signed in, such as `R. Adeyemi`.
    pub host_name: String,
    /// The badge.
    pub badge: String,
    /// Minutes since midnight.
    pub minute: u16,
}

/// A visitor left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// The visit.
    pub visit: VisitId,
    /// Minutes since midnight.
    pub minute: u16,
}

/// What somebody who comes to the door is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ComerKind {
    /// Visits somebody.
    #[default]
    Visitor,
    /// Works on the building or brings something.
    Contractor,
    /// Works here for an agency today.
    Agency,
    /// Helps without pay.
    Volunteer,
    /// A member of staff.
    Staff,
    /// A pupil.
    Pupil,
}

impl ComerKind {
    /// All, in the order they are offered.
    pub const ALL: [Self; 6] =
        [Self::Visitor, Self::Contractor, Self::Agency, Self::Volunteer, Self::Staff, Self::Pupil];

    /// The word on its button, and in lists.
    pub fn word(self) -> &'static str {
        match self {
            Self::Visitor => "Visitor",
            Self::Contractor => "Contractor",
            Self::Agency => "Agency",
            Self::Volunteer => "Volunteer",
            Self::Staff => "Staff",
            Self::Pupil => "Pupil",
        }
    }

    /// What the second line of its form asks for: `Firm or authority`, `Class`.
    pub fn asks(self) -> &'static str {
        match self {
            Self::Visitor | Self::Contractor | Self::Volunteer => "Firm or authority",
            Self::Agency => "Agency",
            Self::Staff => "Job",
            Self::Pupil => "Class",
        }
    }

    /// From the word, in any case.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word().eq_ignore_ascii_case(word.trim()))
    }
}

/// More about somebody who came, beside the [`Arrived`] that a program of before reads, too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// The visit.
    pub visit: VisitId,
    /// What they are.
    pub kind: ComerKind,
    /// Vehicle registration; may be empty.
    pub vehicle: String,
    /// Where they work; may be empty.
    pub working: String,
    /// A number to call them on; may be empty.
    pub phone: String,
    /// They typed their own name, at a kiosk: a member of staff or a pupil may be meant who is on a list.
    pub typed: bool,
}

/// Somebody went who typed their own name, at a kiosk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedOut {
    /// Names this line.
    pub visit: VisitId,
    /// What they are.
    pub kind: ComerKind,
    /// The name as typed.
    pub name: String,
    /// Firm, class or job as typed; may be empty.
    pub organisation: String,
    /// Minutes since midnight.
    pub minute: u16,
}

/// Who a line from a kiosk is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    /// The line.
    pub visit: VisitId,
    /// Who it is.
    pub who: Who,
}

values! {
    /// A fact about visitors.
    VisitFact {
        /// An arrival.
        401 => Arrived,
        /// A departure.
        402 => Left,
        /// More about an arrival.
        403 => Details,
        /// A departure by typed name.
        404 => TypedOut,
        /// Who a line from a kiosk is.
        405 => Matched,
    }
}

impl Sound for Arrived {
    fn is_sound(&self) -> bool {
        [&self.name, &self.organisation, &self.host_name, &self.badge].iter().all(|text| is_line(text))
            && !self.name.is_empty()
            && is_minute(self.minute)
    }
}

impl Sound for Left {
    fn is_sound(&self) -> bool {
        is_minute(self.minute)
    }
}

impl Sound for Details {
    fn is_sound(&self) -> bool {
        [&self.vehicle, &self.working, &self.phone].iter().all(|text| is_line(text))
    }
}

impl Sound for TypedOut {
    fn is_sound(&self) -> bool {
        is_line(&self.name) && is_line(&self.organisation) && !self.name.trim().is_empty() && is_minute(self.minute)
    }
}

impl Sound for Matched {
    fn is_sound(&self) -> bool {
        true
    }
}
