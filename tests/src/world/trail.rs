//! What must hold of registers once everybody has talked: every acknowledged mark is in the register or in a visible
//! contradiction, and the trail of each reads the same on every device.

use super::School;
use super::paper::{self, Beside};
use super::plans::Planned;
use super::terms::{NEWER, terms};
use super::views::Everything;
use crate::reference;
use muster_core::document::fact::FactRef;
use muster_core::id::DocumentId;
use muster_school::calendar::{Day, Session, Week};
use muster_school::codes::Code;
use muster_school::facts::documents;
use muster_school::facts::register::RegisterFact;
use muster_school::ids::PupilId;
use muster_school::known::DayKind;
use muster_school::register::current::{Board, Version};
use std::collections::{BTreeMap, BTreeSet};

/// What was acknowledged in two terms, and what is left of it.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Acts.
    pub acts: usize,
    /// Marks, amendments with them.
    pub marks: usize,
    /// Of those, amendments.
    pub amendments: usize,
    /// Marks that nothing replaced.
    pub standing: usize,
    /// Pupils and sessions with two marks that differ at the end.
    pub contradictions: usize,
    /// Contradictions that somebody settled.
    pub settled: usize,
    /// Acts that somebody took back.
    pub undone: usize,
    /// Times that the site lead took the whole site.
    pub whole_sites: usize,
    /// Children on no list, and how many of them were matched.
    pub unlisted: (usize, usize),
    /// Absences planned, timetables agreed, calls logged and classes changed.
    pub planned: [usize; 4],
    /// Registers covered and finished.
    pub covered_and_finished: usize,
    /// What was refused, by what was said.
    pub refused: BTreeMap<String, usize>,
}

impl School {
    /// Everything ends well, and then: all devices hold and read the same; every acknowledged mark is in the register
    /// or in a visible contradiction; the trail of each can be read on every device; two plain references show the
    /// same marks, one from what is held and one from what was acknowledged; the calendar is the same, and so is what
    /// was planned for pupils; and some
    /// devices say all of it again after a restart, and worked out anew.
    pub fn terms_agree(&mut self) -> Told {
        self.mend();
        self.everybody_meets_the_office();
        self.heal();
        (0..self.devices.len()).for_each(|device| self.sign_in(device));
        self.settle();
        self.copies_are_true();
        self.nothing_is_damaged();
        self.nobody_is_suspected();
        self.only_what_was_copied_has_forked();
        self.authority_is_the_same();
        self.logs_are_the_same();
        let read = self.documents_are_the_same();
        self.nothing_acknowledged_is_lost(&read);
        for device in 0..self.devices.len() {
            self.registers_are_as_on_paper(device);
            self.calendar_is_as_on_paper(device);
            self.plans_are_as_on_paper(device);
        }
        let contradictions = self.facts_show_the_same(&read);
        self.no_name_is_in_the_clear();
        for _ in 0..2 {
            let device = self.below(self.devices.len());
            self.chain_holds(device);
            self.same_after_a_restart(device);
            self.registers_are_as_on_paper(device);
            self.plans_are_as_on_paper(device);
        }
        self.told(contradictions)
    }

    fn told(&self, contradictions: usize) -> Told {
        let rows = self.paper.sheet.rows();
        let gone: BTreeSet<&FactRef> = rows.iter().flat_map(|row| self.paper.sheet.replaces(row)).collect();
        let planned = |of: fn(&Planned) -> usize| self.paper.plans.values().map(of).sum();
        let matched = self.paper.unlisted.values().filter(|to| to.is_some()).count();
        Told {
            acts: self.ledger.acts(),
            marks: rows.len(),
            amendments: rows.iter().filter(|row| row.reason.is_some()).count(),
            standing: rows.iter().filter(|row| !gone.contains(&row.name)).count(),
            contradictions,
            settled: self.paper.settled,
            undone: self.paper.undone,
            whole_sites: self.paper.whole_sites,
            unlisted: (self.paper.unlisted.len(), matched),
            planned: [
                planned(|one| one.plans.len()),
                planned(|one| one.timetables.len()),
                planned(|one| one.calls.len()),
                planned(|one| one.classes.len()),
            ],
            covered_and_finished: self.paper.beside.len(),
            refused: self.paper.refused.clone(),
        }
    }

    /// Pupils, and children on no list who are nobody yet, with everything that was marked of them, by week.
    fn marked(&self) -> BTreeMap<Week, BTreeSet<(PupilId, Session)>> {
        let mut weeks: BTreeMap<Week, BTreeSet<(PupilId, Session)>> = BTreeMap::new();
        for (whose, session) in self.paper.sheet.marked() {
            let pupil = self.paper.unlisted.get(whose).copied().flatten().unwrap_or(*whose);
            weeks.entry(session.day.week()).or_default().insert((pupil, *session));
        }
        weeks
    }

    fn registers_are_as_on_paper(&mut self, device: usize) {
        let name = self.devices[device].name.clone();
        let (mut found, mut beside) = (0, BTreeSet::<Beside>::new());
        for (week, marked) in self.marked() {
            let monday = week.monday().expect("a week of 2027");
            let board = self.board_of(device, Session::am(monday));
            for (pupil, session) in marked {
                found += self.trail_reads_well(device, &board, pupil, session);
                let expected = self.paper.sheet.shows(&self.paper.whose(pupil), session);
                let current = board.current(pupil, session);
                let shown = reference::sheet::Shown {
                    shown: current.shown().map(|one| one.name),
                    standing: current.standing.iter().map(|one| one.name).collect(),
                    conflict: current.is_conflict(),
                };
                assert_eq!(shown, expected, "{name}: {} on {} shows otherwise", self.forename(pupil), session.long());
            }
            let sessions = (0..14).filter_map(|place| Session::from_week(week, place));
            beside.extend(sessions.flat_map(|session| {
                board.weeks().iter().flat_map(move |week| paper::beside(week, session)).collect::<Vec<_>>()
            }));
        }
        assert_eq!(found, self.paper.sheet.rows().len(), "{name}: marks that were acknowledged are not in the history");
        assert_eq!(beside, self.paper.beside, "{name}: other registers are finished and covered");
    }

    /// Each mark of a pupil and session can be read with who, when and why; what it replaced can be read beside it;
    /// and one that does not stand was replaced by one made later. Gives how many there are.
    fn trail_reads_well(&self, device: usize, board: &Board, pupil: PupilId, session: Session) -> usize {
        let history = board.history(pupil, session);
        let names: BTreeSet<FactRef> = history.iter().map(|version| version.name).collect();
        let rows = self.paper.sheet.of(&self.paper.whose(pupil), session);
        let expected: BTreeSet<FactRef> = rows.iter().map(|row| row.name).collect();
        let on = &self.devices[device].name;
        assert_eq!(names, expected, "{on}: the history of {} on {}", self.forename(pupil), session.long());
        for version in &history {
            let row = self.paper.sheet.row(&version.name);
            let told = || format!("{on} tells otherwise of {:?}: {version:?}", row);
            let reason = match &version.fact {
                RegisterFact::Amendment(amendment) => Some(amendment.reason.as_str()),
                _ => None,
            };
            assert_eq!(
                (version.code(), version.minutes(), reason),
                (row.code, row.minutes, row.reason.as_deref()),
                "{}",
                told()
            );
            assert_eq!(
                (version.origin.seat, version.origin.at, version.origin.act),
                (row.seat, row.at, row.act),
                "{}",
                told()
            );
            let author = self.devices[device].shown().view().author(&version.origin.seat).expect("the author is known");
            assert_eq!(author.person, row.person, "{}", told());
            assert!(author.person.is_some(), "nobody marks without a name: {}", told());
            let replaced: BTreeSet<FactRef> = version.replaced.iter().copied().collect();
            assert_eq!(&replaced, self.paper.sheet.replaces(row), "{}", told());
            assert!(replaced.is_subset(&names), "what was there before can be read: {}", told());
            let later: Vec<&Version> = history.iter().filter(|other| other.replaced.contains(&version.name)).collect();
            assert_eq!(version.stands, later.is_empty(), "{}", told());
            let place = |name: &FactRef| self.paper.sheet.place(name);
            assert!(later.iter().all(|other| place(&other.name) > place(&version.name)), "{}", told());
        }
        history.len()
    }

    fn calendar_is_as_on_paper(&mut self, device: usize) {
        let (site, name) = (self.site, self.devices[device].name.clone());
        let (first, last) = (terms().spring.0, terms().summer.1);
        let days: Vec<Day> = (0..=last.0 - first.0).map(|more| first.plus(more)).collect();
        let newer = Code::new(NEWER).expect("a code");
        let children: Vec<PupilId> = self.paper.unlisted.keys().copied().collect();
        let (shown, codes, matched) = self.office(device, |office| {
            let school = office.known().school();
            let kind =
                |day: &Day| (school.closed(site, *day).is_none(), matches!(school.day(site, *day), DayKind::Lost(_)));
            let shown: Vec<_> = days.iter().map(kind).collect();
            let codes: Vec<_> = days.iter().map(|day| school.codes().on(newer, *day).is_some()).collect();
            let known = |child: &PupilId| office.known().pupil(*child).expect("every child is known").matched;
            (shown, codes, children.iter().map(known).collect::<Vec<_>>())
        });
        for ((day, shown), code) in days.iter().zip(shown).zip(codes) {
            let expected = (self.paper.year.is_school_day(*day), self.paper.year.is_lost(*day));
            assert_eq!(shown, expected, "{name}: {} is another day on paper", day.long());
            assert_eq!(code, *day >= terms().summer.0, "{name}: {NEWER} on {}", day.long());
        }
        let expected: Vec<_> = self.paper.unlisted.values().copied().collect();
        assert_eq!(matched, expected, "{name}: children on no list");
    }

    /// The reference that reads what is held shows the same marks. Gives how many pupils and sessions contradict.
    fn facts_show_the_same(&mut self, read: &Everything) -> usize {
        type Registers<'a> = Vec<(&'a DocumentId, &'a std::sync::Arc<muster_core::document::fact::Facts>)>;
        let mut by_week: BTreeMap<Vec<u8>, Registers<'_>> = BTreeMap::new();
        for (document, facts) in read.iter().filter(|(document, _)| document.kind == documents::REGISTER) {
            by_week.entry(document.key[16..].to_vec()).or_default().push((document, facts));
        }
        let mut contradictions = 0;
        for (week, marked) in self.marked() {
            let registers = by_week.get(week.key().as_slice()).expect("the week has registers");
            let board = self.board_of(0, Session::am(week.monday().expect("a week of 2027")));
            for (pupil, session) in marked {
                let expected = reference::mark(registers, &self.paper.whose(pupil), session);
                let current = board.current(pupil, session);
                let shown = reference::Mark {
                    shown: current.shown().map(|one| (one.name, one.code(), one.minutes())),
                    standing: current.standing.iter().map(|one| one.name).collect(),
                    conflict: current.is_conflict(),
                };
                assert_eq!(
                    shown,
                    expected,
                    "{}, {}: the reference shows otherwise",
                    self.forename(pupil),
                    session.long()
                );
                contradictions += usize::from(expected.conflict);
            }
        }
        contradictions
    }
}
