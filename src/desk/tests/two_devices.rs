//! Two devices of one school at their desks: marks that are on both, marks carried on a stick, a kiosk at the door.

use super::joining::{PATIENCE, chip, loopback};
use super::*;
use crate::join::{Said, join};
use crate::limits;
use muster_gui::Sighting;
use muster_school::roles::DeviceKind;
use muster_school::view::call::CallView;
use muster_school::view::fire::EventKind;
use std::time::{Duration, Instant};

/// A second device is let in and holds all that it may: the first, and it. Both are reachable.
fn two(folder: &Path, kind: DeviceKind) -> (AtDesk, AtDesk) {
    let (mut device, ..) = school(&folder.join("office"));
    let head = device.replica.founding().head;
    device.sign_in(head, PASSPHRASE).unwrap();
    let site = device.site().unwrap();
    let office = AtDesk::reachable(device);
    let open = move |host: &mut crate::host::Host| host.open_invitation(kind, vec![site], limits::INVITATION);
    let code = office.host.call(open).unwrap().unwrap();
    let mut confirm = |_: &str| {
        office.host.call(crate::host::Host::confirm_invitation).unwrap().unwrap();
    };
    let clock = Clock::starting_at(NINE_MS);
    let joined =
        join(&folder.join("hall"), &code, "Hall tablet", &loopback(), clock, &mut confirm, &|| Said::Same).unwrap();
    let (inviter, addresses) = (joined.inviter, joined.addresses);
    let hall = AtDesk::reachable(joined.device);
    hall.host.call(move |host| host.expect(inviter, addresses)).unwrap();
    office.ask(Intent::Lock(muster_gui::LockReason::SignedOut));
    until(&hall, "up to date", |desk| chip(&desk.ask(Intent::Open(Screen::Lock))).starts_with("Up to date"));
    (office, hall)
}

fn until(desk: &AtDesk, what: &str, mut so: impl FnMut(&AtDesk) -> bool) {
    let begun = Instant::now();
    while !so(desk) {
        assert!(begun.elapsed() < PATIENCE, "{what} never came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn call(updates: &[Update]) -> Option<CallView> {
    updates.iter().rev().find_map(|update| match update {
        Update::Call(view) => Some(view.as_ref().clone()),
        _ => None,
    })
}

/// The roll call as the screen of a device has it.
fn shown(desk: &AtDesk, event: EventId) -> Option<CallView> {
    call(&desk.ask(Intent::Open(Screen::Call(event))))
}

fn found(desk: &AtDesk, event: EventId, name: &str) -> CallView {
    let person = shown(desk, event).unwrap().rows.into_iter().find(|row| row.name == name).unwrap().person;
    call(&desk.ask(Intent::Sight { event, person, sighting: Sighting::Found })).unwrap()
}

#[test]
fn the_foot_of_a_roll_call_says_that_its_marks_are_on_two_devices_once_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let (office, hall) = two(folder.path(), DeviceKind::Tablet);
    office.ask(Intent::Open(Screen::Fire));
    let begun = call(&office.ask(Intent::StartCall(EventKind::Drill))).unwrap();
    let event = begun.event;
    until(&hall, "the roll call", |hall| shown(hall, event).is_some());
    found(&hall, event, "Okafor, Tom");
    for desk in [&office, &hall] {
        until(desk, "both devices", |desk| {
            let view = shown(desk, event).unwrap();
            view.found == 1 && view.shared && view.spread.starts_with("Marks on 2 devices")
        });
    }
    assert_eq!(shown(&office, event).unwrap().code, shown(&hall, event).unwrap().code);
}

/// What the audit says of the newest entry that reads so: where it is held.
fn held(desk: &AtDesk, what: &str) -> Option<String> {
    let audit = |updates: Vec<Update>| {
        updates.into_iter().rev().find_map(|update| match update {
            Update::Audit(view) => Some(view),
            _ => None,
        })
    };
    let view = audit(desk.ask(Intent::Open(Screen::Audit)))?;
    let reads = |row: &&muster_school::view::audit::AuditRow| {
        let words: Vec<&str> = row.what.iter().map(|span| span.text.as_str()).collect();
        words.concat().contains(what)
    };
    let entry = view.rows.iter().find(reads)?.entry;
    let detail = audit(desk.ask(Intent::AuditEntry(entry)))?.detail?;
    detail.proven.last().map(|line| format!("{}: {}", line.answer, line.words))
}

#[test]
fn the_audit_says_of_an_act_that_it_is_here_alone_and_on_two_devices_once_another_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let sign_in = |desk: &AtDesk, person| {
        desk.ask(Intent::SignIn { person, passphrase: muster_gui::Secret::new(PASSPHRASE.into()) });
    };
    let (alone, ..) = school(&folder.path().join("alone"));
    let head = alone.replica.founding().head;
    let alone = AtDesk::of(alone);
    sign_in(&alone, head);
    assert_eq!(held(&alone, "signed in").unwrap(), "Not yet: known to be on another device");
    let (office, _hall) = two(folder.path(), DeviceKind::Tablet);
    let head = office.host.call(|host| host.device.replica.founding().head).unwrap();
    sign_in(&office, head);
    until(&office, "both devices", |desk| {
        held(desk, "signed in").is_some_and(|words| words == "Yes: Held by 2 devices")
    });
}

#[test]
fn two_devices_that_reach_no_other_have_one_list_once_somebody_carried_a_stick_there_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let (office, hall) = two(folder.path(), DeviceKind::Tablet);
    office.ask(Intent::Open(Screen::Fire));
    let event = call(&office.ask(Intent::StartCall(EventKind::Real))).unwrap().event;
    until(&hall, "the roll call", |hall| shown(hall, event).is_some());
    // The network is gone for both.
    drop((office, hall));
    let alone =
        |name: &str| AtDesk::of(Device::open(&folder.path().join(name), Clock::starting_at(NINE_MS + 60_000)).unwrap());
    let (office, hall) = (alone("office"), alone("hall"));
    let here = found(&office, event, "Okafor, Tom");
    let there = found(&hall, event, "Marsh, Helen");
    assert_ne!(here.code, there.code, "they have not heard the same");
    let stick = folder.path().join("stick");
    std::fs::create_dir(&stick).unwrap();
    let typed = stick.display().to_string();
    for (from, to) in [(&office, &hall), (&hall, &office)] {
        from.ask(Intent::CarryOut { folder: typed.clone() });
        to.ask(Intent::CarryIn { folder: typed.clone() });
    }
    let both = [&office, &hall].map(|desk| shown(desk, event).unwrap());
    assert_eq!(both.each_ref().map(|view| view.found), [2, 2]);
    assert_eq!(both[0].code, both[1].code, "one code on both screens says that they agree");
}

#[test]
fn a_kiosk_shows_the_form_at_the_door_whatever_is_asked_and_no_name() {
    let folder = tempfile::tempdir().unwrap();
    let (_office, kiosk) = two(folder.path(), DeviceKind::Kiosk);
    for screen in [Screen::Lock, Screen::Fire, Screen::Display, Screen::Today, Screen::Devices] {
        let updates = kiosk.ask(Intent::Open(screen));
        let told = format!("{updates:?}");
        assert!(updates.iter().any(|update| matches!(update, Update::Reception(view) if view.kiosk)), "{told}");
        let other = |update: &Update| {
            matches!(update, Update::Fire(_) | Update::Lock(_) | Update::Display(_) | Update::Today(_))
        };
        assert!(!updates.iter().any(other), "{told}");
        assert!(!told.contains("Okafor") && !told.contains("Marsh"), "{told}");
    }
    let started = kiosk.ask(Intent::StartCall(EventKind::Real));
    assert!(call(&started).is_none(), "{started:?}");
}
