//! What is typed and not saved: handed over while somebody types and before a lock, and back after a sign-in.

use crate::{Talk, WIDE, press, press_with, sample, says, type_text};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use muster_gui::draft::Draft;
use muster_gui::intent::PupilAct;
use muster_gui::{Intent, LockReason, Screen, Secret, Settings, Update};

const TYPED: &str = "her mother rang at ten";

/// Somebody in the office who has begun to say why a closed register changes.
fn typing() -> Talk {
    let mut talk = Talk::new(WIDE, Settings::default(), register());
    type_text(&mut talk.harness, "i");
    talk.harness.get_by_label("Why it changes").type_text(TYPED);
    talk.harness.run_steps(2);
    talk
}

fn register() -> Vec<Update> {
    let closed = sample::closed(sample::register());
    vec![Update::Frame(sample::office()), Update::Register(closed), Update::Go(Screen::Register(sample::key()))]
}

/// A frame at a time of the input, in seconds.
fn wait(talk: &mut Talk, secs: f64) {
    talk.harness.input_mut().time = Some(secs);
    talk.harness.run_steps(1);
}

/// What was handed over last.
fn kept(asked: &[Intent]) -> Option<&Vec<Draft>> {
    asked.iter().rev().find_map(|intent| match intent {
        Intent::KeepDrafts(drafts) => Some(drafts),
        _ => None,
    })
}

fn texts(drafts: &[Draft]) -> Vec<&str> {
    drafts.iter().map(|draft| draft.text.expose()).collect()
}

#[test]
fn what_is_typed_is_handed_over_within_seconds_and_not_again_while_nobody_types() {
    let mut talk = typing();
    wait(&mut talk, 60.0);
    let asked = talk.asked();
    assert_eq!(texts(kept(&asked).unwrap()), [TYPED]);
    wait(&mut talk, 90.0);
    wait(&mut talk, 91.0);
    assert_eq!(talk.asked(), [], "nothing new");
    talk.harness.get_by_label("Why it changes").type_text(", in tears");
    talk.harness.run_steps(1);
    wait(&mut talk, 96.0);
    assert_eq!(texts(kept(&talk.asked()).unwrap()), [format!("{TYPED}, in tears")]);
}

#[test]
fn locking_by_key_by_time_and_by_hiding_hands_over_first_and_leaves_nothing_in_the_client() {
    for reason in [LockReason::Asked, LockReason::Idle, LockReason::Hidden] {
        let mut talk = typing();
        talk.asked();
        talk.harness.get_by_label("Why it changes").type_text(", in tears");
        talk.harness.run_steps(3);
        match reason {
            LockReason::Asked => press_with(&mut talk.harness, Modifiers::COMMAND, Key::L),
            LockReason::Hidden => press(&mut talk.harness, Key::F12),
            _ => wait(&mut talk, 1_000.0),
        }
        talk.harness.run_steps(2);
        let asked = talk.asked();
        let place = asked.iter().position(|intent| *intent == Intent::Lock(reason)).unwrap();
        assert_eq!(texts(kept(&asked[..place]).unwrap()), [format!("{TYPED}, in tears")], "{reason:?}");
        assert_eq!(place, asked.len() - 1, "nothing after the lock: {asked:?}");
        assert!(!says(&talk.harness, TYPED));
        let remembered = talk
            .harness
            .ctx
            .data(|data| data.get_temp::<egui::text_edit::TextEditState>(egui::Id::unique("ask words")).is_some());
        assert!(!remembered, "nor in what a field keeps for its own undo");
    }
}

#[test]
fn after_the_next_sign_in_the_same_question_is_open_with_the_same_words_and_says_so() {
    let talk = typing();
    let before = talk.asked();
    let drafts = kept(&before).cloned().unwrap_or_else(|| {
        let mut talk = talk;
        wait(&mut talk, 60.0);
        kept(&talk.asked()).unwrap().clone()
    });
    let locked = vec![Update::Frame(sample::hall()), Update::Lock(sample::lock()), Update::Go(Screen::Lock)];
    let mut talk = Talk::new(WIDE, Settings::default(), locked);
    let mut signed_in =
        vec![Update::Frame(sample::office()), Update::Today(sample::today()), Update::Go(Screen::Today)];
    signed_in.push(Update::Drafts(drafts));
    talk.hear(signed_in);
    assert_eq!(talk.asked(), [Intent::Open(Screen::Register(sample::key()))]);
    talk.hear(register());
    assert!(says(&talk.harness, TYPED), "{:?}", crate::names(&talk.harness));
    assert!(says(&talk.harness, "Kuba Jankowski, change to I"));
    let lines =
        crate::names(&talk.harness).iter().filter(|name| name.contains("What you were typing is back.")).count();
    assert!(lines >= 2, "in the question and as a notice");
    talk.harness.get_by_label("Save").click();
    talk.harness.run_steps(3);
    let asked = talk.asked();
    let saved = |intent: &Intent| matches!(intent, Intent::Mark { reason: Some(why), .. } if why == TYPED);
    assert!(asked.iter().any(saved), "{asked:?}");
    assert_eq!(kept(&asked), Some(&Vec::new()), "saved: nothing is kept any more");
}

#[test]
fn what_is_given_up_or_emptied_is_kept_no_longer() {
    for give_up in [true, false] {
        let mut talk = typing();
        wait(&mut talk, 60.0);
        assert_eq!(kept(&talk.asked()).map(Vec::len), Some(1));
        if give_up {
            press(&mut talk.harness, Key::Escape);
        } else {
            press_with(&mut talk.harness, Modifiers::COMMAND, Key::A);
            press(&mut talk.harness, Key::Backspace);
        }
        talk.harness.run_steps(2);
        assert_eq!(kept(&talk.asked()), Some(&Vec::new()), "given up: {give_up}");
    }
}

#[test]
fn going_elsewhere_and_back_loses_nothing_either() {
    let mut talk = typing();
    press_with(&mut talk.harness, Modifiers::COMMAND, Key::Num1);
    talk.hear(vec![Update::Today(sample::today())]);
    assert_eq!(talk.harness.state().screen(), Screen::Today);
    assert!(!says(&talk.harness, TYPED));
    talk.hear(register());
    assert!(says(&talk.harness, TYPED) && says(&talk.harness, "What you were typing is back."));
}

#[test]
fn somebody_else_who_signs_in_next_finds_nothing_of_it() {
    let mut talk = typing();
    press_with(&mut talk.harness, Modifiers::COMMAND, Key::L);
    talk.asked();
    let mut updates = register();
    updates[0] = Update::Frame(sample::frame("Office laptop", Some("Tom Okafor"), "Up to date 09:20", true));
    talk.hear(updates);
    wait(&mut talk, 90.0);
    assert!(!says(&talk.harness, TYPED) && talk.harness.query_by_label("Why it changes").is_none());
    assert_eq!(talk.asked(), []);
}

#[test]
fn a_text_that_is_back_is_printed_nowhere() {
    let draft = Draft { field: "register/x#ask".into(), text: Secret::new(TYPED.into()) };
    assert!(!format!("{:?}", Intent::KeepDrafts(vec![draft])).contains("mother"));
}

#[test]
fn a_draft_of_a_screen_that_is_not_there_any_more_harms_nothing() {
    let stale = |field: &str| Draft { field: field.into(), text: Secret::new(TYPED.into()) };
    let mut talk = Talk::new(WIDE, Settings::default(), vec![Update::Frame(sample::office())]);
    talk.hear(vec![
        Update::Today(sample::today()),
        Update::Go(Screen::Today),
        Update::Drafts(vec![stale("a newer screen#field"), stale("")]),
    ]);
    assert_eq!(talk.harness.state().screen(), Screen::Today);
    assert!(says(&talk.harness, "What you were typing is back, in 2 places."));
}

#[test]
fn a_text_left_in_a_roll_call_that_is_gone_leads_to_no_screen_without_a_way_out() {
    let event = muster_school::view::EventId([0xab; 16]);
    let left = Draft { field: format!("call/{}#add", "ab".repeat(16)), text: Secret::new(TYPED.into()) };
    let mut talk = Talk::new(WIDE, Settings::default(), vec![Update::Frame(sample::office())]);
    talk.hear(vec![Update::Today(sample::today()), Update::Go(Screen::Today), Update::Drafts(vec![left])]);
    assert_eq!(talk.harness.state().screen(), Screen::Call(event));
    assert_eq!(talk.asked(), [Intent::Open(Screen::Call(event))]);
    talk.harness.get_by_label("Back").click();
    talk.harness.run_steps(2);
    assert_eq!(talk.asked(), [Intent::Open(Screen::Today)]);

    talk.hear(vec![Update::Go(Screen::Call(event))]);
    press_with(&mut talk.harness, egui::Modifiers::COMMAND, Key::L);
    assert!(talk.asked().iter().any(|intent| matches!(intent, Intent::Lock(_))), "the keys work there, too");
}

#[test]
fn a_text_left_in_a_roll_call_that_is_gone_is_kept_no_longer() {
    let left = Draft { field: format!("call/{}#add", "ab".repeat(16)), text: Secret::new(TYPED.into()) };
    let mut talk = Talk::new(WIDE, Settings::default(), vec![Update::Frame(sample::office())]);
    talk.hear(vec![Update::Today(sample::today()), Update::Go(Screen::Today), Update::Drafts(vec![left])]);
    talk.hear(vec![Update::Go(Screen::Today)]);
    assert_eq!(kept(&talk.asked()).map(Vec::len), Some(0));
}

/// Somebody who has begun to enter a new contact.
fn entering() -> Talk {
    let mut talk = Talk::new(WIDE, Settings::default(), contact());
    talk.harness.get_by_label("Surname").focus();
    talk.harness.run_steps(2);
    talk.harness.get_by_label("Surname").type_text("Rees");
    talk.harness.run_steps(2);
    talk.harness.get_by_label("Has parental responsibility").click();
    talk.harness.run_steps(2);
    talk
}

fn contact() -> Vec<Update> {
    vec![Update::Frame(sample::office()), Update::Pupils(Box::new(sample::contact_form())), Update::Go(Screen::Pupils)]
}

#[test]
fn a_contact_that_is_half_entered_survives_the_lock_and_its_form_opens_again() {
    let mut talk = entering();
    press_with(&mut talk.harness, Modifiers::COMMAND, Key::L);
    let drafts = kept(&talk.asked()).cloned().unwrap();
    assert!(drafts[0].field.starts_with("pupils#form/Contact/0202"), "{:?}", drafts[0].field);
    let mut talk = Talk::new(WIDE, Settings::default(), vec![Update::Frame(sample::office())]);
    talk.hear(vec![Update::Today(sample::today()), Update::Go(Screen::Today), Update::Drafts(drafts)]);
    assert_eq!(talk.asked(), [Intent::Open(Screen::Pupils)]);
    talk.hear(vec![Update::Pupils(Box::new(sample::pupils()))]);
    let again = Intent::Pupils(PupilAct::Resume("Contact/02020202020202020202020202020202/new".into()));
    assert_eq!(talk.asked(), [again], "the list is there: the form is asked for again, once");
    talk.hear(vec![Update::Pupils(Box::new(sample::contact_form()))]);
    assert!(says(&talk.harness, "Rees") && says(&talk.harness, "What you were typing is back."));
    talk.harness.get_by_label("Add the contact").click();
    talk.harness.run_steps(2);
    let asked = talk.asked();
    let sent = asked.iter().find_map(|intent| match intent {
        Intent::Pupils(PupilAct::Answer(answers)) => Some(answers),
        _ => None,
    });
    let sent = sent.unwrap();
    assert_eq!((sent.line("surname").as_str(), sent.tick("responsible")), ("Rees", true));
    assert_eq!(sent.line("place"), "3", "what nobody touched is as it was");
    talk.hear(vec![Update::Pupils(Box::new(sample::pupil()))]);
    assert_eq!(kept(&talk.asked()).map(Vec::len), Some(0), "done: nothing is kept any more");
}

#[test]
fn a_form_of_a_pupil_that_is_given_up_is_kept_no_longer_and_not_asked_for_again() {
    let mut talk = entering();
    wait(&mut talk, 60.0);
    assert_eq!(kept(&talk.asked()).map(Vec::len), Some(1));
    talk.harness.get_by_label("Cancel").click();
    talk.harness.run_steps(2);
    assert!(talk.asked().contains(&Intent::Pupils(PupilAct::Drop)));
    talk.hear(vec![Update::Pupils(Box::new(sample::pupil()))]);
    wait(&mut talk, 90.0);
    let asked = talk.asked();
    assert_eq!(kept(&asked).map(Vec::len), Some(0));
    assert!(!asked.iter().any(|intent| matches!(intent, Intent::Pupils(PupilAct::Resume(_)))), "{asked:?}");
}
