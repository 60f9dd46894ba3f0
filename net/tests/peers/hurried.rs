//! While people are being called: a way that opens is found at once, whatever was sent into it before.

use std::{
    collections::BTreeSet,
    net::{SocketAddr, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use muster_net::{DialError, Event};

use crate::device::{Device, PATIENCE};

/// The name that a first packet gives its connection; `None` for a later packet.
fn begun(packet: &[u8]) -> Option<Vec<u8>> {
    let is_long = packet.first()? & 0x80 != 0;
    let length = usize::from(*packet.get(5)?);
    is_long.then(|| packet.get(6..6 + length).map(<[u8]>::to_vec)).flatten()
}

/// Carries packets that are let through to a device and its answers back, in a thread of its own, until it is told that
/// it is over.
fn carry(
    way: &Arc<UdpSocket>,
    to: Vec<SocketAddr>,
    mut lets: impl FnMut(&[u8]) -> bool + Send + 'static,
) -> (JoinHandle<()>, Arc<AtomicBool>) {
    let (way, over) = (way.clone(), Arc::new(AtomicBool::new(false)));
    let told = over.clone();
    let carries = std::thread::spawn(move || {
        let (mut from, mut packet) = (None::<SocketAddr>, [0; 2048]);
        while !told.load(Ordering::Acquire) {
            let Ok((length, sender)) = way.recv_from(&mut packet) else { continue };
            let back = to.contains(&sender);
            if !back {
                from = Some(sender);
            }
            if (back || lets(&packet[..length]))
                && let Some(whither) = if back { from } else { to.first().copied() }
            {
                let _ = way.send_to(&packet[..length], whither);
            }
        }
    });
    (carries, over)
}

#[test]
fn what_a_later_try_is_told_ends_the_dial_though_an_earlier_one_is_never_answered() {
    let (office, stranger) = (Device::new(1), Device::new(9));
    stranger.enrol(&[&office]);
    let way = Arc::new(UdpSocket::bind("127.0.0.1:0").unwrap());
    way.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    // Whatever the first try sends is lost; the others get through.
    let mut first = None;
    let (carries, over) = carry(&way, office.node.addresses(), move |packet| match begun(packet) {
        Some(name) => *first.get_or_insert_with(|| name.clone()) != name,
        None => true,
    });
    stranger.node.hurry(true);
    stranger.node.keep_dialling(office.id(), vec![way.local_addr().unwrap()]);
    assert_eq!(stranger.dial_failed(), DialError::NotEnrolled);
    over.store(true, Ordering::Release);
    carries.join().unwrap();
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
    let (carries, over) = carry(&way, hall.node.addresses(), |_| true);
    assert_eq!(office.connected().peer, hall.id());
    over.store(true, Ordering::Release);
    carries.join().unwrap();
}
