//! No name, passphrase or one-time word stands in a file or a log line, however much is logged.

use crate::support::{Authenticator, Device, Place, Running, activate, as_text, code_of, enrol, squeezed};
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

const PUPILS: &[u8] = b"Admission No,Legal Surname,Legal Forename,Reg Group,Site,Date of Admission\n\
    000001,Zebraquark,Ondine,4B,S1,01/09/2023\n";
const MARKERS: [&str; 4] = ["Zebraquark", "Ondine", "Priya", "Blackthorne"];

/// Every file under a folder, with its name and its bytes.
fn files(folder: &Path, all: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, all);
        } else {
            all.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
}

fn loud(device: &Device<'_>, arguments: &[&str]) -> (String, String) {
    let mut command = device.command(arguments);
    command.env("RUST_LOG", "trace");
    let said = device.begin_this(command, arguments).end().done();
    (said.out.clone(), said.err.clone())
}

/// Every secret and every kind of record, by a word or number that stands nowhere else.
struct Marked {
    what: &'static str,
    text: String,
}

fn marked(what: &'static str, text: impl Into<String>) -> Marked {
    Marked { what, text: text.into() }
}

const CONTACTS: &[u8] =
    b"admission_no,priority,forename,surname,relationship,parental_responsibility,mobile,email,court_order\n\
    000001,1,Quillfern,Zebraquark,Mother,Y,07700 900873,quillfern@example.org,N\n";

#[test]
fn no_file_and_no_log_line_of_three_devices_shows_any_secret_or_any_kind_of_record() {
    let place = Place::new();
    let (office, hall, blind) = (place.school("office"), place.device("hall"), place.device("blind"));
    let folder = place.folder("more", &[("pupils.csv", PUPILS), ("contacts.csv", CONTACTS)]);
    let mut logged = vec![loud(&office, &["import", as_text(&folder)]).1];
    let mut secrets = vec![marked("a passphrase", crate::support::PASSPHRASE), marked("a PIN", "904417662305")];
    for (what, name) in [
        ("a pupil", "Zebraquark"),
        ("a pupil's first name", "Ondine"),
        ("a member of staff", "Blackthorne"),
        ("a contact", "Quillfern"),
        ("a telephone number", "900873"),
        ("a care line", "Wobblecroft"),
        ("a concern", "plumbottle"),
    ] {
        secrets.push(marked(what, name));
    }
    // A tablet and a device that reads nothing, each let in with a code of its own.
    for (device, kind) in [(&hall, "tablet"), (&blind, "blind")] {
        let mut command = office.command(&["invite", "--yes", "--kind", kind]);
        command.env("RUST_LOG", "trace");
        let invitation = office.begin_this(command, &["invite"]);
        let code = code_of(&invitation);
        secrets.push(marked("the words of an invitation", code.split_once('@').unwrap().0));
        logged.push(loud(device, &["join", &code, "--device", kind]).1);
        logged.push(invitation.end().done().err);
    }
    let (words, log) = loud(&office, &["words", "T1"]);
    logged.push(log);
    let words = words.lines().find_map(|line| line.strip_prefix("  ")).unwrap().to_owned();
    secrets.push(marked("one-time words", words.clone()));
    logged.push(loud(&office, &["activate", &words]).1);
    logged.push(loud(&office, &["fire", "note", "Zebraquark", "--one-to-one", "Wobblecroft", "--as", "Helen"]).1);
    let mut pin = office.command(&["fire", "pin", "--as", "Helen"]);
    pin.env("MUSTER_MARSHAL_PIN", "904417662305").env("RUST_LOG", "trace");
    logged.push(office.begin_this(pin, &["fire", "pin"]).end().done().err);
    let mark = ["register", "4B", "--mark", "Zebraquark=N", "--as", "Helen"];
    logged.push(loud(&office, &mark).1);
    let mut concern = office.command(&["concern", "open", "--pupil", "Zebraquark", "--as", "Priya"]);
    concern.stdin(Stdio::piped()).env("RUST_LOG", "trace");
    let (running, mut typed) = Running::begin_typing(concern, "muster concern open".to_owned());
    typed.write_all(b"plumbottle was said\n").unwrap();
    drop(typed);
    logged.push(running.end().done().err);
    let telephone = Authenticator::set_up(&place, &office);
    secrets.push(marked("the second factor", telephone.secret()));
    for number in 1..=3 {
        let card = std::fs::read_to_string(place.card("office", number)).unwrap();
        let line = card.lines().find_map(|line| line.strip_prefix(" 1  ")).unwrap();
        secrets.push(marked("a line of a card", line.trim()));
    }
    {
        let mut command = office.command(&["run"]);
        command.env("RUST_LOG", "trace");
        let running = office.begin_this(command, &["run"]);
        let address = running.shows("where it listens", |said| said.behind("listening on "));
        for device in [&hall, &blind] {
            logged.push(loud(device, &["sync", &address]).1);
        }
        logged.push(running.said().err);
    }
    assert!(logged.iter().map(String::len).sum::<usize>() > 50_000, "the logs are loud");
    // What is sought is where it must be, and can be read by whoever may.
    let fire = hall.run_with(None, &["fire"]).done().out;
    assert!(fire.contains("Zebraquark, Ondine"), "the tablet can list who is here: {fire}");
    let code = telephone.code();
    let read = office.run(&["concern", "list", "--as", "Priya", "--code", &code]);
    assert!(!read.out.contains("plumbottle"), "and a list of concerns says nothing of one: {read}");

    let mut all = Vec::new();
    for device in [&office, &hall, &blind] {
        files(device.folder(), &mut all);
    }
    assert!(all.len() > 15, "{} files", all.len());
    for Marked { what, text } in &secrets {
        for log in &logged {
            let line = log.lines().find(|line| line.contains(text.as_str()));
            assert!(line.is_none(), "a log line shows {what}: {line:?}");
        }
        for (name, bytes) in &all {
            let found = bytes.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text.as_bytes()));
            assert!(!found && !name.contains(text.as_str()), "{what} stands in {name}");
        }
    }
}

#[test]
fn no_file_and_no_log_line_of_two_devices_shows_a_name_a_passphrase_or_a_one_time_word() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    let folder = place.folder("more", &[("pupils.csv", PUPILS)]);
    let mut logged = vec![loud(&office, &["import", as_text(&folder)]).1];
    enrol(&office, &hall);
    let (words, log) = loud(&office, &["words", "T1"]);
    logged.push(log);
    let words = words.lines().find_map(|line| line.strip_prefix("  ")).unwrap().to_owned();
    activate(&office, &hall, "T1");
    logged.push(loud(&office, &["register", "4B", "--mark", "Zebraquark=L:12"]).1);
    {
        let (_running, address) = office.serve();
        logged.push(loud(&hall, &["sync", &address]).1);
    }
    assert!(hall.register().iter().any(|line| squeezed(line).contains("Zebraquark")), "it is all there to be read");
    assert!(logged.iter().map(String::len).sum::<usize>() > 10_000, "the log is loud");
    let passphrase = crate::support::PASSPHRASE;
    for log in &logged {
        for marker in MARKERS.into_iter().chain([passphrase, words.as_str()]) {
            let line = log.lines().find(|line| line.contains(marker));
            assert!(line.is_none(), "a log line shows {marker}: {line:?}");
        }
    }
    let mut all = Vec::new();
    for device in [&office, &hall] {
        files(device.folder(), &mut all);
    }
    assert!(all.len() > 6);
    for (name, bytes) in &all {
        for marker in MARKERS.into_iter().chain([passphrase, words.as_str()]) {
            let found = bytes.windows(marker.len()).any(|window| window.eq_ignore_ascii_case(marker.as_bytes()));
            assert!(!found && !name.contains(marker), "{marker} stands in {name}");
        }
    }
}
