//! A lost device: what is said before it is held back, its name typed, who is outstanding afterwards; and the one
//! screen that it shows itself (point 38 of what users must be able to do).

use crate::{Under, WIDE, client, fill, press, sample, says, show};
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use muster_core::id::DeviceId;
use muster_gui::screens::devices::{DevicesState, devices_ui};
use muster_gui::{DeviceAct, Intent, Screen, Settings, Update};
use muster_school::roles::DeviceKind;
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
    assert!(says(&harness, "Let in Wednesday 2 September 08:12 by Helen Marsh."));
    assert!(says(&harness, "Registers, Oak Lane; 2026/27: 212 records. It is known to have at least 180 of 212"));
    assert!(says(&harness, "Tunde Okafor"));
    assert!(says(&harness, "With nobody signed in: the rolls of Friday 20 November."));
    assert!(says(&harness, "Any other record it holds: those are sealed"));
    harness.get_by_label("It is lost: hold it back").click_accesskit();
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().asked, [], "not without its name");
    fill(&mut harness, "Name of the device", "7B tablet");
    harness.get_by_label("It is lost: hold it back").click_accesskit();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::OfDevice(DeviceAct::Lose(DeviceId([7; 32])))]);
}

#[test]
fn what_a_device_is_for_and_its_sites_are_changed_where_it_is_looked_at() {
    let mut harness = open(lost(Kept::Fine));
    harness.get_by_label("Change what it is for, or its sites…").click_accesskit();
    harness.run_steps(2);
    harness.get_by_label("Change it").click_accesskit();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [], "it is that already");
    assert!(harness.query_by_label("Sign-in kiosk").is_none(), "nothing becomes a kiosk");
    for chosen in ["Leaders’ laptop", "Hill"] {
        harness.get_by_label(chosen).click_accesskit();
        harness.run_steps(2);
    }
    assert!(says(&harness, "It may keep the keys of leads and heads"));
    harness.get_by_label("Change it").click_accesskit();
    harness.run_steps(2);
    let change = DeviceAct::Change { device: DeviceId([7; 32]), kind: DeviceKind::Laptop, sites: vec![] };
    assert_eq!(harness.state().asked, [Intent::OfDevice(change)], "of every site");
}

#[test]
fn a_device_that_is_not_used_any_more_is_retired_and_not_reported_lost() {
    let mut harness = open(lost(Kept::Fine));
    assert!(says(&harness, "Nobody gets new keys for it."));
    fill(&mut harness, "Name of the device", "7B tablet");
    harness.get_by_label("Retire it").click_accesskit();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::OfDevice(DeviceAct::TakeOut(DeviceId([7; 32])))]);
}

#[test]
fn the_list_of_what_a_lost_device_held_is_written_for_somebody_into_a_folder() {
    let mut harness = open(lost(Kept::HeldBack));
    harness.get_by_label("Write the list of its records…").click_accesskit();
    harness.run_steps(2);
    harness.get_by_label("Write the list").click_accesskit();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [], "not before it is said for whom, and where");
    fill(&mut harness, "For whom", "Information Commissioner");
    fill(&mut harness, "Folder for the list", "/tmp/list");
    harness.get_by_label("Write the list").click_accesskit();
    harness.run_steps(2);
    let (device, to, folder) = (DeviceId([7; 32]), "Information Commissioner".into(), "/tmp/list".into());
    assert_eq!(harness.state().asked, [Intent::OfDevice(DeviceAct::WriteList { device, to, folder })]);
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
    assert!(says(&harness, "marked Leila Hassan late, 20 minutes"));
    harness.get_by_label("Adopt those chosen").click_accesskit();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [], "nothing is chosen yet");
    harness.get_by_label_contains("marked 12 pupils present").click_accesskit();
    harness.run_steps(2);
    harness.get_by_label("Adopt the one chosen").click_accesskit();
    harness.run_steps(2);
    let second = sample::waiting()[1].entry.unwrap();
    assert_eq!(harness.state().asked, [Intent::OfDevice(DeviceAct::Adopt(vec![second]))], "and not the other");
    harness.get_by_label("Choose all").click_accesskit();
    harness.run_steps(2);
    assert!(says(&harness, "Adopt the 2 chosen"));
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
