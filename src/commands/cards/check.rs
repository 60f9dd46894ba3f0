//! `muster cards check`: whether cards are what they should be. Nothing is done with them.
//!
//! Only a card that was typed in counts as read back: a file proves the file, and says nothing of the paper.

use super::read;
use crate::device::Device;
use crate::kept_cards::KeptCards;
use anyhow::bail;
use clap::Args;
use muster_core::keys::recovery;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Check recovery cards without using them
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Files that hold a card's text [default: one card, typed in from the paper, which counts as read back]
    #[arg(value_name = "CARD")]
    cards: Vec<PathBuf>,
}

impl Check {
    pub(super) fn run(self, device: &mut Device) -> anyhow::Result<()> {
        let mut seen = BTreeSet::new();
        for card in read::cards(&self.cards, 1)? {
            recovery::check(device.replica.founding(), &card)?;
            if !seen.insert(card.number()) {
                bail!("card {} was given twice: look at each of the three once", card.number());
            }
            say!("This is card {} of {} of this school, and it is complete.", card.number(), recovery::CARDS);
            if !self.cards.is_empty() {
                say!(
                    "It was read from a file, which says nothing of the card on paper: type that in with `muster cards check`, without naming a file."
                );
                continue;
            }
            let mut kept = KeptCards::load(&device.replica);
            kept.proven(card.number(), device.clock.now());
            kept.keep(&mut device.replica, &mut rand::rng())?;
        }
        Ok(())
    }
}
