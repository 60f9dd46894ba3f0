//! Facts: what documents are made of.
//!
//! A fact is a value that nobody can overwrite. It may name facts that it supersedes; what shows is what
//! nothing supersedes. Where two or more remain, that is a conflict, and it is the kind of fact that says
//! which of them a screen shows first: none is ever lost.
//!
//! The engine does not look inside a fact's value.

use crate::id::{ActId, EntryHash, SeatId};
use crate::time::Moment;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A fact's name everywhere: the entry that brought it, and its place in that entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FactRef {
    /// The entry.
    pub entry: EntryHash,
    /// Place in the entry, from 0.
    pub index: u16,
}

/// One fact as its author wrote it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fact {
    /// What kind; the embedder's number. Unknown kinds are kept and their supersession honoured.
    pub kind: u16,
    /// The facts, of the same document, that this one replaces.
    pub supersedes: Vec<FactRef>,
    /// The value, opaque to the engine.
    #[serde(with = "serde_bytes")]
    pub value: Vec<u8>,
}

/// Who brought an entry's facts, when by their clock, and in which act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Who wrote.
    pub seat: SeatId,
    /// Which entry of the seat's log in the document's section, from 0.
    pub sequence: u64,
    /// What the author's clock said.
    pub at: Moment,
    /// The act that the entry is part of.
    pub act: ActId,
}

/// A fact in its document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held<'a> {
    /// Its name.
    pub name: FactRef,
    /// What it says.
    pub fact: &'a Fact,
    /// Where it comes from.
    pub origin: &'a Origin,
}

/// The facts of one document: a set, the same on every replica that applied the same entries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    facts: BTreeMap<FactRef, Fact>,
    origins: BTreeMap<EntryHash, Origin>,
    superseded: BTreeSet<FactRef>,
}

impl Facts {
    /// Adds what one entry brought. Adding it twice changes nothing.
    pub fn insert(&mut self, entry: EntryHash, origin: Origin, facts: impl IntoIterator<Item = Fact>) {
        self.origins.insert(entry, origin);
        for (index, fact) in facts.into_iter().enumerate() {
            let Ok(index) = u16::try_from(index) else { return };
            self.superseded.extend(fact.supersedes.iter().copied());
            self.facts.insert(FactRef { entry, index }, fact);
        }
    }

    /// Every fact, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = Held<'_>> {
        self.facts.iter().filter_map(|(name, fact)| {
            let origin = self.origins.get(&name.entry)?;
            Some(Held { name: *name, fact, origin })
        })
    }

    /// The facts that nothing supersedes, in the order of their names.
    pub fn current(&self) -> impl Iterator<Item = Held<'_>> {
        self.iter().filter(|held| !self.superseded.contains(&held.name))
    }

    /// One fact.
    pub fn get(&self, name: &FactRef) -> Option<Held<'_>> {
        let fact = self.facts.get(name)?;
        Some(Held { name: *name, fact, origin: self.origins.get(&name.entry)? })
    }

    /// Whether some fact here names this one as superseded.
    pub fn is_superseded(&self, name: &FactRef) -> bool {
        self.superseded.contains(name)
    }

    /// How long the chain of supersession below a fact is: 0 for one that supersedes nothing here. A cycle,
    /// which only a forger could try and hashing forbids, and a missing fact both count as the end.
    pub fn depth(&self, name: &FactRef) -> u32 {
        let mut depth = 0;
        let mut seen = BTreeSet::new();
        let mut layer = vec![*name];
        while !layer.is_empty() {
            let mut below = Vec::new();
            for at in layer {
                if let Some(fact) = self.facts.get(&at) {
                    below.extend(
                        fact.supersedes.iter().filter(|next| self.facts.contains_key(next) && seen.insert(**next)),
                    );
                }
            }
            if !below.is_empty() {
                depth += 1;
            }
            layer = below;
        }
        depth
    }

    /// Those that one seat brought.
    #[must_use]
    pub fn by(&self, seat: &SeatId) -> Self {
        let mut theirs = Self::default();
        for (entry, origin) in self.origins.iter().filter(|(_, origin)| origin.seat == *seat) {
            let first = FactRef { entry: *entry, index: 0 };
            let facts = self.facts.range(first..=FactRef { index: u16::MAX, ..first });
            theirs.insert(*entry, *origin, facts.map(|(_, fact)| fact.clone()));
        }
        theirs
    }

    /// How many facts.
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }
}
