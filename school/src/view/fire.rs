//! The fire register: who is believed on site and why, as of when. Opens with nobody signed in.

use super::reception::TripRow;
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
    /// The same with doors locked and people out of sight.
    Lockdown,
}

impl EventKind {
    /// All, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Real, Self::Drill, Self::KeepInside, Self::Lockdown];

    /// The status whose shape and colour the event has.
    pub fn status(self) -> Status {
        match self {
            Self::Real => Status::Real,
            Self::Drill => Status::Drill,
            Self::KeepInside | Self::Lockdown => Status::KeptInside,
        }
    }

    /// Dim, with nothing read aloud and no sound: whoever must not be found must not be heard.
    pub fn is_silent(self) -> bool {
        matches!(self, Self::KeepInside | Self::Lockdown)
    }
}

/// Whether care lines and telephone numbers stand on the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Care {
    /// There is nothing more to see here: no PIN is set, or this is no device for it.
    #[default]
    Closed,
    /// The marshal's PIN opens them.
    AskPin {
        /// Why the last try did not open; says what to do.
        problem: Option<String>,
        /// Seconds until the next try is taken.
        wait_secs: u32,
    },
    /// They are shown.
    Open {
        /// `Care details are shown to Helen Marsh`, `Care details were opened with the marshal’s PIN at 09:18`.
        words: String,
        /// They were opened with the PIN, and can be closed again.
        by_pin: bool,
    },
}

/// A number to call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phone {
    /// `Ruth Adeyemi, host`.
    pub whose: String,
    /// The number.
    pub number: String,
}

/// Somebody who is not to be found here, and where they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ElsewhereRow {
    /// Who.
    pub person: SubjectId,
    /// Surname first.
    pub name: String,
    /// Class or `Staff`.
    pub group: String,
    /// `At Meadow since 10:05`.
    pub line: String,
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
    /// Why no roll call can be started on this device; empty where it can.
    pub no_start: String,
    /// `Opened 09:16 from the lock screen. This opening is in the audit.`
    pub opened: String,
    /// The assembly points, to look at and to choose from.
    pub places: Vec<String>,
    /// Off site with a leader: shown apart, never in the number to call. Overdue ones first.
    pub trips: Vec<TripRow>,
    /// At another site today: on that site's list.
    pub elsewhere: Vec<ElsewhereRow>,
    /// The site is closed today: `Closed: Training day`. Empty when it is not.
    pub closed: String,
    /// Whether care lines and numbers are shown.
    pub care: Care,
    /// The folder in which this device prints at set times, and at a press with nobody signed in; empty where the
    /// school has set none.
    pub prints_into: String,
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
    /// `Fire marshal`, `First aid`.
    pub duties: Vec<String>,
    /// Care lines: `Epilepsy: rescue medicine in the office`, `One-to-one: S. Reid`, `May hide from the alarm`. Only
    /// while [`FireView::care`] is open.
    pub care: Vec<String>,
    /// Numbers to call. Only while [`FireView::care`] is open; never a pupil's contacts.
    pub phones: Vec<Phone>,
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
    /// The same with nobody's name: `Drill, started 09:17`.
    pub kind_words: String,
}
