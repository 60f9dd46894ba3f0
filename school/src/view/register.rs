//! One register: who is in the group, what is marked, and which codes there are.

use super::{GroupId, RegisterKey, SubjectId, Tally};
use crate::view::status::Status;
use muster_core::document::fact::FactRef;

/// A group in one session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegisterView {
    /// Which register.
    pub key: RegisterKey,
    /// `Beech, Years 10 and 11`, or `Harbour, every group`.
    pub title: String,
    /// The group alone: `Beech`; the site's name for a whole site.
    pub group: String,
    /// Every group of a site on one screen.
    pub whole_site: bool,
    /// Somebody else's register is being taken: `You cover for Helen Marsh.` May be empty.
    pub cover: String,
    /// `Monday 23 November, morning. Open until 09:20, 6 minutes left.`
    pub session: String,
    /// Who else marks it now: `Tom Okafor is marking too.` May be empty.
    pub others: String,
    /// Old data in words, when older than the limit of this screen.
    pub warning: Option<String>,
    /// The head of the column of words: `This morning`.
    pub column: String,
    /// The pupils, in order.
    pub rows: Vec<RegisterRow>,
    /// Every code that may be typed, or begins one.
    pub codes: Vec<CodeLine>,
    /// Codes that cannot stand in this session, each with what would be right: `/` of an afternoon.
    pub not_here: Vec<(String, String)>,
    /// The code of *mark remaining present*, of Space with nothing before, and of a first tap: `/` or `\`.
    pub present_code: String,
    /// The code of a second tap: `N`.
    pub absent_code: String,
    /// Minutes since the session began: what a late mark is pre-filled with.
    pub minutes_late: u16,
    /// The counts of *So far*.
    pub tallies: Vec<Tally>,
    /// How many have neither a mark nor a planned one: what *mark remaining present* would touch.
    pub blanks: u32,
    /// How far the marks got: `Saved on this device. 3 marks not yet on another.`
    pub saved: String,
    /// The register is closed: a change of a mark that is there is an amendment and asks for a reason.
    pub needs_reason: bool,
    /// Who finished it and when. `None` while it is open.
    pub finished: Option<String>,
    /// Whoever is signed in may mark here. If not, the grid is for reading.
    pub may_mark: bool,
    /// Why nobody marks here, and what to do: said where somebody types all the same. Empty where marks can be made.
    pub shut: String,
    /// Marks that stand may be settled and taken back, also on a day that is closed by now.
    pub may_put_right: bool,
    /// The session before.
    pub before: Option<Step>,
    /// The session after, if it has come.
    pub after: Option<Step>,
}

/// A session before or after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The register there; of a list of registers, that of the whole site.
    pub key: RegisterKey,
    /// `Friday 20 November, afternoon`.
    pub words: String,
}

/// One pupil in a register.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegisterRow {
    /// Who.
    pub pupil: SubjectId,
    /// In whose register.
    pub group: GroupId,
    /// Surname first: `Byrne, Ada`.
    pub name: String,
    /// As spoken: `Ada Byrne`.
    pub spoken: String,
    /// What tells two of the same name apart: `Year 10`; on the register of a whole site, the group. May be empty.
    pub apart: String,
    /// Short flags, as in `Nut allergy`, `Evac chair`, `Same name`.
    pub flags: Vec<String>,
    /// The last five sessions, oldest first.
    pub past: Vec<PastMark>,
    /// The mark that shows.
    pub mark: Option<MarkView>,
    /// Two or more marks that nothing settles, the one that shows first. Empty when there is no conflict.
    pub versions: Vec<MarkVersion>,
    /// The names of the marks that this row shows: whatever is done with it takes the place of these alone.
    pub shown: Vec<FactRef>,
    /// A change of the mark is an amendment, and asks for a reason.
    pub needs_reason: bool,
    /// What is noted beside the mark or before there is one; may be empty.
    pub note: String,
    /// The names of the notes in it.
    pub notes: Vec<FactRef>,
    /// The mark is on this device alone.
    pub unsynced: bool,
    /// What is worth a word beside the mark, as in `Add a note: what K is here`.
    pub remarks: Vec<String>,
    /// Every mark there ever was, oldest first, once there is more than one, or a reason: `09:02 Helen Marsh, Teacher:
    /// present`; then every note, once there is more than one.
    pub history: Vec<String>,
}

/// A mark of an earlier session.
#[derive(Clone, Debug, PartialEq)]
pub struct PastMark {
    /// Its code; empty where there was none.
    pub code: String,
    /// Its shape.
    pub status: Status,
    /// Which session, for a reader that speaks: `Friday afternoon`.
    pub session: String,
}

/// The mark that shows.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkView {
    /// The code, as typed: `L`, `J1`.
    pub code: String,
    /// What it means: `Late`, `Medical appointment`.
    pub words: String,
    /// Its shape.
    pub status: Status,
    /// Minutes late, where the code has them.
    pub minutes: Option<u16>,
    /// What somebody noted beside it, or why it is planned; empty when nobody did.
    pub note: String,
    /// Filled in from a plan, and not yet confirmed.
    pub planned: bool,
    /// When it was marked: `08:52`, or `planned`.
    pub at: String,
    /// By whom.
    pub by: String,
    /// The code it replaced after the register closed, until viewed.
    pub amended_from: Option<String>,
}

/// One of several marks for the same pupil and session.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkVersion {
    /// The fact that settling names.
    pub fact: FactRef,
    /// Its code.
    pub code: String,
    /// Its minutes, if any.
    pub minutes: Option<u16>,
    /// Its shape.
    pub status: Status,
    /// `present by Helen Marsh 09:13`.
    pub words: String,
}

/// A code, or the beginning of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeLine {
    /// The letters: `L`, `J`, `J1`.
    pub code: String,
    /// What it means; for a beginning, what has to follow: `then a number`.
    pub words: String,
    /// The status it gives; `None` for a beginning that is no code itself.
    pub status: Option<Status>,
    /// It may be marked as it stands.
    pub complete: bool,
    /// A further character may follow: typing it waits for that or for Enter.
    pub grows: bool,
    /// Why it is not accepted as it stands: `J needs a number: J1`. Empty when complete.
    pub needs: String,
    /// Marking it asks for minutes at once.
    pub minutes: bool,
    /// Marking it asks for a few words.
    pub note: bool,
    /// Stands in the list of keys beside the grid.
    pub common: bool,
    /// What the law asks of it, in a sentence or two; empty where nothing needs saying.
    pub rule: String,
}
