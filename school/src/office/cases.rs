//! Safeguarding: opening a concern, adding to it, reading it. Nothing is changed or deleted.

use super::{Office, OfficeError};
use crate::areas;
use crate::calendar::{self, Day};
use crate::facts::case::{Action, CaseFact, Concern, MarkedRead, Note, Reading};
use crate::facts::{self, Value, documents};
use crate::ids::PupilId;
use crate::limits::IMPORT_CHANGES_PER_ACT;
use crate::safeguarding::is_filed;
use crate::view::SubjectId;
use crate::view::concern::NewConcern;
use muster_core::document::fact::{Facts, Origin};
use muster_core::id::{DocumentId, PersonId, PlaceId};
use muster_core::replica::records::{Change, Circle, Records};
use muster_core::time::Moment;

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

    /// Opens a concern as it was typed on a screen.
    ///
    /// # Errors
    /// As [`Office::open_concern`]; and when it is about nobody, the day or the time cannot be, it is still to come, or
    /// the category is none of the table.
    pub fn add_concern(&mut self, site: PlaceId, new: &NewConcern) -> Result<DocumentId, OfficeError> {
        if new.pupils.is_empty() && new.about.trim().is_empty() {
            return Err(OfficeError::Nothing("say whom it is about: choose a pupil, or write a name"));
        }
        let day = Day::parse(&new.day).map_err(|_| OfficeError::Nothing("write the day as 23/11/2026"))?;
        let minute = calendar::parse_clock(&new.time).ok_or(OfficeError::Nothing("write the time as 09:14"))?;
        let seen = calendar::moment(day, minute);
        if seen.utc_ms > self.records.now().utc_ms {
            return Err(OfficeError::Nothing("that time has not come yet: write when it was seen or said"));
        }
        if !is_filed(&new.category, &new.kind) {
            return Err(OfficeError::Nothing("choose a category, and its kind"));
        }
        let people = |chosen: &[SubjectId]| chosen.iter().map(|one| PersonId(one.0)).collect();
        let concern = Concern {
            pupils: new.pupils.iter().map(|one| PupilId(one.0)).collect(),
            about: new.about.trim().to_owned(),
            seen_ms: seen.utc_ms,
            words: as_typed(&new.words),
            category: new.category.clone(),
            kind: new.kind.clone(),
            told: people(&new.told),
            left_out: people(&new.left_out),
        };
        self.open_concern(site, concern)
    }

    /// Adds to a concern.
    ///
    /// # Errors
    /// When this seat cannot read it, there are no words, or the records refuse.
    pub fn add_to_concern(&mut self, document: &DocumentId, words: &str) -> Result<(), OfficeError> {
        self.say_in_concern(document, Note { words: as_typed(words) }.into())
    }

    /// Says what was done about a concern.
    ///
    /// # Errors
    /// As [`Office::add_to_concern`].
    pub fn act_on_concern(&mut self, document: &DocumentId, words: &str) -> Result<(), OfficeError> {
        self.say_in_concern(document, Action { words: as_typed(words) }.into())
    }

    /// Says that whoever acts has read a concern, with all that stands in it now.
    ///
    /// # Errors
    /// When this seat cannot read it, did not open it to read, or the records refuse.
    pub fn mark_concern_read(&mut self, document: &DocumentId) -> Result<(), OfficeError> {
        let me = self.records.author(&self.records.seat()).and_then(|author| author.person);
        let held = self.records.facts(document)?.ok_or(OfficeError::Unknown("concern"))?;
        let standing = Standing::of(self.records, &held, me);
        if !standing.opened {
            return Err(OfficeError::Nothing("open the concern first, then mark it as read"));
        }
        self.say_in_concern(document, MarkedRead { said: standing.said }.into())
    }

    fn say_in_concern(&mut self, document: &DocumentId, says: CaseFact) -> Result<(), OfficeError> {
        self.records.facts(document)?.ok_or(OfficeError::Unknown("concern"))?;
        self.write_one(document.clone(), vec![says.fact()?]).map(drop)
    }

    /// Opens all concerns about a pupil that this seat can read, to be read as a chronology. That they were read is
    /// written into each.
    ///
    /// # Errors
    /// When the records cannot be read, or it cannot be written down: then none is given.
    pub fn open_chronology(&mut self, pupil: PupilId) -> Result<Vec<DocumentId>, OfficeError> {
        let mut found = Vec::new();
        for document in self.concerns()? {
            let Some(held) = self.records.facts(&document)? else { continue };
            let names = |read: facts::Read<'_, CaseFact>| matches!(read.value, CaseFact::Concern(concern) if concern.pupils.contains(&pupil));
            if facts::all::<CaseFact>(&held).any(names) {
                found.push(document);
            }
        }
        for some in found.chunks(IMPORT_CHANGES_PER_ACT) {
            let reading = CaseFact::from(Reading {}).fact()?;
            let change = |document: &DocumentId| Change { document: document.clone(), facts: vec![reading.clone()] };
            self.records.write(some.iter().map(change).collect())?;
        }
        Ok(found)
    }

    /// Reads a concern, oldest first. That it was read is written into it before anything of it is given.
    ///
    /// # Errors
    /// When this seat cannot read it, or it cannot be written down.
    pub fn read_concern(&mut self, document: &DocumentId) -> Result<Vec<Said>, OfficeError> {
        self.records.facts(document)?.ok_or(OfficeError::Unknown("concern"))?;
        self.write_one(document.clone(), vec![CaseFact::from(Reading {}).fact()?])?;
        let held = self.records.facts(document)?.ok_or(OfficeError::Unknown("concern"))?;
        Ok(said(&held))
    }
}

/// All that a file says, the oldest first.
pub(crate) fn said(held: &Facts) -> Vec<Said> {
    let mut said: Vec<Said> =
        facts::all::<CaseFact>(held).map(|read| Said { origin: *read.held.origin, what: read.value }).collect();
    said.sort_by_key(|one| (one.origin.at, one.origin.sequence));
    said
}

/// How far somebody is with a concern.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// They wrote it.
    pub(crate) own: bool,
    /// They opened it to read.
    pub(crate) opened: bool,
    /// How many things others have said in it.
    pub(crate) said: u32,
    /// As many stood there when they last marked it as read, and when that was.
    pub(crate) marked: Option<(u32, Moment)>,
}

impl Standing {
    pub(crate) fn of(records: &impl Records, held: &Facts, me: Option<PersonId>) -> Self {
        let mut standing = Self::default();
        for read in facts::all::<CaseFact>(held) {
            let author = records.author(&read.held.origin.seat).and_then(|author| author.person);
            let mine = me.is_some() && author == me;
            match read.value {
                CaseFact::Concern(_) if mine => standing.own = true,
                CaseFact::Concern(_) | CaseFact::Note(_) | CaseFact::Action(_) if !mine => standing.said += 1,
                CaseFact::Reading(_) => standing.opened |= mine,
                CaseFact::MarkedRead(MarkedRead { said }) if mine => {
                    let before = standing.marked.map_or(0, |(before, _)| before);
                    if said >= before {
                        standing.marked = Some((said, read.held.origin.at));
                    }
                }
                _ => {}
            }
        }
        standing
    }
}

/// Words as they were typed, without what no page shows: line ends of another kind, tabs, marks of a clipboard.
fn as_typed(words: &str) -> String {
    let words = words.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n").replace('\t', " ");
    words.chars().filter(|symbol| *symbol == '\n' || !symbol.is_control()).collect::<String>().trim().to_owned()
}
