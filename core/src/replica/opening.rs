//! Opening entries of facts: both layers, the payload, and whether it is for the document that it says.
//!
//! Many at a time are shared out among [`super::workers::Workers`]: each needs the open keys and its own bytes only.
//! Whether an entry counts is not asked here.

use super::store::Store;
use super::workers::map;
use super::{Replica, Verdict};
use crate::document::body::{self, Outer};
use crate::document::fact::Fact;
use crate::document::payload::{Payload, handle};
use crate::id::{DocumentId, Handle, SchoolId, SecretId, Section};
use crate::keys::epoch::EpochKey;
use crate::keys::ring::Ring;
use crate::log::entry::Entry;
use crate::log::header::Kind;
use std::collections::BTreeSet;

/// What an entry says: of which document, the document's name, and the facts; or why that is not known.
pub(super) type Said = Result<(DocumentId, Handle, Vec<Fact>), Verdict>;

/// What is needed to open entries of a section.
struct Keys<'a> {
    school: &'a SchoolId,
    section: &'a Section,
    ring: &'a Ring,
    destroyed: Option<&'a BTreeSet<SecretId>>,
}

impl Keys<'_> {
    fn open(&self, key: &EpochKey, entry: &Entry) -> Said {
        let header = entry.header();
        let outer = body::open_outer(header, key, entry.body()).ok_or(Verdict::Unreadable)?;
        let Some(secret) = self.ring.secret(&outer.secret) else {
            let gone = self.destroyed.is_some_and(|gone| gone.contains(&outer.secret));
            return Err(if gone { Verdict::Erased } else { Verdict::NoSecret });
        };
        let bytes = body::open_inner(header, &outer, secret).ok_or(Verdict::Unreadable)?;
        self.read(&outer, &bytes)
    }

    fn read(&self, outer: &Outer, bytes: &[u8]) -> Said {
        let payload = Payload::decode(bytes).map_err(|_| Verdict::Unreadable)?;
        let document = payload.document(*self.section);
        let name = handle(self.school, &document);
        if name == outer.handle { Ok((document, name, payload.facts)) } else { Err(Verdict::Unreadable) }
    }
}

impl<S: Store> Replica<S> {
    /// What an entry of facts says, with the keys at hand, whether or not it counts; what was saved from an erasure, too.
    pub(super) fn open_entry(&mut self, section: &Section, entry: &Entry) -> Said {
        let key = self.ring.epoch(section, &entry.header().epoch, &self.sealed).ok_or(Verdict::NoEpoch)?;
        let keys = self.keys_of(section);
        match keys.open(&key, entry) {
            Err(shut @ (Verdict::Erased | Verdict::NoSecret)) => {
                let outer = body::open_outer(entry.header(), &key, entry.body()).ok_or(shut)?;
                let saved = self.open_saved(section, entry.header(), &outer).ok_or(shut)?;
                keys.read(&outer, &saved)
            }
            said => said,
        }
    }

    /// The same of many at a time; `None` where an entry is none of facts, or none.
    pub(super) fn open_entries(&mut self, section: &Section, entries: &[Option<&Entry>]) -> Vec<Option<Said>> {
        let mut key_of = |entry: &Entry| self.ring.epoch(section, &entry.header().epoch, &self.sealed);
        let with_keys: Vec<Option<(&Entry, Option<EpochKey>)>> = entries
            .iter()
            .map(|entry| entry.filter(|entry| entry.header().kind == Kind::FACTS).map(|entry| (entry, key_of(entry))))
            .collect();
        let keys = self.keys_of(section);
        let open = |(entry, key): &(&Entry, Option<EpochKey>)| {
            key.as_ref().map_or(Err(Verdict::NoEpoch), |key| keys.open(key, entry))
        };
        map(self.workers, &with_keys, |one| one.as_ref().map(open))
    }

    fn keys_of<'a>(&'a self, section: &'a Section) -> Keys<'a> {
        Keys { school: &self.school, section, ring: &self.ring, destroyed: self.destroyed_secrets(section) }
    }
}
