//! What a roll call's document holds.
//!
//! The list to call is the union of the participants' snapshots. A sighting replaces only what its own seat said;
//! a settlement names the statements it settles. See `fire::call` for what shows.

use super::{Sound, is_line, is_text, values};
use crate::calendar::Day;
use crate::ids::{EventId, StrangerId, Who};
use crate::limits::{ACTIONS_PER_REPORT, PEOPLE_PER_FACT};
use serde::{Deserialize, Serialize};

/// What kind of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// A practice.
    Drill,
    /// A fire or other evacuation.
    Real,
    /// Everybody stays in: silent and dim.
    KeptInside,
    /// The same with doors locked and people out of sight.
    Lockdown,
}

impl Kind {
    /// As a sentence begins with it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Drill => "Drill",
            Self::Real => "Real",
            Self::KeptInside => "Keep inside",
            Self::Lockdown => "Lockdown",
        }
    }
}

/// The roll call began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// What kind.
    pub kind: Kind,
    /// The site's name, so that a report can be made of this document alone.
    pub site: String,
}

/// Somebody to call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Who.
    pub who: Who,
    /// Surname.
    pub surname: String,
    /// The forename they go by.
    pub forename: String,
    /// Class, `Staff` or `Visitor`.
    pub group: String,
    /// Last known place and its source.
    pub line: String,
    /// Help needed to leave.
    pub help: Vec<String>,
    /// The evidence was certain.
    pub certain: bool,
}

/// What one participant's device believed when it took part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// As of when: the newest evidence held, in milliseconds since 1970 UTC.
    pub as_of_ms: i64,
    /// What was known to be missing, such as `7B has sent no register`.
    pub gaps: String,
    /// Part of a longer list, from 0.
    pub part: u8,
    /// Who is to be called.
    pub people: Vec<Listed>,
}

/// What a marshal says of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Statement {
    /// Seen safe.
    Found,
    /// Looked for and not found.
    NotFound,
    /// At a refuge point, waiting for help to leave.
    AtRefuge,
    /// Not here today, by this marshal's knowledge.
    NotHere,
}

/// A marshal's statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// Of whom.
    pub who: Who,
    /// What.
    pub says: Statement,
    /// Where; may be empty.
    pub place: String,
    /// A marshal's claimed name, when nobody is signed in; may be empty.
    pub marshal: String,
}

/// Statements that disagreed, settled by somebody who names them all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Of whom.
    pub who: Who,
    /// What holds.
    pub says: Statement,
    /// Why; may be empty.
    pub note: String,
    /// A marshal's claimed name, when nobody is signed in; may be empty.
    pub marshal: String,
}

/// A statement or a settlement of one's own, taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// Of whom.
    pub who: Who,
}

/// Somebody met whom no list knew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stranger {
    /// Their id from now on.
    pub id: StrangerId,
    /// Their name, or what they look like.
    pub name: String,
    /// A marshal's claimed name, when nobody is signed in; may be empty.
    pub marshal: String,
}

/// The roll call was ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// What was learned; may be empty.
    pub note: String,
}

/// It goes on all the same: replaces the endings that somebody had seen. One that comes later, or that they had not
/// seen, ends it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resumed {}

/// This roll call and another at the same site, started apart, are of one event. Stands in both documents, each naming
/// the other; it is taken back by a [`Parted`] that replaces it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// The day the other began.
    pub day: Day,
    /// The other.
    pub event: EventId,
}

/// They are not: replaces the joinings that somebody had seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parted {
    /// The day the other began.
    pub day: Day,
    /// The other.
    pub event: EventId,
}

/// A moment of an event that somebody has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Point {
    /// The alarm went; the start of the roll call stands for it where nobody says otherwise.
    Alarm,
    /// The building was searched and is empty.
    BuildingClear,
    /// People may go back.
    AllClear,
}

/// Such a moment is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timed {
    /// Which.
    pub what: Point,
    /// A marshal's claimed name, when nobody is signed in; may be empty.
    pub marshal: String,
}

/// Something to be done after an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What.
    pub what: String,
    /// By whom.
    pub owner: String,
    /// By when; `None` where nobody said.
    pub due: Option<Day>,
}

/// What was seen and learned, written afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    /// The weather.
    pub weather: String,
    /// Exits that were blocked.
    pub exits: String,
    /// What went wrong.
    pub problems: String,
    /// What is to be done.
    pub actions: Vec<Action>,
    /// What was learned.
    pub learned: String,
}

/// Somebody signs the report, as they see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// How many facts that are no signature they had seen: whoever signed before the last came had not seen it.
    pub facts: u32,
}

values! {
    /// A fact of a roll call.
    CallFact {
        /// The beginning.
        501 => Started,
        /// A participant's list.
        502 => Snapshot,
        /// A statement.
        503 => Sighting,
        /// A settlement.
        504 => Settled,
        /// Something taken back.
        505 => Withdrawn,
        /// Somebody added.
        506 => Stranger,
        /// The end.
        507 => Ended,
        /// It is of one event with another.
        508 => Joined,
        /// It is not.
        509 => Parted,
        /// A moment.
        510 => Timed,
        /// What was learned.
        511 => Learned,
        /// A signature under the report.
        512 => Signed,
        /// It goes on.
        513 => Resumed,
    }
}

impl Sound for Started {
    fn is_sound(&self) -> bool {
        is_line(&self.site)
    }
}

impl Sound for Snapshot {
    fn is_sound(&self) -> bool {
        is_text(&self.gaps)
            && self.people.len() <= PEOPLE_PER_FACT
            && self.people.iter().all(|person| {
                is_line(&person.surname)
                    && is_line(&person.forename)
                    && is_line(&person.group)
                    && is_text(&person.line)
                    && person.help.len() <= 8
                    && person.help.iter().all(|line| is_line(line))
            })
    }
}

impl Sound for Sighting {
    fn is_sound(&self) -> bool {
        is_line(&self.place) && is_line(&self.marshal)
    }
}

impl Sound for Settled {
    fn is_sound(&self) -> bool {
        is_text(&self.note) && is_line(&self.marshal)
    }
}

impl Sound for Withdrawn {
    fn is_sound(&self) -> bool {
        true
    }
}

impl Sound for Stranger {
    fn is_sound(&self) -> bool {
        is_line(&self.name) && is_line(&self.marshal) && !self.name.is_empty()
    }
}

impl Sound for Ended {
    fn is_sound(&self) -> bool {
        is_text(&self.note)
    }
}

impl Sound for Resumed {
    fn is_sound(&self) -> bool {
        true
    }
}

impl Sound for Joined {
    fn is_sound(&self) -> bool {
        true
    }
}

impl Sound for Parted {
    fn is_sound(&self) -> bool {
        true
    }
}

impl Sound for Timed {
    fn is_sound(&self) -> bool {
        is_line(&self.marshal)
    }
}

impl Sound for Learned {
    fn is_sound(&self) -> bool {
        is_line(&self.weather)
            && [&self.exits, &self.problems, &self.learned].iter().all(|text| is_text(text))
            && self.actions.len() <= ACTIONS_PER_REPORT
            && self.actions.iter().all(|one| is_text(&one.what) && is_line(&one.owner) && !one.what.trim().is_empty())
    }
}

impl Sound for Signed {
    fn is_sound(&self) -> bool {
        true
    }
}
