//! Founding a school: once, with a passphrase worth having, and three cards that can be checked.

use crate::support::{PASSPHRASE, Place, as_text};
use std::fs;

const INIT: [&str; 5] = ["init", "--school", "Harbour Primary", "--head", "Helen Marsh"];

#[test]
fn a_second_school_in_the_same_folder_is_refused_and_the_first_stays_as_it_was() {
    let place = Place::new();
    let office = place.founded("office");
    let card = place.path("office-recovery-cards").join("recovery-card-1.txt");
    let (records, card_before) = (fs::read(office.folder().join("records.redb")).unwrap(), fs::read(&card).unwrap());
    let again = ["init", "--school", "Other School", "--head", "Somebody Else"];
    office.run(&again).refused(&["there is a school in", "already: use another folder"]);
    assert_eq!(fs::read(office.folder().join("records.redb")).unwrap(), records, "the records are as they were");
    assert_eq!(fs::read(&card).unwrap(), card_before, "the cards are as they were");
    let status = office.run(&["status"]).done();
    assert!(status.out.starts_with("Harbour Primary"), "{status}");
}

#[test]
fn a_short_passphrase_is_refused_and_founds_nothing() {
    let place = Place::new();
    let office = place.device("office");
    office.run_with(Some("eleven char"), &INIT).refused(&["at least 12 characters"]);
    assert!(!office.folder().exists(), "nothing was made");
    let cards = fs::read_dir(place.path("office-recovery-cards")).map_or(0, Iterator::count);
    assert_eq!(cards, 0, "no cards were made");
    office.run_with(None, &INIT).refused(&["a passphrase is needed"]);
    office.run_with(Some("twelve chars"), &INIT).done();
}

#[test]
fn three_recovery_cards_are_written_for_their_owner_only_and_each_can_be_checked() {
    let place = Place::new();
    let office = place.founded("office");
    for number in 1..=3 {
        let card = place.path("office-recovery-cards").join(format!("recovery-card-{number}.txt"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&card).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "card {number} may be read by its owner only");
        }
        let said = office.run(&["card", as_text(&card)]).done();
        assert!(said.out.contains(&format!("card {number} of 3")), "{said}");
        let text = fs::read_to_string(&card).unwrap();
        assert!(!said.out.contains(text.lines().last().unwrap()), "what is on a card is never shown");
    }
    let shown = fs::read_dir(place.path("office-recovery-cards")).unwrap().count();
    assert_eq!(shown, 3, "three cards and nothing else");
}

#[test]
fn a_damaged_card_and_a_card_of_another_school_are_told_from_a_good_one() {
    let place = Place::new();
    let office = place.founded("office");
    place.founded("other");
    let good = fs::read_to_string(place.path("office-recovery-cards").join("recovery-card-2.txt")).unwrap();
    let line = good.lines().last().unwrap();
    // One character wrong at the beginning, in the middle and near the end, and a line that is too short.
    let mut bad: Vec<String> = [0, 2, 70, 100, 140, 150, line.len() - 2].map(|at| with_another(line, at)).to_vec();
    bad.push(line[..line.len() - 2].to_owned());
    bad.push(line.replace(&line[10..11], "x"));
    bad.push("not a card at all".to_owned());
    bad.push(String::new());
    for (number, text) in bad.iter().enumerate() {
        let card = place.folder("bad", &[(&format!("{number}.txt"), text.as_bytes())]).join(format!("{number}.txt"));
        let said = office.run(&["card", as_text(&card)]);
        assert_eq!(said.code, Some(1), "card {number} is damaged and was accepted: {said}");
        assert!(said.err.contains("card") && !said.err.contains("panicked"), "{said}");
    }
    let other = place.path("other-recovery-cards").join("recovery-card-2.txt");
    office.run(&["card", as_text(&other)]).refused(&["this card belongs to another school"]);
    office.run(&["card", as_text(&place.path("nowhere.txt"))]).refused(&["the card cannot be read"]);
}

/// The line with another hexadecimal digit at a place.
fn with_another(line: &str, at: usize) -> String {
    let digit = if line[at..].starts_with('0') { "1" } else { "0" };
    format!("{}{digit}{}", &line[..at], &line[at + 1..])
}

#[test]
fn the_passphrase_is_nowhere_on_the_disk() {
    let place = Place::new();
    let office = place.founded("office");
    let mut folders = vec![office.folder().to_owned()];
    let mut looked_at = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            looked_at += bytes.len();
            for secret in [PASSPHRASE, "Helen", "Harbour"] {
                let there = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
                assert!(!there, "{secret} can be read in {}", path.display());
            }
        }
    }
    assert!(looked_at > 10_000, "{looked_at} bytes were looked at");
}

#[test]
fn a_folder_without_a_school_says_how_to_get_one() {
    let place = Place::new();
    let nobody = place.device("nobody");
    for command in [&["status"][..], &["verify"], &["fire"], &["audit"], &["register", "4B"], &["run"], &["sync"]] {
        nobody.run(command).refused(&["there is no school on this device yet", "muster init", "muster join"]);
    }
    assert!(!nobody.folder().exists(), "looking makes nothing");
}
