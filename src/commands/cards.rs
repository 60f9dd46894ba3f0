//! Recovery cards: written once when a school is founded, and checked as often as anybody likes.

use super::Common;
use crate::device::Device;
use anyhow::{Context as _, bail};
use clap::Args;
use muster_core::keys::recovery::Card;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Check a recovery card without using it
#[derive(Debug, Args)]
pub(super) struct CheckCard {
    /// The card's file
    card: PathBuf,
}

impl CheckCard {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let text = zeroize::Zeroizing::new(std::fs::read_to_string(&self.card).context("the card cannot be read")?);
        let Ok(card) = Card::from_text(&text) else {
            bail!("this is not a recovery card, or a character of it is wrong: compare it with the card itself");
        };
        let device = Device::open(&common.folder(), common.clock())?;
        let founding = device.replica.founding();
        if card.school() != device.replica.school() {
            bail!("this card belongs to another school");
        }
        let place = usize::from(card.number()).checked_sub(1).and_then(|at| founding.cards.get(at));
        if place != Some(&card.sign_key().public()) {
            bail!("this card names the right school but is not one of its three: a character may be wrong");
        }
        say!("This is card {} of 3 of this school, and it is complete.", card.number());
        Ok(())
    }
}

/// Makes sure that cards can be written there, before there are any: they exist nowhere else.
pub(crate) fn make_room(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make {} for the recovery cards", folder.display()))?;
    for number in 1..=muster_core::keys::recovery::CARDS {
        let path = card_path(folder, number);
        if path.exists() {
            bail!("{} is there already: it may belong to a school. Give another folder with --cards", path.display());
        }
    }
    Ok(())
}

fn card_path(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("recovery-card-{number}.txt"))
}

/// Writes each card to a file that only this user reads.
pub(crate) fn write(folder: &Path, cards: &[Card]) -> anyhow::Result<()> {
    make_room(folder)?;
    for card in cards {
        let path = card_path(folder, usize::from(card.number()));
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).with_context(|| format!("{} is there already", path.display()))?;
        file.write_all(card.to_text().as_bytes())?;
        file.sync_all()?;
    }
    Ok(())
}
