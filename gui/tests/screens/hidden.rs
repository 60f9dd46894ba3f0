//! *Hide the screen now*: a parent leans over the counter, a visitor comes into the office.

use crate::{TABLET, WIDE, client, every_screen, names, press, press_with, sample, says, type_text};
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use muster_gui::{App, Intent, LockReason, Screen, Settings, Update};
use muster_school::view::EventId;

const EVENT: EventId = EventId([5; 16]);

/// One frame of a press: what is on the screen when it returns is what the same frame drew.
fn press_once(harness: &mut Harness<'_, App>, key: Key) {
    let modifiers = Modifiers::NONE;
    harness.event(egui::Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers });
    harness.run_steps(1);
}

#[test]
fn one_key_takes_the_picture_away_in_the_frame_of_the_press_on_every_screen() {
    for (name, updates) in every_screen() {
        let (mut harness, asked) = client(WIDE, Settings::default(), updates);
        press_once(&mut harness, Key::F12);
        assert!(says(&harness, "The screen is hidden"), "{name}");
        let left: Vec<String> = names(&harness).into_iter().filter(|said| !said.contains("screen")).collect();
        assert!(left.iter().all(|said| said == "Fire register"), "{name} still says {left:?}");
        let asked = asked.lock().unwrap().clone();
        let nobody_in_a_call = name.starts_with("call") && name != "call over";
        assert_eq!(asked == [Intent::Lock(LockReason::Hidden)], !nobody_in_a_call, "{name}: {asked:?}");
    }
}

#[test]
fn one_button_hides_every_screen_that_shows_a_name_at_double_size_too() {
    for settings in [Settings::default(), Settings { size_percent: 200, ..Settings::default() }] {
        // Those who come to the door and whoever looks at the wall are shown no name.
        let nameless = |name: &str| ["lock", "kiosk", "display"].iter().any(|one| name.starts_with(one));
        for (name, updates) in every_screen().into_iter().filter(|(name, _)| !nameless(name)) {
            let (mut harness, _) = client(TABLET, settings.clone(), updates);
            let button = harness.query_by_label("Hide the screen now");
            let button = button.unwrap_or_else(|| panic!("{name} at {}%", settings.size_percent));
            let rect = button.rect();
            assert!(rect.left() >= 0.0 && rect.right() <= TABLET[0] && rect.width() >= 24.0, "{name}: {rect:?}");
            button.click();
            harness.run_steps(2);
            assert!(says(&harness, "The screen is hidden"), "{name}");
        }
    }
}

#[test]
fn an_open_layer_and_what_was_typed_in_it_go_with_the_picture() {
    let updates = vec![Update::Frame(sample::office()), Update::Today(sample::today()), Update::Go(Screen::Today)];
    let (mut harness, _) = client(WIDE, Settings::default(), updates);
    press_with(&mut harness, Modifiers::COMMAND, Key::K);
    type_text(&mut harness, "beech");
    press_once(&mut harness, Key::F12);
    assert!(harness.query_by_label("Go to anything").is_none());
    assert!(!says(&harness, "beech"));
}

#[test]
fn the_press_that_brings_it_back_does_nothing_else_and_shows_the_sign_in() {
    let updates = vec![
        Update::Frame(sample::office()),
        Update::Lock(sample::lock()),
        Update::Register(sample::register()),
        Update::Go(Screen::Register(sample::key())),
    ];
    let (mut harness, asked) = client(WIDE, Settings::default(), updates);
    press(&mut harness, Key::F12);
    press(&mut harness, Key::F12);
    assert!(says(&harness, "The screen is hidden"), "the same key does not show what it hid");
    type_text(&mut harness, "l");
    assert_eq!(harness.state().screen(), Screen::Lock);
    assert!(harness.query_by_label("Who are you?").is_some() && says(&harness, "Sign in"));
    assert_eq!(*asked.lock().unwrap(), [Intent::Lock(LockReason::Hidden)]);
}

#[test]
fn from_a_hidden_screen_the_fire_register_is_two_actions_away() {
    for by_key in [false, true] {
        let updates = vec![
            Update::Frame(sample::office()),
            Update::Lock(sample::lock()),
            Update::Today(sample::today()),
            Update::Go(Screen::Today),
        ];
        let (mut harness, asked) = client(WIDE, Settings::default(), updates);
        press(&mut harness, Key::F12);
        if by_key {
            press(&mut harness, Key::F9);
        } else {
            harness.get_by_label("Fire register").click();
        }
        harness.run_steps(4);
        assert!(crate::focused(&harness).starts_with("Only look at the list"), "{}", crate::focused(&harness));
        press(&mut harness, Key::Enter);
        assert_eq!(asked.lock().unwrap().last(), Some(&Intent::Open(Screen::Fire)));
    }
}

#[test]
fn a_roll_call_that_is_hidden_goes_on_with_nobody_signed_in_and_comes_back_as_it_was() {
    let frame = sample::frame("Hall tablet", Some("Helen Marsh"), "Up to date 09:14", true);
    let updates = vec![Update::Frame(frame), Update::Call(Box::new(sample::call())), Update::Go(Screen::Call(EVENT))];
    let (mut harness, asked) = client(TABLET, Settings::default(), updates);
    crate::fill(&mut harness, "Search first or last name", "abb");
    assert!(says(&harness, "Carol") && !says(&harness, "Leila"));
    press_once(&mut harness, Key::F12);
    assert!(says(&harness, "The roll call goes on"));
    assert!(!says(&harness, "Carol") && !says(&harness, "Helen Marsh"));
    assert_eq!(*asked.lock().unwrap(), [Intent::Lock(LockReason::HiddenInCall)]);
    press(&mut harness, Key::Space);
    harness.run_steps(3);
    assert_eq!(harness.state().screen(), Screen::Call(EVENT));
    assert!(says(&harness, "Carol") && !says(&harness, "Leila"), "the search is as it was");
    assert!(says(&harness, "nobody signed in") && !says(&harness, "Helen Marsh"));
    assert_eq!(asked.lock().unwrap().len(), 1, "the press that brought it back marked nobody");
}

#[test]
fn a_roll_call_with_nobody_signed_in_is_hidden_and_the_name_that_a_marshal_gave_goes_with_it() {
    let updates =
        vec![Update::Frame(sample::hall()), Update::Call(Box::new(sample::call())), Update::Go(Screen::Call(EVENT))];
    let (mut harness, asked) = client(TABLET, Settings::default(), updates);
    press(&mut harness, Key::F12);
    assert!(says(&harness, "The screen is hidden"));
    // There is nobody to lock out.
    assert_eq!(*asked.lock().unwrap(), [Intent::ClaimMarshal { event: EVENT, name: String::new() }]);
}

#[test]
fn somebody_who_answers_the_warning_by_hiding_hides() {
    let updates = vec![Update::Frame(sample::office()), Update::Today(sample::today()), Update::Go(Screen::Today)];
    let (mut harness, asked) = client(WIDE, Settings::default(), updates);
    for secs in [1.0, 595.0, 596.0] {
        harness.input_mut().time = Some(secs);
        harness.run_steps(1);
    }
    assert!(says(&harness, "Press any key to stay"));
    press_once(&mut harness, Key::F12);
    assert_eq!(*asked.lock().unwrap(), [Intent::Lock(LockReason::Hidden)]);
}
