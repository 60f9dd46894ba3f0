//! Safeguarding: opening a concern, adding to it, reading it. Nothing is changed or deleted.

use super::{Office, OfficeError};
use crate::areas;
use crate::facts::case::{CaseFact, Concern, Note, Reading};
use crate::facts::{self, Value, documents};
use muster_core::document::fact::Origin;
use muster_core::id::{DocumentId, PlaceId};
use muster_core::replica::records::{Change, Circle, Records};

/// One thing that a case says, and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Who and when.
    pub origin: Origin,
    /// What.
    pub what: CaseFact,
}

impl<R: Records> Office<'_, R> {
    /// Opens a concern at a site: for the safeguarding leads, its author and those told, and for nobody left out.
    ///
    /// # Errors
    /// When there are no words, somebody told may open no concern there, or the records refuse.
    pub fn open_concern(&mut self, site: PlaceId, concern: Concern) -> Result<DocumentId, OfficeError> {
        let document = documents::case(site, self.now().day, self.random_id());
        let (alerted, left_out) = (concern.told.clone(), concern.left_out.clone());
        let circle = Circle { document: document.clone(), alerted, left_out };
        let facts = vec![CaseFact::from(concern).fact()?];
        self.records.write_cases(vec![circle], vec![Change { document: document.clone(), facts }])?;
        Ok(document)
    }

    /// The concerns that this seat can read, in the order of their names. Which they are, and nothing of what they say.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn concerns(&mut self) -> Result<Vec<DocumentId>, OfficeError> {
        let mut found = Vec::new();
        for section in self.records.sections(areas::SAFEGUARDING) {
            found.extend(self.records.documents(&section, documents::CASE)?);
        }
        Ok(found)
    }

    /// Adds to a concern.
    ///
    /// # Errors
    /// When this seat cannot read it, there are no words, or the records refuse.
    pub fn add_to_concern(&mut self, document: &DocumentId, words: &str) -> Result<(), OfficeError> {
        self.records.facts(document)?.ok_or(OfficeError::Unknown("concern"))?;
        let note = CaseFact::from(Note { words: words.trim().to_owned() });
        self.write_one(document.clone(), vec![note.fact()?]).map(drop)
    }

    /// Reads a concern, oldest first. That it was read is written into it before anything of it is given.
    ///
    /// # Errors
    /// When this seat cannot read it, or it cannot be written down.
    pub fn read_concern(&mut self, document: &DocumentId) -> Result<Vec<Said>, OfficeError> {
        self.records.facts(document)?.ok_or(OfficeError::Unknown("concern"))?;
        self.write_one(document.clone(), vec![CaseFact::from(Reading {}).fact()?])?;
        let held = self.records.facts(document)?.ok_or(OfficeError::Unknown("concern"))?;
        let mut said: Vec<Said> =
            facts::all::<CaseFact>(&held).map(|read| Said { origin: *read.held.origin, what: read.value }).collect();
        said.sort_by_key(|one| (one.origin.at, one.origin.sequence));
        Ok(said)
    }
}
