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
    /// newer than their own clock. With `now`, where that is so by the clock of this device, too.
    pub fn clocks_differ(&self, now: Option<Moment>) -> bool {
        let Some(started) = self.started.map(|origin| origin.at.utc_ms) else { return false };
        let (first, last) = self.written.map_or((started, started), |(first, last)| (first.utc_ms, last.utc_ms));
        let (first, last) = now.map_or((first, last), |now| (first.min(now.utc_ms), last.max(now.utc_ms)));
        self.begun_behind || first < started - DRIFT_MS || last > started + LASTS_MS
    }
}
