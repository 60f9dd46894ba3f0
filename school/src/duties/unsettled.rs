//! Sessions in which two marks of a pupil differ and nobody has chosen, of whatever day.

use super::{Item, Kind, short};
use crate::calendar::Local;
use crate::figures::Cell;
use crate::known::Known;
use muster_core::id::PlaceId;

/// The latest first, and of one session by name. Pupils who have left since are there too: their marks count.
pub(super) fn unsettled(known: &Known, site: Option<PlaceId>, now: Local) -> Vec<(Kind, Item)> {
    let sites = known.ledger().sites();
    let mut found = Vec::new();
    for pupil in known.pupils().filter(|pupil| pupil.matched.is_none()) {
        for (session, _) in known.marks(pupil.id, super::period(now)).into_iter().filter(|(_, c)| *c == Cell::Unsettled)
        {
            let at = known.site_on(pupil, session.day);
            if !sites.contains(&at) || site.is_some_and(|site| site != at) {
                continue;
            }
            let item = Item {
                pupil: Some(pupil.id),
                group: pupil.group_on(session.day),
                site: at,
                owed_by: String::new(),
                detail: format!("{}: two marks differ, choose which stands", short(session)),
                session,
            };
            found.push((std::cmp::Reverse(session), pupil.sort.clone(), item));
        }
    }
    found.sort_by(|a, b| (a.0, &a.1, a.2.pupil).cmp(&(b.0, &b.1, b.2.pupil)));
    found.into_iter().map(|(.., item)| (Kind::Unsettled, item)).collect()
}
