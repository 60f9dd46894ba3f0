//! A lost device: what is said before it is held back, its name typed, who is outstanding afterwards; and the one
//! screen that it shows itself (point 38 of what users must be able to do).

use crate::{Under, WIDE, client, fill, press, sample, says, show};
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use muster_core::id::DeviceId;
use muster_gui::screens::devices::{DevicesState, devices_ui};
use muster_gui::{DeviceAct, Intent, Screen, Settings, Update};
use muster_school::view::devices::DevicesView;
use muster_school::view::lost::Kept;

fn open(view: DevicesView) -> Harness<'static, Under<DevicesState>> {
    show([1116.0, 752.0], false, DevicesState::default(), move |ui, state| {
        devices_ui(ui, &sample::office(), &view, state)
    })
}

fn lost(kept: Kept) -> DevicesView {
    DevicesView { lost: Some(Box::new(sample::lost(kept))), ..sample::devices() }
}

#[test]
fn a_device_is_looked_at_from_its_row() {
    let mut harness = open(sample::devices());
    harness.get_by_label_contains("7B tablet, only on this device").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::OfDevice(DeviceAct::Look(DeviceId([7; 32])))]);
}

#[test]
fn before_a_device_is_held_back_it_is_said_what_it_can_still_read_and_what_not_and_its_name_is_typed() {
    let mut harness = open(lost(Kept::Fine));
    assert!(says(&harness, "Is 7B tablet lost?"));
    assert!(says(&harness, "Registers, Oak Lane; 2026/27: 212 records"));
    assert!(says(&harness, "Tunde Okafor"));
    assert!(says(&harness, "With nobody signed in: the rolls of Friday 20 November."));
    assert!(says(&harness, "Any other record it holds: those are sealed"));
    harness.get_by_label("Hold it back").click_accesskit();
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().asked, [], "not without its name");
    fill(&mut harness, "Name of the device", "7B tablet");
    harness.get_by_label("Hold it back").click_accesskit();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::OfDevice(DeviceAct::Lose(DeviceId([7; 32])))]);
}

#[test]
fn once_it_is_held_back_who_is_outstanding_comes_first_and_it_is_found_or_taken_out() {
    let mut harness = open(lost(Kept::HeldBack));
    assert!(says(&harness, "7B tablet is held back"));
    assert!(says(&harness, "It reads nothing that is written once Tunde Okafor has signed in on another device."));
    harness.get_by_label("It was found: let it go on").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::OfDevice(DeviceAct::Find(DeviceId([7; 32])))]);
    let mut harness = open(lost(Kept::HeldBack));
    press(&mut harness, Key::Escape);
    assert_eq!(harness.state().asked, [Intent::OfDevice(DeviceAct::Leave)]);
}

#[test]
fn what_waits_to_be_adopted_is_a_list_with_a_count() {
    let mut harness = open(DevicesView { waiting: sample::waiting(), ..sample::devices() });
    assert!(says(&harness, "2 waiting to be adopted"));
    assert!(says(&harness, "Tunde Okafor on 7B tablet: Registers, Oak Lane"));
    harness.get_by_label("Adopt all 2").click_accesskit();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::OfDevice(DeviceAct::AdoptAll)]);
    assert!(!says(&open(sample::devices()), "waiting to be adopted"), "and nothing where nothing waits");
}

#[test]
fn a_device_that_was_taken_out_shows_one_screen_and_no_key_leads_away_from_it() {
    let updates = vec![Update::Frame(sample::hall()), Update::Shut(sample::shut()), Update::Go(Screen::Shut)];
    let (mut harness, asked) = client(WIDE, Settings::default(), updates);
    assert!(says(&harness, "This device was taken out of the school by the office."));
    assert!(says(&harness, "Bring it back."));
    for key in [Key::F9, Key::F1, Key::Escape, Key::Enter] {
        press(&mut harness, key);
    }
    assert_eq!(harness.state().screen(), Screen::Shut);
    assert!(asked.lock().unwrap().is_empty());
    assert!(!says(&harness, "fire register"), "and no fire register, since it has none");
}
