//! Erasing records from the screen.

use super::AtDesk;
use super::pupils::at_ada;
use muster_gui::{EraseAct, Intent, Screen, Update};
use muster_school::erasure::{Ground, Why};
use muster_school::view::erasure::{ErasuresView, Stage};

fn erasures(desk: &AtDesk) -> ErasuresView {
    let updates = desk.ask(Intent::Open(Screen::Audit));
    let view = updates.into_iter().rev().find_map(|update| match update {
        Update::Audit(view) => Some(view),
        _ => None,
    });
    view.unwrap().erasures
}

fn order() -> Intent {
    let (pupil, asked_by) = ("Ada".to_owned(), "the office".to_owned());
    Intent::OfErasure(EraseAct::File { pupil, ground: Ground::Order, asked_by })
}

#[test]
fn a_file_is_ordered_to_be_erased_undone_and_held_from_the_screen() {
    let place = tempfile::tempdir().unwrap();
    let (desk, _) = at_ada(&place.path().join("records"));
    assert!(erasures(&desk).may_order);
    desk.ask(order());
    let ordered = erasures(&desk).orders;
    assert_eq!(ordered[0].stage, Stage::Cooling, "{ordered:?}");
    assert!(ordered[0].state.starts_with("To be destroyed Monday 30 November 2026"), "{ordered:?}");
    assert!(!ordered[0].what.contains("Ada"), "it names nobody");
    desk.ask(Intent::OfErasure(EraseAct::Undo(ordered[0].id)));
    assert_eq!(erasures(&desk).orders[0].stage, Stage::Undone);
    let (pupil, asked_by) = ("Ada".to_owned(), "the inquiry".to_owned());
    desk.ask(Intent::OfErasure(EraseAct::Hold { pupil, why: Why::Inquiry, asked_by }));
    desk.ask(order());
    let view = erasures(&desk);
    assert_eq!((view.orders.len(), view.holds.len()), (1, 1), "a hold beats it");
    desk.ask(Intent::OfErasure(EraseAct::Lift(view.holds[0].id)));
    desk.ask(order());
    assert_eq!(erasures(&desk).orders.len(), 2);
}
