//! Openings of the fire list that could not be written down at once: a command opened it while the client had the
//! records, or they did not open.
//!
//! Each waits in a small sealed file of its own beside the records, and is an entry as soon as they are open. Should a
//! power cut come between the two, the opening is written down twice, never not at all. Whoever may write in the folder
//! can remove such a file, as they can the records.

use super::Device;
use crate::fire_file;
use crate::limits;
use anyhow::{Context as _, bail};
use muster_core::replica::DeviceSecrets;
use muster_core::time::Moment;
use muster_school::facts::access::Event;
use rand::Rng as _;
use std::path::Path;

/// How the names of these files begin.
const BEGINS: &str = "opened-";

/// Leaves word that the list was opened at this moment.
///
/// # Errors
/// When too many wait already, or the disk refuses.
pub fn leave(folder: &Path, at: Moment) -> anyhow::Result<()> {
    if muster_storage::small_files(folder, BEGINS, limits::OPENINGS_WAITING)?.len() >= limits::OPENINGS_WAITING {
        bail!("too many openings wait to be written down: start Muster, which does it");
    }
    let secrets: DeviceSecrets = fire_file::device(folder)?;
    let mut random = rand::rng();
    let name = format!("{BEGINS}{:016x}", random.next_u64());
    let sealed = secrets.seal_file(&name, &at.utc_ms.to_le_bytes(), &mut random).context("it could not be sealed")?;
    Ok(muster_storage::leave_file(folder, &name, &sealed)?)
}

impl Device {
    /// Writes down what waits. Says whether anything did. What cannot be written now is tried again.
    pub fn write_openings_down(&mut self) -> bool {
        if self.replica.is_wiped() {
            return false;
        }
        let Ok(names) = muster_storage::small_files(&self.folder, BEGINS, limits::OPENINGS_WAITING) else {
            return false;
        };
        for name in &names {
            if let Err(error) = self.write_opening_down(name) {
                tracing::warn!("an opening of the fire list is not written down yet: {error}");
            }
        }
        !names.is_empty()
    }

    fn write_opening_down(&mut self, name: &str) -> anyhow::Result<()> {
        let bytes = self.replica.sealed_file(name).ok().flatten();
        let utc_ms = bytes.and_then(|bytes| bytes.try_into().ok()).map(i64::from_le_bytes);
        if let Some(utc_ms) = utc_ms {
            // As the device, whoever is signed in: it was somebody else.
            let Some(site) = self.site() else { return Ok(()) };
            self.office_of_device(|office| Ok(office.note_access(site, Event::OpenedFireAt { utc_ms }).map(drop)?))?;
        } else {
            tracing::warn!("a note of an opening of the fire list is damaged, and is dropped");
        }
        Ok(self.replica.remove_file(name)?)
    }
}
