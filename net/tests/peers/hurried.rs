//! While people are being called: a way that opens is found at once, whatever was sent into it before.

use std::{
    collections::BTreeSet,
    net::{SocketAddr, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use muster_net::Event;

use crate::device::{Device, PATIENCE};

/// The name that a first packet gives its connection; `None` for a later packet.
fn begun(packet: &[u8]) -> Option<Vec<u8>> {
    let is_long = packet.first()? & 0x80 != 0;
    let length = usize::from(*packet.get(5)?);
    is_long.then(|| packet.get(6..6 + length).map(<[u8]>::to_vec)).flatten()
}

#[test]
fn a_dial_that_nobody_answers_is_begun_afresh_before_it_ends_and_connects_once_the_way_is_open() {
    let (office, hall) = (Device::new(1), Device::new(2));
    office.enrol(&[&hall]);
    hall.enrol(&[&office]);
    // A way that swallows everything, until it is open.
    let way = Arc::new(UdpSocket::bind("127.0.0.1:0").unwrap());
    way.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    office.node.hurry(true);
    office.node.keep_dialling(hall.id(), vec![way.local_addr().unwrap()]);
    let (mut names, mut packet) = (BTreeSet::new(), [0; 2048]);
    let patience = Instant::now();
    while names.len() < 3 {
        assert!(patience.elapsed() < PATIENCE, "nothing is sent: {names:?}");
        // All that has come is looked at before what is reported.
        while let Ok((length, _)) = way.recv_from(&mut packet) {
            names.extend(begun(&packet[..length]));
        }
        let ended = office.inbox.try_iter().any(|event| matches!(event, Event::DialFailed { .. }));
        assert!(!ended || names.len() >= 3, "the dial ended, and was begun {} times", names.len());
    }
    let (to, over) = (hall.node.addresses(), Arc::new(AtomicBool::new(false)));
    let carries = std::thread::spawn({
        let (way, over) = (way.clone(), over.clone());
        move || {
            let mut from: Option<SocketAddr> = None;
            while !over.load(Ordering::Acquire) {
                let Ok((length, sender)) = way.recv_from(&mut packet) else { continue };
                let back = to.contains(&sender);
                if !back {
                    from = Some(sender);
                }
                if let Some(whither) = if back { from } else { to.first().copied() } {
                    let _ = way.send_to(&packet[..length], whither);
                }
            }
        }
    });
    assert_eq!(office.connected().peer, hall.id());
    over.store(true, Ordering::Release);
    carries.join().unwrap();
}
