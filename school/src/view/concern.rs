//! Safeguarding concerns: adding one, the list of those that may be read, and one that is read.
//!
//! The list names no child and says no detail; only a file that was opened does.

use super::{ConcernId, SubjectId};
use std::fmt;
use std::sync::Arc;

/// Somebody to choose: a pupil, or a member of staff.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Whom.
    pub id: SubjectId,
    /// `Byrne, Ada`.
    pub name: String,
    /// What tells two of one name apart: a class, a role. May be empty.
    pub apart: String,
}

/// Adding a concern.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddConcernView {
    /// Pupils, by surname.
    pub pupils: Arc<Vec<Named>>,
    /// Who else can be told, by surname: those who could read it.
    pub staff: Arc<Vec<Named>>,
    /// Who is told in any case, in a sentence.
    pub leads: String,
    /// Categories, each with its kinds.
    pub categories: Vec<(String, Vec<String>)>,
    /// Today, as in `23/11/2026`.
    pub day: String,
    /// Now, as in `09:14`.
    pub time: String,
    /// Most characters of an account.
    pub words_most: usize,
    /// Why whoever is signed in can add none here, and what to do.
    pub refused: Option<String>,
    /// Why the last one was not saved, and what to do. What was typed is still there.
    pub problem: Option<String>,
    /// The one that was just saved, and who can read it.
    pub saved: Option<SavedConcern>,
}

/// A concern that is saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedConcern {
    /// What it is called, as in `4fa2 09c1`. Names nobody.
    pub reference: String,
    /// Who can read it, in a sentence.
    pub told: String,
}

/// A concern as it was typed. Never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct NewConcern {
    /// Pupils it is about.
    pub pupils: Vec<SubjectId>,
    /// Whom else it is about, in words.
    pub about: String,
    /// The day it was seen, as in `23/11/2026`.
    pub day: String,
    /// The time, as in `09:14`.
    pub time: String,
    /// What was seen or said, in their words.
    pub words: String,
    /// Its category.
    pub category: String,
    /// The kind under the category; empty where there is none.
    pub kind: String,
    /// Who is told, beside the leads.
    pub told: Vec<SubjectId>,
    /// Who must not read it.
    pub left_out: Vec<SubjectId>,
}

impl fmt::Debug for NewConcern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewConcern(***)")
    }
}

/// The list of concerns, and the file that is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConcernsView {
    /// `3 concerns that you can read, 1 of them not read yet.`
    pub summary: String,
    /// The newest first.
    pub rows: Vec<ConcernRow>,
    /// Pupils, by surname, for a chronology.
    pub pupils: Arc<Vec<Named>>,
    /// What is open.
    pub file: Option<ConcernFile>,
}

/// How far somebody is with a concern.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConcernState {
    /// To be read.
    #[default]
    ToRead,
    /// Marked as read, and added to by somebody else since.
    Added,
    /// Marked as read, with nothing new.
    Read,
    /// Opened by whoever is signed in, with nothing new.
    Own,
}

impl ConcernState {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::ToRead => "To read",
            Self::Added => "Added to since you read it",
            Self::Read => "Read",
            Self::Own => "Yours",
        }
    }

    /// Something waits to be read.
    pub fn waits(self) -> bool {
        matches!(self, Self::ToRead | Self::Added)
    }
}

/// A concern in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConcernRow {
    /// Which.
    pub concern: ConcernId,
    /// What it is called, as in `4fa2 09c1`.
    pub reference: String,
    /// When it was opened: `09:14`, `Friday 15:22`.
    pub opened: String,
    /// Who opened it.
    pub by: String,
    /// How far whoever is signed in is with it.
    pub state: ConcernState,
    /// When it was last added to; empty when it never was.
    pub added: String,
}

/// What is read: one concern, or all about one pupil.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConcernFile {
    /// The concern; `None` for a chronology.
    pub concern: Option<ConcernId>,
    /// `Concern 4fa2 09c1`, `Chronology of Ada Byrne`.
    pub title: String,
    /// What was said and done, the oldest first.
    pub entries: Vec<ConcernEntry>,
    /// Until when it was marked as read by whoever is signed in, as in `You marked this as read at 09:14`.
    pub marked: Option<String>,
    /// Pupils it is about, for their chronologies.
    pub pupils: Vec<Named>,
}

/// One thing that a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConcernEntry {
    /// `09:14`, `Friday 15:22`.
    pub at: String,
    /// Who.
    pub who: String,
    /// `opened this concern`, `added`, `took action`, `opened it to read`, `marked it as read`.
    pub did: String,
    /// `About`, `Seen`, `Category`, and what of each.
    pub facts: Vec<(String, String)>,
    /// In their words; empty where there are none.
    pub words: String,
    /// Of which concern, in a chronology.
    pub reference: String,
    /// Only that somebody looked.
    pub quiet: bool,
}
