//! What is typed in secret: no field keeps it to be undone, and no layer or screen keeps it once it is left.

use crate::{Talk, WIDE, press, press_with, sample, type_text};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use muster_gui::{Intent, Screen, Secret, Settings, Update};
use muster_school::view::devices::JoinView;
use muster_school::view::lock::ActivationView;
use muster_school::view::step_up::StepUpView;

const SECRET: &str = "48213967";

fn asked() -> Update {
    Update::StepUp(StepUpView::Ask { why: String::new(), problem: None })
}

fn value(talk: &Talk, role: Role, name: &str) -> String {
    talk.harness.get_by_role_and_label(role, name).accesskit_node().value().unwrap_or_default()
}

fn focus(talk: &mut Talk, role: Role, name: &str) {
    talk.harness.get_by_role_and_label(role, name).focus();
    talk.harness.run_steps(2);
}

/// So long that a field would have put by what stands in it, to be undone.
fn wait(talk: &mut Talk) {
    for _ in 0..3 {
        let now = talk.harness.ctx.input(|input| input.time);
        talk.harness.input_mut().time = Some(now + 1.5);
        talk.harness.run_steps(2);
    }
}

/// Types a secret, waits, takes it all away again and asks for it back. Says what stands in the field.
fn undone(talk: &mut Talk, role: Role, name: &str) -> usize {
    focus(talk, role, name);
    type_text(&mut talk.harness, SECRET);
    wait(talk);
    for _ in 0..SECRET.len() {
        press(&mut talk.harness, Key::Backspace);
    }
    wait(talk);
    assert_eq!(value(talk, role, name).chars().count(), 0, "{name} is empty again");
    focus(talk, role, name);
    press_with(&mut talk.harness, Modifiers::COMMAND, Key::Z);
    talk.harness.run_steps(2);
    value(talk, role, name).chars().count()
}

#[test]
fn no_field_for_a_secret_brings_it_back_once_it_was_taken_out_and_a_field_for_anything_else_does() {
    let (password, text) = (Role::PasswordInput, Role::TextInput);
    let lock = || vec![Update::Frame(sample::hall()), Update::Lock(sample::lock())];
    let with = |update: Update, screen: Screen| vec![Update::Frame(sample::office()), update, Update::Go(screen)];
    let join = || with(Update::Join(JoinView::default()), Screen::Join);
    let mut code = with(Update::Devices(sample::devices()), Screen::Devices);
    code.push(asked());
    let mut set_up = with(Update::Devices(sample::devices()), Screen::Devices);
    set_up.push(Update::StepUp(sample::set_up()));
    let words = Screen::Activation(muster_core::id::PersonId([2; 16]));
    let fields = [
        ("Passphrase", password, lock()),
        ("Code", text, code),
        ("Your passphrase", password, set_up),
        ("Six words, or the whole code", text, join()),
        ("One-time words", text, with(Update::Activation(ActivationView::default()), words)),
        ("New PIN, 4 to 8 digits", password, with(Update::Own(sample::own()), Screen::Own)),
        ("New marshal’s PIN, 6 to 12 digits", password, with(Update::Own(sample::own()), Screen::Own)),
    ];
    for (name, role, updates) in fields {
        let mut talk = Talk::new(WIDE, Settings::default(), updates);
        assert_eq!(undone(&mut talk, role, name), 0, "{name}");
    }
    let mut talk = Talk::new(WIDE, Settings::default(), join());
    let name = "What to call this device";
    assert_ne!(undone(&mut talk, text, name), 0, "this test would see one that does");
}

#[test]
fn a_code_and_a_passphrase_that_were_typed_are_gone_when_the_question_is_left_or_answered() {
    let updates =
        vec![Update::Frame(sample::office()), Update::Devices(sample::devices()), Update::Go(Screen::Devices)];
    let mut talk = Talk::new(WIDE, Settings::default(), updates);
    let text = Role::TextInput;
    talk.hear(vec![asked()]);
    type_text(&mut talk.harness, "12345");
    assert_eq!(value(&talk, text, "Code"), "12345");
    press(&mut talk.harness, Key::Escape);
    talk.harness.run_steps(3);
    talk.hear(vec![asked()]);
    assert_eq!(value(&talk, text, "Code"), "", "left");
    focus(&mut talk, text, "Code");
    type_text(&mut talk.harness, "123456");
    press(&mut talk.harness, Key::Enter);
    assert!(talk.asked().contains(&Intent::GiveCode(Secret::new("123456".into()))));
    talk.hear(vec![asked()]);
    assert_eq!(value(&talk, text, "Code"), "", "answered");

    talk.hear(vec![Update::StepUp(sample::set_up())]);
    focus(&mut talk, Role::PasswordInput, "Your passphrase");
    type_text(&mut talk.harness, "five kind words");
    talk.hear(vec![Update::StepUp(StepUpView::Closed)]);
    talk.hear(vec![Update::StepUp(sample::set_up())]);
    assert_eq!(value(&talk, Role::PasswordInput, "Your passphrase"), "", "the engine closed it");
}

#[test]
fn the_words_of_an_invitation_are_gone_from_the_new_device_once_the_other_has_heard_them() {
    let mut talk =
        Talk::new(WIDE, Settings::default(), vec![Update::Join(JoinView::default()), Update::Go(Screen::Join)]);
    let (text, name) = (Role::TextInput, "Six words, or the whole code");
    focus(&mut talk, text, name);
    type_text(&mut talk.harness, "amber bridge candle");
    talk.hear(vec![Update::Join(JoinView::Compare { phrase: "quiet otter".into() })]);
    talk.hear(vec![Update::Join(JoinView::default())]);
    assert_eq!(value(&talk, text, name), "");
}
