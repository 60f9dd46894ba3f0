//! Counts of sessions, and how a share of them is shown.

use crate::calendar::Day;
use crate::codes::{Class, Code, CodeInfo, Codes, OnSite};
use std::collections::BTreeMap;

/// Counts of sessions, each of 0 or more. Adding two tallies adds every count.
///
/// What is counted: marks of pupils on roll. The denominator, [`Tally::possible`], leaves out sessions in which the
/// pupil could not have attended (`X`, `D`, `Q`, `Y1` to `Y7`), sessions that are not collected (`#`, `Z`), sessions
/// without a mark, and marks that are not settled.
///
/// ```
/// # use muster_school::{calendar::Day, codes::{Code, Codes}, figures::Tally};
/// let day = Day::new(2026, 11, 23).unwrap();
/// let mut tally = Tally::default();
/// for code in ["/", "\\", "I", "X", "N"] {
///     tally.add_mark(&Codes::of_law(), Code::new(code).unwrap(), None, day);
/// }
/// assert_eq!((tally.attended, tally.absent(), tally.possible()), (2, 2, 4));
/// assert_eq!(tally.attendance().to_string(), "50.0 %, 2 of 4");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Attending, or at an approved educational activity.
    pub attended: u32,
    /// Absent with leave.
    pub authorised: u32,
    /// Absent without, `N` and `U` included.
    pub unauthorised: u32,
    /// Could not have attended: outside the figures.
    pub not_possible: u32,
    /// Not collected: outside the figures.
    pub not_collected: u32,
    /// Late, while the register was open: counted as attended.
    pub late_before_close: u32,
    /// Arrived after the register had closed: counted as absent without leave.
    pub late_after_close: u32,
    /// Minutes late in all, where they were recorded.
    pub minutes_late: u32,
    /// Sessions that are over, in which the pupil should have a mark and has none.
    pub unfilled: u32,
    /// Sessions with two marks that differ, until somebody settles them.
    pub unsettled: u32,
    /// Marks with a code that the table of their day does not have.
    pub unknown: u32,
    /// Marks by code, settled ones only.
    pub codes: BTreeMap<Code, u32>,
}

impl Tally {
    /// Counts a mark by the table that holds on its day.
    ///
    /// A `J` of March 2024 was an educational activity; `J1`, which replaced it, is an absence.
    ///
    /// ```
    /// # use muster_school::{calendar::Day, codes::{Code, Codes}, figures::Tally};
    /// let mut tally = Tally::default();
    /// tally.add_mark(&Codes::of_law(), Code::new("J").unwrap(), None, Day::new(2024, 3, 11).unwrap());
    /// tally.add_mark(&Codes::of_law(), Code::new("J1").unwrap(), None, Day::new(2026, 3, 11).unwrap());
    /// assert_eq!((tally.attended, tally.authorised), (1, 1));
    /// ```
    pub fn add_mark(&mut self, codes: &Codes, code: Code, minutes: Option<u16>, day: Day) {
        self.add_marks(codes.on(code, day), code, 1);
        if let Some(minutes) = minutes {
            self.minutes_late += u32::from(minutes);
        }
    }

    /// Counts so many marks of one row of the table; `None` for a code that the table of their day does not have.
    pub(super) fn add_marks(&mut self, info: Option<&CodeInfo>, code: Code, many: u32) {
        *self.codes.entry(code).or_default() += many;
        let Some(info) = info else {
            self.unknown += many;
            return;
        };
        let counted = match info.class {
            Class::Attending | Class::ApprovedActivity => &mut self.attended,
            Class::Authorised => &mut self.authorised,
            Class::Unauthorised => &mut self.unauthorised,
            Class::NotPossible => &mut self.not_possible,
            Class::NotCollected => &mut self.not_collected,
        };
        *counted += many;
        if info.on_site == OnSite::Arrival {
            match info.class.is_attended() {
                true => self.late_before_close += many,
                false => self.late_after_close += many,
            }
        }
    }

    /// Adds every count of another.
    pub fn add(&mut self, other: &Self) {
        self.attended += other.attended;
        self.authorised += other.authorised;
        self.unauthorised += other.unauthorised;
        self.not_possible += other.not_possible;
        self.not_collected += other.not_collected;
        self.late_before_close += other.late_before_close;
        self.late_after_close += other.late_after_close;
        self.minutes_late += other.minutes_late;
        self.unfilled += other.unfilled;
        self.unsettled += other.unsettled;
        self.unknown += other.unknown;
        for (code, count) in &other.codes {
            *self.codes.entry(*code).or_default() += count;
        }
    }

    /// The sum of several.
    pub fn sum<'a>(tallies: impl IntoIterator<Item = &'a Self>) -> Self {
        tallies.into_iter().fold(Self::default(), |mut sum, one| {
            sum.add(one);
            sum
        })
    }

    /// Absent, with leave or without.
    pub fn absent(&self) -> u32 {
        self.authorised + self.unauthorised
    }

    /// Sessions in which the pupil could have attended: the denominator.
    pub fn possible(&self) -> u32 {
        self.attended + self.absent()
    }

    /// Late, before the close or after it.
    pub fn late(&self) -> u32 {
        self.late_before_close + self.late_after_close
    }

    /// Marks with this code.
    pub fn of(&self, code: &str) -> u32 {
        Code::new(code).and_then(|code| self.codes.get(&code)).copied().unwrap_or(0)
    }

    /// Attended, of what was possible.
    pub fn attendance(&self) -> Share {
        Share { part: self.attended, whole: self.possible() }
    }

    /// Absent, of what was possible.
    pub fn absence(&self) -> Share {
        Share { part: self.absent(), whole: self.possible() }
    }

    /// Absent for a tenth of the possible sessions or more, of which there must be some. Compared before any rounding.
    ///
    /// ```
    /// # use muster_school::figures::Tally;
    /// let tally = |attended, authorised| Tally { attended, authorised, ..Tally::default() };
    /// assert!(tally(9, 1).is_persistent());
    /// assert!(!tally(181, 20).is_persistent(), "9.95 % shows as 10.0 %, and is less than a tenth");
    /// assert!(!tally(0, 0).is_persistent());
    /// ```
    pub fn is_persistent(&self) -> bool {
        self.possible() > 0 && u64::from(self.absent()) * 10 >= u64::from(self.possible())
    }

    /// Absent for half of the possible sessions or more. Each such pupil is also persistently absent.
    pub fn is_severe(&self) -> bool {
        self.possible() > 0 && u64::from(self.absent()) * 2 >= u64::from(self.possible())
    }

    /// Some absences are sessions agreed as off on a part-time timetable (`C2`): an absence on paper, by agreement.
    pub fn has_agreed_plan(&self) -> bool {
        self.of("C2") > 0
    }
}

/// A part of a whole, both counts of sessions. Shown as a percentage with one decimal place, rounded half up, and the
/// two counts; a dash when the whole is 0.
///
/// ```
/// # use muster_school::figures::Share;
/// assert_eq!(Share { part: 178, whole: 190 }.to_string(), "93.7 %, 178 of 190");
/// assert_eq!(Share { part: 0, whole: 0 }.to_string(), "–");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// The part.
    pub part: u32,
    /// The whole.
    pub whole: u32,
}

impl Share {
    /// In tenths of a percent, rounded half up, as in 937 for 178 of 190; `None` of nothing.
    pub fn tenths(self) -> Option<u32> {
        let (part, whole) = (u64::from(self.part), u64::from(self.whole));
        let doubled = (part * 2_000 + whole).checked_div(whole * 2)?;
        u32::try_from(doubled).ok()
    }

    /// `93.7 %`, or a dash.
    pub fn percent(self) -> String {
        self.tenths().map_or_else(|| "–".to_owned(), |tenths| format!("{}.{} %", tenths / 10, tenths % 10))
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.whole {
            0 => f.write_str("–"),
            whole => write!(f, "{}, {} of {whole}", self.percent(), self.part),
        }
    }
}
