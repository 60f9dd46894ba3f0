//! The school's calendar: setting terms and days, and calling them off.

use crate::{Under, WIDE, press, sample, says, show, type_text};
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use muster_gui::Intent;
use muster_gui::screens::calendar::{CalendarState, calendar_ui};
use muster_school::view::calendar::{CalendarAct, CalendarView, SiteAct, SiteForm};
use muster_school::view::pupils::{Answer, Answers};

fn open(view: CalendarView) -> Harness<'static, Under<CalendarState>> {
    show(WIDE, false, CalendarState::default(), move |ui, state| calendar_ui(ui, &view, state))
}

fn press_button(harness: &mut Harness<'_, Under<CalendarState>>, name: &str) {
    harness.get_by_label(name).click();
    harness.run();
}

fn acts(harness: &Harness<'_, Under<CalendarState>>) -> Vec<CalendarAct> {
    let act = |intent: &Intent| match intent {
        Intent::Calendar(act) => Some(act.clone()),
        _ => None,
    };
    harness.state().asked.iter().filter_map(act).collect()
}

#[test]
fn a_term_is_set_as_it_is_typed() {
    let mut harness = open(sample::calendar());
    press_button(&mut harness, "Set a term");
    type_text(&mut harness, "Summer");
    for text in ["19/04/2027", "20/07/2027"] {
        press(&mut harness, Key::Tab);
        type_text(&mut harness, text);
    }
    press_button(&mut harness, "Save");
    let (first, last) = ("19/04/2027".to_owned(), "20/07/2027".to_owned());
    assert_eq!(acts(&harness), [CalendarAct::Term { site: None, name: "Summer".into(), first, last }]);
}

#[test]
fn what_is_wrong_with_a_day_is_said_in_the_form_and_what_was_typed_stays() {
    let problem = Some("\"soon\" is not a date: write 23/11/2026 or 2026-11-23".to_owned());
    let mut harness = open(CalendarView { problem, ..sample::calendar() });
    press_button(&mut harness, "Set a term");
    type_text(&mut harness, "Summer");
    press_button(&mut harness, "Save");
    assert!(says(&harness, "\"soon\" is not a date: write 23/11/2026 or 2026-11-23"));
    assert!(says(&harness, "Set a term"), "the form is still there");
}

#[test]
fn a_line_is_called_off_only_after_a_question_that_names_it() {
    let mut harness = open(sample::calendar());
    press_button(&mut harness, "Closed: Half term, Monday 26 October to Friday 30 October, Every site");
    assert!(says(&harness, "Called off, it counts as if it had not been set. The audit keeps both."));
    press_button(&mut harness, "Leave it");
    assert_eq!(acts(&harness), []);
    press_button(&mut harness, "Closed: Half term, Monday 26 October to Friday 30 October, Every site");
    press_button(&mut harness, "Call it off");
    assert!(matches!(acts(&harness).as_slice(), [CalendarAct::CallOff { site: None, .. }]));
}

#[test]
fn whoever_may_not_change_the_calendar_reads_it_and_is_offered_nothing() {
    let harness = open(CalendarView { may_change: false, ..sample::calendar() });
    assert!(says(&harness, "Monday 23 November is a school day."));
    assert!(harness.query_by_label("Set a term").is_none());
}

#[test]
fn a_site_with_times_of_its_own_changes_those_and_no_other_sites() {
    let mut harness = open(CalendarView { own_times: true, ..sample::calendar() });
    press_button(&mut harness, "Set times");
    assert!(says(&harness, "These are set for Harbour site alone."));
    press_button(&mut harness, "Save");
    let site = sample::calendar().site;
    assert!(matches!(acts(&harness).as_slice(), [CalendarAct::Times { site: here, .. }] if *here == site));
    let mut harness = open(sample::calendar());
    press_button(&mut harness, "Set times");
    assert!(says(&harness, "These are set for every site that has none of its own."));
}

#[test]
fn places_meeting_points_and_printing_are_asked_for_by_a_button_each() {
    let mut harness = open(sample::calendar());
    for (name, form) in [
        ("Places in a fire…", SiteForm::Places),
        ("Where classes meet…", SiteForm::Meets),
        ("Printing…", SiteForm::Printing),
    ] {
        press_button(&mut harness, name);
        assert_eq!(harness.state().asked.last(), Some(&Intent::OfSite(SiteAct::Ask(form))));
    }
}

#[test]
fn the_times_of_printing_go_out_as_they_are_typed_and_esc_closes_the_form() {
    let with_form = || CalendarView { form: Some(sample::printing_form()), ..sample::calendar() };
    let mut harness = open(with_form());
    type_text(&mut harness, ", 15:00");
    press_button(&mut harness, "Save");
    let answers = [
        ("times", Answer::Line("09:35, 13:30, 15:00".into())),
        ("here", Answer::Tick(false)),
        ("folder", Answer::Line(String::new())),
    ];
    let sent = Intent::OfSite(SiteAct::Answer(Answers(answers.into())));
    assert_eq!(harness.state().asked.last(), Some(&sent));
    let mut harness = open(with_form());
    press(&mut harness, Key::Escape);
    assert_eq!(harness.state().asked.last(), Some(&Intent::OfSite(SiteAct::Drop)));
}

#[test]
fn what_two_people_set_differently_and_terms_that_share_days_stand_above_the_calendar() {
    let clashes = [
        "Two terms share days: Autumn (2 September to 18 December) and Winter (1 December to 20 January). Call off the one that is wrong.",
        "Monday 26 October was set twice: closed by Helen Marsh 08:51, training day by Anna Head 08:52. Set it again.",
    ];
    let view = CalendarView { clashes: clashes.map(str::to_owned).to_vec(), ..sample::calendar() };
    let harness = open(view);
    for words in clashes {
        assert!(says(&harness, words), "{words}");
    }
    assert!(!says(&open(sample::calendar()), "share days"));
}
