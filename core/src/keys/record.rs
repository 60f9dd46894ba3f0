//! Sealed records: wrapped epoch keys and sealed document secrets.
//!
//! They travel with the logs but outside them, and live in a file that is rewritten whole, because they are
//! what an erasure destroys. A record proves itself when it is opened (epochs and secrets are named by
//! commitments), so it carries no signature: a false one opens nothing.

use crate::codec;
use crate::crypto::hash::hash16;
use crate::crypto::wrap::{RecipientId, Wrapped};
use crate::id::{EpochId, SecretId, Section};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One sealed record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Record {
    /// A document's secret, sealed under an epoch.
    Secret {
        /// The secret.
        id: SecretId,
        /// Under which epoch.
        epoch: EpochId,
        /// Nonce and ciphertext.
        sealed: Vec<u8>,
    },
    /// An epoch's key, wrapped to one recipient.
    Wrap {
        /// The epoch.
        epoch: EpochId,
        /// For whom.
        recipient: RecipientId,
        /// The wrapped key.
        wrapped: Wrapped,
    },
}

/// A record's name: a hash of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordId(pub [u8; 16]);

impl Record {
    /// Its name.
    pub fn id(&self) -> RecordId {
        RecordId(hash16("muster 1 record", &[&codec::encode(self)]))
    }
}

/// All sealed records a device holds, by section, with what finds them quickly.
#[derive(Clone, Debug, Default)]
pub struct Records {
    sections: BTreeMap<Section, BTreeMap<RecordId, Record>>,
    wraps: BTreeMap<EpochId, BTreeMap<RecipientId, BTreeSet<RecordId>>>,
    secrets: BTreeMap<EpochId, BTreeSet<RecordId>>,
}

impl Records {
    /// Adds one; says whether it was new. Beyond the limit of a section nothing is added.
    pub fn insert(&mut self, section: Section, record: Record) -> bool {
        let id = record.id();
        let held = self.sections.entry(section).or_default();
        if held.contains_key(&id) || held.len() >= crate::limits::RECORDS_PER_SECTION {
            return false;
        }
        match &record {
            Record::Wrap { epoch, recipient, .. } => {
                self.wraps.entry(*epoch).or_default().entry(*recipient).or_default().insert(id);
            }
            Record::Secret { epoch, .. } => {
                self.secrets.entry(*epoch).or_default().insert(id);
            }
        }
        held.insert(id, record);
        true
    }

    /// Those of a section, by name.
    pub fn section(&self, section: &Section) -> impl Iterator<Item = (&RecordId, &Record)> {
        self.sections.get(section).into_iter().flatten()
    }

    /// One record.
    pub fn get(&self, section: &Section, id: &RecordId) -> Option<&Record> {
        self.sections.get(section)?.get(id)
    }

    /// The wraps of an epoch for one recipient; more than one only if somebody sent a false one.
    pub fn wraps(&self, section: &Section, epoch: &EpochId, recipient: &RecipientId) -> Vec<&Wrapped> {
        let Some(ids) = self.wraps.get(epoch).and_then(|by| by.get(recipient)) else { return Vec::new() };
        ids.iter()
            .filter_map(|id| match self.get(section, id)? {
                Record::Wrap { wrapped, .. } => Some(wrapped),
                Record::Secret { .. } => None,
            })
            .collect()
    }

    /// Whether anybody wrapped this epoch to this recipient.
    pub fn is_wrapped_to(&self, epoch: &EpochId, recipient: &RecipientId) -> bool {
        self.wraps.get(epoch).is_some_and(|by| by.contains_key(recipient))
    }

    /// The document secrets sealed under an epoch.
    pub fn secrets_under(&self, section: &Section, epoch: &EpochId) -> impl Iterator<Item = (&SecretId, &[u8])> {
        let held = self.sections.get(section);
        self.secrets.get(epoch).into_iter().flatten().filter_map(move |id| match held?.get(id)? {
            Record::Secret { id, sealed, .. } => Some((id, sealed.as_slice())),
            Record::Wrap { .. } => None,
        })
    }

    /// How many are held.
    pub fn len(&self) -> usize {
        self.sections.values().map(BTreeMap::len).sum()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.sections.values().all(BTreeMap::is_empty)
    }

    /// The sections anything is held of.
    pub fn sections(&self) -> impl Iterator<Item = &Section> {
        self.sections.keys()
    }

    /// All of it, for the key file.
    pub fn encode(&self) -> Vec<u8> {
        let all: Vec<(&Section, Vec<&Record>)> =
            self.sections.iter().map(|(section, held)| (section, held.values().collect())).collect();
        codec::encode(&all)
    }

    /// From the key file's bytes.
    ///
    /// # Errors
    /// When they are not what [`Records::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, codec::Malformed> {
        let all: Vec<(Section, Vec<Record>)> = postcard::from_bytes(bytes).map_err(|_| codec::Malformed)?;
        let mut records = Self::default();
        for (section, held) in all {
            for record in held {
                records.insert(section, record);
            }
        }
        Ok(records)
    }
}
