//! The second opinion: a roll call and a register, worked out the slow and simple way from the rules as they are
//! written down, with no look at the code that shows them.
//!
//! Every fact is put into one list; then each rule is applied to the whole list, one rule at a time.

pub mod sheet;
pub mod year;

use muster_core::document::fact::{FactRef, Facts};
use muster_core::id::{DocumentId, SeatId};
use muster_school::calendar::{self, Session};
use muster_school::codes::{Code, Codes, OnSite};
use muster_school::facts::register::{Amendment, Cleared, Imported, Mark as MarkFact, RegisterFact};
use muster_school::facts::roll::{RollFact, Seen, Way};
use muster_school::facts::roll_call::{CallFact, Statement};
use muster_school::facts::{self, documents};
use muster_school::fire::call::Standing;
use muster_school::ids::{PupilId, Who};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One word about one person.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) name: FactRef,
    pub(crate) who: Who,
    pub(crate) seat: SeatId,
    /// `None` where a word is taken back.
    pub(crate) says: Option<Statement>,
    pub(crate) settles: bool,
    /// The words that it replaces.
    pub(crate) names: Vec<FactRef>,
}

/// What shows for everybody in a roll call.
///
/// Everybody on a list, everybody added and everybody spoken of is called. A word is gone when a later word of its
/// own seat names it, or a settlement names it that its own seat has not taken back. Nobody spoken of: to find. One
/// kind of word: that. Two kinds: check, except that found and at refuge is at refuge.
pub fn roll_call(held: &Facts) -> BTreeMap<Who, Standing> {
    let mut called: BTreeSet<Who> = BTreeSet::new();
    let mut words: Vec<Word> = Vec::new();
    for read in facts::all::<CallFact>(held) {
        let (name, seat, names) = (read.held.name, read.held.origin.seat, read.held.fact.supersedes.clone());
        let (who, says, settles) = match read.value {
            CallFact::Snapshot(list) => {
                called.extend(list.people.iter().map(|person| person.who));
                continue;
            }
            CallFact::Stranger(stranger) => {
                called.insert(Who::Stranger(stranger.id));
                continue;
            }
            CallFact::Sighting(said) => (said.who, Some(said.says), false),
            CallFact::Settled(said) => (said.who, Some(said.says), true),
            CallFact::Withdrawn(said) => (said.who, None, false),
            // They say nothing of anybody.
            CallFact::Started(_)
            | CallFact::Ended(_)
            | CallFact::Resumed(_)
            | CallFact::Joined(_)
            | CallFact::Parted(_)
            | CallFact::Timed(_)
            | CallFact::Learned(_)
            | CallFact::Signed(_)
            | CallFact::Unknown { .. } => continue,
        };
        called.insert(who);
        words.push(Word { name, who, seat, says, settles, names });
    }
    called.into_iter().map(|who| (who, standing(&words, who))).collect()
}

/// What shows for one person by all words: see [`roll_call`].
pub(crate) fn standing(words: &[Word], who: Who) -> Standing {
    let mut of_person: Vec<&Word> = words.iter().filter(|word| word.who == who).collect();
    of_person.sort_by_key(|word| word.name);
    let mut stand: Vec<&Word> = Vec::new();
    for word in &of_person {
        let own_later =
            of_person.iter().any(|later| !later.settles && later.seat == word.seat && later.names.contains(&word.name));
        let settled = of_person.iter().any(|settlement| {
            let taken_back = of_person
                .iter()
                .any(|later| !later.settles && later.seat == settlement.seat && later.names.contains(&settlement.name));
            settlement.settles && settlement.names.contains(&word.name) && !taken_back
        });
        if !own_later && !settled {
            stand.push(word);
        }
    }
    let said: BTreeSet<Statement> = stand.iter().filter_map(|word| word.says).collect();
    match said.into_iter().collect::<Vec<_>>().as_slice() {
        [] => Standing::ToFind,
        [Statement::Found] => Standing::Found,
        [Statement::NotFound] => Standing::NotFound,
        [Statement::NotHere] => Standing::NotHere,
        [Statement::AtRefuge] | [Statement::Found, Statement::AtRefuge] => Standing::AtRefuge,
        _ => Standing::Check,
    }
}

/// What shows for a pupil and a session.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The mark that shows: its name, code and minutes.
    pub shown: Option<(FactRef, Option<Code>, Option<u16>)>,
    /// Every mark that nothing replaces.
    pub standing: BTreeSet<FactRef>,
    /// They say different things.
    pub conflict: bool,
}

/// A mark with what decides which one shows.
struct Candidate {
    name: FactRef,
    code: Option<Code>,
    minutes: Option<u16>,
    amendment: bool,
    names: Vec<FactRef>,
}

/// Works out a pupil's mark in a session over every register there is. `whose` has the pupil, and the children on no
/// list who turned out to be that pupil.
///
/// A mark is gone when another of the same pupil, session and register names it. Of those that stand: one with a
/// code before one taken back, an amendment before a mark, the one at the end of the longest chain, the greatest
/// name.
pub fn mark(registers: &[(&DocumentId, &Arc<Facts>)], whose: &[PupilId], session: Session) -> Mark {
    let mut standing: Vec<(Candidate, u32)> = Vec::new();
    for (document, held) in registers {
        let mut all: Vec<Candidate> = Vec::new();
        for read in facts::all::<RegisterFact>(held) {
            let (of, place, code, minutes, amendment) = match &read.value {
                RegisterFact::Mark(MarkFact { pupil, session, code, minutes })
                | RegisterFact::Imported(Imported(MarkFact { pupil, session, code, minutes })) => {
                    (*pupil, *session, Some(*code), *minutes, false)
                }
                RegisterFact::Amendment(Amendment { pupil, session, code, minutes, .. }) => {
                    (*pupil, *session, *code, *minutes, true)
                }
                RegisterFact::Cleared(Cleared { pupil, session }) => (*pupil, *session, None, None, false),
                RegisterFact::Finished(_) | RegisterFact::Covered(_) | RegisterFact::Unknown { .. } => continue,
            };
            if whose.contains(&of) && documents::register_session(document, place) == Some(session) {
                let (name, names) = (read.held.name, read.held.fact.supersedes.clone());
                all.push(Candidate { name, code, minutes, amendment, names });
            }
        }
        let gone: BTreeSet<FactRef> = all.iter().flat_map(|one| one.names.iter().copied()).collect();
        let depths: Vec<u32> = all.iter().map(|one| chain(held, one.name)).collect();
        standing.extend(all.into_iter().zip(depths).filter(|(one, _)| !gone.contains(&one.name)));
    }
    let key = |(one, depth): &(Candidate, u32)| (one.code.is_some(), one.amendment, *depth, one.name);
    standing.sort_by_key(key);
    let said: BTreeSet<(Option<Code>, Option<u16>)> = standing
        .iter()
        .filter(|(one, _)| one.code.is_some() || one.amendment)
        .map(|(one, _)| (one.code, one.minutes))
        .collect();
    let last = standing.last().filter(|(one, _)| one.code.is_some());
    Mark {
        shown: last.map(|(one, _)| (one.name, one.code, one.minutes)),
        standing: standing.iter().map(|(one, _)| one.name).collect(),
        conflict: said.len() > 1,
    }
}

/// The pupils about whom a day's roll has any word at all that could have them away from the site: a mark that says
/// away or off site, or a sign-out. Nobody else may ever be left off the list to call.
pub fn perhaps_away(roll: &Facts) -> BTreeSet<PupilId> {
    let mut away = BTreeSet::new();
    for read in facts::all::<RollFact>(roll) {
        match read.value {
            RollFact::Marks(marks) => {
                away.extend(marks.seen.iter().filter(|(_, seen)| is_away(*seen)).map(|(pupil, _)| *pupil));
            }
            RollFact::Row(row) => {
                let Some(RollFact::Expected(list)) = roll.get(&row.list).and_then(facts::read).map(|list| list.value)
                else {
                    continue;
                };
                for (person, seen) in list.people.iter().zip(&row.seen) {
                    if let (Who::Pupil(pupil), Some(seen)) = (person.who, seen)
                        && is_away(*seen)
                    {
                        away.insert(pupil);
                    }
                }
            }
            RollFact::Sign(sign) if sign.way == Way::Out => {
                if let Who::Pupil(pupil) = sign.who {
                    away.insert(pupil);
                }
            }
            _ => {}
        }
    }
    away
}

fn is_away(seen: Seen) -> bool {
    matches!(seen, Seen::Away | Seen::OffSite)
}

/// Whether marks that stand have a pupil both here and away, by authors whose clocks showed the session's day (only
/// then does a mark say where somebody is).
pub fn is_torn(registers: &[(&DocumentId, &Arc<Facts>)], pupil: PupilId, session: Session) -> bool {
    let standing = mark(registers, &[pupil], session).standing;
    let codes = Codes::of_law();
    let mut bodies = BTreeSet::new();
    for (_, held) in registers {
        for read in facts::all::<RegisterFact>(held).filter(|read| standing.contains(&read.held.name)) {
            let info = read.value.code().and_then(|code| codes.ever(code, session.day));
            if calendar::local(read.held.origin.at).day == session.day
                && let Some(info) = info
            {
                bodies.insert(match info.on_site {
                    OnSite::Yes | OnSite::Arrival => "here",
                    OnSite::No => "away",
                    OnSite::Unknown => "unknown",
                });
            }
        }
    }
    bodies.contains("here") && bodies.contains("away")
}

/// The length of the longest chain of replaced facts below one, by walking every path.
fn chain(held: &Facts, name: FactRef) -> u32 {
    let Some(one) = held.get(&name) else { return 0 };
    let below = one.fact.supersedes.iter().filter(|below| held.get(below).is_some());
    below.map(|below| 1 + chain(held, *below)).max().unwrap_or(0)
}
