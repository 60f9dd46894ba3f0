//! Whoever is not enrolled, and an enrolled device that has gone bad: told off, and nothing else happens.

use crate::support::{Device, Place, activate, enrol};
use muster_core::crypto::sign::SignKey;
use muster_core::id::DeviceId;
use muster_core::limits::FRAME_BYTES;
use muster_core::replica::DeviceSecrets;
use muster_net::{CloseReason, Discovery, Event, Node, Options};
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

/// Longer than a dial takes at most.
const PATIENCE: Duration = Duration::from_secs(30);

fn keys_of(device: &Device<'_>) -> DeviceSecrets {
    let bytes = muster_storage::read_file(device.folder(), "device").unwrap().unwrap();
    DeviceSecrets::decode(&bytes).unwrap()
}

fn id_of(key: &SignKey) -> DeviceId {
    DeviceId(key.public().0)
}

/// A device of our own making, with a key, that knows where another one is.
struct Stranger {
    node: Node,
    events: Receiver<Event>,
}

impl Stranger {
    fn with(key: &SignKey, other: DeviceId) -> Self {
        let (deliver, events) = sync_channel(64);
        let options = Options {
            secret_key: key.seed(),
            bind: vec!["127.0.0.1:0".parse().unwrap()],
            discovery: Discovery::Off,
            auto_dial: false,
        };
        let node = Node::start(options, move |event| drop(deliver.send(event))).unwrap();
        node.set_enrolled([other].into());
        Self { node, events }
    }

    /// The next event of a kind.
    fn hears<T>(&self, what: &str, wanted: impl Fn(Event) -> Option<T>) -> T {
        loop {
            let event = self.events.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("no {what}: {error}"));
            if let Some(found) = wanted(event) {
                return found;
            }
        }
    }
}

#[test]
fn a_device_that_is_not_enrolled_is_refused_in_words() {
    let place = Place::new();
    let office = place.founded("office");
    let before = office.entries();
    let other = id_of(&keys_of(&office).sign);
    let (mut running, address) = office.serve();
    let address: SocketAddr = address.parse().unwrap();
    let stranger = Stranger::with(&SignKey::random(&mut rand::rng()), other);
    for _ in 0..3 {
        stranger.node.dial(other, vec![address]);
        let why = stranger.hears("refusal", |event| match event {
            Event::DialFailed { why, .. } => Some(why.to_string()),
            Event::Connected { .. } => panic!("it was let in"),
            _ => None,
        });
        assert!(why.contains("it was not let in there, or was removed; ask the office"), "{why}");
    }
    assert!(running.is_running());
    drop(running);
    assert_eq!(office.entries(), before, "nothing was written");
}

#[test]
fn a_device_of_another_school_meets_nobody_here() {
    let place = Place::new();
    let (office, other) = (place.founded("office"), place.founded("other"));
    let (_running, address) = office.serve();
    let said = other.run(&["sync", &address, "--wait", "1"]).refused(&["no device was met in 1 seconds"]);
    assert_eq!(said.out, "", "{said}");
}

#[test]
fn rubbish_from_an_enrolled_device_ends_its_session_and_nothing_else() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    activate(&office, &hall, "T1");
    hall.run(&["register", "4B", "--mark", "Byrne=L:7"]).done();
    let before = office.register();
    let held = office.entries();
    let other = id_of(&keys_of(&office).sign);
    let (mut running, address) = office.serve();

    let gone_bad = Stranger::with(&keys_of(&hall).sign, other);
    let long: Vec<u8> = (0..FRAME_BYTES).map(|at| (at * 7 % 251) as u8).collect();
    let rubbish = [vec![0], vec![0xff; 64], b"GET / HTTP/1.1\r\n\r\n".to_vec(), vec![0; FRAME_BYTES], long];
    for (number, frame) in rubbish.iter().enumerate() {
        gone_bad.node.dial(other, vec![address.parse().unwrap()]);
        let session = gone_bad.hears("session", |event| match event {
            Event::Connected { session, .. } => Some(session),
            Event::DialFailed { why, .. } => panic!("{why}"),
            _ => None,
        });
        // As much as it takes.
        for _ in 0..64 {
            if gone_bad.node.send(session, frame.clone()).is_err() {
                break;
            }
        }
        let why = gone_bad.hears("end", |event| match event {
            Event::Closed { session: of, why, here } if of == session => Some((why, here)),
            other => {
                println!("{other:?}");
                None
            }
        });
        assert_eq!(why, (CloseReason::Rubbish, false), "rubbish {number} ends the session\n{}", running.said());
        assert!(running.is_running(), "{}", running.said());
    }
    gone_bad.node.stop();

    // The same process goes on, and the same device may come back with something better to say.
    hall.run(&["sync", &address]).done();
    assert!(running.is_running());
    let said = running.said();
    assert!(!said.err.contains("panicked"), "{said}");
    drop(running);
    assert!(office.entries() > held, "what the device has to say was taken");
    let after = office.register();
    assert!(after[0].starts_with("Byrne, Ada L Late"), "{after:?}");
    assert_eq!(after[1..], before[1..], "nothing else changed");
    office.run(&["verify"]).done();
}
