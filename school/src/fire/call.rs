//! What a roll call says: a pure function of the set of its facts.
//!
//! People are *to find* until somebody says something of them. Statements that disagree show as *check* and count
//! as not found until a person settles them by naming them. A statement replaces only what its own seat said; a
//! settlement replaces what it names; a settlement taken back replaces nothing any more. So nobody reported missing
//! by anyone becomes found without somebody saying so and naming that report.

use crate::facts;
use crate::facts::roll_call::{CallFact, Ended, Kind, Listed, Statement, Withdrawn};
use crate::ids::Who;
use muster_core::document::fact::{FactRef, Facts, Origin};
use std::collections::{BTreeMap, BTreeSet};

/// What shows for one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Statements disagree.
    Check,
    /// Somebody looked and did not find them.
    NotFound,
    /// Nobody has said anything.
    ToFind,
    /// At a refuge point, waiting for help.
    AtRefuge,
    /// Seen safe.
    Found,
    /// Not here today, by somebody's word.
    NotHere,
}

/// A statement or settlement that stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Its name.
    pub name: FactRef,
    /// What it says.
    pub says: Statement,
    /// Where, or why.
    pub place: String,
    /// A claimed name.
    pub marshal: String,
    /// Who and when.
    pub origin: Origin,
    /// It settles others.
    pub settles: bool,
}

/// One person of a roll call.
#[derive(Clone, Debug, PartialEq)]
pub struct Called {
    /// Who.
    pub who: Who,
    /// Names, group, last known place.
    pub listed: Listed,
    /// What shows.
    pub standing: Standing,
    /// What stands, in the order of the facts' names.
    pub said: Vec<Said>,
    /// Added during the call.
    pub added: bool,
}

/// The counts. `found + not_here + to_find() == total`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Everybody on the list, those added too.
    pub total: u32,
    /// Seen safe, or at a refuge point.
    pub found: u32,
    /// Of those found: at a refuge point, waiting for help.
    pub at_refuge: u32,
    /// Not here today, by somebody's word.
    pub not_here: u32,
    /// Looked for and not found.
    pub not_found: u32,
    /// Statements disagree.
    pub check: u32,
    /// Nobody has said anything.
    pub unseen: u32,
}

impl Counts {
    /// Not yet found, not found and check.
    pub fn to_find(&self) -> u32 {
        self.not_found + self.check + self.unseen
    }
}

/// A roll call.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Drill, real or kept inside. A call begun twice as different kinds is real.
    pub kind: Kind,
    /// The site's name.
    pub site: String,
    /// Who began it and when; the earliest, if more than one did.
    pub started: Option<Origin>,
    /// Who ended it and when; the earliest.
    pub ended: Option<(Origin, Ended)>,
    /// Everybody: check first, then not found, to find, at refuge, found, not here; by name.
    pub people: Vec<Called>,
    /// When the newest evidence of the newest snapshot was, in milliseconds since 1970 UTC.
    pub as_of_ms: Option<i64>,
    /// What the participants knew to be missing.
    pub gaps: Vec<String>,
    /// Who took part, with the time of the last word of each and the names claimed.
    pub marshals: BTreeMap<muster_core::id::SeatId, (Origin, BTreeSet<String>)>,
}

impl Call {
    /// The counts.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for person in &self.people {
            counts.total += 1;
            match person.standing {
                Standing::Check => counts.check += 1,
                Standing::NotFound => counts.not_found += 1,
                Standing::ToFind => counts.unseen += 1,
                Standing::NotHere => counts.not_here += 1,
                Standing::Found => counts.found += 1,
                Standing::AtRefuge => {
                    counts.found += 1;
                    counts.at_refuge += 1;
                }
            }
        }
        counts
    }

    /// One person.
    pub fn person(&self, who: Who) -> Option<&Called> {
        self.people.iter().find(|person| person.who == who)
    }
}

/// A word about somebody, before it is known whether it stands.
struct Word {
    name: FactRef,
    says: Option<Statement>,
    place: String,
    marshal: String,
    origin: Origin,
    settles: bool,
    names: Vec<FactRef>,
}

/// Works out a roll call; `None` when nothing of it begins it or lists anybody.
pub fn evaluate(held: &Facts) -> Option<Call> {
    let mut kinds = BTreeSet::new();
    let mut site = String::new();
    let mut started: Option<Origin> = None;
    let mut ended: Option<(Origin, FactRef, Ended)> = None;
    let mut listed: BTreeMap<Who, (FactRef, Listed, bool)> = BTreeMap::new();
    let mut words: BTreeMap<Who, Vec<Word>> = BTreeMap::new();
    let mut as_of_ms = None;
    let mut gaps = BTreeSet::new();
    let mut marshals: BTreeMap<_, (Origin, BTreeSet<String>)> = BTreeMap::new();
    for read in facts::all::<CallFact>(held) {
        let (name, origin) = (read.held.name, *read.held.origin);
        let names = read.held.fact.supersedes.clone();
        let mut take_part = |claimed: &str| {
            let entry = marshals.entry(origin.seat).or_insert_with(|| (origin, BTreeSet::new()));
            if entry.0.at < origin.at {
                entry.0 = origin;
            }
            if !claimed.is_empty() {
                entry.1.insert(claimed.to_owned());
            }
        };
        match read.value {
            CallFact::Started(start) => {
                take_part("");
                kinds.insert(start.kind);
                if started.is_none_or(|held| (origin.at, origin.seat) < (held.at, held.seat)) {
                    started = Some(origin);
                    site = start.site;
                }
            }
            CallFact::Snapshot(snapshot) => {
                as_of_ms = as_of_ms.max(Some(snapshot.as_of_ms));
                if !snapshot.gaps.is_empty() {
                    gaps.insert(snapshot.gaps);
                }
                for person in snapshot.people {
                    let entry = listed.entry(person.who).or_insert_with(|| (name, person.clone(), false));
                    // The same person in several lists: an uncertain word first, then the smaller name.
                    if (person.certain, name) < (entry.1.certain, entry.0) {
                        *entry = (name, person, false);
                    }
                }
            }
            CallFact::Stranger(stranger) => {
                take_part(&stranger.marshal);
                let who = Who::Stranger(stranger.id);
                let person = Listed {
                    who,
                    surname: stranger.name,
                    forename: String::new(),
                    group: "Added".to_owned(),
                    line: "Added in the roll call".to_owned(),
                    help: Vec::new(),
                    certain: true,
                };
                let entry = listed.entry(who).or_insert_with(|| (name, person.clone(), true));
                if name < entry.0 {
                    *entry = (name, person, true);
                }
            }
            CallFact::Sighting(sighting) => {
                take_part(&sighting.marshal);
                words.entry(sighting.who).or_default().push(Word {
                    name,
                    says: Some(sighting.says),
                    place: sighting.place,
                    marshal: sighting.marshal,
                    origin,
                    settles: false,
                    names,
                });
            }
            CallFact::Settled(settled) => {
                take_part(&settled.marshal);
                words.entry(settled.who).or_default().push(Word {
                    name,
                    says: Some(settled.says),
                    place: settled.note,
                    marshal: settled.marshal,
                    origin,
                    settles: true,
                    names,
                });
            }
            CallFact::Withdrawn(Withdrawn { who }) => {
                take_part("");
                words.entry(who).or_default().push(Word {
                    name,
                    says: None,
                    place: String::new(),
                    marshal: String::new(),
                    origin,
                    settles: false,
                    names,
                });
            }
            CallFact::Ended(end) => {
                take_part("");
                if ended.as_ref().is_none_or(|(held, held_name, _)| (origin.at, name) < (held.at, *held_name)) {
                    ended = Some((origin, name, end));
                }
            }
            CallFact::Unknown { .. } => {}
        }
    }
    // A word about somebody on no list that came: they are called all the same.
    for (who, said) in &words {
        if let Some(first) = said.first() {
            listed.entry(*who).or_insert_with(|| (first.name, unlisted(*who), false));
        }
    }
    if started.is_none() && listed.is_empty() {
        return None;
    }
    let mut people: Vec<Called> = listed
        .into_iter()
        .map(|(who, (_, listed, added))| {
            let said = words.get(&who).map_or_else(Vec::new, |words| standing_words(words));
            Called { who, listed, standing: standing(&said), said, added }
        })
        .collect();
    people.sort_by_cached_key(|one| {
        (one.standing, crate::names::sort_key(&one.listed.surname, &one.listed.forename), one.who)
    });
    let kind = match (kinds.len(), kinds.first()) {
        (1, Some(kind)) => *kind,
        (0, _) => Kind::Real,
        _ if kinds.contains(&Kind::Real) => Kind::Real,
        _ if kinds.contains(&Kind::Lockdown) => Kind::Lockdown,
        _ => Kind::KeptInside,
    };
    Some(Call {
        kind,
        site,
        started,
        ended: ended.map(|(origin, _, end)| (origin, end)),
        people,
        as_of_ms,
        gaps: gaps.into_iter().collect(),
        marshals,
    })
}

/// The words of one seat about somebody that the same seat has not replaced: what its next word replaces.
pub fn own_words(held: &Facts, seat: muster_core::id::SeatId, who: Who) -> Vec<FactRef> {
    let mut own = Vec::new();
    let mut replaced = BTreeSet::new();
    for read in facts::all::<CallFact>(held).filter(|read| read.held.origin.seat == seat) {
        let about = match &read.value {
            CallFact::Sighting(one) => one.who,
            CallFact::Settled(one) => one.who,
            CallFact::Withdrawn(one) => one.who,
            _ => continue,
        };
        if about == who {
            own.push(read.held.name);
            replaced.extend(read.held.fact.supersedes.iter().copied());
        }
    }
    own.retain(|name| !replaced.contains(name));
    own.truncate(muster_core::limits::SUPERSEDED_PER_FACT);
    own
}

/// Whether a seat has given its list.
pub fn has_joined(held: &Facts, seat: muster_core::id::SeatId) -> bool {
    facts::all::<CallFact>(held)
        .any(|read| read.held.origin.seat == seat && matches!(read.value, CallFact::Snapshot(_)))
}

fn unlisted(who: Who) -> Listed {
    Listed {
        who,
        surname: "Somebody whose name has not reached this device".to_owned(),
        forename: String::new(),
        group: String::new(),
        line: "On a list that has not reached this device".to_owned(),
        help: Vec::new(),
        certain: false,
    }
}

/// The words about one person that nothing replaces, by the rules of the module.
fn standing_words(words: &[Word]) -> Vec<Said> {
    let by_name: BTreeMap<FactRef, &Word> = words.iter().map(|word| (word.name, word)).collect();
    let honoured = |word: &&Word, target: &FactRef| {
        by_name.get(target).is_some_and(|other| word.settles || word.origin.seat == other.origin.seat)
    };
    // A settlement that its own seat took back, or spoke over, settles nothing any more: what it had named stands
    // again, or a report that somebody is missing could go without anybody answering it.
    let mut taken_back = BTreeSet::new();
    for word in words.iter().filter(|word| !word.settles) {
        taken_back.extend(word.names.iter().filter(|target| honoured(&word, target)).copied());
    }
    let mut replaced = BTreeSet::new();
    for word in words {
        if word.settles && taken_back.contains(&word.name) {
            continue;
        }
        replaced.extend(word.names.iter().filter(|target| honoured(&word, target)).copied());
    }
    by_name
        .values()
        .filter(|word| !replaced.contains(&word.name))
        .filter_map(|word| {
            Some(Said {
                name: word.name,
                says: word.says?,
                place: word.place.clone(),
                marshal: word.marshal.clone(),
                origin: word.origin,
                settles: word.settles,
            })
        })
        .collect()
}

fn standing(said: &[Said]) -> Standing {
    let has = |wanted: Statement| said.iter().any(|one| one.says == wanted);
    let located = has(Statement::Found) || has(Statement::AtRefuge);
    match (located, has(Statement::NotFound), has(Statement::NotHere)) {
        (false, false, false) => Standing::ToFind,
        (true, false, false) if has(Statement::AtRefuge) => Standing::AtRefuge,
        (true, false, false) => Standing::Found,
        (false, true, false) => Standing::NotFound,
        (false, false, true) => Standing::NotHere,
        _ => Standing::Check,
    }
}
