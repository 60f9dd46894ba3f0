//! The history of an entry: each amendment with the original, the amended, the reason, when and by whom.
//!
//! Read from the facts themselves, so that nothing can be left out: what replaced what is part of every fact. Facts
//! of one act are one amendment, and its reason stands in the same act.

use super::entry;
use crate::areas;
use crate::facts;
use crate::facts::admission::Starting;
use crate::facts::custody::{Home, WhoseHome};
use crate::facts::documents;
use crate::facts::family::FamilyFact;
use crate::facts::pupil::PupilFact;
use crate::facts::school::SchoolFact;
use crate::facts::{Read, Value};
use crate::known::{self, Pupil};
use muster_core::document::fact::{Facts, Origin};
use muster_core::id::{ActId, PlaceId};
use muster_core::replica::records::{Records, RecordsError};
use std::collections::BTreeMap;

/// One field that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Which field.
    pub field: String,
    /// What it said before; empty for nothing.
    pub original: String,
    /// What it says since; empty for nothing.
    pub amended: String,
}

/// One act on an entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Amendment {
    /// Who and when.
    pub origin: Origin,
    /// The fields, in the order they were written.
    pub changed: Vec<Changed>,
    /// Why; empty where something was entered for the first time.
    pub reason: String,
}

/// Everything that was entered and amended of a pupil, the newest first, as far as this seat may read it.
///
/// # Errors
/// When the records cannot be read.
pub fn of(records: &mut impl Records, pupil: &Pupil) -> Result<Vec<Amendment>, RecordsError> {
    let mut acts: BTreeMap<ActId, Amendment> = BTreeMap::new();
    // Of a pupil who went to another site, the old documents hold what was entered there, and by whom.
    let mut sites: Vec<PlaceId> = vec![pupil.site];
    let others = records.sections(areas::PUPIL).into_iter().map(|section| section.compartment.place);
    sites.extend(others.filter(|place| *place != pupil.site));
    let mut moves: BTreeMap<ActId, Origin> = BTreeMap::new();
    for site in sites {
        at_site(records, pupil, site, &mut acts, &mut moves)?;
    }
    // What an export brought nobody gave a reason for here.
    if let Some(school) = records.facts(&documents::school())? {
        for read in facts::all::<SchoolFact>(&school).filter(|read| matches!(read.value, SchoolFact::ByImport(_))) {
            if let Some(act) = acts.get_mut(&read.held.origin.act) {
                act.reason = "Imported".to_owned();
            }
        }
    }
    for (act, origin) in moves {
        let moved = Changed {
            field: "Site".to_owned(),
            original: "another site".to_owned(),
            amended: "moved here, with all that stood".to_owned(),
        };
        let reason = acts.remove(&act).map(|copies| copies.reason).unwrap_or_default();
        acts.insert(act, Amendment { origin, changed: vec![moved], reason });
    }
    let mut found: Vec<Amendment> = acts.into_values().filter(|act| !act.changed.is_empty()).collect();
    found.sort_by_key(|act| std::cmp::Reverse((act.origin.at, act.origin.sequence)));
    Ok(found)
}

fn at_site(
    records: &mut impl Records,
    pupil: &Pupil,
    site: PlaceId,
    acts: &mut BTreeMap<ActId, Amendment>,
    moves: &mut BTreeMap<ActId, Origin>,
) -> Result<(), RecordsError> {
    if let Some(held) = records.facts(&documents::pupil(site, pupil.id))? {
        for read in facts::all::<PupilFact>(&held) {
            if matches!(read.value, PupilFact::MovedSite(_)) {
                moves.insert(read.held.origin.act, *read.held.origin);
            }
        }
        gather::<PupilFact>(&held, acts, |_| String::new(), of_pupil);
        for read in facts::all::<PupilFact>(&held) {
            if let PupilFact::Amended(why) = read.value
                && let Some(act) = acts.get_mut(&read.held.origin.act)
            {
                act.reason = why.reason;
            }
        }
    }
    if let Some(held) = records.facts(&documents::family(site, pupil.id))? {
        gather::<FamilyFact>(&held, acts, whose, of_family);
    }
    Ok(())
}

fn gather<V: Value>(
    held: &Facts,
    acts: &mut BTreeMap<ActId, Amendment>,
    whose: impl Fn(&V) -> String,
    fields: impl Fn(&V) -> Vec<(String, String)>,
) {
    for Read { held: fact, value } in facts::all::<V>(held) {
        let before: BTreeMap<String, String> = fact
            .fact
            .supersedes
            .iter()
            .filter_map(|name| held.get(name).and_then(facts::read::<V>))
            .flat_map(|read| fields(&read.value))
            .collect();
        let act = acts.entry(fact.origin.act).or_insert_with(|| Amendment {
            origin: *fact.origin,
            changed: Vec::new(),
            reason: String::new(),
        });
        for (field, amended) in fields(&value) {
            let original = before.get(&field).cloned().unwrap_or_default();
            if original != amended {
                act.changed.push(Changed { field: format!("{}{field}", whose(&value)), original, amended });
            }
        }
    }
}

fn named(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect()
}

fn of_pupil(fact: &PupilFact) -> Vec<(String, String)> {
    let day = |day: Option<crate::calendar::Day>| day.map(crate::calendar::Day::iso).unwrap_or_default();
    match fact {
        PupilFact::Identity(who) => named(&[
            ("Surname", &who.surname),
            ("Forename", &who.forename),
            ("Known as", &who.preferred),
            ("Sex", &who.sex),
            ("Date of birth", &day(who.born)),
            ("Admission number", &who.admission_no),
            ("UPN", &who.upn),
        ]),
        PupilFact::OnRoll(on_roll) => {
            named(&[("Starting day", &day(on_roll.starting)), ("Last day", &day(on_roll.last))])
        }
        PupilFact::Entry(entry) => named(&[
            ("Middle names", &entry.middle),
            ("Other names", &entry.other_names),
            ("Boarder or day", if entry.boarder { "Boarder" } else { "Day pupil" }),
            (
                "Starting day is",
                match entry.starting {
                    Starting::Agreed => "as agreed",
                    Starting::FirstAttended => "the first day attended",
                },
            ),
        ]),
        PupilFact::LastSchool(school) => named(&[("Last school", &entry::last_school(school))]),
        PupilFact::Placement(placement) => named(&[("Placing authority", &entry::placement(placement))]),
        PupilFact::NextSchool(school) => named(&[
            ("Next school", &school.name),
            ("Next school’s address", &school.address),
            ("Starts there", &day(school.from)),
        ]),
        PupilFact::Deleted(gone) => {
            let consent = gone.consent.as_ref();
            let consent = consent.map(|one| format!("{}, {}", one.by, one.day.iso())).unwrap_or_default();
            named(&[
                ("Deleted after", &gone.day.iso()),
                ("Ground", &format!("{}: {}", gone.ground.letter(), super::grounds::words(gone.ground))),
                ("What shows it", &gone.words),
                ("Consent of the authority", &consent),
                ("Agreed by", &gone.agreed_by),
            ])
        }
        PupilFact::Restored(back) => named(&[("Deleted after", ""), ("Put back, agreed by", &back.agreed_by)]),
        PupilFact::Placing(_)
        | PupilFact::Note(_)
        | PupilFact::Plan(_)
        | PupilFact::Timetable(_)
        | PupilFact::Provisional(_)
        | PupilFact::Matched(_)
        | PupilFact::MovedSite(_)
        | PupilFact::Called(_)
        | PupilFact::Collected(_)
        | PupilFact::Amended(_)
        | PupilFact::Unknown { .. } => Vec::new(),
    }
}

/// Whose field it is, where several have one of the same name.
fn whose(fact: &FamilyFact) -> String {
    match fact {
        FamilyFact::Parent(parent) => format!("Parent {}: ", parent.full()),
        FamilyFact::Contact(contact) => format!("Contact {}: ", known::family::full(contact)),
        _ => String::new(),
    }
}

fn home(home: &Home) -> String {
    match home {
        Home::Unknown => String::new(),
        Home::WithPupil => "with the pupil".to_owned(),
        Home::AtSecond => "at the pupil’s second address".to_owned(),
        Home::At(address) => entry::line(address),
    }
}

fn yes(it: bool) -> &'static str {
    if it { "yes" } else { "no" }
}

fn of_family(fact: &FamilyFact) -> Vec<(String, String)> {
    match fact {
        FamilyFact::Address(address) => named(&[("Address", &entry::line(address))]),
        FamilyFact::SecondAddress(second) => {
            named(&[("Second address", &second.address.as_ref().map(entry::line).unwrap_or_default())])
        }
        FamilyFact::Parent(parent) => {
            let home = home(&parent.home);
            named(&[
                ("entered", if parent.withdrawn { "in error" } else { "yes" }),
                ("name", &parent.full()),
                ("relationship", &parent.relationship),
                ("address", &home),
                ("pupil lives with", yes(parent.lives_with)),
                ("emergency numbers", &parent.numbers.join(", ")),
            ])
        }
        FamilyFact::Contact(contact) => {
            let ended = contact.ended.map(|day| format!("no longer since {}", day.iso()));
            named(&[
                ("to be called", &ended.unwrap_or_else(|| "yes".to_owned())),
                ("name", format!("{} {}", contact.title, known::family::full(contact)).trim()),
                ("relationship", &contact.relationship),
                ("place in the order", &contact.priority.to_string()),
                ("numbers", &contact.numbers.join(", ")),
                ("e-mail", &contact.email),
                ("address", &home(&contact.home)),
                ("pupil lives with", yes(contact.lives_with)),
                ("parental responsibility", yes(contact.responsible)),
                ("court order flagged", yes(contact.court_order)),
            ])
        }
        FamilyFact::Confidential(kept) => {
            let whose = match kept.of {
                WhoseHome::Pupil => "the pupil’s address",
                WhoseHome::Second => "the second address",
                WhoseHome::Parent(_) => "a parent’s or contact’s address",
            };
            let from = if kept.from.is_empty() { "everybody but the office".to_owned() } else { kept.from.join(", ") };
            vec![(format!("Kept from: {whose}"), if kept.holds { from } else { String::new() })]
        }
        FamilyFact::Order(order) => {
            let to = order.to.map_or_else(|| "until further order".to_owned(), |day| format!("to {}", day.iso()));
            let words = format!("{}, {} {to}, bars {}", order.kind.words(), order.from.iso(), order.bars.join(", "));
            let error = format!("entered in error: {words}");
            named(&[("Order", if order.withdrawn { &error } else { &words }), ("What it says", &order.words)])
        }
        FamilyFact::Move(moving) if moving.withdrawn => named(&[("Future address", ""), ("With", ""), ("From", "")]),
        FamilyFact::Move(moving) => named(&[
            ("Future address", &entry::line(&moving.address)),
            ("With", &moving.parent),
            ("From", &moving.from.map(crate::calendar::Day::iso).unwrap_or_default()),
            ("Told on", &moving.told.iso()),
        ]),
        FamilyFact::Consent(_) | FamilyFact::Unknown { .. } => Vec::new(),
    }
}
