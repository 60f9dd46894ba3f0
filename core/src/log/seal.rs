//! Seals: a signature over the head of a log signs every entry before it.

use crate::codec;
use crate::crypto::sign::{PublicSign, SignKey, Signature};
use crate::id::{EntryHash, LogId};
use serde::{Deserialize, Serialize};

const CONTEXT: &str = "seal 1";

/// A signature by the log's seat over (log, length, head).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal(pub Signature);

impl Seal {
    /// Seals a log at a length.
    pub fn make(key: &SignKey, log: &LogId, length: u64, head: &EntryHash) -> Self {
        Self(key.sign(CONTEXT, &codec::encode(&(log, length, head))))
    }

    /// Whether the seat with this key sealed that.
    pub fn holds(&self, key: &PublicSign, log: &LogId, length: u64, head: &EntryHash) -> bool {
        key.verify(CONTEXT, &codec::encode(&(log, length, head)), &self.0)
    }
}
