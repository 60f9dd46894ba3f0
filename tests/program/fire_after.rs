//! After a roll call: its report, its certificate, the drills that were, and the list on paper.

use crate::support::{Authenticator, Marshal, Place, as_text, squeezed};
use std::fs;
use std::path::Path;

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_drill_leaves_a_report_that_is_signed_saved_and_certified() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["calendar", "term", "Autumn term", "2026-09-02", "2026-12-18"]).done();
    office.run(&["call", "start", "drill"]).done();
    office.run(&["call", "say", "Ada Byrne", "found", "--at", "Playground", "--marshal", "Sam Reid"]).done();
    office.run(&["call", "say", "Zoe", "missing", "--at", "yard"]).done();
    office.run(&["call", "say", "Noah", "away", "--at", "=HYPERLINK(1)"]).done();
    let shown = squeezed(&office.run(&["call", "show"]).done().out);
    assert!(shown.contains("Kaur, Zoe 4B Not found by"), "{shown}");
    office.run(&["fire", "report", "--out", "report"]).refused(&[]);
    office.run(&["call", "end"]).done();
    office
        .run(&[
            "fire",
            "learn",
            "--weather",
            "Rain",
            "--exits",
            "Hall, north",
            "--learned",
            "4B leaves by the kitchen",
            "--action",
            "Mend the door; Site manager; 2026-12-04",
        ])
        .done();
    office.run(&["fire", "sign"]).done();
    let drills = office.run(&["drills"]).done().out;
    assert!(drills.contains("A drill was held this term, on Monday 23 November"), "{drills}");
    assert!(drills.contains("4B leaves by the kitchen") && drills.contains("Signed by Helen Marsh"), "{drills}");
    let folder = place.path("report");
    office.run(&["fire", "report", "--out", as_text(&folder)]).refused(&["this needs a second factor"]);
    let head = Authenticator::set_up(&place, &office);
    office.run(&["fire", "report", "--out", as_text(&folder), "--code", &head.code()]).done();
    let names = files(&folder);
    assert!(
        names.len() == 2 && names.iter().all(|name| name.starts_with("roll-call-2026-11-23-Harbour-as-of-")),
        "{names:?}"
    );
    let csv = fs::read_to_string(folder.join(&names[0])).unwrap();
    assert!(csv.contains("Found by Sam Reid (claimed)"), "{csv}");
    assert!(!csv.contains(",=HYPERLINK") && !csv.contains("\"=HYPERLINK"), "no cell begins a formula\n{csv}");
    let pdf = fs::read(folder.join(&names[1])).unwrap();
    let holds = |words: &str| pdf.windows(words.len()).any(|found| found == words.as_bytes());
    assert!(holds("/StructTreeRoot") && holds("pdfuaid:part"), "a screen reader can read it out");
    place.later(60_000);
    let certificate = place.path("certificate");
    let certify =
        ["fire", "certificate", "--out", as_text(&certificate), "--to", "Fire authority", "--purpose", "Inspection"];
    office.run(&[&certify[..], &["--code", &head.code()]].concat()).done();
    let names = files(&certificate);
    let file = certificate.join(names.iter().find(|name| name.ends_with(".muster")).unwrap());
    let verified = place.device("stranger").run(&["verify", as_text(&file)]).done().out;
    assert!(verified.contains("Drill, Monday 23 November 2026"), "{verified}");
    let mut bytes = fs::read(&file).unwrap();
    let at = bytes.windows(4).position(|found| found == b"Kaur").unwrap();
    bytes[at] = b'B';
    fs::write(&file, bytes).unwrap();
    let said = place.device("stranger").run(&["verify", as_text(&file)]);
    assert_ne!(said.code, Some(0), "a changed name is seen: {said}");
}

#[test]
fn the_list_is_printed_on_demand_with_no_code_and_that_is_in_the_audit() {
    let place = Place::new();
    let office = place.school("office");
    let folder = place.path("paper");
    office.run(&["fire", "print", as_text(&folder)]).done();
    let names = files(&folder);
    assert!(names.len() == 1 && names[0].starts_with("fire-list-Harbour-as-of-2026-11-23-"), "{names:?}");
    assert!(office.audit().contains("exported the fire list"), "{}", office.audit());
}

#[test]
fn two_roll_calls_started_apart_are_joined_at_a_command_line() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["call", "start", "drill"]).done();
    office.run(&["call", "say", "Ada", "found"]).done();
    let runs = "a roll call runs already: Drill, started 09:00 by Office. Give --join";
    office.run(&["call", "start", "drill"]).refused(&[runs, "--apart"]);
    office.run(&["call", "start", "drill", "--apart"]).done();
    office.run(&["call", "say", "Zoe", "found"]).done();
    office.run(&["call", "join"]).done();
    let shown = office.run(&["call", "show"]).done().out;
    assert!(shown.contains("Found 2 of"), "{shown}");
    office.run(&["call", "end"]).done();
    office.run(&["call", "show"]).refused(&["no roll call runs here"]);
}

#[test]
fn starting_a_second_roll_call_can_join_the_one_that_runs() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["call", "start", "real", "--join"]).done();
    let joined = office.run(&["call", "start", "drill", "--join"]).done().out;
    assert!(joined.starts_with("Joined: Real, started 09:00 by Office"), "{joined}");
    office.run(&["call", "end"]).done();
    office.run(&["call", "show"]).refused(&["no roll call runs here"]);
}

#[test]
fn no_opening_of_the_fire_list_goes_unwritten_not_even_beside_a_running_program() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["fire", "--unrecorded"]).ended(2, &["unexpected argument"]);
    let (running, _) = office.serve();
    for _ in 0..2 {
        let said = office.run_with(None, &["fire"]).done();
        assert!(said.out.contains("Byrne, Ada") && said.err.is_empty(), "{said}");
    }
    let waiting =
        || files(&office.folder().join("files")).into_iter().filter(|name| name.starts_with("opened-")).count();
    running.shows("both openings written down by the program that runs", |_| (waiting() == 0).then_some(()));
    drop(running);
    let told = "opened the fire register of Harbour from a command line, on Monday 23 November 09:00";
    let audit = office.audit();
    assert_eq!(audit.matches(told).count(), 2, "{audit}");
}

#[test]
fn a_roll_call_shown_at_a_command_line_is_one_opening_each_time_and_none_where_nothing_was_shown() {
    let place = Place::new();
    let office = place.school("office");
    let openings = || office.audit().matches("opened the fire register of Harbour from the lock screen").count();
    office.run(&["call", "show"]).refused(&["no roll call runs here"]);
    let nothing = Marshal::stands(office.command(&["call", "live"]), "before anything runs");
    nothing.says("no roll call runs here");
    nothing.leaves();
    assert_eq!(openings(), 0, "nobody was shown");
    office.run(&["call", "start", "drill"]).done();
    office.run(&["call", "say", "Ada", "found"]).done();
    assert_eq!(openings(), 0, "what is said shows nobody");
    office.run(&["call", "show"]).done();
    assert_eq!(openings(), 1);
    let mut marshal = Marshal::stands(office.command(&["call", "live"]), "S. Reid");
    marshal.shows("Found 1 of 5");
    for (line, found) in [("found Kaur", "Found 2 of 5"), ("who", "Found 2 of 5"), ("found Patel", "Found 3 of 5")] {
        marshal.types(line);
        marshal.shows(found);
    }
    marshal.leaves();
    assert_eq!(openings(), 2, "once, however long they stayed");
    office.run(&["call", "end"]).done();
    office.run(&["call", "show"]).refused(&["no roll call runs here"]);
    assert_eq!(openings(), 2);
}

#[test]
fn a_process_killed_between_two_words_of_a_roll_call_has_lost_none_that_it_showed() {
    let place = Place::new();
    let office = place.school("office");
    let stands = || Marshal::stands(office.command(&["call", "live", "--marshal", "S. Reid"]), "S. Reid");
    let mut marshal = stands();
    marshal.types("start real");
    marshal.shows("Found 0 of 5");
    for (found, line) in [(1, "found Byrne @ Playground"), (2, "found Kaur @ Playground"), (3, "refuge Patel @ Stairs")]
    {
        marshal.types(line);
        marshal.shows(&format!("Found {found} of 5"));
        // Like a battery that dies: nothing is asked to end.
        drop(marshal);
        marshal = stands();
        marshal.shows(&format!("Found {found} of 5"));
    }
    marshal.types("missing nobody of this name");
    marshal.says("0 people on the list fit that");
    marshal.types("found");
    marshal.says("say whom");
    marshal.types("sing");
    marshal.says("Type: start drill");
    drop(marshal);
    office.run(&["verify"]).done();
}
