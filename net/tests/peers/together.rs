//! Two devices that dial each other at the same moment.

use std::{collections::BTreeMap, time::Duration};

use muster_net::{CloseReason, DialError, Event};

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
                // The other's dial was so quick that ours began when all was done.
                Event::DialFailed { why, .. } => assert_eq!(why, DialError::AlreadyConnected),
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

/// The sessions of a device with each of its peers, kept up to date from its events.
#[derive(Default)]
struct Up(BTreeMap<muster_net::SessionId, muster_core::id::DeviceId>);

impl Up {
    fn read(&mut self, device: &Device) {
        for event in device.inbox.try_iter() {
            match event {
                Event::Connected { session, peer, .. } => drop(self.0.insert(session, peer)),
                Event::Closed { session, .. } => drop(self.0.remove(&session)),
                _ => {}
            }
        }
    }
}

/// Waits until each of these devices has one session with each other one, and stays so for half a second.
fn wait_until_all_are_connected(devices: &[Device], up: &mut [Up]) {
    let until = std::time::Instant::now() + PATIENCE;
    let mut steady = 0;
    while steady < 10 {
        std::thread::sleep(Duration::from_millis(50));
        let mut all = true;
        for (device, up) in devices.iter().zip(up.iter_mut()) {
            up.read(device);
            let peers: std::collections::BTreeSet<_> = up.0.values().collect();
            all &= up.0.len() == devices.len() - 1 && peers.len() == devices.len() - 1;
        }
        steady = if all { steady + 1 } else { 0 };
        assert!(std::time::Instant::now() < until, "{:?}", up.iter().map(|up| &up.0).collect::<Vec<_>>());
    }
}

#[test]
fn a_staff_room_full_of_devices_has_one_session_for_each_two_and_again_after_cuts() {
    let devices: Vec<Device> = (1..=5).map(Device::new).collect();
    let mut up: Vec<Up> = devices.iter().map(|_| Up::default()).collect();
    for device in &devices {
        device.node.set_enrolled(devices.iter().map(Device::id).collect());
        for other in devices.iter().filter(|other| other.id() != device.id()) {
            device.node.keep_dialling(other.id(), other.node.addresses());
        }
    }
    wait_until_all_are_connected(&devices, &mut up);
    for round in 0..3 {
        for device in devices.iter().skip(round) {
            device.node.suspend(true);
        }
        std::thread::sleep(Duration::from_millis(100));
        for device in devices.iter().skip(round).rev() {
            device.node.suspend(false);
        }
        let restored = std::time::Instant::now();
        wait_until_all_are_connected(&devices, &mut up);
        assert!(restored.elapsed() < Duration::from_secs(3), "round {round}: {:?}", restored.elapsed());
    }
}
