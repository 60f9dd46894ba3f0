//! What a roll call says: a pure function of the set of its facts.
//!
//! People are *to find* until somebody says something of them. Statements that disagree show as *check* and count
//! as not found until a person settles them by naming them. A statement replaces only what its own seat said; a
//! settlement replaces what it names; a settlement taken back replaces nothing any more. So nobody reported missing
//! by anyone becomes found without somebody saying so and naming that report.

mod clocks;
mod heard;
pub mod joined;
mod lines;
pub mod report;
mod standing;
pub mod urgency;

use crate::calendar;
use crate::facts;
use crate::facts::roll_call::{CallFact, Ended, Kind, Listed, Point, Statement};
use crate::ids::Who;
use heard::Heard;
use muster_core::document::fact::{FactRef, Facts, Origin};
use muster_core::time::Moment;
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

/// What a person settled where statements disagreed.
#[derive(Clone, Debug, PartialEq)]
pub struct Settlement {
    /// What they said, and who and when.
    pub by: Said,
    /// What they answered with it, in the order of time.
    pub over: Vec<Said>,
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
    /// Since when they are accounted for with nothing against it; `None` while they are not.
    pub accounted: Option<Moment>,
    /// What stands, in the order of the facts' names.
    pub said: Vec<Said>,
    /// What was settled about them, the first first.
    pub settled: Vec<Settlement>,
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
    /// Who ended it and when: the earliest, and of several joined ones the last of these, once each is ended.
    pub ended: Option<(Origin, Ended)>,
    /// When the alarm went, the building was clear, all was clear: who said so, and a name they claimed.
    pub times: BTreeMap<Point, (Origin, String)>,
    /// Everybody: check first, then not found, to find, at refuge, found, not here; by name.
    pub people: Vec<Called>,
    /// When the newest evidence of the newest snapshot was, in milliseconds since 1970 UTC.
    pub as_of_ms: Option<i64>,
    /// What the participants knew to be missing.
    pub gaps: Vec<String>,
    /// Who took part, with the time of the last word of each and the names claimed.
    pub marshals: BTreeMap<muster_core::id::SeatId, (Origin, BTreeSet<String>)>,
    /// When anything was written of it, by whichever clock: the earliest and the latest.
    pub written: Option<(Moment, Moment)>,
    /// Whoever began it held evidence that was newer than their own clock.
    pub begun_behind: bool,
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

    /// When everybody was accounted for: the last time that somebody was found, or said not to be here, with nothing
    /// against it since. `None` while somebody is to find, or where nobody is on the list.
    pub fn all_accounted(&self) -> Option<Moment> {
        if self.people.is_empty() || self.counts().to_find() > 0 {
            return None;
        }
        self.people.iter().filter_map(|person| person.accounted).max()
    }

    /// Whole minutes from the start to a moment; 0 where the start is not known, or later by the clocks. Where words
    /// were written before the start, by the clocks, these count from the first of them.
    pub fn minutes(&self, now: Moment) -> i64 {
        let Some(started) = self.started.map(|origin| origin.at.utc_ms) else { return 0 };
        let first = self.written.map_or(started, |(first, _)| first.utc_ms);
        let begun = if first < started - clocks::DRIFT_MS { first } else { started };
        now.utc_ms.saturating_sub(begun).max(0) / 60_000
    }

    /// Whole minutes from the alarm until everybody was accounted for; `None` too where the clocks of the devices differ,
    /// or half a day lies between, so that nobody can say.
    pub fn minutes_to_all(&self) -> Option<i64> {
        let (alarm, all) = (self.alarm()?, self.all_accounted()?);
        if self.is_outside([alarm, all]) {
            return None;
        }
        Some(all.utc_ms.saturating_sub(alarm.utc_ms).max(0) / 60_000)
    }

    /// When the alarm went: as somebody said, or when the roll call began.
    pub fn alarm(&self) -> Option<Moment> {
        let said = self.times.get(&Point::Alarm).map(|(origin, _)| origin.at);
        said.or_else(|| self.started.map(|origin| origin.at))
    }

    /// One person.
    pub fn person(&self, who: Who) -> Option<&Called> {
        self.people.iter().find(|person| person.who == who)
    }
}

/// Works out a roll call; `None` when nothing of it begins it or lists anybody.
pub fn evaluate(held: &Facts) -> Option<Call> {
    evaluate_all(&[held])
}

/// As [`evaluate`], over the facts of several that were joined: of the set alone, in whatever order they are given.
pub fn evaluate_all(documents: &[&Facts]) -> Option<Call> {
    let mut heard = Heard::default();
    for held in documents {
        heard.document(held);
    }
    let begun_behind = heard.begun_behind();
    let Heard { kinds, started, ends, mut listed, mut words, times, as_of_ms, gaps, marshals, written, .. } = heard;
    // A word about somebody on no list that came: they are called all the same.
    for (who, said) in &words {
        if let Some(first) = said.first() {
            let line = || heard::Line { as_of_ms: 0, name: first.name, listed: unlisted(*who), added: None };
            listed.entry(*who).or_insert_with(|| vec![line()]);
        }
    }
    if started.is_none() && listed.is_empty() {
        return None;
    }
    let begun = started.as_ref().map(|(origin, ..)| calendar::local(origin.at).day);
    let mut people: Vec<Called> = listed
        .into_iter()
        .filter_map(|(who, lines)| {
            let words = words.get_mut(&who).map_or(&mut [][..], Vec::as_mut_slice);
            let said = standing::standing_words(words);
            // Added by mistake, and nobody says anything of them.
            if said.is_empty() && lines.iter().all(|line| line.is_taken_back(words)) {
                return None;
            }
            let (listed, added) = lines::together(lines, begun)?;
            Some(Called {
                who,
                listed,
                standing: standing::standing(&said),
                accounted: standing::accounted(words),
                said,
                settled: standing::settlements(words),
                added,
            })
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
    let ended: Option<Vec<_>> = ends.into_iter().collect();
    let last = ended.and_then(|ends| ends.into_iter().max_by_key(|(origin, name, _)| (origin.at, *name)));
    Some(Call {
        kind,
        started: started.as_ref().map(|(origin, ..)| *origin),
        site: started.map_or_else(String::new, |(_, _, site)| site),
        ended: last.map(|(origin, _, end)| (origin, end)),
        times: times.into_iter().map(|(what, (origin, _, marshal))| (what, (origin, marshal))).collect(),
        people,
        as_of_ms,
        gaps: gaps.into_iter().collect(),
        marshals,
        written,
        begun_behind,
    })
}

/// The words of one seat about somebody that the same seat has not replaced: what its next word replaces.
pub fn own_words(held: &Facts, seat: muster_core::id::SeatId, who: Who) -> Vec<FactRef> {
    own_words_among(&[held], seat, who)
}

/// What the next sighting of a seat replaces, over several that were joined: its own words, and those of its own that
/// a settlement of its own had answered, which would else stand again beside the new one.
pub(crate) fn replaced_by_next(documents: &[&Facts], seat: muster_core::id::SeatId, who: Who) -> Vec<FactRef> {
    let mut names = own_words_among(documents, seat, who);
    let own = |name: &FactRef| {
        let read = documents.iter().find_map(|held| facts::read::<CallFact>(held.get(name)?))?;
        (read.held.origin.seat == seat).then_some((read.value, read.held.fact.supersedes.clone()))
    };
    let settled: Vec<FactRef> = names
        .iter()
        .filter_map(own)
        .filter(|(value, _)| matches!(value, CallFact::Settled(_)))
        .flat_map(|(_, answered)| answered)
        .filter(|name| own(name).is_some())
        .collect();
    names.extend(settled);
    names.sort_unstable();
    names.dedup();
    names.truncate(muster_core::limits::SUPERSEDED_PER_FACT);
    names
}

/// As [`own_words`], over several that were joined.
pub fn own_words_among(documents: &[&Facts], seat: muster_core::id::SeatId, who: Who) -> Vec<FactRef> {
    let mut own = Vec::new();
    let mut replaced = BTreeSet::new();
    let all = documents.iter().flat_map(|held| facts::all::<CallFact>(held));
    for read in all.filter(|read| read.held.origin.seat == seat) {
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

/// The facts by which a seat added somebody by hand.
pub(crate) fn added_by(held: &Facts, seat: muster_core::id::SeatId, who: Who) -> Vec<FactRef> {
    let all = facts::all::<CallFact>(held).filter(|read| read.held.origin.seat == seat);
    all.filter(|read| matches!(&read.value, CallFact::Stranger(one) if Who::Stranger(one.id) == who))
        .map(|read| read.held.name)
        .collect()
}

/// Whether a seat has given its list.
pub fn has_joined(held: &Facts, seat: muster_core::id::SeatId) -> bool {
    facts::all::<CallFact>(held)
        .any(|read| read.held.origin.seat == seat && matches!(read.value, CallFact::Snapshot(_)))
}

fn unlisted(who: Who) -> Listed {
    Listed {
        who,
        surname: crate::fire::NAMELESS.to_owned(),
        forename: String::new(),
        group: String::new(),
        line: "On a list that has not reached this device".to_owned(),
        help: Vec::new(),
        certain: false,
    }
}
