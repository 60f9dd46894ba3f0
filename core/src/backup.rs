//! Backups: what a device holds, sealed, in numbered files that nobody else can read, and back again.
//!
//! An archive lies on a [`Shelf`]: a folder or a stick, which sees names like `part-0000000001` and sealed bytes. It
//! begins with a [`form::Head`], then come parts of at most [`crate::limits::BACKUP_PART_BYTES`], and each finished
//! [`write::Run`] ends with a signed [`form::Manifest`] that names its parts and the heads of every log. A later run
//! adds the entries beyond the heads of the one before it; a run that was cut short is gone on with, because each
//! part says how far it reaches.
//!
//! The key of an archive is random, sealed beside the device's own keys for drills that need nobody, and wrapped to
//! the school's recovery key for two cards on a new machine. Documents are never in it: they are rebuilt from the log,
//! which is what shows that the log is enough. Whoever goes on from a restored copy must first begin a new incarnation
//! ([`crate::replica::Replica::new_incarnation`]).
//!
//! Start at [`write::Run::begin`] and [`read::Archive::open`]. Not here: folders, schedules, and when old archives go.

pub mod form;
pub mod read;
pub mod shelf;
pub mod write;

pub use shelf::Shelf;

use crate::crypto::secret::Secret;
use crate::crypto::wrap::{Wrapped, wrap};
use crate::founding::Founding;
use crate::keys::recovery::{Card, CardsError, recovery_key};
use crate::replica::DeviceSecrets;
use crate::replica::records::RecordsError;
use crate::replica::store::StoreError;
use form::Head;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

/// Why a backup could not be made or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The folder or the stick, or the disk that is restored to.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The records.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// The cards.
    #[error(transparent)]
    Cards(#[from] CardsError),
    /// No archive, or not one that begins as one does.
    #[error("there is no backup here, or its first file is damaged: choose the folder that a backup was written to")]
    None,
    /// Written by a newer program.
    #[error("this backup is of format {0}, which this program does not know: use a newer Muster")]
    Newer(u8),
    /// The key is of another archive.
    #[error("this device has no key to this backup: two recovery cards of the school open it")]
    OtherKey,
    /// No run was ever finished.
    #[error("this backup was begun and never finished: there is nothing in it to restore")]
    Unfinished,
    /// A file of it is missing, cut short or changed.
    #[error("the backup is damaged: {0}. Use an earlier or another backup, and make a new one")]
    Damaged(String),
    /// What is held here is damaged, so that a backup would only look like one.
    #[error("{0} on this device is damaged: let it meet another device that holds it, then back up again")]
    Here(String),
}

/// What opens an archive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackupKey {
    /// Which archive.
    pub generation: [u8; 16],
    /// The key itself.
    pub key: Secret,
}

impl BackupKey {
    /// A new archive's key.
    pub fn random(random: &mut dyn CryptoRng) -> Self {
        let mut generation = [0; 16];
        random.fill_bytes(&mut generation);
        Self { generation, key: Secret::random(random) }
    }

    /// The first file of its archive: whose it is, and the key wrapped to the school's recovery key.
    ///
    /// # Errors
    /// When the school's recovery key is none that anything can be wrapped to.
    pub fn head(
        &self,
        founding: &Founding,
        device: &DeviceSecrets,
        random: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, BackupError> {
        let wrapped = wrap(&founding.recovery, &form::wrap_info(&self.generation), &self.key, random);
        let wrapped: Wrapped = wrapped.ok_or_else(|| BackupError::Here("the founding object".to_owned()))?;
        Ok(Head::make(founding, device, self, wrapped).encode())
    }

    /// The key of an archive, by two recovery cards.
    ///
    /// # Errors
    /// When they are not two of its school's.
    pub fn by_cards(head: &Head, left: &Card, right: &Card) -> Result<Self, BackupError> {
        let recovery = recovery_key(&head.founding, left, right)?;
        let key = recovery.open(&form::wrap_info(&head.generation), &head.wrapped);
        key.map(|key| Self { generation: head.generation, key }).ok_or(BackupError::OtherKey)
    }

    fn part_key(&self) -> Secret {
        self.key.derive("muster 1 backup part", &[&self.generation])
    }

    fn manifest_key(&self) -> Secret {
        self.key.derive("muster 1 backup manifest", &[&self.generation])
    }
}
