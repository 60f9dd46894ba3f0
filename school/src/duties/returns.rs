//! Returns to the authority that are due: what the admission register says, as lines of a duty.

use super::{Item, Kind, short_day};
use crate::admission::returns_due;
use crate::calendar::{Day, Local, Session};
use crate::facts::returns::ReturnKind;
use crate::ids::PupilId;
use crate::known::Known;
use muster_core::id::PlaceId;

pub(super) fn returns(known: &Known, site: Option<PlaceId>, now: Local) -> Vec<(Kind, Item)> {
    let due = returns_due(known, now.day).into_iter().filter(|due| site.is_none_or(|site| site == due.site));
    due.map(|due| {
        let late = if due.is_late(now.day) { ", late" } else { "" };
        let asked = if due.only_if_asked { "; only if the authority asks" } else { "" };
        let to = due.to.as_ref().map_or("the authority is not set", |authority| authority.name.as_str());
        let (about, deadline) = (short_day(due.about), short_day(due.deadline));
        let item = Item {
            pupil: Some(due.pupil),
            group: known.pupil(due.pupil).and_then(|pupil| pupil.group_on(due.about)),
            site: due.site,
            owed_by: String::new(),
            detail: format!("{}, {about}; due {deadline}{late}; {to}{asked}", due.name()),
            session: Session::am(due.about),
        };
        (Kind::Return, item)
    })
    .collect()
}

/// Whether a return about a pupil was sent for a day of these.
pub(super) fn is_sent(known: &Known, pupil: PupilId, kind: ReturnKind, (first, last): (Day, Day)) -> bool {
    known.school().sent.range((pupil, kind, first)..=(pupil, kind, last)).next().is_some()
}
