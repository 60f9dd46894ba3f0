//! Recovery cards: three, of which any two together stand above every rank and can open every epoch.
//!
//! Each card signs with a key of its own (signatures are counted; nothing is assembled to sign) and holds a
//! share of the recovery key's seed (Shamir over GF(256), two of three). One card alone can do neither.

use crate::codec::{self, Malformed};
use crate::crypto::hash::hash16;
use crate::crypto::secret::Secret;
use crate::crypto::sign::SignKey;
use crate::crypto::wrap::AgreeKey;
use crate::founding::Founding;
use crate::id::SchoolId;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// How many cards a school has.
pub const CARDS: usize = 3;
/// How many are needed.
pub const THRESHOLD: u8 = 2;
/// Of the check value on a card: one wrong copy in four thousand million goes unnoticed.
const CHECK_BYTES: usize = 4;
/// Room for the bytes of a card, so that they are not moved about in memory.
const TEXT_BYTES: usize = 256;

/// One card. Erased when dropped; prints nothing of itself.
#[derive(Clone, Serialize, Deserialize, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
pub struct Card {
    #[zeroize(skip)]
    school: SchoolId,
    number: u8,
    sign_seed: [u8; 32],
    share: Vec<u8>,
}

impl std::fmt::Debug for Card {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "card {} ***", self.number)
    }
}

impl Card {
    /// Which of the three, from 1.
    pub fn number(&self) -> u8 {
        self.number
    }

    /// The school it belongs to.
    pub fn school(&self) -> SchoolId {
        self.school
    }

    /// The key this card signs with.
    pub fn sign_key(&self) -> SignKey {
        SignKey::from_seed(&self.sign_seed)
    }

    /// As text to write down: one line of hexadecimal after a line that says what it is. Its last bytes tell a
    /// character that was copied wrongly, which one card alone could not tell of its share.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(TEXT_BYTES));
        bytes.extend_from_slice(&Zeroizing::new(codec::encode(self)));
        let check = check_of(&bytes);
        bytes.extend_from_slice(&check);
        let mut text = Zeroizing::new(format!(
            "Muster recovery card {} of {CARDS}. Any two open everything: keep them apart.\n",
            self.number
        ));
        for byte in bytes.iter() {
            use std::fmt::Write as _;
            let _ = write!(text, "{byte:02x}");
        }
        text.push('\n');
        text
    }

    /// From the text of [`Card::to_text`].
    ///
    /// # Errors
    /// When it is not such a text.
    pub fn from_text(text: &str) -> Result<Self, Malformed> {
        let line = text.lines().map(str::trim).rfind(|line| !line.is_empty()).ok_or(Malformed)?;
        if line.len() % 2 != 0 || !line.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Malformed);
        }
        let bytes: Vec<u8> = (0..line.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&line[at..at + 2], 16).map_err(|_| Malformed))
            .collect::<Result<_, _>>()?;
        let bytes = Zeroizing::new(bytes);
        let (card, check) = bytes.split_last_chunk::<CHECK_BYTES>().ok_or(Malformed)?;
        if *check != check_of(card) {
            return Err(Malformed);
        }
        codec::decode(card)
    }
}

/// The check value of a card's bytes.
fn check_of(card: &[u8]) -> [u8; CHECK_BYTES] {
    let [a, b, c, d, ..] = hash16("muster 1 recovery card", &[card]);
    [a, b, c, d]
}

/// Makes the cards of a school that is being founded.
pub(crate) fn make_cards(
    founding: &Founding,
    signers: &[SignKey; CARDS],
    recovery: &AgreeKey,
    random: &mut dyn CryptoRng,
) -> Option<[Card; CARDS]> {
    let shares = vsss_rs::Gf256::split_array(usize::from(THRESHOLD), CARDS, recovery.seed().expose(), random).ok()?;
    let cards: Vec<Card> = shares
        .into_iter()
        .zip(signers)
        .zip(1..)
        .map(|((share, signer), number)| Card { school: founding.school(), number, sign_seed: *signer.seed(), share })
        .collect();
    cards.try_into().ok()
}

/// The recovery key, from two different cards of one school; `None` when they do not give it.
pub fn recovery_key(founding: &Founding, left: &Card, right: &Card) -> Option<AgreeKey> {
    if left.number == right.number || left.school != founding.school() || right.school != founding.school() {
        return None;
    }
    let seed = Zeroizing::new(vsss_rs::Gf256::combine_array([left.share.clone(), right.share.clone()]).ok()?);
    let key = AgreeKey::from_seed(Secret::new(seed.as_slice().try_into().ok()?));
    (key.public() == founding.recovery).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng as _;

    #[test]
    fn any_two_cards_open_and_one_alone_does_not() {
        let mut random = rand_chacha::ChaCha20Rng::seed_from_u64(1);
        let (founding, _, cards) = Founding::new(&mut random).unwrap();
        for (left, right) in [(0, 1), (1, 2), (2, 0)] {
            assert!(recovery_key(&founding, &cards[left], &cards[right]).is_some());
        }
        assert!(recovery_key(&founding, &cards[0], &cards[0]).is_none());
        let (other, _, other_cards) = Founding::new(&mut random).unwrap();
        assert!(recovery_key(&founding, &cards[0], &other_cards[1]).is_none());
        assert!(recovery_key(&other, &cards[0], &other_cards[1]).is_none());
    }

    #[test]
    fn a_card_written_down_reads_back_and_prints_nothing_secret() {
        let mut random = rand_chacha::ChaCha20Rng::seed_from_u64(2);
        let (founding, _, cards) = Founding::new(&mut random).unwrap();
        let copy = Card::from_text(&cards[1].to_text()).unwrap();
        assert_eq!(copy.sign_key().public(), founding.cards[1]);
        assert_eq!(format!("{copy:?}"), "card 2 ***");
        assert!(Card::from_text("not a card").is_err());
    }

    #[test]
    fn a_card_with_one_wrong_character_is_told_whichever_it_is() {
        let mut random = rand_chacha::ChaCha20Rng::seed_from_u64(3);
        let (_, _, cards) = Founding::new(&mut random).unwrap();
        let text = cards[2].to_text();
        let line = text.lines().last().unwrap();
        for at in 0..line.len() {
            let digit = if line[at..].starts_with('7') { "8" } else { "7" };
            assert!(Card::from_text(&format!("{}{digit}{}", &line[..at], &line[at + 1..])).is_err(), "place {at}");
        }
        assert!(Card::from_text(&line.to_uppercase()).is_ok());
    }
}
