//! What a pupil's care document holds.

use super::{Sound, is_line, is_text, values};
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

/// What whoever leads a pupil out of a building must know beside medical conditions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FireNote {
    /// The adult who is with them one to one; may be empty.
    pub one_to_one: String,
    /// May hide from the alarm.
    pub may_hide: bool,
    /// May run away.
    pub may_abscond: bool,
}

values! {
    /// A fact of a care document.
    CareFact {
        /// A condition.
        701 => Medical,
        /// The evacuation plan.
        702 => Evacuation,
        /// What to know when leaving the building.
        703 => FireNote,
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

impl Sound for FireNote {
    fn is_sound(&self) -> bool {
        is_line(&self.one_to_one)
    }
}
