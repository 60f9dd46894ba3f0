//! A bundle: one person's keys on one device, sealed first under the passphrase and then under the device.
//!
//! The inner layer is Argon2id over the passphrase; the outer layer is a key of the device, so a copied
//! database without the device's own secret cannot be guessed at all. The outer layer can be renewed without
//! the passphrase.

use crate::codec;
use crate::crypto::aead::{open_framed, seal_framed};
use crate::crypto::secret::Secret;
use crate::crypto::sign::SignKey;
use crate::crypto::stretch::{Cost, stretch};
use crate::crypto::wrap::AgreeKey;
use crate::founding::PersonKeys;
use crate::id::{PersonId, SeatId};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// A seat's signing key.
#[derive(Clone, Debug)]
pub struct SeatKeys {
    /// The seat.
    pub seat: SeatId,
    /// Signs its seals.
    pub sign: SignKey,
}

/// What signing in opens.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The person's keys.
    pub person: PersonKeys,
    /// The person's seat on this device.
    pub seat: SeatKeys,
    /// The key of the one-time words that the person took up here: others wrap to it until they hear of the
    /// person's own.
    pub by_words: Option<AgreeKey>,
}

#[derive(Serialize, Deserialize)]
struct Inside {
    person: PersonId,
    sign: Secret,
    agree: Secret,
    seat: SeatId,
    seat_sign: Secret,
    by_words: Option<Secret>,
}

#[derive(Serialize, Deserialize)]
struct Outside {
    version: u8,
    cost: Cost,
    salt: [u8; 16],
    sealed: Vec<u8>,
}

impl Opened {
    /// As bytes, to be sealed at once.
    pub(super) fn encode(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(codec::encode(&Inside {
            person: self.person.person,
            sign: Secret::new(*self.person.sign.seed()),
            agree: self.person.agree.seed().clone(),
            seat: self.seat.seat,
            seat_sign: Secret::new(*self.seat.sign.seed()),
            by_words: self.by_words.as_ref().map(|key| key.seed().clone()),
        }))
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, codec::Malformed> {
        let inside: Inside = codec::decode(bytes)?;
        Ok(Self {
            person: PersonKeys {
                person: inside.person,
                sign: SignKey::from_seed(inside.sign.expose()),
                agree: AgreeKey::from_seed(inside.agree.clone()),
            },
            seat: SeatKeys { seat: inside.seat, sign: SignKey::from_seed(inside.seat_sign.expose()) },
            by_words: inside.by_words.clone().map(AgreeKey::from_seed),
        })
    }
}

/// Why a bundle did not open.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// The passphrase is not the one.
    #[error(
        "that passphrase does not open this person's keys: try again, or ask the office; the fire register still opens"
    )]
    WrongPassphrase,
    /// The file is damaged, or of another device.
    #[error(
        "this person's keys on this device are damaged or belong to another device: keep the folder as it is, sign in on another device, and tell support"
    )]
    Damaged,
}

/// Seals keys into a bundle. `None` only for a cost out of range.
pub fn seal(
    opened: &Opened,
    passphrase: &str,
    cost: Cost,
    device: &Secret,
    random: &mut dyn CryptoRng,
) -> Option<Vec<u8>> {
    let inside = opened.encode();
    let mut salt = [0; 16];
    random.fill_bytes(&mut salt);
    let key = stretch(passphrase, &salt, cost)?;
    let sealed = seal_framed(&key, b"muster 1 bundle inside", &inside, random)?;
    let outside = codec::encode(&Outside { version: 1, cost, salt, sealed });
    seal_framed(&device.derive("muster 1 bundle", &[]), b"muster 1 bundle", &outside, random)
}

/// Opens a bundle.
///
/// # Errors
/// When the passphrase or the device is not the one, or a bit changed.
pub fn open(bytes: &[u8], passphrase: &str, device: &Secret) -> Result<Opened, BundleError> {
    let outside =
        open_framed(&device.derive("muster 1 bundle", &[]), b"muster 1 bundle", bytes).ok_or(BundleError::Damaged)?;
    let Outside { version: 1, cost, salt, sealed } = codec::decode(&outside).map_err(|_| BundleError::Damaged)? else {
        return Err(BundleError::Damaged);
    };
    let key = stretch(passphrase, &salt, cost).ok_or(BundleError::Damaged)?;
    let inside =
        Zeroizing::new(open_framed(&key, b"muster 1 bundle inside", &sealed).ok_or(BundleError::WrongPassphrase)?);
    Opened::decode(&inside).map_err(|_| BundleError::Damaged)
}
