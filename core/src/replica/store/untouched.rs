//! A store over another that is never written to: for reading the one copy that is left.

use super::{Batch, Row, Store, StoreError, Table};
use std::collections::BTreeMap;

/// Reads what is beneath; keeps what is written in memory, and forgets it.
#[derive(Debug)]
pub struct Untouched<S> {
    beneath: S,
    rows: BTreeMap<(Table, Vec<u8>), Option<Vec<u8>>>,
    files: BTreeMap<String, Option<Vec<u8>>>,
}

impl<S> Untouched<S> {
    /// Over a store.
    pub fn over(beneath: S) -> Self {
        Self { beneath, rows: BTreeMap::new(), files: BTreeMap::new() }
    }
}

impl<S: Store> Store for Untouched<S> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self.rows.get(&(table, key.to_vec())) {
            Some(value) => Ok(value.clone()),
            None => self.beneath.get(table, key),
        }
    }

    fn range(&self, table: Table, from: &[u8], to: Option<&[u8]>, most: usize) -> Result<Vec<Row>, StoreError> {
        let here = self.rows.range((table, from.to_vec())..);
        let here: Vec<_> = here
            .take_while(|((in_table, key), _)| *in_table == table && to.is_none_or(|to| key.as_slice() < to))
            .collect();
        // Each row of our own may stand in place of one beneath.
        let mut rows: BTreeMap<Vec<u8>, Vec<u8>> =
            self.beneath.range(table, from, to, most.saturating_add(here.len()))?.into_iter().collect();
        for ((_, key), value) in here {
            match value {
                Some(value) => rows.insert(key.clone(), value.clone()),
                None => rows.remove(key),
            };
        }
        Ok(rows.into_iter().take(most).collect())
    }

    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        self.rows.extend(batch.changes.into_iter().map(|(table, key, value)| ((table, key), value)));
        Ok(())
    }

    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match self.files.get(name) {
            Some(bytes) => Ok(bytes.clone()),
            None => self.beneath.file(name),
        }
    }

    fn put_file(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.files.insert(name.to_owned(), Some(bytes.to_vec()));
        Ok(())
    }

    fn remove_file(&mut self, name: &str) -> Result<(), StoreError> {
        self.files.insert(name.to_owned(), None);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::MemoryStore;
    use super::*;

    fn keys(store: &impl Store, most: usize) -> Vec<u8> {
        store.range(Table::Entries, &[1], Some(&[9]), most).unwrap().into_iter().map(|(key, _)| key[0]).collect()
    }

    #[test]
    fn what_is_written_reads_back_and_leaves_what_is_beneath_as_it_was() {
        let mut beneath = MemoryStore::default();
        let mut batch = Batch::default();
        [1, 3, 5, 9].into_iter().for_each(|key: u8| batch.put(Table::Entries, [key], [key]));
        beneath.commit(batch).unwrap();
        beneath.put_file("device", b"its keys").unwrap();
        let before: Vec<Vec<u8>> = beneath.all_bytes().map(<[u8]>::to_vec).collect();
        let mut over = Untouched::over(beneath);
        let mut batch = Batch::default();
        batch.put(Table::Entries, [2], [2]);
        batch.put(Table::Entries, [3], [33]);
        batch.delete(Table::Entries, [1]);
        batch.put(Table::Logs, [4], [4]);
        over.commit(batch).unwrap();
        assert_eq!(keys(&over, 9), [2, 3, 5]);
        assert_eq!(keys(&over, 2), [2, 3]);
        assert_eq!(over.get(Table::Entries, &[3]).unwrap(), Some(vec![33]));
        assert_eq!(over.get(Table::Entries, &[1]).unwrap(), None);
        assert_eq!(over.get(Table::Entries, &[5]).unwrap(), Some(vec![5]));
        over.put_file("cards", b"none").unwrap();
        over.remove_file("device").unwrap();
        assert_eq!(over.file("cards").unwrap(), Some(b"none".to_vec()));
        assert_eq!(over.file("device").unwrap(), None);
        let after: Vec<Vec<u8>> = over.beneath.all_bytes().map(<[u8]>::to_vec).collect();
        assert_eq!(after, before);
    }
}
