//! Devices, sync, and bringing a device in.

use crate::{TABLET, Talk, Under, WIDE, fill, press, sample, says, show};
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use muster_gui::screens::devices::{DevicesState, devices_ui};
use muster_gui::{BackupAct, Intent, Screen, Settings, Update};
use muster_school::facts::continuity::Stage;
use muster_school::roles::DeviceKind;
use muster_school::view::Notice;
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
    harness.get_by_label("Add a device").click();
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
    let mut view = sample::devices();
    view.backups.rehearsed = vec!["In the backup and not here now: 0 entries.".into()];
    let mut harness = open(view);
    harness.get_by_label("Backups…").click();
    harness.run_steps(3);
    assert!(says(&harness, "Backup proven 3 days ago."));
    assert!(says(&harness, "In the backup and not here now: 0 entries."));
    assert!(says(&harness, "Last backup: Sunday 22 November 2026 18:00, 48,204 entries, into /media/backup."));
    for (button, wanted) in [
        ("Back up now", BackupAct::Now { folder: "/media/backup".into() }),
        ("Prove the newest backup now", BackupAct::Drill { folder: "/media/backup".into() }),
        ("Rehearse a restore: changes nothing", BackupAct::Rehearse { folder: "/media/backup".into() }),
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

#[test]
fn a_code_that_was_copied_is_said_to_be() {
    let words = ["amber", "bridge", "candle", "dune", "elm", "fog"].map(str::to_owned).to_vec();
    let code = "amber-bridge-x".to_owned();
    let invite = InviteView::Open { words, code, expires: "Works once".into(), left_secs: 870 };
    let mut harness = open(DevicesView { invite: Some(invite), ..sample::devices() });
    harness.get_by_label("Copy the whole code").click();
    harness.run_steps(2);
    assert!(harness.query_by_label("Copied").is_some() && harness.query_by_label("Copy the whole code").is_none());
}

#[test]
fn an_address_that_leads_nowhere_stands_in_its_field_again_with_what_would_be_right() {
    let updates =
        vec![Update::Frame(sample::office()), Update::Devices(sample::devices()), Update::Go(Screen::Devices)];
    let mut talk = Talk::new(WIDE, Settings::default(), updates);
    talk.harness.get_by_label("Type an address…").click();
    talk.harness.run_steps(3);
    talk.harness.get_by_label("Address").type_text("hello");
    talk.harness.run_steps(2);
    talk.harness.get_by_label("Try it").click();
    talk.harness.run_steps(2);
    let words = "hello is not an address: write it as 192.168.1.20:4433".to_owned();
    talk.say(vec![Update::Refused { intent: Box::new(Intent::Connect { address: "hello".into() }), words }]);
    talk.harness.run_steps(4);
    assert!(says(&talk.harness, "write it as 192.168.1.20:4433"));
    assert_eq!(talk.harness.get_by_label("Address").accesskit_node().value().as_deref(), Some("hello"));
}

#[test]
fn a_notice_never_covers_what_a_layer_asks() {
    for size in [WIDE, TABLET] {
        let updates =
            vec![Update::Frame(sample::office()), Update::Devices(sample::devices()), Update::Go(Screen::Devices)];
        let mut talk = Talk::new(size, Settings { touch: true, ..Settings::default() }, updates);
        talk.harness.get_by_label("Type an address…").click();
        talk.harness.run_steps(3);
        let undo = Some(muster_school::view::UndoKey([7; 16]));
        let notice = Notice { words: "Nobody has a second factor yet. Set one up".into(), undo, ..Notice::default() };
        talk.say(vec![Update::Notice(notice)]);
        talk.harness.run_steps(4);
        let notice = talk.harness.get_by_label("Undo the last change").rect();
        for name in ["Address", "Try it", "Cancel"] {
            let rect = talk.harness.get_by_label(name).rect();
            assert!(!rect.intersects(notice), "{name} at {rect:?} under the notice at {notice:?}");
        }
    }
}
