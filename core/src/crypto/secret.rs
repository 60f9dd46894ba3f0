//! Thirty-two secret bytes.

use super::hash::hash;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A key or a secret: erased when dropped, printed as `***`, compared in constant time.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Secret([u8; 32]);

impl Secret {
    /// From bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// From randomness handed in.
    pub fn random(random: &mut dyn CryptoRng) -> Self {
        let mut bytes = [0; 32];
        random.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// The bytes. Whoever calls this must not keep a copy.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// A key for one use, from this one.
    pub fn derive(&self, context: &str, parts: &[&[u8]]) -> Self {
        let mut all: Vec<&[u8]> = vec![&self.0];
        all.extend_from_slice(parts);
        Self(hash(context, &all))
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        same(&self.0, &other.0)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// Whether two byte strings are equal, in a time that depends on their lengths alone.
pub fn same(left: &[u8], right: &[u8]) -> bool {
    // BLAKE3's `Hash` compares in constant time; hashing first makes any length fit.
    blake3::hash(left) == blake3::hash(right)
}
