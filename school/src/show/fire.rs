//! The fire register before an event. Works on a device with nobody signed in: it reads the roll alone.

use super::words;
use crate::calendar;
use crate::fire::call::Call;
use crate::fire::care::CareBook;
use crate::fire::presence::{self, FireList, State};
use crate::ids::Who;
use crate::office::{CallKey, OfficeError};
use crate::view::AsOf;
use crate::view::display::{DisplayCall, DisplayView};
use crate::view::fire::{Care, ElsewhereRow, FireRow, FireView, RunningCall};
use crate::view::reception::{TripId, TripRow};
use crate::view::status::Status;
use muster_core::id::PlaceId;
use muster_core::replica::records::Records;
use muster_core::time::Moment;

/// Seconds after which the list counts as old.
const OLD_MS: i64 = 60_000;

/// The list of a site. `opened` says how this opening came about, as in
/// `Opened 09:16 from the lock screen. This opening is in the audit.`
///
/// # Errors
/// When the records cannot be read.
pub fn fire(records: &mut impl Records, site: PlaceId, opened: &str) -> Result<FireView, OfficeError> {
    fire_with(records, site, opened, Care::Closed, None)
}

/// As [`fire`], with care lines and numbers where there is a book of them.
///
/// # Errors
/// As there.
pub fn fire_with(
    records: &mut impl Records,
    site: PlaceId,
    opened: &str,
    care: Care,
    book: Option<&CareBook>,
) -> Result<FireView, OfficeError> {
    let now = records.now();
    let running = running(records, site)?;
    let Some(list) = presence::list(records, site)? else {
        return Ok(FireView {
            as_of: AsOf {
                at: "never".to_owned(),
                gaps: "this device holds no list of this site yet".to_owned(),
                stale: true,
                ..AsOf::default()
            },
            letters: words::letters(),
            running,
            opened: opened.to_owned(),
            care,
            ..FireView::default()
        });
    };
    let mut view = FireView { care, ..of_list(&list, now, running, opened) };
    if let Some(book) = book {
        let roll = presence::roll(records, site, list.day)?;
        view.trips = trips(&list, true);
        for (row, one) in view.rows.iter_mut().zip(list.to_call()) {
            row.care = book.lines(one.who);
            row.phones = book.phones(one.who, &roll);
        }
    }
    Ok(view)
}

/// The same from a list that was saved (see [`crate::fire::saved`]), with no records at all.
pub fn fire_of_saved(list: &FireList, now: Moment, opened: &str) -> FireView {
    of_list(list, now, Vec::new(), opened)
}

fn of_list(list: &FireList, now: Moment, running: Vec<RunningCall>, opened: &str) -> FireView {
    let called: Vec<_> = list.to_call().collect();
    let of = |wanted: fn(&Who) -> bool| words::number(called.iter().filter(|one| wanted(&one.who)).count());
    FireView {
        site: site_words(&list.site),
        as_of: as_of(list, now),
        to_call: words::number(called.len()),
        pupils: of(|who| matches!(who, Who::Pupil(_))),
        staff: of(|who| matches!(who, Who::Staff(_))),
        visitors: of(|who| matches!(who, Who::Visitor(_))),
        must_call: words::number(called.iter().filter(|one| one.state == State::MustCall).count()),
        rows: called
            .iter()
            .map(|one| FireRow {
                person: one.who.into(),
                name: one.listed(),
                group: one.group.clone(),
                status: if one.state == State::OnSite { Status::Present } else { Status::MustCall },
                evidence: one.line.clone(),
                help: one.help.clone(),
                letter: words::letter(&one.surname),
                duties: one.duties.clone(),
                care: Vec::new(),
                phones: Vec::new(),
            })
            .collect(),
        classes: words::classes(called.iter().map(|one| one.group.as_str())),
        letters: words::letters(),
        running,
        opened: opened.to_owned(),
        places: list.points.clone(),
        trips: trips(list, false),
        elsewhere: elsewhere(list),
        closed: if list.closed.is_empty() { String::new() } else { format!("Closed: {}", list.closed) },
        ..FireView::default()
    }
}

/// The trips of a list: overdue ones first, then those that are out, then those that are back. The leader's number
/// stands there for whoever may see numbers.
pub(super) fn trips(list: &FireList, with_numbers: bool) -> Vec<TripRow> {
    let now = list.now;
    let mut trips: Vec<_> = list.trips.iter().collect();
    trips.sort_by_key(|trip| (!trip.is_overdue(now), trip.back.is_some(), trip.due_day, trip.due, trip.id));
    let clock = calendar::clock;
    let out = |trip: &presence::TripLine| calendar::clock_of(trip.out_day, trip.out, now.day);
    let row = |trip: &presence::TripLine| TripRow {
        trip: TripId(trip.id),
        title: trip.title.clone(),
        leader: trip.leader_name.clone(),
        phone: if with_numbers { trip.phone.clone() } else { String::new() },
        line: match trip.back {
            Some(back) => format!("Back {}", clock(back)),
            None if trip.is_overdue(now) => {
                let late = words::count(usize::from(now.minute.saturating_sub(trip.due)), "minute");
                format!("Out {}, due back {}, {late} ago", out(trip), trip.due_words(now.day))
            }
            None => format!("Out {}, back {}", out(trip), trip.due_words(now.day)),
        },
        people: trip.people.clone(),
        overdue: trip.is_overdue(now),
        back: trip.back.is_some(),
    };
    trips.into_iter().map(row).collect()
}

/// Those at another site, by name.
pub(super) fn elsewhere(list: &FireList) -> Vec<ElsewhereRow> {
    let there = list.people.iter().filter(|one| one.state == State::Elsewhere);
    there
        .map(|one| ElsewhereRow {
            person: one.who.into(),
            name: one.listed(),
            group: one.group.clone(),
            line: one.line.clone(),
        })
        .collect()
}

/// The same in numbers alone, for a wall.
///
/// # Errors
/// When the records cannot be read.
pub fn display(records: &mut impl Records, site: PlaceId) -> Result<DisplayView, OfficeError> {
    let now = calendar::local(records.now());
    let list = presence::list(records, site)?;
    let (on_trips, overdue) = list.as_ref().map_or((0, 0), |list| {
        let out = list.people.iter().filter(|one| one.state == State::OnTrip).count();
        (out, list.trips.iter().filter(|trip| trip.is_overdue(now)).count())
    });
    let view = fire(records, site, "")?;
    let calls = crate::office::recent_calls(records, site, now.day)?;
    let running = calls.into_iter().find(|(_, call)| call.ended.is_none());
    let code = match &running {
        Some((key, _)) => {
            crate::fire::code::code(crate::office::event_documents(records, *key)?.facts().iter().copied())
        }
        None => String::new(),
    };
    let call = running.map(|(key, call)| {
        let counts = call.counts();
        let kind = words::kind(call.kind);
        let words = view.running.iter().find(|one| one.event == key.event.into());
        DisplayCall {
            kind,
            words: words.map_or_else(String::new, |one| one.kind_words.clone()),
            to_find: counts.to_find(),
            found: counts.found + counts.not_here,
            total: counts.total,
            silent: kind.is_silent(),
            code,
        }
    });
    Ok(DisplayView {
        site: view.site,
        now: calendar::clock(now.minute),
        day: now.day.long(),
        on_site: view.to_call,
        pupils: view.pupils,
        staff: view.staff,
        visitors: view.visitors,
        must_call: view.must_call,
        on_trips: words::number(on_trips),
        trips_overdue: words::number(overdue),
        as_of: view.as_of,
        closed: view.closed,
        call,
    })
}

/// As of when, heard from whom, and what is missing: what a lock screen says beside the fire register.
pub fn as_of(list: &FireList, now: Moment) -> AsOf {
    AsOf {
        at: match list.as_of_ms {
            Some(utc_ms) => words::when(Moment::utc(utc_ms), list.now.day),
            None => "never".to_owned(),
        },
        from: words::heard_from(&list.heard_from),
        gaps: list.gaps(),
        stale: list.as_of_ms.is_none_or(|utc_ms| now.utc_ms.saturating_sub(utc_ms) > OLD_MS),
    }
}

pub(super) fn site_words(name: &str) -> String {
    if name.is_empty() || name.to_lowercase().ends_with("site") { name.to_owned() } else { format!("{name} site") }
}

/// The roll calls of today and yesterday at a site that nobody has ended.
///
/// # Errors
/// When the records cannot be read.
pub fn running(records: &mut impl Records, site: PlaceId) -> Result<Vec<RunningCall>, OfficeError> {
    let today = calendar::local(records.now()).day;
    let mut calls = crate::office::recent_calls(records, site, today)?;
    calls.retain(|(_, call)| call.ended.is_none());
    if calls.is_empty() {
        return Ok(Vec::new());
    }
    let roll = presence::roll(records, site, today)?;
    let names = words::Names::new(None, Some(&roll));
    let mut found: Vec<RunningCall> = Vec::new();
    for (key, call) in calls {
        found.push(running_call(records, &names, key, &call, today));
    }
    Ok(found)
}

/// A roll call that runs, in a line.
pub(super) fn running_call(
    records: &impl Records,
    names: &words::Names,
    key: CallKey,
    call: &Call,
    today: calendar::Day,
) -> RunningCall {
    let at = call.started.map_or_else(String::new, |origin| format!(", started {}", words::when(origin.at, today)));
    let by = call.started.map_or_else(String::new, |origin| format!(" by {}", names.full(records, &origin)));
    let kind_words = format!("{}{at}", call.kind.word());
    RunningCall {
        event: key.event.into(),
        kind: words::kind(call.kind),
        words: format!("{kind_words}{by}"),
        kind_words,
    }
}
