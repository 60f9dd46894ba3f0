//! What the desk answers at the door and in a roll call.

use super::*;
use muster_gui::Sighting;
use muster_school::view::call::{CallAct, CallView, ReportAct, ReportAnswers};
use muster_school::view::fire::{Care, EventKind, FireView};
use muster_school::view::reception::{Comer, ComerKind, ReceptionAct, ReceptionView};

fn reception(updates: &[Update]) -> ReceptionView {
    let found = updates.iter().rev().find_map(|update| match update {
        Update::Reception(view) => Some(view.as_ref().clone()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("{updates:?}"))
}

fn fire(updates: &[Update]) -> FireView {
    let found = updates.iter().rev().find_map(|update| match update {
        Update::Fire(view) => Some(view.clone()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("{updates:?}"))
}

fn call(updates: &[Update]) -> CallView {
    let found = updates.iter().rev().find_map(|update| match update {
        Update::Call(view) => Some(view.as_ref().clone()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("{updates:?}"))
}

fn carol() -> Box<Comer> {
    Box::new(Comer { name: "Carol Abbott".into(), host_typed: "Mrs Marsh".into(), ..Comer::default() })
}

#[test]
fn with_nobody_signed_in_the_reception_writes_and_has_no_name_to_choose() {
    let folder = tempfile::tempdir().unwrap();
    let (device, ..) = school(&folder.path().join("records"));
    let desk = AtDesk::of(device);
    let view = reception(&desk.ask(Intent::Open(Screen::Reception)));
    assert!(view.kiosk && view.staff.is_empty() && view.here.is_empty());
    let view = reception(&desk.ask(Intent::Reception(ReceptionAct::Arrive(carol()))));
    assert_eq!(view.said.as_deref(), Some("Welcome, Carol. You are signed in: 09:00"));
    assert!(view.here.is_empty() && view.badge.is_none(), "nothing is read back");
    let refused = desk.ask(Intent::Reception(ReceptionAct::Search("okafor".into())));
    assert!(refused.iter().any(|update| matches!(update, Update::Refused { .. })), "{refused:?}");
    assert!(reception(&refused).found.is_empty());
    let view = reception(&desk.ask(Intent::Reception(ReceptionAct::Seen)));
    assert_eq!(view.said, None);
    let list = fire(&desk.ask(Intent::Open(Screen::Fire)));
    let row = list.rows.iter().find(|row| row.name == "Abbott, Carol").unwrap();
    assert_eq!(row.evidence, "Signed in 09:00, seeing Mrs Marsh");
}

#[test]
fn with_somebody_signed_in_visitors_are_listed_badged_and_signed_out() {
    let folder = tempfile::tempdir().unwrap();
    let (device, ..) = school(&folder.path().join("records"));
    let head = device.replica.founding().head;
    let desk = AtDesk::of(device);
    desk.ask(Intent::SignIn { person: head, passphrase: Secret::new(PASSPHRASE.to_owned()) });
    desk.ask(Intent::Open(Screen::Reception));
    let comer = Comer { kind: ComerKind::Contractor, badge: "14".into(), host: Some(head.into()), ..*carol() };
    let view = reception(&desk.ask(Intent::Reception(ReceptionAct::Arrive(Box::new(comer)))));
    let badge = view.badge.unwrap();
    assert_eq!((badge.name.as_str(), badge.kind.as_str(), badge.number.as_str()), ("Carol Abbott", "Contractor", "14"));
    assert_eq!(badge.about, "Seeing H. Marsh");
    let into = folder.path().join("badges").display().to_string();
    desk.ask(Intent::Reception(ReceptionAct::PrintBadge { person: badge.person, folder: into.clone() }));
    assert_eq!(std::fs::read_dir(&into).unwrap().count(), 1);
    let view = reception(&desk.ask(Intent::Reception(ReceptionAct::SignOut(view.here[0].person))));
    assert!(view.here.is_empty());
}

#[test]
fn a_marshal_says_once_where_they_stand_and_each_found_after_that_carries_it() {
    let folder = tempfile::tempdir().unwrap();
    let (device, ..) = school(&folder.path().join("records"));
    let desk = AtDesk::of(device);
    desk.ask(Intent::Open(Screen::Fire));
    let view = call(&desk.ask(Intent::StartCall(EventKind::Lockdown)));
    assert!(view.silent);
    let event = view.event;
    let view = call(&desk.ask(Intent::OfCall { event, act: CallAct::StandAt("Front car park".into()) }));
    assert_eq!(view.here, "Front car park");
    let tom = view.rows.iter().find(|row| row.name == "Okafor, Tom").unwrap().person;
    let view = call(&desk.ask(Intent::Sight { event, person: tom, sighting: Sighting::Found }));
    let row = view.rows.iter().find(|row| row.person == tom).unwrap();
    assert_eq!(row.place, "Front car park");
    let away = Sighting::NotHere { by: "the office".into() };
    let view = call(&desk.ask(Intent::Sight { event, person: tom, sighting: away }));
    let row = view.rows.iter().find(|row| row.person == tom).unwrap();
    assert!(row.not_here && row.said.contains("Not here today") && row.said.contains("the office"), "{}", row.said);
}

#[test]
fn the_machines_own_screen_stays_on_while_a_roll_call_or_the_wall_is_on_it_and_no_longer() {
    let folder = tempfile::tempdir().unwrap();
    let (device, ..) = school(&folder.path().join("records"));
    let desk = AtDesk::of(device);
    let awake = || desk.clerk.lock().unwrap().awake.is_wanted();
    desk.ask(Intent::Open(Screen::Fire));
    assert!(!awake(), "the list is looked at, and left");
    let event = call(&desk.ask(Intent::StartCall(EventKind::Drill))).event;
    assert!(awake());
    desk.ask(Intent::Open(Screen::Lock));
    assert!(!awake(), "somebody went back to the lock screen");
    desk.ask(Intent::Open(Screen::Call(event)));
    assert!(awake());
    desk.ask(Intent::EndCall(event));
    assert!(!awake(), "its report is made");
    desk.ask(Intent::Open(Screen::Display));
    assert!(awake(), "nobody touches a wall");
}

#[test]
fn care_details_open_with_the_pin_from_the_lock_screen_and_close_when_the_list_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let (device, tom, _) = school(&folder.path().join("records"));
    let head = device.replica.founding().head;
    let desk = AtDesk::of(device);
    assert_eq!(fire(&desk.ask(Intent::Open(Screen::Fire))).care, Care::Closed);
    desk.ask(Intent::SignIn { person: head, passphrase: Secret::new(PASSPHRASE.to_owned()) });
    desk.host
        .call(move |host| {
            let duty = muster_school::facts::fire::FireDuty {
                person: tom,
                marshal: true,
                first_aid: false,
                phone: "07700 900456".into(),
            };
            host.device.office(|office| Ok(office.set_fire_duty(duty).map(drop)?)).unwrap();
        })
        .unwrap();
    desk.ask(Intent::SetMarshalPin { pin: Secret::new("904417".into()) });
    desk.ask(Intent::Lock(muster_gui::LockReason::SignedOut));
    let numbers = |view: &FireView| view.rows.iter().map(|row| row.phones.len()).sum::<usize>();
    let closed = fire(&desk.ask(Intent::Open(Screen::Fire)));
    assert_eq!((closed.care.clone(), numbers(&closed)), (Care::AskPin { problem: None, wait_secs: 0 }, 0));
    let wrong = fire(&desk.ask(Intent::OpenCare(Secret::new("904418".into()))));
    assert!(matches!(&wrong.care, Care::AskPin { problem: Some(words), .. } if words.contains("not the marshal")));
    let open = fire(&desk.ask(Intent::OpenCare(Secret::new("904417".into()))));
    assert!(matches!(&open.care, Care::Open { by_pin: true, .. }), "{:?}", open.care);
    assert_eq!(numbers(&open), 1);
    desk.ask(Intent::Open(Screen::Lock));
    let again = fire(&desk.ask(Intent::Open(Screen::Fire)));
    assert!(matches!(again.care, Care::AskPin { .. }), "whoever comes next gives it again");
}

#[test]
fn a_report_is_written_and_signed_after_the_end_and_stands_among_the_drills() {
    let folder = tempfile::tempdir().unwrap();
    let (device, ..) = school(&folder.path().join("records"));
    let head = device.replica.founding().head;
    let desk = AtDesk::of(device);
    desk.ask(Intent::SignIn { person: head, passphrase: Secret::new(PASSPHRASE.to_owned()) });
    let event = call(&desk.ask(Intent::StartCall(EventKind::Drill))).event;
    let early = desk.ask(Intent::OfReport { event, act: ReportAct::Sign });
    assert!(early.iter().any(|update| matches!(update, Update::Refused { .. })), "it still runs");
    assert!(call(&desk.ask(Intent::EndCall(event))).report.unwrap().may_write);
    let answers = ReportAnswers { learned: "Beech leaves by the kitchen".into(), ..ReportAnswers::default() };
    desk.ask(Intent::OfReport { event, act: ReportAct::Write(Box::new(answers)) });
    let signed = call(&desk.ask(Intent::OfReport { event, act: ReportAct::Sign })).report.unwrap();
    assert_eq!(signed.signed.len(), 1);
    desk.ask(Intent::Open(Screen::Drills));
    let updates = desk.ask(Intent::LookAtCall(Some(event)));
    let drills = updates.iter().rev().find_map(|update| match update {
        Update::Drills(view) => Some(view),
        _ => None,
    });
    let drills = drills.unwrap();
    assert_eq!(drills.terms[0].rows[0].learned, "Beech leaves by the kitchen");
    assert_eq!(drills.report.as_ref().unwrap().event, event);
}

#[test]
fn a_roll_call_is_carried_out_and_in_on_the_screen_and_what_came_of_it_stands_there() {
    let folder = tempfile::tempdir().unwrap();
    let (device, ..) = school(&folder.path().join("records"));
    let desk = AtDesk::of(device);
    let carried = |updates: &[Update]| {
        let found = updates.iter().rev().find_map(|update| match update {
            Update::Frame(frame) => Some(frame.carried.clone()),
            _ => None,
        });
        found.unwrap()
    };
    desk.ask(Intent::Open(Screen::Fire));
    let event = call(&desk.ask(Intent::StartCall(EventKind::Real))).event;
    let stick = folder.path().join("stick");
    let typed = stick.display().to_string();
    let missing = desk.ask(Intent::CarryOut { folder: typed.clone() });
    assert!(carried(&missing).contains("look whether the stick is in"), "{missing:?}");
    assert!(!stick.exists(), "nothing is written beside a stick that is not there");
    std::fs::create_dir(&stick).unwrap();
    let words = carried(&desk.ask(Intent::CarryOut { folder: typed }));
    assert!(words.starts_with("09:00 ") && words.contains(" written. It opens only on devices"), "{words}");
    assert_eq!(std::fs::read_dir(&stick).unwrap().count(), 1);
    let updates = desk.ask(Intent::CarryIn { folder: String::new() });
    let own = carried(&updates);
    assert!(own.contains("holds no file from another device"), "the folder used before: {own}");
    assert_eq!(call(&updates).event, event, "the roll call stays open");
}

#[test]
fn a_duty_set_on_the_screen_of_staff_stands_on_the_fire_list_of_a_locked_device() {
    let folder = tempfile::tempdir().unwrap();
    let (device, tom, _) = school(&folder.path().join("records"));
    let head = device.replica.founding().head;
    let desk = AtDesk::of(device);
    desk.ask(Intent::SignIn { person: head, passphrase: Secret::new(PASSPHRASE.to_owned()) });
    let duty = muster_school::view::people::FireDutyForm { marshal: true, first_aid: true, phone: String::new() };
    desk.ask(Intent::SetFireDuty { person: tom, duty });
    desk.ask(Intent::Lock(muster_gui::LockReason::SignedOut));
    let list = fire(&desk.ask(Intent::Open(Screen::Fire)));
    let row = list.rows.iter().find(|row| row.name == "Okafor, Tom").unwrap();
    assert_eq!(row.duties, ["Fire marshal", "First aid"]);
}
