//! What a pupil's own marks come to: no reason for days, illness, days without leave, a share of absence.

use super::{Item, Kind, NO_REASON_DAYS, RUNNING_DAYS, SICK_DAYS, WATCHED, returns, short_day};
use crate::age;
use crate::calendar::{Day, Local, Session};
use crate::codes::{Class, Code};
use crate::facts::returns::ReturnKind;
use crate::figures::{Cut, Period, Tally, count};
use crate::ids::PupilId;
use crate::known::{Known, Pupil};
use muster_core::id::PlaceId;
use std::collections::{BTreeMap, BTreeSet};

/// A pupil's marks that are settled, in order, each with its class; those of unknown codes are left out.
type Marks = Vec<(Session, Code, Class)>;

pub(super) fn of_pupils(known: &Known, site: Option<PlaceId>, now: Local) -> Vec<(Kind, Item)> {
    let year = Period::year_to(now.day);
    let tallies = count(known, year, Cut::default(), now).by_pupil();
    let sites = known.ledger().sites();
    let mut pupils: Vec<_> = known
        .pupils()
        .filter(|pupil| {
            let at = known.site_on(pupil, now.day);
            pupil.provisional.is_none() && sites.contains(&at) && site.is_none_or(|site| site == at)
        })
        .collect();
    pupils.sort_by(|a, b| (&a.sort, a.id).cmp(&(&b.sort, b.id)));
    let mut watched: BTreeMap<PlaceId, Day> = BTreeMap::new();
    let mut found = Vec::new();
    for pupil in pupils {
        let at = known.site_on(pupil, now.day);
        let marks = marks(known, pupil, super::period(now));
        let this_year = || marks.iter().filter(|(session, ..)| year.has(session.day));
        let mut add = |kind, (session, detail): (Session, String)| {
            let item = Item {
                pupil: Some(pupil.id),
                group: pupil.group_on(session.day),
                site: known.site_on(pupil, session.day),
                owed_by: String::new(),
                detail,
                session,
            };
            found.push((kind, item));
        };
        // Over the summer, too: what nobody replaced in July is still to be replaced in September.
        for (session, ..) in marks.iter().filter(|(_, code, _)| *code == Code::NO_REASON) {
            no_reason(known, pupil, *session, now).into_iter().for_each(|(kind, line)| add(kind, line));
        }
        if !pupil.is_on_roll(now.day) {
            continue;
        }
        let ill = sickness(known, pupil, &marks, now);
        ill.into_iter().for_each(|ill| add(Kind::Sickness, (ill.seen, ill.detail)));
        if let Some((latest, before)) = running(known, pupil, &marks).split_last() {
            let words: Vec<String> = before.iter().rev().map(|run| format!("; and {}", run.words())).collect();
            add(Kind::Running, (Session::am(latest.last), format!("{}{}", latest.words(), words.concat())));
        }
        let since = *watched.entry(at).or_insert_with(|| weeks_back(known, at, now.day, WATCHED.1));
        ten_in_ten(&marks, since).into_iter().for_each(|line| add(Kind::TenInTen, line));
        let Some(tally) = tallies.get(&pupil.id) else { continue };
        let last = this_year().next_back().map_or(Session::am(now.day), |(session, ..)| *session);
        match (tally.is_severe(), tally.is_persistent()) {
            (true, _) => add(Kind::Severe, (last, share(tally))),
            (false, true) => add(Kind::Persistent, (last, share(tally))),
            (false, false) => {}
        }
    }
    found
}

fn marks(known: &Known, pupil: &Pupil, period: Period) -> Marks {
    let codes = known.school().codes();
    let on_roll = known.marks(pupil.id, period).into_iter().filter(|(session, _)| pupil.is_on_roll(session.day));
    on_roll
        .filter_map(|(session, cell)| {
            let code = cell.code()?;
            Some((session, code, codes.on(code, session.day)?.class))
        })
        .collect()
}

fn share(tally: &Tally) -> String {
    let plan = if tally.has_agreed_plan() {
        format!("; agreed plan: {} sessions of a part-time timetable", tally.of("C2"))
    } else {
        String::new()
    };
    format!("absent {}{plan}", tally.absence())
}

/// Today's is a call to make; an older one is a reason to enter.
fn no_reason(known: &Known, pupil: &Pupil, session: Session, now: Local) -> Option<(Kind, (Session, String))> {
    if session.day == now.day {
        return Some((Kind::Call, (session, format!("{}, no reason yet", session.half.word()))));
    }
    let old = known.school().school_days(known.site_on(pupil, session.day), session.day, now.day);
    let when = super::short(session);
    match old {
        0..NO_REASON_DAYS => None,
        NO_REASON_DAYS => Some((Kind::NoReason, (session, format!("{when}: today is the last day")))),
        old => Some((Kind::NoReason, (session, format!("{when}: {old} school days old")))),
    }
}

/// A pupil of whom the authority is still to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToTell {
    /// Whom.
    pub pupil: PupilId,
    /// At which site they were then.
    pub site: PlaceId,
    /// The days that what is told is about: each is noted as sent.
    pub about: Vec<Day>,
    /// What the sessions missed do not say by themselves: what is to come, or what share they are. Empty for nothing.
    pub ahead: String,
}

/// The pupils of whom the authority is to be told for their absence or illness, and was not, by name.
/// Where the authority asks, those too who do not attend regularly: absent for a tenth of their sessions this year.
pub(super) fn to_tell(known: &Known, kind: ReturnKind, asked: bool, now: Local) -> Vec<ToTell> {
    let sites = known.ledger().sites();
    let year = Period::year_to(now.day);
    let tallies = match asked && kind == ReturnKind::Attendance {
        true => count(known, year, Cut::default(), now).by_pupil(),
        false => BTreeMap::new(),
    };
    let mut pupils: Vec<_> = known.pupils().filter(|pupil| pupil.provisional.is_none()).collect();
    pupils.sort_by(|a, b| (&a.sort, a.id).cmp(&(&b.sort, b.id)));
    let mut found = Vec::new();
    for pupil in pupils.into_iter().filter(|pupil| pupil.is_on_roll(now.day)) {
        let site = known.site_on(pupil, now.day);
        if !sites.contains(&site) {
            continue;
        }
        let marks = marks(known, pupil, super::period(now));
        let (about, ahead) = match kind {
            ReturnKind::Sickness => match sickness(known, pupil, &marks, now) {
                Some(ill) => (vec![ill.seen.day], ill.ahead),
                None => continue,
            },
            _ => {
                let mut about: Vec<Day> = running(known, pupil, &marks).into_iter().map(|run| run.first).collect();
                let irregular = tallies.get(&pupil.id).filter(|tally| tally.is_persistent());
                if irregular.is_some() && about.is_empty() {
                    about.push(now.day);
                }
                (about, irregular.map(|tally| format!("{} this year", share(tally))).unwrap_or_default())
            }
        };
        if !about.is_empty() {
            found.push(ToTell { pupil: pupil.id, site, about, ahead });
        }
    }
    found
}

/// Illness of which the authority is to be told, and was not this year.
struct Illness {
    /// The last session of it so far, or today's.
    seen: Session,
    detail: String,
    /// What is to come, in words; empty for nothing.
    ahead: String,
}

fn sickness(known: &Known, pupil: &Pupil, marks: &Marks, now: Local) -> Option<Illness> {
    let year = Period::year_to(now.day);
    if returns::is_sent(known, pupil.id, ReturnKind::Sickness, (year.from, now.day)) {
        return None;
    }
    let born = pupil.identity.born;
    let counts = |day| born.is_none_or(|born| age::is_compulsory(born, day));
    let (mut ill, mut run, mut longest, mut last) = (0_u32, 0_u32, 0_u32, None);
    for (session, code, class) in marks.iter().filter(|(session, ..)| year.has(session.day)) {
        if *code == Code::ILL && counts(session.day) {
            (ill, run, last) = (ill + 1, run + 1, Some(*session));
            longest = longest.max(run);
        } else if class.is_possible() {
            run = 0;
        }
    }
    let unknown = if born.is_none() { "; date of birth not known" } else { "" };
    let days = |sessions: u32| {
        let half = if sessions.is_multiple_of(2) { "" } else { "½" };
        format!("{}{half} days", sessions / 2)
    };
    let seen = last.unwrap_or(Session::am(now.day));
    let so_far = format!("{}, {ill} sessions, ill this year; longest in a row {}{unknown}", days(ill), days(longest));
    if ill >= SICK_DAYS * 2 {
        return Some(Illness { seen, detail: so_far, ahead: String::new() });
    }
    let coming = ill_ahead(known, pupil, marks, now, counts);
    let more = u32::try_from(coming.len()).unwrap_or(u32::MAX);
    let until = coming.last().filter(|_| ill.saturating_add(more) >= SICK_DAYS * 2)?;
    let ahead = format!("{} more of illness are planned, to {}", days(more), short_day(until.day));
    Some(Illness { seen, detail: format!("{so_far}; {ahead}"), ahead })
}

/// The sessions of this school year that have no mark yet and in which a pupil will be ill, as far as it is planned.
fn ill_ahead(
    known: &Known,
    pupil: &Pupil,
    marks: &Marks,
    now: Local,
    counts: impl Fn(Day) -> bool,
) -> BTreeSet<Session> {
    let ends = i16::try_from(now.day.year().0).ok().and_then(|year| Day::new(year + 1, 8, 31)).unwrap_or(now.day);
    let marked: BTreeSet<Session> = marks.iter().map(|(session, ..)| *session).collect();
    let mut found = BTreeSet::new();
    for plan in pupil.plans.iter().filter(|plan| plan.code == Some(Code::ILL)) {
        let days = Period { from: plan.first.max(now.day), to: plan.last.min(ends) };
        for day in days.days() {
            let open = known.school().meets_for(known.site_on(pupil, day), pupil.group_on(day), day);
            let sessions = [Session::am(day), Session::pm(day)].into_iter();
            let ill = |session: &Session| {
                !marked.contains(session) && pupil.plan(*session).is_some_and(|planned| planned.code == Code::ILL)
            };
            found.extend(sessions.filter(ill).filter(|_| open && counts(day) && pupil.is_on_roll(day)));
        }
    }
    found
}

/// Days running on which no session that could be attended was attended or had leave.
#[derive(Clone, Copy)]
struct Run {
    days: u32,
    first: Day,
    last: Day,
}

impl Run {
    fn words(&self) -> String {
        format!("{} school days running, {} to {}", self.days, short_day(self.first), short_day(self.last))
    }
}

/// Every run of ten such days or more of which the authority was not told, the earliest first.
fn running(known: &Known, pupil: &Pupil, marks: &Marks) -> Vec<Run> {
    let mut days: BTreeMap<Day, (u32, u32)> = BTreeMap::new();
    for (session, _, class) in marks.iter().filter(|(.., class)| class.is_possible()) {
        let (without, other) = days.entry(session.day).or_default();
        if *class == Class::Unauthorised { *without += 1 } else { *other += 1 }
    }
    let mut runs: Vec<Run> = Vec::new();
    let mut goes_on = false;
    for (day, (_, other)) in days {
        match runs.last_mut().filter(|_| goes_on && other == 0) {
            Some(run) => (run.days, run.last) = (run.days + 1, day),
            None if other == 0 => runs.push(Run { days: 1, first: day, last: day }),
            None => {}
        }
        goes_on = other == 0;
    }
    let told = |run: &Run| returns::is_sent(known, pupil.id, ReturnKind::Attendance, (run.first, run.last));
    runs.into_iter().filter(|run| run.days >= RUNNING_DAYS && !told(run)).collect()
}

fn ten_in_ten(marks: &Marks, since: Day) -> Option<(Session, String)> {
    let without = marks.iter().filter(|(session, _, class)| *class == Class::Unauthorised && since <= session.day);
    let (many, last) = without.fold((0_u32, None), |(many, _), (session, ..)| (many + 1, Some(*session)));
    last.filter(|_| many >= WATCHED.0).map(|last| (last, format!("{many} sessions since {}", short_day(since))))
}

/// The Monday of the school week so many school weeks ago, this week counted as one if it has a school day.
fn weeks_back(known: &Known, site: PlaceId, today: Day, weeks: usize) -> Day {
    let monday = Period::week_of(today).from;
    let earliest = super::period(Local { day: today, minute: 0 }).from;
    let mondays = (0..).map(|back| monday.plus(-7 * back)).take_while(|monday| earliest <= *monday);
    let open = mondays.filter(|monday| known.school().school_days(site, monday.plus(-1), monday.plus(6)) > 0);
    open.take(weeks).last().unwrap_or(monday)
}
