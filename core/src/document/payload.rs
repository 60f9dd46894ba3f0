//! The payload of an entry of facts: which document, and the facts.

use super::fact::Fact;
use super::pack::{pack, unpack};
use crate::codec::{self, Malformed};
use crate::crypto::hash::hash16;
use crate::id::{DocumentId, Handle, SchoolId, Section};
use crate::limits;
use serde::{Deserialize, Serialize};

/// What the innermost layer holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// The document's kind.
    pub kind: u16,
    /// The document's natural key.
    #[serde(with = "serde_bytes")]
    pub key: Vec<u8>,
    /// The facts.
    pub facts: Vec<Fact>,
}

/// A document's name inside the outer layer: from its natural key, so that two devices apart agree on it.
pub fn handle(school: &SchoolId, document: &DocumentId) -> Handle {
    Handle(hash16(
        "muster 1 handle",
        &[&school.0, &codec::encode(&document.section), &document.kind.to_le_bytes(), &document.key],
    ))
}

impl Payload {
    /// Compressed where that is smaller: a first byte of 1 and the length, or a first byte of 0.
    ///
    /// # Errors
    /// When it is larger than [`limits::PAYLOAD_BYTES`], or a limit of facts is passed.
    pub fn encode(&self) -> Result<Vec<u8>, Malformed> {
        self.within_limits()?;
        let plain = codec::encode(self);
        if plain.len() > limits::PAYLOAD_BYTES {
            return Err(Malformed);
        }
        let mut out = match pack(&plain, COMPRESSION_LEVEL) {
            Some(small) if small.len() + 5 < plain.len() => {
                let length = u32::try_from(plain.len()).map_err(|_| Malformed)?;
                let mut out = vec![1];
                out.extend_from_slice(&length.to_le_bytes());
                out.extend(small);
                return Ok(out);
            }
            _ => vec![0],
        };
        out.extend(plain);
        Ok(out)
    }

    /// Undoes [`Payload::encode`], with every size bounded before anything is unpacked.
    ///
    /// # Errors
    /// When a size, a limit or the encoding is not legal. The same bytes fail on every replica.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let plain;
        let payload: Self = match bytes.split_first() {
            Some((0, rest)) if rest.len() <= limits::PAYLOAD_BYTES => codec::decode(rest)?,
            Some((1, rest)) => {
                let (length, small) = rest.split_first_chunk::<4>().ok_or(Malformed)?;
                let length = u32::from_le_bytes(*length) as usize;
                if length > limits::PAYLOAD_BYTES {
                    return Err(Malformed);
                }
                plain = unpack(small, length).ok_or(Malformed)?;
                codec::decode(&plain)?
            }
            _ => return Err(Malformed),
        };
        payload.within_limits()?;
        Ok(payload)
    }

    /// The document it is for, in the section of the log it came in.
    pub fn document(&self, section: Section) -> DocumentId {
        DocumentId { section, kind: self.kind, key: self.key.clone() }
    }

    fn within_limits(&self) -> Result<(), Malformed> {
        let fits = self.key.len() <= limits::DOCUMENT_KEY_BYTES
            && !self.facts.is_empty()
            && self.facts.len() <= limits::FACTS_PER_ENTRY
            && self.facts.iter().all(|fact| fact.supersedes.len() <= limits::SUPERSEDED_PER_FACT);
        if fits { Ok(()) } else { Err(Malformed) }
    }
}

/// zstd's default: facts are small, and a higher level gains under 2 % on a class register.
const COMPRESSION_LEVEL: i32 = 3;
