//! Cryptography: thin, typed wrappers over well-kept crates, and nothing of our own making.
//!
//! | for | what |
//! |---|---|
//! | hashing, key derivation | BLAKE3, in its key-derivation mode, a context string for each use |
//! | signing | Ed25519, `verify_strict` only |
//! | encrypting | XChaCha20-Poly1305 with random 24-byte nonces |
//! | wrapping keys for somebody | HPKE base mode, X25519, HKDF-SHA256, ChaCha20-Poly1305 (RFC 9180) |
//! | passphrases and words | Argon2id (RFC 9106) |
//! | a second factor's codes | TOTP (RFC 6238): HMAC-SHA-1, which authenticators ask for |
//!
//! Randomness is handed in. Secrets are erased when dropped, print as `***` and compare in constant time.

pub mod aead;
pub mod hash;
pub mod secret;
pub mod sign;
pub mod stretch;
pub mod totp;
pub mod words;
pub mod wrap;
