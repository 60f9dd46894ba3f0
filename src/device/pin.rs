//! A PIN within one sign-in: after an idle lock it unlocks again, and nothing else.
//!
//! It ends with a sign-out, after a few wrong tries, when the program ends, some hours after the sign-in, and with
//! another passphrase, second factor or keys of the person, here or elsewhere, since it would bring back the old. The
//! keys it opens lie in memory only, sealed. Not here: when a device locks (the client), what a PIN must be (core).

use super::Device;
use crate::clock::Clock;
use crate::limits;
use anyhow::{Context as _, bail};
use muster_core::crypto::stretch::Cost;
use muster_core::id::PersonId;
use muster_core::keys::bundle::Named;
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
    /// Which bundle their keys are out of.
    bundle: Option<Named>,
}

impl Since {
    /// From now on.
    fn now(clock: &Clock, bundle: Option<Named>) -> Self {
        Self { running: Instant::now(), wall_ms: clock.now().utc_ms, bundle }
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
    /// Whoever has just signed in did so now.
    pub(super) fn since_now(&mut self) {
        let bundle = self.person().and_then(|person| self.replica.bundle_here(&person));
        self.since = Some(Since::now(&self.clock, bundle));
    }

    /// Whoever is signed in has put something new into their keys: what a PIN kept of those before opens no more.
    pub(super) fn keys_changed(&mut self) {
        self.pin = None;
        let bundle = self.person().and_then(|person| self.replica.bundle_here(&person));
        if let Some(since) = &mut self.since {
            since.bundle = bundle;
        }
    }

    /// Whether nothing has happened to a person's keys since they signed in.
    fn is_of_now(&self, person: &PersonId, since: &Since) -> bool {
        !since.has_ended(&self.clock)
            && self.replica.bundle_here(person) == since.bundle
            && self.replica.keys_here().any(|(here, _)| here == *person)
    }

    /// Sets a PIN, or another one, for as long as this sign-in lasts.
    ///
    /// # Errors
    /// When nobody is signed in, the sign-in is too old, or the digits will not do.
    pub fn set_pin(&mut self, pin: &str) -> anyhow::Result<()> {
        let opened = self.opened.as_ref().context("nobody is signed in: sign in first")?;
        let since = self.since.context("nobody is signed in: sign in first")?;
        if !self.is_of_now(&opened.person.person, &since) {
            bail!(
                "you signed in a while ago, or your keys have changed since: sign out and in again with your passphrase, then set a PIN"
            );
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
        self.pin = self.pin.take().filter(|pin| self.is_of_now(&pin.person, &pin.since));
        let tries_left = |pin: &Pin| limits::PIN_TRIES.saturating_sub(pin.wrong);
        self.pin.as_ref().map(|pin| PinChoice { person: pin.person, tries_left: tries_left(pin) })
    }

    /// Until when the PIN of whoever is signed in unlocks, as in `until 13:05`.
    pub fn pin_until(&self) -> Option<String> {
        let pin = self.pin.as_ref().filter(|pin| self.is_of_now(&pin.person, &pin.since))?;
        let end = muster_core::time::Moment { utc_ms: pin.since.wall_end_ms(), ..self.clock.now() };
        Some(format!("until {}", calendar::clock(calendar::local(end).minute)))
    }

    /// Unlocks with the PIN of whoever was signed in when the device locked.
    ///
    /// # Errors
    /// When there is none any more, or it is another. A wrong try is an entry.
    pub fn unlock(&mut self, pin: &str) -> anyhow::Result<()> {
        self.unlock_for(pin, false)
    }

    /// As [`Device::unlock`], and outside school hours too; then a concern can be opened, and nothing else.
    ///
    /// # Errors
    /// As [`Device::unlock`], hours apart.
    pub fn unlock_for_concern(&mut self, pin: &str) -> anyhow::Result<()> {
        self.unlock_for(pin, true)
    }

    fn unlock_for(&mut self, pin: &str, for_concern: bool) -> anyhow::Result<()> {
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
                self.signed_in(Event::Unlocked, for_concern)?;
                (self.since, self.pin) = (Some(since), Some(held));
                Ok(())
            }
            None => {
                held.wrong += 1;
                let person = held.person;
                let left = limits::PIN_TRIES.saturating_sub(held.wrong);
                self.pin = (left > 0).then_some(held);
                self.note(Event::FailedPinAs(person))?;
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
    fn a_second_factor_or_another_passphrase_ends_the_pin_that_was_set_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut device = office(&folder.path().join("records"));
        let head = device.person().unwrap();
        device.set_pin("1357").unwrap();
        let factor = device.offer_factor().unwrap();
        let code = factor.code(device.clock.now());
        device.set_up_factor(factor, PASSPHRASE, &code).unwrap();
        assert_eq!(device.pin_until(), None, "it kept keys without the second factor");
        device.lock(Event::SignedOut).unwrap();
        assert!(device.unlock("1357").is_err());

        device.sign_in(head, PASSPHRASE).unwrap();
        device.set_pin("1357").unwrap();
        device.lock(Event::SignedOut).unwrap();
        device.unlock("1357").unwrap();
        assert!(device.has_factor().unwrap(), "a PIN set afterwards brings it back");
        device.change_passphrase(PASSPHRASE, "otters mend eleven calm bridges").unwrap();
        assert_eq!(device.pin_until(), None);
        device.set_pin("2468").unwrap();
        device.lock(Event::SignedOut).unwrap();
        device.unlock("2468").unwrap();
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
