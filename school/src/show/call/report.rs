//! The report of a roll call that is over.

use super::row::{said, surname_first};
use super::{CLOCKS_DIFFER, marshals, missing, said_words, words};
use crate::areas;
use crate::calendar::{self, Day};
use crate::facts::access::{AccessFact, Event};
use crate::facts::roll_call::Point;
use crate::facts::{self, documents};
use crate::fire::call::report::{self as written, Report};
use crate::fire::call::{Call, Called, Standing};
use crate::known::Known;
use crate::office::{CallKey, EventDocuments, OfficeError};
use crate::show::words::Names;
use crate::view::call::{CallReport, Moment as Which, ReportAction, ReportAnswers, ReportMark};
use muster_core::replica::records::Records;
use muster_core::time::Moment;

/// Minutes before the start in which an opening of the list belongs to the event: somebody looks first, then begins.
const OPENED_BEFORE_MS: i64 = 10 * 60_000;

pub(in crate::show) fn report(
    records: &mut impl Records,
    known: Option<&Known>,
    names: &Names,
    key: CallKey,
    held: &EventDocuments,
    call: &Call,
) -> Result<CallReport, OfficeError> {
    let opened = opened(records, names, key, call)?;
    let of = written::read(&held.facts());
    let mut people: Vec<_> = call.people.iter().collect();
    people.sort_by_cached_key(|one| {
        (one.listed.group.clone(), crate::names::sort_key(&one.listed.surname, &one.listed.forename), one.who)
    });
    Ok(CallReport {
        event: key.event.into(),
        title: title(call),
        lines: lines(records, names, call),
        ended: ended(records, names, call),
        never_found: missing::by_place(call).into_iter().flat_map(|place| place.people).collect(),
        times: times(call),
        outcome: outcome(call),
        settled: people.iter().flat_map(|person| settled(records, names, person)).collect(),
        marks: people
            .into_iter()
            .map(|person| ReportMark {
                name: surname_first(&person.listed.surname, &person.listed.forename),
                group: person.listed.group.clone(),
                outcome: standing_words(person.standing).to_owned(),
                words: said(records, names, person) + late(call, person),
            })
            .collect(),
        opened,
        written: answers(&of),
        signed: signed(records, names, &of),
        may_write: known.is_some(),
    })
}

/// `Drill, Monday 23 November 2026, 09:17 to 09:31, Harbour`.
pub(in crate::show) fn title(call: &Call) -> String {
    let begin = call.started.map(|origin| calendar::local(origin.at));
    let end = call.ended.as_ref().map(|(origin, _)| calendar::local(origin.at));
    let day = begin.or(end).map_or_else(String::new, |at| format!(", {} {}", at.day.long(), at.day.date().year()));
    let clock = |at: Option<calendar::Local>| at.map_or_else(String::new, |at| calendar::clock(at.minute));
    format!("{}{day}, {} to {}, {}", call.kind.word(), clock(begin), clock(end), call.site)
}

/// `Everybody accounted for after 11 minutes`.
pub(in crate::show) fn outcome(call: &Call) -> String {
    let missing = call.counts().to_find();
    match (call.minutes_to_all(), missing) {
        (None, 0) if call.all_accounted().is_some() => {
            format!("Everybody accounted for. {CLOCKS_DIFFER}")
        }
        (Some(minutes), _) => {
            format!("Everybody accounted for after {}", words::count(usize::try_from(minutes).unwrap_or(0), "minute"))
        }
        (None, 0) => "Nobody was on the list".to_owned(),
        (None, missing) => format!("{missing} never accounted for"),
    }
}

/// `Ended by Hall tablet, nobody signed in, at 09:31`.
fn ended(records: &impl Records, names: &Names, call: &Call) -> String {
    let Some((origin, _)) = &call.ended else { return String::new() };
    let at = calendar::clock(calendar::local(origin.at).minute);
    format!("Ended by {} at {at}", names.full(records, origin))
}

/// What was said after somebody had ended the roll call is told from what was said before.
fn late(call: &Call, person: &Called) -> &'static str {
    let Some((end, _)) = &call.ended else { return "" };
    if person.said.iter().any(|said| said.origin.at > end.at) { ", after the end" } else { "" }
}

/// `Kaur, Zoe, 4B: Found by S. Reid (claimed) 09:18, Playground. Not found by A. Shah (claimed) 09:19. Settled as found by
/// H. Marsh 09:22`, one for each time that somebody settled what others had said.
fn settled(records: &impl Records, names: &Names, person: &Called) -> Vec<String> {
    let of = format!("{}, {}", surname_first(&person.listed.surname, &person.listed.forename), person.listed.group);
    let contradictions = person.settled.iter().filter(|one| one.over.len() > 1);
    contradictions
        .map(|one| {
            let over: Vec<String> = one.over.iter().map(|said| said_words(records, names, said)).collect();
            format!("{of}: {}. {}", over.join(". "), said_words(records, names, &one.by))
        })
        .collect()
}

fn lines(records: &impl Records, names: &Names, call: &Call) -> Vec<String> {
    let counts = call.counts();
    let mut lines = vec![format!("Found {} of {}.", counts.found, counts.total)];
    if counts.at_refuge > 0 {
        lines.push(format!("{} of them waited at a refuge point.", counts.at_refuge));
    }
    if counts.not_here > 0 {
        let people =
            if counts.not_here == 1 { "1 person is".to_owned() } else { format!("{} people are", counts.not_here) };
        lines.push(format!("{people} not here today, as a marshal said."));
    }
    if counts.to_find() > 0 {
        let parts = [
            (counts.not_found, "looked for and not found"),
            (counts.check, "of whom marshals said different things"),
            (counts.unseen, "of whom nobody said anything"),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
        lines.push(format!("Never found: {}.", parts.collect::<Vec<_>>().join(", ")));
    }
    if counts.total > 0 {
        lines.push(format!("By group: {}.", missing::by_group(call)));
    }
    lines.push(format!("{}.", outcome(call)));
    lines.push(format!("Marshals: {}.", marshals(records, names, call)));
    if let Some((_, end)) = &call.ended {
        lines.push(format!("{}.", ended(records, names, call)));
        if !end.note.is_empty() {
            lines.push(end.note.clone());
        }
    }
    lines
}

fn times(call: &Call) -> Vec<(String, String)> {
    let clock = |at: Moment| calendar::clock(calendar::local(at).minute);
    let said = |point| call.times.get(&point).map(|(origin, _)| origin.at);
    Which::ALL
        .into_iter()
        .map(|which| {
            let at = match which {
                Which::Alarm => call.alarm(),
                Which::BuildingClear => said(Point::BuildingClear),
                Which::AllAccounted => call.all_accounted(),
                Which::AllClear => said(Point::AllClear).or_else(|| call.ended.as_ref().map(|(origin, _)| origin.at)),
            };
            (which.words().to_owned(), at.map(clock).unwrap_or_default())
        })
        .collect()
}

fn standing_words(standing: Standing) -> &'static str {
    match standing {
        Standing::Check => "Check",
        Standing::NotFound => "Not found",
        Standing::ToFind => "Nobody said anything",
        Standing::AtRefuge => "At a refuge point",
        Standing::Found => "Found",
        Standing::NotHere => "Not here today",
    }
}

/// Who opened the fire list from shortly before the start to the end, as far as the record of use may be read here.
fn opened(records: &mut impl Records, names: &Names, key: CallKey, call: &Call) -> Result<Vec<String>, OfficeError> {
    let Some(from) = call.started.map(|origin| origin.at.utc_ms - OPENED_BEFORE_MS) else { return Ok(Vec::new()) };
    let to = call.ended.as_ref().map_or(i64::MAX, |(origin, _)| origin.at.utc_ms);
    let mut found = Vec::new();
    for document in records.documents(&areas::section(areas::ACCESS, key.site, key.day.year()), documents::ACCESS)? {
        let Some(held) = records.facts(&document)? else { continue };
        for read in facts::all::<AccessFact>(&held) {
            let AccessFact::Access(access) = &read.value else { continue };
            let mut at = read.held.origin.at;
            let what = match access.event {
                Event::OpenedFire { .. } => "",
                Event::OpenedFireAt { utc_ms } => {
                    at.utc_ms = utc_ms;
                    ""
                }
                Event::OpenedCare => ", with care details",
                _ => continue,
            };
            if (from..=to).contains(&at.utc_ms) {
                let by = names.full(records, read.held.origin);
                found.push((at.utc_ms, format!("{by}, {}{what}", calendar::clock(calendar::local(at).minute))));
            }
        }
    }
    found.sort();
    found.dedup();
    Ok(found.into_iter().map(|(_, words)| words).collect())
}

fn answers(report: &Report) -> ReportAnswers {
    let Some((_, learned)) = &report.learned else { return ReportAnswers::default() };
    ReportAnswers {
        weather: learned.weather.clone(),
        exits: learned.exits.clone(),
        problems: learned.problems.clone(),
        actions: learned
            .actions
            .iter()
            .map(|action| ReportAction {
                what: action.what.clone(),
                owner: action.owner.clone(),
                due: action.due.map_or_else(String::new, dated),
            })
            .collect(),
        learned: learned.learned.clone(),
    }
}

pub(in crate::show) fn signed(records: &impl Records, names: &Names, report: &Report) -> Vec<String> {
    report
        .signed
        .iter()
        .map(|(origin, later)| {
            let at = calendar::local(origin.at);
            let since = if *later { ", before the last change" } else { "" };
            let by = names.full(records, origin);
            format!("Signed by {by}, {} {}{since}", dated(at.day), calendar::clock(at.minute))
        })
        .collect()
}

fn dated(day: Day) -> String {
    format!("{} {}", day.long(), day.date().year())
}
