//! A folder whose place another one is about to take: nobody opens it meanwhile.
//!
//! The lock inside a folder does not do for that: on some systems a folder with an open file in it cannot be renamed.
//! This one is on a file beside the folder, and whoever locks a folder looks at it too.
//!
//! Not here: the swap itself.

use crate::folder::LockedFolder;
use crate::small_file::{private_file, system};
use muster_core::replica::store::StoreError;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// What the file beside a folder is called, after the folder.
const BESIDE: &str = ".replacing";

/// How often the lock is tried where the file went in the moment before: each time another one was done just then.
const TRIES: usize = 8;

const DOING: &str = "begin to replace the folder";

/// See the module. The file goes when this does.
#[derive(Debug)]
pub struct Replacing {
    file: PathBuf,
    lock: File,
}

impl Replacing {
    /// Begins, where nobody has the folder open. From then on whoever would open it, or make it, is told that it is in use.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when somebody has it open, or is replacing it too.
    pub fn begin(folder: &Path) -> Result<Self, StoreError> {
        let in_use = || StoreError::InUse { place: folder.display().to_string() };
        let file = beside(folder);
        let mut tries = 0..TRIES;
        while tries.next().is_some() {
            let lock = open(&file).map_err(|error| system(folder, DOING, &error))?;
            match lock.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(in_use()),
                Err(TryLockError::Error(error)) => return Err(system(folder, DOING, &error)),
            }
            // Whoever held it before may have removed it in between: a lock on a file without a name keeps nobody out.
            if !is_named(&lock, &file).map_err(|error| system(folder, DOING, &error))? {
                continue;
            }
            let this = Self { file, lock };
            // Whoever took the folder's own lock looks for this one after it, so that one of both sees the other.
            LockedFolder::is_free(folder)?;
            return Ok(this);
        }
        Err(in_use())
    }

    /// Whether somebody is replacing a folder.
    pub(crate) fn is_on(folder: &Path) -> io::Result<bool> {
        let file = match File::open(beside(folder)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Drop for Replacing {
    fn drop(&mut self) {
        // Removed while it is still held: who locks it a moment later sees that it has no name. Where that cannot be
        // seen it stays, and means nothing.
        if cfg!(unix) {
            let _ = fs::remove_file(&self.file);
        }
        let _ = self.lock.unlock();
    }
}

fn open(file: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).open(file).or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => private_file(file),
        _ => Err(error),
    })
}

/// Whether an open file is the one of this name.
#[cfg(unix)]
fn is_named(open: &File, name: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let named = match fs::metadata(name) {
        Ok(named) => named,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let open = open.metadata()?;
    Ok((open.dev(), open.ino()) == (named.dev(), named.ino()))
}

/// Nobody removes it there.
#[cfg(not(unix))]
fn is_named(_open: &File, _name: &Path) -> io::Result<bool> {
    Ok(true)
}

fn beside(folder: &Path) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    folder.with_file_name(format!("{name}{BESIDE}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RedbStore;

    #[test]
    fn a_folder_that_is_being_replaced_is_opened_and_made_by_nobody_until_that_is_done() {
        let place = tempfile::tempdir().unwrap();
        let (folder, new) = (place.path().join("school"), place.path().join("new"));
        drop(RedbStore::create(&folder).unwrap());
        drop(RedbStore::create(&new).unwrap());
        let open = RedbStore::open(&folder).unwrap();
        assert!(matches!(Replacing::begin(&folder), Err(StoreError::InUse { .. })), "somebody has it open");
        drop(open);
        let replacing = Replacing::begin(&folder).unwrap();
        let refused = || matches!(RedbStore::open(&folder), Err(StoreError::InUse { .. }));
        assert!(refused());
        assert!(matches!(Replacing::begin(&folder), Err(StoreError::InUse { .. })), "one at a time");
        fs::rename(&folder, place.path().join("aside")).unwrap();
        assert!(matches!(RedbStore::create(&folder), Err(StoreError::InUse { .. })), "in the moment between");
        fs::remove_dir_all(&folder).unwrap();
        fs::rename(&new, &folder).unwrap();
        assert!(refused());
        drop(replacing);
        RedbStore::open(&folder).unwrap();
        // What a process that was killed left behind means nothing.
        fs::write(beside(&folder), b"").unwrap();
        RedbStore::open(&folder).unwrap();
        drop(Replacing::begin(&folder).unwrap());
        assert!(!cfg!(unix) || !beside(&folder).exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_on_a_file_that_lost_its_name_a_moment_ago_is_none() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("school");
        let first = Replacing::begin(&folder).unwrap();
        // Somebody opens the file, and then the first one is done.
        let late = open(&beside(&folder)).unwrap();
        drop(first);
        late.try_lock().unwrap();
        assert!(!is_named(&late, &beside(&folder)).unwrap(), "it locked what nobody else will find");
        let second = Replacing::begin(&folder).unwrap();
        assert!(!is_named(&late, &beside(&folder)).unwrap(), "another file has the name now");
        assert!(matches!(RedbStore::create(&folder), Err(StoreError::InUse { .. })));
        drop(second);
    }

    #[test]
    fn of_many_who_begin_at_once_one_at_a_time_has_it() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let place = tempfile::tempdir().unwrap();
        let (folder, holding, had) = (place.path().join("school"), AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        let Ok(one) = Replacing::begin(&folder) else { continue };
                        assert_eq!(holding.fetch_add(1, Ordering::SeqCst), 0, "two at once");
                        had.fetch_add(1, Ordering::SeqCst);
                        holding.fetch_sub(1, Ordering::SeqCst);
                        drop(one);
                    }
                });
            }
        });
        assert!(had.load(Ordering::SeqCst) > 0);
    }
}
