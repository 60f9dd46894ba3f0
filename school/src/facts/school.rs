//! What the school's document holds: sites, groups, times, closures, the staff directory, device names.
//!
//! Everybody on staff reads it. It says of a member of staff no more than a door sign does.

use super::{Sound, is_line, is_minute, values};
use crate::calendar::{Day, Half};
use crate::codes::CodeInfo;
use crate::facts::calendar::{CodeRule, Cover, Special, Term};
use crate::facts::fire::{FireDuty, MarshalLock, SitePlaces};
use crate::facts::policy::{Hours, Leave, StepUp, WeeklyLeave};
use crate::facts::retention::Reviewed;
use crate::facts::returns::{Authority, Fallback, Guide, Sent};
use crate::ids::GroupId;
use muster_core::id::{DeviceId, PersonId, PlaceId};
use serde::{Deserialize, Serialize};

/// The school's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// As people say it.
    pub name: String,
}

/// A site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Which.
    pub id: PlaceId,
    /// The short code in exports, such as `S1`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Assembly points.
    pub points: Vec<String>,
}

/// A group that a register is taken of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Which.
    pub id: GroupId,
    /// At which site.
    pub site: PlaceId,
    /// Its name, such as `4B`.
    pub name: String,
    /// Made to hold imported marks of pupils who had no group.
    pub for_import: bool,
}

/// Who takes a group's register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taker {
    /// The group.
    pub group: GroupId,
    /// The member of staff.
    pub person: PersonId,
}

/// Three times of one session, in minutes since midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HalfTimes {
    /// The session begins.
    pub start: u16,
    /// The register closes: at most 30 minutes later. After this a late pupil is `U`, and a change an amendment.
    pub close: u16,
    /// The register should be complete.
    pub deadline: u16,
}

/// The times of the sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// At one site, or `None` for every site that has none of its own.
    pub site: Option<PlaceId>,
    /// The morning.
    pub am: HalfTimes,
    /// The afternoon.
    pub pm: HalfTimes,
}

impl Times {
    /// What holds where nothing is set.
    pub const DEFAULT: Self = Self {
        site: None,
        am: HalfTimes { start: 8 * 60 + 50, close: 9 * 60 + 20, deadline: 9 * 60 + 30 },
        pm: HalfTimes { start: 13 * 60, close: 13 * 60 + 30, deadline: 13 * 60 + 30 },
    };

    /// Those of one session.
    pub fn of(&self, half: Half) -> HalfTimes {
        match half {
            Half::Am => self.am,
            Half::Pm => self.pm,
        }
    }
}

/// Days on which a site, or the school, is closed to pupils.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closure {
    /// At one site, or `None` for all.
    pub site: Option<PlaceId>,
    /// First day.
    pub first: Day,
    /// Last day.
    pub last: Day,
    /// Why, as in `Half term`. Empty calls the closure off.
    pub label: String,
}

/// A member of staff as everybody may know them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directory {
    /// Who.
    pub person: PersonId,
    /// The code in exports.
    pub staff_code: String,
    /// Title, such as `Ms`.
    pub title: String,
    /// Forename.
    pub forename: String,
    /// Surname.
    pub surname: String,
    /// Job title.
    pub job: String,
    /// Their sites; none means every site.
    pub sites: Vec<PlaceId>,
}

/// What a device is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Which.
    pub device: DeviceId,
    /// Its name, such as `Office laptop`.
    pub name: String,
    /// The site it stands at.
    pub site: Option<PlaceId>,
}

/// The attendance review of a week was written, for the school's leaders to read on paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekReviewed {
    /// The Monday of the week.
    pub monday: Day,
}

impl Sound for WeekReviewed {
    fn is_sound(&self) -> bool {
        self.monday.weekday() == 0
    }
}

/// The act that this stands in brought what an export of another system says: nobody entered it here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByImport {}

values! {
    /// A fact of the school's document.
    SchoolFact {
        /// The school's name.
        101 => Name,
        /// A site.
        102 => Site,
        /// A group.
        103 => Group,
        /// Who takes a register.
        104 => Taker,
        /// Session times.
        105 => Times,
        /// A closure.
        106 => Closure,
        /// A member of staff.
        107 => Directory,
        /// A device's name.
        108 => Device,
        /// A term.
        109 => Term,
        /// Days out of the ordinary.
        110 => Special,
        /// A row of a newer list of codes.
        111 => CodeInfo,
        /// Cover of a register.
        112 => Cover,
        /// An act of an import.
        113 => ByImport,
        /// What the law asks of a code of a newer list.
        114 => CodeRule,
        /// A weekly review was written.
        115 => WeekReviewed,
        /// Second factors are in use.
        121 => StepUp,
        /// School hours.
        122 => Hours,
        /// Leave to use the records outside them.
        123 => Leave,
        /// Leave that comes again every week.
        124 => WeeklyLeave,
        /// The authority where a site is.
        135 => Authority,
        /// A return was sent.
        136 => Sent,
        /// When registers are printed.
        137 => Fallback,
        /// A site's own words beside the help.
        138 => Guide,
        /// Old records were reviewed.
        139 => Reviewed,
        /// Duties in a fire.
        141 => FireDuty,
        /// What the marshal's PIN opens.
        142 => MarshalLock,
        /// Rooms and refuge points of a site.
        143 => SitePlaces,
    }
}

impl Sound for Name {
    fn is_sound(&self) -> bool {
        is_line(&self.name) && !self.name.is_empty()
    }
}

impl Sound for Site {
    fn is_sound(&self) -> bool {
        is_line(&self.code) && is_line(&self.name) && self.points.len() <= 32 && self.points.iter().all(|p| is_line(p))
    }
}

impl Sound for Group {
    fn is_sound(&self) -> bool {
        is_line(&self.name) && !self.name.is_empty()
    }
}

impl Sound for ByImport {
    fn is_sound(&self) -> bool {
        true
    }
}

impl Sound for Taker {
    fn is_sound(&self) -> bool {
        true
    }
}

impl Sound for Times {
    fn is_sound(&self) -> bool {
        [self.am, self.pm].iter().all(|half| {
            is_minute(half.start)
                && is_minute(half.close)
                && is_minute(half.deadline)
                && half.start <= half.close
                && half.close - half.start <= 30
        })
    }
}

impl Sound for Closure {
    fn is_sound(&self) -> bool {
        is_line(&self.label) && self.first <= self.last
    }
}

impl Sound for Directory {
    fn is_sound(&self) -> bool {
        [&self.staff_code, &self.title, &self.forename, &self.surname, &self.job].iter().all(|text| is_line(text))
            && self.sites.len() <= 256
    }
}

impl Sound for Device {
    fn is_sound(&self) -> bool {
        is_line(&self.name)
    }
}
