//! What this device remembers of its backups, sealed for itself: where and when, the archives' keys, and how it went.

use muster_core::backup::BackupKey;
use muster_core::codec;
use muster_core::replica::Replica;
use muster_core::replica::records::RecordsError;
use muster_core::replica::store::{Store, StoreError};
use muster_school::calendar::Day;
use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The name of the small file.
const FILE: &str = "backups";

/// What it begins with. The first form had nothing here, and lacked the last three of [`Backups`]; the second lacked the
/// last two.
const FORM: &[u8; 5] = b"KEPT\x03";
const SECOND: &[u8; 5] = b"KEPT\x02";

/// Archives whose keys are remembered: two folders' worth of a year's, and a few.
const KEYS: usize = 32;

/// A key, and when its archive was begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// The key.
    pub key: BackupKey,
    /// In milliseconds since 1970 UTC.
    pub begun_ms: i64,
    /// In which folder, as it was given.
    pub folder: String,
}

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Entries in it.
    pub entries: u64,
    /// Bytes that this run wrote.
    pub bytes: u64,
    /// In which folder.
    pub folder: String,
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Backups {
    /// Where backups go at the set time; empty for nowhere.
    pub folder: String,
    /// At which minute of the day; `None` for only by hand.
    pub minute: Option<u16>,
    /// The archives' keys, the oldest first.
    pub keys: Vec<Known>,
    /// The newest that was made.
    pub made: Option<Made>,
    /// What went wrong at the newest try, and when; `None` after one that went well.
    pub failed: Option<(i64, String)>,
    /// On which day it was last begun by itself.
    pub tried: Option<Day>,
    /// When a drill last proved one.
    pub proven_ms: Option<i64>,
    /// When the backup that it proved had been made.
    pub proven_taken_ms: Option<i64>,
    /// When a drill last failed, and why.
    pub drill_failed: Option<(i64, String)>,
    /// When a drill was last begun by itself.
    pub drill_tried_ms: Option<i64>,
    /// Entries that the newest backup left out, because they were damaged on this device.
    pub left_out: u64,
    /// Into which folder the newest try went, where it went wrong.
    pub failed_in: String,
    /// What the last failed drill found is only that the backup lacks something: its archive is whole, and gone on with.
    pub drill_found_whole: bool,
}

impl Backups {
    /// Reads it. One that is damaged, or of another device, is as none, and new archives are begun.
    ///
    /// # Errors
    /// When it is there and could not be read: it may be whole, and must not be replaced.
    pub fn load<S: Store>(replica: &Replica<S>) -> Result<Self, StoreError> {
        if replica.file(FILE)?.is_none() {
            return Ok(Self::default());
        }
        let bytes = replica.sealed_file(FILE)?.map(zeroize::Zeroizing::new);
        // What an earlier form lacked is as nothing there: each is a zero byte.
        let with = |bytes: &[u8], lacked: &[u8]| codec::decode(&zeroize::Zeroizing::new([bytes, lacked].concat())).ok();
        let read = bytes.and_then(|bytes| match (bytes.strip_prefix(FORM), bytes.strip_prefix(SECOND)) {
            (Some(bytes), _) => codec::decode(bytes).ok(),
            (None, Some(bytes)) => with(bytes, &[0; 2]),
            (None, None) => with(&bytes, &[0; 3]),
        });
        if read.is_none() {
            tracing::warn!("what this device remembered of its backups is damaged: it begins anew");
        }
        Ok(read.unwrap_or_default())
    }

    /// Keeps it.
    ///
    /// # Errors
    /// When the file cannot be replaced.
    pub fn keep<S: Store>(&self, replica: &mut Replica<S>, random: &mut dyn CryptoRng) -> Result<(), RecordsError> {
        let bytes = zeroize::Zeroizing::new([FORM.as_slice(), &zeroize::Zeroizing::new(codec::encode(self))].concat());
        replica.put_sealed_file(FILE, &bytes, random)
    }

    /// Remembers a key. Where there are too many, the first makes room that no run was ever finished with: a stick that
    /// is read-only brings one a try. Else the oldest.
    pub fn remember(&mut self, known: Known) {
        let finished = self.made.as_ref().map_or(i64::MIN, |made| made.at_ms);
        while self.keys.len() >= KEYS {
            let at = self.keys.iter().position(|known| known.begun_ms > finished).unwrap_or(0);
            self.keys.remove(at);
        }
        self.keys.push(known);
    }

    /// The folder whose newest backup is drilled, where none is named: that of the set time, else where the last went.
    pub fn drill_folder(&self) -> Option<PathBuf> {
        self.set_folder().or_else(|| self.made.as_ref().map(|made| PathBuf::from(&made.folder)))
    }

    /// Remembers how a try went. What failed in the set folder is not mended by what went well by hand elsewhere.
    pub fn tried_into(&mut self, folder: &str, failed: Option<(i64, String)>) {
        let of_set = self.failed.is_some() && !self.folder.is_empty() && self.failed_in == self.folder;
        if of_set && folder != self.folder {
            return;
        }
        self.failed_in = if failed.is_some() { folder.to_owned() } else { String::new() };
        self.failed = failed;
    }

    /// The folder of the set time.
    pub fn set_folder(&self) -> Option<PathBuf> {
        (!self.folder.is_empty()).then(|| PathBuf::from(&self.folder))
    }
}
