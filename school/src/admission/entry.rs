//! One entry of the admission register: its fields in words, and which of them are still missing.

use crate::facts::admission::Starting;
use crate::facts::custody::{Home, Parent};
use crate::facts::family::Address;
use crate::known::Pupil;
use crate::known::family::Family;

/// A field of an entry: what it is called, and what it says. Empty where it is not entered.
pub type Field = (&'static str, String);

/// An address in one line.
pub fn line(address: &Address) -> String {
    let parts = [&address.line, &address.town, &address.postcode];
    parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ")
}

/// Where a parent lives, in one line; empty where it is not known.
pub fn home_of(parent: &Parent, family: &Family) -> String {
    match &parent.home {
        Home::Unknown => String::new(),
        Home::WithPupil => family.address.as_ref().map(line).unwrap_or_default(),
        Home::AtSecond => family.second.as_ref().map(line).unwrap_or_default(),
        Home::At(address) => line(address),
    }
}

/// `full name, and any other name known by`, and the other fields that need no right to family records.
pub fn of_pupil(pupil: &Pupil) -> Vec<Field> {
    let identity = &pupil.identity;
    let entry = pupil.entry.as_ref();
    let names = [identity.forename.as_str(), entry.map_or("", |entry| entry.middle.as_str()), &identity.surname];
    let full = names.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let day = |day: Option<crate::calendar::Day>| day.map(crate::calendar::Day::iso).unwrap_or_default();
    let starting = match (pupil.on_roll.starting, entry.map(|entry| entry.starting)) {
        (Some(day), Some(Starting::Agreed)) => format!("{}, as agreed", day.iso()),
        (Some(day), Some(Starting::FirstAttended)) => format!("{}, first attended", day.iso()),
        (starting, _) => day(starting),
    };
    let mut fields = vec![
        ("Full name", full),
        ("Known as", if identity.preferred == identity.forename { String::new() } else { identity.preferred.clone() }),
        ("Other names", entry.map(|entry| entry.other_names.clone()).unwrap_or_default()),
        ("Sex", identity.sex.clone()),
        ("Date of birth", day(identity.born)),
        ("Admission number", identity.admission_no.clone()),
        ("UPN", identity.upn.clone()),
        ("Starting day", starting),
        ("Boarder or day", entry.map_or("", |entry| if entry.boarder { "Boarder" } else { "Day pupil" }).to_owned()),
        ("Last school", pupil.last_school.as_ref().map(last_school).unwrap_or_default()),
        ("Placing authority", pupil.placement.as_ref().map(placement).unwrap_or_default()),
    ];
    if let Some(next) = &pupil.next_school {
        let from = next.from.map(|day| format!(", from {}", day.iso())).unwrap_or_default();
        fields.push(("Next school", format!("{}{}", joined(&next.name, &next.address), from)));
    }
    if let Some(deleted) = &pupil.deleted {
        let (letter, words) = (deleted.ground.letter(), super::grounds::words(deleted.ground));
        fields.push(("Deleted after", format!("{}: ground {letter}, {words}. {}", deleted.day.iso(), deleted.words)));
    }
    fields
}

fn joined(name: &str, address: &str) -> String {
    if address.is_empty() { name.to_owned() } else { format!("{name}, {address}") }
}

pub(super) fn last_school(school: &crate::facts::admission::LastSchool) -> String {
    if school.name.is_empty() { "None before".to_owned() } else { joined(&school.name, &school.address) }
}

pub(super) fn placement(placement: &crate::facts::admission::Placement) -> String {
    let plan = if placement.plan { "; has an EHC plan" } else { "" };
    if !placement.arranged {
        return format!("None placed the pupil here{plan}");
    }
    format!("{} {}{plan}", placement.number, placement.name).trim().to_owned()
}

/// What an entry still lacks, in words; none when it is complete. `family` is `None` where it may not be read: then
/// nothing is said of it.
pub fn missing(pupil: &Pupil, family: Option<&Family>) -> Vec<String> {
    let mut lacking = Vec::new();
    let mut need = |there: bool, what: &str| {
        if !there {
            lacking.push(what.to_owned());
        }
    };
    let identity = &pupil.identity;
    need(!identity.surname.is_empty() && !identity.forename.is_empty(), "full name");
    need(!identity.sex.is_empty(), "sex");
    need(identity.born.is_some(), "date of birth");
    need(pupil.on_roll.starting.is_some(), "starting day");
    need(pupil.entry.is_some(), "whether boarder or day pupil, and how the starting day came about");
    need(pupil.last_school.is_some(), "last school, or that there was none");
    need(pupil.placement.is_some(), "whether a local authority placed the pupil here");
    let Some(family) = family else { return lacking };
    need(family.address.is_some(), "the pupil’s address");
    need(!family.parents.is_empty(), "the full name of every known parent");
    need(
        family.parents.is_empty() || family.parents.iter().any(|parent| parent.lives_with),
        "which parent the pupil normally lives with",
    );
    for parent in &family.parents {
        let name = parent.full();
        need(!home_of(parent, family).is_empty(), &format!("the address of {name}"));
        need(parent.numbers.iter().any(|number| !number.trim().is_empty()), &format!("an emergency number for {name}"));
    }
    // More than one person to reach, whoever they are: guidance, and asked for as such.
    let reachable = family.contacts.len().max(family.parents.len());
    need(reachable >= 2, "a second person to reach in an emergency");
    lacking
}
