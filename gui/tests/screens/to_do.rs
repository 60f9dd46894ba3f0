//! To do: the rule beside each duty, the way to the gap, and calls.

use crate::{fill, press, sample, says, show};
use egui::Key;
use egui_kittest::kittest::Queryable as _;
use muster_gui::screens::to_do::{ToDoState, to_do_ui};
use muster_gui::{Intent, Screen};
use muster_school::view::duties::CallMade;

fn open() -> egui_kittest::Harness<'static, crate::Under<ToDoState>> {
    let view = sample::to_do();
    show([1116.0, 752.0], false, ToDoState::default(), move |ui, state| to_do_ui(ui, &view, state))
}

#[test]
fn a_register_with_a_gap_says_its_rule_and_leads_to_it() {
    let mut harness = open();
    assert!(says(&harness, "Every pupil on the admission register gets a mark in each session."));
    harness.get_by_label("7B, Joanna Pike, Mon 23 Nov am, due 09:30: no mark").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::Open(Screen::Register(sample::key()))]);
}

#[test]
fn a_call_is_made_and_logged_from_the_list() {
    let mut harness = open();
    harness.get_by_label("2 registers with marks missing").focus();
    harness.run_steps(2);
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::Enter);
    assert!(says(&harness, "Fraser, Isla, 4B, morning, no call yet"));
    harness.get_by_label("Byrne, Ada, 4B, morning, 1 call").click();
    harness.run_steps(3);
    assert!(says(&harness, "07700 900456  Grace Byrne, mother"));
    assert!(says(&harness, "Do not call Dan Byrne: non-molestation order"), "who is barred is said, without a number");
    assert!(says(&harness, "09:38 Grace Byrne, mother: no answer"));
    assert!(says(&harness, "Whom you called: Grace Byrne, mother"), "the first number is the one to call first");
    for (control, item) in
        [("What came of it: Choose what came of it", "Reached"), ("Reason: No reason yet: N stays", "I: Ill")]
    {
        harness.get_by_label(control).click();
        harness.run_steps(3);
        harness.get_by_role_and_label(egui::accesskit::Role::MenuItem, item).click();
        harness.run_steps(3);
    }
    fill(&mut harness, "What was said", "Sick in the night");
    harness.get_by_label("Log the call").click();
    harness.run_steps(2);
    let made = CallMade {
        pupil: sample::to_do().calls[0].pupil,
        whom: "Grace Byrne, mother".into(),
        outcome: 0,
        words: "Sick in the night".into(),
        code: Some("I".into()),
    };
    assert_eq!(harness.state().asked, [Intent::LogCall(made)]);
}

#[test]
fn a_duty_with_nothing_to_do_says_that() {
    let mut harness = open();
    harness.get_by_label("0 pupils ill for 15 days").click();
    harness.run_steps(3);
    assert!(says(&harness, "Nothing to do"));
}
