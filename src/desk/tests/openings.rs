//! What shows everybody by name, or leaves encryption, is an entry each time, whoever is signed in or not.

use super::{AtDesk, PASSPHRASE, school, went_to};
use muster_gui::{Intent, Screen, Secret};
use muster_school::story::{Told, Wanted};
use muster_school::view::fire::EventKind;
use muster_school::view::reception::Badge;

/// How many lines of the audit have these words in them.
fn told(desk: &AtDesk, words: &'static str) -> usize {
    let lines = desk.host.call(|host| host.device.audit(&Wanted::default())).unwrap().unwrap();
    lines.iter().map(Told::text).filter(|line| line.contains(words)).count()
}

#[test]
fn a_roll_call_that_is_opened_from_the_lock_screen_is_an_opening_each_time_and_not_the_first_time_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (device, ..) = school(&folder.path().join("records"));
    let head = device.replica.founding().head;
    let desk = AtDesk::of(device);
    desk.ask(Intent::Open(Screen::Fire));
    let begun = desk.ask(Intent::StartCall(EventKind::Drill));
    let Some(Screen::Call(event)) = went_to(&begun) else { panic!("{begun:?}") };
    for opens in [Intent::JoinCall(event), Intent::JoinCall(event), Intent::Open(Screen::Call(event))] {
        desk.ask(Intent::Open(Screen::Lock));
        desk.ask(opens);
    }
    desk.ask(Intent::Open(Screen::Fire));
    desk.ask(Intent::Open(Screen::Lock));
    desk.ask(Intent::SignIn { person: head, passphrase: Secret::new(PASSPHRASE.to_owned()) });
    let openings = told(&desk, "opened the fire register of Harbour from the lock screen");
    assert_eq!(openings, 4, "the list once, the roll call three times; between the two is no other opening");
}

#[test]
fn a_visitors_badge_on_paper_is_in_the_audit() {
    let folder = tempfile::tempdir().unwrap();
    let (device, ..) = school(&folder.path().join("records"));
    let head = device.replica.founding().head;
    let desk = AtDesk::of(device);
    desk.ask(Intent::SignIn { person: head, passphrase: Secret::new(PASSPHRASE.to_owned()) });
    let badge = Badge { name: "Carol Abbott".into(), kind: "Visitor".into(), number: "14".into(), ..Badge::default() };
    let out = folder.path().join("out");
    let printed = desk.host.call(move |host| host.device.print_badge(&badge, &out)).unwrap().unwrap();
    assert!(printed.exists());
    assert_eq!(told(&desk, "exported a visitor’s badge, 1 person"), 1);
}
