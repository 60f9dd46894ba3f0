//! A PIN that several people share and that a locked device can try: opens what lies sealed beside what the device reads.
//!
//! Whoever seals each day does not know the PIN: they seal to a public key, whose private half lies under Argon2id of the
//! PIN. So whoever holds lock and sealed bytes can try PINs for as long as they like, wherever they like; the cost of
//! each is all that stands against them. `core/MODEL.md` 3 says what that is worth.
//!
//! Not here: who holds the lock, how long a wrong try makes the next one wait, what is sealed.

use crate::codec;
use crate::crypto::aead::{open_framed, seal_framed};
use crate::crypto::secret::Secret;
use crate::crypto::stretch::{Cost, stretch};
use crate::crypto::wrap::{AgreeKey, PublicAgree, Wrapped, wrap};
use crate::limits::{MARSHAL_PIN_LEAST, MARSHAL_PIN_MOST};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

const LOCK: &str = "muster 1 marshal lock";
const SEALED: &str = "muster 1 marshal sealed";

/// Why some digits will not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MarshalPinError {
    /// Too few, too many, or no digits.
    #[error("a marshal’s PIN is {MARSHAL_PIN_LEAST} to {MARSHAL_PIN_MOST} digits: more is safer")]
    Form,
    /// One digit again and again, or digits in a row.
    #[error("that PIN is one of the first that anybody would try: choose another")]
    Obvious,
}

/// What the PIN opens. Its bytes may lie where whoever is to try a PIN can read them.
#[derive(Serialize, Deserialize)]
pub struct MarshalLock {
    version: u8,
    salt: [u8; 16],
    cost: Cost,
    public: PublicAgree,
    private: Vec<u8>,
}

impl MarshalLock {
    /// A new lock under a PIN.
    ///
    /// # Errors
    /// When the digits will not do.
    pub fn make(pin: &str, cost: Cost, random: &mut dyn CryptoRng) -> Result<Self, MarshalPinError> {
        super::pin::check_digits(pin, MARSHAL_PIN_LEAST, MARSHAL_PIN_MOST).map_err(|error| match error {
            super::pin::PinError::Form => MarshalPinError::Form,
            super::pin::PinError::Obvious => MarshalPinError::Obvious,
        })?;
        let mut salt = [0; 16];
        random.fill_bytes(&mut salt);
        let key = AgreeKey::random(random);
        let stretched = stretch(pin, &salt, cost).ok_or(MarshalPinError::Form)?;
        let private = seal_framed(&stretched.derive(LOCK, &[]), LOCK.as_bytes(), key.seed().expose(), random);
        let private = private.ok_or(MarshalPinError::Form)?;
        Ok(Self { version: 1, salt, cost, public: key.public(), private })
    }

    /// Its bytes.
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Back from bytes; `None` when they are no lock of this version.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        codec::decode::<Self>(bytes).ok().filter(|lock| lock.version == 1)
    }

    /// Seals a text so that the PIN opens it. Needs no PIN.
    pub fn seal(&self, text: &[u8], random: &mut dyn CryptoRng) -> Option<Vec<u8>> {
        let key = Secret::random(random);
        let wrapped = wrap(&self.public, SEALED.as_bytes(), &key, random)?;
        let sealed = seal_framed(&key, SEALED.as_bytes(), text, random)?;
        Some(codec::encode(&(wrapped, sealed)))
    }

    /// Opens what was sealed; `None` for another PIN, another lock, or bytes that were changed.
    ///
    /// Cost: the stretching, some 150 ms on a school laptop.
    pub fn open(&self, pin: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let stretched = stretch(pin, &self.salt, self.cost)?;
        let seed = Zeroizing::new(open_framed(&stretched.derive(LOCK, &[]), LOCK.as_bytes(), &self.private)?);
        let key = AgreeKey::from_seed(Secret::new(seed.as_slice().try_into().ok()?));
        let (wrapped, sealed): (Wrapped, Vec<u8>) = codec::decode(sealed).ok()?;
        let key = key.open(SEALED.as_bytes(), &wrapped)?;
        open_framed(&key, SEALED.as_bytes(), &sealed).map(Zeroizing::new)
    }
}

impl std::fmt::Debug for MarshalLock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MarshalLock(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng as _;

    #[test]
    fn whoever_seals_needs_no_pin_and_only_the_pin_opens() {
        let mut random = ChaCha20Rng::from_seed([7; 32]);
        let lock = MarshalLock::make("904417", Cost::TEST, &mut random).unwrap();
        let lock = MarshalLock::decode(&lock.encode()).unwrap();
        let sealed = lock.seal(b"Epilepsy", &mut random).unwrap();
        assert_eq!(lock.open("904417", &sealed).unwrap().as_slice(), b"Epilepsy");
        assert!(lock.open("904418", &sealed).is_none());
        let other = MarshalLock::make("904417", Cost::TEST, &mut random).unwrap();
        assert!(other.open("904417", &sealed).is_none(), "the same digits, another lock");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(lock.open("904417", &changed).is_none(), "byte {at}");
        }
    }

    #[test]
    fn a_marshals_pin_is_six_digits_at_least_and_none_of_the_first_that_anybody_would_try() {
        let mut random = ChaCha20Rng::from_seed([7; 32]);
        let mut tried = |pin| MarshalLock::make(pin, Cost::TEST, &mut random).map(drop);
        assert_eq!(tried("90441"), Err(MarshalPinError::Form));
        assert_eq!(tried("9044171234567"), Err(MarshalPinError::Form));
        assert_eq!(tried("123456"), Err(MarshalPinError::Obvious));
        assert_eq!(tried("904417"), Ok(()));
    }

    #[test]
    fn bytes_that_are_no_lock_are_none() {
        assert!(MarshalLock::decode(b"").is_none());
        assert!(MarshalLock::decode(&[0; 64]).is_none());
    }
}
