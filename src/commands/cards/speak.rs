//! Having the cards say something: two at one device, or one after the other, with a file carried between.

use super::super::ask;
use super::find::Names;
use super::{read, says};
use crate::device::Device;
use anyhow::{Context as _, bail};
use clap::Args;
use muster_core::authority::cards::CardsStatement;
use muster_core::authority::statement::Statement;
use muster_core::codec;
use muster_core::keys::recovery;
use std::io::Write as _;
use std::path::PathBuf;

/// The longest file that is looked at for a statement: removals name every log that ends.
const STATEMENT_BYTES: u64 = 1024 * 1024;

/// The cards that a command is given.
#[derive(Debug, Args)]
pub(super) struct Given {
    /// A file that holds the text of a card; twice [default: typed in from the paper]
    #[arg(long = "card", value_name = "CARD")]
    pub(super) cards: Vec<PathBuf>,
    /// Sign with one card only, into this file, for another to sign elsewhere with `muster cards sign`
    #[arg(long, value_name = "FILE")]
    pub(super) half: Option<PathBuf>,
}

impl Given {
    /// Says it with two cards, or signs it with one; says what is left to do.
    pub(super) fn say(&self, device: &mut Device, says: &[Statement]) -> anyhow::Result<()> {
        let mut said = device.draft_for_cards(says);
        match &self.half {
            None => {
                let [left, right] = read::two(&self.cards)?;
                recovery::recovery_key(device.replica.founding(), &left, &right)?;
                [left, right].iter().for_each(|card| said.sign(card));
                device.say_by_cards(said)?;
                say!("Two cards have said so, and every device shows it when it hears of it.");
            }
            Some(file) => {
                self.sign_one(device, &mut said)?;
                let mut options = std::fs::OpenOptions::new();
                options.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let mut to = options.open(file).with_context(|| format!("{} is there already", file.display()))?;
                to.write_all(&codec::encode(&said))?;
                to.sync_all()?;
                say!(
                    "One card has signed; nothing is said yet. Where another card is: muster cards sign {}",
                    file.display()
                );
                say!("Whoever signs there is shown this, and asked:");
                says::show(device, &said);
            }
        }
        Ok(())
    }

    fn sign_one(&self, device: &Device, said: &mut CardsStatement) -> anyhow::Result<()> {
        let cards = read::cards(&self.cards, 1)?;
        let [card] = cards.as_slice() else { bail!("one card signs here: give one") };
        recovery::check(device.replica.founding(), card)?;
        said.sign(card);
        Ok(())
    }
}

/// Sign with another card what one has signed elsewhere, and have it said
#[derive(Debug, Args)]
pub(crate) struct Sign {
    /// The file that `--half` wrote
    file: PathBuf,
    /// A file that holds the text of the card [default: typed in from the paper]
    #[arg(long = "card", value_name = "CARD")]
    cards: Vec<PathBuf>,
    /// Do not ask: the holder of the card has read what it says
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    names: Names,
}

impl Sign {
    pub(super) fn run(self, device: &mut Device) -> anyhow::Result<()> {
        let cannot = || format!("{} cannot be read", self.file.display());
        if std::fs::metadata(&self.file).with_context(cannot)?.len() > STATEMENT_BYTES {
            bail!("{} is not what a card has signed: it is too long", self.file.display());
        }
        let bytes = std::fs::read(&self.file).with_context(cannot)?;
        let mut said: CardsStatement =
            codec::decode(&bytes).with_context(|| format!("{} is not what a card has signed", self.file.display()))?;
        self.names.learn(device)?;
        says::show(device, &said);
        if !self.yes && !ask::yes("Does the first card's holder read the same, and does yours sign it?")? {
            bail!("nothing was signed, and nothing is said");
        }
        Given { cards: self.cards, half: None }.sign_one(device, &mut said)?;
        device.say_by_cards(said)?;
        say!("Two cards have said so, and every device shows it when it hears of it.");
        say!(
            "Whoever becomes head by it reads the records once a device where somebody who reads them is signed in has heard of it."
        );
        Ok(())
    }
}
