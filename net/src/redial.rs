//! Devices that find each other again: whenever there is no session with a device that is to be kept, it is dialled,
//! with growing pauses and a little chance in them.
//!
//! A pause is cut short when there is news of the device: seen on the local network, a new address, the link restored;
//! and pauses stay short while people are being called ([`crate::Node::hurry`]).
//!
//! Not here: which devices to keep. The engine names them; with `auto_dial` also enrolled ones that local discovery
//! hears.

use std::{collections::BTreeSet, net::SocketAddr, sync::Arc, time::Duration};

use muster_core::id::DeviceId;
use rand::RngExt as _;
use tokio::{
    sync::Notify,
    time::{Instant, sleep},
};

use crate::{
    defaults::{BACKOFF_MAX, BACKOFF_MIN, STEADY, YIELD},
    dial,
    error::DialError,
    event::{Event, Kind},
    peers::{Next, Overtaken, Peers},
};

/// Keeps a session with this device, or adds addresses to a device that is kept already.
pub(crate) fn keep_dialling(peers: &Arc<Peers>, peer: DeviceId, addresses: BTreeSet<SocketAddr>) {
    if let Some(wake) = peers.keep(peer, addresses) {
        peers.runtime.spawn(run(peers.clone(), peer, wake));
    }
}

async fn run(peers: Arc<Peers>, peer: DeviceId, wake: Arc<Notify>) {
    let mut changes = peers.changes();
    let mut backoff = Backoff::default();
    let mut pause = if peers.me > peer { YIELD } else { Duration::ZERO };
    let mut told: Option<DialError> = None;
    let mut connected_since: Option<Instant> = None;
    loop {
        changes.mark_unchanged();
        match peers.next(peer, &wake) {
            Next::End => return,
            Next::Wait { connected } => {
                if connected {
                    told = None;
                    connected_since.get_or_insert_with(Instant::now);
                }
                tokio::select! {
                    // News, such as the link restored: no pause after it.
                    () = wake.notified() => {
                        backoff = Backoff::default();
                        connected_since = None;
                    }
                    _ = changes.changed() => {}
                }
            }
            Next::Dial(addresses) => {
                if let Some(since) = connected_since.take() {
                    if since.elapsed() >= STEADY {
                        backoff = Backoff::default();
                    }
                    pause = backoff.next();
                }
                if !pause.is_zero() {
                    tokio::select! {
                        () = sleep(pause.min(peers.longest_pause())) => {}
                        () = wake.notified() => backoff = Backoff::default(),
                    }
                    pause = Duration::ZERO;
                    continue;
                }
                match dial::attempt(&peers, peer, Kind::Sync, addresses, false).await {
                    Ok(()) => {
                        told = None;
                        connected_since = Some(Instant::now());
                    }
                    // Something else is happening with this device: look again at once, it shows as `Wait`.
                    Err(Overtaken::Quietly | Overtaken::By(DialError::AlreadyConnected | DialError::SuspendedHere)) => {
                    }
                    Err(Overtaken::By(why)) => {
                        pause = if why.needs_a_person() { backoff.longest() } else { backoff.next() };
                        if told.as_ref() != Some(&why) {
                            told = Some(why.clone());
                            peers.emit(Event::DialFailed { peer, kind: Kind::Sync, why }).await;
                        }
                    }
                }
            }
        }
    }
}

/// Pauses that double from [`BACKOFF_MIN`] to [`BACKOFF_MAX`], each between half and all of its length, so that
/// devices that lost each other in the same second do not all come back in the same second.
#[derive(Debug)]
struct Backoff(Duration);

impl Default for Backoff {
    fn default() -> Self {
        Self(BACKOFF_MIN)
    }
}

impl Backoff {
    fn next(&mut self) -> Duration {
        let pause = self.0;
        self.0 = (self.0 * 2).min(BACKOFF_MAX);
        pause.mul_f64(rand::rng().random_range(0.5..=1.0))
    }

    fn longest(&mut self) -> Duration {
        self.0 = BACKOFF_MAX;
        self.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_minute_and_never_beyond() {
        let mut backoff = Backoff::default();
        let first = backoff.next();
        assert!(first >= BACKOFF_MIN / 2 && first <= BACKOFF_MIN);
        for _ in 0..20 {
            assert!(backoff.next() <= BACKOFF_MAX);
        }
        assert!(backoff.next() >= BACKOFF_MAX / 2);
        assert!(Backoff::default().longest() >= BACKOFF_MAX / 2);
    }
}
