//! `muster init`: founds a school on this device.

use super::{Common, ask};
use crate::device::{Device, must_be_empty};
use anyhow::Context as _;
use clap::Args;
use muster_core::keys::recovery::Card;
use std::path::PathBuf;

/// Found a school on this device
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The school's name
    #[arg(long)]
    school: String,
    /// The head's name
    #[arg(long)]
    head: String,
    /// What to call this device
    #[arg(long, default_value = "Office")]
    device: String,
    /// Where to write the three recovery cards [default: a folder beside the records]
    #[arg(long, value_name = "DIR")]
    cards: Option<PathBuf>,
}

impl Init {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let folder = common.folder();
        must_be_empty(&folder)?;
        let place = self.cards.unwrap_or_else(|| beside(&folder));
        super::cards::make_room(&place)?;
        let passphrase = ask::new_passphrase()?;
        let mut keep = |cards: &[Card]| {
            super::cards::write(&place, cards)
                .with_context(|| format!("cannot write the recovery cards to {}", place.display()))
        };
        let device =
            Device::found(&folder, &self.school, &self.head, &self.device, &passphrase, common.clock(), &mut keep)?;
        say!("Founded {} on this device, in {}.", self.school, folder.display());
        say!("Signed in: {}.", self.head);
        say!();
        say!("Three recovery cards are in {}.", place.display());
        say!("Any two of them together stand above everybody and open everything; one alone does nothing.");
        say!("Move each to a different safe place, and leave none on this device.");
        say!();
        say!("Next: muster import DIR");
        drop(device);
        Ok(())
    }
}

fn beside(folder: &std::path::Path) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push("-recovery-cards");
    folder.with_file_name(name)
}
