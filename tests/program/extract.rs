//! Registers and returns for somebody outside: what is said before, what is written, and what the proof says.

use crate::support::{Authenticator, Place, as_text};
use std::fs;

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
        "Complete to what these devices had handed over:",
        "made this extract",
        "Not proven here: that the signer belongs to the school.",
        "is the table that was signed, byte for byte",
    ] {
        assert!(said.out.contains(told), "{told}\n{said}");
    }
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
}
