//! A disk in memory that can be told to be full.

use muster_core::replica::store::{Batch, MemoryStore, Row, Store, StoreError, Table};
use std::cell::Cell;
use std::rc::Rc;

/// How many more writes succeed; `None` for any number. Shared between a disk and whoever plays with it.
pub type WritesLeft = Rc<Cell<Option<u32>>>;

/// See the module. What was written is durable at once; a write that fails changes nothing.
#[derive(Debug, Default)]
pub struct Disk {
    memory: MemoryStore,
    left: WritesLeft,
}

impl Disk {
    /// An empty disk, and the handle that makes it full.
    pub fn new() -> (Self, WritesLeft) {
        let disk = Self::default();
        let left = Rc::clone(&disk.left);
        (disk, left)
    }

    /// A disk on which this is.
    pub fn of(memory: MemoryStore) -> (Self, WritesLeft) {
        let (disk, left) = Self::new();
        (Self { memory, ..disk }, left)
    }

    /// What is on it now.
    pub fn image(&self) -> MemoryStore {
        self.memory.clone()
    }

    /// Every value and small file.
    pub fn all_bytes(&self) -> impl Iterator<Item = &[u8]> {
        self.memory.all_bytes()
    }

    fn spend(&self) -> Result<(), StoreError> {
        match self.left.get() {
            None => Ok(()),
            Some(0) => Err(StoreError::Full),
            Some(left) => {
                self.left.set(Some(left - 1));
                Ok(())
            }
        }
    }
}

impl Store for Disk {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.memory.get(table, key)
    }

    fn range(&self, table: Table, from: &[u8], to: Option<&[u8]>, most: usize) -> Result<Vec<Row>, StoreError> {
        self.memory.range(table, from, to, most)
    }

    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        self.spend()?;
        self.memory.commit(batch)
    }

    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.memory.file(name)
    }

    fn put_file(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.spend()?;
        self.memory.put_file(name, bytes)
    }

    fn remove_file(&mut self, name: &str) -> Result<(), StoreError> {
        self.memory.remove_file(name)
    }
}
