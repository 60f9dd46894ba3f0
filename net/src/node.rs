//! A device on the network: what the engine holds and calls.
//!
//! The node runs its own event loop on threads of its own. No method waits for the network, except
//! [`Node::start`] (milliseconds) and [`Node::stop`] (at most [`STOP_TIMEOUT`]).
//!
//! Start at [`Node::start`].
//!
//! Not here: what the frames say.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use iroh::{Endpoint, Watcher as _};
use muster_core::id::DeviceId;
use tokio::{
    runtime::{Builder, Runtime},
    sync::mpsc,
};
use zeroize::Zeroizing;

use crate::{
    accept,
    defaults::{ADDRESSES_WAIT, STOP_TIMEOUT},
    dial,
    discovery::{self, Book},
    endpoint,
    error::{SendError, StartError},
    event::{Event, Kind, SessionId},
    limits::{ADDRESSES, EVENTS},
    peers::Peers,
    reason::CloseReason,
    redial,
};

/// Threads of the event loop. Encryption is the only work done there; one thread can be busy with a large catch-up
/// while the other answers.
const THREADS: usize = 2;

/// Whether devices are looked for on the local network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Discovery {
    /// Neither announce nor listen.
    #[default]
    Off,
    /// Multicast DNS, where the system has a route for it; elsewhere as [`Discovery::Off`].
    LocalNetwork,
}

/// How a node starts.
pub struct Options {
    /// The device's Ed25519 secret key; its public half is the [`DeviceId`].
    pub secret_key: Zeroizing<[u8; 32]>,
    /// Where to listen. Empty: every interface, and a port that the system chooses.
    pub bind: Vec<SocketAddr>,
    /// Whether to look for devices on the local network.
    pub discovery: Discovery,
    /// Whether enrolled devices that are found are dialled, and kept, without being asked to.
    pub auto_dial: bool,
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("secret_key", &"***")
            .field("bind", &self.bind)
            .field("discovery", &self.discovery)
            .field("auto_dial", &self.auto_dial)
            .finish()
    }
}

/// A device on the network. Dropping it ends everything at once; [`Node::stop`] says good-bye first.
pub struct Node {
    peers: Arc<Peers>,
    stopped: Arc<AtomicBool>,
    runtime: Option<Runtime>,
}

impl Node {
    /// Binds the sockets and starts.
    ///
    /// `deliver` is called with one event at a time, in order, on a thread of the node's own. It may wait, for instance
    /// for room in the engine's queue: that is how a busy engine slows its peers down instead of running out of memory.
    /// Until [`Node::set_enrolled`] nobody is let in.
    ///
    /// # Errors
    /// [`StartError::Bind`] if an address is taken or not of this machine; [`StartError::Runtime`] if the system has no
    /// threads left.
    pub fn start(options: Options, mut deliver: impl FnMut(Event) + Send + 'static) -> Result<Self, StartError> {
        let runtime =
            Builder::new_multi_thread().worker_threads(THREADS).thread_name("muster-net").enable_all().build()?;
        let stopped = Arc::new(AtomicBool::new(false));
        let (sender, mut events) = mpsc::channel(EVENTS);

        let quiet = stopped.clone();
        std::thread::Builder::new().name("muster-net-events".to_owned()).spawn(move || {
            while let Some(event) = events.blocking_recv() {
                if quiet.load(Ordering::Acquire) {
                    return;
                }
                deliver(event);
            }
        })?;

        let handle = runtime.handle().clone();
        let peers = block_on_apart(&runtime, async {
            let endpoint = endpoint::bind(&options.secret_key, &options.bind).await?;
            let peers = Arc::new(Peers::new(endpoint.clone(), Book::new(), sender, handle, options.auto_dial));
            if options.discovery == Discovery::LocalNetwork {
                discovery::start(&endpoint, &peers).await;
            }
            tokio::spawn(accept::run(peers.clone()));
            wait_for_addresses(&endpoint).await;
            Ok::<_, StartError>(peers)
        })??;
        tracing::info!(device = ?peers.me, "listening");
        Ok(Self { peers, stopped, runtime: Some(runtime) })
    }

    // Who and where this is.

    /// This device.
    pub fn device_id(&self) -> DeviceId {
        self.peers.me
    }

    /// Where a peer can reach this device, as far as the system knows; sorted. May change with the network.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        let mut addresses: BTreeSet<SocketAddr> = self.peers.endpoint.addr().ip_addrs().copied().collect();
        addresses
            .extend(self.peers.endpoint.bound_sockets().into_iter().filter(|address| !address.ip().is_unspecified()));
        addresses.into_iter().collect()
    }

    // Who may connect.

    /// Sets the list of devices that may use the sync protocol. Sessions and dials of devices that are no longer on it
    /// end with [`CloseReason::NotEnrolled`].
    pub fn set_enrolled(&self, enrolled: BTreeSet<DeviceId>) {
        self.peers.set_enrolled(enrolled);
    }

    /// Opens or closes the join protocol to anybody. Joining sessions that are up stay.
    pub fn open_joining(&self, open: bool) {
        self.peers.open_joining(open);
    }

    /// Cuts the link, or restores it: while it is cut all sessions are closed, nobody is let in and nobody is dialled.
    /// Restoring it dials the kept devices at once.
    pub fn suspend(&self, suspended: bool) {
        self.peers.suspend(suspended);
    }

    /// Looks for devices without pause, or as usual again: while people are being called, a device that comes back into
    /// reach must have the same list within a second even where local discovery hears nothing. A dial that is not answered
    /// is begun afresh beside itself every third of a second, and a session that is silent for five seconds is given up.
    pub fn hurry(&self, hurry: bool) {
        self.peers.set_hurry(hurry);
    }

    // Reaching others.

    /// Dials an enrolled device at these addresses, and where local discovery hears it, all at once; at most
    /// [`crate::limits::ADDRESSES`] are tried. [`Event::Connected`] or [`Event::DialFailed`] follows, within
    /// [`crate::defaults::DIAL_TIMEOUT`] once its turn comes. A newer dial of the same device takes over from an older.
    pub fn dial(&self, peer: DeviceId, addresses: Vec<SocketAddr>) {
        self.spawn_dial(peer, Kind::Sync, addresses);
    }

    /// Dials a device that shows an invitation, with the join protocol.
    pub fn dial_join(&self, peer: DeviceId, addresses: Vec<SocketAddr>) {
        self.spawn_dial(peer, Kind::Join, addresses);
    }

    /// Keeps a session with this device: dials it whenever there is none, with pauses growing from one second to a
    /// minute, while it is enrolled. Addresses that it is heard at
    /// or answers from are remembered while the node runs. Called again, it adds addresses and tries at once. A session that the engine
    /// closes comes back, too, until [`Node::stop_dialling`].
    pub fn keep_dialling(&self, peer: DeviceId, addresses: Vec<SocketAddr>) {
        redial::keep_dialling(&self.peers, peer, addresses.into_iter().take(ADDRESSES).collect());
    }

    /// No longer keeps a session with this device. A session that is up stays.
    pub fn stop_dialling(&self, peer: DeviceId) {
        self.peers.unkeep(peer);
    }

    fn spawn_dial(&self, peer: DeviceId, kind: Kind, addresses: Vec<SocketAddr>) {
        let addresses = addresses.into_iter().take(ADDRESSES).collect();
        self.peers.runtime.spawn(dial::once(self.peers.clone(), peer, kind, addresses));
    }

    // Sessions.

    /// Queues one frame, to be sent in order.
    ///
    /// # Errors
    /// [`SendError::Full`] when the peer is slower than we are: drop the frame and let a later catch-up bring it.
    /// [`SendError::Closed`] when the session is over. [`SendError::Size`] for an empty or an overlong frame.
    pub fn send(&self, session: SessionId, frame: Vec<u8>) -> Result<(), SendError> {
        self.peers.send(session, frame)
    }

    /// Closes a session. With [`CloseReason::Done`] what is queued is delivered first, and what the peer has queued,
    /// too, for up to [`crate::defaults::CLOSE_GRACE`]; with any other reason it ends at once.
    pub fn close(&self, session: SessionId, why: CloseReason) {
        self.peers.close(session, why);
    }

    /// Closes all sessions, says good-bye, and ends. Waits for the peers to hear it, at most [`STOP_TIMEOUT`]. No event
    /// is delivered any more.
    pub fn stop(mut self) {
        self.stopped.store(true, Ordering::Release);
        self.peers.stop();
        if let Some(runtime) = self.runtime.take() {
            let endpoint = self.peers.endpoint.clone();
            let _ = block_on_apart(&runtime, async {
                // Sessions send their own reason; closing the endpoint sends none.
                let gone = self.peers.wait_until_no_sessions();
                let _ = tokio::time::timeout(STOP_TIMEOUT / 2, gone).await;
                let _ = tokio::time::timeout(STOP_TIMEOUT / 2, endpoint.close()).await;
            });
            runtime.shutdown_background();
        }
    }
}

/// Waits for a future on a thread of its own, since a thread that belongs to somebody's event loop must not wait here.
fn block_on_apart<T: Send>(runtime: &Runtime, future: impl Future<Output = T> + Send) -> std::io::Result<T> {
    std::thread::scope(|scope| {
        let waiting = std::thread::Builder::new().name("muster-net-start".to_owned());
        let waiting = waiting.spawn_scoped(scope, || runtime.block_on(future))?;
        waiting.join().map_err(|_| std::io::Error::other("the event loop failed"))
    })
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Node").field(&self.peers.me).finish()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Release);
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn wait_for_addresses(endpoint: &Endpoint) {
    let mut addresses = endpoint.watch_addr();
    let known = async {
        while addresses.get().ip_addrs().next().is_none() {
            if addresses.updated().await.is_err() {
                return;
            }
        }
    };
    let _ = tokio::time::timeout(ADDRESSES_WAIT, known).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_key_is_never_printed() {
        let options = Options {
            secret_key: Zeroizing::new([77; 32]),
            bind: vec!["127.0.0.1:0".parse().unwrap()],
            discovery: Discovery::Off,
            auto_dial: false,
        };
        assert!(!format!("{options:?}").contains("77"));
        let node = Node::start(options, |_| ()).unwrap();
        assert_eq!(format!("{node:?}"), format!("Node({:?})", node.device_id()));
        node.stop();
    }
}
