//! What an embedder worked out from one document, kept beside it so that it need not be worked out again.
//!
//! A value belongs to one saved state of its document: it names the hash of the document's row, and whoever asks gets
//! it only while that row is the same, bit for bit. A fact more, a rebuild or another builder, and the value is as
//! none. It is sealed as the document is, under an epoch and this device together, and goes when the section's
//! documents are thrown away.
//!
//! Not here: what a value says, and when it is worth keeping (the embedder knows). Nothing is kept of cases.

use super::documents::Under;
use super::records::{RecordsError, WithKept, Worked};
use super::store::{Batch, Store, Table};
use super::{Replica, rows};
use crate::codec;
use crate::crypto::aead::{open_framed, seal_framed};
use crate::crypto::hash::hash;
use crate::document::payload::handle;
use crate::document::rebuild::{BUILDER, Document};
use crate::id::{DocumentId, Handle, Section};
use crate::limits;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows looked at in one go: with documents of some 10 KB, a few megabytes.
const ROWS_AT_ONCE: usize = 256;

/// A value as it is kept.
#[derive(Serialize, Deserialize)]
struct Row {
    /// Of the document's row from which it was worked out.
    of: [u8; 32],
    /// What the document's row is under, and so this.
    under: Under,
    sealed: Vec<u8>,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Text {
    what: u16,
    kind: u16,
    key: Vec<u8>,
    value: Vec<u8>,
}

fn name_of(row: &[u8]) -> [u8; 32] {
    hash("muster 1 kept beside", &[&BUILDER.to_be_bytes(), row])
}

impl<S: Store> Replica<S> {
    /// The documents of a kind that can be read here now, each with what was kept of it under `what`, if that still
    /// holds.
    pub(crate) fn documents_with(
        &mut self,
        section: &Section,
        kind: u16,
        what: u16,
    ) -> Result<Vec<WithKept>, RecordsError> {
        let prefix = rows::section(section);
        let end = rows::after(&prefix);
        let mut known = BTreeMap::new();
        let mut all = Vec::new();
        let mut from = prefix.clone();
        loop {
            let found = self.store.range(Table::Documents, &from, end.as_deref(), ROWS_AT_ONCE)?;
            let Some((last, _)) = found.last() else { break };
            let next = [last.as_slice(), &[0]].concat();
            let mut kept: BTreeMap<_, _> =
                self.store.range(Table::Kept, &from, Some(&next), usize::MAX)?.into_iter().collect();
            from = next;
            for (key, row) in &found {
                let Some(handle) = key.get(prefix.len()..).and_then(Handle::from_slice) else { continue };
                let text = kept.remove(key).and_then(|kept| self.open_kept(section, key, row, &kept));
                let (id, value) = match text {
                    Some(Text { what: about, kind, key, value }) => {
                        (DocumentId { section: *section, kind, key }, (about == what).then_some(value))
                    }
                    None => match self.open_row(section, &handle, row).and_then(|text| Document::peek(*section, &text))
                    {
                        Some(id) => (id, None),
                        None => {
                            self.note_shut(section, &handle)?;
                            continue;
                        }
                    },
                };
                if id.kind == kind {
                    all.push((id.clone(), value));
                }
                known.insert(handle, id);
            }
        }
        self.cache.know(section, known);
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(all)
    }

    fn open_kept(&mut self, section: &Section, key: &[u8], row: &[u8], kept: &[u8]) -> Option<Text> {
        let Row { of, under, sealed } = codec::decode(kept).ok()?;
        if of != name_of(row) {
            return None;
        }
        let secret = self.row_key("muster 1 kept row", section, &under)?;
        codec::decode(&open_framed(&secret, &[key, &of].concat(), &sealed)?).ok()
    }

    /// Keeps what was worked out. A value is left out where its document is not as it was any more, is no longer at
    /// hand, or where the value is larger than [`limits::KEPT_BYTES`].
    pub(crate) fn keep(
        &mut self,
        what: u16,
        values: &[Worked],
        random: &mut dyn CryptoRng,
    ) -> Result<(), RecordsError> {
        let mut batch = Batch::default();
        for Worked { document: id, from, value } in values {
            let section = &id.section;
            if self.is_case(section) || value.len() > limits::KEPT_BYTES {
                continue;
            }
            let handle = handle(&self.school, id);
            let same = self.document(section, &handle)?.is_some_and(|held| Arc::ptr_eq(held.facts(), from));
            let key = rows::document(section, &handle);
            let Some(row) = self.store.get(Table::Documents, &key)?.filter(|_| same) else { continue };
            let Some(under) = super::documents::under(&row) else { continue };
            let Some(secret) = self.row_key("muster 1 kept row", section, &under) else { continue };
            let text = Text { what, kind: id.kind, key: id.key.clone(), value: value.clone() };
            let of = name_of(&row);
            let text = zeroize::Zeroizing::new(codec::encode(&text));
            let Some(sealed) = seal_framed(&secret, &[key.as_slice(), &of].concat(), &text, random) else { continue };
            batch.put(Table::Kept, key, codec::encode(&Row { of, under, sealed }));
        }
        if batch.is_empty() { Ok(()) } else { Ok(self.store.commit(batch)?) }
    }
}
