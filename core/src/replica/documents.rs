//! Documents as they are kept: sealed for this device under what their entries were under, loaded when asked for.
//!
//! Where keys are daily a row is under the epochs of *all* days that anything in it was written on: who has lost
//! one of them, as a device alone does after two days, opens none of it. Elsewhere the latest epoch will do: who reads it
//! reads those before it. And it is under all the document's own secrets, wherever documents are read one by one under
//! these alone: once they are destroyed, whatever a disk still has of the row opens with nothing.

use super::records::RecordsError;
use super::store::{Store, Table};
use super::{Replica, rows};
use crate::codec;
use crate::crypto::aead::{NONCE_BYTES, nonce, open_framed, seal_framed_with};
use crate::crypto::secret::Secret;
use crate::document::fact::Facts;
use crate::document::payload::handle;
use crate::document::rebuild::Document;
use crate::id::{DocumentId, EpochId, Handle, SecretId, Section};
use crate::keys::epoch::DocumentSecret;
use crate::keys::rule::KeyRule;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Loaded documents kept in memory: some 12 KB each, so 25 MB. A school of 2,000 fits its people.
const LOADED_MOST: usize = 2_048;

#[derive(Debug, Default)]
pub(crate) struct Cache {
    loaded: BTreeMap<(Section, Handle), Loaded>,
    known: BTreeMap<Section, BTreeMap<Handle, DocumentId>>,
    clock: u64,
    changes: Changes,
    /// By which open keys the secrets of a section were opened last.
    opened: BTreeMap<Section, u64>,
}

/// Which documents may have become different, counted from the start of the program.
#[derive(Debug, Default)]
struct Changes {
    count: u64,
    documents: BTreeMap<Section, BTreeMap<Handle, u64>>,
    /// Anything in the section may have.
    sections: BTreeMap<Section, u64>,
    /// Anything at all may have.
    all: u64,
}

impl Changes {
    fn document(&mut self, section: &Section, handle: Handle) {
        self.count += 1;
        self.documents.entry(*section).or_default().insert(handle, self.count);
    }

    fn section(&mut self, section: &Section) {
        self.count += 1;
        self.sections.insert(*section, self.count);
        self.documents.remove(section);
    }

    fn all(&mut self) {
        self.count += 1;
        *self = Self { count: self.count, all: self.count, ..Self::default() };
    }

    /// The documents that changed after a count; `None` when anything may have.
    fn since(&self, section: &Section, since: u64) -> Option<Vec<Handle>> {
        let whole = self.sections.get(section).copied().unwrap_or(0).max(self.all);
        let changed = self.documents.get(section).into_iter().flatten();
        (whole <= since).then(|| changed.filter(|(_, at)| **at > since).map(|(handle, _)| *handle).collect())
    }
}

#[derive(Debug)]
struct Loaded {
    age: u64,
    /// Under which epochs its entries came.
    epochs: BTreeSet<EpochId>,
    document: Document,
}

/// A document as it is kept.
#[derive(Serialize, Deserialize)]
struct Row {
    under: Under,
    #[serde(with = "serde_bytes")]
    sealed: Vec<u8>,
}

/// What a row is under, besides this device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Under {
    /// Written by programs of before there was erasure; read still.
    Epochs(BTreeSet<EpochId>),
    Secrets(BTreeSet<SecretId>),
    Both(BTreeSet<EpochId>, BTreeSet<SecretId>),
}

/// A document out of the cache, and what its row is sealed with.
pub(super) struct Taken {
    loaded: Loaded,
    under: Under,
    key: Secret,
    associated: Vec<u8>,
    nonce: [u8; NONCE_BYTES],
}

impl Taken {
    pub(super) fn document(&mut self) -> &mut Document {
        &mut self.loaded.document
    }

    /// The document as it is kept; `None` where it is larger than anything can be. Once only: the nonce is for one text.
    pub(super) fn row(&mut self) -> Option<Vec<u8>> {
        let text = zeroize::Zeroizing::new(self.loaded.document.save());
        let sealed = seal_framed_with(&self.key, &self.nonce, &self.associated, &text)?;
        Some(codec::encode(&Row { under: self.under.clone(), sealed }))
    }
}

/// What the key of a document's row is derived for.
const ROW: &str = "muster 1 document row";

/// What a document's row is under; `None` for one that is damaged.
pub(super) fn under(row: &[u8]) -> Option<Under> {
    codec::decode::<Row>(row).ok().map(|row| row.under)
}

impl Cache {
    /// Which documents there are in a section, found on the way.
    pub(super) fn know(&mut self, section: &Section, known: BTreeMap<Handle, DocumentId>) {
        self.known.insert(*section, known);
    }

    pub(super) fn forget_all(&mut self) {
        let mut changes = std::mem::take(&mut self.changes);
        changes.all();
        *self = Self { changes, ..Self::default() };
    }

    /// Keys came: more may be readable than was.
    pub(super) fn look_again(&mut self) {
        self.known.clear();
        self.changes.all();
    }

    pub(super) fn forget_section(&mut self, section: &Section) {
        self.known.remove(section);
        self.loaded.retain(|(of, _), _| of != section);
        self.changes.section(section);
    }

    pub(super) fn forget(&mut self, section: &Section, handle: &Handle) {
        self.loaded.remove(&(*section, *handle));
        // It may be in no store: which documents there are is looked up afresh.
        self.known.remove(section);
        self.changes.document(section, *handle);
    }

    fn keep(&mut self, handle: Handle, document: Document, epochs: BTreeSet<EpochId>) {
        self.clock += 1;
        if let Some(known) = self.known.get_mut(&document.id.section) {
            known.insert(handle, document.id.clone());
        }
        self.loaded.insert((document.id.section, handle), Loaded { age: self.clock, epochs, document });
        if self.loaded.len() > LOADED_MOST {
            // The older half goes at once, so that this is rare.
            let mut ages: Vec<u64> = self.loaded.values().map(|loaded| loaded.age).collect();
            ages.sort_unstable();
            let limit = ages[ages.len() / 2];
            self.loaded.retain(|_, loaded| loaded.age > limit);
        }
    }
}

/// Where a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shelf {
    /// Nothing of it is kept.
    Empty,
    /// In memory, to be read and added to.
    Loaded,
    /// Kept, under a key that is not at hand: it must not be replaced.
    Locked,
    /// Kept, and no longer to be read by anybody.
    Damaged,
}

impl Shelf {
    /// Whether something is kept that cannot be read now.
    pub(super) fn is_shut(self) -> bool {
        matches!(self, Self::Locked | Self::Damaged)
    }
}

impl<S: Store> Replica<S> {
    /// Whether a document is here, and whether it can be read; loads it where it can.
    pub(super) fn shelf(&mut self, section: &Section, handle: &Handle) -> Result<Shelf, RecordsError> {
        if self.cache.loaded.contains_key(&(*section, *handle)) {
            return Ok(Shelf::Loaded);
        }
        let Some(row) = self.store.get(Table::Documents, &rows::document(section, handle))? else {
            return Ok(Shelf::Empty);
        };
        let Ok(Row { under, sealed }) = codec::decode::<Row>(&row) else { return Ok(self.damaged(section)) };
        let Some(key) = self.row_key(ROW, section, &under) else {
            let known = match &under {
                Under::Epochs(epochs) => epochs.iter().all(|epoch| self.is_known_epoch(section, epoch)),
                Under::Secrets(secrets) => secrets.iter().all(|id| self.sealed.has_case(section, id)),
                // Where the epochs are open, so is every secret that is still held.
                Under::Both(epochs, _) => {
                    let shut = epochs.iter().any(|epoch| self.ring.epoch(section, epoch, &self.sealed).is_none());
                    shut && epochs.iter().all(|epoch| self.is_known_epoch(section, epoch))
                }
            };
            return Ok(if known { Shelf::Locked } else { self.damaged(section) });
        };
        let text = open_framed(&key, &rows::document(section, handle), &sealed);
        match text.and_then(|text| Document::load(*section, &text)) {
            Some(document) => {
                let epochs = match under {
                    Under::Epochs(epochs) | Under::Both(epochs, _) => epochs,
                    Under::Secrets(_) => BTreeSet::new(),
                };
                self.cache.keep(*handle, document, epochs);
                Ok(Shelf::Loaded)
            }
            None => Ok(self.damaged(section)),
        }
    }

    /// A row that did not open: under a key that is not at hand, or damaged; then it is noted.
    pub(super) fn note_shut(&mut self, section: &Section, handle: &Handle) -> Result<(), RecordsError> {
        // Loaded before it rotted, it would be found whole.
        self.cache.loaded.remove(&(*section, *handle));
        self.shelf(section, handle).map(drop)
    }

    /// A row that rotted, or that another builder wrote: the section's documents are made afresh from its logs.
    fn damaged(&mut self, section: &Section) -> Shelf {
        self.damaged.insert(*section);
        self.behind.insert(*section);
        Shelf::Damaged
    }

    /// A document, if anything of it can be read here now.
    pub(crate) fn document(
        &mut self,
        section: &Section,
        handle: &Handle,
    ) -> Result<Option<&mut Document>, RecordsError> {
        if self.shelf(section, handle)? != Shelf::Loaded {
            return Ok(None);
        }
        self.cache.clock += 1;
        let now = self.cache.clock;
        Ok(self.cache.loaded.get_mut(&(*section, *handle)).map(|loaded| {
            loaded.age = now;
            &mut loaded.document
        }))
    }

    /// A document's facts.
    pub(crate) fn facts_of(&mut self, id: &DocumentId) -> Result<Option<Arc<Facts>>, RecordsError> {
        let handle = handle(&self.school, id);
        Ok(self.document(&id.section, &handle)?.map(|document| Arc::clone(document.facts())))
    }

    /// The documents of a kind that can be read here now, sorted.
    pub(crate) fn documents_of(&mut self, section: &Section, kind: u16) -> Result<Vec<DocumentId>, RecordsError> {
        if !self.cache.known.contains_key(section) {
            let known = self.scan_section(section)?;
            self.cache.known.insert(*section, known);
        }
        let known = self.cache.known.get(section).into_iter().flatten();
        let mut found: Vec<DocumentId> = known.filter(|(_, id)| id.kind == kind).map(|(_, id)| id.clone()).collect();
        found.sort();
        Ok(found)
    }

    /// The documents of a kind in a section that may be different from what they were at a count; `None` when any
    /// may be. With it the count now.
    pub(crate) fn changed_since(
        &mut self,
        section: &Section,
        kind: u16,
        since: Option<u64>,
    ) -> Result<(u64, Option<Vec<DocumentId>>), RecordsError> {
        let now = self.cache.changes.count;
        let Some(handles) = since.and_then(|since| self.cache.changes.since(section, since)) else {
            return Ok((now, None));
        };
        if !handles.is_empty() && !self.cache.known.contains_key(section) {
            let known = self.scan_section(section)?;
            self.cache.known.insert(*section, known);
        }
        let known = self.cache.known.get(section);
        let found = handles.iter().filter_map(|handle| known?.get(handle)).filter(|id| id.kind == kind).cloned();
        Ok((now, Some(found.collect())))
    }

    fn scan_section(&mut self, section: &Section) -> Result<BTreeMap<Handle, DocumentId>, RecordsError> {
        let prefix = rows::section(section);
        let end = rows::after(&prefix);
        let mut known = BTreeMap::new();
        let mut from = prefix.clone();
        loop {
            let found = self.store.range(Table::Documents, &from, end.as_deref(), 256)?;
            let Some((last, _)) = found.last() else { return Ok(known) };
            from = last.clone();
            from.push(0);
            for (key, row) in &found {
                let Some(handle) = key.get(prefix.len()..).and_then(Handle::from_slice) else { continue };
                match self.open_row(section, &handle, row).and_then(|text| Document::peek(*section, &text)) {
                    Some(id) => {
                        known.insert(handle, id);
                    }
                    None => self.note_shut(section, &handle)?,
                }
            }
        }
    }

    /// Takes a document that is loaded out of the cache, to be added to, with all that its row needs. `epochs` are those
    /// of what is about to be added, the latest last; all are open.
    pub(super) fn take_document(
        &mut self,
        section: &Section,
        handle: &Handle,
        epochs: &[EpochId],
        random: &mut dyn CryptoRng,
    ) -> Option<Taken> {
        let rule = self.rule(section.compartment.area);
        self.cache.changes.document(section, *handle);
        let mut loaded = self.cache.loaded.remove(&(*section, *handle))?;
        match rule {
            KeyRule::Daily => loaded.epochs.extend(epochs),
            KeyRule::Yearly | KeyRule::Case => loaded.epochs = epochs.last().copied().into_iter().collect(),
        }
        let under = match rule {
            KeyRule::Case => Under::Secrets(self.ring.secrets_of(section, handle).copied().collect()),
            KeyRule::Yearly | KeyRule::Daily => {
                Under::Both(loaded.epochs.clone(), self.ring.secrets_of(section, handle).copied().collect())
            }
        };
        let key = self.row_key(ROW, section, &under)?;
        Some(Taken { loaded, under, key, associated: rows::document(section, handle), nonce: nonce(random) })
    }

    /// Puts a document back that was taken out, its row being in a batch.
    pub(super) fn put_document_back(&mut self, section: &Section, handle: Handle, taken: Taken) {
        self.cache.loaded.insert((*section, handle), taken.loaded);
    }

    /// Puts a document into the cache.
    pub(super) fn load_document(&mut self, handle: Handle, document: Document) {
        self.cache.keep(handle, document, BTreeSet::new());
    }

    pub(super) fn open_row(&mut self, section: &Section, handle: &Handle, row: &[u8]) -> Option<Vec<u8>> {
        let Row { under, sealed } = codec::decode(row).ok()?;
        let key = self.row_key(ROW, section, &under)?;
        open_framed(&key, &rows::document(section, handle), &sealed)
    }

    fn is_known_epoch(&self, section: &Section, epoch: &EpochId) -> bool {
        self.epochs.contains_key(epoch) || self.sealed.has_epoch(section, epoch)
    }

    /// An open secret; the section's are opened for it once, and again only when more may open.
    fn secret_at_hand(&mut self, section: &Section, id: &SecretId) -> Option<&DocumentSecret> {
        if self.ring.secret(id).is_none() && self.cache.opened.get(section) != Some(&self.ring.changes()) {
            self.open_section_secrets(section);
            self.cache.opened.insert(*section, self.ring.changes());
        }
        self.ring.secret(id)
    }

    /// A row's key is of all it is under *and* of this device: neither a copied file nor a reader elsewhere has both.
    pub(super) fn row_key(&mut self, context: &str, section: &Section, under: &Under) -> Option<Secret> {
        let keys: Vec<Secret> = match under {
            Under::Epochs(epochs) => epochs
                .iter()
                .map(|epoch| Some(self.ring.epoch(section, epoch, &self.sealed)?.secrets()))
                .collect::<Option<_>>()?,
            Under::Secrets(ids) => ids.iter().map(|id| Some(self.ring.secret(id)?.row())).collect::<Option<_>>()?,
            Under::Both(epochs, ids) => {
                let epochs: Option<Vec<Secret>> =
                    epochs.iter().map(|epoch| Some(self.ring.epoch(section, epoch, &self.sealed)?.secrets())).collect();
                let mut keys = epochs?;
                for id in ids {
                    keys.push(self.secret_at_hand(section, id)?.row());
                }
                keys
            }
        };
        let parts: Vec<&[u8]> = keys.iter().map(|key| key.expose().as_slice()).collect();
        (!parts.is_empty()).then(|| self.device.local.derive(context, &parts))
    }
}
