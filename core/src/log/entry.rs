//! An entry: header and body.

use super::header::Header;
use super::seal::Seal;
use crate::codec::{self, Malformed};
use crate::crypto::hash::plain;
use crate::id::EntryHash;
use serde::{Deserialize, Serialize};

/// Header and body, with the entry's name worked out once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    header: Header,
    hash: EntryHash,
    body: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    header: Header,
    #[serde(with = "serde_bytes")]
    body: Vec<u8>,
    seal: Option<Seal>,
}

impl Entry {
    /// Completes a header with what is known of the body.
    pub fn new(mut header: Header, body: Vec<u8>) -> Self {
        header.body_length = u32::try_from(body.len()).unwrap_or(u32::MAX);
        header.body_hash = plain(&body);
        let hash = header.hash();
        Self { header, hash, body }
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The name.
    pub fn hash(&self) -> EntryHash {
        self.hash
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// As a store keeps it, with the seal that ends here, if one does.
    pub fn encode(&self, seal: Option<Seal>) -> Vec<u8> {
        codec::encode(&Kept { header: self.header.clone(), body: self.body.clone(), seal })
    }

    /// From a store: checked again, because disks rot.
    ///
    /// # Errors
    /// When the bytes are not an entry, or the body is not the one the header names.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Option<Seal>), Malformed> {
        let kept: Kept = postcard::from_bytes(bytes).map_err(|_| Malformed)?;
        let entry = Self::new(kept.header.clone(), kept.body);
        if entry.header == kept.header { Ok((entry, kept.seal)) } else { Err(Malformed) }
    }
}
