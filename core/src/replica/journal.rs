//! What became new here since this program started, in order: what live connections push.

use crate::id::{LogId, Section};
use crate::keys::record::RecordId;
use std::collections::VecDeque;

/// Kept at most. A connection that is further behind compares digests again instead.
const MOST: usize = 65_536;

/// Something new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fresh {
    /// A log grew from one length to another.
    Log {
        /// Which.
        log: LogId,
        /// Its length before.
        from: u64,
        /// Its length now.
        to: u64,
    },
    /// A sealed record came.
    Record {
        /// Of which section.
        section: Section,
        /// Which.
        id: RecordId,
    },
}

#[derive(Debug, Default)]
pub(crate) struct Journal {
    first: u64,
    items: VecDeque<Fresh>,
}

impl Journal {
    pub(crate) fn push(&mut self, fresh: Fresh) {
        self.items.push_back(fresh);
        if self.items.len() > MOST {
            self.items.pop_front();
            self.first += 1;
        }
    }

    /// Where the next thing will stand.
    pub(crate) fn end(&self) -> u64 {
        self.first + self.items.len() as u64
    }

    /// What stands at a place; `Err` when it is no longer kept, `Ok(None)` at the end.
    pub(crate) fn get(&self, at: u64) -> Result<Option<Fresh>, ()> {
        let index = at.checked_sub(self.first).ok_or(())?;
        Ok(usize::try_from(index).ok().and_then(|index| self.items.get(index)).copied())
    }
}
