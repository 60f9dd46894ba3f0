//! Frontiers: how far each log is known, by length and head hash; several heads where a log forked.

use crate::codec;
use crate::crypto::hash::hash;
use crate::id::{EntryHash, FrontierId, LogId};
use serde::{Deserialize, Serialize};

/// One end of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Head {
    /// How many entries.
    pub length: u64,
    /// The last one.
    pub hash: EntryHash,
}

/// The full list of authority heads that somebody had seen, sorted by log. Entries name it by its hash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorityFrontier(pub Vec<(LogId, Vec<Head>)>);

impl AuthorityFrontier {
    /// Its name.
    pub fn id(&self) -> FrontierId {
        FrontierId(hash("muster 1 frontier", &[&codec::encode(self)]))
    }

    /// Whether the entry at this place of a log lies under it.
    pub fn covers(&self, log: &LogId, sequence: u64) -> bool {
        self.0
            .binary_search_by(|(known, _)| known.cmp(log))
            .ok()
            .and_then(|at| self.0.get(at))
            .is_some_and(|(_, heads)| heads.iter().any(|head| head.length > sequence))
    }
}
