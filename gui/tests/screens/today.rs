//! Today and the list of registers.

use crate::{sample, says, show};
use egui_kittest::kittest::Queryable as _;
use muster_gui::kit::list::ListState;
use muster_gui::screens::registers::registers_ui;
use muster_gui::screens::today::today_ui;
use muster_gui::{Intent, Screen};
use muster_school::view::AsOf;

#[test]
fn each_number_leads_to_its_list_and_says_as_of_when() {
    let view = sample::today();
    let mut harness = show([1116.0, 752.0], false, (), move |ui, ()| today_ui(ui, &view));
    assert!(says(&harness, "as of 09:14"));
    harness.get_by_label("registers not taken: 3").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::Open(Screen::Registers)]);
}

#[test]
fn old_data_turns_into_a_plain_warning_line() {
    let mut view = sample::today();
    view.to_watch[0].as_of = AsOf { stale: true, ..sample::as_of() };
    let harness = show([1116.0, 752.0], false, (), move |ui, ()| today_ui(ui, &view));
    assert!(says(&harness, "As of 09:14, heard from office and hall tablet"));
}

#[test]
fn a_register_is_opened_from_the_list_with_the_keyboard() {
    let view = sample::registers();
    let mut harness =
        show([1116.0, 752.0], false, ListState::default(), move |ui, state| registers_ui(ui, &view, state));
    harness.get_by_label_contains("Beech, Helen Marsh").focus();
    harness.run_steps(2);
    crate::press(&mut harness, egui::Key::ArrowDown);
    crate::press(&mut harness, egui::Key::Enter);
    let key = sample::registers().rows[1].key;
    assert_eq!(harness.state().asked, [Intent::Open(Screen::Register(key))]);
}
