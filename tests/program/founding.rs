//! Founding a school: once, with a passphrase worth having, and three cards that can be checked.

use crate::support::{PASSPHRASE, Place};
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
    office.run_with(Some("eleven char"), &INIT).refused(&["lacks a capital letter, a digit and a symbol"]);
    assert!(!office.folder().exists(), "nothing was made");
    let cards = fs::read_dir(place.path("office-recovery-cards")).map_or(0, Iterator::count);
    assert_eq!(cards, 0, "no cards were made");
    office.run_with(None, &INIT).refused(&["a passphrase is needed"]);
    office.run(&INIT).done();
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

#[test]
fn a_founding_that_was_refused_leaves_no_folder_behind_and_that_of_the_cards_is_its_owners_alone() {
    let place = Place::new();
    let office = place.device("office");
    let init = ["init", "--school", "Harbour Primary", "--head", "Helen Marsh", "--cards-as", "text"];
    office.run_with(Some("abc"), &init).refused(&["use 5 words that do not belong together"]);
    let cards = place.path("office-recovery-cards");
    assert!(!cards.exists() && !office.folder().join("records.redb").exists());
    office.run(&init).done();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&cards).unwrap().permissions().mode() & 0o777, 0o700);
    }
    let one = place.card("office", 1);
    let one = crate::support::as_text(&one);
    office.run(&["cards", "check", one, one]).refused(&["card 1 was given twice"]);
}
