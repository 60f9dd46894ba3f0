//! A roll call that runs is on every screen, so that nobody at another device misses it.

use crate::{WIDE, client, sample};
use egui_kittest::kittest::Queryable as _;
use muster_gui::{Intent, Screen, Settings, Update};
use muster_school::view::fire::{EventKind, RunningCall};
use muster_school::view::{EventId, FrameView};

/// What is said to readers that speak, apart from the button.
const SPOKEN: &str = "Real, started 09:08 on Hall tablet";

fn running(kind: EventKind) -> Vec<RunningCall> {
    let words = SPOKEN.to_owned();
    vec![RunningCall { event: EventId([7; 16]), kind, words, kind_words: "Real, started 09:08".to_owned() }]
}

#[test]
fn a_roll_call_that_runs_is_on_the_lock_screen_and_on_every_page_and_one_press_joins_it() {
    let join = "Real, started 09:08 on Hall tablet: join";
    let locked = FrameView { running: running(EventKind::Real), ..sample::hall() };
    let signed_in = FrameView { running: running(EventKind::Real), ..sample::office() };
    let today = vec![Update::Frame(signed_in), Update::Today(sample::today()), Update::Go(Screen::Today)];
    for updates in [vec![Update::Frame(locked), Update::Lock(sample::lock())], today] {
        let (mut harness, asked) = client(WIDE, Settings::default(), updates);
        harness.run_steps(2);
        asked.lock().unwrap().clear();
        harness.get_by_label(join).click();
        harness.run_steps(2);
        assert!(asked.lock().unwrap().contains(&Intent::JoinCall(EventId([7; 16]))));
        assert!(harness.query_by_label(SPOKEN).is_some(), "it is read out");
    }
}

#[test]
fn people_who_keep_inside_hear_nothing_of_it() {
    let frame = FrameView { running: running(EventKind::KeepInside), ..sample::hall() };
    let (mut harness, _) = client(WIDE, Settings::default(), vec![Update::Frame(frame), Update::Lock(sample::lock())]);
    harness.run_steps(2);
    assert!(harness.query_by_label("Real, started 09:08 on Hall tablet: join").is_some());
    assert!(harness.query_by_label(SPOKEN).is_none());
}

#[test]
fn in_a_lockdown_the_lock_screen_today_and_the_door_are_dim_too() {
    let of = |kind, screen: &[Update], frame: FrameView| {
        let frame = FrameView { running: running(kind), ..frame };
        let updates = [vec![Update::Frame(frame)], screen.to_vec()].concat();
        let (mut harness, _) = client(WIDE, Settings::default(), updates);
        harness.run_steps(3);
        harness.ctx.global_style().visuals.dark_mode
    };
    let door = [Update::Reception(Box::new(sample::kiosk())), Update::Go(Screen::Reception)];
    let today = [Update::Today(sample::today()), Update::Go(Screen::Today)];
    for (screen, frame) in [
        (&[Update::Lock(sample::lock())][..], sample::hall()),
        (&door[..], sample::hall()),
        (&today[..], sample::office()),
    ] {
        assert!(
            of(EventKind::Lockdown, screen, frame.clone()),
            "a bright window can be seen through a door: {screen:?}"
        );
        assert!(!of(EventKind::Drill, screen, frame), "a drill hides nobody");
    }
}

#[test]
fn what_is_wrong_with_this_device_stands_on_the_lock_screen_the_door_the_wall_the_fire_register_and_the_roll_call() {
    let words = "The disk of this device is full: what is entered here now is not saved.";
    let frame = FrameView { warning: Some(words.to_owned()), ..sample::hall() };
    let call = sample::call();
    let event = call.event;
    let screens = [
        vec![Update::Lock(sample::lock())],
        vec![Update::Fire(sample::fire()), Update::Go(Screen::Fire)],
        vec![Update::Call(Box::new(call)), Update::Go(Screen::Call(event))],
        vec![Update::Reception(Box::new(sample::kiosk())), Update::Go(Screen::Reception)],
        vec![Update::Display(sample::display()), Update::Go(Screen::Display)],
    ];
    for double in [false, true] {
        for screen in &screens {
            let settings = Settings { size_percent: if double { 200 } else { 100 }, ..Settings::default() };
            let updates = [vec![Update::Frame(frame.clone())], screen.clone()].concat();
            let (mut harness, _) = client(crate::TABLET, settings, updates);
            harness.run_steps(3);
            assert!(crate::says(&harness, words), "{screen:?}");
        }
    }
}
