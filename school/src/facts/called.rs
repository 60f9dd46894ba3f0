//! A call about an absence, as a pupil's document keeps it.

use super::{Sound, is_line, is_minute, is_text};
use crate::calendar::Day;
use crate::codes::Code;
use serde::{Deserialize, Serialize};

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Somebody answered.
    Reached,
    /// A message was left.
    LeftMessage,
    /// Nobody answered.
    NoAnswer,
    /// The number is not, or no longer, theirs.
    WrongNumber,
}

impl Outcome {
    /// All, as a form offers them.
    pub const ALL: [Self; 4] = [Self::Reached, Self::LeftMessage, Self::NoAnswer, Self::WrongNumber];

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Reached => "Reached",
            Self::LeftMessage => "Message left",
            Self::NoAnswer => "No answer",
            Self::WrongNumber => "Wrong number",
        }
    }
}

/// A call about an absence. Each is kept; none replaces another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// The day of the absence.
    pub about: Day,
    /// The day of the call.
    pub day: Day,
    /// Its minute.
    pub minute: u16,
    /// Whom, as in `Grace Byrne, mother`. Never empty.
    pub whom: String,
    /// What came of it.
    pub outcome: Outcome,
    /// What was said.
    pub words: String,
    /// The code that the reason came to, where one was entered with the call.
    pub code: Option<Code>,
}

impl Sound for Called {
    fn is_sound(&self) -> bool {
        !self.whom.trim().is_empty()
            && is_line(&self.whom)
            && is_minute(self.minute)
            && is_text(&self.words)
            && self.code.is_none_or(Code::is_well_formed)
    }
}
