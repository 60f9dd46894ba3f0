//! What leaves the program, as tables.

use super::*;
use crate::admission::Evidence;
use crate::extract::{self, Which};
use crate::facts::admission::{Ground, Placement};
use crate::facts::custody::{Confidential, WhoseHome};
use crate::facts::family::Address;
use crate::office::EntryChange;

fn placed() -> EntryChange {
    let placement = Placement { number: "881".to_owned(), name: "Essex".to_owned(), arranged: true, plan: true };
    EntryChange { placement: Some(placement), ..EntryChange::default() }
}

#[test]
fn the_days_register_has_a_line_a_mark_names_the_placing_authority_and_never_a_blank() {
    let mut small = small();
    let (ada, leila, beech) = (small.pupils[0], small.pupils[1], small.beech);
    small.desk.office().amend_entry(ada, &placed(), "").unwrap();
    small.desk.at(clock(9, 5));
    small.desk.office().take(beech, morning(), &[late(ada, 12), entry(leila, "C1")], false).unwrap();
    let Desk { records, known } = &mut small.desk;
    let table = extract::register(records, known, (monday(), monday()), Some(small.site), None).unwrap();
    assert_eq!(table.stem, "register-2026-11-23-Harbour-all-classes");
    assert_eq!((table.rows.len(), table.people), (2, 2));
    let csv = String::from_utf8(table.csv().unwrap()).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[1].starts_with("2026-11-23,AM,Harbour,Beech,Byrne,Ada,"), "{csv}");
    assert!(lines[1].contains(",L,") && lines[1].contains(",12,") && lines[1].ends_with(",881,Essex"), "{csv}");
    assert!(lines[2].contains(",C1,"), "two characters: {csv}");
    assert_eq!(
        table.notes,
        [
            "Monday 23 November, morning: 4 pupils have no mark yet and are not in it",
            "Monday 23 November, afternoon: 6 pupils have no mark yet and are not in it"
        ]
    );
}

#[test]
fn a_return_of_sessions_missed_has_the_address_and_only_the_sessions_missed() {
    let mut small = small();
    let (ada, leila, beech) = (small.pupils[0], small.pupils[1], small.beech);
    let address = Address { line: "3 Mill Lane".to_owned(), town: String::new(), postcode: "AB1 2CD".to_owned() };
    let change = EntryChange { family: vec![address.into()], ..EntryChange::default() };
    small.desk.office().amend_entry(leila, &change, "").unwrap();
    small.desk.at(clock(14, 0));
    small.desk.office().take(beech, morning(), &[entry(ada, "/"), entry(leila, "I")], false).unwrap();
    let only = [ada, leila].into();
    let Desk { records, known } = &mut small.desk;
    let table = extract::register(records, known, (monday(), monday()), None, Some(&only)).unwrap();
    assert_eq!((table.rows.len(), table.people, table.notes.len()), (1, 1, 0));
    assert!(table.rows[0].contains(&"3 Mill Lane, AB1 2CD".to_owned()) && table.rows[0].contains(&"I".to_owned()));
}

#[test]
fn sessions_in_which_nobody_could_attend_are_not_told_as_missed() {
    let mut small = small();
    let (ada, leila, beech) = (small.pupils[0], small.pupils[1], small.beech);
    small.desk.at(clock(9, 5));
    small.desk.office().take(beech, morning(), &[entry(ada, "Y5"), entry(leila, "O")], false).unwrap();
    let only = [ada, leila].into();
    let Desk { records, known } = &mut small.desk;
    let table = extract::register(records, known, (monday(), monday()), None, Some(&only)).unwrap();
    let codes: Vec<_> = table.rows.iter().map(|row| row[9].as_str()).collect();
    assert_eq!(codes, ["O"]);
}

#[test]
fn a_deletion_return_gives_ground_and_address_and_says_from_whom_it_is_kept() {
    let mut small = small();
    let ada = small.pupils[0];
    let address = Address { line: "3 Mill Lane".to_owned(), town: String::new(), postcode: String::new() };
    let kept = Confidential { of: WhoseHome::Pupil, from: vec!["Dan Byrne".to_owned()], holds: true };
    let change = EntryChange { family: vec![address.into(), kept.into()], ..placed() };
    let mut office = small.desk.office();
    office.amend_entry(ada, &change, "").unwrap();
    let said = Evidence { words: "Notice".to_owned(), agreed_by: "H. Marsh, head".to_owned(), ..Evidence::default() };
    office.delete_name(ada, monday(), Ground::CeasedHere, &said).unwrap();
    let due = office.returns_due();
    let Desk { records, known } = &mut small.desk;
    let table = extract::returns(records, known, Which::Deletions, &due, monday()).unwrap();
    let row = table.rows[0].join("\n");
    assert!(row.contains("3 Mill Lane (CONFIDENTIAL: not to be passed on to Dan Byrne)"), "{row}");
    assert!(row.contains("l: Has ceased to be a pupil") && row.contains("881\nEssex"), "{row}");
    assert_eq!(table.headings.len(), table.rows[0].len());
    assert!(!table.stem.contains("Byrne"));
    let new = extract::returns(records, known, Which::NewPupils, &due, monday()).unwrap();
    assert!(new.rows.is_empty());
}
