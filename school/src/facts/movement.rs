//! What a roll holds beside who is expected and who was seen: movements between sites, trips, duties, a closed day, and
//! the day's care lines, sealed.
//!
//! What is sealed is opaque here: the program seals it and opens it, and says with what.

use super::{Sound, is_line, is_minute};
use crate::ids::{GroupId, Who};
use crate::limits::{CARE_BYTES, GROUPS_MEETING, PEOPLE_PER_FACT, PLACES};
use muster_core::id::{PersonId, PlaceId};
use serde::{Deserialize, Serialize};

/// Somebody set out from one site for another. Stands in the rolls of both, so that neither needs the other's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Who, with the names and the help that the receiving site shows.
    pub person: super::roll::Person,
    /// Class, `Staff`, or what they are called at home.
    pub group: String,
    /// From which site, and its name.
    pub from: (PlaceId, String),
    /// To which site, and its name.
    pub to: (PlaceId, String),
    /// Minutes since midnight at which they set out.
    pub minute: u16,
    /// A short word; may be empty.
    pub note: String,
}

/// A trip set out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trip {
    /// The trip.
    pub id: [u8; 16],
    /// As in `Swimming`.
    pub title: String,
    /// Who leads it, with the name as a list shows it.
    pub leader: Option<PersonId>,
    /// The leader's name.
    pub leader_name: String,
    /// The leader's number; may be empty.
    pub phone: String,
    /// Minutes since midnight at which it set out.
    pub out: u16,
    /// Minutes since midnight at which it is due back.
    pub due: u16,
    /// Who is with it, the leader too.
    pub people: Vec<Who>,
}

/// A trip is back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TripBack {
    /// The trip.
    pub id: [u8; 16],
    /// Minutes since midnight.
    pub minute: u16,
}

/// Who on this site is a fire marshal, who gives first aid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duties {
    /// Fire marshals.
    pub marshals: Vec<PersonId>,
    /// First-aiders.
    pub first_aiders: Vec<PersonId>,
}

/// The site is closed to pupils on this day; why, as in `Training day`. Empty: it is open after all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Why.
    pub label: String,
}

/// The day's care lines and numbers to call: bytes that only the program can open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedCare {
    /// What the marshal's PIN opens.
    pub lock: Vec<u8>,
    /// What that opens.
    pub sealed: Vec<u8>,
}

/// Where people of the site are looked for, and where they wait for help to leave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// Rooms and other places to look in.
    pub rooms: Vec<String>,
    /// Refuge points.
    pub refuges: Vec<String>,
    /// At which assembly point a group meets, for those that have one of their own.
    pub meets: Vec<(GroupId, String)>,
}

impl Sound for Places {
    fn is_sound(&self) -> bool {
        self.rooms.len() <= PLACES
            && self.refuges.len() <= PLACES
            && self.meets.len() <= GROUPS_MEETING
            && self.rooms.iter().chain(&self.refuges).all(|one| is_line(one))
            && self.meets.iter().all(|(_, point)| is_line(point))
    }
}

impl Sound for Moved {
    fn is_sound(&self) -> bool {
        let person = &self.person;
        [&person.surname, &person.forename, &self.group, &self.from.1, &self.to.1, &self.note]
            .iter()
            .all(|text| is_line(text))
            && person.help.len() <= 8
            && person.help.iter().all(|line| is_line(line))
            && is_minute(self.minute)
            && self.from.0 != self.to.0
    }
}

impl Sound for Trip {
    fn is_sound(&self) -> bool {
        [&self.title, &self.leader_name, &self.phone].iter().all(|text| is_line(text))
            && !self.title.trim().is_empty()
            && is_minute(self.out)
            && is_minute(self.due)
            && self.people.len() <= PEOPLE_PER_FACT
    }
}

impl Sound for TripBack {
    fn is_sound(&self) -> bool {
        is_minute(self.minute)
    }
}

impl Sound for Duties {
    fn is_sound(&self) -> bool {
        self.marshals.len() <= PEOPLE_PER_FACT && self.first_aiders.len() <= PEOPLE_PER_FACT
    }
}

impl Sound for Closed {
    fn is_sound(&self) -> bool {
        is_line(&self.label)
    }
}

impl Sound for SealedCare {
    fn is_sound(&self) -> bool {
        self.lock.len() <= 1_024 && self.sealed.len() <= CARE_BYTES
    }
}
