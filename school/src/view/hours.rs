//! School hours, leave to use the records outside them, and for how long a code raises access.

use crate::roles::Role;
use muster_core::id::{PersonId, PlaceId};

/// What is set, and what may be changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HoursView {
    /// The hours of every site first, then of each site.
    pub sites: Vec<HoursRow>,
    /// Leave that is not over, the next first.
    pub leaves: Vec<LeaveRow>,
    /// Staff to give leave to, by name.
    pub people: Vec<(PersonId, String)>,
    /// `A code that was given holds for 15 minutes.` Empty while nobody has a second factor.
    pub code: String,
    /// The minutes of it.
    pub minutes: Option<u16>,
    /// Whoever is signed in sets hours and gives leave.
    pub may_change: bool,
    /// Why the last change was not made; `None` when it was.
    pub problem: Option<String>,
}

/// The hours of one site, or of every site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HoursRow {
    /// Which; `None` for every site that has none of its own.
    pub site: Option<PlaceId>,
    /// `Every site`, or its name.
    pub name: String,
    /// `Monday to Friday, 07:00 to 18:30`, `No hours: everybody may sign in at any time`, `As every site`.
    pub words: String,
    /// On which days, from when, until when, as typed: what a form begins with.
    pub days: u8,
    /// As `07:00`.
    pub from: String,
    /// As `18:30`.
    pub to: String,
}

/// One leave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeaveRow {
    /// Names it.
    pub id: [u8; 16],
    /// `Tom Okafor`, `Everybody`, `Everybody at Harbour`.
    pub whose: String,
    /// `Monday 23 November 18:30 to 22:00`, and when it comes again.
    pub when: String,
    /// What for.
    pub why: String,
}

/// Whose leave it is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// One member of staff.
    Person(PersonId),
    /// Everybody who has this role now.
    Role(Role),
    /// Everybody who signs in at this site.
    Site(PlaceId),
    /// Everybody, anywhere.
    Everybody,
}

/// A change, as typed: days as `23/11/2026`, times as `18:30`.
#[derive(Clone, Debug, PartialEq)]
pub enum HoursAct {
    /// Hours of a site; `None` for every site that has none of its own.
    Set {
        /// Where.
        site: Option<PlaceId>,
        /// On which days of the week: Monday is the lowest bit.
        days: u8,
        /// From when.
        from: String,
        /// Until when.
        to: String,
        /// Whether there are hours at all.
        in_force: bool,
    },
    /// Leave, given beforehand.
    Give {
        /// Whose.
        whom: Whom,
        /// On which day, the first one where it comes again.
        day: String,
        /// From when.
        from: String,
        /// Until when; not later than that means on the next day.
        to: String,
        /// Again on these days of the week; none for once.
        again: u8,
        /// Until which day, where it comes again.
        last: String,
        /// What for.
        why: String,
    },
    /// Take leave back.
    TakeBack([u8; 16]),
    /// A code raises access for so many minutes.
    Minutes(u16),
}
