//! The ring: the keys that are open on this device now.
//!
//! The device's own are always here; a person's come at sign-in and go at lock. Epoch keys and document secrets
//! are opened when first needed and forgotten with the person who opened them.

use super::epoch::{DocumentSecret, EpochKey};
use super::record::{RecordId, Records};
use crate::crypto::wrap::{AgreeKey, RecipientId};
use crate::id::{EpochId, Handle, PersonId, SchoolId, SecretId, Section};
use std::collections::{BTreeMap, BTreeSet};

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
}

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
        }
    }

    /// Adds a person's keys: their own, and any that others may still wrap to.
    pub fn add_person(&mut self, person: PersonId, keys: impl IntoIterator<Item = AgreeKey>) {
        self.persons.insert(person, keys.into_iter().map(named).collect());
        self.shut.clear();
    }

    /// Forgets a person's key and everything opened so far; what others may still open opens again.
    pub fn remove_person(&mut self, person: &PersonId) {
        self.persons.remove(person);
        self.epochs.clear();
        self.shut.clear();
        self.secrets.clear();
        self.under.clear();
        self.tried.clear();
        self.by_handle.clear();
    }

    /// Who is signed in.
    pub fn persons(&self) -> impl Iterator<Item = &PersonId> {
        self.persons.keys()
    }

    /// How many epoch keys and document secrets are open.
    pub fn open_keys(&self) -> usize {
        self.epochs.len() + self.secrets.len()
    }

    /// New records came: what would not open may open now.
    pub fn look_again(&mut self) {
        self.shut.clear();
    }

    /// Puts an epoch key just minted here.
    pub fn put_epoch(&mut self, section: Section, epoch: EpochId, key: EpochKey) {
        self.epochs.insert((section, epoch), key);
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
        let mut keys = std::iter::once(&self.device).chain(self.persons.values().flatten());
        let opened = keys.find_map(|(recipient, key)| {
            records
                .wraps(section, epoch, recipient)
                .find_map(|(wrapped, _)| EpochKey::open(key, &self.school, section, epoch, recipient, wrapped))
        });
        match &opened {
            Some(key) => drop(self.epochs.insert(name, key.clone())),
            None => drop(self.shut.insert(name)),
        }
        opened
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

    /// Puts a document secret whose sealed form is durable.
    pub fn put_secret(&mut self, section: Section, epoch: EpochId, secret: DocumentSecret) {
        let id = secret.id();
        self.under.entry(epoch).or_default().insert(id);
        self.by_handle.entry((section, secret.handle)).or_default().insert(id);
        self.secrets.insert(id, secret);
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
