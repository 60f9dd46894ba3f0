//! How long an act takes until it is durable, beside a bare redb commit of the same bytes in the same run.
//!
//! An act of one fact, to one of thirty documents that grow as they do in a week; after each, the same rows go into
//! a bare redb file, once as redb commits by itself and once in two phases, as Muster's store does.

use muster_benches::disk::{Bare, Recording, bytes};
use muster_benches::figures::{is_debug, is_trial, median, millis, quantile, rounded};
use muster_benches::school::World;
use muster_core::document::fact::Fact;
use muster_core::id::{DocumentId, PlaceId};
use muster_core::replica::records::{Change, Records as _};
use muster_core::replica::store::Batch;
use muster_school::areas;
use muster_school::calendar::{Day, moment};
use muster_school::roles::device_capabilities;
use muster_storage::RedbStore;
use std::time::Instant;

const DOCUMENTS: u16 = 30;
const VALUE_BYTES: usize = 20;

fn main() -> Result<(), muster_benches::Failure> {
    let acts: usize = if is_trial() { 60 } else { 1_500 };
    let day = Day::parse("2026-11-23")?;
    let mut world = World::at(moment(day, 8 * 60 + 50));
    let folder = tempfile::tempdir()?;
    let (store, written) = Recording::over(RedbStore::create(&folder.path().join("muster"))?);
    let plain = Bare::create(&folder.path().join("plain.redb"), false)?;
    let careful = Bare::create(&folder.path().join("careful.redb"), true)?;
    let (mut office, _head) = world.found(store, device_capabilities(&[]))?;
    let seat = office.device_seat();
    let section = areas::section(areas::ROLL, PlaceId([7; 16]), day.year());
    let (mut act_ms, mut plain_ms, mut careful_ms, mut sizes) = (vec![], vec![], vec![], vec![]);
    for number in 0..acts + usize::from(DOCUMENTS) {
        let key = (number as u16 % DOCUMENTS).to_be_bytes().to_vec();
        let document = DocumentId { section, kind: 1, key };
        let fact = Fact { kind: 1, supersedes: vec![], value: vec![number as u8; VALUE_BYTES] };
        written.borrow_mut().clear();
        let mut writer = office.writer(seat, world.context()).ok_or("no seat")?;
        let began = Instant::now();
        writer.write(vec![Change { document, facts: vec![fact] }])?;
        let took = millis(began.elapsed());
        let batches: Vec<Batch> = written.borrow().clone();
        let began = Instant::now();
        batches.iter().try_for_each(|batch| plain.commit(batch))?;
        let plain_took = millis(began.elapsed());
        let began = Instant::now();
        batches.iter().try_for_each(|batch| careful.commit(batch))?;
        let careful_took = millis(began.elapsed());
        if number >= usize::from(DOCUMENTS) {
            // The first act on each document also makes its secret, which is durable in a file of its own.
            act_ms.push(took);
            plain_ms.push(plain_took);
            careful_ms.push(careful_took);
            sizes.push(batches.iter().map(bytes).sum::<usize>() as f64);
        }
    }
    let pair = |samples: &[f64]| serde_json::json!({ "p50_ms": rounded(median(samples)), "p95_ms": rounded(quantile(samples, 0.95)) });
    let ratio = |share: f64, floor: &[f64]| rounded(quantile(&act_ms, share) / quantile(floor, share));
    println!(
        "{}",
        serde_json::json!({
            "bench": "durable_act", "debug": is_debug(),
            "acts": acts, "documents": DOCUMENTS, "batch_bytes": median(&sizes),
            "act": pair(&act_ms), "bare_redb": pair(&plain_ms), "bare_redb_two_phases": pair(&careful_ms),
            "ratio_to_bare_redb": { "p50": ratio(0.5, &plain_ms), "p95": ratio(0.95, &plain_ms) },
            "ratio_to_two_phases": { "p50": ratio(0.5, &careful_ms), "p95": ratio(0.95, &careful_ms) },
        })
    );
    Ok(())
}
