//! Devices, how far changes got, what is to settle, and bringing a device in.

use super::lost::{LostView, WaitingLine};
use super::{AsOf, Span};
use crate::view::status::Status;
use crate::view::today::Link;
use muster_core::id::DeviceId;

/// Devices and sync.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DevicesView {
    /// `Up to date 09:14. 8 of 9 other devices heard from today.`
    pub summary: String,
    /// The device that may hold the only copy of something, and what to do.
    pub warning: Option<Vec<Span>>,
    /// Every other device.
    pub rows: Vec<DeviceRow>,
    /// What two people said differently.
    pub to_settle: Vec<SettleLine>,
    /// How many changes are on how many devices.
    pub spread: Vec<SpreadLine>,
    /// `1,235 changes since midnight. A change is safe against one lost device once it is on 2.`
    pub spread_note: String,
    /// How old the two panels are.
    pub as_of: AsOf,
    /// Whoever is signed in may enrol a device.
    pub may_invite: bool,
    /// The sites that a new device may be given, in the order to show.
    pub sites: Vec<SiteChoice>,
    /// The device that was looked at, if one was.
    pub lost: Option<Box<LostView>>,
    /// Entries that wait to be adopted.
    pub waiting: Vec<WaitingLine>,
    /// The invitation in progress, if there is one.
    pub invite: Option<InviteView>,
    /// Backups, and what staff asked to have back.
    pub backups: super::backups::BackupsView,
    /// Text for support: counts and versions, no names.
    pub support: String,
}

/// A site that a new device may be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteChoice {
    /// Which.
    pub site: muster_core::id::PlaceId,
    /// Its name.
    pub name: String,
}

/// Another device.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceRow {
    /// Which.
    pub device: DeviceId,
    /// Its name.
    pub name: String,
    /// Synced, unsynced or check.
    pub status: Status,
    /// `09:14`, `Friday 15:22`, `never`.
    pub heard: String,
    /// What it lacks: `nothing`, `4 changes`, `unknown`.
    pub lacks: String,
    /// What we lack of it.
    pub we_lack: String,
    /// `This network`, `Typed address`, `Not reached`.
    pub path: String,
    /// `same`, `2 s ahead`, `6 min behind`, `unknown`.
    pub clock: String,
    /// It needs a look: shown on the ground of a warning.
    pub attention: bool,
}

/// A conflict that a person has to settle.
#[derive(Clone, Debug, PartialEq)]
pub struct SettleLine {
    /// `Leila Hassan, this morning`.
    pub what: String,
    /// `Present by H. Marsh, late by T. Okafor`.
    pub between: String,
    /// Where it is settled.
    pub link: Link,
}

/// A step of the spread of changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpreadLine {
    /// `On 3 devices or more`.
    pub words: String,
    /// How many changes.
    pub count: u32,
}

/// How far bringing in a device has got, on the officer's side.
#[derive(Clone, PartialEq, Eq)]
pub enum InviteView {
    /// The code is shown and the door is open.
    Open {
        /// The six words.
        words: Vec<String>,
        /// The whole code, with this device's id and addresses, to copy or type as one line.
        code: String,
        /// `Works once, until 09:40`.
        expires: String,
        /// For how many seconds from now the code still works.
        left_secs: u32,
    },
    /// A device has proven the words: both screens show this phrase.
    Compare {
        /// The name the new device gave itself.
        device: String,
        /// The short phrase that must be the same on both screens.
        phrase: String,
        /// The device of the school that it may be already.
        twice: Option<Twin>,
    },
    /// It is in.
    Done {
        /// Its name.
        device: String,
        /// The device of the school that it may have been before, to be retired.
        twice: Option<Twin>,
    },
    /// It did not work, and what to do.
    Failed {
        /// In a sentence.
        words: String,
    },
}

/// Another device of the school with the name of one that is let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twin {
    /// Which.
    pub device: DeviceId,
    /// `Hall tablet`.
    pub name: String,
}

impl std::fmt::Debug for InviteView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Open { expires, .. } => {
                f.debug_struct("Open").field("code", &"***").field("expires", expires).finish()
            }
            Self::Compare { device, .. } => f.debug_struct("Compare").field("device", device).finish_non_exhaustive(),
            Self::Done { device, .. } => f.debug_struct("Done").field("device", device).finish(),
            Self::Failed { words } => f.debug_struct("Failed").field("words", words).finish(),
        }
    }
}

/// A device that is not in a school yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JoinView {
    /// Asks for the code and a name for this device.
    Ask {
        /// Why the last try did not work, and what to do.
        problem: Option<String>,
    },
    /// Looking for the other device.
    Calling {
        /// What is being done, with a time in it.
        words: String,
    },
    /// Both screens show this phrase; the officer confirms on the other.
    Compare {
        /// The short phrase.
        phrase: String,
    },
    /// Receiving the school: it is in already.
    Receiving {
        /// How far, in a sentence.
        words: String,
        /// What comes, in the order in which it comes.
        parts: Vec<JoinPart>,
    },
    /// It is in: the lock screen comes next.
    Done,
}

/// One part of what a new device receives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JoinPart {
    /// As in `Today’s fire list`.
    pub what: String,
    /// How much of it has come, as in `34 entries`.
    pub came: String,
    /// All of it is here.
    pub here: bool,
}

impl Default for JoinView {
    fn default() -> Self {
        Self::Ask { problem: None }
    }
}
