//! A recovery card as it stands on paper, and as it is typed in again.
//!
//! Eleven lines of six words. A line holds seven bytes and ten bits that check them and the line's place, so that a
//! wrong word or two lines exchanged are told at that line; the last four bytes check the whole. The words are the
//! project's list (2,048 words, told apart by four letters); this is nobody's coin wallet.
//!
//! The same bytes as one line of hexadecimal are for a code that a scanner types.

use super::{CARDS, Card, TAG_BYTES};
use crate::crypto::hash::hash16;
use crate::crypto::secret::same;
use crate::crypto::words;
use zeroize::{Zeroize as _, Zeroizing};

/// Lines of a card.
pub const LINES: usize = 11;
/// Words of a line.
pub const WORDS: usize = 6;
/// Bytes that a line holds: 56 of its 66 bits.
const LINE_BYTES: usize = 7;
/// The other ten.
const LINE_CHECK_BITS: u32 = 10;
/// Bits of a word.
const WORD_BITS: u32 = 11;
/// Of the whole card: one wrong copy in four thousand million that no line tells goes unnoticed.
const CHECK_BYTES: usize = 4;
/// All of a card: form and number, the school, the seed, the share, the check.
const BYTES: usize = 1 + TAG_BYTES + 32 + 32 + CHECK_BYTES;
const _: () = assert!(BYTES == LINES * LINE_BYTES, "a card fills its lines");
/// The form, in the upper half of the first byte.
const FORM: u8 = 1 << 4;

/// Why what was given is not a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WrittenError {
    /// A line is not as it was printed.
    #[error("line {0} is not as it stands on the card: look at each of its six words, and at the number of the line")]
    Line(usize),
    /// Lines are missing.
    #[error("a card has {LINES} lines of {WORDS} words, and there are {0} here: give all of them")]
    Lines(usize),
    /// Nothing in it is of a card.
    #[error("this is not a recovery card, or a character of it is wrong: compare it with the card itself")]
    Other,
}

/// A card that is being typed in, line by line.
#[derive(Default, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
pub struct Typing {
    bytes: Vec<u8>,
}

impl std::fmt::Debug for Typing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} lines ***", self.lines())
    }
}

impl Typing {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { bytes: Vec::with_capacity(BYTES) }
    }

    /// How many lines are in.
    pub fn lines(&self) -> usize {
        self.bytes.len() / LINE_BYTES
    }

    /// The next line, as typed: six words, or the first four letters of each.
    ///
    /// # Errors
    /// When it is not the card's next line; it can be typed again.
    pub fn line(&mut self, typed: &str) -> Result<(), WrittenError> {
        let number = self.lines() + 1;
        let bytes = (number <= LINES).then(|| read_line(number, typed)).flatten();
        self.bytes.extend_from_slice(&*bytes.ok_or(WrittenError::Line(number))?);
        Ok(())
    }

    /// The card, when all lines are in.
    ///
    /// # Errors
    /// When they are not, or are not of one card.
    pub fn card(&self) -> Result<Card, WrittenError> {
        if self.lines() != LINES {
            return Err(WrittenError::Lines(self.lines()));
        }
        from_bytes(&self.bytes).ok_or(WrittenError::Other)
    }
}

impl Card {
    /// A line of the card, counted from 1; `None` beyond the last.
    pub fn line(&self, number: usize) -> Option<Zeroizing<String>> {
        let bytes = to_bytes(self);
        let part = bytes.chunks_exact(LINE_BYTES).nth(number.checked_sub(1)?)?.try_into().ok()?;
        Some(write_line(number, part))
    }

    /// Whether what was typed is that line of the card. In a time that does not tell how much of it is right.
    pub fn is_line(&self, number: usize, typed: &str) -> bool {
        let bytes = to_bytes(self);
        let part = number.checked_sub(1).and_then(|at| bytes.chunks_exact(LINE_BYTES).nth(at));
        part.zip(read_line(number, typed)).is_some_and(|(part, typed)| same(part, &*typed))
    }

    /// As text to keep on paper: what it is, and its numbered lines.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(2048));
        text.push_str(&format!(
            "Muster recovery card {} of {CARDS}, of the school {}.\n",
            self.number,
            self.fingerprint()
        ));
        text.push_str("Any two of the three open everything: keep them apart.\n\n");
        for number in 1..=LINES {
            let Some(line) = self.line(number) else { continue };
            text.push_str(&format!("{number:>2}  "));
            text.push_str(&line);
            text.push('\n');
        }
        text
    }

    /// All of the card in hexadecimal, for a code that a scanner types: 154 characters, all of which fit the
    /// narrow alphabet of a QR code.
    pub fn to_code(&self) -> Zeroizing<String> {
        let mut code = Zeroizing::new(String::with_capacity(2 * BYTES));
        for byte in to_bytes(self).iter() {
            for nibble in [byte >> 4, byte & 15] {
                code.extend(char::from_digit(u32::from(nibble), 16).map(|digit| digit.to_ascii_uppercase()));
            }
        }
        code
    }

    /// From the text of [`Card::to_text`] or from the code of [`Card::to_code`].
    ///
    /// # Errors
    /// When it is neither; says which line is wrong.
    pub fn from_text(text: &str) -> Result<Self, WrittenError> {
        let mut typing = Typing::new();
        for line in text.lines().map(str::trim) {
            let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
            if rest.len() < line.len() && words::split(rest).count() == WORDS && typing.lines() < LINES {
                typing.line(rest)?;
            }
        }
        match typing.lines() {
            0 => from_hex(text),
            _ => typing.card(),
        }
    }
}

/// The bits of a line that check it.
fn check_of_line(number: usize, bytes: &[u8; LINE_BYTES]) -> u128 {
    let mut check = hash16("muster 1 card line", &[&(number as u64).to_le_bytes(), bytes]);
    let bits = u128::from(u16::from_le_bytes([check[0], check[1]])) % (1 << LINE_CHECK_BITS);
    check.zeroize();
    bits
}

fn write_line(number: usize, bytes: &[u8; LINE_BYTES]) -> Zeroizing<String> {
    let mut bits = Zeroizing::new(bytes.iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte)));
    *bits = *bits << LINE_CHECK_BITS | check_of_line(number, bytes);
    let mut line = Zeroizing::new(String::with_capacity(WORDS * 9));
    for word in (0..WORDS).rev() {
        let shift = WORD_BITS * u32::try_from(word).unwrap_or(0);
        line.push_str(words::at(u16::try_from((*bits >> shift) % (1 << WORD_BITS)).unwrap_or(0)));
        if word > 0 {
            line.push(' ');
        }
    }
    line
}

fn read_line(number: usize, typed: &str) -> Option<Zeroizing<[u8; LINE_BYTES]>> {
    if words::split(typed).count() != WORDS {
        return None;
    }
    let mut bits = Zeroizing::new(0_u128);
    for word in words::split(typed) {
        *bits = *bits << WORD_BITS | u128::from(words::place(word)?);
    }
    let (check, held) = (*bits % (1 << LINE_CHECK_BITS), Zeroizing::new((*bits >> LINE_CHECK_BITS).to_be_bytes()));
    let bytes: Zeroizing<[u8; LINE_BYTES]> = Zeroizing::new(*held.last_chunk()?);
    (check == check_of_line(number, &bytes)).then_some(bytes)
}

fn to_bytes(card: &Card) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(BYTES));
    bytes.push(FORM | card.number);
    bytes.extend_from_slice(&card.tag);
    bytes.extend_from_slice(&card.sign_seed);
    bytes.extend_from_slice(&card.share);
    let check = check_of(&bytes);
    bytes.extend_from_slice(&check);
    bytes
}

fn from_bytes(bytes: &[u8]) -> Option<Card> {
    let (held, check) = bytes.split_last_chunk::<CHECK_BYTES>()?;
    let (first, rest) = held.split_first()?;
    let (tag, rest) = rest.split_first_chunk()?;
    let (sign_seed, rest) = rest.split_first_chunk()?;
    let share = rest.try_into().ok()?;
    let number = first ^ FORM;
    let sound = *check == check_of(held) && (1..=CARDS).contains(&usize::from(number));
    sound.then(|| Card { tag: *tag, number, sign_seed: *sign_seed, share })
}

/// The check value of a card's bytes.
fn check_of(card: &[u8]) -> [u8; CHECK_BYTES] {
    let [a, b, c, d, ..] = hash16("muster 1 recovery card", &[card]);
    [a, b, c, d]
}

fn from_hex(text: &str) -> Result<Card, WrittenError> {
    let line = text.lines().map(str::trim).rfind(|line| !line.is_empty()).ok_or(WrittenError::Other)?;
    let bytes = Zeroizing::new(hex(line).ok_or(WrittenError::Other)?);
    from_bytes(&bytes).ok_or(WrittenError::Other)
}

fn hex(line: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        line.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = Zeroizing::new(digits?);
    let whole = digits.len() % 2 == 0 && !digits.is_empty();
    whole.then(|| digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;
    use crate::founding::Founding;
    use rand::SeedableRng as _;

    fn cards(seed: u64) -> (Founding, [Card; CARDS]) {
        let (founding, _, _, cards) = Founding::new(&mut rand_chacha::ChaCha20Rng::seed_from_u64(seed)).unwrap();
        (founding, cards)
    }

    #[test]
    fn a_card_on_paper_is_typed_in_again_and_prints_nothing_secret() {
        let (founding, cards) = cards(2);
        for card in &cards {
            let mut typing = Typing::new();
            for number in 1..=LINES {
                typing.line(&card.line(number).unwrap()).unwrap();
            }
            assert!(check(&founding, &typing.card().unwrap()).is_ok());
            assert!(check(&founding, &Card::from_text(&card.to_text()).unwrap()).is_ok());
            assert!(check(&founding, &Card::from_text(&card.to_code()).unwrap()).is_ok());
            assert_eq!(format!("{card:?} {typing:?}"), format!("card {} *** 11 lines ***", card.number()));
        }
        assert_eq!(cards[0].line(0), None);
        assert_eq!(cards[0].line(LINES + 1), None);
    }

    #[test]
    fn four_letters_of_each_word_in_capitals_are_enough() {
        let (founding, [card, ..]) = cards(3);
        let short =
            |line: &str| line.split(' ').map(|word| word[..word.len().min(4)].to_uppercase()).collect::<Vec<_>>();
        let mut typing = Typing::new();
        for number in 1..=LINES {
            typing.line(&short(&card.line(number).unwrap()).join("  ")).unwrap();
        }
        assert!(check(&founding, &typing.card().unwrap()).is_ok());
    }

    #[test]
    fn a_wrong_word_is_told_at_its_line_and_the_line_can_be_typed_again() {
        let (_, [card, ..]) = cards(4);
        let mut unnoticed = 0;
        for number in 1..=LINES {
            let line = card.line(number).unwrap();
            let words: Vec<&str> = line.split(' ').collect();
            for at in 0..WORDS {
                let mut wrong = words.clone();
                wrong[at] = if words[at] == "zebra" { "zone" } else { "zebra" };
                unnoticed += usize::from(read_line(number, &wrong.join(" ")).is_some());
            }
        }
        // Each of the 66 has one chance in 1,024.
        assert!(unnoticed <= 1, "{unnoticed} wrong words were taken for right");
        let mut typing = Typing::new();
        assert_eq!(typing.line("not on the list at all"), Err(WrittenError::Line(1)));
        assert_eq!(typing.line(&card.line(2).unwrap()), Err(WrittenError::Line(1)), "lines exchanged");
        typing.line(&card.line(1).unwrap()).unwrap();
        assert_eq!(typing.card().unwrap_err(), WrittenError::Lines(1));
    }

    #[test]
    fn lines_of_two_cards_make_no_card() {
        let (_, [one, two, _]) = cards(5);
        let mut typing = Typing::new();
        for number in 1..=LINES {
            let of = if number == 6 { &two } else { &one };
            typing.line(&of.line(number).unwrap()).unwrap();
        }
        assert_eq!(typing.card().unwrap_err(), WrittenError::Other);
        typing.line(&one.line(1).unwrap()).unwrap_err();
    }

    #[test]
    fn a_line_asked_back_is_that_line_of_that_card_and_no_other() {
        let (_, [one, two, _]) = cards(6);
        for number in 1..=LINES {
            assert!(one.is_line(number, &one.line(number).unwrap()));
            assert!(!one.is_line(number, &two.line(number).unwrap()), "line {number}");
            assert!(!one.is_line(number % LINES + 1, &one.line(number).unwrap()));
        }
        assert!(!one.is_line(0, &one.line(1).unwrap()));
        assert!(!one.is_line(12, ""));
    }

    #[test]
    fn a_wrong_character_of_a_code_is_told_wherever_it_is() {
        let (founding, [card, ..]) = cards(3);
        let code = card.to_code();
        for at in 0..code.len() {
            let digit = if code[at..].starts_with('7') { "8" } else { "7" };
            assert!(Card::from_text(&format!("{}{digit}{}", &code[..at], &code[at + 1..])).is_err(), "place {at}");
        }
        assert!(check(&founding, &Card::from_text(&code.to_lowercase()).unwrap()).is_ok());
    }

    #[test]
    fn what_is_no_card_is_told_from_one() {
        let (_, [card, ..]) = cards(7);
        for text in ["", "not a card", "7", "77", "é", "1", " \n \n"] {
            assert_eq!(Card::from_text(text).unwrap_err(), WrittenError::Other, "{text}");
        }
        let text = card.to_text();
        let cut = text.lines().take(9).collect::<Vec<_>>().join("\n");
        assert_eq!(Card::from_text(&cut).unwrap_err(), WrittenError::Lines(6));
        let code = card.to_code();
        assert_eq!(Card::from_text(&code[2..]).unwrap_err(), WrittenError::Other);
    }
}
