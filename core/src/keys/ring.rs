//! The ring: the keys that are open on this device now.
//!
//! The device's own are always here; a person's come at sign-in and go at lock. Epoch keys and document secrets
//! are opened when first needed and forgotten with the person who opened them.

use super::epoch::{DocumentSecret, EpochInfo, EpochKey};
use super::record::Records;
use crate::crypto::wrap::AgreeKey;
use crate::id::{EpochId, Handle, PersonId, SchoolId, SecretId, Section};
use std::collections::{BTreeMap, BTreeSet};

/// Open keys.
#[derive(Debug)]
pub struct Ring {
    school: SchoolId,
    device: AgreeKey,
    persons: BTreeMap<PersonId, AgreeKey>,
    epochs: BTreeMap<EpochId, EpochKey>,
    shut: BTreeSet<EpochId>,
    secrets: BTreeMap<SecretId, DocumentSecret>,
    opened_under: BTreeMap<EpochId, BTreeSet<SecretId>>,
    by_handle: BTreeMap<(Section, Handle), BTreeSet<SecretId>>,
}

impl Ring {
    /// A ring with the device's own key.
    pub fn new(school: SchoolId, device: AgreeKey) -> Self {
        Self {
            school,
            device,
            persons: BTreeMap::new(),
            epochs: BTreeMap::new(),
            shut: BTreeSet::new(),
            secrets: BTreeMap::new(),
            opened_under: BTreeMap::new(),
            by_handle: BTreeMap::new(),
        }
    }

    /// Adds a person's key.
    pub fn add_person(&mut self, person: PersonId, key: AgreeKey) {
        self.persons.insert(person, key);
        self.shut.clear();
    }

    /// Forgets a person's key and everything opened so far; what others may still open opens again.
    pub fn remove_person(&mut self, person: &PersonId) {
        self.persons.remove(person);
        self.epochs.clear();
        self.shut.clear();
        self.secrets.clear();
        self.opened_under.clear();
        self.by_handle.clear();
    }

    /// Who is signed in.
    pub fn persons(&self) -> impl Iterator<Item = &PersonId> {
        self.persons.keys()
    }

    /// The keys that wraps may be for: the device's, then the persons'.
    pub fn agree_keys(&self) -> impl Iterator<Item = &AgreeKey> {
        std::iter::once(&self.device).chain(self.persons.values())
    }

    /// New records came: what would not open may open now.
    pub fn look_again(&mut self) {
        self.shut.clear();
    }

    /// Puts an epoch key just minted here.
    pub fn put_epoch(&mut self, epoch: EpochId, key: EpochKey) {
        self.epochs.insert(epoch, key);
    }

    /// The key of an epoch, if somebody on this ring may have it.
    pub fn epoch(&mut self, epoch: &EpochId, info: &EpochInfo, records: &Records) -> Option<EpochKey> {
        if let Some(key) = self.epochs.get(epoch) {
            return Some(key.clone());
        }
        if self.shut.contains(epoch) {
            return None;
        }
        let opened = self.agree_keys().find_map(|key| {
            let recipient = key.public().recipient();
            records
                .wraps(&info.section, epoch, &recipient)
                .into_iter()
                .find_map(|wrapped| EpochKey::open(key, &self.school, &info.section, epoch, &recipient, wrapped))
        });
        match opened {
            Some(key) => {
                self.epochs.insert(*epoch, key.clone());
                Some(key)
            }
            None => {
                self.shut.insert(*epoch);
                None
            }
        }
    }

    /// Opens what it can of an epoch's document secrets.
    pub fn open_secrets(&mut self, epoch: &EpochId, info: &EpochInfo, records: &Records) {
        let Some(key) = self.epoch(epoch, info, records) else { return };
        let done = self.opened_under.entry(*epoch).or_default();
        for (id, sealed) in records.secrets_under(&info.section, epoch) {
            if done.insert(*id)
                && let Some(secret) = DocumentSecret::open(id, epoch, &key, sealed)
            {
                self.by_handle.entry((info.section, secret.handle)).or_default().insert(*id);
                self.secrets.insert(*id, secret);
            }
        }
    }

    /// Whether a secret is known to be sealed under an epoch.
    pub fn is_under(&self, epoch: &EpochId, id: &SecretId) -> bool {
        self.opened_under.get(epoch).is_some_and(|under| under.contains(id))
    }

    /// Puts a document secret just made here.
    pub fn put_secret(&mut self, section: Section, epoch: EpochId, secret: DocumentSecret) {
        let id = secret.id();
        self.opened_under.entry(epoch).or_default().insert(id);
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
