//! What a replica needs of a disk.
//!
//! An ordered map of bytes in a few tables, changed only by whole batches that are atomic and durable when
//! [`Store::commit`] returns, and a few small files that are replaced whole. Everything handed in is already
//! encrypted, or needs no secrecy: a store never sees a key or a record in clear, and never interprets a byte.

mod peek;
mod untouched;

pub use peek::Peek;
pub use untouched::Untouched;

use std::collections::BTreeMap;

/// A table of a store. Its number is its place in [`Table::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Table {
    /// School id, founding object, format version: one row each.
    Meta = 0,
    /// log id, sequence (big endian), entry hash -> header and body.
    Entries = 1,
    /// log id -> descriptor, heads, seals.
    Logs = 2,
    /// frontier id -> the list of authority heads it names.
    Frontiers = 3,
    /// section, handle -> the document's saved state, encrypted.
    Documents = 4,
    /// section, log id -> how far that log is in the documents.
    Watermarks = 5,
    /// section, log id, sequence, entry hash -> why an entry is not in the documents yet.
    Waiting = 6,
    /// device id, log id -> how much of the log that device said it holds durably.
    Acknowledged = 7,
    /// epoch id -> what its entry says of it.
    Epochs = 8,
    /// device id, area (big endian) -> how much of what that device writes may still be taken.
    Allowances = 9,
    /// section, handle -> what was worked out from the document there, encrypted.
    Kept = 10,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 11] = [
        Self::Meta,
        Self::Entries,
        Self::Logs,
        Self::Frontiers,
        Self::Documents,
        Self::Watermarks,
        Self::Waiting,
        Self::Acknowledged,
        Self::Epochs,
        Self::Allowances,
        Self::Kept,
    ];
}

/// Changes that become durable together or not at all, in the order they were added.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Table, key, and the value to put or `None` to delete.
    pub changes: Vec<(Table, Vec<u8>, Option<Vec<u8>>)>,
}

impl Batch {
    /// Puts a value.
    pub fn put(&mut self, table: Table, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) {
        self.changes.push((table, key.into(), Some(value.into())));
    }

    /// Deletes a key; a key that is not there is no error.
    pub fn delete(&mut self, table: Table, key: impl Into<Vec<u8>>) {
        self.changes.push((table, key.into(), None));
    }

    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// Why a store could not do what it was asked. Nothing was changed, unless the text says otherwise.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process has it open.
    #[error("the records in {place} are open in another Muster: close that one first")]
    InUse {
        /// The folder.
        place: String,
    },
    /// The disk is full. What was durable still is.
    #[error("the disk is full: free some space, nothing recorded so far is lost")]
    Full,
    /// The file is damaged.
    #[error(
        "the records in {place} are damaged ({detail}): keep the folder as it is, and restore a copy or enrol this device again; other devices still hold what they received"
    )]
    Damaged {
        /// The folder.
        place: String,
        /// What was found.
        detail: String,
    },
    /// A newer program wrote it.
    #[error("the records in {place} are of format {found}; this program knows up to {known}: use a newer Muster")]
    Newer {
        /// The folder.
        place: String,
        /// The version found.
        found: u32,
        /// The newest version known here.
        known: u32,
    },
    /// Any other failure of the operating system.
    #[error("cannot {doing} in {place}: {detail}")]
    Failed {
        /// What was being done.
        doing: &'static str,
        /// The folder.
        place: String,
        /// The system's words.
        detail: String,
    },
}

/// One key and its value.
pub type Row = (Vec<u8>, Vec<u8>);

/// A disk, as a replica needs it. See the module.
pub trait Store {
    /// The value at a key.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// Up to `most` rows with `from <= key < to`, ascending. `to` of `None` is no upper bound.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn range(&self, table: Table, from: &[u8], to: Option<&[u8]>, most: usize) -> Result<Vec<Row>, StoreError>;

    /// Makes a batch durable, all or nothing.
    ///
    /// # Errors
    /// When it did not: nothing of the batch is in the store then.
    fn commit(&mut self, batch: Batch) -> Result<(), StoreError>;

    /// Tries to read again where nothing could be read since a commit failed. Where that goes by itself, nothing happens.
    fn recover(&mut self) {}

    /// A small file, whole; `None` when there is none. Names are lower-case letters, digits and hyphens.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Replaces a small file whole: after a crash there is the old or the new, and no freed block of the
    /// file system is promised to keep the old. Durable when this returns.
    ///
    /// # Errors
    /// When it could not be replaced: the old one is still there.
    fn put_file(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError>;

    /// Removes a small file; one that is not there is no error.
    ///
    /// # Errors
    /// When it is still there.
    fn remove_file(&mut self, name: &str) -> Result<(), StoreError>;
}

/// A store in memory, for tests and simulation.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    tables: BTreeMap<(Table, Vec<u8>), Vec<u8>>,
    files: BTreeMap<String, Vec<u8>>,
}

impl MemoryStore {
    /// The names of the small files.
    pub fn file_names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Every value and file held, for tests that search them for what must not be there.
    pub fn all_bytes(&self) -> impl Iterator<Item = &[u8]> {
        self.tables.values().map(Vec::as_slice).chain(self.files.values().map(Vec::as_slice))
    }
}

impl Store for MemoryStore {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.tables.get(&(table, key.to_vec())).cloned())
    }

    fn range(&self, table: Table, from: &[u8], to: Option<&[u8]>, most: usize) -> Result<Vec<Row>, StoreError> {
        let rows = self.tables.range((table, from.to_vec())..);
        Ok(rows
            .take_while(|((in_table, key), _)| *in_table == table && to.is_none_or(|to| key.as_slice() < to))
            .take(most)
            .map(|((_, key), value)| (key.clone(), value.clone()))
            .collect())
    }

    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        for (table, key, value) in batch.changes {
            match value {
                Some(value) => self.tables.insert((table, key), value),
                None => self.tables.remove(&(table, key)),
            };
        }
        Ok(())
    }

    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.files.get(name).cloned())
    }

    fn put_file(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.files.insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn remove_file(&mut self, name: &str) -> Result<(), StoreError> {
        self.files.remove(name);
        Ok(())
    }
}
