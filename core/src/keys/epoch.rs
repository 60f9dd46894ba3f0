//! Epochs: one key of a section, wrapped to those who may read.
//!
//! An epoch is named by all that its entry says and who says it, a commitment to the key among that: nobody can announce
//! another's epoch as something else, such as the key of the leads as the cover that all staff are given.
//! The entry is in clear: its name, what it supersedes, for whom it was minted. The wraps travel
//! beside the log as sealed records (see [`super::record`]), so that they can be forgotten.

use super::record::Record;
use crate::crypto::hash::hash;
use crate::crypto::secret::Secret;
use crate::crypto::wrap::{AgreeKey, PublicAgree, RecipientId, wrap};
use crate::id::{EntryHash, EpochId, FrontierId, Handle, LogId, SchoolId, SeatId, SecretId, Section};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

/// The key of an epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct EpochKey(Secret);

/// What commits to an epoch's key in its section: two keys cannot share one, so a ciphertext has one legal reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyCommitment(pub [u8; 32]);

/// What a key must fit to be taken for an epoch's.
#[derive(Clone, Copy, Debug)]
pub struct EpochName<'a> {
    /// The school.
    pub school: &'a SchoolId,
    /// The epoch's section.
    pub section: &'a Section,
    /// The epoch.
    pub epoch: EpochId,
    /// What its announcement commits to.
    pub key: KeyCommitment,
}

impl EpochName<'_> {
    fn is_of(&self, key: &EpochKey) -> bool {
        key.commitment(self.school, self.section) == self.key
    }
}

/// What an epoch is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EpochKind {
    /// Its section, for as long as it serves.
    Open,
    /// One day of writing, in days since 1970-01-01, where the area's keys are daily.
    Day(i32),
    /// The outer layer of cases.
    Cover,
    /// Those who read every case that leaves nobody out. The public half of the key pair that follows from the
    /// epoch's key (see [`EpochKey::leads`]): whoever opens a case wraps to it.
    Leads(PublicAgree),
    /// What one device seat that may write and not read posts on one day, in days since 1970-01-01, where the area's
    /// keys are daily: nobody else's entry is taken under it.
    Post(i32),
}

impl EpochKind {
    /// The day of writing that it is for, where keys are daily.
    pub fn day(&self) -> Option<i32> {
        match self {
            Self::Day(day) | Self::Post(day) => Some(*day),
            Self::Open | Self::Cover | Self::Leads(_) => None,
        }
    }
}

/// What an epoch is for, without the leads' key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// See [`EpochKind::Open`].
    Open,
    /// See [`EpochKind::Day`].
    Day(i32),
    /// See [`EpochKind::Cover`].
    Cover,
    /// See [`EpochKind::Leads`].
    Leads,
    /// See [`EpochKind::Post`].
    Post(i32),
}

/// The body of an epoch's entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpochStatement {
    /// Its name: see [`EpochStatement::named`].
    pub epoch: EpochId,
    /// Commits to its key.
    pub key: KeyCommitment,
    /// What for.
    pub kind: EpochKind,
    /// The epochs it takes the place of.
    pub supersedes: Vec<EpochId>,
    /// For whom it was minted, sorted. Recovery is always among them.
    pub recipients: Vec<RecipientId>,
}

impl EpochStatement {
    /// The same under the name that belongs to it where `by` says it in a section: a hash of all of that.
    #[must_use]
    pub fn named(self, school: &SchoolId, section: &Section, by: &SeatId) -> Self {
        let Self { key, kind, supersedes, recipients, .. } = &self;
        let said = crate::codec::encode(&(section, by, key, kind, supersedes, recipients));
        Self { epoch: EpochId(hash("muster 1 epoch id", &[&school.0, &said])), ..self }
    }

    /// Whether its name is the one that belongs to it.
    pub fn is_named(&self, school: &SchoolId, section: &Section, by: &SeatId) -> bool {
        self.clone().named(school, section, by).epoch == self.epoch
    }
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
    /// Which authority heads the entry names: its recipients are the readers that these give.
    pub authority: FrontierId,
    /// What the entry says.
    pub statement: EpochStatement,
}

impl EpochInfo {
    /// What a key must fit to be taken for this one's.
    pub fn name<'a>(&'a self, school: &'a SchoolId) -> EpochName<'a> {
        EpochName { school, section: &self.section, epoch: self.statement.epoch, key: self.statement.key }
    }

    /// What it is for.
    pub fn purpose(&self) -> Purpose {
        match self.statement.kind {
            EpochKind::Open => Purpose::Open,
            EpochKind::Day(day) => Purpose::Day(day),
            EpochKind::Cover => Purpose::Cover,
            EpochKind::Leads(_) => Purpose::Leads,
            EpochKind::Post(day) => Purpose::Post(day),
        }
    }
}

impl EpochKey {
    /// A new one, from randomness handed in.
    pub fn random(random: &mut dyn CryptoRng) -> Self {
        Self(Secret::random(random))
    }

    /// What commits to this key.
    pub fn commitment(&self, school: &SchoolId, section: &Section) -> KeyCommitment {
        let parts = [self.0.expose().as_slice(), &school.0, &crate::codec::encode(section)];
        KeyCommitment(hash("muster 1 epoch key", &parts))
    }

    /// The key of the outer layer of one entry.
    pub fn outer(&self, log: &LogId, sequence: u64) -> Secret {
        self.0.derive("muster 1 outer", &[&log.0, &sequence.to_le_bytes()])
    }

    /// The key that seals document secrets.
    pub fn secrets(&self) -> Secret {
        self.0.derive("muster 1 document secrets", &[])
    }

    /// The key that seals the records of cases, where this is a cover.
    pub fn cases(&self) -> Secret {
        self.0.derive("muster 1 cases", &[])
    }

    /// The leads' key pair, where this is theirs.
    pub fn leads(&self) -> AgreeKey {
        AgreeKey::from_seed(self.0.derive("muster 1 leads", &[]))
    }

    /// Wraps this key to somebody.
    pub fn wrap_to(&self, to: &PublicAgree, epoch: EpochId, random: &mut dyn CryptoRng) -> Option<Record> {
        let recipient = to.recipient();
        let wrapped = wrap(to, &wrap_info(&epoch, &recipient), &self.0, random)?;
        let proof = self.wrap_proof(&recipient, &wrapped);
        Some(Record::Wrap { epoch, recipient, wrapped, proof })
    }

    /// Seals the key of an epoch that this one takes the place of.
    pub fn seal_older(
        &self,
        epoch: &EpochId,
        older: &EpochId,
        key: &Self,
        random: &mut dyn CryptoRng,
    ) -> Option<Record> {
        let associated = [epoch.0, older.0].concat();
        let sealed = crate::crypto::aead::seal_framed(&self.older(), &associated, key.0.expose(), random)?;
        Some(Record::Older { epoch: *epoch, older: *older, sealed })
    }

    /// Opens one that was sealed under the epoch of this key, and checks that it is the key that the older commits to.
    pub fn open_older(&self, epoch: &EpochId, older: &EpochName<'_>, sealed: &[u8]) -> Option<Self> {
        let associated = [epoch.0, older.epoch.0].concat();
        let text = crate::crypto::aead::open_framed(&self.older(), &associated, sealed).map(zeroize::Zeroizing::new)?;
        Some(Self(Secret::new(text.as_slice().try_into().ok()?))).filter(|key| older.is_of(key))
    }

    fn older(&self) -> Secret {
        self.0.derive("muster 1 older epochs", &[])
    }

    /// What only a holder of this key can put beside a wrap of it, so that other holders, who cannot open the wrap,
    /// can tell it from a false one.
    pub fn wrap_proof(&self, recipient: &RecipientId, wrapped: &crate::crypto::wrap::Wrapped) -> [u8; 16] {
        let parts = [self.0.expose().as_slice(), &recipient.0, &wrapped.encapped, &wrapped.sealed];
        crate::crypto::hash::hash16("muster 1 wrap proof", &parts)
    }

    /// Opens a wrap, and checks that it is the key that the epoch commits to.
    pub fn open(
        key: &AgreeKey,
        epoch: &EpochName<'_>,
        recipient: &RecipientId,
        wrapped: &crate::crypto::wrap::Wrapped,
    ) -> Option<Self> {
        Some(Self(key.open(&wrap_info(&epoch.epoch, recipient), wrapped)?)).filter(|key| epoch.is_of(key))
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

    /// A secret that is there already, as one of a document.
    pub(crate) fn of(handle: Handle, secret: Secret) -> Self {
        Self { handle, secret }
    }

    /// One that was wrapped to somebody; `None` when it is not the one this name commits to.
    pub fn of_name(id: &SecretId, handle: Handle, secret: Secret) -> Option<Self> {
        let named = Self { handle, secret };
        (named.id() == *id).then_some(named)
    }

    /// The bare secret, for wrapping it to somebody, or for the one entry that it was saved for.
    pub(crate) fn bare(&self) -> &Secret {
        &self.secret
    }

    /// The key of the row that a document of a case area is kept in.
    pub fn row(&self) -> Secret {
        self.secret.derive("muster 1 case row", &[])
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
        Self::of_name(id, handle, secret)
    }
}

fn secret_associated(id: &SecretId, epoch: &EpochId) -> Vec<u8> {
    [id.0.as_slice(), epoch.0.as_slice()].concat()
}
