//! Statements: what the authority area's entries say. Ids, ranks and keys, never names.

use super::capability::Capability;
use super::seat::SeatCertificate;
use crate::codec::{self, Malformed};
use crate::crypto::sign::{PublicSign, SignKey, Signature};
use crate::crypto::stretch::Cost;
use crate::crypto::wrap::PublicAgree;
use crate::founding::PersonPublic;
use crate::id::{DeviceId, GrantId, PersonId};
use crate::limits;
use crate::time::Moment;
use serde::{Deserialize, Serialize};

/// Head of a school.
pub const RANK_HEAD: u8 = 1;
/// The weakest rank: devices, kiosks, blind devices.
pub const RANK_DEVICE: u8 = 5;

/// To whom a grant gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Grantee {
    /// A device of the school.
    Device {
        /// Its signing and network key.
        device: DeviceId,
        /// Wraps secrets to it.
        agree: PublicAgree,
    },
    /// A person who will make keys on the spot, by one-time words.
    Activation {
        /// The person.
        person: PersonId,
        /// The public halves of the keys that the words stretch to.
        keys: PersonPublic,
        /// For the stretching.
        salt: [u8; 16],
        /// For the stretching.
        cost: Cost,
    },
    /// A person who has keys: further rights, for whoever holds these keys. New keys, as after a reset, bring
    /// none of the old rights by themselves.
    Person {
        /// The person.
        person: PersonId,
        /// The public halves of the person's keys.
        keys: PersonPublic,
    },
}

/// Rights given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// To whom.
    pub to: Grantee,
    /// 1 head, 2 administrator, 3 area lead, 4 staff, 5 device. Always weaker (greater) than its author's.
    pub rank: u8,
    /// What.
    pub capabilities: Vec<Capability>,
    /// Until when by the clocks of those who honour it: nobody signs in or is given keys on it afterwards. Time is a
    /// claim, so it decides no verdict.
    pub until: Option<Moment>,
}

/// A person's own keys, registered under an activation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// The activation's grant.
    pub grant: GrantId,
    /// The keys, made where the words were typed.
    pub keys: PersonPublic,
    /// By the activation key.
    pub proof: Signature,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// A seat begins: always the first entry of its authority log.
    Seat(SeatCertificate),
    /// Rights.
    Grant(Grant),
    /// Keys.
    Registration(Registration),
    /// Of a newer version: kept, passed on, and without effect here.
    Unknown(u16, Vec<u8>),
}

impl Registration {
    /// Proves by the activation key that these keys are the holder's.
    pub fn make(grant: GrantId, keys: PersonPublic, activation: &SignKey) -> Self {
        let proof = activation.sign(CONTEXT, &codec::encode(&(grant, keys)));
        Self { grant, keys, proof }
    }

    /// Whether the activation key says so.
    pub fn holds(&self, activation: &PublicSign) -> bool {
        activation.verify(CONTEXT, &codec::encode(&(self.grant, self.keys)), &self.proof)
    }
}

const CONTEXT: &str = "registration 1";

impl Statement {
    /// The body of its entry: a tag and the rest, so that a newer kind can be told from a broken one.
    pub fn encode(&self) -> Vec<u8> {
        let (tag, rest) = match self {
            Self::Seat(seat) => (1, codec::encode(seat)),
            Self::Grant(grant) => (2, codec::encode(grant)),
            Self::Registration(registration) => (3, codec::encode(registration)),
            Self::Unknown(tag, rest) => (*tag, rest.clone()),
        };
        codec::encode(&(tag, rest))
    }

    /// From a body.
    ///
    /// # Errors
    /// When it is not a statement, or passes a limit.
    pub fn decode(body: &[u8]) -> Result<Self, Malformed> {
        let (tag, rest): (u16, Vec<u8>) = codec::decode(body)?;
        Ok(match tag {
            1 => Self::Seat(codec::decode(&rest)?),
            2 => {
                let grant: Grant = codec::decode(&rest)?;
                if grant.capabilities.len() > limits::CAPABILITIES_PER_GRANT {
                    return Err(Malformed);
                }
                Self::Grant(grant)
            }
            3 => Self::Registration(codec::decode(&rest)?),
            _ => Self::Unknown(tag, rest),
        })
    }
}
