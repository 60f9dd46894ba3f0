//! That a pupil left early, as the pupil's document keeps it: who collected them is nobody's business at the door.

use super::{Sound, is_line, is_minute};
use crate::calendar::Day;
use muster_core::id::PersonId;
use serde::{Deserialize, Serialize};

/// A pupil left before the end of the day. Each is kept; none replaces another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collected {
    /// The day.
    pub day: Day,
    /// Minutes since midnight.
    pub minute: u16,
    /// Who collected them; empty when they left by themselves.
    pub by: String,
    /// The member of staff who released them.
    pub released_by: PersonId,
    /// A short word, such as `dentist`; may be empty.
    pub note: String,
    /// What was against it, and was seen by whoever released them; empty where nothing was.
    pub despite: String,
}

impl Sound for Collected {
    fn is_sound(&self) -> bool {
        is_minute(self.minute) && is_line(&self.by) && is_line(&self.note) && super::is_text(&self.despite)
    }
}
