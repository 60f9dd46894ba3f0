//! How long until two devices that were apart in a roll call have one list, from the moment that the link is back.
//!
//! Two devices on real stores and real connections over loopback. In each round the link is cut, each device takes marks
//! of its own, one act each; then it is restored. Timed is everything until both have applied all marks of both: finding
//! each other, the handshake, the catch-up both ways, verification and commits. What a real network adds to it, an
//! interface that comes up and discovery by multicast, is not in it: `RESULTS.md` says what that takes.

use muster_benches::Failure;
use muster_benches::figures::{is_debug, is_trial, millis, quantile, rounded};
use muster_benches::school::World;
use muster_benches::side::Side;
use muster_core::id::{DocumentId, PlaceId};
use muster_core::time::Moment;
use muster_school::areas;
use muster_school::calendar::{Day, moment};
use muster_school::roles::device_capabilities;
use muster_storage::RedbStore;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(20);
/// Marks that each device takes while they are apart: what two marshals do in some minutes.
const MARKS: usize = 20;

/// Both go on until something is so.
fn until(both: &mut [Side; 2], mut so: impl FnMut(&mut Side) -> Result<bool, Failure>) -> Result<(), Failure> {
    let began = Instant::now();
    loop {
        let mut all = true;
        for side in both.iter_mut() {
            while side.step(Duration::ZERO)? {}
            all &= so(side)?;
        }
        if all {
            return Ok(());
        }
        if began.elapsed() > PATIENCE {
            return Err("the two did not come to it".into());
        }
        std::thread::sleep(Duration::from_micros(50));
    }
}

fn main() -> Result<(), Failure> {
    let rounds: usize = if is_trial() { 2 } else { 60 };
    let day = Day::parse("2026-11-23")?;
    let mut world = World::at(moment(day, 10 * 60));
    let folder = tempfile::tempdir()?;
    let store = |name: &str| RedbStore::create(&folder.path().join(name));
    let (mut office, head) = world.found(store("office")?, device_capabilities(&[]))?;
    let mut hall = world.let_in(&mut office, &head, store("hall")?, device_capabilities(&[]))?;
    world.meet(&mut office, &mut hall)?;
    let section = areas::section(areas::ROLL, PlaceId([7; 16]), day.year());
    let (there, here) = (hall.device(), office.device());
    let now = Moment::utc(world.now_ms);
    let mut both = [Side::new(office, now)?, Side::new(hall, now)?];
    let [office, hall] = &both;
    office.node.set_enrolled([there].into());
    hall.node.set_enrolled([here].into());
    office.node.keep_dialling(there, hall.node.addresses());
    hall.node.keep_dialling(here, office.node.addresses());
    until(&mut both, |side| Ok(side.is_same()))?;
    let mut took = Vec::new();
    for round in 0..rounds {
        // A roll call of its own in each round: the work does not grow with them.
        let document = DocumentId { section, kind: 5, key: format!("call {round}").into_bytes() };
        both.iter().for_each(|side| side.node.suspend(true));
        until(&mut both, |side| Ok(!side.is_connected()))?;
        for side in &mut both {
            for number in 0..MARKS {
                side.mark(&document, number)?;
            }
        }
        let began = Instant::now();
        both.iter().for_each(|side| side.node.suspend(false));
        until(&mut both, |side| {
            let seat = side.replica.device_seat();
            Ok(side.facts(seat, &document)? == 2 * MARKS)
        })?;
        took.push(millis(began.elapsed()));
        // An orderly end of the round: all is said before the link goes again.
        until(&mut both, |side| Ok(side.is_same()))?;
    }
    println!(
        "{}",
        serde_json::json!({
            "bench": "meet", "debug": is_debug(), "rounds": rounds, "marks_each": MARKS,
            "p50_ms": rounded(quantile(&took, 0.5)), "p95_ms": rounded(quantile(&took, 0.95)),
            "most_ms": rounded(quantile(&took, 1.0)),
        })
    );
    Ok(())
}
