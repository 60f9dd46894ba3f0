//! What two replicas can compare: the heads of the logs both may hold, and the facts each can read.

use super::records::RecordsError;
use super::store::Store;
use super::{Replica, rows};
use crate::codec;
use crate::document::fact::FactRef;
use crate::id::{DeviceId, Handle, LogId, Section};
use crate::log::frontier::Head;

/// Rows looked at in one step.
const ROWS_AT_ONCE: usize = 256;

impl<S: Store> Replica<S> {
    /// The sections held here that a device may hold too, sorted, the authority area first.
    pub fn shared_sections(&self, device: &DeviceId) -> Vec<Section> {
        self.sections_for(device).into_iter().collect()
    }

    /// Every log that this device and another may both hold, with its heads, sorted by log: equal on two replicas
    /// that have met and heard nothing since.
    pub fn shared_heads(&self, device: &DeviceId) -> Vec<(LogId, Vec<Head>)> {
        let shares =
            self.sections_for(device).into_iter().filter_map(|section| Some((section, self.share(device, &section)?)));
        let logs = shares.flat_map(|(section, share)| {
            let logs = self.logs_shared(share, &section).map(|(log, state)| (*log, state.heads.clone()));
            logs.collect::<Vec<_>>()
        });
        let mut all: Vec<(LogId, Vec<Head>)> = logs.collect();
        all.sort_unstable();
        all
    }

    /// Every fact of a section that can be read here now, in the order of document and fact: the document's
    /// handle, the fact's name, the fact in its one encoding. Do all of [`Replica::work`] first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn readable_facts(&mut self, section: &Section) -> Result<Vec<(Handle, FactRef, Vec<u8>)>, RecordsError> {
        let prefix = rows::section(section);
        let end = rows::after(&prefix);
        let mut from = prefix.clone();
        let mut all = Vec::new();
        loop {
            let found = self.store.range(super::store::Table::Documents, &from, end.as_deref(), ROWS_AT_ONCE)?;
            let Some((last, _)) = found.last() else { return Ok(all) };
            from = last.clone();
            from.push(0);
            for (key, _) in &found {
                let Some(handle) = key.get(prefix.len()..).and_then(Handle::from_slice) else { continue };
                let Some(document) = self.document(section, &handle)? else { continue };
                all.extend(document.facts().iter().map(|held| (handle, held.name, codec::encode(held.fact))));
            }
        }
    }
}
