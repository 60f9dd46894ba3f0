//! A roll call while it runs, and its report.

use super::words::{self, Names};
use crate::calendar;
use crate::facts::roll_call::Statement;
use crate::fire::call::{self as rules, Call, Called, Said, Standing};
use crate::fire::presence;
use crate::known::Known;
use crate::office::{CallKey, OfficeError};
use crate::view::AsOf;
use crate::view::call::{CallReport, CallRow, CallView};
use crate::view::status::Status;
use muster_core::document::fact::{Facts, Origin};
use muster_core::id::{EntryHash, Section};
use muster_core::replica::records::Records;
use muster_core::time::Moment;
use std::collections::{BTreeMap, BTreeSet};

/// Milliseconds after which the list that an event works from counts as old.
const OLD_MS: i64 = 60_000;

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
    let held = records.facts(&key.document())?.ok_or(OfficeError::Unknown("roll call"))?;
    let call = rules::evaluate(&held).ok_or(OfficeError::Unknown("roll call"))?;
    let roll = presence::roll(records, key.site, key.day)?;
    let names = Names::new(known, Some(&roll));
    let now = records.now();
    let today = calendar::local(now).day;
    let counts = call.counts();
    let (spread, shared) = spread(records, &key.document().section, &held, today);
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
        rows: call.people.iter().map(|person| row(records, &names, person)).collect(),
        classes: words::classes(call.people.iter().map(|person| person.listed.group.as_str())),
        letters: words::letters(),
        places: roll.place.as_ref().map_or_else(Vec::new, |place| place.points.clone()),
        spread,
        shared,
        marshals: marshals(records, &names, &call),
        undo,
        report: call.ended.as_ref().map(|(origin, _)| report(records, &names, &call, origin)),
        code: String::new(),
        minutes: 0,
        points: Vec::new(),
        here: String::new(),
        times: Vec::new(),
        joinable: Vec::new(),
        joined: Vec::new(),
        trips: Vec::new(),
        elsewhere: Vec::new(),
        care: crate::view::fire::Care::Closed,
        silent: words::kind(call.kind).is_silent(),
    })
}

fn started(call: &Call, now: Moment) -> String {
    let Some(origin) = call.started else { return "its beginning has not reached this device".to_owned() };
    let minutes = now.utc_ms.saturating_sub(origin.at.utc_ms).max(0) / 60_000;
    let ago = match minutes {
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

fn spread(records: &impl Records, section: &Section, held: &Facts, today: calendar::Day) -> (String, bool) {
    let entries: BTreeMap<EntryHash, Origin> = held.iter().map(|held| (held.name.entry, *held.origin)).collect();
    let newest = held.iter().map(|held| held.origin.at).max();
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

fn row(records: &impl Records, names: &Names, person: &Called) -> CallRow {
    let listed = &person.listed;
    let looked = person.said.iter().find(|said| said.says == Statement::NotFound && !said.place.is_empty());
    CallRow {
        person: person.who.into(),
        name: if listed.forename.is_empty() {
            listed.surname.clone()
        } else {
            format!("{}, {}", listed.surname, listed.forename)
        },
        spoken: format!("{} {}", listed.forename, listed.surname).trim().to_owned(),
        group: listed.group.clone(),
        status: match person.standing {
            Standing::Check => Status::Check,
            Standing::NotFound => Status::NotFound,
            Standing::ToFind => Status::ToFind,
            Standing::AtRefuge | Standing::Found | Standing::NotHere => Status::Found,
        },
        evidence: listed.line.clone(),
        said: person.said.iter().map(|said| said_words(records, names, said)).collect::<Vec<_>>().join(". "),
        looked: looked.map_or_else(String::new, |said| said.place.clone()),
        help: listed.help.clone(),
        marks: person.said.iter().map(|said| said.name).collect(),
        letter: words::letter(&listed.surname),
        urgency: crate::view::call::Urgency::Calm,
        waiting: String::new(),
        place: String::new(),
        at_refuge: person.standing == Standing::AtRefuge,
        not_here: person.standing == Standing::NotHere,
        hint: String::new(),
        duties: Vec::new(),
        care: Vec::new(),
        phones: Vec::new(),
    }
}

pub(super) fn said_words(records: &impl Records, names: &Names, said: &Said) -> String {
    let what = match said.says {
        Statement::Found => "Found",
        Statement::NotFound => "Not found",
        Statement::AtRefuge => "At a refuge point",
        Statement::NotHere => "Not here today",
    };
    let settled = if said.settles { ", settled" } else { "" };
    let at = calendar::clock(calendar::local(said.origin.at).minute);
    let place = if said.place.is_empty() { String::new() } else { format!(", {}", said.place) };
    format!("{what}{settled} by {} {at}{place}", names.short(records, &said.origin, &said.marshal))
}

fn report(records: &impl Records, names: &Names, call: &Call, ended: &Origin) -> CallReport {
    let counts = call.counts();
    let end = calendar::local(ended.at);
    let begin = call.started.map(|origin| calendar::local(origin.at));
    let times = begin.map_or_else(String::new, |begin| {
        format!("{} to {}", calendar::clock(begin.minute), calendar::clock(end.minute))
    });
    let day = begin.unwrap_or(end).day;
    let mut lines = vec![format!("Found {} of {}.", counts.found, counts.total)];
    if counts.at_refuge > 0 {
        lines.push(format!("{} of them waited at a refuge point.", counts.at_refuge));
    }
    if counts.not_here > 0 {
        lines.push(format!("{} not here today, by a marshal's word.", counts.not_here));
    }
    if counts.to_find() > 0 {
        lines.push(format!(
            "{} not found: {} looked for, {} in contradiction, {} nobody spoke of.",
            counts.to_find(),
            counts.not_found,
            counts.check,
            counts.unseen
        ));
    }
    lines.push(format!("Marshals: {}.", marshals(records, names, call)));
    if let Some((origin, end)) = &call.ended {
        lines.push(format!("Ended by {}.", names.short(records, origin, "")));
        if !end.note.is_empty() {
            lines.push(end.note.clone());
        }
    }
    let missing = [Standing::Check, Standing::NotFound, Standing::ToFind];
    CallReport {
        title: format!("{}, {} {}, {times}, {}", call.kind.word(), day.long(), day.date().year(), call.site),
        lines,
        never_found: call
            .people
            .iter()
            .filter(|person| missing.contains(&person.standing))
            .map(|person| format!("{} {}", person.listed.forename, person.listed.surname).trim().to_owned())
            .collect(),
        ..CallReport::default()
    }
}
