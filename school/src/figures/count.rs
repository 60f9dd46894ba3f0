//! Counting: a period, a cut of the school, and the tallies of it.

use super::{Cell, Tally};
use crate::calendar::{Day, Half, Local, Session};
use crate::ids::{GroupId, PupilId};
use crate::known::{Known, Pupil};
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
/// out. A session without a mark counts as unfilled once its deadline has passed, on days when the site was open.
///
/// Cost: 2,000 pupils and a school year are some 800,000 sessions, and take milliseconds.
pub fn count(known: &Known, period: Period, cut: Cut, now: Local) -> Figures {
    let mut open = Open { known, now, days: BTreeMap::new() };
    let sites = known.ledger().sites();
    let period = Period { to: period.to.min(now.day), ..period };
    let mut figures = Figures::default();
    match cut.pupil {
        Some(pupil) => {
            if let Some(pupil) = known.pupil(pupil) {
                count_pupil(&mut open, &sites, pupil, period, cut, &mut figures);
            }
        }
        None => {
            for pupil in known.pupils() {
                count_pupil(&mut open, &sites, pupil, period, cut, &mut figures);
            }
        }
    }
    figures
}

fn count_pupil(
    open: &mut Open<'_>,
    sites: &BTreeSet<PlaceId>,
    pupil: &Pupil,
    period: Period,
    cut: Cut,
    figures: &mut Figures,
) {
    let known = open.known;
    let mut lines: Vec<Line> = Vec::new();
    // While on roll only: both ends are known or do not narrow.
    let from = pupil.on_roll.starting.map_or(period.from, |starting| starting.max(period.from));
    let to = pupil.on_roll.last.map_or(period.to, |last| last.min(period.to));
    let mut day = from;
    while day <= to {
        let week = known.ledger().week(pupil.id, day);
        let monday = day.plus(-i32::from(day.weekday()));
        // A week that 1 September divides is two weeks of the ledger.
        let end =
            (0..=6 - i32::from(day.weekday())).map(|ahead| day.plus(ahead)).rfind(|last| last.year() == day.year());
        let end = end.unwrap_or(day).min(to);
        for day in (Period { from: day, to: end }).days() {
            let group = pupil.group_on(day);
            let site = known.site_on(pupil, day);
            let wanted = cut.group.is_none_or(|wanted| group == Some(wanted))
                && cut.site.is_none_or(|wanted| site == wanted)
                && sites.contains(&site);
            if !wanted {
                continue;
            }
            for half in [Half::Am, Half::Pm] {
                let session = Session { day, half };
                let cell = week.and_then(|cells| cells.get(usize::from(session.in_week()))).copied();
                let cell = cell.unwrap_or_default();
                if cell == Cell::Empty && !open.is_due(site, group, session) {
                    continue;
                }
                let line = match lines.iter().position(|line| line.group == group && line.site == site) {
                    Some(at) => lines.get_mut(at),
                    None => {
                        lines.push(Line { pupil: pupil.id, group, site, tally: Tally::default() });
                        lines.last_mut()
                    }
                };
                let Some(line) = line else { continue };
                let tallies = [&mut line.tally, figures.weeks.entry(monday).or_default()];
                for tally in tallies {
                    match cell {
                        Cell::Mark(code, minutes) => tally.add_mark(known.school().codes(), code, minutes, day),
                        Cell::Unsettled => tally.unsettled += 1,
                        Cell::Empty => tally.unfilled += 1,
                    }
                }
            }
        }
        day = end.plus(1);
    }
    figures.lines.append(&mut lines);
}

/// Which sessions should have a mark by now.
struct Open<'a> {
    known: &'a Known,
    now: Local,
    days: BTreeMap<(PlaceId, Option<GroupId>, Day), [bool; 2]>,
}

impl Open<'_> {
    fn is_due(&mut self, site: PlaceId, group: Option<GroupId>, session: Session) -> bool {
        let (known, now) = (self.known, self.now);
        let [am, pm] = *self.days.entry((site, group, session.day)).or_insert_with(|| {
            [Half::Am, Half::Pm].map(|half| known.is_due(site, group, Session { day: session.day, half }, now))
        });
        match session.half {
            Half::Am => am,
            Half::Pm => pm,
        }
    }
}
