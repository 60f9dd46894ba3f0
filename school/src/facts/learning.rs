//! What a pupil's learning document of one year holds.

use super::{Sound, is_line, values};
use serde::{Deserialize, Serialize};

/// Special educational needs as the export had them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs {
    /// Provision, such as `E` for a plan.
    pub provision: String,
    /// Primary need, such as `SLCN`.
    pub need: String,
}

values! {
    /// A fact of a learning document.
    LearningFact {
        /// Special needs.
        1101 => Needs,
    }
}

impl Sound for Needs {
    fn is_sound(&self) -> bool {
        is_line(&self.provision) && is_line(&self.need)
    }
}
