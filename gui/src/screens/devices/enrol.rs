//! Before a code is made: what the new device is for, and which sites it may hold.

use super::DevicesState;
use crate::intent::Intent;
use crate::kit::tick::tick;
use crate::kit::{Button, Cut, layer, look, size};
use egui::{Rect, Ui, vec2};
use muster_core::id::PlaceId;
use muster_school::roles::DeviceKind;
use muster_school::view::devices::DevicesView;
use std::collections::BTreeSet;

/// What was chosen so far.
#[derive(Clone, Debug)]
pub(super) struct Enrol {
    kind: DeviceKind,
    /// Sites that it is not to hold.
    without: BTreeSet<PlaceId>,
}

impl Default for Enrol {
    fn default() -> Self {
        Self { kind: DeviceKind::Tablet, without: BTreeSet::new() }
    }
}

/// Shows the choice, if one is being made.
pub(super) fn enrol_ui(ui: &mut Ui, view: &DevicesView, state: &mut DevicesState) -> Vec<Intent> {
    let Some(mut enrol) = state.enrol.clone() else { return Vec::new() };
    let high = look(ui).control().max(40.0);
    let (go, closed) = layer::show(ui, "enrol", "Enrol a device", 560.0, |ui, inside| {
        inside.words(ui, "What is it for?");
        for (line, pair) in DeviceKind::ALL.chunks(2).enumerate() {
            let mut row = Cut(inside.next(ui, high));
            let half = (row.width() - size::TOUCH_GAP) / 2.0;
            for (place, kind) in pair.iter().enumerate() {
                let button = Button::new(kind.name()).chosen(enrol.kind == *kind).show(ui, row.left(half));
                row.left(size::TOUCH_GAP);
                if inside.fresh && line == 0 && place == 0 {
                    button.request_focus();
                }
                if button.clicked() {
                    enrol.kind = *kind;
                }
            }
        }
        inside.words(ui, enrol.kind.purpose());
        if enrol.kind == DeviceKind::Laptop {
            inside.words(ui, "It may keep the keys of leads and heads: only where such a person works, and nowhere that is left open.");
        }
        if view.sites.len() > 1 {
            inside.words(ui, "Which sites may it hold?");
            for site in &view.sites {
                let mut on = !enrol.without.contains(&site.site);
                let rect = inside.next(ui, high);
                tick(ui, rect, &site.name, &mut on);
                if on {
                    enrol.without.remove(&site.site);
                } else {
                    enrol.without.insert(site.site);
                }
            }
        }
        let some = view.sites.is_empty() || enrol.without.len() < view.sites.len();
        if !some {
            inside.words(ui, "Choose one site at least.");
        }
        let rect = inside.next(ui, high);
        let make = Button::filled("Make the code").enabled(some);
        let wide = make.width(ui);
        make.show(ui, Rect::from_min_size(rect.min, vec2(wide, high))).clicked()
    });
    state.enrol = (!closed && !go).then_some(enrol.clone());
    if !go {
        return Vec::new();
    }
    let sites = match enrol.without.is_empty() {
        true => Vec::new(),
        false => view.sites.iter().map(|site| site.site).filter(|site| !enrol.without.contains(site)).collect(),
    };
    vec![Intent::Invite { kind: enrol.kind, sites }]
}
