//! The weekly attendance review: due on Friday.

use super::{Item, Kind};
use crate::calendar::{Day, Local, Session};
use crate::figures::Period;
use crate::known::Known;
use muster_core::id::PlaceId;

/// The weekday from which the week's review is due.
const FRIDAY: u8 = 4;

/// A line while the review of the latest week that came to its Friday is not written, where a register of that week is
/// kept here.
pub(super) fn to_write(known: &Known, site: Option<PlaceId>, now: Local) -> Option<(Kind, Item)> {
    let back = if now.day.weekday() >= FRIDAY { 0 } else { 7 };
    let week = Period::week_of(now.day.plus(-back));
    let at = known.ledger().sites().into_iter().filter(|at| site.is_none_or(|site| site == *at));
    let at = at.into_iter().find(|at| known.ledger().first_mark(*at, week).is_some())?;
    if known.school().weeks_reviewed.contains(&week.from) {
        return None;
    }
    let friday: Day = week.from.plus(i32::from(FRIDAY));
    let item = Item {
        pupil: None,
        group: None,
        site: site.unwrap_or(at),
        owed_by: String::new(),
        detail: format!("of the week to {}: written under Attendance", friday.long()),
        session: Session::am(friday),
    };
    Some((Kind::WeeklyReview, item))
}
