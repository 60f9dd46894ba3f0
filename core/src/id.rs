//! Names of things, each a type of its own so that no two can be mixed up.
//!
//! All are fixed-size bytes. They are written in full as lower-case hexadecimal by `Display`, and
//! shortened to eight digits by `Debug`, which is what logs show.
//!
//! Not here: how an id comes about. Hashes are made in `crypto::hash`, random ids by the caller.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $size:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub [u8; $size]);

        impl $name {
            /// All bits zero: stands for "none" where the text of a field says so.
            pub const ZERO: Self = Self([0; $size]);

            /// The bytes.
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }

            /// From exactly this many bytes, or `None`.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }

            /// From hexadecimal as `Display` writes it, or `None`.
            pub fn from_hex(text: &str) -> Option<Self> {
                blake3_hex(text).and_then(|bytes| Self::from_slice(&bytes))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0[..4].iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
    };
}

fn blake3_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

id!(/// A school: the hash of its founding object.
    SchoolId, 32);
id!(/// A device: its Ed25519 public key, which is also its iroh endpoint id.
    DeviceId, 32);
id!(/// A person: random, made when the person is first granted anything. Never a name.
    PersonId, 16);
id!(/// A site, random. [`PlaceId::ZERO`] stands for the whole school.
    PlaceId, 16);
id!(/// Who writes: the hash of a seat certificate (one incarnation of a person on a device, or of a device).
    SeatId, 32);
id!(/// A log: the hash of school, seat, compartment and academic year.
    LogId, 32);
id!(/// An entry: the hash of its canonical header, which holds the hash of its body.
    EntryHash, 32);
id!(/// What joins the entries of one act of a user. Random.
    ActId, 16);
id!(/// One key of a compartment: a commitment to the key.
    EpochId, 32);
id!(/// One secret of a document: a commitment to the secret.
    SecretId, 16);
id!(/// A document's name inside the outer layer of a body: a hash of school, compartment, kind and natural key.
    Handle, 16);
id!(/// A grant of rights: the hash of the authority entry that made it, or the school id for the founding head's.
    GrantId, 32);
id!(/// A frontier object: the hash of a full list of authority heads.
    FrontierId, 32);

/// What a record is about: one of `authority`, `register`, `roll` and so on. The numbers are the embedder's,
/// except [`Area::AUTHORITY`], [`Area::CHECKPOINTS`] and [`Area::PARTS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Area(pub u16);

impl Area {
    /// Statements of who may do what: in clear, readable by every enrolled device, ids only.
    pub const AUTHORITY: Self = Self(0);
    /// That devices are there, and what they say they hold of the authority area: in clear, of every device of the
    /// school, ids and digests only. It has no logs.
    pub const CHECKPOINTS: Self = Self(u16::MAX);
    /// What devices say they hold of one place: as [`Area::CHECKPOINTS`], and only of devices that keep something of
    /// that place.
    pub const PARTS: Self = Self(u16::MAX - 1);

    /// Whether no embedder has records in it.
    pub const fn is_reserved(self) -> bool {
        self.is_of_checkpoints() || self.0 == Self::AUTHORITY.0
    }

    /// Whether it is one of the two of checkpoints, which have no logs.
    pub const fn is_of_checkpoints(self) -> bool {
        self.0 >= Self::PARTS.0
    }
}

/// An area at one site, or school-wide: the unit of reading rights, keys and sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Compartment {
    /// What the records are about.
    pub area: Area,
    /// At which site; [`PlaceId::ZERO`] for the whole school.
    pub place: PlaceId,
}

impl Compartment {
    /// The one compartment of the authority area.
    pub const AUTHORITY: Self = Self { area: Area::AUTHORITY, place: PlaceId::ZERO };
}

/// The academic year *of the records*, named by the calendar year it begins in (2026 runs from
/// 1 September 2026). Zero for the authority area, which has no years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Year(pub u16);

impl Year {
    /// The authority area's.
    pub const NONE: Self = Self(0);
}

/// A compartment in one academic year: the unit of epochs, digests and retention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Section {
    /// The compartment.
    pub compartment: Compartment,
    /// The year of its records.
    pub year: Year,
}

impl Section {
    /// The authority area.
    pub const AUTHORITY: Self = Self { compartment: Compartment::AUTHORITY, year: Year::NONE };
    /// That devices are there, and what they say they hold of the authority area.
    pub const CHECKPOINTS: Self =
        Self { compartment: Compartment { area: Area::CHECKPOINTS, place: PlaceId::ZERO }, year: Year::NONE };

    /// What devices say they hold of one place; [`PlaceId::ZERO`] for the sections of the whole school.
    pub const fn part(place: PlaceId) -> Self {
        Self { compartment: Compartment { area: Area::PARTS, place }, year: Year::NONE }
    }

    /// Whether it is such a one.
    pub fn is_part(&self) -> bool {
        *self == Self::part(self.compartment.place)
    }
}

/// Which document: where it lives, what kind it is, and its natural key (a pupil's id, or a group and a week),
/// so that two devices apart create the same one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocumentId {
    /// Compartment and year.
    pub section: Section,
    /// The kind; the embedder's number.
    pub kind: u16,
    /// The natural key, at most [`crate::limits::DOCUMENT_KEY_BYTES`] bytes.
    pub key: Vec<u8>,
}
