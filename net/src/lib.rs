//! Muster's transport: opaque frames between the enrolled devices of one school, over iroh, with no server.
//!
//! # Who may connect
//!
//! This package never decides it. The engine hands in the list of enrolled devices ([`Node::set_enrolled`]) and opens
//! the join protocol while an officer's invitation is open ([`Node::open_joining`]); before that nobody is let in.
//! A device *is* its Ed25519 key: the handshake (TLS 1.3 inside QUIC, both ends with raw public keys) proves that the
//! other end holds it. A stranger gets as far as that proof, is told why it is refused, in a number and in words, and
//! costs nothing more. It can never fill the places of enrolled devices: handshakes in progress are counted and timed.
//!
//! The bytes of a frame are not looked at. What they say, whether they are valid and what the other end may see are
//! the engine's business, which must treat an enrolled peer as a possible attacker.
//!
//! # What an observer on the wire learns
//!
//! That two addresses talk by QUIC, when, and how much; the protocol's name (`muster/sync/1` or `muster/join/1`) and
//! the id of the device that is *dialled* are in clear in the first packet, protected only against those who do not
//! look. Ids are random numbers that name no person and no school. With [`Discovery::LocalNetwork`] each device also
//! announces its id, its addresses and the word `muster` to the whole local network. Everything else is encrypted,
//! with fresh keys for each connection. There is no relay, no public discovery, and no packet to anybody but the
//! addresses given, those heard on the local network, and those that connected peers name as their own.
//!
//! # What happens to a removed device
//!
//! The engine takes it off the list; its session is closed at once with [`CloseReason::NotEnrolled`]: nothing
//! more is read from it (up to [`limits::EVENTS`] frames may be on their way to the engine already), and it is refused
//! from then on with words that say so. It is dialled no more. What it holds
//! already it keeps; what it may still read is decided by keys, not here.
//!
//! # How it works
//!
//! [`Node::start`] gives a [`Node`], whose methods return at once, and calls back with [`Event`]s. A connection becomes
//! a session only when both ends have exchanged a preface; two devices that dial each other at the same moment end up
//! with one session. Frames come in the order in which they were sent, or the session is closed and says why. A busy
//! engine slows its peers down through flow control; a slow peer makes [`Node::send`] say [`SendError::Full`]. After a
//! cut, devices named to [`Node::keep_dialling`] find each other again. Everything that grows has a limit in
//! [`limits`], everything that waits a length in [`defaults`]. The bytes on the wire are described in `PROTOCOL.md`.
//!
//! ```no_run
//! use muster_net::{Discovery, Event, Node, Options};
//! # fn demo(secret_key: zeroize::Zeroizing<[u8; 32]>, other: muster_core::id::DeviceId) -> Result<(), Box<dyn std::error::Error>> {
//! let (events, inbox) = std::sync::mpsc::sync_channel(16);
//! let options = Options { secret_key, bind: vec![], discovery: Discovery::LocalNetwork, auto_dial: true };
//! let node = Node::start(options, move |event| drop(events.send(event)))?;
//! node.set_enrolled([other].into());
//! node.keep_dialling(other, vec!["192.0.2.7:4711".parse()?]);
//! while let Ok(event) = inbox.recv() {
//!     if let Event::Connected { session, .. } = event {
//!         node.send(session, b"good morning".to_vec())?;
//!     }
//! }
//! # Ok(()) }
//! ```
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod accept;
mod dial;
mod discovery;
mod endpoint;
mod error;
mod event;
mod framing;
mod joining;
mod node;
mod peers;
mod reason;
mod redial;
mod session;

pub mod defaults;
pub mod limits;

pub use error::{DialError, SendError, StartError};
pub use event::{Event, Kind, SessionId};
pub use node::{Discovery, Node, Options};
pub use reason::CloseReason;
