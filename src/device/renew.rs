//! New keys for a person whose keys lay on a lost device, made by themselves at the next sign-in elsewhere.
//!
//! The new keys are durable, beside the old, before anything is said of them; what says so makes them the person's,
//! and only then do they take the old ones' place. So at no moment has the person none that count.

use super::Device;
use muster_core::crypto::stretch::Cost;
use muster_core::keys::bundle::Opened;
use muster_core::replica::{Context, Passphrase};

/// Said once, after it was done.
const RENEWED: &str =
    "A device on which you had signed in is lost, so you have new keys now. Your passphrase is the same.";

impl Device {
    /// Gives whoever has just signed in new keys, where their old ones lay on a lost device. What they had typed and
    /// not saved goes on, if the disk takes it; a second factor does not, since it may have lain there too.
    ///
    /// # Errors
    /// When the disk fails: then nobody is signed in, and it is tried again at the next sign-in.
    pub(super) fn renew(&mut self, passphrase: &str) -> anyhow::Result<()> {
        let Some(old) = self.opened.clone() else { return Ok(()) };
        if !self.replica.needs_new_keys(&old.person.person) {
            return Ok(());
        }
        let done = self.renew_keys(&old, passphrase);
        if done.is_err() {
            self.forget_keys();
        }
        done
    }

    fn renew_keys(&mut self, old: &Opened, passphrase: &str) -> anyhow::Result<()> {
        let (drafts, factor) = (self.drafts()?, self.has_factor()?);
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        let kept = Passphrase { text: passphrase, cost: Cost::NORMAL };
        let renewed = self.replica.new_keys_with(old, &kept, &mut context)?;
        self.replica.sign_out(&old.seat.seat);
        self.opened = Some(renewed);
        // The new keys count already: nobody is sent away for a text that could not be kept.
        let lost = !drafts.is_empty() && self.keep_drafts(&drafts).is_err();
        let lost = if lost { " What you had typed here and not saved could not be kept." } else { "" };
        let again = if factor { " Set up your second factor again." } else { "" };
        self.renewed = Some(format!("{RENEWED}{lost}{again}"));
        Ok(())
    }

    /// What is to be said of new keys that were just made, once.
    pub fn take_renewed(&mut self) -> Option<String> {
        self.renewed.take()
    }
}
