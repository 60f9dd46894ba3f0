//! A roll call while it runs, and its report.

use super::fire::{EventKind, Letters};
use super::{AsOf, EventId, SubjectId};
use crate::view::status::Status;
use muster_core::document::fact::FactRef;

/// One roll call.
#[derive(Clone, Debug, PartialEq)]
pub struct CallView {
    /// Which event.
    pub event: EventId,
    /// Drill, real or keep inside: stays in the band for the whole event.
    pub kind: EventKind,
    /// `started 09:17, 4 minutes ago`.
    pub started: String,
    /// Age of the list the event works from, and its gaps.
    pub as_of: AsOf,
    /// Not yet found, not found, and check.
    pub to_find: u32,
    /// Of them: two marshals disagree.
    pub to_check: u32,
    /// Found.
    pub found: u32,
    /// Everybody on the list.
    pub total: u32,
    /// Everybody: check first, then looked for and not found, then the rest by surname, then the found.
    pub rows: Vec<CallRow>,
    /// The groups to filter by.
    pub classes: Vec<String>,
    /// The letter bar.
    pub letters: Vec<Letters>,
    /// Places to choose from for *not found* and *found*, such as assembly points. May be empty.
    pub places: Vec<String>,
    /// `Marks on 3 devices at 09:21.`
    pub spread: String,
    /// The marks are on other devices too.
    pub shared: bool,
    /// `H. Marsh, T. Okafor, S. Reid (claimed)`.
    pub marshals: String,
    /// What undo would take back: `Found Rhys Davies`. `None` when there is nothing.
    pub undo: Option<String>,
    /// The report, once the event has ended.
    pub report: Option<CallReport>,
}

/// One person in a roll call.
#[derive(Clone, Debug, PartialEq)]
pub struct CallRow {
    /// Who.
    pub person: SubjectId,
    /// Surname first.
    pub name: String,
    /// First name first, for searching and for readers that speak.
    pub spoken: String,
    /// Class, `Staff`, `Visitor`, or `Added` for somebody not on the list.
    pub group: String,
    /// Check, not found, to find, or found.
    pub status: Status,
    /// Last known place and source.
    pub evidence: String,
    /// Who says what, for check and found: `Found by T. Okafor 09:19. Not found by H. Marsh 09:20`. Else empty.
    pub said: String,
    /// Where somebody looked: `yard`. Empty when nobody did or none was given.
    pub looked: String,
    /// Help needed to leave.
    pub help: Vec<String>,
    /// The marks that a settlement has to name.
    pub marks: Vec<FactRef>,
    /// The letter of the bar.
    pub letter: char,
}

/// What is left of an event after its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallReport {
    /// `Drill, Monday 23 November 2026, 09:17 to 09:31, Harbour site`.
    pub title: String,
    /// Sentences, in order: counts, times, marshals.
    pub lines: Vec<String>,
    /// Those who were never found, by name.
    pub never_found: Vec<String>,
}
