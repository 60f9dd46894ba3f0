//! The fire register: age and gaps first, who must be called and why, and no start by accident.

use crate::{TABLET, Under, press, sample, says, show};
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use muster_gui::Intent;
use muster_gui::screens::fire::{FireState, fire_ui};
use muster_school::view::EventId;
use muster_school::view::fire::{EventKind, FireView, RunningCall};

fn open(view: FireView) -> Harness<'static, Under<FireState>> {
    let frame = sample::hall();
    show(TABLET, true, FireState::default(), move |ui, state| fire_ui(ui, &frame, &view, state))
}

#[test]
fn it_says_as_of_when_heard_from_whom_and_who_has_sent_no_register() {
    let harness = open(sample::fire());
    assert!(says(&harness, "As of 09:14, heard from office and hall tablet; 7B has sent no register."));
    assert!(says(&harness, "431 to call"));
}

#[test]
fn those_who_must_be_called_come_first_with_the_reason() {
    let harness = open(sample::fire());
    let mut rows = harness.get_all_by_role(egui::accesskit::Role::Row);
    let first = rows.next().unwrap().accesskit_node().label().unwrap();
    assert_eq!(first, "Dunn, Kayleigh, 4B, must be called, Visit planned, not confirmed");
}

#[test]
fn nothing_starts_until_a_kind_of_event_is_chosen() {
    let mut harness = open(sample::fire());
    assert!(harness.get_by_label("Choose one to start").accesskit_node().is_disabled());
    harness.get_by_label("Choose one to start").click();
    harness.run_steps(2);
    assert!(harness.state().asked.is_empty());
    harness.get_by_label("Drill. Reported as a drill").click();
    harness.run_steps(2);
    assert!(harness.state().asked.is_empty(), "choosing starts nothing");
    harness.get_by_label("Start drill").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::StartCall(EventKind::Drill)]);
}

#[test]
fn a_roll_call_that_runs_already_can_be_joined() {
    let event = EventId([9; 16]);
    let running = vec![RunningCall {
        event,
        kind: EventKind::Real,
        words: "Real, started 09:15 by Helen Marsh".into(),
        kind_words: "Real, started 09:15".into(),
    }];
    let mut harness = open(FireView { running, ..sample::fire() });
    harness.get_by_label("Join: Real, started 09:15 by Helen Marsh").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::JoinCall(event)]);
}

#[test]
fn the_list_can_be_read_with_the_arrows() {
    let mut harness = open(sample::fire());
    harness.get_by_label_contains("Dunn, Kayleigh").focus();
    harness.run_steps(2);
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::ArrowDown);
    assert!(crate::focused(&harness).starts_with("Quayle, Ethan"));
    press(&mut harness, Key::End);
    assert!(crate::focused(&harness).starts_with("Whitfield, Grace"));
}

#[test]
fn a_second_roll_call_beside_one_that_runs_asks_to_join_it_first() {
    let event = EventId([9; 16]);
    let running = vec![RunningCall {
        event,
        kind: EventKind::Drill,
        words: "Drill, started 08:59 on Hall tablet".into(),
        kind_words: "Drill, started 08:59".into(),
    }];
    let start = |harness: &mut Harness<'static, Under<FireState>>| {
        harness.get_by_label("Drill. Reported as a drill").click();
        harness.run_steps(2);
        harness.get_by_label("Start drill").click();
        harness.run_steps(3);
        assert!(harness.state().asked.is_empty(), "nothing starts yet");
        assert!(says(harness, "A roll call runs already: join it?"));
    };
    let mut harness = open(FireView { running: running.clone(), ..sample::fire() });
    start(&mut harness);
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().asked, [Intent::JoinCall(event)], "Enter joins");
    let mut harness = open(FireView { running, ..sample::fire() });
    start(&mut harness);
    harness.get_by_label("Start drill beside it").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::StartCall(EventKind::Drill)]);
}

#[test]
fn with_nobody_signed_in_the_list_is_printed_only_where_the_school_has_set() {
    let harness = open(sample::fire());
    assert!(harness.query_by_label("Print…").is_none());
    let mut harness = open(FireView { prints_into: "/paper".into(), ..sample::fire() });
    harness.get_by_label("Print…").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::PrintFireList { folder: String::new() }]);
}

#[test]
fn where_no_roll_call_can_be_held_it_is_said_before_anybody_presses() {
    let words = "No roll call can be held on this device.";
    let view = muster_school::view::fire::FireView { no_start: words.to_owned(), ..crate::sample::fire() };
    let updates = vec![
        muster_gui::Update::Frame(crate::sample::hall()),
        muster_gui::Update::Fire(view),
        muster_gui::Update::Go(muster_gui::Screen::Fire),
    ];
    let (mut harness, _) = crate::client(crate::WIDE, muster_gui::Settings::default(), updates);
    harness.run_steps(3);
    assert!(crate::says(&harness, words));
    assert!(!crate::says(&harness, "Choose one to start") && !crate::says(&harness, "Drill. Reported as a drill"));
}
