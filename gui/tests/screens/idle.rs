//! The client locks itself when nobody is there, and says so before. Point 15 of the screens, and 30 for a roll call.

use crate::{TABLET, WIDE, client, every_screen, focused, names, press_with, sample, says};
use egui::{Event, Key, Modifiers, PointerButton, Pos2, RawInput, TouchDeviceId, TouchId, TouchPhase, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use muster_gui::app::idle::{LOCK_AFTER_SECS, WARN_SECS};
use muster_gui::{App, Intent, LockReason, Screen, ScriptedEngine, Settings, Update};
use muster_school::view::EventId;
use muster_school::view::call::CallReport;
use std::sync::{Arc, Mutex};

type Asked = Arc<Mutex<Vec<Intent>>>;

const WARNING: &str = "Locking in 20 seconds. Press any key to stay";

/// A frame at a time of the input, in seconds.
fn at(harness: &mut Harness<'_, App>, secs: f64) {
    harness.input_mut().time = Some(secs);
    harness.run_steps(1);
}

/// Frames from one time to another with nobody there.
fn leave(harness: &mut Harness<'_, App>, from: f64, until: f64) {
    let mut now = from;
    while now < until {
        at(harness, now);
        now += 10.0;
    }
    at(harness, until);
}

/// What comes in one frame, as a window hands it over.
fn frame(harness: &mut Harness<'_, App>, secs: f64, events: Vec<Event>) {
    harness.input_mut().events.extend(events);
    at(harness, secs);
}

fn key(key: Key, pressed: bool) -> Event {
    Event::Key { key, physical_key: None, pressed, repeat: false, modifiers: Modifiers::NONE }
}

fn button(pos: Pos2, pressed: bool) -> Event {
    Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE }
}

/// Somebody in the office with a register of seven open, last touched at second 100.
fn register() -> (Harness<'static, App>, Asked) {
    let updates = vec![
        Update::Frame(sample::office()),
        Update::Register(sample::register()),
        Update::Go(Screen::Register(sample::key())),
    ];
    let (mut harness, asked) = client(WIDE, Settings::default(), updates);
    frame(&mut harness, 100.0, vec![key(Key::ArrowDown, true), key(Key::ArrowDown, false)]);
    (harness, asked)
}

/// Where these words stand.
fn places(harness: &Harness<'_, App>, words: &str) -> Vec<egui::Rect> {
    let says = |node: &egui_kittest::Node<'_>| {
        let node = node.accesskit_node();
        node.label().or(node.value()).is_some_and(|said| said.contains(words))
    };
    harness.root().children_recursive().filter(says).map(|node| node.rect()).collect()
}

fn asked(asked: &Asked) -> Vec<Intent> {
    asked.lock().unwrap().clone()
}

#[test]
fn ten_minutes_without_input_lock_and_leave_nothing_on_the_screen() {
    let (mut harness, all) = register();
    let spot = Event::PointerMoved(pos2(640.0, 400.0));
    frame(&mut harness, 100.0, vec![spot]);
    leave(&mut harness, 101.0, 100.0 + LOCK_AFTER_SECS - 0.5);
    assert_eq!(asked(&all), []);
    assert!(says(&harness, "Jankowski"));
    at(&mut harness, 100.0 + LOCK_AFTER_SECS);
    assert_eq!(asked(&all), [Intent::Lock(LockReason::Idle)]);
    assert_eq!(harness.state().screen(), Screen::Lock);
    let left = names(&harness);
    assert!(!left.iter().any(|name| name.contains("Jankowski") || name.contains("Ruth Adeyemi")), "{left:?}");
    assert!(!says(&harness, "Press any key to stay"), "there is nothing to stay for");
    leave(&mut harness, 701.0, 2_000.0);
    assert_eq!(asked(&all), [Intent::Lock(LockReason::Idle)], "once");
}

#[test]
fn twenty_seconds_before_a_line_says_so_counts_down_and_is_read_out() {
    let (mut harness, _) = register();
    let warns = 100.0 + LOCK_AFTER_SECS - WARN_SECS;
    leave(&mut harness, 101.0, warns - 0.1);
    assert!(!says(&harness, "Locking in"));
    at(&mut harness, warns);
    let polite = |harness: &Harness<'_, App>, words: &str| {
        harness.root().children_recursive().any(|node| {
            let node = node.accesskit_node();
            node.label().or(node.value()).as_deref() == Some(words) && node.live() == egui::accesskit::Live::Polite
        })
    };
    assert!(says(&harness, WARNING) && polite(&harness, WARNING), "{:?}", names(&harness));
    assert!(says(&harness, "Jankowski") && says(&harness, "Finish register"), "nothing is covered");
    at(&mut harness, warns + 3.0);
    assert!(says(&harness, "Locking in 17 seconds. Press any key to stay"));
    assert!(polite(&harness, WARNING), "not read out every second");
    at(&mut harness, warns + 10.0);
    assert!(polite(&harness, "Locking in 10 seconds. Press any key to stay"));
    at(&mut harness, warns + 19.0);
    assert!(says(&harness, "Locking in 1 second. Press any key to stay"));
}

#[test]
fn the_key_that_answers_the_warning_stays_and_marks_nobody() {
    let (mut harness, all) = register();
    leave(&mut harness, 101.0, 685.0);
    assert!(says(&harness, "Press any key to stay"));
    let slash = || vec![key(Key::Slash, true), Event::Text("/".into())];
    frame(&mut harness, 686.0, slash());
    assert!(!says(&harness, "Press any key to stay"));
    frame(&mut harness, 686.5, slash());
    frame(&mut harness, 686.6, vec![key(Key::Slash, false)]);
    assert_eq!(asked(&all), [], "held down, it still marks nobody");
    leave(&mut harness, 687.0, 686.5 + LOCK_AFTER_SECS - 1.0);
    assert_eq!(asked(&all), [], "ten minutes more");
    assert_eq!(harness.state().screen(), Screen::Register(sample::key()));
    frame(&mut harness, 1_286.0, vec![key(Key::A, true), key(Key::A, false)]);
    frame(&mut harness, 1_287.0, slash());
    let marks = asked(&all);
    assert!(matches!(&marks[..], [Intent::Mark { code, .. }] if code == "/"), "the next key marks: {marks:?}");
}

#[test]
fn keys_held_together_answer_the_warning_and_do_nothing_else() {
    let (mut harness, all) = register();
    leave(&mut harness, 101.0, 685.0);
    frame(&mut harness, 685.1, vec![Event::ModifiersChanged(Modifiers::COMMAND)]);
    assert!(!says(&harness, "Press any key to stay"), "Ctrl alone is a key");
    press_with(&mut harness, Modifiers::COMMAND, Key::M);
    press_with(&mut harness, Modifiers::COMMAND, Key::Enter);
    assert_eq!(asked(&all), []);
    frame(&mut harness, 686.0, vec![Event::ModifiersChanged(Modifiers::NONE)]);
    press_with(&mut harness, Modifiers::COMMAND, Key::M);
    assert!(matches!(&asked(&all)[..], [Intent::MarkRemainingPresent { .. }]), "{:?}", asked(&all));
}

#[test]
fn locking_and_the_fire_register_are_never_kept_back() {
    let (mut harness, all) = register();
    leave(&mut harness, 101.0, 685.0);
    press_with(&mut harness, Modifiers::COMMAND, Key::L);
    assert_eq!(asked(&all), [Intent::Lock(LockReason::Asked)]);
    let (mut harness, all) = register();
    leave(&mut harness, 101.0, 685.0);
    frame(&mut harness, 686.0, vec![key(Key::F9, true), key(Key::F9, false)]);
    assert_eq!(asked(&all), [Intent::Open(Screen::Fire)]);
}

#[test]
fn a_press_or_a_finger_answers_the_warning_and_presses_nothing() {
    for finger in [false, true] {
        let (mut harness, all) = register();
        let spot = harness.get_by_label("Audit").rect().center();
        frame(&mut harness, 100.0, vec![Event::PointerMoved(spot)]);
        leave(&mut harness, 101.0, 685.0);
        let touch = |phase| {
            let (device_id, id) = (TouchDeviceId(1), TouchId(1));
            finger.then_some(Event::Touch { device_id, id, phase, pos: spot, force: None })
        };
        let down = touch(TouchPhase::Start).into_iter().chain([Event::PointerMoved(spot), button(spot, true)]);
        frame(&mut harness, 686.0, down.collect());
        assert!(!says(&harness, "Press any key to stay"));
        let up = touch(TouchPhase::End).into_iter().chain([button(spot, false)]);
        frame(&mut harness, 686.1, up.collect());
        at(&mut harness, 686.2);
        assert_eq!(asked(&all), []);
        frame(&mut harness, 687.0, vec![Event::PointerMoved(spot), button(spot, true)]);
        frame(&mut harness, 687.1, vec![button(spot, false)]);
        at(&mut harness, 687.2);
        assert_eq!(asked(&all), [Intent::Open(Screen::Audit)], "the next press does");
    }
}

#[test]
fn the_focus_stays_where_it_was_when_the_warning_comes_and_goes() {
    let updates =
        vec![Update::Frame(sample::office()), Update::Devices(sample::devices()), Update::Go(Screen::Devices)];
    let (mut harness, _) = client(WIDE, Settings::default(), updates);
    for (name, now) in [("Audit", 100.0), ("Copy for support", 700.0)] {
        at(&mut harness, now);
        harness.get_by_label(name).focus();
        harness.run_steps(2);
        leave(&mut harness, now, now + 585.0);
        assert!(says(&harness, "Press any key to stay"));
        assert_eq!(focused(&harness), name);
        frame(&mut harness, now + 586.0, vec![key(Key::Tab, true), key(Key::Tab, false)]);
        at(&mut harness, now + 587.0);
        assert!(!says(&harness, "Press any key to stay"));
        assert_eq!(focused(&harness), name, "Tab only answered");
    }
}

#[test]
fn moving_the_pointer_is_input_and_a_pointer_that_lies_still_is_none() {
    let (mut harness, all) = register();
    frame(&mut harness, 500.0, vec![Event::PointerMoved(pos2(300.0, 300.0))]);
    leave(&mut harness, 501.0, 1_050.0);
    assert_eq!(asked(&all), []);
    assert!(!says(&harness, "Press any key to stay"));
    frame(&mut harness, 1_050.0, vec![Event::PointerMoved(pos2(300.0, 300.0))]);
    leave(&mut harness, 1_051.0, 1_100.0);
    assert_eq!(asked(&all), [Intent::Lock(LockReason::Idle)]);
}

#[test]
fn a_press_that_comes_after_the_ten_minutes_finds_the_lock_screen_and_does_nothing() {
    // A computer that slept: no frame came in time to warn.
    let (mut harness, all) = register();
    frame(&mut harness, 9_000.0, vec![key(Key::Slash, true), Event::Text("/".into()), key(Key::Slash, false)]);
    assert_eq!(asked(&all), [Intent::Lock(LockReason::Idle)]);
    assert!(!says(&harness, "Jankowski"), "not for one frame");
}

#[test]
fn a_roll_call_is_never_locked_or_warned_of_until_its_report_is_made() {
    let event = EventId([5; 16]);
    let signed_in = sample::office();
    assert!(signed_in.person.is_some());
    let open = |report| {
        let call = muster_school::view::call::CallView { report, ..sample::call() };
        let updates =
            vec![Update::Frame(sample::office()), Update::Call(Box::new(call)), Update::Go(Screen::Call(event))];
        client(TABLET, Settings::default(), updates)
    };
    let (mut harness, all) = open(None);
    for secs in [100, 690, 700, 701, 5_000, 20_000] {
        at(&mut harness, f64::from(secs));
        assert!(!says(&harness, "Press any key to stay"), "{secs}");
    }
    assert_eq!(asked(&all), []);
    assert_eq!(harness.state().screen(), Screen::Call(event));
    let (mut harness, all) = open(Some(CallReport::default()));
    leave(&mut harness, 1.0, 700.0);
    assert_eq!(asked(&all), [Intent::Lock(LockReason::Idle)], "an event that has ended is a screen like another");
    assert_eq!(harness.state().screen(), Screen::Lock);
}

#[test]
fn a_fire_register_in_use_stays_open_and_one_that_was_only_looked_at_locks() {
    use muster_school::view::fire::{EventKind, FireView, RunningCall};
    let running = RunningCall {
        event: EventId([5; 16]),
        kind: EventKind::Drill,
        words: "Drill, started 09:17".into(),
        kind_words: "Drill, started 09:17".into(),
    };
    for (running, locks) in [(vec![running], false), (vec![], true)] {
        let fire = FireView { running, ..sample::fire() };
        let updates = vec![Update::Frame(sample::office()), Update::Fire(fire), Update::Go(Screen::Fire)];
        let (mut harness, all) = client(TABLET, Settings::default(), updates);
        leave(&mut harness, 1.0, 590.0);
        assert_eq!(says(&harness, "Press any key to stay"), locks);
        leave(&mut harness, 591.0, 700.0);
        assert_eq!(asked(&all) == [Intent::Lock(LockReason::Idle)], locks);
    }
}

#[test]
fn with_nobody_signed_in_there_is_nothing_to_lock() {
    let nobody = [("lock", Screen::Lock), ("join", Screen::Join), ("fire", Screen::Fire)];
    for (name, screen) in nobody {
        assert!(sample::hall().person.is_none());
        let updates = vec![Update::Frame(sample::hall()), Update::Fire(sample::fire()), Update::Go(screen)];
        let (mut harness, all) = client(WIDE, Settings::default(), updates);
        for secs in [100, 690, 5_000] {
            at(&mut harness, f64::from(secs));
            assert!(!says(&harness, "Press any key to stay"), "{name} at {secs}");
        }
        assert_eq!(asked(&all), [], "{name}");
        assert_eq!(harness.state().screen(), screen);
    }
}

#[test]
fn every_screen_of_somebody_signed_in_warns_and_locks_at_double_size_too() {
    let double = Settings { size_percent: 200, ..Settings::default() };
    let signed_in = ["today", "registers", "register", "audit", "devices"];
    for (name, updates) in every_screen().into_iter().filter(|(name, _)| signed_in.contains(name)) {
        let (mut harness, all) = client(TABLET, double.clone(), updates);
        leave(&mut harness, 10.0, 590.0);
        let line = places(&harness, "Press any key to stay").pop().unwrap();
        assert!(line.right() <= TABLET[0] + 1.0 && line.bottom() <= TABLET[1] + 1.0, "{name}: {line:?}");
        leave(&mut harness, 591.0, 605.0);
        assert_eq!(asked(&all), [Intent::Lock(LockReason::Idle)], "{name}");
    }
}

#[test]
fn an_open_layer_goes_with_the_screen() {
    let (mut harness, all) = register();
    press_with(&mut harness, Modifiers::COMMAND, Key::K);
    leave(&mut harness, 101.0, 690.0);
    assert!(says(&harness, "Press any key to stay") && harness.query_by_label("Nothing fits").is_none());
    leave(&mut harness, 691.0, 701.0);
    assert_eq!(asked(&all), [Intent::Lock(LockReason::Idle)]);
    assert!(!says(&harness, "Go to anything"));
}

#[test]
fn the_client_wakes_itself_and_does_not_spin() {
    let (mut harness, _) = register();
    for secs in [110.0, 300.0, 690.0, 695.2] {
        // What a new line moves takes some frames to settle.
        for _ in 0..6 {
            at(&mut harness, secs);
        }
        let root = &harness.output().viewport_output[&egui::ViewportId::ROOT];
        let wait = root.repaint_delay.as_secs_f64();
        assert!(wait > 0.1 && wait <= 1.01, "at {secs} it sleeps {wait} s");
    }
}

#[test]
fn a_hidden_window_locks_on_time() {
    use eframe::App as _;
    let engine = ScriptedEngine::new([
        Update::Frame(sample::office()),
        Update::Today(sample::today()),
        Update::Go(Screen::Today),
    ]);
    let all = engine.asked.clone();
    let mut app = App::new(Box::new(engine), Settings::default());
    let ctx = egui::Context::default();
    let mut window = eframe::Frame::_new_kittest();
    for (secs, locked) in [(1.0, false), (600.0, false), (601.0, true)] {
        let mut input = RawInput { time: Some(secs), ..RawInput::default() };
        app.raw_input_hook(&ctx, &mut input);
        let _ = ctx.run_logic(&input, |ctx| app.logic(ctx, &mut window));
        assert_eq!(asked(&all) == [Intent::Lock(LockReason::Idle)], locked, "at {secs}");
    }
    assert_eq!(app.screen(), Screen::Lock);
}

#[test]
fn a_roll_call_that_never_comes_keeps_no_screen_open() {
    let event = muster_school::view::EventId([0xab; 16]);
    let updates = vec![Update::Frame(sample::office()), Update::Go(Screen::Call(event))];
    let (mut harness, said) = client(WIDE, Settings::default(), updates);
    leave(&mut harness, 0.0, LOCK_AFTER_SECS + 1.0);
    assert!(asked(&said).contains(&Intent::Lock(LockReason::Idle)));
}
