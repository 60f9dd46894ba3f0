//! Time as a claim.
//!
//! The engine never reads a clock: callers pass the moment, with the offset their clock showed. A claimed
//! time is kept and shown, and is never a reason to refuse data.

use serde::{Deserialize, Serialize};

/// What a device's clock said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Moment {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub utc_ms: i64,
    /// Minutes that local time was ahead of UTC, -1,440 to 1,440.
    pub offset_minutes: i16,
}

impl Moment {
    /// In UTC.
    pub fn utc(utc_ms: i64) -> Self {
        Self { utc_ms, offset_minutes: 0 }
    }

    /// Days since 1970-01-01 of the civil date the clock showed.
    pub fn civil_day(self) -> i32 {
        let local_ms = self.utc_ms.saturating_add(i64::from(self.offset_minutes) * 60_000);
        i32::try_from(local_ms.div_euclid(86_400_000)).unwrap_or(i32::MAX)
    }
}
