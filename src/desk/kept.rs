//! The client's settings, kept beside the records in a small plain file: they say nothing about anybody.

use super::shared::Shared;
use muster_core::replica::store::StoreError;
use muster_gui::{Settings, ThemeChoice};
use muster_storage::LockedFolder;
use serde::{Deserialize, Serialize};
use std::path::Path;

const FILE: &str = "settings";

#[derive(Serialize, Deserialize)]
struct Kept {
    theme: String,
    size_percent: u16,
    touch: bool,
    reduce_motion: bool,
}

/// Reads them; what is missing or damaged is as if never set.
pub(super) fn load(folder: &Path) -> Settings {
    let bytes = muster_storage::read_file(folder, FILE).ok().flatten();
    let Some(kept) = bytes.and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok()) else {
        return Settings::default();
    };
    let theme = ThemeChoice::ALL.into_iter().find(|theme| format!("{theme:?}") == kept.theme).unwrap_or_default();
    Settings {
        theme,
        size_percent: kept.size_percent.clamp(100, 200),
        touch: kept.touch,
        reduce_motion: kept.reduce_motion,
    }
}

/// Keeps them where no records are open: before there is a school here, or while its records do not open.
///
/// # Errors
/// When another process has the folder, or the disk refuses.
fn keep(folder: &Path, settings: &Settings) -> Result<(), StoreError> {
    let (name, bytes) = bytes(settings);
    LockedFolder::create(folder)?.put_file(name, &bytes)
}

/// As [`keep`]; what could not be kept is said, and the settings hold until the program ends.
pub(super) fn keep_or_say(folder: &Path, settings: &Settings, shared: &Shared) {
    if let Err(error) = keep(folder, settings) {
        shared.say(&format!("The settings hold now and were not kept: {error}"));
    }
}

/// As bytes for the file.
pub(super) fn bytes(settings: &Settings) -> (&'static str, Vec<u8>) {
    let kept = Kept {
        theme: format!("{:?}", settings.theme),
        size_percent: settings.size_percent,
        touch: settings.touch,
        reduce_motion: settings.reduce_motion,
    };
    (FILE, serde_json::to_vec(&kept).unwrap_or_default())
}
