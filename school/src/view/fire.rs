//! The fire register: who is believed on site and why, as of when. Opens with nobody signed in.

use super::{AsOf, EventId, SubjectId};
use crate::view::status::Status;

/// What kind of event a roll call belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// A fire or other evacuation.
    Real,
    /// Reported as a drill.
    Drill,
    /// Silent and dim, doors shut.
    KeepInside,
}

impl EventKind {
    /// All three, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Real, Self::Drill, Self::KeepInside];

    /// The status whose shape and colour the event has.
    pub fn status(self) -> Status {
        match self {
            Self::Real => Status::Real,
            Self::Drill => Status::Drill,
            Self::KeepInside => Status::KeptInside,
        }
    }
}

/// The list before an event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FireView {
    /// `Harbour site`.
    pub site: String,
    /// Age and gaps.
    pub as_of: AsOf,
    /// How many to call.
    pub to_call: u32,
    /// Of them pupils.
    pub pupils: u32,
    /// Of them staff.
    pub staff: u32,
    /// Of them visitors.
    pub visitors: u32,
    /// How many must be called because nothing is certain of them.
    pub must_call: u32,
    /// Everybody to call: those who must be called first, then by surname.
    pub rows: Vec<FireRow>,
    /// The groups to filter by: `4B`, `Beech`, `Staff`, `Visitor`.
    pub classes: Vec<String>,
    /// The letter bar.
    pub letters: Vec<Letters>,
    /// Roll calls that already run at this site and may be joined.
    pub running: Vec<RunningCall>,
    /// `Opened 09:16 from the lock screen. This opening is in the audit.`
    pub opened: String,
    /// The assembly points, to look at and to choose from.
    pub places: Vec<String>,
}

/// One person to call.
#[derive(Clone, Debug, PartialEq)]
pub struct FireRow {
    /// Who.
    pub person: SubjectId,
    /// Surname first.
    pub name: String,
    /// Class, `Staff` or `Visitor`.
    pub group: String,
    /// Present, or must be called.
    pub status: Status,
    /// Last known place and its source: `Present, Register Beech, 08:52`. Never a guess without its source.
    pub evidence: String,
    /// Help needed to leave: `Evac chair, two adults`.
    pub help: Vec<String>,
    /// The letter of the bar that the person stands under, upper case.
    pub letter: char,
}

/// A range of the letter bar, ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letters {
    /// First letter, upper case.
    pub from: char,
    /// Last letter, upper case.
    pub to: char,
}

/// A roll call that somebody has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningCall {
    /// Which.
    pub event: EventId,
    /// Drill, real or keep inside.
    pub kind: EventKind,
    /// `Drill, started 09:17 by Helen Marsh`.
    pub words: String,
}
