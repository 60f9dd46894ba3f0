//! A PIN: opens a person's keys again on a device that locked while they were signed in.
//!
//! What is sealed lies in memory only, under Argon2id of the PIN and a secret made for this once, so nothing on a
//! disk helps to guess it. Whoever holds this counts the tries and lets it end: a few digits withstand no guessing.

use super::bundle::Opened;
use crate::crypto::aead::{open_framed, seal_framed};
use crate::crypto::secret::Secret;
use crate::crypto::stretch::{Cost, stretch};
use crate::limits::{PIN_LEAST, PIN_MOST};
use rand_core::CryptoRng;

const CONTEXT: &str = "muster 1 pin";

/// Why some digits will not do for a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PinError {
    /// Not four to eight digits.
    #[error("a PIN is {PIN_LEAST} to {PIN_MOST} digits")]
    Form,
    /// One digit again and again, or digits in a row.
    #[error("that PIN is one of the first that anybody would try: choose another")]
    Obvious,
}

/// Keys sealed under a PIN. See the module.
#[derive(Debug)]
pub struct PinSeal {
    salt: [u8; 16],
    cost: Cost,
    beside: Secret,
    sealed: Vec<u8>,
}

impl PinSeal {
    /// Seals what signing in opened.
    ///
    /// # Errors
    /// When the digits will not do.
    pub fn make(opened: &Opened, pin: &str, cost: Cost, random: &mut dyn CryptoRng) -> Result<Self, PinError> {
        check(pin)?;
        let mut salt = [0; 16];
        random.fill_bytes(&mut salt);
        let beside = Secret::random(random);
        let key = key(pin, &salt, cost, &beside).ok_or(PinError::Form)?;
        let sealed = seal_framed(&key, CONTEXT.as_bytes(), &opened.encode(), random).ok_or(PinError::Form)?;
        Ok(Self { salt, cost, beside, sealed })
    }

    /// Opens it; `None` for another PIN.
    pub fn open(&self, pin: &str) -> Option<Opened> {
        let key = key(pin, &self.salt, self.cost, &self.beside)?;
        let opened = zeroize::Zeroizing::new(open_framed(&key, CONTEXT.as_bytes(), &self.sealed)?);
        Opened::decode(&opened).ok()
    }
}

fn key(pin: &str, salt: &[u8; 16], cost: Cost, beside: &Secret) -> Option<Secret> {
    let stretched = stretch(pin, salt, cost)?;
    Some(beside.derive(CONTEXT, &[stretched.expose()]))
}

fn check(pin: &str) -> Result<(), PinError> {
    check_digits(pin, PIN_LEAST, PIN_MOST)
}

/// Whether so many digits will do, and are none of the first that anybody would try.
pub(super) fn check_digits(pin: &str, least: usize, most: usize) -> Result<(), PinError> {
    let length = pin.len();
    if !(least..=most).contains(&length) || !pin.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(PinError::Form);
    }
    let steps = |step: i16| {
        pin.as_bytes().windows(2).all(|pair| match pair {
            [left, right] => i16::from(*right) - i16::from(*left) == step,
            _ => true,
        })
    };
    if [-1, 0, 1].into_iter().any(steps) { Err(PinError::Obvious) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_four_to_eight_digits_and_none_of_the_first_that_anybody_would_try() {
        for bad in ["", "123", "123456789", "12a4", "١٢٣٤", " 1357"] {
            assert_eq!(check(bad), Err(PinError::Form), "{bad}");
        }
        for bad in ["0000", "1234", "98765432", "77777777"] {
            assert_eq!(check(bad), Err(PinError::Obvious), "{bad}");
        }
        for good in ["1357", "1233", "90210", "12345679"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }
}
