//! Erasing records from the screen.

use super::pupils::at_ada;
use super::{AtDesk, NINE_MS, PASSPHRASE};
use crate::clock::Clock;
use muster_core::limits::ERASED_AFTER_MS;
use muster_core::replica::Context;
use muster_gui::draft::Draft;
use muster_gui::{EraseAct, Intent, Screen, Secret, Update};
use muster_school::erasure::{Ground, Why};
use muster_school::ids::PupilId;
use muster_school::view::erasure::{ErasuresView, Stage};

fn erasures(desk: &AtDesk) -> ErasuresView {
    let updates = desk.ask(Intent::Open(Screen::Audit));
    let view = updates.into_iter().rev().find_map(|update| match update {
        Update::Audit(view) => Some(view),
        _ => None,
    });
    view.unwrap().erasures
}

fn order(pupil: PupilId) -> Intent {
    let asked_by = "the office".to_owned();
    Intent::OfErasure(EraseAct::File { pupil, ground: Ground::Order, asked_by })
}

fn notices(updates: Vec<Update>) -> Vec<String> {
    let words = |update| if let Update::Notice(notice) = update { Some(notice.words) } else { None };
    updates.into_iter().filter_map(words).collect()
}

#[test]
fn a_file_is_ordered_to_be_erased_undone_and_held_from_the_screen() {
    let place = tempfile::tempdir().unwrap();
    let (desk, ada) = at_ada(&place.path().join("records"));
    assert!(erasures(&desk).may_order);
    let asked = desk.ask(Intent::OfErasure(EraseAct::Find("byrn".into())));
    let found = asked.into_iter().find_map(|update| match update {
        Update::Audit(view) => view.erasures.found,
        _ => None,
    });
    let found = found.unwrap();
    assert_eq!((found.pupil, found.typed.as_str()), (ada, "byrn"));
    assert!(found.whose.starts_with("Ada Byrne, admission number 1,"), "{found:?}");
    let told = notices(desk.ask(order(ada)));
    assert!(told.iter().any(|words| words.starts_with("Ada Byrne") && words.contains("To be destroyed")), "{told:?}");
    let ordered = erasures(&desk).orders;
    assert_eq!(ordered[0].stage, Stage::Cooling, "{ordered:?}");
    assert!(ordered[0].state.starts_with("To be destroyed Monday 30 November 2026"), "{ordered:?}");
    assert!(!ordered[0].what.contains("Ada"), "what was written down names nobody");
    assert!(ordered[0].whose.as_ref().unwrap().contains("Ada Byrne"), "and whoever may read the file sees whose it is");
    desk.ask(Intent::OfErasure(EraseAct::Undo(ordered[0].id)));
    assert_eq!(erasures(&desk).orders[0].stage, Stage::Undone);
    let (pupil, asked_by) = (ada, "the inquiry".to_owned());
    desk.ask(Intent::OfErasure(EraseAct::Hold { pupil, why: Why::Inquiry, asked_by }));
    desk.ask(order(ada));
    let view = erasures(&desk);
    assert_eq!((view.orders.len(), view.holds.len()), (1, 1), "a hold beats it");
    desk.ask(Intent::OfErasure(EraseAct::Lift(view.holds[0].id)));
    desk.ask(order(ada));
    assert_eq!(erasures(&desk).orders.len(), 2);
}

fn typed(ada: PupilId) -> [Draft; 2] {
    let draft = |field: String| Draft { field, text: Secret::new("half a sentence".into()) };
    [draft(format!("pupils#comment/{ada}")), draft("concern#words".into())]
}

fn kept(desk: &AtDesk) -> Vec<String> {
    let drafts = desk.host.call(|host| host.device.drafts().unwrap()).unwrap();
    drafts.into_iter().map(|draft| draft.field).collect()
}

#[test]
fn what_was_half_typed_about_an_erased_pupil_goes_with_the_file_and_nothing_else_that_was_typed() {
    let place = tempfile::tempdir().unwrap();
    let (desk, ada) = at_ada(&place.path().join("records"));
    let [about, other] = typed(ada);
    desk.ask(Intent::KeepDrafts(vec![about.clone(), other.clone()]));
    desk.ask(order(ada));
    desk.host.call(|host| host.device.tend_erasures().unwrap()).unwrap();
    assert_eq!(kept(&desk).len(), 2, "not before its day");
    let erased = desk.host.call(|host| {
        host.device.clock = Clock::starting_at(NINE_MS + ERASED_AFTER_MS + 60_000);
        host.device.tend_erasures().unwrap()
    });
    assert!(erased.unwrap());
    let known = desk.host.call(move |host| host.device.known.pupil(ada).is_some());
    assert!(!known.unwrap(), "the pupil is on no list of the running program either");
    assert_eq!(kept(&desk), ["concern#words"]);
    // The client has it in memory still, and hands all over again.
    let updates = desk.ask(Intent::KeepDrafts(vec![about.clone(), other]));
    let gone = updates.into_iter().find_map(|update| match update {
        Update::DraftsGone(fields) => Some(fields),
        _ => None,
    });
    assert!(gone.unwrap().contains(&about.field));
    assert_eq!(kept(&desk), ["concern#words"]);
}

#[test]
fn where_the_power_failed_between_destroying_and_clearing_the_next_start_clears() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("records");
    let (desk, ada) = at_ada(&folder);
    desk.ask(Intent::KeepDrafts(typed(ada).to_vec()));
    desk.ask(order(ada));
    let head = desk.host.call(|host| {
        host.device.clock = Clock::starting_at(NINE_MS + ERASED_AFTER_MS + 60_000);
        let mut random = rand::rng();
        let mut context = Context { now: host.device.clock.now(), random: &mut random };
        assert_eq!(host.device.replica.carry_out_erasures(&mut context).unwrap(), 1);
        host.device.replica.founding().head
    });
    drop(desk);
    let clock = Clock::starting_at(NINE_MS + ERASED_AFTER_MS + 120_000);
    let mut device = crate::device::Device::open(&folder, clock).unwrap();
    device.sign_in(head.unwrap(), PASSPHRASE).unwrap();
    device.catch_up().unwrap();
    assert_eq!(device.drafts().unwrap().len(), 1);
    assert!(device.known.pupil(ada).is_none());
    device.sign_out().unwrap();
    device.sign_in(device.replica.founding().head, PASSPHRASE).unwrap();
    let fields: Vec<String> = device.drafts().unwrap().into_iter().map(|draft| draft.field).collect();
    assert_eq!(fields, ["concern#words"]);
}
