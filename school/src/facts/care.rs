//! What a pupil's care document holds.

use super::{Sound, is_text, values};
use serde::{Deserialize, Serialize};

/// A medical condition and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Medical {
    /// The condition.
    pub condition: String,
    /// What to do, in one line.
    pub action: String,
}

/// Whether there is a personal emergency evacuation plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evacuation {
    /// The pupil needs help to leave.
    pub needs_help: bool,
    /// The short instruction that a fire list may show; may be empty.
    pub instruction: String,
}

values! {
    /// A fact of a care document.
    CareFact {
        /// A condition.
        701 => Medical,
        /// The evacuation plan.
        702 => Evacuation,
    }
}

impl Sound for Medical {
    fn is_sound(&self) -> bool {
        is_text(&self.condition) && is_text(&self.action)
    }
}

impl Sound for Evacuation {
    fn is_sound(&self) -> bool {
        is_text(&self.instruction)
    }
}
