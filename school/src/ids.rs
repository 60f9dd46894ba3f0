//! Names of what a school keeps. Random bytes, never a name or a number that means something outside.

use muster_core::id::PersonId;
use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub [u8; 16]);

        impl $name {
            /// From exactly sixteen bytes, or `None`.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.iter().take(4).try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
    };
}

id!(/// A pupil.
    PupilId);
id!(/// A group that a register is taken of.
    GroupId);
id!(/// One roll call, or one event that several roll calls belong to.
    EventId);
id!(/// One visit of a visitor.
    VisitId);
id!(/// Somebody met in a roll call whom no list knew.
    StrangerId);

/// Anybody who can be called in a roll call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Who {
    /// A pupil.
    Pupil(PupilId),
    /// A member of staff.
    Staff(PersonId),
    /// A visitor or contractor, by visit.
    Visitor(VisitId),
    /// Somebody added during a roll call.
    Stranger(StrangerId),
}
