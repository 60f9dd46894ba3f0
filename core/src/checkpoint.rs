//! Checkpoints: what a device says it holds, sealed by its own seat, and whose checkpoints it could vouch for.
//!
//! A checkpoint travels beside the logs, as sealed records do, and takes the place of the one before: each device has
//! one of each part, however many years go by, and who may do what does not depend on any. It names where the logs of
//! its own device end, a digest for each section of all it holds of it, and the checkpoints of others of which it holds
//! all that it may hold: so it cosigns them. Made daily though nothing happened, it is also a sign of life.
//!
//! Who reads where logs end sees who writes how much, and when. So a device says it in parts, each in a section of its
//! own that only those have for whom it is: in [`Section::CHECKPOINTS`] that it is there, and what it holds of the
//! authority area, for every device of the school; and in [`Section::part`] what it holds of one place, for those that
//! keep something of that place. The signature names the part, so that none is put in another's place.
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
const OF_A_PLACE: &str = "checkpoint 2";

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
    /// From 1, one more each time in each part: the latest counts.
    pub number: u64,
    /// When, by the device's clock.
    pub at: Moment,
    /// When its first of this part was made, by the device's clock.
    pub since: Moment,
    /// The names of those of this part before it, the newest first.
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
    /// Seals what a device says in the part that is kept in `section`, with the key of its own seat.
    pub fn make(school: &SchoolId, section: &Section, said: Said, key: &SignKey) -> Self {
        let (context, signed) = signed(school, section, &said);
        Self { signature: key.sign(context, &signed), said }
    }

    /// Whether the seat with this key sealed it for the part that is kept in `section`, and it is within the limits.
    pub fn holds(&self, school: &SchoolId, section: &Section, key: &PublicSign) -> bool {
        let (context, signed) = signed(school, section, &self.said);
        self.is_legal(section) && key.verify(context, &signed, &self.signature)
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

    fn is_legal(&self, section: &Section) -> bool {
        let Said { number, recent, held, cosigned, .. } = &self.said;
        let of_place = |one: &HeldSection| {
            !one.section.compartment.area.is_reserved() && one.section.compartment.place == section.compartment.place
        };
        *number > 0
            && (*section == Section::CHECKPOINTS || section.is_part() && held.iter().all(of_place))
            && recent.len() <= limits::CHECKPOINT_RECENT
            && held.is_sorted_by(|left, right| left.section < right.section)
            && held.iter().all(|one| one.own.is_sorted_by(|(left, _), (right, _)| left < right))
            && cosigned.is_sorted_by(|left, right| left.seat < right.seat)
            && self.bytes() <= limits::CHECKPOINT_BYTES
    }
}

/// What is signed, and under which context: the part for every device is signed as all was before there were others.
fn signed(school: &SchoolId, section: &Section, said: &Said) -> (&'static str, Vec<u8>) {
    match *section {
        Section::CHECKPOINTS => (CONTEXT, codec::encode(&(school, said))),
        _ => (OF_A_PLACE, codec::encode(&(school, section, said))),
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
