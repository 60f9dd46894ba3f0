//! Sites of which nobody has said when school is: until then every weekday counts as a school day.

use super::{Item, Kind};
use crate::calendar::{Local, Session};
use crate::known::Known;
use muster_core::id::PlaceId;

/// By name. A term of the school, or of the site, takes the line away.
pub(super) fn without_terms(known: &Known, site: Option<PlaceId>, now: Local) -> Vec<(Kind, Item)> {
    let school = known.school();
    let mut sites: Vec<_> = school
        .sites
        .values()
        .filter(|one| site.is_none_or(|site| site == one.id))
        .filter(|one| !school.terms_of(one.id, now.day).iter().any(|term| term.last.year() == now.day.year()))
        .collect();
    sites.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    let item = |site| Item {
        pupil: None,
        group: None,
        site,
        owed_by: String::new(),
        detail: "no term is set, so that every weekday counts as a school day: set the terms".to_owned(),
        session: Session::am(now.day),
    };
    sites.into_iter().map(|one| (Kind::NoTerm, item(one.id))).collect()
}
