//! Documents may be applied several at a time: what is kept of them is, byte for byte, what one thread makes of them.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::replica::store::{Store as _, Table};
use muster_core::replica::workers::{Job, Workers};
use std::sync::atomic::{AtomicUsize, Ordering};
use world::*;

/// The last job first, each on a thread of its own, all at once; counts them.
#[derive(Debug)]
struct AllAtOnce(AtomicUsize);

impl Workers for AllAtOnce {
    fn run(&self, jobs: Vec<Job<'_>>) {
        self.0.fetch_add(jobs.len(), Ordering::Relaxed);
        std::thread::scope(|scope| jobs.into_iter().rev().for_each(|job| drop(scope.spawn(job))));
    }
}

/// What a device that was away keeps of twelve documents that were written to meanwhile.
fn caught_up(workers: Option<&'static dyn Workers>) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut world = World::new(31);
    let (mut office, head) = world.found();
    let mut hall = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut hall);
    if let Some(workers) = workers {
        hall.share_work(workers);
    }
    let name = |number: u8| document(ROLL, &format!("day {number}"));
    for round in 0..3 {
        for number in 0..12 {
            world.write(&mut office, None, &name(number), &[&format!("mark {round}")]);
        }
    }
    world.meet(&mut office, &mut hall);
    for number in 0..12 {
        assert_eq!(world.read(&mut hall, None, &name(number)), ["mark 0", "mark 1", "mark 2"]);
    }
    hall.store().range(Table::Documents, &[], None, usize::MAX).unwrap()
}

#[test]
fn a_device_that_applies_on_many_threads_keeps_the_same_bytes_as_one_that_has_a_single_thread() {
    static HANDS: AllAtOnce = AllAtOnce(AtomicUsize::new(0));
    let (alone, together) = (caught_up(None), caught_up(Some(&HANDS)));
    assert!(HANDS.0.load(Ordering::Relaxed) >= 12, "the documents were shared out");
    assert!(alone.len() >= 12);
    assert!(alone == together, "the same rows, nonces and all");
}
