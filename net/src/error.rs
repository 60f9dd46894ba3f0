//! Why something could not be started, dialled or sent. Words for a person; no secrets and no names in them.

use iroh::endpoint::{ConnectError, ConnectWithOptsError, ConnectingError, ConnectionError, TransportErrorCode};

use crate::{event::Kind, reason::CloseReason};

/// Why a [`crate::Node`] did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The system gave no thread, or no event loop.
    #[error("the network part could not start: {0}")]
    Runtime(#[from] std::io::Error),
    /// An address cannot be listened on: taken, not of this machine, or forbidden.
    #[error("cannot listen on the given address; choose another port or leave the choice to the system ({0})")]
    Bind(String),
}

/// Why a frame was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// No such session, or no longer.
    #[error("the session is closed")]
    Closed,
    /// The peer takes frames more slowly than they come. Leave it; a later catch-up brings it the rest.
    #[error("the other device is too slow just now; it catches up later")]
    Full,
    /// Empty, or longer than [`muster_core::limits::FRAME_BYTES`]. A fault of the caller.
    #[error("a frame must have between one and {} bytes", muster_core::limits::FRAME_BYTES)]
    Size,
}

/// Why a dial came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DialError {
    /// Nobody answered within [`crate::defaults::DIAL_TIMEOUT`].
    #[error(
        "the other device does not answer; check that it is on, on the same network, and that the address is right"
    )]
    NoAnswer,
    /// No address is known, and local discovery did not find the device.
    #[error("the other device was not found on this network; type its address as it shows it")]
    NotFound,
    /// The peer does not know this device.
    #[error("the other device does not know this one: it was not let in there, or was removed; ask the office")]
    NotEnrolled,
    /// This device's own list does not hold the peer.
    #[error("the other device is not on this device's list of the school's devices")]
    NotOnOurList,
    /// No invitation is open there.
    #[error("no invitation is open on the other device; open one there and try again")]
    JoiningClosed,
    /// Too many connections, here or there.
    #[error("too many connections just now; try again in a moment")]
    Busy,
    /// The link is cut by a command at this end.
    #[error("the link is cut on this device")]
    SuspendedHere,
    /// The peer answers, but takes no connections: its link is cut, or it is overloaded.
    #[error("the other device takes no connections just now")]
    Refused,
    /// Another device answers at that address.
    #[error("another device answers at that address; check the address")]
    OtherDevice,
    /// The versions do not fit.
    #[error("the two devices run versions of the program that do not understand each other; update the older one")]
    OtherVersion,
    /// There is a session with this device already.
    #[error("this device is connected already")]
    AlreadyConnected,
    /// A device cannot dial itself.
    #[error("that is the id of this device itself")]
    Itself,
    /// The id is not a possible device id.
    #[error("that is not the id of a device; check it for typing mistakes")]
    BadId,
    /// The node is stopped.
    #[error("the network part is stopped")]
    Stopped,
    /// The peer closed the connection while greeting.
    #[error("the other device broke off: {0}")]
    Closed(CloseReason),
    /// A network error.
    #[error("the network reported an error: {0}")]
    Network(String),
}

impl DialError {
    /// Whether this points at something being wrong with who answers, rather than with the network.
    pub fn is_suspicious(&self) -> bool {
        matches!(self, Self::OtherDevice) || matches!(self, Self::Closed(reason) if reason.is_suspicious())
    }

    /// Whether to ask soon again is pointless: a person has to do something first.
    pub(crate) fn needs_a_person(&self) -> bool {
        matches!(self, Self::NotEnrolled | Self::OtherVersion | Self::Itself | Self::BadId)
    }

    /// Whether it is what the device that was dialled said itself, and not that nobody was heard.
    pub(crate) fn was_told(&self) -> bool {
        let said = matches!(self, Self::Busy | Self::Refused | Self::JoiningClosed | Self::Closed(_));
        !self.passes() && (said || self.needs_a_person())
    }

    pub(crate) fn passes(&self) -> bool {
        matches!(self, Self::OtherDevice | Self::Closed(CloseReason::Duplicate))
    }

    pub(crate) fn from_connect(error: &ConnectError, kind: Kind) -> Self {
        match error {
            ConnectError::Connect { source: ConnectWithOptsError::NoAddress { .. }, .. } => Self::NotFound,
            ConnectError::Connect { source: ConnectWithOptsError::SelfConnect { .. }, .. } => Self::Itself,
            ConnectError::Connect { source: ConnectWithOptsError::EndpointClosed { .. }, .. } => Self::Stopped,
            ConnectError::Connection { source, .. }
            | ConnectError::Connecting { source: ConnectingError::ConnectionError { source, .. }, .. } => {
                Self::from_connection(source, kind)
            }
            other => Self::Network(other.to_string()),
        }
    }

    pub(crate) fn from_connection(error: &ConnectionError, kind: Kind) -> Self {
        match error {
            ConnectionError::ApplicationClosed(close) => {
                Self::from_close(CloseReason::from_code(close.error_code.into_inner()))
            }
            ConnectionError::ConnectionClosed(close) => match close.error_code {
                TransportErrorCode::CONNECTION_REFUSED => Self::Refused,
                code if code == TransportErrorCode::crypto(NO_APPLICATION_PROTOCOL) => match kind {
                    Kind::Join => Self::JoiningClosed,
                    Kind::Sync => Self::OtherVersion,
                },
                code => Self::Network(code.to_string()),
            },
            ConnectionError::TransportError(error) if TLS_ALERTS.contains(&u64::from(error.code)) => Self::OtherDevice,
            ConnectionError::TimedOut | ConnectionError::Reset => Self::NoAnswer,
            ConnectionError::VersionMismatch => Self::OtherVersion,
            other => Self::Network(other.to_string()),
        }
    }

    pub(crate) fn from_close(reason: CloseReason) -> Self {
        match reason {
            CloseReason::NotEnrolled => Self::NotEnrolled,
            CloseReason::JoiningClosed => Self::JoiningClosed,
            CloseReason::Busy => Self::Busy,
            CloseReason::Suspended => Self::Refused,
            CloseReason::OtherVersion => Self::OtherVersion,
            other => Self::Closed(other),
        }
    }
}

/// The TLS alert for "none of the protocols you name is spoken here".
const NO_APPLICATION_PROTOCOL: u8 = 120;

/// Errors that our own end of TLS raises: they mean that who answered could not prove to be who was dialled.
const TLS_ALERTS: std::ops::Range<u64> = 0x100..0x200;
