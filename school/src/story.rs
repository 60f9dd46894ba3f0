//! The audit in sentences: each act of somebody, told in plain words, newest first.
//!
//! Each line is shown by right: a line stands only where this seat reads the records that it is of, so that nobody
//! learns from the audit who wrote in an area they may not read. Sign-ins of others and who let whom in are for those
//! who read the trail of use.
//!
//! Marks of one act become one sentence. What a newer version wrote is told as such. Nothing here judges a proof:
//! the records hand over only what the engine has verified.

pub mod export;
mod sentences;

use crate::areas;
use crate::calendar::{self, Day};
use crate::facts::documents;
use crate::known::Known;
use crate::view::Span;
use muster_core::authority::reduction::Reason;
use muster_core::document::fact::Origin;
use muster_core::id::{ActId, Area, DeviceId, DocumentId, EntryHash, PersonId, Section};
use muster_core::replica::records::{Records, RecordsError, Stated, Statement};
use std::collections::BTreeMap;

/// One sentence: reads on after the name of who did it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The entry it is about; the first, where one act has several.
    pub entry: EntryHash,
    /// The act.
    pub act: ActId,
    /// Who and when.
    pub origin: Origin,
    /// In which section the entry is.
    pub section: Section,
    /// Who; `None` with nobody signed in.
    pub person: Option<PersonId>,
    /// On which device.
    pub device: Option<DeviceId>,
    /// Did what.
    pub what: Vec<Span>,
    /// The names of everybody it is about, folded for search, one a line.
    pub about: String,
    /// It disagrees with something, and a person should look.
    pub attention: Option<Vec<Span>>,
    /// The register it is about.
    pub register: Option<(crate::ids::GroupId, calendar::Session)>,
}

impl Told {
    /// The words without weights.
    pub fn text(&self) -> String {
        self.what.iter().map(|span| span.text.as_str()).collect()
    }
}

/// What to tell. `None` and empty mean any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Done on this day, by the clock of whoever did it.
    pub day: Option<Day>,
    /// Done by this person.
    pub person: Option<PersonId>,
    /// Done on this device.
    pub device: Option<DeviceId>,
    /// About somebody whose name has this.
    pub about: String,
}

/// Kinds of documents by area, told one after the other.
const TOLD: [(Area, u16); 12] = [
    (areas::SCHOOL, documents::SCHOOL),
    (areas::STAFF, documents::PERSON),
    (areas::PUPIL, documents::PUPIL),
    (areas::CARE, documents::CARE),
    (areas::FAMILY, documents::FAMILY),
    (areas::LEARNING, documents::LEARNING),
    (areas::REGISTER, documents::REGISTER),
    (areas::ROLL, documents::ROLL),
    (areas::ROLL, documents::VISITS),
    (areas::ROLL, documents::ROLL_CALL),
    (areas::ACCESS, documents::ACCESS),
    // Case by case: of a case that this seat cannot read there is no line.
    (areas::SAFEGUARDING, documents::CASE),
];

/// Tells what was done, newest first by the clocks of those who did it.
///
/// Cost: reads every document of the areas that this seat may read.
///
/// # Errors
/// When the records cannot be read.
pub fn tell(records: &mut impl Records, known: &mut Known, wanted: &Wanted) -> Result<Vec<Told>, RecordsError> {
    let mut teller = sentences::Teller::new(known);
    let mut drafts: BTreeMap<ActId, sentences::Draft> = BTreeMap::new();
    let mut sections: BTreeMap<EntryHash, Section> = BTreeMap::new();
    for (area, kind) in TOLD {
        for section in records.sections(area) {
            for document in records.documents(&section, kind)? {
                let Some(facts) = records.facts(&document)? else { continue };
                for held in facts.iter() {
                    let author = records.author(&held.origin.seat);
                    let day = calendar::local(held.origin.at).day;
                    let other = wanted.day.is_some_and(|wanted| wanted != day)
                        || wanted.person.is_some_and(|wanted| author.and_then(|by| by.person) != Some(wanted))
                        || wanted.device.is_some_and(|wanted| author.map(|by| by.device) != Some(wanted));
                    if !other {
                        let draft = drafts.entry(held.origin.act).or_default();
                        teller.read(draft, &document, &facts, held);
                        sections.insert(held.name.entry, section);
                    }
                }
            }
        }
    }
    let about = crate::names::fold(&wanted.about);
    let mut told = Vec::new();
    for (act, draft) in drafts {
        for (entry, origin, line) in teller.finish(draft) {
            if !about.is_empty() && !crate::names::matches(&about, &line.about) {
                continue;
            }
            let author = records.author(&origin.seat);
            let Some(section) = sections.get(&entry).copied() else { continue };
            told.push(Told {
                entry,
                act,
                origin,
                section,
                person: author.and_then(|author| author.person),
                device: author.map(|author| author.device),
                what: line.what,
                about: line.about,
                attention: line.attention,
                register: line.register,
            });
        }
    }
    told.extend(told_of_authority(records, known, wanted, &about));
    told.sort_by_key(|one| std::cmp::Reverse((one.origin.at, one.entry)));
    Ok(told)
}

/// Who let whom in: for those who read the trail of use, as officers do. Everybody is told of their own.
fn told_of_authority(records: &impl Records, known: &Known, wanted: &Wanted, about: &str) -> Vec<Told> {
    let reads_trail = !records.sections(areas::ACCESS).is_empty();
    let own = records.author(&records.seat()).and_then(|author| author.person);
    let stated = records.stated().into_iter();
    let told = stated.filter_map(|Stated { entry, origin, says, by_cards }| {
        let author = records.author(&origin.seat);
        let (person, device) = (author.and_then(|by| by.person), author.map(|by| by.device));
        if !reads_trail && (own.is_none() || person != own) {
            return None;
        }
        let (before, whom, after) = match says {
            Statement::Enrolled(other) => ("let the device ", known.school().device_name(other), " in"),
            Statement::Invited(whom) => ("made one-time words for ", known.staff_name(whom), ""),
            Statement::Granted(whom) => ("gave further rights to ", known.staff_name(whom), ""),
            // The person's own acts: the name is who did it.
            Statement::Activated(_) => ("took up one-time words, and made their keys", String::new(), ""),
            Statement::Seated(_) => ("began to work on this device", String::new(), ""),
            Statement::PersonRemoved(whom, Reason::Reset) => {
                ("ended the sign-in of ", known.staff_name(whom), ", to be made anew")
            }
            Statement::PersonRemoved(whom, _) => ("took ", known.staff_name(whom), " out of the school's records"),
            Statement::RightsTaken(whom) => ("took rights away from ", known.staff_name(whom), ""),
            Statement::DeviceRemoved(other) => ("took the device ", known.school().device_name(other), " out"),
            Statement::Suspended(other) => ("held the device ", known.school().device_name(other), " back"),
            Statement::Freed(other) => ("let the device ", known.school().device_name(other), " go on"),
            Statement::Adopted(1) => ("accepted an entry that had been held back", String::new(), ""),
            Statement::Adopted(entries) => ("accepted ", entries.to_string(), " entries that had been held back"),
            Statement::Renewed(_) => ("made new keys, in place of those on a lost device", String::new(), ""),
        };
        let (person, before) =
            if by_cards { (None, format!("with two recovery cards: {before}")) } else { (person, before.to_owned()) };
        let names = crate::names::fold(&whom);
        let other = wanted.day.is_some_and(|day| calendar::local(origin.at).day != day)
            || wanted.person.is_some_and(|one| person != Some(one))
            || wanted.device.is_some_and(|one| device != Some(one))
            || (!about.is_empty() && !crate::names::matches(about, &names));
        let mut what = vec![Span::plain(before)];
        if !whom.is_empty() {
            what.extend([Span::strong(whom), Span::plain(after)]);
        }
        (!other).then_some(Told {
            entry,
            act: origin.act,
            origin,
            section: Section::AUTHORITY,
            person,
            device,
            what,
            about: names,
            attention: None,
            register: None,
        })
    });
    told.collect()
}

/// The site a document is about, in words.
fn site<'a>(known: &'a Known, document: &DocumentId) -> &'a str {
    known.site_name(document.section.compartment.place)
}
