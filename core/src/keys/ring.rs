//! The ring: the keys that are open on this device now.
//!
//! The device's own are always here; a person's come at sign-in and go at lock. Epoch keys and document secrets
//! are opened when first needed and forgotten with the person who opened them.

use super::case::{About, Covered};
use super::epoch::{DocumentSecret, EpochInfo, EpochKey, EpochName, KeyCommitment};
use super::record::{RecordId, Records};
use crate::crypto::secret::Secret;
use crate::crypto::wrap::{AgreeKey, PublicAgree, RecipientId};
use crate::id::{EpochId, Handle, PersonId, SchoolId, SecretId, Section};
use std::collections::{BTreeMap, BTreeSet};

/// How a person came to the secret of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Through {
    /// It is wrapped to the person.
    Themselves,
    /// It is wrapped to the leads, of whom the person is or was one.
    Leads,
}

/// What is known of an open case.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// Who of those on the ring has it, and how.
    pub readers: BTreeMap<PersonId, Through>,
    /// Whom it is wrapped to.
    pub recipients: BTreeSet<RecipientId>,
    /// Whom it must never be wrapped to.
    pub left_out: BTreeSet<PersonId>,
}

/// Open keys.
#[derive(Debug)]
pub struct Ring {
    school: SchoolId,
    device: (RecipientId, AgreeKey),
    persons: BTreeMap<PersonId, Vec<(RecipientId, AgreeKey)>>,
    epochs: BTreeMap<(Section, EpochId), EpochKey>,
    shut: BTreeSet<(Section, EpochId)>,
    secrets: BTreeMap<SecretId, DocumentSecret>,
    under: BTreeMap<EpochId, BTreeSet<SecretId>>,
    tried: BTreeSet<RecordId>,
    by_handle: BTreeMap<(Section, Handle), BTreeSet<SecretId>>,
    cases: BTreeMap<(Section, SecretId), Case>,
    common: BTreeMap<(RecipientId, PublicAgree), Secret>,
    named: BTreeMap<(Section, EpochId), KeyCommitment>,
    newer: BTreeMap<(Section, EpochId), BTreeSet<EpochId>>,
    changes: u64,
}

/// How many newer keys are opened in a row for an older one, at most: one a week for ten years.
const NEWER_MOST: usize = 512;

fn named(key: AgreeKey) -> (RecipientId, AgreeKey) {
    (key.public().recipient(), key)
}

impl Ring {
    /// A ring with the device's own key.
    pub fn new(school: SchoolId, device: AgreeKey) -> Self {
        Self {
            school,
            device: named(device),
            persons: BTreeMap::new(),
            epochs: BTreeMap::new(),
            shut: BTreeSet::new(),
            secrets: BTreeMap::new(),
            under: BTreeMap::new(),
            tried: BTreeSet::new(),
            by_handle: BTreeMap::new(),
            cases: BTreeMap::new(),
            common: BTreeMap::new(),
            named: BTreeMap::new(),
            newer: BTreeMap::new(),
            changes: 0,
        }
    }

    /// Another number whenever something may open that did not before.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// Adds a person's keys: their own, and any that others may still wrap to.
    pub fn add_person(&mut self, person: PersonId, keys: impl IntoIterator<Item = AgreeKey>) {
        let keys: Vec<(RecipientId, AgreeKey)> = keys.into_iter().map(named).collect();
        let had = self.persons.insert(person, keys.clone());
        if had.is_some_and(|had| had.iter().all(|(key, _)| keys.iter().all(|(id, _)| id != key))) {
            // Somebody else under the same name: what the first opened is not theirs.
            self.forget_opened();
        }
        self.shut.clear();
        self.changes += 1;
        // Others may have it open, and this one may have it too.
        self.tried.clear();
    }

    /// Forgets a person's key and everything opened so far; what others may still open opens again.
    pub fn remove_person(&mut self, person: &PersonId) {
        self.persons.remove(person);
        self.forget_opened();
    }

    /// Who is signed in.
    pub fn persons(&self) -> impl Iterator<Item = &PersonId> {
        self.persons.keys()
    }

    /// How many epoch keys and document secrets are open.
    pub fn open_keys(&self) -> usize {
        self.epochs.len() + self.secrets.len()
    }

    /// Whether the device alone opens an epoch.
    pub fn device_opens(&self, section: &Section, epoch: &EpochId, records: &Records) -> bool {
        self.unwrap(std::iter::once(&self.device), section, epoch, records).is_some()
    }

    /// Forgets everything opened so far; what may still be opened opens again.
    pub fn forget_opened(&mut self) {
        self.changes += 1;
        self.epochs.clear();
        self.shut.clear();
        self.secrets.clear();
        self.under.clear();
        self.tried.clear();
        self.by_handle.clear();
        self.cases.clear();
        self.common.clear();
    }

    /// New records came: what would not open may open now.
    pub fn look_again(&mut self) {
        self.changes += 1;
        self.shut.clear();
    }

    /// Puts an epoch key just minted here.
    pub fn put_epoch(&mut self, section: Section, epoch: EpochId, key: EpochKey) {
        self.epochs.insert((section, epoch), key);
        self.changes += 1;
    }

    /// The key of an epoch of a section, if somebody on this ring may have it.
    pub fn epoch(&mut self, section: &Section, epoch: &EpochId, records: &Records) -> Option<EpochKey> {
        let name = (*section, *epoch);
        if let Some(key) = self.epochs.get(&name) {
            return Some(key.clone());
        }
        if self.shut.contains(&name) {
            return None;
        }
        let keys = std::iter::once(&self.device).chain(self.persons.values().flatten());
        let opened = self.unwrap(keys, section, epoch, records);
        match &opened {
            Some(key) => {
                self.changes += 1;
                self.epochs.insert(name, key.clone());
            }
            None => {
                self.shut.insert(name);
            }
        }
        opened
    }

    /// The key of an epoch that is wrapped to one of these, or lies under one that is and takes its place.
    fn unwrap<'a>(
        &self,
        keys: impl Iterator<Item = &'a (RecipientId, AgreeKey)> + Clone,
        section: &Section,
        epoch: &EpochId,
        records: &Records,
    ) -> Option<EpochKey> {
        // The way from the epoch asked for to one that is wrapped.
        let mut way: Vec<(EpochId, Option<usize>)> = vec![(*epoch, None)];
        let mut seen = BTreeSet::from([*epoch]);
        let mut at = 0;
        while let Some((newer, _)) = way.get(at).copied() {
            let Some(name) = self.name(section, &newer) else {
                at += 1;
                continue;
            };
            let wrapped = keys.clone().find_map(|(recipient, key)| {
                let mut wraps = records.wraps(section, &newer, recipient);
                wraps.find_map(|(wrap, _)| EpochKey::open(key, &name, recipient, wrap))
            });
            if let Some(found) = wrapped.and_then(|key| self.go_back(key, at, &way, section, records)) {
                return Some(found);
            }
            for next in self.newer.get(&(*section, newer)).into_iter().flatten() {
                // Only where a key lies under it is there a way back.
                let mut under = records.under_newer(section, &newer);
                if !under.any(|(epoch, _)| epoch == next) {
                    continue;
                }
                if way.len() < NEWER_MOST && seen.insert(*next) {
                    way.push((*next, Some(at)));
                }
            }
            at += 1;
        }
        None
    }

    /// From the key of a newer epoch back to the one asked for, by the keys sealed under each.
    fn go_back(
        &self,
        mut key: EpochKey,
        mut at: usize,
        way: &[(EpochId, Option<usize>)],
        section: &Section,
        records: &Records,
    ) -> Option<EpochKey> {
        while let Some((newer, Some(before))) = way.get(at) {
            let (older, _) = way.get(*before)?;
            let sealed = records.under_newer(section, older).filter(|(epoch, _)| *epoch == newer);
            let name = self.name(section, older)?;
            key = { sealed }.find_map(|(_, sealed)| key.open_older(newer, &name, sealed))?;
            at = *before;
        }
        Some(key)
    }

    /// Takes note of an announced epoch: no other key than the one it commits to is taken for its key.
    pub fn note(&mut self, info: &EpochInfo) {
        self.changes += 1;
        self.named.insert((info.section, info.statement.epoch), info.statement.key);
        self.shut.clear();
    }

    fn name<'a>(&'a self, section: &'a Section, epoch: &EpochId) -> Option<EpochName<'a>> {
        let key = *self.named.get(&(*section, *epoch))?;
        Some(EpochName { school: &self.school, section, epoch: *epoch, key })
    }

    /// Forgets which epochs take the place of which.
    pub fn forget_places(&mut self) {
        self.newer.clear();
    }

    /// An epoch's entry says whose place it takes: their keys may lie under its own. Nothing else is believed to.
    pub fn takes_the_place(&mut self, section: &Section, newer: EpochId, older: &[EpochId]) {
        for epoch in older {
            self.newer.entry((*section, *epoch)).or_default().insert(newer);
        }
        self.shut.clear();
    }

    /// Whether an epoch's key lies under one that is open and takes its place: whoever has that one has both.
    pub fn is_under_newer(&mut self, section: &Section, epoch: &EpochId, records: &Records) -> bool {
        let newer: Vec<EpochId> = self.newer.get(&(*section, *epoch)).into_iter().flatten().copied().collect();
        newer.into_iter().any(|newer| {
            let key = self.epoch(section, &newer, records);
            let sealed = records.under_newer(section, epoch).filter(|(under, _)| **under == newer);
            key.zip(self.name(section, epoch))
                .is_some_and(|(key, older)| { sealed }.any(|(_, it)| key.open_older(&newer, &older, it).is_some()))
        })
    }

    /// Whether a person on the ring has the private half of a key.
    pub fn has_key(&self, person: &PersonId, public: &PublicAgree) -> bool {
        let id = public.recipient();
        self.persons.get(person).is_some_and(|keys| keys.iter().any(|(own, _)| *own == id))
    }

    /// The key that a person on the ring makes cases with.
    pub fn person_key(&self, person: &PersonId) -> Option<&AgreeKey> {
        self.persons.get(person)?.first().map(|(_, key)| key)
    }

    /// Opens what it can of the cases under a cover, for each person on the ring by themselves. `leads` are the
    /// section's leads' epochs: a person who opens one opens what is wrapped to it.
    pub fn open_cases(
        &mut self,
        section: &Section,
        cover: &EpochId,
        leads: &[(EpochId, PublicAgree)],
        records: &Records,
    ) {
        let Some(key) = self.epoch(section, cover, records) else { return };
        let mut fresh = Vec::new();
        for (record, id, sealed) in records.cases_under(section, cover) {
            if self.tried.insert(record)
                && let Some(covered) = Covered::open(id, cover, &key, sealed)
            {
                fresh.push(covered);
            }
        }
        if fresh.is_empty() {
            return;
        }
        let persons: Vec<(PersonId, Vec<(RecipientId, AgreeKey)>)> =
            self.persons.iter().map(|(person, keys)| (*person, keys.clone())).collect();
        for (person, own) in persons {
            let mut keys: Vec<(Through, PublicAgree, AgreeKey)> =
                own.iter().map(|(_, key)| (Through::Themselves, key.public(), key.clone())).collect();
            for (epoch, public) in leads {
                let opened = self.unwrap(own.iter(), section, epoch, records);
                let pair = opened.map(|key| key.leads()).filter(|pair| pair.public() == *public);
                keys.extend(pair.map(|pair| (Through::Leads, *public, pair)));
            }
            for covered in &fresh {
                self.open_case(section, &person, &keys, covered);
            }
        }
    }

    fn open_case(
        &mut self,
        section: &Section,
        person: &PersonId,
        keys: &[(Through, PublicAgree, AgreeKey)],
        covered: &Covered,
    ) {
        for (through, public, key) in keys {
            let pair = (public.recipient(), *covered.from());
            let common = self.common.entry(pair).or_insert_with(|| key.in_common(covered.from()));
            if let Some((secret, about)) = covered.open_with(key, public, common) {
                self.put_case(*section, secret, &about, (*person, *through));
            }
        }
    }

    /// Puts the secret of a case whose sealed form is durable, as one of its records has it.
    pub fn put_case(
        &mut self,
        section: Section,
        secret: DocumentSecret,
        about: &About,
        (person, through): (PersonId, Through),
    ) {
        let id = secret.id();
        let case = self.cases.entry((section, id)).or_default();
        let known = case.readers.entry(person).or_insert(through);
        *known = (*known).min(through);
        case.recipients.extend(&about.recipients);
        case.left_out.extend(&about.left_out);
        self.by_handle.entry((section, secret.handle)).or_default().insert(id);
        self.changes += u64::from(self.secrets.insert(id, secret).is_none());
    }

    /// What is known of an open case.
    pub fn case(&self, section: &Section, id: &SecretId) -> Option<&Case> {
        self.cases.get(&(*section, *id))
    }

    /// The open cases of a section.
    pub fn cases(&self, section: &Section) -> impl Iterator<Item = (&SecretId, &Case)> {
        let all = (*section, SecretId([0; 16]))..=(*section, SecretId([u8::MAX; 16]));
        self.cases.range(all).map(|((_, id), case)| (id, case))
    }

    /// The open secrets of a document.
    pub fn secrets_of(&self, section: &Section, handle: &Handle) -> impl Iterator<Item = &SecretId> {
        self.by_handle.get(&(*section, *handle)).into_iter().flatten()
    }

    /// Opens what it can of an epoch's document secrets. A record that does not open is passed over: it says
    /// nothing against another of the same name.
    pub fn open_secrets(&mut self, section: &Section, epoch: &EpochId, records: &Records) {
        let Some(key) = self.epoch(section, epoch, records) else { return };
        for (record, id, sealed) in records.secrets_under(section, epoch) {
            if self.tried.insert(record)
                && let Some(secret) = DocumentSecret::open(id, epoch, &key, sealed)
            {
                self.put_secret(*section, *epoch, secret);
            }
        }
    }

    /// Whether a secret is known to be sealed under an epoch.
    pub fn is_under(&self, epoch: &EpochId, id: &SecretId) -> bool {
        self.under.get(epoch).is_some_and(|under| under.contains(id))
    }

    /// Forgets secrets of a document for good: their sealed forms are gone.
    pub fn destroy(&mut self, section: &Section, handle: &Handle, secrets: &[SecretId]) {
        for id in secrets {
            self.secrets.remove(id);
            self.cases.remove(&(*section, *id));
            self.under.values_mut().for_each(|under| under.retain(|one| one != id));
        }
        if let Some(known) = self.by_handle.get_mut(&(*section, *handle)) {
            known.retain(|id| !secrets.contains(id));
        }
        self.changes += 1;
    }

    /// Puts a document secret whose sealed form is durable.
    pub fn put_secret(&mut self, section: Section, epoch: EpochId, secret: DocumentSecret) {
        let id = secret.id();
        self.under.entry(epoch).or_default().insert(id);
        self.by_handle.entry((section, secret.handle)).or_default().insert(id);
        self.changes += u64::from(self.secrets.insert(id, secret).is_none());
    }

    /// An open document secret.
    pub fn secret(&self, id: &SecretId) -> Option<&DocumentSecret> {
        self.secrets.get(id)
    }

    /// The secret to write a document under: the least of those open.
    pub fn secret_of(&self, section: &Section, handle: &Handle) -> Option<&DocumentSecret> {
        let id = self.by_handle.get(&(*section, *handle))?.first()?;
        self.secrets.get(id)
    }
}
