//! Point 15 of the screens: the automatic lock warns 20 s before and any key extends; nothing on the lock screen names
//! pupils; unsaved typing survives. The details are in `idle` and `drafts`.

use crate::{TABLET, Talk, WIDE, names, press, sample, says, type_text};
use egui::{Event, Key, PointerButton, TouchDeviceId, TouchId, TouchPhase, pos2};
use egui_kittest::kittest::Queryable as _;
use muster_gui::{Intent, LockReason, Screen, Settings, Update};

fn register() -> Talk {
    let closed = sample::closed(sample::register());
    let updates =
        vec![Update::Frame(sample::office()), Update::Register(closed), Update::Go(Screen::Register(sample::key()))];
    Talk::new(WIDE, Settings::default(), updates)
}

fn at(talk: &mut Talk, secs: f64) {
    talk.harness.input_mut().time = Some(secs);
    talk.harness.run_steps(1);
}

fn locks(asked: &[Intent]) -> bool {
    asked.contains(&Intent::Lock(LockReason::Idle))
}

#[test]
fn a_key_a_click_and_a_finger_each_extend_the_time_when_the_warning_shows() {
    let at_place = pos2(640.0, 300.0);
    let key = |pressed| Event::Key {
        key: Key::A,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers: egui::Modifiers::NONE,
    };
    let button = |pressed| Event::PointerButton {
        pos: at_place,
        button: PointerButton::Primary,
        pressed,
        modifiers: egui::Modifiers::NONE,
    };
    let touch = |phase| Event::Touch { device_id: TouchDeviceId(1), id: TouchId(1), phase, pos: at_place, force: None };
    let answers =
        [[key(true), key(false)], [button(true), button(false)], [touch(TouchPhase::Start), touch(TouchPhase::End)]];
    for answer in answers {
        let mut talk = register();
        at(&mut talk, 100.0);
        talk.harness.event(Event::PointerMoved(pos2(10.0, 10.0)));
        at(&mut talk, 101.0);
        at(&mut talk, 685.0);
        assert!(says(&talk.harness, "Press any key to stay"));
        for event in answer.clone() {
            talk.harness.event(event);
        }
        at(&mut talk, 690.0);
        at(&mut talk, 1_200.0);
        assert!(!says(&talk.harness, "Press any key to stay") && !locks(&talk.asked()), "{answer:?}");
        assert_eq!(talk.harness.state().screen(), Screen::Register(sample::key()));
    }
}

#[test]
fn the_lock_screen_names_no_pupil_and_what_was_typed_was_handed_over_before() {
    let mut talk = register();
    type_text(&mut talk.harness, "i");
    talk.harness.get_by_label("Why it changes").type_text("her mother rang");
    talk.harness.run_steps(3);
    at(&mut talk, 5_000.0);
    let asked = talk.asked();
    let kept = asked.iter().position(|intent| matches!(intent, Intent::KeepDrafts(drafts) if drafts.len() == 1));
    let locked = asked.iter().position(|intent| *intent == Intent::Lock(LockReason::Idle));
    assert!(kept.unwrap() < locked.unwrap());
    talk.hear(vec![Update::Frame(sample::hall()), Update::Lock(sample::lock())]);
    let shown = names(&talk.harness);
    for row in sample::register().rows {
        let (surname, forename) = row.name.split_once(", ").unwrap();
        let names_one = |said: &String| said.contains(surname) || said.contains(forename);
        assert!(!shown.iter().any(names_one), "{} in {shown:?}", row.name);
    }
}

#[test]
fn no_roll_call_is_ever_locked() {
    let event = muster_school::view::EventId([5; 16]);
    let updates =
        vec![Update::Frame(sample::office()), Update::Call(Box::new(sample::call())), Update::Go(Screen::Call(event))];
    let mut talk = Talk::new(TABLET, Settings::default(), updates);
    for secs in [100.0, 5_000.0, 50_000.0] {
        at(&mut talk, secs);
    }
    assert_eq!(talk.asked(), []);
    press(&mut talk.harness, Key::F12);
    press(&mut talk.harness, Key::Space);
    assert_eq!(talk.harness.state().screen(), Screen::Call(event), "nor lost when it is hidden");
}
