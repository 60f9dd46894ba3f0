//! The two layers of an encrypted body.
//!
//! Outer: under a key of the epoch, this log and this place, with a random nonce, bound to the header; it holds
//! the document's handle and the id of its secret. Inner: under a key of the document's secret and the outer
//! nonce, bound to the header too; it holds the payload, and is nobody's words in another entry. Whoever loses the document's secret loses the payload; whoever lacks the
//! epoch sees only a size class.

use crate::crypto::aead;
use crate::id::{Handle, SecretId};
use crate::keys::epoch::{DocumentSecret, EpochKey};
use crate::limits;
use crate::log::header::Header;

const FIXED: usize = 16 + 16 + 4;

/// The outer layer, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outer {
    /// The document.
    pub handle: Handle,
    /// Which of its secrets the inner layer is under.
    pub secret: SecretId,
    nonce: [u8; aead::NONCE_BYTES],
    inner: Vec<u8>,
}

/// Encrypts a payload, already encoded, for the entry with this header. `None` when it is beyond the limit.
pub fn seal(
    header: &Header,
    epoch: &EpochKey,
    secret: &DocumentSecret,
    payload: &[u8],
    nonce: [u8; aead::NONCE_BYTES],
) -> Option<Vec<u8>> {
    // The inner key serves this one message, so its nonce can be fixed.
    let inner = aead::seal(&secret.inner(&nonce), &[0; aead::NONCE_BYTES], &header.associated(), payload)?;
    let mut text = Vec::with_capacity(FIXED + inner.len());
    text.extend_from_slice(&secret.handle.0);
    text.extend_from_slice(&secret.id().0);
    text.extend_from_slice(&u32::try_from(inner.len()).ok()?.to_le_bytes());
    text.extend(inner);
    let around = aead::NONCE_BYTES + aead::TAG_BYTES;
    text.resize(size_class(text.len() + around) - around, 0);
    let mut body = nonce.to_vec();
    body.extend(aead::seal(&epoch.outer(&header.log, header.sequence), &nonce, &header.associated(), &text)?);
    (body.len() <= limits::BODY_BYTES).then_some(body)
}

/// Opens the outer layer; `None` when the key or a bit is not right, or the padding is not legal.
pub fn open_outer(header: &Header, epoch: &EpochKey, body: &[u8]) -> Option<Outer> {
    let (nonce, sealed) = body.split_first_chunk::<{ aead::NONCE_BYTES }>()?;
    let text = aead::open(&epoch.outer(&header.log, header.sequence), nonce, &header.associated(), sealed)?;
    let (handle, rest) = text.split_first_chunk::<16>()?;
    let (secret, rest) = rest.split_first_chunk::<16>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = u32::from_le_bytes(*length) as usize;
    let (inner, padding) = rest.split_at_checked(length)?;
    let around = aead::NONCE_BYTES + aead::TAG_BYTES;
    let legal = body.len() == size_class(FIXED + length + around) && padding.iter().all(|byte| *byte == 0);
    legal.then(|| Outer { handle: Handle(*handle), secret: SecretId(*secret), nonce: *nonce, inner: inner.to_vec() })
}

/// Opens the inner layer: the encoded payload.
pub fn open_inner(header: &Header, outer: &Outer, secret: &DocumentSecret) -> Option<Vec<u8>> {
    aead::open(&secret.inner(&outer.nonce), &[0; aead::NONCE_BYTES], &header.associated(), &outer.inner)
}

/// The key of one entry's inner layer by itself, as a secret of the document: with it that entry is read, and no other,
/// once the secret that it was written under is destroyed.
pub fn saved(outer: &Outer, secret: &DocumentSecret) -> DocumentSecret {
    DocumentSecret::of(outer.handle, secret.inner(&outer.nonce))
}

/// Opens the inner layer with a secret that [`saved`] made of it.
pub fn open_saved(header: &Header, outer: &Outer, saved: &DocumentSecret) -> Option<Vec<u8>> {
    aead::open(saved.bare(), &[0; aead::NONCE_BYTES], &header.associated(), &outer.inner)
}

/// The least size class that holds `bytes`: four steps to each doubling from 128 on, so that padding costs an
/// eighth on average and a size tells little.
pub fn size_class(bytes: usize) -> usize {
    let bytes = bytes.max(128);
    let step = (bytes.next_power_of_two() / 8).max(16);
    bytes.div_ceil(step) * step
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{ActId, EntryHash, EpochId, FrontierId, GrantId, LogId};
    use crate::log::header::Kind;
    use crate::time::Moment;
    use rand::SeedableRng as _;

    #[test]
    fn two_bodies_of_near_length_look_alike_from_outside() {
        let random = &mut rand_chacha::ChaCha20Rng::seed_from_u64(40);
        let (key, secret) = (EpochKey::random(random), DocumentSecret::random(Handle([1; 16]), random));
        let header = Header {
            version: 1,
            suite: 1,
            kind: Kind::FACTS,
            log: LogId([1; 32]),
            sequence: 3,
            previous: EntryHash([2; 32]),
            act: ActId([3; 16]),
            at: Moment::utc(0),
            authority: FrontierId([4; 32]),
            grant: GrantId([5; 32]),
            epoch: EpochId([6; 32]),
            body_length: 0,
            body_hash: [7; 32],
        };
        let sizes = |lengths: std::ops::RangeInclusive<usize>| -> std::collections::BTreeSet<usize> {
            lengths
                .step_by(5)
                .map(|length| seal(&header, &key, &secret, &vec![b'x'; length], [5; 24]).unwrap().len())
                .collect()
        };
        // A mark or a comment of one word more or less is as long; and of a page, what a line more or less is.
        assert_eq!(sizes(1..=16).len(), 1, "{:?}", sizes(1..=16));
        assert!(sizes(2_000..=2_256).len() <= 2, "{:?}", sizes(2_000..=2_256));
        // All that can be seen of any length up to a page is one of a few sizes.
        assert!(sizes(1..=4_096).len() <= 32, "{:?}", sizes(1..=4_096));
    }

    #[test]
    fn size_classes_grow_by_a_quarter_at_most() {
        for bytes in 1..5_000 {
            let class = size_class(bytes);
            assert!(class >= bytes && class >= 128);
            assert_eq!(size_class(class), class, "a class is its own class");
            assert!(bytes < 128 || class * 4 <= bytes * 5 + 64, "{bytes} -> {class}");
        }
    }
}
