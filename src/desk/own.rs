//! One's own sign-in: a PIN for a while, and another passphrase.

use crate::device::passphrase;
use crate::host::Host;
use muster_school::view::lock::{OwnView, Strength};
use muster_school::view::step_up::Shown;
use zeroize::Zeroizing;

/// What came of the last try, and the words on offer.
#[derive(Default)]
pub(super) struct Own {
    suggested: Option<Zeroizing<String>>,
    problem: Option<String>,
    done: Option<String>,
    strength: Option<Strength>,
}

impl Own {
    /// The words on offer: the same until others are asked for, or they were taken.
    pub(super) fn suggested(&mut self) -> Shown {
        Shown::new(self.suggested.get_or_insert_with(passphrase::generate).clone())
    }

    /// Offers others.
    pub(super) fn suggest(&mut self) {
        self.suggested = None;
    }

    /// What is thought of a passphrase that somebody is typing.
    pub(super) fn judge(&mut self, host: &Host, passphrase: &str) {
        let device = &host.device;
        let name = device.person().map(|person| device.known.staff_name(person)).unwrap_or_default();
        let judged = || match passphrase::check(passphrase, &[&device.local.school, &name]) {
            Ok(()) => Strength { words: "Strong enough".to_owned(), enough: true },
            Err(error) => Strength { words: format!("Not strong enough yet: {error}"), enough: false },
        };
        self.strength = (!passphrase.is_empty()).then(judged);
    }

    pub(super) fn strength(&self) -> Option<Strength> {
        self.strength.clone()
    }

    pub(super) fn set_pin(&mut self, host: &mut Host, pin: &str) {
        let done = host.device.set_pin(pin).map(|()| "Your PIN is set".to_owned());
        self.note(done);
    }

    pub(super) fn change_passphrase(&mut self, host: &mut Host, old: &str, new: &str) {
        let done = host.device.change_passphrase(old, new).map(|()| "Your passphrase is changed".to_owned());
        if done.is_ok() {
            self.suggest();
        }
        self.note(done);
    }

    fn note(&mut self, done: anyhow::Result<String>) {
        (self.done, self.problem) = match done {
            Ok(words) => (Some(words), None),
            Err(error) => (None, Some(error.to_string())),
        };
    }

    pub(super) fn view(&mut self, host: &Host) -> OwnView {
        OwnView {
            pin: host.device.pin_until(),
            suggested: self.suggested(),
            advice: passphrase::ADVICE.to_owned(),
            problem: self.problem.clone(),
            done: self.done.clone(),
            strength: self.strength(),
        }
    }
}
