//! The fire register before an event. Works on a device with nobody signed in: it reads the roll alone.

use super::words;
use crate::calendar;
use crate::fire::presence::{self, FireList, State};
use crate::ids::Who;
use crate::office::OfficeError;
use crate::view::AsOf;
use crate::view::fire::{FireRow, FireView, RunningCall};
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
            ..FireView::default()
        });
    };
    Ok(of_list(&list, now, running, opened))
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
                duties: Vec::new(),
                care: Vec::new(),
                phones: Vec::new(),
            })
            .collect(),
        classes: words::classes(called.iter().map(|one| one.group.as_str())),
        letters: words::letters(),
        running,
        opened: opened.to_owned(),
        places: list.points.clone(),
        ..FireView::default()
    }
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

fn running(records: &mut impl Records, site: PlaceId) -> Result<Vec<RunningCall>, OfficeError> {
    let today = calendar::local(records.now()).day;
    let calls = crate::office::recent_calls(records, site, today)?;
    let roll = presence::roll(records, site, today)?;
    let names = words::Names::new(None, Some(&roll));
    let mut found = Vec::new();
    for (key, call) in calls.into_iter().filter(|(_, call)| call.ended.is_none()) {
        let by = call.started.map_or_else(String::new, |origin| {
            format!(", started {} by {}", words::when(origin.at, today), names.full(records, &origin))
        });
        found.push(RunningCall {
            event: key.event.into(),
            kind: words::kind(call.kind),
            words: format!("{}{by}", call.kind.word()),
        });
    }
    Ok(found)
}
