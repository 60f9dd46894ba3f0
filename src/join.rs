//! Joining a school, from the new device's side: until it is let in, it has no records and no host.

use crate::clock::Clock;
use crate::device::{Device, must_be_empty};
use crate::host::Reach;
use crate::limits;
use anyhow::{Context as _, bail};
use muster_core::crypto::sign::SignKey;
use muster_core::crypto::stretch::Cost;
use muster_core::crypto::wrap::AgreeKey;
use muster_core::id::DeviceId;
use muster_core::replica::DeviceSecrets;
use muster_core::sync::join::{JoinStep, Joiner, TypedCode};
use muster_net::{Discovery, Event, Node, Options};
use std::collections::{BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// How long one look at the queue may take, so that a cancelled join ends soon.
const LOOK: Duration = Duration::from_millis(200);

/// A device that has just been let in, and where the one that let it in answers.
#[derive(Debug)]
pub struct Joined {
    /// The device, with empty records.
    pub device: Device,
    /// The one that invited.
    pub inviter: DeviceId,
    /// Where it answers.
    pub addresses: Vec<SocketAddr>,
}

/// What the person at this device says of the phrase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Said {
    /// Nothing yet.
    #[default]
    Nothing,
    /// It is the one that the other screen shows.
    Same,
    /// It is another, or the device is not to join after all.
    Stop,
}

/// Joins by a code, or by its words alone where the other device can be found on the local network. `on_phrase` is told the phrase that both screens show; `said` is asked now and then. However soon
/// the officer lets the device in, nothing is made here before the person here has said that the phrase is the same.
///
/// # Errors
/// When the code is not right, nobody answers, the officer or the person here says no, or the folder holds a school
/// already.
pub fn join(
    folder: &Path,
    code: &str,
    name: &str,
    reach: &Reach,
    clock: Clock,
    on_phrase: &mut dyn FnMut(&str),
    said: &dyn Fn() -> Said,
) -> anyhow::Result<Joined> {
    let code = TypedCode::from_text(code)?;
    must_be_empty(folder)?;
    if code.device.is_none() && !reach.discover {
        bail!(
            "with the words alone the other device is looked for on the network, which is switched off here: copy the whole code from the other screen"
        );
    }
    let mut doors = Doors::of(&code);
    let mut random = rand::rng();
    let (sign, agree) = (SignKey::random(&mut random), AgreeKey::random(&mut random));
    let this = DeviceId(sign.public().0);
    let (events, queue) = sync_channel(limits::JOBS);
    let options = Options {
        secret_key: Zeroizing::new(*sign.seed()),
        bind: reach.bind.clone(),
        discovery: if reach.discover { Discovery::LocalNetwork } else { Discovery::Off },
        auto_dial: false,
    };
    let node = Node::start(options, move |event| drop(events.send(event)))?;
    doors.knock(&node);
    let begun = Instant::now();
    let deadline = begun + limits::INVITATION;
    let mut joiner: Option<Joiner> = None;
    let (mut session_at, mut phrase_shown) = (None, false);
    let mut welcome = None;
    let founding = loop {
        if let Some(founding) = welcome.take_if(|_| said() == Said::Same) {
            break founding;
        }
        if doors.found_nobody(begun.elapsed()) {
            node.stop();
            bail!(
                "no device nearby waits for this one with these words: see that both are on the same network and that the \
                 other still shows its code, or copy the whole code, which says where it is"
            );
        }
        if said() == Said::Stop || Instant::now() >= deadline {
            node.stop();
            bail!("joining was stopped: nothing was changed on this device");
        }
        let event = match queue.recv_timeout(LOOK) {
            Ok(event) => event,
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => bail!("the network stopped: try again"),
        };
        match event {
            Event::Discovered { peer, addresses } => doors.heard(peer, addresses, &node),
            Event::Connected { session, peer, channel_binding, .. } => {
                let (started, request) =
                    Joiner::start(&code.of(peer), this, agree.public(), name, channel_binding, Cost::NORMAL)?;
                joiner = Some(started);
                session_at = Some(session);
                node.send(session, request)?;
            }
            // Of a device that was asked before.
            Event::Frame { session, .. } | Event::Closed { session, .. } if session_at != Some(session) => {}
            Event::Frame { bytes, .. } => {
                match joiner.as_mut().context("the other device spoke out of turn")?.receive(&bytes) {
                    Ok(JoinStep::Phrase(phrase)) => {
                        phrase_shown = true;
                        on_phrase(&phrase);
                    }
                    Ok(JoinStep::Welcome(founding)) => welcome = Some(founding),
                    // It waits for another device, with other words.
                    Err(error) => {
                        if phrase_shown || !doors.next(&node) {
                            return Err(error.into());
                        }
                        session_at = None;
                    }
                }
            }
            // It has said all that it had to.
            Event::Closed { .. } if welcome.is_some() => {}
            Event::DialFailed { peer, why, .. } if doors.is_at(peer) && !doors.next(&node) => {
                bail!("the other device could not be reached: {why}")
            }
            Event::Closed { why, .. } => {
                if phrase_shown || !doors.next(&node) {
                    bail!("the other device ended the joining: {why}")
                }
                session_at = None;
            }
            _ => {}
        }
    };
    node.stop();
    let secrets = DeviceSecrets::with_keys(sign, agree, founding.school(), &mut random);
    let device = Device::join(folder, &founding, secrets, name, clock)?;
    let (inviter, addresses) = doors.at.context("nobody let this device in")?;
    Ok(Joined { device, inviter, addresses })
}

/// Whom to ask to be let in: the device that the code names or, where only the words were typed, each that announces
/// itself nearby, one after the other. Those that let nobody in refuse at once.
struct Doors {
    /// The code names the device.
    named: bool,
    at: Option<(DeviceId, Vec<SocketAddr>)>,
    waiting: VecDeque<(DeviceId, Vec<SocketAddr>)>,
    tried: BTreeSet<DeviceId>,
}

impl Doors {
    fn of(code: &TypedCode) -> Self {
        let addresses = code.addresses.iter().filter_map(|address| address.parse().ok()).collect();
        let at = code.device.map(|device| (device, addresses));
        Self { named: at.is_some(), at, waiting: VecDeque::new(), tried: BTreeSet::new() }
    }

    fn is_at(&self, peer: DeviceId) -> bool {
        self.at.as_ref().is_some_and(|(device, _)| *device == peer)
    }

    fn knock(&self, node: &Node) {
        if let Some((device, addresses)) = &self.at {
            node.dial_join(*device, addresses.clone());
        }
    }

    /// A device announced itself. Anybody may: the words are proven without being told.
    fn heard(&mut self, peer: DeviceId, addresses: Vec<SocketAddr>, node: &Node) {
        if self.named || self.tried.len() >= limits::DOORS || !self.tried.insert(peer) {
            return;
        }
        self.waiting.push_back((peer, addresses));
        if self.at.is_none() {
            self.next(node);
        }
    }

    /// Asks the next one. False where the code names the device: nobody else will do.
    fn next(&mut self, node: &Node) -> bool {
        if self.named {
            return false;
        }
        self.at = self.waiting.pop_front();
        self.knock(node);
        true
    }

    /// Nobody answers to the words, after a while.
    fn found_nobody(&self, after: Duration) -> bool {
        self.at.is_none() && after >= limits::NEARBY
    }
}
