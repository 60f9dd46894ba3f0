//! Safeguarding: what there is to choose for a new concern, the list that names no child, and a file that was opened.
//!
//! Opening is the office's, and an entry; here an opened file is only told. Whoever cannot read a case has none of
//! it here either: the records give nothing of it.

use super::words::{self, Names};
use crate::areas::{self, SAFEGUARDING};
use crate::calendar::{self, Day};
use crate::facts::case::{CaseFact, Concern};
use crate::facts::documents;
use crate::ids::PupilId;
use crate::known::Known;
use crate::limits::ACCOUNT_CHARS;
use crate::office::{CaseStanding, OfficeError, Said, said_in_case};
use crate::rights::{self, Places, Reach, Rights, Standing};
use crate::safeguarding::CATEGORIES;
use crate::view::ConcernId;
use crate::view::concern::{AddConcernView, ConcernEntry, ConcernFile, ConcernRow, ConcernState, ConcernsView, Named};
use muster_core::document::fact::{Facts, Origin};
use muster_core::id::{DocumentId, PersonId, PlaceId};
use muster_core::replica::records::{Records, Statement};
use muster_core::time::Moment;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What somebody has opened to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// One concern.
    Concern(DocumentId),
    /// All that may be read about a pupil.
    Chronology(PupilId, Vec<DocumentId>),
}

/// What a concern is called: eight letters and digits, in two groups. It names nobody.
pub fn reference(concern: &DocumentId) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let (first, rest) = concern.key.split_at(concern.key.len().min(2));
    format!("{} {}", hex(first), hex(rest.get(..2).unwrap_or(rest)))
}

fn id_of(concern: &DocumentId) -> ConcernId {
    ConcernId(<[u8; 16]>::try_from(concern.key.as_slice()).unwrap_or_default())
}

/// The page that adds a concern at a site.
///
/// # Errors
/// When the records cannot be read.
pub fn add_concern(
    records: &mut impl Records,
    known: &Known,
    site: PlaceId,
    me: Option<PersonId>,
) -> Result<AddConcernView, OfficeError> {
    let now = calendar::local(records.now());
    let people = People::read(records, site);
    let mut staff: Vec<_> = people.openers.iter().filter(|person| Some(**person) != me).collect();
    staff.sort_by_key(|person| super::roles::listed(known, **person));
    let staff = staff
        .into_iter()
        .map(|person| Named {
            id: (*person).into(),
            name: super::roles::listed(known, *person).1,
            apart: if people.leads.contains(person) { "Told in any case".to_owned() } else { String::new() },
        })
        .collect();
    let mut leads: Vec<String> = people.leads.iter().map(|person| known.staff_name(*person)).collect();
    leads.sort();
    let leads = match leads.as_slice() {
        [] => "The safeguarding leads are told, as soon as there are any.".to_owned(),
        [one] => format!("{one} is told in any case."),
        _ => format!("{} are told in any case.", words::list(&leads)),
    };
    let may = me.is_some_and(|me| people.openers.contains(&me));
    let category = |one: &crate::safeguarding::Category| {
        (one.name.to_owned(), one.kinds.iter().map(|kind| (*kind).to_owned()).collect())
    };
    Ok(AddConcernView {
        pupils: Arc::new(pupils(known, now.day)),
        staff: Arc::new(staff),
        leads,
        categories: CATEGORIES.iter().map(category).collect(),
        day: uk(now.day),
        time: calendar::clock(now.minute),
        words_most: ACCOUNT_CHARS,
        refused: (!may).then(|| "Your role adds no concern here: tell a safeguarding lead yourself, now.".to_owned()),
        problem: None,
        saved: None,
    })
}

/// `23/11/2026`.
fn uk(day: Day) -> String {
    day.date().strftime("%d/%m/%Y").to_string()
}

fn pupils(known: &Known, today: Day) -> Vec<Named> {
    let mut pupils: Vec<_> = known.pupils().collect();
    pupils.sort_by(|a, b| (&a.sort, a.id).cmp(&(&b.sort, b.id)));
    let apart = |group: Option<_>, on_roll: bool| {
        let group = group.and_then(|group| known.school().groups.get(&group));
        let group = group.map(|group| group.name.clone()).unwrap_or_default();
        if on_roll { group } else { "not on roll".to_owned() }
    };
    pupils
        .into_iter()
        .map(|pupil| Named {
            id: pupil.id.into(),
            name: pupil.listed(),
            apart: apart(pupil.group_on(today), pupil.is_on_roll(today)),
        })
        .collect()
}

/// Who gets how far with the cases of a site.
struct People {
    /// Who reads them all.
    leads: BTreeSet<PersonId>,
    /// Who can be told of one: they may open one, and have keys.
    openers: BTreeSet<PersonId>,
}

impl People {
    fn read(records: &impl Records, site: PlaceId) -> Self {
        let activated: BTreeSet<PersonId> = records
            .stated()
            .into_iter()
            .filter_map(|stated| match stated.says {
                Statement::Activated(person) => Some(person),
                _ => None,
            })
            .collect();
        let (mut leads, mut openers) = (BTreeSet::new(), BTreeSet::new());
        for (person, rights) in rights::of_persons(records) {
            let has_keys = rights.known == rights::Known::Head || activated.contains(&person);
            match here(&rights, site).filter(|_| has_keys && rights.standing == Standing::Holds) {
                Some(Reach::Reads | Reach::Writes) => {
                    leads.insert(person);
                    openers.insert(person);
                }
                Some(Reach::Opens | Reach::Adds) => _ = openers.insert(person),
                Some(Reach::Nothing) | None => {}
            }
        }
        Self { leads, openers }
    }
}

fn here(rights: &Rights, site: PlaceId) -> Option<Reach> {
    let covers = |places: &Places| match places {
        Places::Every => true,
        Places::School => false,
        Places::Sites(sites) => sites.contains(&site),
    };
    rights.in_area(SAFEGUARDING).into_iter().filter(|(_, places)| covers(places)).map(|(reach, _)| reach).max()
}

fn cases(records: &mut impl Records) -> Result<Vec<(DocumentId, Arc<Facts>)>, OfficeError> {
    let mut found = Vec::new();
    for section in records.sections(areas::SAFEGUARDING) {
        for document in records.documents(&section, documents::CASE)? {
            if let Some(held) = records.facts(&document)? {
                found.push((document, held));
            }
        }
    }
    Ok(found)
}

fn state(standing: &CaseStanding) -> ConcernState {
    match standing.marked {
        Some((said, _)) if said >= standing.said => ConcernState::Read,
        Some(_) => ConcernState::Added,
        None if standing.own && standing.said == 0 => ConcernState::Own,
        None if standing.own => ConcernState::Added,
        None => ConcernState::ToRead,
    }
}

/// How many concerns wait to be read by somebody.
///
/// # Errors
/// When the records cannot be read.
pub fn concerns_to_read(records: &mut impl Records, me: Option<PersonId>) -> Result<u32, OfficeError> {
    let cases = cases(records)?;
    let waits = |held: &Facts| state(&CaseStanding::of(records, held, me)).waits();
    Ok(words::number(cases.iter().filter(|(_, held)| waits(held)).count()))
}

/// The list of concerns, and what is open. The list is told from who and when, and from nothing that a file says.
///
/// # Errors
/// When the records cannot be read.
pub fn concerns(
    records: &mut impl Records,
    known: &Known,
    me: Option<PersonId>,
    opened: Option<&Opened>,
) -> Result<ConcernsView, OfficeError> {
    let today = calendar::local(records.now()).day;
    let cases = cases(records)?;
    let teller = Teller { known, names: Names::new(Some(known), None), today, me };
    let mut rows: Vec<(Moment, ConcernRow)> =
        cases.iter().filter_map(|(document, held)| teller.row(records, document, held)).collect();
    rows.sort_by(|a, b| b.0.utc_ms.cmp(&a.0.utc_ms).then(a.1.concern.cmp(&b.1.concern)));
    let rows: Vec<ConcernRow> = rows.into_iter().map(|(_, row)| row).collect();
    let file = opened.and_then(|opened| teller.file(records, &cases, opened));
    Ok(ConcernsView { summary: summary(&rows), rows, pupils: Arc::new(pupils(known, today)), file })
}

fn summary(rows: &[ConcernRow]) -> String {
    let wait = rows.iter().filter(|row| row.state.waits()).count();
    match (rows.len(), wait) {
        (0, _) => "No concern that you can read.".to_owned(),
        (all, 0) => format!("{} that you can read.", words::count(all, "concern")),
        (all, wait) => format!("{} that you can read, {wait} to read.", words::count(all, "concern")),
    }
}

struct Teller<'a> {
    known: &'a Known,
    names: Names,
    today: Day,
    me: Option<PersonId>,
}

impl Teller<'_> {
    fn who(&self, records: &impl Records, origin: &Origin) -> String {
        self.names.full(records, origin)
    }

    fn row(&self, records: &impl Records, document: &DocumentId, held: &Facts) -> Option<(Moment, ConcernRow)> {
        let said = said_in_case(held);
        let first = said.iter().find(|one| matches!(one.what, CaseFact::Concern(_)))?;
        let adds = |one: &&Said| matches!(one.what, CaseFact::Note(_) | CaseFact::Action(_));
        let added = said.iter().rfind(adds).map(|one| words::when(one.origin.at, self.today));
        let row = ConcernRow {
            concern: id_of(document),
            reference: reference(document),
            opened: words::when(first.origin.at, self.today),
            by: self.who(records, &first.origin),
            state: state(&CaseStanding::of(records, held, self.me)),
            added: added.unwrap_or_default(),
        };
        Some((first.origin.at, row))
    }

    fn file(&self, records: &impl Records, cases: &[(DocumentId, Arc<Facts>)], opened: &Opened) -> Option<ConcernFile> {
        let (title, wanted, concern) = match opened {
            Opened::Concern(document) => {
                let title = format!("Concern {}", reference(document));
                (title, std::slice::from_ref(document), Some(document))
            }
            Opened::Chronology(pupil, documents) => {
                let name = self.known.pupil(*pupil).map_or_else(|| "a pupil".to_owned(), |pupil| pupil.spoken());
                (format!("Chronology of {name}"), documents.as_slice(), None)
            }
        };
        let mut said: Vec<(Said, String)> = Vec::new();
        let (mut marked, mut about) = (None, BTreeSet::new());
        for (document, held) in cases.iter().filter(|(document, _)| wanted.contains(document)) {
            if concern.is_some() {
                marked = CaseStanding::of(records, held, self.me)
                    .marked
                    .map(|(_, at)| format!("You marked this as read: {}.", words::when(at, self.today)));
            }
            let of = if concern.is_some() { String::new() } else { reference(document) };
            said.extend(said_in_case(held).into_iter().map(|one| (one, of.clone())));
        }
        said.sort_by_key(|(one, _)| (one.origin.at, one.origin.sequence));
        for (one, _) in &said {
            if let (CaseFact::Concern(case), true) = (&one.what, concern.is_some()) {
                about.extend(case.pupils.iter().copied());
            }
        }
        if said.is_empty() && concern.is_some() {
            return None;
        }
        let named = |pupil: PupilId| {
            let pupil = self.known.pupil(pupil)?;
            Some(Named { id: pupil.id.into(), name: pupil.spoken(), apart: String::new() })
        };
        let entry = |(one, of): &(Said, String)| self.entry(records, one, of);
        Some(ConcernFile {
            concern: concern.map(id_of),
            title,
            entries: said.iter().map(entry).collect(),
            marked,
            pupils: about.into_iter().filter_map(named).collect(),
        })
    }

    fn entry(&self, records: &impl Records, one: &Said, reference: &str) -> ConcernEntry {
        let (did, words, facts) = match &one.what {
            CaseFact::Concern(case) => ("opened this concern", case.words.clone(), self.facts(case)),
            CaseFact::Note(note) => ("added", note.words.clone(), Vec::new()),
            CaseFact::Action(action) => ("took action", action.words.clone(), Vec::new()),
            CaseFact::Reading(_) => ("opened it to read", String::new(), Vec::new()),
            CaseFact::MarkedRead(_) => ("marked it as read", String::new(), Vec::new()),
            CaseFact::Unknown { .. } => ("wrote what a newer version shows", String::new(), Vec::new()),
        };
        ConcernEntry {
            at: words::when(one.origin.at, self.today),
            who: self.who(records, &one.origin),
            did: did.to_owned(),
            facts,
            words,
            reference: reference.to_owned(),
            quiet: matches!(one.what, CaseFact::Reading(_) | CaseFact::MarkedRead(_)),
        }
    }

    fn facts(&self, case: &Concern) -> Vec<(String, String)> {
        let name = |pupil: &PupilId| {
            let Some(pupil) = self.known.pupil(*pupil) else { return "a pupil not known here".to_owned() };
            let group = pupil.group_on(self.today).and_then(|group| self.known.school().groups.get(&group));
            group.map_or_else(|| pupil.spoken(), |group| format!("{}, {}", pupil.spoken(), group.name))
        };
        let mut about: Vec<String> = case.pupils.iter().map(name).collect();
        about.extend((!case.about.is_empty()).then(|| case.about.clone()));
        let people = |people: &[PersonId]| {
            words::list(&people.iter().map(|person| self.known.staff_name(*person)).collect::<Vec<_>>())
        };
        let seen = calendar::local(Moment::utc(case.seen_ms));
        let filed = [&case.category, &case.kind].map(String::as_str);
        [
            ("About", about.join("; ")),
            ("Seen or said", format!("{} {}", seen.day.long(), calendar::clock(seen.minute))),
            ("Category", filed.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(": ")),
            ("Told beside the leads", people(&case.told)),
            ("Kept from", people(&case.left_out)),
        ]
        .into_iter()
        .filter(|(_, of)| !of.is_empty())
        .map(|(what, of)| (what.to_owned(), of))
        .collect()
    }
}
