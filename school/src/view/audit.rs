//! The audit in sentences.

use super::Span;
use crate::calendar::Day;
use crate::view::erasure::ErasuresView;
use crate::view::today::Link;
use muster_core::id::{DeviceId, EntryHash, PersonId};

/// A filtered part of the log, newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AuditView {
    /// `214 entries today. 211 checked, 1 arrived late, 2 from a removed device.`
    pub summary: String,
    /// What it is filtered by, and what else may be chosen.
    pub filter: AuditFilter,
    /// The names that each filter offers.
    pub choices: AuditChoices,
    /// The entries.
    pub rows: Vec<AuditRow>,
    /// How many more there are below; asking for them adds a page.
    pub more: u32,
    /// The chosen entry, explained.
    pub detail: Option<AuditDetail>,
    /// What was ordered to be erased, and holds.
    pub erasures: ErasuresView,
}

/// What is asked for, by what it is and not by its place in a list: the lists grow while somebody reads. `None` means any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Who did it.
    pub person: Option<PersonId>,
    /// About whom, by words typed; empty for any.
    pub pupil: String,
    /// On which device.
    pub device: Option<DeviceId>,
    /// On which day.
    pub day: Option<Day>,
}

/// What the filters offer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditChoices {
    /// People, with their names.
    pub people: Vec<(PersonId, String)>,
    /// Devices, with their names.
    pub devices: Vec<(DeviceId, String)>,
    /// Days with entries, newest first, as in `Monday 23 November`.
    pub days: Vec<(Day, String)>,
}

/// One entry in a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditRow {
    /// Which entry.
    pub entry: EntryHash,
    /// `09:14`.
    pub time: String,
    /// Who: a person, a device, or `Nobody signed in`.
    pub who: String,
    /// Did what: reads on after the name.
    pub what: Vec<Span>,
    /// On which device.
    pub device: String,
    /// How well proven: `Signature checked`.
    pub proof: String,
    /// It needs a person: shows the shape of *check*.
    pub attention: bool,
}

/// The chosen entry.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditDetail {
    /// Which entry.
    pub entry: EntryHash,
    /// The whole sentence, with the session and the date.
    pub sentence: Vec<Span>,
    /// What about it needs a person.
    pub warning: Option<Vec<Span>>,
    /// What is proven, and what is not.
    pub proven: Vec<ProofLine>,
    /// Whose clock the time is.
    pub clock: String,
    /// Where it leads, and the words of the button.
    pub link: Option<(String, Link)>,
}

/// One claim and whether it is proven.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProofLine {
    /// `Yes`, `No` or `Not yet`.
    pub answer: String,
    /// `Signed by Helen Marsh on Beech laptop`.
    pub words: String,
}
