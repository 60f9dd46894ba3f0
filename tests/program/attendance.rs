//! Attendance in figures, what is owed, and the weekly review, at the command line.

use crate::support::{Authenticator, Place, as_text};

#[test]
fn figures_show_the_sessions_behind_each_percentage_and_what_is_counted_apart() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["register", "4B", "--mark", "Byrne=N", "--rest-present"]).done();
    let said = office.run(&["attendance", "--from", "2026-11-23"]).done();
    assert!(said.out.starts_with("Whole school, Monday 23 November 2026\n"), "{said}");
    assert!(said.out.contains("Attendance 66.7 %, 2 of 3 sessions"), "{said}");
    let csv = ["attendance", "--from", "2026-11-23", "--by", "pupil", "--csv"];
    office.run(&csv).ended(2, &["--for <WHOM>"]);
    office.run(&[&csv[..], &["--for", "Governors"]].concat()).refused(&["this needs a second factor"]);
    let head = Authenticator::set_up(&place, &office);
    let table = office.run(&[&csv[..], &["--for", "Governors", "--code", &head.code()]].concat()).done();
    let told = "exported attendance figures, Whole school, Monday 23 November 2026, 3 people, for Governors";
    assert!(office.audit().contains(told), "{}", office.audit());
    assert!(table.out.contains("\"Byrne, Ada\",4B,\"0.0 %, 0 of 1\",0,1,0,0,0,severe"), "{table}");
    office.run(&["attendance", "--from", "2026-11-24", "--to", "2026-11-23"]).refused(&["in that order"]);
    let duties = office.run(&["duties"]).done();
    assert!(duties.out.contains("1 absent today without a reason"), "{duties}");
    assert!(duties.out.contains("Byrne, Ada"), "{duties}");
}

#[test]
fn the_weekly_review_is_one_tagged_page_and_leaves_with_a_code_and_a_line_in_the_audit() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["register", "4B", "--mark", "Byrne=O", "--rest-present"]).done();
    let out = place.path("review");
    office.run(&["review", "--out", as_text(&out)]).refused(&["second factor"]);
    let telephone = Authenticator::set_up(&place, &office);
    let said = office.run(&["review", "--out", as_text(&out), "--code", &telephone.code()]).done();
    assert!(said.out.contains("1 pupil is named in it, and it is not encrypted"), "{said}");
    let files: Vec<_> = std::fs::read_dir(&out).unwrap().map(|file| file.unwrap().path()).collect();
    let [file] = files.as_slice() else { panic!("{files:?}") };
    assert!(as_text(file).contains("weekly-review-2026-11-27-as-of-2026-11-23-"), "{}", file.display());
    let page = std::fs::read(file).unwrap();
    let holds = |words: &str| page.windows(words.len()).any(|found| found == words.as_bytes());
    assert!(page.starts_with(b"%PDF-") && holds("/StructTreeRoot") && holds("/Count 1"), "tagged, and one sheet");
    assert!(office.audit().contains("the weekly review"), "what leaves is written down");
}

#[test]
fn a_governor_sees_what_the_head_published_with_the_review_and_no_name() {
    let place = Place::new();
    let office = place.founded("office");
    let mut pupils = "Admission No,Legal Surname,Legal Forename,Reg Group,Site,Date of Admission\n".to_owned();
    for number in 1..=12 {
        pupils += &format!("{number:06},Byrne{number},Ada,4B,S1,01/09/2023\n");
    }
    let sites = b"code,name,assembly_points\nS1,Harbour,Playground\n";
    let export = place.folder("export", &[("sites.csv", sites), ("pupils.csv", pupils.as_bytes())]);
    office.run(&["import", as_text(&export)]).done();
    office.run(&["register", "4B", "--mark", "Byrne7=I", "--rest-present"]).done();
    let invited = office.run(&["people", "invite", "Gita", "Rao", "--role", "governor"]).done().out;
    let words = invited.lines().find_map(|line| line.strip_prefix("  ")).unwrap().to_owned();
    office.run(&["activate", &words]).done();
    let none = office.run(&["attendance", "--as", "Gita"]).done();
    assert!(none.out.contains("No figures have been published yet"), "{none}");
    let telephone = Authenticator::set_up(&place, &office);
    let out = place.path("review");
    let review = ["review", "--out", as_text(&out), "--as", "Helen", "--code", &telephone.code()];
    let said = office.run(&review).done();
    assert!(said.out.contains("published for those who read figures only"), "{said}");
    let seen = office.run(&["attendance", "--as", "Gita"]).done().out;
    assert!(
        seen.starts_with("Whole school, week of 23 November 2026\nAttendance 91.7 %, 11 of 12 sessions\n"),
        "{seen}"
    );
    assert!(seen.contains("As published by Helen Marsh on 23 November 2026, 09:"), "{seen}");
    assert!(!seen.contains("Byrne") && !seen.contains("4B"), "{seen}");
    let register = office.run(&["register", "4B", "--as", "Gita"]).done().out;
    assert!(!register.contains("Byrne"), "{register}");
    assert!(office.run(&["audit", "--as", "Helen"]).done().out.contains("published a week’s attendance figures"));
}
