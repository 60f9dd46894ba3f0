//! Before a code is made: what the new device is for, and which sites it may hold.

use super::DevicesState;
use crate::intent::Intent;
use crate::kit::tick::tick;
use crate::kit::{Button, Cut, layer, look, size};
use egui::Ui;
use muster_core::id::PlaceId;
use muster_school::roles::DeviceKind;
use muster_school::view::devices::{DevicesView, SiteChoice};
use std::collections::BTreeSet;

/// What was chosen so far.
#[derive(Clone, Debug)]
pub(in crate::screens) struct Enrol {
    kind: DeviceKind,
    /// Sites that it is not to hold.
    without: BTreeSet<PlaceId>,
}

impl Enrol {
    /// As a device is now; no site means every site.
    pub(in crate::screens) fn of(kind: DeviceKind, held: &[PlaceId], sites: &[SiteChoice]) -> Self {
        let without = sites.iter().map(|site| site.site).filter(|site| !held.is_empty() && !held.contains(site));
        Self { kind, without: without.collect() }
    }

    /// What is chosen; no site means every site.
    pub(in crate::screens) fn chosen(&self, sites: &[SiteChoice]) -> (DeviceKind, Vec<PlaceId>) {
        let left = match self.without.is_empty() {
            true => Vec::new(),
            false => sites.iter().map(|site| site.site).filter(|site| !self.without.contains(site)).collect(),
        };
        (self.kind, left)
    }
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
    let ((go, stop), closed) = layer::show(ui, "enrol", "Add a device", 560.0, |ui, inside| {
        let some = choice_ui(ui, inside, &view.sites, &DeviceKind::ALL, &mut enrol);
        let rect = inside.next(ui, high);
        let make = Button::filled("Make the code").enabled(some);
        let mut line = Cut(rect);
        let wide = make.width(ui);
        let go = make.show(ui, line.left(wide)).clicked();
        line.left(size::TOUCH_GAP);
        let cancel = Button::new("Cancel");
        let wide = cancel.width(ui);
        (go, cancel.show(ui, line.left(wide)).clicked())
    });
    state.enrol = (!closed && !go && !stop).then_some(enrol.clone());
    if !go {
        return Vec::new();
    }
    let (kind, sites) = enrol.chosen(&view.sites);
    vec![Intent::Invite { kind, sites }]
}

/// What a device is for, of these kinds, and which sites it may hold. Says whether any site is chosen.
pub(in crate::screens) fn choice_ui(
    ui: &mut Ui,
    inside: &layer::Inside,
    sites: &[SiteChoice],
    kinds: &[DeviceKind],
    enrol: &mut Enrol,
) -> bool {
    let high = look(ui).control().max(40.0);
    inside.words(ui, "What is it for?");
    for (line, pair) in kinds.chunks(2).enumerate() {
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
        inside.words(
            ui,
            "It may keep the keys of leads and heads: only where such a person works, and nowhere that is left open.",
        );
    }
    if sites.len() > 1 {
        inside.words(ui, "Which sites may it hold?");
        for site in sites {
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
    let some = sites.is_empty() || sites.iter().any(|site| !enrol.without.contains(&site.site));
    if !some {
        inside.words(ui, "Choose one site at least.");
    }
    some
}
