//! Point 33 of the screens: adding a concern takes one screen, the words stay as they were typed through a lock or a
//! crash, and it is open at any hour.

use crate::{TABLET, Talk, WIDE, fill, focused, press, press_with, sample, says, type_text};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use muster_core::id::PersonId;
use muster_gui::{ConcernAct, Intent, LockReason, Screen, Secret, Settings, Update};
use muster_school::view::concern::{AddConcernView, NewConcern, SavedConcern};
use muster_school::view::lock::LockView;
use muster_school::view::{FrameView, SubjectId};

const WORDS: &str = "“There was nothing for tea again.”";

fn page(view: AddConcernView) -> Vec<Update> {
    vec![Update::Frame(sample::office()), Update::AddConcern(view), Update::Go(Screen::AddConcern)]
}

fn open(size: [f32; 2]) -> Talk {
    Talk::new(size, Settings::default(), page(sample::add_concern()))
}

fn press_on(talk: &mut Talk, name: &str) {
    talk.harness.get_by_label(name).click();
    talk.harness.run_steps(3);
}

fn say_what(talk: &mut Talk, words: &str) {
    talk.harness.get_by_role_and_label(Role::MultilineTextInput, "What was seen or said").focus();
    talk.harness.run_steps(2);
    talk.harness.event(egui::Event::Text(words.to_owned()));
    talk.harness.run_steps(3);
}

/// Writes a whole concern.
fn write(talk: &mut Talk) {
    assert_eq!(focused(&talk.harness), "Pupil", "the first thing that is asked has the focus");
    type_text(&mut talk.harness, "ada");
    press(&mut talk.harness, Key::Enter);
    say_what(talk, WORDS);
    press_on(talk, "Category: Choose a category");
    press_on(talk, "Neglect");
    press_on(talk, "Kind: Choose its kind");
    press_on(talk, "Food");
}

fn expected() -> NewConcern {
    NewConcern {
        pupils: vec![SubjectId([1; 16])],
        day: "23/11/2026".into(),
        time: "09:10".into(),
        words: WORDS.into(),
        category: "Neglect".into(),
        kind: "Food".into(),
        ..NewConcern::default()
    }
}

fn added(asked: &[Intent]) -> Vec<&NewConcern> {
    let one = |intent| match intent {
        &Intent::OfConcern(ConcernAct::Add(ref new)) => Some(new.as_ref()),
        _ => None,
    };
    asked.iter().filter_map(one).collect()
}

#[test]
fn a_concern_is_added_on_one_page_with_now_as_its_time() {
    for size in [WIDE, TABLET] {
        let mut talk = open(size);
        assert!(says(&talk.harness, "Say whom it is about."), "what is missing is said");
        assert!(says(&talk.harness, "Helen Marsh and Jo Ellis are told in any case."));
        write(&mut talk);
        press_on(&mut talk, "Save the concern");
        assert_eq!(added(&talk.asked()), [&expected()], "{size:?}");
    }
}

#[test]
fn the_kind_is_asked_only_after_its_category_and_only_where_there_are_any() {
    let mut talk = open(WIDE);
    assert!(talk.harness.query_by_label_contains("Kind:").is_none());
    press_on(&mut talk, "Category: Choose a category");
    press_on(&mut talk, "Neglect");
    assert!(talk.harness.query_by_label("Kind: Choose its kind").is_some());
    press_on(&mut talk, "Category: Neglect");
    press_on(&mut talk, "Bullying");
    assert!(talk.harness.query_by_label("Kind: Choose its kind").is_some(), "a kind of another category is none");
}

#[test]
fn two_pupils_of_one_name_are_told_apart_and_one_who_was_chosen_is_taken_back() {
    let mut talk = open(WIDE);
    type_text(&mut talk.harness, "pat");
    assert!(talk.harness.query_by_label("Patel, Arun, 4B").is_some());
    press(&mut talk.harness, Key::ArrowDown);
    press(&mut talk.harness, Key::Enter);
    assert!(talk.harness.query_by_label("Patel, Arun, 7A. Remove").is_some(), "the second of the two");
    assert_eq!(focused(&talk.harness), "Pupil", "for the next one");
    press_on(&mut talk, "Patel, Arun, 7A. Remove");
    assert!(talk.harness.query_by_label("Patel, Arun, 7A. Remove").is_none());
    assert!(says(&talk.harness, "Say whom it is about."));
}

#[test]
fn no_pupil_is_named_before_somebody_types() {
    let talk = open(WIDE);
    for name in ["Byrne", "Hassan", "Patel"] {
        assert!(!says(&talk.harness, name), "{name}");
    }
}

#[test]
fn what_is_typed_is_handed_over_before_a_lock_and_is_back_after_the_next_sign_in() {
    let mut talk = open(WIDE);
    write(&mut talk);
    talk.asked();
    press_with(&mut talk.harness, Modifiers::COMMAND, Key::L);
    let asked = talk.asked();
    let Some(Intent::KeepDrafts(drafts)) = asked.first() else { panic!("{asked:?}") };
    assert_eq!(asked.last(), Some(&Intent::Lock(LockReason::Asked)));
    assert!(!says(&talk.harness, "tea") && !says(&talk.harness, "Byrne"), "nothing of it on the lock screen");
    assert!(!format!("{drafts:?}").contains("tea"));
    let mut updates = vec![Update::Frame(sample::office()), Update::Today(sample::today()), Update::Go(Screen::Today)];
    updates.push(Update::Drafts(drafts.clone()));
    talk.hear(updates);
    assert_eq!(talk.asked(), [Intent::Open(Screen::AddConcern)], "it leads back to where somebody was writing");
    talk.hear(vec![Update::AddConcern(sample::add_concern())]);
    assert!(says(&talk.harness, "What you were typing is back."));
    press_on(&mut talk, "Save the concern");
    assert_eq!(added(&talk.asked()), [&expected()]);
}

#[test]
fn it_is_gone_from_the_page_only_once_the_engine_says_that_it_is_saved() {
    let mut talk = open(WIDE);
    write(&mut talk);
    press_on(&mut talk, "Save the concern");
    talk.asked();
    let problem = Some("the disk is full: make room and save again".to_owned());
    talk.hear(vec![Update::AddConcern(AddConcernView { problem, ..sample::add_concern() })]);
    assert!(says(&talk.harness, "the disk is full: make room and save again") && says(&talk.harness, "tea again"));
    let saved = SavedConcern { reference: "4fa2 09c1".into(), told: "Helen Marsh is told in any case.".into() };
    talk.hear(vec![Update::AddConcern(AddConcernView { saved: Some(saved), ..sample::add_concern() })]);
    assert!(says(&talk.harness, "Concern 4fa2 09c1 is saved on this device") && !says(&talk.harness, "tea again"));
    let asked = talk.asked();
    assert!(asked.contains(&Intent::KeepDrafts(Vec::new())), "no draft is left: {asked:?}");
    press_on(&mut talk, "Done");
    assert_eq!(talk.asked(), [Intent::OfConcern(ConcernAct::SavedSeen), Intent::Open(Screen::Today)]);
}

#[test]
fn the_page_opens_by_key_by_button_and_from_the_palette() {
    let today = || vec![Update::Frame(sample::office()), Update::Today(sample::today()), Update::Go(Screen::Today)];
    let mut talk = Talk::new(WIDE, Settings::default(), today());
    press(&mut talk.harness, Key::F7);
    assert_eq!(talk.asked(), [Intent::Open(Screen::AddConcern)]);
    let mut talk = Talk::new(WIDE, Settings::default(), today());
    press_on(&mut talk, "Add a concern…");
    assert_eq!(talk.asked(), [Intent::Open(Screen::AddConcern)]);
    let mut talk = Talk::new(WIDE, Settings::default(), today());
    press_with(&mut talk.harness, Modifiers::COMMAND, Key::K);
    type_text(&mut talk.harness, "add");
    press(&mut talk.harness, Key::Enter);
    assert_eq!(talk.asked(), [Intent::Open(Screen::AddConcern)]);
}

#[test]
fn from_the_lock_screen_a_key_or_a_button_asks_to_sign_in_for_a_concern() {
    let lock = |view| vec![Update::Frame(sample::hall()), Update::Lock(view)];
    let mut talk = Talk::new(WIDE, Settings::default(), lock(sample::lock()));
    press(&mut talk.harness, Key::F7);
    assert_eq!(talk.asked(), [Intent::ForConcern(true)]);
    press_on(&mut talk, "Add a concern");
    assert_eq!(talk.asked(), [Intent::ForConcern(true)]);
    talk.hear(vec![Update::Lock(LockView { for_concern: true, ..sample::lock() })]);
    assert!(says(&talk.harness, "Sign in to add a concern"));
    talk.harness.get_by_role_and_label(Role::PasswordInput, "Passphrase").focus();
    talk.harness.run_steps(2);
    type_text(&mut talk.harness, "otters");
    press(&mut talk.harness, Key::Enter);
    let passphrase = Secret::new("otters".into());
    assert_eq!(talk.asked(), [Intent::SignIn { person: PersonId([1; 16]), passphrase }]);
}

#[test]
fn outside_school_hours_there_is_this_page_and_nowhere_else_to_go() {
    let frame = FrameView { concern_only: true, ..sample::office() };
    let mut updates = page(sample::add_concern());
    updates[0] = Update::Frame(frame);
    for size in [WIDE, TABLET] {
        let mut talk = Talk::new(size, Settings::default(), updates.clone());
        assert!(says(&talk.harness, "Outside school hours nothing else opens."));
        for elsewhere in ["Today", "Registers", "Concerns", "Menu"] {
            assert!(talk.harness.query_by_label(elsewhere).is_none(), "{elsewhere}");
        }
        for key in [Key::Num1, Key::Num4, Key::K, Key::Num7] {
            press_with(&mut talk.harness, Modifiers::COMMAND, key);
        }
        press(&mut talk.harness, Key::F8);
        assert_eq!(talk.asked(), []);
        write(&mut talk);
        press_on(&mut talk, "Save the concern");
        assert_eq!(added(&talk.asked()), [&expected()]);
        let saved = SavedConcern { reference: "4fa2 09c1".into(), told: String::new() };
        talk.hear(vec![Update::AddConcern(AddConcernView { saved: Some(saved), ..sample::add_concern() })]);
        talk.asked();
        press_on(&mut talk, "Sign out");
        let asked = talk.asked();
        assert!(asked.contains(&Intent::Lock(LockReason::SignedOut)), "{asked:?}");
    }
}

#[test]
fn whoever_may_add_none_here_is_told_whom_to_tell() {
    let refused = Some("Your role adds no concern here: tell a safeguarding lead yourself, now.".to_owned());
    let talk = Talk::new(WIDE, Settings::default(), page(AddConcernView { refused, ..sample::add_concern() }));
    assert!(says(&talk.harness, "tell a safeguarding lead yourself, now."));
    assert!(talk.harness.query_by_label("Save the concern").is_none());
}

#[test]
fn the_page_is_filled_in_with_the_keyboard_alone() {
    let mut talk = open(WIDE);
    type_text(&mut talk.harness, "leila");
    press(&mut talk.harness, Key::Enter);
    for name in ["Somebody else", "Day", "Time", "What was seen or said", "Category: Choose a category"] {
        press(&mut talk.harness, Key::Tab);
        assert_eq!(focused(&talk.harness), name);
    }
    fill(&mut talk.harness, "Somebody else", "her brother");
    assert!(says(&talk.harness, "Say what was seen or said."));
}
