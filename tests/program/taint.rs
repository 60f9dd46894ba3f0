//! No name, passphrase or one-time word stands in a file or a log line, however much is logged.

use crate::support::{Device, Place, activate, as_text, enrol, squeezed};
use std::path::Path;

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
