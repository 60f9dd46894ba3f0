//! Orders to erase and holds, as a screen or a page shows them.

use crate::ids::PupilId;
use muster_core::id::{EntryHash, PlaceId};

/// How far an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Somebody else has to sign it.
    Unsigned,
    /// It can be undone.
    Cooling,
    /// A hold keeps all of it.
    Held,
    /// Some device has destroyed what it had; others are outstanding.
    Destroyed,
    /// All have.
    Confirmed,
    /// It was undone.
    Undone,
}

/// An order to erase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasureLine {
    /// Its name.
    pub id: EntryHash,
    /// Of what, in words that name nobody.
    pub what: String,
    /// Whose file it is, while whoever is signed in may read it.
    pub whose: Option<String>,
    /// How far it is.
    pub stage: Stage,
    /// How far it is, in words.
    pub state: String,
    /// Ground, who asked, who signed, who is outstanding: a sentence a line.
    pub story: Vec<String>,
    /// Whoever is signed in may sign it as the second.
    pub may_sign: bool,
    /// Whoever is signed in may undo it.
    pub may_undo: bool,
}

/// A hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldLine {
    /// Its name.
    pub id: EntryHash,
    /// Of what and why.
    pub what: String,
    /// Whose file it is, while whoever is signed in may read it.
    pub whose: Option<String>,
    /// Who placed it, and who lifted it.
    pub story: Vec<String>,
    /// Whoever is signed in may lift it.
    pub may_lift: bool,
}

/// The pupil that a text fits, to be looked at before anything is ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFile {
    /// What was typed.
    pub typed: String,
    /// Who it is.
    pub pupil: PupilId,
    /// Name, admission number, day of birth, site and time on roll.
    pub whose: String,
}

/// All of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErasuresView {
    /// Orders, those that wait for somebody first.
    pub orders: Vec<ErasureLine>,
    /// Holds, those that stand first.
    pub holds: Vec<HoldLine>,
    /// Whoever is signed in decides about erasing.
    pub may_order: bool,
    /// Whose file was looked for.
    pub found: Option<FoundFile>,
    /// The site of this device, whose reviewed registers may be ordered to be erased.
    pub site: Option<(PlaceId, String)>,
}
