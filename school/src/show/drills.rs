//! The roll calls that were, by term, and the next drill that is due.

use super::call::report;
use super::words::{self, Names};
use crate::calendar;
use crate::facts::roll_call::Kind;
use crate::fire::call::report as written;
use crate::fire::drills::{self, Held, InTerm};
use crate::fire::presence;
use crate::known::Known;
use crate::office::{CallKey, OfficeError, calls_between, event_documents};
use crate::view::drills::{DrillRow, DrillTerm, DrillsView};
use crate::view::{AsOf, EventId};
use muster_core::id::PlaceId;
use muster_core::replica::records::Records;
use std::collections::BTreeSet;

/// Days that are looked back: three school years, the longest that an inspection asks about.
const LOOK_BACK_DAYS: i32 = 3 * 366;

/// The roll calls of a site that are over, newest first: each event once, however many were joined.
///
/// # Errors
/// When the records cannot be read.
pub fn held(records: &mut impl Records, site: PlaceId) -> Result<Vec<Held<CallKey>>, OfficeError> {
    let today = calendar::local(records.now()).day;
    let held = calls_between(records, site, today.plus(-LOOK_BACK_DAYS), today.plus(1))?;
    let mut told: BTreeSet<CallKey> = BTreeSet::new();
    let mut found = Vec::new();
    for (day, event) in held.keys().rev() {
        let key = CallKey { site, day: *day, event: *event };
        if told.contains(&key) {
            continue;
        }
        let documents = event_documents(records, key)?;
        told.extend(documents.keys());
        let Ok(call) = documents.call() else { continue };
        if call.ended.is_some() {
            found.push(Held { key, day: *day, call, report: written::read(&documents.facts()) });
        }
    }
    Ok(found)
}

/// The screen of drills; `chosen` is shown in full.
///
/// # Errors
/// When the records cannot be read.
pub fn drills(
    records: &mut impl Records,
    known: &Known,
    site: PlaceId,
    chosen: Option<EventId>,
) -> Result<DrillsView, OfficeError> {
    let now = records.now();
    let today = calendar::local(now).day;
    let calls = held(records, site)?;
    let names = Names::new(Some(known), None);
    let report = match chosen.and_then(|event| calls.iter().find(|held| EventId::from(held.key.event) == event)) {
        Some(held) => {
            let documents = event_documents(records, held.key)?;
            let roll = presence::roll(records, site, held.day)?;
            let names = Names::new(Some(known), Some(&roll));
            Some(report::report(records, Some(known), &names, held.key, &documents, &held.call)?)
        }
        None => None,
    };
    let days: Vec<_> = calls.iter().filter(|held| held.call.kind == Kind::Drill).map(|held| held.day).collect();
    let of = |wanted: Option<PlaceId>| -> Vec<_> {
        known.school().terms.iter().filter(|term| term.site == wanted).cloned().collect()
    };
    let own = of(Some(site));
    let terms = if own.is_empty() { of(None) } else { own };
    let next = drills::next(&terms, &days, today);
    let by_term = drills::by_term(&terms, calls, today);
    Ok(DrillsView {
        site: super::fire::site_words(known.site_name(site)),
        next: next_words(&next),
        overdue: next.is_late,
        terms: by_term.iter().map(|term| of_term(records, &names, term, today)).collect(),
        report,
        as_of: AsOf { at: words::when(now, today), ..AsOf::default() },
    })
}

fn next_words(next: &drills::Next) -> String {
    let dated = |day: calendar::Day| format!("{} {}", day.long(), day.date().year());
    match (next.held, next.by) {
        (Some(held), Some(by)) => {
            format!("A drill was held this term, on {}. The next is due by {}", held.long(), dated(by))
        }
        (Some(held), None) => {
            format!("A drill was held this term, on {}. Enter the next term to see when one is due", held.long())
        }
        (None, Some(by)) if next.is_late => format!("A drill is due by {}: none this term yet", dated(by)),
        (None, Some(by)) => format!("The next drill is due by {}", dated(by)),
        (None, None) => "A drill is due once a term: enter the terms in the calendar to see by when".to_owned(),
    }
}

fn of_term(records: &impl Records, names: &Names, term: &InTerm<CallKey>, today: calendar::Day) -> DrillTerm {
    let count = term.drills();
    let over = term.term.as_ref().is_some_and(|term| term.last < today);
    DrillTerm {
        name: term
            .term
            .as_ref()
            .map_or_else(|| "In no term".to_owned(), |term| format!("{} {}", term.name, term.first.date().year())),
        summary: if count == 0 { "No drill".to_owned() } else { words::count(count, "drill") },
        missed: over && count == 0,
        rows: term.calls.iter().map(|held| row(records, names, held)).collect(),
    }
}

fn row(records: &impl Records, names: &Names, held: &Held<CallKey>) -> DrillRow {
    let at = held.call.started.map(|origin| calendar::clock(calendar::local(origin.at).minute));
    DrillRow {
        event: held.key.event.into(),
        kind: words::kind(held.call.kind),
        when: format!("{} {}, {}", held.day.long(), held.day.date().year(), at.unwrap_or_default()),
        outcome: report::outcome(&held.call),
        learned: held.report.learned.as_ref().map_or_else(String::new, |(_, learned)| learned.learned.clone()),
        signed: report::signed(records, names, &held.report).pop().unwrap_or_default(),
    }
}
