//! Old records that are due for review, on the command line.

use crate::support::{Place, as_text};

#[test]
fn a_pupils_file_is_due_once_they_are_twenty_five_and_a_review_is_written_down_and_destroys_nothing() {
    let place = Place::new();
    let office = place.founded("office");
    let sites = "code,name,assembly_points\nS1,Harbour,Playground\n";
    let pupils = "Admission No,Legal Surname,Legal Forename,Date of Birth,Year,Reg Group,Site,Date of Admission\n\
        000001,Byrne,Ada,18/08/2001,13,4B,S1,01/09/2023\n000002,Kaur,Zoe,27/09/2014,8,4B,S1,01/09/2023\n";
    let files = [("sites.csv", sites.as_bytes()), ("pupils.csv", pupils.as_bytes())];
    office.run(&["import", as_text(&place.folder("school", &files))]).done();
    let said = office.run(&["retention"]).done();
    for told in [
        "Attendance register: 6 years from the day it was entered",
        "Pupil files: until the end of the year in which the pupil is 25 (IRMS toolkit for schools).",
        "Staff files: not listed here: the day on which somebody left is not in these records",
        "Pupil files, of those born in 2001: 1 file, none due before Thursday 31 December 2026.",
    ] {
        assert!(said.out.contains(told), "{told}\n{said}");
    }
    let review = ["retention", "--reviewed", "pupil-files", "--year", "2001", "--destroy", "--why", "Nothing is open"];
    office.run(&review).refused(&["nothing there of that year is due for review"]);
    place.wait_days(45);
    let due = "Pupil files, of those born in 2001: 1 file, 1 due for review";
    let said = office.run(&["retention"]).done();
    assert!(said.out.contains(due) && said.out.contains("of those born in 2014: 1 file, none due before"), "{said}");
    let said = office.run(&review).done();
    assert!(said.out.contains("Nothing is destroyed by it."), "{said}");
    let said = office.run(&["retention"]).done();
    assert!(!said.out.contains(due) && said.out.contains("1 to be destroyed, by a review"), "{said}");
    assert!(
        said.out.contains("Pupil files of those born in 2001, Harbour: due for destruction. Nothing is open."),
        "{said}"
    );
    assert!(
        office.run(&["register", "4B", "--day", "2026-11-23"]).done().out.contains("Byrne"),
        "and the file is there"
    );
    assert!(
        office.audit().contains("reviewed the pupil files of Harbour, of those born in 2001"),
        "{}",
        office.audit()
    );
}
