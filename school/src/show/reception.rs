//! The reception with somebody signed in: who was found, a pupil at the desk, who is here, movements and trips.

use super::fire::{site_words, trips};
use crate::calendar;
use crate::facts::visits::ComerKind;
use crate::fire::door;
use crate::fire::evidence::{Roll, Visit};
use crate::fire::presence::{self, Believed, FireList, State};
use crate::ids::{PupilId, VisitId, Who};
use crate::known::Known;
use crate::known::family::Barred;
use crate::office::{OfficeError, against_collecting};
use crate::view::SubjectId;
use crate::view::reception::{
    Badge, Choice, Collector, DoorLine, Found, HereRow, MovedRow, PupilAtDesk, ReceptionView, SiteChoice,
};
use muster_core::id::PlaceId;
use muster_core::replica::records::Records;

/// Names found at once: what fits on a screen.
const FOUND_MOST: usize = 20;

/// The reception of a site. `typed` is searched for, `pupil` stands at the desk, `badge` is whose badge is offered.
///
/// # Errors
/// When the records cannot be read.
pub fn reception(
    records: &mut impl Records,
    known: &Known,
    site: PlaceId,
    typed: &str,
    pupil: Option<PupilId>,
    badge: Option<VisitId>,
) -> Result<ReceptionView, OfficeError> {
    let now = calendar::local(records.now());
    let (roll, before) = presence::rolls(records, site, now.day)?;
    let list = presence::list(records, site)?.filter(|list| list.day == now.day);
    let roll = roll.filter(|roll| roll.day == now.day);
    let at_desk = pupil.map(|pupil| at_desk(records, known, list.as_ref(), pupil)).transpose()?;
    let expected = roll.as_ref().map(|roll| presence::expected(roll, before.as_ref())).unwrap_or_default();
    let unmatched = roll.as_ref().map(|roll| door::open(roll, &expected).unmatched).unwrap_or_default();
    let kind_of = |visit: &VisitId| {
        let roll = roll.as_ref()?;
        let typed = roll.typed_out.get(visit).map(|(out, _)| (out.kind, out.name.clone()));
        typed.or_else(|| roll.visits.get(visit).map(|one| (one.details.kind, one.arrived.name.clone())))
    };
    let mut staff: Vec<_> =
        known.school().staff.values().filter(|one| one.sites.is_empty() || one.sites.contains(&site)).collect();
    staff.sort_by_cached_key(|one| (crate::names::sort_key(&one.surname, &one.forename), one.person));
    Ok(ReceptionView {
        site: site_words(known.site_name(site)),
        now: calendar::clock(now.minute),
        kiosk: false,
        // Staff and pupils are found by name here.
        kinds: vec![ComerKind::Visitor, ComerKind::Contractor, ComerKind::Agency, ComerKind::Volunteer],
        staff: staff
            .into_iter()
            .map(|one| Choice { person: one.person.into(), name: format!("{}, {}", one.surname, one.forename) })
            .collect(),
        found: found(known, list.as_ref(), site, typed),
        typed: typed.to_owned(),
        pupil: at_desk,
        here: roll.as_ref().map_or_else(Vec::new, |roll| here(roll, list.as_ref())),
        to_match: unmatched
            .into_iter()
            .map(|(visit, words)| {
                let (kind, name) = kind_of(&visit).unwrap_or_default();
                let candidates = door::candidates(&expected, kind, &name).into_iter();
                let candidates = candidates.map(|(who, name)| Choice { person: who.into(), name }).collect();
                DoorLine { person: Who::Visitor(visit).into(), words, candidates }
            })
            .collect(),
        moved: roll.as_ref().map_or_else(Vec::new, |roll| moved(roll, list.as_ref())),
        trips: list.as_ref().map_or_else(Vec::new, |list| trips(list, true)),
        sites: known
            .school()
            .sites
            .values()
            .filter(|other| other.id != site)
            .map(|other| SiteChoice { site: other.id, name: other.name.clone() })
            .collect(),
        said: None,
        badge: badge.and_then(|visit| badge_of(roll.as_ref()?, visit)),
    })
}

/// What stands on the badge of somebody who came today.
fn badge_of(roll: &Roll, id: VisitId) -> Option<Badge> {
    let visit = roll.visits.get(&id)?;
    let arrived = &visit.arrived;
    let host = if arrived.host_name.is_empty() { String::new() } else { format!("Seeing {}", arrived.host_name) };
    let about: Vec<String> = [arrived.organisation.clone(), host].into_iter().filter(|part| !part.is_empty()).collect();
    Some(Badge {
        person: Who::Visitor(id).into(),
        name: arrived.name.clone(),
        kind: visit.details.kind.word().to_owned(),
        about: about.join(". "),
        number: arrived.badge.clone(),
        when: format!("{} {}, {}", roll.day.long(), roll.day.date().year(), calendar::clock(arrived.minute)),
    })
}

fn of(list: Option<&FireList>, who: Who) -> Option<&Believed> {
    list?.people.iter().find(|one| one.who == who)
}

fn is_here(one: Option<&Believed>) -> bool {
    one.is_some_and(|one| one.state == State::OnSite)
}

fn found(known: &Known, list: Option<&FireList>, site: PlaceId, typed: &str) -> Vec<Found> {
    if typed.trim().is_empty() {
        return Vec::new();
    }
    let today = list.map(|list| list.now.day);
    let mut found = Vec::new();
    for pupil in known.search(typed, FOUND_MOST) {
        let who = Who::Pupil(pupil.id);
        let group = today.and_then(|day| pupil.group_on(day)).and_then(|group| known.school().groups.get(&group));
        found.push(line(list, who, ComerKind::Pupil, pupil.listed(), group.map_or("", |group| &group.name)));
    }
    let typed = crate::names::fold(typed);
    let mut staff: Vec<_> = known
        .school()
        .staff
        .values()
        .filter(|one| one.sites.is_empty() || one.sites.contains(&site))
        .filter(|one| crate::names::matches(&typed, &crate::names::fold(&format!("{} {}", one.forename, one.surname))))
        .collect();
    staff.sort_by_cached_key(|one| (crate::names::sort_key(&one.surname, &one.forename), one.person));
    for one in staff {
        let name = format!("{}, {}", one.surname, one.forename);
        found.push(line(list, Who::Staff(one.person), ComerKind::Staff, name, "Staff"));
    }
    found.truncate(FOUND_MOST);
    found
}

fn line(list: Option<&FireList>, who: Who, kind: ComerKind, name: String, group: &str) -> Found {
    let believed = of(list, who);
    Found {
        person: who.into(),
        kind,
        name,
        group: group.to_owned(),
        line: believed.map_or_else(String::new, |one| one.line.clone()),
        here: is_here(believed),
    }
}

/// A pupil at the desk, and who may collect them.
fn at_desk(
    records: &mut impl Records,
    known: &Known,
    list: Option<&FireList>,
    id: PupilId,
) -> Result<PupilAtDesk, OfficeError> {
    let pupil = known.pupil(id).ok_or(OfficeError::Unknown("pupil"))?;
    let today = calendar::local(records.now()).day;
    let family = known.family(records, id)?;
    let group = pupil.group_on(today).and_then(|group| known.school().groups.get(&group));
    let year = pupil.year_on(today);
    let believed = of(list, Who::Pupil(id));
    let barred = family.as_ref().map_or_else(Vec::new, |family| {
        let words = |(name, why): (String, Barred<'_>)| match why {
            Barred::By(_) => format!("{name} must not collect {}: court order", pupil.identity.preferred),
            Barred::Unread => format!("{name} may be barred by a court order that was not entered here: ask first"),
        };
        family.not_to_collect(today).into_iter().map(words).collect()
    });
    let collectors = family.as_ref().map_or_else(Vec::new, |family| family.collectors(today));
    Ok(PupilAtDesk {
        pupil: id.into(),
        name: pupil.spoken(),
        group: match (group, year) {
            (Some(group), "") => group.name.clone(),
            (Some(group), year) => format!("{}, Year {year}", group.name),
            (None, _) => String::new(),
        },
        line: believed.map_or_else(String::new, |one| one.line.clone()),
        here: is_here(believed),
        barred,
        collectors: collectors.into_iter().map(|(name, relationship)| Collector { name, relationship }).collect(),
        unread: match family {
            Some(_) => String::new(),
            None => against_collecting(None, "somebody", today).unwrap_or_default(),
        },
    })
}

/// Who signed in and not out: visitors first, then staff.
fn here(roll: &Roll, list: Option<&FireList>) -> Vec<HereRow> {
    let name = |visit: &Visit| match visit.arrived.name.rsplit_once(' ') {
        Some((first, last)) => format!("{last}, {first}"),
        None => visit.arrived.name.clone(),
    };
    let mut visitors: Vec<HereRow> = list
        .into_iter()
        .flat_map(|list| &list.people)
        .filter(|one| one.is_called())
        .filter_map(|one| {
            let Who::Visitor(id) = one.who else { return None };
            let Some(visit) = roll.visits.get(&id) else {
                // Of another day's page, and not signed out: they can be, here.
                let kind = ComerKind::ALL.into_iter().find(|kind| kind.word() == one.group).unwrap_or_default();
                let (person, name, line) = (one.who.into(), one.listed(), one.line.clone());
                return Some(HereRow { person, kind, name, line, badge: false });
            };
            Some(HereRow {
                person: one.who.into(),
                kind: visit.details.kind,
                name: name(visit),
                line: one.line.clone(),
                badge: true,
            })
        })
        .collect();
    visitors.sort_by_cached_key(|row| (crate::names::fold(&row.name), row.person));
    let signed = list.into_iter().flat_map(|list| &list.people).filter(|one| {
        let signed = roll.signs.get(&one.who).and_then(|signs| signs.last());
        matches!(one.who, Who::Staff(_)) && one.is_called() && (signed.is_some() || one.line.starts_with("Signed in"))
    });
    let staff = signed.map(|one| HereRow {
        person: one.who.into(),
        kind: ComerKind::Staff,
        name: one.listed(),
        line: one.line.clone(),
        badge: false,
    });
    visitors.into_iter().chain(staff).collect()
}

/// Movements of today, the newest first.
fn moved(roll: &Roll, list: Option<&FireList>) -> Vec<MovedRow> {
    let mut rows: Vec<(u16, MovedRow)> = Vec::new();
    for (who, moves) in &roll.moves {
        let Some((moved, _)) = moves.last() else { continue };
        let at = calendar::clock(moved.minute);
        let out = roll.site == Some(moved.from.0);
        let believed = of(list, *who);
        let seen = believed.is_some_and(|one| one.state != State::MustCall);
        let line = match (out, seen) {
            (true, _) => format!("To {} {at}", moved.to.1),
            (false, true) => format!("From {} {at}. {}", moved.from.1, believed.map_or("", |one| &one.line)),
            (false, false) => format!("From {} {at}, not seen yet", moved.from.1),
        };
        let name = format!("{}, {}", moved.person.surname, moved.person.forename);
        let row = MovedRow { person: SubjectId::from(*who), name, line, arriving: !out && !seen };
        rows.push((moved.minute, row));
    }
    rows.sort_by_key(|(minute, row)| (std::cmp::Reverse(*minute), row.person));
    rows.into_iter().map(|(_, row)| row).collect()
}
