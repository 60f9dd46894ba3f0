//! The founding object: what a school begins with, outside any log. Its hash is the school's id.
//!
//! It names the founding head's keys, the signing keys of three recovery cards, how many of the cards are needed,
//! and the recovery key that every epoch is wrapped to. It can never be changed: a new head is granted by the
//! cards, not by rewriting this.

use crate::codec::{self, Malformed};
use crate::crypto::hash::hash;
use crate::crypto::secret::Secret;
use crate::crypto::sign::{PublicSign, SignKey};
use crate::crypto::wrap::{AgreeKey, PublicAgree};
use crate::id::{GrantId, PersonId, SchoolId};
use crate::keys::recovery::{self, Card};
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
    /// Of this form: 1.
    pub version: u8,
    /// Makes two schools founded alike differ.
    pub nonce: [u8; 32],
    /// The founding head.
    pub head: PersonId,
    /// The founding head's keys.
    pub head_keys: PersonPublic,
    /// What the recovery cards sign with.
    pub cards: [PublicSign; recovery::CARDS],
    /// How many cards must sign together.
    pub threshold: u8,
    /// Every epoch is wrapped to this; any two cards together hold its private half.
    pub recovery: PublicAgree,
}

impl Founding {
    /// Founds a school: makes the head's keys and the three cards. The cards exist nowhere else.
    pub fn new(random: &mut dyn CryptoRng) -> Option<(Self, PersonKeys, [Card; recovery::CARDS])> {
        let mut nonce = [0; 32];
        random.fill_bytes(&mut nonce);
        let mut head = [0; 16];
        random.fill_bytes(&mut head);
        let keys = PersonKeys::random(PersonId(head), random);
        let recovery_key = AgreeKey::from_seed(Secret::random(random));
        let signers: [SignKey; recovery::CARDS] = std::array::from_fn(|_| SignKey::random(random));
        let founding = Self {
            version: 1,
            nonce,
            head: keys.person,
            head_keys: keys.public(),
            cards: signers.each_ref().map(SignKey::public),
            threshold: recovery::THRESHOLD,
            recovery: recovery_key.public(),
        };
        let cards = recovery::make_cards(&founding, &signers, &recovery_key, random)?;
        Some((founding, keys, cards))
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
        if founding.version == 1 && founding.threshold == recovery::THRESHOLD { Ok(founding) } else { Err(Malformed) }
    }
}
