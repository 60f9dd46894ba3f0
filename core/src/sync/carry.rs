//! Sync by hand: what one device holds, in a file that somebody carries to others.
//!
//! The file holds the very frames that two devices say to each other, each signed by the device that wrote it: entries
//! with their seals, sealed records, lists of authority heads, nothing in clear that a device which only passes on
//! would not see. Nobody answers a file, so [`give::CarryOut`] puts in all of a stated [`Scope`], or, if somebody
//! carried over what the other holds ([`held::Held`]), what that lacks. [`take::CarryIn`] takes a file as an untrusted
//! peer's words: everything is verified as from the network, what does not hold or does not follow on anything here is
//! counted and said, and what is whole of a damaged or shortened file is taken. Taking it twice, or taking two files in
//! another order, changes nothing.
//!
//! Each frame stands by itself: the next is understood without the one before, so that damage costs what it hits.
//!
//! Not here: files and folders (the program), what is worth carrying (the embedder says the scope).

mod frame;
pub mod give;
pub mod held;
pub mod take;

use crate::id::Area;
use crate::time::Moment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How much of an area is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// What was written since then, by the clocks of those who wrote it, and what no other device is known to hold.
    Since(Moment),
}

/// What is carried, besides the authority area, which always is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything that this device holds, the sign-in keys on their way to devices included.
    Everything,
    /// These areas, of every place and year that this device holds.
    Areas(BTreeMap<Area, Extent>),
}

impl Scope {
    /// How much of an area; `None` for nothing.
    fn of(&self, area: Area) -> Option<Extent> {
        match self {
            _ if area.is_reserved() => Some(Extent::Whole),
            Self::Everything => Some(Extent::Whole),
            Self::Areas(areas) => areas.get(&area).copied(),
        }
    }
}

/// What one frame of a file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Carried {
    /// A message, as between two devices.
    Message(Vec<u8>),
    /// The end: how many frames there were before this one, and whether there was more than fits a file.
    End { frames: u32, cut_off: bool },
}
