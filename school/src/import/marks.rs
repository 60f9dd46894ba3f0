//! Marks and visits of an import, compared with what is held. Past days write no evidence of who is on site.

use super::Row;
use super::people::{no_pupil, no_site};
use super::plan::{Step, count};
use super::rows::{MarkRow, VisitRow};
use crate::calendar::{self, Session, Week};
use crate::codes::Code;
use crate::facts::pupil::{Note, PupilFact};
use crate::facts::register::{Imported, Mark, RegisterFact};
use crate::facts::visits::{Arrived, Left, VisitFact};
use crate::facts::{self, Value, documents};
use crate::ids::{PupilId, VisitId};
use crate::office::OfficeError;
use crate::register::current::Version;
use muster_core::id::{DocumentId, Year};
use muster_core::replica::records::Records;
use std::collections::BTreeMap;

/// What the registers of a week hold, over all groups: for each pupil and session the versions.
type Held = BTreeMap<(PupilId, Session), Vec<Version>>;

impl<R: Records> Step<'_, R> {
    pub(super) fn marks(&mut self, rows: Vec<Row<MarkRow>>) -> Result<(), OfficeError> {
        let today = calendar::local(self.records.now()).day;
        let mut weeks: BTreeMap<(Year, Week), Held> = BTreeMap::new();
        // How many stand on days that have no school here, and the first of them.
        let mut odd: (u32, Option<String>) = (0, None);
        for row in rows {
            let mark = &row.value;
            let session = mark.session;
            let mut reject = |reason: String| self.rejects.add("attendance.csv", row.line, &row.raw, reason);
            let Some(pupil) = self.plan.pupils.get(&mark.admission_no) else {
                reject(no_pupil(&mark.admission_no));
                continue;
            };
            if session.day > today {
                reject(format!("{} has not come yet", session.long()));
                continue;
            }
            if pupil.starting.is_some_and(|starting| session.day < starting) {
                reject(format!("the pupil was not on roll on {}: the starting day is later", session.day.iso()));
                continue;
            }
            if pupil.last.is_some_and(|last| last < session.day) {
                reject(format!("the pupil was not on roll any more on {}", session.day.iso()));
                continue;
            }
            let (id, site, group) = (pupil.id, pupil.site, pupil.group_on(session.day));
            let week = (session.day.year(), session.day.week());
            let held = match weeks.entry(week) {
                std::collections::btree_map::Entry::Occupied(held) => held.into_mut(),
                std::collections::btree_map::Entry::Vacant(free) => {
                    let mut held: Held = BTreeMap::new();
                    for marks in self.known.registers_of_week(self.records, session.day)? {
                        for (key, versions) in marks.iter() {
                            held.entry(*key).or_default().extend(versions.iter().cloned());
                        }
                    }
                    free.insert(held)
                }
            };
            let versions = held.get(&(id, session)).map_or(&[][..], Vec::as_slice);
            let replaces = match judge(versions, mark.code, mark.minutes) {
                Judged::Same => {
                    self.report.marks.same += 1;
                    self.note(mark, id)?;
                    continue;
                }
                Judged::Marked(code) => {
                    reject(format!(
                        "the register already has {code}, marked by staff: amend it there, or leave the row out"
                    ));
                    continue;
                }
                Judged::Write(replaces) => replaces,
            };
            self.note(mark, id)?;
            count(&mut self.report.marks, !versions.is_empty());
            if let Some(why) = self.known.school().closed(site, session.day) {
                odd.0 += 1;
                let first = format!("{} {}, {why}", session.day.long(), session.day.date().year());
                odd.1.get_or_insert(first);
            }
            let document = match replaces.first() {
                Some((document, _)) => document.clone(),
                None => {
                    let group = match group {
                        Some(group) => group,
                        None => self.group(site, "Imported, no group", true)?,
                    };
                    let at = self.site_of_group(group).unwrap_or(site);
                    documents::register(at, group, session.day)
                }
            };
            let names = replaces.into_iter().filter(|(of, _)| *of == document).map(|(_, name)| name).collect();
            let value = Mark { pupil: id, session: session.in_week(), code: mark.code, minutes: mark.minutes };
            let fact = RegisterFact::from(Imported(value)).replacing(names)?;
            self.plan.registers.entry(document).or_default().push(fact);
        }
        if let (marks, Some(first)) = odd {
            let marks = if marks == 1 { "1 mark stands".to_owned() } else { format!("{marks} marks stand") };
            self.report.warnings.push(format!(
                "attendance.csv: {marks} on a day without school here, the first on {first}: taken in as history, and in \
                 no figure unless the calendar is changed"
            ));
        }
        Ok(())
    }

    fn host_name(&self, host: muster_core::id::PersonId) -> String {
        self.plan.staff_names.get(&host).cloned().unwrap_or_else(|| self.known.staff_name(host))
    }

    fn site_of_group(&self, group: crate::ids::GroupId) -> Option<muster_core::id::PlaceId> {
        self.known
            .school()
            .groups
            .get(&group)
            .map(|group| group.site)
            .or_else(|| self.plan.groups.iter().find(|(_, id)| **id == group).map(|((site, _), _)| *site))
    }

    /// A comment beside a mark goes to the pupil's own document.
    fn note(&mut self, mark: &MarkRow, id: PupilId) -> Result<(), OfficeError> {
        if mark.comment.is_empty() {
            return Ok(());
        }
        let held = self.known.pupil(id).cloned();
        let notes = held.as_ref().and_then(|pupil| pupil.notes.get(&mark.session));
        if notes.is_some_and(|notes| notes.iter().any(|note| note.text == mark.comment)) {
            return Ok(());
        }
        let Some(site) = self.plan.pupils.get(&mark.admission_no).map(|pupil| pupil.site) else { return Ok(()) };
        // Beside what somebody wrote here, never in its place.
        let note = Note { day: mark.session.day, half: mark.session.half, text: mark.comment.clone() };
        let fact = PupilFact::from(note).fact()?;
        self.plan.people.entry(documents::pupil(site, id)).or_default().push(fact);
        Ok(())
    }

    pub(super) fn visits(&mut self, rows: Vec<Row<VisitRow>>) -> Result<(), OfficeError> {
        for row in rows {
            let Some(site) = self.plan.sites.get(&row.value.site).copied() else {
                self.rejects.add("visitors.csv", row.line, &row.raw, no_site(&row.value.site));
                continue;
            };
            let visit = row.value;
            let host = if visit.visiting.is_empty() { None } else { self.plan.staff.get(&visit.visiting).copied() };
            if !visit.visiting.is_empty() && host.is_none() {
                let reason =
                    format!("no member of staff has the code \"{}\": mend it or leave it empty", visit.visiting);
                self.rejects.add("visitors.csv", row.line, &row.raw, reason);
                continue;
            }
            let document = documents::visits(site, visit.day);
            let held = self.records.facts(&document)?;
            let mut known = None;
            let mut left = Vec::new();
            for read in held.iter().flat_map(|held| facts::current::<VisitFact>(held)) {
                match read.value {
                    VisitFact::Arrived(one) if one.name == visit.name && one.minute == visit.arrived => {
                        known = Some(one)
                    }
                    VisitFact::Left(one) => left.push(one),
                    _ => {}
                }
            }
            let mut facts = Vec::new();
            let (id, was_held) = match known {
                Some(one) => (one.visit, true),
                None => {
                    let id = VisitId(self.random_id());
                    let arrived = Arrived {
                        visit: id,
                        name: visit.name,
                        organisation: visit.organisation,
                        host,
                        host_name: host.map_or_else(String::new, |host| self.host_name(host)),
                        badge: visit.badge,
                        minute: visit.arrived,
                    };
                    facts.push(VisitFact::from(arrived).fact()?);
                    (id, false)
                }
            };
            if let Some(minute) = visit.left
                && !left.iter().any(|one| one.visit == id)
            {
                facts.push(VisitFact::from(Left { visit: id, minute }).fact()?);
            }
            if facts.is_empty() {
                self.report.visits.same += 1;
            } else {
                count(&mut self.report.visits, was_held);
                self.plan.registers.entry(document).or_default().extend(facts);
            }
        }
        Ok(())
    }
}

enum Judged {
    /// The row is in the history already.
    Same,
    /// Staff marked something else.
    Marked(Code),
    /// To be written, replacing these.
    Write(Vec<(DocumentId, muster_core::document::fact::FactRef)>),
}

fn judge(versions: &[Version], code: Code, minutes: Option<u16>) -> Judged {
    if versions.iter().any(|version| version.code() == Some(code) && version.minutes() == minutes) {
        return Judged::Same;
    }
    let by_staff = versions
        .iter()
        .filter(|version| version.stands)
        .find(|version| !matches!(version.fact, RegisterFact::Imported(_)) && version.code().is_some());
    if let Some(code) = by_staff.and_then(Version::code) {
        return Judged::Marked(code);
    }
    Judged::Write(
        versions
            .iter()
            .filter(|version| version.stands)
            .map(|version| (version.document.clone(), version.name))
            .collect(),
    )
}
