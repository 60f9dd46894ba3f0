//! What a site's records say about their own safety: backups that were proven by a drill, restores, and what staff asked
//! to have back.
//!
//! In the area of the roll, which every device of the site writes with nobody signed in and all staff there read. So a
//! request says what is to come back, and names no pupil's story.

use super::{Sound, is_line, is_text, values};
use serde::{Deserialize, Serialize};

/// Areas in a certificate: there are thirteen, and those of the engine.
const AREAS: usize = 64;

/// What a drill found: the certificate. Who filed it and when are the entry's own, signed by the device that ran it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proven {
    /// When the backup that was restored had been made, in milliseconds since 1970 UTC.
    pub taken_ms: i64,
    /// Which run of its archive it was, from 1.
    pub run: u32,
    /// Entries that were restored, each chain of them checked.
    pub entries: u64,
    /// Logs that were restored.
    pub logs: u32,
    /// Of those, how many end where this device's own records say.
    pub agreed: u32,
    /// What did not hold in the check of every chain, seal and right: 0 for nothing.
    pub findings: u32,
    /// Documents that were decrypted and rebuilt from the entries, with the keys of the device alone.
    pub documents: u32,
    /// Milliseconds until all was restored.
    pub restore_ms: u32,
    /// Milliseconds until the first fire register was there, from the beginning; `None` where there was none.
    pub fire_ms: Option<u32>,
    /// Milliseconds until everything was checked, from the beginning.
    pub whole_ms: u32,
    /// The verdict: all of it is right.
    pub sound: bool,
}

/// What a drill opened, and what the backup lacks: stands beside its [`Proven`], in the same act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Entries that are not in the backup, because they were damaged on the device when it was made.
    pub left_out: u64,
    /// People on the first fire register.
    pub people_on_fire: u32,
    /// People whose own keys are in it: they sign in on what is restored.
    pub people_with_keys: u32,
    /// By area, in the order of their numbers.
    pub areas: Vec<OpenedArea>,
}

/// What there is of an area in a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedArea {
    /// Its number.
    pub area: u16,
    /// Entries.
    pub entries: u64,
    /// Documents that there are keys of, as the cards and whoever reads them open them.
    pub sealed: u32,
    /// Documents that the device opened by itself.
    pub opened: u32,
}

/// When a device backs up, as somebody set it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupsSet {
    /// Every day by itself; else by hand only, and nobody waits for it.
    pub daily: bool,
}

/// A device's records were restored from a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// When the backup had been made, in milliseconds since 1970 UTC.
    pub taken_ms: i64,
    /// Entries that were restored.
    pub entries: u64,
    /// With two recovery cards.
    pub by_cards: bool,
}

/// Somebody asks to have something back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What is to come back.
    pub what: String,
    /// As it was when, in their words; may be empty.
    pub when: String,
}

/// How far a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Somebody has taken it up.
    InHand,
    /// It was done.
    Done,
    /// It cannot or need not be done.
    NotDone,
}

/// What was done about a request, and by the entry's author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// How far it is.
    pub stage: Stage,
    /// What was done, or why not.
    pub words: String,
}

values! {
    /// A fact of a site's week of backups.
    ContinuityFact {
        /// A drill's certificate.
        1501 => Proven,
        /// A restore.
        1502 => Restored,
        /// What the drill opened.
        1503 => Opened,
        /// When the device backs up.
        1504 => BackupsSet,
    }
}

values! {
    /// A fact of a request to have something back.
    RequestFact {
        /// The request.
        1511 => Asked,
        /// What came of it.
        1512 => Answered,
    }
}

impl Sound for Proven {
    fn is_sound(&self) -> bool {
        self.agreed <= self.logs && (!self.sound || self.holds())
    }
}

impl Proven {
    /// Whether all that is in the backup is whole and ends as the records of the device do, whatever it lacks.
    pub fn holds(&self) -> bool {
        self.findings == 0 && self.agreed == self.logs
    }
}

impl Sound for Opened {
    fn is_sound(&self) -> bool {
        self.areas.len() <= AREAS && self.areas.is_sorted_by(|one, next| one.area < next.area)
    }
}

impl Sound for BackupsSet {
    fn is_sound(&self) -> bool {
        true
    }
}

impl Sound for Restored {
    fn is_sound(&self) -> bool {
        true
    }
}

impl Sound for Asked {
    fn is_sound(&self) -> bool {
        is_text(&self.what) && !self.what.trim().is_empty() && is_line(&self.when)
    }
}

impl Sound for Answered {
    fn is_sound(&self) -> bool {
        is_text(&self.words) && (self.stage == Stage::InHand || !self.words.trim().is_empty())
    }
}
