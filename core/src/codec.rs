//! One legal encoding: `postcard`, and decoding that refuses whatever would not encode to the same bytes.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Bytes that are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not in Muster's form, or only nearly")]
pub struct Malformed;

/// Encodes. Cannot fail for the types of this crate, which are all plain data.
pub fn encode<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    postcard::to_allocvec(value).unwrap_or_default()
}

/// Decodes the whole of `bytes`, and only if encoding the result gives them back.
///
/// # Errors
/// When it does not.
pub fn decode<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, Malformed> {
    let value: T = postcard::from_bytes(bytes).map_err(|_| Malformed)?;
    if encode(&value) == bytes { Ok(value) } else { Err(Malformed) }
}
