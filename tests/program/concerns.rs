//! A concern: opened by anybody at any hour, read with a code by those it is for, and each reading an entry.

use crate::support::{Authenticator, Device, Place, Running, Said};
use std::io::Write as _;
use std::process::Stdio;

const WORDS: &str = "He said that he had not eaten since Friday";

/// Runs a command and types one line at it.
fn typing(device: &Device<'_>, command: &[&str], line: &str) -> Said {
    let mut this = device.command(command);
    this.stdin(Stdio::piped());
    let (running, mut typed) = Running::begin_typing(this, format!("muster {}", command.join(" ")));
    typed.write_all(format!("{line}\n").as_bytes()).unwrap();
    drop(typed);
    running.end()
}

#[test]
fn a_concern_is_opened_at_night_without_leave_and_read_only_with_a_code() {
    let place = Place::new();
    let office = place.school("office");
    let words = office.run(&["words", "T1"]).done().out;
    let words = words.lines().find_map(|line| line.strip_prefix("  ")).unwrap().to_owned();
    office.run(&["activate", &words]).done();
    office.run(&["leave", "hours", "--as", "Helen"]).done();
    place.later(11 * 3_600_000);
    let priya = ["--as", "Priya"];
    office.run(&[&["register", "4B"][..], &priya].concat()).refused(&["outside school hours"]);
    let open = [&["concern", "open", "--pupil", "Byrne", "--category", "Neglect"][..], &priya].concat();
    let opened = typing(&office, &open, WORDS).done();
    assert!(!opened.out.contains("Byrne") && !opened.out.contains(WORDS), "no child and no detail: {opened}");
    let name = opened.out.split(' ').nth(1).unwrap().to_owned();
    // The next morning.
    place.later(13 * 3_600_000);
    let list = office.run(&[&["concern", "list"][..], &priya].concat()).done().out;
    assert_eq!(list.trim(), name, "its name and nothing of it");
    let show = [&["concern", "show", &name][..], &priya].concat();
    office.run(&show).refused(&["this needs a second factor"]);
    let telephone = Authenticator::set_up_as(&place, &office, "Priya");
    let code = telephone.code();
    let shown = office.run(&[&show[..], &["--code", &code]].concat()).done().out;
    assert!(shown.contains("Ada Byrne, Neglect") && shown.contains(WORDS), "{shown}");
    assert!(shown.contains("Priya Blackthorne read it"), "{shown}");
    let audit = office.run(&[&["audit", "--last", "1000"][..], &priya].concat()).done().out;
    assert!(
        audit.contains("opened a safeguarding concern") && audit.contains("read a safeguarding concern"),
        "{audit}"
    );
    assert!(!audit.contains("Neglect") && !audit.contains(WORDS), "{audit}");
}

#[test]
fn whoever_is_left_out_of_a_concern_finds_neither_it_nor_a_line_of_it() {
    let place = Place::new();
    let office = place.school("office");
    let words = office.run(&["words", "T1"]).done().out;
    let words = words.lines().find_map(|line| line.strip_prefix("  ")).unwrap().to_owned();
    office.run(&["activate", &words]).done();
    let open = ["concern", "open", "--about", "The head", "--leave-out", "HEAD", "--as", "Priya"];
    typing(&office, &open, "What a colleague told me about the head").done();
    let head = office.run(&["concern", "list", "--as", "Helen"]).done().out;
    assert_eq!(head, "", "the head finds nothing");
    let audit = office.run(&["audit", "--last", "1000", "--as", "Helen"]).done().out;
    assert!(!audit.contains("concern"), "{audit}");
    assert_eq!(office.run(&["concern", "list", "--as", "Priya"]).done().out.lines().count(), 1);
}

#[test]
fn who_wrote_in_safeguarding_is_told_to_nobody_who_may_not_read_it_however_much_of_the_trail_they_read() {
    let place = Place::new();
    let office = place.school("office");
    let words = office.run(&["words", "T1"]).done().out;
    let words = words.lines().find_map(|line| line.strip_prefix("  ")).unwrap().to_owned();
    office.run(&["activate", &words]).done();
    typing(&office, &["concern", "open", "--pupil", "Byrne", "--as", "Helen"], WORDS).done();
    // A site lead reads the record of use, and no safeguarding file.
    let theirs = office.run(&["audit", "--last", "1000", "--as", "Priya"]).done().out;
    assert!(theirs.contains("Helen Marsh signed in"), "{theirs}");
    for word in ["concern", "safeguarding", "Safeguarding"] {
        assert!(!theirs.contains(word), "{word}\n{theirs}");
    }
    let own = office.run(&["audit", "--last", "1000", "--as", "Helen"]).done().out;
    assert!(own.contains("Helen Marsh opened a safeguarding concern"), "{own}");
}
