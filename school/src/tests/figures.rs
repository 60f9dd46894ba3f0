//! Figures, compared with a reference that was written apart.

mod reference;

use super::monday;
use crate::calendar::{self, Day, Half, Session};
use crate::codes::Code;
use crate::facts::admission::{Entry, Starting};
use crate::facts::calendar::{Special, Term, Unusual};
use crate::facts::pupil::{Identity, Matched, OnRoll, Placing, Provisional, PupilFact};
use crate::facts::register::{Amendment, Cleared, Imported, Mark, RegisterFact};
use crate::facts::school::{Closure, Group, SchoolFact, Site};
use crate::facts::{Value as _, documents};
use crate::figures::{Cut, Figures, Period, Tally, count};
use crate::ids::{GroupId, PupilId};
use crate::known::Known;
use crate::testing::MemoryRecords;
use muster_core::document::fact::{Fact, FactRef};
use muster_core::id::{DocumentId, PlaceId};
use muster_core::replica::records::{Change, Records as _};
use proptest::prelude::*;
use reference::{Child, Counts, Odd, Row, Spreadsheet, day_number};
use std::collections::BTreeMap;

const GROUPS: usize = 4;
const SITES: usize = 2;
/// The pupil who was first written down as a child on no list, and that child.
const MATCHED: usize = 8;
const UNLISTED: usize = 30;

fn site(number: usize) -> PlaceId {
    PlaceId([u8::try_from(number).unwrap() + 1; 16])
}

fn group(number: usize) -> GroupId {
    GroupId([u8::try_from(number).unwrap() + 0x41; 16])
}

fn pupil(number: usize) -> PupilId {
    PupilId([u8::try_from(number).unwrap() + 0x81; 16])
}

/// Enough to choose with; the seed says everything.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// A school as records, and the same as a spreadsheet.
struct Made {
    records: MemoryRecords,
    sheet: Spreadsheet,
    dice: Dice,
    /// The facts that stand for a cell, with the register each is in.
    standing: BTreeMap<(usize, i32, bool), Vec<(DocumentId, FactRef)>>,
}

fn write(records: &mut MemoryRecords, document: DocumentId, fact: Fact) -> FactRef {
    records.write(vec![Change { document, facts: vec![fact] }]).unwrap().fact(0, 0).unwrap()
}

impl Made {
    fn new(seed: u64) -> Self {
        let mut made = Self {
            records: MemoryRecords::new(7),
            sheet: Spreadsheet { sites: vec![0, 0, 1, 1], ..Spreadsheet::default() },
            dice: Dice(seed),
            standing: BTreeMap::new(),
        };
        let mut facts = Vec::new();
        for number in 0..SITES {
            let one =
                Site { id: site(number), code: format!("S{number}"), name: format!("Site {number}"), points: vec![] };
            facts.push(SchoolFact::from(one).fact().unwrap());
        }
        for number in 0..GROUPS {
            let at = site(made.sheet.sites[number]);
            let one = Group { id: group(number), site: at, name: format!("Group {number}"), for_import: false };
            facts.push(SchoolFact::from(one).fact().unwrap());
        }
        // Two windows: the codes changed on 19 August 2024, and the year of the school at its end.
        for day in ["2024-07-10", "2024-09-09"] {
            let first = day_number(day);
            let only = made.dice.chance(50).then(|| usize::try_from(made.dice.below(SITES as u64)).unwrap());
            made.sheet.closures.push((only, first, first + 1));
            let closure =
                Closure { site: only.map(site), first: Day(first), last: Day(first + 1), label: "Training".into() };
            facts.push(SchoolFact::from(closure).fact().unwrap());
        }
        // Of half the schools terms are set: the gap between two is the summer.
        if made.dice.chance(50) {
            for (first, last) in [("2024-04-15", "2024-07-12"), ("2024-09-04", "2024-12-20")] {
                made.sheet.terms.push((day_number(first), day_number(last)));
                let term = Term {
                    site: None,
                    first: Day(day_number(first)),
                    last: Day(day_number(last)),
                    name: "Term".into(),
                };
                facts.push(SchoolFact::from(term).fact().unwrap());
            }
        }
        // A Saturday that is open, a training day, a day for one group, and one that was lost.
        for (day, odd, what) in [
            ("2024-07-06", Odd::Open, Unusual::Open),
            ("2024-07-03", Odd::Closed, Unusual::Training),
            ("2024-09-05", Odd::OpenTo(1), Unusual::OpenTo(vec![group(1)])),
            ("2024-09-13", Odd::Lost, Unusual::Lost),
        ] {
            let only = made.dice.chance(50).then(|| usize::try_from(made.dice.below(SITES as u64)).unwrap());
            let on = day_number(day);
            made.sheet.odd.push((only, on, odd));
            let special = Special { site: only.map(site), first: Day(on), last: Day(on), what, label: "Odd".into() };
            facts.push(SchoolFact::from(special).fact().unwrap());
        }
        made.records.write(vec![Change { document: documents::school(), facts }]).unwrap();
        let (begin, end) = (day_number("2024-07-01"), day_number("2024-09-20"));
        made.sheet.now = (end, 10 * 60);
        made.records.set_now(calendar::moment(Day(end), 10 * 60));
        for number in 0..8 {
            let home = usize::try_from(made.dice.below(GROUPS as u64)).unwrap();
            let mut child = Child { groups: vec![(begin - 30, home)], ..Child::default() };
            match number {
                3 => child.starting = Some(begin + 9),
                4 => (child.starting, child.last) = (Some(begin - 30), Some(begin + 11)),
                // From one site to the other, in the middle of a week.
                5 => child.groups = vec![(begin - 30, 0), (begin + 9, 2)],
                7 => child.boards = true,
                6 => child.groups = vec![(begin - 30, 1), (begin + 3, 0), (begin + 70, 3)],
                _ => {}
            }
            made.add(number, &child);
            made.sheet.children.push(child);
        }
        for day in (begin..begin + 16).chain(end - 18..=end) {
            for afternoon in [false, true] {
                made.mark_all(day, afternoon);
            }
        }
        made.turns_up(begin, end);
        made
    }

    /// A pupil who was first written down as a child on no list: what was marked of the child counts as theirs once
    /// somebody has said who it is, and before that of nobody.
    fn turns_up(&mut self, begin: i32, end: i32) {
        let listed = self.sheet.children.len();
        assert_eq!(listed, MATCHED);
        let of = Child { groups: vec![(begin - 30, 2)], ..Child::default() };
        self.add(listed, &of);
        self.sheet.children.push(of);
        let is_matched = self.dice.chance(75);
        let words = Provisional { words: "Came with an aunt".into() };
        let mut facts = vec![PupilFact::from(words).fact().unwrap()];
        if is_matched {
            facts.push(PupilFact::from(Matched { to: Some(pupil(listed)) }).fact().unwrap());
        }
        let at = site(self.sheet.sites[2]);
        self.records.write(vec![Change { document: documents::pupil(at, pupil(UNLISTED)), facts }]).unwrap();
        for day in (begin..begin + 16).chain(end - 18..=end) {
            for afternoon in [false, true] {
                let present = if afternoon { "\\" } else { "/" };
                let mut codes: Vec<(String, u32)> = Vec::new();
                for (number, counts) in [(listed, true), (UNLISTED, is_matched)] {
                    if self.dice.chance(60) {
                        continue;
                    }
                    let code = ((*self.dice.one(&[present, present, "I"])).to_owned(), 0);
                    let register = documents::register(at, group(2), Day(day));
                    self.put(number, day, afternoon, &register, &code, false);
                    if counts && !codes.contains(&code) {
                        codes.push(code);
                    }
                }
                if !codes.is_empty() {
                    self.sheet.rows.push(Row { pupil: listed, day, afternoon, codes });
                }
            }
        }
    }

    fn add(&mut self, number: usize, child: &Child) {
        let identity = Identity {
            admission_no: number.to_string(),
            upn: String::new(),
            surname: format!("Pupil {number}"),
            forename: String::new(),
            preferred: String::new(),
            sex: String::new(),
            born: None,
        };
        let on_roll = OnRoll { starting: child.starting.map(Day), last: child.last.map(Day) };
        let mut facts = vec![PupilFact::from(identity).fact().unwrap(), PupilFact::from(on_roll).fact().unwrap()];
        for (from, to) in &child.groups {
            let placing = Placing { group: Some(group(*to)), year: "9".into(), from: Day(*from) };
            facts.push(PupilFact::from(placing).fact().unwrap());
        }
        if child.boards {
            let entry =
                Entry { middle: String::new(), other_names: String::new(), boarder: true, starting: Starting::Agreed };
            facts.push(PupilFact::from(entry).fact().unwrap());
        }
        let at = site(self.sheet.sites[child.groups[0].1]);
        self.records.write(vec![Change { document: documents::pupil(at, pupil(number)), facts }]).unwrap();
    }

    /// The code that a pupil of this kind would have; none for a gap.
    fn code(&mut self, number: usize, afternoon: bool) -> Option<(String, u32)> {
        let present = if afternoon { "\\" } else { "/" };
        let code = match number {
            0 => return self.dice.chance(50).then(|| ((*self.dice.one(&["D", "Y3", "Q", "#"])).to_owned(), 0)),
            1 => "X",
            2 if afternoon => "C2",
            2 => present,
            _ => match self.dice.below(10) {
                0 => return None,
                1..=5 => present,
                6 => "L",
                _ => *self.dice.one(&[
                    "I", "U", "N", "O", "G", "M", "B", "K", "V", "J", "J1", "H", "F", "Y", "Y1", "Y7", "C", "C1", "E",
                    "Z", "W", "q",
                ]),
            },
        };
        let minutes = if matches!(code, "L" | "U") { u32::try_from(self.dice.below(40)).unwrap() } else { 0 };
        Some((code.to_uppercase(), minutes))
    }

    fn mark_all(&mut self, day: i32, afternoon: bool) {
        for number in 0..self.sheet.children.len() {
            if number == MATCHED || self.dice.chance(4) && number != 1 {
                continue;
            }
            let Some(code) = self.code(number, afternoon) else { continue };
            let register = self.register(number, day);
            self.put(number, day, afternoon, &register, &code, false);
            self.sheet.rows.push(Row { pupil: number, day, afternoon, codes: vec![code] });
        }
    }

    /// The register of the pupil's group on the day; now and then another one, as when they changed group later.
    fn register(&mut self, number: usize, day: i32) -> DocumentId {
        let groups = &self.sheet.children[number].groups;
        let home = groups.iter().rfind(|(from, _)| *from <= day).unwrap().1;
        let of = if self.dice.chance(10) { usize::try_from(self.dice.below(GROUPS as u64)).unwrap() } else { home };
        documents::register(site(self.sheet.sites[of]), group(of), Day(day))
    }

    /// Writes a mark; `over` replaces what stands.
    fn put(
        &mut self,
        number: usize,
        day: i32,
        afternoon: bool,
        register: &DocumentId,
        (code, minutes): &(String, u32),
        over: bool,
    ) {
        let half = if afternoon { Half::Pm } else { Half::Am };
        let session = Session { day: Day(day), half }.in_week();
        let minutes = (*minutes > 0).then(|| u16::try_from(*minutes).unwrap());
        let code = Code::new(code).unwrap();
        let pupil = pupil(number);
        let standing = self.standing.entry((number, day, afternoon)).or_default();
        if !over {
            let mark = Mark { pupil, session, code, minutes };
            let fact = if number.is_multiple_of(2) { RegisterFact::from(mark) } else { Imported(mark).into() };
            let name = write(&mut self.records, register.clone(), fact.fact().unwrap());
            standing.push((register.clone(), name));
            return;
        }
        let mut now = Vec::new();
        let documents: std::collections::BTreeSet<DocumentId> = standing.iter().map(|(id, _)| id.clone()).collect();
        for document in documents {
            let names = standing.iter().filter(|(id, _)| *id == document).map(|(_, name)| *name).collect();
            let fact = Amendment { pupil, session, code: Some(code), minutes, reason: "Telephoned".into() };
            let fact = RegisterFact::from(fact).replacing(names).unwrap();
            now.push((document.clone(), write(&mut self.records, document, fact)));
        }
        *standing = now;
    }

    /// Somebody changes some marks: amendments, marks taken back, and marks made apart that contradict.
    fn change_some(&mut self) {
        for at in 0..self.sheet.rows.len() {
            let row = self.sheet.rows[at].clone();
            if [1, MATCHED].contains(&row.pupil) || row.codes.len() != 1 {
                continue;
            }
            let new = (self.dice.one(&["I", "O", "M", "B"]).to_string(), 0);
            match self.dice.below(30) {
                0..=2 => {
                    let register = self.register(row.pupil, row.day);
                    self.put(row.pupil, row.day, row.afternoon, &register, &new, true);
                    self.sheet.rows[at].codes = vec![new];
                }
                3 | 4 => {
                    let register = self.register(row.pupil, row.day);
                    self.put(row.pupil, row.day, row.afternoon, &register, &new, false);
                    if row.codes[0] != new {
                        self.sheet.rows[at].codes.push(new);
                    }
                }
                5 => {
                    let half = if row.afternoon { Half::Pm } else { Half::Am };
                    let session = Session { day: Day(row.day), half }.in_week();
                    let standing = self.standing.remove(&(row.pupil, row.day, row.afternoon)).unwrap();
                    for (document, name) in standing {
                        let fact = RegisterFact::from(Cleared { pupil: pupil(row.pupil), session });
                        write(&mut self.records, document, fact.replacing(vec![name]).unwrap());
                    }
                    self.sheet.rows[at].codes.clear();
                }
                _ => {}
            }
        }
        self.sheet.rows.retain(|row| !row.codes.is_empty());
    }

    fn agrees(&mut self, known: &mut Known, steps: usize) -> Result<(), TestCaseError> {
        known.refresh(&mut self.records).unwrap();
        let now = calendar::local(self.records.now());
        let all = (day_number("2024-06-03"), day_number("2024-10-04"));
        let august = (day_number("2024-07-09"), day_number("2024-09-10"));
        for (from, to) in [august, all] {
            let period = Period { from: Day(from), to: Day(to) };
            while known.read_ledger(&mut self.records, period, steps).unwrap() > 0 {}
            let mut cuts = vec![(None, None), (Some(0), None), (Some(1), None)];
            cuts.extend((0..GROUPS).map(|number| (None, Some(number))));
            for (at, of) in cuts {
                let cut = Cut { site: at.map(site), group: of.map(group), pupil: None };
                let figures = count(known, period, cut, now);
                prop_assert_eq!(told(&figures), self.sheet.count(from, to, at, of));
                let weeks = Tally::sum(figures.weeks.values());
                prop_assert_eq!(weeks, figures.total(), "the weeks of a chart add up to its total");
            }
            for number in 0..self.sheet.children.len() {
                let cut = Cut { pupil: Some(pupil(number)), ..Cut::default() };
                let mut alone = self.sheet.count(from, to, None, None);
                alone.retain(|(child, _), _| *child == number);
                let figures = count(known, period, cut, now);
                // Persistent and severe, of the pupil's own possible sessions and before any rounding.
                let of = |what: &str| alone.values().filter_map(|counts| counts.get(what)).sum::<u32>();
                let (absent, attended) = (of("authorised") + of("unauthorised"), of("attended"));
                let (possible, total) = (absent + attended, figures.total());
                prop_assert_eq!(total.is_persistent(), possible > 0 && absent * 10 >= possible);
                prop_assert_eq!(total.is_severe(), possible > 0 && absent * 2 >= possible);
                prop_assert_eq!(told(&figures), alone);
            }
        }
        Ok(())
    }
}

/// Figures in the words of the reference.
fn told(figures: &Figures) -> Counts {
    let number = |id: u8, first: u8| usize::from(id - first);
    let mut counts = Counts::new();
    for line in &figures.lines {
        let tally = &line.tally;
        let key = (number(line.pupil.0[0], 0x81), number(line.group.unwrap().0[0], 0x41));
        let mut put = |what: &str, count: u32| {
            if count > 0 {
                counts.entry(key).or_default().insert(what.to_owned(), count);
            }
        };
        put("attended", tally.attended);
        put("authorised", tally.authorised);
        put("unauthorised", tally.unauthorised);
        put("not possible", tally.not_possible);
        put("not collected", tally.not_collected);
        put("late before close", tally.late_before_close);
        put("late after close", tally.late_after_close);
        put("minutes", tally.minutes_late);
        put("unfilled", tally.unfilled);
        put("unsettled", tally.unsettled);
        put("unknown", tally.unknown);
        for (code, count) in &tally.codes {
            put(&format!("code {code}"), *count);
        }
    }
    counts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn figures_agree_with_a_plain_spreadsheet_whatever_the_school_is_like(seed: u64) {
        let mut made = Made::new(seed);
        let mut known = Known::default();
        made.agrees(&mut known, 1_000)?;
        made.change_some();
        made.agrees(&mut known, 3)?;
        made.change_some();
        made.agrees(&mut known, 1_000)?;
        made.agrees(&mut Known::default(), 2)?;
    }

    #[test]
    fn figures_from_what_was_kept_of_earlier_ones_are_the_same_as_from_scratch(seed: u64) {
        let mut made = Made::new(seed);
        made.agrees(&mut Known::default(), 1_000)?;
        prop_assert!(made.records.kept() > 0, "a school of some weeks is worth keeping: {}", made.records.kept());
        // Each time another start of the program: late marks, amendments and marks taken back came since.
        for _ in 0..3 {
            made.change_some();
            made.agrees(&mut Known::default(), 100)?;
        }
        made.records.rebuild();
        made.agrees(&mut Known::default(), 1_000)?;
        made.agrees(&mut Known::default(), 1_000)?;
    }
}

#[test]
fn the_odd_pupils_of_a_school_are_shown_as_the_rules_say() {
    let mut made = Made::new(3);
    let mut known = Known::default();
    known.refresh(&mut made.records).unwrap();
    let period = Period { from: Day(day_number("2024-07-01")), to: Day(day_number("2024-09-20")) };
    known.read_ledger(&mut made.records, period, usize::MAX).unwrap();
    let now = calendar::local(made.records.now());
    let by = count(&known, period, Cut::default(), now).by_pupil();
    let never = &by[&pupil(0)];
    assert_eq!((never.possible(), never.attendance().to_string().as_str()), (0, "–"));
    assert!(never.not_possible > 0 && !never.is_persistent());
    assert_eq!((by[&pupil(1)].possible(), by[&pupil(1)].not_possible > 40), (0, true), "all X");
    let half = &by[&pupil(2)];
    assert!(half.has_agreed_plan() && half.is_persistent(), "half-timers are severely absent on paper, by agreement");
    let leaver = &by[&pupil(4)];
    let stayed = leaver.possible() + leaver.not_possible + leaver.not_collected + leaver.unfilled + leaver.unknown;
    assert!(stayed <= 24, "nothing after the last day");
}

#[test]
fn a_share_is_rounded_once_and_only_for_the_eye() {
    let shown = |part, whole| crate::figures::Share { part, whole }.to_string();
    assert_eq!(shown(178, 190), "93.7 %, 178 of 190");
    assert_eq!(shown(1, 3), "33.3 %, 1 of 3");
    assert_eq!(shown(2, 3), "66.7 %, 2 of 3");
    assert_eq!(shown(1, 2_000), "0.1 %, 1 of 2000", "half a tenth goes up");
    assert_eq!(shown(u32::MAX, u32::MAX), format!("100.0 %, {0} of {0}", u32::MAX));
    assert_eq!(shown(0, 5), "0.0 %, 0 of 5");
}

#[test]
fn registers_that_cannot_be_read_here_count_as_nothing_not_as_gaps() {
    let mut made = Made::new(5);
    made.records.lock([crate::areas::SCHOOL, crate::areas::PUPIL]);
    let mut known = Known::default();
    known.refresh(&mut made.records).unwrap();
    let period = Period::week_of(monday());
    let period = Period { from: Day(day_number("2024-07-01")), ..period };
    known.read_ledger(&mut made.records, period, usize::MAX).unwrap();
    let now = calendar::local(made.records.now());
    assert!(known.pupils().count() > 0);
    assert_eq!(count(&known, period, Cut::default(), now), Figures::default());
    let told = crate::show::attendance::not_counted(&made.records, &known, Cut::default(), period);
    assert!(told.starts_with("Not counted: ") && told.contains("no right to read"), "{told}");
    let known_sites = known.school().sites.len();
    assert_eq!(told.matches("no right to read").count(), known_sites, "each is named: {told}");
}

#[test]
fn figures_are_shown_for_any_days_that_are_typed_and_wrong_ones_are_refused_with_what_would_be_right() {
    use super::{Desk, clock, entry, morning, small};
    let mut small = small();
    let (ada, beech) = (small.pupils[0], small.beech);
    let friday = Session::am(monday().plus(-3));
    small.desk.records.set_clock(friday.day, clock(9, 5));
    small.desk.office().take(beech, friday, &[entry(ada, "N")], false).unwrap();
    small.desk.at(clock(9, 5)).office().take(beech, morning(), &[entry(ada, "/")], false).unwrap();
    let mut of = |days: Option<(&str, &str)>| {
        let days = days.map(|(first, last)| (first.to_owned(), last.to_owned()));
        let filter = crate::view::attendance::AttendanceFilter { days, ..Default::default() };
        let Desk { records, known } = &mut small.desk;
        crate::show::attendance::attendance(records, known, &filter, usize::MAX).unwrap()
    };
    let year = of(None);
    assert!(year.summary.contains("50.0 %, 1 of 2 sessions"), "{}", year.summary);
    let friday = of(Some(("20/11/2026", "2026-11-20")));
    assert!(friday.summary.contains("0.0 %, 0 of 1 sessions"), "{}", friday.summary);
    assert!(friday.title.contains("Friday 20 November 2026"), "{}", friday.title);
    assert!(of(Some(("21/11/2026", ""))).summary.contains("100.0 %, 1 of 1"), "no last day is today");
    for (first, last, right) in [
        ("soon", "", "From: \"soon\""),
        ("20/11/2026", "later", "To: \"later\""),
        ("23/11/2026", "20/11/2026", "in that order"),
    ] {
        let wrong = of(Some((first, last)));
        assert!(wrong.problem.contains(right), "{}", wrong.problem);
        assert_eq!(wrong.summary, year.summary, "the period counts meanwhile");
    }
}
