//! Which records a device held, each by name: for whoever has to report that it is lost.
//!
//! Of safeguarding it says how many, and neither whom nor what about.

use super::Table;
use crate::areas;
use crate::calendar::Day;
use crate::facts::documents;
use crate::ids::PupilId;
use crate::known::Known;
use muster_core::id::{DocumentId, PersonId, PlaceId, Section, Year};
use muster_core::replica::records::{Records, RecordsError};
use std::collections::BTreeSet;

/// The kinds of documents of each area that are listed.
const LISTED: [(muster_core::id::Area, u16); 13] = [
    (areas::ROLL, documents::ROLL),
    (areas::ROLL, documents::VISITS),
    (areas::ROLL, documents::ROLL_CALL),
    (areas::ROLL, documents::TRIPS),
    (areas::REGISTER, documents::REGISTER),
    (areas::PUPIL, documents::PUPIL),
    (areas::CARE, documents::CARE),
    (areas::FAMILY, documents::FAMILY),
    (areas::LEARNING, documents::LEARNING),
    (areas::STAFF, documents::PERSON),
    (areas::SCHOOL, documents::SCHOOL),
    (areas::SAFEGUARDING, documents::CASE),
    (areas::ACCESS, documents::ACCESS),
];

/// The records of some sections, as far as this seat may read them, a line each.
///
/// # Errors
/// When the records cannot be read.
pub fn table(
    records: &mut impl Records,
    known: &Known,
    device: &str,
    sections: &[Section],
) -> Result<Table, RecordsError> {
    let mut rows = Vec::new();
    let mut people = BTreeSet::new();
    let mut concerns = 0_usize;
    for (area, kind) in LISTED {
        for section in sections.iter().filter(|section| section.compartment.area == area) {
            for document in records.documents(section, kind)? {
                if kind == documents::CASE {
                    concerns += 1;
                    continue;
                }
                let (who, about) = about(known, &document);
                people.extend(who);
                rows.push(vec![areas::words(area).0.to_owned(), site(known, section), year(section), about]);
            }
        }
    }
    if concerns > 0 {
        let words = if concerns == 1 { "1 concern".to_owned() } else { format!("{concerns} concerns") };
        rows.push(vec![areas::words(areas::SAFEGUARDING).0.to_owned(), String::new(), String::new(), words]);
    }
    let notes = vec![
        "Only what the one who wrote this list may read is named in it; safeguarding is counted and not named."
            .to_owned(),
        "All of it lay sealed on the device. What opens there, and with whose passphrase, is said beside.".to_owned(),
    ];
    Ok(Table {
        what: format!("The records that {device} held"),
        stem: "records-held".to_owned(),
        headings: vec!["Records", "Site", "Year", "About"],
        rows,
        people: u32::try_from(people.len()).unwrap_or(u32::MAX),
        notes,
    })
}

fn site(known: &Known, section: &Section) -> String {
    match section.compartment.place {
        PlaceId::ZERO => String::new(),
        place => known.site_name(place).to_owned(),
    }
}

fn year(section: &Section) -> String {
    match section.year {
        Year::NONE => String::new(),
        Year(year) => format!("{year}/{:02}", (year + 1) % 100),
    }
}

/// Whom a document names it is about, and in words.
fn about(known: &Known, document: &DocumentId) -> (Option<[u8; 16]>, String) {
    let day = |key: &[u8]| key.get(..4).and_then(Day::from_key).map(Day::long).unwrap_or_default();
    match document.kind {
        documents::PUPIL | documents::CARE | documents::FAMILY | documents::LEARNING => {
            let Some(id) = PupilId::from_slice(&document.key) else { return (None, String::new()) };
            let name = known.pupil(id).map_or_else(|| "A pupil".to_owned(), |pupil| pupil.spoken());
            (Some(id.0), name)
        }
        documents::PERSON => match document.key.as_slice().try_into() {
            Ok(id) => (Some(id), known.staff_name(PersonId(id))),
            Err(_) => (None, String::new()),
        },
        documents::REGISTER => {
            let of = documents::register_key(document);
            let words = of.map(|(group, week)| {
                let name = known.school().groups.get(&group).map_or("A class", |group| group.name.as_str());
                {
                    let from = week.monday().map(Day::long).unwrap_or_default();
                    format!("{name}, week from {from}")
                }
            });
            (None, words.unwrap_or_default())
        }
        documents::VISITS => (None, format!("Visitors of {}", day(&document.key))),
        documents::ROLL_CALL => (None, format!("A roll call of {}", day(&document.key))),
        documents::TRIPS => (None, "Trips over nights".to_owned()),
        documents::ROLL => (None, day(&document.key)),
        _ => (None, String::new()),
    }
}
