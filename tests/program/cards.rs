//! The three recovery cards: made, read back, checked, rehearsed with.

use crate::support::{Device, PASSPHRASE, Place, Running, Said, as_text};
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

const INIT: [&str; 5] = ["init", "--school", "Harbour Primary", "--head", "Helen Marsh"];

/// Runs a command and types all of this at it.
fn typing(device: &Device<'_>, arguments: &[&str], typed: &str) -> Said {
    let mut command = device.command(arguments);
    command.stdin(Stdio::piped());
    let (running, mut to) = Running::begin_typing(command, arguments.join(" "));
    to.write_all(typed.as_bytes()).unwrap();
    drop(to);
    running.end()
}

/// The numbered lines of a card's text, without their numbers.
fn lines(card: &Path) -> Vec<String> {
    let text = fs::read_to_string(card).unwrap();
    let numbered = text.lines().filter(|line| line.trim_start().starts_with(|c: char| c.is_ascii_digit()));
    numbered.map(|line| line.trim_start().split_once(' ').unwrap().1.trim().to_owned()).collect()
}

#[cfg(unix)]
fn only_its_owner_reads(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600, "{} may be read by its owner only", path.display());
}

#[test]
fn three_cards_to_print_are_written_for_their_owner_only_and_can_be_read_out() {
    let place = Place::new();
    let office = place.device("office");
    let said = office.run(&INIT).done();
    assert!(said.out.contains("Print each, keep each in a different safe place, and delete the files."), "{said}");
    let folder = place.path("office-recovery-cards");
    let mut sheets = Vec::new();
    for number in 1..=3 {
        let card = folder.join(format!("recovery-card-{number}.pdf"));
        #[cfg(unix)]
        only_its_owner_reads(&card);
        let bytes = fs::read(&card).unwrap();
        assert!(bytes.starts_with(b"%PDF-1."));
        let holds = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(holds("/StructTreeRoot") && holds("pdfuaid:part"), "a screen reader can read card {number} out");
        assert!(holds(&format!("Muster recovery card {number} of 3")));
        assert!(!holds("Harbour"), "whoever finds a card need not know whose it is");
        sheets.push(bytes);
    }
    assert!(sheets[0] != sheets[1] && sheets[1] != sheets[2]);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 3, "three cards and nothing else");
    let printed = folder.join("recovery-card-1.pdf");
    office.run(&["cards", "check", as_text(&printed)]).refused(&["type it in from the paper"]);
}

#[test]
fn three_cards_as_text_can_each_be_checked_and_are_never_shown() {
    let place = Place::new();
    let office = place.founded("office");
    for number in 1..=3 {
        let card = place.card("office", number);
        #[cfg(unix)]
        only_its_owner_reads(&card);
        let said = office.run(&["cards", "check", as_text(&card)]).done();
        assert!(said.out.contains(&format!("card {number} of 3")), "{said}");
        for line in lines(&card) {
            assert!(!said.out.contains(&line) && !said.err.contains(&line), "what is on a card is never shown");
        }
    }
}

#[test]
fn a_line_of_each_card_is_asked_back_when_the_cards_are_made() {
    let place = Place::new();
    let office = place.device("office");
    let mut command = office.command(&[&INIT[..], &["--cards-as", "text", "--read-back"]].concat());
    command.stdin(Stdio::piped());
    let (running, mut typed) = Running::begin_typing(command, "init".to_owned());
    for number in 1..=3 {
        let asked = format!("Card {number}, line ");
        let line = running.shows("which line it wants", |said| {
            let (_, rest) = said.err.rsplit_once(&asked)?;
            rest.split_once(' ')?.0.parse::<usize>().ok()
        });
        assert!((2..=11).contains(&line), "{line}");
        if number == 2 {
            writeln!(typed, "these are not the six words").unwrap();
            running.shows("that it was wrong", |said| {
                said.err.contains(&format!("That is not line {line}")).then_some(())
            });
        }
        writeln!(typed, "{}", lines(&place.card("office", number))[line - 1]).unwrap();
    }
    let said = running.end().done();
    assert!(said.out.contains("Recovery cards: each was read back after it was made."), "{said}");
    let status = office.run(&["status"]).done();
    assert!(status.out.contains("Recovery cards: each was read back after it was made."), "{status}");
}

#[test]
fn cards_that_nobody_has_read_back_are_shown_as_not_proven_until_they_are() {
    let place = Place::new();
    let office = place.device("office");
    let said = office.run(&[&INIT[..], &["--cards-as", "text"]].concat()).done();
    assert!(said.out.contains("Recovery cards 1, 2 and 3 are not proven"), "{said}");
    let said = office.run(&["cards", "check", as_text(&place.card("office", 2))]).done();
    assert!(said.out.contains("It was read from a file, which says nothing of the card on paper"), "{said}");
    let typed = lines(&place.card("office", 1)).join("\n") + "\n";
    let said = typing(&office, &["cards", "check"], &typed).done();
    assert!(said.out.contains("This is card 1 of 3 of this school, and it is complete."), "{said}");
    let status = office.run(&["status"]).done();
    assert!(status.out.contains("Recovery cards 2 and 3 are not proven"), "no file counts as paper: {status}");
}

#[test]
fn a_wrong_word_is_told_by_its_line() {
    let place = Place::new();
    let office = place.founded("office");
    let mut typed = lines(&place.card("office", 1));
    typed.swap(4, 5);
    let said = typing(&office, &["cards", "check"], &(typed.join("\n") + "\n"));
    said.refused(&["line 5 is not as it stands on the card"]);
    typing(&office, &["cards", "check"], &typed[..3].join("\n")).refused(&["the card was not typed to its end"]);
}

#[test]
fn a_damaged_card_and_a_card_of_another_school_are_told_from_a_good_one() {
    let place = Place::new();
    let office = place.founded("office");
    place.founded("other");
    let good = fs::read_to_string(place.card("office", 2)).unwrap();
    let line = lines(&place.card("office", 2))[6].clone();
    let bad = [
        good.replace(&line, "zoo zoo zoo zoo zoo zoo"),
        good.replace(&line, ""),
        "not a card at all".to_owned(),
        "c69e01".to_owned(),
        String::new(),
    ];
    for (number, text) in bad.iter().enumerate() {
        let card = place.folder("bad", &[(&format!("{number}.txt"), text.as_bytes())]).join(format!("{number}.txt"));
        let said = office.run(&["cards", "check", as_text(&card)]);
        assert_eq!(said.code, Some(1), "card {number} is damaged and was accepted: {said}");
        assert!(said.err.contains("card") && !said.err.contains("panicked"), "{said}");
        assert!(!said.err.contains(&line), "{said}");
    }
    let other = place.card("other", 2);
    office.run(&["cards", "check", as_text(&other)]).refused(&["card 2 belongs to another school"]);
    office.run(&["cards", "check", as_text(&place.path("nowhere.txt"))]).refused(&["cannot be read"]);
}

#[test]
fn a_rehearsal_opens_every_key_changes_nothing_and_is_in_the_audit() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    let status = office.run(&["status"]).done();
    assert!(status.out.contains("Nobody has rehearsed with the recovery cards here yet"), "{status}");
    let register = office.register();
    let (one, three) = (place.card("office", 1), place.card("office", 3));
    let said = office.run(&["cards", "rehearse", as_text(&one), as_text(&three)]).done();
    assert!(said.out.contains("Cards 1 and 3 both sign for this school"), "{said}");
    let keys = said.out.lines().find(|line| line.ends_with("keys held on this device open.")).unwrap();
    let words: Vec<&str> = keys.split(' ').collect();
    assert_eq!(words[0], words[2], "all of them: {keys}");
    assert!(words[0].parse::<u32>().unwrap() >= 5, "of several areas: {keys}");
    assert_eq!(office.register(), register);
    let audit = office.audit();
    assert!(
        audit.contains(&format!("rehearsed with two recovery cards: {} of {} keys open", words[0], words[0])),
        "{audit}"
    );
    let again = office.run(&["status"]).done();
    assert!(again.out.contains("Last rehearsed with two recovery cards on Monday 23 November 2026."), "{again}");
    place.wait_days(400);
    let late = office.run(&["status"]).done();
    assert!(late.out.contains("more than a year ago: do it again"), "{late}");
    assert!(!late.out.contains(PASSPHRASE));
}

#[test]
fn a_rehearsal_needs_two_different_cards_of_this_school() {
    let place = Place::new();
    let office = place.school("office");
    place.founded("other");
    let (one, other) = (place.card("office", 1), place.card("other", 2));
    let rehearse = |cards: &[&Path]| {
        let cards: Vec<&str> = cards.iter().map(|card| as_text(card)).collect();
        office.run(&[&["cards", "rehearse"], &cards[..]].concat())
    };
    rehearse(&[&one, &one]).refused(&["both are card 1: two different cards are needed"]);
    rehearse(&[&one, &other]).refused(&["card 2 belongs to another school"]);
    rehearse(&[&one]).refused(&["the card was not typed to its end"]);
    let audit = office.audit();
    assert!(!audit.contains("rehearsed with"), "{audit}");
    let status = office.run(&["status"]).done();
    assert!(status.out.contains("Nobody has rehearsed"), "{status}");
}

#[test]
fn whoever_runs_the_school_is_told_when_the_cards_were_not_read_for_a_year_and_not_once_they_were() {
    let place = Place::new();
    let office = place.school("office");
    let due = |who: &str| {
        let said = office.run(&["duties", "--as", who]).done().out;
        said.lines().find(|line| line.contains("Recovery cards")).map(str::to_owned)
    };
    let words = words_for(&office, "T1");
    office.run(&["activate", &words]).done();
    assert_eq!(due("Helen"), None, "not in the first year");
    place.wait_days(366);
    let said = due("Helen").unwrap();
    assert!(said.contains("were not read since the school was founded on Monday 23 November 2026"), "{said}");
    assert!(said.contains("muster cards rehearse"), "and what to do: {said}");
    assert_eq!(due("Priya"), None, "a site lead does not run the school");
    let (one, three) = (place.card("office", 1), place.card("office", 3));
    office.run(&["cards", "rehearse", as_text(&one), as_text(&three)]).done();
    assert_eq!(due("Helen"), None);
    place.wait_days(366);
    let said = due("Helen").unwrap();
    assert!(said.contains("were last read on") && said.contains("2027"), "{said}");
}

fn words_for(office: &Device<'_>, staff: &str) -> String {
    let said = office.run(&["words", staff]).done();
    said.out.lines().find_map(|line| line.strip_prefix("  ")).unwrap_or_else(|| panic!("{said}")).to_owned()
}
