//! Areas: what a record is about. The numbers are part of every entry's header: never reuse one.

use muster_core::id::{Area, Compartment, PlaceId, Section, Year};
use muster_core::keys::rule::{AreaRule, KeyRule};

/// Who may do what: the engine's own.
pub const AUTHORITY: Area = Area::AUTHORITY;
/// The school: sites, groups, times, the staff directory.
pub const SCHOOL: Area = Area(1);
/// Sign-ins, openings, exports.
pub const ACCESS: Area = Area(2);
/// Who is believed on site; visits; roll calls.
pub const ROLL: Area = Area(3);
/// Attendance registers.
pub const REGISTER: Area = Area(4);
/// Pupils: names, group, year.
pub const PUPIL: Area = Area(5);
/// Medical lines, allergies, evacuation plans.
pub const CARE: Area = Area(6);
/// Addresses, contacts, consents.
pub const FAMILY: Area = Area(7);
/// Special educational needs, plans, assessment.
pub const LEARNING: Area = Area(8);
/// Concerns and cases.
pub const SAFEGUARDING: Area = Area(9);
/// Posts, training, absence of staff.
pub const STAFF: Area = Area(10);

/// Behaviour: what happened, rewards, sanctions.
pub const BEHAVIOUR: Area = Area(11);
/// Fees, meals, accounts.
pub const FINANCE: Area = Area(12);
/// Figures: counts and shares by group, site and school, with no name and no pupil's id in them.
pub const FIGURES: Area = Area(13);

/// Every area with its name, its key rule and its place in the order of sync. In an emergency the roll comes first.
/// A locked device writes the roll and the record of use, so it holds the day's keys of both.
const TABLE: [(Area, &str, KeyRule, u8); 13] = [
    (ROLL, "roll", KeyRule::Daily, 0),
    (SCHOOL, "school", KeyRule::Yearly, 1),
    (REGISTER, "register", KeyRule::Yearly, 2),
    (ACCESS, "access", KeyRule::Daily, 3),
    (PUPIL, "pupil", KeyRule::Yearly, 4),
    (CARE, "care", KeyRule::Yearly, 5),
    (FAMILY, "family", KeyRule::Yearly, 6),
    (LEARNING, "learning", KeyRule::Yearly, 7),
    (STAFF, "staff", KeyRule::Yearly, 8),
    (SAFEGUARDING, "safeguarding", KeyRule::Case, 9),
    (BEHAVIOUR, "behaviour", KeyRule::Yearly, 10),
    (FINANCE, "finance", KeyRule::Yearly, 11),
    (FIGURES, "figures", KeyRule::Yearly, 12),
];

/// The rules of the areas, for the engine.
pub fn rules() -> Vec<AreaRule> {
    TABLE.iter().map(|(area, _, keys, order)| AreaRule { area: *area, keys: *keys, order: *order }).collect()
}

/// An area's name in sentences.
pub fn name(area: Area) -> &'static str {
    if area == AUTHORITY {
        return "authority";
    }
    TABLE.iter().find(|(known, ..)| *known == area).map_or("from a newer version", |(_, name, ..)| name)
}

/// Whether an area's records are of the school as a whole, whatever its sites: they lie at no site.
pub fn is_school_wide(area: Area) -> bool {
    matches!(area, AUTHORITY | SCHOOL | STAFF)
}

/// Every area that somebody may be given rights in, in the order in which a screen shows them.
pub const SHOWN: [Area; 13] =
    [SCHOOL, ROLL, REGISTER, PUPIL, CARE, FAMILY, LEARNING, BEHAVIOUR, STAFF, FINANCE, FIGURES, SAFEGUARDING, ACCESS];

/// What is in an area, as a heading and in a few words.
pub fn words(area: Area) -> (&'static str, &'static str) {
    match area {
        AUTHORITY => ("Who may do what", "Devices, people, roles: ids only"),
        SCHOOL => ("School", "Sites, groups, times, the staff directory"),
        ACCESS => ("Record of use", "Sign-ins, openings, exports"),
        ROLL => ("On-site lists", "Who is believed on site, visits, roll calls"),
        REGISTER => ("Registers", "Attendance"),
        PUPIL => ("Pupils", "Names, group, year, plans"),
        CARE => ("Care", "Medical lines, allergies, risk assessments, help to leave"),
        FAMILY => ("Family", "Addresses, contacts, consents"),
        LEARNING => ("Learning", "Special needs, plans, assessment"),
        SAFEGUARDING => ("Safeguarding", "Concerns and cases"),
        BEHAVIOUR => ("Behaviour", "What happened, rewards, sanctions"),
        FINANCE => ("Finance", "Fees, meals, accounts"),
        FIGURES => ("Figures", "Counts and shares, with nobody's name"),
        STAFF => ("Staff", "Posts, training, absence of staff"),
        _ => ("Newer", "Of a newer version"),
    }
}

/// The section of an area at a site in a year of its records.
pub fn section(area: Area, place: PlaceId, year: Year) -> Section {
    Section { compartment: Compartment { area, place }, year }
}

/// The section of records that belong to no year: the school itself, a pupil, a member of staff.
pub fn standing(area: Area, place: PlaceId) -> Section {
    section(area, place, Year::NONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roll_is_the_first_thing_to_travel_and_what_a_locked_device_writes_has_a_key_a_day() {
        let mut rules = rules();
        rules.sort_by_key(|rule| rule.order);
        assert_eq!(rules.first().map(|rule| (rule.area, rule.keys)), Some((ROLL, KeyRule::Daily)));
        let daily: Vec<_> = rules.iter().filter(|rule| rule.keys == KeyRule::Daily).map(|rule| rule.area).collect();
        assert_eq!(daily, [ROLL, ACCESS]);
    }

    #[test]
    fn no_two_areas_share_a_number_or_a_place_in_the_order() {
        let numbers: std::collections::BTreeSet<_> = TABLE.iter().map(|row| row.0).collect();
        let orders: std::collections::BTreeSet<_> = TABLE.iter().map(|row| row.3).collect();
        assert_eq!((numbers.len(), orders.len()), (TABLE.len(), TABLE.len()));
        assert_eq!(SHOWN.iter().map(|area| area.0).collect::<std::collections::BTreeSet<_>>().len(), TABLE.len());
        let headings: std::collections::BTreeSet<_> = SHOWN.iter().map(|area| words(*area).0).collect();
        assert_eq!(headings.len(), TABLE.len(), "each has a heading of its own");
    }
}
