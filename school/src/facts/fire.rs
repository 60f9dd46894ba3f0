//! What the school's document says for a fire: duties and numbers of staff, and the lock of the marshal's PIN.

use super::{Sound, is_line};
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
