//! Applying what entries bring to the documents they are for, each document once a batch.

use super::Replica;
use super::documents::Shelf;
use super::records::RecordsError;
use super::store::{Batch, Store};
use crate::document::rebuild::{Contribution, Document};
use crate::id::{DocumentId, EpochId, Handle, Section};
use rand_core::CryptoRng;
use std::collections::BTreeMap;

/// For each document: which it is, under which epochs what entries bring came, the latest last, and what they bring.
pub(crate) type Contributions = BTreeMap<Handle, (DocumentId, Vec<EpochId>, Vec<Contribution>)>;

impl<S: Store> Replica<S> {
    /// Applies contributions to documents in memory and puts the documents into a batch. Should the batch then
    /// fail, the caller forgets the documents.
    pub(super) fn apply(
        &mut self,
        section: &Section,
        contributions: Contributions,
        batch: &mut Batch,
        random: &mut dyn CryptoRng,
    ) -> Result<Vec<DocumentId>, RecordsError> {
        let mut changed = Vec::new();
        for (handle, (id, epochs, brought)) in contributions {
            match self.shelf(section, &handle)? {
                Shelf::Loaded => {}
                Shelf::Empty => self.load_document(handle, Document::empty(id.clone())),
                Shelf::Locked | Shelf::Damaged => {
                    return Err(RecordsError::Broken("a key went away while writing: sign in and try again".into()));
                }
            }
            if let Some(document) = self.document(section, &handle)? {
                document.apply(&handle, brought).map_err(|detail| {
                    RecordsError::Broken(format!("a document could not be rebuilt ({detail}): tell support"))
                })?;
            }
            self.save_document(section, &handle, &epochs, batch, random)
                .ok_or_else(|| RecordsError::Broken("a key went away while writing: sign in and try again".into()))?;
            changed.push(id);
        }
        Ok(changed)
    }
}
