//! Secrets as words a person can read out: the BIP-39 English list, 11 bits a word.
//!
//! These are one-time words and check phrases. They are not a coin wallet's recovery words and carry no
//! checksum: the stretching and the keyed proof that follow tell a wrong word.

use super::hash::hash;
use bip39::Language;
use rand_core::CryptoRng;

/// Words of an invitation or an activation: 66 bits.
pub const ONE_TIME_WORDS: usize = 6;
/// Words of the phrase that both ends of an enrolment show.
pub const PHRASE_WORDS: usize = 4;

/// This many random words, joined by hyphens.
pub fn random_words(count: usize, random: &mut dyn CryptoRng) -> String {
    let list = Language::English.word_list();
    let words: Vec<&str> = (0..count).map(|_| list[(random.next_u32() % 2048) as usize]).collect();
    words.join("-")
}

/// Brings typed words to the one form that is stretched: lower case, joined by hyphens. `None` unless they are
/// `count` words of the list; a word may be cut to its first four letters, which tell it from all others.
pub fn normalise(typed: &str, count: usize) -> Option<String> {
    let list = Language::English.word_list();
    let words: Vec<&str> =
        split(typed).map(|word| list.get(usize::from(place(word)?)).copied()).collect::<Option<_>>()?;
    (words.len() == count).then(|| words.join("-"))
}

/// What is wrong with words that [`normalise`] did not take, without showing any of them.
pub fn what_is_wrong(typed: &str, count: usize) -> String {
    let typed_words = split(typed).count();
    let unknown = split(typed).position(|word| place(word).is_none());
    match unknown {
        _ if typed_words != count => {
            let those =
                if typed_words == 1 { "that is 1 word".to_owned() } else { format!("those are {typed_words} words") };
            format!("{those}, and it takes {count}: look at them again")
        }
        Some(at) => {
            const NTH: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];
            let nth = NTH.get(at).copied().unwrap_or("last");
            format!("the {nth} word is none that Muster uses: look at it again")
        }
        None => "those are not the words: look at them again".to_owned(),
    }
}

/// The words in what somebody typed.
pub(crate) fn split(typed: &str) -> impl Iterator<Item = &str> {
    typed.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty())
}

/// The place of a word in the list, from 0 to 2047; its first four letters are enough.
pub(crate) fn place(word: &str) -> Option<u16> {
    let is_it = |known: &&str| {
        known.eq_ignore_ascii_case(word)
            || (word.len() >= 4 && known.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)))
    };
    u16::try_from(Language::English.word_list().iter().position(is_it)?).ok()
}

/// The word at a place of the list, counted round.
pub(crate) fn at(place: u16) -> &'static str {
    Language::English.word_list()[usize::from(place % 2048)]
}

/// A short phrase that two screens show when they hold the same bytes.
pub fn phrase(bytes: &[u8]) -> String {
    phrase_of(PHRASE_WORDS, bytes)
}

/// The same in fewer words, 11 bits each, where nobody gains by making two alike. At most 16.
pub fn phrase_of(words: usize, bytes: &[u8]) -> String {
    let hash = hash("muster 1 phrase", &[bytes]);
    let pairs = hash.chunks_exact(2).take(words);
    let words: Vec<&str> = pairs.map(|pair| at(u16::from_le_bytes([pair[0], pair[1]]))).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_mistypes_is_told_which_word_it_is_and_how_many_are_wanted() {
        let wrong = |typed| what_is_wrong(typed, 6);
        let third = "the third word is none that Muster uses: look at it again";
        assert_eq!(wrong("abandon abandon abandom abandon abandon abandon"), third);
        assert_eq!(wrong("abandon"), "that is 1 word, and it takes 6: look at them again");
        assert_eq!(wrong("abandon-abandon-zzzz"), "those are 3 words, and it takes 6: look at them again");
    }
}
