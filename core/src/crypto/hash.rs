//! BLAKE3 with a context for each use, so that a hash made for one purpose is never one for another.

/// Hashes parts, each preceded by its length, so that no two lists of parts give the same input.
pub fn hash(context: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key(context);
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}

/// The first 16 bytes of [`hash`].
pub fn hash16(context: &str, parts: &[&[u8]]) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&hash(context, parts)[..16]);
    short
}

/// The plain BLAKE3 hash of some bytes, which any other program can work out too.
pub fn plain(bytes: &[u8]) -> [u8; 32] {
    *blake3::hash(bytes).as_bytes()
}
