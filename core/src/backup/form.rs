//! The bytes of an archive: its head, its parts, its manifests. `storage/FORMAT.md` describes them.

use super::{BackupError, BackupKey};
use crate::codec;
use crate::crypto::aead::{open_framed, seal_framed};
use crate::crypto::hash::{hash, plain};
use crate::crypto::sign::{PublicSign, SignKey, Signature};
use crate::crypto::wrap::Wrapped;
use crate::founding::Founding;
use crate::id::{DeviceId, EntryHash, LogId, SchoolId};
use crate::limits;
use crate::log::frontier::Head as LogHead;
use crate::replica::DeviceSecrets;
use crate::replica::store::Table;
use crate::time::Moment;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

/// What the first file begins with.
const MAGIC: &[u8; 8] = b"MUSTERBK";
/// Of everything here.
const VERSION: u8 = 1;
/// The name of the first file.
pub const HEAD: &str = "head";
const HEAD_CONTEXT: &str = "backup head 1";
const MANIFEST_CONTEXT: &str = "backup manifest 1";

/// What the archive's key is wrapped with.
pub(super) fn wrap_info(generation: &[u8; 16]) -> Vec<u8> {
    [b"muster 1 backup key".as_slice(), generation].concat()
}

/// The name of a part's file.
pub fn part_name(number: u32) -> String {
    format!("part-{number:010}")
}

/// The name of a manifest's file.
pub fn manifest_name(run: u32) -> String {
    format!("manifest-{run:010}")
}

/// The number in a file's name.
pub(super) fn numbered(name: &str, prefix: &str) -> Option<u32> {
    name.strip_prefix(prefix)?.parse().ok()
}

/// The first file: whose archive it is. In clear, and nobody is named in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Of which school.
    pub founding: Founding,
    /// Of which device.
    pub device: DeviceId,
    /// Which archive of it.
    pub generation: [u8; 16],
    /// What its key hashes to, so that a device finds the right one.
    pub check: [u8; 32],
    /// Its key, for two recovery cards.
    pub wrapped: Wrapped,
    signature: Signature,
}

impl Head {
    pub(super) fn make(founding: &Founding, device: &DeviceSecrets, key: &BackupKey, wrapped: Wrapped) -> Self {
        let check = check_of(key);
        let generation = key.generation;
        let mut head = Self {
            founding: founding.clone(),
            device: device.id(),
            generation,
            check,
            wrapped,
            signature: Signature([0; 64]),
        };
        head.signature = device.sign.sign(HEAD_CONTEXT, &head.signed());
        head
    }

    fn signed(&self) -> Vec<u8> {
        codec::encode(&(&self.founding, &self.device, &self.generation, &self.check, &self.wrapped))
    }

    /// Which school's.
    pub fn school(&self) -> SchoolId {
        self.founding.school()
    }

    /// Whether a key opens this archive.
    pub fn is_opened_by(&self, key: &BackupKey) -> bool {
        key.generation == self.generation && crate::crypto::secret::same(&check_of(key), &self.check)
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.push(VERSION);
        bytes.extend(codec::encode(self));
        bytes
    }

    /// From the first file.
    ///
    /// # Errors
    /// When it is none, of a newer format, or not signed by the device it names.
    pub fn decode(bytes: &[u8]) -> Result<Self, BackupError> {
        let rest = bytes.strip_prefix(MAGIC.as_slice()).ok_or(BackupError::None)?;
        let (version, rest) = rest.split_first().ok_or(BackupError::None)?;
        if *version != VERSION {
            return Err(BackupError::Newer(*version));
        }
        let head: Self = codec::decode(rest).map_err(|_| BackupError::None)?;
        let founding = Founding::decode(&codec::encode(&head.founding)).is_ok();
        let signed = PublicSign(head.device.0).verify(HEAD_CONTEXT, &head.signed(), &head.signature);
        if founding && signed { Ok(head) } else { Err(BackupError::None) }
    }
}

fn check_of(key: &BackupKey) -> [u8; 32] {
    hash("muster 1 backup key check", &[&key.generation, key.key.expose()])
}

/// Entries of one log, in the order of their rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stretch {
    pub(super) log: LogId,
    /// Place, name, and the row as the store has it.
    pub(super) rows: Vec<(u64, EntryHash, Vec<u8>)>,
    /// How far the log is in the archive after this: nothing where a log that forked is not all there yet.
    pub(super) covers: Vec<LogHead>,
}

/// Something beside the entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Item {
    /// A row: the number of its table, key, value.
    Row(u8, Vec<u8>, Vec<u8>),
    /// A piece of a small file; those of one name follow each other.
    File(String, Vec<u8>),
}

/// What a part holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Content {
    Entries(Vec<Stretch>),
    /// All that is beside the entries, as it was in this run: it takes the place of that of the run before.
    Beside(Vec<Item>),
}

#[derive(Serialize, Deserialize)]
struct Part {
    run: u32,
    content: Content,
}

impl Content {
    pub(super) fn seal(
        self,
        key: &BackupKey,
        run: u32,
        number: u32,
        random: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, BackupError> {
        let text = zeroize::Zeroizing::new(codec::encode(&Part { run, content: self }));
        let sealed = seal_framed(&key.part_key(), &number.to_le_bytes(), &text, random);
        sealed.ok_or_else(|| BackupError::Here("memory".to_owned()))
    }

    /// What a part holds, and of which run it is.
    pub(super) fn open(key: &BackupKey, number: u32, bytes: &[u8]) -> Option<(u32, Self)> {
        let text = open_framed(&key.part_key(), &number.to_le_bytes(), bytes).map(zeroize::Zeroizing::new)?;
        let Part { run, content } = codec::decode(&text).ok()?;
        Some((run, content))
    }
}

/// A part, as its run's manifest names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartName {
    /// In the file's name.
    pub number: u32,
    /// Bytes of the file.
    pub bytes: u64,
    /// BLAKE3 of the file.
    pub hash: [u8; 32],
    /// Whether it holds what is beside the entries, which the next run brings anew.
    pub beside: bool,
}

impl PartName {
    pub(super) fn of(number: u32, bytes: &[u8], beside: bool) -> Self {
        Self { number, bytes: bytes.len() as u64, hash: plain(bytes), beside }
    }

    pub(super) fn is(&self, bytes: &[u8]) -> bool {
        bytes.len() as u64 == self.bytes && plain(bytes) == self.hash
    }
}

/// What ends a run: all that is in the archive then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Which run, from 1.
    pub run: u32,
    /// BLAKE3 of the manifest's file before it; zeros for the first.
    pub before: [u8; 32],
    /// When it was finished.
    pub at: Moment,
    /// The parts of this run.
    pub parts: Vec<PartName>,
    /// The heads of every log.
    pub logs: Vec<(LogId, Vec<LogHead>)>,
    /// Small files.
    pub files: u32,
    /// Entries under those heads that are not in it, because they were damaged on the device. They stand after the rest,
    /// where there are any.
    #[serde(skip)]
    pub left_out: Vec<Damaged>,
}

/// An entry that is damaged on the device: of which log, its place and its name.
pub type Damaged = (LogId, u64, EntryHash);

impl Manifest {
    fn encode(&self) -> Vec<u8> {
        let mut bytes = codec::encode(self);
        if !self.left_out.is_empty() {
            bytes.extend(codec::encode(&self.left_out));
        }
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (mut manifest, rest) = postcard::take_from_bytes::<Self>(bytes).ok()?;
        if !rest.is_empty() {
            manifest.left_out = codec::decode(rest).ok()?;
        }
        (manifest.encode() == bytes).then_some(manifest)
    }

    /// Entries in the archive, those of all branches of a fork counted.
    pub fn entries(&self) -> u64 {
        let all: u64 = self.logs.iter().flat_map(|(_, heads)| heads).map(|head| head.length).sum();
        all.saturating_sub(self.left_out.len() as u64)
    }

    pub(super) fn seal(
        &self,
        key: &BackupKey,
        sign: &SignKey,
        random: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, BackupError> {
        let bytes = self.encode();
        let signature = sign.sign(MANIFEST_CONTEXT, &[key.generation.as_slice(), &bytes].concat());
        let text = codec::encode(&(bytes, signature));
        let sealed = seal_framed(&key.manifest_key(), &self.run.to_le_bytes(), &text, random);
        sealed.ok_or_else(|| BackupError::Here("memory".to_owned()))
    }

    /// The manifest of a run, if it is of this archive and its device signed it.
    pub(super) fn open(key: &BackupKey, device: &DeviceId, run: u32, bytes: &[u8]) -> Option<Self> {
        let text = open_framed(&key.manifest_key(), &run.to_le_bytes(), bytes)?;
        let (bytes, signature): (Vec<u8>, Signature) = codec::decode(&text).ok()?;
        let signed = [key.generation.as_slice(), &bytes].concat();
        if !PublicSign(device.0).verify(MANIFEST_CONTEXT, &signed, &signature) {
            return None;
        }
        Self::decode(&bytes).filter(|manifest| manifest.run == run)
    }
}

/// The tables whose rows are kept beside the entries. Documents and all that is worked out from them are not.
pub(super) const BESIDE: [Table; 4] = [Table::Frontiers, Table::Epochs, Table::Acknowledged, Table::Allowances];

/// A piece of a small file that fits a part with room to spare.
pub(super) const PIECE: usize = limits::BACKUP_PART_BYTES / 2;
