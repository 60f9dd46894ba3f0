//! Automerge's own sync protocol over the backlog, one thread, in memory, in clear: nothing is stored.

use crate::backlog::{DOCUMENTS, ENTRIES, document};
use crate::{Failure, millis, quantile, rounded};
use automerge::Automerge;
use automerge::sync::{Message, State, SyncDoc as _};
use std::time::Instant;

#[derive(Default)]
struct Carried {
    bytes: usize,
    messages: usize,
}

pub fn measure() -> Result<serde_json::Value, Failure> {
    let mut ours = (0..DOCUMENTS).map(document).collect::<Result<Vec<_>, _>>()?;
    let mut times = Vec::new();
    let mut carried = Carried::default();
    let mut theirs = Vec::new();
    for _ in 0..3 {
        theirs = (0..DOCUMENTS).map(|_| Automerge::new()).collect();
        let began = Instant::now();
        carried = sync(&mut ours, &mut theirs)?;
        times.push(began.elapsed().as_secs_f64());
        if ours.iter_mut().zip(&mut theirs).any(|(one, other)| one.get_heads() != other.get_heads()) {
            return Err("the two do not hold the same".into());
        }
    }
    let mut idle_times = Vec::new();
    let mut idle = Carried::default();
    for _ in 0..5 {
        let began = Instant::now();
        idle = sync(&mut ours, &mut theirs)?;
        idle_times.push(millis(began.elapsed()));
    }
    let one = correction(&mut ours[0], &mut theirs[0])?;
    let seconds = quantile(&times, 0.5);
    Ok(serde_json::json!({
        "bench": "peer_automerge_sync", "entries": ENTRIES, "documents": DOCUMENTS,
        "catch_up_s": rounded(seconds), "entries_a_second": (ENTRIES as f64 / seconds).round(),
        "wire_bytes": carried.bytes, "messages": carried.messages,
        "one_change_on_the_wire_bytes": one,
        "idle": { "bytes": idle.bytes, "messages": idle.messages, "p50_ms": rounded(quantile(&idle_times, 0.5)) },
        "lacks": "nothing signed, encrypted, stored, authorised or audited; both sides' time on one thread",
    }))
}

fn sync(ours: &mut [Automerge], theirs: &mut [Automerge]) -> Result<Carried, Failure> {
    let mut carried = Carried::default();
    for (one, other) in ours.iter_mut().zip(theirs) {
        let (mut here, mut there) = (State::new(), State::new());
        loop {
            let out = one.generate_sync_message(&mut here);
            if let Some(message) = &out {
                take(message, other, &mut there, &mut carried)?;
            }
            let back = other.generate_sync_message(&mut there);
            if let Some(message) = &back {
                take(message, one, &mut here, &mut carried)?;
            }
            if out.is_none() && back.is_none() {
                break;
            }
        }
    }
    Ok(carried)
}

fn take(message: &Message, by: &mut Automerge, state: &mut State, carried: &mut Carried) -> Result<(), Failure> {
    let bytes = message.clone().encode();
    carried.bytes += bytes.len();
    carried.messages += 1;
    by.receive_sync_message(state, Message::decode(&bytes)?)?;
    Ok(())
}

/// What one change costs over a session that is open.
fn correction(one: &mut Automerge, other: &mut Automerge) -> Result<usize, Failure> {
    use automerge::transaction::Transactable as _;
    let (mut here, mut there) = (State::new(), State::new());
    let mut carried = Carried::default();
    for round in 0..2 {
        if round == 1 {
            carried = Carried::default();
            let mut transaction = one.transaction();
            transaction.put(automerge::ROOT, "correction", automerge::ScalarValue::Bytes(vec![9; 20]))?;
            transaction.commit();
        }
        loop {
            let out = one.generate_sync_message(&mut here);
            if let Some(message) = &out {
                take(message, other, &mut there, &mut carried)?;
            }
            let back = other.generate_sync_message(&mut there);
            if let Some(message) = &back {
                take(message, one, &mut here, &mut carried)?;
            }
            if out.is_none() && back.is_none() {
                break;
            }
        }
    }
    Ok(carried.bytes)
}
