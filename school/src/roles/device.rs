//! Kinds of devices, and what each may do with nobody signed in.

use super::places;
use crate::areas::{ACCESS, ROLL};
use muster_core::authority::capability::{Capability, Right, Which};
use muster_core::id::PlaceId;

/// What a device is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeviceKind {
    /// Stands where leaders and leads work: may keep their sign-in keys as well as those of staff.
    Laptop,
    /// Goes about at a site: keeps the sign-in keys of staff, and opens the fire register.
    Tablet,
    /// Signs people in at a door: writes the roll and reads nothing.
    Kiosk,
    /// Keeps and passes on what it cannot read: a second copy, a way between sites.
    Blind,
}

impl DeviceKind {
    /// Every kind, in the order of a choice.
    pub const ALL: [Self; 4] = [Self::Tablet, Self::Laptop, Self::Kiosk, Self::Blind];

    /// One word, for a command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::Laptop => "laptop",
            Self::Tablet => "tablet",
            Self::Kiosk => "kiosk",
            Self::Blind => "blind",
        }
    }

    /// From that word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Laptop => "Leaders’ laptop",
            Self::Tablet => "Tablet or class laptop",
            Self::Kiosk => "Sign-in kiosk",
            Self::Blind => "Spare copy",
        }
    }

    /// What it may do, in a sentence.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Laptop => {
                "Everybody of its sites may sign in: leaders, safeguarding and SEN leads too. Opens the fire register."
            }
            Self::Tablet => {
                "Staff of its sites may sign in, but no leaders and no safeguarding or SEN leads. Opens the fire register."
            }
            Self::Kiosk => "Writes who comes and goes, and shows nobody anything.",
            Self::Blind => "Keeps a copy that it cannot read, and passes it on.",
        }
    }

    /// What it may do at these sites with nobody signed in; no site means every site.
    ///
    /// Each but a kiosk keeps and passes on everything of its sites and of the whole school. Laptop and tablet read
    /// and write the roll, and note access, for which they hold the keys of the day. A kiosk has the right to write
    /// both and to read neither: it posts them under a key of its own.
    pub fn capabilities(self, sites: &[PlaceId]) -> Vec<Capability> {
        let mut given = Vec::new();
        let everything = |right, place| Capability { right, area: Which::Any, place };
        if !sites.is_empty() && self != Self::Kiosk {
            given.push(everything(Right::Hold, Which::One(PlaceId::ZERO)));
        }
        for place in places(sites) {
            let of = |right, area| Capability { right, area: Which::One(area), place };
            if self != Self::Kiosk {
                given.push(everything(Right::Hold, place));
            }
            if matches!(self, Self::Laptop | Self::Tablet) {
                given.extend([of(Right::Read, ROLL), of(Right::Read, ACCESS)]);
            }
            if self != Self::Blind {
                given.extend([of(Right::Write, ROLL), of(Right::Write, ACCESS)]);
            }
            if self == Self::Laptop {
                given.push(everything(Right::KeepLeads, place));
            }
        }
        given.sort_unstable();
        given.dedup();
        given
    }

    /// The kind whose rights these are, with its sites; `None` for a list of rights that no kind has.
    pub fn of(given: &[Capability]) -> Option<(Self, Vec<PlaceId>)> {
        let sites = super::sites_of(given);
        Self::ALL.into_iter().find(|kind| kind.capabilities(&sites) == given).map(|kind| (kind, sites))
    }
}
