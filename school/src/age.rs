//! Compulsory school age in England (Education Act 1996, section 8; the dates of SI 1998/1607 and SI 1997/1970).
//!
//! It begins on the first 31 December, 31 March or 31 August on or after the fifth birthday, and ends on the last
//! Friday in June of the school year in which the pupil turns sixteen.

use crate::calendar::Day;

/// The first and the last day of compulsory school age of somebody born on a day.
pub fn compulsory(born: Day) -> (Day, Day) {
    let birthday = |years: i16| {
        let date = born.date();
        let year = date.year().saturating_add(years);
        // Whoever is born on 29 February comes of age on 1 March of other years.
        Day::new(year, date.month(), date.day()).or_else(|| Day::new(year, 3, 1)).unwrap_or(born)
    };
    let fifth = birthday(5);
    let year = fifth.date().year();
    let first = [Day::new(year, 3, 31), Day::new(year, 8, 31), Day::new(year, 12, 31)]
        .into_iter()
        .flatten()
        .find(|day| fifth <= *day)
        .unwrap_or(fifth);
    let sixteenth = birthday(16);
    let date = sixteenth.date();
    let summer = if date.month() >= 9 { date.year().saturating_add(1) } else { date.year() };
    let june = Day::new(summer, 6, 30).unwrap_or(sixteenth);
    // Monday is 0 and Friday 4.
    let last = june.plus(-i32::from((june.weekday() + 3) % 7));
    (first, last)
}

/// Whether somebody born on a day is of compulsory school age on another.
pub fn is_compulsory(born: Day, on: Day) -> bool {
    let (first, last) = compulsory(born);
    first <= on && on <= last
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn compulsory_age_begins_at_the_prescribed_day_after_the_fifth_birthday() {
        for (born, first) in [
            ("2020-01-10", "2025-03-31"),
            ("2020-03-31", "2025-03-31"),
            ("2020-04-01", "2025-08-31"),
            ("2020-08-31", "2025-08-31"),
            ("2020-09-01", "2025-12-31"),
            ("2020-02-29", "2025-03-31"),
        ] {
            assert_eq!(compulsory(day(born)).0, day(first), "{born}");
        }
    }

    #[test]
    fn compulsory_age_ends_on_the_last_friday_in_june_of_the_year_of_turning_sixteen() {
        // 2027-06-25 and 2026-06-26 are Fridays.
        for (born, last) in [("2010-09-01", "2027-06-25"), ("2011-08-31", "2027-06-25"), ("2010-08-31", "2026-06-26")] {
            assert_eq!(compulsory(day(born)).1, day(last), "{born}");
        }
        assert!(is_compulsory(day("2010-09-01"), day("2027-06-25")));
        assert!(!is_compulsory(day("2010-09-01"), day("2027-06-28")));
    }
}
