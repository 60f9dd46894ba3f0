//! Where the files of an archive lie: a folder, a stick, or memory in tests.

use crate::replica::store::StoreError;
use std::collections::BTreeMap;

/// The files of one archive. Names are lower-case letters, digits and hyphens.
pub trait Shelf {
    /// The names of all files, in order; of a file that is being written, none.
    ///
    /// # Errors
    /// When they cannot be listed.
    fn names(&self) -> Result<Vec<String>, StoreError>;

    /// A file, whole; `None` when there is none.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Puts a file, whole or not at all. Durable when this returns.
    ///
    /// # Errors
    /// When it could not: what was there before still is.
    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError>;

    /// Removes a file; one that is not there is no error.
    ///
    /// # Errors
    /// When it is still there.
    fn remove(&mut self, name: &str) -> Result<(), StoreError>;
}

/// A shelf in memory, for tests and simulation.
#[derive(Clone, Debug, Default)]
pub struct MemoryShelf(pub BTreeMap<String, Vec<u8>>);

impl Shelf for MemoryShelf {
    fn names(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.0.keys().cloned().collect())
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.0.get(name).cloned())
    }

    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.0.insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn remove(&mut self, name: &str) -> Result<(), StoreError> {
        self.0.remove(name);
        Ok(())
    }
}
