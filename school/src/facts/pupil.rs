//! What a pupil's document holds: who they are, their group, when they are on roll, notes beside marks, plans.

use super::admission::{Amended, Deleted, Entry, LastSchool, NextSchool, Placement, Restored};
use super::called::Called;
use super::collected::Collected;
use super::{Sound, is_line, is_text, values};
use crate::calendar::{Day, Half, Session};
use crate::codes::Code;
use crate::ids::{GroupId, PupilId};
use crate::limits::PERIOD_DAYS;
use muster_core::id::PlaceId;
use serde::{Deserialize, Serialize};

/// Who a pupil is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Admission number: the school's own, text.
    pub admission_no: String,
    /// Unique pupil number; empty when there is none.
    pub upn: String,
    /// Legal surname.
    pub surname: String,
    /// Legal forename.
    pub forename: String,
    /// The forename they go by.
    pub preferred: String,
    /// As recorded.
    pub sex: String,
    /// Date of birth.
    pub born: Option<Day>,
}

/// Group and year from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placing {
    /// The group; `None` for none.
    pub group: Option<GroupId>,
    /// Year group, such as `8`.
    pub year: String,
    /// From which day.
    pub from: Day,
}

/// The pupil went from one site to another: what stood in their documents at the one was written anew at the other,
/// in the same act. Stands in both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedSite {
    /// Where they were.
    pub from: PlaceId,
    /// Where they are.
    pub to: PlaceId,
    /// The first day there.
    pub day: Day,
}

/// When the pupil is on roll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnRoll {
    /// Starting day; `None` when it is not known.
    pub starting: Option<Day>,
    /// The last day, once known.
    pub last: Option<Day>,
}

/// A note beside the mark of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The session's day.
    pub day: Day,
    /// Which half.
    pub half: Half,
    /// The words.
    pub text: String,
}

/// A planned absence or activity, pre-filled until somebody confirms it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// First day.
    pub first: Day,
    /// Last day.
    pub last: Day,
    /// One half of each day, or both.
    pub half: Option<Half>,
    /// The code to pre-fill; `None` calls an earlier plan off.
    pub code: Option<Code>,
    /// Why, in a few words.
    pub note: String,
}

impl Plan {
    /// Whether it is about a session.
    pub fn covers(&self, session: Session) -> bool {
        self.first <= session.day && session.day <= self.last && self.half.is_none_or(|half| half == session.half)
    }
}

/// An agreed pattern of sessions of the week on which a pupil is not due here: a part-time timetable, days at another
/// school, sessions without lessons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timetable {
    /// First day.
    pub first: Day,
    /// Last day: every such pattern ends.
    pub last: Day,
    /// When it is looked at again; a part-time timetable has such a day.
    pub review: Option<Day>,
    /// The sessions of a week on which the pupil is not due: Monday morning 0 to Sunday afternoon 13, ascending.
    pub off: Vec<u8>,
    /// The code that stands then; `None` calls the timetable off.
    pub code: Option<Code>,
    /// The day on which the parent agreed.
    pub agreed: Option<Day>,
    /// The plan it belongs to, and why.
    pub note: String,
}

impl Timetable {
    /// Whether the pupil is not due in a session by it.
    pub fn covers(&self, session: Session) -> bool {
        self.first <= session.day && session.day <= self.last && self.off.contains(&session.in_week())
    }
}

/// Who turned up and was on no list: a name to go by until the child is matched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provisional {
    /// What was said of them, as in `Says she starts today`.
    pub words: String,
}

/// A child who was written down provisionally is this pupil: what was marked of the one is of the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    /// The pupil; `None` takes a match back.
    pub to: Option<PupilId>,
}

values! {
    /// A fact about a pupil.
    PupilFact {
        /// Who they are.
        601 => Identity,
        /// Their group.
        602 => Placing,
        /// Their time on roll.
        603 => OnRoll,
        /// A note beside a mark.
        604 => Note,
        /// A plan.
        605 => Plan,
        /// An agreed timetable.
        606 => Timetable,
        /// Written down provisionally.
        607 => Provisional,
        /// Matched with a pupil.
        608 => Matched,
        /// What the admission register holds beside names and dates.
        610 => Entry,
        /// The school before.
        611 => LastSchool,
        /// The authority that placed them.
        612 => Placement,
        /// The school after.
        613 => NextSchool,
        /// The name is deleted from the admission register.
        614 => Deleted,
        /// A deletion was a mistake.
        615 => Restored,
        /// Why something changed.
        616 => Amended,
        /// They went to another site.
        617 => MovedSite,
        /// A call about an absence.
        620 => Called,
        /// They left early.
        621 => Collected,
    }
}

impl Sound for Identity {
    fn is_sound(&self) -> bool {
        [&self.admission_no, &self.upn, &self.surname, &self.forename, &self.preferred, &self.sex]
            .iter()
            .all(|text| is_line(text))
    }
}

impl Sound for MovedSite {
    fn is_sound(&self) -> bool {
        self.from != self.to
    }
}

impl Sound for Placing {
    fn is_sound(&self) -> bool {
        is_line(&self.year)
    }
}

impl Sound for OnRoll {
    fn is_sound(&self) -> bool {
        match (self.starting, self.last) {
            (Some(starting), Some(last)) => starting <= last,
            _ => true,
        }
    }
}

impl Sound for Note {
    fn is_sound(&self) -> bool {
        is_text(&self.text)
    }
}

impl Sound for Plan {
    fn is_sound(&self) -> bool {
        self.first <= self.last && self.code.is_none_or(Code::is_well_formed) && is_text(&self.note)
    }
}

impl Sound for Timetable {
    fn is_sound(&self) -> bool {
        let ascending = self.off.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
        self.first <= self.last
            && self.last.0.saturating_sub(self.first.0) <= PERIOD_DAYS
            && ascending
            && self.off.iter().all(|place| *place < 14)
            && self.code.is_none_or(Code::is_well_formed)
            && is_text(&self.note)
    }
}

impl Sound for Provisional {
    fn is_sound(&self) -> bool {
        is_text(&self.words)
    }
}

impl Sound for Matched {
    fn is_sound(&self) -> bool {
        true
    }
}
