//! `muster passphrase`: changes one's own passphrase.

use super::Common;
use super::ask::{self, Who};
use clap::Args;

/// Change your own passphrase, on every device of yours that hears of it
#[derive(Debug, Args)]
pub(super) struct Passphrase {
    #[command(flatten)]
    who: Who,
}

impl Passphrase {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let (mut device, old) = self.who.open_with_passphrase(common)?;
        let name = device.person().map(|person| device.known.staff_name(person)).unwrap_or_default();
        let new = ask::another_passphrase(&[&device.local.school, &name])?;
        device.change_passphrase(&old, &new)?;
        say!("Your passphrase is changed on this device. Others take it over when they next meet one that has.");
        Ok(())
    }
}
