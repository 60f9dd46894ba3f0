//! The day's registers as a table: a line for each mark.

use super::{Table, dated, in_file, with_care};
use crate::admission::entry;
use crate::areas;
use crate::calendar::{Day, Half, Session};
use crate::codes::{Class, Code, CodeInfo};
use crate::facts::custody::WhoseHome;
use crate::ids::PupilId;
use crate::known::Known;
use crate::register::current::Board;
use muster_core::id::PlaceId;
use muster_core::replica::records::{Records, RecordsError};
use std::collections::BTreeSet;

const HEADINGS: [&str; 16] = [
    "Date",
    "Session",
    "Site",
    "Class",
    "Surname",
    "Forename",
    "Date of birth",
    "UPN",
    "Address",
    "Code",
    "Meaning",
    "Minutes late",
    "Amended",
    "Two marks differ",
    "Placing authority number",
    "Placing authority",
];

/// The most days that one table has: a school year.
const DAYS_AT_ONCE: i32 = 366;

/// The registers of a day, of one site or of every site that this seat reads; only of some pupils and sessions with
/// these codes where `only` is given, for an attendance or a sickness return.
///
/// # Errors
/// When it is more than a year, or the records cannot be read.
pub fn register(
    records: &mut impl Records,
    known: &mut Known,
    days: (Day, Day),
    site: Option<PlaceId>,
    only: Option<&BTreeSet<PupilId>>,
) -> Result<Table, RecordsError> {
    let (first, last) = days;
    if last.0.saturating_sub(first.0) >= DAYS_AT_ONCE {
        let most = usize::try_from(DAYS_AT_ONCE).unwrap_or(usize::MAX);
        return Err(RecordsError::TooMuch { what: "the number of days", most });
    }
    // Whose pupils or registers cannot be read here is in no line, and neither title nor note may say otherwise.
    let can_read =
        |area| records.sections(area).iter().map(|section| section.compartment.place).collect::<BTreeSet<_>>();
    let read: BTreeSet<PlaceId> = can_read(areas::REGISTER).intersection(&can_read(areas::PUPIL)).copied().collect();
    let school = known.school();
    let lacking: Vec<_> =
        school.sites_without(&read).into_iter().filter(|lacks| site.is_none_or(|site| site == lacks.id)).collect();
    let place = match site {
        Some(site) => known.site_name(site).to_owned(),
        None if lacking.is_empty() => "all sites".to_owned(),
        None => {
            let named = school.sites.values().filter(|one| read.contains(&one.id)).map(|one| one.name.as_str());
            named.collect::<Vec<_>>().join(", ")
        }
    };
    let notes: Vec<String> = lacking
        .iter()
        .map(|lacks| format!("{} has no register that can be read here, and is not in it", lacks.name))
        .collect();
    let when = if first == last { dated(first) } else { format!("{} to {}", dated(first), dated(last)) };
    let (title, kind) =
        if only.is_some() { ("Sessions missed", "sessions-missed") } else { ("The registers", "register") };
    let mut table = Table {
        what: format!("{title} of {when}, {place}"),
        stem: format!("{kind}-{}-{}-all-classes", first.iso(), in_file(&place)),
        headings: HEADINGS.to_vec(),
        rows: Vec::new(),
        people: 0,
        notes,
    };
    let mut named: BTreeSet<PupilId> = BTreeSet::new();
    let mut board: Option<(Day, Board)> = None;
    for day in (first.0..=last.0).map(Day) {
        if board.as_ref().is_none_or(|(at, _)| at.week() != day.week() || at.year() != day.year()) {
            board = Some((day, known.board(records, day)?));
        }
        let Some((_, board)) = &board else { continue };
        for half in [Half::Am, Half::Pm] {
            let session = Session { day, half };
            let unmarked = lines(known, records, board, session, (site, only), &mut table, &mut named)?;
            if unmarked > 0 && only.is_none() {
                let pupils = match unmarked {
                    1 => "1 pupil has no mark yet and is not in it".to_owned(),
                    many => format!("{many} pupils have no mark yet and are not in it"),
                };
                table.notes.push(format!("{}: {pupils}", session.long()));
            }
        }
    }
    let without = known.pupils().filter(|pupil| {
        let at = known.site_on(pupil, last);
        known.is_without_class(pupil, last) && read.contains(&at) && site.is_none_or(|site| site == at)
    });
    match without.count() {
        _ if only.is_some() => {}
        0 => {}
        1 => table.notes.push("1 pupil is in no class, and is not in it".to_owned()),
        many => table.notes.push(format!("{many} pupils are in no class, and are not in it")),
    }
    table.people = u32::try_from(named.len()).unwrap_or(u32::MAX);
    Ok(table)
}

fn lines(
    known: &Known,
    records: &mut impl Records,
    board: &Board,
    session: Session,
    (site, only): (Option<PlaceId>, Option<&BTreeSet<PupilId>>),
    table: &mut Table,
    named: &mut BTreeSet<PupilId>,
) -> Result<usize, RecordsError> {
    let school = known.school();
    let mut unmarked = 0;
    for place in school.sites.values().filter(|place| site.is_none_or(|site| site == place.id)) {
        for group in school.groups_of(place.id) {
            if school.closed_to(place.id, group.id, session.day).is_some() {
                continue;
            }
            for pupil in known.members(group.id, session.day) {
                if only.is_some_and(|only| !only.contains(&pupil.id)) {
                    continue;
                }
                let current = board.current(pupil.id, session);
                let Some((shown, code)) = current.shown().and_then(|shown| Some((shown, shown.code()?))) else {
                    unmarked += usize::from(Known::is_mark_due(pupil));
                    continue;
                };
                let info = school.codes().ever(code, session.day);
                let missed = |info: &CodeInfo| matches!(info.class, Class::Authorised | Class::Unauthorised);
                if only.is_some() && !info.is_some_and(missed) {
                    continue;
                }
                let yes = |yes: bool| if yes { "Yes".to_owned() } else { String::new() };
                // The law asks for the address with a pupil who misses school, and for nobody else's.
                let address = match only {
                    None => String::new(),
                    Some(_) => {
                        let family = known.family(records, pupil.id)?.unwrap_or_default();
                        with_care(family.address.as_ref().map(entry::line), family.kept_from(WhoseHome::Pupil))
                    }
                };
                let placement = pupil.placement.as_ref().filter(|placement| placement.arranged);
                let identity = &pupil.identity;
                named.insert(pupil.id);
                table.rows.push(vec![
                    session.day.iso(),
                    if session.half == Half::Am { "AM" } else { "PM" }.to_owned(),
                    place.name.clone(),
                    group.name.clone(),
                    identity.surname.clone(),
                    identity.forename.clone(),
                    identity.born.map(Day::iso).unwrap_or_default(),
                    identity.upn.clone(),
                    address,
                    code.to_string(),
                    // What of it is sensitive goes to whoever must have it, with a return, and to nobody else.
                    info.map(
                        |info| if only.is_none() && code == Code::SENSITIVE { &info.short } else { &info.meaning },
                    )
                    .cloned()
                    .unwrap_or_default(),
                    shown.minutes().map(|minutes| minutes.to_string()).unwrap_or_default(),
                    yes(shown.is_amendment()),
                    yes(current.is_conflict()),
                    placement.map(|one| one.number.clone()).unwrap_or_default(),
                    placement.map(|one| one.name.clone()).unwrap_or_default(),
                ]);
            }
        }
    }
    Ok(unmarked)
}
