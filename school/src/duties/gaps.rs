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
        let deadline = clock(known.school().times_of(site, session).deadline);
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

/// Children on no list whom nobody has matched with a pupil, and who have not gone.
pub(super) fn unlisted(known: &Known, site: Option<PlaceId>, now: Local) -> Vec<(Kind, Item)> {
    let waits = |pupil: &&std::sync::Arc<crate::known::Pupil>| {
        let here = pupil.is_on_roll(now.day) && pupil.on_roll.last.is_none();
        pupil.provisional.is_some() && here && site.is_none_or(|site| site == known.site_on(pupil, now.day))
    };
    let mut found: Vec<_> = known.pupils().filter(waits).collect();
    found.sort_by(|a, b| (&a.sort, a.id).cmp(&(&b.sort, b.id)));
    let item = |pupil: &std::sync::Arc<crate::known::Pupil>| {
        let since = pupil.on_roll.starting.map(|day| format!(" since {}", super::short_day(day))).unwrap_or_default();
        let said = pupil.provisional.as_deref().filter(|words| !words.is_empty());
        let said = said.map(|words| format!(" ({words})")).unwrap_or_default();
        Item {
            pupil: Some(pupil.id),
            group: pupil.group_on(now.day),
            site: known.site_on(pupil, now.day),
            owed_by: String::new(),
            detail: format!("on no list{since}{said}: say who it is, or that the child has gone"),
            session: Session::am(now.day),
        }
    };
    found.into_iter().map(|pupil| (Kind::Unlisted, item(pupil))).collect()
}

/// From when on registers are looked at: from the beginning of the school year where registers of an earlier one are
/// kept; else from the first that has a mark, and, once terms are set, from the day the school began here.
fn begun(known: &Known, site: Option<PlaceId>, today: Day) -> BTreeMap<PlaceId, Day> {
    let year = Period::year_to(today);
    let mut found = BTreeMap::new();
    for at in known.ledger().sites().into_iter().filter(|at| site.is_none_or(|site| site == *at)) {
        if known.ledger().is_kept_before(at, year.from.year()) {
            found.insert(at, year.from);
        } else if let Some(first) = known.ledger().first_mark(at, year) {
            let since = known.school().since.filter(|_| !known.school().terms_of(at, today).is_empty());
            found.insert(at, since.map_or(first, |since| first.min(since.max(year.from))));
        }
    }
    found
}
