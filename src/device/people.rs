//! Who is at this device: signing in and out, first sign-ins, one-time words.

use super::passphrase;
use super::pin::Since;
use super::{Device, NotNow};
use anyhow::{Context as _, bail};
use muster_core::authority::capability::Capability;
use muster_core::authority::grant::Grant;
use muster_core::authority::view::Holder;
use muster_core::crypto::stretch::Cost;
use muster_core::crypto::words;
use muster_core::id::PersonId;
use muster_core::keys::bundle::{self, Opened};
use muster_core::replica::records::{HeldRights, Records as _, RecordsError};
use muster_core::replica::{Context, Replica};
use muster_core::time::Moment;
use muster_school::facts::access::Event;
use muster_school::facts::person::PersonFact;
use muster_school::facts::{self, documents};
use muster_school::known::Known;
use muster_school::roles;
use muster_school::step_up::Guarded;
use muster_storage::RedbStore;

impl Device {
    /// Signs a person in with their passphrase.
    ///
    /// # Errors
    /// When the person has no keys on this device, or the passphrase is not theirs. A wrong try is an entry.
    pub fn sign_in(&mut self, person: PersonId, passphrase: &str) -> anyhow::Result<()> {
        self.sign_in_for(person, passphrase, false)
    }

    /// As [`Device::sign_in`], and outside school hours too; then a concern can be opened, and nothing else.
    ///
    /// # Errors
    /// As [`Device::sign_in`], hours apart.
    pub fn sign_in_for_concern(&mut self, person: PersonId, passphrase: &str) -> anyhow::Result<()> {
        self.sign_in_for(person, passphrase, true)
    }

    fn sign_in_for(&mut self, person: PersonId, passphrase: &str, for_concern: bool) -> anyhow::Result<()> {
        self.must_go_on()?;
        self.finish_renewal(&person, passphrase)?;
        let bytes = self.replica.file(&bundle_file(&person))?;
        let bytes =
            bytes.context("this person has no keys on this device: sign in where they signed in before, or, the first time, here with one-time words")?;
        match bundle::open(&bytes, passphrase, &self.replica.device_secrets().local) {
            Ok(opened) => {
                self.sign_out()?;
                self.replica.sign_in(&opened);
                self.opened = Some(opened);
                self.renew(passphrase)?;
                self.signed_in(Event::SignedIn, for_concern)
            }
            Err(error) => {
                self.note(Event::FailedTries(1))?;
                Err(error.into())
            }
        }
    }

    /// Signs out whoever is signed in: their keys leave memory.
    ///
    /// # Errors
    /// When the sign-out cannot be written down; the keys are gone all the same.
    pub fn sign_out(&mut self) -> anyhow::Result<()> {
        self.sign_out_as(Event::SignedOut)
    }

    /// Signs out whoever is signed in, and writes down why: their keys leave memory.
    ///
    /// # Errors
    /// When the reason cannot be written down; the keys are gone all the same.
    pub fn sign_out_as(&mut self, why: Event) -> anyhow::Result<()> {
        (self.since, self.pin) = (None, None);
        if self.opened.is_none() {
            return Ok(());
        }
        let noted = self.note(why);
        self.raised = None;
        if let Some(opened) = self.opened.take() {
            self.replica.sign_out(&opened.seat.seat);
        }
        self.known = Known::default();
        noted
    }

    /// A person's first sign-in here: one-time words from an officer, keys made on the spot.
    ///
    /// # Errors
    /// When no grant heard of here has these words, or the passphrase is too weak.
    pub fn activate(&mut self, words: &str, passphrase: &str) -> anyhow::Result<PersonId> {
        self.must_go_on()?;
        passphrase::check(passphrase, &[])?;
        self.sign_out()?;
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        let mut keep = |replica: &mut Replica<RedbStore>, opened: &Opened| {
            let sealed =
                seal_bundle(replica, opened, passphrase).map_err(|error| RecordsError::Broken(error.to_string()))?;
            Ok(replica.put_file(&bundle_file(&opened.person.person), &sealed)?)
        };
        let opened = self.replica.activate_keeping(words, &mut keep, &mut context)?;
        let person = opened.person.person;
        self.opened = Some(opened);
        self.signed_in(Event::SignedIn, false)?;
        Ok(person)
    }

    /// What follows the keys: documents, lists, the trail. If any of it fails, nobody is signed in: a screen that
    /// says so must not stand before an open device.
    pub(super) fn signed_in(&mut self, how: Event, for_concern: bool) -> anyhow::Result<()> {
        self.since = Some(Since::now(&self.clock));
        let admitted = self.catch_up().and_then(|()| self.after_sign_in()).and_then(|()| self.admit(for_concern));
        let done = admitted.and_then(|more| std::iter::once(how).chain(more).try_for_each(|event| self.note(event)));
        if let Err(error) = &done {
            let refused = error.downcast_ref().map(|NotNow { refusal, .. }| Event::Refused(*refusal));
            if self.sign_out_as(refused.unwrap_or(Event::SignedOut)).is_err() {
                tracing::warn!("the sign-out was not written down either");
            }
        }
        done
    }

    /// Changes the passphrase of whoever is signed in.
    ///
    /// # Errors
    /// When nobody is, the one so far is another, or the new one is too weak. A wrong try is an entry.
    pub fn change_passphrase(&mut self, old: &str, new: &str) -> anyhow::Result<()> {
        let person = self.person().context("nobody is signed in: sign in first")?;
        passphrase::check(new, &[])?;
        let bytes = self.replica.file(&bundle_file(&person))?.context("this person has no keys on this device")?;
        match bundle::open(&bytes, old, &self.replica.device_secrets().local) {
            Ok(opened) => {
                self.keep_bundle(&opened, new)?;
                self.note(Event::ChangedPassphrase)
            }
            Err(error) => {
                self.note(Event::FailedTries(1))?;
                Err(error.into())
            }
        }
    }

    pub(super) fn keep_bundle(&mut self, opened: &Opened, passphrase: &str) -> anyhow::Result<()> {
        let sealed = seal_bundle(&self.replica, opened, passphrase)?;
        Ok(self.replica.put_file(&bundle_file(&opened.person.person), &sealed)?)
    }

    /// Whether a person has keys on this device.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn has_keys_of(&self, person: &PersonId) -> anyhow::Result<bool> {
        Ok(self.replica.file(&bundle_file(person))?.is_some())
    }

    /// Where what this device remembers was lost, whoever has keys here can still sign in: their names come back
    /// with that.
    pub(super) fn find_people(&mut self) {
        if !self.local.people.is_empty() {
            return;
        }
        let persons: Vec<PersonId> = self.replica.view().persons.keys().copied().collect();
        for person in persons {
            if matches!(self.has_keys_of(&person), Ok(true)) {
                self.local.people.push((person, format!("Somebody who has signed in here ({person:?})")));
            }
        }
    }

    /// Makes one-time words for a member of staff, with the rights of their role at their sites.
    ///
    /// # Errors
    /// When whoever is signed in may not give them or must give a code first, or the person has keys already.
    pub fn one_time_words(&mut self, person: PersonId) -> anyhow::Result<zeroize::Zeroizing<String>> {
        self.need(Guarded::Administer)?;
        let staff = self.known.school().staff.get(&person).context("that person is not in the staff directory")?;
        if self.replica.view().persons.contains_key(&person) {
            bail!("this person has signed in before: their passphrase works on the devices where they did");
        }
        let sites = staff.sites.clone();
        let (rank, capabilities, until) = match self.waiting_rights(person) {
            Some(waiting) => waiting,
            None => {
                let role = self
                    .role_of(person)?
                    .context("this person's post is not on this device, so nobody knows which rights they have")?;
                (role.rank(), role.capabilities(&sites), role.until(None, self.clock.now())?)
            }
        };
        let made = zeroize::Zeroizing::new(words::random_words(words::ONE_TIME_WORDS, &mut rand::rng()));
        let to = self.replica.activation(person, &made, Cost::NORMAL)?;
        self.grant(Grant { to, rank, capabilities, until })?;
        Ok(made)
    }

    /// The rights that words which nobody has used yet would bring: new words bring the same.
    fn waiting_rights(&mut self, person: PersonId) -> Option<(u8, Vec<Capability>, Option<Moment>)> {
        let now = self.clock.now();
        let held = self.with_records(|records, _| Ok(records.holders())).ok()?;
        let waits = |held: &HeldRights| {
            held.live && held.holder == Holder::Person(person) && held.until.is_none_or(|end| end.utc_ms > now.utc_ms)
        };
        let held = held.into_iter().find(waits)?;
        Some((held.rank, held.capabilities, held.until))
    }

    /// The role of a member of staff, where whoever is signed in may read it.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn role_of(&mut self, person: PersonId) -> anyhow::Result<Option<roles::Role>> {
        self.with_records(|records, _| {
            let held = records.facts(&documents::person(person))?;
            let roles =
                held.iter().flat_map(|held| facts::current::<PersonFact>(held)).filter_map(|read| match read.value {
                    PersonFact::Post(post) => Some(post.role),
                    _ => None,
                });
            Ok(roles.last())
        })
    }
}

/// A person's keys, sealed under their passphrase and this device.
pub(super) fn seal_bundle(replica: &Replica<RedbStore>, opened: &Opened, passphrase: &str) -> anyhow::Result<Vec<u8>> {
    let local = &replica.device_secrets().local;
    bundle::seal(opened, passphrase, Cost::NORMAL, local, &mut rand::rng())
        .context("this device has too little memory free to protect the keys: close other programs and try again")
}

/// The file of a person's keys on this device.
pub(super) fn bundle_file(person: &PersonId) -> String {
    format!("bundle-{person}")
}
