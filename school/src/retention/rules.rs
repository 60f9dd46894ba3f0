//! For how long each class of record is kept, from what day, and on what ground: the data of reviews.
//!
//! The first row's years are law; the others follow the toolkit of the Information and Records Management Society for
//! schools. A school that keeps something for longer says so in a review. Nothing is dropped by itself.
//!
//! Not here: what is due (the module above), and erasing.

use crate::calendar::Day;
use crate::facts::retention::Class;

/// From which day the years of a record are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// The day it was entered.
    Entered,
    /// The end of the year in which the pupil was born: kept until the last day of the year that far on.
    Birth,
    /// The day it is of.
    Day,
    /// The end of the year of the day it is of.
    YearEnd,
    /// Something that these records do not say. In words.
    Unknown(&'static str),
}

/// How one class is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Which.
    pub class: Class,
    /// From when.
    pub trigger: Trigger,
    /// For how many years.
    pub years: i16,
    /// On what ground.
    pub basis: &'static str,
}

const LAW: &str = "School Attendance (Pupil Registration) Regulations 2024";
const TOOLKIT: &str = "IRMS toolkit for schools";

const fn rule(class: Class, trigger: Trigger, years: i16, basis: &'static str) -> Rule {
    Rule { class, trigger, years, basis }
}

/// Every class, in the order of a list.
pub const RULES: [Rule; 14] = [
    rule(Class::Attendance, Trigger::Entered, 6, LAW),
    rule(Class::Admission, Trigger::Entered, 6, LAW),
    rule(Class::PupilFile, Trigger::Birth, 25, TOOLKIT),
    rule(Class::SpecialNeeds, Trigger::Birth, 31, "IRMS toolkit for schools: a plan can run to 25, and six years"),
    rule(Class::ChildProtection, Trigger::Birth, 25, TOOLKIT),
    rule(Class::Accidents, Trigger::Unknown("kept on paper: the accident book"), 25, TOOLKIT),
    rule(Class::Medical, Trigger::Birth, 25, "IRMS toolkit for schools: follows the pupil file"),
    rule(Class::Visitors, Trigger::Day, 1, "UK GDPR Article 5(1)(c): no longer than it is of use"),
    rule(Class::Drills, Trigger::YearEnd, 6, TOOLKIT),
    rule(Class::Trips, Trigger::Unknown("stands in the roll of its day, with no record of an incident"), 25, TOOLKIT),
    rule(Class::Staff, Trigger::Unknown("the day on which somebody left is not in these records"), 6, TOOLKIT),
    rule(
        Class::Photographs,
        Trigger::Unknown("kept while consent is in force, which is asked of the family record"),
        0,
        TOOLKIT,
    ),
    rule(Class::KeyDocuments, Trigger::Unknown("part of the pupil file"), 25, TOOLKIT),
    rule(Class::Trail, Trigger::Unknown("kept for as long as what it is about"), 0, TOOLKIT),
];

/// The least number of years after which anything is due.
pub const LEAST_YEARS: i16 = 1;

/// How a class is kept.
pub fn of(class: Class) -> Rule {
    // Each class has its row: a test looks.
    RULES.into_iter().find(|rule| rule.class == class).unwrap_or(RULES[0])
}

impl Rule {
    /// The last day on which something is kept without review; `None` where these records do not say from when.
    pub fn kept_until(&self, from: Day) -> Option<Day> {
        match self.trigger {
            Trigger::Entered | Trigger::Day => Some(years_on(from, self.years)),
            Trigger::Birth | Trigger::YearEnd => Day::new(from.date().year().saturating_add(self.years), 12, 31),
            Trigger::Unknown(_) => None,
        }
    }

    /// In a sentence: `6 years from the day it was entered`.
    pub fn words(&self) -> String {
        let years = if self.years == 1 { "1 year".to_owned() } else { format!("{} years", self.years) };
        match self.trigger {
            Trigger::Entered => format!("{years} from the day it was entered"),
            Trigger::Birth => format!("until the end of the year in which the pupil is {}", self.years),
            Trigger::Day => format!("{years} from its day"),
            Trigger::YearEnd => format!("{years} from the end of its year"),
            Trigger::Unknown(why) => format!("not listed here: {why}"),
        }
    }
}

/// The same day so many years on.
pub(super) fn years_on(day: Day, years: i16) -> Day {
    let date = day.date();
    let year = date.year().saturating_add(years);
    // Whatever was entered on 29 February is kept until the 28th, years on, and no shorter.
    Day::new(year, date.month(), date.day()).or_else(|| Day::new(year, 3, 1)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_has_one_rule_and_no_listed_one_is_due_sooner_than_is_looked_for() {
        for class in Class::ALL {
            assert_eq!(RULES.iter().filter(|rule| rule.class == class).count(), 1, "{class:?}");
            assert!(!of(class).basis.is_empty());
        }
        assert_eq!(RULES.len(), Class::ALL.len());
        let listed = RULES.iter().filter(|rule| !matches!(rule.trigger, Trigger::Unknown(_)));
        assert_eq!(listed.map(|rule| rule.years).min(), Some(LEAST_YEARS));
    }

    #[test]
    fn a_pupils_file_is_kept_to_the_end_of_the_year_in_which_they_are_twenty_five() {
        let born = Day::parse("2001-02-03").unwrap();
        assert_eq!(of(Class::PupilFile).kept_until(born), Day::new(2026, 12, 31));
        assert_eq!(of(Class::SpecialNeeds).kept_until(born), Day::new(2032, 12, 31));
        assert_eq!(of(Class::Drills).kept_until(born), Day::new(2007, 12, 31));
        assert_eq!(of(Class::Visitors).kept_until(born), Day::new(2002, 2, 3));
        assert_eq!(of(Class::Staff).kept_until(born), None);
    }
}
