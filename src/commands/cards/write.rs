//! Writing the cards when a school is founded: to print, or as text for a school without a printer.

use crate::paper::card::draw;
use anyhow::{Context as _, bail};
use clap::ValueEnum;
use muster_core::keys::recovery::{CARDS, Card, written};
use muster_core::time::Moment;
use rand::RngExt as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// In which form the cards are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// A sheet of paper each, as PDF
    Pdf,
    /// Text, to copy by hand where there is no printer
    Text,
}

/// Makes sure that cards can be written there, before there are any: they exist nowhere else.
pub(crate) fn make_room(folder: &Path, form: Form) -> anyhow::Result<()> {
    let mut folders = std::fs::DirBuilder::new();
    folders.recursive(true);
    // What will lie in it opens the school.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folders, 0o700);
    folders.create(folder).with_context(|| format!("cannot make {} for the recovery cards", folder.display()))?;
    for number in 1..=CARDS {
        let path = card_path(folder, number, form);
        if path.exists() {
            bail!("{} is there already: it may belong to a school. Give another folder with --cards", path.display());
        }
    }
    Ok(())
}

fn card_path(folder: &Path, number: usize, form: Form) -> PathBuf {
    let ending = match form {
        Form::Pdf => "pdf",
        Form::Text => "txt",
    };
    folder.join(format!("recovery-card-{number}.{ending}"))
}

/// Writes each card as text to a file that only this user reads.
pub(crate) fn text(folder: &Path, cards: &[Card]) -> anyhow::Result<()> {
    make_room(folder, Form::Text)?;
    cards.iter().try_for_each(|card| keep(folder, card, Form::Text, card.to_text().as_bytes()))
}

/// Writes each card to print, to a file that only this user reads.
pub(crate) fn pdf(folder: &Path, cards: &[Card], now: Moment) -> anyhow::Result<()> {
    make_room(folder, Form::Pdf)?;
    let day = crate::kept_cards::day(now);
    cards.iter().try_for_each(|card| keep(folder, card, Form::Pdf, &draw(card, &day)?))
}

fn keep(folder: &Path, card: &Card, form: Form, bytes: &[u8]) -> anyhow::Result<()> {
    let path = card_path(folder, usize::from(card.number()), form);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path).with_context(|| format!("{} is there already", path.display()))?;
    file.write_all(bytes)?;
    Ok(file.sync_all()?)
}

/// Asks for a line of each card, as it stands on the paper. Gives the numbers of the cards that were read back; those
/// passed over are not among them.
pub(crate) fn ask_back(cards: &[Card]) -> anyhow::Result<Vec<u8>> {
    let mut proven = Vec::new();
    for card in cards {
        // The first line holds little but the school's fingerprint and the number.
        let number = rand::rng().random_range(2..=written::LINES);
        loop {
            let prompt = format!("Card {}, line {number} (or nothing, to do it later): ", card.number());
            let typed = super::read::line(&prompt)?.filter(|typed| !typed.trim().is_empty());
            let Some(typed) = typed else { break };
            if card.is_line(number, &typed) {
                proven.push(card.number());
                break;
            }
            eprintln!(
                "That is not line {number} of card {}: look at the number of the card and of the line.",
                card.number()
            );
        }
    }
    Ok(proven)
}
