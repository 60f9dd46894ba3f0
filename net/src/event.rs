//! What the transport tells the engine, and the names used in it.
//!
//! Promises: a session is reported as [`Event::Connected`] once, then its frames in order, then [`Event::Closed`]
//! once. Nothing is said of connections that never became a session, except to who dialled.
//!
//! Not here: what the bytes of a frame mean.

use std::net::SocketAddr;

use muster_core::id::DeviceId;

use crate::{error::DialError, reason::CloseReason};

/// A connection that both ends have greeted. Numbers are never used twice within one [`crate::Node`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub(crate) u64);

impl std::fmt::Display for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "session {}", self.0)
    }
}

/// Which of the two protocols a session speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Between enrolled devices.
    Sync,
    /// With a device that is not enrolled yet, while an invitation is open.
    Join,
}

impl Kind {
    /// The protocol's name in the TLS handshake.
    pub fn alpn(self) -> &'static [u8] {
        match self {
            Self::Sync => b"muster/sync/1",
            Self::Join => b"muster/join/1",
        }
    }

    pub(crate) fn from_alpn(alpn: &[u8]) -> Option<Self> {
        [Self::Sync, Self::Join].into_iter().find(|kind| kind.alpn() == alpn)
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// Both ends have greeted; frames can be sent.
    Connected {
        /// The new session.
        session: SessionId,
        /// Who is at the other end, proven by the handshake.
        peer: DeviceId,
        /// Whether this end dialled.
        dialled: bool,
        /// Which protocol.
        kind: Kind,
        /// Known to the two ends of this connection only, the same at both, and different in every connection:
        /// what a proof must include so that nobody in the middle can pass it on.
        channel_binding: [u8; 32],
        /// The address that answers, worth remembering for the next dial.
        path_address: Option<SocketAddr>,
    },
    /// One frame, as it was sent.
    Frame {
        /// Where it came in.
        session: SessionId,
        /// One to [`muster_core::limits::FRAME_BYTES`] bytes.
        bytes: Vec<u8>,
    },
    /// The session is over. Frames queued but not delivered are gone, unless it was closed with
    /// [`CloseReason::Done`].
    Closed {
        /// Which.
        session: SessionId,
        /// Why.
        why: CloseReason,
        /// Whether this end closed it.
        here: bool,
    },
    /// A dial came to nothing. For a device that is kept being dialled this is said when the reason changes, not at
    /// each attempt.
    DialFailed {
        /// Who was dialled.
        peer: DeviceId,
        /// Which protocol.
        kind: Kind,
        /// Why, in words for a person.
        why: DialError,
    },
    /// A device announced itself on the local network, or its addresses changed. Anybody can announce anything: only
    /// a session proves who is there.
    Discovered {
        /// Who it says it is.
        peer: DeviceId,
        /// Where.
        addresses: Vec<SocketAddr>,
    },
    /// A device is no longer announced on the local network.
    Vanished {
        /// Which.
        peer: DeviceId,
    },
}
