//! XChaCha20-Poly1305 with a random 24-byte nonce, or, where the key serves one message only, a fixed one.

use super::secret::Secret;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand_core::CryptoRng;

/// Bytes of a nonce.
pub const NONCE_BYTES: usize = 24;
/// Bytes by which a sealed message is longer than its text, the nonce not counted.
pub const TAG_BYTES: usize = 16;

/// A random nonce. Never a counter: a restored image would use a counter twice.
pub fn nonce(random: &mut dyn CryptoRng) -> [u8; NONCE_BYTES] {
    let mut bytes = [0; NONCE_BYTES];
    random.fill_bytes(&mut bytes);
    bytes
}

/// Encrypts. `None` only for a text of more than 256 GiB.
pub fn seal(key: &Secret, nonce: &[u8; NONCE_BYTES], associated: &[u8], text: &[u8]) -> Option<Vec<u8>> {
    let cipher = XChaCha20Poly1305::new(key.expose().into());
    cipher.encrypt(&XNonce::from(*nonce), Payload { msg: text, aad: associated }).ok()
}

/// Decrypts; `None` when the key, the nonce, the associated data or a single bit is not what it was.
pub fn open(key: &Secret, nonce: &[u8; NONCE_BYTES], associated: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let cipher = XChaCha20Poly1305::new(key.expose().into());
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: associated }).ok()
}

/// Encrypts with a fresh nonce in front.
pub fn seal_framed(key: &Secret, associated: &[u8], text: &[u8], random: &mut dyn CryptoRng) -> Option<Vec<u8>> {
    seal_framed_with(key, &nonce(random), associated, text)
}

/// As [`seal_framed`], under a nonce that was drawn before and serves this text only.
pub fn seal_framed_with(key: &Secret, nonce: &[u8; NONCE_BYTES], associated: &[u8], text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = nonce.to_vec();
    bytes.extend(seal(key, nonce, associated, text)?);
    Some(bytes)
}

/// Undoes [`seal_framed`].
pub fn open_framed(key: &Secret, associated: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>()?;
    open(key, nonce, associated, sealed)
}
