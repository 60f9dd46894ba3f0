//! Agreed timetables that are to be looked at again, or that end soon.

use super::{Item, Kind, short_day};
use crate::calendar::{Local, Session};
use crate::known::Known;
use muster_core::id::PlaceId;

/// Days before its end on which a timetable is listed.
const SOON: i32 = 7;

/// By name. A new review day, or a new timetable, takes the line away.
pub(super) fn to_review(known: &Known, site: Option<PlaceId>, now: Local) -> Vec<(Kind, Item)> {
    let mut found = Vec::new();
    for pupil in known.pupils().filter(|pupil| pupil.is_on_roll(now.day)) {
        let at = known.site_on(pupil, now.day);
        if site.is_some_and(|site| site != at) {
            continue;
        }
        let running = |table: &&crate::facts::pupil::Timetable| {
            table.code.is_some() && table.first <= now.day && now.day <= table.last
        };
        let Some(table) = pupil.timetables.iter().filter(running).max_by_key(|table| table.first) else { continue };
        let later = pupil.timetables.iter().any(|other| other.code.is_some() && other.first > table.first);
        let code = table.code.map(|code| code.to_string()).unwrap_or_default();
        let detail = match table.review.filter(|review| *review <= now.day) {
            Some(review) => format!("{code}, to be looked at on {}: agree when next, or end it", short_day(review)),
            None if table.last <= now.day.plus(SOON) && !later => {
                format!("{code} ends on {}: after that every session is due", short_day(table.last))
            }
            None => continue,
        };
        let group = pupil.group_on(now.day);
        let session = Session::am(now.day);
        let item = Item { pupil: Some(pupil.id), group, site: at, owed_by: String::new(), detail, session };
        found.push((pupil.sort.clone(), item));
    }
    found.sort_by(|a, b| (&a.0, a.1.pupil).cmp(&(&b.0, b.1.pupil)));
    found.into_iter().map(|(_, item)| (Kind::Timetable, item)).collect()
}
