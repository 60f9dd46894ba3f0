//! The device's clock, in the one place that reads it.

use muster_core::time::Moment;

/// The system's clock, or that clock moved to another day: a demonstration needs a school morning at any hour.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    moved_ms: i64,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that shows `utc_ms` now and goes on from there.
    pub fn starting_at(utc_ms: i64) -> Self {
        Self { moved_ms: utc_ms.saturating_sub(system_ms()) }
    }

    /// Now, with the offset of school time (Europe/London) at that moment.
    pub fn now(&self) -> Moment {
        let utc_ms = system_ms().saturating_add(self.moved_ms);
        let offset = jiff::Timestamp::from_millisecond(utc_ms)
            .ok()
            .and_then(|at| jiff::tz::TimeZone::get("Europe/London").ok().map(|zone| zone.to_offset(at)));
        let offset_minutes = offset.and_then(|offset| i16::try_from(offset.seconds() / 60).ok()).unwrap_or(0);
        Moment { utc_ms, offset_minutes }
    }
}

fn system_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
