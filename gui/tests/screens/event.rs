//! Reception, display, drills and the silent events, as the people who stand before them would ask.

use crate::{TABLET, Talk, WIDE, press, sample, says, show};
use egui::Key;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use muster_gui::screens::call::{CallState, call_ui};
use muster_gui::{Intent, Screen, Settings, Sighting, Update};
use muster_school::view::call::{CallView, ReportAct};
use muster_school::view::reception::{ComerKind, ReceptionAct, ReceptionView};
use muster_school::view::{EventId, FrameView};

fn talk(size: [f32; 2], updates: Vec<Update>) -> Talk {
    Talk::new(size, Settings { reduce_motion: true, ..Settings::default() }, updates)
}

fn touch(talk: &mut Talk, name: &str) {
    talk.harness.get_by_label(name).click();
    talk.harness.run_steps(4);
}

fn in_call(view: CallView) -> Talk {
    let go = Update::Go(Screen::Call(EventId([5; 16])));
    talk(TABLET, vec![Update::Frame(sample::hall()), Update::Call(Box::new(view)), go])
}

fn at_the_door(view: ReceptionView) -> Talk {
    let go = Update::Go(Screen::Reception);
    talk(TABLET, vec![Update::Frame(sample::hall()), go, Update::Reception(Box::new(view))])
}

fn at_the_desk(view: ReceptionView) -> Talk {
    let go = Update::Go(Screen::Reception);
    talk(WIDE, vec![Update::Frame(sample::office()), Update::Reception(Box::new(view)), go])
}

/// How many places are read out when they change.
fn read_out(talk: &Talk) -> usize {
    let live = |node: &egui_kittest::Node<'_>| node.accesskit_node().live() != egui::accesskit::Live::Off;
    talk.harness.root().children_recursive().filter(live).count()
}

#[test]
fn in_a_lockdown_nothing_is_read_out_and_the_screen_is_dim_whatever_is_set() {
    let loud = in_call(sample::call());
    assert!(read_out(&loud) > 0, "in a drill the counts are");
    let silent = in_call(sample::call_silent());
    assert_eq!(read_out(&silent), 0);
    let look = silent.harness.ctx.global_style().visuals.clone();
    assert!(look.dark_mode, "a bright window can be seen through a door");
    assert!(says(&silent.harness, "19 to find, 1 to check"), "who looks for it is told");
}

#[test]
fn at_the_door_nobody_is_named_whatever_the_program_knows() {
    // Even a view that should never come here shows nobody.
    for view in [sample::kiosk(), sample::reception(), sample::reception_with_pupil()] {
        let talk = at_the_door(ReceptionView { said: None, ..view });
        for name in ["Byrne", "Abbott", "Adeyemi", "Davies", "Quayle", "Swimming"] {
            assert!(!says(&talk.harness, name), "{name}: {:?}", crate::names(&talk.harness));
        }
        assert!(says(&talk.harness, "Visitor"));
    }
}

#[test]
fn a_visitor_signs_in_at_the_door_and_the_next_finds_an_empty_form() {
    let mut talk = at_the_door(ReceptionView { said: None, ..sample::kiosk() });
    touch(&mut talk, "Visitor");
    crate::fill(&mut talk.harness, "Your name", "Carol Abbott");
    crate::fill(&mut talk.harness, "Whom do you see?", "Ruth Adeyemi");
    talk.asked();
    touch(&mut talk, "Sign in");
    let asked = talk.asked();
    let [Intent::Reception(ReceptionAct::Arrive(comer))] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!((comer.kind, comer.name.as_str()), (ComerKind::Visitor, "Carol Abbott"));
    assert_eq!(comer.host_typed, "Ruth Adeyemi");
    talk.hear(vec![Update::Reception(Box::new(sample::kiosk()))]);
    assert!(says(&talk.harness, "Thank you, Carol. You are signed in: 09:16"));
    assert!(!says(&talk.harness, "Adeyemi"));
    touch(&mut talk, "Done");
    assert_eq!(talk.asked(), [Intent::Reception(ReceptionAct::Seen)]);
    talk.hear(vec![Update::Reception(Box::new(ReceptionView { said: None, ..sample::kiosk() }))]);
    touch(&mut talk, "Visitor");
    assert!(!says(&talk.harness, "Carol"), "nothing of her is left: {:?}", crate::names(&talk.harness));
}

#[test]
fn what_was_said_at_the_door_goes_by_itself_after_ten_seconds() {
    let mut talk = at_the_door(sample::kiosk());
    assert!(says(&talk.harness, "Thank you, Carol"));
    talk.harness.run_steps(60);
    assert!(!says(&talk.harness, "Thank you, Carol"));
    assert_eq!(talk.asked(), [Intent::Reception(ReceptionAct::Seen)]);
}

#[test]
fn whoever_must_not_collect_stands_first_and_a_pupil_is_let_go_despite_it_only_when_asked_again() {
    let mut talk = at_the_desk(sample::reception_with_pupil());
    let names = crate::names(&talk.harness);
    let place = |words: &str| names.iter().position(|name| name.contains(words)).unwrap();
    assert!(place("Dan Byrne must not collect Ada") < place("Grace Byrne, Mother"), "loudest and first");
    assert!(talk.harness.get_by_label("Sign out Ada Byrne").accesskit_node().is_disabled(), "nobody was chosen yet");
    touch(&mut talk, "Somebody else");
    crate::fill(&mut talk.harness, "Who collects", "Dan Byrne");
    touch(&mut talk, "Released by: Choose a member of staff");
    touch(&mut talk, "Marsh, Helen");
    touch(&mut talk, "Sign out Ada Byrne");
    let asked = talk.asked();
    let [Intent::Reception(ReceptionAct::Collect(leaving))] = asked.as_slice() else { panic!("{asked:?}") };
    assert!(!leaving.despite);
    let words = "Dan Byrne must not collect Ada: court order.".to_owned();
    talk.hear(vec![Update::Refused { intent: Box::new(asked[0].clone()), words }]);
    assert_eq!(crate::focused(&talk.harness), "Do not let them go", "Enter without reading lets nobody go");
    touch(&mut talk, "Let them go despite this");
    let asked = talk.asked();
    let [Intent::Reception(ReceptionAct::Collect(leaving))] = asked.as_slice() else { panic!("{asked:?}") };
    assert!(leaving.despite && leaving.by == "Dan Byrne" && leaving.released_by.is_some());
}

#[test]
fn a_trip_that_is_back_and_somebody_who_arrived_are_two_presses_each() {
    let mut talk = at_the_desk(ReceptionView { said: None, ..sample::reception() });
    touch(&mut talk, "Trips 2, to be looked at");
    talk.harness.get_by_label_contains("Swimming, led by R. Adeyemi").click();
    talk.harness.run_steps(4);
    touch(&mut talk, "All of them are back");
    assert_eq!(talk.asked(), [Intent::Reception(ReceptionAct::TripBack(sample::trips()[0].trip))]);
    touch(&mut talk, "Between sites 1, to be looked at");
    talk.harness.get_by_label_contains("Arrived: Quayle, Ethan").click();
    talk.harness.run_steps(4);
    assert!(matches!(talk.asked().as_slice(), [Intent::Reception(ReceptionAct::Arrived(_))]));
}

#[test]
fn the_wall_shows_counts_and_their_age_and_no_name() {
    let view = Update::Display(sample::display_in_call());
    let mut talk = talk(WIDE, vec![Update::Frame(sample::hall()), view, Update::Go(Screen::Display)]);
    for words in
        ["431 on site", "17 must be called", "As of 09:14", "19 to find. Found 412 of 431", "Code daring elephant"]
    {
        assert!(says(&talk.harness, words), "{words}: {:?}", crate::names(&talk.harness));
    }
    talk.asked();
    press(&mut talk.harness, Key::Escape);
    assert_eq!(talk.asked(), [Intent::Open(Screen::Lock)], "Esc leads back");
}

#[test]
fn a_drill_is_opened_written_up_and_signed_once_it_was_asked_again() {
    let mut drills = sample::drills();
    let view = Update::Drills(Box::new(drills.clone()));
    let mut talk = talk(WIDE, vec![Update::Frame(sample::office()), view, Update::Go(Screen::Drills)]);
    assert!(says(&talk.harness, "The next is due by Thursday 1 April 2027"));
    talk.harness.get_by_label_contains("Drill, Monday 23 November 2026").click();
    talk.harness.run_steps(3);
    assert_eq!(talk.asked(), [Intent::LookAtCall(Some(EventId([5; 16])))]);
    drills.report = Some(sample::report());
    talk.hear(vec![Update::Drills(Box::new(drills))]);
    touch(&mut talk, "Change what is written…");
    talk.harness.get_by_label("Save what is written").click_accesskit();
    talk.harness.run_steps(4);
    let asked = talk.asked();
    let [Intent::OfReport { act: ReportAct::Write(answers), .. }] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(**answers, sample::report().written, "what stood there stands there still");
    touch(&mut talk, "Sign…");
    assert_eq!(crate::focused(&talk.harness), "Not now", "Enter without reading signs nothing");
    touch(&mut talk, "Sign it");
    assert_eq!(talk.asked(), [Intent::OfReport { event: EventId([5; 16]), act: ReportAct::Sign }]);
    touch(&mut talk, "Back to the drills");
    assert_eq!(talk.asked(), [Intent::LookAtCall(None)]);
}

#[test]
fn somebody_who_came_after_the_start_is_found_with_two_touches() {
    let mut talk = in_call(sample::call_full());
    touch(&mut talk, "Find who came after the start");
    talk.harness.get_by_label_contains("Found: Walsh, Peter, Contractor").click();
    talk.harness.run_steps(3);
    let asked = talk.asked();
    let [Intent::Sight { sighting, person, .. }] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!((sighting, *person), (&Sighting::Found, sample::call_full().heard_since[0].person));
}

#[test]
fn two_roll_calls_of_one_event_are_joined_where_it_is_seen() {
    let mut talk = in_call(sample::call_full());
    talk.harness.get_by_label("Join: Drill, started 09:18 by Tom Okafor").click();
    talk.harness.run_steps(3);
    let act = muster_school::view::call::CallAct::JoinWith(EventId([6; 16]));
    assert_eq!(talk.asked(), [Intent::OfCall { event: EventId([5; 16]), act }]);
}

#[test]
fn how_a_roll_call_goes_is_one_key_away() {
    let mut talk = in_call(sample::call());
    press(&mut talk.harness, Key::F1);
    assert!(says(&talk.harness, "How a roll call goes") && says(&talk.harness, "Say where you stand"));
}

#[test]
fn a_stick_is_written_and_taken_from_the_roll_call_and_what_came_of_it_is_read_there() {
    let frame = FrameView { carried: "09:31 Written to the stick: 37 changes.".into(), ..sample::hall() };
    let view = sample::call();
    let mut harness = show(TABLET, true, CallState::default(), move |ui, state| call_ui(ui, &frame, &view, state));
    harness.get_by_label("More… of this roll call").click();
    harness.run_steps(3);
    harness.get_by_label("Carry by stick…").click();
    harness.run_steps(3);
    harness.get_by_label("Folder of the stick").type_text("/media/stick");
    harness.run_steps(2);
    harness.get_by_label("Write for other devices").click();
    harness.run_steps(2);
    harness.get_by_label("Take from other devices").click();
    harness.run_steps(2);
    let folder = "/media/stick".to_owned();
    let wanted = [Intent::CarryOut { folder: folder.clone() }, Intent::CarryIn { folder }];
    assert_eq!(harness.state().asked, wanted);
    assert!(says(&harness, "09:31 Written to the stick: 37 changes."));
    harness.get_by_label("Close").click();
    harness.run_steps(2);
    assert!(!says(&harness, "Write for other devices"));
}

#[test]
fn who_is_missing_is_read_out_by_the_place_where_they_were_last_known() {
    let (frame, view) = (sample::hall(), sample::call());
    let mut harness = show(TABLET, true, CallState::default(), move |ui, state| call_ui(ui, &frame, &view, state));
    harness.get_by_label("More… of this roll call").click();
    harness.run_steps(3);
    harness.get_by_label("Who is missing…").click();
    harness.run_steps(3);
    assert!(says(&harness, "Register Beech: 1"));
    assert!(says(&harness, "Tyler Green, Beech. No reason yet, mark N, Register Beech, 08:54. Looked for: yard"));
}

#[test]
fn a_kiosk_is_the_form_at_the_door_and_a_name_is_entered_without_a_keyboard() {
    let frame = FrameView { kiosk: true, ..sample::hall() };
    for size_percent in [100, 200] {
        let settings = Settings { touch: true, size_percent, ..Settings::default() };
        let view = ReceptionView { kinds: ComerKind::ALL.to_vec(), kiosk: true, ..Default::default() };
        let updates =
            vec![Update::Frame(frame.clone()), Update::Lock(sample::lock()), Update::Reception(Box::new(view))];
        let (mut harness, asked) = crate::client(TABLET, settings, updates);
        harness.run_steps(3);
        for never in ["Fire register", "Display", "Sign in with", "Back to lock", "Helen Marsh"] {
            assert!(!says(&harness, never), "{never}");
        }
        let window = harness.ctx.content_rect();
        let in_sight = |harness: &egui_kittest::Harness<'_, muster_gui::App>, names: &[&str]| {
            for name in names {
                let place = harness.get_by_label(name).rect();
                assert!(window.contains_rect(place), "{size_percent} %: {name} at {place:?} in {window:?}");
            }
        };
        in_sight(&harness, &ComerKind::ALL.map(ComerKind::word));
        // The longest form there is: letters and buttons stay in sight all the same, and nothing scrolls.
        harness.get_by_label(ComerKind::Contractor.word()).click();
        harness.run_steps(3);
        assert!(!says(&harness, "Back to lock"));
        in_sight(&harness, &["Sign in", "Sign out", "Start again", "Q", "Space", "Delete", "Your name"]);
        for key in ["A", "D", "A", "Space", "B", "X", "Delete", "Y"] {
            harness.get_by_label(key).click();
            harness.run_steps(2);
        }
        if size_percent == 200 {
            harness.get_by_label("Next question").click();
            harness.run_steps(2);
            in_sight(&harness, &["Sign in", "Delete"]);
            assert!(harness.query_by_label("Your name").is_none(), "one question at a time");
        }
        harness.get_by_label("Sign in").click();
        harness.run_steps(2);
        let asked = asked.lock().unwrap().clone();
        let Some(Intent::Reception(ReceptionAct::Arrive(comer))) = asked.last() else { panic!("{asked:?}") };
        assert_eq!(comer.name, "Ada By");
    }
}
