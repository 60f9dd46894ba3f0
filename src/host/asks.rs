//! What people asked of a host and it has not done yet.
//!
//! A queue of its own, so that a lock, a mark or the fire register never waits behind, or is turned away by, what the
//! network brings. It closes when the host's thread ends, however that ends, and whoever waits for an answer hears so.

use super::Work;
use crate::limits;
use anyhow::bail;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// See the module.
#[derive(Default)]
pub(super) struct Asks {
    /// `None` once the host has ended.
    waiting: Mutex<Option<VecDeque<Work>>>,
}

impl std::fmt::Debug for Asks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("what people asked")
    }
}

/// The host's end. Dropping it closes the queue.
pub(super) struct Open(Arc<Asks>);

impl Asks {
    /// Opens the queue for a host.
    pub(super) fn open(self: &Arc<Self>) -> Open {
        if let Ok(mut waiting) = self.waiting.lock() {
            *waiting = Some(VecDeque::new());
        }
        Open(self.clone())
    }

    /// Puts something at the end.
    pub(super) fn put(&self, work: Work) -> anyhow::Result<()> {
        let Ok(mut waiting) = self.waiting.lock() else { bail!("the records have been closed") };
        match waiting.as_mut() {
            None => bail!("the records have been closed"),
            Some(waiting) if waiting.len() >= limits::ASKS => bail!("this device is very busy: try again"),
            Some(waiting) => waiting.push_back(work),
        }
        Ok(())
    }
}

impl Open {
    /// What waits longest.
    pub(super) fn next(&self) -> Option<Work> {
        self.0.waiting.lock().ok()?.as_mut()?.pop_front()
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Ok(mut waiting) = self.0.waiting.lock() {
            *waiting = None;
        }
    }
}
