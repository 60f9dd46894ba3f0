//! What shows for every pupil and session, small enough to keep for years, and kept up to date register by register.
//!
//! A register is decoded once, and again only when the records say that it changed. Where a pupil has marks in two
//! registers of one week (they changed group, or two people marked them), both are looked at: what is kept is what
//! [`crate::register::current::Board`] would show.
//!
//! What was worked out of a register is kept beside it in the records, so that the next start of the program need
//! decode only those that changed since.
//!
//! Memory: some 100 bytes for a pupil and week; a year of 2,000 pupils is 8 MB.

use crate::areas;
use crate::calendar::{Day, Session, Week};
use crate::codes::Code;
use crate::facts::documents;
use crate::figures::Period;
use crate::figures::week_cells::{KEPT, PLACES, WeekCells};
use crate::ids::PupilId;
use crate::register::current::{Version, WeekMarks, decide};
use muster_core::id::{DocumentId, PlaceId, Section, Year};
use muster_core::replica::records::{Records, RecordsError, Worked};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Registers kept with one write to the disk: what it takes is hardly more than for one.
const KEPT_AT_ONCE: usize = 64;
/// Fewer are not worth a write, as after one mark: they are decoded again in a millisecond.
const KEPT_LEAST: usize = 4;

/// What shows for a pupil in a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cell {
    /// No mark.
    #[default]
    Empty,
    /// One mark, or several that say the same; with the minutes late.
    Mark(Code, Option<u16>),
    /// Two that differ: nobody has settled them.
    Unsettled,
}

impl Cell {
    pub(super) fn of(versions: &[Version]) -> Self {
        match decide(versions) {
            (_, true) => Self::Unsettled,
            (Some(shown), false) => shown.code().map_or(Self::Empty, |code| Self::Mark(code, shown.minutes())),
            (None, false) => Self::Empty,
        }
    }

    /// What shows of two children who turned out to be one.
    #[must_use]
    pub(crate) fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Empty, one) | (one, Self::Empty) => one,
            (one, other) if one == other => one,
            _ => Self::Unsettled,
        }
    }

    /// The code, of a mark that is settled.
    pub fn code(self) -> Option<Code> {
        match self {
            Self::Mark(code, _) => Some(code),
            Self::Empty | Self::Unsettled => None,
        }
    }
}

/// A pupil's week.
#[derive(Debug, Default)]
struct Row {
    cells: [Cell; PLACES],
    /// In how many registers of the week the pupil has marks.
    registers: u16,
}

/// The registers of one week of one school year.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// To be read, or read again.
    waiting: BTreeSet<DocumentId>,
    /// Read, with the pupils that each has marks of, sorted.
    read: BTreeMap<DocumentId, Vec<PupilId>>,
    rows: BTreeMap<PupilId, Row>,
}

/// See the module.
#[derive(Debug)]
pub struct Ledger {
    /// Whether what is worked out can be kept: not after the disk refused it once.
    keeps: bool,
    sections: BTreeMap<Section, u64>,
    /// Every site and school year that registers are kept of, read or not.
    kept: BTreeSet<(PlaceId, Year)>,
    sheets: BTreeMap<(Year, Week), Sheet>,
}

impl Default for Ledger {
    fn default() -> Self {
        Self { keeps: true, sections: BTreeMap::new(), kept: BTreeSet::new(), sheets: BTreeMap::new() }
    }
}

impl Ledger {
    /// Reads the registers of the weeks from one day to another that are new or have changed, at most `most` of them.
    /// Gives how many are still to be read: 0 when the ledger says what the records say.
    ///
    /// # Errors
    /// When the records cannot be read. What was read stays.
    pub fn read(
        &mut self,
        records: &mut impl Records,
        (from, to): (Day, Day),
        most: usize,
    ) -> Result<usize, RecordsError> {
        self.look(records, (from, to))?;
        let (first, last) = ((from.year(), from.week()), (to.year(), to.week()));
        let mut left = most;
        let mut waiting = 0;
        let mut worked = Vec::new();
        for (key, sheet) in self.sheets.range_mut((from.year(), FIRST)..=(to.year(), LAST)) {
            if !(is_within(*key, first.1, last.1)) {
                continue;
            }
            while left > 0
                && let Some(document) = sheet.waiting.first().cloned()
            {
                worked.extend(sheet.take(records, &document)?);
                sheet.waiting.remove(&document);
                left -= 1;
                if worked.len() >= KEPT_AT_ONCE {
                    self.keeps = self.keeps && records.keep(KEPT, &worked).is_ok();
                    worked.clear();
                }
            }
            waiting += sheet.waiting.len();
        }
        if worked.len() >= KEPT_LEAST && self.keeps {
            self.keeps = records.keep(KEPT, &worked).is_ok();
        }
        Ok(waiting)
    }

    /// Asks which registers are new or have changed in the years from one day to another.
    fn look(&mut self, records: &mut impl Records, (from, to): (Day, Day)) -> Result<(), RecordsError> {
        for section in records.sections(areas::REGISTER) {
            self.kept.insert((section.compartment.place, section.year));
            if section.year < from.year() || to.year() < section.year {
                continue;
            }
            let since = records.changed_since(&section, documents::REGISTER, self.sections.get(&section).copied())?;
            let changed = match since.documents {
                Some(changed) => changed,
                None => self.begin(records, &section)?,
            };
            for document in changed {
                let Some((_, week)) = documents::register_key(&document) else { continue };
                self.sheets.entry((section.year, week)).or_default().waiting.insert(document);
            }
            self.sections.insert(section, since.at);
        }
        Ok(())
    }

    /// Takes what was kept of a section's registers; gives those that are to be read.
    fn begin(&mut self, records: &mut impl Records, section: &Section) -> Result<Vec<DocumentId>, RecordsError> {
        self.forget(section);
        let mut waiting = Vec::new();
        for (document, kept) in records.documents_with(section, documents::REGISTER, KEPT)? {
            match (documents::register_key(&document), kept.as_deref().and_then(WeekCells::decode)) {
                (Some((_, week)), Some(cells)) => {
                    self.sheets.entry((section.year, week)).or_default().put(records, &document, &cells)?;
                }
                _ => waiting.push(document),
            }
        }
        Ok(waiting)
    }

    /// Lets go of what was read of a section. Where another section's register has marks of the same pupil and week,
    /// that one is read again.
    fn forget(&mut self, section: &Section) {
        for ((year, _), sheet) in &mut self.sheets {
            if *year == section.year {
                sheet.forget(section);
            }
        }
    }

    /// The sites whose registers can be read here.
    pub fn sites(&self) -> BTreeSet<PlaceId> {
        self.sections.keys().map(|section| section.compartment.place).collect()
    }

    /// Whether registers of a site are kept of a school year before this one.
    pub fn is_kept_before(&self, site: PlaceId, year: Year) -> bool {
        self.kept.iter().any(|(at, kept)| *at == site && *kept < year)
    }

    /// What shows for a pupil in a session, as far as it was read.
    pub fn cell(&self, pupil: PupilId, session: Session) -> Cell {
        self.week(session.day)
            .and_then(|sheet| sheet.cells(pupil))
            .and_then(|cells| cells.get(usize::from(session.in_week())))
            .copied()
            .unwrap_or_default()
    }

    /// A pupil's sessions in a period that have a mark, in order.
    pub fn marks(&self, pupil: PupilId, period: Period) -> impl Iterator<Item = (Session, Cell)> {
        let (first, last) = (period.from.week(), period.to.week());
        self.sheets
            .range((period.from.year(), FIRST)..=(period.to.year(), LAST))
            .filter(move |(key, _)| is_within(**key, first, last))
            .filter_map(move |((_, week), sheet)| Some((*week, sheet.cells(pupil)?)))
            .flat_map(move |(week, cells)| (0..).zip(cells).map(move |(place, cell)| (week, place, *cell)))
            .filter(|(.., cell)| *cell != Cell::Empty)
            .filter_map(move |(week, place, cell)| Some((Session::from_week(week, place)?, cell)))
            .filter(move |(session, _)| period.has(session.day))
    }

    /// The first day of a period on which any register of a site has a mark.
    pub fn first_mark(&self, site: PlaceId, period: Period) -> Option<Day> {
        let sheets = self.sheets.range((period.from.year(), FIRST)..=(period.to.year(), LAST));
        sheets.filter(|(_, sheet)| sheet.read.keys().any(|id| id.section.compartment.place == site)).find_map(
            |((_, week), sheet)| {
                let here = sheet.read.iter().filter(|(id, _)| id.section.compartment.place == site);
                let rows = here.flat_map(|(_, pupils)| pupils).filter_map(|pupil| sheet.cells(*pupil));
                let places = rows.filter_map(|cells| {
                    let marked = (0..).zip(cells).filter(|(_, cell)| **cell != Cell::Empty);
                    let days = marked.filter_map(|(place, _)| Session::from_week(*week, place));
                    days.map(|session| session.day).find(|day| period.has(*day))
                });
                places.min()
            },
        )
    }

    /// The registers of the week of a day. At 1 September a week has two halves: the one that the day is in.
    pub(super) fn week(&self, day: Day) -> Option<&Sheet> {
        self.sheets.get(&(day.year(), day.week()))
    }
}

const FIRST: Week = Week { year: i16::MIN, week: 0 };
const LAST: Week = Week { year: i16::MAX, week: u8::MAX };

fn is_within((_, week): (Year, Week), first: Week, last: Week) -> bool {
    first <= week && week <= last
}

impl Sheet {
    /// A pupil's marks, from Monday morning on.
    pub(super) fn cells(&self, pupil: PupilId) -> Option<&[Cell; PLACES]> {
        self.rows.get(&pupil).map(|row| &row.cells)
    }

    /// Reads a register; gives what is to be kept of it.
    fn take(&mut self, records: &mut impl Records, document: &DocumentId) -> Result<Option<Worked>, RecordsError> {
        let facts = records.facts(document)?;
        let marks = match &facts {
            Some(facts) => WeekMarks::from_facts(document, facts),
            None => WeekMarks::from_facts(document, &Default::default()),
        };
        let cells = WeekCells::of(&marks);
        self.put(records, document, &cells)?;
        let worked = facts.zip(cells.encode());
        Ok(worked.map(|(from, value)| Worked { document: document.clone(), from, value }))
    }

    fn put(
        &mut self,
        records: &mut impl Records,
        document: &DocumentId,
        cells: &WeekCells,
    ) -> Result<(), RecordsError> {
        let pupils = cells.pupils();
        let before = self.read.insert(document.clone(), pupils.clone()).unwrap_or_default();
        for pupil in &before {
            self.leave(*pupil);
        }
        for (pupil, cells) in &cells.0 {
            let row = self.rows.entry(*pupil).or_default();
            row.cells = *cells;
            row.registers += 1;
        }
        // Where another register of the week has marks of the same pupil, what shows is worked out over all.
        let both: Vec<PupilId> = before
            .iter()
            .chain(&pupils)
            .filter(|pupil| {
                let others = u16::from(pupils.binary_search(pupil).is_ok());
                self.rows.get(pupil).is_some_and(|row| row.registers > others)
            })
            .copied()
            .collect();
        if !both.is_empty() {
            self.merge(records, &both)?;
        }
        Ok(())
    }

    /// A register has no marks of the pupil any more.
    fn leave(&mut self, pupil: PupilId) {
        if let Some(row) = self.rows.get_mut(&pupil) {
            row.registers = row.registers.saturating_sub(1);
            if row.registers == 0 {
                self.rows.remove(&pupil);
            }
        }
    }

    fn merge(&mut self, records: &mut impl Records, pupils: &[PupilId]) -> Result<(), RecordsError> {
        let holds = |read: &Vec<PupilId>| pupils.iter().any(|pupil| read.binary_search(pupil).is_ok());
        let mut found: BTreeMap<(PupilId, Session), Vec<Version>> = BTreeMap::new();
        for (document, _) in self.read.iter().filter(|(_, read)| holds(read)) {
            let Some(facts) = records.facts(document)? else { continue };
            let marks = WeekMarks::from_facts(document, &facts);
            for ((pupil, session), versions) in marks.iter().filter(|((pupil, _), _)| pupils.contains(pupil)) {
                found.entry((*pupil, *session)).or_default().extend(versions.iter().cloned());
            }
        }
        for pupil in pupils {
            self.rows.entry(*pupil).or_default().cells = Default::default();
        }
        for ((pupil, session), versions) in found {
            if let Some(cell) =
                self.rows.get_mut(&pupil).and_then(|row| row.cells.get_mut(usize::from(session.in_week())))
            {
                *cell = Cell::of(&versions);
            }
        }
        Ok(())
    }

    fn forget(&mut self, section: &Section) {
        self.waiting.retain(|document| document.section != *section);
        let gone: Vec<DocumentId> = self.read.keys().filter(|id| id.section == *section).cloned().collect();
        for document in gone {
            for pupil in self.read.remove(&document).unwrap_or_default() {
                self.leave(pupil);
                let elsewhere = self.read.iter().filter(|(_, read)| read.binary_search(&pupil).is_ok());
                self.waiting.extend(elsewhere.map(|(id, _)| id.clone()));
            }
        }
    }
}
