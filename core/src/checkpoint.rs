//! Checkpoints: what a device says it holds, sealed by its own seat, and whose checkpoints it could vouch for.
//!
//! A checkpoint travels beside the logs, as sealed records do, and takes the place of the one before: each device has
//! one, however many years go by, and who may do what does not depend on any. It names where the logs of its own device
//! end, a digest for each section of all it holds of it, and the checkpoints of others of which it holds all that it
//! may hold: so it cosigns them. Made daily though nothing happened, it is also a sign of life.
//!
//! Not here: when one is made and what follows from one (`replica/checkpoints.rs`, `replica/watch.rs`).

use crate::codec;
use crate::crypto::hash::{hash, hash16};
use crate::crypto::sign::{PublicSign, SignKey, Signature};
use crate::id::{LogId, SchoolId, SeatId, Section};
use crate::limits;
use crate::log::frontier::Head;
use crate::time::Moment;
use serde::{Deserialize, Serialize};

const CONTEXT: &str = "checkpoint 1";

/// A checkpoint's name: a hash of all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CheckpointName(pub [u8; 16]);

/// What a device holds of one section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldSection {
    /// Which.
    pub section: Section,
    /// Over the ends of all logs held of it.
    pub digest: [u8; 32],
    /// Where the logs end that were written on this very device, sorted.
    pub own: Vec<(LogId, Vec<Head>)>,
}

/// A checkpoint of another device of which all is held that may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cosigned {
    /// Whose.
    pub seat: SeatId,
    /// Which of its.
    pub number: u64,
    /// Its name.
    pub name: CheckpointName,
}

/// What a checkpoint says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The device's own seat, of this incarnation.
    pub seat: SeatId,
    /// From 1, one more each time: the latest counts.
    pub number: u64,
    /// When, by the device's clock.
    pub at: Moment,
    /// When its first was made, by the device's clock.
    pub since: Moment,
    /// The names of those before it, the newest first.
    pub recent: Vec<CheckpointName>,
    /// What is held, sorted by section.
    pub held: Vec<HeldSection>,
    /// A digest over the sections that there was no room to name; zero where all are named.
    pub rest: [u8; 32],
    /// Whose it cosigns, sorted.
    pub cosigned: Vec<Cosigned>,
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// What it says.
    pub said: Said,
    signature: Signature,
}

impl Checkpoint {
    /// Seals what a device says, with the key of its own seat.
    pub fn make(school: &SchoolId, said: Said, key: &SignKey) -> Self {
        let signature = key.sign(CONTEXT, &codec::encode(&(school, &said)));
        Self { said, signature }
    }

    /// Whether the seat with this key sealed it, and it is within the limits.
    pub fn holds(&self, school: &SchoolId, key: &PublicSign) -> bool {
        self.is_legal() && key.verify(CONTEXT, &codec::encode(&(school, &self.said)), &self.signature)
    }

    /// Its name.
    pub fn name(&self) -> CheckpointName {
        CheckpointName(hash16("muster 1 checkpoint", &[&codec::encode(self)]))
    }

    /// Which of two of one seat counts: the later one, and of two of one number the greater name.
    pub fn order(&self) -> (u64, CheckpointName) {
        (self.said.number, self.name())
    }

    /// Bytes it needs.
    pub fn bytes(&self) -> usize {
        codec::encode(self).len()
    }

    fn is_legal(&self) -> bool {
        let Said { number, recent, held, cosigned, .. } = &self.said;
        *number > 0
            && recent.len() <= limits::CHECKPOINT_RECENT
            && held.is_sorted_by(|left, right| left.section < right.section)
            && held.iter().all(|one| one.own.is_sorted_by(|(left, _), (right, _)| left < right))
            && cosigned.is_sorted_by(|left, right| left.seat < right.seat)
            && self.bytes() <= limits::CHECKPOINT_BYTES
    }
}

impl Said {
    /// What is held, without when it was said and by whom it is shared: two with the same held the same.
    pub fn content(&self) -> [u8; 32] {
        hash("muster 1 checkpoint content", &[&codec::encode(&(&self.held, &self.rest))])
    }

    /// Where the logs of its own device end, each with its section.
    pub fn own(&self) -> impl Iterator<Item = (&Section, &LogId, &Head)> {
        let logs =
            self.held.iter().flat_map(|held| held.own.iter().map(move |(log, heads)| (&held.section, log, heads)));
        logs.flat_map(|(section, log, heads)| heads.iter().map(move |head| (section, log, head)))
    }
}
