//! The client's settings, kept beside the records in a small plain file: they say nothing about anybody.

use muster_gui::{Settings, ThemeChoice};
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
