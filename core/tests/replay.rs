//! Frames that somebody recorded, played again in another session: by themselves they show, change and get nothing.
//!
//! Between devices a session is one of TLS with the keys of both, so nobody else can play them there. Here that has
//! given way, or an enrolled device plays what it overheard.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::replica::LogState;
use muster_core::sync::message::Message;
use std::collections::BTreeMap;
use world::*;

/// A whole session; what the left one said in it.
fn recorded(world: &mut World, left: &mut Device, right: &mut Device) -> Vec<Vec<u8>> {
    let mut a = Conversation::start(left, right.device(), Moment::utc(world.now));
    let mut b = Conversation::start(right, left.device(), Moment::utc(world.now));
    let mut said = Vec::new();
    loop {
        let (out, back) = (a.next(left).unwrap(), b.next(right).unwrap());
        if out.is_none() && back.is_none() {
            return said;
        }
        if let Some(frame) = out {
            b.receive(right, &frame, &mut world.context()).unwrap();
            said.push(frame);
        }
        if let Some(frame) = back {
            a.receive(left, &frame, &mut world.context()).unwrap();
        }
    }
}

/// All that a device holds that a session could change.
fn held(device: &Device) -> (BTreeMap<LogId, LogState>, [u8; 32], usize) {
    let sections: Vec<Section> = device.logs().values().map(|state| state.descriptor.section).collect();
    let records = sections.iter().map(|section| device.sealed_records(section).count()).sum();
    (device.logs().clone(), device.view().state_hash(), records)
}

#[test]
fn frames_recorded_in_one_session_and_played_in_another_change_nothing_and_vouch_for_nobody() {
    let (mut world, mut office, head, mut hall) = small_school(11);
    let mut gate = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut gate);
    world.write(&mut hall, None, &document(ROLL, "day 1"), &["in the hall"]);
    let tape = recorded(&mut world, &mut hall, &mut office);
    assert!(tape.len() > 3, "a hello, what is held, and entries");
    // Life goes on: what was said on the tape is old.
    world.write(&mut office, None, &document(ROLL, "day 1"), &["in the office"]);
    let log = {
        let seat = office.device_seat();
        let mut mine = office.logs().iter().filter(|(_, state)| state.descriptor.seat == seat);
        mine.find(|(_, state)| state.descriptor.section == document(ROLL, "").section).map(|(log, _)| *log).unwrap()
    };
    let last = office.logs()[&log].length() - 1;
    let (before, copies) = (held(&office), office.copies(&log, last));
    for player in [gate.device(), hall.device(), DeviceId([9; 32])] {
        let mut side = Conversation::start(&mut office, player, Moment::utc(world.now));
        for frame in &tape {
            if side.receive(&mut office, frame, &mut world.context()).is_err() {
                break;
            }
        }
        let mut answered = 0;
        while let Some(frame) = side.next(&mut office).unwrap() {
            answered += frame.len();
            assert!(answered < 1 << 20, "and no end of answers");
        }
        assert_eq!(held(&office), before, "played by {player:?}");
        assert_eq!(office.copies(&log, last), copies, "nobody is taken to hold what was written since");
    }
    // And the true devices go on from where they were.
    world.meet(&mut hall, &mut office);
    world.meet(&mut gate, &mut office);
    let roll = document(ROLL, "day 1");
    assert_eq!(world.read(&mut gate, None, &roll), world.read(&mut office, None, &roll));
}

#[test]
fn nobody_who_is_not_of_the_school_gets_an_entry_for_frames_that_were_recorded() {
    let (mut world, mut office, _, mut hall) = small_school(12);
    world.write(&mut hall, None, &document(ROLL, "day 1"), &["in the hall"]);
    let mut stranger = Conversation::start(&mut office, DeviceId([9; 32]), Moment::utc(world.now));
    let tape = recorded(&mut world, &mut hall, &mut office);
    for frame in &tape {
        if stranger.receive(&mut office, frame, &mut world.context()).is_err() {
            break;
        }
    }
    let mut answers = Vec::new();
    while let Some(frame) = stranger.next(&mut office).unwrap() {
        answers.push(Message::decode(&frame).unwrap());
    }
    let given = answers.iter().filter(|one| match one {
        Message::Batch(_) => true,
        Message::Records(section, _) => *section != Section::AUTHORITY,
        _ => false,
    });
    assert_eq!(given.count(), 0, "{answers:?}");
}
