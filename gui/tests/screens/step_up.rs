//! A code: the question, setting up a second factor, and the way down again.

use crate::{WIDE, client, fill, press, press_with, sample, says};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use muster_gui::{Intent, Screen, Secret, Settings, Update};
use muster_school::view::FrameView;
use muster_school::view::step_up::StepUpView;

fn devices() -> Vec<Update> {
    vec![Update::Frame(sample::office()), Update::Devices(sample::devices()), Update::Go(Screen::Devices)]
}

fn asked() -> Update {
    let why = "To let a device in, show that it is you.".to_owned();
    Update::StepUp(StepUpView::Ask { why, problem: None })
}

#[test]
fn a_code_is_asked_for_with_the_reason_and_six_digits_and_enter_are_all_it_takes() {
    let mut updates = devices();
    updates.push(asked());
    let (mut harness, asked) = client(WIDE, Settings::default(), updates);
    assert!(says(&harness, "To let a device in, show that it is you."));
    assert_eq!(crate::focused(&harness), "Code");
    crate::type_text(&mut harness, "123456");
    press(&mut harness, Key::Enter);
    assert_eq!(*asked.lock().unwrap(), [Intent::GiveCode(Secret::new("123456".into()))]);
}

#[test]
fn fewer_than_six_digits_go_nowhere_and_esc_leaves_what_waited() {
    let mut updates = devices();
    updates.push(asked());
    let (mut harness, asked) = client(WIDE, Settings::default(), updates);
    crate::type_text(&mut harness, "12345");
    press(&mut harness, Key::Enter);
    assert!(asked.lock().unwrap().is_empty());
    press(&mut harness, Key::Escape);
    harness.run_steps(3);
    assert_eq!(*asked.lock().unwrap(), [Intent::LeaveStepUp]);
    assert!(harness.query_by_label("Code").is_none(), "the question is gone");
}

#[test]
fn a_second_factor_is_set_up_by_picture_or_by_typing_and_needs_the_passphrase_too() {
    let mut updates = devices();
    updates.push(Update::StepUp(sample::set_up()));
    let (mut harness, asked) = client(WIDE, Settings::default(), updates);
    assert!(harness.query_by_label("Picture for an authenticator").is_some());
    assert!(says(&harness, "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"));
    fill(&mut harness, "Code", "123 456");
    assert!(asked.lock().unwrap().is_empty());
    harness.get_by_role_and_label(egui::accesskit::Role::PasswordInput, "Your passphrase").focus();
    harness.run_steps(2);
    crate::type_text(&mut harness, "five-kind-words");
    harness.get_by_label("Set it up").click();
    harness.run_steps(3);
    let code = Secret::new("123 456".into());
    let passphrase = Secret::new("five-kind-words".into());
    assert_eq!(*asked.lock().unwrap(), [Intent::SetUpFactor { passphrase, code }]);
}

#[test]
fn the_header_says_until_when_access_is_raised_and_one_press_lowers_it() {
    let raised = FrameView { raised: Some("Code holds until 10:42".into()), ..sample::office() };
    let updates = vec![Update::Frame(raised), Update::Today(sample::today()), Update::Go(Screen::Today)];
    let (mut harness, asked) = client(WIDE, Settings::default(), updates);
    harness.get_by_label("Code holds until 10:42. End").click();
    harness.run_steps(2);
    assert_eq!(*asked.lock().unwrap(), [Intent::Lower]);
}

#[test]
fn a_lock_leaves_no_question_no_secret_and_nothing_raised_on_the_screen() {
    let mut updates = devices();
    updates.push(Update::StepUp(sample::set_up()));
    updates.push(Update::Go(Screen::Lock));
    let (harness, _) = client(WIDE, Settings::default(), updates);
    assert!(harness.query_by_label("Picture for an authenticator").is_none());
    assert!(!says(&harness, "GEZD"));
}

#[test]
fn ctrl_u_asks_to_raise_access() {
    let (mut harness, asked) = client(WIDE, Settings::default(), devices());
    press_with(&mut harness, Modifiers::COMMAND, Key::U);
    assert_eq!(*asked.lock().unwrap(), [Intent::StepUp]);
}

#[test]
fn a_secret_that_is_shown_is_never_printed() {
    let printed = format!("{:?}", Update::StepUp(sample::set_up()));
    assert!(!printed.contains("GEZD") && printed.contains("***"), "{printed}");
}

#[test]
fn whoever_has_their_telephone_no_more_is_told_what_to_do_before_they_give_up() {
    let mut updates = devices();
    updates.push(asked());
    let (mut harness, asked) = client(WIDE, Settings::default(), updates);
    crate::type_text(&mut harness, "123");
    harness.get_by_label("My telephone is lost or new").click();
    harness.run_steps(3);
    assert!(says(&harness, "Ask the office, or your site lead") && says(&harness, "Two of the three recovery cards"));
    assert!(harness.query_by_label("Code").is_none());
    harness.get_by_label("Back to the code").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Code").is_some());
    assert!(asked.lock().unwrap().is_empty(), "nothing is asked of the engine by looking");
}
