//! What is said between two devices of a school. `net/PROTOCOL.md` describes the bytes around it.

use super::wire::WirePart;
use crate::codec::{self, Malformed};
use crate::id::{FrontierId, LogId, SchoolId, Section};
use crate::keys::record::{Record, RecordId};
use crate::limits;
use crate::log::frontier::{AuthorityFrontier, Head};
use crate::log::header::Descriptor;
use crate::time::Moment;
use serde::{Deserialize, Serialize};

/// Of the messages in this file.
pub const VERSION: u16 = 1;

/// The first eight bytes of a sealed record's id: enough to tell those of one section apart.
pub type ShortRecord = [u8; 8];

/// A sealed record's short name.
pub(super) fn short(id: &RecordId) -> ShortRecord {
    let mut short = [0; 8];
    short.copy_from_slice(&id.0[..8]);
    short
}

/// One message: one frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Message {
    /// First, from both at once.
    Hello {
        /// [`VERSION`].
        version: u16,
        /// Which school.
        school: SchoolId,
        /// One digest over all that both may hold: if equal, there is nothing more to say.
        root: [u8; 32],
        /// The authority heads held.
        authority: FrontierId,
        /// What the clock says: to show a difference, never to refuse.
        now: Moment,
    },
    /// A digest for each section that both may hold.
    Digests {
        /// Some of them.
        digests: Vec<(Section, [u8; 32])>,
        /// Whether more follow.
        more: bool,
    },
    /// What is held of a section that differs.
    Frontier {
        /// Which.
        section: Section,
        /// Its logs and their heads.
        logs: Vec<(Descriptor, Vec<Head>)>,
        /// Its sealed records.
        records: Vec<ShortRecord>,
        /// Whether more of the same section follows.
        more: bool,
    },
    /// Asks for entries of logs from a place on, afresh: the next run of a log names the entry before it.
    Want(Vec<(LogId, u64)>),
    /// Asks for sealed records.
    WantRecords(Section, Vec<ShortRecord>),
    /// Asks for a frontier object in full.
    WantAuthority(FrontierId),
    /// Sealed records: before the first entry that uses them.
    Records(Section, Vec<Record>),
    /// Sealed records asked for that will not come.
    NoRecords(Section, Vec<ShortRecord>),
    /// A frontier object that entries name, as what changed since one that the other side has.
    Authority {
        /// Its name.
        id: FrontierId,
        /// What it is a change of; the whole object when `None`.
        base: Option<FrontierId>,
        /// Logs that are new or have other heads than in the base.
        changed: AuthorityFrontier,
        /// Whether more of the change follows.
        more: bool,
    },
    /// Entries and seals.
    Batch(Vec<WirePart>),
    /// Durable here up to a length, by the sender's number of the log.
    Ack(Vec<(u32, u64)>),
    /// The sender has all that was shown to it; its root digest now.
    Same([u8; 32]),
    /// Entries asked for that will not come, and why.
    Hole {
        /// The log.
        log: LogId,
        /// From this place on.
        from: u64,
        /// Why.
        reason: HoleReason,
    },
}

/// Why entries will not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HoleReason {
    /// Erased, and not to come back.
    Erased,
    /// The device asking may not hold them.
    NotEntitled,
    /// Not held here.
    Lost,
}

impl Message {
    /// As a frame.
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// From a frame.
    ///
    /// # Errors
    /// When it is too long or not one legal message.
    pub fn decode(frame: &[u8]) -> Result<Self, Malformed> {
        if frame.len() > limits::FRAME_BYTES { Err(Malformed) } else { codec::decode(frame) }
    }
}
