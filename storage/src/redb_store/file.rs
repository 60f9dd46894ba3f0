//! What is done to the file itself: how redb is opened, a new file's tables, one batch, the store's own rows.

use super::FORMAT;
use super::errors::{damaged, redb_error};
use super::tables::{ROW_COMMITS, ROW_FORMAT, STORE, definition};
use crate::limits::CACHE_BYTES;
use muster_core::replica::store::{Batch, StoreError, Table};
use redb::{Database, Durability, ReadableDatabase as _, TableHandle as _};
use std::collections::BTreeSet;
use std::path::Path;

/// How redb is opened everywhere.
pub(super) fn builder() -> redb::Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(CACHE_BYTES);
    builder
}

/// Makes the tables of a new file.
pub(super) fn found(database: &Database) -> Result<(), Box<redb::Error>> {
    let mut transaction = database.begin_write().map_err(redb_error)?;
    transaction.set_durability(Durability::Immediate).map_err(redb_error)?;
    transaction.set_quick_repair(true);
    for table in Table::ALL {
        transaction.open_table(definition(table)).map_err(redb_error)?;
    }
    let mut store = transaction.open_table(STORE).map_err(redb_error)?;
    store.insert(ROW_FORMAT, u64::from(FORMAT)).map_err(redb_error)?;
    store.insert(ROW_COMMITS, 0).map_err(redb_error)?;
    drop(store);
    transaction.commit().map_err(redb_error)
}

/// Makes the tables that a file of an earlier program does not have yet.
pub(super) fn add_missing_tables(database: &Database) -> Result<(), Box<redb::Error>> {
    let read = database.begin_read().map_err(redb_error)?;
    let names: BTreeSet<String> =
        read.list_tables().map_err(redb_error)?.map(|table| table.name().to_owned()).collect();
    drop(read);
    if Table::ALL.iter().all(|table| names.contains(definition(*table).name())) {
        return Ok(());
    }
    let mut transaction = database.begin_write().map_err(redb_error)?;
    transaction.set_quick_repair(true);
    for table in Table::ALL {
        transaction.open_table(definition(table)).map_err(redb_error)?;
    }
    transaction.commit().map_err(redb_error)
}

/// Makes a batch durable, as the file's batch of this number.
pub(super) fn write(database: &Database, batch: &Batch, number: u64) -> Result<(), Box<redb::Error>> {
    let mut transaction = database.begin_write().map_err(redb_error)?;
    transaction.set_durability(Durability::Immediate).map_err(redb_error)?;
    transaction.set_quick_repair(true);
    for table in Table::ALL {
        let mut changes = batch.changes.iter().filter(|(of, _, _)| *of == table).peekable();
        if changes.peek().is_none() {
            continue;
        }
        let mut open = transaction.open_table(definition(table)).map_err(redb_error)?;
        for (_, key, value) in changes {
            match value {
                Some(value) => open.insert(key.as_slice(), value.as_slice()).map_err(redb_error)?,
                None => open.remove(key.as_slice()).map_err(redb_error)?,
            };
        }
    }
    let mut store = transaction.open_table(STORE).map_err(redb_error)?;
    store.insert(ROW_COMMITS, number).map_err(redb_error)?;
    drop(store);
    transaction.commit().map_err(redb_error)
}

/// The store's own rows.
pub(super) struct State {
    pub(super) format: Option<u64>,
    pub(super) commits: Option<u64>,
}

impl State {
    /// How many batches the file has taken, if it is one that this program can read.
    pub(super) fn readable(&self, folder: &Path) -> Result<u64, StoreError> {
        let (Some(format), Some(commits)) = (self.format, self.commits) else {
            return Err(damaged(folder, "the file does not say its format".to_owned()));
        };
        if format > u64::from(FORMAT) {
            let found = u32::try_from(format).unwrap_or(u32::MAX);
            return Err(StoreError::Newer { place: folder.display().to_string(), found, known: FORMAT });
        }
        Ok(commits)
    }
}

/// Reads the store's own rows.
pub(super) fn state(database: &Database) -> Result<State, Box<redb::Error>> {
    let read = database.begin_read().map_err(redb_error)?;
    let store = read.open_table(STORE).map_err(redb_error)?;
    let row = |name: &str| -> Result<Option<u64>, Box<redb::Error>> {
        Ok(store.get(name).map_err(redb_error)?.map(|value| value.value()))
    };
    Ok(State { format: row(ROW_FORMAT)?, commits: row(ROW_COMMITS)? })
}
