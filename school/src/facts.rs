//! Facts: what each kind of document holds, as typed values, and the one encoding of each.
//!
//! A fact's value is a version byte and the fields in postcard. Decoding is strict: what does not encode back to
//! the same bytes, or is longer or odder than a person could have made it, is not a fact of ours. Kinds and
//! versions from a newer program are kept as `Unknown`, never dropped.
//!
//! The numbers of kinds are part of every document ever written: never reuse one.
//!
//! Not here: what shows when facts disagree (see `register` and `fire`).

pub mod access;
pub mod admission;
pub mod calendar;
pub mod called;
pub mod care;
pub mod case;
pub mod collected;
pub mod continuity;
pub mod custody;
pub mod documents;
pub mod erasure;
pub mod family;
pub mod fire;
pub mod learning;
pub mod movement;
pub mod person;
pub mod policy;
pub mod published;
pub mod pupil;
pub mod register;
pub mod retention;
pub mod returns;
pub mod roll;
pub mod roll_call;
pub mod school;
pub mod trips;
pub mod visits;

use crate::limits::{ACCOUNT_CHARS, NAME_CHARS, TEXT_CHARS};
use muster_core::document::fact::{Fact, FactRef, Facts, Held};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The version that stands before every value written here.
const VERSION: u8 = 1;

/// Why a value is not a fact of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FactError {
    /// The bytes do not decode, or not to what encodes back to them.
    #[error("a record of kind {0} cannot be read: it is damaged, or made by another program")]
    Malformed(u16),
    /// A field is longer or odder than it may be.
    #[error("a record of kind {0} holds something that cannot be: shorten the text or mend the value")]
    Unsound(u16),
}

/// A value whose fields can be checked beyond their types.
pub trait Sound {
    /// Whether every field is one that a person or this program could have meant.
    fn is_sound(&self) -> bool;
}

/// What documents of one kind hold.
pub trait Value: Sized {
    /// The kinds that this program knows, each of one kind of document only.
    const KINDS: &'static [u16];

    /// The kind of fact.
    fn kind(&self) -> u16;

    /// The value's bytes.
    ///
    /// # Errors
    /// When a field is unsound.
    fn encode(&self) -> Result<Vec<u8>, FactError>;

    /// Back from bytes.
    ///
    /// # Errors
    /// When they are not exactly what [`Value::encode`] makes. Unknown kinds and versions are no error.
    fn decode(kind: u16, value: &[u8]) -> Result<Self, FactError>;

    /// As a fact that replaces others of the same document.
    ///
    /// # Errors
    /// When a field is unsound.
    fn replacing(&self, supersedes: Vec<FactRef>) -> Result<Fact, FactError> {
        Ok(Fact { kind: self.kind(), supersedes, value: self.encode()? })
    }

    /// As a fact that replaces nothing.
    ///
    /// # Errors
    /// When a field is unsound.
    fn fact(&self) -> Result<Fact, FactError> {
        self.replacing(Vec::new())
    }
}

/// A decoded fact and where it stands.
#[derive(Clone, Debug)]
pub struct Read<'a, T> {
    /// The fact as the engine holds it.
    pub held: Held<'a>,
    /// What it says.
    pub value: T,
}

/// Everything a document's facts say, in the order of their names; what cannot be read is left out.
pub fn all<T: Value>(facts: &Facts) -> impl Iterator<Item = Read<'_, T>> {
    facts.iter().filter_map(read)
}

/// What nothing supersedes, in the order of their names; what cannot be read is left out.
pub fn current<T: Value>(facts: &Facts) -> impl Iterator<Item = Read<'_, T>> {
    facts.current().filter_map(read)
}

/// Decodes one fact.
pub fn read<T: Value>(held: Held<'_>) -> Option<Read<'_, T>> {
    T::decode(held.fact.kind, &held.fact.value).ok().map(|value| Read { held, value })
}

fn encode<T: Serialize + Sound>(kind: u16, value: &T) -> Result<Vec<u8>, FactError> {
    if !value.is_sound() {
        return Err(FactError::Unsound(kind));
    }
    postcard::to_extend(value, vec![VERSION]).map_err(|_| FactError::Malformed(kind))
}

fn decode<T: Serialize + DeserializeOwned + Sound>(kind: u16, bytes: &[u8]) -> Result<Option<T>, FactError> {
    match bytes.split_first() {
        None => Err(FactError::Malformed(kind)),
        Some((&VERSION, body)) => {
            let value: T = postcard::from_bytes(body).map_err(|_| FactError::Malformed(kind))?;
            if encode(kind, &value)? == bytes { Ok(Some(value)) } else { Err(FactError::Malformed(kind)) }
        }
        Some(_) => Ok(None),
    }
}

/// Whether a name or short line may be kept.
pub(crate) fn is_line(text: &str) -> bool {
    text.chars().take(NAME_CHARS + 1).count() <= NAME_CHARS && !text.chars().any(char::is_control)
}

/// Whether a reason or note may be kept.
pub(crate) fn is_text(text: &str) -> bool {
    text.chars().take(TEXT_CHARS + 1).count() <= TEXT_CHARS
        && !text.chars().any(|symbol| symbol.is_control() && symbol != '\n')
}

/// Whether what was seen or said may be kept: some words, and no more than fit.
pub(crate) fn is_account(text: &str) -> bool {
    text.chars().take(ACCOUNT_CHARS + 1).count() <= ACCOUNT_CHARS
        && !text.trim().is_empty()
        && !text.chars().any(|symbol| symbol.is_control() && symbol != '\n')
}

/// Whether a minute of a day exists.
pub(crate) fn is_minute(minute: u16) -> bool {
    minute < 1_440
}

/// Makes the enum of what one kind of document holds, with its encoding.
macro_rules! values {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $kind:literal => $variant:ident,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant($variant),)*
            /// From a newer version: kept and shown as such.
            Unknown {
                /// Its kind.
                kind: u16,
                /// Its bytes.
                value: Vec<u8>,
            },
        }

        impl $crate::facts::Value for $name {
            const KINDS: &'static [u16] = &[$($kind),*];

            fn kind(&self) -> u16 {
                match self {
                    $(Self::$variant(_) => $kind,)*
                    Self::Unknown { kind, .. } => *kind,
                }
            }

            fn encode(&self) -> Result<Vec<u8>, $crate::facts::FactError> {
                match self {
                    $(Self::$variant(value) => $crate::facts::encode($kind, value),)*
                    Self::Unknown { value, .. } => Ok(value.clone()),
                }
            }

            fn decode(kind: u16, value: &[u8]) -> Result<Self, $crate::facts::FactError> {
                let known = match kind {
                    $($kind => $crate::facts::decode(kind, value)?.map(Self::$variant),)*
                    _ => None,
                };
                Ok(known.unwrap_or_else(|| Self::Unknown { kind, value: value.to_vec() }))
            }
        }

        $(impl From<$variant> for $name {
            fn from(value: $variant) -> Self {
                Self::$variant(value)
            }
        })*
    };
}
pub(crate) use values;
