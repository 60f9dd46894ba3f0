//! Who can read and write what, and why.

use crate::rights::Reach;
use muster_core::id::{Area, PersonId};

/// People and areas, and one of either explained.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RolesView {
    /// `112 people have rights. 3 of them read safeguarding files.`
    pub summary: String,
    /// The areas, in the order of the columns.
    pub areas: Vec<AreaRow>,
    /// Everybody who has rights now, by surname.
    pub people: Vec<PersonRow>,
    /// What is explained.
    pub chosen: Option<RolesChosen>,
    /// The explanation; `None` until something is chosen.
    pub detail: Option<RolesDetail>,
}

/// What is to be explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RolesChosen {
    /// All that a person can read and write.
    Person(PersonId),
    /// Everybody who can read or write in an area.
    Area(Area),
}

/// An area with how many people get into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaRow {
    /// Which.
    pub area: Area,
    /// `Safeguarding`.
    pub name: String,
    /// `Concerns and cases`.
    pub about: String,
    /// How many people read it.
    pub readers: u32,
    /// How many people write in it.
    pub writers: u32,
}

/// Somebody who has rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// Who.
    pub person: PersonId,
    /// `Marsh, Helen`.
    pub name: String,
    /// `Site lead, Harbour`.
    pub role: String,
    /// How far they get, an area each, in the order of [`RolesView::areas`].
    pub reaches: Vec<Reach>,
}

/// One person or one area, explained.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RolesDetail {
    /// The person's or the area's name.
    pub title: String,
    /// A sentence below it.
    pub about: String,
    /// Each reason.
    pub blocks: Vec<RolesBlock>,
    /// What else is to be known, a sentence each.
    pub notes: Vec<String>,
}

/// One reason why somebody can do something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RolesBlock {
    /// `Site lead at Harbour`, or a person's name.
    pub title: String,
    /// `Given by Anna Head on Thursday 3 September. No end.`
    pub why: String,
    /// What it brings: `Reads and writes`, `Registers, Pupils and Care at Harbour`.
    pub lines: Vec<(String, String)>,
}

impl Reach {
    /// The word in a table.
    pub fn word(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Opens => "opens",
            Self::Adds => "adds",
            Self::Reads => "reads",
            Self::Writes => "writes",
        }
    }

    /// In a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Nothing => "Nothing",
            Self::Opens => "Opens a case",
            Self::Adds => "Adds, without reading",
            Self::Reads => "Reads",
            Self::Writes => "Reads and writes",
        }
    }
}
