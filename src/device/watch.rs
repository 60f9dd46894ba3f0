//! What is noticed by what devices say they hold, in words: entries that were kept back, a device that came back with
//! less, a copy; who was heard from when, and how many devices hold what was written here.

use super::Device;
use muster_core::id::DeviceId;
use muster_core::replica::{Alarm, Context, Lacking};
use muster_core::time::Moment;
use muster_school::continuity::is_ahead;

/// How many entries that were written on this device are on how many devices, this one counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// Only here.
    pub only_here: u64,
    /// On two.
    pub on_two: u64,
    /// On three or more.
    pub on_more: u64,
}

impl Device {
    /// Says what this device holds, where that is due, so that others know it is there and cosign it. Says whether it
    /// did.
    ///
    /// # Errors
    /// When the file cannot be replaced.
    pub fn say_what_is_held(&mut self) -> anyhow::Result<bool> {
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        Ok(self.replica.checkpoint(&mut context)?)
    }

    /// When a device last gave a sign of life: met here, or as another passed on what it said.
    pub fn heard_at(&self, device: &DeviceId) -> Option<Moment> {
        let now = self.clock.now();
        // By the clock here, which may have been ahead then: nobody was met tomorrow, and when it was is not known.
        let met = self.local.peers.get(device).and_then(|peer| peer.heard_ms).filter(|ms| !is_ahead(*ms, now));
        let met = met.map(|ms| Moment::utc(ms.min(now.utc_ms)));
        // By its own clock, which may be ahead, too.
        let said = self.replica.last_said(device).map(|at| Moment::utc(at.utc_ms.min(now.utc_ms)));
        met.into_iter().chain(said).max_by_key(|at| at.utc_ms)
    }

    /// As [`Device::heard_at`], as in `3 days ago`; `None` for a device that was never heard from.
    pub fn heard_ago(&self, device: &DeviceId) -> Option<String> {
        let at = self.heard_at(device)?;
        Some(ago(self.clock.now().utc_ms.saturating_sub(at.utc_ms)))
    }

    /// What is to be known of a device by what devices say they hold, a clause each.
    pub fn alarms_about(&self, device: &DeviceId) -> Vec<String> {
        let about = self.alarms().into_iter().filter(|(about, _)| about == device);
        about.map(|(_, words)| words).collect()
    }

    /// All of it, as sentences.
    pub fn alarm_sentences(&self) -> Vec<String> {
        let me = self.replica.device();
        let name = |device: &DeviceId| if *device == me { "This device".to_owned() } else { self.device_name(*device) };
        self.alarms().iter().map(|(device, words)| format!("{}: {words}.", name(device))).collect()
    }

    fn alarms(&self) -> Vec<(DeviceId, String)> {
        let when = |at: Moment| self.moment_words(at);
        let me = self.replica.device();
        let told = |alarm| match alarm {
            Alarm::Lacking(Lacking { of, entries, said, since, holders }) => {
                let (them, have) = if entries == 1 { ("1 entry", "has") } else { ("entries", "have") };
                let count = if entries == 1 { String::new() } else { format!("{entries} ") };
                let from = holders.iter().map(|device| self.device_name(*device)).collect::<Vec<_>>().join(" and ");
                let then = match from.as_str() {
                    "" => "bring it near, or a device that met it".to_owned(),
                    from => format!("{from} said they are there, and did not hand them over"),
                };
                (
                    of,
                    format!(
                        "{count}{them} it had written by {}, {have} not come here, known since {}: {then}",
                        when(said),
                        when(since)
                    ),
                )
            }
            Alarm::Shortened { device, of, said, found } if device == of => (
                device,
                format!(
                    "it shows fewer entries of its own than it said it held on {}, found {}: it was put back to an earlier day, or somebody took them out",
                    when(said),
                    when(found)
                ),
            ),
            Alarm::Shortened { device, of, said, found } => (
                device,
                format!(
                    "it said on {} that it holds entries of {}, and does not hand them over, found {}",
                    when(said),
                    if of == me { "this device".to_owned() } else { self.device_name(of) },
                    when(found)
                ),
            ),
            Alarm::Copied { device, found } => (
                device,
                format!(
                    "copied device? It speaks for itself from two places, seen {}: look which one is in use, and hold it back",
                    when(found)
                ),
            ),
            Alarm::PutBack { said, found } => (
                me,
                format!(
                    "others heard more of it on {} than it knows of, found {}: it was put back to an earlier day, or a copy of it is about",
                    when(said),
                    when(found)
                ),
            ),
        };
        let alarms = self.replica.alarms(self.clock.now()).into_iter().map(told);
        alarms.chain(self.damage_words().map(|words| (me, words))).collect()
    }

    /// What is damaged on this device's disk and not back yet, a clause.
    pub fn damage_words(&self) -> Option<String> {
        let (them, are) = match self.replica.damaged_here() {
            0 => return None,
            1 => ("1 entry on its disk is".to_owned(), "it"),
            some => (format!("{some} entries on its disk are"), "them"),
        };
        Some(format!(
            "{them} damaged: let it meet another device that holds {are}, which brings {are} back. If it happens again, have the disk replaced"
        ))
    }

    /// How far what was written on this device has got, by what other devices acknowledged and say they hold.
    pub fn spread(&self) -> Spread {
        let (replica, here) = (&self.replica, self.replica.device());
        let mut spread = Spread::default();
        for (log, state) in replica.logs() {
            if replica.view().seats.get(&state.descriptor.seat).is_none_or(|seat| seat.device != here) {
                continue;
            }
            // The longer a place is there, the more devices have it: two searches find where that changes.
            let on_three = places(state.length(), |place| replica.copies(log, place) >= 2);
            let on_two = places(state.length(), |place| replica.copies(log, place) >= 1);
            spread.only_here += state.length().saturating_sub(on_two);
            spread.on_two += on_two.saturating_sub(on_three);
            spread.on_more += on_three;
        }
        spread
    }
}

/// As in `3 days ago`.
fn ago(ms: i64) -> String {
    let minutes = ms / 60_000;
    let (count, unit) = match minutes {
        i64::MIN..2 => return "just now".to_owned(),
        2..120 => (minutes, "minutes"),
        120..2_880 => (minutes / 60, "hours"),
        _ => (minutes / 1_440, "days"),
    };
    format!("{count} {unit} ago")
}

/// How many places from the first on something holds of, where it holds of none after one that it does not hold of.
fn places(length: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut from, mut to) = (0, length);
    while from < to {
        let middle = from + (to - from) / 2;
        if holds(middle) { from = middle + 1 } else { to = middle }
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_ago_is_said_in_the_words_of_somebody_who_looks_at_a_clock() {
        assert_eq!(ago(-5), "just now");
        assert_eq!(ago(90 * 60_000), "90 minutes ago");
        assert_eq!(ago(30 * 3_600_000), "30 hours ago");
        assert_eq!(ago(3 * 86_400_000 + 5), "3 days ago");
    }

    #[test]
    fn a_tablet_met_while_the_clock_was_years_ahead_is_not_just_now_until_then() {
        let place = tempfile::tempdir().unwrap();
        let clock = crate::clock::Clock::starting_at(1_795_424_400_000);
        let found = Device::found(
            &place.path().join("records"),
            "Harbour Primary",
            "Helen Marsh",
            "Office",
            "five kind words for this",
            clock,
            &mut |_| Ok(()),
        );
        let (mut device, tablet) = (found.unwrap(), DeviceId([7; 32]));
        let now = device.clock.now().utc_ms;
        let mut met = |ms| {
            device.local.peers.entry(tablet).or_default().heard_ms = Some(ms);
            device.heard_ago(&tablet)
        };
        assert_eq!(met(now - 3 * 86_400_000).as_deref(), Some("3 days ago"));
        assert_eq!(met(now + 60_000).as_deref(), Some("just now"));
        assert_eq!(met(now + 1_500 * 86_400_000), None, "when it was is not known");
    }
}
