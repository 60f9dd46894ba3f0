//! A device in a test: a node on loopback and what it reported.

use std::{
    net::SocketAddr,
    sync::mpsc::{Receiver, sync_channel},
    time::{Duration, Instant},
};

use muster_core::id::DeviceId;
use muster_net::{CloseReason, DialError, Discovery, Event, Kind, Node, Options, SessionId};
use zeroize::Zeroizing;

/// Longer than any test needs on a busy machine; a test that waits this long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Device {
    pub(crate) node: Node,
    pub(crate) inbox: Receiver<Event>,
}

/// What `Connected` said.
#[derive(Clone, Debug)]
pub(crate) struct Connected {
    pub(crate) session: SessionId,
    pub(crate) peer: DeviceId,
    pub(crate) dialled: bool,
    pub(crate) kind: Kind,
    pub(crate) binding: [u8; 32],
    pub(crate) path: Option<SocketAddr>,
}

pub(crate) fn secret(number: u8) -> [u8; 32] {
    [number; 32]
}

pub(crate) fn id_of(number: u8) -> DeviceId {
    DeviceId(*iroh::SecretKey::from_bytes(&secret(number)).public().as_bytes())
}

impl Device {
    /// A device whose engine takes events as soon as they come.
    pub(crate) fn new(number: u8) -> Self {
        Self::with_room(number, 100_000)
    }

    /// A device whose engine has room for so many events; then it is busy until the test reads some.
    pub(crate) fn with_room(number: u8, room: usize) -> Self {
        let (events, inbox) = sync_channel(room);
        let options = Options {
            secret_key: Zeroizing::new(secret(number)),
            bind: vec!["127.0.0.1:0".parse().unwrap()],
            discovery: Discovery::Off,
            auto_dial: false,
        };
        let node = Node::start(options, move |event| drop(events.send(event))).unwrap();
        assert_eq!(node.device_id(), id_of(number));
        Self { node, inbox }
    }

    pub(crate) fn id(&self) -> DeviceId {
        self.node.device_id()
    }

    pub(crate) fn enrol(&self, others: &[&Device]) {
        self.node.set_enrolled(others.iter().map(|other| other.id()).collect());
    }

    pub(crate) fn dial(&self, other: &Device) {
        self.node.dial(other.id(), other.node.addresses());
    }

    /// The next event of a kind; others before it are passed over.
    pub(crate) fn wait<T>(&self, what: &str, mut pick: impl FnMut(&Event) -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        let mut seen = Vec::new();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.inbox.recv_timeout(left) {
                Ok(event) => {
                    if let Some(found) = pick(&event) {
                        return found;
                    }
                    seen.push(event);
                }
                Err(_) => panic!("{:?} waited in vain for {what}; saw {seen:?}", self.id()),
            }
        }
    }

    pub(crate) fn connected(&self) -> Connected {
        self.wait("a connection", |event| match event {
            Event::Connected { session, peer, dialled, kind, channel_binding, path_address } => Some(Connected {
                session: *session,
                peer: *peer,
                dialled: *dialled,
                kind: *kind,
                binding: *channel_binding,
                path: *path_address,
            }),
            _ => None,
        })
    }

    pub(crate) fn frame(&self) -> (SessionId, Vec<u8>) {
        self.wait("a frame", |event| match event {
            Event::Frame { session, bytes } => Some((*session, bytes.clone())),
            _ => None,
        })
    }

    /// The reason why a session ended, and whether this end ended it.
    pub(crate) fn closed(&self, which: SessionId) -> (CloseReason, bool) {
        self.wait("a session to close", |event| match event {
            Event::Closed { session, why, here } if *session == which => Some((*why, *here)),
            _ => None,
        })
    }

    pub(crate) fn dial_failed(&self) -> DialError {
        self.wait("a dial to fail", |event| match event {
            Event::DialFailed { why, .. } => Some(why.clone()),
            _ => None,
        })
    }

    /// Everything that is reported within a time.
    pub(crate) fn everything_within(&self, time: Duration) -> Vec<Event> {
        let until = Instant::now() + time;
        let mut seen = Vec::new();
        while let Ok(event) = self.inbox.recv_timeout(until.saturating_duration_since(Instant::now())) {
            seen.push(event);
        }
        seen
    }
}

/// Two devices that know each other.
pub(crate) fn pair() -> (Device, Device) {
    let (office, hall) = (Device::new(1), Device::new(2));
    office.enrol(&[&hall]);
    hall.enrol(&[&office]);
    (office, hall)
}

/// Two devices with a session: what each was told.
pub(crate) fn connected_pair() -> (Device, Device, Connected, Connected) {
    let (office, hall) = pair();
    office.dial(&hall);
    let (here, there) = (office.connected(), hall.connected());
    (office, hall, here, there)
}
