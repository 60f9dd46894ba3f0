//! Applying what entries bring to the documents they are for, each document once a batch.
//!
//! Three steps: documents are taken from the cache with all that sealing them needs; each is applied, saved and
//! sealed for itself, several at a time where there are [`super::workers::Workers`]; then they go back into the cache
//! and their rows into the batch.

use super::Replica;
use super::documents::{Shelf, Taken};
use super::records::RecordsError;
use super::store::{Batch, Store, Table};
use super::workers::Job;
use crate::document::rebuild::{Contribution, Document};
use crate::id::{DocumentId, EpochId, Handle, Section};
use rand_core::CryptoRng;
use std::collections::BTreeMap;

/// For each document: which it is, under which epochs what entries bring came, the latest last, and what they bring.
pub(crate) type Contributions = BTreeMap<Handle, (DocumentId, Vec<EpochId>, Vec<Contribution>)>;

/// A document with what is to be added to it, and then its row.
struct Task {
    handle: Handle,
    taken: Taken,
    brought: Vec<Contribution>,
    row: Result<Vec<u8>, RecordsError>,
}

impl Task {
    fn go(&mut self) {
        let applied = self.taken.document().apply(&self.handle, std::mem::take(&mut self.brought));
        self.row = match applied {
            Ok(()) => self.taken.row().ok_or_else(no_key),
            Err(detail) => {
                Err(RecordsError::Broken(format!("a document could not be rebuilt ({detail}): tell support")))
            }
        };
    }
}

impl<S: Store> Replica<S> {
    /// Applies contributions to documents in memory and puts the documents into a batch. Should this or the batch then
    /// fail, the caller forgets the documents.
    pub(super) fn apply(
        &mut self,
        section: &Section,
        contributions: Contributions,
        batch: &mut Batch,
        random: &mut dyn CryptoRng,
    ) -> Result<Vec<DocumentId>, RecordsError> {
        let (mut changed, mut tasks) = (Vec::new(), Vec::new());
        for (handle, (id, epochs, brought)) in contributions {
            match self.shelf(section, &handle)? {
                Shelf::Loaded => {}
                Shelf::Empty => self.load_document(handle, Document::empty(id.clone())),
                Shelf::Locked | Shelf::Damaged => return Err(no_key()),
            }
            let taken = self.take_document(section, &handle, &epochs, random).ok_or_else(no_key)?;
            tasks.push(Task { handle, taken, brought, row: Err(no_key()) });
            changed.push(id);
        }
        self.workers.run(tasks.iter_mut().map(|task| Box::new(|| task.go()) as Job<'_>).collect());
        for Task { handle, taken, row, .. } in tasks {
            batch.put(Table::Documents, super::rows::document(section, &handle), row?);
            self.put_document_back(section, handle, taken);
        }
        Ok(changed)
    }
}

fn no_key() -> RecordsError {
    RecordsError::Broken("a key went away while writing: sign in and try again".into())
}
