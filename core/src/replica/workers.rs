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

/// Pieces that one thread does in a row: some 100 µs of work, so that handing it over costs little beside it.
const IN_A_ROW: usize = 32;

/// The same work done on each, the results in order.
pub(super) fn map<T: Sync, R: Send>(workers: &dyn Workers, pieces: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let mut done: Vec<Option<R>> = pieces.iter().map(|_| None).collect();
    let work = &work;
    let rows = pieces.chunks(IN_A_ROW).zip(done.chunks_mut(IN_A_ROW));
    let jobs = rows.map(|(pieces, done)| {
        Box::new(move || pieces.iter().zip(done).for_each(|(piece, done)| *done = Some(work(piece)))) as Job<'_>
    });
    workers.run(jobs.collect());
    done.into_iter().flatten().collect()
}
