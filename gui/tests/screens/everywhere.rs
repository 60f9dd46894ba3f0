//! What holds on every screen: names, keyboard, sizes of targets, 200 %, small windows.

use crate::{TABLET, WIDE, client, every_screen, focused, press};
use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::NodeT as _;
use muster_gui::Settings;
use std::collections::BTreeSet;

pub(crate) fn pressable(role: Role) -> bool {
    matches!(
        role,
        Role::Button
            | Role::Link
            | Role::Tab
            | Role::ComboBox
            | Role::RadioButton
            | Role::CheckBox
            | Role::TextInput
            | Role::PasswordInput
    )
}

/// Names of what can be pressed, with their sizes in points.
pub(crate) fn targets(harness: &egui_kittest::Harness<'_, muster_gui::App>) -> Vec<(String, egui::Rect)> {
    harness
        .root()
        .children_recursive()
        .filter(|node| pressable(node.accesskit_node().role()))
        .map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect()))
        .collect()
}

/// The rows of the list that has the focus, from its first.
pub(crate) fn down<S>(harness: &mut egui_kittest::Harness<'_, S>, seen: &mut BTreeSet<String>) {
    press(harness, Key::Home);
    seen.insert(focused(harness));
    for _ in 0..40 {
        let before = focused(harness);
        press(harness, Key::ArrowDown);
        seen.insert(focused(harness));
        if focused(harness) == before {
            return;
        }
    }
}

#[test]
fn everything_that_can_be_pressed_has_a_name() {
    for (name, updates) in every_screen() {
        let (harness, _) = client(WIDE, Settings::default(), updates);
        harness.check_accessibility();
        for (label, rect) in targets(&harness) {
            assert!(!label.trim().is_empty(), "{name}: nothing names {rect:?}");
        }
    }
}

#[test]
fn targets_are_large_enough_for_a_pointer_and_for_a_finger() {
    let touch = Settings { touch: true, ..Settings::default() };
    for (settings, size, floor) in [(Settings::default(), WIDE, 24.0), (touch, TABLET, 44.0)] {
        for (name, updates) in every_screen() {
            let (harness, _) = client(size, settings.clone(), updates);
            for (label, rect) in targets(&harness) {
                let link = rect.height() >= 32.0 && settings.touch;
                assert!(
                    link || rect.height() >= floor && rect.width() >= 24.0,
                    "{name}: {label} is {} x {}",
                    rect.width(),
                    rect.height()
                );
            }
        }
    }
}

#[test]
fn every_action_is_reached_with_the_tab_key() {
    for (name, updates) in every_screen() {
        let (mut harness, _) = client(WIDE, Settings::default(), updates);
        let mut seen = BTreeSet::new();
        let most = 120;
        let wanted = targets(&harness);
        for _ in 0..most {
            if wanted.iter().all(|(label, _)| seen.contains(label)) {
                break;
            }
            press(&mut harness, Key::Tab);
            if seen.insert(focused(&harness)) && matches!(name, "registers" | "to_do") {
                // A list is one stop: its rows are reached with the arrows.
                down(&mut harness, &mut seen);
            }
        }
        let list_row = |label: &str| {
            // One row of a list is a stop; arrows lead to the others, and to what stands in them.
            label.starts_with("Found, ")
                || label.starts_with("Settle, ")
                || label.starts_with("Other…")
                || label.starts_with("Call…")
                || label.starts_with("Call back, ")
                || ["Abbott, Carol", "Pike, Stan"].iter().any(|who| label.starts_with(who))
                || label.contains(" marks for ")
                || (name == "calendar" && label.ends_with(" site"))
        };
        for (label, _) in targets(&harness) {
            let disabled = harness.root().children_recursive().any(|node| {
                let node = node.accesskit_node();
                node.label().as_deref() == Some(label.as_str()) && node.is_disabled()
            });
            assert!(disabled || list_row(&label) || seen.contains(&label), "{name}: Tab never reaches {label}");
        }
    }
}

#[test]
fn at_double_size_and_on_a_small_tablet_no_screen_loses_a_control() {
    let call = vec![
        "End the roll call",
        "Show found",
        "Add a person",
        "More… of this roll call",
        "Search first or last name",
        "All letters",
    ];
    let main = [
        ("lock", vec!["Fire register", "Passphrase", "Sign in"]),
        ("today", vec!["Menu", "Lock this device"]),
        ("registers", vec!["Menu", "Lock this device"]),
        (
            "register",
            vec![
                "Menu",
                "Lock this device",
                "Find a name",
                "Mark remaining 5 present",
                "Undo the last change",
                "Finish register",
            ],
        ),
        ("fire", vec!["Back to lock", "Care details…", "Real. A fire or other evacuation", "Choose one to start"]),
        ("call", call.clone()),
        ("call full", call.clone()),
        ("call care", call.clone()),
        ("call silent", call),
        ("call over", vec!["Close the report", "Change what is written…", "Sign…", "Certificate…", "Show all 2"]),
        ("fire full", vec!["Back to lock", "Hide care details", "4 off site, 2 at another site. Not called here"]),
        ("reception", vec!["Menu", "Sign somebody in…", "Trip sets out…", "Send to another site…", "Here 2"]),
        ("reception pupil", vec!["Menu", "Sign somebody in…", "Close Ada Byrne", "Sign out Ada Byrne"]),
        ("kiosk", vec!["Back to lock", "Visitor", "Pupil"]),
        ("kiosk said", vec!["Done"]),
        ("display", vec!["Back"]),
        ("display in call", vec!["Back"]),
        ("drills", vec!["Menu", "Lock this device"]),
        ("drills report", vec!["Menu", "Back to the drills", "Sign…"]),
        ("audit", vec!["Menu", "Lock this device", "Person: Everyone"]),
        ("devices", vec!["Menu", "Lock this device", "Add a device", "Copy for support"]),
        ("add concern", vec!["Menu", "Lock this device", "Pupil", "Category: Choose a category", "Save the concern"]),
        ("concerns", vec!["Menu", "Lock this device", "Mark as read", "Close Concern 4fa2 09c1", "Add a note"]),
        ("own", vec!["Menu", "Lock this device", "Set another PIN", "Sign out", "Go on"]),
        ("people", vec!["Menu", "Lock this device", "Bring somebody in…", "Search a name or a role"]),
        ("calendar", vec!["Menu", "Lock this device", "Set a term", "Set a day", "Set times", "Set cover"]),
        ("attendance", vec!["Menu", "Lock this device", "Site: All sites", "Folder for the review"]),
        ("to_do", vec!["Menu", "Lock this device"]),
        ("pupils", vec!["Menu", "Lock this device", "Search a pupil", "Admit a pupil…", "Give out registers…"]),
        ("pupil", vec!["Menu", "Lock this device", "Back Rhys Davies", "Amend… Rhys Davies"]),
        ("roles", vec!["Menu", "Lock this device", "By person", "By area", "Search a name or a role"]),
    ];
    let double = Settings { size_percent: 200, ..Settings::default() };
    for (name, updates) in every_screen() {
        let wanted = main.iter().find(|(screen, _)| *screen == name).map(|(_, wanted)| wanted.clone()).unwrap();
        for size in [WIDE, TABLET] {
            let (harness, _) = client(size, double.clone(), updates.clone());
            let there = targets(&harness);
            for label in &wanted {
                let Some((_, rect)) = there.iter().find(|(found, _)| found == label) else {
                    panic!(
                        "{name} at 200 % in {size:?} lost {label}; there is {:?}",
                        there.iter().map(|t| &t.0).collect::<Vec<_>>()
                    )
                };
                assert!(rect.left() >= -1.0 && rect.right() <= size[0] + 1.0, "{name}: {label} is cut: {rect:?}");
                assert!(rect.width() >= 24.0 && rect.height() >= 18.0, "{name}: {label} is squeezed: {rect:?}");
            }
        }
    }
}

#[test]
fn the_focus_ring_is_at_least_two_points_wide() {
    // Its contrast is measured with the table of colours.
    const { assert!(muster_gui::kit::size::FOCUS >= 2.0) }
}

#[test]
fn two_thousand_people_cost_no_more_than_those_in_sight() {
    use muster_school::view::SubjectId;
    let mut view = crate::sample::fire();
    let pattern = view.rows.clone();
    view.rows = (0..2_000_u32)
        .map(|number| {
            let mut row = pattern[number as usize % pattern.len()].clone();
            let mut bytes = [0; 16];
            bytes[..4].copy_from_slice(&number.to_be_bytes());
            row.person = SubjectId(bytes);
            row
        })
        .collect();
    let updates = vec![
        muster_gui::Update::Frame(crate::sample::hall()),
        muster_gui::Update::Fire(view),
        muster_gui::Update::Go(muster_gui::Screen::Fire),
    ];
    let (harness, _) = client(TABLET, Settings::default(), updates);
    let rows = harness.root().children_recursive().filter(|node| node.accesskit_node().role() == Role::Row).count();
    assert!(rows > 5 && rows < 20, "{rows} rows are made");
}

#[test]
fn names_stay_while_a_narrow_grid_scrolls_sideways() {
    let double = Settings { size_percent: 200, ..Settings::default() };
    let (_, updates) = every_screen().remove(3);
    let (mut harness, _) = client(WIDE, double, updates);
    assert!(focused(&harness).starts_with("Kuba Jankowski"));
    press(&mut harness, Key::ArrowRight);
    assert!(focused(&harness).starts_with("Kuba Jankowski"), "the row keeps the focus");
}
