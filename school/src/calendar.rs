//! Days, sessions, weeks and years, as a school in England counts them.
//!
//! A session is a civil date and a half day, never an instant: moving a clock, or a change to or from summer time,
//! cannot move a mark. Instants are turned into civil time in Europe/London with the rules that the program
//! carries itself.
//!
//! Not here: the clock. Callers pass the moment.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use muster_core::id::Year;
use muster_core::time::Moment;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// A civil date: days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Day(pub i32);

/// Half of a school day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Half {
    /// Morning.
    Am,
    /// Afternoon.
    Pm,
}

impl Half {
    /// `morning` or `afternoon`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Am => "morning",
            Self::Pm => "afternoon",
        }
    }
}

/// A session: a day and a half of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Session {
    /// The day.
    pub day: Day,
    /// Which half.
    pub half: Half,
}

/// An ISO week: Monday to Sunday, named by the year that holds its Thursday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Week {
    /// The ISO year.
    pub year: i16,
    /// 1 to 53.
    pub week: u8,
}

/// A day and a minute of it in Europe/London.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Local {
    /// The day.
    pub day: Day,
    /// Minutes since midnight, 0 to 1,439.
    pub minute: u16,
}

fn epoch() -> Date {
    Date::constant(1970, 1, 1)
}

impl Day {
    /// A Monday, from which days of the week are counted.
    pub const MONDAY: Self = Self(4);

    /// From year, month and day; `None` when there is no such date.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().map(Self::from_date)
    }

    fn from_date(date: Date) -> Self {
        Self(epoch().until(date).map_or(0, |span| span.get_days()))
    }

    /// As a `jiff` date. A day outside the years that exist there is the nearest that does.
    pub fn date(self) -> Date {
        epoch().saturating_add(jiff::Span::new().days(self.0.clamp(-4_000_000, 2_900_000)))
    }

    /// The academic year it is in: runs from 1 September.
    pub fn year(self) -> Year {
        let date = self.date();
        let starts = if date.month() >= 9 { date.year() } else { date.year() - 1 };
        Year(u16::try_from(starts).unwrap_or(0))
    }

    /// Its ISO week.
    pub fn week(self) -> Week {
        let iso = self.date().iso_week_date();
        Week { year: iso.year(), week: u8::try_from(iso.week()).unwrap_or(1) }
    }

    /// Days since Monday, 0 to 6.
    pub fn weekday(self) -> u8 {
        // 1 January 1970 was a Thursday.
        u8::try_from((i64::from(self.0) + 3).rem_euclid(7)).unwrap_or(0)
    }

    /// Whether it is a Saturday or a Sunday.
    pub fn is_weekend(self) -> bool {
        self.weekday() >= 5
    }

    /// The day so many days later.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The last Monday to Friday before this day.
    #[must_use]
    pub fn weekday_before(self) -> Self {
        let back = [1, 2, 3].into_iter().find(|days| !self.plus(-days).is_weekend());
        self.plus(-back.unwrap_or(1))
    }

    /// `Monday 23 November`.
    pub fn long(self) -> String {
        let date = self.date();
        format!("{} {} {}", weekday_name(date.weekday()), date.day(), month_name(date.month()))
    }

    /// `Monday`.
    pub fn weekday_word(self) -> &'static str {
        weekday_name(self.date().weekday())
    }

    /// `2026-11-23`.
    pub fn iso(self) -> String {
        self.date().to_string()
    }

    /// Four bytes that sort as days do, for natural keys.
    pub fn key(self) -> [u8; 4] {
        (self.0.cast_unsigned() ^ 0x8000_0000).to_be_bytes()
    }

    /// Back from [`Day::key`].
    pub fn from_key(key: &[u8]) -> Option<Self> {
        let bytes: [u8; 4] = key.try_into().ok()?;
        Some(Self((u32::from_be_bytes(bytes) ^ 0x8000_0000).cast_signed()))
    }

    /// A date as exports write it: `2026-11-23`, `23/11/2026` or `23-11-2026`.
    ///
    /// # Errors
    /// A text that says what would be right.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wanted = || format!("\"{text}\" is not a date: write 23/11/2026 or 2026-11-23");
        let parts: Vec<&str> = text.trim().split(['/', '-']).collect();
        let [a, b, c] = parts.as_slice() else { return Err(wanted()) };
        let number = |part: &str| {
            if part.is_empty() || part.len() > 4 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            part.parse::<i16>().ok()
        };
        let (Some(first), Some(month), Some(last)) = (number(a), number(b), number(c)) else { return Err(wanted()) };
        let (year, day) = match (a.len(), c.len()) {
            (4, 1 | 2) => (first, last),
            (1 | 2, 4) => (last, first),
            _ => return Err(wanted()),
        };
        let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else { return Err(wanted()) };
        if !(1900..=2200).contains(&year) {
            return Err(format!("the year of \"{text}\" cannot be right"));
        }
        Self::new(year, month, day).ok_or_else(|| format!("there is no such date as \"{text}\""))
    }
}

impl Session {
    /// A morning.
    pub fn am(day: Day) -> Self {
        Self { day, half: Half::Am }
    }

    /// An afternoon.
    pub fn pm(day: Day) -> Self {
        Self { day, half: Half::Pm }
    }

    /// Its place in its week: Monday morning 0 to Sunday afternoon 13.
    pub fn in_week(self) -> u8 {
        self.day.weekday() * 2 + u8::from(self.half == Half::Pm)
    }

    /// Back from [`Session::in_week`]; `None` beyond 13 or in a week that does not exist.
    pub fn from_week(week: Week, place: u8) -> Option<Self> {
        let half = if place.is_multiple_of(2) { Half::Am } else { Half::Pm };
        let monday = week.monday()?;
        (place < 14).then(|| Self { day: monday.plus(i32::from(place / 2)), half })
    }

    /// `Monday 23 November, morning`.
    pub fn long(self) -> String {
        format!("{}, {}", self.day.long(), self.half.word())
    }

    /// The session before this one on the same day, or the afternoon of the weekday before.
    #[must_use]
    pub fn before(self) -> Self {
        match self.half {
            Half::Pm => Self::am(self.day),
            Half::Am => Self::pm(self.day.weekday_before()),
        }
    }
}

impl Week {
    /// Its Monday; `None` when the year has no such week.
    pub fn monday(self) -> Option<Day> {
        let week = i8::try_from(self.week).ok()?;
        let iso = jiff::civil::ISOWeekDate::new(self.year, week, Weekday::Monday).ok()?;
        Some(Day::from_date(iso.date()))
    }

    /// Three bytes that sort as weeks do.
    pub fn key(self) -> [u8; 3] {
        let [high, low] = (self.year.cast_unsigned() ^ 0x8000).to_be_bytes();
        [high, low, self.week]
    }

    /// Back from [`Week::key`].
    pub fn from_key(key: &[u8]) -> Option<Self> {
        let [high, low, week] = *<&[u8; 3]>::try_from(key).ok()?;
        Some(Self { year: (u16::from_be_bytes([high, low]) ^ 0x8000).cast_signed(), week })
    }
}

/// Europe/London, from the rules that the program carries.
fn london() -> &'static TimeZone {
    static LONDON: OnceLock<TimeZone> = OnceLock::new();
    LONDON.get_or_init(|| TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC))
}

/// What the wall clock in the school showed at a moment.
pub fn local(at: Moment) -> Local {
    let Ok(instant) = jiff::Timestamp::from_millisecond(at.utc_ms) else {
        return Local { day: Day(at.civil_day()), minute: 0 };
    };
    let civil = instant.to_zoned(london().clone()).datetime();
    let minute = u16::try_from(i32::from(civil.hour()) * 60 + i32::from(civil.minute())).unwrap_or(0);
    Local { day: Day::from_date(civil.date()), minute }
}

/// The moment at which the school's wall clock shows a minute of a day. A minute that a clock change skips is the
/// same one after the change; one that comes twice is its first.
pub fn moment(day: Day, minute: u16) -> Moment {
    let minute = minute.min(1_439);
    let hour = i8::try_from(minute / 60).unwrap_or(0);
    let civil = day.date().at(hour, i8::try_from(minute % 60).unwrap_or(0), 0, 0);
    match london().to_ambiguous_zoned(civil).compatible() {
        Ok(zoned) => Moment {
            utc_ms: zoned.timestamp().as_millisecond(),
            offset_minutes: i16::try_from(zoned.offset().seconds() / 60).unwrap_or(0),
        },
        Err(_) => Moment::utc(i64::from(day.0) * 86_400_000),
    }
}

/// Weekdays as people type them, Monday first.
pub(crate) const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Sessions of a week from words such as `mon pm, wed, fri am`: their places, Monday morning 0, ascending. A day alone
/// means both halves; nothing means none.
///
/// # Errors
/// Says what would be right.
pub fn sessions_of_week(text: &str) -> Result<Vec<u8>, String> {
    let mut places = std::collections::BTreeSet::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let wrong = || format!("\"{part}\" is no session of the week: write mon am, wed pm, or fri for the whole day");
        let lower = part.to_lowercase();
        let (day, half) = lower.split_once(' ').unwrap_or((&lower, ""));
        let begins = |name: &&str| day.starts_with(*name) && day.len() <= "wednesday".len();
        let place = WEEKDAYS.iter().position(begins).and_then(|at| u8::try_from(at * 2).ok());
        let place = place.ok_or_else(wrong)?;
        match half.trim() {
            "am" => _ = places.insert(place),
            "pm" => _ = places.insert(place + 1),
            "" => places.extend([place, place + 1]),
            _ => return Err(wrong()),
        }
    }
    Ok(places.into_iter().collect())
}

/// Days of the week from words such as `tue, fri`: Monday is the lowest bit.
///
/// # Errors
/// Says what would be right.
pub fn days_of_week(text: &str) -> Result<u8, String> {
    sessions_of_week(text).map(|places| places.into_iter().fold(0, |days, place| days | 1 << (place / 2)))
}

/// `09:14`.
pub fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// `09:14`, with the day where it is another than today: `Thursday 09:14` within six days, else `Thursday 3 December
/// 09:14`.
pub fn clock_of(day: Day, minute: u16, today: Day) -> String {
    match day.0.saturating_sub(today.0) {
        0 => clock(minute),
        -6..=6 => format!("{} {}", day.weekday_word(), clock(minute)),
        _ => format!("{} {}", day.long(), clock(minute)),
    }
}

/// Minutes since midnight from `9:14` or `09:14`; `None` for anything else.
pub fn parse_clock(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let digits = |part: &str| !part.is_empty() && part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hour) || minute.len() != 2 || !digits(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// A moment of school time, from `2026-11-24T18:00`.
///
/// # Errors
/// When it is none; says how to write one.
pub fn parse_moment(text: &str) -> Result<Moment, String> {
    let wrong = || format!("{text} is not a time: write it as 2026-11-24T18:00");
    let (day, minute) = text.trim().split_once(['T', ' ']).ok_or_else(wrong)?;
    let minute = parse_clock(minute).ok_or_else(|| format!("{minute} is not a time of the day: write it as 18:30"))?;
    Ok(moment(Day::parse(day)?, minute))
}

fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

fn month_name(month: i8) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    usize::try_from(month - 1).ok().and_then(|at| NAMES.get(at)).copied().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn a_day_is_in_the_academic_year_that_began_before_it() {
        assert_eq!(day("2026-08-31").year(), Year(2025));
        assert_eq!(day("2026-09-01").year(), Year(2026));
        assert_eq!(day("2026-08-31").week(), day("2026-09-01").week(), "one week, two years");
    }

    #[test]
    fn marks_keep_their_session_across_both_clock_changes() {
        // Clocks go back on 25 October 2026 and forward on 28 March 2027.
        for (date, offset) in [("2026-10-23", 60), ("2026-10-26", 0), ("2027-03-26", 0), ("2027-03-29", 60)] {
            let at = moment(day(date), 9 * 60 + 5);
            assert_eq!(at.offset_minutes, offset);
            assert_eq!(local(at), Local { day: day(date), minute: 545 });
        }
        assert_eq!(local(moment(day("2027-03-28"), 90)).minute, 150, "01:30 does not exist that night");
    }

    #[test]
    fn every_session_of_a_week_reads_back_from_its_place() {
        for date in ["2026-12-28", "2027-01-03", "2020-12-31", "2026-11-23"] {
            for session in [Session::am(day(date)), Session::pm(day(date))] {
                let week = session.day.week();
                assert_eq!(Session::from_week(week, session.in_week()), Some(session));
                assert_eq!(Week::from_key(&week.key()), Some(week));
            }
            assert_eq!(Day::from_key(&day(date).key()), Some(day(date)));
        }
        assert_eq!(Session::from_week(day("2026-11-23").week(), 14), None);
    }

    #[test]
    fn a_date_that_cannot_be_is_refused_in_words() {
        for bad in ["31/02/2026", "2026-13-01", "1/1/26", "", "tomorrow", "2026/9/7/1", "0000-01-01", "+1/01/2026"] {
            assert!(Day::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(day("7/9/2026"), day("2026-09-07"));
        assert_eq!(day("2026-11-23").long(), "Monday 23 November");
    }

    #[test]
    fn sessions_of_a_week_are_read_as_people_say_them() {
        assert_eq!(sessions_of_week("mon pm, Wednesday, fri am").unwrap(), [1, 4, 5, 8]);
        assert_eq!(sessions_of_week(" ").unwrap(), [] as [u8; 0]);
        assert!(sessions_of_week("someday").is_err() && sessions_of_week("mon noon").is_err());
    }

    #[test]
    fn a_clock_time_reads_back_and_nonsense_does_not() {
        assert_eq!(parse_clock("9:05").map(clock).as_deref(), Some("09:05"));
        for bad in ["24:00", "9:5", "905", "+9:05", "09:60", ""] {
            assert_eq!(parse_clock(bad), None, "{bad}");
        }
    }
}
