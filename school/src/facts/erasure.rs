//! What an order to erase, or a hold, says in words: what it is of, on which ground, who asked.
//!
//! It lies where the records lay that it is of, and is written in the act that orders it: whoever might read those reads
//! this. It outlives them, so it says nothing about anybody by name.

use super::{Sound, is_line, values};
use serde::{Deserialize, Serialize};

/// The words of an order or a hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Of what, as in `The file of a pupil born in 2004`.
    pub what: String,
    /// Who asked, by what they are: `the pupil`, `a parent`, `the retention review of May`.
    pub asked_by: String,
    /// What else is to be known; may be empty.
    pub note: String,
}

impl Sound for Told {
    fn is_sound(&self) -> bool {
        is_line(&self.what) && is_line(&self.asked_by) && is_line(&self.note) && !self.asked_by.trim().is_empty()
    }
}

values! {
    /// A fact of an order to erase.
    ErasureFact {
        /// What it is of, and who asked.
        1601 => Told,
    }
}
