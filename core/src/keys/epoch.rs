//! Epochs: one key of a section, named by a commitment to the key, wrapped to those who may read.
//!
//! The entry of an epoch is in clear: its name, what it supersedes, for whom it was minted. The wraps travel
//! beside the log as sealed records (see [`super::record`]), so that they can be forgotten.

use super::record::Record;
use crate::crypto::hash::hash;
use crate::crypto::secret::Secret;
use crate::crypto::wrap::{AgreeKey, PublicAgree, RecipientId, wrap};
use crate::id::{EntryHash, EpochId, Handle, LogId, SchoolId, SeatId, SecretId, Section};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

/// The key of an epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct EpochKey(Secret);

/// The body of an epoch's entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpochStatement {
    /// Its name.
    pub epoch: EpochId,
    /// The day of writing it is for, in days since 1970-01-01, where the area's keys are daily.
    pub day: Option<i32>,
    /// The epochs it takes the place of.
    pub supersedes: Vec<EpochId>,
    /// For whom it was minted, sorted. Recovery is always among them.
    pub recipients: Vec<RecipientId>,
}

/// What a replica remembers of an epoch's entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpochInfo {
    /// Of which section.
    pub section: Section,
    /// Who minted it.
    pub by: SeatId,
    /// In which entry.
    pub entry: EntryHash,
    /// What the entry says.
    pub statement: EpochStatement,
}

impl EpochKey {
    /// A new one, from randomness handed in.
    pub fn random(random: &mut dyn CryptoRng) -> Self {
        Self(Secret::random(random))
    }

    /// The name that commits to this key: two keys cannot share one, so a ciphertext has one legal reading.
    pub fn id(&self, school: &SchoolId, section: &Section) -> EpochId {
        EpochId(hash("muster 1 epoch id", &[self.0.expose(), &school.0, &crate::codec::encode(section)]))
    }

    /// The key of the outer layer of one entry.
    pub fn outer(&self, log: &LogId, sequence: u64) -> Secret {
        self.0.derive("muster 1 outer", &[&log.0, &sequence.to_le_bytes()])
    }

    /// The key that seals document secrets.
    pub fn secrets(&self) -> Secret {
        self.0.derive("muster 1 document secrets", &[])
    }

    /// Wraps this key to somebody.
    pub fn wrap_to(&self, to: &PublicAgree, epoch: EpochId, random: &mut dyn CryptoRng) -> Option<Record> {
        let recipient = to.recipient();
        let wrapped = wrap(to, &wrap_info(&epoch, &recipient), &self.0, random)?;
        let proof = self.wrap_proof(&recipient, &wrapped);
        Some(Record::Wrap { epoch, recipient, wrapped, proof })
    }

    /// What only a holder of this key can put beside a wrap of it, so that other holders, who cannot open the wrap,
    /// can tell it from a false one.
    pub fn wrap_proof(&self, recipient: &RecipientId, wrapped: &crate::crypto::wrap::Wrapped) -> [u8; 16] {
        let parts = [self.0.expose().as_slice(), &recipient.0, &wrapped.encapped, &wrapped.sealed];
        crate::crypto::hash::hash16("muster 1 wrap proof", &parts)
    }

    /// Opens a wrap, and checks that the key is the one the epoch is named after.
    pub fn open(
        key: &AgreeKey,
        school: &SchoolId,
        section: &Section,
        epoch: &EpochId,
        recipient: &RecipientId,
        wrapped: &crate::crypto::wrap::Wrapped,
    ) -> Option<Self> {
        let opened = Self(key.open(&wrap_info(epoch, recipient), wrapped)?);
        (opened.id(school, section) == *epoch).then_some(opened)
    }
}

fn wrap_info(epoch: &EpochId, recipient: &RecipientId) -> Vec<u8> {
    let mut info = b"muster 1 epoch wrap".to_vec();
    info.extend_from_slice(&epoch.0);
    info.extend_from_slice(&recipient.0);
    info
}

/// The secret of one document. A document has a *set* of them: each device that creates it apart brings one.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentSecret {
    /// The document.
    pub handle: Handle,
    secret: Secret,
}

#[derive(Serialize, Deserialize)]
struct SealedSecret {
    handle: Handle,
    secret: Secret,
}

impl DocumentSecret {
    /// A new one, from randomness handed in.
    pub fn random(handle: Handle, random: &mut dyn CryptoRng) -> Self {
        Self { handle, secret: Secret::random(random) }
    }

    /// The name that commits to it.
    pub fn id(&self) -> SecretId {
        SecretId(crate::crypto::hash::hash16("muster 1 secret id", &[self.secret.expose(), &self.handle.0]))
    }

    /// The key of the inner layer of the body with this outer nonce.
    pub fn inner(&self, outer_nonce: &[u8]) -> Secret {
        self.secret.derive("muster 1 inner", &[outer_nonce])
    }

    /// Seals it under an epoch.
    pub fn seal(&self, epoch: EpochId, key: &EpochKey, random: &mut dyn CryptoRng) -> Option<Record> {
        let text = zeroize::Zeroizing::new(crate::codec::encode(&SealedSecret {
            handle: self.handle,
            secret: self.secret.clone(),
        }));
        let id = self.id();
        let sealed = crate::crypto::aead::seal_framed(&key.secrets(), &secret_associated(&id, &epoch), &text, random)?;
        Some(Record::Secret { id, epoch, sealed })
    }

    /// Opens a sealed one, and checks that it is the secret its name commits to.
    pub fn open(id: &SecretId, epoch: &EpochId, key: &EpochKey, sealed: &[u8]) -> Option<Self> {
        let text = zeroize::Zeroizing::new(crate::crypto::aead::open_framed(
            &key.secrets(),
            &secret_associated(id, epoch),
            sealed,
        )?);
        let SealedSecret { handle, secret } = crate::codec::decode(&text).ok()?;
        let opened = Self { handle, secret };
        (opened.id() == *id).then_some(opened)
    }
}

fn secret_associated(id: &SecretId, epoch: &EpochId) -> Vec<u8> {
    [id.0.as_slice(), epoch.0.as_slice()].concat()
}
