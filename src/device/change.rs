//! What a device is for and which sites it may hold, as it is now, and another time.
//!
//! More is given beside what it has. Less takes rights away: what the device wrote so far stays, and what it writes by
//! the taken rights before it hears of that waits for an officer, as with a device that is held back. Keys follow: whose
//! sign-in may be kept on a device, and who is given the next day's keys, is worked out from its rights each time.
//! What it holds of a site already stays on it, sealed. A kiosk can become anything else, and is given keys from then on;
//! nothing becomes a kiosk, because keys that a device holds cannot be taken from it for certain.
//!
//! Not here: letting a device in (`host/invite.rs`), holding it back and taking it out (`lost.rs`).

use super::Device;
use anyhow::{Context as _, bail};
use muster_core::authority::capability::Capability;
use muster_core::authority::grant::{Grant, Grantee, RANK_DEVICE};
use muster_core::authority::reduction::{Reason, Target};
use muster_core::authority::view::{Holder, Standing};
use muster_core::id::{DeviceId, GrantId, PlaceId};
use muster_core::replica::Context;
use muster_school::roles::DeviceKind;
use muster_school::step_up::Guarded;
use muster_school::view::lost::Kept;

impl Device {
    /// What a device is for, and its sites; no site means every site. `None` for rights that no kind has.
    pub fn device_is(&self, device: DeviceId) -> Option<(DeviceKind, Vec<PlaceId>)> {
        let held = self.rights_of_device(device);
        let all: Vec<Capability> = held.iter().flat_map(|(_, one)| one.capabilities.iter().copied()).collect();
        // Rights that were added to reach further than those before.
        let widest = held.iter().find(|(_, one)| reaches(&one.capabilities, &all));
        let mut given = widest.map_or(all, |(_, one)| one.capabilities.to_vec());
        given.sort_unstable();
        given.dedup();
        DeviceKind::of(&given)
    }

    /// Has a device of the school be of another kind, or hold other sites; no site means every site.
    ///
    /// # Errors
    /// When a code must come first, the device is held back or out, it is to be a kiosk, or whoever is signed in
    /// may not give the new rights or take the old: then it is said who gave them.
    pub fn change_device(&mut self, device: DeviceId, kind: DeviceKind, sites: Vec<PlaceId>) -> anyhow::Result<()> {
        self.need(Guarded::Administer)?;
        if self.kept(&device) != Kept::Fine {
            bail!("that device is held back or out: let it go on first, or let it in as another");
        }
        let was = self.device_is(device);
        if kind == DeviceKind::Kiosk {
            bail!(
                "a kiosk holds nobody's keys, and this device holds some already: take it out, and let it in as a kiosk"
            );
        }
        if was.is_some_and(|was| was == (kind, sites.clone())) {
            bail!("it is that already: choose another kind or other sites");
        }
        let held = self.rights_of_device(device);
        let agree = held.iter().find_map(|(_, one)| one.agree).context("nothing is known of that device's keys")?;
        let capabilities = kind.capabilities(&sites);
        let too_much: Vec<GrantId> =
            held.iter().filter(|(_, one)| !reaches(&capabilities, &one.capabilities)).map(|(id, _)| *id).collect();
        let to = Grantee::Device { device, agree };
        self.grant(Grant { to, rank: RANK_DEVICE, capabilities, until: None })?;
        let seat = self.seat();
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        for grant in too_much {
            if self.replica.remove(&seat, Target::Grant(grant), Reason::Changed, &mut context).is_err() {
                bail!(
                    "it may do what you chose now, and what somebody above you gave it before: ask the head to take that away"
                );
            }
        }
        let name = self.device_name(device);
        // As at enrolment: whoever may change a device may not always write the school's document.
        if let Err(error) =
            self.office(|office| Ok(office.name_device(device, &name, sites.first().copied()).map(drop)?))
        {
            tracing::info!("the device's site was not written into the school's document: {error}");
        }
        self.catch_up()
    }

    fn rights_of_device(&self, device: DeviceId) -> Vec<(GrantId, Standing)> {
        let holder = Holder::Device(device);
        let held = self.replica.view().grants_of(&holder);
        held.map(|(id, standing)| (*id, standing.clone())).collect()
    }
}

/// Whether rights reach as far as all of these.
fn reaches(rights: &[Capability], all: &[Capability]) -> bool {
    all.iter().all(|one| rights.iter().any(|held| held.covers(one)))
}
