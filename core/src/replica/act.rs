//! Reading and writing records as one seat.

use super::commit::Piece;
use super::records::{
    Author, Change, Circle, HeldRights, Records, RecordsError, Since, Stated, WithKept, Worked, Written,
};
use super::store::{Store, StoreError};
use super::{Context, Interval, Replica};
use crate::authority::capability::Right;
use crate::authority::reduction::EntryName;
use crate::authority::view::Ends;
use crate::document::fact::{Facts, Origin};
use crate::document::payload::handle;
use crate::id::{Area, DocumentId, EntryHash, SeatId, Section};
use crate::log::header::{Descriptor, Kind};
use crate::time::Moment;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A replica, a seat that is signed in on it, and what time it is.
#[derive(Debug)]
pub struct Writer<'a, S> {
    replica: &'a mut Replica<S>,
    seat: SeatId,
    context: Context<'a>,
}

impl<S: Store> Replica<S> {
    /// As a seat that is signed in; `None` for one that is not. The device's own always is.
    pub fn writer<'a>(&'a mut self, seat: SeatId, context: Context<'a>) -> Option<Writer<'a, S>> {
        let known = seat == self.device_seat() || self.signed_in.contains_key(&seat);
        known.then_some(Writer { replica: self, seat, context })
    }
}

impl<S: Store> Records for Writer<'_, S> {
    fn facts(&mut self, document: &DocumentId) -> Result<Option<Arc<Facts>>, RecordsError> {
        if !self.may_look(&document.section) {
            return Ok(None);
        }
        self.catch_up_to_read(&document.section)?;
        if !self.reads(document) {
            return Ok(None);
        }
        let found = self.read(&document.section, |replica| replica.facts_of(document))?;
        if self.replica.posts(&self.seat, &document.section.compartment) {
            return Ok(found.map(|facts| Arc::new(facts.by(&self.seat))).filter(|facts| !facts.is_empty()));
        }
        Ok(found)
    }

    fn documents(&mut self, section: &Section, kind: u16) -> Result<Vec<DocumentId>, RecordsError> {
        if !self.may_look(section) {
            return Ok(Vec::new());
        }
        self.catch_up_to_read(section)?;
        let mut found = self.read(section, |replica| replica.documents_of(section, kind))?;
        found.retain(|document| self.reads(document));
        Ok(found)
    }

    fn changed_since(&mut self, section: &Section, kind: u16, since: Option<u64>) -> Result<Since, RecordsError> {
        if !self.may_look(section) {
            return Ok(Since { at: 0, documents: None });
        }
        self.catch_up_to_read(section)?;
        let (at, mut documents) = self.read(section, |replica| replica.changed_since(section, kind, since))?;
        if let Some(found) = &mut documents {
            found.retain(|document| self.reads(document));
        }
        Ok(Since { at, documents })
    }

    fn documents_with(&mut self, section: &Section, kind: u16, what: u16) -> Result<Vec<WithKept>, RecordsError> {
        if !self.may_look(section) {
            return Ok(Vec::new());
        }
        self.catch_up_to_read(section)?;
        let mut found = self.read(section, |replica| replica.documents_with(section, kind, what))?;
        found.retain(|(document, _)| self.reads(document));
        Ok(found)
    }

    fn keep(&mut self, what: u16, values: &[Worked]) -> Result<(), RecordsError> {
        self.replica.keep(what, values, self.context.random)
    }

    fn sections(&self, area: Area) -> Vec<Section> {
        let sections: BTreeSet<Section> = self
            .replica
            .logs
            .values()
            .map(|state| state.descriptor.section)
            .filter(|section| section.compartment.area == area && self.may_look(section))
            .collect();
        sections.into_iter().collect()
    }

    fn write(&mut self, changes: Vec<Change>) -> Result<Written, RecordsError> {
        self.write_cases(Vec::new(), changes)
    }

    fn write_cases(&mut self, circles: Vec<Circle>, changes: Vec<Change>) -> Result<Written, RecordsError> {
        let documents = changes.iter().map(|change| &change.document).chain(circles.iter().map(|one| &one.document));
        for section in documents.map(|document| document.section).collect::<BTreeSet<_>>() {
            self.catch_up(&section)?;
        }
        let keys = self.replica.seat_keys(&self.seat)?;
        // Who reads a case is settled before anything is written in it.
        let pieces = circles.into_iter().map(Piece::Case).chain(changes.into_iter().map(Piece::Facts));
        self.replica.commit(&keys, pieces.collect(), &mut self.context)
    }

    fn author(&self, seat: &SeatId) -> Option<Author> {
        self.replica.view.author(seat)
    }

    fn interval(&self, entry: &EntryHash) -> Option<Interval> {
        self.replica.interval(entry)
    }

    fn stated(&self) -> Vec<Stated> {
        self.replica.stated()
    }

    fn holders(&self) -> Vec<HeldRights> {
        self.replica.holders()
    }

    fn seat(&self) -> SeatId {
        self.seat
    }

    fn copies(&self, section: &Section, origin: &Origin) -> u32 {
        let log = Descriptor { seat: origin.seat, section: *section }.id(&self.replica.school);
        self.replica.copies(&log, origin.sequence)
    }

    fn now(&self) -> Moment {
        self.context.now
    }

    fn random(&mut self, bytes: &mut [u8]) {
        self.context.random.fill_bytes(bytes);
    }
}

impl<S: Store> Writer<'_, S> {
    /// The replica.
    pub fn replica(&self) -> &Replica<S> {
        self.replica
    }

    /// What an entry says that waits to be adopted, for whoever is to judge it: as if it stood alone in its document.
    /// `None` where this seat may not read it, or no key at hand opens it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn look_into(&mut self, name: &EntryName) -> Result<Option<(DocumentId, Facts)>, RecordsError> {
        let Some(descriptor) = self.replica.logs().get(&name.log).map(|state| state.descriptor) else {
            return Ok(None);
        };
        let section = descriptor.section;
        let Some((entry, _)) = self.replica.entry(&name.log, name.sequence, &name.hash)? else { return Ok(None) };
        if !self.may_look(&section) || entry.header().kind != Kind::FACTS {
            return Ok(None);
        }
        let Ok((document, _, facts)) = self.replica.open_entry(&section, &entry) else { return Ok(None) };
        if !self.reads(&document) {
            return Ok(None);
        }
        let header = entry.header();
        let origin = Origin { seat: descriptor.seat, sequence: header.sequence, at: header.at, act: header.act };
        let mut held = Facts::default();
        held.insert(name.hash, origin, facts);
        Ok(Some((document, held)))
    }

    fn may(&self, right: Right, section: &Section) -> bool {
        let ends = Ends::NotBy(self.context.now);
        self.replica.view.may(&self.seat, right, &section.compartment, ends).is_some()
    }

    /// Whether there may be anything for this seat to read in a section.
    fn may_look(&self, section: &Section) -> bool {
        let rights: &[Right] = if self.replica.is_case(section) { &Right::OPENS_CASES } else { &[Right::Read] };
        rights.iter().any(|right| self.may(*right, section)) || self.replica.posts(&self.seat, &section.compartment)
    }

    /// Whether this seat can read a document of a section that it may look into.
    fn reads(&self, document: &DocumentId) -> bool {
        let section = &document.section;
        !self.replica.is_case(section)
            || self.replica.reads_case(&self.seat, section, &handle(&self.replica.school, document), self.context.now)
    }

    /// Reading does without what a full disk leaves unapplied: what was applied before still shows.
    fn catch_up_to_read(&mut self, section: &Section) -> Result<(), RecordsError> {
        match self.catch_up(section) {
            Err(RecordsError::Store(StoreError::Full)) => Ok(()),
            done => done,
        }
    }

    /// Reads of a section, and once more where something of it, as it is kept, had rotted: that is made afresh first.
    fn read<T>(
        &mut self,
        section: &Section,
        read: impl Fn(&mut Replica<S>) -> Result<T, RecordsError>,
    ) -> Result<T, RecordsError> {
        let found = read(self.replica)?;
        if !self.replica.damaged.contains(section) {
            return Ok(found);
        }
        self.catch_up_to_read(section)?;
        read(self.replica)
    }

    fn catch_up(&mut self, section: &Section) -> Result<(), RecordsError> {
        if self.replica.behind.contains(section) {
            self.replica.materialise(section, self.context.random)?;
        }
        Ok(())
    }
}
