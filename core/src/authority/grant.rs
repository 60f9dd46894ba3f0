//! Grants, and the keys registered under them.

use super::capability::Capability;
use crate::codec;
use crate::crypto::sign::{PublicSign, SignKey, Signature};
use crate::crypto::stretch::Cost;
use crate::crypto::wrap::PublicAgree;
use crate::founding::PersonPublic;
use crate::id::{DeviceId, GrantId, PersonId};
use crate::time::Moment;
use serde::{Deserialize, Serialize};

/// Any two of the recovery cards together: above everybody, and outside any log.
pub const RANK_CARDS: u8 = 0;
/// Head of a school.
pub const RANK_HEAD: u8 = 1;
/// Leads of an area: the weakest rank whose keys lie on named devices only.
pub const RANK_LEAD: u8 = 3;
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
