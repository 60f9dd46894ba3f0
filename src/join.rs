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
use muster_core::sync::join::{Code, JoinStep, Joiner};
use muster_net::{Discovery, Event, Node, Options};
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

/// Joins by a code. `on_phrase` is told the phrase that both screens show; `said` is asked now and then. However soon
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
    let code = Code::from_text(code)?;
    must_be_empty(folder)?;
    let addresses: Vec<SocketAddr> = code.addresses.iter().filter_map(|address| address.parse().ok()).collect();
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
    node.dial_join(code.device, addresses.clone());
    let deadline = Instant::now() + limits::INVITATION;
    let mut joiner: Option<Joiner> = None;
    let mut welcome = None;
    let founding = loop {
        if let Some(founding) = welcome.take_if(|_| said() == Said::Same) {
            break founding;
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
            Event::Connected { session, channel_binding, .. } => {
                let (started, request) =
                    Joiner::start(&code, this, agree.public(), name, channel_binding, Cost::NORMAL)?;
                joiner = Some(started);
                node.send(session, request)?;
            }
            Event::Frame { bytes, .. } => {
                match joiner.as_mut().context("the other device spoke out of turn")?.receive(&bytes)? {
                    JoinStep::Phrase(phrase) => on_phrase(&phrase),
                    JoinStep::Welcome(founding) => welcome = Some(founding),
                }
            }
            // It has said all that it had to.
            Event::Closed { .. } if welcome.is_some() => {}
            Event::DialFailed { why, .. } => bail!("the other device could not be reached: {why}"),
            Event::Closed { why, .. } => bail!("the other device ended the enrolment: {why}"),
            _ => {}
        }
    };
    node.stop();
    let secrets = DeviceSecrets::with_keys(sign, agree, founding.school(), &mut random);
    let device = Device::join(folder, &founding, secrets, name, clock)?;
    Ok(Joined { device, inviter: code.device, addresses })
}
