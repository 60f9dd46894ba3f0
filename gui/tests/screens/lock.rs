//! Signing in, and the fire register in two actions.

use crate::{Talk, Under, WIDE, client, fill, focused, press, press_with, sample, says, show, type_text};
use egui::Key;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use muster_core::id::PersonId;
use muster_gui::screens::join::{JoinState, join_ui};
use muster_gui::screens::lock::{LockState, lock_ui};
use muster_gui::{Intent, Screen, Secret, Settings, Update};
use muster_school::view::devices::JoinView;
use muster_school::view::lock::LockView;

fn open(view: LockView) -> Harness<'static, Under<LockState>> {
    let frame = sample::hall();
    show(WIDE, false, LockState::default(), move |ui, state| lock_ui(ui, &frame, &view, state).0)
}

#[test]
fn signing_in_needs_a_person_and_a_passphrase_that_may_be_shown() {
    let mut harness = open(sample::lock());
    assert!(harness.get_by_role_and_label(Role::Button, "Sign in").accesskit_node().is_disabled());
    harness.get_by_role_and_label(Role::PasswordInput, "Passphrase").type_text("three calm otters");
    harness.run_steps(2);
    harness.get_by_label("Show passphrase").click();
    harness.run_steps(2);
    assert!(harness.query_by_label("Hide passphrase").is_some());
    harness.get_by_role_and_label(Role::Button, "Sign in").click();
    harness.run_steps(2);
    let passphrase = Secret::new("three calm otters".into());
    assert_eq!(harness.state().asked, [Intent::SignIn { person: PersonId([1; 16]), passphrase }]);
    assert!(harness.state().state.passphrase.is_empty(), "what was typed is gone");
}

#[test]
fn a_passphrase_is_never_printed() {
    let intent = Intent::SignIn { person: PersonId([1; 16]), passphrase: Secret::new("otters".into()) };
    assert!(!format!("{intent:?}").contains("otters"));
}

#[test]
fn a_wrong_passphrase_says_what_to_do_and_the_fire_register_still_opens() {
    let words = "That is not the passphrase of this person. Try again, or ask the office";
    let harness = open(LockView { problem: Some(words.into()), ..sample::lock() });
    assert!(says(&harness, words));
    assert!(harness.query_by_label("Fire register").is_some());
}

#[test]
fn the_fire_register_opens_in_two_actions_and_enter_twice_starts_no_event() {
    let (mut harness, asked) =
        client(WIDE, Settings::default(), vec![Update::Frame(sample::hall()), Update::Lock(sample::lock())]);
    harness.get_by_label("Fire register").focus();
    harness.run_steps(2);
    press(&mut harness, Key::Enter);
    assert!(focused(&harness).starts_with("Only look at the list"), "{}", focused(&harness));
    press(&mut harness, Key::Enter);
    assert_eq!(*asked.lock().unwrap(), [Intent::Open(Screen::Fire)]);
    assert_eq!(harness.state().screen(), Screen::Fire);
}

#[test]
fn choosing_drill_opens_the_register_with_drill_chosen_and_starts_nothing() {
    let (mut harness, asked) = client(
        WIDE,
        Settings::default(),
        vec![Update::Frame(sample::hall()), Update::Lock(sample::lock()), Update::Fire(sample::fire())],
    );
    harness.get_by_label("Fire register").click();
    harness.run_steps(3);
    harness.get_by_label("Drill. Reported as a drill").click();
    harness.run_steps(4);
    assert!(harness.query_by_label("Start drill").is_some());
    assert_eq!(asked.lock().unwrap().len(), 1);
}

#[test]
fn esc_closes_the_choice_and_the_lock_screen_is_as_it_was() {
    let mut harness = open(sample::lock());
    harness.get_by_label("Fire register").click();
    harness.run_steps(3);
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label("Fire register").is_some());
    assert!(harness.state().asked.is_empty());
}

#[test]
fn the_age_of_the_list_shows_before_anybody_opens_it_and_no_pupil_is_named() {
    let harness = open(sample::lock());
    assert!(says(&harness, "As of 09:14, heard from office and hall tablet; 7B has sent no register."));
    assert!(says(&harness, "No pupil’s name is shown on this screen."));
}

#[test]
fn somebody_new_on_this_device_is_led_to_their_one_time_words() {
    let mut view = sample::lock();
    view.last = Some(PersonId([2; 16]));
    let mut harness = open(view);
    harness.get_by_label("Use one-time words").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::Open(Screen::Activation(PersonId([2; 16])))]);
}

#[test]
fn a_new_device_joins_with_a_code_and_compares_a_phrase() {
    let frame = sample::hall();
    let ask = frame.clone();
    let mut harness =
        show(WIDE, false, JoinState::default(), move |ui, state| join_ui(ui, &ask, &JoinView::default(), state));
    fill(&mut harness, "Six words, or the whole code", "one two three");
    fill(&mut harness, "What to call this device", "Hall tablet");
    harness.get_by_role_and_label(Role::Button, "Join").click();
    harness.run_steps(2);
    let code = Secret::new("one two three".into());
    assert_eq!(harness.state().asked, [Intent::Join { code, device: "Hall tablet".into() }]);
    let compare = JoinView::Compare { phrase: "amber bridge".into() };
    let mut harness = show(WIDE, false, JoinState::default(), move |ui, state| join_ui(ui, &frame, &compare, state));
    assert!(says(&harness, "amber bridge"));
    harness.get_by_label("It is the same").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::ConfirmJoin]);
}

#[test]
fn whoever_locked_is_chosen_and_not_whoever_was_there_before() {
    let (before, now) = (sample::lock(), LockView { last: Some(PersonId([3; 16])), ..sample::lock() });
    assert_ne!(before.last, now.last);
    let mut talk = Talk::new(WIDE, Settings::default(), vec![Update::Frame(sample::office()), Update::Lock(before)]);
    talk.hear(vec![Update::Today(sample::today()), Update::Go(Screen::Today)]);
    press_with(&mut talk.harness, egui::Modifiers::COMMAND, Key::L);
    // The view of after the lock comes a moment later.
    talk.hear(vec![Update::Frame(sample::hall()), Update::Lock(now)]);
    talk.asked();
    type_text(&mut talk.harness, "three calm otters");
    press(&mut talk.harness, Key::Enter);
    let passphrase = Secret::new("three calm otters".into());
    assert_eq!(talk.asked(), [Intent::SignIn { person: PersonId([3; 16]), passphrase }]);
}

#[test]
fn keys_that_arrive_meanwhile_change_nobodys_choice() {
    let mut talk = Talk::new(WIDE, Settings::default(), vec![Update::Frame(sample::hall())]);
    talk.hear(vec![Update::Lock(sample::lock())]);
    let mut more = sample::lock();
    let new = muster_school::view::lock::PersonChoice {
        person: Some(PersonId([9; 16])),
        name: "Abel Ash".into(),
        activated: true,
        ..Default::default()
    };
    more.people.insert(0, new);
    talk.hear(vec![Update::Lock(more)]);
    type_text(&mut talk.harness, "three calm otters");
    press(&mut talk.harness, Key::Enter);
    let passphrase = Secret::new("three calm otters".into());
    assert_eq!(talk.asked(), [Intent::SignIn { person: PersonId([1; 16]), passphrase }]);
}
