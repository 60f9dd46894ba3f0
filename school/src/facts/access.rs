//! What the access document of a site and week holds: who opened what. Who and when is the entry's own.

use super::{Sound, is_line, values};
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody signed in.
    SignedIn,
    /// Somebody signed out, or locked the device.
    SignedOut,
    /// Wrong passphrases, so many in a row.
    FailedTries(u16),
    /// The fire register was opened.
    OpenedFire {
        /// With nobody signed in.
        locked: bool,
    },
    /// The fire register was closed after so many seconds.
    ClosedFire(u32),
    /// Something was exported: what, and how many people.
    Exported {
        /// What.
        what: String,
        /// How many people it is about.
        people: u32,
    },
    /// A school's files were imported.
    Imported {
        /// Rows that went in.
        rows: u32,
        /// Rows that did not.
        rejected: u32,
    },
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// What happened.
    pub event: Event,
}

values! {
    /// A fact of an access document.
    AccessFact {
        /// An event.
        1001 => Access,
    }
}

impl Sound for Access {
    fn is_sound(&self) -> bool {
        match &self.event {
            Event::Exported { what, .. } => is_line(what),
            _ => true,
        }
    }
}
