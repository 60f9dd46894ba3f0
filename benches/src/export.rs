//! What another system would export of a school with one site: its pupils, and their marks of some days.

use crate::Failure;
use muster_school::calendar::Day;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The site, and pupils in groups called `0K`, `1K` and so on, all of whom came years ago.
pub fn people(groups: u32, pupils_a_group: u32) -> BTreeMap<String, Vec<u8>> {
    let mut pupils = "Admission No,Legal Surname,Legal Forename,Year,Reg Group,Site,Date of Admission\n".to_owned();
    for group in 0..groups {
        for place in 0..pupils_a_group {
            let number = group * pupils_a_group + place;
            let _ = writeln!(pupils, "{number:06},Surname{number},Ada,8,{group}K,S1,01/09/2015");
        }
    }
    let sites = "code,name,assembly_points\nS1,Harbour,Playground\n".to_owned();
    BTreeMap::from([("sites.csv".to_owned(), sites.into_bytes()), ("pupils.csv".to_owned(), pupils.into_bytes())])
}

/// So many days that are no weekend, from one on.
///
/// # Errors
/// When there are fewer than none.
pub fn school_days(first: Day, many: i32) -> Result<Vec<Day>, Failure> {
    let days = (0..).map(|more| first.plus(more)).filter(|day| !day.is_weekend());
    Ok(days.take(usize::try_from(many)?).collect())
}

/// Two marks a day for each pupil: a tenth of them absent, late or at home, the code for which is the old system's own.
pub fn marks(days: &[Day], pupils: u32) -> Vec<u8> {
    let mut marks = "admission_no,date,session,code,minutes_late,comment\n".to_owned();
    for (at, day) in days.iter().enumerate() {
        for (session, present) in [("AM", "/"), ("PM", "\\")] {
            for number in 0..pupils {
                let (code, minutes) = match (number as usize + at * 7) % 100 {
                    0..=5 => ("I", ""),
                    6 | 7 => ("HE", ""),
                    8 | 9 => ("L", "12"),
                    _ => (present, ""),
                };
                let _ = writeln!(marks, "{number:06},{},{session},{code},{minutes},", day.iso());
            }
        }
    }
    marks.into_bytes()
}

/// The table of codes that [`marks`] needs.
pub const CODES: &str =
    "code,meaning,class,on_site,valid_from\nHE,Learning at home,approved_educational_activity,no,\n";
