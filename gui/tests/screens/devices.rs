//! Devices, sync, and bringing a device in.

use crate::{Under, fill, press, sample, says, show};
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use muster_gui::screens::devices::{DevicesState, devices_ui};
use muster_gui::{BackupAct, Intent, Screen};
use muster_school::facts::continuity::Stage;
use muster_school::roles::DeviceKind;
use muster_school::view::devices::{DevicesView, InviteView};

fn open(view: DevicesView) -> Harness<'static, Under<DevicesState>> {
    show([1116.0, 752.0], false, DevicesState::default(), move |ui, state| {
        devices_ui(ui, &sample::office(), &view, state)
    })
}

#[test]
fn each_device_says_when_it_was_heard_what_lacks_and_how_it_is_reached() {
    let harness = open(sample::devices());
    assert!(says(&harness, "7B tablet, only on this device, last heard Friday 15:22, it still needs 388 changes"));
    assert!(says(&harness, "7B tablet not heard from since Friday 15:22."));
}

#[test]
fn conflicts_are_a_list_that_leads_to_where_they_are_settled() {
    let mut harness = open(sample::devices());
    harness.get_by_label_contains("Settle Leila Hassan").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::Open(Screen::Register(sample::key()))]);
}

#[test]
fn a_stick_for_a_device_that_nothing_reaches_is_written_from_here() {
    let mut harness = open(sample::devices());
    harness.get_by_label("Carry by stick…").click();
    harness.run_steps(3);
    harness.get_by_label("Folder of the stick").type_text("/media/stick");
    harness.run_steps(2);
    harness.get_by_label("Write for other devices").click();
    harness.run_steps(2);
    assert!(matches!(harness.state().asked.as_slice(), [Intent::CarryOut { .. }]), "{:?}", harness.state().asked);
}

#[test]
fn enrolling_shows_the_words_and_then_the_same_phrase_on_both_sides() {
    let mut harness = open(sample::devices());
    harness.get_by_label("Enrol a device").click();
    harness.run_steps(3);
    harness.get_by_label("Make the code").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::Invite { kind: DeviceKind::Tablet, sites: vec![] }]);
    let words = ["amber", "bridge", "candle", "dune", "elm", "fog"].map(str::to_owned).to_vec();
    let invite = InviteView::Open {
        words,
        code: "amber-bridge-x".into(),
        expires: "Works once, until 09:40".into(),
        left_secs: 870,
    };
    let harness = open(DevicesView { invite: Some(invite), ..sample::devices() });
    assert!(says(&harness, "amber bridge candle dune elm fog"));
    assert!(says(&harness, "Works once, until 09:40"));
    let invite = InviteView::Compare { device: "Hall tablet".into(), phrase: "quiet otter".into(), twice: None };
    let mut harness = open(DevicesView { invite: Some(invite), ..sample::devices() });
    assert!(says(&harness, "quiet otter"));
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().asked, [Intent::CancelInvite], "Enter without looking lets nobody in");
    harness.state_mut().asked.clear();
    harness.get_by_label("It is the same: let it in").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::ConfirmInvite]);
}

#[test]
fn one_time_words_are_made_on_the_screen_of_staff_where_people_are_found_by_name_role_and_site() {
    let mut harness = open(sample::devices());
    harness.get_by_label("One-time words…").click();
    harness.run_steps(3);
    assert_eq!(harness.state().asked, [Intent::Open(Screen::People)]);
}

#[test]
fn a_device_can_be_reached_by_a_typed_address() {
    let mut harness = open(sample::devices());
    harness.get_by_label("Type an address…").click();
    harness.run_steps(3);
    harness.get_by_label("Address").type_text("192.168.1.20:4433");
    harness.run_steps(2);
    harness.get_by_label("Try it").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::Connect { address: "192.168.1.20:4433".into() }]);
}

#[test]
fn backups_say_when_one_was_last_proven_and_are_made_proven_and_set_from_here() {
    let mut harness = open(sample::devices());
    harness.get_by_label("Backups…").click();
    harness.run_steps(3);
    assert!(says(&harness, "Backup proven 3 days ago."));
    assert!(says(&harness, "Last backup: Sunday 22 November 2026 18:00, 48,204 entries, into /media/backup."));
    for (button, wanted) in [
        ("Back up now", BackupAct::Now { folder: "/media/backup".into() }),
        ("Prove the newest backup now", BackupAct::Drill { folder: "/media/backup".into() }),
        (
            "Back up there every day at this time",
            BackupAct::Daily { folder: "/media/backup".into(), at: "18:00".into() },
        ),
    ] {
        harness.state_mut().asked.clear();
        harness.get_by_label(button).click_accesskit();
        harness.run_steps(2);
        assert_eq!(harness.state().asked, [Intent::OfBackup(wanted)]);
    }
}

#[test]
fn something_is_asked_back_and_answered_from_here() {
    let mut harness = open(sample::devices());
    harness.get_by_label("Backups…").click();
    harness.run_steps(3);
    assert!(says(&harness, "Asked by Tom Okafor, 08:50"));
    fill(&mut harness, "What is to come back", "The contacts of 7B");
    harness.get_by_label("Ask for it").click_accesskit();
    harness.run_steps(2);
    let asked = BackupAct::Ask { what: "The contacts of 7B".into(), when: String::new() };
    assert_eq!(harness.state().asked, [Intent::OfBackup(asked)]);
    harness.state_mut().asked.clear();
    harness.get_by_label_contains("It is done: Asked: The marks of 4B").click_accesskit();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [], "not without saying what was done");
    let asked = sample::devices().backups.requests.first().map(|one| one.what.clone()).unwrap_or_default();
    fill(&mut harness, &format!("What was done, or why not: {asked}"), "Entered again");
    harness.get_by_label_contains("It is done: Asked: The marks of 4B").click_accesskit();
    harness.run_steps(2);
    let done = BackupAct::Answer { request: [9; 16], stage: Stage::Done, words: "Entered again".into() };
    assert_eq!(harness.state().asked, [Intent::OfBackup(done)]);
}
