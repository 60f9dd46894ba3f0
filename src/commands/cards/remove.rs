//! `muster cards remove` and `muster cards lift`: what nobody else may do, or nobody who is left.

use super::find::{self, Names};
use super::speak::Given;
use crate::device::Device;
use anyhow::bail;
use clap::Args;

/// Remove a person or a device from the school, with two cards: a head too
#[derive(Debug, Args)]
pub(crate) struct Remove {
    /// The name of a person or a device known here
    name: String,
    #[command(flatten)]
    names: Names,
    #[command(flatten)]
    given: Given,
}

impl Remove {
    pub(super) fn run(self, device: &mut Device) -> anyhow::Result<()> {
        self.names.learn(device)?;
        let says = match (find::person(device, &self.name)?, find::device(device, &self.name)?) {
            (Some((person, _)), None) => device.person_removed_by_cards(person)?,
            (None, Some(found)) => device.device_removed_by_cards(found)?,
            (Some(_), Some(_)) => bail!("a person and a device have that in their names: give more of it"),
            (None, None) => {
                bail!("nobody and no device here has that name: sign in with --sign-in to know everybody's")
            }
        };
        self.given.say(device, &says)
    }
}

/// Let a device that somebody holds back work again, with two cards
#[derive(Debug, Args)]
pub(crate) struct Lift {
    /// The device's name
    name: String,
    #[command(flatten)]
    names: Names,
    #[command(flatten)]
    given: Given,
}

impl Lift {
    pub(super) fn run(self, device: &mut Device) -> anyhow::Result<()> {
        self.names.learn(device)?;
        let Some(found) = find::device(device, &self.name)? else {
            bail!("no device here has that name: sign in with --sign-in to know every one");
        };
        let says = device.freed_by_cards(found)?;
        self.given.say(device, &says)
    }
}
