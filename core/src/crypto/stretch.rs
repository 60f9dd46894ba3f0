//! Argon2id: makes guessing a passphrase or a few words slow and memory-bound (RFC 9106).

use super::secret::Secret;
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};

/// How much work a guess costs. Kept beside what it protects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Cost {
    /// 64 MiB and 3 passes: some 150 ms on a school laptop, about 10,000 guesses a second on a large card.
    pub const NORMAL: Self = Self { memory_kib: 64 * 1024, passes: 3 };
    /// For simulations that sign a hundred people in. Protects nothing.
    pub const TEST: Self = Self { memory_kib: 8, passes: 1 };
    /// More than this is refused, so that a hostile file cannot exhaust the memory: 1 GiB, 16 passes.
    const MOST: Self = Self { memory_kib: 1024 * 1024, passes: 16 };
}

/// Stretches words or a passphrase to a key; `None` when the cost is out of range.
pub fn stretch(text: &str, salt: &[u8; 16], cost: Cost) -> Option<Secret> {
    if cost.memory_kib > Cost::MOST.memory_kib || cost.passes > Cost::MOST.passes {
        return None;
    }
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(32)).ok()?;
    let mut key = zeroize::Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(text.as_bytes(), salt, key.as_mut())
        .ok()?;
    Some(Secret::new(*key))
}
