//! What the school owes: registers, reasons, calls and returns, worked out from the records.
//!
//! Each duty has its rule in words ([`Kind::rule`]), and each line says by what it came to be one, with the sessions
//! behind it and the register in which it can be put right. Nothing is decided here: a person does.
//!
//! What is worked out is as complete as what the [`crate::figures::Ledger`] has read; sites whose registers cannot be
//! read here are left out. Not here: whose numbers are called ([`calling`]), and screens.

pub mod calling;
pub mod cards;
mod gaps;
mod no_term;
mod patterns;
mod returns;
mod timetables;
mod unsettled;
mod weekly;

pub use patterns::ToTell;

use crate::calendar::{Day, Local, Session};
use crate::facts::returns::ReturnKind;
use crate::figures::Period;
use crate::ids::{GroupId, PupilId};
use crate::known::Known;
use muster_core::id::PlaceId;

/// A kind of duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A site without terms this school year.
    NoTerm,
    /// A register that is not complete after its deadline.
    Register,
    /// On the admission register, and in no class.
    NoClass,
    /// On no list, and nobody has said who it is.
    Unlisted,
    /// Two marks that differ.
    Unsettled,
    /// `N` for five school days or more.
    NoReason,
    /// Absent today without a reason.
    Call,
    /// A return about a new pupil or a deletion.
    Return,
    /// Ill for fifteen days.
    Sickness,
    /// Ten school days running without leave.
    Running,
    /// Ten sessions without leave in ten school weeks.
    TenInTen,
    /// Absent for half of the possible sessions.
    Severe,
    /// Absent for a tenth of the possible sessions.
    Persistent,
    /// A part-time timetable that is to be looked at again, or ends.
    Timetable,
    /// The attendance review of a week that nobody has written.
    WeeklyReview,
    /// Records that were kept for as long as the law asks, and that nobody has reviewed since.
    Retention,
}

/// Days of illness after which the authority is told.
const SICK_DAYS: u32 = 15;
/// School days running without leave after which the authority is told.
const RUNNING_DAYS: u32 = 10;
/// Sessions without leave, and the school weeks they are counted in.
const WATCHED: (u32, usize) = (10, 10);
/// School days within which `N` is replaced.
const NO_REASON_DAYS: usize = 5;

impl Kind {
    /// All, the most urgent first.
    pub const ALL: [Self; 16] = [
        Self::NoTerm,
        Self::Call,
        Self::Register,
        Self::NoClass,
        Self::Unlisted,
        Self::Unsettled,
        Self::NoReason,
        Self::Return,
        Self::Sickness,
        Self::Running,
        Self::TenInTen,
        Self::Severe,
        Self::Persistent,
        Self::Timetable,
        Self::WeeklyReview,
        Self::Retention,
    ];

    /// What it is called, after a number of them.
    pub fn title(self, many: usize) -> &'static str {
        match (self, many) {
            (Self::NoTerm, 1) => "site without terms this school year",
            (Self::NoTerm, _) => "sites without terms this school year",
            (Self::Register, 1) => "register with marks missing",
            (Self::Register, _) => "registers with marks missing",
            (Self::NoClass, 1) => "pupil in no class",
            (Self::NoClass, _) => "pupils in no class",
            (Self::Unlisted, 1) => "child on no list",
            (Self::Unlisted, _) => "children on no list",
            (Self::Timetable, 1) => "agreed timetable to look at again",
            (Self::Timetable, _) => "agreed timetables to look at again",
            (Self::WeeklyReview, _) => "weekly attendance review to write",
            (Self::Retention, 1) => "year of old records to review",
            (Self::Retention, _) => "years of old records to review",
            (Self::Unsettled, 1) => "session with two marks that differ",
            (Self::Unsettled, _) => "sessions with two marks that differ",
            (Self::NoReason, 1) => "session coded N for five school days or more",
            (Self::NoReason, _) => "sessions coded N for five school days or more",
            (Self::Call, _) => "absent today without a reason",
            (Self::Return, 1) => "return to the authority",
            (Self::Return, _) => "returns to the authority",
            (Self::Sickness, 1) => "pupil ill for 15 days",
            (Self::Sickness, _) => "pupils ill for 15 days",
            (Self::Running, 1) => "pupil absent 10 school days running without leave",
            (Self::Running, _) => "pupils absent 10 school days running without leave",
            (Self::TenInTen, 1) => "pupil with 10 sessions without leave in 10 school weeks",
            (Self::TenInTen, _) => "pupils with 10 sessions without leave in 10 school weeks",
            (Self::Severe, 1) => "pupil severely absent",
            (Self::Severe, _) => "pupils severely absent",
            (Self::Persistent, 1) => "pupil persistently absent",
            (Self::Persistent, _) => "pupils persistently absent",
        }
    }

    /// The rule, in words.
    pub fn rule(self) -> &'static str {
        match self {
            Self::NoTerm => {
                "Until somebody sets the terms, in School calendar, every weekday since September counts as a school day: \
                 registers of the holidays are listed as missing, and days are counted wrongly. A term of the whole \
                 school is enough."
            }
            Self::Register => {
                "Every pupil on the admission register but a boarder gets a mark in each session. A register is listed once its \
                 deadline has passed and somebody on roll has no mark: this school year from its beginning where registers \
                 of an earlier year are kept here, else from the first register kept, or from the day the school began \
                 here once its terms are set."
            }
            Self::NoClass => {
                "A pupil on the admission register, other than a boarder, who is in no class is in no register, and nobody \
                 is asked for a mark. Listed until a class is chosen."
            }
            Self::Unlisted => {
                "A child who turned up and is on no list is on no admission register, and no mark is due. Listed from that \
                 day until somebody says on the child’s page which pupil it is, or that the child has gone."
            }
            Self::Timetable => {
                "A part-time timetable is for a while, and is looked at again on the day that was agreed. Listed from \
                 that day until another is agreed, and in the week before any agreed timetable ends."
            }
            Self::WeeklyReview => {
                "On Friday the week’s attendance is written on one page for the school’s leaders, whole school, sites and \
                 pupils to look at. Listed from Friday morning until somebody has written it, for a week, where a register \
                 of the week is kept here."
            }
            Self::Retention => {
                "Each entry of the two registers is kept for six years from the day it was entered, a pupil's file until \
                 they are 25 or, with special needs, 31, the visitor book for a year, the drill log for six. Then \
                 somebody looks at it and decides: kept until a day, or due for destruction, with the reason. Nothing \
                 is dropped by itself. Listed from the day after until a review is written down, and again when the \
                 day is over up to which it was kept. A concern's review is a note in its own file."
            }
            Self::Unsettled => {
                "Two people marked a pupil differently, and nobody has chosen. Both marks are kept, and the session is in \
                 no figure until somebody who sees both chooses one in the register. This school year, and ten school \
                 weeks."
            }
            Self::NoReason => {
                "N stands for no longer than five school days of the pupil’s site, counted from the day after the \
                 session. Then the reason is entered, or O if it is still not known."
            }
            Self::Call => {
                "A parent is reached on the first day of an absence that nobody has explained. Whoever an order bars \
                 is never called, and is not among the numbers."
            }
            Self::Return => {
                "The authority in whose area the site is hears of a new pupil within five days of the starting day, \
                 and of a deletion no later than it is made. Days are counted as they come, weekends too."
            }
            Self::Sickness => {
                "The authority is told of a pupil of compulsory school age who was marked I for 15 school days (30 \
                 sessions) of this school year, in a row or in total, or who will be."
            }
            Self::Running => {
                "The authority is told of a pupil who was absent without leave for ten school days running: days on \
                 which every session that could be attended is marked G, N, O or U."
            }
            Self::TenInTen => {
                "A watch line: ten sessions marked G, N, O or U within the last ten school weeks, this one included. A \
                 week counts if the site was open on any day of it. For an independent school it informs, no more."
            }
            Self::Severe => {
                "Absent, with leave or without, for half of the pupil’s own possible sessions of this school year or \
                 more, compared before rounding. Each is also persistently absent."
            }
            Self::Persistent => {
                "Absent, with leave or without, for a tenth of the pupil’s own possible sessions of this school year \
                 or more, compared before rounding."
            }
        }
    }
}

/// One line of a duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Whom it is about; `None` for a register.
    pub pupil: Option<PupilId>,
    /// The group, the pupil's today or the register's.
    pub group: Option<GroupId>,
    /// At which site.
    pub site: PlaceId,
    /// Who owes it, where that is one person: as in `Helen Marsh`.
    pub owed_by: String,
    /// By what it came to be one, with the sessions behind it.
    pub detail: String,
    /// The session in whose register it can be seen and put right.
    pub session: Session,
}

/// The lines of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Which.
    pub kind: Kind,
    /// Registers by day, the latest first; pupils by name.
    pub items: Vec<Item>,
}

/// Every duty of a site, or of all sites whose registers can be read here: all kinds, those without a line too.
pub fn duties(known: &Known, site: Option<PlaceId>, now: Local) -> Vec<Duty> {
    let mut items = no_term::without_terms(known, site, now);
    items.extend(gaps::registers(known, site, now));
    items.extend(gaps::no_class(known, site, now));
    items.extend(gaps::unlisted(known, site, now));
    items.extend(timetables::to_review(known, site, now));
    items.extend(unsettled::unsettled(known, site, now));
    items.extend(returns::returns(known, site, now));
    items.extend(patterns::of_pupils(known, site, now));
    items.extend(weekly::to_write(known, site, now));
    Kind::ALL
        .into_iter()
        .map(|kind| {
            let items = items.iter().filter(|(of, _)| *of == kind).map(|(_, item)| item.clone()).collect();
            Duty { kind, items }
        })
        .collect()
}

/// The pupils of whom the authority is to be told for their absence or illness, and was not, by name.
/// Who does not attend regularly, otherwise, is told of at intervals agreed with the authority: where it `asked`.
pub fn to_tell(known: &Known, kind: ReturnKind, asked: bool, now: Local) -> Vec<ToTell> {
    patterns::to_tell(known, kind, asked, now)
}

/// What has to be read of the registers before [`duties`] is complete: the school year so far, and ten school weeks.
pub fn period(now: Local) -> Period {
    // Ten school weeks in early September reach back over the summer to May.
    let weeks = now.day.plus(-(10 + 7) * 7);
    let year = Period::year_to(now.day);
    Period { from: year.from.min(weeks), to: year.to }
}

/// `Monday 23 November, morning` as a list needs it: `Mon 23 Nov am`.
fn short(session: Session) -> String {
    let date = session.day.date();
    let (weekday, month) = (session.day.weekday_word(), session.day.long());
    let month = month.rsplit(' ').next().unwrap_or("");
    let cut = |word: &str| word.chars().take(3).collect::<String>();
    let half = if session.half == crate::calendar::Half::Am { "am" } else { "pm" };
    format!("{} {} {} {half}", cut(weekday), date.day(), cut(month))
}

/// `Mon 23 Nov`.
fn short_day(day: Day) -> String {
    let mut words = short(Session::am(day));
    words.truncate(words.len().saturating_sub(3));
    words
}
