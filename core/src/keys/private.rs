//! What one person alone opens again on one device: a small file under a key of both.
//!
//! Promises: nobody else who signs in on the device opens it, nor does the person on another device, nor after new
//! keys replaced theirs (after a reset by an officer). A file is opened only under the name it was sealed for.
//!
//! Does not: hide how long the text is (the caller pads it), or keep the file.

use super::bundle::Opened;
use crate::crypto::aead::{open_framed, seal_framed};
use crate::crypto::secret::Secret;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

fn key(opened: &Opened, device: &Secret, name: &str) -> Secret {
    opened.person.agree.seed().derive("muster 1 private file", &[device.expose(), name.as_bytes()])
}

/// Seals. `None` only for a text of more than 256 GiB.
pub fn seal(opened: &Opened, device: &Secret, name: &str, text: &[u8], random: &mut dyn CryptoRng) -> Option<Vec<u8>> {
    seal_framed(&key(opened, device, name), name.as_bytes(), text, random)
}

/// Opens; `None` when it is not this person's, not this device's, of another name, or damaged.
pub fn open(opened: &Opened, device: &Secret, name: &str, bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    open_framed(&key(opened, device, name), name.as_bytes(), bytes).map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::sign::SignKey;
    use crate::crypto::wrap::AgreeKey;
    use crate::founding::PersonKeys;
    use crate::id::{PersonId, SeatId};
    use crate::keys::bundle::SeatKeys;
    use rand_chacha::ChaCha20Rng;
    use rand_chacha::rand_core::SeedableRng as _;

    fn somebody(random: &mut ChaCha20Rng) -> Opened {
        let (sign, agree) = (SignKey::random(random), AgreeKey::random(random));
        let seat = SeatKeys { seat: SeatId([7; 32]), sign: SignKey::random(random) };
        Opened {
            person: PersonKeys { person: PersonId([1; 16]), sign, agree },
            seat,
            before: None,
            second_factor: None,
        }
    }

    #[test]
    fn a_private_file_opens_for_its_person_on_its_device_under_its_name_and_for_nobody_else() {
        let mut random = ChaCha20Rng::seed_from_u64(1);
        let (helen, tom) = (somebody(&mut random), somebody(&mut random));
        let (tablet, laptop) = (Secret::random(&mut random), Secret::random(&mut random));
        let sealed = seal(&helen, &tablet, "drafts", b"her mother rang", &mut random).unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"mother"));
        assert_eq!(open(&helen, &tablet, "drafts", &sealed).unwrap().as_slice(), b"her mother rang");
        assert!(open(&tom, &tablet, "drafts", &sealed).is_none(), "somebody else at the same tablet");
        assert!(open(&helen, &laptop, "drafts", &sealed).is_none(), "a copy of the file on another device");
        assert!(open(&helen, &tablet, "notes", &sealed).is_none(), "a file under another name");
        for place in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[place] ^= 1;
            assert!(open(&helen, &tablet, "drafts", &damaged).is_none());
        }
    }
}
