//! What shows for a pupil and a session, across documents.
//!
//! An office amendment stands over the marks of a class; among equals the longest chain of supersession shows, then
//! the greatest fact name. Nothing is hidden: every version that nothing replaces is there with its author, and two
//! that differ are a conflict until a person settles it.

use crate::calendar::Session;
use crate::codes::Code;
use crate::facts;
use crate::facts::documents;
use crate::facts::register::RegisterFact;
use crate::ids::PupilId;
use muster_core::document::fact::{FactRef, Facts, Origin};
use muster_core::id::{DocumentId, PersonId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One mark as it stands in a register.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// Its name.
    pub name: FactRef,
    /// The document it is in.
    pub document: DocumentId,
    /// What it says.
    pub fact: RegisterFact,
    /// Who and when.
    pub origin: Origin,
    /// How many times it was changed before.
    pub depth: u32,
    /// What it replaced.
    pub replaced: Vec<FactRef>,
    /// Nothing replaces it.
    pub stands: bool,
}

impl Version {
    /// The code it gives.
    pub fn code(&self) -> Option<Code> {
        self.fact.code()
    }

    /// The minutes it gives.
    pub fn minutes(&self) -> Option<u16> {
        self.fact.minutes()
    }

    /// An amendment, made after the register closed or to settle.
    pub fn is_amendment(&self) -> bool {
        matches!(self.fact, RegisterFact::Amendment(_))
    }

    fn rank(&self) -> (bool, bool, u32, FactRef) {
        (self.code().is_some(), self.is_amendment(), self.depth, self.name)
    }
}

/// The marks of one register document: a group and a week.
#[derive(Debug)]
pub struct WeekMarks {
    /// The document.
    pub document: DocumentId,
    marks: BTreeMap<(PupilId, Session), Vec<Version>>,
    finished: BTreeMap<Session, Vec<Origin>>,
    covered: BTreeMap<Session, Vec<(PersonId, Origin)>>,
    /// Whose marks these are, sorted.
    pupils: Vec<PupilId>,
}

impl WeekMarks {
    /// Decodes a document. Marks of sessions that cannot be in it are left out.
    pub fn from_facts(document: &DocumentId, held: &Facts) -> Self {
        let reads: Vec<facts::Read<'_, RegisterFact>> = facts::all(held).collect();
        // A mark replaces marks of its own pupil and session alone, whatever it names; what a newer version's fact
        // replaces is honoured.
        let mut gone: BTreeSet<FactRef> = BTreeSet::new();
        if reads.iter().any(|read| !read.held.fact.supersedes.is_empty()) {
            let about: BTreeMap<FactRef, Option<(PupilId, u8)>> =
                reads.iter().map(|read| (read.held.name, read.value.about())).collect();
            for read in &reads {
                let newer = matches!(read.value, RegisterFact::Unknown { .. });
                let own = read.value.about();
                let replaces = |name: &&FactRef| newer || (own.is_some() && about.get(*name) == Some(&own));
                gone.extend(read.held.fact.supersedes.iter().filter(replaces).copied());
            }
        }
        let mut marks: BTreeMap<_, Vec<Version>> = BTreeMap::new();
        let mut finished: BTreeMap<_, Vec<Origin>> = BTreeMap::new();
        let mut covered: BTreeMap<_, Vec<(PersonId, Origin)>> = BTreeMap::new();
        for read in reads {
            match &read.value {
                RegisterFact::Finished(end) => {
                    if let Some(session) = documents::register_session(document, end.session) {
                        finished.entry(session).or_default().push(*read.held.origin);
                    }
                }
                RegisterFact::Covered(cover) => {
                    if let Some(session) = documents::register_session(document, cover.session) {
                        covered.entry(session).or_default().push((cover.instead_of, *read.held.origin));
                    }
                }
                _ => {}
            }
            let Some((pupil, place)) = read.value.about() else { continue };
            let Some(session) = documents::register_session(document, place) else { continue };
            let name = read.held.name;
            let replaced = read.held.fact.supersedes.clone();
            marks.entry((pupil, session)).or_default().push(Version {
                name,
                document: document.clone(),
                depth: if replaced.is_empty() { 0 } else { held.depth(&name) },
                replaced,
                origin: *read.held.origin,
                stands: !gone.contains(&name),
                fact: read.value,
            });
        }
        let mut pupils: Vec<PupilId> = marks.keys().map(|(pupil, _)| *pupil).collect();
        pupils.dedup();
        Self { document: document.clone(), marks, finished, covered, pupils }
    }

    /// Who finished a session's register, and when.
    pub fn finished(&self, session: Session) -> &[Origin] {
        self.finished.get(&session).map_or(&[], Vec::as_slice)
    }

    /// Whose register somebody else took in a session, and who.
    pub fn covered(&self, session: Session) -> &[(PersonId, Origin)] {
        self.covered.get(&session).map_or(&[], Vec::as_slice)
    }

    /// Every version for a pupil and session, replaced ones too.
    pub fn versions(&self, pupil: PupilId, session: Session) -> &[Version] {
        self.marks.get(&(pupil, session)).map_or(&[], Vec::as_slice)
    }

    /// The pupils that have a mark in a session, replaced or not.
    pub fn marked(&self, session: Session) -> impl Iterator<Item = PupilId> {
        self.marks.iter().filter(move |((_, at), _)| *at == session).map(|((pupil, _), _)| *pupil)
    }

    /// The pupils of whom there is a mark, replaced or not, sorted.
    pub fn pupils(&self) -> &[PupilId] {
        &self.pupils
    }

    /// Everything of the document.
    pub fn iter(&self) -> impl Iterator<Item = (&(PupilId, Session), &Vec<Version>)> {
        self.marks.iter()
    }
}

/// What shows for one pupil and session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Current {
    /// What stands, the one that shows first. Empty when nobody has marked.
    pub standing: Vec<Version>,
}

impl Current {
    /// The mark that shows; `None` when there is none, or it was taken back.
    pub fn shown(&self) -> Option<&Version> {
        self.standing.first().filter(|version| version.code().is_some())
    }

    /// The code that shows.
    pub fn code(&self) -> Option<Code> {
        self.shown().and_then(Version::code)
    }

    /// Two marks stand that say different things. A mark taken back while the register was open contradicts nothing.
    pub fn is_conflict(&self) -> bool {
        differ(self.standing.iter())
    }
}

fn differ<'a>(standing: impl Iterator<Item = &'a Version>) -> bool {
    let mut said = standing
        .filter(|version| version.code().is_some() || version.is_amendment())
        .map(|version| crate::known::said(&version.fact));
    let first = said.next();
    said.any(|other| Some(other) != first)
}

/// As [`Board::current`] for versions of one pupil and session, without copying any: the mark that shows, and whether
/// two that differ stand.
pub(crate) fn decide(versions: &[Version]) -> (Option<&Version>, bool) {
    let standing = || versions.iter().filter(|version| version.stands);
    let shown = standing().max_by_key(|version| version.rank()).filter(|version| version.code().is_some());
    (shown, differ(standing()))
}

/// The registers of one week, over all groups: what shows is worked out across them, so that a pupil who changed
/// group has one mark.
#[derive(Clone, Debug, Default)]
pub struct Board {
    weeks: Vec<Arc<WeekMarks>>,
    same: Arc<BTreeMap<PupilId, Vec<PupilId>>>,
    /// In which of the documents a pupil has marks: a school of 2,000 has 100 a week, and a pupil is in one or two.
    places: Arc<BTreeMap<PupilId, Vec<usize>>>,
}

impl Board {
    /// Over these documents. `same` gives for a pupil the children written down provisionally who turned out to be
    /// this one: their marks are this pupil's.
    pub fn new(weeks: Vec<Arc<WeekMarks>>, same: Arc<BTreeMap<PupilId, Vec<PupilId>>>) -> Self {
        let mut places: BTreeMap<PupilId, Vec<usize>> = BTreeMap::new();
        for (place, week) in weeks.iter().enumerate() {
            for pupil in week.pupils() {
                places.entry(*pupil).or_default().push(place);
            }
        }
        Self { weeks, same, places: Arc::new(places) }
    }

    fn versions(&self, pupil: PupilId, session: Session) -> impl Iterator<Item = &Version> {
        let others = self.same.get(&pupil).map_or(&[][..], Vec::as_slice);
        std::iter::once(pupil).chain(others.iter().copied()).flat_map(move |one| {
            let places = self.places.get(&one).map_or(&[][..], Vec::as_slice);
            let weeks = places.iter().filter_map(|place| self.weeks.get(*place));
            weeks.flat_map(move |week| week.versions(one, session))
        })
    }

    /// What shows for a pupil and session.
    pub fn current(&self, pupil: PupilId, session: Session) -> Current {
        let mut standing: Vec<_> = self.versions(pupil, session).filter(|version| version.stands).cloned().collect();
        standing.sort_by_key(|version| std::cmp::Reverse(version.rank()));
        Current { standing }
    }

    /// What was shown to somebody: the marks with these names, whether or not they stand by now; `None` means those
    /// that stand. The first is the one that showed.
    pub fn seen(&self, pupil: PupilId, session: Session, among: Option<&[FactRef]>) -> Current {
        let Some(among) = among else { return self.current(pupil, session) };
        let shown = self.versions(pupil, session).filter(|version| among.contains(&version.name));
        let mut standing: Vec<_> = shown.cloned().collect();
        standing.sort_by_key(|version| std::cmp::Reverse(version.rank()));
        Current { standing }
    }

    /// Every version ever written for a pupil and session, oldest first by the clocks of their authors.
    pub fn history(&self, pupil: PupilId, session: Session) -> Vec<Version> {
        let mut all: Vec<_> = self.versions(pupil, session).cloned().collect();
        all.sort_by_key(|version| (version.origin.at, version.depth, version.name));
        all
    }

    /// Pupils with two marks in a session that differ.
    pub fn conflicts(&self, session: Session) -> Vec<PupilId> {
        let mut pupils: Vec<_> = self.weeks.iter().flat_map(|week| week.marked(session)).collect();
        pupils.sort_unstable();
        pupils.dedup();
        pupils.retain(|pupil| self.current(*pupil, session).is_conflict());
        pupils
    }

    /// The documents it is worked out from.
    pub fn weeks(&self) -> &[Arc<WeekMarks>] {
        &self.weeks
    }
}
