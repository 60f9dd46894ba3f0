//! The audit in sentences: each act of somebody, told in plain words, newest first.
//!
//! Each line is shown by right: a line stands only where this seat reads the records that it is of, so that nobody
//! learns from the audit who wrote in an area they may not read. Sign-ins of others and who let whom in are for those
//! who read the record of use.
//!
//! Marks of one act become one sentence. What a newer version wrote is told as such. Nothing here judges a proof:
//! the records hand over only what the engine has verified.

mod dated;
pub mod export;
mod sentences;
mod trail;

pub(crate) use trail::Trail;

use crate::areas;
use crate::calendar::{self, Day};
use crate::facts::documents;
use crate::known::Known;
use crate::view::Span;
use muster_core::authority::reduction::Reason;
use muster_core::document::fact::{Facts, Origin};
use muster_core::id::{ActId, Area, DeviceId, DocumentId, EntryHash, PersonId, SeatId, Section};
use muster_core::replica::records::{Records, RecordsError, Stated, Statement};
use muster_core::time::Moment;
use std::collections::{BTreeMap, BTreeSet};

/// Acts that are told together, at least: most acts are a line.
const ACTS_AT_ONCE: usize = 50;

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
const TOLD: [(Area, u16); 16] = [
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
    (areas::ROLL, documents::TRIPS),
    (areas::ROLL, documents::CONTINUITY),
    (areas::ROLL, documents::RESTORE_REQUEST),
    (areas::ACCESS, documents::ACCESS),
    (areas::FIGURES, documents::FIGURES),
    // Case by case: of a case that this seat cannot read there is no line.
    (areas::SAFEGUARDING, documents::CASE),
];

/// Some of what was done, the newest first.
#[derive(Clone, Debug, Default)]
pub struct Newest {
    /// The lines.
    pub told: Vec<Told>,
    /// How many acts, at least, stand behind them and may have more: 0 when all is told.
    pub left: usize,
}

/// Tells what was done, newest first by the clocks of those who did it.
///
/// Cost: reads every document of the areas that this seat may read.
///
/// # Errors
/// When the records cannot be read.
pub fn tell(records: &mut impl Records, known: &mut Known, wanted: &Wanted) -> Result<Vec<Told>, RecordsError> {
    Ok(newest(records, known, wanted, usize::MAX)?.told)
}

/// The newest of what was done: at most so many lines.
///
/// Cost: the documents of the acts that are told; the first time since somebody signed in, every document of the areas
/// that this seat may read. Where a name is wanted, as many acts as it takes to find so many lines with it.
///
/// # Errors
/// When the records cannot be read.
pub fn newest(
    records: &mut impl Records,
    known: &mut Known,
    wanted: &Wanted,
    most: usize,
) -> Result<Newest, RecordsError> {
    let mut trail = known.take_trail();
    let told = trail.look(records).and_then(|()| newest_of(records, known, &trail, wanted, most));
    known.keep_trail(trail);
    told
}

/// The lines of the act that an entry belongs to, and so the line about it; `None` where there is none.
///
/// # Errors
/// When the records cannot be read.
pub fn of_entry(records: &mut impl Records, known: &mut Known, entry: EntryHash) -> Result<Option<Told>, RecordsError> {
    let trail = known.take_trail();
    let act = trail.act_of(&entry).into_iter().collect();
    let told = tell_acts(records, known, &trail, &act, &Wanted::default());
    known.keep_trail(trail);
    let of_authority = told_of_authority(records, known, &Wanted::default(), "");
    let mut found: Vec<Told> =
        told?.into_iter().chain(of_authority).filter(|told| told.entry == entry).take(1).collect();
    dated::note(records, &mut found);
    Ok(found.pop())
}

/// What an entry says by itself that does not count yet: a sentence each, which reads on after the name of who wrote it.
pub fn of_waiting(known: &Known, document: &DocumentId, facts: &Facts) -> Vec<String> {
    let mut teller = sentences::Teller::new(known);
    let mut draft = sentences::Draft::default();
    for held in facts.iter() {
        teller.read(&mut draft, document, facts, held);
    }
    let lines = teller.finish(draft).into_iter();
    lines.map(|(_, _, line)| line.what.iter().map(|span| span.text.as_str()).collect()).collect()
}

fn newest_of(
    records: &mut impl Records,
    known: &Known,
    trail: &Trail,
    wanted: &Wanted,
    most: usize,
) -> Result<Newest, RecordsError> {
    let fits = |at: Moment, seat: &SeatId| {
        let author = records.author(seat);
        is_of(wanted, at, author.and_then(|by| by.person), author.map(|by| by.device))
    };
    let acts: Vec<(Moment, ActId)> = trail.acts(fits).collect();
    let about = crate::names::fold(&wanted.about);
    let mut told = told_of_authority(records, known, wanted, &about);
    let mut done = 0;
    loop {
        // What is newer than the next act is all told.
        let next = acts.get(done).map(|(at, _)| *at);
        let settled = |one: &&Told| next.is_none_or(|next| one.origin.at > next);
        if next.is_none() || told.iter().filter(settled).count() >= most {
            let left = acts.len() - done;
            told.retain(|one| next.is_none_or(|next| one.origin.at > next));
            told.sort_by_key(|one| std::cmp::Reverse((one.origin.at, one.entry)));
            let left = left + told.len().saturating_sub(most);
            told.truncate(most);
            dated::note(records, &mut told);
            return Ok(Newest { told, left });
        }
        let more = most.clamp(ACTS_AT_ONCE, acts.len().max(ACTS_AT_ONCE));
        let these: BTreeSet<ActId> = acts.iter().skip(done).take(more).map(|(_, act)| *act).collect();
        done = (done + more).min(acts.len());
        let lines = tell_acts(records, known, trail, &these, wanted)?;
        told.extend(lines.into_iter().filter(|one| about.is_empty() || crate::names::matches(&about, &one.about)));
    }
}

/// Tells what some acts did.
fn tell_acts(
    records: &mut impl Records,
    known: &Known,
    trail: &Trail,
    acts: &BTreeSet<ActId>,
    wanted: &Wanted,
) -> Result<Vec<Told>, RecordsError> {
    let mut teller = sentences::Teller::new(known);
    let mut drafts: BTreeMap<ActId, sentences::Draft> = BTreeMap::new();
    let mut sections: BTreeMap<EntryHash, Section> = BTreeMap::new();
    for document in trail.documents_of(acts) {
        let Some(facts) = records.facts(&document)? else { continue };
        // Who somebody on a roll is may be said by another act than the one that is told.
        let mut aside = sentences::Draft::default();
        for held in facts.iter() {
            let author = records.author(&held.origin.seat);
            let (person, device) = (author.and_then(|by| by.person), author.map(|by| by.device));
            if acts.contains(&held.origin.act) && is_of(wanted, held.origin.at, person, device) {
                let draft = drafts.entry(held.origin.act).or_default();
                teller.read(draft, &document, &facts, held);
                sections.insert(held.name.entry, document.section);
            } else {
                teller.read(&mut aside, &document, &facts, held);
            }
        }
    }
    let mut told = Vec::new();
    for (act, draft) in drafts {
        for (entry, origin, line) in teller.finish(draft) {
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
    Ok(told)
}

/// Whether something was done on the day, by the person and on the device that are wanted.
fn is_of(wanted: &Wanted, at: Moment, person: Option<PersonId>, device: Option<DeviceId>) -> bool {
    wanted.day.is_none_or(|day| calendar::local(at).day == day)
        && wanted.person.is_none_or(|one| person == Some(one))
        && wanted.device.is_none_or(|one| device == Some(one))
}

/// Who let whom in: for those who read the record of use, as officers do. Everybody is told of their own.
pub(crate) fn told_of_authority(records: &impl Records, known: &Known, wanted: &Wanted, about: &str) -> Vec<Told> {
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
            Statement::DeviceChanged(other) => {
                ("changed what the device ", known.school().device_name(other), " is for")
            }
            Statement::DeviceRemoved(other) => ("took the device ", known.school().device_name(other), " out"),
            Statement::Suspended(other) => ("held the device ", known.school().device_name(other), " back"),
            Statement::Freed(other) => ("let the device ", known.school().device_name(other), " go on"),
            Statement::Adopted(1) => ("accepted an entry that had been held back", String::new(), ""),
            Statement::Adopted(entries) => ("accepted ", entries.to_string(), " entries that had been held back"),
            Statement::Renewed(_) => ("made new keys, in place of those on a lost device", String::new(), ""),
            Statement::EraseOrdered(1) => ("ordered that a record is erased in seven days", String::new(), ""),
            Statement::EraseOrdered(many) => ("ordered that ", many.to_string(), " records are erased in seven days"),
            Statement::EraseSigned => ("signed an order to erase records, as the second person", String::new(), ""),
            Statement::EraseUndone => ("undid an order to erase records", String::new(), ""),
            Statement::Held(1) => ("held a record: nobody erases it", String::new(), ""),
            Statement::Held(many) => ("held ", many.to_string(), " records: nobody erases them"),
            Statement::HoldLifted => ("lifted a hold on records", String::new(), ""),
            Statement::Erased(_) => {
                ("destroyed what was ordered to be erased, as this device has it", String::new(), "")
            }
        };
        let (person, before) =
            if by_cards { (None, format!("with two recovery cards: {before}")) } else { (person, before.to_owned()) };
        let names = crate::names::fold(&whom);
        let other =
            !is_of(wanted, origin.at, person, device) || (!about.is_empty() && !crate::names::matches(about, &names));
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
