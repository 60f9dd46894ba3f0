//! School hours and leave, given on the screen of the calendar.

use crate::{WIDE, fill, press_with, sample, says, show, type_text};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use muster_core::id::PersonId;
use muster_gui::Intent;
use muster_gui::screens::calendar::{CalendarState, calendar_ui};
use muster_school::view::calendar::CalendarView;
use muster_school::view::hours::{HoursAct, HoursView, Whom};

#[test]
fn leave_that_comes_again_is_given_to_somebody_found_by_name() {
    let view = sample::calendar();
    let mut harness = show(WIDE, false, CalendarState::default(), move |ui, state| calendar_ui(ui, &view, state));
    assert!(says(&harness, "School hours: Monday to Friday, 07:00 to 18:30. 1 leave outside them is given."));
    harness.get_by_label("Leave…").click();
    harness.run_steps(3);
    fill(&mut harness, "Name", "Okafor");
    harness.get_by_label("Tom Okafor").click_accesskit();
    harness.run_steps(3);
    assert!(says(&harness, "For Tom Okafor."));
    for (field, typed) in [("Day", "24/11/2026"), ("From", "18:30"), ("Until", "21:00"), ("Why", "Chess club")] {
        fill(&mut harness, field, typed);
    }
    harness.get_by_label("Again every week").click_accesskit();
    harness.run_steps(3);
    harness.get_by_label("Tue").click_accesskit();
    harness.run_steps(2);
    fill(&mut harness, "Last day", "18/12/2026");
    harness.get_by_label("Give leave").click_accesskit();
    harness.run_steps(2);
    let given = HoursAct::Give {
        whom: Whom::Person(PersonId([3; 16])),
        day: "24/11/2026".into(),
        from: "18:30".into(),
        to: "21:00".into(),
        again: 0b000_0010,
        last: "18/12/2026".into(),
        why: "Chess club".into(),
    };
    assert_eq!(harness.state().asked, [Intent::Hours(given)]);
}

#[test]
fn leave_is_taken_back_and_hours_are_set_and_lifted() {
    let view = sample::calendar();
    let mut harness = show(WIDE, false, CalendarState::default(), move |ui, state| calendar_ui(ui, &view, state));
    harness.get_by_label("Leave…").click();
    harness.run_steps(3);
    harness.get_by_label_contains("Take back the leave of Priya Nair").click_accesskit();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::Hours(HoursAct::TakeBack([1; 16]))]);
    harness.get_by_label("Close").click_accesskit();
    harness.run_steps(3);
    harness.state_mut().asked.clear();
    harness.get_by_label("School hours…").click();
    harness.run_steps(3);
    harness.get_by_role_and_label(egui::accesskit::Role::TextInput, "Until").focus();
    harness.run_steps(2);
    press_with(&mut harness, Modifiers::COMMAND, Key::A);
    type_text(&mut harness, "19:00");
    harness.get_by_label("Save the hours").click_accesskit();
    harness.run_steps(2);
    let set = |asked: &[Intent]| match asked.last() {
        Some(Intent::Hours(HoursAct::Set { site: None, days: 31, from, to, in_force })) => {
            Some((from.clone(), to.clone(), *in_force))
        }
        _ => None,
    };
    assert_eq!(set(&harness.state().asked), Some(("07:00".into(), "19:00".into(), true)));
}

#[test]
fn whoever_gives_no_leave_is_offered_neither() {
    let plain = HoursView { may_change: false, ..sample::calendar().hours };
    let view = CalendarView { hours: plain, ..sample::calendar() };
    let harness = show(WIDE, false, CalendarState::default(), move |ui, state| calendar_ui(ui, &view, state));
    assert!(harness.query_by_label("Leave…").is_none() && harness.query_by_label("School hours…").is_none());
    assert!(says(&harness, "School hours: Monday to Friday"), "but everybody reads them");
}
