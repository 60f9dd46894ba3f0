//! How many entries a second a device takes from another: kept without keys, and kept and applied.
//!
//! One replica in memory writes registers for weeks: a third of the entries with thirty facts, the rest with one
//! that supersedes an earlier one. Others, which hold nothing yet, receive them in frames through a conversation;
//! only the receiver's time counts. Beside it: the rows that were kept, written into a bare redb file.

use muster_benches::Failure;
use muster_benches::disk::{Bare, Recording, bytes};
use muster_benches::figures::{is_debug, is_trial, median, millis, rounded};
use muster_benches::school::World;
use muster_core::authority::capability::{Capability, Right, Which};
use muster_core::document::fact::{Fact, FactRef};
use muster_core::id::{DocumentId, PlaceId, Section};
use muster_core::keys::bundle::Opened;
use muster_core::replica::Replica;
use muster_core::replica::records::{Change, Records as _};
use muster_core::replica::store::{Batch, MemoryStore, Store};
use muster_core::sync::conversation::Conversation;
use muster_core::time::Moment;
use muster_school::areas;
use muster_school::calendar::{Day, moment};
use muster_storage::RedbStore;
use std::time::{Duration, Instant};

const GROUPS: u16 = 40;
const ENTRIES_A_WEEK_AND_GROUP: usize = 25;
const RUNS: usize = 5;

/// When a receiver applies what it took.
#[derive(Clone, Copy, PartialEq)]
enum Apply {
    /// It has no key.
    Never,
    /// After each frame, as a connected device does.
    EachFrame,
    /// When all has come.
    AtTheEnd,
}

struct Bench {
    world: World,
    author: Replica<MemoryStore>,
    head: Opened,
    section: Section,
    entries: usize,
    /// Transactions of a blind receiver, and of one that applies at the end.
    commits: [usize; 2],
}

fn main() -> Result<(), Failure> {
    let weeks: u16 = if is_trial() { 1 } else { 20 };
    let day = Day::parse("2026-11-23")?;
    let mut world = World::at(moment(day, 8 * 60));
    let (author, head) = world.found(MemoryStore::default(), rights(true))?;
    let section = areas::section(areas::ROLL, PlaceId([7; 16]), day.year());
    let mut bench = Bench { world, author, head, section, entries: 0, commits: [0; 2] };
    let began = Instant::now();
    bench.write(weeks)?;
    let author_s = began.elapsed().as_secs_f64();
    let folder = tempfile::tempdir()?;
    let mut runs = Vec::new();
    for run in 0..if is_trial() { 1 } else { RUNS } {
        let place = |name: &str| RedbStore::create(&folder.path().join(format!("{name}-{run}")));
        let blind = bench.receive(place("blind")?, Apply::Never)?;
        let blind_memory = bench.receive(MemoryStore::default(), Apply::Never)?;
        let live = bench.receive(place("live")?, Apply::EachFrame)?;
        let end = bench.receive(place("end")?, Apply::AtTheEnd)?;
        let floor = bench.floor(&folder.path().join(format!("floor-{run}.redb")))?;
        let live_memory = bench.receive(MemoryStore::default(), Apply::EachFrame)?;
        let end_memory = bench.receive(MemoryStore::default(), Apply::AtTheEnd)?;
        runs.push([blind, blind_memory, live, end, floor.0, floor.1, live_memory, end_memory]);
    }
    let rate = |which: usize| {
        let each: Vec<f64> = runs.iter().map(|run| bench.entries as f64 / run[which].as_secs_f64()).collect();
        let slowest = each.iter().copied().fold(f64::INFINITY, f64::min);
        let fastest = each.iter().copied().fold(0.0, f64::max);
        serde_json::json!({ "median": median(&each).round(), "least": slowest.round(), "most": fastest.round() })
    };
    let ratio = |which: usize, floor: usize| {
        let each: Vec<f64> = runs.iter().map(|run| millis(run[which]) / millis(run[floor])).collect();
        rounded(median(&each))
    };
    println!(
        "{}",
        serde_json::json!({
            "bench": "catch_up", "debug": is_debug(), "unit": "entries/s",
            "entries": bench.entries, "documents": u32::from(GROUPS) * u32::from(weeks), "runs": runs.len(),
            "author_s": rounded(author_s),
            "verify_and_store_blind": { "redb": rate(0), "memory": rate(1) },
            "verify_decrypt_apply": {
                "redb_each_frame": rate(2), "redb_at_the_end": rate(3),
                "memory_each_frame": rate(6), "memory_at_the_end": rate(7),
            },
            "commits": { "blind": bench.commits[0], "applied_at_the_end": bench.commits[1] },
            "floor_bare_redb_same_rows": { "blind": rate(4), "applied": rate(5) },
            "time_over_floor": { "blind": ratio(0, 4), "applied_at_the_end": ratio(3, 5) },
        })
    );
    Ok(())
}

/// A device's rights: to hold everything, and with keys to read and write the area that is measured.
fn rights(keys: bool) -> Vec<Capability> {
    let one = |right, area| Capability { right, area, place: Which::Any };
    let mut given = vec![one(Right::Hold, Which::Any)];
    if keys {
        given.extend([one(Right::Read, Which::One(areas::ROLL)), one(Right::Write, Which::One(areas::ROLL))]);
        given.sort_unstable();
    }
    given
}

impl Bench {
    fn write(&mut self, weeks: u16) -> Result<(), Failure> {
        let seat = self.author.device_seat();
        for week in 0..weeks {
            let mut last: Vec<Option<FactRef>> = vec![None; usize::from(GROUPS)];
            for _ in 0..ENTRIES_A_WEEK_AND_GROUP {
                for group in 0..GROUPS {
                    let key = [week.to_be_bytes(), group.to_be_bytes()].concat();
                    let document = DocumentId { section: self.section, kind: 1, key };
                    let known = &mut last[usize::from(group)];
                    let many = self.entries.is_multiple_of(3);
                    let supersedes = known.filter(|_| !many).into_iter().collect::<Vec<_>>();
                    let fact = |at: u8| Fact { kind: 1, supersedes: supersedes.clone(), value: vec![at; 20] };
                    let facts = (0..if many { 30 } else { 1 }).map(fact).collect();
                    let context = self.world.context();
                    let mut writer = self.author.writer(seat, context).ok_or("no seat")?;
                    *known = writer.write(vec![Change { document, facts }])?.fact(0, 0);
                    self.world.now_ms -= 999; // The whole of it stays within one day, and so under one epoch.
                    self.entries += 1;
                }
            }
        }
        Ok(())
    }

    /// How long a new device took over everything; the author's time is not in it.
    fn receive<S: Store>(&mut self, store: S, apply: Apply) -> Result<Duration, Failure> {
        let keys = rights(apply != Apply::Never);
        let mut receiver = self.world.let_in(&mut self.author, &self.head, store, keys)?;
        // The author wraps its keys to the newcomer now, so that this is not counted as the newcomer's work.
        while self.author.work(&mut self.world.context())?.1 {}
        let now = Moment::utc(self.world.now_ms);
        let mut here = Conversation::start(&mut self.author, receiver.device(), now);
        let mut there = Conversation::start(&mut receiver, self.author.device(), now);
        let mut took = Duration::ZERO;
        let mut taken = 0;
        loop {
            let mut quiet = true;
            while let Some(frame) = here.next(&mut self.author)? {
                let mut context = self.world.context();
                let began = Instant::now();
                taken += there.receive(&mut receiver, &frame, &mut context)?.new_entries;
                while apply == Apply::EachFrame && receiver.work(&mut context)?.1 {}
                took += began.elapsed();
                quiet = false;
            }
            while let Some(frame) = there.next(&mut receiver)? {
                here.receive(&mut self.author, &frame, &mut self.world.context())?;
                quiet = false;
            }
            if quiet {
                break;
            }
        }
        let mut context = self.world.context();
        let began = Instant::now();
        while receiver.work(&mut context)?.1 {}
        took += began.elapsed();
        if !here.is_same() || taken < self.entries {
            return Err("the receiver does not hold everything".into());
        }
        let readable = receiver.readable_facts(&self.section)?.len();
        if (readable == 0) != (apply == Apply::Never) {
            return Err("the receiver reads what it should not, or not what it should".into());
        }
        Ok(took)
    }

    /// How long a bare redb file takes over the rows that a receiver wrote, batch by batch, blind and applied.
    fn floor(&mut self, file: &std::path::Path) -> Result<(Duration, Duration), Failure> {
        let mut took = [Duration::ZERO; 2];
        for (which, apply) in [Apply::Never, Apply::AtTheEnd].into_iter().enumerate() {
            let (store, written) = Recording::over(MemoryStore::default());
            self.receive(store, apply)?;
            let batches: Vec<Batch> = written.take().into_iter().filter(|batch| bytes(batch) > 0).collect();
            self.commits[which] = batches.len();
            let bare = Bare::create(&file.with_extension(which.to_string()), false)?;
            let began = Instant::now();
            batches.iter().try_for_each(|batch| bare.commit(batch))?;
            took[which] = began.elapsed();
        }
        Ok((took[0], took[1]))
    }
}
