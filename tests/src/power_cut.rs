//! A device whose process is killed while it writes: what the killed process does, and what is looked for after.
//!
//! The process is `src/bin/writer.rs`. It opens a real store on a real disk, marks pupils as fast as it can through
//! the real rules, and prints the names of an act's entries when, and only when, the act was acknowledged.

use muster_core::crypto::stretch::Cost;
use muster_core::founding::Founding;
use muster_core::id::EntryHash;
use muster_core::replica::records::{Records as _, Written};
use muster_core::replica::store::Table;
use muster_core::replica::{Context, Passphrase, Replica};
use muster_core::time::Moment;
use muster_school::areas;
use muster_school::calendar::{self, Day, Session};
use muster_school::facts::documents;
use muster_school::facts::pupil::Identity;
use muster_school::facts::roll_call::{Kind, Statement};
use muster_school::ids::{GroupId, PupilId, Who};
use muster_school::known::Known;
use muster_school::office::{MarkEntry, NewPupil, NewVisit, Office};
use muster_school::roles::DeviceKind;
use muster_storage::RedbStore;
use std::collections::BTreeSet;
use std::path::Path;

const PASSPHRASE: Passphrase<'_> = Passphrase { text: "three kind words", cost: Cost::TEST };
const PUPILS: u16 = 12;
/// Acts of one day, so that no document grows beyond a school's.
const ACTS_A_DAY: u64 = 40;

/// One device with a school of one group, kept in a folder.
#[derive(Debug)]
pub struct Writer {
    replica: Replica<RedbStore>,
    known: Known,
    seat: muster_core::id::SeatId,
    acts: u64,
}

impl Writer {
    /// Founds a school in a folder that holds none.
    pub fn found(folder: &Path) -> Self {
        let mut random = rand::rng();
        let (founding, head, secrets, _cards) = Founding::new(&mut random).unwrap();
        let store = RedbStore::create(folder).unwrap();
        let mut context = Context { now: moment(0), random: &mut random };
        let (rights, rules) = (DeviceKind::Laptop.capabilities(&[]), areas::rules());
        let kept = Some(&PASSPHRASE);
        let founded = Replica::found_with(store, &founding, head, secrets, rights, &rules, kept, &mut context).unwrap();
        let replica = founded.replica;
        let seat = founded.head.seat.seat;
        let mut writer = Self { replica, known: Known::default(), seat, acts: 0 };
        writer.office(|office| {
            office.name_school("Harbour Primary").unwrap();
            let site = office.add_site("HAR", "Harbour", &["Playground"]).unwrap();
            let group = office.add_group(site, "4B", None).unwrap();
            for number in 0..PUPILS {
                office.add_pupil(&pupil(number, site, group)).unwrap();
            }
        });
        writer
    }

    /// Opens the school of a folder again, as after any end of the process before.
    pub fn open(folder: &Path) -> Self {
        let mut replica = Replica::open(RedbStore::open(folder).unwrap(), &areas::rules()).unwrap();
        let mut random = rand::rng();
        let mut context = Context { now: moment(0), random: &mut random };
        let head = replica.founding().head;
        let opened = replica.sign_in_with(head, PASSPHRASE.text, &mut context).unwrap();
        let acts = replica.logs().values().map(muster_core::replica::LogState::length).sum();
        let mut writer = Self { replica, known: Known::default(), seat: opened.seat.seat, acts };
        while writer.replica.work(&mut Context { now: moment(acts), random: &mut random }).unwrap().1 {}
        writer
    }

    fn office<T>(
        &mut self,
        does: impl FnOnce(&mut Office<'_, muster_core::replica::act::Writer<'_, RedbStore>>) -> T,
    ) -> T {
        let mut random = rand::rng();
        self.acts += 1;
        let context = Context { now: moment(self.acts), random: &mut random };
        let mut records = self.replica.writer(self.seat, context).unwrap();
        self.known.refresh(&mut records).unwrap();
        does(&mut Office::new(&mut records, &mut self.known))
    }

    /// One act: a few marks, with their evidence, a visitor, or a word in a roll call. Gives its entries once it is durable.
    pub fn act(&mut self) -> Vec<EntryHash> {
        let number = self.acts;
        let day = calendar::local(moment(number + 1)).day;
        self.office(|office| {
            let site = *office.known().school().sites.keys().next().unwrap();
            let group = *office.known().school().groups.keys().next().unwrap();
            let pupils: Vec<PupilId> = office.known().pupils().map(|pupil| pupil.id).collect();
            if number % 5 < 2 {
                // A roll call goes on meanwhile.
                let known = office.calls(site).unwrap().into_iter().next().map(|(key, _)| key);
                let call = known.unwrap_or_else(|| office.start_call(site, Kind::Real).unwrap());
                let who = Who::Pupil(pupils[usize::try_from(number).unwrap_or(0) % pupils.len()]);
                let says = if number.is_multiple_of(3) { Statement::NotFound } else { Statement::Found };
                return office.sight(call, who, says, "Playground", "").unwrap().0.entries;
            }
            if number % 5 == 2 {
                let visit = NewVisit { name: format!("Visitor {number}"), ..NewVisit::default() };
                let before = names(office, site, day);
                office.visitor_in(site, &visit).unwrap();
                return names(office, site, day).difference(&before).copied().collect();
            }
            let code = ["/", "N", "I", "V"][usize::try_from(number / 5 % 4).unwrap_or(0)];
            let first = usize::try_from(number).unwrap_or(0) % pupils.len();
            let marked = pupils.iter().cycle().skip(first).take(3);
            let entries: Vec<MarkEntry> = marked
                .map(|pupil| MarkEntry { pupil: *pupil, code: code.to_owned(), minutes: None, note: None, among: None })
                .collect();
            let taken = office.take(group, Session::am(day), &entries, false).unwrap();
            taken.written.map_or_else(Vec::new, |Written { entries, .. }| entries)
        })
    }

    /// Every entry that is in a document, as the head reads them.
    pub fn entries(&mut self) -> BTreeSet<EntryHash> {
        let mut random = rand::rng();
        let context = Context { now: moment(self.acts), random: &mut random };
        let mut records = self.replica.writer(self.seat, context).unwrap();
        let mut found = BTreeSet::new();
        for area in [areas::REGISTER, areas::ROLL] {
            for section in records.sections(area) {
                for kind in [documents::REGISTER, documents::ROLL, documents::VISITS, documents::ROLL_CALL] {
                    for document in records.documents(&section, kind).unwrap() {
                        let facts = records.facts(&document).unwrap().expect("a document listed is there");
                        found.extend(facts.iter().map(|held| held.name.entry));
                    }
                }
            }
        }
        found
    }

    /// What the documents say, a line a fact, as far as a school's program of any day must read it the same.
    pub fn in_words(&mut self) -> Vec<String> {
        let mut random = rand::rng();
        let context = Context { now: moment(self.acts), random: &mut random };
        let mut records = self.replica.writer(self.seat, context).unwrap();
        let mut lines = Vec::new();
        for (area, kind) in [
            (areas::SCHOOL, documents::SCHOOL),
            (areas::PUPIL, documents::PUPIL),
            (areas::REGISTER, documents::REGISTER),
            (areas::ROLL, documents::ROLL),
            (areas::ROLL, documents::VISITS),
            (areas::ROLL, documents::ROLL_CALL),
        ] {
            for section in records.sections(area) {
                for document in records.documents(&section, kind).unwrap() {
                    let facts = records.facts(&document).unwrap().expect("a document listed is there");
                    lines.extend(facts.iter().map(|held| {
                        let (of, value) = (held.fact.kind, &held.fact.value);
                        let says = crate::fuzz::facts::in_words(of, value).unwrap_or_else(|| "?".to_owned());
                        format!("{kind} {of} at {} {says}", held.origin.at.utc_ms)
                    }));
                }
            }
        }
        lines
    }

    /// The same as [`Writer::entries`], worked out from the logs anew.
    pub fn entries_anew(&mut self) -> BTreeSet<EntryHash> {
        let sections: BTreeSet<_> = self.replica.logs().values().map(|state| state.descriptor.section).collect();
        for section in sections.iter().filter(|section| section.compartment.area != areas::AUTHORITY) {
            self.replica.rebuild(section).unwrap();
        }
        let mut random = rand::rng();
        while self.replica.work(&mut Context { now: moment(self.acts), random: &mut random }).unwrap().1 {}
        self.entries()
    }

    /// What a check of everything held finds wrong.
    pub fn findings(&self) -> Vec<String> {
        self.replica.verify(&mut |_, _| {}).unwrap().findings
    }

    /// How many rows of entries the store has.
    pub fn rows(&self) -> usize {
        use muster_core::replica::store::Store as _;
        self.replica.store().range(Table::Entries, &[], None, usize::MAX).unwrap().len()
    }
}

fn names<R: muster_core::replica::records::Records>(
    office: &mut Office<'_, R>,
    site: muster_core::id::PlaceId,
    day: Day,
) -> BTreeSet<EntryHash> {
    let facts = office.records().facts(&documents::visits(site, day)).unwrap();
    facts.iter().flat_map(|facts| facts.iter()).map(|held| held.name.entry).collect()
}

/// Nine o'clock of a school day: as many acts a day as [`ACTS_A_DAY`], a second apart.
fn moment(acts: u64) -> Moment {
    let mut day = Day::new(2026, 11, 23).unwrap();
    for _ in 0..acts / ACTS_A_DAY {
        day = day.plus(1);
        while day.is_weekend() {
            day = day.plus(1);
        }
    }
    let start = calendar::moment(day, 9 * 60);
    Moment { utc_ms: start.utc_ms + i64::try_from(acts % ACTS_A_DAY).unwrap_or(0) * 1_000, ..start }
}

fn pupil(number: u16, site: muster_core::id::PlaceId, group: GroupId) -> NewPupil {
    NewPupil {
        identity: Identity {
            admission_no: format!("{number:05}"),
            upn: String::new(),
            surname: format!("Surname{number}"),
            forename: format!("Forename{number}"),
            preferred: format!("Forename{number}"),
            sex: String::new(),
            born: None,
        },
        site,
        group: Some(group),
        year: "4".to_owned(),
        starting: Day::new(2026, 9, 1),
        medical: Vec::new(),
        evacuation: None,
    }
}
