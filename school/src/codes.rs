//! Attendance codes: the table that holds on the date of the mark, and each code's rules.
//!
//! The table is data with dates (`data/attendance_codes.csv`), so that next year's list is a file. A mark is read
//! by the table of its own day: a `J` of March 2024 still counts as attended.
//!
//! Presence is not attendance: [`OnSite`] is about the body, [`Class`] about the statistics. `U` is an absence in
//! the figures, and in the building.

use crate::calendar::{Day, Half, Session};
use crate::limits::MINUTES_LATE;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A code as it is written: one or two characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Code([u8; 2]);

impl Code {
    /// Present in the morning.
    pub const PRESENT_AM: Self = Self([b'/', 0]);
    /// Present in the afternoon.
    pub const PRESENT_PM: Self = Self([b'\\', 0]);
    /// Late, before the register closed.
    pub const LATE: Self = Self([b'L', 0]);
    /// Arrived after the register closed.
    pub const AFTER_CLOSE: Self = Self([b'U', 0]);
    /// Reason not yet established.
    pub const NO_REASON: Self = Self([b'N', 0]);

    /// From one or two printable characters, in upper case; `None` for anything else. Whether the code exists is
    /// for [`on`] to say.
    pub fn new(text: &str) -> Option<Self> {
        match *text.as_bytes() {
            [one] if one.is_ascii_graphic() => Some(Self([one.to_ascii_uppercase(), 0])),
            [one, two] if one.is_ascii_graphic() && two.is_ascii_graphic() => {
                Some(Self([one.to_ascii_uppercase(), two.to_ascii_uppercase()]))
            }
            _ => None,
        }
    }

    /// `/` in a morning, `\` in an afternoon.
    pub fn present(half: Half) -> Self {
        match half {
            Half::Am => Self::PRESENT_AM,
            Half::Pm => Self::PRESENT_PM,
        }
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        let bytes = if self.0[1] == 0 { &self.0[..1] } else { &self.0[..] };
        std::str::from_utf8(bytes).unwrap_or("?")
    }

    /// Whether it could have been made by [`Code::new`].
    pub(crate) fn is_well_formed(self) -> bool {
        Self::new(self.as_str()) == Some(self)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a code counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// In school.
    Attending,
    /// Educated elsewhere with the school's approval: counts as attended.
    ApprovedActivity,
    /// Absent with leave.
    Authorised,
    /// Absent without.
    Unauthorised,
    /// Could not have attended: outside the figures.
    NotPossible,
    /// Not collected: outside the figures.
    NotCollected,
}

/// Where the body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OnSite {
    /// In the building.
    Yes,
    /// Not.
    No,
    /// In the building since the arrival time.
    Arrival,
    /// Nobody knows.
    Unknown,
}

/// What a code needs beside itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// Minutes after the session began.
    Minutes,
    /// A note is expected; its lack is worth a warning.
    Note,
    /// A text must be there.
    Text,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeInfo {
    /// The code.
    pub code: Code,
    /// What it means.
    pub meaning: String,
    /// How it counts.
    pub class: Class,
    /// Whether it counts as attended.
    pub attended: bool,
    /// Whether it counts in the denominator.
    pub possible: bool,
    /// Where the body is.
    pub on_site: OnSite,
    /// The only half it may stand in.
    pub half: Option<Half>,
    /// What it needs.
    pub needs: Needs,
    /// First day it is valid.
    pub from: Option<Day>,
    /// Last day it is valid.
    pub to: Option<Day>,
}

/// Why a code cannot stand there. The texts are shown in the row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodeError {
    /// The code is the beginning of longer ones only.
    #[error("{0} needs a number: {1}")]
    NeedsNumber(String, String),
    /// No such code.
    #[error("there is no code {0}")]
    Unknown(String),
    /// The code was not, or is no longer, valid on the day.
    #[error("{code} was not in use on that day: {hint}")]
    OtherTimes {
        /// The code.
        code: Code,
        /// What would be right.
        hint: &'static str,
    },
    /// `/` in an afternoon, `\` in a morning.
    #[error("{code} is for the {only} only: use {instead}")]
    OtherHalf {
        /// The code.
        code: Code,
        /// The half it is for.
        only: &'static str,
        /// What would be right.
        instead: Code,
    },
    /// A late mark without minutes.
    #[error("{0} needs the minutes late")]
    NeedsMinutes(Code),
    /// Minutes beyond a session, or none at all.
    #[error("{0} minutes late cannot be right: 1 to {MINUTES_LATE}")]
    Minutes(u16),
    /// Minutes beside a code that has none.
    #[error("{0} takes no minutes")]
    NoMinutes(Code),
    /// A code that asks for a text, without one.
    #[error("{0} needs the cause in words")]
    NeedsText(Code),
    /// Set by the calendar or before the pupil is on roll, never by hand.
    #[error("{0} is set by the calendar, not by hand")]
    NotByHand(Code),
}

fn table() -> &'static BTreeMap<Code, Vec<CodeInfo>> {
    static TABLE: OnceLock<BTreeMap<Code, Vec<CodeInfo>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: BTreeMap<Code, Vec<CodeInfo>> = BTreeMap::new();
        for row in read(include_str!("../data/attendance_codes.csv")) {
            table.entry(row.code).or_default().push(row);
        }
        table
    })
}

/// Rows of a code table in the shape of `data/attendance_codes.csv`; a row that does not read is left out.
fn read(text: &str) -> Vec<CodeInfo> {
    // `#` and `\` are codes here: neither a comment nor an escape.
    let mut reader = csv::ReaderBuilder::new().comment(None).escape(None).from_reader(text.as_bytes());
    reader.records().filter_map(|row| parse(&row.ok()?)).collect()
}

fn parse(row: &csv::StringRecord) -> Option<CodeInfo> {
    let day = |at| match row.get(at) {
        None | Some("") => Some(None),
        Some(text) => Day::parse(text).ok().map(Some),
    };
    Some(CodeInfo {
        code: Code::new(row.get(0)?)?,
        meaning: row.get(1)?.to_owned(),
        class: match row.get(2)? {
            "attending" => Class::Attending,
            "approved_educational_activity" => Class::ApprovedActivity,
            "authorised_absence" => Class::Authorised,
            "unauthorised_absence" => Class::Unauthorised,
            "not_possible_attendance" => Class::NotPossible,
            "not_collected" => Class::NotCollected,
            _ => return None,
        },
        attended: row.get(3)? == "true",
        possible: row.get(4)? == "true",
        on_site: match row.get(5)? {
            "yes" => OnSite::Yes,
            "no" => OnSite::No,
            "arrival" => OnSite::Arrival,
            "unknown" => OnSite::Unknown,
            _ => return None,
        },
        half: match row.get(6)? {
            "AM" => Some(Half::Am),
            "PM" => Some(Half::Pm),
            _ => None,
        },
        needs: match row.get(7)? {
            "minutes" => Needs::Minutes,
            "note" => Needs::Note,
            "text" => Needs::Text,
            _ => Needs::Nothing,
        },
        from: day(8)?,
        to: day(9)?,
    })
}

/// A code as it was on a day; `None` when it was not in use then.
pub fn on(code: Code, day: Day) -> Option<&'static CodeInfo> {
    let rows = table().get(&code)?;
    rows.iter().find(|row| row.from.is_none_or(|from| from <= day) && row.to.is_none_or(|to| day <= to))
}

/// A code as it was on a day, or as it ever was.
pub fn ever(code: Code, day: Day) -> Option<&'static CodeInfo> {
    on(code, day).or_else(|| table().get(&code)?.first())
}

/// The codes in use on a day, in the order of the table's characters.
pub fn in_use(day: Day) -> Vec<&'static CodeInfo> {
    table().keys().filter_map(|code| on(*code, day)).collect()
}

/// Whether a code could grow into a longer one on that day: `C`, `J` and `Y` do.
pub fn could_grow(code: Code, day: Day) -> bool {
    in_use(day).iter().any(|row| row.code.as_str().len() == 2 && row.code.as_str().starts_with(code.as_str()))
}

/// Reads and checks a code as typed or imported for a session.
///
/// # Errors
/// Says what would be right.
pub fn resolve(text: &str, session: Session) -> Result<&'static CodeInfo, CodeError> {
    let unknown = || CodeError::Unknown(text.chars().take(8).collect());
    let code = Code::new(text.trim()).ok_or_else(unknown)?;
    let Some(info) = on(code, session.day) else {
        let longer: Vec<_> = in_use(session.day)
            .into_iter()
            .filter(|row| row.code != code && row.code.as_str().starts_with(code.as_str()))
            .map(|row| row.code.to_string())
            .collect();
        return Err(match (longer.as_slice(), table().get(&code)) {
            ([first], _) => CodeError::NeedsNumber(code.to_string(), first.clone()),
            ([first, .., last], _) => CodeError::NeedsNumber(code.to_string(), format!("{first} to {last}")),
            ([], Some(_)) => CodeError::OtherTimes { code, hint: hint(code) },
            ([], None) => unknown(),
        });
    };
    if let Some(only) = info.half.filter(|only| *only != session.half) {
        return Err(CodeError::OtherHalf { code, only: only.word(), instead: Code::present(session.half) });
    }
    Ok(info)
}

fn hint(code: Code) -> &'static str {
    match code.as_str() {
        "H" | "F" => "since August 2024 use C if leave was exceptional, otherwise G",
        "C1" | "C2" => "before August 2024 it was C",
        "J1" => "before August 2024 it was J",
        "Q" => "before August 2024 it was Y",
        text if text.starts_with('Y') => "before August 2024 it was Y",
        _ => "look at the code table of that day",
    }
}

/// Checks what stands beside a code that somebody marks by hand.
///
/// # Errors
/// Says what is missing or too much.
pub fn check_beside(info: &CodeInfo, minutes: Option<u16>, text: Option<&str>) -> Result<(), CodeError> {
    if info.class == Class::NotCollected {
        return Err(CodeError::NotByHand(info.code));
    }
    match (info.needs, minutes) {
        (Needs::Minutes, None) => return Err(CodeError::NeedsMinutes(info.code)),
        (Needs::Minutes, Some(minutes)) if minutes == 0 || minutes > MINUTES_LATE => {
            return Err(CodeError::Minutes(minutes));
        }
        (Needs::Minutes, Some(_)) => {}
        (_, Some(_)) => return Err(CodeError::NoMinutes(info.code)),
        (_, None) => {}
    }
    if info.needs == Needs::Text && text.is_none_or(|text| text.trim().is_empty()) {
        return Err(CodeError::NeedsText(info.code));
    }
    Ok(())
}

/// A code's meaning in a few words, for a row of a register.
pub fn short_meaning(info: &CodeInfo) -> &'static str {
    match info.code.as_str() {
        "/" | "\\" => "Present",
        "L" => "Late",
        "U" => "Late, after the register closed",
        "K" => "Provision by the authority",
        "V" => "Educational visit",
        "P" => "Sporting activity",
        "W" => "Work experience",
        "B" => "Educated off site",
        "D" => "At their other school",
        "C" => "Exceptional leave",
        "C1" => "Performance or employment",
        "C2" => "Part-time timetable",
        "M" => "Medical appointment",
        "J" | "J1" => "Interview",
        "S" => "Study leave",
        "X" => "Not required",
        "T" => "Parent travelling",
        "R" => "Religious observance",
        "I" => "Ill",
        "E" => "Suspended or excluded",
        "Q" => "No transport by the authority",
        "Y" | "Y7" => "Unable to attend",
        "Y1" => "Transport not running",
        "Y2" => "Travel disruption",
        "Y3" => "Part of the site closed",
        "Y4" => "Site closed",
        "Y5" => "Unable to attend",
        "Y6" => "Public health",
        "G" | "H" | "F" => "Holiday",
        "N" => "No reason yet",
        "O" => "Absent without leave",
        "Z" => "Not yet on roll",
        "#" => "School closed",
        _ => "Another code",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Day {
        Day::parse("2026-11-23").unwrap()
    }

    fn info(code: &str) -> &'static CodeInfo {
        on(Code::new(code).unwrap(), today()).unwrap()
    }

    #[test]
    fn the_table_holds_all_thirty_four_codes_of_today_and_the_four_retired_ones() {
        assert_eq!(in_use(today()).len(), 34);
        assert_eq!(table().values().map(Vec::len).sum::<usize>(), 38);
    }

    #[test]
    fn attended_and_possible_follow_from_the_class_for_every_code() {
        for row in table().values().flatten() {
            let (attended, possible) = match row.class {
                Class::Attending | Class::ApprovedActivity => (true, true),
                Class::Authorised | Class::Unauthorised => (false, true),
                Class::NotPossible | Class::NotCollected => (false, false),
            };
            assert_eq!((row.attended, row.possible), (attended, possible), "{}", row.code);
        }
    }

    #[test]
    fn the_table_agrees_with_the_law_in_short() {
        let codes = |class| {
            let mut found: Vec<_> =
                in_use(today()).into_iter().filter(|row| row.class == class).map(|row| row.code.to_string()).collect();
            found.sort();
            found.join(" ")
        };
        assert_eq!(codes(Class::Attending), "/ L \\");
        assert_eq!(codes(Class::ApprovedActivity), "B K P V W");
        assert_eq!(codes(Class::Authorised), "C C1 C2 E I J1 M R S T");
        assert_eq!(codes(Class::Unauthorised), "G N O U");
        assert_eq!(codes(Class::NotPossible), "D Q X Y1 Y2 Y3 Y4 Y5 Y6 Y7");
        assert_eq!(codes(Class::NotCollected), "# Z");
    }

    #[test]
    fn a_pupil_coded_u_is_absent_in_the_figures_and_in_the_building() {
        assert_eq!((info("U").attended, info("U").on_site), (false, OnSite::Arrival));
        assert_eq!((info("V").attended, info("V").on_site), (true, OnSite::No));
        assert_eq!(info("N").on_site, OnSite::Unknown);
    }

    #[test]
    fn an_interview_of_march_2024_still_counts_as_attended() {
        let then = Day::parse("2024-03-11").unwrap();
        assert!(on(Code::new("J").unwrap(), then).unwrap().attended);
        assert!(!info("J1").attended);
        assert!(resolve("C2", Session::am(then)).is_err());
    }

    #[test]
    fn a_rejected_code_says_what_would_be_right() {
        let say = |code: &str, session| resolve(code, session).unwrap_err().to_string();
        let (am, pm) = (Session::am(today()), Session::pm(today()));
        assert_eq!(say("J", am), "J needs a number: J1");
        assert_eq!(say("Y", am), "Y needs a number: Y1 to Y7");
        assert_eq!(say("/", pm), "/ is for the morning only: use \\");
        assert_eq!(say("\\", am), "\\ is for the afternoon only: use /");
        assert_eq!(say("?", am), "there is no code ?");
        assert!(say("H", am).contains("use C"));
        assert!(resolve("c", am).is_ok() && resolve("#", am).is_ok());
        assert!(could_grow(Code::new("C").unwrap(), today()) && !could_grow(Code::LATE, today()));
    }

    #[test]
    fn late_needs_minutes_and_an_unavoidable_cause_needs_words() {
        assert_eq!(check_beside(info("L"), None, None), Err(CodeError::NeedsMinutes(Code::LATE)));
        assert!(check_beside(info("L"), Some(12), None).is_ok());
        assert!(check_beside(info("/"), Some(12), None).is_err());
        assert!(check_beside(info("L"), Some(0), None).is_err());
        assert!(check_beside(info("Y7"), None, Some(" ")).is_err());
        assert!(check_beside(info("#"), None, None).is_err());
    }
}
