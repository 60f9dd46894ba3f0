//! Point 34 of the screens: the list names no child, opening is asked for, marking as read is an act of its own,
//! nothing can be deleted, and a minute without input clears what was read from view.

use crate::{TABLET, Talk, WIDE, names, press, press_with, sample, says, type_text};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use muster_gui::{ConcernAct, Intent, LockReason, Screen, Secret, Settings, Update};
use muster_school::view::concern::{ConcernFile, ConcernsView};
use muster_school::view::today::{Link, TodayPanel};
use muster_school::view::{ConcernId, SubjectId};

const FIRST: ConcernId = ConcernId([1; 16]);

fn at(view: ConcernsView) -> Vec<Update> {
    vec![
        Update::Frame(sample::office()),
        Update::Concerns(view),
        Update::Go(Screen::Concerns),
        Update::Concerns(sample::concerns()),
    ]
}

fn open() -> Talk {
    Talk::new(WIDE, Settings::default(), at(sample::concerns()))
}

fn listed() -> ConcernsView {
    ConcernsView { file: None, ..sample::concerns() }
}

fn list() -> Talk {
    let mut talk = open();
    talk.hear(vec![Update::Concerns(listed())]);
    talk
}

fn press_on(talk: &mut Talk, name: &str) {
    talk.harness.get_by_label(name).click();
    talk.harness.run_steps(3);
}

fn wait(talk: &mut Talk, secs: f64) {
    let now = talk.harness.ctx.input(|input| input.time);
    talk.harness.input_mut().time = Some(now + secs);
    talk.harness.run_steps(1);
}

fn shows_the_file(talk: &Talk) -> bool {
    says(&talk.harness, "nothing for tea again") || says(&talk.harness, "Ada Byrne")
}

#[test]
fn the_list_and_what_leads_to_it_name_no_child_and_say_no_detail() {
    let mut talk = list();
    let to_read =
        TodayPanel { count: 2, title: "concerns to read".into(), link: Some(Link::Concerns), ..TodayPanel::default() };
    for today in [false, true] {
        if today {
            let mut view = sample::today();
            view.to_do.clear();
            view.to_watch = vec![to_read.clone()];
            talk.hear(vec![Update::Today(view), Update::Go(Screen::Today)]);
        }
        for detail in ["Byrne", "Neglect", "tea", "cat"] {
            assert!(!says(&talk.harness, detail), "{detail}: {:?}", names(&talk.harness));
        }
    }
    press_on(&mut talk, "concerns to read: 2");
    assert_eq!(talk.asked().last(), Some(&Intent::Open(Screen::Concerns)));
}

#[test]
fn a_row_says_everything_in_one_breath_and_opening_it_is_asked_of_the_engine() {
    let mut talk = list();
    press_on(&mut talk, "Concern 4fa2 09c1, To read, opened 08:55 by Tom Okafor, last added to 09:02");
    assert_eq!(talk.asked(), [Intent::OfConcern(ConcernAct::Read(FIRST))]);
}

#[test]
fn a_file_is_read_with_who_and_when_and_marked_as_read_by_an_act_of_its_own() {
    let mut talk = open();
    for words in [
        "08:55  Tom Okafor opened this concern",
        "About: Ada Byrne, 4B",
        "Category: Neglect: Food",
        "09:02  Helen Marsh took action",
        "You have not marked this as read.",
    ] {
        assert!(says(&talk.harness, words), "{words}");
    }
    assert!(talk.asked().is_empty(), "showing it marks nothing");
    press_on(&mut talk, "Mark as read");
    assert_eq!(talk.asked(), [Intent::OfConcern(ConcernAct::MarkRead(FIRST))]);
    let mut view = sample::concerns();
    view.file.as_mut().unwrap().marked = Some("You marked this as read: 09:12.".into());
    talk.hear(vec![Update::Concerns(view)]);
    assert!(says(&talk.harness, "You marked this as read: 09:12."));
}

#[test]
fn nothing_can_be_deleted_or_changed_only_added() {
    let mut talk = open();
    for name in names(&talk.harness) {
        let name = name.to_lowercase();
        assert!(!["delete", "remove", "edit"].iter().any(|word| name.starts_with(word)), "{name}");
    }
    talk.harness.get_by_role_and_label(Role::MultilineTextInput, "Add to this concern").focus();
    talk.harness.run_steps(2);
    talk.harness.event(egui::Event::Text("Her coat is at school now.".into()));
    talk.harness.run_steps(2);
    press_on(&mut talk, "Add as action taken");
    let words = Secret::new("Her coat is at school now.".into());
    let asked = talk.asked();
    assert!(asked.contains(&Intent::OfConcern(ConcernAct::Action(FIRST, words))), "{asked:?}");
    assert!(!says(&talk.harness, "Her coat is at school now."), "the field is empty for the next");
}

#[test]
fn a_minute_without_input_clears_what_is_read_from_view_and_a_key_before_that_keeps_it() {
    let mut talk = open();
    wait(&mut talk, 55.0);
    press_with(&mut talk.harness, Modifiers::SHIFT, Key::ArrowDown);
    wait(&mut talk, 55.0);
    assert!(shows_the_file(&talk));
    wait(&mut talk, 6.0);
    talk.harness.run_steps(2);
    assert!(!shows_the_file(&talk), "{:?}", names(&talk.harness));
    assert!(says(&talk.harness, "Cleared from view after a minute without input."));
    assert_eq!(talk.asked(), [Intent::OfConcern(ConcernAct::Close)]);
    talk.hear(vec![Update::Concerns(sample::concerns())]);
    assert!(!shows_the_file(&talk), "nor does a view bring it back that was on its way");
    press_on(&mut talk, "Concern 4fa2 09c1, To read, opened 08:55 by Tom Okafor, last added to 09:02");
    talk.hear(vec![Update::Concerns(sample::concerns())]);
    assert!(shows_the_file(&talk), "opened again, and that is an entry again");
}

#[test]
fn words_that_were_being_added_are_not_lost_when_the_file_is_cleared() {
    let mut talk = open();
    talk.harness.get_by_role_and_label(Role::MultilineTextInput, "Add to this concern").focus();
    talk.harness.run_steps(2);
    talk.harness.event(egui::Event::Text("Half a sentence".into()));
    talk.harness.run_steps(2);
    wait(&mut talk, 61.0);
    talk.harness.run_steps(2);
    assert!(!says(&talk.harness, "Half a sentence"));
    press_on(&mut talk, "Concern 4fa2 09c1, To read, opened 08:55 by Tom Okafor, last added to 09:02");
    talk.hear(vec![Update::Concerns(sample::concerns())]);
    assert!(says(&talk.harness, "Half a sentence") && says(&talk.harness, "What you were typing is back."));
}

#[test]
fn leaving_the_screen_or_locking_leaves_nothing_of_a_file() {
    let mut talk = open();
    press_with(&mut talk.harness, Modifiers::COMMAND, Key::Num1);
    talk.hear(vec![Update::Today(sample::today())]);
    press_with(&mut talk.harness, Modifiers::COMMAND, Key::Num7);
    assert!(!shows_the_file(&talk), "what was read before is not there when the screen is opened again");
    let mut talk = open();
    press_with(&mut talk.harness, Modifiers::COMMAND, Key::L);
    assert_eq!(talk.asked(), [Intent::Lock(LockReason::Asked)]);
    assert!(!shows_the_file(&talk));
}

#[test]
fn the_chronology_of_a_pupil_is_found_by_name_or_from_a_concern() {
    let mut talk = list();
    talk.harness.get_by_role_and_label(Role::TextInput, "Chronology of a pupil").focus();
    talk.harness.run_steps(2);
    type_text(&mut talk.harness, "byr");
    press(&mut talk.harness, Key::Enter);
    assert_eq!(talk.asked(), [Intent::OfConcern(ConcernAct::Chronology(SubjectId([1; 16])))]);
    let mut view = sample::concerns();
    let mut file: ConcernFile = view.file.take().unwrap();
    file.entries[0].reference = "4fa2 09c1".into();
    view.file =
        Some(ConcernFile { concern: None, title: "Chronology of Ada Byrne".into(), pupils: Vec::new(), ..file });
    talk.hear(vec![Update::Concerns(view)]);
    assert!(says(&talk.harness, "Chronology of Ada Byrne"));
    assert!(says(&talk.harness, "opened this concern (concern 4fa2 09c1)"));
    assert!(talk.harness.query_by_label("Mark as read").is_none(), "each concern is marked where it is read");
    let mut talk = open();
    press_on(&mut talk, "Chronology of Ada Byrne");
    assert_eq!(talk.asked(), [Intent::OfConcern(ConcernAct::Chronology(SubjectId([1; 16])))]);
}

#[test]
fn esc_closes_a_file_on_a_small_tablet_too() {
    for size in [WIDE, TABLET] {
        let mut talk = Talk::new(size, Settings::default(), at(sample::concerns()));
        assert!(shows_the_file(&talk));
        press(&mut talk.harness, Key::Escape);
        assert!(!shows_the_file(&talk));
        assert_eq!(talk.asked(), [Intent::OfConcern(ConcernAct::Close)], "{size:?}");
    }
}
