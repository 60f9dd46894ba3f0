//! Staff, pupils and contacts of an import, compared with what is held.

use super::Row;
use super::plan::{PlannedPupil, Step, count};
use super::rows::{ContactRow, PupilRow, StaffRow};
use crate::calendar::{self, Day};
use crate::facts::care::{CareFact, Evacuation, Medical};
use crate::facts::family::{Contact, FamilyFact};
use crate::facts::learning::{LearningFact, Needs};
use crate::facts::person::PersonFact;
use crate::facts::pupil::{Identity, OnRoll, Placing, PupilFact};
use crate::facts::school::SchoolFact;
use crate::facts::{self, Value, documents};
use crate::ids::PupilId;
use crate::known::family::Family;
use crate::known::{About, Pupil, PupilAbout};
use crate::office::{NewPerson, OfficeError};
use muster_core::document::fact::{Fact, FactRef, Facts};
use muster_core::id::{DocumentId, PersonId, PlaceId};
use muster_core::replica::records::Records;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Facts that should stand, each with a number that says what it is about, compared with those that do.
fn differing<V: Value + PartialEq>(
    held: Option<&Facts>,
    wanted: Vec<V>,
    about: impl Fn(&V) -> Option<u32>,
) -> Result<Vec<Fact>, OfficeError> {
    let mut stands: BTreeMap<u32, Vec<(FactRef, V)>> = BTreeMap::new();
    if let Some(held) = held {
        for read in facts::current::<V>(held) {
            if let Some(key) = about(&read.value) {
                stands.entry(key).or_default().push((read.held.name, read.value));
            }
        }
    }
    let mut found = Vec::new();
    for fact in wanted {
        let same = about(&fact).and_then(|key| stands.get(&key));
        if same.is_some_and(|held| held.iter().any(|(_, value)| *value == fact)) {
            continue;
        }
        // What holds anyway needs no fact that says so, unless an earlier one said otherwise.
        if same.is_none() && says_nothing(&fact) {
            continue;
        }
        let replaces = same.map_or_else(Vec::new, |held| held.iter().map(|(name, _)| *name).collect());
        found.push(fact.replacing(replaces)?);
    }
    Ok(found)
}

impl<R: Records> Step<'_, R> {
    fn put(&mut self, document: DocumentId, facts: Vec<Fact>) {
        if !facts.is_empty() {
            self.plan.people.entry(document).or_default().extend(facts);
        }
    }

    pub(super) fn staff(&mut self, rows: Vec<Row<StaffRow>>) -> Result<(), OfficeError> {
        for row in rows {
            let StaffRow { code, title, forename, surname, job, role, sites: codes, email } = row.value;
            let mut sites = Vec::new();
            let mut unknown = None;
            for code in codes {
                match self.plan.sites.get(&code) {
                    Some(site) => sites.push(*site),
                    None => unknown = Some(code),
                }
            }
            if let Some(code) = unknown {
                self.rejects.add("staff.csv", row.line, &row.raw, no_site(&code));
                continue;
            }
            let held = self.plan.staff.get(&code).copied();
            let id = match held {
                Some(id) => id,
                None => PersonId(self.random_id()),
            };
            self.plan.staff.insert(code.clone(), id);
            let new = NewPerson { staff_code: code, title, forename, surname, job, role, sites, email };
            let initial: String = new.forename.chars().take(1).collect();
            self.plan.staff_names.insert(id, format!("{initial}. {}", new.surname));
            let (directory, post) = new.facts(id);
            let document = documents::person(id);
            let facts = self.records.facts(&document)?;
            let posts = differing(facts.as_deref(), vec![PersonFact::from(post)], |_| Some(0))?;
            let same = self.known.school().staff.get(&id) == Some(&directory);
            if same && posts.is_empty() {
                self.report.staff.same += 1;
                continue;
            }
            count(&mut self.report.staff, held.is_some());
            if !same {
                let replaces = self.known.school().replaced_by(About::Staff(id));
                self.plan.school.push(SchoolFact::from(directory).replacing(replaces)?);
            }
            self.put(document, posts);
        }
        Ok(())
    }

    pub(super) fn pupils(&mut self, rows: Vec<Row<PupilRow>>) -> Result<(), OfficeError> {
        let held: BTreeMap<String, Arc<Pupil>> =
            self.known.pupils().map(|pupil| (pupil.identity.admission_no.clone(), Arc::clone(pupil))).collect();
        for (number, pupil) in &held {
            self.plan.pupils.insert(
                number.clone(),
                PlannedPupil {
                    id: pupil.id,
                    site: pupil.site,
                    placings: pupil.placings.iter().map(|placing| (placing.from, placing.group)).collect(),
                    starting: pupil.on_roll.starting,
                    last: pupil.on_roll.last,
                },
            );
        }
        let mut numbers: BTreeMap<String, String> = held
            .values()
            .filter(|pupil| !pupil.identity.upn.is_empty())
            .map(|pupil| (pupil.identity.upn.clone(), pupil.identity.admission_no.clone()))
            .collect();
        for row in rows {
            let Some(site) = self.plan.sites.get(&row.value.site).copied() else {
                self.rejects.add("pupils.csv", row.line, &row.raw, no_site(&row.value.site));
                continue;
            };
            if !row.value.upn.is_empty() {
                let owner = numbers.entry(row.value.upn.clone()).or_insert_with(|| row.value.admission_no.clone());
                if *owner != row.value.admission_no {
                    let reason = format!("another pupil, admission number {owner}, has this UPN: one of them is wrong");
                    self.rejects.add("pupils.csv", row.line, &row.raw, reason);
                    continue;
                }
            }
            let known = held.get(&row.value.admission_no).cloned();
            self.pupil(row.value, site, known.as_deref())?;
        }
        Ok(())
    }

    fn pupil(&mut self, row: PupilRow, site: PlaceId, held: Option<&Pupil>) -> Result<(), OfficeError> {
        let today = calendar::local(self.records.now()).day;
        let group = if row.group.is_empty() { None } else { Some(self.group(site, &row.group, false)?) };
        // What the row says is written where the documents are; they go to its site once all of it is in.
        if let Some(held) = held.filter(|held| held.site != site) {
            self.plan.moves.push((held.id, site));
        }
        let site = held.map_or(site, |pupil| pupil.site);
        let id = match held {
            Some(pupil) => pupil.id,
            None => PupilId(self.random_id()),
        };
        let identity = Identity {
            admission_no: row.admission_no.clone(),
            upn: row.upn,
            surname: row.surname,
            forename: row.forename,
            preferred: row.preferred,
            sex: row.sex,
            born: row.born,
        };
        let mut wanted = Vec::new();
        let mut placings: Vec<(Day, _)> =
            held.map_or_else(Vec::new, |pupil| pupil.placings.iter().map(|one| (one.from, one.group)).collect());
        let replaces = |about| held.map_or_else(Vec::new, |pupil| pupil.replaced_by(about));
        if held.is_none_or(|pupil| pupil.identity != identity) {
            wanted.push(PupilFact::from(identity).replacing(replaces(PupilAbout::Identity))?);
        }
        let last = held.and_then(|pupil| pupil.on_roll.last);
        let on_roll = OnRoll { starting: row.starting, last };
        if held.is_none_or(|pupil| pupil.on_roll != on_roll) {
            wanted.push(PupilFact::from(on_roll).replacing(replaces(PupilAbout::OnRoll))?);
        }
        if held.is_none_or(|pupil| pupil.group_on(today) != group || pupil.year_on(today) != row.year) {
            let from = if held.is_some() { today } else { row.starting.unwrap_or(today) };
            let placing = Placing { group, year: row.year, from };
            wanted.push(PupilFact::from(placing).replacing(replaces(PupilAbout::Placing(from)))?);
            placings.retain(|(at, _)| *at != from);
            placings.push((from, group));
            placings.sort_by_key(|(from, _)| *from);
        }
        let mut changed = !wanted.is_empty();
        self.put(documents::pupil(site, id), wanted);

        let (condition, action) = row.medical;
        let mut care = Vec::new();
        let instruction = if row.needs_help { action.clone() } else { String::new() };
        care.push(CareFact::from(Evacuation { needs_help: row.needs_help, instruction }));
        if !condition.is_empty() || !action.is_empty() {
            care.push(CareFact::from(Medical { condition, action }));
        }
        changed |= self.compare(documents::care(site, id), care, |fact| match fact {
            CareFact::Medical(_) => Some(0),
            CareFact::Evacuation(_) => Some(1),
            CareFact::FireNote(_) | CareFact::Unknown { .. } => None,
        })?;
        let family: Vec<FamilyFact> = row
            .address
            .map(FamilyFact::from)
            .into_iter()
            .chain(row.consents.into_iter().map(FamilyFact::from))
            .collect();
        changed |= self.compare(documents::family(site, id), family, about_family)?;
        let (provision, need) = row.sen;
        if !provision.is_empty() || !need.is_empty() {
            let needs = vec![LearningFact::from(Needs { provision, need })];
            changed |= self.compare(documents::learning(site, id, today), needs, |_| Some(0))?;
        }
        match (held, changed) {
            (Some(_), false) => self.report.pupils.same += 1,
            (held, _) => count(&mut self.report.pupils, held.is_some()),
        }
        let planned = PlannedPupil { id, site, placings, starting: row.starting, last };
        self.plan.pupils.insert(row.admission_no, planned);
        Ok(())
    }

    fn compare<V: Value + PartialEq>(
        &mut self,
        document: DocumentId,
        wanted: Vec<V>,
        about: impl Fn(&V) -> Option<u32>,
    ) -> Result<bool, OfficeError> {
        let held = self.records.facts(&document)?;
        let facts = differing(held.as_deref(), wanted, about)?;
        let changed = !facts.is_empty();
        self.put(document, facts);
        Ok(changed)
    }

    pub(super) fn contacts(&mut self, rows: Vec<Row<ContactRow>>) -> Result<(), OfficeError> {
        let mut by_pupil: BTreeMap<String, Vec<Row<ContactRow>>> = BTreeMap::new();
        for row in rows {
            if self.plan.pupils.contains_key(&row.value.admission_no) {
                by_pupil.entry(row.value.admission_no.clone()).or_default().push(row);
            } else {
                self.rejects.add("contacts.csv", row.line, &row.raw, no_pupil(&row.value.admission_no));
            }
        }
        for (number, rows) in by_pupil {
            let Some(pupil) = self.plan.pupils.get(&number) else { continue };
            let document = documents::family(pupil.site, pupil.id);
            let held = self.records.facts(&document)?;
            let mut facts = Vec::new();
            let known = held.as_deref().map(Family::from_facts).unwrap_or_default();
            for row in rows {
                let wanted = vec![FamilyFact::from(beside(&known, row.value.contact))];
                let fact = differing(held.as_deref(), wanted, about_family)?;
                match fact.first().map(|fact| fact.supersedes.is_empty()) {
                    None => self.report.contacts.same += 1,
                    Some(new) => count(&mut self.report.contacts, !new),
                }
                facts.extend(fact);
            }
            self.put(document, facts);
        }
        Ok(())
    }
}

/// A contact as an export has it, beside what was entered of them here and no export says.
fn beside(known: &Family, listed: Contact) -> Contact {
    let Some(held) = known.contacts.iter().chain(&known.former).find(|held| held.id == listed.id) else {
        return listed;
    };
    // The order to ring in, the further numbers and who lives where are the office's.
    let further = held.numbers.iter().skip(listed.numbers.len()).filter(|number| !listed.numbers.contains(number));
    let numbers = listed.numbers.iter().chain(further).cloned().collect();
    Contact {
        numbers,
        priority: held.priority,
        home: held.home.clone(),
        lives_with: held.lives_with,
        ended: held.ended,
        ..listed
    }
}

/// An evacuation plan of no help, which is what holds anyway.
fn says_nothing<V: Value>(fact: &V) -> bool {
    let none = CareFact::from(Evacuation { needs_help: false, instruction: String::new() });
    fact.kind() == none.kind() && fact.encode().ok() == none.encode().ok()
}

fn about_family(fact: &FamilyFact) -> Option<u32> {
    match fact {
        FamilyFact::Address(_) => Some(0),
        // One that was entered here is in no export, whatever its place in the order.
        FamilyFact::Contact(contact) => contact.place_elsewhere().map(|place| 1_000 + u32::from(place)),
        FamilyFact::Consent(consent) => Some(if consent.what == "Photograph" { 1 } else { 2 }),
        // Entered here, and in no export.
        FamilyFact::Parent(_)
        | FamilyFact::SecondAddress(_)
        | FamilyFact::Confidential(_)
        | FamilyFact::Order(_)
        | FamilyFact::Move(_)
        | FamilyFact::Unknown { .. } => None,
    }
}

pub(super) fn no_site(code: &str) -> String {
    format!("there is no site \"{code}\": add it to sites.csv, or mend the code")
}

pub(super) fn no_pupil(number: &str) -> String {
    format!("no pupil has admission number \"{number}\": add them to pupils.csv, or mend the number")
}
