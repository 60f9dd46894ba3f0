//! The same acts at 1, 2, 4 and 8 times the history, and with 1, 2, 4 and 8 times the devices: what grows with a school's age
//! is a defect.
//!
//! History: 5,000 to 40,000 entries for 200 to 1,600 documents. Devices: 15 to 120, each with a log of its own. Measured each
//! time: an act to one of this week's documents until it is durable; an idle reconnect; a hundred acts taken over by a device
//! that has all before them; one act on the wire. Prints a line of JSON a step, and with `MUSTER_GROWTH_SVG` writes a plot.

use muster_benches::Failure;
use muster_benches::backlog::{Apply, Backlog, Size};
use muster_benches::figures::{is_debug, is_trial, median, millis, rounded};
use muster_benches::plot;
use muster_core::document::fact::Fact;
use muster_core::id::DocumentId;
use muster_core::replica::records::{Change, Records as _};
use muster_core::replica::store::MemoryStore;
use muster_storage::RedbStore;
use std::time::Instant;

const TIMES: [u16; 4] = [1, 2, 4, 8];

#[derive(Clone, Copy)]
struct Step {
    act_ms: f64,
    idle_ms: f64,
    idle_bytes: f64,
    hundred_ms: f64,
    one_bytes: f64,
}

fn main() -> Result<(), Failure> {
    let (weeks, devices, runs) = if is_trial() { (1, 1, 2) } else { (5, 15, 15) };
    let folder = tempfile::tempdir()?;
    let (mut history, mut school) = (Vec::new(), Vec::new());
    for times in if is_trial() { &TIMES[..1] } else { &TIMES } {
        let mut backlog = Backlog::write(Size { groups: 40, weeks: weeks * times })?;
        let step = measure(&mut backlog, &folder.path().join(format!("history-{times}")), runs)?;
        history.push(told("history", *times, backlog.entries, 2, step));
    }
    for times in if is_trial() { &TIMES[..1] } else { &TIMES } {
        let mut backlog = Backlog::write(Size { groups: 40, weeks })?;
        for number in 0..devices * times {
            other_device(&mut backlog, number)?;
        }
        let step = measure(&mut backlog, &folder.path().join(format!("devices-{times}")), runs)?;
        school.push(told("devices", *times, backlog.entries, usize::from(devices * times) + 2, step));
    }
    if let Some(file) = std::env::var_os("MUSTER_GROWTH_SVG") {
        std::fs::write(file, plot::growth(&[("history", &history), ("devices", &school)]))?;
    }
    Ok(())
}

fn told(what: &str, times: u16, entries: usize, devices: usize, step: Step) -> plot::Line {
    let Step { act_ms, idle_ms, idle_bytes, hundred_ms, one_bytes } = step;
    println!(
        "{}",
        serde_json::json!({
            "bench": "growth", "debug": is_debug(), "of": what, "times": times, "entries": entries, "devices": devices,
            "act_p50_ms": rounded(act_ms), "idle_p50_ms": rounded(idle_ms), "idle_bytes": idle_bytes,
            "hundred_acts_taken_over_ms": rounded(hundred_ms), "one_act_on_the_wire_bytes": one_bytes,
        })
    );
    plot::Line {
        times,
        values: vec![
            ("an act until it is durable", act_ms),
            ("idle reconnect, time", idle_ms),
            ("idle reconnect, bytes", idle_bytes),
            ("a hundred acts taken over", hundred_ms),
            ("an act on the wire", one_bytes),
        ],
    }
}

/// A device that is let in, writes one act, and hands it over.
fn other_device(backlog: &mut Backlog, number: u16) -> Result<(), Failure> {
    let mut other = backlog.newcomer(MemoryStore::default(), true)?;
    backlog.hand_over(&mut other, Apply::AtTheEnd)?;
    let key = [0xff, 0xff].into_iter().chain(number.to_be_bytes()).collect();
    let document = DocumentId { section: backlog.section, kind: 1, key };
    let seat = other.device_seat();
    let mut writer = other.writer(seat, backlog.world.context()).ok_or("no seat")?;
    writer.write(vec![Change { document, facts: vec![Fact { kind: 1, supersedes: vec![], value: vec![1; 20] }] }])?;
    let Backlog { world, author, .. } = backlog;
    world.meet(author, &mut other)?;
    world.now_ms -= 3_000;
    Ok(())
}

fn measure(backlog: &mut Backlog, place: &std::path::Path, runs: usize) -> Result<Step, Failure> {
    let mut device = backlog.newcomer(RedbStore::create(place)?, true)?;
    backlog.hand_over(&mut device, Apply::AtTheEnd)?;
    let (mut act, mut idle, mut hundred, mut idle_bytes, mut one_bytes) = (vec![], vec![], vec![], 0, 0);
    let document = |number: usize| DocumentId { section: backlog.section, kind: 1, key: vec![0xee, number as u8] };
    let documents: Vec<_> = (0..30).map(document).collect();
    let seat = device.device_seat();
    for run in 0..runs {
        for document in &documents {
            let facts = vec![Fact { kind: 1, supersedes: vec![], value: vec![run as u8; 20] }];
            let change = Change { document: document.clone(), facts };
            let mut writer = device.writer(seat, backlog.world.context()).ok_or("no seat")?;
            let began = Instant::now();
            writer.write(vec![change])?;
            if run > 0 {
                act.push(millis(began.elapsed()));
            }
            backlog.world.now_ms -= 1_000;
        }
        let Backlog { world, author, .. } = &mut *backlog;
        world.meet(author, &mut device)?;
        let began = Instant::now();
        let carried = world.meet(author, &mut device)?;
        idle.push(millis(began.elapsed()));
        idle_bytes = carried.there + carried.back;
        for number in 0..100 {
            backlog.act(number % 40)?;
        }
        hundred.push(millis(backlog.hand_over(&mut device, Apply::AtTheEnd)?.took));
        let Backlog { world, author, .. } = &mut *backlog;
        let mut session = world.session(author, &mut device);
        world.talk(&mut session, author, &mut device)?;
        backlog.act(1)?;
        let Backlog { world, author, .. } = &mut *backlog;
        one_bytes = world.talk(&mut session, author, &mut device)?.there;
    }
    Ok(Step {
        act_ms: median(&act),
        idle_ms: median(&idle),
        idle_bytes: idle_bytes as f64,
        hundred_ms: median(&hundred),
        one_bytes: one_bytes as f64,
    })
}
