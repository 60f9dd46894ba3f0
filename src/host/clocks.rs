//! Whether this device's clock can be believed, by those of the devices it has met: said, and never a reason to
//! refuse anything.
//!
//! What everybody writes carries the time of their own device, and a roll call its day. Against two others or more the
//! middle of their differences counts, so that one wrong clock accuses nobody else's; against one other nobody can
//! tell which is wrong.

use super::Host;
use crate::limits;
use muster_core::id::DeviceId;
use std::collections::BTreeMap;

impl Host {
    /// What is wrong with the clocks, in words; `None` where nothing is.
    pub fn clock_warning(&self) -> Option<String> {
        let name = |device: &DeviceId| {
            let known = self.device.local.peers.get(device).map(|peer| peer.name.clone());
            known.filter(|name| !name.is_empty()).unwrap_or_else(|| "the other device".to_owned())
        };
        let peers = self.peers();
        let differences = peers.iter().filter_map(|(device, peer)| Some((name(device), peer.clock_ms?)));
        warning(&differences.collect::<Vec<_>>())
    }

    /// Notes how other devices' clocks differ from this one's, so that it is known after they have gone.
    pub(super) fn note_clocks(&mut self) {
        let sessions = self.sessions.values().map(|session| &session.conversation);
        let met: BTreeMap<DeviceId, i64> = sessions
            .filter_map(|met| met.clocks().map(|(theirs, ours)| (met.peer(), theirs.utc_ms - ours.utc_ms)))
            .collect();
        for (device, difference) in met {
            self.reached.entry(device).or_default().clock_ms = Some(difference);
        }
    }
}

/// `differences`: others' clocks against this one's, in milliseconds, positive where they are ahead.
fn warning(differences: &[(String, i64)]) -> Option<String> {
    let most = i64::try_from(limits::CLOCK_DIFFERS.as_millis()).unwrap_or(i64::MAX);
    let far = |ms: i64| ms.saturating_abs() > most;
    match differences {
        [] => None,
        [(name, ms)] if far(*ms) => {
            Some(format!("This clock is {} that of {name}: look which is wrong, and set it.", way(-*ms)))
        }
        [_] => None,
        several => {
            let mut all: Vec<i64> = several.iter().map(|(_, ms)| *ms).collect();
            all.sort_unstable();
            let middle = *all.get(all.len() / 2)?;
            let low = *all.get((all.len() - 1) / 2)?;
            // With an even number neither of the two in the middle may be near.
            (far(middle) && far(low) && (middle > 0) == (low > 0)).then(|| {
                format!(
                    "This device's clock is {} the others': set it. What is written here carries its time.",
                    way(-middle)
                )
            })
        }
    }
}

/// Such as `1 day behind` or `12 minutes ahead of`, for this clock against another.
fn way(ms: i64) -> String {
    let minutes = ms.saturating_abs() / 60_000;
    let (count, unit) = match minutes {
        0..120 => (minutes, "minute"),
        120..1_200 => ((minutes + 30) / 60, "hour"),
        // Somewhat more or less than a day is a day.
        _ => ((minutes + 360) / 1_440, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    let side = if ms < 0 { "behind" } else { "ahead of" };
    format!("{count} {unit}{plural} {side}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;

    fn of(differences: &[i64]) -> Option<String> {
        warning(&differences.iter().map(|ms| ("Hall tablet".to_owned(), *ms)).collect::<Vec<_>>())
    }

    #[test]
    fn a_clock_a_day_behind_the_others_is_told_as_that_and_a_day_ahead_too() {
        let behind = of(&[DAY + 300, DAY, DAY - 9_000]).unwrap();
        assert!(behind.starts_with("This device's clock is 1 day behind the others': set it."), "{behind}");
        assert!(of(&[-DAY, -DAY]).unwrap().starts_with("This device's clock is 1 day ahead of the others'"));
        assert!(of(&[-3 * HOUR, -3 * HOUR + 60_000]).unwrap().contains("3 hours ahead of"));
        assert!(of(&[400 * DAY; 4]).unwrap().contains("400 days behind"));
    }

    #[test]
    fn one_wrong_clock_among_others_accuses_nobody_elses() {
        assert_eq!(of(&[0, 900, DAY]), None);
        assert_eq!(of(&[0, DAY]), None, "of two that differ nobody can tell");
        assert_eq!(of(&[-DAY, DAY]), None);
        assert_eq!(of(&[120_000, -90_000]), None, "a few minutes are nothing to stop for");
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn against_one_other_it_is_said_that_they_differ() {
        let said = of(&[-DAY]).unwrap();
        assert_eq!(said, "This clock is 1 day ahead of that of Hall tablet: look which is wrong, and set it.");
        assert_eq!(of(&[60_000]), None);
    }
}
