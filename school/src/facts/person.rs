//! What the document of a member of staff holds. (Their name and job also stand in the school's directory.)

use super::{Sound, is_line, values};
use crate::roles::Role;
use muster_core::id::PlaceId;
use serde::{Deserialize, Serialize};

/// A post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// The code in exports.
    pub staff_code: String,
    /// The role that rights follow from.
    pub role: Role,
    /// Their sites; none means every site.
    pub sites: Vec<PlaceId>,
    /// E-mail at work.
    pub email: String,
}

values! {
    /// A fact about a member of staff.
    PersonFact {
        /// The post.
        901 => Post,
    }
}

impl Sound for Post {
    fn is_sound(&self) -> bool {
        is_line(&self.staff_code) && is_line(&self.email) && self.sites.len() <= 256
    }
}
