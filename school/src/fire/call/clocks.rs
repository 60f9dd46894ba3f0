//! Whether the clocks of those who took part agree, as far as what they wrote tells it.
//!
//! Each word carries the time of the device that it was said on. Minutes between words of two devices mean nothing where
//! one of the clocks is hours wrong: then the screens and the report say so, and give none.

use super::Call;
use crate::limits::CLOCK_AHEAD_MINUTES;
use muster_core::time::Moment;

/// Milliseconds by which two right clocks may differ.
pub(super) const DRIFT_MS: i64 = CLOCK_AHEAD_MINUTES * 60_000;

/// Milliseconds that a roll call lasts at most: half a day. Beyond, a clock is wrong, or somebody forgot to end it.
const LASTS_MS: i64 = 12 * 60 * 60_000;

impl Call {
    /// True where somebody wrote before the start, or more than half a day after it, or whoever began it held evidence
    /// newer than their own clock; and where it is so by the clock of this device.
    pub fn clocks_differ(&self, now: Moment) -> bool {
        let written = self.written.map(|(_, last)| last);
        self.is_outside(written.into_iter().chain([now]))
    }

    /// Whether minutes between the start and some moments mean nothing. What was written later than these, as where
    /// somebody was put right on the next morning, says nothing of them.
    pub(super) fn is_outside(&self, moments: impl IntoIterator<Item = Moment>) -> bool {
        let Some(started) = self.started.map(|origin| origin.at.utc_ms) else { return false };
        let first = self.written.map_or(started, |(first, _)| first.utc_ms);
        let outside = |at: Moment| at.utc_ms < started - DRIFT_MS || at.utc_ms > started + LASTS_MS;
        self.begun_behind || first < started - DRIFT_MS || moments.into_iter().any(outside)
    }
}
