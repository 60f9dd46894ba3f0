//! A lost device: what it held and may still open, whose keys lay on it, and how it wipes itself once it hears.
//!
//! A device that was held back or taken out may still connect: it gets the authority area alone, and hands over what
//! it wrote. For that it needs its network key, its own seat and what is sealed in its logs, so those stay; all that
//! opens anything goes (see [`Replica::wipe`]). What it had before it heard, whoever has it may keep for ever: only
//! rotation and new keys help against that.
//!
//! Not here: taking a device away and letting it go on (`officer.rs`), rotation (`epochs.rs`), small files that the
//! embedder keeps.

use super::records::RecordsError;
use super::store::Store;
use super::{Context, DeviceSecrets, Replica, rows};
use crate::authority::capability::Right;
use crate::authority::line::DeviceCut;
use crate::authority::reduction::{Reason, Target};
use crate::authority::statement::Statement;
use crate::authority::view::{Holder, Standing};
use crate::crypto::sign::PublicSign;
use crate::id::{DeviceId, EntryHash, PersonId, SeatId, Section};
use crate::keys::ring::Ring;
use crate::time::Moment;
use std::collections::{BTreeMap, BTreeSet};

/// That a device was held back or taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Away {
    /// Taken out, not only held back.
    pub for_good: bool,
    /// Why, as far as anybody said; [`Reason::Lost`] before all else.
    pub reason: Reason,
    /// What the clock of whoever said so showed.
    pub at: Moment,
    /// Who said so.
    pub by: SeatId,
}

impl Away {
    /// Whether whatever opens anything on that device must go: it is lost, or of the school no more.
    pub fn must_wipe(&self) -> bool {
        self.for_good || self.reason == Reason::Lost
    }
}

/// What a device may keep of one section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Which.
    pub section: Section,
    /// Documents of it, as far as this device here could make them out.
    pub documents: usize,
    /// Entries of it that are held here.
    pub entries: u64,
    /// How many of those the other is known to have.
    pub known: u64,
}

/// A person whose keys lay on a lost device, and who has no others yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outstanding {
    /// Who.
    pub person: PersonId,
    /// On which device.
    pub device: DeviceId,
}

impl<S: Store> Replica<S> {
    /// Whether a device of the school is held back or was taken out; `None` for one that goes on, or never was of
    /// the school.
    pub fn away(&self, device: &DeviceId) -> Option<Away> {
        if self.view.is_enrolled(device) {
            return None;
        }
        let words = self.words_against(device);
        // What changed its rights before says nothing of why it is away, unless nothing else does.
        let weight = |reason| (reason != Reason::Lost, reason == Reason::Changed);
        words.into_iter().min_by_key(|away| (weight(away.reason), away.at.utc_ms, away.by))
    }

    /// What was said against a device that counts.
    fn words_against(&self, device: &DeviceId) -> Vec<Away> {
        let holder = Holder::Device(*device);
        let for_good = !self.view.has_device(device);
        let holds: Vec<&Standing> = self.standings_of(device).collect();
        let reached = |cut: &&DeviceCut| holds.iter().any(|held| cut.reaches_device(&held.capabilities));
        let cuts = self.view.device_cuts(device).iter().filter(reached).map(|cut| cut.by);
        let cuts: BTreeSet<EntryHash> = cuts.collect();
        let against = |name: &EntryHash, said: &Statement| match said {
            Statement::Suspension(held) => (held.device == *device && cuts.contains(name)).then_some(held.reason),
            Statement::Removal(removal) => match &removal.of {
                Target::Device(of) => (of == device && cuts.contains(name)).then_some(removal.reason),
                Target::Grant(grant) => {
                    let past = self.view.past.get(grant).is_some_and(|standing| standing.holder == holder);
                    past.then_some(removal.reason)
                }
                Target::Keys(..) => None,
            },
            _ => None,
        };
        let mut words = Vec::new();
        for (name, placed) in &self.statements {
            let (at, by) = (placed.act.1, placed.seat);
            let mut add = |reason: Option<Reason>| {
                words.extend(reason.map(|reason| Away { for_good, reason, at, by }));
            };
            match &placed.statement {
                Statement::Cards(cards) => cards.says().for_each(|(name, said)| add(against(&name, &said))),
                said => add(against(name, said)),
            }
        }
        words
    }

    /// What a device may keep, or might have kept while it was of the school, the order being that of sections.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn kept_by(&self, device: &DeviceId) -> Result<Vec<Kept>, RecordsError> {
        let rights: Vec<&Standing> = self.standings_of(device).collect();
        let keeps = |section: &Section| {
            let gives = |right| rights.iter().any(|standing| standing.gives(right, &section.compartment));
            *section != Section::AUTHORITY && (gives(Right::Hold) || gives(Right::Read))
        };
        let mut all = Vec::new();
        for section in self.sections.iter().filter(|section| keeps(section)) {
            let mut kept = Kept { section: *section, documents: self.count_documents(section)?, entries: 0, known: 0 };
            for (log, state) in self.logs.iter().filter(|(_, state)| state.descriptor.section == *section) {
                kept.entries += state.length();
                let own = self.view.seats.get(&state.descriptor.seat).is_some_and(|seated| seated.device == *device);
                let acknowledged = self.acknowledged.get(log).and_then(|by| by.get(device)).copied().unwrap_or(0);
                kept.known += if own { state.length() } else { acknowledged };
            }
            all.push(kept);
        }
        Ok(all)
    }

    fn count_documents(&self, section: &Section) -> Result<usize, RecordsError> {
        let prefix = rows::section(section);
        let end = rows::after(&prefix);
        let (mut from, mut count) = (prefix, 0);
        loop {
            let found = self.store.range(super::store::Table::Documents, &from, end.as_deref(), ROWS_AT_ONCE)?;
            let Some((last, _)) = found.last() else { return Ok(count) };
            (from, count) = (last.clone(), count + found.len());
            from.push(0);
        }
    }

    /// The days of writing, by section, in days since 1970-01-01, whose keys a device was given for itself: what was
    /// written on them opens there with nobody signed in.
    pub fn days_of(&self, device: &DeviceId) -> BTreeMap<Section, BTreeSet<i32>> {
        let keys: BTreeSet<_> = self.standings_of(device).filter_map(|standing| standing.agree).collect();
        let mut days: BTreeMap<Section, BTreeSet<i32>> = BTreeMap::new();
        for info in self.epochs.values() {
            let Some(day) = info.statement.kind.day() else { continue };
            let wrapped = |key: &crate::crypto::wrap::PublicAgree| {
                self.sealed.wraps(&info.section, &info.statement.epoch, &key.recipient()).next().is_some()
            };
            if keys.iter().any(wrapped) {
                days.entry(info.section).or_default().insert(day);
            }
        }
        days
    }

    /// Who has signed in on a device, ever.
    pub fn signed_in_on(&self, device: &DeviceId) -> BTreeSet<PersonId> {
        let seats = self.view.seats.values().filter(|seated| seated.device == *device);
        seats.filter_map(|seated| seated.person).map(|(person, _)| person).collect()
    }

    /// Whose keys lay on a device, or may have: whoever signed in there, and whoever's keys were sent to it.
    pub fn keys_lay_on(&self, device: &DeviceId) -> BTreeSet<PersonId> {
        self.keys_on(device).into_iter().map(|(person, _)| person).collect()
    }

    /// The persons whose current keys lay on a device that is lost: whoever has it and guesses a passphrase reads what
    /// that person reads, until the person has new keys. Their next sign-in makes them: [`Replica::new_keys`].
    pub fn outstanding(&self) -> BTreeSet<Outstanding> {
        let away = self.view.suspended.iter().copied().chain(self.view.former_devices());
        let lost: BTreeSet<DeviceId> =
            away.filter(|device| self.away(device).is_some_and(|away| away.reason == Reason::Lost)).collect();
        let mut all = BTreeSet::new();
        for device in lost {
            let lay_there = self.keys_on(&device).into_iter().filter(|(person, key)| self.is_theirs_now(person, key));
            all.extend(lay_there.map(|(person, _)| Outstanding { person, device }));
        }
        all
    }

    /// Whether a person needs new keys: see [`Replica::outstanding`].
    pub fn needs_new_keys(&self, person: &PersonId) -> bool {
        self.outstanding().iter().any(|one| one.person == *person)
    }

    /// The keys that lay on a device, or may have: those its seats were certified with, and those sent to it.
    fn keys_on(&self, device: &DeviceId) -> BTreeSet<(PersonId, PublicSign)> {
        let seats = self.view.seats.values().filter(|seated| seated.device == *device);
        seats.filter_map(|seated| seated.person).chain(self.keys_sent_to(device)).collect()
    }

    pub(super) fn is_theirs_now(&self, person: &PersonId, key: &PublicSign) -> bool {
        self.view.grants_of(&Holder::Person(*person)).any(|(_, grant)| grant.keys.is_some_and(|keys| keys.sign == *key))
    }

    fn standings_of(&self, device: &DeviceId) -> impl Iterator<Item = &Standing> + use<'_, S> {
        let holder = Holder::Device(*device);
        self.view.grants.values().chain(self.view.past.values()).filter(move |standing| standing.holder == holder)
    }

    /// Whether this device wiped its keys, or its grant names another key than the one it has: it opens nothing by
    /// itself, and must be let in again as another.
    pub fn is_wiped(&self) -> bool {
        let own = self.device.public_agree();
        let mut keys = self.standings_of(&self.device.id()).filter_map(|standing| standing.agree).peekable();
        keys.peek().is_some() && keys.all(|key| key != own)
    }

    /// Forgets all that opens anything on this device, which is lost or was taken out: everybody is signed out, the
    /// key that secrets are wrapped to and the one that seals local files are replaced by new ones that nobody knows,
    /// and what was made out of the records goes. What it wrote and what others wrote stays, sealed, so that it can
    /// still be handed over; the device file keeps the network key and the device's own seat for that.
    ///
    /// Bundles and other small files open no more; the embedder, who knows their names, removes them.
    ///
    /// # Errors
    /// When this device is neither lost nor taken out, or the store fails: it can be done again then.
    pub fn wipe(&mut self, context: &mut Context<'_>) -> Result<(), RecordsError> {
        if !self.away(&self.device()).is_some_and(|away| away.must_wipe()) {
            return Err(RecordsError::NotAllowed(
                "this device is neither lost nor taken out: nothing was wiped".into(),
            ));
        }
        let seats: Vec<SeatId> = self.signed_in.keys().copied().collect();
        seats.iter().for_each(|seat| self.sign_out(seat));
        let secrets = self.device.without_what_opens(context.random);
        self.store.put_file(super::device::DEVICE_FILE, &secrets.encode())?;
        self.take_secrets(secrets);
        let sections: Vec<Section> = self.sections.iter().copied().collect();
        for section in sections.iter().filter(|section| **section != Section::AUTHORITY) {
            self.rebuild(section)?;
        }
        Ok(())
    }

    fn take_secrets(&mut self, secrets: DeviceSecrets) {
        self.ring = Ring::new(self.school, secrets.agree.clone());
        self.epochs.values().for_each(|info| self.ring.note(info));
        self.note_places();
        self.device = secrets;
        self.cache.forget_all();
        self.keepers = super::bundles::Keeper::default();
    }
}

/// Rows counted in one step.
const ROWS_AT_ONCE: usize = 1_024;
