//! Attendance as it was published, for whoever reads figures and no register.

use super::attendance::{counts, summary};
use crate::areas;
use crate::calendar::{self, Day};
use crate::facts::published::{FiguresFact, PUPILS_LEAST, Published, Sessions};
use crate::facts::{self, documents};
use crate::figures::Tally;
use crate::known::Known;
use crate::rights::{self, Reach};
use crate::view::attendance::{AttendanceChoices, AttendanceFilter, AttendanceLine, AttendanceView, WeekBar};
use muster_core::id::PlaceId;
use muster_core::replica::records::{Records, RecordsError};
use muster_core::time::Moment;
use std::collections::BTreeMap;

/// What was published, by week and by place; the whole school's at no site.
type Weeks = BTreeMap<Day, BTreeMap<PlaceId, Published>>;

/// Whether whoever acts reads published figures and no register.
pub fn reads_figures_only(records: &impl Records) -> bool {
    let mine = rights::of_actor(records);
    let reads = |area| mine.iter().any(|one| one.reach(area) >= Reach::Reads);
    reads(areas::FIGURES) && !reads(areas::REGISTER)
}

/// What was published, for the week that the filter names, the latest first; the other weeks stand in the chart.
///
/// # Errors
/// When the records cannot be read.
pub fn published(
    records: &mut impl Records,
    known: &Known,
    filter: &AttendanceFilter,
) -> Result<AttendanceView, RecordsError> {
    let weeks = weeks(records)?;
    let mondays: Vec<Day> = weeks.keys().rev().copied().collect();
    let chosen = mondays.get(filter.period).or(mondays.first());
    let Some((monday, parts)) = chosen.and_then(|monday| weeks.get_key_value(monday)) else {
        return Ok(AttendanceView {
            title: "Attendance".to_owned(),
            summary: "No figures have been published yet".to_owned(),
            published: "Figures come with each weekly review, from a head or a senior leader.".to_owned(),
            ..AttendanceView::default()
        });
    };
    let name = |place: PlaceId| {
        if place == PlaceId::ZERO { "Whole school".to_owned() } else { known.site_name(place).to_owned() }
    };
    // The whole school, then its sites by name.
    let mut parts: Vec<(bool, String, &Published)> =
        parts.iter().map(|(place, one)| (*place != PlaceId::ZERO, name(*place), one)).collect();
    parts.sort_by(|left, right| (left.0, &left.1).cmp(&(right.0, &right.1)));
    let first = parts.first();
    let shown = first.map(|(_, name, _)| name.clone()).unwrap_or_default();
    let week = first.and_then(|(.., one)| one.part).map(|part| Tally::from(part.week));
    let lines = parts.iter().flat_map(|(_, name, one)| match one.part {
        Some(part) => {
            vec![line(name.clone(), "In the week", &part.week), line(name.clone(), "School year to then", &part.year)]
        }
        None => vec![AttendanceLine {
            name: name.clone(),
            attendance: "–".to_owned(),
            kept_back: true,
            note: format!("not shown: fewer than {PUPILS_LEAST} pupils, there or in a part that would tell them"),
            ..AttendanceLine::default()
        }],
    });
    Ok(AttendanceView {
        title: format!("{shown}, week of {}", dated(*monday)),
        summary: week.as_ref().map_or_else(|| "Too few pupils for a figure".to_owned(), summary),
        published: first.map(|(.., one)| told(one)).unwrap_or_default(),
        choices: AttendanceChoices {
            periods: mondays.iter().map(|monday| format!("Week of {}", dated(*monday))).collect(),
            ..AttendanceChoices::default()
        },
        counts: week.as_ref().map(counts).unwrap_or_default(),
        weeks: weeks.iter().filter_map(|(monday, parts)| bar(*monday, parts.values().next()?)).collect(),
        lines_are: "Part of the school".to_owned(),
        lines: lines.collect(),
        filter: AttendanceFilter { period: filter.period, ..AttendanceFilter::default() },
        ..AttendanceView::default()
    })
}

/// `As published by Helen Hart on 27 November 2026, 16:05. …`.
fn told(one: &Published) -> String {
    let by = if one.by.is_empty() { "the school" } else { &one.by };
    format!(
        "As published by {by} on {}, {}. No part with fewer than {PUPILS_LEAST} pupils is shown, so that no child can be \
         read out of a count.",
        dated(one.day),
        calendar::clock(one.minute)
    )
}

fn dated(day: Day) -> String {
    super::attendance::period_words(crate::figures::Period { from: day, to: day })
        .split_once(' ')
        .map_or_else(String::new, |(_, date)| date.to_owned())
}

fn bar(monday: Day, one: &Published) -> Option<WeekBar> {
    let week = one.part?.week;
    Some(WeekBar {
        week: monday.long().split_once(' ').map_or_else(String::new, |(_, date)| date.to_owned()),
        attended: week.attended,
        authorised: week.authorised,
        unauthorised: week.unauthorised,
        share: Tally::from(week).attendance().to_string(),
    })
}

fn line(name: String, about: &str, sessions: &Sessions) -> AttendanceLine {
    AttendanceLine {
        name,
        about: about.to_owned(),
        attendance: Tally::from(*sessions).attendance().to_string(),
        authorised: sessions.authorised,
        unauthorised: sessions.unauthorised,
        late: sessions.late,
        after_close: sessions.after_close,
        unfilled: sessions.unfilled,
        ..AttendanceLine::default()
    }
}

fn weeks(records: &mut impl Records) -> Result<Weeks, RecordsError> {
    let mut found: BTreeMap<(Day, PlaceId), (Moment, Published)> = BTreeMap::new();
    for section in records.sections(areas::FIGURES) {
        for document in records.documents(&section, documents::FIGURES)? {
            let Some(held) = records.facts(&document)? else { continue };
            for read in facts::current::<FiguresFact>(&held) {
                let FiguresFact::Published(one) = read.value else { continue };
                let at = read.held.origin.at;
                let known = found.entry((one.monday, section.compartment.place));
                let known = known.or_insert_with(|| (at, one.clone()));
                if at > known.0 {
                    *known = (at, one);
                }
            }
        }
    }
    let mut weeks = Weeks::new();
    for ((monday, place), (_, one)) in found {
        weeks.entry(monday).or_default().insert(place, one);
    }
    Ok(weeks)
}
