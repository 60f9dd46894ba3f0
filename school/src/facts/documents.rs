//! Which documents there are, and how each is named: compartment, year, kind and natural key.
//!
//! Natural keys are ids and dates, so that two devices apart make the same document.

use crate::areas;
use crate::calendar::{Day, Session, Week};
use crate::ids::{EventId, GroupId, PupilId};
use muster_core::id::{Area, DocumentId, PersonId, PlaceId, Year};

/// The school itself.
pub const SCHOOL: u16 = 1;
/// The register of a group for an ISO week, split at 1 September by the section's year.
pub const REGISTER: u16 = 2;
/// Who is believed on site, a site and a day.
pub const ROLL: u16 = 3;
/// Visitors, a site and a day.
pub const VISITS: u16 = 4;
/// One roll call at one site.
pub const ROLL_CALL: u16 = 5;
/// A pupil.
pub const PUPIL: u16 = 6;
/// A pupil's care.
pub const CARE: u16 = 7;
/// A pupil's family.
pub const FAMILY: u16 = 8;
/// A member of staff.
pub const PERSON: u16 = 9;
/// What was opened and by whom, a site and a week.
pub const ACCESS: u16 = 10;
/// A pupil's special needs and learning, a year.
pub const LEARNING: u16 = 11;

/// A safeguarding case.
pub const CASE: u16 = 12;
/// A week's figures, of the school or a site.
pub const FIGURES: u16 = 13;

/// A site's week of backups: certificates and restores.
pub const CONTINUITY: u16 = 14;
/// A request to have something back.
pub const RESTORE_REQUEST: u16 = 15;
/// What an order to erase, or a hold, says in words.
pub const ERASURE: u16 = 16;
/// Trips over nights, a site and a year.
pub const TRIPS: u16 = 17;

/// The school's document.
pub fn school() -> DocumentId {
    DocumentId { section: areas::standing(areas::SCHOOL, PlaceId::ZERO), kind: SCHOOL, key: Vec::new() }
}

/// The register of a group at a site that a day's sessions belong to.
pub fn register(site: PlaceId, group: GroupId, day: Day) -> DocumentId {
    let mut key = group.0.to_vec();
    key.extend(day.week().key());
    DocumentId { section: areas::section(areas::REGISTER, site, day.year()), kind: REGISTER, key }
}

/// Group and week of a register's document.
pub fn register_key(document: &DocumentId) -> Option<(GroupId, Week)> {
    let (group, week) = document.key.split_at_checked(16)?;
    Some((GroupId::from_slice(group)?, Week::from_key(week)?))
}

/// The session that a register's document means by a place in its week. `None` for one beyond the week, or on the
/// other side of 1 September.
pub fn register_session(document: &DocumentId, place: u8) -> Option<Session> {
    let (_, week) = register_key(document)?;
    Session::from_week(week, place).filter(|session| session.day.year() == document.section.year)
}

/// The roll of a site on a day.
pub fn roll(site: PlaceId, day: Day) -> DocumentId {
    DocumentId { section: areas::section(areas::ROLL, site, day.year()), kind: ROLL, key: day.key().to_vec() }
}

/// The visitors of a site on a day.
pub fn visits(site: PlaceId, day: Day) -> DocumentId {
    DocumentId { kind: VISITS, ..roll(site, day) }
}

/// The trips over nights that set out from a site in a year.
pub fn trips(site: PlaceId, year: Year) -> DocumentId {
    DocumentId { section: areas::section(areas::ROLL, site, year), kind: TRIPS, key: Vec::new() }
}

/// A roll call at a site, begun on a day.
pub fn roll_call(site: PlaceId, day: Day, event: EventId) -> DocumentId {
    let mut key = day.key().to_vec();
    key.extend(event.0);
    DocumentId { section: areas::section(areas::ROLL, site, day.year()), kind: ROLL_CALL, key }
}

/// Day and event of a roll call's document.
pub fn roll_call_key(document: &DocumentId) -> Option<(Day, EventId)> {
    let (day, event) = document.key.split_at_checked(4)?;
    Some((Day::from_key(day)?, EventId::from_slice(event)?))
}

/// A pupil of a site.
pub fn pupil(site: PlaceId, pupil: PupilId) -> DocumentId {
    DocumentId { section: areas::standing(areas::PUPIL, site), kind: PUPIL, key: pupil.0.to_vec() }
}

/// A pupil's care.
pub fn care(site: PlaceId, pupil: PupilId) -> DocumentId {
    DocumentId { section: areas::standing(areas::CARE, site), kind: CARE, key: pupil.0.to_vec() }
}

/// A pupil's family.
pub fn family(site: PlaceId, pupil: PupilId) -> DocumentId {
    DocumentId { section: areas::standing(areas::FAMILY, site), kind: FAMILY, key: pupil.0.to_vec() }
}

/// A pupil's learning in the year of a day.
pub fn learning(site: PlaceId, pupil: PupilId, day: Day) -> DocumentId {
    DocumentId { section: areas::section(areas::LEARNING, site, day.year()), kind: LEARNING, key: pupil.0.to_vec() }
}

/// The figures of a week of a site, or of the whole school where there is none.
pub fn figures(place: PlaceId, day: Day) -> DocumentId {
    DocumentId {
        section: areas::section(areas::FIGURES, place, day.year()),
        kind: FIGURES,
        key: day.week().key().to_vec(),
    }
}

/// What became of backups at a site in the week of a day.
pub fn continuity(site: PlaceId, day: Day) -> DocumentId {
    let section = areas::section(areas::ROLL, site, day.year());
    DocumentId { section, kind: CONTINUITY, key: day.week().key().to_vec() }
}

/// A request to have something back, made at a site on a day.
pub fn restore_request(site: PlaceId, day: Day, id: [u8; 16]) -> DocumentId {
    let section = areas::section(areas::ROLL, site, day.year());
    DocumentId { section, kind: RESTORE_REQUEST, key: id.to_vec() }
}

/// The words of an order to erase records of an area and site, or to hold them, given on a day.
pub fn erasure(area: Area, site: PlaceId, day: Day, id: [u8; 16]) -> DocumentId {
    DocumentId { section: areas::section(area, site, day.year()), kind: ERASURE, key: id.to_vec() }
}

/// A safeguarding case at a site, opened on a day.
pub fn case(site: PlaceId, day: Day, id: [u8; 16]) -> DocumentId {
    DocumentId { section: areas::section(areas::SAFEGUARDING, site, day.year()), kind: CASE, key: id.to_vec() }
}

/// A member of staff: school-wide, since posts and sites change.
pub fn person(person: PersonId) -> DocumentId {
    DocumentId { section: areas::standing(areas::STAFF, PlaceId::ZERO), kind: PERSON, key: person.0.to_vec() }
}

/// What was opened at a site in the week of a day.
pub fn access(site: PlaceId, day: Day) -> DocumentId {
    DocumentId {
        section: areas::section(areas::ACCESS, site, day.year()),
        kind: ACCESS,
        key: day.week().key().to_vec(),
    }
}
