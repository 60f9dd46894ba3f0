//! What may lie beside the records: places of a drill or a restore that was killed, and folders that a restore put
//! aside. Each holds a whole store with a device's own keys, so that none may outlive what it is for.
//!
//! Only folders whose names and contents are as Muster makes them are touched, and none that is in use.

use muster_core::id::DeviceId;
use muster_core::replica::DeviceSecrets;
use muster_storage::{LockedFolder, read_file};
use std::fs;
use std::path::{Path, PathBuf};

/// Characters that a place's name ends with, chosen at random.
const RANDOM: usize = 6;
/// What follows the name of the records' folder.
const DRILL: &str = ".drill-";
const RESTORE: &str = ".restore-";
const ASIDE: &str = ".before-restore-";
/// The folder of the records in such a place.
pub(super) const RECORDS: &str = "records";

/// A new place for a drill, on the same disk as the records.
pub(super) fn for_drill(folder: &Path) -> anyhow::Result<tempfile::TempDir> {
    place(folder, DRILL)
}

/// A new place for a restore, which can take the place of the folder by a rename.
pub(super) fn for_restore(folder: &Path) -> anyhow::Result<tempfile::TempDir> {
    place(folder, RESTORE)
}

/// What a folder is called that is put aside at a time.
pub(super) fn aside(folder: &Path, at: &str) -> PathBuf {
    folder.with_file_name(format!("{}{ASIDE}{at}", name(folder)))
}

fn place(folder: &Path, kind: &str) -> anyhow::Result<tempfile::TempDir> {
    use anyhow::Context as _;
    let above = above(folder);
    fs::create_dir_all(above).with_context(|| format!("{} cannot be made", above.display()))?;
    let prefix = format!("{}{kind}", name(folder));
    let made = tempfile::Builder::new().prefix(&prefix).rand_bytes(RANDOM).tempdir_in(above);
    made.with_context(|| format!("there is no room beside {}", folder.display()))
}

fn name(folder: &Path) -> String {
    folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn above(folder: &Path) -> &Path {
    folder.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The folders beside another whose names are its own, this, and something that fits.
fn beside(folder: &Path, kind: &str, fits: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let prefix = format!("{}{kind}", name(folder));
    let found = fs::read_dir(above(folder)).into_iter().flatten().filter_map(Result::ok);
    let found = found.filter(|one| one.file_type().is_ok_and(|kind| kind.is_dir()));
    found
        .filter(|one| one.file_name().to_str().and_then(|name| name.strip_prefix(&prefix)).is_some_and(&fits))
        .map(|one| one.path())
        .collect()
}

/// Removes the places of drills and restores of a folder that were killed. One that is in use stays.
pub(crate) fn remove_unfinished(folder: &Path) {
    let is_random = |rest: &str| rest.len() == RANDOM && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    for kind in [DRILL, RESTORE] {
        for place in beside(folder, kind, is_random) {
            let records = place.join(RECORDS);
            // Only what can be locked is nobody's: whatever else stands in the way, it may be in use.
            let Ok(lock) = LockedFolder::lock(&records) else { continue };
            // Where a folder with an open file in it can be removed, it is held until it is gone.
            let _held = cfg!(unix).then_some(lock);
            if let Err(error) = fs::remove_dir_all(&place) {
                tracing::warn!("what a drill or a restore left beside the records cannot be removed: {error}");
            }
        }
    }
}

/// Removes all of it, for a device that was lost: what a restore put aside holds this device's keys, too.
///
/// # Errors
/// When any of it is still there.
pub(crate) fn remove_all(folder: &Path, device: DeviceId) -> anyhow::Result<()> {
    use anyhow::Context as _;
    remove_unfinished(folder);
    let is_date = |rest: &str| {
        rest.len() >= "2026-11-23-0900".len() && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
    };
    for aside in beside(folder, ASIDE, is_date) {
        // Another device's is not ours to remove.
        let of = read_file(&aside, "device").ok().flatten().and_then(|bytes| DeviceSecrets::decode(&bytes).ok());
        if of.is_some_and(|of| of.id() == device) {
            fs::remove_dir_all(&aside).with_context(|| format!("{} cannot be removed", aside.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_muster_left_is_removed_and_nothing_of_a_like_name() {
        let above = tempfile::tempdir().unwrap();
        let at = |name: &str| above.path().join(name);
        let folder = at("muster");
        let ours = ["muster.drill-a1B2c3", "muster.restore-Zz9Yy8"];
        for name in ours {
            fs::create_dir_all(at(name).join(RECORDS)).unwrap();
        }
        let others =
            ["muster.drill-2025", "muster.drill-abcdef", "other.drill-a1B2c3", "muster.before-restore-2026-11-23-0900"];
        for name in others {
            fs::create_dir_all(at(name).join("certificates")).unwrap();
        }
        fs::write(at("muster.drill-certif"), b"a certificate").unwrap();
        let in_use = at("muster.restore-inUse1").join(RECORDS);
        let lock = LockedFolder::create(&in_use).unwrap();
        remove_unfinished(&folder);
        assert!(ours.iter().all(|name| !at(name).exists()));
        assert!(others.iter().all(|name| at(name).exists()) && at("muster.drill-certif").exists());
        assert!(in_use.exists(), "another process is restoring");
        drop(lock);
        remove_unfinished(&folder);
        assert!(!in_use.exists());
    }
}
