//! One legal encoding: `postcard`, and decoding that refuses whatever would not encode to the same bytes.

use postcard::ser_flavors::Flavor;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Bytes that are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not in Muster's form, or only nearly")]
pub struct Malformed;

/// Encodes. Cannot fail for the types of this crate, which are all plain data.
pub fn encode<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    postcard::serialize_with_flavor(value, Roomy(Vec::with_capacity(ROOM))).unwrap_or_default()
}

/// Bytes that a value is given room for at first: a header, a statement and a small fact fit. Growing from nothing, byte
/// by byte, was a tenth of applying an entry.
const ROOM: usize = 384;

/// Bytes that begin with room and end with none to spare.
struct Roomy(Vec<u8>);

impl Flavor for Roomy {
    type Output = Vec<u8>;

    fn try_extend(&mut self, data: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(data);
        Ok(())
    }

    fn try_push(&mut self, data: u8) -> postcard::Result<()> {
        self.0.push(data);
        Ok(())
    }

    fn finalize(mut self) -> postcard::Result<Vec<u8>> {
        self.0.shrink_to_fit();
        Ok(self.0)
    }
}

/// Decodes the whole of `bytes`, and only if encoding the result gives them back.
///
/// # Errors
/// When it does not.
pub fn decode<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, Malformed> {
    let value: T = postcard::from_bytes(bytes).map_err(|_| Malformed)?;
    if encode(&value) == bytes { Ok(value) } else { Err(Malformed) }
}
