//! Small files that are replaced whole: after a crash there is the old one or the new one.
//!
//! A replacement is written beside the old file, synced, renamed over it, and the folder is synced. Readers need no
//! lock: whoever opens the name gets one version or the other, complete. Writers hold the folder's lock.
//!
//! Not here: what is in them, and who may write (see [`crate::LockedFolder`]).

use crate::limits::{FILE_NAME_BYTES, SMALL_FILE_BYTES};
use muster_core::replica::store::StoreError;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// The folder of small files inside a store's folder.
pub(crate) const FILES: &str = "files";

/// How a replacement that is not finished yet ends: no valid name contains a full stop.
const UNFINISHED: &str = ".new";

/// A small file of the store in `folder`, whole; `None` when there is none.
///
/// Opens nothing else and takes no lock, so it works while another process has the store open, and when the
/// records are damaged.
///
/// # Errors
/// When the name is not a file's name here, or the file is there and cannot be read, or is larger than
/// [`SMALL_FILE_BYTES`].
pub fn read_file(folder: &Path, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let doing = "read a small file";
    let path = path_of(folder, name, doing)?;
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(system(folder, doing, &error)),
    };
    let mut bytes = Vec::new();
    file.take(SMALL_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| system(folder, doing, &error))?;
    if bytes.len() as u64 > SMALL_FILE_BYTES {
        let detail = format!("the file {name} is larger than any that Muster writes");
        return Err(StoreError::Damaged { place: folder.display().to_string(), detail });
    }
    Ok(Some(bytes))
}

/// Leaves a small file of a new name beside whoever holds the folder's lock: a word for them to find. Takes no lock.
///
/// # Errors
/// When there is one of that name, the name is not a file's name here, or the system refuses: nothing is there then.
/// Whoever locks the folder at that very moment can be the reason: try again.
pub fn leave_file(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
    let doing = "leave a small file";
    if path_of(folder, name, doing)?.exists() {
        return Err(system(folder, doing, &io::Error::from(ErrorKind::AlreadyExists)));
    }
    replace(folder, name, bytes)
}

/// The names of the small files that begin with `prefix`, in order, `most` of them at most. Takes no lock.
///
/// # Errors
/// When the folder cannot be read.
pub fn small_files(folder: &Path, prefix: &str, most: usize) -> Result<Vec<String>, StoreError> {
    let listed = fs::read_dir(folder.join(FILES)).map_err(|error| system(folder, "list the small files", &error))?;
    let names = listed.filter_map(|found| found.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> =
        names.filter(|name| name.starts_with(prefix) && !name.ends_with(UNFINISHED)).take(most).collect();
    names.sort();
    Ok(names)
}

/// What a replacement has done so far. Tests stop it after each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The file beside is there, and empty.
    Created,
    /// Half of the bytes are written.
    HalfWritten,
    /// All bytes are written and synced.
    Synced,
    /// The new file has the name.
    Renamed,
}

/// Replaces a small file. Durable when this returns; on an error the old one is still there, unless the system
/// refused no more than to make the new name durable: then it is the old or the new.
pub(crate) fn replace(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
    let replaced = replace_in_steps(folder, name, bytes, &mut |_| Ok(()));
    if replaced.is_err() {
        // On a full disk, half a file is room that somebody needs. The next lock tries again.
        let _ = remove_unfinished(folder);
    }
    replaced
}

/// [`replace`], asking before each next step whether to go on.
pub(crate) fn replace_in_steps(
    folder: &Path,
    name: &str,
    bytes: &[u8],
    after: &mut dyn FnMut(Step) -> io::Result<()>,
) -> Result<(), StoreError> {
    let doing = "replace a small file";
    let path = path_of(folder, name, doing)?;
    if bytes.len() as u64 > SMALL_FILE_BYTES {
        let error = io::Error::new(ErrorKind::InvalidInput, "too large for a small file");
        return Err(system(folder, doing, &error));
    }
    let beside = path.with_file_name(format!("{name}{UNFINISHED}"));
    let steps = (|| {
        let mut file = private_file(&beside)?;
        after(Step::Created)?;
        let (first, second) = bytes.split_at(bytes.len() / 2);
        file.write_all(first)?;
        after(Step::HalfWritten)?;
        file.write_all(second)?;
        file.sync_all()?;
        drop(file);
        after(Step::Synced)?;
        fs::rename(&beside, &path)?;
        after(Step::Renamed)?;
        sync_folder(&folder.join(FILES))
    })();
    steps.map_err(|error| system(folder, doing, &error))
}

/// Removes a small file, durably; one that is not there is no error.
pub(crate) fn remove(folder: &Path, name: &str) -> Result<(), StoreError> {
    let doing = "remove a small file";
    let path = path_of(folder, name, doing)?;
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(system(folder, doing, &error)),
        Ok(()) => sync_folder(&folder.join(FILES)).map_err(|error| system(folder, doing, &error)),
    }
}

/// Removes what interrupted replacements left. For the holder of the folder's lock only.
pub(crate) fn remove_unfinished(folder: &Path) -> io::Result<()> {
    for found in fs::read_dir(folder.join(FILES))? {
        let found = found?;
        if found.file_name().to_string_lossy().ends_with(UNFINISHED) {
            fs::remove_file(found.path())?;
        }
    }
    Ok(())
}

/// An empty file that only its owner can read, whatever was there before.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes the names in a folder durable. Windows cannot be asked to; its file systems keep a journal of names.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// The operating system's refusal, as the store says it.
pub(crate) fn system(folder: &Path, doing: &'static str, error: &io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::Failed { doing, place: folder.display().to_string(), detail: error.to_string() },
    }
}

fn path_of(folder: &Path, name: &str, doing: &'static str) -> Result<PathBuf, StoreError> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || name.len() > FILE_NAME_BYTES || !name.bytes().all(allowed) {
        let detail = "a small file's name is lower-case letters, digits and hyphens".to_owned();
        return Err(StoreError::Failed { doing, place: folder.display().to_string(), detail });
    }
    Ok(folder.join(FILES).join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(FILES)).unwrap();
        folder
    }

    #[test]
    fn a_replacement_stopped_at_any_step_leaves_the_old_or_the_new_file_whole() {
        for stop in [Step::Created, Step::HalfWritten, Step::Synced, Step::Renamed] {
            let folder = folder();
            let at = folder.path();
            replace(at, "fire-list", b"the old list").unwrap();
            replace_in_steps(at, "fire-list", b"the new list", &mut |step| {
                if step == stop { Err(io::Error::other("power cut")) } else { Ok(()) }
            })
            .unwrap_err();
            let expected: &[u8] = if stop == Step::Renamed { b"the new list" } else { b"the old list" };
            assert_eq!(read_file(at, "fire-list").unwrap().as_deref(), Some(expected), "stopped after {stop:?}");

            remove_unfinished(at).unwrap();
            replace(at, "fire-list", b"a third list").unwrap();
            assert_eq!(read_file(at, "fire-list").unwrap().as_deref(), Some(&b"a third list"[..]));
            assert_eq!(fs::read_dir(at.join(FILES)).unwrap().count(), 1, "nothing left over after {stop:?}");
        }
    }

    #[test]
    fn a_file_name_cannot_lead_out_of_the_folder() {
        let folder = folder();
        for name in ["", "..", "../records.redb", "a/b", "Fire", "fire.list", "a\\b", &"x".repeat(65)] {
            assert!(matches!(read_file(folder.path(), name), Err(StoreError::Failed { .. })), "{name:?}");
            assert!(replace(folder.path(), name, b"x").is_err(), "{name:?}");
            assert!(remove(folder.path(), name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn a_missing_file_is_none_and_removing_it_is_no_error() {
        let folder = folder();
        assert_eq!(read_file(folder.path(), "keys").unwrap(), None);
        remove(folder.path(), "keys").unwrap();
        replace(folder.path(), "keys", b"").unwrap();
        assert_eq!(read_file(folder.path(), "keys").unwrap().as_deref(), Some(&b""[..]));
        remove(folder.path(), "keys").unwrap();
        assert_eq!(read_file(folder.path(), "keys").unwrap(), None);
    }

    #[test]
    fn a_word_left_beside_the_holder_of_the_lock_is_found_once_and_never_overwrites_another() {
        let folder = folder();
        leave_file(folder.path(), "opened-2", b"two").unwrap();
        leave_file(folder.path(), "opened-1", b"one").unwrap();
        assert!(leave_file(folder.path(), "opened-1", b"another").is_err());
        assert!(leave_file(folder.path(), "../opened", b"out of it").is_err());
        replace(folder.path(), "keys", b"").unwrap();
        assert_eq!(small_files(folder.path(), "opened-", 9).unwrap(), ["opened-1", "opened-2"]);
        assert_eq!(small_files(folder.path(), "opened-", 1).unwrap().len(), 1);
        assert_eq!(read_file(folder.path(), "opened-1").unwrap().as_deref(), Some(&b"one"[..]));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_a_small_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = folder();
        replace(folder.path(), "keys", b"sealed").unwrap();
        let mode = fs::metadata(folder.path().join(FILES).join("keys")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_full_disk_is_said_to_be_full() {
        let folder = folder();
        let full = io::Error::from(ErrorKind::StorageFull);
        assert!(matches!(system(folder.path(), "replace a small file", &full), StoreError::Full));
    }
}
