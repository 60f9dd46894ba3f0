//! Erasure, as it is said: what is to be erased, who signs it a second time, who stops it, and who has done it.
//!
//! These acts lie in the authority area, because every device has it, blind ones too, and it comes first in every
//! meeting. They say nothing about who may do what. They hold names of sections, documents and secrets, and numbers;
//! why and for whom is told in words elsewhere, by the embedder.
//!
//! Not here: what follows from them ([`super::erasures`]), and destroying anything (the replica).

use crate::id::{EntryHash, Handle, SecretId, Section};
use crate::limits;
use serde::{Deserialize, Serialize};

/// A document and its secrets: to be erased by their loss, or to be held.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Keyed {
    /// Where it lies.
    pub section: Section,
    /// Which document.
    pub handle: Handle,
    /// All its secrets that its author knew of, ascending; for an erasure at least one. Devices that cannot read the
    /// document know it by nothing else; what was written under another secret stays.
    pub secrets: Vec<SecretId>,
}

/// One act about erasure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ErasureAct {
    /// Documents are to be erased.
    Erase {
        /// Which, ascending.
        documents: Vec<Keyed>,
        /// On which ground: the embedder's number.
        ground: u16,
        /// When what its author knew of these documents had been written, by all the clocks that wrote it, in
        /// milliseconds since 1970 UTC: its own time, or later where others are ahead.
        until_ms: i64,
    },
    /// A second person says so, too.
    Confirm {
        /// The erasure.
        erasure: EntryHash,
    },
    /// It is not to be.
    Undo {
        /// The erasure.
        erasure: EntryHash,
    },
    /// Documents are not to be erased, whoever says so, nor any of these secrets under the name of another document.
    Hold {
        /// Which, ascending.
        documents: Vec<Keyed>,
        /// Why: the embedder's number.
        ground: u16,
    },
    /// A hold ends.
    Release {
        /// The hold.
        hold: EntryHash,
    },
    /// A device has destroyed what it had: said by the device itself.
    Done {
        /// Of which erasures, ascending.
        erasures: Vec<EntryHash>,
    },
}

impl ErasureAct {
    /// Whether its lists are in their one form and within the limits.
    pub fn is_legal(&self) -> bool {
        let may = |section: &Section| !section.compartment.area.is_reserved();
        let whole = |documents: &[Keyed], least: usize| {
            let named = |one: &Keyed| (one.section, one.handle);
            let whole = |one: &Keyed| {
                may(&one.section)
                    && (least..=limits::SECRETS_OF_ERASED).contains(&one.secrets.len())
                    && one.secrets.is_sorted_by(|left, right| left < right)
            };
            (1..=limits::ERASED_AT_ONCE).contains(&documents.len())
                && documents.is_sorted_by(|left, right| named(left) < named(right))
                && documents.iter().all(whole)
        };
        match self {
            Self::Erase { documents, .. } => whole(documents, 1),
            Self::Hold { documents, .. } => whole(documents, 0),
            Self::Done { erasures } => {
                (1..=limits::ERASED_AT_ONCE).contains(&erasures.len())
                    && erasures.is_sorted_by(|left, right| left < right)
            }
            Self::Confirm { .. } | Self::Undo { .. } | Self::Release { .. } => true,
        }
    }
}
