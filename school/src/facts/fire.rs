//! What the school's document says for a fire: duties and numbers of staff, the lock of the marshal's PIN, and the places
//! of a site where people are looked for or wait.

use super::{Sound, is_line};
use crate::ids::GroupId;
use crate::limits::{GROUPS_MEETING, PLACES};
use muster_core::id::{PersonId, PlaceId};
use serde::{Deserialize, Serialize};

/// What a member of staff does in a fire, and how they are called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FireDuty {
    /// Who.
    pub person: PersonId,
    /// A fire marshal.
    pub marshal: bool,
    /// Gives first aid.
    pub first_aid: bool,
    /// The number they carry at work; may be empty. Everybody on staff can read it.
    pub phone: String,
}

/// The lock of a site's care lines, which its marshals' PIN opens: bytes that only the program can open. Empty: there
/// is none any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarshalLock {
    /// The site.
    pub site: PlaceId,
    /// The lock.
    pub lock: Vec<u8>,
}

/// Where people of a site are looked for, and where they wait for help to leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SitePlaces {
    /// The site.
    pub site: PlaceId,
    /// Rooms and other places to look in.
    pub rooms: Vec<String>,
    /// Refuge points.
    pub refuges: Vec<String>,
    /// At which assembly point a group meets, for those that have one of their own.
    pub meets: Vec<(GroupId, String)>,
}

impl Sound for SitePlaces {
    fn is_sound(&self) -> bool {
        let all = || self.rooms.iter().chain(&self.refuges).chain(self.meets.iter().map(|(_, point)| point));
        self.rooms.len() <= PLACES
            && self.refuges.len() <= PLACES
            && self.meets.len() <= GROUPS_MEETING
            && all().all(|one| is_line(one) && !one.is_empty())
    }
}

impl Sound for FireDuty {
    fn is_sound(&self) -> bool {
        is_line(&self.phone)
    }
}

impl Sound for MarshalLock {
    fn is_sound(&self) -> bool {
        self.lock.len() <= 1_024
    }
}
