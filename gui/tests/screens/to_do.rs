//! To do: the rule beside each duty, the way to the gap, and calls.

use crate::{Talk, WIDE, fill, press, sample, says, show};
use egui::Key;
use egui_kittest::kittest::Queryable as _;
use muster_gui::screens::to_do::{ToDoState, to_do_ui};
use muster_gui::{Intent, Screen, Settings, Update};
use muster_school::view::duties::{CallMade, ToDoView};

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

/// The client at the calls, with *Reached* and *Sick in the night* in the form about Ada.
fn half_typed() -> Talk {
    let updates = vec![Update::Frame(sample::office()), Update::ToDo(sample::to_do()), Update::Go(Screen::ToDo)];
    let mut talk = Talk::new(WIDE, Settings::default(), updates);
    at_calls(&mut talk);
    talk.harness.get_by_label("Byrne, Ada, 4B, morning, 1 call").click();
    talk.harness.run_steps(3);
    talk.harness.get_by_label("What came of it: Choose what came of it").click();
    talk.harness.run_steps(3);
    talk.harness.get_by_role_and_label(egui::accesskit::Role::MenuItem, "Reached").click();
    talk.harness.run_steps(3);
    fill(&mut talk.harness, "What was said", "Sick in the night");
    talk.asked();
    talk
}

fn at_calls(talk: &mut Talk) {
    let place = sample::to_do().parts.iter().position(|part| part.calls).unwrap();
    let part = &sample::to_do().parts[place];
    talk.harness.get_by_label(&format!("{} {}", part.lines.len(), part.title)).click();
    talk.harness.run_steps(3);
}

fn nobody_to_call() -> ToDoView {
    ToDoView { calls: Vec::new(), ..sample::to_do() }
}

#[test]
fn a_half_typed_call_stays_when_the_child_leaves_the_list() {
    let mut talk = half_typed();
    talk.hear(vec![Update::ToDo(nobody_to_call())]);
    assert!(says(&talk.harness, "Byrne, Ada is not on the list any more: somebody has given a reason."));
    talk.harness.get_by_label("Log the call").click();
    talk.harness.run_steps(3);
    let logged = talk.asked();
    let kept = |intent: &Intent| matches!(intent, Intent::LogCall(made) if made.words == "Sick in the night");
    assert!(logged.iter().any(kept), "{logged:?}");
    assert!(!says(&talk.harness, "Log the call"), "it was sent, and nobody is to be called");
}

#[test]
fn a_call_that_was_not_accepted_stands_in_its_form_again_with_its_words() {
    let mut talk = half_typed();
    talk.harness.get_by_label("Log the call").click();
    talk.harness.run_steps(3);
    let asked = talk.asked();
    let intent = asked.iter().find(|intent| matches!(intent, Intent::LogCall(_))).unwrap().clone();
    let words = "no mark of that day is N any more: look at the register".to_owned();
    talk.hear(vec![Update::Refused { intent: Box::new(intent.clone()), words: words.clone() }]);
    assert!(says(&talk.harness, &words));
    talk.harness.get_by_label("Log the call").click();
    talk.harness.run_steps(3);
    assert!(talk.asked().contains(&intent), "nothing was typed again");
}

#[test]
fn a_half_typed_call_is_a_draft_and_stands_in_its_form_after_a_lock() {
    let mut talk = half_typed();
    talk.harness.get_by_label("Lock this device").click();
    talk.harness.run_steps(3);
    let kept = talk.asked().into_iter().rev().find_map(|intent| match intent {
        Intent::KeepDrafts(drafts) if !drafts.is_empty() => Some(drafts),
        _ => None,
    });
    let kept = kept.expect("what is typed is handed over before the screen goes");
    talk.hear(vec![
        Update::Frame(sample::office()),
        Update::Drafts(kept),
        Update::Go(Screen::ToDo),
        Update::ToDo(sample::to_do()),
    ]);
    talk.harness.run_steps(3);
    assert!(says(&talk.harness, muster_gui::draft::BACK));
    talk.harness.get_by_label("Log the call").click();
    talk.harness.run_steps(3);
    let asked = talk.asked();
    assert!(
        asked.iter().any(|intent| matches!(intent, Intent::LogCall(made) if made.words == "Sick in the night"
            && made.whom == "Grace Byrne, mother")),
        "{asked:?}"
    );
}

#[test]
fn a_duty_with_nothing_to_do_says_that() {
    let mut harness = open();
    harness.get_by_label("0 pupils ill for 15 days").click();
    harness.run_steps(3);
    assert!(says(&harness, "Nothing to do"));
}
