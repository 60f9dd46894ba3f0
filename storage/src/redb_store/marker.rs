//! The file that says a whole check is owed: there while the records are open, and after a stop that was not clean.
//!
//! It comes before the records are opened and goes when they were closed without trouble, or when a check found
//! them sound. A program that dies leaves it behind, and the next one knows.

use crate::small_file::{private_file, sync_folder, system};
use muster_core::replica::store::StoreError;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Its name in the store's folder.
const CHECK_OWED: &str = "check-owed";

/// The marker of one opening.
#[derive(Debug)]
pub(super) struct Marker {
    folder: PathBuf,
    owed: bool,
}

impl Marker {
    /// Sets the marker, remembering whether it was there.
    pub(super) fn set(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(CHECK_OWED);
        let owed = path.exists();
        if !owed {
            let made = private_file(&path).and_then(|_| sync_folder(folder));
            made.map_err(|error| system(folder, "note that the records are open", &error))?;
        }
        Ok(Self { folder: folder.to_owned(), owed })
    }

    /// Whether the stop before this opening was not clean, or something went wrong since, and nothing was checked.
    pub(super) fn owed(&self) -> bool {
        self.owed
    }

    /// Something went wrong: the marker stays when the store is closed.
    pub(super) fn owe(&mut self) {
        self.owed = true;
    }

    /// A whole check found the records sound.
    pub(super) fn paid(&mut self) {
        self.owed = false;
    }

    /// The records are closed. Leaving the marker behind costs a check, nothing else.
    pub(super) fn closed(&self) -> io::Result<()> {
        if self.owed {
            return Ok(());
        }
        match fs::remove_file(self.folder.join(CHECK_OWED)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => sync_folder(&self.folder),
        }
    }
}
