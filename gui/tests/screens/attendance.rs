//! Attendance in figures: a chart with its numbers, and lines that lead on.

use crate::{WIDE, press, sample, says, show, type_text};
use egui::Key;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use muster_gui::Intent;
use muster_gui::screens::attendance::{AttendanceState, attendance_ui};
use muster_school::view::attendance::{AttendanceFilter, AttendanceView, By};

fn open(view: AttendanceView) -> egui_kittest::Harness<'static, crate::Under<AttendanceState>> {
    show([1116.0, WIDE[1] - 48.0], false, AttendanceState::default(), move |ui, state| attendance_ui(ui, &view, state))
}

#[test]
fn every_bar_of_the_chart_is_a_row_with_the_same_numbers() {
    let view = sample::attendance();
    let harness = open(view.clone());
    for bar in &view.weeks {
        let words = format!(
            "Week of {}: {}; attended {}, with leave {}, without leave {}",
            bar.week, bar.share, bar.attended, bar.authorised, bar.unauthorised
        );
        assert!(says(&harness, &words), "{words}");
    }
    assert!(says(&harness, "Attendance 93.7 %, 1780 of 1900 sessions"), "a percentage shows what is behind it");
    assert!(says(&harness, "Two marks to settle: 1"), "what is counted apart is shown");
}

#[test]
fn whoever_reads_figures_only_sees_who_published_them_chooses_a_week_and_writes_no_review() {
    let view = sample::attendance();
    let mut lines = view.lines[..2].to_vec();
    lines[1].kept_back = true;
    lines[1].note = "not shown: fewer than 10 pupils".into();
    let name = lines[1].name.clone();
    let published = "As published by Helen Marsh on 27 November 2026, 16:05.".to_owned();
    let mut view = AttendanceView { published, lines, ..view };
    view.choices.periods = vec!["Week of 23 November 2026".into(), "Week of 16 November 2026".into()];
    let mut harness = open(view);
    assert!(says(&harness, "As published by Helen Marsh on 27 November 2026, 16:05."));
    assert!(says(&harness, &format!("{name}: not shown: fewer than 10 pupils")), "and no number that means nothing");
    for other in ["Site: All sites", "By pupil", "Folder for the review"] {
        assert!(harness.query_by_label(other).is_none(), "{other}");
    }
    harness.get_by_label("Period: Week of 23 November 2026").click();
    harness.run_steps(3);
    harness.get_by_label("Week of 16 November 2026").click();
    harness.run_steps(3);
    assert!(matches!(harness.state().asked.last(), Some(Intent::Attendance(filter)) if filter.period == 1));
}

#[test]
fn a_class_leads_to_its_pupils_from_the_keyboard_alone() {
    let view = sample::attendance();
    let mut harness = open(view);
    harness.get_by_label_contains("4B, Harbour: 95.1 %").focus();
    harness.run_steps(2);
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::Enter);
    let wanted = AttendanceFilter { group: Some(0), by: By::Pupil, ..AttendanceFilter::default() };
    assert_eq!(harness.state().asked, [Intent::Attendance(wanted)]);
}

#[test]
fn period_site_class_and_lines_are_chosen() {
    let mut harness = open(sample::attendance());
    harness.get_by_label("Site: All sites").click();
    harness.run_steps(3);
    harness.get_by_label("Hillside").click();
    harness.run_steps(3);
    let Some(Intent::Attendance(filter)) = harness.state().asked.last() else { panic!("{:?}", harness.state().asked) };
    assert_eq!(filter.site, Some(1));
    harness.get_by_label("Persistent and severe").click();
    harness.run_steps(2);
    let Some(Intent::Attendance(filter)) = harness.state().asked.last() else { panic!("{:?}", harness.state().asked) };
    assert_eq!(filter.by, By::Persistent);
}

#[test]
fn figures_that_are_not_all_say_so_and_the_review_says_that_it_is_not_encrypted() {
    let reading = "120 registers are still to be read: these figures are not all";
    let mut harness = open(AttendanceView {
        reading: reading.into(),
        not_counted: "Not counted: Hill, no right to read".into(),
        ..sample::attendance()
    });
    assert!(says(&harness, reading) && says(&harness, "Not counted: Hill, no right to read"));
    assert!(says(&harness, "is not encrypted"));
    crate::fill(&mut harness, "Folder for the review", "/tmp/out");
    harness.get_by_label_contains("Write the review").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked.last(), Some(&Intent::WriteReview { folder: "/tmp/out".into() }));
}

#[test]
fn figures_of_any_days_are_asked_for_as_they_are_typed_and_a_day_that_cannot_be_is_said_beside_them() {
    let mut harness = open(sample::attendance());
    let chosen = harness.get_by_label_contains("Period: ").accesskit_node().label().unwrap();
    harness.get_by_label(&chosen).click();
    harness.run_steps(3);
    harness.get_by_label("Days of your own").click();
    harness.run_steps(3);
    assert_eq!(harness.state().asked, [], "nothing is asked before a day is typed");
    harness.get_by_label("From").focus();
    harness.run_steps(2);
    type_text(&mut harness, "07/09/2026");
    press(&mut harness, Key::Tab);
    type_text(&mut harness, "16/10/2026");
    harness.get_by_label("Show these days").click();
    harness.run_steps(2);
    let days = Some(("07/09/2026".to_owned(), "16/10/2026".to_owned()));
    assert!(matches!(harness.state().asked.as_slice(), [Intent::Attendance(filter)] if filter.days == days));

    let mut view = sample::attendance();
    view.filter.days = Some(("soon".to_owned(), String::new()));
    view.problem = "\"soon\" is not a date: write 23/11/2026 or 2026-11-23".to_owned();
    let harness = open(view);
    assert!(says(&harness, "write 23/11/2026 or 2026-11-23"));
    assert!(harness.query_by_label("From").is_some(), "and what was typed can be mended");
}
