//! Which device may keep whose keys: those of a person on the devices of the person's sites; those of leads and
//! heads only where somebody said so when the device was let in, or later.
//!
//! A function of the view, so it changes with it: a device that is suspended or removed may keep nobody's.

use super::capability::{Capability, Right, Which};
use super::view::{Holder, View};
use crate::id::{DeviceId, PersonId, PlaceId};

/// The weakest rank whose keys only named devices keep.
pub const RANK_LEAD: u8 = 3;

/// A holder's rights, as far as they say who may keep whose keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keeping {
    lead: bool,
    sites: Vec<Which<PlaceId>>,
    leads_at: Vec<Which<PlaceId>>,
}

impl View {
    /// Whether a device may keep a person's keys now.
    pub fn may_keep(&self, device: &DeviceId, person: &PersonId) -> bool {
        self.keeping_of_device(device).zip(self.keeping_of_person(person)).is_some_and(|(at, of)| at.may_keep(&of))
    }

    /// `None` for a device that is none of the school's, or suspended.
    pub(crate) fn keeping_of_device(&self, device: &DeviceId) -> Option<Keeping> {
        let rights = self.is_enrolled(device).then(|| self.rights(&Holder::Device(*device)))?;
        let places = |wanted: &[Right]| {
            rights.iter().filter(|one| wanted.contains(&one.right)).map(|one| one.place).collect::<Vec<_>>()
        };
        let (sites, leads_at) = (places(&[Right::Hold, Right::Read]), places(&[Right::KeepLeads]));
        Some(Keeping { lead: false, sites: each_once(sites), leads_at: each_once(leads_at) })
    }

    /// `None` for a person without any right.
    pub(crate) fn keeping_of_person(&self, person: &PersonId) -> Option<Keeping> {
        let holder = Holder::Person(*person);
        let lead = self.rank(&holder)? <= RANK_LEAD;
        let sites = self.rights(&holder).into_iter().filter(|one| matches!(one.right, Right::Read | Right::Write));
        Some(Keeping { lead, sites: each_once(sites.map(|one| one.place).collect()), leads_at: Vec::new() })
    }

    fn rights(&self, holder: &Holder) -> Vec<Capability> {
        self.grants_of(holder).flat_map(|(_, grant)| grant.capabilities.iter().copied()).collect()
    }
}

impl Keeping {
    /// Whether a device of these rights may keep the keys of a person of those.
    pub(crate) fn may_keep(&self, person: &Self) -> bool {
        let shared = |places: &[Which<PlaceId>]| {
            places
                .iter()
                .any(|place| is_site(place) && person.sites.iter().any(|site| is_site(site) && meet(place, site)))
        };
        shared(&self.sites) && (!person.lead || shared(&self.leads_at))
    }
}

/// The school-wide compartment is everybody's and every device's, so it says nothing of a site.
fn is_site(place: &Which<PlaceId>) -> bool {
    *place != Which::One(PlaceId::ZERO)
}

fn meet(left: &Which<PlaceId>, right: &Which<PlaceId>) -> bool {
    left.covers(right) || right.covers(left)
}

fn each_once(mut places: Vec<Which<PlaceId>>) -> Vec<Which<PlaceId>> {
    places.sort_unstable();
    places.dedup();
    places
}
