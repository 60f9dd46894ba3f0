//! Who is at this device: signing in and out, first sign-ins, one-time words.

use super::passphrase;
use super::{Device, NotNow};
use anyhow::{Context as _, bail};
use muster_core::authority::capability::Capability;
use muster_core::authority::grant::Grant;
use muster_core::authority::reduction::{Reason, Target};
use muster_core::authority::view::Holder;
use muster_core::crypto::stretch::Cost;
use muster_core::crypto::totp::Factor;
use muster_core::crypto::words;
use muster_core::id::{GrantId, PersonId, SeatId};
use muster_core::keys::bundle::BundleError;
use muster_core::replica::records::RecordsError;
use muster_core::replica::store::StoreError;
use muster_core::replica::{Context, Passphrase, SignInError};
use muster_core::time::Moment;
use muster_school::facts::access::Event;
use muster_school::known::Known;
use muster_school::roles;
use muster_school::step_up::Guarded;

impl Device {
    /// From now on whoever signs in does so for one command, which their sign-in names, and which ends it: no entry of
    /// its own says that they signed out.
    pub fn for_command(&mut self, command: &str) {
        self.command = Some(command.to_owned());
    }

    /// Signs a person in with their passphrase. The first time on this device, their seat here is made.
    ///
    /// # Errors
    /// When the person's keys are not on this device, it is too soon after wrong tries, or the passphrase is not
    /// theirs. A wrong try is an entry.
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
        let opened = self.guarded(person, |device, context| device.replica.open_with(person, passphrase, context))?;
        self.sign_out()?;
        self.replica.sign_in(&opened);
        if self.replica.is_unfinished() {
            let mut random = rand::rng();
            let mut context = Context { now: self.clock.now(), random: &mut random };
            let rights = roles::DeviceKind::Laptop.capabilities(&[]);
            if let Err(error) = self.replica.finish_founding(&opened, rights, &mut context) {
                self.forget_keys();
                return Err(error.into());
            }
        }
        self.opened = Some(opened);
        self.renew(passphrase)?;
        let how = self.command.clone().map_or(Event::SignedIn, Event::Command);
        self.signed_in(how, for_concern)
    }

    /// Tries something that a passphrase opens, not sooner than wrong tries before allow.
    fn guarded<T>(
        &mut self,
        person: PersonId,
        open: impl FnOnce(&mut Self, &mut Context<'_>) -> Result<T, SignInError>,
    ) -> anyhow::Result<T> {
        self.tries.may_try(&self.clock, person)?;
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        let tried = open(self, &mut context);
        match &tried {
            Err(SignInError::Bundle(BundleError::WrongPassphrase)) => {
                self.tries.was_wrong(&mut self.replica, &self.clock, person)?;
                self.note(Event::FailedTryAs(person))?;
            }
            Ok(_) => {
                if let Err(error) = self.tries.was_right(&mut self.replica, person) {
                    tracing::warn!("wrong tries are forgiven until the program ends only: {error}");
                }
            }
            Err(_) => {}
        }
        Ok(tried?)
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
        let said = self.command.is_some() && why == Event::SignedOut;
        let noted = if said { Ok(()) } else { self.note(why) };
        self.forget_keys();
        noted
    }

    /// No keys of anybody stay in memory, whoever was half way in.
    pub(super) fn forget_keys(&mut self) {
        (self.raised, self.opened) = (None, None);
        let seats: Vec<SeatId> = self.replica.signed_in().copied().collect();
        seats.iter().for_each(|seat| self.replica.sign_out(seat));
        self.known = Known::default();
    }

    /// A person's first sign-in: one-time words from an officer, keys made on the spot.
    ///
    /// # Errors
    /// When no grant heard of here has these words, this device may not keep the person's keys, or the passphrase is
    /// too weak.
    pub fn activate(&mut self, words: &str, passphrase: &str) -> anyhow::Result<PersonId> {
        self.activate_for(words, passphrase, false)
    }

    /// As [`Device::activate`], to add a concern: outside school hours too, and for nothing else then.
    ///
    /// # Errors
    /// As there.
    pub fn activate_for_concern(&mut self, words: &str, passphrase: &str) -> anyhow::Result<PersonId> {
        self.activate_for(words, passphrase, true)
    }

    fn activate_for(&mut self, words: &str, passphrase: &str, for_concern: bool) -> anyhow::Result<PersonId> {
        self.must_go_on()?;
        let names = self.names_by_words(words);
        passphrase::check(passphrase, &names.iter().map(String::as_str).collect::<Vec<_>>())?;
        self.sign_out()?;
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        let kept = Passphrase { text: passphrase, cost: Cost::NORMAL };
        let opened = self.replica.activate_with(words, &kept, &mut context)?;
        let person = opened.person.person;
        self.opened = Some(opened);
        self.signed_in(Event::SignedIn, for_concern).map_err(|error| match error.downcast::<NotNow>() {
            Ok(not_now) => not_now.after("your passphrase is set, and the one-time words are used up").into(),
            Err(error) => error,
        })?;
        Ok(person)
    }

    /// What follows the keys: documents, lists, the trail. If any of it fails, nobody is signed in: a screen that
    /// says so must not stand before an open device.
    pub(super) fn signed_in(&mut self, how: Event, for_concern: bool) -> anyhow::Result<()> {
        self.since_now();
        let caught_up = match self.catch_up() {
            // As in reading: what was applied before still shows.
            Err(error) if is_full(&error) => Ok(()),
            done => done,
        };
        let admitted = caught_up.and_then(|()| self.after_sign_in()).and_then(|()| self.admit(for_concern));
        let done = admitted.and_then(|more| std::iter::once(how).chain(more).try_for_each(|event| self.note(event)));
        if let Err(error) = &done {
            let refused = error.downcast_ref().map(|NotNow { refusal, .. }| Event::Refused(*refusal));
            if self.sign_out_as(refused.unwrap_or(Event::SignedOut)).is_err() {
                tracing::warn!("the sign-out was not written down either");
            }
        }
        done
    }

    /// Changes the passphrase of whoever is signed in: on every device, as far as it hears of it.
    ///
    /// # Errors
    /// When nobody is, it is too soon after wrong tries, the one so far is another, or the new one is too weak. A
    /// wrong try is an entry.
    pub fn change_passphrase(&mut self, old: &str, new: &str) -> anyhow::Result<()> {
        let person = self.person().context("nobody is signed in: sign in first")?;
        let (school, name) = (self.known.school().name.clone(), self.known.staff_name(person));
        passphrase::check(new, &[&school, &name])?;
        if old == new {
            bail!("the new passphrase is the old one: choose another");
        }
        let new = Passphrase { text: new, cost: Cost::NORMAL };
        self.guarded(person, |device, context| device.replica.change_passphrase(person, old, &new, context))?;
        self.keys_changed();
        self.catch_up()?;
        self.note(Event::ChangedPassphrase)
    }

    /// Puts a second factor into the keys of whoever is signed in.
    pub(super) fn keep_second_factor(
        &mut self,
        person: PersonId,
        passphrase: &str,
        factor: Factor,
    ) -> anyhow::Result<()> {
        let kept = Passphrase { text: passphrase, cost: Cost::NORMAL };
        let new = Some(factor.clone());
        self.guarded(person, |device, context| device.replica.set_second_factor(person, &kept, new, context))?;
        if let Some(opened) = &mut self.opened {
            opened.second_factor = Some(factor);
        }
        self.keys_changed();
        self.catch_up()
    }

    /// In how many seconds the next passphrase of somebody is heard, after wrong ones; 0 for at once.
    pub fn wait_secs(&self, person: PersonId) -> u32 {
        u32::try_from(self.tries.wait(&self.clock, &person).as_millis().div_ceil(1_000)).unwrap_or(u32::MAX)
    }

    /// Who can sign in here with their passphrase, by name.
    pub fn people(&self) -> Vec<(PersonId, String)> {
        let name = |person, name: &str| match name {
            "" => format!("Somebody who has signed in here ({person:?})"),
            name => name.to_owned(),
        };
        let mut people: Vec<(PersonId, String)> =
            self.replica.keys_here().map(|(person, known)| (person, name(person, known))).collect();
        people.sort_by(|left, right| left.1.cmp(&right.1));
        people
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
        let mut rights = self.waiting_rights(person);
        if rights.is_empty() {
            let role = self
                .role_of(person)?
                .context("this person's post is not on this device, so nobody knows which rights they have")?;
            rights.push((role.rank(), role.capabilities(&sites), role.until(None, self.clock.now())?));
        }
        self.take_back_words(person)?;
        let made = zeroize::Zeroizing::new(words::random_words(words::ONE_TIME_WORDS, &mut rand::rng()));
        let to = self.replica.activation(person, &made, Cost::NORMAL)?;
        for (rank, capabilities, until) in rights {
            self.grant(Grant { to: to.clone(), rank, capabilities, until })?;
        }
        Ok(made)
    }

    /// The rights that words which nobody has used yet would bring: new words bring the same.
    fn waiting_rights(&mut self, person: PersonId) -> Vec<(u8, Vec<Capability>, Option<Moment>)> {
        let now = self.clock.now();
        let holder = Holder::Person(person);
        let waiting = self.replica.view().grants_of(&holder);
        let waiting = waiting.filter(|(_, one)| one.keys.is_none() && !one.has_ended(now));
        waiting.map(|(_, one)| (one.rank, one.capabilities.to_vec(), one.until)).collect()
    }

    /// Takes back one-time words that nobody has used: whoever finds the slip later gets nothing by it.
    pub(super) fn take_back_words(&mut self, person: PersonId) -> anyhow::Result<()> {
        let holder = Holder::Person(person);
        let waiting = self.replica.view().grants_of(&holder);
        let waiting: Vec<GrantId> = waiting.filter(|(_, one)| one.keys.is_none()).map(|(id, _)| *id).collect();
        let seat = self.seat();
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        for grant in waiting {
            self.replica.remove(&seat, Target::Grant(grant), Reason::Reset, &mut context)?;
        }
        Ok(())
    }

    /// The role of a member of staff, where whoever is signed in may read it.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn role_of(&mut self, person: PersonId) -> anyhow::Result<Option<roles::Role>> {
        self.office(|office| Ok(office.post(person)?.map(|post| post.role)))
    }
}

/// Whether the disk has no room.
fn is_full(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(RecordsError::Store(StoreError::Full)))
}
