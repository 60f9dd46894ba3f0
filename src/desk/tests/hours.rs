//! Hours and leave from the client: what a senior leader gives is what lets a teacher in.

use super::*;
use crate::host::Host;
use muster_gui::LockReason;
use muster_school::view::calendar::CalendarView;
use muster_school::view::hours::{HoursAct, Whom};

const HOUR_MS: i64 = 3_600_000;

fn calendar(updates: &[Update]) -> CalendarView {
    let view = updates.iter().rev().find_map(|update| match update {
        Update::Calendar(view) => Some(view.clone()),
        _ => None,
    });
    view.unwrap()
}

fn with<T: Send + 'static>(desk: &AtDesk, work: impl FnOnce(&mut Host) -> T + Send + 'static) -> T {
    desk.host.call(work).unwrap()
}

#[test]
fn a_head_sets_hours_and_gives_leave_in_the_client_and_a_teacher_signs_in_by_it_in_the_evening() {
    let folder = tempfile::tempdir().unwrap();
    let (mut device, tom, words) = school(&folder.path().join("records"));
    let head = device.replica.founding().head;
    device.activate(&words, PASSPHRASE).unwrap();
    device.sign_out().unwrap();
    let desk = AtDesk::of(device);
    let sign_in = |person| desk.ask(Intent::SignIn { person, passphrase: Secret::new(PASSPHRASE.into()) });
    let leave = |day: &str, why: &str| {
        Intent::Hours(HoursAct::Give {
            whom: Whom::Person(tom),
            day: day.into(),
            from: "18:30".into(),
            to: "22:00".into(),
            again: 0,
            last: String::new(),
            why: why.into(),
        })
    };
    sign_in(tom);
    desk.ask(Intent::Open(Screen::Calendar));
    let refused = calendar(&desk.ask(leave("23/11/2026", "For myself"))).hours;
    assert!(refused.problem.unwrap().contains("for a senior leader") && !refused.may_change);
    desk.ask(Intent::Lock(LockReason::SignedOut));
    sign_in(head);
    desk.ask(Intent::Open(Screen::Calendar));
    let set = HoursAct::Set { site: None, days: 0b001_1111, from: "07:00".into(), to: "18:30".into(), in_force: true };
    let view = calendar(&desk.ask(Intent::Hours(set))).hours;
    assert!(view.may_change && view.problem.is_none());
    assert_eq!(view.sites[0].words, "Monday to Friday, 07:00 to 18:30");
    let wrong = calendar(&desk.ask(leave("soon", "Trip"))).hours;
    assert!(wrong.problem.unwrap().contains("\"soon\" is not a date") && wrong.leaves.is_empty());
    let given = calendar(&desk.ask(leave("23/11/2026", "Trip to the coast"))).hours;
    assert_eq!((given.leaves[0].whose.as_str(), given.leaves[0].why.as_str()), ("Tom Okafor", "Trip to the coast"));
    let id = given.leaves[0].id;
    let evening = || with(&desk, |host| host.device.clock = Clock::starting_at(NINE_MS + 11 * HOUR_MS));
    desk.ask(Intent::Lock(LockReason::SignedOut));
    evening();
    assert_eq!(went_to(&sign_in(tom)), Some(Screen::Today), "by the leave that was given");
    desk.ask(Intent::Lock(LockReason::SignedOut));
    sign_in(head);
    desk.ask(Intent::Open(Screen::Calendar));
    assert!(calendar(&desk.ask(Intent::Hours(HoursAct::TakeBack(id)))).hours.leaves.is_empty());
    desk.ask(Intent::Lock(LockReason::SignedOut));
    sign_in(tom);
    assert!(with(&desk, |host| host.device.opened.is_none()), "and not once it was taken back");
}

#[test]
fn the_audit_is_written_into_a_file_from_its_screen_only_with_a_code_and_for_somebody() {
    let folder = tempfile::tempdir().unwrap();
    let (device, ..) = school(&folder.path().join("records"));
    let head = device.replica.founding().head;
    let desk = AtDesk::of(device);
    desk.ask(Intent::SignIn { person: head, passphrase: Secret::new(PASSPHRASE.into()) });
    desk.ask(Intent::Open(Screen::Audit));
    let into = folder.path().join("out");
    let export = |to: &str| Intent::ExportAudit { to: to.into(), folder: into.display().to_string() };
    let asked = desk.ask(export("Ofsted"));
    assert!(asked.iter().any(|update| matches!(update, Update::StepUp(_))) && !into.exists(), "a code comes first");
    with(&desk, |host| {
        let factor = host.device.offer_factor().unwrap();
        let code = factor.code(host.clock().now());
        host.device.set_up_factor(factor, PASSPHRASE, &code).unwrap();
    });
    desk.ask(export("  "));
    assert!(!into.exists(), "nor for nobody");
    let done = format!("{:?}", desk.ask(export("Ofsted")));
    assert!(done.contains("it is not encrypted"), "{done}");
    assert_eq!(std::fs::read_dir(&into).unwrap().count(), 1);
    assert!(done.contains("exported the audit") && done.contains("for Ofsted"), "and that is in the audit: {done}");
}
