//! What must be known of the logs to place an entry, answered from what is held.

use super::frontiers::Frontiers;
use super::store::{Store, Table};
use super::{LogState, rows};
use crate::authority::evaluate::Statements;
use crate::authority::line::Logs;
use crate::authority::reduction::EntryName;
use crate::id::{EntryHash, FrontierId, LogId, Section};
use crate::log::entry::Entry;
use crate::log::frontier::Head;
use std::collections::BTreeMap;

/// The logs of a replica, or of a store that is being checked.
pub(super) struct Held<'a, S> {
    pub(super) store: &'a S,
    pub(super) frontiers: &'a Frontiers,
    pub(super) logs: &'a BTreeMap<LogId, LogState>,
    pub(super) statements: &'a Statements,
}

impl<S: Store> Held<'_, S> {
    fn has(&self, log: &LogId, sequence: u64, hash: &EntryHash) -> bool {
        matches!(self.store.get(Table::Entries, &rows::entry(log, sequence, hash)), Ok(Some(_)))
    }

    /// The entry before one; of the authority area without the disk.
    fn previous(&self, log: &LogId, sequence: u64, hash: &EntryHash) -> Option<EntryHash> {
        if let Some(placed) = self.statements.get(hash) {
            return (placed.log == *log && placed.sequence == sequence).then_some(placed.previous);
        }
        let value = self.store.get(Table::Entries, &rows::entry(log, sequence, hash)).ok()??;
        Entry::decode(&value).ok().map(|(entry, _)| entry.header().previous)
    }

    /// Whether the chain that ends at `cut` holds the entry.
    fn is_before(&self, entry: &EntryName, cut: &Head) -> bool {
        let (mut hash, Some(mut place)) = (cut.hash, cut.length.checked_sub(1)) else { return false };
        while place > entry.sequence {
            let Some(previous) = self.previous(&entry.log, place, &hash) else { return false };
            (hash, place) = (previous, place - 1);
        }
        hash == entry.hash
    }
}

impl<S: Store> Logs for Held<'_, S> {
    fn covers(&self, frontier: &FrontierId, log: &LogId, sequence: u64) -> bool {
        self.frontiers.covers(frontier, log, sequence)
    }

    fn forked_at(&self, log: &LogId) -> Option<u64> {
        self.logs.get(log)?.forked_at
    }

    fn is_under(&self, entry: &EntryName, cut: &Head) -> bool {
        let Some(state) = self.logs.get(&entry.log) else { return false };
        let Some(last) = cut.length.checked_sub(1).filter(|last| entry.sequence <= *last) else { return false };
        match state.forked_at {
            Some(fork) if entry.sequence < fork => true,
            Some(_) => self.is_before(entry, cut),
            // What is still to come cannot be compared with the cut; then it is judged again.
            None if state.length() < cut.length => true,
            None if state.descriptor.section == Section::AUTHORITY => {
                self.statements.get(&cut.hash).is_some_and(|placed| placed.log == entry.log && placed.sequence == last)
            }
            None => state.tip() == *cut || self.has(&entry.log, last, &cut.hash),
        }
    }
}
