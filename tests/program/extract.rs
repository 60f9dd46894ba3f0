//! Registers and returns for somebody outside: what is said before, what is written, and what the proof says.

use crate::support::{Authenticator, Place, activate, as_text, enrol};
use std::fs;
use std::path::Path;
use std::process::Command;

fn register<'a>(out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let fixed = ["extract", "register", "--to", "Hertfordshire", "--purpose", "daily attendance", "--out", out];
    [&fixed[..], &["--yes"], more].concat()
}

#[test]
fn the_days_register_leaves_with_a_code_only_says_what_it_is_first_and_is_in_the_audit() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["register", "4B", "--mark", "Byrne=L:12", "--mark", "Kaur=/"]).done();
    let folder = place.path("out");
    let out = as_text(&folder);
    office.run(&register(out, &[])).refused(&["this needs a second factor"]);
    assert!(!folder.exists(), "nothing was written");
    let head = Authenticator::set_up(&place, &office);
    let said = office.run(&register(out, &["--code", &head.code()])).done();
    for told in [
        "The registers of Monday 23 November 2026, all sites, for Hertfordshire: daily attendance.",
        "2 pupils are named in it, in 2 lines.",
        "It leaves encryption",
        "Monday 23 November, morning: 1 pupil has no mark yet and is not in it",
    ] {
        assert!(said.out.contains(told), "{told}\n{said}");
    }
    let mut names: Vec<String> =
        fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    assert_eq!(names.len(), 3, "{names:?}");
    for name in &names {
        assert!(name.starts_with("register-2026-11-23-all-sites-all-classes-as-of-2026-11-23-09"), "{name}");
        assert!(!name.contains("Byrne"), "no pupil's name in a file's");
    }
    let csv = fs::read_to_string(folder.join(&names[0])).unwrap();
    assert!(csv.contains("Byrne") && !csv.contains("Patel"), "a blank is no data: {csv}");
    assert!(fs::read(folder.join(&names[2])).unwrap().starts_with(b"PK"), "a spreadsheet");
    assert!(office.audit().contains("exported The registers of Monday 23 November 2026, all sites, 2 people, for Hertfordshire: daily attendance"), "{}", office.audit());
}

#[test]
fn whoever_gets_an_extract_checks_it_with_none_of_the_schools_keys_and_a_changed_one_is_found() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    let head = Authenticator::set_up(&place, &office);
    let folder = place.path("out");
    office.run(&register(as_text(&folder), &["--code", &head.code()])).done();
    let proof = fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .find(|path| path.extension().is_some_and(|ending| ending == "muster"))
        .unwrap();
    let outside = place.device("the authority");
    let said = outside.run(&["verify", as_text(&proof)]).done();
    for told in [
        "For Hertfordshire: daily attendance. For nobody and nothing else.",
        "Complete to these device heads, which is all that each device had handed over:",
        "made this extract",
        "Not proven here: that this is the school it says it is.",
        "Proven, from the school’s founding on: whoever signed it could read these records.",
        "Proven, from the founding on: all",
        "NOT proven by this file: that the table is what the records say.",
        "signed it and answers for that; whoever holds the records can compare.",
        "is the table that was signed, byte for byte",
    ] {
        assert!(said.out.contains(told), "{told}\n{said}");
    }
    in_python(
        &proof,
        0,
        &[
            "For Hertfordshire: daily attendance.",
            "all",
            "made this extract",
            "NOT proven by this file: that the table is what the records say.",
        ],
    );
    let known = office.run(&["verify", as_text(&proof)]).done();
    assert!(known.out.contains("Proven: the signer belongs to the school whose records are here"), "{known}");
    let table = proof.with_extension("csv");
    let changed = fs::read_to_string(&table).unwrap().replace("Byrne", "Brown");
    fs::write(&table, changed).unwrap();
    let said = outside.run(&["verify", as_text(&proof)]);
    assert!(said.out.contains("NOT SOUND") && said.code == Some(1), "{said}");
    let mut bytes = fs::read(&proof).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&proof, bytes).unwrap();
    let said = outside.run(&["verify", as_text(&proof)]);
    assert!(said.out.contains("NOT SOUND") && said.code == Some(1), "{said}");
    in_python(&proof, 1, &["NOT SOUND"]);
}

/// What the second verifier says, which shares nothing with the program.
fn in_python(proof: &Path, code: i32, told: &[&str]) {
    let verifier = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verifier/muster_verify.py");
    match Command::new("python3").arg(verifier).arg(proof).output() {
        Ok(ran) => {
            let said = String::from_utf8_lossy(&ran.stdout);
            assert_eq!(ran.status.code(), Some(code), "{said}{}", String::from_utf8_lossy(&ran.stderr));
            told.iter().for_each(|told| assert!(said.contains(told), "{told}\n{said}"));
        }
        Err(error) => {
            assert!(std::env::var("MUSTER_TEST_PYTHON").is_err(), "python3 cannot be run here: {error}");
            println!("skipped: the verifier in Python, because python3 cannot be run here: {error}");
        }
    }
}

/// School days before Monday 23 November 2026, as dates.
fn days(many: usize) -> Vec<String> {
    let weekday = |number: &i32| !matches!(number.rem_euclid(7), 5 | 6);
    let date = |back: i32| {
        // Monday is 0; November has 30 days, October 31, September 30.
        let day = 23 - back;
        match day {
            1.. => format!("2026-11-{day:02}"),
            -30..=0 => format!("2026-10-{:02}", day + 31),
            _ => format!("2026-09-{:02}", day + 61),
        }
    };
    (1..)
        .map(|back| (back, -back))
        .filter(|(_, number)| weekday(number))
        .map(|(back, _)| date(back))
        .take(many)
        .collect()
}

/// A school in which one pupil was absent without leave and another ill for many days, names that begin formulas
/// among them, and one that begins today.
fn with_history(place: &Place) -> crate::support::Device<'_> {
    let office = place.founded("office");
    let sites = "code,name,assembly_points\nS1,=Harbour,Playground\n";
    let pupils = "Admission No,Legal Surname,Legal Forename,Date of Birth,Year,Reg Group,Site,Date of Admission\n\
        +000001,=Byrne,@Ada,18/08/2014,8,-4B,S1,01/09/2023\n\
        000002,Kaur,Zoe,27/09/2014,8,-4B,S1,01/09/2023\n\
        000003,-Green,Tyler,27/09/2014,8,-4B,S1,23/11/2026\n";
    let mut marks = "admission_no,date,session,code,minutes_late,comment\n".to_owned();
    for day in days(16) {
        for half in ["AM", "PM"] {
            marks.push_str(&format!("+000001,{day},{half},O,,=1+1\n000002,{day},{half},I,,\n"));
        }
    }
    let files =
        [("sites.csv", sites.as_bytes()), ("pupils.csv", pupils.as_bytes()), ("attendance.csv", marks.as_bytes())];
    office.run(&["import", as_text(&place.folder("history", &files))]).done();
    office
}

/// Runs an extract into a folder of its own; gives its table.
fn table(place: &Place, office: &crate::support::Device<'_>, what: &str, code: &str) -> String {
    let folder = place.path(what);
    let fixed = ["extract", what, "--to", "Hertfordshire", "--purpose", "a return", "--yes"];
    let arguments = [&fixed[..], &["--out", as_text(&folder), "--code", code]].concat();
    office.run(&arguments).done();
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 3, "a table, its proof, a spreadsheet: {files:?}");
    let proof = files.iter().find(|path| path.extension().is_some_and(|ending| ending == "muster")).unwrap();
    let outside = place.device("the authority");
    let said = outside.run(&["verify", as_text(proof)]).done();
    assert!(said.out.contains("had the right to"), "{said}");
    let table = fs::read_to_string(proof.with_extension("csv")).unwrap();
    for line in table.lines() {
        let begins = |cell: &str| cell.trim_matches('"').trim_start().starts_with(['=', '+', '-', '@']);
        assert!(!line.split(',').any(begins), "a cell begins a formula: {line}");
    }
    table
}

#[test]
fn those_absent_without_leave_and_those_ill_leave_with_the_sessions_they_missed_and_no_formula() {
    let place = Place::new();
    let office = with_history(&place);
    office
        .run(&["extract", "absent", "--to", "H", "--purpose", "x", "--out", as_text(&place.path("no")), "--yes"])
        .refused(&["this needs a second factor"]);
    let head = Authenticator::set_up(&place, &office);
    let absent = table(&place, &office, "absent", &head.code());
    assert!(absent.contains("'=Byrne") && !absent.contains("Kaur"), "{absent}");
    assert_eq!(absent.lines().count(), 33, "sixteen days, both halves, and the headings");
    let sick = table(&place, &office, "sick", &head.code());
    assert!(sick.contains("Kaur") && !sick.contains("Byrne"), "{sick}");
    assert!(office.audit().contains("for Hertfordshire: a return"), "{}", office.audit());
}

#[test]
fn new_pupils_leave_with_their_entry_once_and_where_nothing_is_due_nothing_is_written() {
    let place = Place::new();
    let office = with_history(&place);
    let head = Authenticator::set_up(&place, &office);
    let new = table(&place, &office, "new-pupils", &head.code());
    assert!(new.contains("'-Green") && !new.contains("Kaur"), "{new}");
    let folder = place.path("sent");
    let fixed = ["extract", "new-pupils", "--to", "Hertfordshire", "--purpose", "a return", "--yes", "--sent"];
    let said = office.run(&[&fixed[..], &["--out", as_text(&folder), "--code", &head.code()]].concat()).done();
    assert!(said.out.contains("Noted as sent to Hertfordshire."), "{said}");
    let again = place.path("again");
    let said = office.run(&[&fixed[..], &["--out", as_text(&again), "--code", &head.code()]].concat()).done();
    assert!(said.out.contains("None is due.") && !again.exists(), "{said}");
    let fixed = ["extract", "deletions", "--to", "Hertfordshire", "--purpose", "a return", "--yes"];
    let said = office.run(&[&fixed[..], &["--out", as_text(&again), "--code", &head.code()]].concat()).done();
    assert!(said.out.contains("None is due.") && !again.exists(), "{said}");
}

#[test]
fn what_an_authority_was_told_of_absence_and_illness_is_noted_and_told_once() {
    let place = Place::new();
    let office = with_history(&place);
    let head = Authenticator::set_up(&place, &office);
    for what in ["absent", "sick"] {
        let sent = |folder: &std::path::Path| {
            let fixed = ["extract", what, "--to", "Hertfordshire", "--purpose", "a return", "--yes", "--sent"];
            office.run(&[&fixed[..], &["--out", as_text(folder), "--code", &head.code()]].concat()).done()
        };
        let said = sent(&place.path(&format!("{what} once")));
        assert!(said.out.contains("Noted as sent to Hertfordshire."), "{said}");
        let again = place.path(&format!("{what} again"));
        let said = sent(&again);
        assert!(said.out.contains("None is due.") && !again.exists(), "{said}");
    }
    let audit = office.audit();
    assert!(audit.contains("attendance return about") && audit.contains("sickness return about"), "{audit}");
}

#[test]
fn returns_go_to_the_authority_of_each_site_in_a_file_of_its_own() {
    let place = Place::new();
    let office = place.founded("office");
    let sites = "code,name,assembly_points\nS1,Harbour,Playground\nS2,Meadow,Gate\n";
    let pupils = "Admission No,Legal Surname,Legal Forename,Year,Reg Group,Site,Date of Admission\n\
        000001,Byrne,Ada,8,4B,S1,23/11/2026\n000002,Kaur,Zoe,8,2A,S2,23/11/2026\n";
    let files = [("sites.csv", sites.as_bytes()), ("pupils.csv", pupils.as_bytes())];
    office.run(&["import", as_text(&place.folder("school", &files))]).done();
    let head = Authenticator::set_up(&place, &office);
    let folder = place.path("out");
    let fixed = ["extract", "new-pupils", "--purpose", "a return", "--yes", "--out", as_text(&folder)];
    office.run(&[&fixed[..], &["--code", &head.code()]].concat()).refused(&["is not set", "muster authority"]);
    office.run(&["authority", "Hertfordshire", "--number", "919"]).done();
    office.run(&["authority", "Essex", "--number", "881", "--site", "S2"]).done();
    let said = office.run(&["authority"]).done();
    assert!(said.out.contains("Every site that has none of its own: 919 Hertfordshire"), "{said}");
    assert!(said.out.contains("Meadow: 881 Essex"), "{said}");
    let said = office.run(&[&fixed[..], &["--code", &head.code()]].concat()).done();
    assert!(
        said.out.contains("Meadow, for Essex: a return.") && said.out.contains("Harbour, for Hertfordshire"),
        "{said}"
    );
    let tables: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    let read = |site: &str| {
        let is = |path: &&std::path::PathBuf| {
            path.extension().is_some_and(|ending| ending == "csv") && as_text(path).contains(&format!("-{site}-as-of"))
        };
        fs::read_to_string(tables.iter().find(is).unwrap()).unwrap()
    };
    assert!(read("Meadow").contains("Kaur") && !read("Meadow").contains("Byrne"));
    assert!(read("Harbour").contains("Byrne") && !read("Harbour").contains("Kaur"));
}

#[test]
fn an_extract_says_since_when_a_device_has_not_been_heard_from() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    activate(&office, &hall, "T1");
    hall.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    {
        let (_running, address) = office.serve();
        hall.run(&["sync", &address]).done();
    }
    let head = Authenticator::set_up(&place, &office);
    // From Monday to Thursday the tablet lies in a cupboard.
    place.wait_days(3);
    let folder = place.path("out");
    office.run(&register(as_text(&folder), &["--day", "2026-11-23", "--code", &head.code()])).done();
    let proof = fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .find(|path| path.extension().is_some_and(|ending| ending == "muster"))
        .unwrap();
    let said = place.device("the authority").run(&["verify", as_text(&proof)]).done();
    let tablet = said.out.lines().find(|line| line.contains("Hall tablet")).unwrap();
    assert!(tablet.contains("unheard since Monday 23 November 2026 at 09:"), "{said}");
    assert!(tablet.ends_with("what it holds since then may be missing"), "{said}");
}

#[test]
fn a_parents_page_leaves_with_a_code_as_paper_and_as_files_and_names_its_reader_in_the_audit() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["register", "4B", "--mark", "Byrne=L:12"]).done();
    let head = Authenticator::set_up(&place, &office);
    let folder = place.path("out");
    let out = as_text(&folder);
    let fixed = ["extract", "pupil", "000001", "--to", "Grace Byrne", "--purpose", "asked for", "--out", out, "--yes"];
    office.run(&fixed).refused(&["this needs a code"]);
    let said = office.run(&[&fixed[..], &["--code", &head.code()]].concat()).done();
    assert!(said.out.contains("for Grace Byrne: asked for.") && said.out.contains("1 pupil is named in it"), "{said}");
    let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    names.sort();
    let endings: Vec<_> = names.iter().filter_map(|path| path.extension()?.to_str()).collect();
    assert_eq!(endings, ["csv", "muster", "pdf", "xlsx"]);
    let table = fs::read_to_string(&names[0]).unwrap();
    assert!(
        table.starts_with("Date,Session,Code,In words,Minutes late") && table.contains(",L,") && table.contains(",12"),
        "{table}"
    );
    assert!(office.audit().contains("exported Session attendance of one pupil"), "{}", office.audit());
    assert!(office.audit().contains("for Grace Byrne: asked for"));
}
