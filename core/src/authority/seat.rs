//! Seats: who writes. A person on a device, certified by both their keys, or a device with nobody signed in.

use crate::codec;
use crate::crypto::hash::hash;
use crate::crypto::sign::{PublicSign, SignKey, Signature};
use crate::founding::PersonKeys;
use crate::id::{DeviceId, PersonId, SchoolId, SeatId};
use serde::{Deserialize, Serialize};

const CONTEXT: &str = "seat 1";

/// What a seat is. Its hash is the seat's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatClaim {
    /// Of which school.
    pub school: SchoolId,
    /// On which device.
    pub device: DeviceId,
    /// Which person, by which key; `None` for the device itself.
    pub person: Option<(PersonId, PublicSign)>,
    /// Seals the seat's logs.
    pub key: PublicSign,
    /// Random: a restored or cloned device starts a new seat and never goes on with the old one's logs.
    pub incarnation: [u8; 16],
}

/// A claim with the signatures that make it one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatCertificate {
    /// What is certified.
    pub claim: SeatClaim,
    /// By the device.
    pub by_device: Signature,
    /// By the person, where there is one.
    pub by_person: Option<Signature>,
}

impl SeatClaim {
    /// The seat's id.
    pub fn seat(&self) -> SeatId {
        SeatId(hash("muster 1 seat", &[&codec::encode(self)]))
    }
}

impl SeatCertificate {
    /// Certifies a claim with the device's key and, for a person's seat, the person's.
    pub fn make(claim: SeatClaim, device: &SignKey, person: Option<&PersonKeys>) -> Self {
        let bytes = codec::encode(&claim);
        Self {
            by_device: device.sign(CONTEXT, &bytes),
            by_person: person.map(|person| person.sign.sign(CONTEXT, &bytes)),
            claim,
        }
    }

    /// Whether both keys signed it, for this school. Whether they belong to anybody is another question.
    pub fn holds(&self, school: &SchoolId) -> bool {
        let bytes = codec::encode(&self.claim);
        let person = match (&self.claim.person, &self.by_person) {
            (None, None) => true,
            (Some((_, key)), Some(signature)) => key.verify(CONTEXT, &bytes, signature),
            _ => false,
        };
        person
            && self.claim.school == *school
            && PublicSign(self.claim.device.0).verify(CONTEXT, &bytes, &self.by_device)
    }
}
