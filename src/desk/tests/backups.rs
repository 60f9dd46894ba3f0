//! Backups from the screen, and how old the last proof is, on Today.

use super::*;
use muster_gui::BackupAct;
use muster_school::facts::continuity::Stage;
use muster_school::view::backups::BackupsView;
use muster_school::view::today::TodayPanel;
use std::time::{Duration, Instant};

/// The panel of devices, with what is said of backups below.
fn on_today(desk: &AtDesk) -> TodayPanel {
    let updates = desk.ask(Intent::Open(Screen::Today));
    let view = updates.into_iter().rev().find_map(|update| match update {
        Update::Today(view) => Some(view),
        _ => None,
    });
    view.unwrap().to_watch.pop().unwrap()
}

fn backups(desk: &AtDesk) -> BackupsView {
    let updates = desk.ask(Intent::Open(Screen::Devices));
    let view = updates.into_iter().rev().find_map(|update| match update {
        Update::Devices(view) => Some(view),
        _ => None,
    });
    view.unwrap().backups
}

/// Asks for something, and looks until nothing is going on any more.
fn ended(desk: &AtDesk, act: BackupAct) -> BackupsView {
    desk.ask(Intent::OfBackup(act));
    let began = Instant::now();
    loop {
        let view = backups(desk);
        if view.running.is_none() {
            return view;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{view:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn today_says_how_old_the_last_proven_backup_is_and_it_is_made_and_proven_from_the_screen() {
    let place = tempfile::tempdir().unwrap();
    let (device, ..) = school(&place.path().join("records"));
    let head = device.replica.founding().head;
    let desk = AtDesk::of(device);
    desk.ask(Intent::SignIn { person: head, passphrase: Secret::new(PASSPHRASE.into()) });
    let before = on_today(&desk);
    assert_eq!(before.note, "No backup has ever been proven.");
    assert_eq!(before.rows[0].detail, "No backup has ever been proven", "and somebody has to do something");
    let folder = place.path().join("stick").display().to_string();
    let nowhere = ended(&desk, BackupAct::Now { folder: folder.clone() });
    assert!(nowhere.lines.iter().any(|line| line.contains("FAILED: there is no folder")), "{:?}", nowhere.lines);
    std::fs::create_dir(place.path().join("stick")).unwrap();
    let made = ended(&desk, BackupAct::Now { folder: folder.clone() });
    assert!(made.lines.iter().any(|line| line.starts_with("Last backup: Monday 23 November")), "{:?}", made.lines);
    assert!(made.owed);
    let rehearsed = ended(&desk, BackupAct::Rehearse { folder: folder.clone() }).rehearsed;
    let says = |words: &str| rehearsed.iter().any(|line| line.starts_with(words));
    for words in [
        "Harbour Primary: backup of Monday 23 November 2026",
        "In the backup: ",
        "Here now: ",
        "In the backup and not here now: 0 entries.",
        "This was a rehearsal: nothing was changed.",
        "To restore it, close Muster and type: muster restore --from ",
    ] {
        assert!(says(words), "{words}: {rehearsed:?}");
    }
    let beside = std::fs::read_dir(place.path()).unwrap().filter_map(Result::ok);
    assert!(
        beside.into_iter().all(|one| !one.file_name().to_string_lossy().contains("restore")),
        "and nothing is left"
    );
    let proven = ended(&desk, BackupAct::Drill { folder });
    assert_eq!((proven.age.as_str(), proven.owed), ("Backup proven today", false));
    let after = on_today(&desk);
    assert_eq!(after.note, "Backup proven today.");
    assert!(after.rows.iter().all(|row| row.name != "Backup"));
}

#[test]
fn a_teacher_asks_to_have_something_back_and_only_whoever_runs_the_school_says_what_was_done() {
    let place = tempfile::tempdir().unwrap();
    let (mut device, tom, words) = school(&place.path().join("records"));
    device.activate(&words, PASSPHRASE).unwrap();
    device.sign_out().unwrap();
    let head = device.replica.founding().head;
    let desk = AtDesk::of(device);
    let sign_in = |person| desk.ask(Intent::SignIn { person, passphrase: Secret::new(PASSPHRASE.into()) });
    sign_in(tom);
    desk.ask(Intent::OfBackup(BackupAct::Ask { what: "The marks of 4B".into(), when: "Friday".into() }));
    let asked = backups(&desk);
    assert_eq!(asked.requests[0].what, "Asked: The marks of 4B (Friday)");
    assert!(!asked.may_set);
    let request = asked.requests[0].id;
    let answer = |stage, words: &str| Intent::OfBackup(BackupAct::Answer { request, stage, words: words.into() });
    desk.ask(answer(Stage::Done, "I say so"));
    assert_eq!(backups(&desk).requests[0].stage, None, "not by themselves");
    let row = |desk: &AtDesk| on_today(desk).rows.into_iter().find(|row| row.name == "To have back");
    assert!(row(&desk).unwrap().detail.ends_with(" ago: The marks of 4B"), "whoever asked");
    sign_in(head);
    assert!(row(&desk).unwrap().detail.starts_with("Asked, "), "and whoever runs the school");
    let to_do = |desk: &AtDesk| {
        let updates = desk.ask(Intent::Open(Screen::ToDo));
        let view = updates.into_iter().rev().find_map(|update| match update {
            Update::ToDo(view) => Some(view),
            _ => None,
        });
        view.unwrap().parts.into_iter().find(|part| part.title == "things asked to have back")
    };
    let part = to_do(&desk).unwrap();
    assert_eq!((part.lines[0].name.as_str(), part.lines[0].about.as_str()), ("The marks of 4B", "Tom Okafor"));
    desk.ask(answer(Stage::Done, "Entered again from the backup of Friday"));
    assert_eq!(row(&desk), None, "it is done");
    assert_eq!(to_do(&desk), None);
    sign_in(tom);
    assert!(row(&desk).unwrap().detail.starts_with("Done after "), "and whoever asked is told");
    let seen = backups(&desk).requests.remove(0);
    assert!(seen.story.iter().any(|line| line.starts_with("It took ")), "{:?}", seen.story);
    assert_eq!(seen.stage, Some(Stage::Done));
    assert!(seen.story[1].starts_with("Done by Helen Marsh, "), "{:?}", seen.story);
}
