//! Wrapping a secret for the holder of a key: HPKE in base mode (RFC 9180).

use super::hash::hash16;
use super::secret::Secret;
use hpke::{Deserializable as _, Kem as _, OpModeR, OpModeS, Serializable as _};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

type Kem = hpke::kem::X25519HkdfSha256;
type Kdf = hpke::kdf::HkdfSha256;
type Aead = hpke::aead::ChaCha20Poly1305;

/// A public key that secrets can be wrapped to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PublicAgree(pub [u8; 32]);

/// Who a wrap is for: a hash of the public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecipientId(pub [u8; 16]);

impl PublicAgree {
    /// This key's short name.
    pub fn recipient(&self) -> RecipientId {
        RecipientId(hash16("muster 1 recipient", &[&self.0]))
    }
}

/// The private half, kept as the seed it was derived from.
#[derive(Clone, Debug, PartialEq)]
pub struct AgreeKey(Secret);

impl AgreeKey {
    /// From its seed.
    pub fn from_seed(seed: Secret) -> Self {
        Self(seed)
    }

    /// From randomness handed in.
    pub fn random(random: &mut dyn CryptoRng) -> Self {
        Self(Secret::random(random))
    }

    /// The seed, for sealing it away.
    pub fn seed(&self) -> &Secret {
        &self.0
    }

    /// The public half.
    pub fn public(&self) -> PublicAgree {
        let (_, public) = Kem::derive_keypair(self.0.expose());
        let mut bytes = [0; 32];
        public.write_exact(&mut bytes);
        PublicAgree(bytes)
    }

    /// What this key and another's public half have in common, and nobody else can work out. Never used as a key
    /// itself: names are made from it that only the two can tell (see [`crate::keys::case`]).
    pub fn in_common(&self, other: &PublicAgree) -> Secret {
        let (private, _) = Kem::derive_keypair(self.0.expose());
        let mut scalar = zeroize::Zeroizing::new([0; 32]);
        private.write_exact(scalar.as_mut_slice());
        let shared = zeroize::Zeroizing::new(x25519_dalek::x25519(*scalar, other.0));
        Secret::new(*shared).derive("muster 1 in common", &[])
    }

    /// Whether anything can be wrapped to somebody's public half: there are a few that are no key.
    pub fn may_wrap_to(&self, other: &PublicAgree) -> bool {
        let (private, _) = Kem::derive_keypair(self.0.expose());
        let mut scalar = zeroize::Zeroizing::new([0; 32]);
        private.write_exact(scalar.as_mut_slice());
        *zeroize::Zeroizing::new(x25519_dalek::x25519(*scalar, other.0)) != [0; 32]
    }

    /// Opens what was wrapped to this key with the same `info`.
    pub fn open(&self, info: &[u8], wrapped: &Wrapped) -> Option<Secret> {
        let (private, _) = Kem::derive_keypair(self.0.expose());
        let encapped = <Kem as hpke::Kem>::EncappedKey::from_bytes(&wrapped.encapped).ok()?;
        let text =
            hpke::single_shot_open::<Aead, Kdf, Kem>(&OpModeR::Base, &private, &encapped, info, &wrapped.sealed, &[])
                .ok()
                .map(zeroize::Zeroizing::new)?;
        text.as_slice().try_into().ok().map(Secret::new)
    }
}

/// A wrapped secret: 80 bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrapped {
    /// The encapsulated key.
    pub encapped: [u8; 32],
    /// Ciphertext and tag, 48 bytes.
    pub sealed: Vec<u8>,
}

/// Wraps a secret to a public key; `info` must be given again to open it. `None` when the key is not one.
pub fn wrap(to: &PublicAgree, info: &[u8], secret: &Secret, mut random: &mut dyn CryptoRng) -> Option<Wrapped> {
    let public = <Kem as hpke::Kem>::PublicKey::from_bytes(&to.0).ok()?;
    let (encapped, sealed) = hpke::single_shot_seal_with_rng::<Aead, Kdf, Kem>(
        &OpModeS::Base,
        &public,
        info,
        secret.expose(),
        &[],
        &mut random,
    )
    .ok()?;
    let mut bytes = [0; 32];
    encapped.write_exact(&mut bytes);
    Some(Wrapped { encapped: bytes, sealed })
}
