//! The engine's store on redb.
//!
//! One file, one table for each of the engine's, each batch one durable transaction with quick repair, so that a
//! file of any size opens at once after a crash.
//!
//! **A commit that fails.** redb refuses everything after an error of the disk until it is opened again, and an
//! error at the last moment leaves open whether the batch was kept. Each batch therefore counts up a number in
//! the file. After a failure the file is opened again and the number read: unchanged, the batch is not there, the
//! error is returned and the store goes on; changed, or not to be read, the store refuses everything, because an
//! engine that thought an entry lost would write a second one in its place.
//!
//! Start at [`RedbStore::create`] and [`RedbStore::open`]. Not here: what the bytes mean, when to check.

mod errors;
mod file;
mod marker;
mod tables;

use crate::folder::LockedFolder;
use crate::limits::ROWS_RESERVED;
use crate::small_file::{private_file, sync_folder, system};
use errors::{damaged, guarded, redb_error};
use file::{add_missing_tables, builder, found, state, write};
use marker::Marker;
use muster_core::replica::store::{Batch, Row, Store, StoreError, Table};
use redb::{
    Database, ReadOnlyTable, ReadableDatabase as _, ReadableTable as _, ReadableTableMetadata as _, StorageBackend,
};
use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use tables::definition;

/// The version of the file's format that this program writes, and the newest that it reads.
pub const FORMAT: u32 = 1;

/// The records' file in the store's folder.
const RECORDS: &str = "records.redb";

/// A records' file that is being made.
const RECORDS_UNFINISHED: &str = "records.new";

/// What a whole check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WholeCheck {
    /// Every page is as it was written.
    Sound,
    /// The account of free pages was put right. Every acknowledged batch is there.
    Mended,
}

type ReadTable = ReadOnlyTable<&'static [u8], &'static [u8]>;
type Reopen = Box<dyn Fn() -> Result<Database, redb::DatabaseError> + Send + Sync>;

/// Why nothing is done any more.
const STOPPED: &str = "a write failed and it is not known whether it was kept: close Muster and open it again";
/// Why nothing is read until the next write.
const WAITING: &str = "a write failed, and the disk could not be read after it: it is tried again with the next write";

/// The engine's store, in a folder of its own. See the module.
pub struct RedbStore {
    /// `None` after a failed write, until the file could be opened again.
    database: Option<Database>,
    /// The tables as of the last commit; emptied before the next, so that no old page is held.
    tables: OnceLock<Vec<ReadTable>>,
    reopen: Reopen,
    commits: u64,
    /// The outcome of a write is unknown: nothing is answered any more.
    stopped: bool,
    marker: Marker,
    /// A reading found damage: a check stays owed.
    damage_seen: AtomicBool,
    /// Last, so that the lock ends after everything else.
    folder: LockedFolder,
}

impl fmt::Debug for RedbStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedbStore").field("folder", &self.folder.path()).finish_non_exhaustive()
    }
}

impl RedbStore {
    /// Whether a folder holds records, open or not, sound or not.
    pub fn exists(folder: &Path) -> bool {
        folder.join(RECORDS).exists()
    }

    /// Makes a new, empty store, and the folder if needed. A crash leaves a store or none, never half of one.
    ///
    /// # Errors
    /// When there is one already, when the folder is in use, or cannot be written.
    pub fn create(folder: &Path) -> Result<Self, StoreError> {
        let doing = "make a new store";
        let locked = LockedFolder::create(folder)?;
        let records = folder.join(RECORDS);
        if records.exists() {
            let detail = "there is one already".to_owned();
            return Err(StoreError::Failed { doing, place: folder.display().to_string(), detail });
        }
        let unfinished = folder.join(RECORDS_UNFINISHED);
        private_file(&unfinished).map_err(|error| system(folder, doing, &error))?;
        guarded(folder, doing, || {
            let database = builder().create(&unfinished).map_err(redb_error)?;
            found(&database)?;
            database.close().map_err(redb_error)
        })?;
        let named = fs::rename(&unfinished, &records).and_then(|()| sync_folder(folder));
        named.map_err(|error| system(folder, doing, &error))?;
        Self::open_locked(locked)
    }

    /// Opens a store that is there. Fast whatever its size, after a crash as well; it trusts the file, so look at
    /// [`RedbStore::check_owed`].
    ///
    /// # Errors
    /// [`StoreError::InUse`], [`StoreError::Damaged`], [`StoreError::Newer`], or what the system says.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        if !Self::exists(folder) {
            let detail = "there are none here".to_owned();
            let place = folder.display().to_string();
            return Err(StoreError::Failed { doing: "open the records", place, detail });
        }
        Self::open_locked(LockedFolder::lock(folder)?)
    }

    /// A store on a backend of the caller's, for tests: made if the backend is empty, opened if not. The small files
    /// are in `folder`. Clones of the backend must show the same bytes: the store opens it again after an error.
    ///
    /// # Errors
    /// As [`RedbStore::open`].
    pub fn with_backend<B: StorageBackend + Clone>(folder: &Path, backend: B) -> Result<Self, StoreError> {
        let locked = LockedFolder::create(folder)?;
        let is_new = backend.len().map_err(|error| system(folder, "open the records", &error))? == 0;
        if is_new {
            guarded(folder, "make a new store", || {
                let database = builder().create_with_backend(backend.clone()).map_err(redb_error)?;
                found(&database)
            })?;
        }
        Self::open_with(locked, Box::new(move || builder().create_with_backend(backend.clone())))
    }

    /// Opens a store, checks all of it, and closes it. About a second a gigabyte.
    ///
    /// # Errors
    /// As [`RedbStore::open`]; [`StoreError::Damaged`] when it could not be put right.
    pub fn check(folder: &Path) -> Result<WholeCheck, StoreError> {
        Self::open(folder)?.check_now()
    }

    /// Whether the last stop was not clean, or something went wrong since, and no whole check has been made.
    pub fn check_owed(&self) -> bool {
        self.marker.owed() || self.damage_seen.load(Ordering::Relaxed)
    }

    /// Checks every page of the records, and puts right what can be: about a second a gigabyte, in which nothing
    /// else can be done.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when it could not be put right.
    pub fn check_now(&mut self) -> Result<WholeCheck, StoreError> {
        self.tables.take();
        let folder = self.folder.path().to_owned();
        let doing = "check the records";
        let Some(database) = self.database.as_mut() else { return Err(self.unusable(doing)) };
        let checked = guarded(&folder, doing, || {
            let sound = database.check_integrity().map_err(redb_error)?;
            Ok((sound, state(database)?))
        });
        let result = checked.and_then(|(sound, state)| {
            if state.readable(&folder)? != self.commits {
                return Err(damaged(&folder, "a batch that was acknowledged is no longer there".to_owned()));
            }
            self.every_table()?;
            Ok(if sound { WholeCheck::Sound } else { WholeCheck::Mended })
        });
        match result {
            Ok(_) => {
                self.marker.paid();
                self.damage_seen.store(false, Ordering::Relaxed);
            }
            Err(_) => self.marker.owe(),
        }
        result
    }

    /// The folder it is in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn open_locked(locked: LockedFolder) -> Result<Self, StoreError> {
        let records = locked.path().join(RECORDS);
        Self::open_with(locked, Box::new(move || builder().open(&records)))
    }

    fn open_with(folder: LockedFolder, reopen: Reopen) -> Result<Self, StoreError> {
        let marker = Marker::set(folder.path())?;
        let (database, state) = guarded(folder.path(), "open the records", || {
            let database = reopen().map_err(redb_error)?;
            let state = state(&database)?;
            Ok((database, state))
        })?;
        let commits = state.readable(folder.path())?;
        guarded(folder.path(), "open the records", || add_missing_tables(&database))?;
        Ok(Self {
            database: Some(database),
            tables: OnceLock::new(),
            reopen,
            commits,
            stopped: false,
            marker,
            damage_seen: AtomicBool::new(false),
            folder,
        })
    }

    /// The tables as of the last commit.
    fn tables(&self, doing: &'static str) -> Result<&[ReadTable], StoreError> {
        if let Some(tables) = self.tables.get() {
            return Ok(tables);
        }
        let Some(database) = self.database.as_ref().filter(|_| !self.stopped) else { return Err(self.unusable(doing)) };
        let tables = self.reading(doing, || {
            let read = database.begin_read().map_err(redb_error)?;
            let open = |table: &Table| read.open_table(definition(*table)).map_err(redb_error);
            Table::ALL.iter().map(open).collect()
        })?;
        Ok(self.tables.get_or_init(|| tables))
    }

    fn table(&self, table: Table, doing: &'static str) -> Result<&ReadTable, StoreError> {
        let missing = || damaged(self.folder.path(), "a table is missing".to_owned());
        self.tables(doing)?.get(usize::from(table as u8)).ok_or_else(missing)
    }

    /// Opens every table and looks at its ends.
    fn every_table(&self) -> Result<(), StoreError> {
        let tables = self.tables("check the records")?;
        guarded(self.folder.path(), "check the records", || {
            for table in tables {
                table.len().map_err(redb_error)?;
                table.first().map_err(redb_error)?;
                table.last().map_err(redb_error)?;
            }
            Ok(())
        })
    }

    /// After a failed write: opens the file again, and goes on if the batch is not in it.
    fn open_again(&mut self) {
        self.tables.take();
        if let Some(database) = self.database.take() {
            // Closing writes, and the disk may still refuse; what matters is read from the file below.
            let _ = guarded(self.folder.path(), "close the records", || database.close().map_err(redb_error));
        }
        let opened = guarded(self.folder.path(), "open the records", || {
            let database = (self.reopen)().map_err(redb_error)?;
            let state = state(&database)?;
            Ok((database, state.commits))
        });
        match opened {
            Ok((database, commits)) if commits == Some(self.commits) => self.database = Some(database),
            Ok(_) => self.stopped = true,
            Err(_) => {}
        }
    }

    /// Does one piece of reading, and remembers if it found damage.
    fn reading<T>(
        &self,
        doing: &'static str,
        work: impl FnOnce() -> Result<T, Box<redb::Error>>,
    ) -> Result<T, StoreError> {
        let read = guarded(self.folder.path(), doing, work);
        if matches!(read, Err(StoreError::Damaged { .. })) {
            self.damage_seen.store(true, Ordering::Relaxed);
        }
        read
    }

    fn unusable(&self, doing: &'static str) -> StoreError {
        let detail = if self.stopped { STOPPED } else { WAITING }.to_owned();
        StoreError::Failed { doing, place: self.folder.path().display().to_string(), detail }
    }
}

impl Store for RedbStore {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let doing = "read a record";
        let table = self.table(table, doing)?;
        self.reading(doing, || {
            let value = table.get(key).map_err(redb_error)?;
            Ok(value.map(|value| value.value().to_vec()))
        })
    }

    fn range(&self, table: Table, from: &[u8], to: Option<&[u8]>, most: usize) -> Result<Vec<Row>, StoreError> {
        use std::ops::Bound::{Excluded, Included, Unbounded};
        let doing = "read records";
        let table = self.table(table, doing)?;
        if to.is_some_and(|to| to <= from) {
            return Ok(Vec::new());
        }
        self.reading(doing, || {
            let rows = table.range::<&[u8]>((Included(from), to.map_or(Unbounded, Excluded))).map_err(redb_error)?;
            let mut found = Vec::with_capacity(most.min(ROWS_RESERVED));
            for row in rows.take(most) {
                let (key, value) = row.map_err(redb_error)?;
                found.push((key.value().to_vec(), value.value().to_vec()));
            }
            Ok(found)
        })
    }

    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        let doing = "write records";
        if batch.is_empty() {
            return Ok(());
        }
        self.tables.take();
        if self.database.is_none() && !self.stopped {
            self.open_again();
        }
        let Some(database) = self.database.as_ref().filter(|_| !self.stopped) else { return Err(self.unusable(doing)) };
        let number = self.commits.saturating_add(1);
        match guarded(self.folder.path(), doing, || write(database, &batch, number)) {
            Ok(()) => {
                self.commits = number;
                Ok(())
            }
            Err(error) => {
                self.marker.owe();
                self.open_again();
                Err(if self.stopped { self.unusable(doing) } else { error })
            }
        }
    }

    fn recover(&mut self) {
        if self.database.is_none() && !self.stopped {
            self.open_again();
        }
    }

    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.folder.file(name)
    }

    fn put_file(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.folder.put_file(name, bytes)
    }

    fn remove_file(&mut self, name: &str) -> Result<(), StoreError> {
        self.folder.remove_file(name)
    }
}

impl Drop for RedbStore {
    fn drop(&mut self) {
        self.tables.take();
        let closed = self.database.take().map(|database| {
            guarded(self.folder.path(), "close the records", || database.close().map_err(redb_error)).is_ok()
        });
        if closed == Some(true) && !self.stopped && !self.damage_seen.load(Ordering::Relaxed) {
            // Nobody is left to tell; the marker staying behind costs a check.
            let _ = self.marker.closed();
        }
    }
}
