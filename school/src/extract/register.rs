//! The day's registers as a table: a line for each mark.

use super::{Table, dated, in_file, with_care};
use crate::admission::entry;
use crate::areas;
use crate::calendar::{self, Day, Half, Session};
use crate::codes::{Class, Code, CodeInfo};
use crate::facts::custody::WhoseHome;
use crate::facts::register::RegisterFact;
use crate::ids::PupilId;
use crate::known::Known;
use crate::register::current::{Board, Version};
use crate::show;
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

/// What stands beside them for whoever inspects the register: what it said before, and why that was changed.
const AMENDMENTS: [&str; 4] = ["Was", "Reason", "Amended by", "Amended at"];

/// What is wanted of the registers of some days.
#[derive(Clone, Copy, Debug, Default)]
struct Asked<'a> {
    site: Option<PlaceId>,
    only: Option<&'a BTreeSet<PupilId>>,
    amendments: bool,
}

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
    table(records, known, days, Asked { site, only, amendments: false })
}

/// As [`register`], with what stood before each amendment, its reason, and the name and position of whoever made it:
/// for an inspection (reg. 6), and for nobody who did not ask for it.
///
/// # Errors
/// As there.
pub fn with_amendments(
    records: &mut impl Records,
    known: &mut Known,
    days: (Day, Day),
    site: Option<PlaceId>,
) -> Result<Table, RecordsError> {
    table(records, known, days, Asked { site, only: None, amendments: true })
}

fn table(
    records: &mut impl Records,
    known: &mut Known,
    days: (Day, Day),
    asked: Asked<'_>,
) -> Result<Table, RecordsError> {
    let Asked { site, only, .. } = asked;
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
    let (title, kind) = match (only, asked.amendments) {
        (Some(_), _) => ("Sessions missed", "sessions-missed"),
        (None, false) => ("The registers", "register"),
        (None, true) => ("The registers with what was amended", "register-amendments"),
    };
    let mut table = Table {
        what: format!("{title} of {when}, {place}"),
        stem: format!("{kind}-{}-{}-all-classes", first.iso(), in_file(&place)),
        headings: HEADINGS.into_iter().chain(AMENDMENTS.into_iter().filter(|_| asked.amendments)).collect(),
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
            let (unmarked, closed) = lines(known, records, board, session, asked, &mut table, &mut named)?;
            if let Some((why, marks)) = closed {
                let stand = match marks {
                    1 => "1 mark stands all the same, and is in it".to_owned(),
                    many => format!("{many} marks stand all the same, and are in it"),
                };
                table.notes.push(format!("{}: entered as closed ({why}). {stand}", session.long()));
            }
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
    let unlisted = named.iter().filter(|id| known.pupil(**id).is_some_and(|pupil| pupil.provisional.is_some())).count();
    match unlisted {
        0 => {}
        1 => table.notes.push("1 child in it is on no list: not on the admission register".to_owned()),
        many => table.notes.push(format!("{many} children in it are on no list: not on the admission register")),
    }
    table.people = u32::try_from(named.len()).unwrap_or(u32::MAX);
    Ok(table)
}

/// Writes the lines of a session. Gives how many have no mark yet, and, of groups that were closed that day, why and
/// how many marks stand.
fn lines(
    known: &Known,
    records: &mut impl Records,
    board: &Board,
    session: Session,
    Asked { site, only, amendments }: Asked<'_>,
    table: &mut Table,
    named: &mut BTreeSet<PupilId>,
) -> Result<(usize, Option<(String, usize)>), RecordsError> {
    let school = known.school();
    let mut unmarked = 0;
    let mut closed: Option<(String, usize)> = None;
    let marked = board.weeks().iter().any(|week| week.marked(session).next().is_some());
    for place in school.sites.values().filter(|place| site.is_none_or(|site| site == place.id)) {
        for group in school.groups_of(place.id) {
            // What was marked before the day was entered as closed stands, and counts: it is told of like any other.
            let why = school.closed_to(place.id, group.id, session.day);
            if why.is_some() && !marked {
                continue;
            }
            for pupil in known.members(group.id, session.day) {
                if only.is_some_and(|only| !only.contains(&pupil.id)) {
                    continue;
                }
                let current = board.current(pupil.id, session);
                let Some((shown, code)) = current.shown().and_then(|shown| Some((shown, shown.code()?))) else {
                    unmarked += usize::from(why.is_none() && Known::is_mark_due(pupil));
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
                if let Some(why) = why {
                    closed.get_or_insert_with(|| (why.to_owned(), 0)).1 += 1;
                }
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
                if amendments && let Some(row) = table.rows.last_mut() {
                    row.extend(amended(known, records, &board.history(pupil.id, session), shown));
                }
            }
        }
    }
    Ok((unmarked, closed))
}

/// What stood before, the reasons, by whom and when; empty where nothing was amended. What is sensitive of it stays here.
fn amended(known: &Known, records: &impl Records, history: &[Version], shown: &Version) -> [String; 4] {
    if !history.iter().any(Version::is_amendment) {
        return Default::default();
    }
    let names = show::Names::new(Some(known), None);
    let sensitive = history.iter().any(|version| version.code() == Some(Code::SENSITIVE));
    let was = history.iter().filter(|version| version.name != shown.name).map(|version| {
        // Why somebody was kept away is not for whoever inspects a mark that says otherwise since.
        if version.code() == Some(Code::SENSITIVE) {
            return "kept back".to_owned();
        }
        let code = version.code().map_or_else(|| "taken back".to_owned(), |code| code.to_string());
        version.minutes().map_or(code.clone(), |minutes| format!("{code} {minutes} min"))
    });
    let (mut why, mut by, mut at) = (Vec::new(), Vec::new(), Vec::new());
    for version in history {
        let RegisterFact::Amendment(amendment) = &version.fact else { continue };
        let when = calendar::local(version.origin.at);
        why.push(if sensitive { "kept back".to_owned() } else { amendment.reason.clone() });
        by.push(names.with_position(records, known, &version.origin));
        at.push(format!("{} {}", when.day.iso(), calendar::clock(when.minute)));
    }
    [was.collect::<Vec<_>>(), why, by, at].map(|cell| cell.join("; "))
}
