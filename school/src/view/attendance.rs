//! Attendance in figures: whole numbers with the share they make, a chart and the same numbers as a table.

use super::SubjectId;
use crate::view::status::Status;

/// What is shown of attendance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttendanceView {
    /// Of whom and when: `Whole school, 1 September to 23 November 2026`.
    pub title: String,
    /// `Attendance 93.7 %, 178 of 190 sessions`.
    pub summary: String,
    /// Who published these figures and when, for whoever reads no register and so may choose a week and no more; empty
    /// for everybody else.
    pub published: String,
    /// Registers are still being read, so that these figures are not all; empty when they are.
    pub reading: String,
    /// What is wrong with the days that were typed, and what would be right; the period counts meanwhile.
    pub problem: String,
    /// `Not counted: Hill, no right to read`; empty where every site is in the figures.
    pub not_counted: String,
    /// What it is narrowed to.
    pub filter: AttendanceFilter,
    /// What else may be chosen.
    pub choices: AttendanceChoices,
    /// How many of what.
    pub counts: Vec<CountLine>,
    /// A week a bar, the first first. The chart shows these numbers and no others.
    pub weeks: Vec<WeekBar>,
    /// What the lines are of, as the head of their first column: `Class`.
    pub lines_are: String,
    /// Below the chart, or the list of who is persistently absent.
    pub lines: Vec<AttendanceLine>,
}

/// What is asked for. `None` narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttendanceFilter {
    /// By place in [`AttendanceChoices::periods`].
    pub period: usize,
    /// Days of one's own in place of a period, first and last as typed: `2026-09-07` or `7/9/2026`.
    pub days: Option<(String, String)>,
    /// By place in [`AttendanceChoices::sites`].
    pub site: Option<usize>,
    /// By place in [`AttendanceChoices::groups`], which are those of the site.
    pub group: Option<usize>,
    /// One pupil.
    pub pupil: Option<SubjectId>,
    /// What the lines are.
    pub by: By,
}

/// What the lines of a table are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// Classes.
    #[default]
    Class,
    /// Pupils.
    Pupil,
    /// Sites.
    Site,
    /// Attendance codes.
    Code,
    /// Pupils who are persistently or severely absent.
    Persistent,
}

impl By {
    /// All, in the order of their buttons.
    pub const ALL: [Self; 5] = [Self::Class, Self::Pupil, Self::Site, Self::Code, Self::Persistent];

    /// As on its button.
    pub fn words(self) -> &'static str {
        match self {
            Self::Class => "By class",
            Self::Pupil => "By pupil",
            Self::Site => "By site",
            Self::Code => "By code",
            Self::Persistent => "Persistent and severe",
        }
    }
}

/// What the filters offer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttendanceChoices {
    /// Periods, such as `This school year`.
    pub periods: Vec<String>,
    /// Names of sites.
    pub sites: Vec<String>,
    /// Names of groups.
    pub groups: Vec<String>,
    /// The pupil who is chosen.
    pub pupil: String,
}

/// A number and what it counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CountLine {
    /// Its shape.
    pub status: Option<Status>,
    /// What is counted.
    pub words: String,
    /// How many.
    pub count: u32,
    /// The share, as in `93.7 %`, of those that have one.
    pub share: String,
}

/// A week in the chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WeekBar {
    /// `7 September`.
    pub week: String,
    /// Sessions attended.
    pub attended: u32,
    /// Absent with leave.
    pub authorised: u32,
    /// Absent without.
    pub unauthorised: u32,
    /// `93.7 %, 178 of 190`.
    pub share: String,
}

/// A line of the table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttendanceLine {
    /// Whom or what it is of.
    pub name: String,
    /// The class of a pupil; what a code means.
    pub about: String,
    /// `93.7 %, 178 of 190`; a dash.
    pub attendance: String,
    /// Sessions absent with leave.
    pub authorised: u32,
    /// And without.
    pub unauthorised: u32,
    /// Late while the register was open.
    pub late: u32,
    /// Arrived after its close.
    pub after_close: u32,
    /// Without a mark.
    pub unfilled: u32,
    /// The numbers are kept back: nought of them means anything, and the note says why.
    pub kept_back: bool,
    /// What to know: `agreed plan`, `severe`, `2 marks to settle`.
    pub note: String,
    /// What shows when it is pressed.
    pub opens: Option<AttendanceFilter>,
}
