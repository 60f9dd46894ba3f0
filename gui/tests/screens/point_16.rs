//! Point 16 of the screens: from the lock screen the fire register opens in two actions, whatever else is asked.

use crate::{TABLET, Talk, WIDE, fill, focused, press, sample};
use egui::Key;
use egui_kittest::kittest::Queryable as _;
use muster_core::id::PersonId;
use muster_gui::{Intent, Screen, Settings, Update};
use muster_school::view::lock::{LockView, PinChoice};

fn lock_screens() -> [(&'static str, LockView); 4] {
    let pin = Some(PinChoice { person: PersonId([1; 16]), tries_left: 2 });
    [
        ("a passphrase is asked for", sample::lock()),
        ("a PIN is asked for", LockView { pin, ..sample::lock() }),
        (
            "a passphrase is being tried",
            LockView { waiting: Some("Opening, about 2 seconds".into()), ..sample::lock() },
        ),
        ("no list has reached this device", LockView { fire: None, ..sample::lock() }),
    ]
}

#[test]
fn two_presses_open_it_on_every_lock_screen_at_every_size() {
    let double = Settings { size_percent: 200, ..Settings::default() };
    let touch = Settings { touch: true, ..Settings::default() };
    for (name, view) in lock_screens() {
        for (size, settings) in [(WIDE, Settings::default()), (TABLET, touch.clone()), (TABLET, double.clone())] {
            let mut talk = Talk::new(size, settings, vec![Update::Frame(sample::hall()), Update::Lock(view.clone())]);
            let button = talk.harness.get_by_label("Fire register");
            let rect = button.rect();
            assert!(rect.top() >= 0.0 && rect.top() + 48.0 <= size[1], "{name}: without scrolling, {rect:?}");
            button.click();
            talk.harness.run_steps(3);
            talk.harness.get_by_label_contains("Only look at the list").click();
            talk.harness.run_steps(3);
            assert_eq!(talk.asked(), [Intent::Open(Screen::Fire)], "{name}");
        }
    }
}

#[test]
fn two_keys_open_it_and_start_nothing() {
    for (name, view) in lock_screens() {
        let mut talk = Talk::new(WIDE, Settings::default(), vec![Update::Frame(sample::hall()), Update::Lock(view)]);
        press(&mut talk.harness, Key::F9);
        assert!(focused(&talk.harness).starts_with("Only look at the list"), "{name}");
        press(&mut talk.harness, Key::Enter);
        assert_eq!(talk.asked(), [Intent::Open(Screen::Fire)], "{name}");
    }
}

#[test]
fn what_it_shows_is_who_where_seen_and_who_needs_help_and_that_the_opening_is_in_the_audit() {
    let mut talk =
        Talk::new(TABLET, Settings::default(), vec![Update::Frame(sample::hall()), Update::Lock(sample::lock())]);
    press(&mut talk.harness, Key::F9);
    press(&mut talk.harness, Key::Enter);
    talk.hear(vec![Update::Fire(sample::fire())]);
    for words in [
        "Green",
        "Beech",
        "mark N, Register Beech, 08:54",
        "Opened 09:16 from the lock screen. This opening is in the audit.",
    ] {
        assert!(crate::says(&talk.harness, words), "{words}: {:?}", crate::names(&talk.harness));
    }
    let care = "Epilepsy: rescue medicine in the office";
    assert!(!crate::says(&talk.harness, care), "care lines wait for a sign-in or the marshal’s PIN");
    assert!(talk.harness.query_by_label("Care details…").is_some(), "which is asked for here");
    // Not everybody stands in sight on a tablet: the others by their letter, or by name.
    fill(&mut talk.harness, "Search first or last name", "Whit");
    assert!(crate::says(&talk.harness, "Evac chair, two adults"), "who needs help to leave, and which");

    let mut talk =
        Talk::new(TABLET, Settings::default(), vec![Update::Frame(sample::hall()), Update::Fire(sample::fire_full())]);
    talk.hear(vec![Update::Go(Screen::Fire)]);
    fill(&mut talk.harness, "Search first or last name", "Green");
    assert!(crate::says(&talk.harness, care), "once the PIN was given they show");
}
