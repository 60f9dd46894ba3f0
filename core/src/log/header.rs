//! An entry's header: what every device may see of it.
//!
//! No document, no kind of record and no name is in it. Its one legal encoding is what is hashed, signed (by
//! way of the seal over the head) and kept.

use crate::codec::{self, Malformed};
use crate::crypto::hash::hash;
use crate::id::{ActId, EntryHash, EpochId, FrontierId, GrantId, LogId, SchoolId, SeatId, Section};
use crate::time::Moment;
use serde::{Deserialize, Serialize};

/// The version of header and body that this program writes.
pub const VERSION: u8 = 1;
/// Ed25519, XChaCha20-Poly1305, BLAKE3, HPKE X25519: the suite of version 1.
pub const SUITE: u8 = 1;

/// What an entry's body is. A number, so that kinds of a newer version are kept and passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Kind(pub u8);

impl Kind {
    /// A statement about authority, in clear.
    pub const STATEMENT: Self = Self(0);
    /// An epoch, in clear.
    pub const EPOCH: Self = Self(1);
    /// Facts for one document, encrypted in two layers.
    pub const FACTS: Self = Self(2);
}

/// Which log: who writes, in which section. Its hash is the log's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Descriptor {
    /// Who writes.
    pub seat: SeatId,
    /// Where.
    pub section: Section,
}

impl Descriptor {
    /// The log's id.
    pub fn id(&self, school: &SchoolId) -> LogId {
        LogId(hash("muster 1 log", &[&school.0, &codec::encode(self)]))
    }
}

/// An entry's header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Of header and body.
    pub version: u8,
    /// Of cryptography.
    pub suite: u8,
    /// What the body is.
    pub kind: Kind,
    /// The log.
    pub log: LogId,
    /// Place in the log, from 0.
    pub sequence: u64,
    /// The entry before, or zero for the first.
    pub previous: EntryHash,
    /// The act this is part of.
    pub act: ActId,
    /// What the author's clock said: a claim.
    pub at: Moment,
    /// The authority heads the author had seen.
    pub authority: FrontierId,
    /// The grant the author stands on.
    pub grant: GrantId,
    /// The epoch of the outer layer; zero for a body in clear.
    pub epoch: EpochId,
    /// Bytes of the body.
    pub body_length: u32,
    /// BLAKE3 of the body as it is kept and sent: of the ciphertext, where it is encrypted.
    pub body_hash: [u8; 32],
}

impl Header {
    /// The bytes that are hashed and kept.
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// From bytes.
    ///
    /// # Errors
    /// When they are not the one legal encoding of a header.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        codec::decode(bytes)
    }

    /// The entry's name.
    pub fn hash(&self) -> EntryHash {
        EntryHash(hash("muster 1 entry", &[&self.encode()]))
    }

    /// What the body's layers are bound to: the header but for what is only known of the finished body.
    pub fn associated(&self) -> Vec<u8> {
        Self { body_length: 0, body_hash: [0; 32], ..self.clone() }.encode()
    }
}
