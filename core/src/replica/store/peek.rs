//! A store that is only looked at: what is written to it is refused.

use super::{Batch, Row, Store, StoreError, Table};

/// Another store, borrowed. Put beneath [`super::Untouched`], it lets something be tried without doing it.
#[derive(Debug)]
pub struct Peek<'a, S>(pub &'a S);

impl<S: Store> Store for Peek<'_, S> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.get(table, key)
    }

    fn range(&self, table: Table, from: &[u8], to: Option<&[u8]>, most: usize) -> Result<Vec<Row>, StoreError> {
        self.0.range(table, from, to, most)
    }

    fn commit(&mut self, _: Batch) -> Result<(), StoreError> {
        Err(refused())
    }

    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.file(name)
    }

    fn put_file(&mut self, _: &str, _: &[u8]) -> Result<(), StoreError> {
        Err(refused())
    }

    fn remove_file(&mut self, _: &str) -> Result<(), StoreError> {
        Err(refused())
    }
}

fn refused() -> StoreError {
    let detail = "it is open to be looked at only".to_owned();
    StoreError::Failed { doing: "write", place: "these records".to_owned(), detail }
}
