//! Facts of the school's document about its calendar: terms, days out of the ordinary, cover of registers, and rows
//! of a newer list of codes.
//!
//! A fact that calls an earlier one off stands in its place with nothing in it: nothing is taken out of the document.

use super::{Sound, is_line, is_text};
use crate::calendar::Day;
use crate::codes::{Code, CodeInfo};
use crate::ids::GroupId;
use crate::limits::{GROUPS_PER_DAY, PERIOD_DAYS};
use muster_core::id::{PersonId, PlaceId};
use serde::{Deserialize, Serialize};

/// A term, from its first school day to its last. Where a site or the school has terms in a year, days outside them
/// are holidays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// At one site, or `None` for every site that has none of its own.
    pub site: Option<PlaceId>,
    /// Its first day.
    pub first: Day,
    /// Its last day.
    pub last: Day,
    /// Its name, as in `Autumn`. Empty calls the term off.
    pub name: String,
}

/// What is out of the ordinary on some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unusual {
    /// Nothing any more: what was said before is called off.
    Nothing,
    /// Closed to pupils, and staff are in.
    Training,
    /// Open, whatever term, closure or weekend says otherwise.
    Open,
    /// Open to these groups only.
    OpenTo(Vec<GroupId>),
    /// Should have been open, and could not: registers are pre-filled with `Y4`.
    Lost,
}

/// Days out of the ordinary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Special {
    /// At one site, or `None` for all.
    pub site: Option<PlaceId>,
    /// First day.
    pub first: Day,
    /// Last day.
    pub last: Day,
    /// What they are.
    pub what: Unusual,
    /// Why, as in `Boiler failed`.
    pub label: String,
}

/// What may begin on a day, and is called off by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Begun {
    /// A [`Term`].
    Term,
    /// A [`super::school::Closure`].
    Closure,
    /// A [`Special`].
    Special,
}

/// Somebody takes another's registers for some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// Of which group.
    pub group: GroupId,
    /// First day.
    pub first: Day,
    /// Last day.
    pub last: Day,
    /// Who takes it; `None` calls the cover off.
    pub person: Option<PersonId>,
}

fn is_period(first: Day, last: Day) -> bool {
    first <= last && last.0.saturating_sub(first.0) <= PERIOD_DAYS
}

impl Sound for Term {
    fn is_sound(&self) -> bool {
        is_line(&self.name) && is_period(self.first, self.last)
    }
}

impl Sound for Special {
    fn is_sound(&self) -> bool {
        let groups = match &self.what {
            Unusual::OpenTo(groups) => !groups.is_empty() && groups.len() <= GROUPS_PER_DAY,
            _ => true,
        };
        groups && is_line(&self.label) && is_period(self.first, self.last)
    }
}

impl Sound for Cover {
    fn is_sound(&self) -> bool {
        is_period(self.first, self.last)
    }
}

/// What the law asks of a code of a newer list from its first day on, in a sentence or two: the list's column `notes`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeRule {
    /// The code.
    pub code: Code,
    /// The first day of its row.
    pub from: Option<Day>,
    /// The words.
    pub rule: String,
}

impl Sound for CodeRule {
    fn is_sound(&self) -> bool {
        Code::is_well_formed(self.code) && is_text(&self.rule)
    }
}

impl Sound for CodeInfo {
    fn is_sound(&self) -> bool {
        Code::is_well_formed(self.code)
            && is_text(&self.meaning)
            && is_line(&self.short)
            && is_line(&self.agreed)
            && is_text(&self.otherwise)
            && !matches!((self.from, self.to), (Some(from), Some(to)) if to < from)
    }
}
