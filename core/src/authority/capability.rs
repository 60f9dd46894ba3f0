//! Capabilities: what a grant lets its holder do, and where.
//!
//! The engine knows rights, areas and places, and nothing of roles: the embedder turns a role into a list of
//! these. What a grant does not list, its holder may not do.

use crate::id::{Area, Compartment, PlaceId};
use serde::{Deserialize, Serialize};

/// One of a kind, or every one there is and will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Which<T> {
    /// Every one, those made later included.
    Any,
    /// This one.
    One(T),
}

impl<T: PartialEq> Which<T> {
    /// Whether this takes in all that `other` does.
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (Self::One(mine), Self::One(theirs)) => mine == theirs,
            (Self::One(_), Self::Any) => false,
        }
    }

    /// Whether this takes in one.
    pub fn has(&self, one: &T) -> bool {
        match self {
            Self::Any => true,
            Self::One(mine) => mine == one,
        }
    }
}

/// What may be done in a compartment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Right {
    /// Read its records: be a recipient of its epochs.
    Read,
    /// Write entries.
    Write,
    /// Grant the rights one has, to persons of a weaker rank.
    Grant,
    /// Enrol devices. Whoever may do it may pass it on to persons of a weaker rank.
    Enrol,
    /// Keep and pass on its entries, readable or not. For devices.
    Hold,
    /// Open a case: write documents that others read, without reading theirs. Whoever may give any right at a
    /// place may give this one.
    Open,
    /// Keep the sign-in keys of people of rank 1 to 3, not only of staff. For devices.
    KeepLeads,
}

impl Right {
    /// Each of these lets its holder open a case, and add to one whose secret they hold.
    pub const OPENS_CASES: [Self; 3] = [Self::Open, Self::Write, Self::Read];
}

/// A right, in which areas, at which places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Capability {
    /// What.
    pub right: Right,
    /// In which areas.
    pub area: Which<Area>,
    /// At which sites; `One(PlaceId::ZERO)` is the school-wide compartment alone, `Any` takes it in.
    pub place: Which<PlaceId>,
}

impl Capability {
    /// What a head holds: every area everywhere, to read, write, give and let devices in.
    pub fn of_a_head() -> Vec<Self> {
        let everywhere = |right| Self { right, area: Which::Any, place: Which::Any };
        [Right::Read, Right::Write, Right::Grant, Right::Enrol].map(everywhere).to_vec()
    }

    /// Whether this allows all that `other` does.
    pub fn covers(&self, other: &Self) -> bool {
        self.right == other.right && self.area.covers(&other.area) && self.place.covers(&other.place)
    }

    /// Whether its holder may give `given` to somebody weaker: to a person by [`Right::Grant`], to a device by
    /// [`Right::Enrol`].
    pub fn lets_give(&self, by: Right, given: &Self) -> bool {
        match given.right {
            // To open a case reads nothing, so whoever lets people in at all lets them do that.
            Right::Open => self.right == by && self.place.covers(&given.place),
            // To let devices in opens no record either: whoever may do it may pass that on.
            Right::Enrol if self.covers(given) => true,
            _ => self.covers(&Self { right: by, ..*given }),
        }
    }

    /// Whether this gives `right` in `compartment`.
    pub fn gives(&self, right: Right, compartment: &Compartment) -> bool {
        self.right == right && self.area.has(&compartment.area) && self.place.has(&compartment.place)
    }
}
