//! What a family document holds of parents, court orders and addresses that are kept from somebody.
//!
//! Who an order bars is named in full, as the order names them: an import that puts contacts in another order cannot
//! move it to somebody else.
//!
//! Not here: who may be called and what shows to whom (see `known::family`).

use super::family::Address;
use super::{Sound, is_line, is_text};
use crate::calendar::Day;
use serde::{Deserialize, Serialize};

/// Numbers that one parent or contact can have: two mobiles, home, work and three to spare.
pub(super) const NUMBERS: usize = 8;
/// People that one order can bar.
const BARRED: usize = 8;

/// Where somebody lives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Home {
    /// It is not known.
    Unknown,
    /// At the pupil's first address.
    WithPupil,
    /// At the pupil's second address.
    AtSecond,
    /// Somewhere else.
    At(Address),
}

/// A known parent of the pupil.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    /// Names it, so that it can be amended.
    pub id: [u8; 16],
    /// Title.
    pub title: String,
    /// Every forename.
    pub forenames: String,
    /// Surname.
    pub surname: String,
    /// What they are to the pupil.
    pub relationship: String,
    /// Where they live.
    pub home: Home,
    /// The pupil normally lives with them.
    pub lives_with: bool,
    /// Emergency telephone numbers, the first to call first.
    pub numbers: Vec<String>,
    /// It was entered in error: kept, and shown no more.
    pub withdrawn: bool,
}

/// A second address of a pupil who lives at two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondAddress {
    /// The address; `None` when the pupil no longer has two.
    pub address: Option<Address>,
}

/// Whose address something is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum WhoseHome {
    /// The pupil's first.
    Pupil,
    /// The pupil's second.
    Second,
    /// A parent's or contact's own.
    Parent([u8; 16]),
}

/// An address is kept from somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confidential {
    /// Which address.
    pub of: WhoseHome,
    /// From whom, by full name. Nobody named: from everybody but the office.
    pub from: Vec<String>,
    /// Whether it is; `false` lifts it.
    pub holds: bool,
}

/// What a court ordered, or a like paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum OrderKind {
    /// A prohibited steps order.
    ProhibitedSteps,
    /// A non-molestation order.
    NonMolestation,
    /// A child arrangements order.
    ChildArrangements,
    /// A specific issue order.
    SpecificIssue,
    /// An occupation order.
    Occupation,
    /// A restraining order.
    Restraining,
    /// A care order.
    Care,
    /// An interim care order.
    InterimCare,
    /// A supervision order.
    Supervision,
    /// A special guardianship order.
    SpecialGuardianship,
    /// An emergency protection order.
    EmergencyProtection,
    /// Another: the words say which.
    Other,
}

/// An order that concerns a pupil.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Names it, so that it can be amended.
    pub id: [u8; 16],
    /// Of which kind.
    pub kind: OrderKind,
    /// What it says, in a few words, and which paper the school has seen.
    pub words: String,
    /// From this day on.
    pub from: Day,
    /// Up to and with this day; `None` until further order.
    pub to: Option<Day>,
    /// Whom it bars, by full name.
    pub bars: Vec<String>,
    /// They may not be called or written to.
    pub calling: bool,
    /// They may not collect the pupil.
    pub collecting: bool,
    /// It was entered in error, or discharged: kept, and in force no more.
    pub withdrawn: bool,
}

/// A move that was notified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The future address.
    pub address: Address,
    /// The full name of the parent with whom the pupil will live there.
    pub parent: String,
    /// From which day.
    pub from: Option<Day>,
    /// The day on which the school was told.
    pub told: Day,
    /// It has happened, or is off: kept, and expected no more.
    pub withdrawn: bool,
}

impl WhoseHome {
    /// Whose secret a home is: somebody who lives with the pupil shares the pupil's. `own` names the parent.
    pub fn of(home: &Home, own: [u8; 16]) -> Self {
        match home {
            Home::WithPupil => Self::Pupil,
            Home::AtSecond => Self::Second,
            Home::At(_) | Home::Unknown => Self::Parent(own),
        }
    }
}

impl OrderKind {
    /// Every kind, in the order of a choice.
    pub const ALL: [Self; 12] = [
        Self::ProhibitedSteps,
        Self::NonMolestation,
        Self::ChildArrangements,
        Self::SpecificIssue,
        Self::Occupation,
        Self::Restraining,
        Self::Care,
        Self::InterimCare,
        Self::Supervision,
        Self::SpecialGuardianship,
        Self::EmergencyProtection,
        Self::Other,
    ];

    /// As people say it.
    pub fn words(self) -> &'static str {
        match self {
            Self::ProhibitedSteps => "Prohibited steps order",
            Self::NonMolestation => "Non-molestation order",
            Self::ChildArrangements => "Child arrangements order",
            Self::SpecificIssue => "Specific issue order",
            Self::Occupation => "Occupation order",
            Self::Restraining => "Restraining order",
            Self::Care => "Care order",
            Self::InterimCare => "Interim care order",
            Self::Supervision => "Supervision order",
            Self::SpecialGuardianship => "Special guardianship order",
            Self::EmergencyProtection => "Emergency protection order",
            Self::Other => "Order",
        }
    }
}

impl Order {
    /// Whether it holds on a day.
    pub fn holds(&self, day: Day) -> bool {
        !self.withdrawn && self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

impl Parent {
    /// `Mr Daniel John Byrne`.
    pub fn full(&self) -> String {
        let parts = [&self.title, &self.forenames, &self.surname];
        parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    }
}

fn names_sound(names: &[String]) -> bool {
    names.len() <= BARRED && names.iter().all(|name| is_line(name) && !name.trim().is_empty())
}

impl Sound for Home {
    fn is_sound(&self) -> bool {
        match self {
            Self::At(address) => address.is_sound(),
            Self::Unknown | Self::WithPupil | Self::AtSecond => true,
        }
    }
}

impl Sound for Parent {
    fn is_sound(&self) -> bool {
        self.home.is_sound()
            && [&self.title, &self.forenames, &self.surname, &self.relationship].iter().all(|text| is_line(text))
            && self.numbers.len() <= NUMBERS
            && self.numbers.iter().all(|number| is_line(number))
    }
}

impl Sound for SecondAddress {
    fn is_sound(&self) -> bool {
        self.address.as_ref().is_none_or(Sound::is_sound)
    }
}

impl Sound for Confidential {
    fn is_sound(&self) -> bool {
        names_sound(&self.from)
    }
}

impl Sound for Order {
    fn is_sound(&self) -> bool {
        is_text(&self.words) && self.to.is_none_or(|to| self.from <= to) && names_sound(&self.bars)
    }
}

impl Sound for Move {
    fn is_sound(&self) -> bool {
        self.address.is_sound() && is_line(&self.parent)
    }
}
