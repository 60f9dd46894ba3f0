//! What the area of figures holds: a week's attendance as it was published, in whole numbers, with no pupil in it.
//!
//! For whoever reads figures and no register. The numbers are those of the moment: they are published again when they
//! have changed.

use super::{Sound, is_line, is_minute, values};
use crate::calendar::Day;
use crate::figures::Tally;
use serde::{Deserialize, Serialize};

/// Pupils below which a part of the school has no figures of its own: a count of fewer could be read back to a child.
pub const PUPILS_LEAST: u32 = 10;

/// Numbers of sessions, each of 0 or more: see [`Tally`] for what is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sessions {
    /// Attended.
    pub attended: u32,
    /// Absent with leave.
    pub authorised: u32,
    /// Absent without.
    pub unauthorised: u32,
    /// Of those attended, late before the register closed.
    pub late: u32,
    /// Of those absent without leave, arrived after it closed.
    pub after_close: u32,
    /// Without a mark: in no share.
    pub unfilled: u32,
}

/// What a part of the school comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Pupils it is of: at least [`PUPILS_LEAST`].
    pub pupils: u32,
    /// In the week.
    pub week: Sessions,
    /// From 1 September to the end of the week.
    pub year: Sessions,
}

/// The figures of a week, of the school or one site, as the place of the document says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The Monday of the week.
    pub monday: Day,
    /// The name of whoever published it: its readers read no directory of staff.
    pub by: String,
    /// When, by their clock.
    pub day: Day,
    /// At which minute of that day.
    pub minute: u16,
    /// The figures; `None` where there are fewer than [`PUPILS_LEAST`] pupils, or where another part's could be worked
    /// out from these.
    pub part: Option<Part>,
}

values! {
    /// A fact of a document of figures.
    FiguresFact {
        /// A week's figures.
        1401 => Published,
    }
}

impl Sound for Published {
    fn is_sound(&self) -> bool {
        is_line(&self.by)
            && is_minute(self.minute)
            && self.monday.weekday() == 0
            && self.part.is_none_or(|part| part.pupils >= PUPILS_LEAST)
    }
}

impl From<&Tally> for Sessions {
    fn from(tally: &Tally) -> Self {
        Self {
            attended: tally.attended,
            authorised: tally.authorised,
            unauthorised: tally.unauthorised,
            late: tally.late_before_close,
            after_close: tally.late_after_close,
            unfilled: tally.unfilled,
        }
    }
}

impl From<Sessions> for Tally {
    fn from(sessions: Sessions) -> Self {
        Self {
            attended: sessions.attended,
            authorised: sessions.authorised,
            unauthorised: sessions.unauthorised,
            late_before_close: sessions.late,
            late_after_close: sessions.after_close,
            unfilled: sessions.unfilled,
            ..Self::default()
        }
    }
}
