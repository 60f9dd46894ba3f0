//! New keys for a person whose keys lay on a lost device, made by themselves at the next sign-in elsewhere.
//!
//! The new keys are durable, beside the old, before anything is said of them; what says so makes them the person's,
//! and only then do they take the old ones' place. So at no moment has the person none that count.

use super::Device;
use super::people::{bundle_file, seal_bundle};
use muster_core::id::PersonId;
use muster_core::keys::bundle::{self, Opened};
use muster_core::replica::records::RecordsError;
use muster_core::replica::{Context, Replica};
use muster_storage::RedbStore;

/// Said once, after it was done.
const RENEWED: &str =
    "A device on which you had signed in is lost, so you have new keys now. Your passphrase is the same.";

fn renewed_file(person: &PersonId) -> String {
    format!("renewed-{person}")
}

impl Device {
    /// Gives whoever has just signed in new keys, where their old ones lay on a lost device. What they had typed and
    /// not saved goes on; a second factor does not, since it may have lain there too.
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
            self.opened = None;
            self.replica.sign_out(&old.seat.seat);
        }
        done
    }

    fn renew_keys(&mut self, old: &Opened, passphrase: &str) -> anyhow::Result<()> {
        let person = old.person.person;
        let (drafts, factor) = (self.drafts()?, self.has_factor()?);
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        let mut keep = |replica: &mut Replica<RedbStore>, opened: &Opened| {
            let sealed =
                seal_bundle(replica, opened, passphrase).map_err(|error| RecordsError::Broken(error.to_string()))?;
            Ok(replica.put_file(&renewed_file(&person), &sealed)?)
        };
        let renewed = self.replica.new_keys(old, &mut keep, &mut context)?;
        self.replica.sign_out(&old.seat.seat);
        self.opened = Some(renewed);
        self.take_place(&person)?;
        if !drafts.is_empty() {
            self.keep_drafts(&drafts)?;
        }
        let again = if factor { " Set up your second factor again." } else { "" };
        self.renewed = Some(format!("{RENEWED}{again}"));
        Ok(())
    }

    /// What is to be said of new keys that were just made, once.
    pub fn take_renewed(&mut self) -> Option<String> {
        self.renewed.take()
    }

    /// The program may have ended after new keys became a person's, and before they took the old ones' place.
    ///
    /// # Errors
    /// When the disk fails.
    pub(super) fn finish_renewal(&mut self, person: &PersonId, passphrase: &str) -> anyhow::Result<()> {
        let Some(sealed) = self.replica.file(&renewed_file(person))? else { return Ok(()) };
        let local = &self.replica.device_secrets().local;
        let Ok(opened) = bundle::open(&sealed, passphrase, local) else { return Ok(()) };
        let now = self.replica.view().persons.get(person).is_some_and(|keys| *keys == opened.person.public());
        if now { self.take_place(person) } else { Ok(()) }
    }

    fn take_place(&mut self, person: &PersonId) -> anyhow::Result<()> {
        let Some(sealed) = self.replica.file(&renewed_file(person))? else { return Ok(()) };
        self.replica.put_file(&bundle_file(person), &sealed)?;
        Ok(self.replica.remove_file(&renewed_file(person))?)
    }
}
