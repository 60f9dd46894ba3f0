//! Reads the facts of a roll call, or of several that were joined, into what is weighed.

use super::{FactRef, Facts, Kind, Listed, Origin, Point, Statement, Who};
use crate::facts;
use crate::facts::roll_call::{CallFact, Ended, Sighting, Withdrawn};
use muster_core::id::SeatId;
use muster_core::time::Moment;
use std::collections::{BTreeMap, BTreeSet};

/// A word about somebody, before it is known whether it stands.
pub(super) struct Word {
    pub(super) name: FactRef,
    pub(super) says: Option<Statement>,
    pub(super) place: String,
    pub(super) marshal: String,
    pub(super) origin: Origin,
    pub(super) settles: bool,
    pub(super) names: Vec<FactRef>,
}

/// What one list says of somebody.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// When the newest evidence of the list was, in milliseconds since 1970 UTC; 0 for a person added by hand.
    pub(super) as_of_ms: i64,
    pub(super) name: FactRef,
    pub(super) listed: Listed,
    /// Who added them by hand, where somebody did.
    pub(super) added: Option<SeatId>,
}

impl Line {
    /// Whether whoever added them took that back.
    pub(super) fn is_taken_back(&self, words: &[Word]) -> bool {
        let by = |word: &Word| word.says.is_none() && Some(word.origin.seat) == self.added;
        words.iter().any(|word| by(word) && word.names.contains(&self.name))
    }
}

type End = (Origin, FactRef, Ended);

/// What was heard so far. Nothing in it depends on the order in which documents are read.
#[derive(Default)]
pub(super) struct Heard {
    pub(super) kinds: BTreeSet<Kind>,
    /// The earliest beginning, its name, and the site's.
    pub(super) started: Option<(Origin, FactRef, String)>,
    /// How each document ended, by the earliest word of it that nobody took back by going on.
    pub(super) ends: Vec<Option<End>>,
    /// What each list says of each person, and the list's age.
    pub(super) listed: BTreeMap<Who, Vec<Line>>,
    pub(super) words: BTreeMap<Who, Vec<Word>>,
    pub(super) times: BTreeMap<Point, (Origin, FactRef, String)>,
    pub(super) as_of_ms: Option<i64>,
    pub(super) gaps: BTreeSet<String>,
    /// Who took part, with the time of the last word of each and the names claimed.
    pub(super) marshals: BTreeMap<SeatId, (Origin, BTreeSet<String>)>,
    /// When the first and the last word was written, by whichever clock; what comes after the end is none of them.
    pub(super) written: Option<(Moment, Moment)>,
    /// The seat, the time and the age of the list of each snapshot.
    snapshots: BTreeSet<(SeatId, Moment, i64)>,
}

impl Heard {
    /// Reads one document.
    pub(super) fn document(&mut self, held: &Facts) {
        let mut ends: Vec<End> = Vec::new();
        let mut resumed: BTreeSet<FactRef> = BTreeSet::new();
        for read in facts::all::<CallFact>(held) {
            let (name, origin) = (read.held.name, *read.held.origin);
            let names = read.held.fact.supersedes.clone();
            match read.value {
                CallFact::Started(start) => {
                    self.takes_part(&origin, "");
                    self.kinds.insert(start.kind);
                    let later = |held: &(Origin, FactRef, String)| (origin.at, name) < (held.0.at, held.1);
                    if self.started.as_ref().is_none_or(later) {
                        self.started = Some((origin, name, start.site));
                    }
                }
                CallFact::Snapshot(snapshot) => {
                    self.writes(origin.at);
                    self.snapshots.insert((origin.seat, origin.at, snapshot.as_of_ms));
                    self.as_of_ms = self.as_of_ms.max(Some(snapshot.as_of_ms));
                    if !snapshot.gaps.is_empty() {
                        self.gaps.insert(snapshot.gaps);
                    }
                    for person in snapshot.people {
                        self.lists(person.who, Line { as_of_ms: snapshot.as_of_ms, name, listed: person, added: None });
                    }
                }
                CallFact::Stranger(stranger) => {
                    self.takes_part(&origin, &stranger.marshal);
                    self.adds(name, origin.seat, Who::Stranger(stranger.id), stranger.name);
                }
                CallFact::Sighting(Sighting { who, says, place, marshal }) => {
                    self.takes_part(&origin, &marshal);
                    self.says(who, Word { name, says: Some(says), place, marshal, origin, settles: false, names });
                }
                CallFact::Settled(one) => {
                    self.takes_part(&origin, &one.marshal);
                    let (says, place, marshal) = (Some(one.says), one.note, one.marshal);
                    self.says(one.who, Word { name, says, place, marshal, origin, settles: true, names });
                }
                CallFact::Withdrawn(Withdrawn { who }) => {
                    self.takes_part(&origin, "");
                    let (place, marshal) = (String::new(), String::new());
                    self.says(who, Word { name, says: None, place, marshal, origin, settles: false, names });
                }
                CallFact::Ended(said) => {
                    self.takes_part(&origin, "");
                    ends.push((origin, name, said));
                }
                CallFact::Resumed(_) => {
                    self.takes_part(&origin, "");
                    resumed.extend(names);
                }
                CallFact::Timed(timed) => {
                    self.takes_part(&origin, &timed.marshal);
                    self.is_time(timed.what, origin, name, timed.marshal);
                }
                CallFact::Joined(_)
                | CallFact::Parted(_)
                | CallFact::Learned(_)
                | CallFact::Signed(_)
                | CallFact::Unknown { .. } => {}
            }
        }
        ends.retain(|(_, name, _)| !resumed.contains(name));
        self.ends.push(ends.into_iter().min_by_key(|(origin, name, _)| (origin.at, *name)));
    }

    /// Whether the seat that began it held evidence newer than its own clock, and somebody else's clock is as late: a
    /// mark by one clock that runs ahead says nothing of whoever takes part.
    pub(super) fn begun_behind(&self) -> bool {
        let Some((started, ..)) = &self.started else { return false };
        let drift = super::clocks::DRIFT_MS;
        let others = self.marshals.iter().filter(|(seat, _)| **seat != started.seat);
        let Some(latest) = others.map(|(_, (origin, _))| origin.at.utc_ms).max() else { return false };
        let of_the_first = self.snapshots.iter().filter(|(seat, at, _)| *seat == started.seat && *at == started.at);
        of_the_first.into_iter().any(|(_, at, as_of_ms)| *as_of_ms > at.utc_ms + drift && latest + drift >= *as_of_ms)
    }

    fn writes(&mut self, at: Moment) {
        self.written = Some(self.written.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
    }

    fn takes_part(&mut self, origin: &Origin, claimed: &str) {
        let entry = self.marshals.entry(origin.seat).or_insert_with(|| (*origin, BTreeSet::new()));
        if (entry.0.at, entry.0.sequence) < (origin.at, origin.sequence) {
            entry.0 = *origin;
        }
        if !claimed.is_empty() {
            entry.1.insert(claimed.to_owned());
        }
    }

    fn lists(&mut self, who: Who, line: Line) {
        self.listed.entry(who).or_default().push(line);
    }

    fn adds(&mut self, name: FactRef, seat: SeatId, who: Who, surname: String) {
        let listed = Listed {
            who,
            surname,
            forename: String::new(),
            group: "Added".to_owned(),
            line: "Added in the roll call".to_owned(),
            help: Vec::new(),
            certain: true,
        };
        self.lists(who, Line { as_of_ms: 0, name, listed, added: Some(seat) });
    }

    fn says(&mut self, who: Who, word: Word) {
        self.writes(word.origin.at);
        self.words.entry(who).or_default().push(word);
    }

    /// Of several words on a moment, the first on the alarm and the last on what must be over: a building is not clear
    /// because somebody thought so early.
    fn is_time(&mut self, what: Point, origin: Origin, name: FactRef, marshal: String) {
        let counts = |held: &(Origin, FactRef, String)| match what {
            Point::Alarm => (origin.at, name) < (held.0.at, held.1),
            Point::BuildingClear | Point::AllClear => (origin.at, name) > (held.0.at, held.1),
        };
        if self.times.get(&what).is_none_or(counts) {
            self.times.insert(what, (origin, name, marshal));
        }
    }
}
