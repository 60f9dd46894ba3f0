//! Frontiers: how far each log is known, by length and head hash; several heads where a log forked.

use crate::codec;
use crate::crypto::hash::hash;
use crate::id::{EntryHash, FrontierId, LogId};
use crate::limits;
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

    /// Whether it is in its one legal form: logs and heads sorted, none twice, and within the limits.
    pub fn is_legal(&self) -> bool {
        self.0.len() <= limits::AUTHORITY_LOGS
            && self.0.is_sorted_by(|(left, _), (right, _)| left < right)
            && self.0.iter().all(|(_, heads)| {
                !heads.is_empty()
                    && heads.len() <= limits::BRANCHES_PER_LOG + limits::BRANCHES_NAMED
                    && heads.is_sorted_by(|left, right| left < right)
            })
    }
}
