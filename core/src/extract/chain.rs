//! The chain of grants: what proves, from the founding on and with no record of the school, who had which right.
//!
//! It holds the founding object, whose hash is the school's number, and whole authority logs: of those who wrote what
//! an extract was made from, of whoever made it, and of everybody who gave or took a right. They are worked out as on
//! the school's own devices: every entry is chained, every log sealed by its seat, every seat certified by its device
//! and person, every grant within what its giver had. So a statement that is missing, swapped or forged gives nobody a
//! right; it can only take one away from whoever rested on it.
//!
//! It holds ids, keys and rights, and no name; nothing of staff who neither wrote any of it nor gave a right.
//!
//! Not proven: that nothing was taken away since, by somebody whom the maker had not heard of.

use super::Extract;
use crate::authority::capability::Right;
use crate::authority::evaluate::{Statements, evaluate};
use crate::authority::line::Logs;
use crate::authority::reduction::EntryName;
use crate::authority::seat::SeatCertificate;
use crate::authority::statement::Statement;
use crate::authority::view::{Standing, View};
use crate::codec;
use crate::crypto::hash::hash;
use crate::founding::Founding;
use crate::id::{Area, DeviceId, EntryHash, FrontierId, LogId, PersonId, SchoolId, SeatId, Section};
use crate::limits;
use crate::log::entry::Entry;
use crate::log::frontier::{AuthorityFrontier, Head};
use crate::log::header::{Descriptor, Kind};
use crate::log::seal::Seal;
use crate::replica::frontiers::{Frontiers, combine};
use crate::replica::records::RecordsError;
use crate::replica::store::Store;
use crate::replica::{Replica, placed};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// An authority log, from its first entry on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainLog {
    /// Whose.
    pub seat: SeatId,
    /// Its entries, as they are kept and sent.
    pub entries: Vec<Vec<u8>>,
    /// Over the last.
    pub seal: Seal,
}

/// A list of authority heads that entries name, as what is different from the list before it here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainList {
    /// Its name.
    pub id: FrontierId,
    /// Whether it is told as a change of the one before, or whole.
    pub changes: bool,
    /// What is new or different, or all of it.
    pub heads: AuthorityFrontier,
}

/// A log that the extract was made from: whose, of which records, and the end that its seat sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorLog {
    /// Whose, and of which section.
    pub descriptor: Descriptor,
    /// The end.
    pub head: Head,
    /// By the seat, over that end.
    pub seal: Seal,
    /// Whether there are records in it; else it only says which keys others seal theirs with.
    pub facts: bool,
}

/// Each of these lets its holder write records.
const WRITES: [Right; 2] = [Right::Write, Right::Open];

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// Its hash is the school's number.
    pub founding: Founding,
    /// The lists that the entries name.
    pub lists: Vec<ChainList>,
    /// Authority logs.
    pub logs: Vec<ChainLog>,
    /// What the extract was made from.
    pub authors: Vec<AuthorLog>,
}

/// What a chain proves of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    /// They had the right.
    Proven,
    /// No certificate of the seat is there, or none that holds.
    NoSeat,
    /// The seat is certified, and nothing that leads back to the founding gives it the right.
    NoRight,
    /// The end of the log is not sealed by its seat, or is not the one that the extract names.
    NotSealed,
}

/// Who wrote a log, and what is proven of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProvenAuthor {
    /// Whose log.
    pub seat: SeatId,
    /// On which device; `None` where the seat is not proven.
    pub device: Option<DeviceId>,
    /// Who; `None` for a device by itself, and where the seat is not proven.
    pub person: Option<PersonId>,
    /// Of which records.
    pub section: Section,
    /// What.
    pub proof: Proof,
}

/// What a chain proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// Of whoever signed the extract: a right to read some of what it was made from.
    pub signer: Proof,
    /// Of whoever wrote what it was made from: the right to write there.
    pub authors: Vec<ProvenAuthor>,
    /// Authority logs that do not hold: as if they were not there.
    pub void: usize,
}

impl Chain {
    /// Its hash, which the extract's signer signs.
    pub fn hash(&self) -> [u8; 32] {
        hash("muster 1 extract chain", &[&codec::encode(self)])
    }

    pub(super) fn is_within_limits(&self) -> bool {
        self.logs.len() <= limits::AUTHORITY_LOGS && self.authors.len() <= limits::LOGS
    }
}

/// The logs of a chain that hold.
#[derive(Default)]
struct Held {
    frontiers: Frontiers,
    statements: Statements,
    lengths: BTreeMap<LogId, u64>,
}

impl Held {
    fn of(chain: &Chain) -> (Self, usize) {
        let school = chain.founding.school();
        let mut held = Self::default();
        let mut before: Option<AuthorityFrontier> = None;
        for list in &chain.lists {
            let whole = match before.take().filter(|_| list.changes) {
                Some(base) => combine(base, list.heads.clone()),
                None => list.heads.clone(),
            };
            if whole.id() == list.id && whole.is_legal() {
                held.frontiers.insert(list.id, whole.clone());
            }
            before = Some(whole);
        }
        let void = chain.logs.iter().filter(|log| held.take(log, &school).is_none()).count();
        (held, void)
    }

    /// Takes a log, if all of it holds.
    fn take(&mut self, log: &ChainLog, school: &SchoolId) -> Option<()> {
        let descriptor = Descriptor { seat: log.seat, section: Section::AUTHORITY };
        let id = descriptor.id(school);
        let mut at = Head { length: 0, hash: EntryHash::ZERO };
        let mut found = Vec::new();
        for bytes in &log.entries {
            let (entry, _) = Entry::decode(bytes).ok()?;
            let header = entry.header();
            if entry.encode(None) != *bytes
                || header.log != id
                || (Head { length: header.sequence, hash: header.previous }) != at
            {
                return None;
            }
            at = Head { length: at.length + 1, hash: entry.hash() };
            found.push(placed(descriptor.seat, &entry));
        }
        let (_, first) = found.first()?;
        let Statement::Seat(certificate) = &first.statement else { return None };
        let theirs = certificate.claim.seat() == log.seat && certificate.holds(school);
        if !theirs || !log.seal.holds(&certificate.claim.key, &id, at.length, &at.hash) {
            return None;
        }
        self.lengths.insert(id, at.length);
        self.statements.extend(found);
        Some(())
    }
}

impl Logs for Held {
    fn covers(&self, frontier: &FrontierId, log: &LogId, sequence: u64) -> bool {
        self.frontiers.covers(frontier, log, sequence)
    }

    /// A log is given up to its fork, if it has one.
    fn forked_at(&self, _: &LogId) -> Option<u64> {
        None
    }

    fn is_under(&self, entry: &EntryName, cut: &Head) -> bool {
        let Some(length) = self.lengths.get(&entry.log) else { return false };
        let Some(last) = cut.length.checked_sub(1).filter(|last| entry.sequence <= *last) else { return false };
        *length < cut.length
            || self.statements.get(&cut.hash).is_some_and(|at| at.log == entry.log && at.sequence == last)
    }
}

/// Whether a seat has a right somewhere, or had it before it was taken away.
fn has_or_had(view: &View, seat: &SeatId, gives: impl Fn(&Standing) -> bool) -> bool {
    view.grants.values().chain(view.past.values()).any(|standing| view.is_held_by(standing, seat) && gives(standing))
}

impl Extract {
    /// What the chain of grants proves of the signer and of those who wrote. Needs nothing of the school's; do
    /// [`Extract::verify`] first.
    pub fn proven(&self) -> Proven {
        let chain = &self.chain;
        if chain.founding.school() != self.claim.school {
            return Proven { signer: Proof::NoSeat, authors: Vec::new(), void: chain.logs.len() };
        }
        let (held, void) = Held::of(chain);
        let view = evaluate(&chain.founding, &held.statements, &held);
        let areas: BTreeSet<Area> = chain.authors.iter().map(|log| log.descriptor.section.compartment.area).collect();
        let authors = chain.authors.iter().map(|log| self.author(&view, log)).collect();
        Proven { signer: signer(&view, &self.certificate, &areas), authors, void }
    }

    fn author(&self, view: &View, log: &AuthorLog) -> ProvenAuthor {
        let AuthorLog { descriptor, head, seal, facts } = log;
        let compartment = descriptor.section.compartment;
        let id = descriptor.id(&self.claim.school);
        let seated = view.seats.get(&descriptor.seat);
        let named = |device: &DeviceId| {
            let of = self.claim.sources.iter().filter(|source| source.device == *device);
            of.flat_map(|source| &source.heads).any(|(log, heads)| *log == id && heads.contains(head))
        };
        let proof = match seated {
            None => Proof::NoSeat,
            Some(seat) if !named(&seat.device) || !seal.holds(&seat.key, &id, head.length, &head.hash) => {
                Proof::NotSealed
            }
            Some(_) => {
                let rights = if *facts { &WRITES[..] } else { &Right::OPENS_CASES[..] };
                let gives = |standing: &Standing| rights.iter().any(|right| standing.gives(*right, &compartment));
                if has_or_had(view, &descriptor.seat, gives) { Proof::Proven } else { Proof::NoRight }
            }
        };
        ProvenAuthor {
            seat: descriptor.seat,
            device: seated.map(|seat| seat.device),
            person: seated.and_then(|seat| seat.person).map(|(person, _)| person),
            section: descriptor.section,
            proof,
        }
    }

    /// How many logs the extract claims to be made from, of which the chain says nothing.
    pub fn unnamed(&self) -> usize {
        let school = &self.claim.school;
        let told: BTreeSet<LogId> = self.chain.authors.iter().map(|log| log.descriptor.id(school)).collect();
        self.claim.sources.iter().flat_map(|source| &source.heads).filter(|(log, _)| !told.contains(log)).count()
    }
}

fn signer(view: &View, certificate: &SeatCertificate, areas: &BTreeSet<Area>) -> Proof {
    let seat = certificate.claim.seat();
    if view.seats.get(&seat).is_none_or(|known| known.key != certificate.claim.key) {
        return Proof::NoSeat;
    }
    let reads = has_or_had(view, &seat, |standing| {
        standing.capabilities.iter().any(|one| one.right == Right::Read && areas.iter().any(|area| one.area.has(area)))
    });
    if reads { Proof::Proven } else { Proof::NoRight }
}

impl<S: Store> Replica<S> {
    /// The chain of grants for an extract that a seat makes from some sections.
    pub(super) fn chain(&self, maker: &SeatId, from: impl Fn(&Section) -> bool + Copy) -> Result<Chain, RecordsError> {
        let sections = self.logs().values().filter(|state| from(&state.descriptor.section));
        let authors: BTreeSet<SeatId> = sections.map(|state| state.descriptor.seat).chain([*maker]).collect();
        let mut logs = BTreeMap::new();
        for (id, state) in self.logs().iter().filter(|(_, state)| state.descriptor.section == Section::AUTHORITY) {
            logs.insert(state.descriptor.seat, self.sealed_part(id, state.undisputed())?);
        }
        let gives = |log: &Option<(Vec<Entry>, Seal)>| {
            log.iter().flat_map(|(entries, _)| entries).any(|entry| {
                let told = (entry.header().kind == Kind::STATEMENT).then(|| Statement::decode(entry.body()));
                !matches!(told, Some(Ok(Statement::Seat(_) | Statement::Registration(_))))
            })
        };
        let of_person = |seat: &SeatId| self.view().seats.get(seat).and_then(|seated| seated.person).map(|one| one.0);
        let told: BTreeSet<SeatId> =
            logs.iter().filter(|(seat, log)| authors.contains(seat) || gives(log)).map(|(seat, _)| *seat).collect();
        // Somebody's keys are registered on one device, and they write on others.
        let people: BTreeSet<PersonId> = told.iter().filter_map(of_person).collect();
        logs.retain(|seat, _| told.contains(seat) || of_person(seat).is_some_and(|person| people.contains(&person)));
        let mut named = BTreeSet::new();
        let mut kept = Vec::new();
        for (seat, log) in logs {
            let Some((entries, seal)) = log else { continue };
            named.extend(entries.iter().map(|entry| entry.header().authority));
            kept.push(ChainLog { seat, entries: entries.iter().map(|entry| entry.encode(None)).collect(), seal });
        }
        Ok(Chain {
            founding: self.founding().clone(),
            lists: self.lists(named),
            logs: kept,
            authors: self.author_logs(from)?,
        })
    }

    /// A log up to the last seal before its fork; `None` where there is none.
    fn sealed_part(&self, log: &LogId, most: u64) -> Result<Option<(Vec<Entry>, Seal)>, RecordsError> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let all = self.entries(log, 0, most)?;
        let last = all.iter().enumerate().rev().find_map(|(place, (_, seal))| Some((place, (*seal)?)));
        Ok(last.map(|(place, seal)| (all.into_iter().take(place + 1).map(|(entry, _)| entry).collect(), seal)))
    }

    fn author_logs(&self, from: impl Fn(&Section) -> bool) -> Result<Vec<AuthorLog>, RecordsError> {
        let mut found = Vec::new();
        for (log, state) in self.logs().iter().filter(|(_, state)| from(&state.descriptor.section)) {
            let compartment = state.descriptor.section.compartment;
            let writes = |standing: &Standing| WRITES.iter().any(|right| standing.gives(*right, &compartment));
            let facts = has_or_had(self.view(), &state.descriptor.seat, writes)
                || self.entries(log, 0, usize::MAX)?.iter().any(|(entry, _)| entry.header().kind == Kind::FACTS);
            for head in &state.heads {
                let Some(last) = head.length.checked_sub(1) else { continue };
                if let Some((_, Some(seal))) = self.entry(log, last, &head.hash)? {
                    found.push(AuthorLog { descriptor: state.descriptor, head: *head, seal, facts });
                }
            }
        }
        Ok(found)
    }

    /// Lists of heads, the smaller before the larger, each as what changed since the one before where that will do.
    fn lists(&self, named: BTreeSet<FrontierId>) -> Vec<ChainList> {
        let mut whole: Vec<(FrontierId, AuthorityFrontier)> =
            named.into_iter().filter_map(|id| Some((id, self.frontiers().get(&id)?))).collect();
        let entries = |list: &AuthorityFrontier| -> u64 {
            list.0.iter().flat_map(|(_, heads)| heads.iter().map(|head| head.length)).sum()
        };
        whole.sort_by_cached_key(|(id, list)| (entries(list), *id));
        let mut before: Option<FrontierId> = None;
        let told = whole.into_iter().map(|(id, list)| {
            let change = before.replace(id).and_then(|base| self.frontiers().difference(&base, &id));
            ChainList { id, changes: change.is_some(), heads: change.unwrap_or(list) }
        });
        told.collect()
    }
}
