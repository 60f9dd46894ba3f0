//! Recovery cards: three, of which any two together stand above every rank and can open every epoch.
//!
//! Each card signs with a key of its own (signatures are counted; nothing is assembled to sign) and holds a
//! share of the recovery key's seed (Shamir over GF(256), two of three). One card alone can do neither.
//!
//! [`written`] is how a card stands on paper and is typed in again.

pub mod written;

use crate::crypto::secret::Secret;
use crate::crypto::sign::SignKey;
use crate::crypto::wrap::AgreeKey;
use crate::founding::Founding;
use crate::id::SchoolId;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// How many cards a school has.
pub const CARDS: usize = 3;
/// How many are needed.
pub const THRESHOLD: u8 = 2;
/// Of the school's id, on each card: enough to tell one school's cards from another's, and not its name.
const TAG_BYTES: usize = 8;
/// A share: its number, and a byte for each of the seed's.
const SHARE_BYTES: usize = 33;

/// One card. Erased when dropped; prints nothing of itself.
#[derive(Clone, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
pub struct Card {
    #[zeroize(skip)]
    tag: [u8; TAG_BYTES],
    number: u8,
    sign_seed: [u8; 32],
    share: [u8; 32],
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

    /// Whether it says of itself that it belongs to a school. See [`check`].
    pub fn names(&self, school: &SchoolId) -> bool {
        school.0.starts_with(&self.tag)
    }

    /// The fingerprint of the school it says it belongs to. See [`fingerprint`].
    pub fn fingerprint(&self) -> String {
        groups(&self.tag)
    }

    /// The key this card signs with.
    pub fn sign_key(&self) -> SignKey {
        SignKey::from_seed(&self.sign_seed)
    }

    /// The share as the sharing knows it.
    fn share(&self) -> Vec<u8> {
        let mut share = Vec::with_capacity(SHARE_BYTES);
        share.push(self.number);
        share.extend_from_slice(&self.share);
        share
    }
}

/// The school's fingerprint as it stands on its cards: four groups of four.
pub fn fingerprint(school: &SchoolId) -> String {
    groups(&tag_of(school))
}

fn tag_of(school: &SchoolId) -> [u8; TAG_BYTES] {
    school.0.first_chunk().copied().unwrap_or_default()
}

fn groups(tag: &[u8; TAG_BYTES]) -> String {
    let pairs: Vec<String> = tag.chunks_exact(2).map(|pair| format!("{:02x}{:02x}", pair[0], pair[1])).collect();
    pairs.join(" ")
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
        .map(Zeroizing::new)
        .zip(signers)
        .zip(1..)
        .map(|((share, signer), number)| {
            let (named, share) = share.split_first()?;
            let share = share.try_into().ok().filter(|_| *named == number)?;
            Some(Card { tag: tag_of(&founding.school()), number, sign_seed: *signer.seed(), share })
        })
        .collect::<Option<_>>()?;
    cards.try_into().ok()
}

/// Why two cards do nothing together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CardsError {
    /// They name another school.
    #[error("card {0} belongs to another school")]
    OtherSchool(u8),
    /// They name this school falsely.
    #[error("card {0} names the right school but is not one of its three: compare it with the paper")]
    NotOneOfThree(u8),
    /// The same twice.
    #[error("both are card {0}: two different cards are needed")]
    Same(u8),
    /// The shares do not belong together.
    #[error("these two cards sign, but together they do not give the recovery key: try the third card")]
    Shares,
}

/// Whether a card is one of a school's three.
///
/// # Errors
/// When it is not; says why.
pub fn check(founding: &Founding, card: &Card) -> Result<(), CardsError> {
    if !card.names(&founding.school()) {
        return Err(CardsError::OtherSchool(card.number));
    }
    let place = usize::from(card.number).checked_sub(1).and_then(|at| founding.cards.get(at));
    if place == Some(&card.sign_key().public()) { Ok(()) } else { Err(CardsError::NotOneOfThree(card.number)) }
}

/// The recovery key, from two different cards of one school.
///
/// # Errors
/// When they are not that, or do not give it.
pub fn recovery_key(founding: &Founding, left: &Card, right: &Card) -> Result<AgreeKey, CardsError> {
    check(founding, left)?;
    check(founding, right)?;
    if left.number == right.number {
        return Err(CardsError::Same(left.number));
    }
    let seed = vsss_rs::Gf256::combine_array([left.share(), right.share()]).map_err(|_| CardsError::Shares)?;
    let seed = Zeroizing::new(seed);
    let key = AgreeKey::from_seed(Secret::new(seed.as_slice().try_into().map_err(|_| CardsError::Shares)?));
    if key.public() == founding.recovery { Ok(key) } else { Err(CardsError::Shares) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng as _;

    #[test]
    fn any_two_cards_open_and_one_alone_does_not() {
        let mut random = rand_chacha::ChaCha20Rng::seed_from_u64(1);
        let (founding, _, _, cards) = Founding::new(&mut random).unwrap();
        for (left, right) in [(0, 1), (1, 2), (2, 0)] {
            assert!(recovery_key(&founding, &cards[left], &cards[right]).is_ok());
        }
        assert_eq!(recovery_key(&founding, &cards[0], &cards[0]), Err(CardsError::Same(1)));
        let (other, _, _, other_cards) = Founding::new(&mut random).unwrap();
        assert_eq!(recovery_key(&founding, &cards[0], &other_cards[1]), Err(CardsError::OtherSchool(2)));
        assert_eq!(recovery_key(&other, &cards[0], &other_cards[1]), Err(CardsError::OtherSchool(1)));
    }

    #[test]
    fn a_card_that_calls_itself_by_another_number_is_none_of_the_three_and_opens_nothing() {
        let mut random = rand_chacha::ChaCha20Rng::seed_from_u64(2);
        let (founding, _, _, cards) = Founding::new(&mut random).unwrap();
        assert!(cards.iter().all(|card| check(&founding, card).is_ok()));
        let mut renamed = cards[0].clone();
        renamed.number = 3;
        assert_eq!(recovery_key(&founding, &renamed, &cards[1]), Err(CardsError::NotOneOfThree(3)));
        let mut of_another_share = cards[0].clone();
        of_another_share.share = cards[2].share;
        assert_eq!(recovery_key(&founding, &of_another_share, &cards[1]), Err(CardsError::Shares));
    }
}
