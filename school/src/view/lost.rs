//! A device that is lost: what it held, who signed in on it, what it can still read, and what waits of it.

use super::status::Status;
use crate::roles::DeviceKind;
use muster_core::authority::reduction::EntryName;
use muster_core::id::{DeviceId, PlaceId};

/// How far the school has gone with a device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kept {
    /// It goes on.
    #[default]
    Fine,
    /// It is held back.
    HeldBack,
    /// It was taken out for good.
    TakenOut,
}

impl Kept {
    /// `fine`, `held back`, `taken out`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::HeldBack => "held back",
            Self::TakenOut => "taken out",
        }
    }

    /// How it is drawn.
    pub fn status(self) -> Status {
        match self {
            Self::Fine => Status::Synced,
            Self::HeldBack | Self::TakenOut => Status::Check,
        }
    }
}

/// One kind of records that a device held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldLine {
    /// `Registers`.
    pub what: String,
    /// `Oak Lane and North; 2025/26 and 2026/27`.
    pub from: String,
    /// `212 records`.
    pub count: String,
    /// How much of it the device is known to have: `all of it`, `at least 180 of 212 entries`.
    pub known: String,
}

/// All that is to be known of a device before and after it is held back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostView {
    /// Which.
    pub device: DeviceId,
    /// Its name.
    pub name: String,
    /// How far the school has gone with it.
    pub kept: Kept,
    /// `Held back on Monday 23 November at 09:14 by H. Marsh: it is lost.` Empty where it goes on.
    pub since: String,
    /// `Friday 15:22`, `never`.
    pub heard: String,
    /// What it is, whose records it may hold, who let it in and when: a sentence each.
    pub about: Vec<String>,
    /// What it is for, and its sites; no site means every site.
    pub is: Option<(DeviceKind, Vec<PlaceId>)>,
    /// What it held.
    pub holds: Vec<HeldLine>,
    /// Who had signed in on it, by name.
    pub people: Vec<String>,
    /// What whoever has it can still read, a sentence each.
    pub still: Vec<String>,
    /// What they cannot, a sentence each.
    pub never: Vec<String>,
    /// Whose keys lay on it and are still their keys, by name. Empty before it is said to be lost.
    pub outstanding: Vec<String>,
    /// The sentence about them.
    pub until_then: String,
    /// Whoever is signed in may hold it back, let it go on or take it out.
    pub may_act: bool,
}

/// An entry that waits to be adopted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaitingLine {
    /// `T. Okafor on Hall tablet`.
    pub who: String,
    /// `Monday 23 November 09:14`, by the clock of that device.
    pub when: String,
    /// `Registers, Oak Lane`.
    pub of: String,
    /// `Written after the device was held back`.
    pub why: String,
    /// What it says, a sentence each, as far as it can be opened here: `marked Ada Byrne late`.
    pub says: Vec<String>,
    /// Which: what is chosen to be adopted.
    pub entry: Option<EntryName>,
}

/// What a device shows that is not of the school now, in place of everything else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShutView {
    /// `This device was taken out of the school by the office.`
    pub title: String,
    /// What happened, what is gone, what to do: a sentence or two each.
    pub words: Vec<String>,
    /// Its name, and the school's.
    pub device: String,
}
