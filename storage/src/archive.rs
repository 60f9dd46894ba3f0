//! Backups on a disk: folders and files, nothing of what is in them.
//!
//! In the folder that was chosen lies one folder for each device that backs up there, and in that one folder for each
//! archive, numbered from 1: a new one is begun now and then, so that what was erased leaves the backups too. A file is
//! written beside, synced and renamed, so that a pulled stick or a full disk leaves whole files only.
//!
//! Not here: what the files say and who may open them (`muster_core::backup`), and when an archive is begun or removed.

use crate::limits::{ARCHIVE_FILE_BYTES, ARCHIVES};
use crate::small_file::{private_file, sync_folder, system};
use muster_core::backup::Shelf;
use muster_core::id::{DeviceId, SchoolId};
use muster_core::replica::store::StoreError;
use std::fs::{self, DirBuilder, File};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// How a device's folder of archives begins.
const PREFIX: &str = "muster-backup-";
/// How an archive's folder begins.
const ARCHIVE: &str = "archive-";
/// How a file that is not finished yet ends: no valid name contains a full stop.
const UNFINISHED: &str = ".new";

/// The archives of one device in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Archives {
    path: PathBuf,
}

impl Archives {
    /// Those of a device in a folder that was chosen for backups, whether there are any yet or not.
    pub fn of(chosen: &Path, school: &SchoolId, device: &DeviceId) -> Self {
        Self { path: chosen.join(format!("{PREFIX}{}-{}", short(&school.0), short(&device.0))) }
    }

    /// All that lie in a folder; or the folder itself, where it is one.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn found(chosen: &Path) -> Result<Vec<Self>, StoreError> {
        let is_one = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX));
        if is_one(chosen) {
            return Ok(vec![Self { path: chosen.to_owned() }]);
        }
        let listed = fs::read_dir(chosen).map_err(|error| system(chosen, "look for backups", &error))?;
        let found = listed.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_one(path) && path.is_dir());
        let mut found: Vec<Self> = found.take(ARCHIVES).map(|path| Self { path }).collect();
        found.sort();
        Ok(found)
    }

    /// Where they are.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The numbers of its archives, the oldest first; none where there is no such folder.
    ///
    /// # Errors
    /// When the folder is there and cannot be read.
    pub fn numbers(&self) -> Result<Vec<u32>, StoreError> {
        let listed = match fs::read_dir(&self.path) {
            Ok(listed) => listed,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(system(&self.path, "look for backups", &error)),
        };
        let names = listed.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut numbers: Vec<u32> = names.filter_map(|name| name.strip_prefix(ARCHIVE)?.parse().ok()).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// One of them.
    pub fn archive(&self, number: u32) -> ArchiveFolder {
        ArchiveFolder { path: self.path.join(format!("{ARCHIVE}{number:06}")) }
    }

    /// Makes the folder of a new one, for its owner only. The folder that was chosen must be there: a stick that is not
    /// in would else be made up on the disk.
    ///
    /// # Errors
    /// When the chosen folder is not there, or refuses.
    pub fn begin(&self, number: u32) -> Result<ArchiveFolder, StoreError> {
        let doing = "begin a backup";
        let chosen = self.path.parent().unwrap_or(&self.path);
        let made = self.archive(number);
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        for folder in [&self.path, &made.path] {
            match builder.create(folder) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(system(chosen, doing, &error)),
                _ => {}
            }
        }
        let synced = sync_folder(&self.path).and_then(|()| sync_folder(chosen));
        synced.map_err(|error| system(chosen, doing, &error))?;
        Ok(made)
    }

    /// Removes an archive; one that is not there is no error.
    ///
    /// # Errors
    /// When some of it is still there.
    pub fn remove(&self, number: u32) -> Result<(), StoreError> {
        match fs::remove_dir_all(self.archive(number).path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(system(&self.path, "remove an old backup", &error))
            }
            _ => Ok(()),
        }
    }
}

/// The first eight bytes, as people compare them.
fn short(id: &[u8; 32]) -> String {
    id.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// One archive: a folder of files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveFolder {
    path: PathBuf,
}

impl ArchiveFolder {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn file(&self, name: &str, doing: &'static str) -> Result<PathBuf, StoreError> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if name.is_empty() || !name.bytes().all(allowed) {
            let detail = "a name in a backup is lower-case letters, digits and hyphens".to_owned();
            return Err(StoreError::Failed { doing, place: self.path.display().to_string(), detail });
        }
        Ok(self.path.join(name))
    }
}

impl Shelf for ArchiveFolder {
    fn names(&self) -> Result<Vec<String>, StoreError> {
        let listed = fs::read_dir(&self.path).map_err(|error| system(&self.path, "look into a backup", &error))?;
        let names = listed.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names.filter(|name| !name.ends_with(UNFINISHED)).collect();
        names.sort();
        Ok(names)
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let doing = "read a backup";
        let file = match File::open(self.file(name, doing)?) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(system(&self.path, doing, &error)),
        };
        let mut bytes = Vec::new();
        file.take(ARCHIVE_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| system(&self.path, doing, &error))?;
        if bytes.len() as u64 > ARCHIVE_FILE_BYTES {
            let detail = format!("the file {name} is larger than any that Muster writes");
            return Err(StoreError::Failed { doing, place: self.path.display().to_string(), detail });
        }
        Ok(Some(bytes))
    }

    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let doing = "write a backup";
        let path = self.file(name, doing)?;
        if bytes.len() as u64 > ARCHIVE_FILE_BYTES {
            let detail = format!("the file {name} would be larger than can be read back");
            return Err(StoreError::Failed { doing, place: self.path.display().to_string(), detail });
        }
        let beside = path.with_file_name(format!("{name}{UNFINISHED}"));
        let written = (|| {
            let mut file = private_file(&beside)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            drop(file);
            fs::rename(&beside, &path)?;
            sync_folder(&self.path)
        })();
        if written.is_err() {
            // On a full stick, half a file is room that the next try needs.
            let _ = fs::remove_file(&beside);
        }
        written.map_err(|error| system(&self.path, doing, &error))
    }

    fn remove(&mut self, name: &str) -> Result<(), StoreError> {
        let doing = "tidy a backup";
        match fs::remove_file(self.file(name, doing)?) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(system(&self.path, doing, &error)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archives(chosen: &Path) -> Archives {
        Archives::of(chosen, &SchoolId([1; 32]), &DeviceId([2; 32]))
    }

    #[test]
    fn archives_are_found_by_number_in_the_folder_that_was_chosen_or_in_their_own() {
        let place = tempfile::tempdir().unwrap();
        let of_device = archives(place.path());
        assert_eq!(of_device.numbers().unwrap(), Vec::<u32>::new());
        for number in [2, 1, 10] {
            of_device.begin(number).unwrap().put("head", b"sealed").unwrap();
        }
        fs::create_dir(place.path().join("holiday photographs")).unwrap();
        assert_eq!(of_device.numbers().unwrap(), [1, 2, 10]);
        assert_eq!(Archives::found(place.path()).unwrap(), std::slice::from_ref(&of_device));
        assert_eq!(Archives::found(of_device.path()).unwrap(), std::slice::from_ref(&of_device));
        of_device.remove(2).unwrap();
        of_device.remove(2).unwrap();
        assert_eq!(of_device.numbers().unwrap(), [1, 10]);
    }

    #[test]
    fn a_stick_that_is_not_in_is_an_error_and_is_not_made_up_on_the_disk() {
        let place = tempfile::tempdir().unwrap();
        let stick = place.path().join("stick");
        assert!(archives(&stick).begin(1).is_err());
        assert!(!stick.exists());
    }

    #[test]
    fn a_file_of_a_backup_is_there_whole_or_not_at_all_and_no_name_leads_out_of_it() {
        let place = tempfile::tempdir().unwrap();
        let mut archive = archives(place.path()).begin(1).unwrap();
        archive.put("part-0000000001", b"sealed").unwrap();
        fs::write(archive.path().join("part-0000000002.new"), b"hal").unwrap();
        assert_eq!(archive.names().unwrap(), ["part-0000000001"]);
        assert_eq!(archive.get("part-0000000002").unwrap(), None);
        for name in ["", "..", "a/b", "Part", "part.1"] {
            assert!(archive.get(name).is_err() && archive.put(name, b"x").is_err(), "{name:?}");
        }
        let too_long = vec![0; usize::try_from(ARCHIVE_FILE_BYTES).unwrap() + 1];
        assert!(archive.put("manifest-0000000001", &too_long).is_err(), "what could not be read back is not written");
        assert_eq!(archive.get("manifest-0000000001").unwrap(), None);
        // The stick is pulled: what is asked of it fails, and nothing is made up.
        fs::remove_dir_all(place.path()).unwrap();
        assert!(archive.put("part-0000000002", b"sealed").is_err());
        assert!(archive.names().is_err());
    }
}
