//! What a passphrase must be, and ones made of random words.
//!
//! Words are offered first: they are easier to remember than what a person thinks up, and their strength is known.
//! A chosen one is looked at as somebody who guesses would, with the school's and the person's names at hand.

use anyhow::bail;
use muster_core::crypto::words::random_words;
use zeroize::Zeroizing;

/// What is wanted, in a sentence for whoever chooses one.
pub const ADVICE: &str = "Five words that do not belong together are easy to remember and hard to guess. With fewer, mix small and capital letters, digits and symbols, some 16 characters.";

/// Words of a generated passphrase: 55 bits.
const WORDS: usize = 5;
/// The least length, in characters.
const CHARS_LEAST: usize = 8;
/// The greatest, in bytes: nobody types more, and stretching takes no longer for it.
const BYTES_MOST: usize = 256;
/// From so many words on, capitals, digits and symbols are not asked for; fewer than [`WORDS`] are seldom hard to guess.
const WORDS_LEAST: usize = 4;
/// Letters of what counts as a word.
const WORD_CHARS: usize = 3;
/// What guessing it must cost: 50 bits. The keys of a device are in no keystore, so a thief of its files can guess.
const GUESSES_LOG10_LEAST: f64 = 15.051;

/// A passphrase of random words.
pub fn generate() -> Zeroizing<String> {
    // A draw of nothing but everyday words would not be taken back by `check`: it is drawn again.
    loop {
        let drawn = Zeroizing::new(random_words(WORDS, &mut rand::rng()).replace('-', " "));
        if check(&drawn, &[]).is_ok() {
            return drawn;
        }
    }
}

/// Whether a passphrase is strong enough. `names` are those of the school and the person: whoever guesses tries them
/// first.
///
/// # Errors
/// When it is not; the text says what it lacks.
pub fn check(passphrase: &str, names: &[&str]) -> anyhow::Result<()> {
    if passphrase.len() > BYTES_MOST {
        bail!("a passphrase has at most {BYTES_MOST} characters: a shorter one is as safe");
    }
    let lacks = lacking(passphrase);
    if !lacks.is_empty() {
        bail!(
            "that passphrase lacks {}: use {WORDS} words that do not belong together, or some 16 characters of every kind",
            and(&lacks)
        );
    }
    let names: Vec<&str> = names
        .iter()
        .flat_map(|name| name.split(|c: char| !c.is_alphanumeric()))
        .filter(|part| part.len() > 1)
        .collect();
    // Marks between words look strong to the estimate, and every guesser tries them.
    let bare = Zeroizing::new(passphrase.chars().filter(|c| c.is_alphanumeric()).collect::<String>());
    let estimates = [passphrase, bare.as_str()].map(|text| zxcvbn::zxcvbn(text, &names));
    if let Some(found) = estimates.into_iter().find(|found| found.guesses_log10() < GUESSES_LOG10_LEAST) {
        let why = found.feedback().and_then(zxcvbn::feedback::Feedback::warning);
        let why = why.map(|why| format!(" ({})", why.to_string().trim_end_matches('.'))).unwrap_or_default();
        bail!(
            "that passphrase could be guessed{why}: use {WORDS} words that do not belong together, or some 16 characters of every kind"
        );
    }
    Ok(())
}

/// What it lacks in form. Enough words need nothing else.
fn lacking(passphrase: &str) -> Vec<&'static str> {
    let words = passphrase.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() >= WORD_CHARS);
    if words.count() >= WORDS_LEAST {
        return Vec::new();
    }
    let has = |kind: fn(char) -> bool| passphrase.chars().any(kind);
    let wanted = [
        (passphrase.chars().count() >= CHARS_LEAST, "a length of at least 8 characters"),
        (has(char::is_lowercase), "a small letter"),
        (has(char::is_uppercase), "a capital letter"),
        (has(char::is_numeric), "a digit"),
        (has(|c| !c.is_alphanumeric() && !c.is_whitespace()), "a symbol"),
    ];
    wanted.into_iter().filter(|(there, _)| !there).map(|(_, words)| words).collect()
}

fn and(list: &[&str]) -> String {
    match list {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(passphrase: &str, names: &[&str]) -> String {
        check(passphrase, names).unwrap_err().to_string()
    }

    #[test]
    fn generated_words_are_always_taken_back() {
        for _ in 0..20 {
            check(&generate(), &["Harbour Primary", "Helen Marsh"]).unwrap();
        }
        check("five kind words for this", &[]).unwrap();
    }

    #[test]
    fn what_a_short_passphrase_lacks_is_said() {
        let said = refused("abc12!", &[]);
        assert!(said.contains("lacks a length of at least 8 characters and a capital letter"), "{said}");
        let said = refused("alllowercase", &[]);
        assert!(said.contains("lacks a capital letter, a digit and a symbol: use 5 words"), "{said}");
    }

    #[test]
    fn six_characters_are_never_enough_and_neither_is_what_only_looks_strong() {
        for weak in ["aB3!xZ", "Passw0rd!", "Summer2026!", "Qwerty123!", "password password password password"] {
            assert!(check(weak, &[]).is_err(), "{weak}");
        }
        check("vR7#qLm2!xTz9&wK4pJ", &[]).unwrap();
    }

    #[test]
    fn the_names_of_the_school_and_the_person_make_nothing_stronger() {
        let names = ["Harbour Primary School", "Helen Marsh"];
        let said = refused("Harbour-Primary-Helen-Marsh-1", &names);
        assert!(said.contains("could be guessed"), "{said}");
    }

    #[test]
    fn the_passphrase_itself_is_never_said_again() {
        let weak = "correct-Horse-1";
        assert!(!refused(weak, &[]).contains(weak));
    }
}
