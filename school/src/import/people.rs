//! Staff, pupils and contacts of an import, compared with what is held.

use super::Row;
use super::hands::Moves;
use super::plan::{PlannedPupil, Step, count};
use super::rows::{ContactRow, PupilRow, StaffRow};
use crate::admission::starting;
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
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What of a row is to be written, and whether that would replace what somebody entered here.
#[derive(Default)]
struct Differing {
    facts: Vec<Fact>,
    over_staff: bool,
}

/// Facts that should stand, each with a number that says what it is about, compared with those that do; `entered` are
/// those that people entered here.
fn differing<V: Value + PartialEq>(
    held: Option<&Facts>,
    entered: &BTreeSet<FactRef>,
    wanted: Vec<V>,
    about: impl Fn(&V) -> Option<u32>,
) -> Result<Differing, OfficeError> {
    let mut stands: BTreeMap<u32, Vec<(FactRef, V)>> = BTreeMap::new();
    if let Some(held) = held {
        for read in facts::current::<V>(held) {
            if let Some(key) = about(&read.value) {
                stands.entry(key).or_default().push((read.held.name, read.value));
            }
        }
    }
    let mut found = Differing::default();
    for fact in wanted {
        let same = about(&fact).and_then(|key| stands.get(&key));
        if same.is_some_and(|held| held.iter().any(|(.., value)| *value == fact)) {
            continue;
        }
        // What holds anyway needs no fact that says so, unless an earlier one said otherwise.
        if same.is_none() && says_nothing(&fact) {
            continue;
        }
        found.over_staff |= same.is_some_and(|held| held.iter().any(|(name, _)| entered.contains(name)));
        let replaces = same.map_or_else(Vec::new, |held| held.iter().map(|(name, ..)| *name).collect());
        found.facts.push(fact.replacing(replaces)?);
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
            let posts = differing(facts.as_deref(), &BTreeSet::new(), vec![PersonFact::from(post)], |_| Some(0))?.facts;
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
        let today = calendar::local(self.records.now()).day;
        // Of a pupil who left and came back the newest entry is the one.
        let mut entries: Vec<&Arc<Pupil>> = self.known.pupils().collect();
        entries.sort_by_key(|pupil| (pupil.on_roll.starting, pupil.id));
        let held: BTreeMap<String, Arc<Pupil>> =
            entries.into_iter().map(|pupil| (pupil.identity.admission_no.clone(), Arc::clone(pupil))).collect();
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
            .filter(|pupil| !pupil.identity.upn.is_empty() && pupil.on_roll.last.is_none_or(|last| today <= last))
            .map(|pupil| (pupil.identity.upn.clone(), pupil.identity.admission_no.clone()))
            .collect();
        for row in rows {
            let Some(site) = self.plan.sites.get(&row.value.site).copied() else {
                self.rejects.add("pupils.csv", row.line, &row.raw, no_site(&row.value.site));
                continue;
            };
            // The number of somebody who has left is free for whoever came back under another admission number.
            let is_here = row.value.leaving.is_none_or(|leaving| today <= leaving);
            if !row.value.upn.is_empty() && is_here {
                let owner = numbers.entry(row.value.upn.clone()).or_insert_with(|| row.value.admission_no.clone());
                if *owner != row.value.admission_no {
                    let reason = format!("another pupil, admission number {owner}, has this UPN: one of them is wrong");
                    self.rejects.add("pupils.csv", row.line, &row.raw, reason);
                    continue;
                }
            }
            let known = held.get(&row.value.admission_no).cloned();
            if let Some(reason) = self.pupil(row.value, site, known.as_deref())? {
                self.rejects.add("pupils.csv", row.line, &row.raw, reason);
            }
        }
        Ok(())
    }

    /// Plans what a row says of a pupil, or gives why nothing of it goes in. An empty cell changes nothing.
    fn pupil(&mut self, row: PupilRow, at: PlaceId, held: Option<&Pupil>) -> Result<Option<String>, OfficeError> {
        let today = calendar::local(self.records.now()).day;
        if let Some(reason) = self.not_over(&row, held, today)? {
            return Ok(Some(reason));
        }
        let mut entered: Vec<&str> = Vec::new();
        let site = held.map_or(at, |pupil| pupil.site);
        let moves = Moves::of(self.records, held)?;
        if at != site && self.moved_by_staff(held)? {
            entered.push("site");
        }
        let id = match held {
            Some(pupil) => pupil.id,
            None => PupilId(self.random_id()),
        };
        let document = documents::pupil(site, id);
        let replaces = |about| held.map_or_else(Vec::new, |pupil| pupil.replaced_by(about));
        let here = moves.entered(self.records, &self.known.school().imports, &document)?;
        let by_staff = |names: &[FactRef]| names.iter().any(|name| here.contains(name));
        let mut wanted = Vec::new();
        let identity = identity(&row, held.map(|pupil| &pupil.identity));
        if held.is_none_or(|pupil| pupil.identity != identity) {
            let names = replaces(PupilAbout::Identity);
            entered.extend(by_staff(&names).then_some("names and numbers"));
            wanted.push(PupilFact::from(identity).replacing(names)?);
        }
        let last = held.map_or(row.leaving, |pupil| pupil.on_roll.last);
        let starting = row.starting.or(held.and_then(|pupil| pupil.on_roll.starting));
        let on_roll = OnRoll { starting, last };
        if held.is_none_or(|pupil| pupil.on_roll != on_roll) {
            let names = replaces(PupilAbout::OnRoll);
            entered.extend(by_staff(&names).then_some("starting day"));
            wanted.push(PupilFact::from(on_roll).replacing(names)?);
        }
        let listed = self.plan.groups.get(&(at, row.group.clone())).copied();
        let other_group = !row.group.is_empty() && held.is_some_and(|held| held.group_on(today) != listed);
        let other_year = !row.year.is_empty() && held.is_some_and(|held| held.year_on(today) != row.year);
        let chosen_here = held.and_then(|held| held.placing_on(today)).map(|placing| placing.from);
        if (other_group || other_year) && chosen_here.is_some_and(|from| by_staff(&replaces(PupilAbout::Placing(from))))
        {
            entered.push("class and year");
        }

        let (condition, action) = row.medical;
        let mut care = Vec::new();
        if let Some(needs_help) = row.needs_help {
            let instruction = if needs_help { action.clone() } else { String::new() };
            care.push(CareFact::from(Evacuation { needs_help, instruction }));
        }
        if !condition.is_empty() || !action.is_empty() {
            care.push(CareFact::from(Medical { condition, action }));
        }
        let care = self.compare(&moves, documents::care(site, id), care, |fact| match fact {
            CareFact::Medical(_) => Some(0),
            CareFact::Evacuation(_) => Some(1),
            CareFact::FireNote(_) | CareFact::Unknown { .. } => None,
        })?;
        entered.extend(care.1.over_staff.then_some("care"));
        let consents = row.consents.into_iter().map(FamilyFact::from);
        let family: Vec<FamilyFact> = row.address.map(FamilyFact::from).into_iter().chain(consents).collect();
        let family = self.compare(&moves, documents::family(site, id), family, about_family)?;
        entered.extend(family.1.over_staff.then_some("address or consent"));
        let (provision, need) = row.sen;
        let needs = (!provision.is_empty() || !need.is_empty()).then_some(Needs { provision, need });
        let needs = needs.into_iter().map(LearningFact::from).collect();
        let learning = self.compare(&moves, documents::learning(site, id, today), needs, |_| Some(0))?;
        entered.extend(learning.1.over_staff.then_some("special needs"));
        if !entered.is_empty() {
            return Ok(Some(format!(
                "staff entered something else here ({}): amend it here with the reason, or mend the row or leave it out",
                entered.join(", ")
            )));
        }

        // What the row says is written where the documents are; they go to its site once all of it is in.
        if let Some(held) = held.filter(|_| at != site) {
            self.plan.moves.push((held.id, at));
        }
        let mut placings: Vec<(Day, _)> =
            held.map_or_else(Vec::new, |pupil| pupil.placings.iter().map(|one| (one.from, one.group)).collect());
        if held.is_none() || other_group || other_year {
            let group = match held {
                _ if !row.group.is_empty() => Some(self.group(at, &row.group, false)?),
                held => held.and_then(|held| held.group_on(today)),
            };
            let year = if row.year.is_empty() { held.map_or("", |held| held.year_on(today)) } else { &row.year };
            let from = if held.is_some() { today } else { row.starting.unwrap_or(today) };
            let placing = Placing { group, year: year.to_owned(), from };
            wanted.push(PupilFact::from(placing).replacing(replaces(PupilAbout::Placing(from)))?);
            placings.retain(|(at, _)| *at != from);
            placings.push((from, group));
            placings.sort_by_key(|(from, _)| *from);
        }
        let mut changed = false;
        for (document, facts) in [(document, wanted), (care.0, care.1.facts), (family.0, family.1.facts)]
            .into_iter()
            .chain([(learning.0, learning.1.facts)])
        {
            changed |= !facts.is_empty();
            self.put(document, facts);
        }
        match (held, changed) {
            (Some(_), false) => self.report.pupils.same += 1,
            (held, _) => count(&mut self.report.pupils, held.is_some()),
        }
        self.plan.pupils.insert(row.admission_no, PlannedPupil { id, site, placings, starting, last });
        Ok(None)
    }

    /// Why a row's starting day or day of leaving cannot be: no import takes a name off that stands.
    fn not_over(&mut self, row: &PupilRow, held: Option<&Pupil>, today: Day) -> Result<Option<String>, OfficeError> {
        if let Some(leaving) = row.leaving {
            match held {
                None if leaving < today => {}
                Some(held) if held.on_roll.last == Some(leaving) => {}
                Some(held) if held.on_roll.last.is_some() => {
                    return Ok(Some("this pupil left on another day, as it is entered here: mend the row".to_owned()));
                }
                _ => {
                    return Ok(Some(
                        "this name stands on the register, and leaves it on a ground only: leave the day of leaving out, \
                         and delete the name here on its ground"
                            .to_owned(),
                    ));
                }
            }
        }
        let Some((held, to)) = held.zip(row.starting).filter(|(held, to)| held.on_roll.starting != Some(*to)) else {
            return Ok(None);
        };
        let allowed = starting::check(self.records, self.known, held, to, today)?;
        Ok(allowed.err().map(|why| why.to_string()))
    }

    /// Whether somebody here moved a pupil to their site, and no import.
    fn moved_by_staff(&mut self, pupil: Option<&Pupil>) -> Result<bool, OfficeError> {
        let Some((pupil, (_, arrival))) = pupil.and_then(|pupil| Some((pupil, pupil.arrived?))) else {
            return Ok(false);
        };
        let held = self.records.facts(&documents::pupil(pupil.site, pupil.id))?;
        let act = held.as_deref().and_then(|held| held.get(&arrival)).map(|one| one.origin.act);
        Ok(act.is_some_and(|act| !self.known.school().imports.contains(&act)))
    }

    fn compare<V: Value + PartialEq>(
        &mut self,
        moves: &Moves,
        document: DocumentId,
        wanted: Vec<V>,
        about: impl Fn(&V) -> Option<u32>,
    ) -> Result<(DocumentId, Differing), OfficeError> {
        let held = self.records.facts(&document)?;
        let entered = moves.entered(self.records, &self.known.school().imports, &document)?;
        let found = differing(held.as_deref(), &entered, wanted, about)?;
        Ok((document, found))
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
            let moves = Moves::of(self.records, self.known.pupil(pupil.id).map(Arc::as_ref))?;
            let entered = moves.entered(self.records, &self.known.school().imports, &document)?;
            for row in rows {
                let wanted = vec![FamilyFact::from(beside(&known, row.value.contact))];
                let Differing { facts: fact, over_staff } = differing(held.as_deref(), &entered, wanted, about_family)?;
                if over_staff {
                    let reason = "staff changed this contact here: amend it here, or mend the row or leave it out";
                    self.rejects.add("contacts.csv", row.line, &row.raw, reason);
                    continue;
                }
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

/// Who a row says that a pupil is: what it leaves empty stays as it is.
fn identity(row: &PupilRow, held: Option<&Identity>) -> Identity {
    let or = |text: &str, pick: fn(&Identity) -> &String| match text {
        "" => held.map(pick).cloned().unwrap_or_default(),
        text => text.to_owned(),
    };
    let forename = or(&row.forename, |held| &held.forename);
    let known_as = held.filter(|held| held.preferred != held.forename).map(|held| held.preferred.clone());
    Identity {
        admission_no: row.admission_no.clone(),
        upn: or(&row.upn, |held| &held.upn),
        surname: row.surname.clone(),
        preferred: match row.preferred.as_str() {
            "" => known_as.unwrap_or_else(|| forename.clone()),
            preferred => preferred.to_owned(),
        },
        forename,
        sex: or(&row.sex, |held| &held.sex),
        born: row.born.or(held.and_then(|held| held.born)),
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
