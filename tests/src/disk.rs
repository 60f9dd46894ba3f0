//! A disk in memory that can be told to be full, that rots beneath the program that has it open, and whose power can go
//! in the middle of a write. Whoever plays with it holds its [`Hands`].

mod power;

use muster_core::replica::store::{Batch, MemoryStore, Row, Store, StoreError, Table};
use power::Power;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// How many more writes succeed; `None` for any number.
pub type WritesLeft = Rc<Cell<Option<u32>>>;

/// See the module. What was written is durable at once; a write that fails changes nothing, but for what the power left
/// of it.
#[derive(Debug, Default)]
pub struct Disk(Hands);

/// Whoever plays with a disk has it in hand while a program has it open.
#[derive(Clone, Debug, Default)]
pub struct Hands {
    memory: Rc<RefCell<MemoryStore>>,
    /// When it is full.
    pub left: WritesLeft,
    power: Rc<RefCell<Power>>,
}

impl Disk {
    /// An empty disk, and what is done to it.
    pub fn new() -> (Self, Hands) {
        Self::of(MemoryStore::default())
    }

    /// A disk on which this is.
    pub fn of(memory: MemoryStore) -> (Self, Hands) {
        let hands = Hands { memory: Rc::new(RefCell::new(memory)), ..Hands::default() };
        (Self(hands.clone()), hands)
    }

    /// What is on it now.
    pub fn image(&self) -> MemoryStore {
        self.0.image()
    }
}

impl Hands {
    /// What is on it now.
    pub fn image(&self) -> MemoryStore {
        self.memory.borrow().clone()
    }

    /// Shows every value and small file.
    pub fn each_bytes(&self, look: impl FnMut(&[u8])) {
        self.memory.borrow().all_bytes().for_each(look);
    }

    /// All rows of a table.
    pub fn rows(&self, table: Table) -> Vec<Row> {
        self.memory.borrow().range(table, &[], None, usize::MAX).unwrap()
    }

    /// A row as it lies there.
    pub fn row(&self, table: Table, key: &[u8]) -> Option<Vec<u8>> {
        self.memory.borrow().get(table, key).unwrap()
    }

    /// Changes what lies there, beneath a program that has it open.
    pub fn change(&self, batch: Batch) {
        self.memory.borrow_mut().commit(batch).unwrap();
    }

    /// So many more writes, and in the next one, after so many of the operations that it takes, the power goes; what of it
    /// had reached the disk then `tears` decides.
    pub fn cut_power(&self, writes: u32, operations: u64, tears: u64) {
        *self.power.borrow_mut() = Power::Going { writes, operations, tears };
    }

    /// Whether the power has gone: nothing can be written until it returns.
    pub fn is_off(&self) -> bool {
        matches!(*self.power.borrow(), Power::Off(_))
    }

    /// The power stays, or returns: on the disk is what had been written, and what reached it of the last write.
    pub fn power_returns(&self) {
        if let Power::Off(reached) = std::mem::take(&mut *self.power.borrow_mut()) {
            let mut memory = self.memory.borrow_mut();
            reached.into_iter().for_each(|change| change.make(&mut memory));
        }
    }

    /// One more write: `None` where it is like any other; else how it is cut.
    fn spend(&self) -> Result<Option<power::Cut>, StoreError> {
        match self.left.get() {
            _ if self.is_off() => return Err(StoreError::Full),
            Some(0) => return Err(StoreError::Full),
            Some(left) => self.left.set(Some(left - 1)),
            None => {}
        }
        Ok(self.power.borrow_mut().spend())
    }

    /// The power goes in a write. Whoever waits for it hears nothing: to a program that goes on for a moment the disk is
    /// full.
    fn goes_off(&self, reached: Option<power::Change>) {
        *self.power.borrow_mut() = Power::Off(reached);
    }
}

impl Store for Disk {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.memory.borrow().get(table, key)
    }

    fn range(&self, table: Table, from: &[u8], to: Option<&[u8]>, most: usize) -> Result<Vec<Row>, StoreError> {
        self.0.memory.borrow().range(table, from, to, most)
    }

    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        let Some(cut) = self.0.spend()? else { return self.0.memory.borrow_mut().commit(batch) };
        let torn = power::torn(&self.0.memory.borrow(), &batch, cut);
        if torn.acknowledged {
            self.0.memory.borrow_mut().commit(batch)?;
            self.0.goes_off(None);
            return Ok(());
        }
        self.0.goes_off(torn.reached.then_some(power::Change::Rows(batch)));
        Err(StoreError::Full)
    }

    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.memory.borrow().file(name)
    }

    fn put_file(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let Some(cut) = self.0.spend()? else { return self.0.memory.borrow_mut().put_file(name, bytes) };
        // The old file or the new one: `muster_storage::small_file` holds that at each step.
        self.0.goes_off(cut.tears.is_multiple_of(2).then(|| power::Change::File(name.to_owned(), bytes.to_vec())));
        Err(StoreError::Full)
    }

    fn remove_file(&mut self, name: &str) -> Result<(), StoreError> {
        self.0.memory.borrow_mut().remove_file(name)
    }
}
