//! Wrong passphrases, and how long each makes the next try wait: longer and longer, up to a minute, never for good.
//!
//! Counted for each person on this device, in a small sealed file, before anybody is told that a try was wrong: whoever
//! ends the program in the middle of one has learnt nothing by it. While the program runs, time is told by a clock that nobody can set; after a
//! restart the wall clock says how long it has been, and where it went back, the time since the restart does: nobody
//! waits longer than the rule says. The fire register asks nobody for a passphrase and is not touched by any of this.

use crate::clock::Clock;
use crate::limits;
use anyhow::bail;
use muster_core::codec;
use muster_core::id::PersonId;
use muster_core::replica::Replica;
use muster_core::replica::store::Store;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The name of the small file.
const FILE: &str = "tries";

/// What is remembered of a person's wrong tries.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Wrong {
    count: u16,
    /// When the last was, by the wall clock.
    last_ms: i64,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Tries {
    wrong: BTreeMap<PersonId, Wrong>,
    /// When the last was, where this very process saw it.
    here: BTreeMap<PersonId, Instant>,
    /// Since when this process has known of those before it.
    loaded: Instant,
}

impl Tries {
    /// Reads them; a damaged file is as none.
    pub(super) fn load<S: Store>(replica: &Replica<S>) -> Self {
        let bytes = replica.sealed_file(FILE).ok().flatten();
        let wrong = bytes.and_then(|bytes| codec::decode(&bytes).ok()).unwrap_or_default();
        Self { wrong, here: BTreeMap::new(), loaded: Instant::now() }
    }

    /// Whether it is time for the next try.
    ///
    /// # Errors
    /// When it is too soon after the wrong ones before.
    pub(super) fn may_try(&self, clock: &Clock, person: PersonId) -> anyhow::Result<()> {
        let wait = self.wait(clock, &person);
        if wait.is_zero() {
            return Ok(());
        }
        let seconds = wait.as_millis().div_ceil(1_000);
        let unit = if seconds == 1 { "second" } else { "seconds" };
        bail!("there were wrong passphrases: wait {seconds} {unit} before the next try; the fire register still opens");
    }

    /// The try was wrong: the wait begins now. Durable when it returns, and before anybody is told.
    ///
    /// # Errors
    /// When the file cannot be replaced; it counts all the same while the program runs.
    pub(super) fn was_wrong<S: Store>(
        &mut self,
        replica: &mut Replica<S>,
        clock: &Clock,
        person: PersonId,
    ) -> anyhow::Result<()> {
        let before = self.wrong.get(&person).map_or(0, |wrong| wrong.count);
        self.wrong.insert(person, Wrong { count: before.saturating_add(1), last_ms: clock.now().utc_ms });
        self.here.insert(person, Instant::now());
        self.keep(replica)
    }

    /// The passphrase was right: those before are forgiven.
    ///
    /// # Errors
    /// When the file cannot be replaced.
    pub(super) fn was_right<S: Store>(&mut self, replica: &mut Replica<S>, person: PersonId) -> anyhow::Result<()> {
        self.here.remove(&person);
        if self.wrong.remove(&person).is_some() { self.keep(replica) } else { Ok(()) }
    }

    /// How long until the next try.
    pub(super) fn wait(&self, clock: &Clock, person: &PersonId) -> Duration {
        self.wait_at(Instant::now(), clock, person)
    }

    fn wait_at(&self, at: Instant, clock: &Clock, person: &PersonId) -> Duration {
        let Some(wrong) = self.wrong.get(person) else { return Duration::ZERO };
        let delay = delay(wrong.count);
        let since = match self.here.get(person) {
            Some(last) => at.saturating_duration_since(*last),
            // A clock that was set back says nothing: then the whole wait counts from the restart.
            None => {
                let wall = u64::try_from(clock.now().utc_ms.saturating_sub(wrong.last_ms)).unwrap_or(0);
                Duration::from_millis(wall).max(at.saturating_duration_since(self.loaded))
            }
        };
        delay.saturating_sub(since)
    }

    fn keep<S: Store>(&self, replica: &mut Replica<S>) -> anyhow::Result<()> {
        Ok(replica.put_sealed_file(FILE, &codec::encode(&self.wrong), &mut rand::rng())?)
    }
}

/// How long to wait after so many wrong ones: a slip costs nothing, then 1, 2, 4 seconds and so on.
fn delay(count: u16) -> Duration {
    let Some(again) = count.checked_sub(2) else { return Duration::ZERO };
    let doubled = 1_u32.checked_shl(u32::from(again)).map_or(u64::MAX, u64::from);
    Duration::from_secs(doubled).min(limits::TRY_AGAIN_MOST)
}

#[cfg(test)]
impl super::Device {
    /// As after so many wrong tries of somebody, the last of them now.
    pub(crate) fn has_met_wrong_tries(&mut self, person: PersonId, count: u16) {
        self.tries.wrong.insert(person, Wrong { count, last_ms: self.clock.now().utc_ms });
        self.tries.here.insert(person, Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::super::Device;
    use super::*;
    use std::path::Path;

    const PASSPHRASE: &str = "five kind words for this";
    const NINE_MS: i64 = 1_795_424_400_000;

    fn office(folder: &Path) -> (Device, PersonId) {
        let clock = Clock::starting_at(NINE_MS);
        let keep = &mut |_: &[_]| Ok(());
        let mut device =
            Device::found(folder, "Harbour Primary", "Helen Marsh", "Office", PASSPHRASE, clock, keep).unwrap();
        let head = device.person().unwrap();
        device.sign_out().unwrap();
        (device, head)
    }

    #[test]
    fn each_wrong_try_makes_the_next_wait_longer_up_to_a_minute() {
        let waits: Vec<u64> = (1..=10).map(|count| delay(count).as_secs()).collect();
        assert_eq!(waits, [0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(delay(u16::MAX), limits::TRY_AGAIN_MOST);
    }

    #[test]
    fn a_wrong_try_is_waited_for_after_a_restart_too_and_a_right_one_forgives_all() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("records");
        let (mut device, head) = office(&folder);
        for _ in 0..2 {
            assert!(device.sign_in(head, "not at all the one").is_err());
        }
        let said = device.sign_in(head, PASSPHRASE).unwrap_err().to_string();
        assert!(said.contains("wait 1 second before the next try; the fire register still opens"), "{said}");
        drop(device);
        let mut device = Device::open(&folder, Clock::starting_at(NINE_MS)).unwrap();
        assert!(device.sign_in(head, PASSPHRASE).is_err(), "a restart forgives nothing");
        drop(device);
        let mut device = Device::open(&folder, Clock::starting_at(NINE_MS + 60_000)).unwrap();
        device.sign_in(head, PASSPHRASE).unwrap();
        assert!(device.tries.wrong.is_empty());
    }

    #[test]
    fn a_clock_set_back_or_forward_makes_the_wait_no_longer_and_no_shorter() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("records");
        let (mut device, head) = office(&folder);
        for _ in 0..2 {
            assert!(device.sign_in(head, "not at all the one").is_err());
        }
        device.clock = Clock::starting_at(NINE_MS + 86_400_000);
        assert!(!device.tries.wait(&device.clock, &head).is_zero(), "while it runs, its own clock counts");
        drop(device);
        let device = Device::open(&folder, Clock::starting_at(NINE_MS - 86_400_000)).unwrap();
        let wait = |after| {
            let at = device.tries.loaded + Duration::from_millis(after);
            device.tries.wait_at(at, &device.clock, &head)
        };
        assert_eq!(wait(0), Duration::from_secs(1), "the whole wait");
        assert_eq!(wait(1_000), Duration::ZERO, "and no more: it does not begin again with each try");
    }
}
