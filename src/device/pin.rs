//! A PIN within one sign-in: after an idle lock it unlocks again, and nothing else.
//!
//! It ends with a sign-out, after a few wrong tries, when the program ends, and some hours after the sign-in. The
//! keys it opens lie in memory only, sealed. Not here: when a device locks (the client), what a PIN must be (core).

use super::Device;
use crate::clock::Clock;
use crate::limits;
use anyhow::{Context as _, bail};
use muster_core::crypto::stretch::Cost;
use muster_core::id::PersonId;
use muster_core::keys::pin::PinSeal;
use muster_school::calendar;
use muster_school::facts::access::Event;
use muster_school::view::lock::PinChoice;
use std::time::Instant;

/// When somebody signed in with their passphrase, by two clocks: one that nobody can set, and one that goes on while
/// the device sleeps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Since {
    running: Instant,
    wall_ms: i64,
}

impl Since {
    /// From now on.
    pub(super) fn now(clock: &Clock) -> Self {
        Self { running: Instant::now(), wall_ms: clock.now().utc_ms }
    }

    fn wall_end_ms(&self) -> i64 {
        self.wall_ms.saturating_add(i64::try_from(limits::PIN_LASTS.as_millis()).unwrap_or(i64::MAX))
    }

    /// A clock that was set back ends it too: nobody can tell how long it has been.
    fn has_ended(&self, clock: &Clock) -> bool {
        let now = clock.now().utc_ms;
        self.running.elapsed() >= limits::PIN_LASTS || now >= self.wall_end_ms() || now < self.wall_ms
    }
}

/// A PIN that was set, and what is left of it.
#[derive(Debug)]
pub(super) struct Pin {
    person: PersonId,
    seal: PinSeal,
    since: Since,
    wrong: u8,
}

impl Device {
    /// Sets a PIN, or another one, for as long as this sign-in lasts.
    ///
    /// # Errors
    /// When nobody is signed in, the sign-in is too old, or the digits will not do.
    pub fn set_pin(&mut self, pin: &str) -> anyhow::Result<()> {
        let opened = self.opened.as_ref().context("nobody is signed in: sign in first")?;
        let since = self.since.context("nobody is signed in: sign in first")?;
        if since.has_ended(&self.clock) {
            bail!("you signed in a while ago: sign out and in again with your passphrase, then set a PIN");
        }
        let seal = PinSeal::make(opened, pin, Cost::NORMAL, &mut rand::rng())?;
        self.pin = Some(Pin { person: opened.person.person, seal, since, wrong: 0 });
        Ok(())
    }

    /// Locks: the keys leave memory, but for a copy under the PIN, where one was set. `why` is written down.
    ///
    /// # Errors
    /// When the reason cannot be written down; the keys are gone all the same.
    pub fn lock(&mut self, why: Event) -> anyhow::Result<()> {
        let pin = self.pin.take();
        let done = self.sign_out_as(why);
        self.pin = pin;
        done
    }

    /// Whose PIN unlocks now, and how often it may still be wrong.
    pub fn pin_choice(&mut self) -> Option<PinChoice> {
        if self.opened.is_some() {
            return None;
        }
        let clock = self.clock;
        drop(self.pin.take_if(|pin| pin.since.has_ended(&clock)));
        let tries_left = |pin: &Pin| limits::PIN_TRIES.saturating_sub(pin.wrong);
        self.pin.as_ref().map(|pin| PinChoice { person: pin.person, tries_left: tries_left(pin) })
    }

    /// Until when the PIN of whoever is signed in unlocks, as in `until 13:05`.
    pub fn pin_until(&self) -> Option<String> {
        let pin = self.pin.as_ref().filter(|pin| !pin.since.has_ended(&self.clock))?;
        let end = muster_core::time::Moment { utc_ms: pin.since.wall_end_ms(), ..self.clock.now() };
        Some(format!("until {}", calendar::clock(calendar::local(end).minute)))
    }

    /// Unlocks with the PIN of whoever was signed in when the device locked.
    ///
    /// # Errors
    /// When there is none any more, or it is another. A wrong try is an entry.
    pub fn unlock(&mut self, pin: &str) -> anyhow::Result<()> {
        if self.opened.is_some() || self.pin_choice().is_none() {
            bail!("there is no PIN to unlock with: use your passphrase");
        }
        let Some(mut held) = self.pin.take() else { bail!("there is no PIN to unlock with: use your passphrase") };
        match held.seal.open(pin) {
            Some(opened) => {
                held.wrong = 0;
                let since = held.since;
                self.replica.sign_in(&opened);
                self.opened = Some(opened);
                self.signed_in(Event::Unlocked, false)?;
                (self.since, self.pin) = (Some(since), Some(held));
                Ok(())
            }
            None => {
                held.wrong += 1;
                let left = limits::PIN_TRIES.saturating_sub(held.wrong);
                self.pin = (left > 0).then_some(held);
                self.note(Event::FailedPin)?;
                match left {
                    0 => bail!("that is not the PIN: it does not unlock any more, use your passphrase"),
                    1 => bail!("that is not the PIN: after one more wrong one, only your passphrase opens"),
                    left => bail!("that is not the PIN: after {left} more wrong ones, only your passphrase opens"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    const PASSPHRASE: &str = "five kind words for this";

    /// A head at work on the first device of a school. It is nine in the morning.
    fn office(folder: &Path) -> Device {
        let clock = Clock::starting_at(1_795_424_400_000);
        Device::found(folder, "Harbour Primary", "Helen Marsh", "Office", PASSPHRASE, clock, &mut |_| Ok(())).unwrap()
    }

    #[test]
    fn after_an_idle_lock_the_pin_opens_again_and_the_keys_had_left_memory() {
        let folder = tempfile::tempdir().unwrap();
        let mut device = office(&folder.path().join("records"));
        device.set_pin("1357").unwrap();
        device.lock(Event::SignedOut).unwrap();
        assert!(device.opened.is_none() && device.replica.signed_in().next().is_none());
        assert_eq!(device.pin_choice().unwrap().tries_left, 3);
        device.unlock("1357").unwrap();
        assert!(device.person().is_some());
        assert_eq!(device.pin_until().as_deref(), Some("until 13:00"));
    }

    #[test]
    fn three_wrong_pins_leave_the_passphrase_only() {
        let folder = tempfile::tempdir().unwrap();
        let mut device = office(&folder.path().join("records"));
        let head = device.person().unwrap();
        device.set_pin("1357").unwrap();
        device.lock(Event::SignedOut).unwrap();
        for wrong in ["1358", "2468", "8642"] {
            assert!(device.unlock(wrong).is_err());
        }
        assert!(device.pin_choice().is_none());
        assert!(device.unlock("1357").unwrap_err().to_string().contains("use your passphrase"));
        device.sign_in(head, PASSPHRASE).unwrap();
        assert!(device.pin_until().is_none(), "and a new sign-in begins without one");
    }

    #[test]
    fn a_sign_out_ends_the_pin() {
        let folder = tempfile::tempdir().unwrap();
        let mut device = office(&folder.path().join("records"));
        device.set_pin("1357").unwrap();
        device.sign_out().unwrap();
        assert!(device.pin_choice().is_none());
        assert!(device.unlock("1357").is_err());
    }

    #[test]
    fn four_hours_after_the_sign_in_or_with_a_clock_set_back_the_pin_is_gone() {
        for hours in [5, -1] {
            let folder = tempfile::tempdir().unwrap();
            let mut device = office(&folder.path().join("records"));
            device.set_pin("1357").unwrap();
            device.lock(Event::SignedOut).unwrap();
            device.clock = Clock::starting_at(1_795_424_400_000 + hours * 3_600_000);
            assert!(device.pin_choice().is_none(), "{hours}");
        }
    }

    #[test]
    fn what_is_no_pin_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut device = office(&folder.path().join("records"));
        assert!(device.set_pin("12").is_err());
        assert!(device.set_pin("1234").is_err());
        device.sign_out().unwrap();
        assert!(device.set_pin("1357").unwrap_err().to_string().contains("sign in first"));
    }
}
