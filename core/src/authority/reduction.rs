//! What takes rights away, and what gives back: removals, suspensions, lifts, adoptions, new keys.
//!
//! Every reduction names where its target's logs end: the cuts. What stands before a cut stays as it is; what stands
//! past it is kept and waits, unapplied, until an officer adopts it, entry by entry.

use crate::codec;
use crate::crypto::sign::{PublicSign, SignKey, Signature};
use crate::founding::PersonPublic;
use crate::id::{DeviceId, EntryHash, GrantId, LogId, PersonId, SchoolId};
use crate::limits;
use crate::log::frontier::Head;
use serde::{Deserialize, Serialize};

/// Where logs end, by log, ascending. A log of the target that is not listed ends before its first entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cuts(pub Vec<(LogId, Head)>);

impl Cuts {
    /// The end of a log: of an unlisted one, nothing.
    pub fn of(&self, log: &LogId) -> Head {
        let at = self.0.binary_search_by(|(known, _)| known.cmp(log)).ok();
        at.and_then(|at| self.0.get(at)).map_or(Head { length: 0, hash: EntryHash::ZERO }, |(_, head)| *head)
    }

    /// Whether they are sorted, each log once, and not more than there can be.
    pub fn is_legal(&self) -> bool {
        self.0.len() <= limits::CUTS && self.0.is_sorted_by(|(left, _), (right, _)| left < right)
    }
}

/// What is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Target {
    /// One grant: a role somebody no longer has, or one-time words nobody used.
    Grant(GrantId),
    /// Everything that a person's keys were given or will be, as far as the author stands above it. The person can
    /// only come back with new keys.
    Keys(PersonId, PublicSign),
    /// A device, for good. It can only come back as another.
    Device(DeviceId),
}

/// Why, as far as the log says it: for the audit, never for a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reason {
    /// No reason given.
    Unsaid,
    /// The person left the school.
    Left,
    /// The person's work changed.
    Changed,
    /// The device is lost.
    Lost,
    /// The device is given away, sold or scrapped.
    Retired,
    /// The person forgot their passphrase, or somebody else may know it.
    Reset,
    /// It was given by mistake.
    Mistake,
}

/// Rights taken away for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removal {
    /// What.
    pub of: Target,
    /// Why.
    pub reason: Reason,
    /// Where the target's logs end.
    pub cuts: Cuts,
}

/// A device held back. Equals may do this to each other's devices; somebody above, or whoever said it, lifts it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// Which device.
    pub device: DeviceId,
    /// Why.
    pub reason: Reason,
    /// Where the logs of the seats on it end.
    pub cuts: Cuts,
}

/// A suspension ends, as if it had never been.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lift {
    /// The suspension, by the entry that said it.
    pub suspension: EntryHash,
}

/// The exact name of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntryName {
    /// In which log.
    pub log: LogId,
    /// Where in it, from 0.
    pub sequence: u64,
    /// Its hash.
    pub hash: EntryHash,
}

/// Entries that count after all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adoption {
    /// Exactly these.
    pub entries: Vec<EntryName>,
}

/// A person goes on with new keys, as after the loss of a device that held the old ones: every grant that named the
/// old keys now names the new.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewKeys {
    /// Who.
    pub person: PersonId,
    /// The key they signed with until now.
    pub old: PublicSign,
    /// The new ones.
    pub keys: PersonPublic,
    /// Where the logs of the seats of the old keys end.
    pub cuts: Cuts,
    /// By the old key.
    pub by_old: Signature,
    /// By the new key, so that nobody takes another's.
    pub by_new: Signature,
}

const CONTEXT: &str = "new keys 1";

impl NewKeys {
    /// Says it, with both keys.
    pub fn make(school: &SchoolId, person: PersonId, old: &SignKey, new: (&SignKey, PersonPublic), cuts: Cuts) -> Self {
        let (sign, keys) = new;
        let bytes = codec::encode(&(school, person, old.public(), keys, &cuts));
        Self {
            person,
            old: old.public(),
            keys,
            by_old: old.sign(CONTEXT, &bytes),
            by_new: sign.sign(CONTEXT, &bytes),
            cuts,
        }
    }

    /// Whether both keys say it, for this school.
    pub fn holds(&self, school: &SchoolId) -> bool {
        let bytes = codec::encode(&(school, self.person, self.old, self.keys, &self.cuts));
        self.old.verify(CONTEXT, &bytes, &self.by_old) && self.keys.sign.verify(CONTEXT, &bytes, &self.by_new)
    }
}
