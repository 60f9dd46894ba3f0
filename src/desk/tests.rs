//! What the client hears of the desk, with records on a disk and no window.

mod backups;
mod by_touch;
mod concerns;
mod door;
mod erase;
#[path = "../../gui/tests/common/finger.rs"]
mod finger;
mod fire_forms;
mod hours;
mod joining;
mod leaving;
mod office;
mod openings;
mod pupils;
mod refusals;
mod settings;
mod sign_ins;
mod tablet;
mod two_devices;
mod whole_site;

use super::clerk::Clerk;
use super::list_only::ListOnly;
use super::shared::Shared;
use crate::clock::Clock;
use crate::commands::Common;
use crate::device::Device;
use crate::host::{Handle, Reach};
use muster_core::id::{PersonId, PlaceId};
use muster_core::replica::Replica;
use muster_gui::{Intent, Screen, Secret, Update};
use muster_school::areas;
use muster_school::calendar::Day;
use muster_school::facts::pupil::Identity;
use muster_school::ids::GroupId;
use muster_school::office::{NewPerson, NewPupil};
use muster_school::roles::Role;
use muster_school::view::EventId;
use muster_storage::{FaultyDisk, RedbStore};
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Arc, Mutex};

const PASSPHRASE: &str = "five kind words for this";
/// 09:00 on Monday 23 November 2026.
const NINE_MS: i64 = 1_795_424_400_000;

/// A school with a site, and Tom Okafor, who has one-time words. Nobody is signed in.
fn school(folder: &Path) -> (Device, PersonId, String) {
    let clock = Clock::starting_at(NINE_MS);
    let keep = &mut |_: &[muster_core::keys::recovery::Card]| Ok(());
    let mut device =
        Device::found(folder, "Harbour Primary", "Helen Marsh", "Office", PASSPHRASE, clock, keep).unwrap();
    let tom = device
        .office(|office| {
            let site = office.add_site("S1", "Harbour", &[])?;
            let new = NewPerson {
                staff_code: "T1".into(),
                title: String::new(),
                forename: "Tom".into(),
                surname: "Okafor".into(),
                job: "Teacher".into(),
                role: Role::CoreStaff,
                sites: vec![site],
                email: String::new(),
            };
            Ok(office.add_person(None, &new)?)
        })
        .unwrap();
    device.settle_in().unwrap();
    let words = device.one_time_words(tom).unwrap().to_string();
    device.sign_out().unwrap();
    (device, tom, words)
}

/// A pupil of a site, on roll since September.
fn pupil(site: PlaceId, group: Option<GroupId>, (forename, surname): (&str, &str)) -> NewPupil {
    let identity = Identity {
        admission_no: format!("{forename} 1"),
        upn: String::new(),
        surname: surname.into(),
        forename: forename.into(),
        preferred: forename.into(),
        sex: String::new(),
        born: None,
    };
    let starting = Day::parse("2026-09-07").ok();
    NewPupil { identity, site, group, year: "6".into(), starting, medical: Vec::new(), evacuation: None }
}

/// A desk that answers at once.
struct AtDesk {
    shared: Arc<Shared>,
    clerk: Arc<Mutex<Clerk>>,
    host: Handle,
}

impl AtDesk {
    fn of(device: Device) -> Self {
        let shared = Arc::new(Shared::default());
        let clerk = Arc::new(Mutex::new(Clerk::new(shared.clone())));
        let host = Handle::start(device, &Reach { offline: true, ..Reach::default() }).unwrap();
        Self { shared, clerk, host }
    }

    fn ask(&self, intent: Intent) -> Vec<Update> {
        let clerk = self.clerk.clone();
        self.host.call(move |host| clerk.lock().unwrap().serve(host, intent)).unwrap();
        self.shared.take()
    }
}

fn went_to(updates: &[Update]) -> Option<Screen> {
    updates.iter().rev().find_map(|update| match update {
        Update::Go(screen) => Some(*screen),
        _ => None,
    })
}

#[test]
fn the_words_taken_at_the_first_sign_in_are_never_shown_again() {
    let folder = tempfile::tempdir().unwrap();
    let (device, tom, words) = school(&folder.path().join("records"));
    let desk = AtDesk::of(device);
    let offered = desk.ask(Intent::Open(Screen::Activation(tom))).into_iter().find_map(|update| match update {
        Update::Activation(view) => Some(view.suggested),
        _ => None,
    });
    let (offered, words) = (offered.unwrap(), Secret::new(words));
    let passphrase = Secret::new(offered.expose().to_owned());
    let updates = desk.ask(Intent::Activate { words, passphrase });
    assert_eq!(went_to(&updates), Some(Screen::Today));
    let own = desk.ask(Intent::Open(Screen::Own));
    assert!(own.iter().any(|update| matches!(update, Update::Own(view) if view.suggested != offered)));
}

#[test]
fn the_fire_register_opens_on_a_disk_that_takes_nothing_and_says_that_it_is_not_in_the_audit() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("records");
    drop(school(&folder));
    let disk = FaultyDisk::holding(std::fs::read(folder.join("records.redb")).unwrap());
    let store = RedbStore::with_backend(&folder, disk.clone()).unwrap();
    let replica = Replica::open(store, &areas::rules()).unwrap();
    let desk = AtDesk::of(Device::over(replica, &folder, Clock::starting_at(NINE_MS)));
    disk.fail_after(0, ErrorKind::StorageFull);
    let updates = desk.ask(Intent::Open(Screen::Fire));
    let shown = updates.iter().find_map(|update| match update {
        Update::Fire(view) => Some(view),
        _ => None,
    });
    let shown = shown.expect("the list");
    assert!(shown.rows.iter().any(|row| row.name.contains("Okafor")), "{shown:?}");
    assert!(shown.opened.contains("could not be written down"), "{}", shown.opened);
}

#[test]
fn somebody_signs_in_and_reads_where_there_is_no_room_for_what_is_kept_beside_the_records() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("records");
    let (device, ..) = school(&folder);
    let head = device.replica.founding().head;
    // A folder in the place of a file: it cannot be replaced.
    for file in ["fire-list", "local", "tries"] {
        let path = folder.join(file);
        let _there = std::fs::remove_file(&path);
        std::fs::create_dir_all(path.join("full")).unwrap();
    }
    let desk = AtDesk::of(device);
    let updates = desk.ask(Intent::SignIn { person: head, passphrase: Secret::new(PASSPHRASE.to_owned()) });
    assert_eq!(went_to(&updates), Some(Screen::Today), "{updates:?}");
}

#[test]
fn records_that_do_not_open_show_the_fire_list_as_often_as_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("records");
    drop(school(&folder));
    let (common, shared) = (Common::default().at(folder, NINE_MS), Shared::default());
    let mut list = ListOnly::begin(&common, &shared, &anyhow::anyhow!("the records are damaged")).unwrap();
    assert_eq!(went_to(&shared.take()), Some(Screen::Fire));
    for _ in 0..2 {
        list.serve(&Intent::Open(Screen::Lock), &common, &shared);
        let told = shared.take();
        assert!(told.iter().any(|update| matches!(update, Update::Lock(view) if view.fire.is_some())));
        list.serve(&Intent::Open(Screen::Fire), &common, &shared);
        let told = shared.take();
        let told = told.iter().find_map(|update| match update {
            Update::Fire(view) if !view.rows.is_empty() => Some(view),
            _ => None,
        });
        assert!(told.unwrap().no_start.contains("Use another device"), "said before anybody presses");
    }
}

#[test]
fn a_roll_call_that_is_not_here_any_more_leads_on_and_not_into_a_dead_end() {
    let folder = tempfile::tempdir().unwrap();
    let (device, ..) = school(&folder.path().join("records"));
    let head = device.replica.founding().head;
    let desk = AtDesk::of(device);
    let gone = Screen::Call(EventId([9; 16]));
    assert_eq!(went_to(&desk.ask(Intent::Open(gone))), Some(Screen::Lock));
    desk.ask(Intent::SignIn { person: head, passphrase: Secret::new(PASSPHRASE.to_owned()) });
    let updates = desk.ask(Intent::Open(gone));
    assert_eq!(went_to(&updates), Some(Screen::Today));
    assert!(updates.iter().any(|update| matches!(update, Update::Today(_))));
}

#[test]
fn a_roll_call_whose_records_could_not_be_read_shows_again_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("records");
    drop(school(&folder));
    let disk = FaultyDisk::holding(std::fs::read(folder.join("records.redb")).unwrap());
    let store = RedbStore::with_backend(&folder, disk.clone()).unwrap();
    let replica = Replica::open(store, &areas::rules()).unwrap();
    let desk = AtDesk::of(Device::over(replica, &folder, Clock::starting_at(NINE_MS)));
    // As the client does: whatever changes is shown.
    let clerk = desk.clerk.clone();
    desk.host.post(move |host| host.watch(Box::new(move |host| clerk.lock().unwrap().refresh(host)))).unwrap();
    desk.ask(Intent::Open(Screen::Fire));
    let begun = desk.ask(Intent::StartCall(muster_school::view::fire::EventKind::Drill));
    let call = |updates: &[Update]| updates.iter().any(|update| matches!(update, Update::Call(_)));
    let event = went_to(&begun).and_then(|screen| if let Screen::Call(event) = screen { Some(event) } else { None });
    disk.fail_after(0, ErrorKind::StorageFull);
    desk.ask(Intent::AddStranger { event: event.unwrap(), name: "Unknown child".into() });
    assert!(!call(&desk.ask(Intent::UndoLast)), "the records cannot be read just now");
    disk.heal();
    // Nothing is asked, and less than the minute goes by after which every screen is filled anew.
    let begun = std::time::Instant::now();
    while !call(&desk.shared.take()) {
        assert!(begun.elapsed().as_secs() < 30, "the roll call never showed again");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

#[test]
fn a_disk_that_fills_up_in_a_roll_call_is_said_until_it_takes_marks_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("records");
    drop(school(&folder));
    let disk = FaultyDisk::holding(std::fs::read(folder.join("records.redb")).unwrap());
    let store = RedbStore::with_backend(&folder, disk.clone()).unwrap();
    let replica = Replica::open(store, &areas::rules()).unwrap();
    let desk = AtDesk::of(Device::over(replica, &folder, Clock::starting_at(NINE_MS)));
    let view = |updates: &[Update]| {
        let found = updates.iter().rev().find_map(|update| match update {
            Update::Call(view) => Some(view.as_ref().clone()),
            _ => None,
        });
        found.unwrap_or_else(|| panic!("{updates:?}"))
    };
    let warning = |updates: &[Update]| {
        updates.iter().rev().find_map(|update| match update {
            Update::Frame(frame) => Some(frame.warning.clone()),
            _ => None,
        })
    };
    desk.ask(Intent::Open(Screen::Fire));
    let call = view(&desk.ask(Intent::StartCall(muster_school::view::fire::EventKind::Real)));
    let (event, person) = (call.event, call.rows[0].person);
    let found = || Intent::Sight { event, person, sighting: muster_gui::Sighting::Found };
    disk.fail_after(0, ErrorKind::StorageFull);
    let refused = desk.ask(found());
    assert!(refused.iter().any(|update| matches!(update, Update::Refused { .. })));
    assert!(warning(&refused).unwrap().unwrap().starts_with("The disk of this device is full"));
    let later = desk.ask(Intent::Open(Screen::Call(event)));
    assert!(warning(&later).unwrap().is_some(), "it stands, and is no notice that passes");
    disk.heal();
    // The next write finds that the disk takes it again.
    desk.ask(Intent::Open(Screen::Lock));
    desk.ask(Intent::Open(Screen::Fire));
    desk.ask(Intent::Open(Screen::Call(event)));
    let saved = desk.ask(found());
    assert_eq!(view(&saved).found, 1);
    assert_eq!(warning(&saved).unwrap(), None);
}
