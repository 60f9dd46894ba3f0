//! Words and shapes that several screens share.

use crate::calendar::{self, Day};
use crate::codes::{Class, CodeInfo, OnSite};
use crate::fire::evidence::Roll;
use crate::ids::Who;
use crate::known::Known;
use crate::view::fire::{EventKind, Letters};
use crate::view::status::Status;
use muster_core::document::fact::Origin;
use muster_core::id::{DeviceId, PersonId};
use muster_core::replica::records::Records;
use muster_core::time::Moment;
use std::collections::BTreeMap;

/// The shape of a code.
pub(super) fn status(info: &CodeInfo) -> Status {
    match info.class {
        Class::Attending if info.on_site == OnSite::Arrival => Status::Late,
        Class::Attending => Status::Present,
        Class::ApprovedActivity => Status::OffSite,
        Class::Authorised | Class::NotPossible | Class::NotCollected => Status::AbsentAuthorised,
        Class::Unauthorised => Status::AbsentUnauthorised,
    }
}

/// `09:14` for today, `Friday 15:22` for the six days before, else `12 November 15:22`.
pub(super) fn when(at: Moment, today: Day) -> String {
    let local = calendar::local(at);
    let clock = calendar::clock(local.minute);
    match today.0.saturating_sub(local.day.0) {
        0 => clock,
        1..=6 => format!("{} {clock}", local.day.weekday_word()),
        _ => format!("{} {clock}", local.day.long()),
    }
}

/// `heard from office and hall tablet`; empty when no device is named.
pub(super) fn heard_from(devices: &[String]) -> String {
    if devices.is_empty() { String::new() } else { format!("heard from {}", list(devices)) }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `1 pupil`, `2 pupils`.
pub(crate) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// A number as a view has it.
pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Names of people and devices, from the school's directory or, on a locked device, from the roll.
pub(crate) struct Names {
    people: BTreeMap<PersonId, (String, String)>,
    devices: BTreeMap<DeviceId, String>,
}

impl Names {
    pub(crate) fn new(known: Option<&Known>, roll: Option<&Roll>) -> Self {
        let mut names = Self { people: BTreeMap::new(), devices: BTreeMap::new() };
        if let Some(roll) = roll {
            for (who, one) in &roll.expected {
                if let Who::Staff(person) = who {
                    names.people.insert(*person, (one.person.forename.clone(), one.person.surname.clone()));
                }
            }
            if let Some(place) = &roll.place {
                names.devices.extend(place.devices.iter().cloned());
            }
        }
        if let Some(known) = known {
            for staff in known.school().staff.values() {
                names.people.insert(staff.person, (staff.forename.clone(), staff.surname.clone()));
            }
            for device in known.school().devices.values() {
                names.devices.insert(device.device, device.name.clone());
            }
        }
        names
    }

    pub(super) fn device(&self, device: DeviceId) -> String {
        self.devices.get(&device).cloned().unwrap_or_else(|| format!("device {device:?}"))
    }

    /// `H. Marsh`, `S. Reid (claimed)` for a claimed name, or the device.
    pub(super) fn short(&self, records: &impl Records, origin: &Origin, claimed: &str) -> String {
        let author = records.author(&origin.seat);
        match author.and_then(|author| author.person).and_then(|person| self.people.get(&person)) {
            Some((forename, surname)) => {
                let initial: String = forename.chars().take(1).collect();
                if initial.is_empty() { surname.clone() } else { format!("{initial}. {surname}") }
            }
            None if !claimed.is_empty() => format!("{claimed} (claimed)"),
            None => author.map_or_else(|| "an unknown device".to_owned(), |author| self.device(author.device)),
        }
    }

    /// `Helen Marsh`, or the device with nobody signed in.
    pub(super) fn full(&self, records: &impl Records, origin: &Origin) -> String {
        let author = records.author(&origin.seat);
        match author.and_then(|author| author.person).map(|person| self.people.get(&person)) {
            Some(Some((forename, surname))) => format!("{forename} {surname}").trim().to_owned(),
            Some(None) => "Somebody not in the directory".to_owned(),
            None => author.map_or_else(|| "an unknown device".to_owned(), |author| self.device(author.device)),
        }
    }
}

impl Names {
    /// `Helen Marsh, Teacher`: with the position of the time at which it was done.
    pub(crate) fn with_position(&self, records: &impl Records, known: &Known, origin: &Origin) -> String {
        let name = self.full(records, origin);
        let person = records.author(&origin.seat).and_then(|author| author.person);
        match person.and_then(|person| known.school().position(person, origin.at)) {
            Some(position) => format!("{name}, {position}"),
            None => name,
        }
    }
}

/// The kind of event, as a view has it.
pub(super) fn kind(kind: crate::facts::roll_call::Kind) -> EventKind {
    match kind {
        crate::facts::roll_call::Kind::Drill => EventKind::Drill,
        crate::facts::roll_call::Kind::Real => EventKind::Real,
        crate::facts::roll_call::Kind::KeptInside => EventKind::KeepInside,
        crate::facts::roll_call::Kind::Lockdown => EventKind::Lockdown,
    }
}

/// The letter of the bar that a surname stands under; `Z` and later for what is no Latin letter.
pub(super) fn letter(surname: &str) -> char {
    let first = crate::names::fold(surname).chars().next().unwrap_or('z').to_ascii_uppercase();
    if first.is_ascii_uppercase() { first } else { 'Z' }
}

/// The letter bar.
pub(super) fn letters() -> Vec<Letters> {
    [('A', 'C'), ('D', 'F'), ('G', 'J'), ('K', 'M'), ('N', 'R'), ('S', 'Z')]
        .into_iter()
        .map(|(from, to)| Letters { from, to })
        .collect()
}

/// The classes of a list: groups by name as people sort them, then staff and visitors.
pub(super) fn classes<'a>(groups: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut found: Vec<String> = groups.filter(|group| !group.is_empty()).map(str::to_owned).collect();
    let place = |group: &str| match group {
        "Staff" => 1,
        "Visitor" => 2,
        "Added" => 3,
        _ => 0,
    };
    found.sort_by_cached_key(|group| (place(group), crate::known::natural(group), group.clone()));
    found.dedup();
    found
}
