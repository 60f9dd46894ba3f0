//! How long entries of the two registers are kept: six years from the day each was entered, and then reviewed.
//!
//! The clock runs per entry, by the clock of whoever entered it; an imported mark was entered on the day of the
//! import. Nothing is dropped here or anywhere by itself: what is due is listed, a person looks at it, and what they
//! decided is written down with the reason. A review covers what was due on its day, and no more.
//!
//! Not here: erasing, and how long other records are kept.

use crate::areas;
use crate::calendar::{self, Day};
use crate::facts::documents;
use crate::facts::retention::{Class, Decision};
use crate::known::School;
use muster_core::id::{DocumentId, PlaceId};
use muster_core::replica::records::{Records, RecordsError};
use std::collections::BTreeMap;

/// Years that an entry of the attendance or the admission register is kept, from the day it was entered.
pub const YEARS: i16 = 6;

/// Entries of one register of a site that were entered in one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// Of which site.
    pub site: PlaceId,
    /// Which register.
    pub class: Class,
    /// The calendar year in which they were entered.
    pub year: i16,
    /// How many there are.
    pub entries: u64,
    /// How many of them are due for review: kept for as long as the law asks, and by no review since.
    pub due: u64,
    /// How many of them a review has said are to be destroyed.
    pub to_destroy: u64,
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

/// Whether anything can be due at all: a school that began here less than six years ago has nothing to look for.
pub fn may_be_due(school: &School, today: Day) -> bool {
    school.since.is_some_and(|since| kept_until(since) < today)
}

/// Reads what is kept some documents at a time, so that nobody waits for years of them.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    left: Vec<(Class, DocumentId)>,
    /// How many were entered on each day.
    found: BTreeMap<(Class, PlaceId), BTreeMap<Day, u64>>,
}

impl Scan {
    /// Of every document of both registers that can be read here.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn begin(records: &mut impl Records) -> Result<Self, RecordsError> {
        let mut left = Vec::new();
        for (area, kind, class) in [
            (areas::PUPIL, documents::PUPIL, Class::Admission),
            // Addresses, parents and their numbers are parts of the entry (reg. 8).
            (areas::FAMILY, documents::FAMILY, Class::Admission),
            (areas::REGISTER, documents::REGISTER, Class::Attendance),
        ] {
            for section in records.sections(area) {
                left.extend(records.documents(&section, kind)?.into_iter().map(|document| (class, document)));
            }
        }
        Ok(Self { left, found: BTreeMap::new() })
    }

    /// Reads so many documents, and says how many are left.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn read(&mut self, records: &mut impl Records, most: usize) -> Result<usize, RecordsError> {
        for (class, document) in self.left.split_off(self.left.len().saturating_sub(most)) {
            let Some(facts) = records.facts(&document)? else { continue };
            let days = self.found.entry((class, document.section.compartment.place)).or_default();
            for held in facts.iter() {
                *days.entry(calendar::local(held.origin.at).day).or_default() += 1;
            }
        }
        Ok(self.left.len())
    }

    /// What was read, by site, register and year of entering, the oldest first.
    pub fn entered(&self, school: &School, today: Day) -> Vec<Entered> {
        let mut found: BTreeMap<(i16, Class, PlaceId), Entered> = BTreeMap::new();
        for ((class, site), days) in &self.found {
            for (entered, many) in days {
                let (class, site, until, year) = (*class, *site, kept_until(*entered), entered.date().year());
                let review = school.reviews.get(&(site, class, year)).map(|(review, _)| review);
                let decided = review.filter(|review| until < review.day).map(|review| review.decision);
                let fresh = Entered { site, class, year, entries: 0, due: 0, to_destroy: 0, from: until };
                let row = found.entry((year, class, site)).or_insert(fresh);
                row.entries += many;
                row.from = row.from.min(until);
                match decided {
                    Some(Decision::Destroy) => row.to_destroy += many,
                    Some(Decision::KeepUntil(later)) if today <= later => {}
                    _ if until < today => row.due += many,
                    _ => {}
                }
            }
        }
        found.into_values().collect()
    }
}

/// What is kept of the two registers, all of it at once.
///
/// Cost: reads every document of both.
///
/// # Errors
/// When the records cannot be read.
pub fn entries(records: &mut impl Records, school: &School, today: Day) -> Result<Vec<Entered>, RecordsError> {
    let mut scan = Scan::begin(records)?;
    scan.read(records, usize::MAX)?;
    Ok(scan.entered(school, today))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::retention::Reviewed;
    use crate::office::OfficeError;
    use crate::tests::{Small, clock, entry, morning, small};

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn an_entry_is_kept_for_six_years_from_the_day_it_was_entered() {
        assert_eq!(kept_until(day("2026-11-23")), day("2032-11-23"));
        assert_eq!(kept_until(day("2024-02-29")), day("2030-03-01"), "never shorter");
    }

    /// Ada's mark of 23 November 2026 and its amendment of 5 January 2027.
    fn amended() -> Small {
        let mut small = small();
        let (ada, beech) = (small.pupils[0], small.beech);
        small.desk.at(clock(9, 0));
        small.desk.office().take(beech, morning(), &[entry(ada, "N")], false).unwrap();
        small.desk.records.set_clock(day("2027-01-05"), clock(10, 0));
        small.desk.office().amend(ada, morning(), (Some("I"), None), "Doctor's letter", None).unwrap();
        small
    }

    fn marks(small: &mut Small, today: &str) -> Vec<(i16, u64, u64, u64)> {
        let all = entries(&mut small.desk.records, small.desk.known.school(), day(today)).unwrap();
        let marks = all.iter().filter(|one| one.class == Class::Attendance);
        marks.map(|one| (one.year, one.entries, one.due, one.to_destroy)).collect()
    }

    #[test]
    fn each_amendment_has_a_clock_of_its_own_and_what_is_due_is_listed_and_still_there() {
        let mut small = amended();
        assert_eq!(marks(&mut small, "2032-12-01"), [(2026, 1, 1, 0), (2027, 1, 0, 0)]);
        assert!(!may_be_due(small.desk.known.school(), day("2032-11-23")), "the school began here that day");
        assert!(may_be_due(small.desk.known.school(), day("2032-11-24")));
        let history = small.desk.office().board(morning()).unwrap().history(small.pupils[0], morning());
        assert_eq!(history.len(), 2, "nothing was dropped");
    }

    #[test]
    fn addresses_and_parents_are_entries_of_the_admission_register_with_a_clock_of_their_own() {
        let mut small = small();
        let due = |small: &mut Small| {
            let all = entries(&mut small.desk.records, small.desk.known.school(), day("2034-01-01")).unwrap();
            let admission = all.into_iter().filter(|one| one.class == Class::Admission && one.year == 2027);
            admission.map(|one| one.due).sum::<u64>()
        };
        assert_eq!(due(&mut small), 0);
        small.desk.records.set_clock(day("2027-01-05"), clock(10, 0));
        let address = crate::facts::family::Address {
            line: "3 Mill Lane".to_owned(),
            town: String::new(),
            postcode: String::new(),
        };
        let entered = crate::office::EntryChange { family: vec![address.into()], ..Default::default() };
        small.desk.office().amend_entry(small.pupils[0], &entered, "").unwrap();
        assert_eq!(due(&mut small), 1);
    }

    #[test]
    fn a_review_is_written_down_with_its_reason_and_what_is_kept_longer_comes_back_on_its_day() {
        let mut small = amended();
        small.desk.records.set_clock(day("2032-12-01"), clock(10, 0));
        let review = |decision, reason: &str| Reviewed {
            site: small.site,
            class: Class::Attendance,
            year: 2026,
            day: day("2032-12-01"),
            decision,
            reason: reason.to_owned(),
        };
        let keep = review(Decision::KeepUntil(day("2034-08-31")), "A claim is open");
        let (no_reason, destroy) = (review(keep.decision, " "), review(Decision::Destroy, "Nothing is open any more"));
        assert!(matches!(small.desk.office().review_records(no_reason), Err(OfficeError::Nothing(_))));
        let back = review(Decision::KeepUntil(day("2032-12-01")), "Too short");
        assert!(matches!(small.desk.office().review_records(back), Err(OfficeError::Nothing(_))));
        small.desk.office().review_records(keep).unwrap();
        assert_eq!(marks(&mut small, "2032-12-02"), [(2026, 1, 0, 0), (2027, 1, 0, 0)]);
        assert_eq!(marks(&mut small, "2033-01-06")[1], (2027, 1, 1, 0), "another year is another review");
        assert_eq!(marks(&mut small, "2034-09-01")[0], (2026, 1, 1, 0), "kept to the end of that day");
        small.desk.records.set_clock(day("2034-09-01"), clock(10, 0));
        small.desk.office().review_records(Reviewed { day: day("2034-09-01"), ..destroy }).unwrap();
        assert_eq!(marks(&mut small, "2034-09-02")[0], (2026, 1, 0, 1), "due for destruction, and still there");
        let history = small.desk.office().board(morning()).unwrap().history(small.pupils[0], morning());
        assert_eq!(history.len(), 2, "a decision destroys nothing");
    }

    #[test]
    fn what_becomes_due_after_a_review_is_due_whatever_the_review_said() {
        let mut small = small();
        let (ada, leila, beech) = (small.pupils[0], small.pupils[1], small.beech);
        small.desk.at(clock(9, 0)).office().take(beech, morning(), &[entry(ada, "/")], false).unwrap();
        small.desk.records.set_clock(day("2026-12-10"), clock(9, 0));
        small.desk.office().amend(leila, morning(), (Some("/"), None), "Seen by Tom", None).unwrap();
        small.desk.records.set_clock(day("2032-12-01"), clock(10, 0));
        let reviewed = Reviewed {
            site: small.site,
            class: Class::Attendance,
            year: 2026,
            day: day("2032-12-01"),
            decision: Decision::Destroy,
            reason: "Nothing is open".to_owned(),
        };
        small.desk.office().review_records(reviewed).unwrap();
        assert_eq!(marks(&mut small, "2032-12-11"), [(2026, 2, 1, 1)]);
    }

    #[test]
    fn years_of_records_are_looked_through_some_at_a_time_with_the_same_result() {
        let mut small = amended();
        let records = &mut small.desk.records;
        let mut scan = Scan::begin(records).unwrap();
        let mut rounds = 0;
        while scan.read(records, 1).unwrap() > 0 {
            rounds += 1;
        }
        let today = day("2032-12-01");
        assert!(rounds > 5, "a document at a time");
        assert_eq!(
            scan.entered(small.desk.known.school(), today),
            entries(records, small.desk.known.school(), today).unwrap()
        );
    }
}
