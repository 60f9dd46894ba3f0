//! Who gets in, who does not, and what they are told.

use std::time::{Duration, Instant};

use muster_net::{CloseReason, DialError, Event, Kind};

use crate::device::{Device, connected_pair, id_of, pair};

#[test]
fn a_stranger_is_refused_and_told_so_in_words() {
    let (office, stranger) = (Device::new(1), Device::new(9));
    stranger.enrol(&[&office]);
    stranger.dial(&office);
    let why = stranger.dial_failed();
    assert_eq!(why, DialError::NotEnrolled);
    assert!(why.to_string().contains("not let in"), "{why}");
    assert!(office.everything_within(Duration::from_millis(200)).is_empty(), "the office's engine is not bothered");
}

#[test]
fn a_device_taken_off_the_list_is_cut_off_at_once_and_stays_out() {
    let (office, hall, here, there) = connected_pair();
    office.node.set_enrolled([].into());
    assert_eq!(office.closed(here.session), (CloseReason::NotEnrolled, true));
    assert_eq!(hall.closed(there.session), (CloseReason::NotEnrolled, false));
    hall.dial(&office);
    assert_eq!(hall.dial_failed(), DialError::NotEnrolled);
    office.dial(&hall);
    assert_eq!(office.dial_failed(), DialError::NotOnOurList);
}

#[test]
fn the_join_protocol_is_refused_while_no_invitation_is_open() {
    let (office, tablet) = (Device::new(1), Device::new(5));
    tablet.node.dial_join(office.id(), office.node.addresses());
    let why = tablet.dial_failed();
    assert_eq!(why, DialError::JoiningClosed);
    assert!(why.to_string().contains("open one there"), "{why}");

    office.node.open_joining(true);
    tablet.node.dial_join(office.id(), office.node.addresses());
    let (here, there) = (office.connected(), tablet.connected());
    assert_eq!((here.kind, there.kind), (Kind::Join, Kind::Join));
    tablet.node.send(there.session, b"six words".to_vec()).unwrap();
    assert_eq!(office.frame(), (here.session, b"six words".to_vec()));

    // Closing the invitation leaves the session that is using it.
    office.node.open_joining(false);
    office.node.send(here.session, b"welcome".to_vec()).unwrap();
    assert_eq!(tablet.frame().1, b"welcome");
    tablet.node.dial_join(office.id(), office.node.addresses());
    assert_eq!(tablet.dial_failed(), DialError::JoiningClosed);
}

#[test]
fn only_a_few_devices_may_knock_on_an_open_invitation() {
    let office = Device::new(1);
    office.node.open_joining(true);
    let tablets: Vec<Device> = (20..20 + muster_net::limits::JOINING_SESSIONS as u8 + 1).map(Device::new).collect();
    for (count, tablet) in tablets.iter().enumerate() {
        tablet.node.dial_join(office.id(), office.node.addresses());
        if count < muster_net::limits::JOINING_SESSIONS {
            tablet.connected();
        } else {
            assert_eq!(tablet.dial_failed(), DialError::Busy);
        }
    }
}

#[test]
fn a_dead_address_fails_within_ten_seconds_in_words() {
    let (office, _hall) = pair();
    let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let start = Instant::now();
    office.node.dial(id_of(2), vec![silent.local_addr().unwrap()]);
    let why = office.dial_failed();
    assert_eq!(why, DialError::NoAnswer);
    assert!(why.to_string().contains("does not answer"), "{why}");
    assert!(start.elapsed() < muster_net::defaults::DIAL_TIMEOUT + Duration::from_secs(2), "{:?}", start.elapsed());
}

#[test]
fn a_good_address_beside_dead_ones_is_found_quickly() {
    let (office, hall) = pair();
    let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let mut addresses = vec![silent.local_addr().unwrap(), "127.0.0.1:9".parse().unwrap()];
    addresses.extend(hall.node.addresses());
    let start = Instant::now();
    office.node.dial(hall.id(), addresses);
    office.connected();
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

#[test]
fn another_device_at_the_address_is_named_as_such() {
    let (office, hall) = pair();
    let other = Device::new(3);
    office.node.dial(hall.id(), other.node.addresses());
    let why = office.dial_failed();
    assert_eq!(why, DialError::OtherDevice);
    assert!(why.is_suspicious());
    // And beside the right address, it only costs time.
    let mut both = other.node.addresses();
    both.extend(hall.node.addresses());
    office.node.dial(hall.id(), both);
    assert_eq!(office.connected().peer, hall.id());
}

#[test]
fn a_device_without_an_address_is_not_found_and_one_cannot_dial_itself() {
    let (office, _hall) = pair();
    office.node.dial(id_of(2), vec![]);
    assert_eq!(office.dial_failed(), DialError::NotFound);
    office.node.dial(office.id(), office.node.addresses());
    assert_eq!(office.dial_failed(), DialError::Itself);
    office.node.dial_join(muster_core::id::DeviceId([2; 32]), office.node.addresses());
    assert!(matches!(office.dial_failed(), DialError::BadId | DialError::OtherDevice));
}

#[test]
fn a_second_dial_of_a_connected_device_says_so() {
    let (office, hall, _, _) = connected_pair();
    office.dial(&hall);
    assert_eq!(office.dial_failed(), DialError::AlreadyConnected);
    let quiet = hall.everything_within(Duration::from_millis(200));
    assert!(quiet.iter().all(|event| !matches!(event, Event::Closed { .. })), "{quiet:?}");
}

#[test]
fn an_address_in_use_is_refused_in_words() {
    let office = Device::new(1);
    let options = muster_net::Options {
        secret_key: zeroize::Zeroizing::new([4; 32]),
        bind: office.node.addresses(),
        discovery: muster_net::Discovery::Off,
        auto_dial: false,
    };
    let error = muster_net::Node::start(options, |_| ()).unwrap_err();
    assert!(error.to_string().contains("choose another port"), "{error}");
}
