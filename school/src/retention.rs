//! Which old records are due for review: entries of the two registers six years from the day each was entered, files by
//! the pupil's birth, the visitor book and the drill log by their days ([`rules`]).
//!
//! The clock of an entry is that of whoever entered it; an imported mark was entered on the day of the
//! import. Nothing is dropped here or anywhere by itself: what is due is listed, a person looks at it, and what they
//! decided is written down with the reason. A review covers what was due on its day, and no more.
//!
//! Not here: erasing.

pub mod rules;

use crate::areas;
use crate::calendar::{self, Day};
use crate::facts::case::CaseFact;
use crate::facts::pupil::PupilFact;
use crate::facts::retention::{Class, Decision};
use crate::facts::{self, documents};
use crate::ids::PupilId;
use crate::known::School;
use muster_core::document::fact::Facts;
use muster_core::id::{DocumentId, PlaceId};
use muster_core::replica::records::{Records, RecordsError};
use std::collections::{BTreeMap, BTreeSet};

/// Years that an entry of the attendance or the admission register is kept, from the day it was entered.
pub const YEARS: i16 = 6;

/// Records of one class and site and of one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// Of which site.
    pub site: PlaceId,
    /// Which records.
    pub class: Class,
    /// The calendar year that they are counted by: see [`Class::of_year`].
    pub year: i16,
    /// How many there are.
    pub entries: u64,
    /// How many of them are due for review: kept for as long as they should be, and by no review since.
    pub due: u64,
    /// How many of them a review has said are to be destroyed.
    pub to_destroy: u64,
    /// The first day on which the oldest of them is due.
    pub from: Day,
}

/// The last day on which an entry of a register is kept without review.
pub fn kept_until(entered: Day) -> Day {
    rules::years_on(entered, YEARS)
}

/// Whether anything can be due at all: a school that began here less than a year ago has nothing to look for.
pub fn may_be_due(school: &School, today: Day) -> bool {
    school.since.is_some_and(|since| rules::years_on(since, rules::LEAST_YEARS) < today)
}

/// Reads what is kept some documents at a time, so that nobody waits for years of them.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    left: Vec<(Class, DocumentId)>,
    /// How many there are by the day from which they are kept.
    found: BTreeMap<(Class, PlaceId), BTreeMap<Day, u64>>,
    /// Whose file is kept where.
    files: BTreeSet<(PlaceId, PupilId)>,
    born: BTreeMap<PupilId, Day>,
    needs: BTreeSet<PupilId>,
    medical: BTreeSet<(PlaceId, PupilId)>,
    /// Of each concern its site, whom it is about, and the day of what was said last.
    concerns: Vec<(PlaceId, Vec<PupilId>, Day)>,
}

impl Scan {
    /// Of every document of a class that is listed and can be read here.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn begin(records: &mut impl Records) -> Result<Self, RecordsError> {
        Self::of(records, true)
    }

    /// The same, without the registers where none of their entries can be due yet.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn of_what_may_be_due(records: &mut impl Records, school: &School, today: Day) -> Result<Self, RecordsError> {
        Self::of(records, school.since.is_some_and(|since| kept_until(since) < today))
    }

    fn of(records: &mut impl Records, registers: bool) -> Result<Self, RecordsError> {
        let mut scan = Self::default();
        for (area, kind, class) in [
            (areas::PUPIL, documents::PUPIL, Class::Admission),
            // Addresses, parents and their numbers are parts of the entry (reg. 8).
            (areas::FAMILY, documents::FAMILY, Class::Admission),
            (areas::REGISTER, documents::REGISTER, Class::Attendance),
            (areas::SAFEGUARDING, documents::CASE, Class::ChildProtection),
            (areas::CARE, documents::CARE, Class::Medical),
            (areas::LEARNING, documents::LEARNING, Class::SpecialNeeds),
            (areas::ROLL, documents::VISITS, Class::Visitors),
            (areas::ROLL, documents::ROLL_CALL, Class::Drills),
        ] {
            if !registers && [documents::FAMILY, documents::REGISTER].contains(&kind) {
                continue;
            }
            let class = if !registers && kind == documents::PUPIL { Class::PupilFile } else { class };
            for section in records.sections(area) {
                for document in records.documents(&section, kind)? {
                    scan.list(class, document);
                }
            }
        }
        Ok(scan)
    }

    /// Takes what a document's name says, or keeps it to be read.
    fn list(&mut self, class: Class, document: DocumentId) {
        let site = document.section.compartment.place;
        let (pupil, day) = (PupilId::from_slice(&document.key), document.key.get(..4).and_then(Day::from_key));
        match (class, pupil, day) {
            (Class::Medical, Some(pupil), _) => {
                self.medical.insert((site, pupil));
            }
            (Class::SpecialNeeds, Some(pupil), _) => {
                self.needs.insert(pupil);
            }
            (Class::Visitors | Class::Drills, _, Some(day)) => self.count(class, site, day, 1),
            (Class::Medical | Class::SpecialNeeds | Class::Visitors | Class::Drills, ..) => {}
            _ => self.left.push((class, document)),
        }
    }

    fn count(&mut self, class: Class, site: PlaceId, day: Day, many: u64) {
        *self.found.entry((class, site)).or_default().entry(day).or_default() += many;
    }

    /// Reads so many documents, and says how many are left.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn read(&mut self, records: &mut impl Records, most: usize) -> Result<usize, RecordsError> {
        for (class, document) in self.left.split_off(self.left.len().saturating_sub(most)) {
            let Some(facts) = records.facts(&document)? else { continue };
            let site = document.section.compartment.place;
            if document.kind == documents::PUPIL {
                self.file(site, &document, &facts);
            }
            match class {
                Class::Attendance | Class::Admission => {
                    for held in facts.iter() {
                        self.count(class, site, calendar::local(held.origin.at).day, 1);
                    }
                }
                Class::ChildProtection => self.concern(site, &facts),
                _ => {}
            }
        }
        Ok(self.left.len())
    }

    fn file(&mut self, site: PlaceId, document: &DocumentId, facts: &Facts) {
        let Some(pupil) = PupilId::from_slice(&document.key) else { return };
        self.files.insert((site, pupil));
        let born = facts::current::<PupilFact>(facts).filter_map(|read| match read.value {
            PupilFact::Identity(identity) => identity.born,
            _ => None,
        });
        // Where two say different days, the later: nothing is due too soon.
        if let Some(born) = born.max() {
            let known = self.born.entry(pupil).or_insert(born);
            *known = born.max(*known);
        }
    }

    fn concern(&mut self, site: PlaceId, facts: &Facts) {
        let about = facts::all::<CaseFact>(facts).filter_map(|read| match read.value {
            CaseFact::Concern(concern) => Some(concern.pupils),
            _ => None,
        });
        let about: Vec<PupilId> = about.flatten().collect();
        if let Some(last) = facts.iter().map(|held| calendar::local(held.origin.at).day).max() {
            self.concerns.push((site, about, last));
        }
    }

    /// Files are counted by births, which are known once all was read.
    fn with_files(&self) -> BTreeMap<(Class, PlaceId), BTreeMap<Day, u64>> {
        let mut found = self.found.clone();
        let mut count = |class, site, born| *found.entry((class, site)).or_default().entry(born).or_insert(0_u64) += 1;
        for (site, pupil) in &self.files {
            if let Some(born) = self.born.get(pupil) {
                let needs = self.needs.contains(pupil);
                count(if needs { Class::SpecialNeeds } else { Class::PupilFile }, *site, *born);
            }
        }
        for (site, pupil) in &self.medical {
            if let Some(born) = self.born.get(pupil) {
                // It follows the pupil's file.
                let needs = self.needs.contains(pupil);
                count(if needs { Class::SpecialNeeds } else { Class::Medical }, *site, *born);
            }
        }
        for (site, about, last) in &self.concerns {
            // Kept for the youngest of them, and where one birth is not known nobody can say for how long.
            let born: Option<Vec<Day>> = about.iter().map(|pupil| self.born.get(pupil).copied()).collect();
            let Some(born) = born.and_then(|born| born.into_iter().max()) else { continue };
            // What is written into the file after its time is its review.
            let until = rules::of(Class::ChildProtection).kept_until(born);
            if until.is_some_and(|until| *last <= until) {
                count(Class::ChildProtection, *site, born);
            }
        }
        found
    }

    /// What was read, by site, class and year, the oldest first.
    pub fn entered(&self, school: &School, today: Day) -> Vec<Entered> {
        let mut found: BTreeMap<(i16, Class, PlaceId), Entered> = BTreeMap::new();
        for ((class, site), days) in &self.with_files() {
            for (from, many) in days {
                let (class, site, year) = (*class, *site, from.date().year());
                let Some(until) = rules::of(class).kept_until(*from) else { continue };
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

/// What is kept of every class that is listed, all of it at once.
///
/// Cost: reads every document of the two registers, and every pupil's and concern.
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
        assert!(!may_be_due(small.desk.known.school(), day("2027-11-23")), "the school began here that day");
        assert!(may_be_due(small.desk.known.school(), day("2027-11-24")), "the visitor book is kept for a year");
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

    fn due(small: &mut Small, today: &str) -> Vec<(Class, i16, u64)> {
        let all = entries(&mut small.desk.records, small.desk.known.school(), day(today)).unwrap();
        let due = all.iter().filter(|one| one.due > 0);
        let due = due.map(|one| (one.class, one.year, one.due));
        due.filter(|(class, ..)| ![Class::Attendance, Class::Admission].contains(class)).collect()
    }

    /// Ada was born in 2014 and has a care plan, Tyler in 2019 and has special needs.
    fn with_births() -> Small {
        let mut small = small();
        for (pupil, born) in [(small.pupils[0], "2014-08-18"), (small.tyler, "2019-01-02")] {
            let known = small.desk.known.pupil(pupil).unwrap().identity.clone();
            let change = crate::facts::pupil::Identity { born: Some(day(born)), ..known };
            let document = documents::pupil(small.site, pupil);
            let held = small.desk.records.facts(&document).unwrap().unwrap();
            let before = facts::current::<PupilFact>(&held)
                .filter(|read| matches!(read.value, PupilFact::Identity(_)))
                .map(|read| read.held.name)
                .collect();
            let fact = facts::Value::replacing(&PupilFact::from(change), before).unwrap();
            let facts = vec![fact];
            small.desk.records.write(vec![muster_core::replica::records::Change { document, facts }]).unwrap();
        }
        let care = documents::care(small.site, small.pupils[0]);
        let plan = crate::facts::care::Medical { condition: "Asthma".to_owned(), action: "Inhaler".to_owned() };
        let plan = facts::Value::fact(&crate::facts::care::CareFact::from(plan)).unwrap();
        let learning = documents::learning(small.site, small.tyler, morning().day);
        let needs = crate::facts::learning::Needs { provision: "K".to_owned(), need: "Speech".to_owned() };
        let needs = facts::Value::fact(&crate::facts::learning::LearningFact::from(needs)).unwrap();
        for (document, fact) in [(care, plan), (learning, needs)] {
            let facts = vec![fact];
            small.desk.records.write(vec![muster_core::replica::records::Change { document, facts }]).unwrap();
        }
        small.desk.known.refresh(&mut small.desk.records).unwrap();
        small
    }

    #[test]
    fn files_of_pupils_are_due_when_they_are_twenty_five_or_thirty_one_and_still_there() {
        let mut small = with_births();
        assert!(due(&mut small, "2039-12-31").is_empty());
        let both = [(Class::PupilFile, 2014, 1), (Class::Medical, 2014, 1)];
        assert_eq!(due(&mut small, "2040-01-01"), both);
        assert_eq!(due(&mut small, "2050-12-31"), both, "with special needs it is kept for six years more");
        assert_eq!(due(&mut small, "2051-01-01")[2], (Class::SpecialNeeds, 2019, 2), "the file, and what follows it");
        small.desk.records.set_clock(day("2040-01-05"), clock(10, 0));
        let reviewed = Reviewed {
            site: small.site,
            class: Class::PupilFile,
            year: 2014,
            day: day("2040-01-05"),
            decision: Decision::KeepUntil(day("2042-08-31")),
            reason: "A claim is open".to_owned(),
        };
        small.desk.office().review_records(reviewed).unwrap();
        assert_eq!(due(&mut small, "2040-01-06"), [(Class::Medical, 2014, 1)]);
        assert_eq!(due(&mut small, "2042-09-01"), both);
        let registers_left_out = |small: &mut Small| {
            let mut scan = Scan::of(&mut small.desk.records, false).unwrap();
            scan.read(&mut small.desk.records, usize::MAX).unwrap();
            let all = scan.entered(small.desk.known.school(), day("2042-09-01"));
            all.iter().filter(|one| one.due > 0).map(|one| (one.class, one.year, one.due)).collect::<Vec<_>>()
        };
        assert_eq!(registers_left_out(&mut small), both, "and they are found without reading a register");
    }

    #[test]
    fn a_concern_is_due_by_its_youngest_pupil_and_its_review_is_written_into_the_file() {
        let mut small = with_births();
        let concern = |pupils: Vec<PupilId>| crate::view::concern::NewConcern {
            pupils: pupils.into_iter().map(Into::into).collect(),
            day: "23/11/2026".into(),
            time: "08:15".into(),
            words: "“Nobody was home,” she said.".into(),
            category: "Neglect".into(),
            kind: "Supervision".into(),
            ..Default::default()
        };
        let (ada, tyler, leila) = (small.pupils[0], small.tyler, small.pupils[1]);
        let of_both = small.desk.office().add_concern(small.site, &concern(vec![ada, tyler])).unwrap();
        small.desk.office().add_concern(small.site, &concern(vec![leila])).unwrap();
        let concerns = |small: &mut Small, today: &str| -> Vec<(Class, i16, u64)> {
            due(small, today).into_iter().filter(|(class, ..)| *class == Class::ChildProtection).collect()
        };
        assert!(concerns(&mut small, "2044-12-31").is_empty(), "and of whom no birth is known nobody can say");
        assert_eq!(concerns(&mut small, "2045-01-01"), [(Class::ChildProtection, 2019, 1)]);
        let reviewed = Reviewed {
            site: small.site,
            class: Class::ChildProtection,
            year: 2019,
            day: day("2045-01-05"),
            decision: Decision::Destroy,
            reason: "Nothing is open".to_owned(),
        };
        let refused = small.desk.office().review_records(reviewed).unwrap_err().to_string();
        assert!(refused.contains("in that file"), "{refused}");
        small.desk.records.set_clock(day("2045-01-05"), clock(10, 0));
        small.desk.office().add_to_concern(&of_both, "Reviewed: kept, the brother's file is open").unwrap();
        assert!(concerns(&mut small, "2045-01-06").is_empty());
    }

    #[test]
    fn the_visitor_book_is_due_after_a_year_and_the_drill_log_six_after_its_own() {
        let mut small = small();
        let visit = crate::office::NewVisit { name: "Sam Reed".to_owned(), ..Default::default() };
        small.desk.at(clock(9, 0)).office().visitor_in(small.site, &visit).unwrap();
        small.desk.office().start_call(small.site, crate::facts::roll_call::Kind::Drill).unwrap();
        assert!(due(&mut small, "2027-11-23").is_empty());
        assert_eq!(due(&mut small, "2027-11-24"), [(Class::Visitors, 2026, 1)]);
        assert_eq!(due(&mut small, "2033-01-01"), [(Class::Visitors, 2026, 1), (Class::Drills, 2026, 1)]);
    }
}
