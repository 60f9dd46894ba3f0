//! What a safeguarding case holds: the concern as it was written, what was added, and who read it.
//!
//! Nothing in it is ever replaced. Who can read it is the engine's to keep; the names here only say who was meant.

use super::{Sound, is_account, is_line, values};
use crate::ids::PupilId;
use crate::limits::PEOPLE_PER_FACT;
use muster_core::id::PersonId;
use serde::{Deserialize, Serialize};

/// The concern. Who wrote it, and when, is the entry's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concern {
    /// Pupils it is about.
    pub pupils: Vec<PupilId>,
    /// Whom it is about in words, where it is not a pupil, or not only.
    pub about: String,
    /// When it was seen or heard, in milliseconds since 1970 UTC.
    pub seen_ms: i64,
    /// What was seen or said, in their words.
    pub words: String,
    /// Of what category, as in `Neglect`.
    pub category: String,
    /// Which kind of it, as in `Food`; may be empty.
    pub kind: String,
    /// Who was told, beside the safeguarding leads.
    pub told: Vec<PersonId>,
    /// Who must not read it.
    pub left_out: Vec<PersonId>,
}

/// Something added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What.
    pub words: String,
}

/// Something done about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What.
    pub words: String,
}

/// The entry's author says that they have read the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkedRead {
    /// How many things that others said stood there then. A count, since no clock says what had arrived.
    pub said: u32,
}

/// The entry's author opened the file to read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {}

values! {
    /// A fact of a case.
    CaseFact {
        /// The concern.
        1201 => Concern,
        /// Something added.
        1202 => Note,
        /// Somebody opened it.
        1203 => Reading,
        /// Something done about it.
        1204 => Action,
        /// Somebody says that they have read it.
        1205 => MarkedRead,
    }
}

impl Sound for Concern {
    fn is_sound(&self) -> bool {
        let people = [self.pupils.len(), self.told.len(), self.left_out.len()];
        people.iter().all(|many| *many <= PEOPLE_PER_FACT)
            && is_line(&self.about)
            && is_line(&self.category)
            && is_line(&self.kind)
            && is_account(&self.words)
    }
}

impl Sound for Note {
    fn is_sound(&self) -> bool {
        is_account(&self.words)
    }
}

impl Sound for Action {
    fn is_sound(&self) -> bool {
        is_account(&self.words)
    }
}

impl Sound for MarkedRead {
    fn is_sound(&self) -> bool {
        true
    }
}

impl Sound for Reading {
    fn is_sound(&self) -> bool {
        true
    }
}
