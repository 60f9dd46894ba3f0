//! Other devices: sessions that come and go, and what is shown of them.

use super::{Host, Session};
use crate::limits;
use muster_core::id::DeviceId;
use muster_core::replica::Context;
use muster_core::sync::conversation::Conversation;
use muster_net::{CloseReason, Event, Kind, SessionId};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::Instant;

/// What is known of another device since this program started.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PeerState {
    /// The session that is up.
    pub session: Option<SessionId>,
    /// Both hold the same, as far as both may.
    pub same: bool,
    /// Both held the same at some time since this program started.
    pub was_same: bool,
    /// The address that answers.
    pub address: Option<SocketAddr>,
    /// Its clock against this one's, in milliseconds; positive when it is ahead.
    pub clock_ms: Option<i64>,
    /// Logs still being fetched from it.
    pub fetching: usize,
    /// How many entries of them are still to come, as far as it has shown them.
    pub to_come: u64,
    /// Why the last try to reach it came to nothing, in words.
    pub failed: Option<String>,
}

/// A connection in whose place another came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    /// It was more than one of two that both ends began at once.
    lived: bool,
    /// This end had dialled.
    dialled: bool,
}

impl Host {
    /// Every other device of the school that anything is known of.
    pub fn peers(&self) -> BTreeMap<DeviceId, PeerState> {
        let mut peers = self.reached.clone();
        for device in self.device.replica.view().devices().filter(|device| *device != self.device.replica.device()) {
            peers.entry(device).or_default();
        }
        for (id, session) in &self.sessions {
            let peer = peers.entry(session.conversation.peer()).or_default();
            peer.session = Some(*id);
            peer.same = session.conversation.is_same();
            peer.fetching = session.conversation.fetching();
            peer.to_come = session.conversation.to_come(&self.device.replica);
        }
        peers
    }

    /// Whether every session that is up holds the same on both sides, and there is one.
    pub fn is_in_step(&self) -> bool {
        !self.sessions.is_empty() && self.sessions.values().all(|session| session.conversation.is_same())
    }

    /// Since when no other device has been connected, in milliseconds since 1970 UTC; `None` while one is.
    pub fn alone_since_ms(&self) -> Option<i64> {
        self.alone_since_ms
    }

    /// When this device last held the same as another, in milliseconds since 1970 UTC.
    pub fn in_step_ms(&self) -> Option<i64> {
        self.in_step_ms
    }

    /// Where this device can be reached.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.node.as_ref().map(|node| node.addresses()).unwrap_or_default()
    }

    /// Cuts the link to all other devices, or restores it.
    pub fn cut(&mut self, cut: bool) {
        if let Some(node) = &self.node {
            node.suspend(cut);
        }
    }

    /// Reaches another device at these addresses now, and keeps trying.
    pub fn reach(&mut self, device: DeviceId, addresses: Vec<SocketAddr>) {
        self.remember(device, &addresses);
        if let Some(node) = &self.node {
            node.keep_dialling(device, addresses);
        }
    }

    /// Tries every enrolled device at a typed address: whoever answers proves who it is.
    pub fn try_address(&mut self, address: SocketAddr) {
        let me = self.device.replica.device();
        let others: Vec<DeviceId> = self.device.replica.view().devices().filter(|device| *device != me).collect();
        for device in others {
            if let Some(node) = &self.node {
                node.dial(device, vec![address]);
            }
        }
    }

    /// Who may connect: every other device of the school, and those taken out of it, so that they hear of it and
    /// hand over what they wrote. The engine gives those nothing but the authority area.
    fn enrolled(&self) -> BTreeSet<DeviceId> {
        let (replica, me) = (&self.device.replica, self.device.replica.device());
        let view = replica.view();
        view.devices().chain(view.former_devices()).filter(|device| *device != me).collect()
    }

    /// The authority area changed: who may connect may have, and whether this device goes on.
    pub(crate) fn heard_of_authority(&mut self) {
        self.tell_node();
        if let Err(error) = self.device.obey() {
            self.trouble(&error);
        }
        // Whoever was removed or reset stays signed in nowhere that has heard of it.
        self.end_what_is_over();
    }

    /// Tells the network who may connect, and whom to look for.
    pub(super) fn tell_node(&self) {
        let Some(node) = &self.node else { return };
        let enrolled = self.enrolled();
        node.set_enrolled(enrolled.clone());
        for (device, peer) in &self.device.local.peers {
            let former = !self.device.replica.view().is_enrolled(device);
            if enrolled.contains(device) && !former && !peer.addresses.is_empty() {
                node.keep_dialling(*device, peer.addresses.clone());
            }
        }
    }

    /// Lets a device in that is not in the authority area here yet: the one that invited this one.
    pub fn expect(&mut self, device: DeviceId, addresses: Vec<SocketAddr>) {
        self.remember(device, &addresses);
        if let Some(node) = &self.node {
            let mut enrolled = self.enrolled();
            enrolled.insert(device);
            node.set_enrolled(enrolled);
            node.keep_dialling(device, addresses);
        }
    }

    fn remember(&mut self, device: DeviceId, addresses: &[SocketAddr]) {
        let known = &mut self.device.local.peers.entry(device).or_default().addresses;
        let mut all: Vec<SocketAddr> = addresses.to_vec();
        all.extend(known.iter().filter(|address| !addresses.contains(address)));
        all.truncate(limits::ADDRESSES);
        if *known != all {
            *known = all;
            if let Err(error) = self.device.keep_local() {
                self.trouble(&error);
            }
        }
    }

    pub(super) fn on_event(&mut self, event: Event) {
        self.moved = true;
        match event {
            Event::Connected { session, peer, kind: Kind::Sync, path_address, dialled, .. } => {
                self.connected(session, peer, path_address, dialled);
            }
            Event::Connected { session, peer, kind: Kind::Join, channel_binding, .. } => {
                self.join_begins(session, peer, channel_binding);
            }
            Event::Frame { session, bytes } if self.joins.contains_key(&session) => self.join_frame(session, &bytes),
            Event::Frame { session, bytes } => self.frame(session, &bytes),
            Event::Closed { session, why, here } => {
                // Which of the two connections is told of first is open.
                if here && why == CloseReason::Duplicate && self.is_alone(session) {
                    self.overtaken.extend(self.taken(session));
                }
                self.closed(session, why);
            }
            Event::DialFailed { peer, why, .. } => {
                self.reached.entry(peer).or_default().failed = Some(why.to_string());
            }
            _ => {}
        }
    }

    fn connected(&mut self, session: SessionId, peer: DeviceId, address: Option<SocketAddr>, dialled: bool) {
        let now = self.device.clock.now();
        let living = self.sessions.keys().filter_map(|other| self.taken(*other));
        let living = living.filter(|(of, _)| *of == peer).map(|(_, taken)| taken).next();
        let before = self.overtaken.remove(&peer).or(living);
        let took_over = before.is_some_and(|before| before.lived || before.dialled == dialled);
        let conversation = Conversation::start(&mut self.device.replica, peer, now);
        self.sessions.insert(session, Session { conversation, waiting: None, since: Instant::now(), dialled });
        if let Some(address) = address
            && self.came_from.entry(peer).or_default().came_from(address, took_over, Instant::now())
            && let Err(error) = self.device.replica.note_twice(peer, now)
        {
            self.trouble(&error.into());
        }
        let state = self.reached.entry(peer).or_default();
        (state.address, state.failed) = (address, None);
        if let Some(address) = address {
            self.remember(peer, &[address]);
        }
        self.heard(peer);
        self.alone_since_ms = None;
    }

    /// Whose session it is, and what of it tells whether one that takes its place is of another copy.
    fn taken(&self, id: SessionId) -> Option<(DeviceId, Taken)> {
        let session = self.sessions.get(&id)?;
        let lived = session.since.elapsed() >= limits::TWICE_LIVED;
        Some((session.conversation.peer(), Taken { lived, dialled: session.dialled }))
    }

    /// Whether it is the only session with its device.
    fn is_alone(&self, id: SessionId) -> bool {
        let peer = self.sessions.get(&id).map(|session| session.conversation.peer());
        self.sessions.iter().all(|(other, session)| *other == id || Some(session.conversation.peer()) != peer)
    }

    pub(super) fn heard(&mut self, peer: DeviceId) {
        let now = self.device.clock.now().utc_ms;
        self.device.local.peers.entry(peer).or_default().heard_ms = Some(now);
    }

    fn frame(&mut self, id: SessionId, bytes: &[u8]) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let peer = session.conversation.peer();
        let mut random = rand::rng();
        let mut context = Context { now: self.device.clock.now(), random: &mut random };
        let heads = self.device.replica.authority_heads();
        let outcome = session.conversation.receive(&mut self.device.replica, bytes, &mut context);
        if session.conversation.is_same() {
            self.in_step_ms = Some(context.now.utc_ms);
            self.reached.entry(peer).or_default().was_same = true;
        }
        self.heard(peer);
        self.note_clocks();
        self.acknowledged_due = true;
        if let Ok(received) = &outcome
            && let Some(told) = super::trouble::refusal(&received.refused, &self.device.device_name(peer))
        {
            self.trouble(&told);
        }
        if let Err(fault) = outcome {
            tracing::warn!(peer = ?peer, "session ended: {fault}");
            self.reached.entry(peer).or_default().failed = Some(fault.to_string());
            let why = if fault.is_suspicious() { CloseReason::Rubbish } else { CloseReason::Leaving };
            self.end_session(id, why);
            if let muster_core::sync::conversation::Fault::Records(error) = fault {
                self.trouble(&error.into());
            }
        }
        if heads != self.device.replica.authority_heads() {
            self.heard_of_authority();
        }
    }

    fn end_session(&mut self, id: SessionId, why: CloseReason) {
        if let Some(node) = &self.node {
            node.close(id, why);
        }
        self.closed(id, why);
    }

    fn closed(&mut self, id: SessionId, why: CloseReason) {
        self.join_ended(id);
        if let Some(session) = self.sessions.remove(&id) {
            let state = self.reached.entry(session.conversation.peer()).or_default();
            if !matches!(why, CloseReason::Duplicate | CloseReason::Done) {
                state.failed = Some(why.to_string());
            }
            if self.sessions.is_empty() {
                self.alone_since_ms = Some(self.device.clock.now().utc_ms);
            }
        }
    }
}
