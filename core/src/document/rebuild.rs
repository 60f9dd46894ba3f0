//! An Automerge document built here from verified entries.
//!
//! Each entry becomes one change: its actor a hash of document and entry, sequence 1, start counter 1, no
//! dependencies, root puts only, keys made of the entry's hash and the fact's place. Replicas with the same
//! entries hold the same changes with the same hashes, in whatever order they came, and no byte of Automerge's
//! format from a peer is ever parsed.
//!
//! The saved form is a cache: it names the version of this builder and is thrown away when that differs.

use super::fact::{Fact, Facts, Origin};
use super::pack::{pack, unpack};
use crate::codec;
use crate::crypto::hash::hash16;
use crate::id::{DocumentId, EntryHash, Handle};
use crate::limits;
use automerge::legacy::{Key, ObjectId, Op, OpType, SortedVec};
use automerge::{ActorId, Automerge, Change, ExpandedChange, ReadDoc as _, ScalarValue, ScalarValueRef, ValueRef};
use serde::{Deserialize, Serialize};
use std::num::NonZeroU64;
use std::sync::Arc;

/// Of the rules in this file. A saved document with another is thrown away and built again.
pub(crate) const BUILDER: u16 = 1;

/// What packed bytes begin with; Automerge's own begin with 0x85.
const PACKED: u8 = b'z';
/// zstd without entropy coding of what repeats nowhere: hashes, ids and sealed values, most of a document, do not shrink.
const PACKING_LEVEL: i32 = -1;

/// A document: the Automerge document and the facts read from it.
#[derive(Clone, Debug)]
pub struct Document {
    /// Which.
    pub id: DocumentId,
    automerge: Automerge,
    facts: Arc<Facts>,
}

#[derive(Serialize, Deserialize)]
struct Saved {
    builder: u16,
    kind: u16,
    #[serde(with = "serde_bytes")]
    key: Vec<u8>,
    #[serde(with = "serde_bytes")]
    automerge: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct EntryRow {
    entry: EntryHash,
    origin: Origin,
}

/// What one entry brings to a document.
#[derive(Clone, Debug)]
pub struct Contribution {
    /// The entry.
    pub entry: EntryHash,
    /// Who and when.
    pub origin: Origin,
    /// The facts.
    pub facts: Vec<Fact>,
}

impl Document {
    /// With nothing in it.
    pub fn empty(id: DocumentId) -> Self {
        Self { id, automerge: Automerge::new(), facts: Arc::new(Facts::default()) }
    }

    /// Its facts.
    pub fn facts(&self) -> &Arc<Facts> {
        &self.facts
    }

    /// Adds what entries bring, all in one application. One that is already there changes nothing.
    ///
    /// # Errors
    /// When Automerge refuses a change of our own making, which is a defect here, not of the data.
    pub fn apply(&mut self, handle: &Handle, contributions: Vec<Contribution>) -> Result<(), String> {
        let changes: Vec<Change> = contributions.iter().map(|one| build(handle, one)).collect();
        self.automerge.apply_changes(changes).map_err(|error| error.to_string())?;
        let facts = Arc::make_mut(&mut self.facts);
        for one in contributions {
            facts.insert(one.entry, one.origin, one.facts);
        }
        Ok(())
    }

    /// The form that is sealed and kept.
    pub fn save(&self) -> Vec<u8> {
        codec::encode(&Saved {
            builder: BUILDER,
            kind: self.id.kind,
            key: self.id.key.clone(),
            automerge: packed(self.automerge.save_nocompress()),
        })
    }

    /// From the kept form; `None` when another builder wrote it or it does not load, and then it is rebuilt.
    pub fn load(section: crate::id::Section, bytes: &[u8]) -> Option<Self> {
        let saved: Saved = postcard::from_bytes(bytes).ok()?;
        if saved.builder != BUILDER {
            return None;
        }
        let automerge = match saved.automerge.split_first() {
            Some((&PACKED, rest)) => Automerge::load(&unpacked(rest)?),
            _ => Automerge::load(&saved.automerge),
        };
        let automerge = automerge.ok()?;
        let facts = Arc::new(read(&automerge)?);
        Some(Self { id: DocumentId { section, kind: saved.kind, key: saved.key }, automerge, facts })
    }

    /// Only which document it is, without loading it.
    pub fn peek(section: crate::id::Section, bytes: &[u8]) -> Option<DocumentId> {
        let saved: Saved = postcard::from_bytes(bytes).ok()?;
        (saved.builder == BUILDER).then_some(DocumentId { section, kind: saved.kind, key: saved.key })
    }

    /// Automerge's heads, sorted: equal on two replicas that applied the same entries.
    pub fn heads(&self) -> Vec<[u8; 32]> {
        let mut heads: Vec<[u8; 32]> = self.automerge.get_heads().iter().map(|head| head.0).collect();
        heads.sort_unstable();
        heads
    }
}

/// Automerge's own bytes, packed: its deflate took longer than all else that saving a document takes.
fn packed(plain: Vec<u8>) -> Vec<u8> {
    let length = u32::try_from(plain.len()).ok().filter(|_| plain.len() <= limits::SAVED_BYTES);
    match length.zip(pack(&plain, PACKING_LEVEL)) {
        Some((length, small)) if small.len() + 5 < plain.len() => {
            let mut out = Vec::with_capacity(5 + small.len());
            out.push(PACKED);
            out.extend_from_slice(&length.to_le_bytes());
            out.extend(small);
            out
        }
        _ => plain,
    }
}

fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let (length, small) = bytes.split_first_chunk::<4>()?;
    let length = u32::from_le_bytes(*length) as usize;
    if length <= limits::SAVED_BYTES { unpack(small, length) } else { None }
}

fn build(handle: &Handle, one: &Contribution) -> Change {
    let prefix = prefix(&one.entry);
    let row = codec::encode(&EntryRow { entry: one.entry, origin: one.origin });
    let mut puts = vec![(prefix.clone(), row)];
    puts.extend(one.facts.iter().enumerate().map(|(index, fact)| (format!("{prefix}{index}"), codec::encode(fact))));
    let operations = puts
        .into_iter()
        .map(|(key, value)| Op {
            action: OpType::Put(ScalarValue::Bytes(value)),
            obj: ObjectId::Root,
            key: Key::Map(key.as_str().into()),
            pred: SortedVec::new(),
            insert: false,
        })
        .collect();
    let actor = hash16("muster 1 actor", &[&handle.0, &one.entry.0]);
    ExpandedChange {
        operations,
        actor_id: ActorId::from(&actor[..]),
        hash: None,
        seq: 1,
        start_op: NonZeroU64::MIN,
        time: 0,
        message: None,
        deps: Vec::new(),
        extra_bytes: Vec::new(),
        author: None,
    }
    .into()
}

/// Thirty-two characters of the entry's hash: the key of the entry's own row, and what its facts' keys begin with.
fn prefix(entry: &EntryHash) -> String {
    let mut hex = entry.to_string();
    hex.truncate(32);
    hex
}

fn read(automerge: &Automerge) -> Option<Facts> {
    let mut facts = Facts::default();
    let mut row: Option<EntryRow> = None;
    let mut waiting: Vec<(u16, Fact)> = Vec::new();
    let mut flush = |row: &mut Option<EntryRow>, waiting: &mut Vec<(u16, Fact)>| {
        if let Some(EntryRow { entry, origin }) = row.take() {
            waiting.sort_by_key(|(index, _)| *index);
            facts.insert(entry, origin, waiting.drain(..).map(|(_, fact)| fact));
        }
    };
    // Keys come in order: an entry's own row, then its facts.
    for item in automerge.map_range(automerge::ROOT, ..) {
        let key = item.key.to_string();
        let ValueRef::Scalar(ScalarValueRef::Bytes(bytes)) = &item.value else { return None };
        match key.get(32..) {
            Some("") => {
                flush(&mut row, &mut waiting);
                row = Some(codec::decode(bytes).ok()?);
            }
            Some(index) => {
                row.as_ref().filter(|row| key.starts_with(&prefix(&row.entry)))?;
                waiting.push((index.parse().ok()?, codec::decode(bytes).ok()?));
            }
            None => return None,
        }
    }
    flush(&mut row, &mut waiting);
    Some(facts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{ActId, SeatId, Section};
    use crate::time::Moment;

    fn document() -> Document {
        let id = DocumentId { section: Section::AUTHORITY, kind: 1, key: vec![7] };
        let mut document = Document::empty(id);
        let origin = Origin { seat: SeatId([2; 32]), sequence: 0, at: Moment::utc(5), act: ActId::ZERO };
        let fact = |at: u8| Fact { kind: 1, supersedes: vec![], value: vec![at; 20] };
        let contribution =
            |at: u8| Contribution { entry: EntryHash([at; 32]), origin, facts: (0..30).map(fact).collect() };
        let applied = document.apply(&Handle([3; 16]), (0..8).map(contribution).collect());
        assert_eq!(applied, Ok(()));
        document
    }

    #[test]
    fn a_document_comes_back_as_it_was_saved_and_takes_little_room() {
        let document = document();
        let saved = document.save();
        assert!(saved.len() * 2 < document.automerge.save_nocompress().len());
        let again = Document::load(Section::AUTHORITY, &saved);
        assert_eq!(again.as_ref().map(Document::heads), Some(document.heads()));
        assert_eq!(again.map(|again| again.facts.len()), Some(document.facts.len()));
    }

    #[test]
    fn a_document_saved_as_automerge_packs_it_still_opens() {
        let document = document();
        let (kind, key, automerge) = (document.id.kind, document.id.key.clone(), document.automerge.save());
        let saved = codec::encode(&Saved { builder: BUILDER, kind, key, automerge });
        let again = Document::load(Section::AUTHORITY, &saved);
        assert_eq!(again.map(|again| again.heads()), Some(document.heads()));
    }

    #[test]
    fn a_row_that_says_it_is_larger_than_a_document_may_be_is_not_unpacked() {
        let mut automerge = packed(document().automerge.save_nocompress());
        automerge.splice(1..5, u32::MAX.to_le_bytes());
        let saved = codec::encode(&Saved { builder: BUILDER, kind: 1, key: vec![7], automerge });
        assert!(Document::load(Section::AUTHORITY, &saved).is_none());
    }
}
