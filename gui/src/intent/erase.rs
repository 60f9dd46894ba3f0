//! What a person asks about erasing records.

use muster_core::id::{EntryHash, PlaceId};
use muster_school::erasure::{Ground, Why};
use muster_school::ids::PupilId;

/// What is done about records that are to go, or to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EraseAct {
    /// Say whose file a text fits: part of the name, or the admission number, as typed.
    Find(String),
    /// Order that a pupil's file is erased.
    File {
        /// Whose, as found.
        pupil: PupilId,
        /// On which ground.
        ground: Ground,
        /// Who asked, by what they are.
        asked_by: String,
    },
    /// Hold a pupil's file.
    Hold {
        /// Whose, as found.
        pupil: PupilId,
        /// Why.
        why: Why,
        /// Who asked, by what they are.
        asked_by: String,
    },
    /// Order that registers are erased of which a review has said so.
    Registers {
        /// Of which site.
        site: PlaceId,
        /// Who asked, by what they are.
        asked_by: String,
    },
    /// Sign an order as the second person.
    Sign(EntryHash),
    /// Undo an order.
    Undo(EntryHash),
    /// Lift a hold.
    Lift(EntryHash),
    /// Write the certificate of an order.
    Certificate {
        /// Of which.
        order: EntryHash,
        /// Into which folder, as typed.
        folder: String,
    },
}
