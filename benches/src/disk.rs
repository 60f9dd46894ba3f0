//! A store that keeps what it was asked to write, so that a floor can write the same bytes.

use muster_core::replica::store::{Batch, Row, Store, StoreError, Table};
use redb::{Database, Durability, TableDefinition};
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

/// Batches in the order they were committed.
pub type Written = Rc<RefCell<Vec<Batch>>>;

/// A store, and a copy of each batch that went into it.
#[derive(Debug)]
pub struct Recording<S> {
    store: S,
    written: Written,
}

impl<S> Recording<S> {
    /// Over a store. The second is where the batches are found afterwards.
    pub fn over(store: S) -> (Self, Written) {
        let written = Written::default();
        (Self { store, written: Rc::clone(&written) }, written)
    }
}

impl<S: Store> Store for Recording<S> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.get(table, key)
    }

    fn range(&self, table: Table, from: &[u8], to: Option<&[u8]>, most: usize) -> Result<Vec<Row>, StoreError> {
        self.store.range(table, from, to, most)
    }

    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        self.written.borrow_mut().push(batch.clone());
        self.store.commit(batch)
    }

    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.file(name)
    }

    fn put_file(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.store.put_file(name, bytes)
    }

    fn remove_file(&mut self, name: &str) -> Result<(), StoreError> {
        self.store.remove_file(name)
    }
}

/// redb with nothing of ours around it: the floor of a durable write.
#[derive(Debug)]
pub struct Bare {
    database: Database,
    quick_repair: bool,
}

impl Bare {
    /// A new file. With `quick_repair`, commits are made as Muster's store makes them: two phases.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(file: &Path, quick_repair: bool) -> Result<Self, crate::Failure> {
        Ok(Self { database: Database::create(file)?, quick_repair })
    }

    /// One transaction, durable when this returns.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn commit(&self, batch: &Batch) -> Result<(), crate::Failure> {
        let mut transaction = self.database.begin_write()?;
        transaction.set_durability(Durability::Immediate)?;
        transaction.set_quick_repair(self.quick_repair);
        for table in Table::ALL {
            let mut changes = batch.changes.iter().filter(|(of, ..)| *of == table).peekable();
            if changes.peek().is_none() {
                continue;
            }
            let name = format!("{table:?}");
            let mut open = transaction.open_table(TableDefinition::<&[u8], &[u8]>::new(&name))?;
            for (_, key, value) in changes {
                match value {
                    Some(value) => drop(open.insert(key.as_slice(), value.as_slice())?),
                    None => drop(open.remove(key.as_slice())?),
                }
            }
        }
        Ok(transaction.commit()?)
    }
}

/// Bytes of keys and values of a batch.
pub fn bytes(batch: &Batch) -> usize {
    batch.changes.iter().map(|(_, key, value)| key.len() + value.as_ref().map_or(0, Vec::len)).sum()
}
