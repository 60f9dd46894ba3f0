//! What frames the screens: header, navigation, notices, palette, keys, settings, lock.

use crate::{WIDE, client, press, press_with, sample, says};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use muster_gui::{Intent, LockReason, Screen, Settings, Update};
use muster_school::view::{Notice, UndoKey};

fn office() -> Vec<Update> {
    vec![Update::Frame(sample::office()), Update::Today(sample::today()), Update::Go(Screen::Today)]
}

#[test]
fn the_header_says_who_which_device_how_far_changes_got_and_offers_lock() {
    let (mut harness, asked) = client(WIDE, Settings::default(), office());
    for words in ["Ruth Adeyemi", "Office laptop", "Up to date 09:14"] {
        assert!(says(&harness, words), "{words}");
    }
    harness.get_by_label("Lock this device").click();
    harness.run_steps(2);
    assert_eq!(*asked.lock().unwrap(), [Intent::Lock(LockReason::Asked)]);
}

#[test]
fn ctrl_l_locks_and_the_lock_screen_holds_nothing_of_the_person() {
    let mut updates = office();
    updates.extend([Update::Notice(Notice { words: "Marked Ada Byrne".into(), ..Notice::default() })]);
    let (mut harness, asked) = client(WIDE, Settings::default(), updates);
    press_with(&mut harness, Modifiers::COMMAND, Key::L);
    assert_eq!(*asked.lock().unwrap(), [Intent::Lock(LockReason::Asked)]);
    let (harness, _) = client(WIDE, Settings::default(), {
        let mut updates = office();
        updates.push(Update::Notice(Notice { words: "Marked Ada Byrne".into(), ..Notice::default() }));
        updates.push(Update::Go(Screen::Lock));
        updates
    });
    assert!(!says(&harness, "Ada Byrne") && !says(&harness, "Fraser") && !says(&harness, "Ruth Adeyemi"));
}

#[test]
fn a_notice_stays_with_undo_and_is_kept_in_the_list() {
    let undo = Some(UndoKey([3; 16]));
    let mut updates = office();
    let words = "Marked 5 as present".to_owned();
    updates.push(Update::Notice(Notice { at: "09:14".into(), words, undo, problem: false }));
    let (mut harness, asked) = client(WIDE, Settings::default(), updates);
    assert!(says(&harness, "Marked 5 as present"));
    harness.run_steps(20);
    harness.get_by_label("Undo the last change").click();
    harness.run_steps(2);
    assert_eq!(*asked.lock().unwrap(), [Intent::Undo(UndoKey([3; 16]))]);
    press_with(&mut harness, Modifiers::COMMAND, Key::J);
    harness.run_steps(3);
    assert!(says(&harness, "09:14  Marked 5 as present"));
}

#[test]
fn a_notice_with_undo_stays_ten_seconds() {
    let mut updates = office();
    let undo = Some(UndoKey([3; 16]));
    updates.push(Update::Notice(Notice { at: "09:14".into(), words: "Marked 5".into(), undo, problem: false }));
    let (mut harness, _) = client(WIDE, Settings::default(), updates);
    harness.run_steps(32);
    assert!(harness.query_by_label("Undo the last change").is_some(), "after 9 seconds");
    harness.run_steps(12);
    assert!(harness.query_by_label("Undo the last change").is_none(), "after 12 seconds");
}

#[test]
fn ctrl_z_takes_back_the_newest_change() {
    let (mut harness, asked) = client(WIDE, Settings::default(), office());
    press_with(&mut harness, Modifiers::COMMAND, Key::Z);
    assert_eq!(*asked.lock().unwrap(), [Intent::UndoLast]);
}

#[test]
fn ctrl_z_in_a_field_takes_back_typing_and_no_mark() {
    let updates = vec![
        Update::Frame(sample::office()),
        Update::Register(sample::register()),
        Update::Go(Screen::Register(sample::key())),
    ];
    let (mut harness, asked) = client(WIDE, Settings::default(), updates);
    crate::fill(&mut harness, "Find a name", "okoro");
    press_with(&mut harness, Modifiers::COMMAND, Key::Z);
    assert!(asked.lock().unwrap().is_empty());
}

#[test]
fn the_palette_leads_anywhere_and_esc_closes_it() {
    let (mut harness, asked) = client(WIDE, Settings::default(), office());
    press_with(&mut harness, Modifiers::COMMAND, Key::K);
    harness.get_by_role_and_label(egui::accesskit::Role::TextInput, "Go to anything").type_text("dev");
    harness.run_steps(2);
    press(&mut harness, Key::Enter);
    assert_eq!(*asked.lock().unwrap(), [Intent::Open(Screen::Devices)]);
    press_with(&mut harness, Modifiers::COMMAND, Key::K);
    assert_eq!(crate::focused(&harness), "Go to anything");
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label("Go to anything").is_none());
}

#[test]
fn esc_closes_the_top_layer_and_the_focus_returns_to_where_it_was() {
    let (mut harness, _) = client(WIDE, Settings::default(), office());
    harness.get_by_label("Audit").focus();
    harness.run_steps(2);
    press(&mut harness, Key::F1);
    assert_eq!(crate::focused(&harness), "Close");
    press(&mut harness, Key::Escape);
    harness.run_steps(4);
    assert_eq!(crate::focused(&harness), "Audit");
}

#[test]
fn f1_lists_the_keys_of_the_screen() {
    let updates = vec![
        Update::Frame(sample::office()),
        Update::Register(sample::register()),
        Update::Go(Screen::Register(sample::key())),
    ];
    let (mut harness, _) = client(WIDE, Settings::default(), updates);
    press(&mut harness, Key::F1);
    for words in ["Ctrl+M: Mark remaining present", "Ctrl+L: Lock", "Space: the last code again"] {
        assert!(says(&harness, words), "{words}");
    }
}

#[test]
fn settings_are_kept_by_the_engine() {
    let (mut harness, asked) = client(WIDE, Settings::default(), office());
    press_with(&mut harness, Modifiers::COMMAND, Key::Comma);
    harness.get_by_label("Reduce motion").click();
    harness.run_steps(2);
    let kept = Settings { reduce_motion: true, ..Settings::default() };
    assert_eq!(*asked.lock().unwrap(), [Intent::Keep(kept)]);
}

#[test]
fn without_a_display_the_window_says_so_in_plain_words() {
    let words = muster_gui::RunError::NoDisplay.to_string();
    assert!(words.contains("there is no display"), "{words}");
}

#[test]
fn how_the_register_is_taken_here_is_one_key_away_with_the_sites_own_times() {
    let guide = muster_school::view::guide::GuideView {
        title: "Taking the register at Harbour".into(),
        times: vec!["Morning: begins 08:50, register open until 09:20, to be complete by 09:30.".into()],
        steps: vec!["Sign in, press Ctrl+2 and open your class.".into()],
        ask: vec!["Ruth Adeyemi, front office".into()],
        ..Default::default()
    };
    let updates = vec![
        Update::Frame(sample::office()),
        Update::Registers(sample::registers()),
        Update::Guide(guide),
        Update::Go(Screen::Registers),
    ];
    let (mut harness, _) = client(WIDE, Settings { reduce_motion: true, ..Settings::default() }, updates);
    press(&mut harness, Key::F1);
    for words in [
        "Taking the register at Harbour",
        "register open until 09:20",
        "1. Sign in, press Ctrl+2 and open your class.",
        "Ruth Adeyemi, front office",
    ] {
        assert!(says(&harness, words), "{words}");
    }
}
