//! Whom and what a card command means: by the names that this device knows with nobody signed in, or with somebody.

use super::super::ask::Who;
use crate::device::Device;
use anyhow::bail;
use clap::Args;
use muster_core::id::{DeviceId, PersonId};
use muster_school::names::fold;
use std::collections::BTreeMap;

/// Whether to sign in for the names.
#[derive(Debug, Args)]
pub(super) struct Names {
    /// Sign in first: everybody is known by name then, and it is written down who did this
    #[arg(long)]
    sign_in: bool,
    #[command(flatten)]
    who: Who,
}

impl Names {
    pub(super) fn learn(&self, device: &mut Device) -> anyhow::Result<()> {
        if self.sign_in || self.who.person.is_some() {
            self.who.sign_in(device)?;
        }
        Ok(())
    }
}

/// Everybody known here, with their names.
pub(super) fn people(device: &Device) -> BTreeMap<PersonId, String> {
    let mut known: BTreeMap<PersonId, String> = device.people().into_iter().collect();
    known.extend(device.known.school().staff.keys().map(|person| (*person, device.known.staff_name(*person))));
    known
}

/// Every device of the school, by the name it has here.
pub(super) fn devices(device: &Device) -> BTreeMap<DeviceId, String> {
    let named = |id: DeviceId| {
        let peer = device.local.peers.get(&id).map(|peer| peer.name.clone()).filter(|name| !name.is_empty());
        (id, peer.unwrap_or_else(|| format!("device {id:?}")))
    };
    let mut known: BTreeMap<DeviceId, String> = device.replica.view().devices().map(named).collect();
    known.insert(device.replica.device(), device.local.device.clone());
    known
}

/// A person known here, with their name; `None` when nobody has it.
pub(super) fn person(device: &Device, wanted: &str) -> anyhow::Result<Option<(PersonId, String)>> {
    one(people(device), wanted, "people")
}

/// A device known here; `None` when none has the name.
pub(super) fn device(device: &Device, wanted: &str) -> anyhow::Result<Option<DeviceId>> {
    Ok(one(devices(device), wanted, "devices")?.map(|(id, _)| id))
}

fn one<T>(known: BTreeMap<T, String>, wanted: &str, what: &str) -> anyhow::Result<Option<(T, String)>> {
    let folded = fold(wanted);
    let (exact, part): (Vec<_>, Vec<_>) =
        known.into_iter().filter(|(_, name)| fold(name).contains(&folded)).partition(|(_, name)| fold(name) == folded);
    let mut found = if exact.is_empty() { part } else { exact };
    if found.len() > 1 {
        bail!("{} {what} here have that in their name: give more of it", found.len());
    }
    Ok(found.pop())
}
