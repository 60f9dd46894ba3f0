//! A roll call while it runs, and its report.

mod missing;
pub(super) mod report;
mod row;

use super::words::{self, Names};
use crate::calendar;
use crate::facts::roll_call::{Point, Statement};
use crate::fire::call::{self as rules, Call, Said, Standing};
use crate::fire::care::CareBook;
use crate::fire::evidence::Roll;
use crate::fire::{places, presence};
use crate::known::Known;
use crate::office::{CallKey, OfficeError, event_documents};
use crate::view::AsOf;
use crate::view::call::{self as view, CallTime, CallView, PointCount};
use crate::view::fire::{Care, RunningCall};
use muster_core::document::fact::{Facts, Origin};
use muster_core::id::{EntryHash, Section};
use muster_core::replica::records::Records;
use muster_core::time::Moment;
use std::collections::{BTreeMap, BTreeSet};

/// Milliseconds after which the list that an event works from counts as old.
const OLD_MS: i64 = 60_000;

/// Said where times of several devices stand side by side and one of the clocks is wrong.
const CLOCKS_DIFFER: &str = "The clocks of the devices differ, or over 12 hours lie between: minutes are not certain";

/// What stands around a roll call on this device.
#[derive(Clone, Debug, Default)]
pub struct Around<'a> {
    /// What undo would take back, as in `Found Rhys Davies`.
    pub undo: Option<String>,
    /// At which assembly point this device's marshal stands.
    pub here: String,
    /// Whether care lines are shown.
    pub care: Care,
    /// They, where they are.
    pub book: Option<&'a CareBook>,
}

/// One roll call. `undo` is what undo would take back, as in `Found Rhys Davies`.
///
/// # Errors
/// When nothing of it is held, or the records cannot be read.
pub fn call(
    records: &mut impl Records,
    known: Option<&Known>,
    key: CallKey,
    undo: Option<String>,
) -> Result<CallView, OfficeError> {
    call_with(records, known, key, Around { undo, ..Around::default() })
}

/// As [`call`], with what else stands around it.
///
/// # Errors
/// As there.
pub fn call_with(
    records: &mut impl Records,
    known: Option<&Known>,
    key: CallKey,
    around: Around<'_>,
) -> Result<CallView, OfficeError> {
    let held = event_documents(records, key)?;
    let call = held.call()?;
    // While it runs, what is believed now by the day of this device's own list: whoever began it may have had a clock
    // that is days wrong.
    let runs = call.ended.is_none();
    let list = presence::list(records, key.site)?.filter(|list| runs || list.day == key.day);
    let day = list.as_ref().map_or(key.day, |list| list.day);
    let roll = presence::roll(records, key.site, day)?;
    let names = Names::new(known, Some(&roll));
    let now = records.now();
    let today = calendar::local(now).day;
    let counts = call.counts();
    let documents = held.facts();
    let (spread, shared) = spread(records, &key.document().section, &documents, today);
    // Before today's roll names them, as on the day before.
    let before = if roll.place.is_none() { presence::rolls(records, key.site, day)?.1 } else { None };
    let of = |roll: &Roll| roll.place.as_ref().map(|place| (place.points.clone(), roll.places.clone()));
    let (points, named) = of(&roll).or_else(|| of(before.as_ref()?)).unwrap_or_default();
    let named = named.unwrap_or_default();
    let maker = row::Maker { records, names: &names, roll: &roll, call: &call, list: list.as_ref(), book: around.book };
    let rows = call.people.iter().map(|person| maker.row(person)).collect();
    let heard_since = maker.heard_since();
    let (joinable, joined) = others(records, &names, key, &held, today)?;
    let report = match &call.ended {
        Some(_) => Some(report::report(records, known, &names, key, &held, &call)?),
        None => None,
    };
    let (trips, elsewhere) = list.as_ref().map_or_else(Default::default, |list| {
        (super::fire::trips(list, around.book.is_some()), super::fire::elsewhere(list))
    });
    Ok(CallView {
        event: key.event.into(),
        kind: words::kind(call.kind),
        started: started(&call, now),
        as_of: AsOf {
            at: call.as_of_ms.map_or_else(|| "never".to_owned(), |ms| words::when(Moment::utc(ms), today)),
            from: words::heard_from(&devices(records, &names, &call)),
            gaps: call.gaps.join("; "),
            stale: call.as_of_ms.is_none_or(|ms| now.utc_ms.saturating_sub(ms) > OLD_MS),
        },
        to_find: counts.to_find(),
        to_check: counts.check,
        found: counts.found + counts.not_here,
        total: counts.total,
        rows,
        classes: words::classes(call.people.iter().map(|person| person.listed.group.as_str())),
        letters: words::letters(),
        places: places::or_words(&named.rooms, &places::ROOMS),
        refuges: places::or_words(&named.refuges, &places::REFUGES),
        spread,
        shared,
        marshals: marshals(records, &names, &call),
        undo: around.undo,
        report,
        missing: missing::to_fetch(&call).into_iter().chain(missing::by_place(&call)).collect(),
        code: crate::fire::code::code(documents.iter().copied()),
        minutes: u32::try_from(call.minutes(now)).unwrap_or(0),
        points: point_counts(&call, &points),
        here: around.here,
        times: times(records, &names, &call, today),
        joinable,
        joined,
        trips,
        elsewhere,
        care: around.care,
        silent: words::kind(call.kind).is_silent(),
        heard_since,
    })
}

/// How many were found at each assembly point: those of the site in their order, then others by name, then nowhere.
fn point_counts(call: &Call, points: &[String]) -> Vec<PointCount> {
    let mut counts: Vec<PointCount> =
        points.iter().map(|name| PointCount { name: name.clone(), ..PointCount::default() }).collect();
    let mut others: BTreeMap<String, PointCount> = BTreeMap::new();
    for person in call.people.iter().filter(|one| matches!(one.standing, Standing::Found | Standing::AtRefuge)) {
        let place = row::place(person);
        let known = counts.iter_mut().find(|count| crate::names::fold(&count.name) == crate::names::fold(&place));
        let count = match known {
            Some(count) => count,
            None => {
                others.entry(crate::names::fold(&place)).or_insert(PointCount { name: place, ..Default::default() })
            }
        };
        count.found += 1;
        count.at_refuge += u32::from(person.standing == Standing::AtRefuge);
    }
    let nowhere = others.remove("");
    counts.extend(others.into_values());
    counts.extend(nowhere);
    counts
}

fn times(records: &impl Records, names: &Names, call: &Call, today: calendar::Day) -> Vec<CallTime> {
    let moment = |what| match what {
        view::Moment::Alarm => Some(Point::Alarm),
        view::Moment::BuildingClear => Some(Point::BuildingClear),
        view::Moment::AllClear => Some(Point::AllClear),
        view::Moment::AllAccounted => None,
    };
    let said = |point: Point| {
        let (origin, marshal) = call.times.get(&point)?;
        Some(format!("{}, by {}", words::when(origin.at, today), names.short(records, origin, marshal)))
    };
    view::Moment::ALL
        .into_iter()
        .map(|which| {
            let at = match moment(which) {
                Some(Point::Alarm) => said(Point::Alarm).or_else(|| call.alarm().map(|at| words::when(at, today))),
                Some(point) => said(point),
                None => call.all_accounted().map(|at| words::when(at, today)),
            };
            // Of what must be over the last word counts: said too early, it is said again.
            let again = |point| point != Point::Alarm || !call.times.contains_key(&point);
            let may_set = moment(which).is_some_and(again) && call.ended.is_none();
            CallTime { moment: which, at: at.unwrap_or_default(), may_set }
        })
        .collect()
}

/// Roll calls of the site that run and are not of this event, and those that are of it.
fn others(
    records: &mut impl Records,
    names: &Names,
    key: CallKey,
    held: &crate::office::EventDocuments,
    today: calendar::Day,
) -> Result<(Vec<RunningCall>, Vec<RunningCall>), OfficeError> {
    let mut with = Vec::new();
    for (other, facts) in held.others() {
        if let Some(call) = rules::evaluate(facts) {
            with.push(super::fire::running_call(records, names, other, &call, today));
        }
    }
    let mut apart: Vec<RunningCall> = Vec::new();
    let ours = held.keys();
    let calls = crate::office::recent_calls(records, key.site, calendar::local(records.now()).day)?;
    for (other, call) in calls.into_iter().filter(|(other, call)| call.ended.is_none() && !ours.contains(other)) {
        apart.push(super::fire::running_call(records, names, other, &call, today));
    }
    Ok((apart, with))
}

fn started(call: &Call, now: Moment) -> String {
    let Some(origin) = call.started else { return "its beginning has not reached this device".to_owned() };
    if call.ended.is_none() && call.clocks_differ(now) {
        return format!("started {}. {CLOCKS_DIFFER}", words::when(origin.at, calendar::local(now).day));
    }
    let ago = match call.minutes(now) {
        0 => "just now".to_owned(),
        1 => "1 minute ago".to_owned(),
        minutes => format!("{minutes} minutes ago"),
    };
    format!("started {}, {ago}", words::when(origin.at, calendar::local(now).day))
}

fn devices(records: &impl Records, names: &Names, call: &Call) -> Vec<String> {
    let found: BTreeSet<String> = call
        .marshals
        .keys()
        .filter_map(|seat| records.author(seat))
        .map(|author| names.device(author.device))
        .collect();
    found.into_iter().collect()
}

fn marshals(records: &impl Records, names: &Names, call: &Call) -> String {
    let mut found = BTreeSet::new();
    for (origin, claimed) in call.marshals.values() {
        if claimed.is_empty() {
            found.insert(names.short(records, origin, ""));
        }
        for name in claimed {
            found.insert(names.short(records, origin, name));
        }
    }
    found.into_iter().collect::<Vec<_>>().join(", ")
}

fn spread(records: &impl Records, section: &Section, held: &[&Facts], today: calendar::Day) -> (String, bool) {
    let all = || held.iter().flat_map(|held| held.iter());
    let entries: BTreeMap<EntryHash, Origin> = all().map(|held| (held.name.entry, *held.origin)).collect();
    let newest = all().map(|held| held.origin.at).max();
    let copies = entries.values().map(|origin| records.copies(section, origin)).min().unwrap_or(0);
    let at = newest.map_or_else(String::new, |at| format!(" at {}", words::when(at, today)));
    if copies == 0 {
        let alone = entries.values().filter(|origin| records.copies(section, origin) == 0).count();
        return (
            format!("Saved on this device; {} not known to be on another{at}.", words::count(alone, "change")),
            false,
        );
    }
    (format!("Marks on {} devices{at}.", copies + 1), true)
}

pub(super) fn said_words(records: &impl Records, names: &Names, said: &Said) -> String {
    let what = match said.says {
        Statement::Found => "Found",
        Statement::NotFound => "Not found",
        Statement::AtRefuge => "At a refuge point",
        Statement::NotHere => "Not here today",
    };
    let what = if said.settles { format!("Settled as {}", what.to_lowercase()) } else { what.to_owned() };
    let at = calendar::clock(calendar::local(said.origin.at).minute);
    let place = if said.place.is_empty() { String::new() } else { format!(", {}", said.place) };
    format!("{what} by {} {at}{place}", names.short(records, &said.origin, &said.marshal))
}
