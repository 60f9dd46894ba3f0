//! What is known of the school and its people, decoded and kept: sites, groups, times, staff, pupils, registers.
//!
//! A cache over records: [`Known::refresh`] reads again only the documents that changed since (a document whose
//! facts are the same shared value is not decoded twice). It promises nothing that the documents do not say, and
//! can be thrown away at any time.
//!
//! Not here: the fire register, which works from the roll alone (see `fire`).

mod days;
pub mod family;
mod people;
mod sites;

pub use days::DayKind;
pub use people::{About as PupilAbout, Care, Noted, Planned, Pupil};
pub(crate) use sites::natural;
pub use sites::{About, SITE_LEAD, School};

use crate::areas;
use crate::calendar::{Day, Local, Session};
use crate::codes::Code;
use crate::facts::pupil::{Placing, PupilFact};
use crate::facts::register::RegisterFact;
use crate::facts::{self, documents};
use crate::figures::{Cell, Ledger, Period};
use crate::ids::{GroupId, PupilId};
use crate::register::current::{Board, WeekMarks};
use crate::story::Trail;
use muster_core::document::fact::{FactRef, Facts, Held};
use muster_core::id::{DocumentId, PersonId, PlaceId};
use muster_core::replica::records::{Records, RecordsError};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

type Kept<T> = BTreeMap<DocumentId, (Arc<Facts>, T)>;

/// See the module.
#[derive(Debug, Default)]
pub struct Known {
    school_facts: Option<Arc<Facts>>,
    school: School,
    pupil_docs: Kept<Arc<Pupil>>,
    care_docs: Kept<Arc<Care>>,
    registers: Kept<Arc<WeekMarks>>,
    pupils: BTreeMap<PupilId, Arc<Pupil>>,
    care: BTreeMap<PupilId, Arc<Care>>,
    ledger: Ledger,
    trail: Trail,
    /// Children written down provisionally, by the pupil with whom they were matched.
    same: Arc<BTreeMap<PupilId, Vec<PupilId>>>,
}

impl Known {
    /// Reads the school, its pupils and their care anew where they changed.
    ///
    /// Cost: one look-up a pupil; decoding only of what changed.
    ///
    /// # Errors
    /// When the records cannot be read. What was known stays.
    pub fn refresh(&mut self, records: &mut impl Records) -> Result<(), RecordsError> {
        self.refresh_school(records)?;
        let mut changed = false;
        for section in records.sections(areas::PUPIL) {
            for document in records.documents(&section, documents::PUPIL)? {
                let Some(facts) = records.facts(&document)? else { continue };
                if self.pupil_docs.get(&document).is_some_and(|(held, _)| Arc::ptr_eq(held, &facts)) {
                    continue;
                }
                let Some(id) = PupilId::from_slice(&document.key) else { continue };
                let pupil = Pupil::from_facts(id, section.compartment.place, &facts);
                self.pupil_docs.insert(document, (facts, Arc::new(pupil)));
                changed = true;
            }
        }
        if changed {
            // Of a pupil who went to another site, the document there is the one: the newest arrival.
            let place = |pupil: &Pupil| (pupil.moved_to.is_none(), pupil.arrived);
            self.pupils.clear();
            for (_, pupil) in self.pupil_docs.values() {
                if self.pupils.get(&pupil.id).is_none_or(|held| place(held) < place(pupil)) {
                    self.pupils.insert(pupil.id, Arc::clone(pupil));
                }
            }
            let mut same: BTreeMap<PupilId, Vec<PupilId>> = BTreeMap::new();
            for pupil in self.pupils.values() {
                if let Some(to) = pupil.matched {
                    same.entry(to).or_default().push(pupil.id);
                }
            }
            self.same = Arc::new(same);
        }
        let moved = changed;
        let mut changed = false;
        for section in records.sections(areas::CARE) {
            for document in records.documents(&section, documents::CARE)? {
                let Some(facts) = records.facts(&document)? else { continue };
                if self.care_docs.get(&document).is_some_and(|(held, _)| Arc::ptr_eq(held, &facts)) {
                    continue;
                }
                let Some(id) = PupilId::from_slice(&document.key) else { continue };
                self.care_docs.insert(document, (Arc::clone(&facts), Arc::new(Care::from_facts(id, &facts))));
                changed = true;
            }
        }
        if changed || moved {
            self.care.clear();
            for (document, (_, care)) in &self.care_docs {
                let home =
                    self.pupils.get(&care.pupil).is_none_or(|held| documents::care(held.site, held.id) == *document);
                if home || !self.care.contains_key(&care.pupil) {
                    self.care.insert(care.pupil, Arc::clone(care));
                }
            }
        }
        Ok(())
    }

    /// Where something of a pupil was written by somebody who did not know that they had gone to another site: it is
    /// in no list, and has to be looked at there.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn left_behind(&self, records: &mut impl Records, pupil: &Pupil) -> Result<Vec<PlaceId>, RecordsError> {
        let mut found = Vec::new();
        let Some(home) = records.facts(&documents::pupil(pupil.site, pupil.id))? else { return Ok(found) };
        let elsewhere =
            |document: &&DocumentId| document.key == pupil.id.0 && document.section.compartment.place != pupil.site;
        for document in self.pupil_docs.keys().filter(elsewhere) {
            let Some(facts) = records.facts(document)? else { continue };
            let mut unseen = facts.current().filter(|held| {
                let same = |there: Held<'_>| (there.fact.kind, &there.fact.value) == (held.fact.kind, &held.fact.value);
                let of_move = matches!(
                    facts::read::<PupilFact>(*held).map(|read| read.value),
                    Some(PupilFact::MovedSite(_) | PupilFact::Placing(Placing { group: None, .. }))
                );
                !of_move && !home.iter().any(same)
            });
            if unseen.next().is_some() {
                found.push(document.section.compartment.place);
            }
        }
        Ok(found)
    }

    /// Reads the school's own document anew if it changed.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn refresh_school(&mut self, records: &mut impl Records) -> Result<(), RecordsError> {
        if let Some(facts) = records.facts(&documents::school())?
            && self.school_facts.as_ref().is_none_or(|held| !Arc::ptr_eq(held, &facts))
        {
            self.school = School::from_facts(&facts);
            self.school_facts = Some(facts);
        }
        Ok(())
    }

    /// The school.
    pub fn school(&self) -> &School {
        &self.school
    }

    /// One pupil.
    pub fn pupil(&self, id: PupilId) -> Option<&Arc<Pupil>> {
        self.pupils.get(&id)
    }

    /// Every pupil that may be read, by id.
    pub fn pupils(&self) -> impl Iterator<Item = &Arc<Pupil>> {
        self.pupils.values()
    }

    /// What is known of a pupil's care, where it may be read.
    pub fn care(&self, id: PupilId) -> Option<&Arc<Care>> {
        self.care.get(&id)
    }

    /// A pupil's family, where it may be read. Decoded anew each time: it is opened for one pupil at a time.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn family(&self, records: &mut impl Records, pupil: PupilId) -> Result<Option<family::Family>, RecordsError> {
        let Some(held) = self.pupils.get(&pupil) else { return Ok(None) };
        let facts = records.facts(&documents::family(held.site, pupil))?;
        Ok(facts.map(|facts| family::Family::from_facts(&facts)))
    }

    /// The pupils of a group on a day, on roll then, by surname and forename.
    pub fn members(&self, group: GroupId, day: Day) -> Vec<&Arc<Pupil>> {
        let mut found: Vec<_> =
            self.pupils.values().filter(|pupil| pupil.group_on(day) == Some(group) && pupil.is_on_roll(day)).collect();
        found.sort_by(|a, b| (&a.sort, a.id).cmp(&(&b.sort, b.id)));
        found
    }

    /// What is filled in for a pupil in a session until somebody confirms it: a plan, a timetable, or `Y4` on a day
    /// that the site unexpectedly lost.
    pub fn planned<'a>(&'a self, pupil: &'a Pupil, session: Session) -> Option<Planned<'a>> {
        let site = pupil.group_on(session.day).and_then(|group| self.school.groups.get(&group)).map(|group| group.site);
        pupil.plan(session).or_else(|| match self.school.day(site.unwrap_or(pupil.site), session.day) {
            DayKind::Lost(note) => Some(Planned { code: Code::SITE_CLOSED, note }),
            _ => None,
        })
    }

    /// Pupils whose name has what was typed, at most `most`, by name.
    pub fn search(&self, typed: &str, most: usize) -> Vec<&Arc<Pupil>> {
        let typed = crate::names::fold(typed);
        let mut found: Vec<_> =
            self.pupils.values().filter(|pupil| crate::names::matches(&typed, &pupil.folded)).collect();
        found.sort_by(|a, b| (&a.sort, a.id).cmp(&(&b.sort, b.id)));
        found.truncate(most);
        found
    }

    /// A member of staff as sentences name them, such as `Helen Marsh`.
    pub fn staff_name(&self, person: PersonId) -> String {
        let unknown = if person == SITE_LEAD { "the site lead" } else { "Somebody" };
        self.school.staff.get(&person).map_or_else(
            || unknown.to_owned(),
            |staff| format!("{} {}", staff.forename, staff.surname).trim().to_owned(),
        )
    }

    /// The marks of one register document; `None` when nothing of it is held.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn register(
        &mut self,
        records: &mut impl Records,
        document: &DocumentId,
    ) -> Result<Option<Arc<WeekMarks>>, RecordsError> {
        let Some(facts) = records.facts(document)? else { return Ok(None) };
        if let Some((held, marks)) = self.registers.get(document)
            && Arc::ptr_eq(held, &facts)
        {
            return Ok(Some(Arc::clone(marks)));
        }
        let marks = Arc::new(WeekMarks::from_facts(document, &facts));
        if self.registers.len() >= REGISTERS_KEPT {
            self.registers.pop_first();
        }
        self.registers.insert(document.clone(), (facts, Arc::clone(&marks)));
        Ok(Some(marks))
    }

    /// The marks of every register of the week of a day, of every group and site that may be read.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn registers_of_week(
        &mut self,
        records: &mut impl Records,
        day: Day,
    ) -> Result<Vec<Arc<WeekMarks>>, RecordsError> {
        let mut found = Vec::new();
        for section in records.sections(areas::REGISTER) {
            if section.year != day.year() {
                continue;
            }
            for document in records.documents(&section, documents::REGISTER)? {
                if document.key.get(16..) == Some(day.week().key().as_slice())
                    && let Some(marks) = self.register(records, &document)?
                {
                    found.push(marks);
                }
            }
        }
        Ok(found)
    }

    /// What is known of when everything was done, to be kept again with [`Known::keep_trail`].
    pub(crate) fn take_trail(&mut self) -> Trail {
        std::mem::take(&mut self.trail)
    }

    pub(crate) fn keep_trail(&mut self, trail: Trail) {
        self.trail = trail;
    }

    pub(crate) fn trail(&self) -> &Trail {
        &self.trail
    }

    /// Every mark, as far as it was read.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Reads the registers of a period that are new or have changed, at most `most`, and gives how many are left.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn read_ledger(
        &mut self,
        records: &mut impl Records,
        period: Period,
        most: usize,
    ) -> Result<usize, RecordsError> {
        self.ledger.read(records, (period.from, period.to), most)
    }

    /// Whether a mark is due of a pupil at all: boarders are exempt from the attendance register (reg. 10(1)), and a
    /// child on no list is not on the admission register. What is marked of one all the same counts as of anybody.
    pub fn is_mark_due(pupil: &Pupil) -> bool {
        pupil.provisional.is_none() && !Self::is_boarder(pupil)
    }

    /// Whether a pupil boards.
    pub fn is_boarder(pupil: &Pupil) -> bool {
        pupil.entry.as_ref().is_some_and(|entry| entry.boarder)
    }

    /// Whether a mark is due of a pupil who is in no class that there is: then no register asks for it.
    pub fn is_without_class(&self, pupil: &Pupil, day: Day) -> bool {
        let group = pupil.group_on(day).and_then(|group| self.school.groups.get(&group));
        group.is_none() && pupil.provisional.is_none() && pupil.is_on_roll(day) && Self::is_mark_due(pupil)
    }

    /// The children written down provisionally who turned out to be this pupil.
    pub(crate) fn twins(&self, pupil: PupilId) -> &[PupilId] {
        self.same.get(&pupil).map_or(&[], Vec::as_slice)
    }

    /// What shows for a pupil in the sessions of a period that have a mark, in order.
    pub fn marks(&self, pupil: PupilId, period: Period) -> BTreeMap<Session, Cell> {
        let mut found: BTreeMap<Session, Cell> = self.ledger.marks(pupil, period).collect();
        for twin in self.twins(pupil) {
            for (session, cell) in self.ledger.marks(*twin, period) {
                let shown = found.entry(session).or_default();
                *shown = shown.with(cell);
            }
        }
        found
    }

    /// At which site a pupil is on a day: that of their group, or where their record is.
    pub fn site_on(&self, pupil: &Pupil, day: Day) -> PlaceId {
        let group = pupil.group_on(day).and_then(|group| self.school.groups.get(&group));
        group.map_or(pupil.site, |group| group.site)
    }

    /// Why there is no school for a pupil on a day; `None` when there is, or should have been.
    pub fn closed_to(&self, pupil: &Pupil, day: Day) -> Option<&str> {
        let site = self.site_on(pupil, day);
        match pupil.group_on(day) {
            Some(group) => self.school.closed_to(site, group, day),
            None => self.school.closed(site, day),
        }
    }

    /// At which sites a pupil was on the school days of a period, as long as they were on roll.
    pub fn sites_in(&self, pupil: &Pupil, period: Period) -> BTreeSet<PlaceId> {
        let days = period.days().filter(|day| pupil.is_on_roll(*day));
        let at = days.map(|day| (self.site_on(pupil, day), day));
        at.filter(|(site, day)| self.school.closed(*site, *day).is_none()).map(|(site, _)| site).collect()
    }

    /// Whether the register of a group in a session should be complete by now: there is school for the group on that
    /// day, and the deadline has passed.
    pub fn is_due(&self, site: PlaceId, group: GroupId, session: Session, now: Local) -> bool {
        self.is_over(site, session, now) && self.school.closed_to(site, group, session.day).is_none()
    }

    /// Whether the deadline for the registers of a session has passed.
    pub fn is_over(&self, site: PlaceId, session: Session, now: Local) -> bool {
        session.day < now.day || (session.day == now.day && self.school.times_of(site, session).deadline <= now.minute)
    }

    /// What shows in the week of a day, over all groups.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn board(&mut self, records: &mut impl Records, day: Day) -> Result<Board, RecordsError> {
        Ok(Board::new(self.registers_of_week(records, day)?, Arc::clone(&self.same)))
    }

    /// A site's name, `the school` for none.
    pub fn site_name(&self, site: PlaceId) -> &str {
        self.school.sites.get(&site).map_or("the school", |site| &site.name)
    }
}

/// Registers kept decoded: ten weeks of a school of 100 groups.
const REGISTERS_KEPT: usize = 1_024;

/// Of facts that say the same thing differently, the one that shows: the deepest, then the greatest name. Gives
/// also the names of all, so that the next one can replace them.
pub(crate) struct Newest<K, T> {
    kept: BTreeMap<K, Shown<T>>,
}

struct Shown<T> {
    depth: u32,
    name: FactRef,
    value: T,
    names: Vec<FactRef>,
    /// Another stands that says something else.
    torn: bool,
}

impl<K: Ord, T: PartialEq> Newest<K, T> {
    pub(crate) fn new() -> Self {
        Self { kept: BTreeMap::new() }
    }

    pub(crate) fn add(&mut self, facts: &Facts, name: FactRef, key: K, value: T) {
        let depth =
            facts.get(&name).map_or(0, |held| if held.fact.supersedes.is_empty() { 0 } else { facts.depth(&name) });
        match self.kept.entry(key) {
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(Shown { depth, name, value, names: vec![name], torn: false });
            }
            std::collections::btree_map::Entry::Occupied(mut held) => {
                let held = held.get_mut();
                held.names.push(name);
                held.torn |= held.value != value;
                if (depth, name) > (held.depth, held.name) {
                    (held.depth, held.name, held.value) = (depth, name, value);
                }
            }
        }
    }

    /// What shows where people apart said different things, and nobody has since chosen.
    pub(crate) fn torn(&self) -> BTreeMap<K, T>
    where
        K: Clone,
        T: Clone,
    {
        let torn = self.kept.iter().filter(|(_, shown)| shown.torn);
        torn.map(|(key, shown)| (key.clone(), shown.value.clone())).collect()
    }

    pub(crate) fn into_parts(self) -> (BTreeMap<K, T>, BTreeMap<K, Vec<FactRef>>)
    where
        K: Clone,
    {
        let mut values = BTreeMap::new();
        let mut names = BTreeMap::new();
        for (key, shown) in self.kept {
            values.insert(key.clone(), shown.value);
            names.insert(key, shown.names);
        }
        (values, names)
    }
}

/// What a register fact says in a few characters, for comparing two.
pub(crate) fn said(fact: &RegisterFact) -> (Option<crate::codes::Code>, Option<u16>) {
    (fact.code(), fact.minutes())
}
