//! What an import writes: compared with what is held, then in acts of bounded size.

use super::{Count, ImportReport, Options, Parsed, Rejects};
use crate::codes::CodeInfo;
use crate::facts::fire::SitePlaces;
use crate::facts::school::{ByImport, Group, SchoolFact, Site};
use crate::facts::{self, documents};
use crate::facts::{FactError, Value};
use crate::ids::{GroupId, PupilId};
use crate::known::{About, Known};
use crate::limits::{GROUPS_MEETING, IMPORT_CHANGES_PER_ACT};
use crate::office::{Office, OfficeError, code_facts, in_pieces};
use muster_core::document::fact::Fact;
use muster_core::id::{DocumentId, PersonId, PlaceId};
use muster_core::replica::records::{Change, Records};
use std::collections::BTreeMap;

/// What will be written, gathered by document. Documents of one step are written before those of the next, so that
/// a stop in the middle leaves nothing that points at what is not there, and a second run goes on from there.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) school: Vec<Fact>,
    pub(super) people: BTreeMap<DocumentId, Vec<Fact>>,
    pub(super) registers: BTreeMap<DocumentId, Vec<Fact>>,
    pub(super) sites: BTreeMap<String, PlaceId>,
    pub(super) groups: BTreeMap<(PlaceId, String), GroupId>,
    pub(super) staff: BTreeMap<String, PersonId>,
    pub(super) staff_names: BTreeMap<PersonId, String>,
    pub(super) pupils: BTreeMap<String, PlannedPupil>,
    /// Pupils whose documents are at another site than their row says: moved once everything else is in.
    pub(super) moves: Vec<(PupilId, PlaceId)>,
}

/// A pupil as the rest of the import needs them.
pub(super) struct PlannedPupil {
    pub(super) id: PupilId,
    pub(super) site: PlaceId,
    /// Group from a day, earliest first.
    pub(super) placings: Vec<(crate::calendar::Day, Option<GroupId>)>,
    pub(super) starting: Option<crate::calendar::Day>,
    pub(super) last: Option<crate::calendar::Day>,
}

impl PlannedPupil {
    pub(super) fn group_on(&self, day: crate::calendar::Day) -> Option<GroupId> {
        let held = self.placings.iter().rfind(|(from, _)| *from <= day).or_else(|| self.placings.first());
        held.and_then(|(_, group)| *group)
    }
}

/// Everything a step of planning needs.
pub(super) struct Step<'a, R: Records> {
    pub(super) records: &'a mut R,
    pub(super) known: &'a mut Known,
    pub(super) plan: Plan,
    pub(super) rejects: Rejects,
    pub(super) report: ImportReport,
}

impl<R: Records> Step<'_, R> {
    pub(super) fn random_id(&mut self) -> [u8; 16] {
        let mut id = [0; 16];
        self.records.random(&mut id);
        id
    }

    /// The group of a name at a site, made if there is none.
    pub(super) fn group(&mut self, site: PlaceId, name: &str, for_import: bool) -> Result<GroupId, FactError> {
        if let Some(held) = self.plan.groups.get(&(site, name.to_owned())) {
            return Ok(*held);
        }
        let id = GroupId(self.random_id());
        let group = Group { id, site, name: name.to_owned(), for_import };
        self.plan.school.push(SchoolFact::from(group).fact()?);
        self.plan.groups.insert((site, name.to_owned()), id);
        Ok(id)
    }
}

/// Compares what was read with what is held, and writes the difference.
///
/// # Errors
/// When the records cannot be read or written. What earlier acts of the import wrote stays, and importing again
/// goes on from there.
pub fn apply(
    records: &mut impl Records,
    known: &mut Known,
    parsed: Parsed,
    options: Options,
) -> Result<ImportReport, OfficeError> {
    known.refresh(records)?;
    let report = ImportReport { warnings: parsed.warnings, ..ImportReport::default() };
    let mut step = Step { records, known, plan: Plan::default(), rejects: parsed.rejects, report };
    for group in step.known.school().groups.values() {
        step.plan.groups.insert((group.site, group.name.clone()), group.id);
    }
    for (id, staff) in &step.known.school().staff {
        if !staff.staff_code.is_empty() {
            step.plan.staff.insert(staff.staff_code.clone(), *id);
        }
    }
    step.codes(parsed.own_codes)?;
    let places = parsed.sites.clone();
    step.sites(parsed.sites)?;
    step.staff(parsed.staff)?;
    step.pupils(parsed.pupils)?;
    step.places(places)?;
    step.contacts(parsed.contacts)?;
    step.marks(parsed.marks)?;
    step.visits(parsed.visits)?;
    let Step { records, known, plan, mut rejects, mut report, .. } = step;
    rejects.list.sort();
    rejects.files.retain(|_, file| !file.rows.is_empty());
    report.rejects = rejects.list;
    report.rejected = rejects.files;
    if options.strict && !report.rejects.is_empty() {
        report.refused = true;
        (report.sites, report.staff, report.pupils) = (Count::default(), Count::default(), Count::default());
        (report.contacts, report.marks, report.visits) = (Count::default(), Count::default(), Count::default());
        return Ok(report);
    }
    let moves = plan.moves.clone();
    write(records, plan, &mut report)?;
    known.refresh(records)?;
    let today = crate::calendar::local(records.now()).day;
    for (pupil, to) in moves {
        // A row that names no class leaves the one of the site they come from, and has none there yet.
        let there = |group: &GroupId| known.school().groups.get(group).is_some_and(|group| group.site == to);
        let group = known.pupil(pupil).and_then(|held| held.group_on(today)).filter(there);
        let written = Office::new(records, known).move_with(pupil, to, group, today, vec![of_import(Vec::new())?])?;
        report.acts += 1;
        report.entries += u32::try_from(written.entries.len()).unwrap_or(u32::MAX);
    }
    Ok(report)
}

fn write(records: &mut impl Records, plan: Plan, report: &mut ImportReport) -> Result<(), OfficeError> {
    let school = BTreeMap::from([(documents::school(), plan.school)]);
    for step in [school, plan.people, plan.registers] {
        let mut act: Vec<Change> = Vec::new();
        for (document, facts) in step {
            act.extend(in_pieces(&document, facts));
            if act.len() >= IMPORT_CHANGES_PER_ACT {
                send(records, &mut act, report)?;
            }
        }
        send(records, &mut act, report)?;
    }
    Ok(())
}

/// Each act says of itself that it is an import's: what a person entered is told apart by that, and stays.
fn send(records: &mut impl Records, act: &mut Vec<Change>, report: &mut ImportReport) -> Result<(), OfficeError> {
    while !act.is_empty() {
        let rest = act.split_off(act.len().min(IMPORT_CHANGES_PER_ACT));
        let mut changes = std::mem::replace(act, rest);
        match changes.iter_mut().find(|change| change.document == documents::school()) {
            Some(school) => *school = of_import(std::mem::take(&mut school.facts))?,
            None => changes.push(of_import(Vec::new())?),
        }
        let written = records.write(changes)?;
        report.acts += 1;
        report.entries += u32::try_from(written.entries.len()).unwrap_or(u32::MAX);
    }
    Ok(())
}

/// What an act says of the school, with that it is an import's.
fn of_import(mut facts: Vec<Fact>) -> Result<Change, FactError> {
    facts.push(SchoolFact::from(ByImport {}).fact()?);
    Ok(Change { document: documents::school(), facts })
}

impl<R: Records> Step<'_, R> {
    /// Codes that the school's list has not, or otherwise, become part of it: a mark has to be read as it was meant.
    fn codes(&mut self, rows: Vec<CodeInfo>) -> Result<(), OfficeError> {
        let held = self.known.school().codes().clone();
        let new = rows.into_iter().filter(|row| !held.rows().any(|held| row.is_told_by(held)));
        for (about, fact) in new.flat_map(code_facts) {
            let replaces = self.known.school().replaced_by(about);
            self.plan.school.push(fact.replacing(replaces)?);
        }
        Ok(())
    }

    fn sites(&mut self, rows: Vec<super::Row<super::rows::SiteRow>>) -> Result<(), OfficeError> {
        for (id, site) in &self.known.school().sites {
            self.plan.sites.insert(site.code.clone(), *id);
        }
        for row in rows {
            let held = self.known.school().site_by_code(&row.value.code).cloned();
            let id = match &held {
                Some(site) => site.id,
                None => PlaceId(self.random_id()),
            };
            let site = Site { id, code: row.value.code, name: row.value.name, points: row.value.points };
            self.plan.sites.insert(site.code.clone(), id);
            let replaces = self.known.school().replaced_by(About::Site(id));
            if held.as_ref() == Some(&site) {
                self.report.sites.same += 1;
                continue;
            }
            count(&mut self.report.sites, held.is_some());
            self.plan.school.push(SchoolFact::from(site).replacing(replaces)?);
        }
        Ok(())
    }
}

impl<R: Records> Step<'_, R> {
    /// Where people of each site are looked for, and where its classes meet: once the classes are known.
    fn places(&mut self, rows: Vec<super::Row<super::rows::SiteRow>>) -> Result<(), OfficeError> {
        for row in rows {
            let Some(site) = self.plan.sites.get(&row.value.code).copied() else { continue };
            let held = self.known.school().places.get(&site).cloned();
            let mut wanted =
                held.clone().unwrap_or(SitePlaces { site, rooms: Vec::new(), refuges: Vec::new(), meets: Vec::new() });
            // An empty cell changes nothing.
            if !row.value.rooms.is_empty() || !row.value.refuges.is_empty() {
                (wanted.rooms, wanted.refuges) = (row.value.rooms, row.value.refuges);
            }
            let by_people = self.places_by_people(site)?;
            for (class, point) in row.value.meets {
                let full = wanted.meets.len() >= GROUPS_MEETING;
                let why = match self.plan.groups.get(&(site, class.clone())) {
                    Some(_) if !row.value.points.is_empty() && !row.value.points.contains(&point) => {
                        format!("\"{point}\" is none of the assembly points of the row")
                    }
                    Some(group) => match wanted.meets.iter_mut().find(|(held, _)| held == group) {
                        Some((_, held)) if *held == point => continue,
                        Some(_) if by_people => format!("where {class} meets was set on the School calendar here"),
                        Some((_, held)) => {
                            *held = point;
                            continue;
                        }
                        None if full => {
                            format!("{GROUPS_MEETING} classes of the site have a point of their own already")
                        }
                        None => {
                            wanted.meets.push((*group, point));
                            continue;
                        }
                    },
                    None => format!("the site has no class \"{class}\""),
                };
                let reason = format!(
                    "{why}, for where a class meets: mend it; the rest of the row is taken in, and other classes meet where they did"
                );
                self.rejects.add("sites.csv", row.line, &row.raw, reason);
            }
            let says = !wanted.rooms.is_empty() || !wanted.refuges.is_empty() || !wanted.meets.is_empty();
            if says && held.as_ref() != Some(&wanted) {
                let replaces = self.known.school().replaced_by(About::SitePlaces(site));
                self.plan.school.push(SchoolFact::from(wanted).replacing(replaces)?);
            }
        }
        Ok(())
    }
}

impl<R: Records> Step<'_, R> {
    /// Whether what stands of a site's places was set by people here, and not brought by an import.
    fn places_by_people(&mut self, site: PlaceId) -> Result<bool, OfficeError> {
        let Some(held) = self.records.facts(&documents::school())? else { return Ok(false) };
        let imports = &self.known.school().imports;
        Ok(facts::current::<SchoolFact>(&held).any(|read| {
            let of_site = matches!(&read.value, SchoolFact::SitePlaces(one) if one.site == site);
            of_site && !imports.contains(&read.held.origin.act)
        }))
    }
}

/// Counts a record that is written.
pub(super) fn count(counts: &mut Count, held: bool) {
    if held {
        counts.changed += 1;
    } else {
        counts.added += 1;
    }
}
