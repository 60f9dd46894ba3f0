//! Sign-ins that end while somebody sits there, that are for one thing only, and what one of them may take back.

use super::*;
use crate::host::Host;
use muster_core::document::fact::FactRef;
use muster_gui::LockReason;
use muster_school::calendar::{Day, Session};
use muster_school::facts::policy::Hours;
use muster_school::facts::pupil::Identity;
use muster_school::ids::{GroupId, PupilId};
use muster_school::office::NewPupil;
use muster_school::show;
use muster_school::view::people::RoleGiven;

const HOUR_MS: i64 = 3_600_000;

/// A class of one at the first site.
fn class(device: &mut Device) -> (GroupId, PupilId) {
    let site = *device.known.school().sites.keys().next().unwrap();
    device
        .office(|office| {
            let group = office.add_group(site, "4B", None)?;
            let identity = Identity {
                admission_no: "1".into(),
                upn: String::new(),
                surname: "Byrne".into(),
                forename: "Ada".into(),
                preferred: "Ada".into(),
                sex: String::new(),
                born: None,
            };
            let new = NewPupil {
                identity,
                site,
                group: Some(group),
                year: "4".into(),
                starting: Day::parse("2026-09-01").ok(),
                medical: Vec::new(),
                evacuation: None,
            };
            Ok((group, office.add_pupil(&new)?))
        })
        .unwrap()
}

fn with<T: Send + 'static>(desk: &AtDesk, work: impl FnOnce(&mut Host) -> T + Send + 'static) -> T {
    desk.host.call(work).unwrap()
}

fn later(desk: &AtDesk, after_nine_ms: i64) {
    with(desk, move |host| host.device.clock = Clock::starting_at(NINE_MS + after_nine_ms));
}

fn sign_in(desk: &AtDesk, person: PersonId) -> Vec<Update> {
    desk.ask(Intent::SignIn { person, passphrase: Secret::new(PASSPHRASE.into()) })
}

fn told(updates: &[Update]) -> Vec<&str> {
    let words = updates.iter().filter_map(|update| match update {
        Update::Notice(notice) => Some(notice.words.as_str()),
        _ => None,
    });
    words.collect()
}

#[test]
fn an_inspectors_time_ends_while_they_sit_there_and_nothing_is_done_or_shown_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let (mut device, ..) = school(&folder.path().join("records"));
    let head = device.replica.founding().head;
    device.sign_in(head, PASSPHRASE).unwrap();
    class(&mut device);
    let sites = device.known.school().sites.keys().copied().collect();
    let given = device.give_role(&RoleGiven {
        person: None,
        forename: "Ines".into(),
        surname: "Upton".into(),
        job: String::new(),
        role: Role::Inspector,
        sites,
        areas: vec![areas::REGISTER, areas::PUPIL],
        last_day: "2026-11-23T10:00".into(),
    });
    let given = given.unwrap();
    let (ines, words) = (given.person, given.words.unwrap());
    device.activate(&words, PASSPHRASE).unwrap();
    device.sign_out().unwrap();
    let desk = AtDesk::of(device);
    assert_eq!(went_to(&sign_in(&desk, ines)), Some(Screen::Today));
    let pupils = |updates: &[Update]| updates.iter().any(|update| format!("{update:?}").contains("Byrne"));
    assert!(pupils(&desk.ask(Intent::Open(Screen::Pupils))) || pupils(&desk.ask(Intent::Open(Screen::Registers))));
    later(&desk, HOUR_MS - 4 * 60_000);
    let frame = desk.ask(Intent::Open(Screen::Today));
    let warned = |update: &Update| matches!(update, Update::Frame(frame) if frame.warning.as_deref().is_some_and(|words| words.contains("ends at 10:00")));
    assert!(frame.iter().any(warned), "they are told beforehand");
    later(&desk, HOUR_MS);
    let after = desk.ask(Intent::Open(Screen::Pupils));
    assert_eq!(went_to(&after), Some(Screen::Lock), "{after:?}");
    assert!(!after.iter().any(|update| matches!(update, Update::Pupils(_) | Update::Today(_) | Update::Registers(_))));
    let note = after.iter().rev().find_map(|update| match update {
        Update::Lock(view) => Some(view.note.clone()),
        _ => None,
    });
    assert!(note.unwrap().contains("the stated time is over"));
    assert!(with(&desk, |host| host.device.opened.is_none() && host.device.replica.signed_in().next().is_none()));
    let again = sign_in(&desk, ines);
    assert!(with(&desk, |host| host.device.opened.is_none()), "{again:?}");
}

#[test]
fn one_time_words_at_night_let_their_owner_add_a_concern_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let (mut device, tom, words) = school(&folder.path().join("records"));
    let head = device.replica.founding().head;
    device.sign_in(head, PASSPHRASE).unwrap();
    device.office(|office| Ok(office.set_hours(Hours::DEFAULT).map(drop)?)).unwrap();
    device.sign_out().unwrap();
    let desk = AtDesk::of(device);
    later(&desk, 12 * HOUR_MS);
    desk.ask(Intent::Open(Screen::Lock));
    desk.ask(Intent::ForConcern(true));
    desk.ask(Intent::Open(Screen::Activation(tom)));
    let activate = Intent::Activate { words: Secret::new(words), passphrase: Secret::new(PASSPHRASE.into()) };
    let updates = desk.ask(activate);
    assert_eq!(went_to(&updates), Some(Screen::AddConcern), "{updates:?}");
    assert!(with(&desk, |host| host.device.is_for_concern_only()));
    assert_eq!(went_to(&desk.ask(Intent::Open(Screen::Today))), Some(Screen::AddConcern));
    desk.ask(Intent::Lock(LockReason::SignedOut));
    sign_in(&desk, tom);
    assert!(with(&desk, |host| host.device.opened.is_none()), "for anything else the hours hold as before");
}

#[test]
fn nobody_takes_back_what_somebody_else_did_here_nor_what_they_did_in_an_earlier_sign_in() {
    let folder = tempfile::tempdir().unwrap();
    let (mut device, tom, words) = school(&folder.path().join("records"));
    let head = device.replica.founding().head;
    device.sign_in(head, PASSPHRASE).unwrap();
    let (group, pupil) = class(&mut device);
    device.activate(&words, PASSPHRASE).unwrap();
    device.sign_out().unwrap();
    let desk = AtDesk::of(device);
    let register = show::register_key(group, Session::am(Day::parse("2026-11-23").unwrap()));
    let mark = |code: &str, among: Vec<FactRef>| Intent::Mark {
        register,
        pupil: pupil.into(),
        code: code.into(),
        minutes: None,
        note: None,
        reason: None,
        among,
    };
    let shown = |updates: &[Update]| {
        updates.iter().rev().find_map(|update| match update {
            Update::Register(view) => Some(format!("{:?}", view.rows[0].mark)),
            _ => None,
        })
    };
    let nothing = "there is nothing to take back of what was done in this sign-in";
    sign_in(&desk, tom);
    desk.ask(mark("/", Vec::new()));
    // Somebody else signs in on top, with no lock between.
    sign_in(&desk, head);
    desk.ask(Intent::Open(Screen::Register(register)));
    let refused = desk.ask(Intent::UndoLast);
    assert_eq!(told(&refused), [nothing]);
    assert!(shown(&refused).unwrap().contains('/'), "{refused:?}");
    sign_in(&desk, tom);
    assert_eq!(told(&desk.ask(Intent::UndoLast)), [nothing], "nor in another sign-in of one's own");
    let opened = desk.ask(Intent::Open(Screen::Register(register)));
    let among = opened.iter().rev().find_map(|update| match update {
        Update::Register(view) => Some(view.rows[0].shown.clone()),
        _ => None,
    });
    desk.ask(mark("N", among.unwrap()));
    let back = desk.ask(Intent::UndoLast);
    assert_eq!(told(&back), ["Taken back: Ada Byrne marked N"]);
    assert!(shown(&back).unwrap().contains('/'), "what stood before stands again: {:?}", shown(&back));
}
