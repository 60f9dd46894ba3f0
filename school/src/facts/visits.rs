//! What the visitors' document of a site and day holds.

use super::{Sound, is_line, is_minute, values};
use crate::ids::VisitId;
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

values! {
    /// A fact about visitors.
    VisitFact {
        /// An arrival.
        401 => Arrived,
        /// A departure.
        402 => Left,
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
