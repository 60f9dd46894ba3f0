//! A store's folder, held by one process at a time.
//!
//! The lock is on a file of its own, so that it guards the small files even when the records are not open: because
//! they are damaged, being checked, or not needed. It is the operating system's lock and ends with the process,
//! however that ends; the file staying behind means nothing.

use crate::replacing::Replacing;
use crate::small_file::{self, FILES, private_file, read_file, remove_unfinished, sync_folder, system};
use muster_core::replica::store::StoreError;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// The file that the lock is on.
const LOCK: &str = "lock";

/// A store's folder, locked: nobody else writes in it while this lives.
#[derive(Debug)]
pub struct LockedFolder {
    path: PathBuf,
    lock: File,
}

impl LockedFolder {
    /// Locks a folder that is there.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when it is locked already, here or in another process.
    pub fn lock(path: &Path) -> Result<Self, StoreError> {
        let lock = Self::take(path)?;
        // Looked at with the lock in hand: see `replacing`.
        let replaced = Replacing::is_on(path).map_err(|error| system(path, "open the folder", &error))?;
        if replaced {
            return Err(StoreError::InUse { place: path.display().to_string() });
        }
        let tidied = make_private(&path.join(FILES)).and_then(|()| remove_unfinished(path));
        tidied.map_err(|error| system(path, "tidy the folder", &error))?;
        Ok(Self { path: path.to_owned(), lock })
    }

    /// Whether nobody has a folder locked; one that is not there is free.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when somebody has.
    pub(crate) fn is_free(path: &Path) -> Result<(), StoreError> {
        if path.join(LOCK).exists() { Self::take(path).map(drop) } else { Ok(()) }
    }

    fn take(path: &Path) -> Result<File, StoreError> {
        let lock = OpenOptions::new().write(true).open(path.join(LOCK));
        let lock = match lock {
            Err(error) if error.kind() == io::ErrorKind::NotFound && path.is_dir() => private_file(&path.join(LOCK)),
            other => other,
        };
        let lock = lock.map_err(|error| system(path, "open the folder", &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse { place: path.display().to_string() }),
            Err(TryLockError::Error(error)) => return Err(system(path, "lock the folder", &error)),
        }
        Ok(lock)
    }

    /// Makes the folder if it is not there, readable by its owner only, and locks it.
    ///
    /// # Errors
    /// When it cannot be made, or is locked already.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        make_private(path).map_err(|error| system(path, "make the folder", &error))?;
        if let Some(above) = path.parent().filter(|above| !above.as_os_str().is_empty()) {
            match sync_folder(above) {
                // A folder that may be passed through but not read, as others' homes are: its owner syncs it.
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
                synced => synced.map_err(|error| system(path, "make the folder", &error))?,
            }
        }
        Self::lock(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A small file, whole; `None` when there is none.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        read_file(&self.path, name)
    }

    /// Replaces a small file whole. Durable when this returns.
    ///
    /// # Errors
    /// When it could not be replaced: the old one is still there.
    pub fn put_file(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        small_file::replace(&self.path, name, bytes)
    }

    /// Removes a small file; one that is not there is no error.
    ///
    /// # Errors
    /// When it is still there.
    pub fn remove_file(&mut self, name: &str) -> Result<(), StoreError> {
        small_file::remove(&self.path, name)
    }
}

/// Makes a folder, and those above it, for its owner only; one that is there is left as it is.
fn make_private(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    fs::metadata(path).map(|_| ())
}

impl Drop for LockedFolder {
    /// Let go of outright: a process that is just being started holds what this one has open a moment longer, and the
    /// lock with it.
    fn drop(&mut self) {
        let _ = self.lock.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_small_files_are_guarded_even_when_the_records_are_not_open() {
        let place = tempfile::tempdir().unwrap();
        let mut held = LockedFolder::create(place.path()).unwrap();
        assert!(matches!(LockedFolder::lock(place.path()), Err(StoreError::InUse { .. })));
        held.put_file("fire-list", b"everyone out").unwrap();
        assert_eq!(read_file(place.path(), "fire-list").unwrap().as_deref(), Some(&b"everyone out"[..]));
        drop(held);
        LockedFolder::lock(place.path()).unwrap();
    }

    #[test]
    fn whoever_still_has_the_file_open_that_the_lock_was_on_keeps_nobody_out() {
        let place = tempfile::tempdir().unwrap();
        let held = LockedFolder::create(place.path()).unwrap();
        let inherited = held.lock.try_clone().unwrap();
        drop(held);
        LockedFolder::lock(place.path()).unwrap();
        drop(inherited);
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error_and_is_not_made_by_locking() {
        let place = tempfile::tempdir().unwrap();
        let missing = place.path().join("nobody");
        assert!(matches!(LockedFolder::lock(&missing), Err(StoreError::Failed { .. })));
        assert!(!missing.exists());
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_look_into_a_new_folder() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("school");
        let _held = LockedFolder::create(&folder).unwrap();
        for path in [folder.clone(), folder.join(FILES)] {
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700, "{}", path.display());
        }
    }
}
