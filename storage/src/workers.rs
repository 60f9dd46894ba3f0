//! The machine's processors for work that the engine shares out.

use muster_core::replica::workers::{InTurn, Job, Workers};
use rayon::prelude::*;

/// Jobs on all of the machine's processors, by a pool of threads that the process has once.
#[derive(Clone, Copy, Debug)]
pub struct Processors;

impl Workers for Processors {
    fn run(&self, jobs: Vec<Job<'_>>) {
        if jobs.len() < 2 {
            // Waking another thread would take longer.
            return InTurn.run(jobs);
        }
        jobs.into_par_iter().for_each(|job| job());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn each_job_is_done_once_before_it_goes_on() {
        let done: Vec<AtomicU32> = (0..100).map(|_| AtomicU32::new(0)).collect();
        let job = |one: &AtomicU32| {
            one.fetch_add(1, Ordering::Relaxed);
        };
        Processors.run(done.iter().map(|one| Box::new(move || job(one)) as Job<'_>).collect());
        assert!(done.iter().all(|one| one.load(Ordering::Relaxed) == 1));
    }
}
