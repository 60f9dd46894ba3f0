//! Point 14 of the screens: sign-in needs only a person and a passphrase that may be pasted or shown; a PIN unlocks
//! again within a sign-in; wrong tries say what to do and delay, without locking the school out of a fire register.

use crate::{TABLET, Talk, WIDE, focused, press, sample, says, type_text};
use egui::accesskit::Role;
use egui::{Event, Key};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use muster_core::id::PersonId;
use muster_gui::{Intent, Screen, Secret, Settings, Update};
use muster_school::view::lock::{LockView, PinChoice};

const HELEN: PersonId = PersonId([1; 16]);

fn locked(view: LockView) -> Talk {
    Talk::new(WIDE, Settings::default(), vec![Update::Frame(sample::hall()), Update::Lock(view)])
}

fn with_pin(tries_left: u8) -> LockView {
    LockView { pin: Some(PinChoice { person: HELEN, tries_left }), ..sample::lock() }
}

fn is_off(talk: &Talk, name: &str) -> bool {
    talk.harness.get_by_role_and_label(Role::Button, name).accesskit_node().is_disabled()
}

#[test]
fn a_passphrase_is_pasted_into_the_focused_field_shown_and_sent_with_enter() {
    let mut talk = locked(sample::lock());
    assert_eq!(focused(&talk.harness), "Passphrase", "who signed in last is chosen, and nothing has to be clicked");
    talk.harness.event(Event::Paste("three calm otters swim".into()));
    talk.harness.run_steps(2);
    assert!(!says(&talk.harness, "three calm otters"), "discs");
    talk.harness.get_by_label("Show passphrase").click();
    talk.harness.run_steps(2);
    assert!(says(&talk.harness, "three calm otters swim"), "letters, once asked for");
    talk.harness.get_by_role_and_label(Role::TextInput, "Passphrase").focus();
    talk.harness.run_steps(2);
    press(&mut talk.harness, Key::Enter);
    let passphrase = Secret::new("three calm otters swim".into());
    assert_eq!(talk.asked(), [Intent::SignIn { person: HELEN, passphrase }]);
}

#[test]
fn a_pin_is_typed_with_gloves_on_the_pad_or_with_keys_and_enter() {
    for by_pad in [true, false] {
        let mut talk = locked(with_pin(3));
        assert!(says(&talk.harness, "PIN of Helen Marsh"));
        assert!(is_off(&talk, "Unlock"), "four digits at least");
        if by_pad {
            for key in ["4", "7", "7", "Delete", "1", "1", "9"] {
                let button = talk.harness.get_by_role_and_label(Role::Button, key);
                assert!(button.rect().height() >= 56.0 && button.rect().width() >= 56.0, "{:?}", button.rect());
                button.click();
                talk.harness.run_steps(2);
            }
            talk.harness.get_by_role_and_label(Role::Button, "Unlock").click();
            talk.harness.run_steps(2);
        } else {
            assert_eq!(focused(&talk.harness), "PIN");
            type_text(&mut talk.harness, "47a119");
            press(&mut talk.harness, Key::Enter);
        }
        assert_eq!(talk.asked(), [Intent::Unlock { pin: Secret::new("47119".into()) }], "by pad: {by_pad}");
        assert!(!says(&talk.harness, "47119"));
    }
}

#[test]
fn after_three_wrong_pins_only_the_passphrase_is_asked_for() {
    let mut talk = locked(with_pin(3));
    assert!(says(&talk.harness, "3 tries, then only the passphrase opens."));
    let words = "that is not the PIN: after one more wrong one, only your passphrase opens";
    talk.hear(vec![Update::Lock(LockView { problem: Some(words.into()), ..with_pin(1) })]);
    assert!(says(&talk.harness, words) && says(&talk.harness, "One more wrong PIN, and only the passphrase opens."));
    let words = "that is not the PIN: it does not unlock any more, use your passphrase";
    talk.hear(vec![Update::Lock(LockView { problem: Some(words.into()), ..sample::lock() })]);
    assert!(says(&talk.harness, words) && talk.harness.query_by_label("Unlock").is_none());
    assert!(talk.harness.query_by_role_and_label(Role::PasswordInput, "Passphrase").is_some());
}

#[test]
fn whoever_prefers_the_passphrase_or_is_somebody_else_signs_in_past_a_pin() {
    let mut talk = locked(with_pin(3));
    talk.harness.get_by_label("Use passphrase instead").click();
    talk.harness.run_steps(3);
    assert!(says(&talk.harness, "Who are you?"));
    talk.harness.get_by_label("Use my PIN").click();
    talk.harness.run_steps(3);
    assert!(says(&talk.harness, "PIN of Helen Marsh"));
}

#[test]
fn wrong_tries_say_what_to_do_and_count_the_wait_down_in_words() {
    let problem = Some("That is not the passphrase of this person. Try again, or ask the office.".to_owned());
    let mut talk = locked(LockView { problem, ..sample::lock_waiting(65) });
    talk.harness.get_by_role_and_label(Role::PasswordInput, "Passphrase").type_text("three calm otters");
    talk.harness.run_steps(2);
    assert!(says(&talk.harness, "Try again, or ask the office."));
    assert!(says(&talk.harness, "Wait 1 minute and 5 seconds before the next try."), "read out once");
    assert!(is_off(&talk, "Sign in"));
    let now = talk.harness.ctx.input(|input| input.time);
    talk.harness.input_mut().time = Some(now + 40.0);
    talk.harness.run_steps(1);
    let left = |secs: u32| says(&talk.harness, &format!("Wait {secs} seconds before the next try."));
    assert!((20..=25).any(left), "{:?}", crate::names(&talk.harness));
    talk.harness.input_mut().time = Some(now + 66.0);
    talk.harness.run_steps(2);
    assert!(!says(&talk.harness, "Wait") && !is_off(&talk, "Sign in"));
}

#[test]
fn the_wait_is_that_of_the_person_and_counts_anew_after_another_wrong_try() {
    let mut talk = locked(sample::lock_waiting(60));
    assert!(says(&talk.harness, "Wait 1 minute before the next try."));
    let now = talk.harness.ctx.input(|input| input.time);
    talk.harness.input_mut().time = Some(now + 61.0);
    talk.harness.run_steps(1);
    assert!(!says(&talk.harness, "before the next try"));
    talk.hear(vec![Update::Lock(sample::lock_waiting(60))]);
    assert!(says(&talk.harness, "Wait 1 minute before the next try."), "the same wait again is a new one");
    talk.harness.get_by_label("Who are you?: Helen Marsh").click();
    talk.harness.run_steps(3);
    talk.harness.get_by_label("Ruth Adeyemi").click();
    talk.harness.run_steps(3);
    assert!(!says(&talk.harness, "before the next try"), "somebody else need not wait");
}

#[test]
fn while_a_try_has_to_wait_the_fire_register_opens_in_two_actions() {
    {
        let view = sample::lock_waiting(600);
        for size in [WIDE, TABLET] {
            let updates = vec![Update::Frame(sample::hall()), Update::Lock(view.clone())];
            let mut talk = Talk::new(size, Settings::default(), updates);
            assert!(says(&talk.harness, "Wait 10 minutes before the next try. The fire register opens meanwhile."));
            press(&mut talk.harness, Key::F9);
            press(&mut talk.harness, Key::Enter);
            assert_eq!(talk.asked(), [Intent::Open(Screen::Fire)], "{size:?}");
        }
    }
}

#[test]
fn a_forgotten_passphrase_leads_to_one_time_words_by_telephone_too() {
    let mut talk = locked(sample::lock());
    talk.harness.get_by_label("I have forgotten my passphrase").click();
    talk.harness.run_steps(3);
    assert!(says(&talk.harness, "Ask the office or your site lead, in person or by telephone."));
    assert!(talk.harness.query_by_label("Fire register").is_some());
    press(&mut talk.harness, Key::Escape);
    assert!(says(&talk.harness, "Who are you?"), "Esc leads back");
    talk.harness.get_by_label("I have forgotten my passphrase").click();
    talk.harness.run_steps(3);
    talk.harness.get_by_label("I have one-time words").click();
    talk.harness.run_steps(2);
    assert_eq!(talk.asked(), [Intent::Open(Screen::Activation(HELEN))]);
}

#[test]
fn somebody_whose_keys_are_not_here_is_told_why_and_what_to_do() {
    let talk = locked(LockView { last: Some(PersonId([2; 16])), ..sample::lock() });
    assert!(says(&talk.harness, "your keys come here by themselves once the two meet"));
    assert!(talk.harness.query_by_label("Use one-time words").is_some());
    assert!(talk.harness.query_by_role_and_label(Role::PasswordInput, "Passphrase").is_none());
}
