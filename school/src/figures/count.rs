//! Counting: a period, a cut of the school, and the tallies of it.

use super::ledger::Sheet;
use super::week_cells::PLACES;
use super::{Cell, Tally};
use crate::calendar::{Day, Half, Local, Session};
use crate::codes::{Code, CodeInfo, Codes};
use crate::ids::{GroupId, PupilId};
use crate::known::{DayKind, Known, Pupil};
use muster_core::id::PlaceId;
use std::collections::{BTreeMap, BTreeSet};

/// Days from one to another, both counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first.
    pub from: Day,
    /// The last.
    pub to: Day,
}

impl Period {
    /// The week of a day, Monday to Sunday.
    pub fn week_of(day: Day) -> Self {
        let monday = day.plus(-i32::from(day.weekday()));
        Self { from: monday, to: monday.plus(6) }
    }

    /// The school year of a day, from 1 September to that day.
    pub fn year_to(day: Day) -> Self {
        let starts = i16::try_from(day.year().0).ok().and_then(|year| Day::new(year, 9, 1));
        Self { from: starts.unwrap_or(day), to: day }
    }

    /// Its days.
    pub fn days(self) -> impl DoubleEndedIterator<Item = Day> {
        (self.from.0..=self.to.0).map(Day)
    }

    /// Whether a day is in it.
    pub fn has(self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }
}

/// A part of the school; what is `None` narrows nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// A site: where the pupil's group was on the day.
    pub site: Option<PlaceId>,
    /// A group: the pupil's on the day.
    pub group: Option<GroupId>,
    /// A pupil.
    pub pupil: Option<PupilId>,
}

/// What a pupil's sessions in one group come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whose.
    pub pupil: PupilId,
    /// In which group; `None` while in none.
    pub group: Option<GroupId>,
    /// At which site.
    pub site: PlaceId,
    /// How many of what.
    pub tally: Tally,
}

/// The figures of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// One for each pupil and group they were in, by pupil.
    pub lines: Vec<Line>,
    /// The same sessions by week, by its Monday.
    pub weeks: BTreeMap<Day, Tally>,
}

impl Figures {
    /// All of it.
    pub fn total(&self) -> Tally {
        Tally::sum(self.lines.iter().map(|line| &line.tally))
    }

    /// By pupil.
    pub fn by_pupil(&self) -> BTreeMap<PupilId, Tally> {
        self.by(|line| line.pupil)
    }

    /// By group.
    pub fn by_group(&self) -> BTreeMap<Option<GroupId>, Tally> {
        self.by(|line| line.group)
    }

    /// By site.
    pub fn by_site(&self) -> BTreeMap<PlaceId, Tally> {
        self.by(|line| line.site)
    }

    fn by<K: Ord>(&self, key: impl Fn(&Line) -> K) -> BTreeMap<K, Tally> {
        let mut found: BTreeMap<K, Tally> = BTreeMap::new();
        for line in &self.lines {
            found.entry(key(line)).or_default().add(&line.tally);
        }
        found
    }
}

/// Counts what the ledger has of a period and a part of the school. Sites whose registers cannot be read here are left
/// out. A session without a mark counts as unfilled once its deadline has passed, on days with school for the group; a
/// boarder needs none.
///
/// Children written down provisionally count once they are matched with a pupil, as that pupil.
///
/// Cost: some 10 ns a session; 2,000 pupils and a school year are 800,000.
pub fn count(known: &Known, period: Period, cut: Cut, now: Local) -> Figures {
    let period = Period { to: period.to.min(now.day), ..period };
    let mut counter = Counter {
        known,
        cut,
        now,
        sites: known.ledger().sites(),
        weeks: weeks(known, period),
        rows: Rows::new(known.school().codes()),
    };
    let mut lines = Vec::new();
    match cut.pupil.map(|pupil| known.pupil(pupil)) {
        Some(pupil) => pupil.into_iter().for_each(|pupil| counter.pupil(pupil, period, &mut lines)),
        None => known.pupils().for_each(|pupil| counter.pupil(pupil, period, &mut lines)),
    }
    let rows = &counter.rows;
    let mut by_week: BTreeMap<Day, Tally> = BTreeMap::new();
    for week in counter.weeks.iter().filter(|week| week.counts.any) {
        by_week.entry(week.monday).or_default().add(&rows.tally(&week.counts));
    }
    let line = |(pupil, group, site, counts): (PupilId, Option<GroupId>, PlaceId, Counts)| Line {
        pupil,
        group,
        site,
        tally: rows.tally(&counts),
    };
    Figures { lines: lines.into_iter().map(line).collect(), weeks: by_week }
}

/// A week of the period, or the part of it in one school year.
struct Week<'a> {
    sheet: Option<&'a Sheet>,
    monday: Day,
    days: Period,
    counts: Counts,
    /// By site, looked up when first asked for.
    open: BTreeMap<PlaceId, Open<'a>>,
}

/// In which sessions of a week there should be a mark by now.
struct Open<'a> {
    days: [DayKind<'a>; 7],
    over: [bool; PLACES],
}

impl<'a> Open<'a> {
    fn new(known: &'a Known, site: PlaceId, monday: Day, now: Local) -> Self {
        let mut over = [false; PLACES];
        for (place, over) in (0_u8..).zip(&mut over) {
            let day = monday.plus(i32::from(place / 2));
            let half = if place.is_multiple_of(2) { Half::Am } else { Half::Pm };
            *over = known.is_over(site, Session { day, half }, now);
        }
        Self {
            days: std::array::from_fn(|at| known.school().day(site, monday.plus(i32::try_from(at).unwrap_or(0)))),
            over,
        }
    }

    fn is_due(&self, group: Option<GroupId>, at: usize) -> bool {
        let open = self.days.get(at / 2).is_some_and(|day| match day {
            DayKind::Weekend | DayKind::Closed(_) | DayKind::Training(_) => false,
            DayKind::OpenTo(groups, _) => group.is_none_or(|group| groups.contains(&group)),
            DayKind::Open | DayKind::Lost(_) => true,
        });
        open && self.over.get(at).is_some_and(|over| *over)
    }
}

fn weeks(known: &Known, period: Period) -> Vec<Week<'_>> {
    let mut found = Vec::new();
    let mut day = period.from;
    while day <= period.to {
        let monday = day.plus(-i32::from(day.weekday()));
        let last =
            (Period { from: day, to: monday.plus(6).min(period.to) }).days().rfind(|one| one.year() == day.year());
        let days = Period { from: day, to: last.unwrap_or(day) };
        found.push(Week {
            sheet: known.ledger().week(day),
            monday,
            days,
            counts: Counts::default(),
            open: BTreeMap::new(),
        });
        day = days.to.plus(1);
    }
    found
}

/// Marks by the row of the code table that they count by, and what is counted apart.
#[derive(Clone, Debug, Default)]
struct Counts {
    any: bool,
    marks: Vec<u32>,
    minutes: u32,
    unfilled: u32,
    unsettled: u32,
}

impl Counts {
    fn mark(&mut self, row: usize, minutes: Option<u16>) {
        self.any = true;
        if self.marks.len() <= row {
            self.marks.resize(row + 1, 0);
        }
        if let Some(count) = self.marks.get_mut(row) {
            *count += 1;
        }
        self.minutes += minutes.map_or(0, u32::from);
    }
}

/// The rows of the code table that were met, each looked up once.
struct Rows<'a> {
    codes: &'a Codes,
    found: Vec<(Code, Option<&'a CodeInfo>)>,
    by_code: BTreeMap<Code, Vec<usize>>,
    last: Option<(Code, usize)>,
}

impl<'a> Rows<'a> {
    fn new(codes: &'a Codes) -> Self {
        Self { codes, found: Vec::new(), by_code: BTreeMap::new(), last: None }
    }

    fn fits(&self, row: usize, day: Day) -> bool {
        matches!(self.found.get(row), Some((_, Some(info))) if info.is_valid_on(day))
    }

    fn row(&mut self, code: Code, day: Day) -> usize {
        if let Some((last, row)) = self.last
            && last == code
            && self.fits(row, day)
        {
            return row;
        }
        let known = self.by_code.get(&code).into_iter().flatten().copied();
        let row = known.clone().find(|row| self.fits(*row, day)).unwrap_or_else(|| {
            let info = self.codes.on(code, day);
            let same = |row: &usize| self.found.get(*row).is_some_and(|(_, held)| held.is_none() && info.is_none());
            known.clone().find(same).unwrap_or_else(|| {
                self.found.push((code, info));
                self.found.len() - 1
            })
        });
        let rows = self.by_code.entry(code).or_default();
        if !rows.contains(&row) {
            rows.push(row);
        }
        self.last = Some((code, row));
        row
    }

    fn tally(&self, counts: &Counts) -> Tally {
        let mut tally = Tally {
            minutes_late: counts.minutes,
            unfilled: counts.unfilled,
            unsettled: counts.unsettled,
            ..Tally::default()
        };
        for ((code, info), many) in self.found.iter().zip(&counts.marks).filter(|(_, many)| **many > 0) {
            tally.add_marks(*info, *code, *many);
        }
        tally
    }
}

struct Counter<'a> {
    known: &'a Known,
    cut: Cut,
    now: Local,
    sites: BTreeSet<PlaceId>,
    weeks: Vec<Week<'a>>,
    rows: Rows<'a>,
}

impl Counter<'_> {
    fn pupil(&mut self, pupil: &Pupil, period: Period, lines: &mut Vec<(PupilId, Option<GroupId>, PlaceId, Counts)>) {
        if pupil.provisional.is_some() {
            return;
        }
        let (known, cut) = (self.known, self.cut);
        let on_roll = Period {
            from: pupil.on_roll.starting.map_or(period.from, |starting| starting.max(period.from)),
            to: pupil.on_roll.last.map_or(period.to, |last| last.min(period.to)),
        };
        let begun = lines.len();
        // Where the pupil is changes on few days: the answer for one day is kept while it holds.
        let mut place: Option<(Day, Option<GroupId>, PlaceId, bool)> = None;
        let others = known.twins(pupil.id);
        for week in &mut self.weeks {
            let days = Period { from: week.days.from.max(on_roll.from), to: week.days.to.min(on_roll.to) };
            if days.to < days.from {
                continue;
            }
            let cells = week.sheet.and_then(|sheet| sheet.cells(pupil.id));
            let twins = others.iter().filter_map(|other| week.sheet?.cells(*other));
            let cells = twins.fold(cells.copied().unwrap_or_default(), |mut cells, twin| {
                cells.iter_mut().zip(twin).for_each(|(cell, other)| *cell = cell.with(*other));
                cells
            });
            for day in days.days() {
                let moved = |since: Day| pupil.placings.iter().any(|one| since < one.from && one.from <= day);
                let (group, site, wanted) = match place {
                    Some((since, group, site, wanted)) if !moved(since) => (group, site, wanted),
                    _ => {
                        let (group, site) = (pupil.group_on(day), known.site_on(pupil, day));
                        let wanted = cut.group.is_none_or(|wanted| group == Some(wanted))
                            && cut.site.is_none_or(|wanted| site == wanted)
                            && self.sites.contains(&site);
                        place = Some((day, group, site, wanted));
                        (group, site, wanted)
                    }
                };
                if !wanted {
                    continue;
                }
                let first = usize::try_from(day.0 - week.monday.0).unwrap_or(0) * 2;
                for at in [first, first + 1] {
                    let cell = cells.get(at).copied().unwrap_or_default();
                    if cell == Cell::Empty {
                        if !Known::is_mark_due(pupil) {
                            continue;
                        }
                        let open = week.open.entry(site);
                        let open = open.or_insert_with(|| Open::new(known, site, week.monday, self.now));
                        if !open.is_due(group, at) {
                            continue;
                        }
                    }
                    let here = lines.iter().skip(begun).position(|(_, of, at, _)| *of == group && *at == site);
                    let here = here.map_or_else(
                        || {
                            lines.push((pupil.id, group, site, Counts::default()));
                            lines.len() - 1
                        },
                        |place| begun + place,
                    );
                    let Some((.., line)) = lines.get_mut(here) else { continue };
                    match cell {
                        Cell::Mark(code, minutes) => {
                            let row = self.rows.row(code, day);
                            line.mark(row, minutes);
                            week.counts.mark(row, minutes);
                        }
                        Cell::Unsettled => {
                            line.unsettled += 1;
                            week.counts.unsettled += 1;
                        }
                        Cell::Empty => {
                            line.unfilled += 1;
                            week.counts.unfilled += 1;
                        }
                    }
                    week.counts.any = true;
                }
            }
        }
    }
}
