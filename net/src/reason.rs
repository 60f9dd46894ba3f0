//! Why a session ends, and the number that says so on the wire.
//!
//! The numbers are part of the protocol (`PROTOCOL.md`) and never change their meaning.

/// Why a session or a connection was closed, by either end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum CloseReason {
    /// The device stops. Also what the bare library says when a program ends.
    #[error("the device was switched off or left the network")]
    Leaving,
    /// Everything was said; both ends have delivered all frames.
    #[error("finished")]
    Done,
    /// The peer is not on the list of enrolled devices, or no longer.
    #[error("this device was not let in by the other one, or was removed; ask the office to add it")]
    NotEnrolled,
    /// No invitation is open.
    #[error("no invitation is open on the other device; open one there and try again")]
    JoiningClosed,
    /// Too many sessions or attempts.
    #[error("the other device has too many connections just now; it will be tried again")]
    Busy,
    /// The link was cut by a command.
    #[error("the link was cut on purpose")]
    Suspended,
    /// Another session with the same device is kept instead.
    #[error("another connection to the same device is used instead")]
    Duplicate,
    /// The two programs speak different versions.
    #[error("the two devices run versions of the program that do not understand each other; update the older one")]
    OtherVersion,
    /// A frame was longer than [`muster_core::limits::FRAME_BYTES`].
    #[error("the other device sent a message that is too long")]
    FrameTooLong,
    /// A frame had no bytes.
    #[error("the other device sent an empty message")]
    FrameEmpty,
    /// The stream ended in the middle of a frame.
    #[error("a message broke off")]
    FrameCutShort,
    /// The engine could make nothing of a frame.
    #[error("the other device sent something that makes no sense")]
    Rubbish,
    /// The peer took too long to greet.
    #[error("the other device took too long to answer")]
    TooSlow,
    /// The connection was lost: no sign of life, or a network that went away.
    #[error("the connection was lost")]
    Lost,
    /// A number of a later version.
    #[error("the other device closed the connection (code {0})")]
    Other(u32),
}

const CODES: [(CloseReason, u32); 13] = [
    (CloseReason::Leaving, 0x00),
    (CloseReason::Done, 0x01),
    (CloseReason::NotEnrolled, 0x10),
    (CloseReason::JoiningClosed, 0x11),
    (CloseReason::Busy, 0x12),
    (CloseReason::Suspended, 0x13),
    (CloseReason::Duplicate, 0x14),
    (CloseReason::OtherVersion, 0x20),
    (CloseReason::FrameTooLong, 0x21),
    (CloseReason::FrameEmpty, 0x22),
    (CloseReason::FrameCutShort, 0x23),
    (CloseReason::Rubbish, 0x24),
    (CloseReason::TooSlow, 0x25),
];

impl CloseReason {
    /// The number on the wire. [`CloseReason::Lost`] is never sent; it has the number of [`CloseReason::Leaving`].
    pub fn code(self) -> u32 {
        match self {
            Self::Other(code) => code,
            known => CODES.iter().find(|(reason, _)| *reason == known).map_or(0, |(_, code)| *code),
        }
    }

    /// What a number from the wire means.
    pub fn from_code(code: u64) -> Self {
        CODES
            .iter()
            .find(|(_, known)| u64::from(*known) == code)
            .map_or(Self::Other(u32::try_from(code).unwrap_or(u32::MAX)), |(reason, _)| *reason)
    }

    /// Whether this points at an attack or a broken program rather than at a network or a person's doing.
    pub fn is_suspicious(self) -> bool {
        matches!(self, Self::FrameTooLong | Self::FrameEmpty | Self::Rubbish)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_number_of_its_own_and_reads_back() {
        let mut seen = std::collections::BTreeSet::new();
        for (reason, code) in CODES {
            assert!(seen.insert(code), "{code:#x} twice");
            assert_eq!(reason.code(), code);
            assert_eq!(CloseReason::from_code(u64::from(code)), reason);
        }
        assert_eq!(CloseReason::from_code(0x999), CloseReason::Other(0x999));
    }
}
