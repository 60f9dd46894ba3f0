//! What a pupil's own marks come to: no reason for days, illness, days without leave, a share of absence.

use super::{Item, Kind, NO_REASON_DAYS, RUNNING_DAYS, SICK_DAYS, WATCHED, returns, short_day};
use crate::age;
use crate::calendar::{Day, Local, Session};
use crate::codes::{Class, Code};
use crate::facts::returns::ReturnKind;
use crate::figures::{Cut, Period, Tally, count};
use crate::known::{Known, Pupil};
use muster_core::id::PlaceId;
use std::collections::BTreeMap;

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
        let sent = |kind, since| returns::is_sent(known, pupil.id, kind, since);
        if !sent(ReturnKind::Sickness, year.from) {
            sickness(pupil, this_year()).into_iter().for_each(|line| add(Kind::Sickness, line));
        }
        if let Some((first, line)) = running(marks.iter())
            && !sent(ReturnKind::Attendance, first)
        {
            add(Kind::Running, line);
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

fn sickness<'a>(pupil: &Pupil, marks: impl Iterator<Item = &'a (Session, Code, Class)>) -> Option<(Session, String)> {
    let born = pupil.identity.born;
    let (mut ill, mut run, mut longest, mut last) = (0_u32, 0_u32, 0_u32, None);
    for (session, code, class) in marks {
        if code.as_str() == "I" && born.is_none_or(|born| age::is_compulsory(born, session.day)) {
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
    let detail = format!("{}, {ill} sessions, ill this year; longest in a row {}{unknown}", days(ill), days(longest));
    last.filter(|_| ill >= SICK_DAYS * 2).map(|last| (last, detail))
}

/// The longest run of days, with its first, on which no session that could be attended was attended or had leave.
fn running<'a>(marks: impl Iterator<Item = &'a (Session, Code, Class)>) -> Option<(Day, (Session, String))> {
    let mut days: BTreeMap<Day, (u32, u32)> = BTreeMap::new();
    for (session, _, class) in marks.filter(|(.., class)| class.is_possible()) {
        let (without, other) = days.entry(session.day).or_default();
        if *class == Class::Unauthorised { *without += 1 } else { *other += 1 }
    }
    let mut best: Option<(u32, Day, Day)> = None;
    let mut run: Option<(u32, Day, Day)> = None;
    for (day, (_, other)) in days {
        run = match (other, run) {
            (0, Some((count, first, _))) => Some((count + 1, first, day)),
            (0, None) => Some((1, day, day)),
            _ => None,
        };
        if run.map(|(count, ..)| count) >= best.map(|(count, ..)| count) {
            best = run.or(best);
        }
    }
    let (count, first, last) = best.filter(|(count, ..)| *count >= RUNNING_DAYS)?;
    let words = format!("{count} school days running, {} to {}", short_day(first), short_day(last));
    Some((first, (Session::am(last), words)))
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
