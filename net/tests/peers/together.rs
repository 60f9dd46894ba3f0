//! Two devices that dial each other at the same moment.

use std::{collections::BTreeMap, time::Duration};

use muster_net::{CloseReason, Event};

use crate::device::{Device, PATIENCE, pair};

/// Sessions that are up, and reported, after things have settled.
fn settled(device: &Device) -> BTreeMap<muster_net::SessionId, [u8; 32]> {
    let mut up = BTreeMap::new();
    let mut events = device.everything_within(Duration::from_millis(700));
    while up.is_empty() {
        for event in events.drain(..) {
            match event {
                Event::Connected { session, channel_binding, .. } => {
                    up.insert(session, channel_binding);
                }
                Event::Closed { session, why, .. } => {
                    assert_eq!(why, CloseReason::Duplicate);
                    up.remove(&session);
                }
                Event::DialFailed { why, .. } => panic!("{why}"),
                _ => {}
            }
        }
        if up.is_empty() {
            events.push(device.inbox.recv_timeout(PATIENCE).unwrap());
        }
    }
    up
}

#[test]
fn devices_that_dial_each_other_at_once_end_up_with_one_session() {
    for _ in 0..6 {
        let (office, hall) = pair();
        office.dial(&hall);
        hall.dial(&office);
        let (here, there) = (settled(&office), settled(&hall));
        assert_eq!(here.len(), 1, "{here:?}");
        assert_eq!(there.len(), 1, "{there:?}");
        let (session, binding) = here.first_key_value().unwrap();
        assert_eq!(Some(binding), there.values().next(), "both ends keep the same connection");
        office.node.send(*session, b"once".to_vec()).unwrap();
        assert_eq!(hall.frame().1, b"once");
    }
}

#[test]
fn of_two_dials_one_to_a_dead_address_the_other_comes_through() {
    let (office, hall) = pair();
    let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let nowhere = vec![silent.local_addr().unwrap()];
    // Whichever of the two has the smaller id, its own dial to nowhere must not keep the other's out.
    for (lost, good) in [(&office, &hall), (&hall, &office)] {
        lost.node.dial(good.id(), nowhere.clone());
        good.dial(lost);
        let (here, there) = (lost.connected(), good.connected());
        assert_ne!(there.dialled, here.dialled);
        assert_eq!(there.binding, here.binding);
        good.node.close(there.session, CloseReason::Done);
        lost.closed(here.session);
        good.closed(there.session);
    }
}
