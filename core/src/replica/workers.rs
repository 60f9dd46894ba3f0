//! Work that may be shared out: documents are applied, saved and sealed each for itself.
//!
//! This crate starts no thread. Whoever embeds it hands in [`Workers`] that do, with [`super::Replica::share_work`];
//! without, everything is done in turn. What comes of it is the same: each job is handed all that it needs, nonces
//! included, and touches nothing that another does.

use std::fmt::Debug;

/// One piece of work, for whichever thread takes it.
pub type Job<'a> = Box<dyn FnOnce() + Send + 'a>;

/// Who does it.
pub trait Workers: Debug + Send + Sync {
    /// Does each job once, in any order, perhaps several at a time, and comes back when all are done.
    fn run(&self, jobs: Vec<Job<'_>>);
}

/// One job after the other, on the caller's thread.
#[derive(Clone, Copy, Debug)]
pub struct InTurn;

impl Workers for InTurn {
    fn run(&self, jobs: Vec<Job<'_>>) {
        jobs.into_iter().for_each(|job| job());
    }
}
