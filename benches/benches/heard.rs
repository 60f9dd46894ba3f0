//! How long until a mark made on one device is applied on another, connected over loopback.
//!
//! Two devices on real stores and real connections, each with a thread of its own, as the program has. What is timed
//! is the whole way: the act until it is durable, its frame, its verification, its commit and its application on the
//! other side, where the fact is read back.

use muster_benches::Failure;
use muster_benches::figures::{is_debug, is_trial, millis, quantile, rounded};
use muster_benches::school::World;
use muster_benches::side::Side;
use muster_core::id::{DeviceId, DocumentId, PlaceId};
use muster_core::time::Moment;
use muster_school::areas;
use muster_school::calendar::{Day, moment};
use muster_school::roles::device_capabilities;
use muster_storage::RedbStore;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(20);

/// Hears until there are so many facts, and tells each new number.
fn listens(mut side: Side, document: DocumentId, most: usize, tell: &SyncSender<usize>) -> Result<(), Failure> {
    let seat = side.replica.device_seat();
    let mut known = 0;
    while known < most {
        if !side.step(PATIENCE)? {
            return Err("nothing came".into());
        }
        let held = side.facts(seat, &document)?;
        if held > known {
            known = held;
            tell.send(known)?;
        }
    }
    // The last acknowledgement is on its way.
    std::thread::sleep(Duration::from_millis(50));
    Ok(())
}

fn main() -> Result<(), Failure> {
    let marks: usize = if is_trial() { 20 } else { 500 };
    let day = Day::parse("2026-11-23")?;
    let mut world = World::at(moment(day, 10 * 60));
    let folder = tempfile::tempdir()?;
    let store = |name: &str| RedbStore::create(&folder.path().join(name));
    let (mut office, head) = world.found(store("office")?, device_capabilities(&[]))?;
    let mut hall = world.let_in(&mut office, &head, store("hall")?, device_capabilities(&[]))?;
    world.meet(&mut office, &mut hall)?;
    let section = areas::section(areas::ROLL, PlaceId([7; 16]), day.year());
    let document = DocumentId { section, kind: 5, key: b"call".to_vec() };
    let (there, here): (DeviceId, DeviceId) = (hall.device(), office.device());
    let now = Moment::utc(world.now_ms);
    let (mut office, hall) = (Side::new(office, now)?, Side::new(hall, now)?);
    office.node.set_enrolled([there].into());
    hall.node.set_enrolled([here].into());
    office.node.dial(there, hall.node.addresses());
    let (tell, heard) = sync_channel(1);
    let of = document.clone();
    let listener = std::thread::spawn(move || listens(hall, of, marks, &tell).map_err(|error| error.to_string()));
    while !office.is_same() {
        if !office.step(PATIENCE)? {
            return Err("the two did not meet".into());
        }
    }
    let mut took = Vec::new();
    for number in 0..marks {
        while office.step(Duration::ZERO)? {}
        let began = Instant::now();
        office.mark(&document, number)?;
        office.push()?;
        if heard.recv_timeout(PATIENCE)? != number + 1 {
            return Err("something else was heard".into());
        }
        took.push(millis(began.elapsed()));
    }
    listener.join().map_err(|_| "the other device stopped")??;
    // The first brings the day's key and the document's secret.
    let rest = &took[1..];
    println!(
        "{}",
        serde_json::json!({
            "bench": "heard", "debug": is_debug(), "marks": marks, "first_ms": rounded(took[0]),
            "p50_ms": rounded(quantile(rest, 0.5)), "p95_ms": rounded(quantile(rest, 0.95)),
            "p99_ms": rounded(quantile(rest, 0.99)), "most_ms": rounded(quantile(rest, 1.0)),
        })
    );
    Ok(())
}
