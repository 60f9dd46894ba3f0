//! The demonstration: what it says of itself is so, whatever school it is given.

use crate::support::{Place, Running, as_text};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The keys of the JSON object, in alphabetical order.
const KEYS: [&str; 10] =
    ["converged", "devices", "entries", "lost", "marks", "offline_marks", "pupils", "roll_call", "state", "verified"];

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// Runs the demonstration and checks what must be so of every school; gives the object for the rest.
fn demo_json(place: &Place, arguments: &[&str]) -> Value {
    let all = [&["demo", "--json"], arguments].concat();
    let said = Running::begin(place.command(&all), format!("muster {}", all.join(" "))).end().done();
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(lines.len(), 1, "one line on standard output\n{said}");
    let object: Value = serde_json::from_str(lines[0]).unwrap_or_else(|error| panic!("{error}\n{said}"));
    let keys: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, KEYS, "{said}");
    assert_eq!(object["devices"], 2, "{said}");
    assert_eq!(object["converged"], true, "{said}");
    assert_eq!(object["verified"], true, "{said}");
    assert_eq!(object["lost"], 0, "{said}");
    let states = object["state"].as_array().unwrap();
    let hash = states[0].as_str().unwrap();
    assert_eq!(states.len(), 2, "{said}");
    assert_eq!(states[0], states[1], "{said}");
    assert!(hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{said}");
    let call = &object["roll_call"];
    let mut of_call: Vec<&str> = call.as_object().unwrap().keys().map(String::as_str).collect();
    of_call.sort_unstable();
    assert_eq!(of_call, ["check", "found", "not_found", "total"], "{said}");
    let accounted = number(&call["found"]) + number(&call["not_found"]) + number(&call["check"]);
    assert_eq!(accounted, number(&call["total"]), "everybody is found, not found or to check\n{said}");
    assert!(number(&object["offline_marks"]) > 0, "{said}");
    assert!(number(&object["entries"]) > number(&object["offline_marks"]), "{said}");
    assert!(number(&object["marks"]) > 0, "{said}");
    assert!(said.err.contains("The link between them is cut."), "the story is told beside\n{said}");
    object
}

#[test]
fn the_demonstration_tells_one_json_object_that_adds_up() {
    let place = Place::new();
    let object = demo_json(&place, &["--dir", as_text(&place.path("records"))]);
    assert_eq!(object["pupils"], 48);
    assert!(number(&object["roll_call"]["check"]) > 0, "two marshals disagreed: {object}");
    assert!(number(&object["roll_call"]["not_found"]) > 0, "{object}");
    for device in ["office", "hall"] {
        assert!(place.path("records").join(device).join("records.redb").is_file(), "{device} has records of its own");
    }
}

#[test]
fn the_demonstration_is_honest_about_an_odd_school_that_it_has_never_seen() {
    let place = Place::new();
    let (data, pupils) = odd_school(&place);
    let object = demo_json(&place, &["--data", as_text(&data), "--dir", as_text(&place.path("records"))]);
    assert_eq!(number(&object["pupils"]), pupils, "every good row and no other");
    assert!(number(&object["roll_call"]["check"]) > 0, "{object}");
    assert!(number(&object["roll_call"]["total"]) >= 30, "{object}");
}

#[test]
fn the_demonstration_works_for_a_school_of_one_pupil() {
    let place = Place::new();
    let data = place.folder(
        "tiny",
        &[
            ("sites.csv", b"code,name\nX,Only\n"),
            ("pupils.csv", b"Admission No,Surname,Forename,Site,Class\n1,Solo,Sam,X,Sole\n"),
        ],
    );
    let object = demo_json(&place, &["--data", as_text(&data), "--dir", as_text(&place.path("records"))]);
    assert_eq!(object["pupils"], 1);
}

#[test]
fn the_demonstration_on_the_four_sites_of_the_sample_data() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/four-sites");
    if !data.is_dir() {
        println!("skipped: there is no sample data at {}", data.display());
        return;
    }
    let place = Place::new();
    let object = demo_json(&place, &["--data", as_text(&data), "--dir", as_text(&place.path("records"))]);
    assert_eq!(object["pupils"], 240);
    assert!(number(&object["roll_call"]["check"]) > 0, "{object}");
}

#[test]
fn the_demonstration_narrates_prints_the_fire_register_and_says_when_there_is_no_display_to_open() {
    // Elsewhere there is always a display, and the client would open on it.
    let can_be_without = cfg!(all(unix, not(target_os = "macos")));
    let place = Place::new();
    let open: &[&str] = if can_be_without { &["--open"] } else { &[] };
    let said =
        Running::begin(place.command(&[&["demo", "--dir", "records"], open].concat()), "muster demo".into()).end();
    if can_be_without {
        assert!(said.code.is_some_and(|code| code != 0), "{said}");
        assert!(said.err.contains("display") && said.err.lines().count() <= 2, "only that is wrong\n{said}");
    } else {
        assert_eq!(said.code, Some(0), "{said}");
        assert_eq!(said.err, "", "nothing is wrong");
    }
    let steps = [
        "each with its own records, no server",
        "was founded on the office laptop, with three recovery cards",
        "Imported 2 sites",
        "both screens showed",
        "signed in on the tablet with one-time words",
        "registers were taken on both",
        "A fire drill: a roll call was started",
        "The link between them is cut",
        "two marshals call the roll",
        "the two lists have become one",
        "acknowledged entries, 0 are missing",
        "The laptop checked everything it holds: all of it holds",
        "The tablet checked everything it holds: all of it holds",
        "FIRE REGISTER",
        "to call,",
        "Look at the first device: muster --folder",
    ];
    let mut rest = said.out.as_str();
    for step in steps {
        let at = rest.find(step).unwrap_or_else(|| panic!("not said, or not in this place: {step}\n{said}"));
        rest = &rest[at..];
    }
}

#[test]
fn the_demonstration_says_what_is_wrong_with_a_folder_that_has_no_school_in_it() {
    let place = Place::new();
    let empty = place.folder("empty", &[]);
    let nobody = place.folder("nobody", &[("sites.csv", b"code,name\nX,Only\n")]);
    let run = |data: &Path, dir: &str| {
        let arguments = ["demo", "--json", "--data", as_text(data), "--dir", dir];
        Running::begin(place.command(&arguments), format!("muster {}", arguments.join(" "))).end()
    };
    let said = run(&empty, "one").refused(&["none of the files that are imported"]);
    assert_eq!(said.out, "", "{said}");
    let said = run(&nobody, "two").refused(&["no pupil that could be imported"]);
    assert_eq!(said.out, "", "{said}");
    run(&place.path("missing"), "three").refused(&["is not a folder"]);
}

/// Three sites of different sizes, one with nobody; groups of one and of many; pupils with no group; names from
/// everywhere; columns in an order of their own; rows that cannot go in; no staff at all. With how many pupils are good.
fn odd_school(place: &Place) -> (PathBuf, u64) {
    let names = ["Ng", "O’Brien-Łukasz", "van der Berg, Jr", "Ó", "Ünal", "王", "D'Souza", "Nguyễn Thị"];
    let mut pupils = String::from("\u{feff}Class,Not asked for");
    pupils.push_str(",Site Code,Surname,Forename,Admission Number,Known As,Starting Day\r\n");
    let mut good = 0;
    for number in 0..53 {
        let (site, class) = match number {
            0..=1 => ("B", "Alone"),
            2 => ("B", ""),
            3 => ("A", "4/B & friends"),
            4 => ("A", ""),
            5..=20 => ("A", "Élan"),
            _ => ("A", "13.2"),
        };
        let class = if number == 1 { "Alone too" } else { class };
        let name = names[number % names.len()];
        let _ = write!(pupils, "\"{class}\",x,{site},\"{name}\",\"F{number}\r\nM\",N-{number:x},,01/09/2024\r\n");
        good += 1;
    }
    pupils.push_str("13.2,x,NOWHERE,Lost,Lou,N-900,,\r\n");
    pupils.push_str("13.2,x,A,Twice,Tim,N-1,,\r\n");
    pupils.push_str("13.2,x,A,,Nameless,N-901,,\r\n");
    let marks = "admission_no,date,session,code\nN-3,2024-10-07,AM,/\nN-4,2024-10-07,PM,B\nN-5,2024-10-07,PM,WRONG\n";
    let folder = place.folder(
        "odd",
        &[
            ("sites.csv", "code,name\nA,\"The Annexe, east\"\nB,Bø\nC,Closed\n".as_bytes()),
            ("pupils.csv", pupils.as_bytes()),
            ("attendance.csv", marks.as_bytes()),
        ],
    );
    (folder, good)
}
