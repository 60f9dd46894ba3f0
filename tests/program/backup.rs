//! Backups as they are used: made, interrupted, proven, and restored where the records were lost.

use crate::support::{Authenticator, Device, Place, activate, as_text, copied, enrol};
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

fn backed_up(device: &Device<'_>, to: &Path) {
    let said = device.run(&["backup", "--to", as_text(to)]).done();
    assert!(said.out.contains("Backed up into"), "{said}");
}

fn forks(device: &Device<'_>) -> bool {
    device.run(&["status"]).done().out.contains("written by two copies")
}

fn meets(device: &Device<'_>, other: &Device<'_>) {
    let (_running, address) = other.serve();
    device.run(&["sync", &address]).done();
}

#[test]
fn a_wrecked_office_is_restored_and_meets_a_tablet_that_is_ahead_with_nothing_lost_and_no_fork() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    activate(&office, &hall, "T1");
    let stick = place.folder("stick", &[]);
    office.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    backed_up(&office, &stick);
    office.run(&["register", "4B", "--mark", "Kaur=L:12"]).done();
    meets(&hall, &office);
    hall.run(&["register", "4B", "--mark", "Patel=I"]).done();
    let ahead = hall.register();

    // A rehearsal changes nothing, and says what would be lacking.
    let rehearsed = office.run(&["restore", "--from", as_text(&stick), "--rehearse"]).done();
    assert!(rehearsed.out.contains("This was a rehearsal: nothing was changed."), "{rehearsed}");
    assert!(!rehearsed.out.contains("Here now and not in the backup: 0 entries."), "{rehearsed}");
    assert!(rehearsed.out.contains("In the backup and not here now: 0 entries."), "{rehearsed}");
    let counts = |of: &str| {
        let line =
            rehearsed.out.lines().find_map(|line| line.strip_prefix(of)).unwrap_or_else(|| panic!("{rehearsed}"));
        line.to_owned()
    };
    assert!(
        counts("In the backup: ").starts_with("3 files of pupils, 1 register (a class's week each), the last mark of")
    );
    assert_ne!(counts("In the backup: "), counts("Here now: "), "marks came in since");
    assert!(office.register()[1].contains('L'), "as it was");

    fs::write(office.folder().join("records.redb"), b"a coffee was spilt").unwrap();
    let _ = office.run(&["register", "4B"]);
    // The records cannot be read, and the key with them: the folder's own key is behind them, so cards are needed.
    let refused = office.run(&["restore", "--from", as_text(&stick)]);
    refused.refused(&["two recovery cards open them"]);
    let (one, two) = (place.card("office", 1), place.card("office", 3));
    let restore = ["restore", "--from", as_text(&stick), "--card", as_text(&one), "--card", as_text(&two), "--confirm"];
    let wrong = office.run(&[&restore[..], &["Another School"]].concat());
    wrong.refused(&["that is not the school's name: nothing was changed"]);
    let done = office.run(&[&restore[..], &["Harbour Primary"]].concat()).done();
    assert!(done.out.contains("What was there before is in"), "{done}");
    let aside = fs::read_dir(office.folder().parent().unwrap()).unwrap().filter_map(Result::ok);
    let aside: Vec<_> = aside.filter(|entry| entry.file_name().to_string_lossy().contains("before-restore")).collect();
    assert_eq!(aside.len(), 1, "what was there is kept");
    assert_eq!(fs::read(aside[0].path().join("records.redb")).unwrap(), b"a coffee was spilt");

    // Somebody works before it meets anybody.
    office.run(&["register", "4B", "--mark", "Byrne=N"]).done();
    meets(&office, &hall);
    meets(&hall, &office);
    let shown = office.register();
    assert_eq!(shown, hall.register(), "both show the same");
    assert_eq!(shown[1..], ahead[1..], "and what was entered after the backup is back");
    assert!(!forks(&office) && !forks(&hall));
    let status = office.run(&["status"]).done();
    assert!(status.out.contains("this device was restored from a backup. It goes on as a new writer."), "{status}");
    assert!(office.run(&["verify"]).done().out.contains("whole"));
    let audit = hall.audit();
    assert!(audit.contains("was restored from the backup of Monday 23 November"), "{audit}");
}

#[test]
fn a_restore_with_the_devices_own_key_needs_somebody_who_runs_the_school_and_its_name() {
    let place = Place::new();
    let office = place.school("office");
    let stick = place.folder("stick", &[]);
    office.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    backed_up(&office, &stick);
    office.run(&["register", "4B", "--mark", "Kaur=/"]).done();
    let restore = ["restore", "--from", as_text(&stick), "--confirm", "harbour primary"];
    office.run_with(Some("not the right words at all"), &restore).refused(&["needs somebody who runs the school"]);
    assert!(office.register()[1].contains("Present"), "nothing was changed");
    let done = office.run(&restore).done();
    assert!(done.out.contains("are on no other device: they stay only in the folder that is put aside"), "{done}");
    assert!(!office.register()[1].contains("Present"), "as it was when it was backed up");
    // The folder that was put aside still works.
    let at = done.out.lines().find_map(|line| line.strip_prefix("What was there before is in ")).unwrap();
    let before = at.split(": keep").next().unwrap();
    let mut command = place.command(&["register", "4B", "--folder", before]);
    let shown = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert!(shown.contains("Kaur, Zoe"), "{shown}");
}

#[test]
fn while_a_restore_waits_for_the_schools_name_nobody_opens_the_records_that_it_puts_aside() {
    let place = Place::new();
    let office = place.school("office");
    let stick = place.folder("stick", &[]);
    backed_up(&office, &stick);
    let mut command = office.command(&["restore", "--from", as_text(&stick)]);
    let mut restoring = command.stdin(Stdio::piped()).spawn().unwrap();
    // It has asked for the name, and waits.
    let (mut asked, mut next) = (Vec::new(), [0]);
    let mut words = restoring.stderr.take().unwrap();
    while !String::from_utf8_lossy(&asked).contains("type the school's name (Harbour Primary): ") {
        words.read_exact(&mut next).unwrap();
        asked.extend(next);
    }
    office.run(&["register", "4B", "--mark", "Byrne=/"]).refused(&["are open in another Muster: close that one first"]);
    writeln!(restoring.stdin.take().unwrap(), "Harbour Primary").unwrap();
    let done = restoring.wait_with_output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    office.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    let beside = fs::read_dir(office.folder().parent().unwrap()).unwrap().filter_map(Result::ok);
    let left = beside.filter(|one| one.file_name().to_string_lossy().contains("replacing")).count();
    assert_eq!(left, 0);
}

#[test]
fn whoever_ran_the_school_and_was_removed_since_restores_nothing_without_cards() {
    let place = Place::new();
    let office = place.school("office");
    let stick = place.folder("stick", &[]);
    backed_up(&office, &stick);
    let cards = [1, 2].map(|number| place.card("office", number));
    let cards = ["--card", as_text(&cards[0]), "--card", as_text(&cards[1])];
    office.run(&[&["cards", "remove", "Helen", "--sign-in"][..], &cards].concat()).done();
    let restore = ["restore", "--from", as_text(&stick), "--confirm", "Harbour Primary"];
    office.run(&restore).refused(&["nobody of that name runs the school now"]);
    office.run(&[&restore[..], &cards].concat()).done();
}

#[test]
fn a_burnt_down_office_goes_on_on_a_new_machine_with_two_cards_and_a_stick() {
    let place = Place::new();
    let office = place.school("office");
    let stick = place.folder("stick", &[]);
    office.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    backed_up(&office, &stick);
    let register = office.register();
    fs::remove_dir_all(office.folder()).unwrap();
    let new = place.device("new");
    let (one, two) = (place.card("office", 1), place.card("office", 2));
    let restore = ["restore", "--from", as_text(&stick), "--confirm", "Harbour Primary", "--card", as_text(&one)];
    new.run(&[&restore[..], &["--card", as_text(&one)]].concat()).refused(&["both are card 1"]);
    let done = new.run(&[&restore[..], &["--card", as_text(&two)]].concat()).done();
    assert!(done.out.contains("There are no records in"), "{done}");
    assert_eq!(new.register(), register);
    new.run(&["register", "4B", "--mark", "Kaur=/"]).done();
    let again = place.folder("another stick", &[]);
    backed_up(&new, &again);
    new.run(&["drill", "--from", as_text(&again)]).done();
}

#[test]
fn a_drill_proves_the_backup_with_no_network_no_card_and_nobody_and_files_a_certificate() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    activate(&office, &hall, "T1");
    let stick = place.folder("stick", &[]);
    office.run(&["drill"]).refused(&["no backup has been made yet"]);
    let status = office.run(&["status"]).done();
    assert!(status.out.contains("This device makes no backups."), "{status}");
    backed_up(&office, &stick);
    assert!(office.run(&["status"]).done().out.contains("No backup has ever been proven."));

    // In a network namespace of its own there is not even loopback. Where the system gives none, without one.
    let mut drill = office.command(&["drill"]);
    drill.env_remove("MUSTER_PASSPHRASE");
    let alone = Command::new("unshare").args(["-n", "true"]).status().is_ok_and(|status| status.success());
    let output = if alone {
        let mut inside = Command::new("unshare");
        inside.arg("-n").arg(drill.get_program()).args(drill.get_args()).env_remove("MUSTER_PASSPHRASE");
        inside.output().unwrap()
    } else {
        eprintln!("skipped: that the drill opens no socket, as this system gives no network namespace");
        drill.output().unwrap()
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    for words in ["PROVEN.", "first fire register after", "Decrypted with this device's own keys, nobody signed in"] {
        assert!(said.contains(words), "{said}");
    }
    let beside = fs::read_dir(office.folder().parent().unwrap()).unwrap().filter_map(Result::ok);
    assert!(beside.into_iter().all(|entry| !entry.file_name().to_string_lossy().starts_with("office.drill")));
    assert!(office.run(&["status"]).done().out.contains("Backup proven today."));
    // The certificate is in the records: on another device, in the audit.
    meets(&hall, &office);
    let audit = hall.audit();
    assert!(audit.contains("proved the backup of Monday 23 November"), "{audit}");

    // A bit turns on the stick: the next drill is loud.
    let mut files = Vec::new();
    all_files(&stick, &mut files);
    let part = files.iter().find(|path| path.to_string_lossy().contains("part-")).unwrap();
    let mut bytes = fs::read(part).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(part, bytes).unwrap();
    office.run(&["drill"]).refused(&["drill FAILED", "was changed"]);
    let status = office.run(&["status"]).done();
    assert!(status.out.contains("The last backup drill FAILED."), "{status}");
    // What is damaged is not gone on with: the next backup is a new one, and proves itself.
    backed_up(&office, &stick);
    assert!(office.run(&["drill"]).done().out.contains("PROVEN."));
}

fn all_files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all_files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn a_backup_that_is_killed_again_and_again_goes_on_and_is_whole_in_the_end() {
    let place = Place::new();
    let office = place.school("office");
    let stick = place.folder("stick", &[]);
    for round in 0..8 {
        let mut running = office.begin(&["backup", "--to", as_text(&stick)]);
        std::thread::sleep(Duration::from_millis(20 * round));
        // Killed when it is dropped, wherever it is.
        let _ = running.is_running();
        drop(running);
        office.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    }
    backed_up(&office, &stick);
    office.run(&["drill"]).done();
    assert!(!forks(&office));
}

#[test]
fn a_stick_that_is_pulled_or_full_is_said_and_the_earlier_backup_stays_whole() {
    let place = Place::new();
    let office = place.school("office");
    let stick = place.folder("stick", &[]);
    backed_up(&office, &stick);
    let away = place.path("in a pocket");
    fs::rename(&stick, &away).unwrap();
    let pulled = office.run(&["backup", "--to", as_text(&stick)]);
    pulled.refused(&["is the stick in?"]);
    let status = office.run(&["status"]).done();
    assert!(status.out.contains("FAILED: there is no folder"), "{status}");
    assert!(!stick.exists(), "nothing is made up on the disk");
    fs::rename(&away, &stick).unwrap();
    office.run(&["drill"]).done();
}

#[test]
fn a_copied_folder_knows_that_it_is_a_copy_and_an_image_of_the_disk_is_found_at_the_first_meeting() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    activate(&office, &hall, "T1");
    let (copy, image) = (place.device("copy"), place.device("image"));
    copied(hall.folder(), copy.folder());
    copied(hall.folder(), image.folder());
    // An image of a whole disk is like what it was made of in every way.
    fs::remove_file(image.folder().join("files").join("place")).unwrap();
    hall.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    copy.run(&["register", "4B", "--mark", "Kaur=/"]).done();
    let status = copy.run(&["status"]).done();
    assert!(status.out.contains("found its records copied to where they are"), "{status}");
    meets(&hall, &office);
    meets(&copy, &office);
    meets(&hall, &office);
    assert!(!forks(&office) && !forks(&hall) && !forks(&copy), "whoever knows begins anew");
    assert_eq!(office.register(), copy.register());

    image.run(&["register", "4B", "--mark", "Patel=I"]).done();
    let (_running, address) = office.serve();
    let _ = image.run(&["sync", &address]);
    drop(_running);
    assert!(forks(&office), "proven at the first meeting");
    let listed = office.run(&["devices"]).done().out;
    assert!(listed.contains("a copy of it is about"), "{listed}");
    // The copy heard it too, and goes on: what it writes from now on counts.
    image.run(&["register", "4B", "--mark", "Patel=I"]).done();
    let status = image.run(&["status"]).done();
    assert!(status.out.contains("its records had gone on elsewhere"), "{status}");
    meets(&image, &office);
    assert!(office.register()[2].contains('I'), "{:?}", office.register());
    // Both tails were kept: an officer adopts.
    let waiting = office.run(&["waiting"]).done().out;
    assert!(!waiting.contains("Nothing waits"), "{waiting}");
}

#[test]
fn staff_ask_to_have_something_back_and_see_what_was_done() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    activate(&office, &hall, "T1");
    hall.run(&["requests", "ask", "The marks of 4B", "--when", "Friday at noon"]).done();
    meets(&hall, &office);
    let listed = office.run(&["requests"]).done();
    assert!(listed.out.contains("1. Asked: The marks of 4B (Friday at noon)"), "{listed}");
    assert!(listed.out.contains("asked by Priya Blackthorne"), "{listed}");
    office.run(&["requests", "take", "1"]).done();
    office.run(&["requests", "done", "1", "Entered again from the register on paper"]).done();
    office.run(&["requests", "refuse", "1", "no"]).refused(&["this request is over"]);
    meets(&hall, &office);
    let seen = hall.run(&["requests"]).done();
    assert!(seen.out.contains("1. Done: The marks of 4B"), "{seen}");
    assert!(seen.out.contains("done by Helen Marsh"), "{seen}");
}

#[test]
fn an_old_backup_goes_once_a_new_one_was_begun_and_proven_and_not_before() {
    let place = Place::new();
    let office = place.school("office");
    let stick = place.folder("stick", &[]);
    backed_up(&office, &stick);
    let archives = || {
        let of_device = fs::read_dir(&stick).unwrap().next().unwrap().unwrap().path();
        fs::read_dir(of_device).unwrap().count()
    };
    place.wait_days(29);
    backed_up(&office, &stick);
    assert_eq!(archives(), 2, "a new one after four weeks, and the old one stays");
    backed_up(&office, &stick);
    assert_eq!(archives(), 2, "which is gone on with");
    office.run(&["drill"]).done();
    assert_eq!(archives(), 1, "until the new one is proven");
    office.run(&["drill"]).done();
}

#[test]
fn a_device_that_runs_backs_up_by_itself_at_the_set_time_and_proves_it_by_itself() {
    let place = Place::new();
    let office = place.school("office");
    let folder = place.folder("backups", &[]);
    office.run(&["backup", "--daily", as_text(&place.path("nowhere"))]).refused(&["there is no such folder"]);
    office.run(&["backup", "--daily", as_text(&folder), "--at", "08:30"]).done();
    let status = office.run(&["status"]).done();
    assert!(status.out.contains("Every day at 08:30"), "{status}");
    let (running, _) = office.serve();
    running.shows("the backup", |said| said.behind("Backed up: "));
    running.shows("the drill", |said| {
        said.behind("Backup of Monday 23 November 2026").filter(|line| line.ends_with("PROVEN."))
    });
    drop(running);
    let status = office.run(&["status"]).done();
    assert!(status.out.contains("Last backup: Monday 23 November 2026"), "{status}");
    assert!(status.out.contains("Backup proven today."), "{status}");
}

#[test]
fn a_stick_that_is_backed_up_by_hand_is_proven_by_itself_again_each_week_and_after_a_drill_that_failed() {
    let place = Place::new();
    let office = place.school("office");
    let stick = place.folder("stick", &[]);
    backed_up(&office, &stick);
    // Nobody is signed in, and no time is set.
    let drills = |verdict: &str| {
        let (running, _) = office.serve();
        running.shows("the drill", |said| said.out.lines().any(|line| line.contains(verdict)).then_some(()));
    };
    let proofs = || office.audit().matches("proved the backup of").count();
    drills("PROVEN.");
    assert_eq!(proofs(), 1);
    place.wait_days(8);
    drills("PROVEN.");
    assert_eq!(proofs(), 2, "and again in the second week");
    let mut files = Vec::new();
    all_files(&stick, &mut files);
    let part = files.iter().find(|path| path.to_string_lossy().contains("part-")).unwrap();
    fs::write(part, b"coffee").unwrap();
    place.wait_days(8);
    drills("The backup drill FAILED");
    assert!(office.run(&["status"]).done().out.contains("The last backup drill FAILED."));
    place.wait_days(1);
    backed_up(&office, &stick);
    drills("PROVEN.");
    assert_eq!(proofs(), 3, "the next one is drilled the day it is made");
}

#[test]
fn whoever_set_up_a_second_factor_gives_a_code_to_restore() {
    let place = Place::new();
    let office = place.school("office");
    let stick = place.folder("stick", &[]);
    backed_up(&office, &stick);
    let authenticator = Authenticator::set_up(&place, &office);
    office.run(&["register", "4B", "--mark", "Kaur=/"]).done();
    let restore = ["restore", "--from", as_text(&stick), "--confirm", "Harbour Primary"];
    office.run(&restore).refused(&["that code is not the one: nothing was changed"]);
    let wrong = office.run(&[&restore[..], &["--code", "000000"]].concat());
    wrong.refused(&["that code is not the one: nothing was changed"]);
    assert!(office.register()[1].contains("Present"));
    let code = authenticator.code();
    office.run(&[&restore[..], &["--code", &code]].concat()).done();
    assert!(!office.register()[1].contains("Present"), "as it was when it was backed up");
}

#[test]
fn where_the_office_was_stolen_two_cards_and_the_stick_make_the_school_again_on_a_new_device() {
    let place = Place::new();
    let office = place.school("office");
    let stick = place.folder("stick", &[]);
    office.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    backed_up(&office, &stick);
    let register = office.register();
    let new = place.device("new");
    let (one, two) = (place.card("office", 1), place.card("office", 2));
    let restore = ["restore", "--from", as_text(&stick), "--confirm", "Harbour Primary", "--new-device", "New laptop"];
    let other = place.founded("other");
    let refused = other.run(&[&restore[..], &["--card", as_text(&one), "--card", as_text(&two)]].concat());
    let refused = refused.refused(&["already"]);
    assert!(!refused.out.contains("backup of"), "before the minutes that unpacking takes: {refused}");
    new.run(&[&restore[..], &["--card", as_text(&one), "--card", as_text(&two)]].concat()).done();
    assert_eq!(new.register(), register);
    let cards = ["--card", as_text(&one), "--card", as_text(&two)];
    new.run(&[&["cards", "remove", "Office", "--sign-in"][..], &cards[..]].concat()).done();
    new.run(&["register", "4B", "--mark", "Kaur=/"]).done();
}

/// In a mount of its own: a stick of a mebibyte that takes one backup, is filled, and has room again.
const FULL_STICK: &str = r#"
set -e
mount -t tmpfs -o size=1m none "$STICK"
muster() { "$MUSTER" --folder "$RECORDS" --clock-ms "$NOW" --bind 127.0.0.1:0 --no-discovery "$@"; }
muster backup --to "$STICK" >/dev/null
dd if=/dev/zero of="$STICK/filler" bs=4k 2>/dev/null || true
NOW=$((NOW + 60000))
muster register 4B --mark Kaur=/ >/dev/null
muster backup --to "$STICK" 2>&1 && exit 1
muster status | grep FAILED
muster drill | grep PROVEN
rm "$STICK/filler"
NOW=$((NOW + 60000))
muster backup --to "$STICK"
muster drill | grep entries
"#;

#[test]
#[ignore = "needs mount namespaces and root: .ci/run runs it"]
fn a_stick_that_is_a_full_disk_is_said_the_earlier_backup_stays_whole_and_the_next_goes_on() {
    let place = Place::new();
    let office = place.school("office");
    let stick = place.folder("stick", &[]);
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", FULL_STICK]);
    command.env("STICK", &stick).env("RECORDS", office.folder()).env("NOW", place.next_ms().to_string());
    command.env("MUSTER", env!("CARGO_BIN_EXE_muster")).env("MUSTER_PASSPHRASE", crate::support::PASSPHRASE);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    for words in ["the disk is full", "FAILED", "PROVEN.", "Backed up into"] {
        assert!(said.contains(words), "{words}: {said}");
    }
}
