//! A device that was away for a term, or has no keys: how long it takes over what others wrote, what goes over the wire and
//! what memory it takes, beside the parts of that work done alone.
//!
//! 40,000 entries for 1,600 documents, a third with thirty facts and the rest with one, in frames through a conversation;
//! only the receiver's time counts. Beside it the parts: hashes and seals verified, both layers opened, documents applied
//! and saved, the rows that were kept written into a bare redb file, and the frames' bytes sent over loopback.

use muster_benches::Failure;
use muster_benches::backlog::{Apply, Backlog, Handed, Size};
use muster_benches::disk::{Bare, Recording, bytes};
use muster_benches::figures::{is_debug, is_trial, median, millis, rounded};
use muster_benches::memory;
use muster_benches::parts::Parts;
use muster_core::replica::store::{Batch, MemoryStore, Store};
use muster_storage::{Processors, RedbStore};
use std::time::{Duration, Instant};

const RUNS: usize = 3;

fn main() -> Result<(), Failure> {
    let size = if is_trial() { Size { groups: 40, weeks: 1 } } else { Size { groups: 40, weeks: 40 } };
    let mut backlog = Backlog::write(size)?;
    let folder = tempfile::tempdir()?;
    let mut parts = Parts::of(&mut backlog)?;
    let mut runs = Vec::new();
    let (mut wire, mut peak_mb) = (Handed::default(), Vec::new());
    for run in 0..if is_trial() { 1 } else { RUNS } {
        let place = |name: &str| RedbStore::create(&folder.path().join(format!("{name}-{run}")));
        let blind = receive(&mut backlog, place("blind")?, Apply::Never)?.took;
        let blind_memory = receive(&mut backlog, MemoryStore::default(), Apply::Never)?.took;
        let live = receive(&mut backlog, place("live")?, Apply::EachFrame)?.took;
        let before = memory::begin();
        wire = receive(&mut backlog, place("end")?, Apply::AtTheEnd)?;
        peak_mb.push(memory::peak_since(before));
        let end_memory = receive(&mut backlog, MemoryStore::default(), Apply::AtTheEnd)?.took;
        let (floor_blind, _) = floor(&mut backlog, &folder.path().join(format!("floor-blind-{run}")), Apply::Never)?;
        let (floor, _) = floor(&mut backlog, &folder.path().join(format!("floor-{run}")), Apply::AtTheEnd)?;
        parts.time(wire.bytes.0)?;
        runs.push([blind, blind_memory, live, wire.took, end_memory, floor_blind, floor]);
    }
    let (_, commits) = floor(&mut backlog, &folder.path().join("commits"), Apply::AtTheEnd)?;
    let rate = |which: usize| {
        let each: Vec<f64> = runs.iter().map(|run| backlog.entries as f64 / run[which].as_secs_f64()).collect();
        let slowest = each.iter().copied().fold(f64::INFINITY, f64::min);
        let fastest = each.iter().copied().fold(0.0, f64::max);
        serde_json::json!({ "median": median(&each).round(), "least": slowest.round(), "most": fastest.round() })
    };
    let ms = |which: usize| median(&runs.iter().map(|run| millis(run[which])).collect::<Vec<_>>());
    let told = parts.told();
    let redb = ms(6);
    let sum = told.verify_ms + told.decrypt_ms + told.apply_ms + redb + told.wire_ms;
    println!(
        "{}",
        serde_json::json!({
            "bench": "catch_up", "debug": is_debug(),
            "entries": backlog.entries, "documents": u32::from(size.groups) * u32::from(size.weeks), "runs": runs.len(),
            "entries_a_second": {
                "verify_and_store_blind": rate(0), "verify_and_store_blind_memory": rate(1),
                "verify_decrypt_apply_each_frame": rate(2), "verify_decrypt_apply_at_the_end": rate(3),
                "verify_decrypt_apply_memory": rate(4),
            },
            "catch_up_s": rounded(ms(3) / 1_000.0),
            "wire_bytes": wire.bytes.0 + wire.bytes.1, "frames": wire.frames, "turns": wire.turns, "commits": commits,
            "memory_mb": median(&peak_mb),
            "parts_ms": {
                "verify": rounded(told.verify_ms), "decrypt": rounded(told.decrypt_ms), "apply": rounded(told.apply_ms),
                "redb_blind": rounded(ms(5)), "redb": rounded(redb), "wire": rounded(told.wire_ms), "sum": rounded(sum),
            },
            "time_over_parts": {
                "blind": rounded(ms(0) / (told.verify_ms + ms(5))), "applied_at_the_end": rounded(ms(3) / sum),
            },
        })
    );
    Ok(())
}

fn receive<S: Store>(backlog: &mut Backlog, store: S, apply: Apply) -> Result<Handed, Failure> {
    let mut receiver = backlog.newcomer(store, apply != Apply::Never)?;
    receiver.share_work(&Processors);
    backlog.hand_over(&mut receiver, apply)
}

/// How long a bare redb file takes over the rows that a receiver wrote, batch by batch, and how many batches there were.
fn floor(backlog: &mut Backlog, file: &std::path::Path, apply: Apply) -> Result<(Duration, usize), Failure> {
    let (store, written) = Recording::over(MemoryStore::default());
    receive(backlog, store, apply)?;
    let batches: Vec<Batch> = written.take().into_iter().filter(|batch| bytes(batch) > 0).collect();
    let bare = Bare::create(file, false)?;
    let began = Instant::now();
    batches.iter().try_for_each(|batch| bare.commit(batch))?;
    Ok((began.elapsed(), batches.len()))
}
