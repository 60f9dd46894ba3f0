//! Six digits by the clock: the second factor that an authenticator shows (RFC 6238: HMAC-SHA-1, 30 seconds, the
//! one form that every authenticator speaks).
//!
//! A code is taken of the step before, the step now and the step after, since two clocks differ; and never twice:
//! whoever checks keeps the step of the last one taken.
//!
//! Not here: where the secret is kept, how many tries somebody has, and what a code is good for. A check on the
//! device itself keeps nobody out who runs a changed program with the person's passphrase.

use super::secret::same;
use crate::time::Moment;
use hmac::{KeyInit as _, Mac as _};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Seconds that one code is for.
pub const STEP_SECONDS: i64 = 30;
/// Digits of a code.
pub const DIGITS: usize = 6;
/// Bytes of a factor: 160 bits, as RFC 4226 recommends.
const BYTES: usize = 20;
/// Steps a clock may be away, before or after.
const STEPS_APART: u64 = 1;

/// The secret that an authenticator and this program share: erased when dropped, printed as `***`.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Factor([u8; BYTES]);

impl Factor {
    /// From randomness handed in.
    pub fn random(random: &mut dyn CryptoRng) -> Self {
        let mut bytes = [0; BYTES];
        random.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// Back from [`Factor::bytes`]; `None` for bytes of another length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(bytes.try_into().ok()?))
    }

    /// The bytes, to be sealed and kept.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As it is typed into an authenticator: base 32 in groups of four.
    pub fn groups(&self) -> Zeroizing<String> {
        let plain = Zeroizing::new(data_encoding::BASE32_NOPAD.encode(&self.0));
        let mut grouped = Zeroizing::new(String::with_capacity(plain.len() + plain.len() / 4));
        for (place, letter) in plain.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                grouped.push(' ');
            }
            grouped.push(letter);
        }
        grouped
    }

    /// As the picture that an authenticator reads says it. What is not a letter or digit in the two names is
    /// written as `%XX`.
    pub fn uri(&self, school: &str, person: &str) -> Zeroizing<String> {
        let secret = Zeroizing::new(data_encoding::BASE32_NOPAD.encode(&self.0));
        let (school, person) = (escaped(school), escaped(person));
        Zeroizing::new(format!("otpauth://totp/{school}:{person}?secret={}&issuer={school}", *secret))
    }

    /// The code of a moment.
    pub fn code(&self, at: Moment) -> Zeroizing<String> {
        self.code_of(step(at))
    }

    /// Whether these are the six digits of about now, and of a later step than `after`, the step of the last code
    /// that was taken. Gives the step to be kept as the next `after`.
    ///
    /// Every step is compared, in constant time, whichever fits.
    pub fn check(&self, typed: &str, at: Moment, after: Option<u64>) -> Option<u64> {
        let typed: Zeroizing<String> =
            Zeroizing::new(typed.chars().filter(|letter| !letter.is_whitespace()).take(DIGITS + 1).collect());
        let now = step(at);
        let mut taken = None;
        for step in now.saturating_sub(STEPS_APART)..=now.saturating_add(STEPS_APART) {
            let fits = same(self.code_of(step).as_bytes(), typed.as_bytes());
            if fits && after.is_none_or(|after| step > after) {
                taken = Some(step);
            }
        }
        taken
    }

    fn code_of(&self, step: u64) -> Zeroizing<String> {
        let digest: [u8; 20] = match hmac::Hmac::<sha1::Sha1>::new_from_slice(&self.0) {
            Ok(mac) => mac.chain_update(step.to_be_bytes()).finalize().into_bytes().into(),
            // HMAC takes a key of any length.
            Err(_) => [0; 20],
        };
        let at = usize::from(digest.last().copied().unwrap_or(0) & 0x0f);
        let four = digest.get(at..at + 4).and_then(|four| <[u8; 4]>::try_from(four).ok()).unwrap_or_default();
        let number = (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000;
        Zeroizing::new(format!("{number:06}"))
    }
}

impl PartialEq for Factor {
    fn eq(&self, other: &Self) -> bool {
        same(&self.0, &other.0)
    }
}

impl std::fmt::Debug for Factor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// Which step of 30 seconds since 1970 a moment is in; 0 before.
fn step(at: Moment) -> u64 {
    u64::try_from(at.utc_ms.div_euclid(STEP_SECONDS * 1_000)).unwrap_or(0)
}

fn escaped(name: &str) -> String {
    let mut out = String::new();
    for byte in name.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Moment {
        Moment::utc(seconds * 1_000)
    }

    fn of_the_rfc() -> Factor {
        Factor(*b"12345678901234567890")
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        let factor = of_the_rfc();
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(*factor.code(at(seconds)), code, "at {seconds}");
        }
    }

    #[test]
    fn a_code_is_taken_half_a_minute_early_or_late_and_no_more() {
        let factor = of_the_rfc();
        let code = factor.code(at(3_000));
        for seconds in [2_970, 3_000, 3_029, 3_059] {
            assert_eq!(factor.check(&code, at(seconds), None), Some(100), "at {seconds}");
        }
        for seconds in [2_969, 3_060, 30_000] {
            assert_eq!(factor.check(&code, at(seconds), None), None, "at {seconds}");
        }
    }

    #[test]
    fn a_code_that_was_taken_is_not_taken_twice_nor_one_before_it() {
        let factor = of_the_rfc();
        let (before, now, next) = (factor.code(at(2_970)), factor.code(at(3_000)), factor.code(at(3_030)));
        let taken = factor.check(&now, at(3_000), None);
        assert_eq!(factor.check(&now, at(3_010), taken), None);
        assert_eq!(factor.check(&before, at(3_010), taken), None);
        assert_eq!(factor.check(&next, at(3_010), taken), Some(101), "the next is good once the first was used");
    }

    #[test]
    fn what_is_not_six_digits_of_now_is_refused_and_spaces_do_not_matter() {
        let factor = of_the_rfc();
        for typed in ["", "28708", "2870820", "287083", "abcdef", "２８７０８２"] {
            assert_eq!(factor.check(typed, at(59), None), None, "{typed}");
        }
        assert_eq!(factor.check(" 287 082 ", at(59), None), Some(1));
    }

    #[test]
    fn the_secret_is_shown_in_groups_and_as_a_picture_s_text_and_never_by_debug() {
        let factor = of_the_rfc();
        assert_eq!(*factor.groups(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        let uri = factor.uri("Alder Fen & Co", "Jo O’Neil");
        assert_eq!(
            *uri,
            "otpauth://totp/Alder%20Fen%20%26%20Co:Jo%20O%E2%80%99Neil?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Alder%20Fen%20%26%20Co"
        );
        assert_eq!(format!("{factor:?}"), "***");
        assert_eq!(Factor::from_bytes(factor.bytes()), Some(factor));
        assert_eq!(Factor::from_bytes(&[1; 19]), None);
    }
}
