//! What is sent arrives, whole and in order, or somebody is told.

use std::time::Duration;

use muster_core::limits::FRAME_BYTES;
use muster_net::{CloseReason, Event, Kind, SendError};

use crate::device::{Device, PATIENCE, connected_pair, pair};

#[test]
fn two_devices_exchange_frames_and_do_so_again_after_a_reconnect() {
    let (office, hall, here, there) = connected_pair();
    assert!(here.dialled && !there.dialled);
    assert_eq!((here.kind, there.kind), (Kind::Sync, Kind::Sync));
    assert_eq!((here.peer, there.peer), (hall.id(), office.id()));
    assert_eq!(here.path, hall.node.addresses().first().copied());
    assert_eq!(there.path, office.node.addresses().first().copied());

    office.node.send(here.session, b"AM register".to_vec()).unwrap();
    hall.node.send(there.session, b"thanks".to_vec()).unwrap();
    assert_eq!(hall.frame(), (there.session, b"AM register".to_vec()));
    assert_eq!(office.frame(), (here.session, b"thanks".to_vec()));

    office.node.close(here.session, CloseReason::Done);
    assert_eq!(office.closed(here.session), (CloseReason::Done, true));
    assert_eq!(hall.closed(there.session), (CloseReason::Done, false));
    assert_eq!(office.node.send(here.session, vec![1]), Err(SendError::Closed));

    hall.dial(&office);
    let (here, there) = (office.connected(), hall.connected());
    hall.node.send(there.session, vec![7; FRAME_BYTES]).unwrap();
    assert_eq!(office.frame(), (here.session, vec![7; FRAME_BYTES]));
}

#[test]
fn the_smallest_and_the_largest_frame_pass_and_others_are_not_taken() {
    let (office, hall, here, _) = connected_pair();
    assert_eq!(office.node.send(here.session, vec![]), Err(SendError::Size));
    assert_eq!(office.node.send(here.session, vec![0; FRAME_BYTES + 1]), Err(SendError::Size));
    office.node.send(here.session, vec![1]).unwrap();
    office.node.send(here.session, vec![2; FRAME_BYTES]).unwrap();
    assert_eq!(hall.frame().1.len(), 1);
    assert_eq!(hall.frame().1.len(), FRAME_BYTES);
}

#[test]
fn a_slow_reader_loses_nothing_and_the_writer_is_told_to_wait() {
    let (office, hall) = (Device::new(1), Device::with_room(2, 0));
    office.enrol(&[&hall]);
    hall.enrol(&[&office]);
    office.dial(&hall);
    let here = office.connected();
    let there = hall.connected();

    let start = std::time::Instant::now();
    let mut sent = 0_u32;
    let mut full = 0;
    let mut heard = 0_u32;
    while sent < 2_000 {
        let mut frame = sent.to_be_bytes().to_vec();
        frame.resize(20_000, 0);
        match office.node.send(here.session, frame) {
            Ok(()) => sent += 1,
            Err(SendError::Full) => {
                full += 1;
                assert!(start.elapsed() < 3 * PATIENCE, "the queue never empties: {heard} of {sent} heard");
                // The engine at the other end takes a few, slowly.
                for _ in 0..40.min(sent - heard) {
                    let (session, bytes) = hall.frame();
                    assert_eq!((session, bytes.len()), (there.session, 20_000));
                    assert_eq!(bytes[..4], heard.to_be_bytes());
                    heard += 1;
                }
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert!(full > 0, "a reader that does not read must be felt");
    // An orderly close with everything still on its way.
    office.node.close(here.session, CloseReason::Done);
    while heard < sent {
        assert_eq!(hall.frame().1[..4], heard.to_be_bytes());
        heard += 1;
    }
    assert_eq!(hall.closed(there.session), (CloseReason::Done, false));
    assert_eq!(office.closed(here.session), (CloseReason::Done, true));
}

#[test]
fn an_orderly_close_from_both_ends_at_once_delivers_both_ends_last_words() {
    let (office, hall, here, there) = connected_pair();
    office.node.send(here.session, b"last words of the office".to_vec()).unwrap();
    hall.node.send(there.session, b"last words of the hall".to_vec()).unwrap();
    office.node.close(here.session, CloseReason::Done);
    hall.node.close(there.session, CloseReason::Done);
    assert_eq!(office.frame().1, b"last words of the hall");
    assert_eq!(hall.frame().1, b"last words of the office");
    assert_eq!(office.closed(here.session).0, CloseReason::Done);
    assert_eq!(hall.closed(there.session).0, CloseReason::Done);
}

#[test]
fn a_device_that_is_switched_off_is_missed_at_once() {
    let (office, hall, here, _) = connected_pair();
    hall.node.stop();
    assert_eq!(office.closed(here.session), (CloseReason::Leaving, false));
}

#[test]
fn a_device_that_ended_without_a_word_comes_back() {
    let (office, hall) = pair();
    hall.dial(&office);
    let (first, _) = (office.connected(), hall.connected());
    // Dropped, not stopped.
    drop(hall);
    let hall = Device::new(2);
    hall.enrol(&[&office]);
    hall.dial(&office);
    let second = office.connected();
    assert_ne!(first.session, second.session);
    assert!(!hall.connected().binding.iter().all(|byte| *byte == 0));
    let rest = office.everything_within(Duration::from_millis(500));
    assert!(rest.iter().all(|event| !matches!(event, Event::Closed { session, .. } if *session == second.session)));
}
