//! Sealed records: wrapped epoch keys, sealed document secrets, secrets of cases.
//!
//! They travel with the logs but outside them, and live in a file that is rewritten whole, because they are
//! what an erasure destroys. A record proves itself when it is opened (epochs and secrets are named by
//! commitments), so it carries no signature: a false one opens nothing.

use super::delivery::Delivery;
use crate::checkpoint::Checkpoint;
use crate::codec;
use crate::crypto::hash::hash16;
use crate::crypto::sign::{PublicSign, SignKey, Signature};
use crate::crypto::wrap::{RecipientId, Wrapped};
use crate::id::{DeviceId, EpochId, SchoolId, SecretId, Section};
use crate::limits;
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
        /// By whoever held the key: see [`super::epoch::EpochKey::wrap_proof`].
        proof: [u8; 16],
    },
    /// The secret of a document of a case area, wrapped to persons singly, all of it under a cover epoch: see
    /// [`super::case`].
    Case {
        /// The secret.
        id: SecretId,
        /// Under which cover.
        epoch: EpochId,
        /// Nonce and ciphertext.
        sealed: Vec<u8>,
    },
    /// A device has dropped its keys of earlier days.
    Dropped(Dropped),
    /// The key of an epoch, under one that takes its place.
    Older {
        /// The one that takes its place.
        epoch: EpochId,
        /// Whose key is sealed.
        older: EpochId,
        /// Nonce and ciphertext.
        sealed: Vec<u8>,
    },
    /// A person's keys on their way to a device: of the authority area alone.
    Delivery(Box<Delivery>),
    /// What a device says it holds: of the area of checkpoints alone.
    Checkpoint(Box<Checkpoint>),
}

/// What a device says of the days whose keys it dropped, signed with the device's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// Which device.
    pub device: DeviceId,
    /// Its key for wraps.
    pub recipient: RecipientId,
    /// The latest that it said counts.
    pub version: u64,
    /// It has dropped the days before this one, in days since 1970-01-01, and is not to be given them again.
    pub before: i32,
    signature: Signature,
}

impl Dropped {
    /// Says so.
    pub fn make(
        school: &SchoolId,
        section: &Section,
        key: &SignKey,
        recipient: RecipientId,
        version: u64,
        before: i32,
    ) -> Self {
        let device = DeviceId(key.public().0);
        let mut said = Self { device, recipient, version, before, signature: Signature([0; 64]) };
        said.signature = key.sign(DROPPED, &said.signed(school, section));
        said
    }

    /// Whether the device with this key said so, of this section.
    pub fn holds(&self, school: &SchoolId, section: &Section, key: &PublicSign) -> bool {
        key.verify(DROPPED, &self.signed(school, section), &self.signature)
    }

    fn signed(&self, school: &SchoolId, section: &Section) -> Vec<u8> {
        codec::encode(&(school, section, self.recipient, self.version, self.before))
    }
}

const DROPPED: &str = "dropped 1";

/// A record's name: a hash of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordId(pub [u8; 16]);

impl Record {
    /// The epoch that it gives a key of, or that what it seals is under; `None` for what is of none.
    pub fn epoch(&self) -> Option<EpochId> {
        match self {
            Self::Secret { epoch, .. }
            | Self::Wrap { epoch, .. }
            | Self::Case { epoch, .. }
            | Self::Older { epoch, .. } => Some(*epoch),
            Self::Dropped(_) | Self::Delivery(_) | Self::Checkpoint(_) => None,
        }
    }

    /// Its name.
    pub fn id(&self) -> RecordId {
        RecordId(hash16("muster 1 record", &[&codec::encode(self)]))
    }

    /// Bytes it needs, at most.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Secret { sealed, .. } | Self::Case { sealed, .. } => 64 + sealed.len(),
            Self::Older { sealed, .. } => 80 + sealed.len(),
            Self::Dropped(_) => 160,
            Self::Wrap { wrapped, .. } => 120 + wrapped.sealed.len(),
            Self::Delivery(delivery) => delivery.bytes(),
            Self::Checkpoint(checkpoint) => checkpoint.bytes(),
        }
    }

    /// Whether it is longer than one of its kind may be.
    pub fn is_too_long(&self) -> bool {
        let most = if let Self::Checkpoint(_) = self { limits::CHECKPOINT_BYTES } else { limits::RECORD_BYTES };
        self.bytes() > most
    }
}

/// All sealed records a device holds, by section, with what finds them quickly.
#[derive(Clone, Debug, Default)]
pub struct Records {
    sections: BTreeMap<Section, Held>,
}

#[derive(Clone, Debug, Default)]
struct Held {
    records: BTreeMap<RecordId, Record>,
    bytes: usize,
    wraps: BTreeMap<EpochId, BTreeMap<RecipientId, BTreeSet<RecordId>>>,
    secrets: BTreeMap<EpochId, BTreeSet<RecordId>>,
    cases: BTreeMap<EpochId, BTreeSet<RecordId>>,
    case_secrets: BTreeMap<SecretId, BTreeSet<RecordId>>,
    older: BTreeMap<EpochId, BTreeSet<RecordId>>,
    to: BTreeMap<RecipientId, BTreeSet<EpochId>>,
    dropped: BTreeMap<RecipientId, BTreeMap<(u64, RecordId), i32>>,
}

/// Takes one out of a set in a map, and the set with its last.
fn take_out<K: Ord>(from: &mut BTreeMap<K, BTreeSet<RecordId>>, key: &K, id: &RecordId) {
    if let Some(ids) = from.get_mut(key) {
        ids.remove(id);
        if ids.is_empty() {
            from.remove(key);
        }
    }
}

impl Records {
    /// Adds one; says whether it was new. Beyond `most` records of a section nothing is added.
    pub fn insert(&mut self, section: Section, record: Record, most: usize) -> bool {
        let id = record.id();
        let held = self.sections.entry(section).or_default();
        if held.records.contains_key(&id) || held.records.len() >= most {
            return false;
        }
        match &record {
            Record::Wrap { epoch, recipient, .. } => {
                held.to.entry(*recipient).or_default().insert(*epoch);
                held.wraps.entry(*epoch).or_default().entry(*recipient).or_default().insert(id);
            }
            Record::Secret { epoch, .. } => {
                held.secrets.entry(*epoch).or_default().insert(id);
            }
            Record::Dropped(said) => {
                held.dropped.entry(said.recipient).or_default().insert((said.version, id), said.before);
            }
            Record::Older { older, .. } => {
                held.older.entry(*older).or_default().insert(id);
            }
            Record::Case { id: secret, epoch, .. } => {
                held.cases.entry(*epoch).or_default().insert(id);
                held.case_secrets.entry(*secret).or_default().insert(id);
            }
            Record::Delivery(_) | Record::Checkpoint(_) => {}
        }
        held.bytes += record.bytes();
        held.records.insert(id, record);
        true
    }

    /// How many are held of a section, and how many bytes they need at most.
    pub fn size(&self, section: &Section) -> (usize, usize) {
        self.sections.get(section).map_or((0, 0), |held| (held.records.len(), held.bytes))
    }

    /// Takes one out again.
    pub fn remove(&mut self, section: &Section, id: &RecordId) {
        let Some(held) = self.sections.get_mut(section) else { return };
        let record = held.records.remove(id);
        held.bytes -= record.as_ref().map_or(0, Record::bytes);
        match record {
            Some(Record::Wrap { epoch, recipient, .. }) => {
                if let Some(by) = held.wraps.get_mut(&epoch) {
                    take_out(by, &recipient, id);
                    if !by.contains_key(&recipient)
                        && let Some(epochs) = held.to.get_mut(&recipient)
                    {
                        epochs.remove(&epoch);
                    }
                    if by.is_empty() {
                        held.wraps.remove(&epoch);
                    }
                }
            }
            Some(Record::Secret { epoch, .. }) => take_out(&mut held.secrets, &epoch, id),
            Some(Record::Dropped(said)) => {
                if let Some(all) = held.dropped.get_mut(&said.recipient) {
                    all.remove(&(said.version, *id));
                }
            }
            Some(Record::Older { older, .. }) => take_out(&mut held.older, &older, id),
            Some(Record::Case { id: secret, epoch, .. }) => {
                take_out(&mut held.cases, &epoch, id);
                take_out(&mut held.case_secrets, &secret, id);
            }
            Some(Record::Delivery(_) | Record::Checkpoint(_)) | None => {}
        }
        if held.records.is_empty() {
            self.sections.remove(section);
        }
    }

    /// Those of a section, by name.
    pub fn section(&self, section: &Section) -> impl Iterator<Item = (&RecordId, &Record)> {
        self.sections.get(section).into_iter().flat_map(|held| &held.records)
    }

    /// One record.
    pub fn get(&self, section: &Section, id: &RecordId) -> Option<&Record> {
        self.sections.get(section)?.records.get(id)
    }

    /// Those whose names begin with these bytes: one, but for accidents.
    pub fn named(&self, section: &Section, short: &[u8; 8]) -> impl Iterator<Item = &Record> {
        let short = *short;
        let mut least = RecordId([0; 16]);
        least.0[..8].copy_from_slice(&short);
        let held = self.sections.get(section).into_iter();
        held.flat_map(move |held| held.records.range(least..))
            .take_while(move |(id, _)| id.0.starts_with(&short))
            .map(|(_, record)| record)
    }

    /// The wraps of an epoch for one recipient, with their proofs; more than one only if two holders topped up
    /// apart, or somebody sent a false one.
    pub fn wraps(
        &self,
        section: &Section,
        epoch: &EpochId,
        recipient: &RecipientId,
    ) -> impl Iterator<Item = (&Wrapped, &[u8; 16])> {
        let held = self.sections.get(section);
        let ids = held.and_then(|held| held.wraps.get(epoch)?.get(recipient));
        ids.into_iter().flatten().filter_map(move |id| match held?.records.get(id)? {
            Record::Wrap { wrapped, proof, .. } => Some((wrapped, proof)),
            _ => None,
        })
    }

    /// What a device said last of the days it dropped: the version, and before which day.
    pub fn dropped(&self, section: &Section, recipient: &RecipientId) -> Option<(u64, i32)> {
        let said = self.sections.get(section)?.dropped.get(recipient)?;
        said.last_key_value().map(|((version, _), before)| (*version, *before))
    }

    /// Who dropped days, and those before which.
    pub fn droppers(&self, section: &Section) -> impl Iterator<Item = (RecipientId, i32)> {
        let held = self.sections.get(section).into_iter();
        let all = held.flat_map(|held| &held.dropped);
        all.filter_map(|(recipient, said)| Some((*recipient, *said.last_key_value()?.1)))
    }

    /// What devices said of the days they dropped before they said something else.
    pub fn said_before(&self, section: &Section) -> Vec<RecordId> {
        let held = self.sections.get(section).into_iter();
        let all = held.flat_map(|held| held.dropped.values());
        all.flat_map(|said| said.keys().rev().skip(1)).map(|(_, id)| *id).collect()
    }

    /// The epochs that are wrapped to somebody, as the wraps say.
    pub fn wrapped_to(&self, section: &Section, recipient: &RecipientId) -> impl Iterator<Item = &EpochId> {
        let held = self.sections.get(section);
        held.and_then(|held| held.to.get(recipient)).into_iter().flatten()
    }

    /// The names of the wraps of an epoch for one recipient.
    pub fn wrap_ids(&self, section: &Section, epoch: &EpochId, recipient: &RecipientId) -> Vec<RecordId> {
        let ids = self.sections.get(section).and_then(|held| held.wraps.get(epoch)?.get(recipient));
        ids.into_iter().flatten().copied().collect()
    }

    /// The names of the records of an epoch: its wraps, what is sealed under it, and the keys of those before it.
    pub fn of_epoch(&self, section: &Section, epoch: &EpochId) -> Vec<RecordId> {
        let Some(held) = self.sections.get(section) else { return Vec::new() };
        let wraps = held.wraps.get(epoch).into_iter().flat_map(BTreeMap::values).flatten();
        let sealed = [&held.secrets, &held.cases].into_iter().filter_map(|sealed| sealed.get(epoch)).flatten();
        let older = held.older.values().flatten();
        let older = older.filter(|id| held.records.get(id).is_some_and(|record| record.epoch() == Some(*epoch)));
        wraps.chain(sealed).chain(older).copied().collect()
    }

    /// The names of what devices say of the days they dropped.
    pub fn said_of_days(&self, section: &Section) -> impl Iterator<Item = RecordId> {
        let held = self.sections.get(section).into_iter();
        held.flat_map(|held| held.dropped.values()).flat_map(BTreeMap::keys).map(|(_, id)| *id)
    }

    /// Whom an epoch is wrapped to, as the wraps say themselves.
    pub fn recipients(&self, section: &Section, epoch: &EpochId) -> impl Iterator<Item = &RecipientId> {
        let held = self.sections.get(section);
        held.and_then(|held| held.wraps.get(epoch)).into_iter().flat_map(BTreeMap::keys)
    }

    /// The epochs that an epoch's key is sealed under, with what is sealed.
    pub fn under_newer(&self, section: &Section, older: &EpochId) -> impl Iterator<Item = (&EpochId, &[u8])> {
        let held = self.sections.get(section);
        let ids = held.and_then(|held| held.older.get(older));
        ids.into_iter().flatten().filter_map(move |id| match held?.records.get(id)? {
            Record::Older { epoch, sealed, .. } => Some((epoch, sealed.as_slice())),
            _ => None,
        })
    }

    /// The document secrets sealed under an epoch, each with the record's name.
    pub fn secrets_under(
        &self,
        section: &Section,
        epoch: &EpochId,
    ) -> impl Iterator<Item = (RecordId, &SecretId, &[u8])> {
        let held = self.sections.get(section);
        let ids = held.and_then(|held| held.secrets.get(epoch));
        ids.into_iter().flatten().filter_map(move |record| match held?.records.get(record)? {
            Record::Secret { id, sealed, .. } => Some((*record, id, sealed.as_slice())),
            _ => None,
        })
    }

    /// The records of cases under a cover epoch.
    pub fn cases_under(
        &self,
        section: &Section,
        epoch: &EpochId,
    ) -> impl Iterator<Item = (RecordId, &SecretId, &[u8])> {
        let held = self.sections.get(section);
        let ids = held.and_then(|held| held.cases.get(epoch));
        ids.into_iter().flatten().filter_map(move |record| match held?.records.get(record)? {
            Record::Case { id, sealed, .. } => Some((*record, id, sealed.as_slice())),
            _ => None,
        })
    }

    /// Whether a case's secret is wrapped to anybody.
    pub fn has_case(&self, section: &Section, id: &SecretId) -> bool {
        self.sections.get(section).is_some_and(|held| held.case_secrets.contains_key(id))
    }

    /// The epochs of a section that anything is wrapped or sealed for.
    pub fn epochs(&self, section: &Section) -> BTreeSet<EpochId> {
        let held = self.sections.get(section).into_iter();
        held.flat_map(|held| {
            held.wraps.keys().chain(held.secrets.keys()).chain(held.cases.keys()).chain(held.older.keys())
        })
        .copied()
        .collect()
    }

    /// Whether anything is wrapped or sealed for an epoch of a section.
    pub fn has_epoch(&self, section: &Section, epoch: &EpochId) -> bool {
        let held = self.sections.get(section);
        held.is_some_and(|held| held.wraps.contains_key(epoch) || held.secrets.contains_key(epoch))
    }

    /// How many are held.
    pub fn len(&self) -> usize {
        self.sections.values().map(|held| held.records.len()).sum()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }

    /// The sections anything is held of.
    pub fn sections(&self) -> impl Iterator<Item = &Section> {
        self.sections.keys()
    }

    /// Those of one section, for its key file.
    pub fn encode(&self, section: &Section) -> Vec<u8> {
        let held: Vec<&Record> = self.section(section).map(|(_, record)| record).collect();
        codec::encode(&held)
    }

    /// Adds what [`Records::encode`] wrote of a section.
    ///
    /// # Errors
    /// When the bytes are not that: then some may have been added.
    pub fn decode(&mut self, section: Section, bytes: &[u8]) -> Result<(), codec::Malformed> {
        let held: Vec<Record> = codec::decode(bytes)?;
        for record in held {
            self.insert(section, record, usize::MAX);
        }
        Ok(())
    }
}
