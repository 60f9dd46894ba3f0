//! Records on a map: a device without an engine, for tests.
//!
//! Several of them can exchange what they hold in any order, wholly or in part, as devices do. The clock is set by
//! the test, and randomness comes from a seed.

use muster_core::document::fact::{Fact, Facts, Origin};
use muster_core::id::{ActId, Area, DeviceId, DocumentId, EntryHash, PersonId, SeatId, Section};
use muster_core::replica::Interval;
use muster_core::replica::records::{
    Author, Change, Circle, HeldRights, Records, RecordsError, Since, Stated, WithKept, Worked, Written,
};
use muster_core::time::Moment;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One entry as a test holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its document.
    pub document: DocumentId,
    /// Where it comes from.
    pub origin: Origin,
    /// What it brought.
    pub facts: Vec<Fact>,
}

/// A device's records.
#[derive(Clone, Debug)]
pub struct MemoryRecords {
    seat: SeatId,
    authors: BTreeMap<SeatId, Author>,
    now: Moment,
    random: u64,
    entries: BTreeMap<EntryHash, Entry>,
    documents: BTreeMap<DocumentId, Arc<Facts>>,
    changed: BTreeMap<DocumentId, u64>,
    readable: Option<BTreeSet<Area>>,
    copies: BTreeMap<EntryHash, u32>,
    holders: Vec<HeldRights>,
    stated: Vec<Stated>,
    intervals: BTreeMap<EntryHash, Interval>,
    acts: u64,
    written: u64,
    fail_after: Option<u64>,
    /// What was kept of a document, from which facts and under which number.
    kept: BTreeMap<DocumentId, (u16, Arc<Facts>, Vec<u8>)>,
    reads: u64,
}

impl MemoryRecords {
    /// A device with nobody signed in. Two with the same seed make the same ids: give each its own.
    pub fn new(seed: u8) -> Self {
        let seat = SeatId([seed; 32]);
        let author = Author { device: DeviceId([seed; 32]), person: None };
        Self {
            seat,
            authors: BTreeMap::from([(seat, author)]),
            now: Moment::utc(0),
            random: u64::from(seed).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03,
            entries: BTreeMap::new(),
            documents: BTreeMap::new(),
            changed: BTreeMap::new(),
            readable: None,
            copies: BTreeMap::new(),
            holders: Vec::new(),
            stated: Vec::new(),
            intervals: BTreeMap::new(),
            acts: 0,
            written: 0,
            fail_after: None,
            kept: BTreeMap::new(),
            reads: 0,
        }
    }

    /// This device's id.
    pub fn device(&self) -> DeviceId {
        self.authors.get(&self.seat).map_or(DeviceId::ZERO, |author| author.device)
    }

    /// Signs a person in: from now on their seat on this device writes.
    pub fn sign_in(&mut self, person: PersonId) {
        let device = self.device();
        let mut seat = [0; 32];
        seat[..16].copy_from_slice(&person.0);
        seat[16..].copy_from_slice(device.0.get(..16).unwrap_or(&[0; 16]));
        self.seat = SeatId(seat);
        self.authors.insert(self.seat, Author { device, person: Some(person) });
    }

    /// Signs out: the device writes, and reads only these areas.
    pub fn lock(&mut self, readable: impl IntoIterator<Item = Area>) {
        let device = self.device();
        self.seat = SeatId(device.0);
        self.readable = Some(readable.into_iter().collect());
    }

    /// Reads everything again.
    pub fn unlock(&mut self) {
        self.readable = None;
    }

    /// Hears of somebody's rights.
    pub fn hold(&mut self, held: HeldRights) {
        self.holders.push(held);
    }

    /// Hears what the authority area says.
    pub fn state(&mut self, stated: Stated) {
        self.stated.push(stated);
    }

    /// Between when and when an entry must have been made, as the engine would have found.
    pub fn came(&mut self, entry: EntryHash, interval: Interval) {
        self.intervals.insert(entry, interval);
    }

    /// Where something comes from that whoever acts here does now.
    pub fn origin(&self) -> Origin {
        Origin { seat: self.seat, sequence: 0, at: self.now, act: ActId::ZERO }
    }

    /// Sets the clock.
    pub fn set_now(&mut self, now: Moment) {
        self.now = now;
    }

    /// Sets the clock to a minute of a day in the school.
    pub fn set_clock(&mut self, day: crate::calendar::Day, minute: u16) {
        self.now = crate::calendar::moment(day, minute);
    }

    /// Lets so many more acts succeed, then fails as a full disk does.
    pub fn fail_after(&mut self, acts: Option<u64>) {
        self.fail_after = acts;
    }

    /// Makes every document afresh, as after a rebuild: what was kept beside them holds no more.
    pub fn rebuild(&mut self) {
        for held in self.documents.values_mut() {
            *held = Arc::new((**held).clone());
        }
    }

    /// How many documents something is kept beside.
    pub fn kept(&self) -> usize {
        self.kept.len()
    }

    /// How many acts were written here.
    pub fn acts(&self) -> u64 {
        self.acts
    }

    /// How many documents were read.
    pub fn reads(&self) -> u64 {
        self.reads
    }

    /// Every entry held.
    pub fn entries(&self) -> &BTreeMap<EntryHash, Entry> {
        &self.entries
    }

    /// Receives one entry.
    pub fn receive(&mut self, hash: EntryHash, entry: Entry) {
        if self.entries.contains_key(&hash) {
            return;
        }
        let facts = self.documents.entry(entry.document.clone()).or_default();
        self.changed.insert(entry.document.clone(), u64::try_from(self.entries.len()).unwrap_or(u64::MAX) + 1);
        Arc::make_mut(facts).insert(hash, entry.origin, entry.facts.clone());
        self.entries.insert(hash, entry);
    }

    /// Receives everything another device holds.
    pub fn merge_from(&mut self, other: &Self) {
        self.merge_some(other, |_| true);
    }

    /// Receives what another device holds and `wanted` lets through.
    pub fn merge_some(&mut self, other: &Self, mut wanted: impl FnMut(&EntryHash) -> bool) {
        self.authors.extend(other.authors.iter().map(|(seat, author)| (*seat, *author)));
        for (hash, entry) in &other.entries {
            if wanted(hash) {
                if self.entries.contains_key(hash) {
                    self.copies.entry(*hash).or_insert(1);
                }
                self.receive(*hash, entry.clone());
            }
        }
    }

    fn may(&self, area: Area) -> bool {
        self.readable.as_ref().is_none_or(|areas| areas.contains(&area))
    }

    fn next(&mut self) -> u64 {
        // SplitMix64: enough to tell ids apart in a test.
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

impl Records for MemoryRecords {
    fn interval(&self, entry: &EntryHash) -> Option<Interval> {
        self.intervals.get(entry).copied()
    }

    fn facts(&mut self, document: &DocumentId) -> Result<Option<Arc<Facts>>, RecordsError> {
        self.reads += 1;
        if !self.may(document.section.compartment.area) {
            return Ok(None);
        }
        Ok(self.documents.get(document).cloned())
    }

    /// Who can open a case is the engine's: here whoever reads the area does.
    fn write_cases(&mut self, _: Vec<Circle>, changes: Vec<Change>) -> Result<Written, RecordsError> {
        self.write(changes)
    }

    fn documents(&mut self, section: &Section, kind: u16) -> Result<Vec<DocumentId>, RecordsError> {
        if !self.may(section.compartment.area) {
            return Ok(Vec::new());
        }
        let from = DocumentId { section: *section, kind, key: Vec::new() };
        let rows = self.documents.range(from..).map(|(id, _)| id);
        Ok(rows.take_while(|id| id.section == *section && id.kind == kind).cloned().collect())
    }

    fn documents_with(&mut self, section: &Section, kind: u16, what: u16) -> Result<Vec<WithKept>, RecordsError> {
        let found = self.documents(section, kind)?;
        let with = |id: DocumentId| {
            let held = self.documents.get(&id);
            let kept = self
                .kept
                .get(&id)
                .filter(|(of, from, _)| *of == what && held.is_some_and(|held| Arc::ptr_eq(held, from)));
            let value = kept.map(|(.., value)| value.clone());
            (id, value)
        };
        Ok(found.into_iter().map(with).collect())
    }

    fn keep(&mut self, what: u16, values: &[Worked]) -> Result<(), RecordsError> {
        for Worked { document, from, value } in values {
            self.kept.insert(document.clone(), (what, from.clone(), value.clone()));
        }
        Ok(())
    }

    fn changed_since(&mut self, section: &Section, kind: u16, since: Option<u64>) -> Result<Since, RecordsError> {
        let at = u64::try_from(self.entries.len()).unwrap_or(u64::MAX);
        let Some(since) = since.filter(|_| self.may(section.compartment.area)) else {
            return Ok(Since { at, documents: None });
        };
        let of = |id: &DocumentId| id.section == *section && id.kind == kind;
        let changed = self.changed.iter().filter(|(id, when)| of(id) && **when > since).map(|(id, _)| id.clone());
        Ok(Since { at, documents: Some(changed.collect()) })
    }

    fn sections(&self, area: Area) -> Vec<Section> {
        if !self.may(area) {
            return Vec::new();
        }
        let found: BTreeSet<_> =
            self.documents.keys().map(|id| id.section).filter(|section| section.compartment.area == area).collect();
        found.into_iter().collect()
    }

    fn write(&mut self, changes: Vec<Change>) -> Result<Written, RecordsError> {
        use muster_core::limits::{BODY_BYTES, ENTRIES_PER_ACT, FACTS_PER_ENTRY, SUPERSEDED_PER_FACT};
        let too_much = |what, most| Err(RecordsError::TooMuch { what, most });
        if changes.len() > ENTRIES_PER_ACT {
            return too_much("entries in an act", ENTRIES_PER_ACT);
        }
        for change in &changes {
            if change.facts.is_empty() || change.facts.len() > FACTS_PER_ENTRY {
                return too_much("facts in an entry", FACTS_PER_ENTRY);
            }
            if change.facts.iter().any(|fact| fact.supersedes.len() > SUPERSEDED_PER_FACT) {
                return too_much("facts superseded by one", SUPERSEDED_PER_FACT);
            }
            let bytes: usize = change.facts.iter().map(|fact| fact.value.len() + fact.supersedes.len() * 34 + 8).sum();
            if bytes > BODY_BYTES {
                return too_much("bytes in an entry", BODY_BYTES);
            }
            let area = change.document.section.compartment.area;
            let own = area == crate::areas::ACCESS;
            if !self.may(area) && !own {
                return Err(RecordsError::NotAllowed(format!(
                    "nobody signed in may write {}",
                    crate::areas::name(area)
                )));
            }
        }
        if let Some(left) = &mut self.fail_after {
            if *left == 0 {
                return Err(RecordsError::Store(muster_core::replica::store::StoreError::Full));
            }
            *left -= 1;
        }
        self.acts += 1;
        let mut act = ActId::ZERO;
        self.random(&mut act.0);
        let mut entries = Vec::new();
        for change in changes {
            let mut hash = EntryHash::ZERO;
            self.random(&mut hash.0);
            self.written += 1;
            let origin = Origin { seat: self.seat, sequence: self.written, at: self.now, act };
            self.receive(hash, Entry { document: change.document, origin, facts: change.facts });
            entries.push(hash);
        }
        Ok(Written { act, entries })
    }

    fn author(&self, seat: &SeatId) -> Option<Author> {
        self.authors.get(seat).copied()
    }

    fn stated(&self) -> Vec<Stated> {
        self.stated.clone()
    }

    fn holders(&self) -> Vec<HeldRights> {
        self.holders.clone()
    }

    fn seat(&self) -> SeatId {
        self.seat
    }

    fn copies(&self, section: &Section, origin: &Origin) -> u32 {
        let of = |(_, entry): &(&EntryHash, &Entry)| entry.origin == *origin && entry.document.section == *section;
        let found = self.entries.iter().find(of).and_then(|(hash, _)| self.copies.get(hash));
        found.copied().unwrap_or(0)
    }

    fn now(&self) -> Moment {
        self.now
    }

    fn random(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let next = self.next().to_le_bytes();
            for (to, from) in chunk.iter_mut().zip(next) {
                *to = from;
            }
        }
    }
}
