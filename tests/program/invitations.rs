//! Letting a device in, and everybody who is not let in.

use crate::support::{Device, Place, Running, code_of};
use std::io::Write as _;
use std::process::Stdio;

fn is_outside(device: &Device<'_>) {
    assert!(!device.folder().join("records.redb").exists(), "nothing was made on the device that is not let in");
    device.run(&["status"]).refused(&["there is no school on this device yet"]);
}

/// The code with its six words in another order: words of the list, and not the right ones.
fn with_other_words(code: &str, turn: usize) -> String {
    let (words, rest) = code.split_once('@').unwrap();
    let mut words: Vec<&str> = words.split('-').collect();
    assert_eq!(words.len(), 6, "{code}");
    words.rotate_left(turn);
    format!("{}@{rest}", words.join("-"))
}

#[test]
fn mistyped_words_are_told_before_anything_is_sent_and_do_not_count() {
    let place = Place::new();
    let (office, hall) = (place.founded("office"), place.device("hall"));
    let invitation = office.begin(&["invite", "--yes"]);
    let code = code_of(&invitation);
    let (words, rest) = code.split_once('@').unwrap();
    let (device, _) = rest.split_once('@').unwrap();
    let five = words.rsplit_once('-').unwrap().0;
    let mistyped =
        [format!("{five}-qqqq@{rest}"), format!("{five}@{rest}"), format!("{five}-{five}@{rest}"), String::new()];
    for code in &mistyped {
        hall.run(&["join", code]).refused(&["a code begins with six words of Muster's own list"]);
    }
    for code in [words.to_owned(), format!("{words}@{}", &device[..40])] {
        hall.run(&["join", &code]).refused(&["copy the whole code from the other screen"]);
    }
    is_outside(&hall);
    assert!(!invitation.said().out.contains("answers"), "nothing was heard of it\n{}", invitation.said());
    // Spelt in another way, the right words are the right words.
    let shouted = format!("{}@{rest}", words.replace('-', " ").to_uppercase());
    hall.run(&["join", &shouted, "--device", "Hall tablet"]).done();
    invitation.end().done();
    hall.run(&["join", &code]).refused(&["already: use another folder"]);
}

#[test]
fn wrong_words_are_refused_and_after_three_tries_the_invitation_is_used_up() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    let invitation = office.begin(&["invite", "--yes"]);
    let code = code_of(&invitation);
    for turn in 1..=3 {
        let said = hall.run(&["join", &with_other_words(&code, turn)]);
        said.refused(&["those are not the words of an open invitation: ask for a new code"]);
        is_outside(&hall);
    }
    let said = invitation.end().refused(&["wrong words were tried too often: make a new code"]);
    assert!(!said.out.contains("is in"), "{said}");
    // The right words are of no use any more: the same device answers at the same address, with its door closed.
    let address = code.rsplit('@').next().unwrap();
    let running = office.begin_this(office.command_bound(&["run"], address), &["run"]);
    running.shows("where it listens", |said| said.err.contains("listening on").then_some(()));
    hall.run(&["join", &code]).refused(&["no invitation is open on the other device"]);
    is_outside(&hall);
    drop(running);
    let status = office.run(&["status"]).done();
    assert!(!status.out.contains("heard from"), "nobody was let in\n{status}");
    let audit = office.audit();
    assert_eq!(audit.matches("met wrong words for an invitation of a device").count(), 3, "each try\n{audit}");
}

#[test]
fn a_device_whose_phrase_is_not_agreed_to_is_not_let_in() {
    let place = Place::new();
    let (office, hall) = (place.founded("office"), place.device("hall"));
    let mut command = office.command(&["invite"]);
    command.stdin(Stdio::piped());
    let (invitation, mut typed) = Running::begin_typing(command, "office: muster invite".to_owned());
    let joining = hall.begin(&["join", &code_of(&invitation)]);
    joining.shows("the phrase", |said| said.out.contains("Both screens must show the same phrase").then_some(()));
    invitation.shows("the question", |said| said.err.contains("Does the other screen show").then_some(()));
    typed.write_all(b"n\n").unwrap();
    invitation.end().refused(&["the device was not let in: if the phrases differ, somebody may be in between"]);
    joining.end().refused(&["the other side said no: the phrases did not agree"]);
    is_outside(&hall);
}

#[test]
fn an_invitation_for_a_site_that_is_not_there_is_refused() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["invite", "--yes", "--site", "S9"]).refused(&["there is no site S9: the sites are S1"]);
}

#[test]
fn an_invitation_that_nobody_answers_in_time_ends_and_its_code_opens_nothing() {
    let place = Place::new();
    let (office, hall) = (place.founded("office"), place.device("hall"));
    let invitation = office.begin(&["invite", "--yes", "--seconds", "1"]);
    let code = code_of(&invitation);
    invitation.end().refused(&["nobody answered the code in time: make a new one"]);
    hall.run(&["join", &code]).refused(&["could not be reached"]);
    is_outside(&hall);
    office.run(&["invite", "--seconds", "901"]).ended(2, &["901"]);
}
