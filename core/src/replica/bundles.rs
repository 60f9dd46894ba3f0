//! Whose keys this device keeps, and passing them on to the devices that may keep them too.
//!
//! What is kept is one small file a person, sealed for this device, with a bundle for each of the person's keys:
//! mostly one. A person's keys come here when they are made here, or as a delivery that any other device made which
//! keeps them. Keys that no grant names open nothing here, and go after a while: what took them away may turn out not
//! to count. Of the same keys the highest bundle counts; deliveries of others are let go. Passing on needs nobody to
//! be signed in.
//!
//! Not here: what is in a bundle (`keys/bundle.rs`), who signs in with it (`replica/seating.rs`).

use super::device::DeviceSecrets;
use super::records::RecordsError;
use super::store::{Store, StoreError};
use super::{Context, Replica};
use crate::authority::keeps::Keeping;
use crate::authority::statement::Statement;
use crate::authority::view::Holder;
use crate::codec;
use crate::crypto::sign::PublicSign;
use crate::crypto::stretch::Cost;
use crate::crypto::wrap::PublicAgree;
use crate::id::{DeviceId, PersonId, Section};
use crate::keys::bundle::{Bundle, Named, Own};
use crate::keys::delivery::Delivery;
use crate::keys::record::{Record, RecordId};
use crate::limits;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use zeroize::Zeroizing;

/// Days that keys are kept which no grant names any more, or not yet. Whoever took them away may have had no right
/// to, as shows once more has been heard.
const DAYS_WITHOUT_GRANT: i32 = 30;

/// Deliveries made in one step of [`Replica::work`]: a few dozen milliseconds.
const MADE_AT_ONCE: usize = 128;

/// A passphrase, and what a guess at it is to cost.
#[derive(Clone, Copy)]
pub struct Passphrase<'a> {
    /// As typed.
    pub text: &'a str,
    /// Of stretching it.
    pub cost: Cost,
}

impl std::fmt::Debug for Passphrase<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// One pair of a person's keys as this device keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) bundle: Bundle,
    /// What the lock screen calls the person; while it is empty, nothing is passed on.
    name: String,
    /// Since which day, in days since 1970-01-01, no grant names it.
    without_grant: Option<i32>,
}

/// What this device keeps of people, and what it has looked at.
#[derive(Debug, Default)]
pub(super) struct Keeper {
    pub(super) kept: BTreeMap<(PersonId, PublicSign), Kept>,
    /// Something changed: there may be something to take, to let go or to pass on.
    pub(super) owed: bool,
    /// Deliveries were let go that the file still has.
    unwritten: bool,
    /// Deliveries to this device that did not open.
    shut: BTreeSet<RecordId>,
}

/// Keys that were somebody's and are not any more, and devices that were of the school and are not, or are held back.
struct Past {
    keys: BTreeSet<PublicSign>,
    devices: BTreeSet<DeviceId>,
}

impl Past {
    fn has(&self, delivery: &Delivery) -> bool {
        let out = |device: &DeviceId| self.devices.contains(device);
        self.keys.contains(&delivery.named.sign) || out(&delivery.by) && !out(&delivery.to)
    }
}

impl Kept {
    pub(super) fn of(bundle: Bundle) -> Self {
        Self { bundle, name: String::new(), without_grant: None }
    }

    /// The file of a person's keys.
    pub(super) fn file(person: &PersonId) -> String {
        format!("bundle-{person}")
    }

    pub(super) fn seal(
        all: &[&Self],
        person: &PersonId,
        device: &DeviceSecrets,
        random: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, RecordsError> {
        let bytes = Zeroizing::new(codec::encode(&all));
        device
            .seal_file(&Self::file(person), &bytes, random)
            .ok_or(RecordsError::TooMuch { what: "the size of a local file", most: limits::FRAME_BYTES })
    }
}

impl<S: Store> Replica<S> {
    /// Whose keys are kept here and may be, with what the lock screen calls them: their passphrases open on this
    /// device. A name may be empty where nobody has given one.
    pub fn keys_here(&self) -> impl Iterator<Item = (PersonId, &str)> {
        let here = self.keepers.kept.iter().filter(|(_, kept)| self.is_current(&kept.bundle.named()));
        let mut names: BTreeMap<PersonId, &str> = BTreeMap::new();
        for ((person, _), kept) in here.filter(|((person, _), _)| self.may_keep_here(person)) {
            let name = names.entry(*person).or_default();
            *name = (*name).max(kept.name.as_str());
        }
        names.into_iter()
    }

    /// The bundles of a person that are kept here, whether or not they count now.
    pub(super) fn kept_of(&self, person: &PersonId) -> impl Iterator<Item = &Kept> {
        let all = (*person, PublicSign([0; 32]))..=(*person, PublicSign([u8::MAX; 32]));
        self.keepers.kept.range(all).map(|(_, kept)| kept)
    }

    /// Says what the lock screen calls a person whose keys are kept here. From then on they are passed on to the
    /// other devices that may keep them.
    ///
    /// # Errors
    /// When the file cannot be replaced.
    pub fn share_keys(
        &mut self,
        person: &PersonId,
        name: &str,
        random: &mut dyn CryptoRng,
    ) -> Result<(), RecordsError> {
        let mut name = name.to_owned();
        while name.len() > limits::NAME_ON_LOCK_BYTES {
            name.pop();
        }
        let other: Vec<Kept> = self.kept_of(person).filter(|kept| kept.name != name).cloned().collect();
        let named = other.into_iter().map(|kept| Kept { name: name.clone(), ..kept }).collect();
        self.put_kept(*person, named, random)
    }

    /// Seals a person's keys as the next bundle and keeps it here; it is passed on from here.
    ///
    /// # Errors
    /// When there is too little memory, or the file cannot be replaced: then the one before still counts.
    pub(super) fn keep_keys(
        &mut self,
        own: &Own,
        passphrase: &Passphrase<'_>,
        random: &mut dyn CryptoRng,
    ) -> Result<(), RecordsError> {
        let (person, sign) = (own.keys.person, own.keys.sign.public());
        let name = self.kept_of(&person).map(|kept| kept.name.as_str()).max().unwrap_or_default().to_owned();
        let here = self.keepers.kept.get(&(person, sign)).map(|kept| kept.bundle.named());
        let heard = self.deliveries().map(|(_, delivery)| delivery.named).chain(here);
        let last = heard.filter(|named| named.person == person && named.sign == sign).map(|named| named.version).max();
        let version = last.unwrap_or(0).saturating_add(1);
        let bundle =
            Bundle::seal(own, &self.school, version, passphrase.text, passphrase.cost, random).ok_or_else(no_memory)?;
        self.put_kept(person, vec![Kept { name, ..Kept::of(bundle) }], random)
    }

    /// Keeps bundles of a person, each in place of what was kept of the same keys.
    fn put_kept(
        &mut self,
        person: PersonId,
        changed: Vec<Kept>,
        random: &mut dyn CryptoRng,
    ) -> Result<(), RecordsError> {
        if changed.is_empty() {
            return Ok(());
        }
        let mut all: BTreeMap<PublicSign, &Kept> =
            self.kept_of(&person).map(|kept| (kept.bundle.named().sign, kept)).collect();
        all.extend(changed.iter().map(|kept| (kept.bundle.named().sign, kept)));
        let all: Vec<&Kept> = all.into_values().collect();
        let sealed = Kept::seal(&all, &person, &self.device, random)?;
        self.store.put_file(&Kept::file(&person), &sealed)?;
        self.keepers.kept.extend(changed.into_iter().map(|kept| ((person, kept.bundle.named().sign), kept)));
        self.keepers.owed = true;
        Ok(())
    }

    /// Reads what is kept here of the people that the statements know.
    pub(super) fn load_kept(&mut self) -> Result<(), StoreError> {
        let grants =
            self.view.grants.values().chain(self.view.past.values()).filter_map(|standing| match standing.holder {
                Holder::Person(person) => Some(person),
                Holder::Device(_) => None,
            });
        let people: BTreeSet<PersonId> = grants.chain([self.founding.head]).collect();
        for person in people {
            let name = Kept::file(&person);
            // One that does not open is as one that never came: another device may still have it.
            let opened = self.store.file(&name)?.and_then(|bytes| self.device.open_file(&name, &bytes));
            let all = opened.and_then(|bytes| codec::decode::<Vec<Kept>>(&Zeroizing::new(bytes)).ok());
            for kept in all.into_iter().flatten() {
                self.keepers.kept.insert((person, kept.bundle.named().sign), kept);
            }
        }
        Ok(())
    }

    /// Whether this device may keep a person's keys. A founding that was cut short has not let its own device in yet.
    pub(super) fn may_keep_here(&self, person: &PersonId) -> bool {
        self.view.may_keep(&self.device(), person) || (*person == self.founding.head && self.is_unfinished())
    }

    pub(super) fn is_current(&self, named: &Named) -> bool {
        self.is_theirs_now(&named.person, &named.sign)
    }

    /// Whose time is over.
    fn past(&self) -> Past {
        let said = self.statements.values().filter_map(|placed| match &placed.statement {
            Statement::Registration(registration) => Some(registration.keys.sign),
            Statement::NewKeys(new) => Some(new.keys.sign),
            _ => None,
        });
        let now = self.view.grants.values().filter_map(|standing| standing.keys);
        let now: BTreeSet<PublicSign> = now.map(|keys| keys.sign).collect();
        let ever = said.chain([self.founding.head_keys.sign]);
        let devices = self.view.former_devices().chain(self.view.suspended.iter().copied());
        Past { keys: ever.filter(|key| !now.contains(key)).collect(), devices: devices.collect() }
    }

    /// The deliveries held, of whomever's keys to whichever device: for whoever must look beneath.
    pub fn sealed_bundles(&self) -> impl Iterator<Item = &Delivery> {
        self.deliveries().map(|(_, delivery)| delivery)
    }

    fn deliveries(&self) -> impl Iterator<Item = (&RecordId, &Delivery)> {
        self.sealed.section(&Section::AUTHORITY).filter_map(|(id, record)| match record {
            Record::Delivery(delivery) => Some((id, delivery.as_ref())),
            _ => None,
        })
    }

    /// Whether all that a delivery speaks of is known here and so. What is not may be on its way.
    fn is_known(&self, delivery: &Delivery) -> bool {
        let Delivery { named, to, by, .. } = delivery;
        self.is_current(named) && self.view.may_keep(to, &named.person) && self.view.is_enrolled(by)
    }

    /// Leaves out of what somebody sent the deliveries that are unsound, of no use, or too many.
    pub(super) fn fit_deliveries(&self, records: Vec<(Section, Record)>) -> Vec<(Section, Record)> {
        if !records.iter().any(|(section, record)| *section == Section::AUTHORITY || is_delivery(record)) {
            return records;
        }
        let mut newest = self.newest();
        let mut known = self.least();
        let mut waiting = None;
        let past = self.past();
        let mut fit = |section: &Section, id: RecordId, delivery: &Delivery| {
            let Delivery { named, .. } = delivery;
            let newest = newest.entry((named.person, named.sign)).or_insert(named.order());
            if *section != Section::AUTHORITY
                || known.len() >= limits::DELIVERIES
                || named.order() < *newest
                || known.get(&filed(delivery)).is_some_and(|least| *least <= id)
                || past.has(delivery)
                || !delivery.holds(&self.school)
            {
                return false;
            }
            if !self.is_known(delivery) {
                let waiting =
                    waiting.get_or_insert_with(|| self.deliveries().filter(|(_, one)| !self.is_known(one)).count());
                *waiting += 1;
                if *waiting > limits::DELIVERIES_UNKNOWN {
                    return false;
                }
            }
            *newest = named.order();
            known.insert(filed(delivery), id);
            true
        };
        let fits = |(section, record): &(Section, Record)| match record {
            Record::Delivery(delivery) => fit(section, record.id(), delivery),
            // Nothing else is of the authority area: it has no keys.
            _ => *section != Section::AUTHORITY,
        };
        records.into_iter().filter(fits).collect()
    }

    /// The newest bundle heard of, for each of everybody's keys.
    fn newest(&self) -> BTreeMap<(PersonId, PublicSign), (u64, [u8; 32])> {
        let mut newest: BTreeMap<(PersonId, PublicSign), (u64, [u8; 32])> = BTreeMap::new();
        let kept = self.keepers.kept.values().map(|kept| kept.bundle.named());
        for named in self.deliveries().map(|(_, delivery)| delivery.named).chain(kept) {
            let newest = newest.entry((named.person, named.sign)).or_insert(named.order());
            *newest = (*newest).max(named.order());
        }
        newest
    }

    /// Of several that one device made of the same for the same, as when it was set back or copied, the one that is
    /// kept everywhere, in whatever order they came: the least by name.
    fn least(&self) -> BTreeMap<Filed, RecordId> {
        let mut least = BTreeMap::new();
        for (id, delivery) in self.deliveries() {
            let known = least.entry(filed(delivery)).or_insert(*id);
            *known = (*known).min(*id);
        }
        least
    }

    /// The deliveries of a section that speak of what is no more, or of another bundle than the newest, or of which
    /// there is another.
    pub(super) fn gone_deliveries(&self, section: &Section) -> Vec<RecordId> {
        if *section != Section::AUTHORITY || self.deliveries().next().is_none() {
            return Vec::new();
        }
        let (newest, past, least) = (self.newest(), self.past(), self.least());
        let is_newest = |one: &Delivery| newest.get(&(one.named.person, one.named.sign)) == Some(&one.named.order());
        let is_least = |id: &RecordId, one: &Delivery| least.get(&filed(one)) == Some(id);
        let gone = self.deliveries().filter(|(id, one)| past.has(one) || !is_newest(one) || !is_least(id, one));
        gone.map(|(id, _)| *id).collect()
    }

    /// Lets go of them. The file follows with the next [`Replica::settle_bundles`]: what is read from it before is
    /// let go again.
    pub(super) fn let_go_of_deliveries(&mut self) {
        let gone = self.gone_deliveries(&Section::AUTHORITY);
        if gone.is_empty() {
            return;
        }
        gone.iter().for_each(|id| self.sealed.remove(&Section::AUTHORITY, id));
        self.digests.forget(&Section::AUTHORITY);
        self.keepers.unwritten = true;
        self.keepers.owed = true;
    }

    /// Whether a record may go to a device. A delivery to one that is held back or taken out stays here: it shows
    /// whose keys may lie there, and need not come to lie there now.
    pub(crate) fn may_go_to(&self, device: &DeviceId, section: &Section, record: &Record) -> bool {
        match record {
            Record::Delivery(delivery) => delivery.to != *device || self.view.is_enrolled(device),
            // What another device may hold it is given whole, by one that may not hold it any more too.
            _ if self.view.may_hold(device, &section.compartment) => true,
            _ => self.share(device, section).is_some_and(|share| self.is_record_shared(share, section, record)),
        }
    }

    /// Whose keys were sent to a device, by which key of theirs.
    pub(super) fn keys_sent_to(&self, device: &DeviceId) -> impl Iterator<Item = (PersonId, PublicSign)> + use<'_, S> {
        let device = *device;
        let sent = self.deliveries().filter(move |(_, delivery)| delivery.to == device);
        sent.map(|(_, delivery)| (delivery.named.person, delivery.named.sign))
    }

    /// Takes what came for this device, forgets keys that have been nobody's for long, and passes on what others
    /// lack. Says whether there is more to do.
    ///
    /// # Errors
    /// When a file cannot be replaced: what is owed stays owed.
    pub(super) fn settle_bundles(&mut self, context: &mut Context<'_>) -> Result<bool, RecordsError> {
        self.take_mine(context.random)?;
        self.forget_past(context)?;
        self.let_go_of_deliveries();
        if self.keepers.unwritten {
            let bytes = self.sealed.encode(&Section::AUTHORITY);
            self.store.put_file(&super::rows::key_file(&Section::AUTHORITY), &bytes)?;
            self.keepers.unwritten = false;
        }
        let (made, more) = self.to_pass_on(context.random);
        self.add_own_records(made.into_iter().map(|one| (Section::AUTHORITY, one)).collect())?;
        self.keepers.owed = more;
        Ok(more)
    }

    /// Opens the deliveries to this device that are newer than what it keeps.
    fn take_mine(&mut self, random: &mut dyn CryptoRng) -> Result<(), RecordsError> {
        let here = self.device();
        let mut newer: Vec<(RecordId, Bundle, String)> = Vec::new();
        let mut shut = Vec::new();
        for (id, delivery) in self.deliveries().filter(|(_, delivery)| delivery.to == here) {
            let keys = (delivery.named.person, delivery.named.sign);
            let known = self.keepers.kept.get(&keys).map(|kept| kept.bundle.named());
            let old = known.is_some_and(|known| known.order() >= delivery.named.order());
            if old || self.keepers.shut.contains(id) || !self.is_known(delivery) {
                continue;
            }
            match delivery.open(&self.school, &self.device.agree) {
                Some((bundle, name)) => newer.push((*id, bundle, name)),
                None => shut.push(*id),
            }
        }
        self.keepers.shut.extend(shut);
        newer.sort_by_key(|(_, bundle, _)| bundle.named().order());
        for (_, bundle, name) in newer {
            self.put_kept(bundle.named().person, vec![Kept { name, ..Kept::of(bundle) }], random)?;
        }
        Ok(())
    }

    /// Notes which keys kept here no grant names, and forgets those of which that has been so for long.
    fn forget_past(&mut self, context: &mut Context<'_>) -> Result<(), RecordsError> {
        let today = context.now.civil_day();
        let mut changed: BTreeMap<PersonId, Vec<Kept>> = BTreeMap::new();
        let mut gone: Vec<(PersonId, PublicSign)> = Vec::new();
        for ((person, sign), kept) in &self.keepers.kept {
            let without_grant = match kept.without_grant {
                _ if self.is_current(&kept.bundle.named()) => None,
                // By a clock that was ahead then it would never be over.
                Some(since) => Some(since.min(today)),
                None => Some(today),
            };
            if without_grant.is_some_and(|since| today - since >= DAYS_WITHOUT_GRANT) {
                gone.push((*person, *sign));
            } else if without_grant != kept.without_grant {
                changed.entry(*person).or_default().push(Kept { without_grant, ..kept.clone() });
            }
        }
        for (person, changed) in changed {
            self.put_kept(person, changed, context.random)?;
        }
        for (person, sign) in gone {
            self.keepers.kept.remove(&(person, sign));
            let left: Vec<&Kept> = self.kept_of(&person).collect();
            if left.is_empty() {
                self.store.remove_file(&Kept::file(&person))?;
                self.store.remove_file(&super::seating::file(&person))?;
            } else {
                let sealed = Kept::seal(&left, &person, &self.device, context.random)?;
                self.store.put_file(&Kept::file(&person), &sealed)?;
            }
        }
        Ok(())
    }

    /// Deliveries of what is kept here to the devices that may keep it and have none that is true.
    fn to_pass_on(&self, random: &mut dyn CryptoRng) -> (Vec<Record>, bool) {
        let mut made = Vec::new();
        if !self.view.is_enrolled(&self.device()) {
            return (made, false);
        }
        let mut room = limits::DELIVERIES.saturating_sub(self.deliveries().count());
        let mut served: BTreeSet<((PersonId, PublicSign), DeviceId)> = BTreeSet::new();
        for (_, delivery) in self.deliveries() {
            let keys = (delivery.named.person, delivery.named.sign);
            let kept = self.keepers.kept.get(&keys);
            if kept.is_some_and(|kept| delivery.is_of(&kept.bundle)) {
                served.insert((keys, delivery.to));
            }
        }
        let devices: Vec<(DeviceId, PublicAgree, Keeping)> = self
            .view
            .devices()
            .filter(|device| *device != self.device())
            .filter_map(|device| {
                let agree = self.view.grants_of(&Holder::Device(device)).find_map(|(_, grant)| grant.agree)?;
                Some((device, agree, self.view.keeping_of_device(&device)?))
            })
            .collect();
        for (keys, kept) in &self.keepers.kept {
            let (person, _) = keys;
            let Some(of) = self.view.keeping_of_person(person) else { continue };
            if kept.name.is_empty() || !self.is_current(&kept.bundle.named()) {
                continue;
            }
            for (device, agree, at) in &devices {
                if served.contains(&(*keys, *device)) || !at.may_keep(&of) {
                    continue;
                }
                if made.len() >= MADE_AT_ONCE {
                    return (made, true);
                }
                let what = (&kept.bundle, kept.name.as_str());
                let one = Delivery::make(what, &self.school, (*device, agree), &self.device.sign, random);
                // A device's key that cannot be sealed to is its owner's trouble.
                if let Some(one) = one.filter(|_| room > 0) {
                    made.push(Record::Delivery(Box::new(one)));
                    room -= 1;
                }
            }
        }
        (made, false)
    }
}

/// What a delivery is filed under: whose bundle and which, for which device, by which.
type Filed = (PersonId, (u64, [u8; 32]), DeviceId, DeviceId);

fn filed(delivery: &Delivery) -> Filed {
    (delivery.named.person, delivery.named.order(), delivery.to, delivery.by)
}

fn is_delivery(record: &Record) -> bool {
    matches!(record, Record::Delivery(_))
}

pub(super) fn no_memory() -> RecordsError {
    RecordsError::Broken(
        "this device has too little memory free to protect the keys: close other programs and try again".into(),
    )
}
