//! Reading a card: from a file, or as somebody types it from the paper.

use anyhow::{Context as _, bail};
use muster_core::keys::recovery::Card;
use muster_core::keys::recovery::written::{LINES, Typing};
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The longest file that is looked at for a card: its text is less than 2 KiB.
const CARD_BYTES: u64 = 64 * 1024;

/// The cards in these files, and as many more typed in as there are to be.
pub(super) fn cards(files: &[PathBuf], wanted: usize) -> anyhow::Result<Vec<Card>> {
    let mut cards = files.iter().map(|file| from_file(file)).collect::<anyhow::Result<Vec<_>>>()?;
    while cards.len() < wanted {
        cards.push(typed()?);
    }
    Ok(cards)
}

/// Two cards.
pub(crate) fn two(files: &[PathBuf]) -> anyhow::Result<[Card; 2]> {
    let cards = cards(files, 2)?;
    <[Card; 2]>::try_from(cards)
        .map_err(|cards| anyhow::anyhow!("two cards are needed, and {} were given", cards.len()))
}

fn from_file(file: &Path) -> anyhow::Result<Card> {
    if !file.is_file() {
        bail!("the card in {} cannot be read: there is no file of that name", file.display());
    }
    let cannot = || format!("the card in {} cannot be read", file.display());
    if std::fs::metadata(file).with_context(cannot)?.len() > CARD_BYTES {
        bail!("{} is not a recovery card: it is too long", file.display());
    }
    let bytes = Zeroizing::new(std::fs::read(file).with_context(cannot)?);
    if bytes.starts_with(b"%PDF") {
        bail!("{} is a card to print: type it in from the paper, without naming a file", file.display());
    }
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    Card::from_text(text).with_context(|| format!("{} does not hold a card", file.display()))
}

/// A card typed in, line by line. A wrong line is asked for again where somebody can answer.
fn typed() -> anyhow::Result<Card> {
    eprintln!("Type a card in from the paper: {LINES} lines of six words; four letters of each are enough.");
    let mut typing = Typing::new();
    while typing.lines() < LINES {
        let typed = line(&format!("Line {}: ", typing.lines() + 1))?.context("the card was not typed to its end")?;
        match typing.line(&typed) {
            Ok(()) => {}
            Err(error) if std::io::stdin().is_terminal() => eprintln!("{error}."),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(typing.card()?)
}

/// The next line that somebody types; `None` when there is no more.
pub(super) fn line(prompt: &str) -> anyhow::Result<Option<Zeroizing<String>>> {
    eprint!("{prompt}");
    std::io::stderr().flush()?;
    let mut typed = Zeroizing::new(String::with_capacity(256));
    let read = std::io::stdin().lock().read_line(&mut typed)?;
    Ok((read > 0).then_some(typed))
}
