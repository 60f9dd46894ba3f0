//! `muster init`: founds a school on this device.

use super::cards::write::{self, Form};
use super::{Common, ask};
use crate::device::{Device, must_be_empty};
use crate::kept_cards::KeptCards;
use anyhow::Context as _;
use clap::Args;
use muster_core::keys::recovery::Card;
use std::io::IsTerminal as _;
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
    /// How to write them
    #[arg(long, value_enum, default_value = "pdf")]
    cards_as: Form,
    /// Ask for a line of each card, even where nobody sits at a terminal
    #[arg(long)]
    read_back: bool,
}

impl Init {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let folder = common.folder();
        must_be_empty(&folder)?;
        let place = self.cards.unwrap_or_else(|| beside(&folder));
        let new = !place.exists();
        write::make_room(&place, self.cards_as)?;
        let passphrase = ask::new_passphrase(&[&self.school, &self.head]).inspect_err(|_| {
            // Nothing is left of a school that was not founded. Only a folder that is empty goes.
            if new {
                let _ = std::fs::remove_dir(&place);
            }
        })?;
        let clock = common.clock();
        let mut made: Vec<Card> = Vec::new();
        let mut keep = |cards: &[Card]| {
            made = cards.to_vec();
            let written = match self.cards_as {
                Form::Pdf => write::pdf(&place, cards, clock.now()),
                Form::Text => write::text(&place, cards),
            };
            written.with_context(|| format!("cannot write the recovery cards to {}", place.display()))
        };
        let mut device = Device::found(&folder, &self.school, &self.head, &self.device, &passphrase, clock, &mut keep)?;
        let mut kept = KeptCards { made_here: true, ..KeptCards::default() };
        kept.keep(&mut device.replica, &mut rand::rng())?;
        say!("Founded {} on this device, in {}.", self.school, folder.display());
        say!("Signed in: {}.", self.head);
        say!();
        say!("Three recovery cards are in {}.", place.display());
        say!("Any two of them together stand above everybody and open everything; one alone does nothing.");
        match self.cards_as {
            Form::Pdf => say!("Print each, keep each in a different safe place, and delete the files."),
            Form::Text => say!("Move each to a different safe place, and leave none on this device."),
        }
        say!();
        if self.read_back || std::io::stdin().is_terminal() {
            say!("Now type one line of each card, as it stands on the paper.");
            for number in write::ask_back(&made)? {
                kept.proven(number, clock.now());
            }
            kept.keep(&mut device.replica, &mut rand::rng())?;
        }
        made.clear();
        kept.sentences(clock.now()).first().into_iter().for_each(|sentence| say!("{sentence}"));
        say!();
        say!("Next: muster import DIR");
        Ok(())
    }
}

fn beside(folder: &std::path::Path) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push("-recovery-cards");
    folder.with_file_name(name)
}
