//! What a removal costs the next who writes: a register of a compartment with 150 readers, on a store on disk. Each time one
//! of them is removed, another is let in, and the next act makes a new key and wraps it to all who are left.
//!
//! Beside it, the same act with no rotation owed.

use muster_benches::Failure;
use muster_benches::figures::{is_debug, is_trial, median, millis, rounded};
use muster_benches::school::World;
use muster_core::authority::capability::{Capability, Right, Which};
use muster_core::authority::reduction::{Reason, Target};
use muster_core::crypto::stretch::Cost;
use muster_core::crypto::words;
use muster_core::document::fact::Fact;
use muster_core::id::{DocumentId, GrantId, PersonId, PlaceId, Section};
use muster_core::keys::bundle::Opened;
use muster_core::keys::record::Record;
use muster_core::replica::Replica;
use muster_core::replica::records::{Change, Records as _};
use muster_school::areas;
use muster_school::calendar::{Day, moment};
use muster_storage::RedbStore;
use rand::SeedableRng as _;
use std::collections::VecDeque;
use std::time::Instant;

const READERS: u16 = 150;

struct Bench {
    world: World,
    office: Replica<RedbStore>,
    head: Opened,
    random: rand_chacha::ChaCha20Rng,
    section: Section,
    let_in: u16,
    readers: VecDeque<GrantId>,
}

fn main() -> Result<(), Failure> {
    let (readers, runs) = if is_trial() { (5, 2) } else { (READERS, 21) };
    let day = Day::parse("2026-11-23")?;
    let folder = tempfile::tempdir()?;
    let mut world = World::at(moment(day, 8 * 60));
    let all = |right| Capability { right, area: Which::Any, place: Which::Any };
    let store = RedbStore::create(&folder.path().join("records"))?;
    let (office, head) = world.found(store, vec![all(Right::Hold)])?;
    let section = areas::section(areas::REGISTER, PlaceId([7; 16]), day.year());
    let random = rand_chacha::ChaCha20Rng::seed_from_u64(5);
    let mut bench = Bench { world, office, head, random, section, let_in: 0, readers: VecDeque::new() };
    for _ in 0..readers {
        bench.let_one_in()?;
    }
    bench.write(0)?;
    let (mut plain, mut rotated, mut removed, mut wraps) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for run in 1..=runs {
        plain.push(bench.write(run * 2)?);
        let first = bench.readers.pop_front().ok_or("nobody is left")?;
        let began = Instant::now();
        let (by, mut context) = (bench.head.seat.seat, bench.world.context());
        bench.office.remove(&by, Target::Grant(first), Reason::Left, &mut context)?;
        removed.push(millis(began.elapsed()));
        // Let in under the old key, which is owed a rotation all the same.
        bench.let_one_in()?;
        let before = bench.wraps();
        rotated.push(bench.write(run * 2 + 1)?);
        wraps = bench.wraps() - before;
    }
    println!(
        "{}",
        serde_json::json!({
            "bench": "rotation", "debug": is_debug(), "readers": readers, "wraps": wraps, "runs": runs,
            "act_with_rotation_p50_ms": rounded(median(&rotated)),
            "the_same_act_without_p50_ms": rounded(median(&plain)),
            "removal_p50_ms": rounded(median(&removed)),
        })
    );
    // A wrap for each reader, the head and recovery, or nothing was measured.
    if wraps < usize::from(readers) { Err("no rotation was owed".into()) } else { Ok(()) }
}

impl Bench {
    fn let_one_in(&mut self) -> Result<(), Failure> {
        self.let_in += 1;
        let words = words::random_words(6, &mut self.random);
        let mut person = [1; 16];
        person[..2].copy_from_slice(&self.let_in.to_be_bytes());
        let reads = Capability { right: Right::Read, area: Which::One(areas::REGISTER), place: Which::Any };
        let (by, rights) = (self.head.seat.seat, vec![reads]);
        let (mut context, cost) = (self.world.context(), Cost::TEST);
        let id = self.office.grant_by_words(&by, PersonId(person), 4, rights, &words, cost, &mut context)?;
        self.readers.push_back(id);
        Ok(())
    }

    /// One act of one fact; says how long it took, in milliseconds.
    fn write(&mut self, number: u16) -> Result<f64, Failure> {
        let document = DocumentId { section: self.section, kind: 2, key: vec![4, 2] };
        let facts = vec![Fact { kind: 1, supersedes: Vec::new(), value: number.to_be_bytes().to_vec() }];
        let began = Instant::now();
        let mut writer = self.office.writer(self.head.seat.seat, self.world.context()).ok_or("no seat")?;
        writer.write(vec![Change { document, facts }])?;
        Ok(millis(began.elapsed()))
    }

    fn wraps(&self) -> usize {
        self.office.sealed_records(&self.section).filter(|record| matches!(record, Record::Wrap { .. })).count()
    }
}
