//! A roll call while it runs, and its report.

use super::fire::{Care, ElsewhereRow, EventKind, Letters, Phone, RunningCall};
use super::reception::TripRow;
use super::{AsOf, EventId, SubjectId};
use crate::view::status::Status;
use muster_core::document::fact::FactRef;

/// One roll call.
#[derive(Clone, Debug, PartialEq)]
pub struct CallView {
    /// Which event.
    pub event: EventId,
    /// Drill, real or keep inside: stays in the band for the whole event.
    pub kind: EventKind,
    /// `started 09:17, 4 minutes ago`.
    pub started: String,
    /// Age of the list the event works from, and its gaps.
    pub as_of: AsOf,
    /// Not yet found, not found, and check.
    pub to_find: u32,
    /// Of them: two marshals disagree.
    pub to_check: u32,
    /// Found.
    pub found: u32,
    /// Everybody on the list.
    pub total: u32,
    /// Everybody: check first, then looked for and not found, then the rest by surname, then the found.
    pub rows: Vec<CallRow>,
    /// The groups to filter by.
    pub classes: Vec<String>,
    /// The letter bar.
    pub letters: Vec<Letters>,
    /// Where somebody may have been looked for: rooms of the site, or words in their place.
    pub places: Vec<String>,
    /// Where somebody may wait for help to leave.
    pub refuges: Vec<String>,
    /// `Marks on 3 devices at 09:21.`
    pub spread: String,
    /// The marks are on other devices too.
    pub shared: bool,
    /// `H. Marsh, T. Okafor, S. Reid (claimed)`.
    pub marshals: String,
    /// What undo would take back: `Found Rhys Davies`. `None` when there is nothing.
    pub undo: Option<String>,
    /// The report, once the event has ended.
    pub report: Option<CallReport>,
    /// Those who are to find, by the place where they were last known: most of them first.
    pub missing: Vec<MissingPlace>,
    /// A short code over all that was said so far: two screens that show the same one agree. Empty where there is none.
    pub code: String,
    /// Minutes since the start.
    pub minutes: u32,
    /// Assembly points, each with how many were found there; those found nowhere named come under an empty name, last.
    pub points: Vec<PointCount>,
    /// At which point this device's marshal stands; empty when they did not say.
    pub here: String,
    /// When the alarm went, the building was clear, all were accounted for, all was clear.
    pub times: Vec<CallTime>,
    /// Other roll calls that run at this site, started apart: they may be joined with this one.
    pub joinable: Vec<RunningCall>,
    /// Those that were joined with this one. What is shown is of all of them together.
    pub joined: Vec<RunningCall>,
    /// Off site with a leader: never to be found here.
    pub trips: Vec<TripRow>,
    /// At another site.
    pub elsewhere: Vec<ElsewhereRow>,
    /// Whether care lines and numbers are shown.
    pub care: Care,
    /// Dim, nothing read aloud, no sound.
    pub silent: bool,
    /// Believed here now and on nobody's list when the call began: heard of since. A tap finds them as any other row.
    pub heard_since: Vec<ElsewhereRow>,
}

/// Those of one place who are to find.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MissingPlace {
    /// Where they were last known: `Register Beech`, `Signed in`, `Not known`.
    pub place: String,
    /// Each with class, why they are believed here, where they were looked for, and help they need to leave.
    pub people: Vec<String>,
}

/// An assembly point in a roll call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PointCount {
    /// Its name; empty for those found nowhere named.
    pub name: String,
    /// How many were found there.
    pub found: u32,
    /// How many wait there at a refuge point for help.
    pub at_refuge: u32,
}

/// A moment of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moment {
    /// The alarm went.
    Alarm,
    /// The building was searched and is empty.
    BuildingClear,
    /// Everybody was accounted for: worked out, never set.
    AllAccounted,
    /// People may go back.
    AllClear,
}

impl Moment {
    /// All, in their order.
    pub const ALL: [Self; 4] = [Self::Alarm, Self::BuildingClear, Self::AllAccounted, Self::AllClear];

    /// Its words: `Building clear`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Alarm => "Alarm",
            Self::BuildingClear => "Building clear",
            Self::AllAccounted => "All accounted for",
            Self::AllClear => "All clear",
        }
    }
}

/// When a moment of an event was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallTime {
    /// Which.
    pub moment: Moment,
    /// `09:21, by H. Marsh`; empty when it has not come.
    pub at: String,
    /// Whether a button sets it now.
    pub may_set: bool,
}

/// How much a row asks to be looked at, by the minutes that somebody has not been found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// As every row.
    #[default]
    Calm,
    /// To stand out.
    Raised,
    /// To stand out most.
    High,
}

/// One person in a roll call.
#[derive(Clone, Debug, PartialEq)]
pub struct CallRow {
    /// Who.
    pub person: SubjectId,
    /// Surname first.
    pub name: String,
    /// First name first, for searching and for readers that speak.
    pub spoken: String,
    /// Class, `Staff`, `Visitor`, or `Added` for somebody not on the list.
    pub group: String,
    /// Check, not found, to find, or found.
    pub status: Status,
    /// Last known place and source.
    pub evidence: String,
    /// Who says what, for check and found: `Found by T. Okafor 09:19. Not found by H. Marsh 09:20`. Else empty.
    pub said: String,
    /// Where somebody looked: `yard`. Empty when nobody did or none was given.
    pub looked: String,
    /// Help needed to leave.
    pub help: Vec<String>,
    /// The marks that a settlement has to name.
    pub marks: Vec<FactRef>,
    /// The letter of the bar.
    pub letter: char,
    /// How much the row asks to be looked at.
    pub urgency: Urgency,
    /// `Not found for 6 minutes`; empty while the row is calm.
    pub waiting: String,
    /// The assembly or refuge point where they were found; may be empty.
    pub place: String,
    /// Waits at a refuge point for help to leave. Counts as found, and is not to be forgotten.
    pub at_refuge: bool,
    /// Not here today, by somebody's word.
    pub not_here: bool,
    /// What was heard after the start, and is no answer: `Signed out 10:02, heard after the start`. May be empty.
    pub hint: String,
    /// `Fire marshal`, `First aid`.
    pub duties: Vec<String>,
    /// Care lines, only while [`CallView::care`] is open.
    pub care: Vec<String>,
    /// Numbers to call, only while [`CallView::care`] is open; never a pupil's contacts.
    pub phones: Vec<Phone>,
}

/// What is left of an event after its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallReport {
    /// Which event.
    pub event: EventId,
    /// `Drill, Monday 23 November 2026, 09:17 to 09:31, Harbour site`.
    pub title: String,
    /// Sentences, in order: counts, times, marshals.
    pub lines: Vec<String>,
    /// `Ended by Hall tablet at 09:31`.
    pub ended: String,
    /// Those who were never found, by name.
    pub never_found: Vec<String>,
    /// Times: `Alarm`, `09:17`.
    pub times: Vec<(String, String)>,
    /// `Everybody accounted for after 11 minutes`; `Not everybody was accounted for`.
    pub outcome: String,
    /// Where marshals said different things and somebody settled it: who said what, and who settled it and when.
    pub settled: Vec<String>,
    /// Who said what of whom, by name.
    pub marks: Vec<ReportMark>,
    /// Who opened the list, and when.
    pub opened: Vec<String>,
    /// What whoever ran it wrote afterwards.
    pub written: ReportAnswers,
    /// `Signed by Helen Marsh, Monday 23 November 2026 10:12`; one for each who signed. One that was signed before
    /// something was changed says so.
    pub signed: Vec<String>,
    /// Whoever is signed in may write it, sign it and take it out.
    pub may_write: bool,
}

/// What was said of somebody, in a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportMark {
    /// Surname first.
    pub name: String,
    /// Class, `Staff`, `Visitor` or `Added`.
    pub group: String,
    /// `Found`, `Not found`, `Not here today`, `Nobody said anything`.
    pub outcome: String,
    /// `Found by T. Okafor 09:18, Front car park`.
    pub words: String,
}

/// What is written of an event afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportAnswers {
    /// The weather.
    pub weather: String,
    /// Exits that were blocked.
    pub exits: String,
    /// What went wrong.
    pub problems: String,
    /// What is to be done, by whom and by when.
    pub actions: Vec<ReportAction>,
    /// What was learned.
    pub learned: String,
}

/// Something to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportAction {
    /// What.
    pub what: String,
    /// By whom.
    pub owner: String,
    /// By when, as `4 December` or `2026-12-04`.
    pub due: String,
}

/// What is done in a roll call beyond saying who was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallAct {
    /// This device's marshal stands at an assembly point; empty for nowhere named.
    StandAt(String),
    /// A moment of the event is now.
    Now(Moment),
    /// Join with a roll call that was started apart for the same event.
    JoinWith(EventId),
    /// Part from one again: nothing is lost on either side.
    PartFrom(EventId),
    /// Go on with one that somebody ended.
    GoOn,
}

/// What is done with the report of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportAct {
    /// Write what was seen and learned.
    Write(Box<ReportAnswers>),
    /// Sign it, as it is.
    Sign,
    /// Write it as PDF and CSV into a folder.
    Save {
        /// Which folder, as typed.
        folder: String,
    },
    /// Write the certificate of the event, which `muster verify` checks, into a folder.
    Certificate {
        /// Which folder, as typed.
        folder: String,
        /// For whom.
        to: String,
        /// What for.
        purpose: String,
    },
}
