//! The founding object: what a school begins with, outside any log. Its hash is the school's id.
//!
//! It names the device the school is founded on, the founding head's keys, the signing keys of three recovery cards, how many of the cards are needed,
//! and the recovery key that every epoch is wrapped to. It can never be changed: a new head is granted by the
//! cards, not by rewriting this.

use crate::codec::{self, Malformed};
use crate::crypto::hash::hash;
use crate::crypto::secret::Secret;
use crate::crypto::sign::{PublicSign, SignKey};
use crate::crypto::wrap::{AgreeKey, PublicAgree};
use crate::id::{DeviceId, GrantId, PersonId, SchoolId};
use crate::keys::recovery::{self, Card};
use crate::replica::DeviceSecrets;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

/// The public halves of a person's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PersonPublic {
    /// Verifies what the person signs.
    pub sign: PublicSign,
    /// Wraps secrets to the person.
    pub agree: PublicAgree,
}

/// A person's keys.
#[derive(Clone, Debug)]
pub struct PersonKeys {
    /// Whose.
    pub person: PersonId,
    /// Signs.
    pub sign: SignKey,
    /// Opens what was wrapped.
    pub agree: AgreeKey,
}

impl PersonKeys {
    /// New keys, from randomness handed in.
    pub fn random(person: PersonId, random: &mut dyn CryptoRng) -> Self {
        Self { person, sign: SignKey::random(random), agree: AgreeKey::random(random) }
    }

    /// The public halves.
    pub fn public(&self) -> PersonPublic {
        PersonPublic { sign: self.sign.public(), agree: self.agree.public() }
    }
}

/// What a school begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Founding {
    /// Of this form: 2.
    pub version: u8,
    /// Makes two schools founded alike differ.
    pub nonce: [u8; 32],
    /// The founding head.
    pub head: PersonId,
    /// The founding head's keys.
    pub head_keys: PersonPublic,
    /// The device it was founded on, which nobody let in: every other was, by somebody on it or by the cards.
    pub device: DeviceId,
    /// What the recovery cards sign with.
    pub cards: [PublicSign; recovery::CARDS],
    /// How many cards must sign together.
    pub threshold: u8,
    /// Every epoch is wrapped to this; any two cards together hold its private half.
    pub recovery: PublicAgree,
}

impl Founding {
    /// Founds a school: makes the head's keys, those of the device it is founded on, and the three cards, which exist
    /// nowhere else.
    pub fn new(random: &mut dyn CryptoRng) -> Option<(Self, PersonKeys, DeviceSecrets, [Card; recovery::CARDS])> {
        let mut nonce = [0; 32];
        random.fill_bytes(&mut nonce);
        let mut head = [0; 16];
        random.fill_bytes(&mut head);
        let keys = PersonKeys::random(PersonId(head), random);
        let (device_sign, device_agree) = (SignKey::random(random), AgreeKey::random(random));
        let recovery_key = AgreeKey::from_seed(Secret::random(random));
        let signers: [SignKey; recovery::CARDS] = std::array::from_fn(|_| SignKey::random(random));
        let founding = Self {
            version: 2,
            nonce,
            head: keys.person,
            head_keys: keys.public(),
            device: DeviceId(device_sign.public().0),
            cards: signers.each_ref().map(SignKey::public),
            threshold: recovery::THRESHOLD,
            recovery: recovery_key.public(),
        };
        let cards = recovery::make_cards(&founding, &signers, &recovery_key, random)?;
        let device = DeviceSecrets::with_keys(device_sign, device_agree, founding.school(), random);
        Some((founding, keys, device, cards))
    }

    /// The school's id.
    pub fn school(&self) -> SchoolId {
        SchoolId(hash("muster 1 founding", &[&codec::encode(self)]))
    }

    /// The name of the founding head's rights, which no entry grants.
    pub fn head_grant(&self) -> GrantId {
        GrantId(self.school().0)
    }

    /// From bytes.
    ///
    /// # Errors
    /// When they are not a founding object of a version known here.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let founding: Self = codec::decode(bytes)?;
        if founding.version == 2 && founding.threshold == recovery::THRESHOLD { Ok(founding) } else { Err(Malformed) }
    }
}
