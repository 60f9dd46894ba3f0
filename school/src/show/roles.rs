//! The page of roles: who can read and write what, and why.

use super::words::{self, Names};
use crate::areas::{self, SHOWN};
use crate::calendar::{self, Day};
use crate::facts::school::Directory;
use crate::known::Known;
use crate::office::OfficeError;
use crate::rights::{self, Places, Reach, Rights, Standing};
use crate::view::roles::{AreaRow, PersonRow, RolesBlock, RolesChosen, RolesDetail, RolesView};
use muster_core::id::{Area, PersonId};
use muster_core::replica::records::Records;
use muster_core::time::Moment;
use std::collections::BTreeMap;

/// Everybody's rights, by person.
pub(super) type Everybody = BTreeMap<PersonId, Vec<Rights>>;

/// Who can read and write what, with one person or area explained.
///
/// # Errors
/// When the records cannot be read.
pub fn roles(records: &impl Records, known: &Known, chosen: Option<RolesChosen>) -> Result<RolesView, OfficeError> {
    let everybody = everybody(records);
    let now = |rights: &&Rights| rights.standing == Standing::Holds;
    let holds: Everybody = everybody
        .into_iter()
        .map(|(person, all)| (person, all.iter().filter(now).cloned().collect::<Vec<_>>()))
        .filter(|(_, all)| !all.is_empty())
        .collect();
    let people = people(known, &holds);
    let count = |fits: &dyn Fn(Reach) -> bool, at: usize| {
        words::number(people.iter().filter(|row| row.reaches.get(at).is_some_and(|reach| fits(*reach))).count())
    };
    let areas: Vec<AreaRow> = SHOWN
        .iter()
        .enumerate()
        .map(|(at, area)| {
            let (name, about) = areas::words(*area);
            let readers = count(&|reach| reach >= Reach::Reads, at);
            let writers = count(&|reach| matches!(reach, Reach::Adds | Reach::Writes), at);
            AreaRow { area: *area, name: name.to_owned(), about: about.to_owned(), readers, writers }
        })
        .collect();
    let guarded = areas.iter().find(|row| row.area == areas::SAFEGUARDING).map_or(0, |row| row.readers);
    let read = if guarded == 1 { "1 of them reads" } else { &format!("{guarded} of them read") };
    let have = if people.len() == 1 { "1 person has rights" } else { &format!("{} people have rights", people.len()) };
    let why = Explaining { names: Names::new(Some(known), None), records, known, holds: &holds };
    let detail = chosen.and_then(|chosen| match chosen {
        RolesChosen::Person(person) => why.person(person),
        RolesChosen::Area(area) => Some(why.area(area)),
    });
    Ok(RolesView { summary: format!("{have}. {read} safeguarding files."), areas, people, chosen, detail })
}

pub(super) fn everybody(records: &impl Records) -> Everybody {
    let mut everybody = Everybody::new();
    for (person, rights) in rights::of_persons(records) {
        everybody.entry(person).or_default().push(rights);
    }
    for all in everybody.values_mut() {
        all.sort_by_key(|rights| (rights.standing, rights.rank, rights.given.map(|given| given.at)));
    }
    everybody
}

fn people(known: &Known, holds: &Everybody) -> Vec<PersonRow> {
    let mut rows: Vec<_> = holds
        .iter()
        .map(|(person, all)| {
            let reach = |area: &Area| all.iter().map(|rights| rights.reach(*area)).max().unwrap_or_default();
            let titles: Vec<String> = all.iter().map(|rights| title(known, rights)).collect();
            let (sort, name) = listed(known, *person);
            let row = PersonRow {
                person: *person,
                name,
                role: titles.join("; "),
                reaches: SHOWN.iter().map(reach).collect(),
            };
            (sort, row)
        })
        .collect();
    rows.sort_by(|a, b| (&a.0, a.1.person).cmp(&(&b.0, b.1.person)));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// A person's name in a list, and what it is sorted by: those who are in no directory come last.
pub(super) fn listed(known: &Known, person: PersonId) -> ((bool, String, String), String) {
    match known.school().staff.get(&person) {
        Some(Directory { forename, surname, .. }) => {
            let (by_surname, by_forename) = crate::names::sort_key(surname, forename);
            let name = if forename.is_empty() { surname.clone() } else { format!("{surname}, {forename}") };
            ((false, by_surname, by_forename), name)
        }
        None => ((true, String::new(), String::new()), format!("Not in the directory ({person:?})")),
    }
}

/// `Site lead, Harbour`.
fn title(known: &Known, rights: &Rights) -> String {
    format!("{}, {}", role_name(rights), sites(known, rights))
}

/// `Site lead`.
pub(super) fn role_name(rights: &Rights) -> String {
    match &rights.known {
        rights::Known::Head => "Head".to_owned(),
        rights::Known::Role(role, ..) => role.name().to_owned(),
        rights::Known::Device(kind, _) => kind.name().to_owned(),
        rights::Known::Other => "Rights given singly".to_owned(),
    }
}

/// `Harbour and Hill`, `Every site`.
pub(super) fn sites(known: &Known, rights: &Rights) -> String {
    match &rights.known {
        rights::Known::Other => "see the areas".to_owned(),
        _ if rights.sites().is_empty() => "every site".to_owned(),
        _ => words::list(&rights.sites().iter().map(|site| known.site_name(*site).to_owned()).collect::<Vec<_>>()),
    }
}

/// `on Thursday 3 September`, with the year where it is another.
pub(super) fn on(at: Moment, today: Day) -> String {
    let day = calendar::local(at).day;
    if day == today {
        format!("today at {}", calendar::clock(calendar::local(at).minute))
    } else if day.date().year() == today.date().year() {
        format!("on {}", day.long())
    } else {
        format!("on {} {}", day.long(), day.date().year())
    }
}

/// `Given by Anna Head on Thursday 3 September. Ends today at 23:59.`
pub(super) fn given(records: &impl Records, names: &Names, rights: &Rights) -> String {
    let today = calendar::local(records.now()).day;
    let by = match &rights.given {
        Some(origin) => format!("Given by {} {}.", names.full(records, origin), on(origin.at, today)),
        None => "Founded the school.".to_owned(),
    };
    match (rights.standing, rights.until) {
        (Standing::Removed, _) => format!("{by} Taken away."),
        (Standing::Ended, Some(until)) => format!("{by} Ended {}.", on(until, today)),
        (_, Some(until)) => format!("{by} Ends {}.", on(until, today)),
        (_, None) => format!("{by} No end is set."),
    }
}

struct Explaining<'a, R> {
    names: Names,
    records: &'a R,
    known: &'a Known,
    holds: &'a Everybody,
}

impl<R: Records> Explaining<'_, R> {
    fn at(&self, places: &Places) -> String {
        match places {
            Places::Every => "at every site".to_owned(),
            Places::School => "for the whole school".to_owned(),
            Places::Sites(sites) => {
                let named: Vec<String> = sites.iter().map(|site| self.known.site_name(*site).to_owned()).collect();
                format!("at {}", words::list(&named))
            }
        }
    }

    fn person(&self, person: PersonId) -> Option<RolesDetail> {
        let all = self.holds.get(&person)?;
        let blocks = all
            .iter()
            .map(|rights| RolesBlock {
                title: title(self.known, rights),
                why: given(self.records, &self.names, rights),
                lines: self.lines(rights),
            })
            .collect();
        let purpose = |rights: &Rights| match &rights.known {
            rights::Known::Role(role, ..) => Some(role.purpose().to_owned()),
            rights::Known::Head => Some("Everything, everywhere, and gives every role.".to_owned()),
            _ => None,
        };
        let name = match self.known.school().staff.contains_key(&person) {
            true => self.known.staff_name(person),
            false => listed(self.known, person).1,
        };
        let about = all.iter().find_map(purpose).unwrap_or_default();
        let notes = vec!["A role at one site gives nothing at another.".to_owned()];
        Some(RolesDetail { title: name, about, blocks, notes })
    }

    /// What rights bring: areas gathered by how far they get and where.
    fn lines(&self, rights: &Rights) -> Vec<(String, String)> {
        let mut gathered: Vec<((Reach, Places), Vec<String>)> = Vec::new();
        for area in SHOWN {
            for reached in rights.in_area(area) {
                let name = areas::words(area).0.to_owned();
                match gathered.iter_mut().find(|(known, _)| *known == reached) {
                    Some((_, named)) => named.push(name),
                    None => gathered.push((reached, vec![name])),
                }
            }
        }
        gathered.sort_by(|a, b| b.0.0.cmp(&a.0.0).then(b.0.1.cmp(&a.0.1)));
        let mut lines: Vec<(String, String)> = gathered
            .into_iter()
            .map(|((reach, places), named)| {
                (reach.sentence().to_owned(), format!("{} {}", words::list(&named), self.at(&places)))
            })
            .collect();
        let gives: Vec<Area> = SHOWN.into_iter().filter(|area| rights.gives(*area)).collect();
        if !gives.is_empty() {
            let missing: Vec<String> = SHOWN
                .iter()
                .filter(|area| !gives.contains(area))
                .map(|area| areas::words(*area).0.to_owned())
                .collect();
            let what = match missing.as_slice() {
                [] => "Every area".to_owned(),
                _ if missing.len() <= 3 => format!("Every area but {}", words::list(&missing)),
                _ => words::list(&gives.iter().map(|area| areas::words(*area).0.to_owned()).collect::<Vec<_>>()),
            };
            lines.push(("Gives roles".to_owned(), format!("{what}, to weaker roles")));
        }
        if rights.enrols() {
            lines.push(("Lets devices in".to_owned(), sites(self.known, rights)));
        }
        lines
    }

    fn area(&self, area: Area) -> RolesDetail {
        let mut rows: Vec<_> = Vec::new();
        for (person, all) in self.holds {
            let mut lines = Vec::new();
            let mut why = Vec::new();
            for rights in all {
                let reached = rights.in_area(area);
                if reached.is_empty() {
                    continue;
                }
                why.push(format!("{}. {}", title(self.known, rights), given(self.records, &self.names, rights)));
                lines.extend(reached.iter().map(|(reach, places)| (*reach, self.at(places))));
            }
            let Some(most) = lines.iter().map(|(reach, _)| *reach).max() else { continue };
            let (sort, name) = listed(self.known, *person);
            let lines = lines.into_iter().map(|(reach, at)| (reach.sentence().to_owned(), at)).collect();
            rows.push((std::cmp::Reverse(most), sort, *person, RolesBlock { title: name, why: why.join(" "), lines }));
        }
        rows.sort_by(|a, b| (&a.0, &a.1, a.2).cmp(&(&b.0, &b.1, b.2)));
        let (name, about) = areas::words(area);
        RolesDetail {
            title: name.to_owned(),
            about: format!("{about}."),
            blocks: rows.into_iter().map(|(_, _, _, block)| block).collect(),
            notes: self.area_notes(area),
        }
    }

    fn area_notes(&self, area: Area) -> Vec<String> {
        let mut notes = Vec::new();
        let devices = rights::of_devices(self.records);
        let reads = |rights: &Rights| rights.standing == Standing::Holds && rights.reach(area) >= Reach::Reads;
        let count = devices.iter().filter(|(_, rights)| reads(rights)).count();
        if count > 0 {
            let (what, open) = if count == 1 { ("1 device", "opens") } else { (&*format!("{count} devices"), "open") };
            notes.push(format!("{what} of the school {open} it with nobody signed in, for the fire register."));
        }
        if area == areas::SAFEGUARDING {
            notes.push("Only the head and the safeguarding lead let anybody in.".to_owned());
        }
        notes.push("Two of the three recovery cards together open it too.".to_owned());
        notes
    }
}
