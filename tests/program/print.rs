//! Paper: registers by class on demand and at set times, and the quick reference.

use crate::support::{Authenticator, Place, as_text};
use std::fs;
use std::path::Path;

fn files(folder: &Path) -> Vec<String> {
    let Ok(read) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = read.map(|file| file.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_register_is_printed_with_a_code_tagged_for_screen_readers_and_named_without_a_pupil() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["register", "4B", "--mark", "Byrne=L:12"]).done();
    let folder = place.path("paper");
    let print = ["print", "register", "--group", "4B", "--out", as_text(&folder)];
    office.run(&print).refused(&["this needs a second factor"]);
    let head = Authenticator::set_up(&place, &office);
    let code = head.code();
    let said = office.run(&[&print[..], &["--code", &code]].concat()).done();
    assert!(said.out.contains("3 pupils are named in it, and it is not encrypted"), "{said}");
    let names = files(&folder);
    assert!(names.len() == 1 && names[0].starts_with("register-2026-11-23-4B--Harbour-as-of-2026-11-23-"), "{names:?}");
    let pdf = fs::read(folder.join(&names[0])).unwrap();
    let holds = |words: &str| pdf.windows(words.len()).any(|found| found == words.as_bytes());
    assert!(holds("/StructTreeRoot") && holds("pdfuaid:part") && holds("/Table"), "a screen reader can read it out");
    assert!(
        office.audit().contains("exported the registers of Monday 23 November 2026, 3 people, for paper, on demand")
    );
    office.run(&["print", "register", "--group", "9Z", "--out", as_text(&folder)]).refused(&["there is no class 9Z"]);
}

#[test]
fn the_quick_reference_is_one_sheet_with_whom_to_ask_and_needs_no_code() {
    let place = Place::new();
    let office = place.school("office");
    let folder = place.path("help");
    let said = office.run(&["print", "guide", "--out", as_text(&folder), "--ask", "Ruth Adeyemi, front office"]).done();
    assert!(said.out.contains("taking-the-register-as-of-2026-11-23.pdf"), "{said}");
    let pdf = fs::read(folder.join(&files(&folder)[0])).unwrap();
    let holds = |words: &str| pdf.windows(words.len()).any(|found| found == words.as_bytes());
    assert!(holds("/StructTreeRoot") && holds("/Count 1"), "one sheet");
    assert!(office.audit().contains("changed the help for taking the register"));
}

#[test]
fn set_times_and_a_folder_are_kept_and_wrong_ones_are_refused() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["print", "times", "--at", "25:00"]).refused(&["is no time: write 09:35"]);
    let said = office.run(&["print", "times", "--at", "09:35", "--at", "13:35"]).done();
    assert!(said.out.contains("muster print into DIR"), "{said}");
    let folder = place.path("paper");
    office.run(&["print", "into", as_text(&folder)]).refused(&["this needs a second factor"]);
    let head = Authenticator::set_up(&place, &office);
    office.run(&["print", "into", as_text(&folder), "--code", &head.code()]).done();
    assert!(office.audit().contains("set when registers are printed by themselves"));
}

#[test]
fn at_a_set_time_the_fire_list_is_printed_whoever_is_there_and_the_register_while_somebody_is_signed_in() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["print", "times", "--at", "08:45"]).done();
    let head = Authenticator::set_up(&place, &office);
    let folder = place.path("paper");
    office.run(&["print", "into", as_text(&folder), "--code", &head.code()]).done();
    office.run(&["run", "--seconds", "1"]).done();
    let names = files(&folder);
    assert!(names.len() == 1 && names[0].starts_with("fire-list-Harbour-as-of-2026-11-23-"), "{names:?}");
    office.run(&["run", "--seconds", "1"]).done();
    assert_eq!(files(&folder), names, "once, and with nobody signed in no register can be read");
    for _ in 0..2 {
        office.run(&["run", "--sign-in", "--seconds", "2"]).done();
        let names = files(&folder);
        assert_eq!(names.len(), 2, "once for each set time: {names:?}");
        assert!(names[0].starts_with("fire-list-Harbour-as-of-2026-11-23-"), "{names:?}");
    }
    assert!(office.audit().contains("for paper, at the set time 08:45"), "{}", office.audit());
}

#[test]
fn at_a_set_time_the_fire_list_is_printed_on_a_day_closed_to_pupils_too() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["print", "times", "--at", "08:45"]).done();
    office.run(&["calendar", "training", "2026-11-23"]).done();
    let head = Authenticator::set_up(&place, &office);
    let folder = place.path("paper");
    office.run(&["print", "into", as_text(&folder), "--code", &head.code()]).done();
    office.run(&["run", "--seconds", "1"]).done();
    let names = files(&folder);
    assert!(names.len() == 1 && names[0].starts_with("fire-list-Harbour-as-of-"), "{names:?}");
}

#[test]
fn a_set_time_whose_file_cannot_be_written_is_not_noted_as_printed_and_is_tried_again() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["print", "times", "--at", "08:45"]).done();
    let head = Authenticator::set_up(&place, &office);
    let folder = place.path("paper");
    // Where the folder should be, there is a file: a drive that is away looks like this.
    fs::write(&folder, "in the way").unwrap();
    office.run(&["print", "into", as_text(&folder), "--code", &head.code()]).done();
    office.run(&["run", "--sign-in", "--seconds", "2"]).done();
    fs::remove_file(&folder).unwrap();
    office.run(&["run", "--sign-in", "--seconds", "2"]).done();
    let names = files(&folder);
    assert!(names.iter().any(|name| name.starts_with("register-2026-11-23")), "{names:?}");
}
