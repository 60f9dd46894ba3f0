//! How long entries of the two registers are kept: six years from the day each was entered, and then reviewed.
//!
//! The clock runs per entry, by the clock of whoever entered it; an imported mark was entered on the day of the
//! import. Nothing is dropped here or anywhere by itself: what is due is listed, and a person decides.
//!
//! Not here: erasing, and how long other records are kept.

use crate::areas;
use crate::calendar::{self, Day};
use crate::facts::documents;
use muster_core::id::Area;
use muster_core::replica::records::{Records, RecordsError};
use std::collections::BTreeMap;

/// Years that an entry of the attendance or the admission register is kept, from the day it was entered.
pub const YEARS: i16 = 6;

/// Entries of one register that were entered in one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// `Attendance register` or `Admission register`.
    pub what: &'static str,
    /// The calendar year in which they were entered.
    pub year: i16,
    /// How many there are.
    pub entries: u64,
    /// How many of them are due for review.
    pub due: u64,
    /// The first day on which the oldest of them is due.
    pub from: Day,
}

/// The last day on which an entry is kept without review.
pub fn kept_until(entered: Day) -> Day {
    let date = entered.date();
    let year = date.year().saturating_add(YEARS);
    // Whatever was entered on 29 February is kept until the 28th, six years on, and no shorter.
    Day::new(year, date.month(), date.day()).or_else(|| Day::new(year, 3, 1)).unwrap_or(entered)
}

/// What is kept of the two registers, by the year of entering, the oldest first.
///
/// Cost: reads every document of both.
///
/// # Errors
/// When the records cannot be read.
pub fn entries(records: &mut impl Records, today: Day) -> Result<Vec<Entered>, RecordsError> {
    let mut found: BTreeMap<(i16, &'static str), Entered> = BTreeMap::new();
    let registers: [(Area, u16, &'static str); 2] = [
        (areas::REGISTER, documents::REGISTER, "Attendance register"),
        (areas::PUPIL, documents::PUPIL, "Admission register"),
    ];
    for (area, kind, what) in registers {
        for section in records.sections(area) {
            for document in records.documents(&section, kind)? {
                let Some(facts) = records.facts(&document)? else { continue };
                for held in facts.iter() {
                    let entered = calendar::local(held.origin.at).day;
                    let until = kept_until(entered);
                    let year = entered.date().year();
                    let row =
                        found.entry((year, what)).or_insert(Entered { what, year, entries: 0, due: 0, from: until });
                    row.entries += 1;
                    row.due += u64::from(until < today);
                    row.from = row.from.min(until);
                }
            }
        }
    }
    Ok(found.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{clock, entry, morning, small};

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn an_entry_is_kept_for_six_years_from_the_day_it_was_entered() {
        assert_eq!(kept_until(day("2026-11-23")), day("2032-11-23"));
        assert_eq!(kept_until(day("2024-02-29")), day("2030-03-01"), "never shorter");
    }

    #[test]
    fn each_amendment_has_a_clock_of_its_own_and_what_is_due_is_listed_and_still_there() {
        let mut small = small();
        let (ada, beech) = (small.pupils[0], small.beech);
        small.desk.at(clock(9, 0));
        small.desk.office().take(beech, morning(), &[entry(ada, "N")], false).unwrap();
        small.desk.records.set_clock(day("2027-01-05"), clock(10, 0));
        small.desk.office().amend(ada, morning(), (Some("I"), None), "Doctor's letter", None).unwrap();
        let today = day("2032-12-01");
        let all = entries(&mut small.desk.records, today).unwrap();
        let marks: Vec<_> = all.iter().filter(|one| one.what == "Attendance register").collect();
        assert_eq!(
            marks.iter().map(|one| (one.year, one.entries, one.due)).collect::<Vec<_>>(),
            [(2026, 1, 1), (2027, 1, 0)]
        );
        assert_eq!(marks[1].from, day("2033-01-05"));
        let history = small.desk.office().board(morning()).unwrap().history(ada, morning());
        assert_eq!(history.len(), 2, "nothing was dropped");
    }
}
