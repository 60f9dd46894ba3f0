//! The school's calendar: terms, days out of the ordinary, session times, cover.

use crate::calendar::Day;
use crate::facts::calendar::Begun;
use crate::ids::GroupId;
use crate::view::hours::HoursView;
use crate::view::pupils::{Answers, Form};
use muster_core::id::{PersonId, PlaceId};

/// The calendar of a site in the academic year of today.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CalendarView {
    /// Which site; `None` for a device that stands at none.
    pub site: Option<PlaceId>,
    /// Its name.
    pub site_name: String,
    /// What today is: `Monday 23 November is a school day.`
    pub today: String,
    /// Terms, closures, days out of the ordinary and cover, by first day.
    pub rows: Vec<CalendarRow>,
    /// Start, close and deadline of morning and afternoon, as `08:50`.
    pub times: [[String; 3]; 2],
    /// Groups of the site, for cover.
    pub groups: Vec<(GroupId, String)>,
    /// Staff of the site, for cover.
    pub staff: Vec<(PersonId, String)>,
    /// Whoever is signed in may change it.
    pub may_change: bool,
    /// The site has session times of its own: a change for every site leaves them as they are.
    pub own_times: bool,
    /// Why the last change was not made; `None` when it was.
    pub problem: Option<String>,
    /// What people apart set differently, or so that it cannot all hold: what each set, and how it is settled.
    pub clashes: Vec<String>,
    /// School hours and leave to use the records outside them.
    pub hours: HoursView,
    /// A form of what is set beforehand for a fire and for paper, while it is open.
    pub form: Option<Form>,
}

/// What is set beforehand for a fire and for paper, each with a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SiteForm {
    /// Assembly points, places to look in, refuge points.
    Places,
    /// Where a class meets.
    Meets,
    /// When lists and registers are printed by themselves, and where to.
    Printing,
}

impl SiteForm {
    /// All, in the order of their buttons.
    pub const ALL: [Self; 3] = [Self::Places, Self::Meets, Self::Printing];

    /// What its button says.
    pub fn words(self) -> &'static str {
        match self {
            Self::Places => "Places in a fire…",
            Self::Meets => "Where classes meet…",
            Self::Printing => "Printing…",
        }
    }
}

/// What is done with such a form.
#[derive(Clone, Debug, PartialEq)]
pub enum SiteAct {
    /// Open it.
    Ask(SiteForm),
    /// What was filled in.
    Answer(Answers),
    /// Close it.
    Drop,
}

/// One line of the calendar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CalendarRow {
    /// `Term: Autumn`, `Training day`, `Closed: Half term`, `Cover: Tom Okafor takes Beech`.
    pub what: String,
    /// `Wednesday 2 September to Friday 18 December`.
    pub when: String,
    /// `Every site`, or the site's name.
    pub place: String,
    /// What calls it off; `None` where nothing does.
    pub call_off: Option<CalendarAct>,
}

/// What some days are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaysKind {
    /// Closed to pupils, as planned.
    Closed,
    /// Closed to pupils, staff are in.
    Training,
    /// Open, whatever else says otherwise.
    Open,
    /// Should have been open, and could not.
    Lost,
}

impl DaysKind {
    /// All, in the order in which a form offers them.
    pub const ALL: [Self; 4] = [Self::Closed, Self::Training, Self::Open, Self::Lost];

    /// As people say it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Closed => "Closed to pupils",
            Self::Training => "Training day",
            Self::Open => "Open for once",
            Self::Lost => "Unexpectedly closed",
        }
    }
}

/// A change of the calendar, as typed: days as `23/11/2026`, times as `08:50`. A site of `None` means every site.
#[derive(Clone, Debug, PartialEq)]
pub enum CalendarAct {
    /// A term.
    Term {
        /// Where.
        site: Option<PlaceId>,
        /// Its name.
        name: String,
        /// First day.
        first: String,
        /// Last day.
        last: String,
    },
    /// Days out of the ordinary.
    Days {
        /// Where.
        site: Option<PlaceId>,
        /// What they are.
        kind: DaysKind,
        /// Open to these groups only; none means all. For [`DaysKind::Open`].
        groups: Vec<GroupId>,
        /// Why.
        label: String,
        /// First day.
        first: String,
        /// Last day; empty means the first.
        last: String,
    },
    /// Call off one thing that begins on a day.
    CallOff {
        /// Where.
        site: Option<PlaceId>,
        /// The first day.
        first: Day,
        /// Which of what may begin there.
        what: Begun,
    },
    /// Start, close and deadline of morning and afternoon.
    Times {
        /// Where.
        site: Option<PlaceId>,
        /// Of each half: start, close, deadline.
        times: [[String; 3]; 2],
    },
    /// Somebody takes a group's register for some days; nobody calls the cover off.
    Cover {
        /// The group.
        group: GroupId,
        /// Who.
        person: Option<PersonId>,
        /// First day.
        first: String,
        /// Last day; empty means the first.
        last: String,
    },
}
