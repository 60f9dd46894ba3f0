//! The lists of authority heads that entries name, sharing what they have in common.
//!
//! A school of 600 seats makes a new list of 600 heads with each statement, and most entries name one of them. In
//! memory, lists that agree share their parts; in the store, a list is kept as what changed since another, with a
//! whole one at least every [`CHAIN_MOST`], so that one damaged row costs few.
//!
//! A list is kept for good once a durable entry names it, and only then.

use crate::codec;
use crate::id::{FrontierId, LogId};
use crate::log::frontier::{AuthorityFrontier, Head};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Rows between two whole lists.
const CHAIN_MOST: u8 = 32;

type Heads = Vec<(LogId, Vec<Head>)>;

/// Lists, by name.
#[derive(Debug, Default)]
pub(crate) struct Frontiers {
    known: BTreeMap<FrontierId, List>,
    parts: BTreeSet<Arc<Heads>>,
    latest: Option<FrontierId>,
}

#[derive(Debug)]
struct List {
    /// 256 parts, by the first byte of the log.
    parts: Vec<Arc<Heads>>,
    /// How many rows lie under the one this list is kept in; `None` when it is not kept.
    kept: Option<u8>,
}

#[derive(Serialize, Deserialize)]
struct Row {
    base: Option<FrontierId>,
    changed: AuthorityFrontier,
}

impl Frontiers {
    /// How many lists.
    pub(crate) fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether a list is known.
    pub(crate) fn contains(&self, id: &FrontierId) -> bool {
        self.known.contains_key(id)
    }

    /// Whether a list is in the store.
    pub(crate) fn is_kept(&self, id: &FrontierId) -> bool {
        self.known.get(id).is_some_and(|list| list.kept.is_some())
    }

    /// Whether the entry at this place of a log lies under a list; `false` for a list that is not known.
    pub(crate) fn covers(&self, id: &FrontierId, log: &LogId, sequence: u64) -> bool {
        let Some(part) = self.known.get(id).and_then(|list| list.parts.get(usize::from(log.0[0]))) else {
            return false;
        };
        let at = part.binary_search_by(|(known, _)| known.cmp(log)).ok().and_then(|at| part.get(at));
        at.is_some_and(|(_, heads)| heads.iter().any(|head| head.length > sequence))
    }

    /// A whole list.
    pub(crate) fn get(&self, id: &FrontierId) -> Option<AuthorityFrontier> {
        let parts = &self.known.get(id)?.parts;
        Some(AuthorityFrontier(parts.iter().flat_map(|part| part.iter().cloned()).collect()))
    }

    /// What is new or different in a list since another; `None` when it lacks something of it.
    pub(crate) fn difference(&self, base: &FrontierId, id: &FrontierId) -> Option<AuthorityFrontier> {
        let (base, list) = (self.known.get(base)?, self.known.get(id)?);
        let mut changed = Heads::new();
        for (old, new) in base.parts.iter().zip(&list.parts) {
            if Arc::ptr_eq(old, new) {
                continue;
            }
            let old: BTreeMap<&LogId, &Vec<Head>> = old.iter().map(|(log, heads)| (log, heads)).collect();
            let mut still = 0;
            for (log, heads) in new.iter() {
                let before = old.get(log);
                still += usize::from(before.is_some());
                if before != Some(&heads) {
                    changed.push((*log, heads.clone()));
                }
            }
            if still < old.len() {
                return None;
            }
        }
        Some(AuthorityFrontier(changed))
    }

    /// Adds a list under its name, in memory.
    pub(crate) fn insert(&mut self, id: FrontierId, frontier: AuthorityFrontier) {
        if self.known.contains_key(&id) {
            return;
        }
        let mut split: Vec<Heads> = vec![Heads::new(); 256];
        for (log, heads) in frontier.0 {
            if let Some(part) = split.get_mut(usize::from(log.0[0])) {
                part.push((log, heads));
            }
        }
        let parts = split
            .into_iter()
            .map(|part| {
                let part = Arc::new(part);
                match self.parts.get(&part) {
                    Some(known) => Arc::clone(known),
                    None => {
                        self.parts.insert(Arc::clone(&part));
                        part
                    }
                }
            })
            .collect();
        self.known.insert(id, List { parts, kept: None });
    }

    /// Forgets a list that is not in the store.
    pub(crate) fn forget_unkept(&mut self, id: &FrontierId) {
        if !self.is_kept(id)
            && let Some(list) = self.known.remove(id)
        {
            for part in list.parts {
                // Held by the set and here alone.
                if Arc::strong_count(&part) == 2 {
                    self.parts.remove(&part);
                }
            }
        }
    }

    /// The row to keep a list in. Call [`Frontiers::kept`] once it is durable.
    pub(crate) fn row(&self, id: &FrontierId) -> Option<Vec<u8>> {
        let near = self.latest.filter(|latest| self.depth(latest).is_some_and(|depth| depth < CHAIN_MOST));
        let row = match near.and_then(|base| Some((base, self.difference(&base, id)?))) {
            Some((base, changed)) => Row { base: Some(base), changed },
            None => Row { base: None, changed: self.get(id)? },
        };
        Some(codec::encode(&row))
    }

    /// Notes that a list's row is durable, as [`Frontiers::row`] made it.
    pub(crate) fn kept(&mut self, id: FrontierId, row: &[u8]) {
        let Ok(Row { base, .. }) = codec::decode::<Row>(row) else { return };
        let depth = base.and_then(|base| self.depth(&base)).map_or(0, |depth| depth.saturating_add(1));
        if let Some(list) = self.known.get_mut(&id) {
            list.kept = Some(depth);
            self.latest = Some(id);
        }
    }

    fn depth(&self, id: &FrontierId) -> Option<u8> {
        self.known.get(id)?.kept
    }

    /// From a store's rows. Says how many of them are damaged, or rest on a damaged one.
    pub(crate) fn load(rows: Vec<(Vec<u8>, Vec<u8>)>) -> (Self, usize) {
        let mut left: BTreeMap<FrontierId, Row> = BTreeMap::new();
        let mut damaged = 0;
        for (key, value) in rows {
            match (FrontierId::from_slice(&key), codec::decode::<Row>(&value)) {
                (Some(id), Ok(row)) => drop(left.insert(id, row)),
                _ => damaged += 1,
            }
        }
        let mut all = Self::default();
        let mut ready: Vec<FrontierId> = left.iter().filter(|(_, row)| row.base.is_none()).map(|(id, _)| *id).collect();
        let mut above: BTreeMap<FrontierId, Vec<FrontierId>> = BTreeMap::new();
        for (id, row) in &left {
            row.base.iter().for_each(|base| above.entry(*base).or_default().push(*id));
        }
        while let Some(id) = ready.pop() {
            let Some(Row { base, changed }) = left.remove(&id) else { continue };
            let under =
                base.and_then(|base| Some((self::combine(all.get(&base)?, changed.clone()), all.depth(&base)?)));
            let (whole, depth) = match (base, under) {
                (None, _) => (changed, 0),
                (Some(_), Some((whole, depth))) => (whole, depth.saturating_add(1)),
                (Some(_), None) => continue,
            };
            if whole.id() != id {
                damaged += 1;
                continue;
            }
            all.insert(id, whole);
            if let Some(list) = all.known.get_mut(&id) {
                list.kept = Some(depth);
            }
            ready.extend(above.remove(&id).unwrap_or_default());
        }
        (all, damaged + left.len())
    }
}

/// A list with a change laid over it.
pub(crate) fn combine(base: AuthorityFrontier, changed: AuthorityFrontier) -> AuthorityFrontier {
    let mut all: BTreeMap<_, _> = base.0.into_iter().collect();
    all.extend(changed.0);
    AuthorityFrontier(all.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::EntryHash;

    fn list(logs: u8, length: u64) -> AuthorityFrontier {
        let heads = vec![Head { length, hash: EntryHash([length as u8; 32]) }];
        AuthorityFrontier((0..logs).map(|log| (LogId([log; 32]), heads.clone())).collect())
    }

    #[test]
    fn a_hundred_lists_kept_as_changes_read_back_and_share_what_they_have_in_common() {
        let mut frontiers = Frontiers::default();
        let mut rows = Vec::new();
        let mut whole = list(200, 1);
        for step in 0..100_usize {
            whole.0[step].1[0].length += 5;
            let id = whole.id();
            frontiers.insert(id, whole.clone());
            assert!(frontiers.covers(&id, &LogId([step as u8; 32]), 5) && !frontiers.covers(&id, &LogId([199; 32]), 1));
            let row = frontiers.row(&id).unwrap();
            frontiers.kept(id, &row);
            rows.push((id.0.to_vec(), row));
        }
        assert!(frontiers.parts.len() < 400, "{} parts for 100 lists", frontiers.parts.len());
        let bytes: usize = rows.iter().map(|(_, row)| row.len()).sum();
        assert!(bytes < 100 * 1_000, "{bytes} bytes for 100 lists of 14,000");
        let (again, damaged) = Frontiers::load(rows.clone());
        assert_eq!((again.known.len(), damaged), (100, 0));
        assert_eq!(again.get(&whole.id()), Some(whole));
        rows[10].1[40] ^= 1;
        let (_, damaged) = Frontiers::load(rows);
        assert!((1..=33).contains(&damaged), "one damaged row costs few: {damaged}");
    }
}
