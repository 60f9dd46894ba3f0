//! Stories of a small school, told by what its screens say.

mod admission;
mod audit;
mod calendar;
mod call_words;
mod calls;
mod code_rules;
mod concerns;
mod continuity;
mod drills;
mod duties;
mod extract;
mod facts;
mod family_forms;
mod figures;
mod fire;
mod hours;
mod import;
mod joined_calls;
mod movements;
mod moves;
mod nights;
mod other_days;
mod published;
mod pupils;
mod reception;
mod registers;
mod rights;
mod settling;
mod sizes;

use crate::calendar::{Day, Session};
use crate::facts::care::Evacuation;
use crate::facts::pupil::Identity;
use crate::ids::{GroupId, PupilId};
use crate::known::Known;
use crate::office::{MarkEntry, NewPerson, NewPupil, Office};
use crate::roles::Role;
use crate::testing::MemoryRecords;
use muster_core::document::fact::FactRef;
use muster_core::id::{PersonId, PlaceId};
use muster_core::replica::records::Records as _;

pub(crate) const HELEN: PersonId = PersonId([0xA1; 16]);
pub(crate) const TOM: PersonId = PersonId([0xA2; 16]);

/// A device and what it knows.
pub(crate) struct Desk {
    pub(crate) records: MemoryRecords,
    pub(crate) known: Known,
}

impl Desk {
    pub(crate) fn office(&mut self) -> Office<'_, MemoryRecords> {
        Office::new(&mut self.records, &mut self.known)
    }

    /// Another device that holds the same, with somebody signed in.
    pub(crate) fn another(&self, seed: u8, person: Option<PersonId>) -> Self {
        let mut records = MemoryRecords::new(seed);
        records.merge_from(&self.records);
        records.set_now(self.records.now());
        if let Some(person) = person {
            records.sign_in(person);
        }
        let mut known = Known::default();
        known.refresh(&mut records).unwrap();
        Self { records, known }
    }

    pub(crate) fn hear(&mut self, other: &Self) {
        self.records.merge_from(&other.records);
        self.known.refresh(&mut self.records).unwrap();
    }

    pub(crate) fn at(&mut self, minute: u16) -> &mut Self {
        self.records.set_clock(monday(), minute);
        self
    }
}

/// A school with one site, two groups, three members of staff.
pub(crate) struct Small {
    pub(crate) desk: Desk,
    pub(crate) site: PlaceId,
    pub(crate) beech: GroupId,
    pub(crate) rowan: GroupId,
    /// Of Beech: Ada Byrne, Leila Hassan, Kuba Jankowski, Arun Patel (Year 10), Arun Patel (Year 11).
    pub(crate) pupils: Vec<PupilId>,
    /// Of Rowan: Tyler Green, who needs help to leave.
    pub(crate) tyler: PupilId,
}

pub(crate) fn monday() -> Day {
    Day::parse("2026-11-23").unwrap()
}

pub(crate) fn morning() -> Session {
    Session::am(monday())
}

pub(crate) fn afternoon() -> Session {
    Session::pm(monday())
}

pub(crate) fn clock(hour: u16, minute: u16) -> u16 {
    hour * 60 + minute
}

pub(crate) fn entry(pupil: PupilId, code: &str) -> MarkEntry {
    MarkEntry { pupil, code: code.to_owned(), minutes: None, note: None, among: None }
}

pub(crate) fn late(pupil: PupilId, minutes: u16) -> MarkEntry {
    MarkEntry { pupil, code: "L".to_owned(), minutes: Some(minutes), note: None, among: None }
}

/// The names of the marks that stand for a pupil: what a screen shows.
pub(crate) fn shown_to(desk: &mut Desk, pupil: PupilId, session: Session) -> Vec<FactRef> {
    let standing = desk.office().board(session).unwrap().current(pupil, session).standing;
    standing.iter().map(|version| version.name).collect()
}

fn person(forename: &str, surname: &str, sites: Vec<PlaceId>) -> NewPerson {
    NewPerson {
        staff_code: String::new(),
        title: String::new(),
        forename: forename.to_owned(),
        surname: surname.to_owned(),
        job: "Teacher".to_owned(),
        role: Role::CoreStaff,
        sites,
        email: String::new(),
    }
}

pub(crate) fn small() -> Small {
    let mut records = MemoryRecords::new(1);
    records.sign_in(HELEN);
    let mut desk = Desk { records, known: Known::default() };
    desk.at(clock(8, 30));
    let device = desk.records.device();
    let mut office = desk.office();
    office.name_school("Alder Fen School").unwrap();
    let site = office.add_site("S1", "Harbour", &["Front car park", "Playing field gate"]).unwrap();
    office.add_person(Some(HELEN), &person("Helen", "Marsh", vec![site])).unwrap();
    office.add_person(Some(TOM), &person("Tom", "Okafor", vec![site])).unwrap();
    office.name_device(device, "Office laptop", Some(site)).unwrap();
    let beech = office.add_group(site, "Beech", Some(HELEN)).unwrap();
    let rowan = office.add_group(site, "Rowan", Some(TOM)).unwrap();
    let mut add = |forename: &str, surname: &str, group, year: &str, help: Option<&str>| {
        let identity = Identity {
            admission_no: format!("{forename}{surname}{year}"),
            upn: String::new(),
            surname: surname.to_owned(),
            forename: forename.to_owned(),
            preferred: forename.to_owned(),
            sex: String::new(),
            born: None,
        };
        office
            .add_pupil(&NewPupil {
                identity,
                site,
                group: Some(group),
                year: year.to_owned(),
                starting: Day::parse("2026-09-01").ok(),
                medical: Vec::new(),
                evacuation: help.map(|line| Evacuation { needs_help: true, instruction: line.to_owned() }),
            })
            .unwrap()
    };
    let pupils = vec![
        add("Ada", "Byrne", beech, "10", None),
        add("Leila", "Hassan", beech, "10", None),
        add("Kuba", "Jankowski", beech, "11", None),
        add("Arun", "Patel", beech, "10", None),
        add("Arun", "Patel", beech, "11", None),
    ];
    let tyler = add("Tyler", "Green", rowan, "7", Some("Evac chair, two adults"));
    desk.office().write_expected(site).unwrap();
    Small { desk, site, beech, rowan, pupils, tyler }
}
