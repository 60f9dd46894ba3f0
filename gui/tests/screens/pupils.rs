//! Pupils: found by name, read without tabs, and changed from the keyboard alone.

use crate::{Under, fill, focused, press, sample, says, show};
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use muster_gui::Intent;
use muster_gui::intent::PupilAct;
use muster_gui::screens::pupils::{PupilsState, pupils_ui};
use muster_school::view::SubjectId;
use muster_school::view::pupils::{Answer, Doing, PupilsView};

fn open(size: [f32; 2], view: PupilsView) -> Harness<'static, Under<PupilsState>> {
    show(size, false, PupilsState::default(), move |ui, state| pupils_ui(ui, &view, state))
}

fn wide(view: PupilsView) -> Harness<'static, Under<PupilsState>> {
    open([1116.0, 752.0], view)
}

#[test]
fn a_child_is_found_and_two_of_the_same_name_are_told_apart() {
    let mut harness = wide(sample::pupils());
    assert!(says(&harness, "Patel, Arun, Beech, Year 10, born 2 May 2012. Same name as another"));
    assert!(says(&harness, "Deletion return: Zoë Kaur, by Friday 20 November, overdue, to Hertfordshire"));
    assert!(says(&harness, "12 more fit: type more of the name"));
    fill(&mut harness, "Search a pupil", "day");
    let asked: Vec<_> = harness.state().asked.clone();
    assert!(asked.contains(&Intent::Pupils(PupilAct::Search("day".into()))), "{asked:?}");
    harness.get_by_label_contains("Davies, Rhys").click();
    harness.run_steps(2);
    assert!(harness.state().asked.contains(&Intent::Pupils(PupilAct::Look(SubjectId([2; 16])))));
}

#[test]
fn whom_to_call_and_whom_never_is_read_without_opening_anything() {
    for size in [[1116.0, 752.0], [860.0, 500.0]] {
        let harness = open(size, sample::pupil());
        assert!(says(&harness, "1 Marie Davies: Mother. 07700 900142. May collect"), "{size:?}");
        assert!(says(&harness, "DO NOT CALL: Non-molestation order from 2 September 2026 until further order"));
        assert!(says(&harness, "Epilepsy: Buccal midazolam"));
        assert!(says(&harness, "Address: Confidential: ask the office or the safeguarding lead"));
        assert!(says(&harness, "Missing in the admission register"));
    }
}

#[test]
fn the_history_is_one_key_away_and_esc_goes_back_to_the_list() {
    let mut harness = wide(sample::pupil());
    press(&mut harness, Key::H);
    press(&mut harness, Key::Escape);
    assert_eq!(harness.state().asked, [Intent::Pupils(PupilAct::History(true)), Intent::Pupils(PupilAct::Leave)]);
    let harness = wide(sample::pupil_history());
    assert!(says(&harness, "23 November 2026 10:05: Helen Marsh, Site lead"));
    assert!(says(&harness, "Surname: was Davis, now Davies") && says(&harness, "Reason: Deed poll seen"));
}

#[test]
fn every_act_on_an_entry_can_be_asked_for_by_its_button() {
    let mut harness = wide(sample::pupil());
    for (name, doing) in [
        ("Amend… Rhys Davies", Doing::Amend),
        ("Contacts… Rhys Davies", Doing::Contact),
        ("Court orders… Rhys Davies", Doing::Order),
        ("Addresses… Rhys Davies", Doing::Address),
        ("Delete from the register… Rhys Davies", Doing::Delete),
    ] {
        harness.get_by_label(name).click();
        harness.run_steps(2);
        assert_eq!(harness.state().asked.last(), Some(&Intent::Pupils(PupilAct::Ask(doing))));
    }
}

#[test]
fn a_form_keeps_what_was_typed_says_what_is_wrong_and_sends_every_answer() {
    let mut harness = wide(sample::pupil_form());
    harness.run_steps(3);
    assert_eq!(focused(&harness), "What shows it", "the first field has the focus");
    assert!(says(&harness, "Hertfordshire placed this pupil here"));
    fill(&mut harness, "What shows it", "Letter of 3 November");
    harness.get_by_label("Both made reasonable enquiry").click();
    harness.run_steps(2);
    harness.get_by_label("Ground: Choose").click();
    harness.run_steps(3);
    harness.get_by_label("j: Has died").click();
    harness.run_steps(3);
    harness.get_by_label("Delete the name").click();
    harness.run_steps(2);
    let Some(Intent::Pupils(PupilAct::Answer(answers))) = harness.state().asked.last() else {
        panic!("{:?}", harness.state().asked)
    };
    assert_eq!(answers.line("words"), "Letter of 3 November");
    assert_eq!((answers.choice("ground"), answers.tick("looked")), (Some(1), true));
    assert_eq!(answers.0.get("looked"), Some(&Answer::Tick(true)));
}
