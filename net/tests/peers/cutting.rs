//! The link cut by a command, and restored.

use std::time::{Duration, Instant};

use muster_net::{CloseReason, DialError, Event};

use crate::device::pair;

#[test]
fn a_cut_closes_every_session_and_after_it_the_devices_find_each_other() {
    let (office, hall) = pair();
    office.node.keep_dialling(hall.id(), hall.node.addresses());
    hall.node.keep_dialling(office.id(), office.node.addresses());
    let (here, there) = (office.connected(), hall.connected());

    office.node.suspend(true);
    hall.node.suspend(true);
    assert_eq!(office.closed(here.session).0, CloseReason::Suspended);
    assert_eq!(hall.closed(there.session).0, CloseReason::Suspended);
    office.dial(&hall);
    assert_eq!(office.dial_failed(), DialError::SuspendedHere);
    for device in [&office, &hall] {
        let seen = device.everything_within(Duration::from_millis(700));
        assert!(seen.iter().all(|event| !matches!(event, Event::Connected { .. })), "{seen:?}");
    }

    let start = Instant::now();
    office.node.suspend(false);
    hall.node.suspend(false);
    let (here, there) = (office.connected(), hall.connected());
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    assert_eq!(here.binding, there.binding);
    hall.node.send(there.session, b"roll call".to_vec()).unwrap();
    assert_eq!(office.frame().1, b"roll call");
}

#[test]
fn a_device_that_is_cut_takes_nobody_in() {
    let (office, hall) = pair();
    hall.node.suspend(true);
    office.dial(&hall);
    assert_eq!(office.dial_failed(), DialError::Refused);
    hall.node.suspend(false);
    office.dial(&hall);
    assert_eq!(office.connected().peer, hall.id());
}

#[test]
fn a_kept_device_that_comes_later_is_found_without_being_asked_again() {
    let (office, hall) = pair();
    let addresses = hall.node.addresses();
    hall.node.stop();
    office.node.keep_dialling(crate::device::id_of(2), addresses.clone());
    std::thread::sleep(Duration::from_millis(300));
    let (events, inbox) = std::sync::mpsc::sync_channel(100);
    let options = muster_net::Options {
        secret_key: zeroize::Zeroizing::new(crate::device::secret(2)),
        bind: addresses,
        discovery: muster_net::Discovery::Off,
        auto_dial: false,
    };
    let hall = muster_net::Node::start(options, move |event| drop(events.send(event))).unwrap();
    hall.set_enrolled([office.id()].into());
    assert_eq!(office.connected().peer, hall.device_id());
    office.node.stop_dialling(hall.device_id());
    assert!(matches!(inbox.recv_timeout(crate::device::PATIENCE), Ok(Event::Connected { .. })));
}

#[test]
fn a_kept_device_is_remembered_at_the_address_it_came_from() {
    let (office, hall) = pair();
    // The office knows no address of the hall; it waits until the hall comes.
    office.node.keep_dialling(hall.id(), vec![]);
    hall.dial(&office);
    let (here, there) = (office.connected(), hall.connected());
    hall.node.close(there.session, CloseReason::Done);
    office.closed(here.session);
    let again = office.connected();
    assert!(again.dialled, "now the office finds the hall");
    assert_eq!(again.path, here.path);
}
