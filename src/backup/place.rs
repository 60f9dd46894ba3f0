//! Where a folder of records lives: so that a copy of it is known for one when it is opened.
//!
//! A moved folder is the same; one that was copied, or put back from a copy by other means, has other files with the same
//! contents, or another machine around it. An image of a whole disk looks the same in every way: of that the records
//! themselves tell (`muster_core::replica`, incarnations).

use muster_core::crypto::hash::hash;
use muster_core::replica::Replica;
use muster_core::replica::records::RecordsError;
use muster_core::replica::store::Store;
use rand::CryptoRng;
use std::path::Path;

/// The name of the small file.
pub const FILE: &str = "place";

/// What is true of this place and of no copy.
pub fn fingerprint(folder: &Path) -> std::io::Result<[u8; 32]> {
    let files = ["", "records.redb"].map(|name| mark(&folder.join(name)));
    let [of_folder, of_records] = files;
    Ok(hash("muster 1 place", &[&machine(), &of_folder?, &of_records?]))
}

/// What tells a file from a copy of it: when it was made, which most copies do not keep; or its number, where the file
/// system keeps no such time. Numbers alone would not do: those of some sticks and cards change at each mount. On macOS,
/// where the usual ways of copying keep the time, the number counts too.
fn mark(path: &Path) -> std::io::Result<Vec<u8>> {
    let about = path.metadata()?;
    match about.created() {
        Ok(made) => {
            let since = made.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
            let mut mark = since.as_nanos().to_le_bytes().to_vec();
            if cfg!(target_os = "macos") {
                mark.extend(number(&about)?);
            }
            Ok(mark)
        }
        Err(_) => number(&about),
    }
}

#[cfg(unix)]
fn number(about: &std::fs::Metadata) -> std::io::Result<Vec<u8>> {
    Ok(std::os::unix::fs::MetadataExt::ino(about).to_le_bytes().to_vec())
}

#[cfg(not(unix))]
fn number(_: &std::fs::Metadata) -> std::io::Result<Vec<u8>> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// What the system calls this machine; empty where it has no name for it.
fn machine() -> Vec<u8> {
    std::fs::read("/etc/machine-id").unwrap_or_default()
}

/// Whether the records in a folder were copied there since this was last asked there.
pub fn was_copied<S: Store>(replica: &Replica<S>, folder: &Path) -> bool {
    let Ok(Some(kept)) = replica.sealed_file(FILE) else { return false };
    fingerprint(folder).is_ok_and(|here| kept != here)
}

/// Notes where the records are. Where that cannot be known, nothing is noted.
///
/// # Errors
/// When the file cannot be replaced.
pub fn note<S: Store>(replica: &mut Replica<S>, folder: &Path, random: &mut dyn CryptoRng) -> Result<(), RecordsError> {
    let Ok(here) = fingerprint(folder) else { return Ok(()) };
    if matches!(replica.sealed_file(FILE), Ok(Some(kept)) if kept == here) {
        return Ok(());
    }
    replica.put_sealed_file(FILE, &here, random)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_moved_folder_is_the_same_and_a_copy_is_another() {
        let place = tempfile::tempdir().unwrap();
        let (here, there, copy) = (place.path().join("here"), place.path().join("there"), place.path().join("copy"));
        fs::create_dir(&here).unwrap();
        fs::write(here.join("records.redb"), b"records").unwrap();
        let before = fingerprint(&here).unwrap();
        fs::write(here.join("records.redb"), b"more records").unwrap();
        assert_eq!(fingerprint(&here).unwrap(), before, "it was written to");
        fs::rename(&here, &there).unwrap();
        assert_eq!(fingerprint(&there).unwrap(), before, "it was moved");
        // File times move in steps: the copy is made once another file has a later one.
        let made = |path: &Path| path.metadata().and_then(|about| about.created()).ok();
        let (probe, begun) = (place.path().join("probe"), made(&there.join("records.redb")));
        loop {
            fs::write(&probe, b"x").unwrap();
            if begun.is_none() || made(&probe) > begun {
                break;
            }
            fs::remove_file(&probe).unwrap();
        }
        fs::create_dir(&copy).unwrap();
        fs::copy(there.join("records.redb"), copy.join("records.redb")).unwrap();
        assert_ne!(fingerprint(&copy).unwrap(), before, "it was copied");
    }
}
