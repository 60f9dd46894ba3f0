//! Drills and other roll calls of a site: those there were, the next one due, what was learned.

use super::call::CallReport;
use super::fire::EventKind;
use super::{AsOf, EventId};

/// The history of a site's roll calls.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DrillsView {
    /// `Harbour site`.
    pub site: String,
    /// `The next drill is due by Friday 18 December 2026: none this term yet`, or
    /// `A drill was held this term, on Monday 23 November. The next is due by Thursday 1 April 2027`.
    pub next: String,
    /// No drill was held in a term that is over, or nearly.
    pub overdue: bool,
    /// By term, the newest first.
    pub terms: Vec<DrillTerm>,
    /// One of them in full.
    pub report: Option<CallReport>,
    /// Age of what is shown.
    pub as_of: AsOf,
}

/// A term.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DrillTerm {
    /// `Autumn term 2026`.
    pub name: String,
    /// `1 drill`, `No drill`.
    pub summary: String,
    /// No drill was held in it, and it is over.
    pub missed: bool,
    /// Its roll calls, the newest first.
    pub rows: Vec<DrillRow>,
}

/// A roll call that was.
#[derive(Clone, Debug, PartialEq)]
pub struct DrillRow {
    /// Which.
    pub event: EventId,
    /// Drill or real.
    pub kind: EventKind,
    /// `Monday 23 November 2026, 09:17`.
    pub when: String,
    /// `Everybody accounted for after 11 minutes`, `2 never found`.
    pub outcome: String,
    /// What was learned; may be empty.
    pub learned: String,
    /// `Signed by Helen Marsh, 24 November`; empty when it is not signed.
    pub signed: String,
}
