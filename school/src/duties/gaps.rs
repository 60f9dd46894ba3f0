//! Registers with marks missing after their deadline.

use super::{Item, Kind};
use crate::calendar::{Day, Half, Local, Session, clock};
use crate::figures::Period;
use crate::ids::GroupId;
use crate::known::Known;
use muster_core::id::PlaceId;
use std::collections::BTreeMap;

/// A register of this year.
#[derive(Default)]
struct Register {
    members: usize,
    marked: usize,
}

pub(super) fn registers(known: &Known, site: Option<PlaceId>, now: Local) -> Vec<(Kind, Item)> {
    let begun = begun(known, site, now.day);
    let mut registers: BTreeMap<(Session, PlaceId, GroupId), Register> = BTreeMap::new();
    let mut due: BTreeMap<(Session, PlaceId, GroupId), bool> = BTreeMap::new();
    let Some(first) = begun.values().min().copied() else { return Vec::new() };
    for pupil in known.pupils().filter(|pupil| pupil.provisional.is_none() && Known::is_mark_due(pupil)) {
        let year = Period { from: first, to: now.day };
        let marked = known.marks(pupil.id, year);
        for day in year.days().filter(|day| pupil.is_on_roll(*day)) {
            let Some(group) = pupil.group_on(day) else { continue };
            let at = known.site_on(pupil, day);
            if begun.get(&at).is_none_or(|begun| day < *begun) {
                continue;
            }
            for half in [Half::Am, Half::Pm] {
                let session = Session { day, half };
                let key = (session, at, group);
                if *due.entry(key).or_insert_with(|| known.is_due(at, group, session, now)) {
                    let register = registers.entry(key).or_default();
                    register.members += 1;
                    register.marked += usize::from(marked.contains_key(&session));
                }
            }
        }
    }
    let gaps = registers.into_iter().rev().filter(|(_, register)| register.marked < register.members);
    gaps.map(|((session, site, group), register)| {
        let deadline = clock(known.school().half_times(site, session.half).deadline);
        let missing = match register.marked {
            0 => "no mark".to_owned(),
            _ => format!("{} of {} not marked", register.members - register.marked, register.members),
        };
        let taker = known.school().taker_on(group, session.day);
        let item = Item {
            pupil: None,
            group: Some(group),
            site,
            owed_by: taker.map_or_else(|| "Site lead".to_owned(), |person| known.staff_name(person)),
            detail: format!("{}, due {deadline}: {missing}", super::short(session)),
            session,
        };
        (Kind::Register, item)
    })
    .collect()
}

/// Pupils on the admission register who are in no class, and so in no register.
pub(super) fn no_class(known: &Known, site: Option<PlaceId>, now: Local) -> Vec<(Kind, Item)> {
    let mut found: Vec<_> = known
        .pupils()
        .filter(|pupil| known.is_without_class(pupil, now.day))
        .filter(|pupil| site.is_none_or(|site| site == known.site_on(pupil, now.day)))
        .collect();
    found.sort_by(|a, b| (&a.sort, a.id).cmp(&(&b.sort, b.id)));
    let item = |pupil: &std::sync::Arc<crate::known::Pupil>| Item {
        pupil: Some(pupil.id),
        group: None,
        site: known.site_on(pupil, now.day),
        owed_by: String::new(),
        detail: "in no class, so in no register: choose one on the pupil’s page".to_owned(),
        session: Session::am(now.day),
    };
    found.into_iter().map(|pupil| (Kind::NoClass, item(pupil))).collect()
}

/// From when on registers are looked at: the first of the school year that has a mark kept here.
fn begun(known: &Known, site: Option<PlaceId>, today: Day) -> BTreeMap<PlaceId, Day> {
    let mut found = BTreeMap::new();
    for at in known.ledger().sites().into_iter().filter(|at| site.is_none_or(|site| site == *at)) {
        if let Some(first) = known.ledger().first_mark(at, Period::year_to(today)) {
            found.insert(at, first);
        }
    }
    found
}
