//! Nothing on a register is replaced or settled that nobody was shown, and nothing typed is lost on the way.

use crate::{TABLET, Under, press, press_with, sample, says, show};
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use muster_gui::Intent;
use muster_gui::screens::register::extra::Extra;
use muster_gui::screens::register::typing::letter_typed;
use muster_gui::screens::register::{RegisterState, register_ui};
use muster_school::view::register::{RegisterRow, RegisterView};

fn open(view: RegisterView) -> Harness<'static, Under<RegisterState>> {
    show([1116.0, 752.0], false, RegisterState::default(), move |ui, state| register_ui(ui, &view, state))
}

#[test]
fn one_tap_on_two_marks_that_differ_asks_which_of_them_stands() {
    let mut view = sample::touch_register();
    let differ = sample::register().rows.into_iter().find(|row| row.versions.len() > 1).unwrap();
    view.rows[0] = RegisterRow { pupil: view.rows[0].pupil, spoken: view.rows[0].spoken.clone(), ..differ };
    let mut harness = show(TABLET, true, RegisterState::default(), move |ui, state| register_ui(ui, &view, state));
    harness.get_by_label_contains("Amelia Osei, / Present").click();
    harness.run_steps(3);
    assert!(harness.state().asked.is_empty(), "{:?}", harness.state().asked);
    harness.get_by_label("L late by Tom Okafor 09:12").click();
    harness.run_steps(2);
    let asked = harness.state().asked.clone();
    assert!(matches!(&asked[..], [Intent::SettleMark { among, .. }] if among.len() == 2), "{asked:?}");
}

#[test]
fn a_code_typed_on_two_marks_that_differ_asks_which_of_them_stands() {
    let mut view = sample::blank_class(3);
    view.rows[0].versions = sample::register().rows.into_iter().find(|row| row.versions.len() > 1).unwrap().versions;
    view.rows[0].mark = sample::register().rows[0].mark.clone();
    let mut state = RegisterState::default();
    let asked = letter_typed(&view, &mut state, 'n');
    assert!(asked.is_empty() && matches!(state.extra, Some(Extra::Settle { .. })), "{asked:?} {:?}", state.extra);
}

#[test]
fn typing_on_after_the_register_closed_asks_about_the_first_mark_and_loses_none() {
    let view = sample::closed(sample::blank_class(4));
    let mut state = RegisterState::default();
    for letter in "l40i".chars() {
        let asked = letter_typed(&view, &mut state, letter);
        assert!(asked.is_empty(), "{asked:?}");
    }
    let Some(Extra::Ask { pupil, code, minutes, .. }) = state.extra else { panic!("a question is open") };
    assert_eq!((pupil, code.as_str(), minutes.as_deref()), (view.rows[0].pupil, "L", Some("40")));
}

#[test]
fn a_first_mark_after_the_close_asks_nothing_and_an_amended_one_asks_why_while_it_is_open() {
    let mut view = sample::blank_class(2);
    view.needs_reason = true;
    let mut state = RegisterState::default();
    let asked = letter_typed(&view, &mut state, 'i');
    assert!(matches!(&asked[..], [Intent::Mark { reason: None, .. }]), "{asked:?}");
    view.needs_reason = false;
    view.rows[1].needs_reason = true;
    view.rows[1].shown = vec![sample::fact(4)];
    let asked = letter_typed(&view, &mut state, 'n');
    assert!(asked.is_empty());
    let Some(Extra::Ask { among, .. }) = state.extra else { panic!("a question is open") };
    assert_eq!(among, [sample::fact(4)], "it keeps what was shown when it was asked");
}

#[test]
fn a_comment_stands_in_its_row_before_there_is_a_mark_and_in_its_form() {
    let mut view = sample::blank_class(2);
    view.rows[0].note = "Taxi, here by ten".to_owned();
    view.rows[0].notes = vec![sample::fact(7)];
    let mut harness = open(view);
    assert!(says(&harness, "00 Pupil, not yet marked, noted: Taxi, here by ten"));
    press(&mut harness, Key::F3);
    harness.run();
    harness.get_by_label("Save").click();
    harness.run();
    let said = harness.state().asked.clone();
    let kept = |one: &Intent| {
        matches!(one, Intent::Comment { words, among, .. }
            if words == "Taxi, here by ten" && *among == [sample::fact(7)])
    };
    assert!(said.iter().any(kept), "{said:?}");
}

#[test]
fn the_session_before_is_one_key_or_one_press_away_in_a_register_and_in_the_list() {
    use egui::Modifiers;
    use muster_gui::Screen;
    let to = sample::register().before.unwrap().key;
    let mut harness = open(sample::register());
    harness.get_by_label("Earlier: Friday 20 November, afternoon").click();
    harness.run_steps(2);
    press_with(&mut harness, Modifiers::ALT, Key::ArrowLeft);
    press_with(&mut harness, Modifiers::ALT, Key::ArrowRight);
    let asked = harness.state().asked.clone();
    assert_eq!(asked, vec![Intent::Open(Screen::Register(to)); 2], "there is no later one");
    let (list, state) = (sample::registers(), muster_gui::kit::list::ListState::default());
    let mut harness = show([1116.0, 752.0], false, state, move |ui, state| {
        muster_gui::screens::registers::registers_ui(ui, &list, state)
    });
    harness.get_by_label("Earlier: Friday 20 November, afternoon").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::ListRegisters(to)]);
}

#[test]
fn on_a_day_that_is_closed_by_now_two_marks_are_still_settled_by_key() {
    let mut view = sample::register();
    let at = view.rows.iter().position(|row| row.versions.len() > 1).unwrap();
    view.may_mark = false;
    view.rows = vec![view.rows[at].clone()];
    let mut harness = open(view);
    press(&mut harness, Key::Enter);
    harness.run();
    assert!(says(&harness, "Choose the one that stands. Both are kept in the audit."));
}
