//! A text snapshot of what readers that speak are given, a screen each.

use crate::{TABLET, WIDE, client, every_screen, sample};
use egui_kittest::kittest::NodeT as _;
use muster_core::id::PersonId;
use muster_gui::{App, Screen, Settings, Update};
use muster_school::view::devices::JoinView;
use muster_school::view::lock::ActivationView;
use std::fmt::Write as _;

pub(crate) fn tree(harness: &egui_kittest::Harness<'_, App>) -> String {
    fn walk(node: egui_kittest::Node<'_>, depth: usize, out: &mut String) {
        let this = node.accesskit_node();
        let name = this.label().or(this.value()).unwrap_or_default();
        let quiet = name.is_empty();
        if !quiet {
            let focus = if this.is_focused() { " (focus)" } else { "" };
            let off = if this.is_disabled() { " (off)" } else { "" };
            let on = match this.toggled() {
                Some(egui::accesskit::Toggled::True) => " (chosen)",
                _ => "",
            };
            let _ = writeln!(out, "{}{:?} {name}{on}{off}{focus}", "  ".repeat(depth), this.role());
        }
        for child in node.children() {
            walk(child, depth + usize::from(!quiet), out);
        }
    }
    let mut out = String::new();
    walk(harness.root(), 0, &mut out);
    out
}

/// The two screens of a device or a person that is new.
fn ways_in() -> [(&'static str, Vec<Update>); 2] {
    let view = ActivationView { suggested: "calm otter lantern".into(), ..ActivationView::default() };
    let new_person = Screen::Activation(PersonId([2; 16]));
    let frame = || Update::Frame(sample::hall());
    [
        ("activation", vec![frame(), Update::Lock(sample::lock()), Update::Activation(view), Update::Go(new_person)]),
        ("join", vec![Update::Join(JoinView::default()), Update::Go(Screen::Join)]),
    ]
}

#[test]
fn each_screen_reads_as_it_did() {
    for (name, updates) in every_screen().into_iter().chain(ways_in()) {
        let touch = name.starts_with("fire") || name.starts_with("call") || name.starts_with("kiosk");
        let settings = Settings { touch, reduce_motion: true, ..Settings::default() };
        let (harness, _) = client(if touch { TABLET } else { WIDE }, settings, updates);
        insta::assert_snapshot!(name, tree(&harness));
    }
}
