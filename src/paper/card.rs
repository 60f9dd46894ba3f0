//! A recovery card on paper: words to type in again, a code to scan, and what to do with it.
//!
//! The school's name is not on it: whoever finds it need not know whose it is.

use super::{INNER, MARGIN, Style, sheet};
use muster_core::keys::recovery::written::{LINES, WORDS};
use muster_core::keys::recovery::{CARDS, Card};
use zeroize::Zeroizing;

/// Where the six words of a line begin, from its number.
const COLUMNS: [f32; WORDS] = [30.0, 104.0, 178.0, 252.0, 326.0, 400.0];
/// From one line of words to the next: room for a ruler, and for a tick.
const STEP: f32 = 25.0;
/// A side of the code: 43 dots of a millimetre, which any scanner reads.
const CODE: f32 = 122.0;

/// What is said beside the words, under headings.
const ADVICE: [(&str, &str); 4] = [
    (
        "What it is for",
        "With any other card of this school it names a new head, removes anybody, and opens every record, on any device: the way back when passwords or devices are lost. Alone it does nothing.",
    ),
    (
        "Where to keep it",
        "In a sealed envelope in a safe place, each card in another building and with another person. Never two together, never photographed, never on a device: delete the file once it is printed.",
    ),
    (
        "When it is used",
        "Type the lines in at “muster cards” or “muster rebuild”; the first four letters of each word are enough. What is done with two cards is shown to everybody in the school. Rehearse once a year: muster cards rehearse.",
    ),
    (
        "When it is lost",
        "One lost card opens nothing, but the other two must then be kept all the more safely: they cannot be made again. Two lost or stolen cards: found the school afresh and bring the records over.",
    ),
];

/// Draws a card, with the day it was made, in words.
///
/// # Errors
/// When it cannot be drawn: a fault of this program.
pub(crate) fn draw(card: &Card, day: &str) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let lines: Vec<Zeroizing<String>> = (1..=LINES).filter_map(|number| card.line(number)).collect();
    let lines: Vec<&str> = lines.iter().map(|line| line.as_str()).collect();
    let title = format!("Muster recovery card {} of {CARDS}", card.number());
    let mut coded = Ok(());
    let drawn = sheet(&title, |pen| {
        pen.heading(MARGIN, 84.0, 1, Style::bold(25.0), &title);
        let whose = format!("School {}. Made on {day}.", card.fingerprint());
        let y = pen.paragraph(MARGIN, 108.0, INNER, Style::plain(12.0), &whose);
        let top = y + 8.0;
        let y = pen.numbered(MARGIN + 14.0, top + 30.0, STEP, &COLUMNS, Style::plain(14.0), &lines);
        pen.frame(MARGIN, top, MARGIN + INNER, y - 8.0);
        let below = y + 16.0;
        coded = pen.code(
            MARGIN,
            below + 4.0,
            CODE,
            &card.to_code(),
            "The same card as a code, for a hand scanner that types. A photograph of it is a copy of the card.",
        );
        pen.paragraph(
            MARGIN,
            below + CODE + 20.0,
            CODE,
            Style::plain(9.0),
            "For a hand scanner that types. A photograph of this code is a copy of the card.",
        );
        let (left, mut y) = (MARGIN + CODE + 22.0, below + 12.0);
        for (heading, text) in ADVICE {
            pen.heading(left, y, 2, Style::bold(11.5), heading);
            y = pen.paragraph(left, y + 14.5, MARGIN + INNER - left, Style::plain(10.0), text) + 8.0;
        }
        pen.paragraph(
            MARGIN,
            792.0,
            INNER,
            Style::plain(11.0),
            "Kept by ______________________   at ______________________________   since ______________",
        );
    });
    coded.and(drawn)
}
