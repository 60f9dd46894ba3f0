//! A roll call: points 25 to 29 of the screens.

use crate::{TABLET, Under, client, fill, focused, press, sample, says, show};
use egui::Key;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use muster_gui::kit::size;
use muster_gui::screens::call::{CallState, call_ui, counts_words};
use muster_gui::{Intent, Screen, Settings, Sighting, Update};
use muster_school::view::call::{CallAct, CallReport, CallView};
use muster_school::view::fire::EventKind;
use muster_school::view::status::Status;
use std::sync::{Arc, Mutex};

type Shared = Arc<Mutex<CallView>>;

fn open(view: CallView) -> (Harness<'static, Under<CallState>>, Shared) {
    let shared = Arc::new(Mutex::new(view));
    let seen = shared.clone();
    let frame = sample::hall();
    let harness =
        show(TABLET, true, CallState::default(), move |ui, state| call_ui(ui, &frame, &seen.lock().unwrap(), state));
    (harness, shared)
}

#[test]
fn the_band_says_drill_since_when_and_how_old_the_list_is() {
    let (harness, _) = open(sample::call());
    for words in ["DRILL", "started 09:17, 4 minutes ago", "List fixed as of 09:21", "7B has sent no register"] {
        assert!(says(&harness, words), "{words}");
    }
}

#[test]
fn the_counts_are_read_out_in_words() {
    assert_eq!(counts_words(&sample::call()), "19 to find, 1 to check. Found 412 of 431");
    let (harness, _) = open(sample::call());
    assert!(says(&harness, "19 to find, 1 to check. Found 412 of 431"));
}

#[test]
fn the_count_is_read_out_at_most_every_five_seconds() {
    let (mut harness, shared) = open(sample::call());
    let read_out =
        |harness: &Harness<'_, Under<CallState>>, words: &str| harness.query_all_by_label_contains(words).count();
    let first = "19 to find, 1 to check. Found 412 of 431";
    assert_eq!(read_out(&harness, first), 2, "painted, and read out");
    shared.lock().unwrap().found = 413;
    shared.lock().unwrap().to_find = 18;
    harness.run_steps(2);
    assert_eq!(read_out(&harness, first), 1, "half a second later the old count is still the last one read out");
    harness.run_steps(24);
    assert_eq!(read_out(&harness, "18 to find, 1 to check. Found 413 of 431"), 2);
}

#[test]
fn the_list_begins_with_those_to_check_then_those_looked_for_and_leaves_out_the_found() {
    let (mut harness, _) = open(sample::call());
    let rows: Vec<_> = harness
        .get_all_by_role(Role::Button)
        .filter_map(|node| {
            use egui_kittest::kittest::NodeT as _;
            node.accesskit_node().label()
        })
        .filter(|name| name.starts_with("Found, ") || name.starts_with("Settle, "))
        .collect();
    assert!(rows[0].starts_with("Settle, Leila Hassan"), "{rows:?}");
    assert!(rows[1].starts_with("Found, Tyler Green"), "{rows:?}");
    assert!(!says(&harness, "Yusuf Abdi, Beech"));
    harness.get_by_label("Show found").click();
    harness.run_steps(3);
    harness.get_by_label_contains("Call back, Yusuf Abdi").click();
    harness.run_steps(2);
    let Some(Intent::Sight { sighting, .. }) = harness.state().asked.last() else { panic!() };
    assert_eq!(*sighting, Sighting::Withdrawn);
}

#[test]
fn somebody_who_was_found_can_be_said_to_be_not_found() {
    let (mut harness, _) = open(sample::call());
    harness.get_by_label("Show found").click();
    harness.run_steps(3);
    harness.get_by_label_contains("Other… Yusuf Abdi").click();
    harness.run_steps(3);
    for name in ["Not found…", "Not found"] {
        harness.get_by_label(name).click();
        harness.run_steps(3);
    }
    let Some(Intent::Sight { sighting, .. }) = harness.state().asked.last() else { panic!() };
    assert_eq!(*sighting, Sighting::NotFound { place: String::new() });
}

#[test]
fn a_press_on_the_whole_row_says_found_and_a_second_press_is_ignored() {
    let (mut harness, shared) = open(sample::call());
    let row = harness.get_by_label_contains("Found, Rhys Davies");
    assert!(row.rect().height() >= 56.0);
    assert!(row.rect().width() >= 1000.0, "the row is as wide as the screen: {:?}", row.rect());
    row.click();
    harness.run_steps(2);
    harness.get_by_label_contains("Found, Rhys Davies").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked.len(), 1);
    let Some(Intent::Sight { sighting, person, .. }) = harness.state().asked.first().cloned() else { panic!() };
    assert_eq!(sighting, Sighting::Found);
    for row in &mut shared.lock().unwrap().rows {
        if row.person == person {
            row.status = Status::Found;
        }
    }
    harness.run_steps(2);
    assert!(says(&harness, "Call back, Rhys Davies, Beech"), "the row stays where it is, ticked");
    rest(&mut harness);
    assert!(!says(&harness, "Rhys Davies, Beech"), "found people leave the list");
}

/// Nobody touches anything for some seconds.
fn rest(harness: &mut Harness<'_, Under<CallState>>) {
    harness.run_steps(16);
}

fn top_of(harness: &Harness<'_, Under<CallState>>, name: &str) -> f32 {
    harness.get_by_label_contains(name).rect().top()
}

#[test]
fn no_row_moves_while_somebody_works_on_the_list() {
    let (mut harness, shared) = open(sample::call());
    let before = top_of(&harness, "Found, Kayleigh Dunn");
    harness.get_by_label_contains("Found, Carol Abbott").click();
    harness.run_steps(1);
    {
        let mut view = shared.lock().unwrap();
        for row in &mut view.rows {
            match row.name.as_str() {
                "Abbott, Carol" => row.status = Status::Found,
                // Another marshal, from elsewhere: it would be put first.
                "Iqbal, Hamza" => row.status = Status::NotFound,
                _ => {}
            }
        }
        view.rows.sort_by_key(|row| row.name != "Iqbal, Hamza");
    }
    for _ in 0..10 {
        harness.run_steps(1);
        assert_eq!(top_of(&harness, "Found, Kayleigh Dunn"), before);
    }
    harness.get_by_label_contains("Found, Kayleigh Dunn").click();
    harness.run_steps(10);
    assert_eq!(top_of(&harness, "Found, Kayleigh Dunn"), before, "every touch begins the rest anew");
    rest(&mut harness);
    assert!(top_of(&harness, "Found, Hamza Iqbal") < top_of(&harness, "Settle, Leila Hassan"));
    assert!(!says(&harness, "Carol Abbott, Visitor"));
}

#[test]
fn a_filter_shows_at_once_and_a_found_row_can_be_called_back_where_it_stands() {
    let (mut harness, shared) = open(sample::call());
    for row in &mut shared.lock().unwrap().rows {
        if row.name == "Davies, Rhys" {
            row.status = Status::Found;
        }
    }
    harness.run_steps(4);
    harness.get_by_label_contains("Call back, Rhys Davies").click();
    harness.run_steps(1);
    let Some(Intent::Sight { sighting: Sighting::Withdrawn, .. }) = harness.state().asked.last() else { panic!() };
    harness.get_by_label("D–F, surnames D to F").click();
    harness.run_steps(2);
    assert!(!says(&harness, "Rhys Davies") && says(&harness, "Found, Kayleigh Dunn"));
}

#[test]
fn a_place_is_chosen_and_then_said_and_a_press_too_many_marks_nobody() {
    let (mut harness, _) = open(sample::call());
    harness.get_by_label("Other… Carol Abbott").click();
    harness.run_steps(3);
    harness.get_by_label("Not found…").click();
    harness.run_steps(3);
    harness.get_by_label("Toilets").click();
    harness.run_steps(2);
    assert!(harness.state().asked.is_empty(), "a choice says nothing yet");
    let spot = harness.get_by_label("Not found: Toilets").rect().center();
    harness.get_by_label("Not found: Toilets").click();
    harness.run_steps(1);
    assert_eq!(harness.state().asked.len(), 1);
    press_at(&mut harness, spot);
    assert_eq!(harness.state().asked.len(), 1, "a second press says nothing of whoever lies under the question");
    harness.run_steps(3);
    press_at(&mut harness, spot);
    assert_eq!(harness.state().asked.len(), 2, "and one that was meant does");
}

fn press_at(harness: &mut Harness<'_, Under<CallState>>, pos: egui::Pos2) {
    for pressed in [true, false] {
        let (button, modifiers) = (egui::PointerButton::Primary, egui::Modifiers::NONE);
        harness.event(egui::Event::PointerButton { pos, button, pressed, modifiers });
        harness.run_steps(1);
    }
}

fn ended(by: &str) -> CallReport {
    let title = "Drill, 09:17 to 09:31".into();
    CallReport { title, ended: format!("Ended by {by} at 09:31"), ..CallReport::default() }
}

#[test]
fn whoever_calls_is_told_who_ended_it_and_goes_on_or_sees_the_report() {
    let (mut harness, shared) = open(sample::call());
    shared.lock().unwrap().report = Some(ended("Hall tablet"));
    harness.run_steps(3);
    assert!(says(&harness, "Ended by Hall tablet at 09:31. 19 people are not yet found"));
    assert!(says(&harness, "Found, Rhys Davies"), "the list is not taken away");
    assert_eq!(focused(&harness), "Go on calling");
    harness.get_by_label("Go on calling").click();
    harness.run_steps(2);
    let event = sample::call().event;
    assert_eq!(harness.state().asked, [Intent::OfCall { event, act: CallAct::GoOn }]);
    shared.lock().unwrap().report = None;
    harness.run_steps(2);
    shared.lock().unwrap().report = Some(ended("Hall tablet"));
    harness.run_steps(3);
    harness.get_by_label("See the report").click();
    harness.run_steps(3);
    assert!(!says(&harness, "Found, Rhys Davies") && says(&harness, "Drill, 09:17 to 09:31"));
    harness.get_by_label("Go on calling").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked.len(), 2, "from the report, too");
}

#[test]
fn an_event_that_is_no_drill_is_ended_with_people_to_find_only_after_a_second_question() {
    let mut view = sample::call();
    view.kind = EventKind::Real;
    let (mut harness, shared) = open(view);
    let filled = |harness: &Harness<'_, Under<CallState>>| focused(harness);
    for answer in ["End and make the report", "End it all the same"] {
        if harness.state().asked.is_empty() && answer.starts_with("End and") {
            harness.get_by_label("End the roll call").click();
            harness.run_steps(3);
        }
        assert_eq!(filled(&harness), "Keep going");
        assert!(harness.state().asked.is_empty());
        harness.get_by_label(answer).click();
        harness.run_steps(3);
    }
    assert_eq!(harness.state().asked, [Intent::EndCall(sample::call().event)]);
    shared.lock().unwrap().report = Some(ended("you"));
    harness.run_steps(3);
    assert!(!says(&harness, "This roll call was ended"), "whoever ended it knows");
}

#[test]
fn with_the_keyboard_the_next_row_has_the_focus_after_enter() {
    let (mut harness, shared) = open(sample::call());
    harness.get_by_label_contains("Settle, Leila Hassan").focus();
    harness.run_steps(2);
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().asked.len(), 1);
    for row in &mut shared.lock().unwrap().rows {
        if row.name == "Abbott, Carol" {
            row.status = Status::Found;
        }
    }
    harness.run_steps(6);
    assert!(focused(&harness).starts_with("Found, Rhys Davies"), "{}", focused(&harness));
}

#[test]
fn the_focus_stays_with_its_person_when_another_marshal_changes_the_list() {
    let (mut harness, shared) = open(sample::call());
    harness.get_by_label_contains("Settle, Leila Hassan").focus();
    harness.run_steps(2);
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::ArrowDown);
    assert!(focused(&harness).starts_with("Found, Carol Abbott"));
    {
        let mut view = shared.lock().unwrap();
        let mut row = view.rows.remove(6);
        row.status = Status::Check;
        view.rows.insert(0, row);
    }
    harness.run_steps(3);
    assert!(focused(&harness).starts_with("Found, Carol Abbott"), "{}", focused(&harness));
}

#[test]
fn a_row_that_another_marshal_found_stays_for_a_moment_and_ignores_the_finger() {
    let (mut harness, shared) = open(sample::call());
    for row in &mut shared.lock().unwrap().rows {
        if row.name == "Abbott, Carol" {
            row.status = Status::Found;
        }
    }
    harness.run_steps(1);
    harness.get_by_label_contains("Carol Abbott, Visitor").click();
    harness.run_steps(1);
    assert!(harness.state().asked.is_empty());
    rest(&mut harness);
    assert!(!says(&harness, "Carol Abbott, Visitor"));
}

#[test]
fn two_marshals_who_disagree_are_settled_by_naming_both() {
    let (mut harness, _) = open(sample::call());
    assert!(says(&harness, "Found by T. Okafor 09:19. Not found by H. Marsh 09:20"));
    harness.get_by_label_contains("Settle, Leila Hassan").click();
    harness.run_steps(3);
    assert_eq!(focused(&harness), "Not now", "Enter twice settles nothing");
    harness.get_by_label("Not found").click();
    harness.run_steps(3);
    let Some(Intent::SettleCall { found, among, .. }) = harness.state().asked.last() else { panic!() };
    assert!(!found);
    assert_eq!(among, &[sample::fact(11), sample::fact(12)]);
}

#[test]
fn somebody_looked_for_and_not_found_is_said_with_the_place() {
    let (mut harness, _) = open(sample::call());
    harness.get_by_label("Other… Carol Abbott").click();
    harness.run_steps(3);
    harness.get_by_label("Not found…").click();
    harness.run_steps(3);
    harness.get_by_label("Toilets").click();
    harness.run_steps(3);
    harness.get_by_label("Not found: Toilets").click();
    harness.run_steps(3);
    let Some(Intent::Sight { sighting, .. }) = harness.state().asked.last() else { panic!() };
    assert_eq!(*sighting, Sighting::NotFound { place: "Toilets".into() });
}

#[test]
fn each_row_says_the_last_place_and_its_source() {
    let (harness, _) = open(sample::call());
    assert!(says(&harness, "Present, Register Beech, 08:53, Evac chair, two adults"));
    assert!(says(&harness, "Signed in 08:41"));
}

#[test]
fn the_list_narrows_by_letters_by_class_and_by_first_or_last_name() {
    let (mut harness, _) = open(sample::call());
    harness.get_by_label("D–F, surnames D to F").click();
    harness.run_steps(3);
    assert!(says(&harness, "Found, Rhys Davies") && !says(&harness, "Found, Carol Abbott"));
    harness.get_by_label("All letters").click();
    harness.run_steps(2);
    fill(&mut harness, "Search first or last name", "hamza");
    assert!(says(&harness, "Found, Hamza Iqbal") && !says(&harness, "Found, Rhys Davies"));
}

#[test]
fn somebody_not_on_the_list_is_added_with_one_action_and_a_name() {
    let (mut harness, _) = open(sample::call());
    harness.get_by_label("Add a person").click();
    harness.run_steps(3);
    harness.get_by_label("Name").type_text("Jo Kerr");
    harness.run_steps(2);
    harness.get_by_label("Add as found").click();
    harness.run_steps(2);
    let event = sample::call().event;
    assert_eq!(harness.state().asked, [Intent::AddStranger { event, name: "Jo Kerr".into() }]);
}

#[test]
fn ending_asks_once_and_enter_twice_ends_nothing() {
    let (mut harness, shared) = open(sample::call());
    harness.get_by_label("End the roll call").click();
    harness.run_steps(3);
    assert!(says(&harness, "19 people are not yet found"));
    press(&mut harness, Key::Enter);
    assert!(harness.state().asked.is_empty());
    harness.get_by_label("End the roll call").click();
    harness.run_steps(3);
    harness.get_by_label("End and make the report").click();
    harness.run_steps(2);
    let event = sample::call().event;
    assert_eq!(harness.state().asked, [Intent::EndCall(event)]);
    shared.lock().unwrap().report = Some(CallReport {
        title: "Drill, 09:17 to 09:31".into(),
        lines: vec!["Found 430 of 431 in 14 minutes".into()],
        never_found: vec!["Tyler Green".into()],
        ..CallReport::default()
    });
    harness.run_steps(3);
    assert!(says(&harness, "Never found: Tyler Green"));
}

#[test]
fn the_last_mark_can_be_undone() {
    let (mut harness, _) = open(sample::call());
    harness.get_by_label("Undo: Found Yusuf Abdi").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::UndoCall(sample::call().event)]);
}

#[test]
fn at_double_size_the_counts_are_what_is_seen_first() {
    let settings = Settings { size_percent: 200, ..Settings::default() };
    let updates = vec![
        Update::Frame(sample::hall()),
        Update::Call(Box::new(sample::call_full())),
        Update::Go(Screen::Call(sample::call().event)),
    ];
    let (mut harness, _) = client(TABLET, settings, updates);
    harness.run_steps(6);
    // The code stands beside the counts: under the band, and above the middle of 300 points.
    let place = harness.get_by_label("Code daring elephant").rect();
    assert!(place.top() >= size::BAND && place.bottom() < 150.0, "{place:?}");
}

#[test]
fn somebody_added_under_a_name_that_is_on_the_list_is_offered_as_that_person() {
    let (mut harness, _) = open(sample::call());
    for typed in ["rhys DAVIES", "Davies Rhys"] {
        harness.get_by_label("Add a person").click();
        harness.run_steps(3);
        harness.get_by_label("Name").type_text(typed);
        harness.run_steps(2);
        press(&mut harness, Key::Enter);
        assert!(harness.state().asked.is_empty(), "Enter adds nobody twice");
        assert!(says(&harness, "Davies, Rhys, Beech, is on the list"));
        if typed.starts_with("Davies") {
            break;
        }
        harness.get_by_label("Not now").click();
        harness.run_steps(3);
    }
    harness.get_by_label("Mark as found, Davies, Rhys, Beech, is on the list").click();
    harness.run_steps(2);
    let person = sample::call().rows.iter().find(|row| row.name == "Davies, Rhys").unwrap().person;
    let event = sample::call().event;
    assert_eq!(harness.state().asked, [Intent::Sight { event, person, sighting: Sighting::Found }]);
}
