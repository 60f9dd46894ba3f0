//! Evaluation, rank by rank: what rank r may do is fixed by the ranks above it alone.
//!
//! A function of the set of statements: one pass a rank, no timestamps, no order of arrival, no replay. In each rank,
//! from the strongest: its grants are fixed, with what was taken from them and the keys their holders went on with;
//! then its suspensions, lifts and what people take from themselves, judged without regard to each other; then all
//! else it says. Whatever it says is heard from devices alone that were let in, as far as that rank can know.

mod renew;
mod vouch;

use super::cards::CardsStatement;
use super::grant::{Grant, Grantee, RANK_CARDS, RANK_DEVICE, RANK_HEAD, Registration};
use super::line::{Adopter, At, DeviceCut, Line, Logs};
use super::reduction::{Cuts, EntryName, Target};
use super::seat::SeatCertificate;
use super::statement::Statement;
use super::view::{Holder, Seated, Standing, View};
use crate::authority::capability::{Capability, Right};
use crate::founding::{Founding, PersonPublic};
use crate::id::{ActId, Compartment, DeviceId, EntryHash, FrontierId, GrantId, LogId, PersonId, SeatId};
use crate::time::Moment;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A statement and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Who wrote it.
    pub seat: SeatId,
    /// In which log.
    pub log: LogId,
    /// Where in it.
    pub sequence: u64,
    /// The entry before it.
    pub previous: EntryHash,
    /// In which act, and what its author's clock said: for the audit, never for a verdict.
    pub act: (ActId, Moment),
    /// On which grant it stands.
    pub grant: GrantId,
    /// Which authority heads its author had seen.
    pub authority: FrontierId,
    /// What it says.
    pub statement: Statement,
}

/// Statements, by the entries that hold them.
pub type Statements = BTreeMap<EntryHash, Placed>;

/// Signatures in statements that were checked already: a statement never changes, so neither does the answer.
#[derive(Clone, Debug, Default)]
pub struct Checked(BTreeMap<EntryHash, bool>);

/// Works out what follows from a set of statements.
pub fn evaluate(founding: &Founding, statements: &Statements, logs: &dyn Logs) -> View {
    evaluate_again(founding, statements, logs, &mut Checked::default())
}

/// As [`evaluate`], without checking again what was checked before.
pub fn evaluate_again(founding: &Founding, statements: &Statements, logs: &dyn Logs, checked: &mut Checked) -> View {
    let mut work = Work::new(founding, statements, logs, checked);
    work.seat_all(founding);
    work.give(founding.head_grant(), founders(founding));
    work.hear_cards(founding);
    for rank in RANK_HEAD..=RANK_DEVICE {
        let ids: Vec<GrantId> = work.of_rank.remove(&rank).unwrap_or_default();
        work.vouch(&ids, rank, rank - 1);
        for id in &ids {
            work.fix(*id, rank);
        }
        work.renew_and_hold_back(&ids, rank);
        for voice in &work.said_on(&ids, rank) {
            work.hear(voice, rank);
        }
    }
    work.finish()
}

/// What a certificate says of a seat, if it is that seat's.
pub fn seated(certificate: &SeatCertificate, seat: &SeatId) -> Option<Seated> {
    let claim = &certificate.claim;
    (claim.seat() == *seat).then_some(Seated { device: claim.device, person: claim.person, key: claim.key })
}

/// Whether the holder of one grant may give another: of a weaker rank, within what the holder may give.
pub fn allows(author: &Standing, grant: &Grant) -> bool {
    let shape = match &grant.to {
        Grantee::Device { .. } => grant.rank == RANK_DEVICE,
        Grantee::Activation { .. } | Grantee::Person { .. } => grant.rank < RANK_DEVICE,
    };
    let is_device = matches!(grant.to, Grantee::Device { .. });
    shape && author.rank < grant.rank && is_within(&author.capabilities, &grant.capabilities, is_device)
}

/// Whether the holder of one grant may take another away: a weaker one, which they could have given.
pub fn may_take(author: &Standing, target: &Standing) -> bool {
    let is_device = matches!(target.holder, Holder::Device(_));
    author.rank < target.rank && is_within(&author.capabilities, &target.capabilities, is_device)
}

/// Whether whoever holds `held` may give and take all of `given`.
fn is_within(held: &[Capability], given: &[Capability], to_device: bool) -> bool {
    let needs = if to_device { Right::Enrol } else { Right::Grant };
    // To give or take nothing is an officer's too: a grant of nothing still names a device or a person.
    held.iter().any(|held| held.right == needs)
        && given.iter().all(|given| held.iter().any(|held| held.lets_give(needs, given)))
}

/// Who takes what away.
#[derive(Clone)]
struct Taking {
    rank: u8,
    /// The author's grant; `None` for the cards, who may take everything.
    by: Option<Standing>,
    cuts: Arc<Cuts>,
}

/// What holds devices back and was lifted, by which ranks and by whom: of the cards, nobody.
type Lifted = BTreeMap<EntryHash, BTreeSet<(u8, Option<Holder>)>>;

/// A statement in right, so far.
struct Voice<'a> {
    name: EntryHash,
    placed: &'a Placed,
    author: Standing,
}

/// An evaluation under way.
struct Work<'a> {
    statements: &'a Statements,
    logs: &'a dyn Logs,
    checked: &'a mut Checked,
    school: crate::id::SchoolId,
    /// The device that the school was founded on: nobody let it in.
    founding_device: DeviceId,
    /// Devices from which the rank at hand is heard.
    vouched: BTreeSet<DeviceId>,
    view: View,
    of_rank: BTreeMap<u8, Vec<GrantId>>,
    on_grant: BTreeMap<GrantId, Vec<(&'a EntryHash, &'a Placed)>>,
    registered: BTreeMap<GrantId, Vec<(&'a EntryHash, &'a Placed, &'a Registration)>>,
    taken: BTreeMap<Target, Vec<Taking>>,
    lifted: Lifted,
}

impl<'a> Work<'a> {
    fn new(founding: &Founding, statements: &'a Statements, logs: &'a dyn Logs, checked: &'a mut Checked) -> Self {
        let mut on_grant: BTreeMap<GrantId, Vec<_>> = BTreeMap::new();
        let mut registered: BTreeMap<GrantId, Vec<_>> = BTreeMap::new();
        for (hash, placed) in statements {
            match &placed.statement {
                Statement::Seat(_) | Statement::Cards(_) | Statement::Erasure(_) | Statement::Unknown(..) => {}
                Statement::Registration(one) => {
                    registered.entry(one.grant).or_default().push((hash, placed, one));
                }
                _ => on_grant.entry(placed.grant).or_default().push((hash, placed)),
            }
        }
        Self {
            statements,
            logs,
            checked,
            school: founding.school(),
            founding_device: founding.device,
            vouched: BTreeSet::new(),
            view: View { recovery: Some(founding.recovery), ..View::default() },
            of_rank: BTreeMap::new(),
            on_grant,
            registered,
            taken: BTreeMap::new(),
            lifted: BTreeMap::new(),
        }
    }

    fn seat_all(&mut self, founding: &Founding) {
        let school = founding.school();
        for (hash, placed) in self.statements {
            if let Statement::Seat(certificate) = &placed.statement
                && let Some(seated) = seated(certificate, &placed.seat)
                && *self.checked.0.entry(*hash).or_insert_with(|| certificate.holds(&school))
            {
                self.view.seats.insert(placed.seat, seated);
            }
        }
    }

    fn give(&mut self, id: GrantId, standing: Standing) {
        if self.view.grants.contains_key(&id) {
            return;
        }
        self.of_rank.entry(standing.rank).or_default().push(id);
        self.view.grants.insert(id, standing);
    }

    fn give_grant(&mut self, id: GrantId, by: Option<(SeatId, LogId, u64)>, grant: &Grant) {
        self.give(id, standing_of(by, grant));
    }

    /// What the cards say counts wherever it stands, before all else.
    fn hear_cards(&mut self, founding: &Founding) {
        let mut said: BTreeMap<EntryHash, Statement> = BTreeMap::new();
        for (hash, placed) in self.statements {
            let Statement::Cards(cards) = &placed.statement else { continue };
            let holds = |cards: &CardsStatement| cards.holds(founding);
            if *self.checked.0.entry(*hash).or_insert_with(|| holds(cards)) {
                said.extend(cards.says());
            }
        }
        let lifts = said.values().filter_map(|said| match said {
            Statement::Lift(lift) => Some(lift.suspension),
            _ => None,
        });
        for lift in lifts {
            self.lifted.entry(lift).or_default().insert((RANK_CARDS, None));
        }
        for (name, statement) in said {
            match statement {
                Statement::Grant(grant) => self.give_grant(GrantId(name.0), None, &grant),
                Statement::Removal(removal) => self.take(removal.of, RANK_CARDS, None, name, Arc::new(removal.cuts)),
                Statement::Suspension(held) if !self.lifted.contains_key(&name) => {
                    self.cut_device(held.device, RANK_CARDS, None, name, Arc::new(held.cuts), false);
                }
                Statement::Adoption(adoption) => {
                    self.adopt(&adoption.entries, &Adopter { rank: RANK_CARDS, within: None });
                }
                _ => {}
            }
        }
    }

    /// Fixes a grant of a rank: what was taken from it by the ranks above, and the keys of whoever took it up.
    fn fix(&mut self, id: GrantId, rank: u8) {
        let Some(mut standing) = self.view.grants.get(&id).cloned() else { return };
        self.take_from(id, &mut standing, rank);
        if standing.words.is_some() {
            standing.keys = self.registration(&id, &standing);
            // Whoever's keys these are, they may have been taken away by name.
            self.take_from(id, &mut standing, rank);
        }
        self.put(id, standing);
    }

    fn put(&mut self, id: GrantId, standing: Standing) {
        self.view.grants.remove(&id);
        self.view.past.remove(&id);
        if let Some(held) = self.view.by_holder.get_mut(&standing.holder)
            && held.remove(&id)
            && held.is_empty()
        {
            self.view.by_holder.remove(&standing.holder);
        }
        if standing.cuts.is_empty() {
            self.view.by_holder.entry(standing.holder).or_default().insert(id);
            self.view.grants.insert(id, standing);
        } else {
            self.view.past.insert(id, standing);
        }
    }

    fn take_from(&self, id: GrantId, standing: &mut Standing, rank: u8) {
        let mut targets = vec![Target::Grant(id)];
        match standing.holder {
            Holder::Person(person) => {
                let keys = standing.keys.iter().map(|keys| keys.sign);
                let all = keys.chain(standing.former.iter().map(|(key, _)| *key));
                targets.extend(all.map(|key| Target::Keys(person, key)));
            }
            Holder::Device(device) => targets.push(Target::Device(device)),
        }
        for taking in targets.iter().filter_map(|target| self.taken.get(target)).flatten() {
            let may = taking.rank < rank && taking.by.as_ref().is_none_or(|by| may_take(by, standing));
            if may && !standing.cuts.contains(&taking.cuts) {
                standing.cuts.push(Arc::clone(&taking.cuts));
            }
        }
        standing.cuts.sort_unstable();
    }

    /// The keys registered under an activation. Should two have been registered, those in the entry with the least
    /// hash count, on every replica.
    fn registration(&mut self, id: &GrantId, standing: &Standing) -> Option<PersonPublic> {
        let registered = self.registered.get(id)?.clone();
        let first = registered.iter().find(|(hash, placed, one)| {
            self.is_vouched(&placed.seat) && self.takes_up(hash, placed, one, standing, standing.rank - 1)
        });
        first.map(|(_, _, one)| one.keys)
    }

    /// Whether somebody takes up a grant by its one-time words, with keys that are their seat's, before every cut of
    /// the ranks down to `weakest`.
    fn takes_up(
        &mut self,
        hash: &EntryHash,
        placed: &Placed,
        one: &Registration,
        standing: &Standing,
        weakest: u8,
    ) -> bool {
        let (Holder::Person(person), Some((activation, _))) = (standing.holder, standing.words) else { return false };
        let seated = self.view.seats.get(&placed.seat).and_then(|seated| seated.person);
        seated == Some((person, one.keys.sign))
            && self.view.line_under(&at(hash, placed), standing, self.logs, weakest) == Line::Counts
            && *self.checked.0.entry(*hash).or_insert_with(|| one.holds(&activation.sign))
    }

    /// Whether a statement is its author's to make and stands before every cut of the ranks down to `weakest`.
    fn counts(&self, hash: &EntryHash, placed: &Placed, author: &Standing, weakest: u8) -> bool {
        // The founding head's grant, and what the cards give, is in no log; every other lies at a place that the
        // author must have seen.
        let seen = author.at.is_none_or(|(log, sequence)| self.logs.covers(&placed.authority, &log, sequence));
        seen && self.is_vouched(&placed.seat)
            && self.view.is_held_by(author, &placed.seat)
            && self.view.line_under(&at(hash, placed), author, self.logs, weakest) == Line::Counts
    }

    /// What was said on the grants of a rank, by those who held them, before the cuts of the ranks above.
    fn said_on(&self, ids: &[GrantId], rank: u8) -> Vec<Voice<'a>> {
        let mut said = Vec::new();
        for id in ids {
            let Some(author) = self.view.standing(id) else { continue };
            for (hash, placed) in self.on_grant.get(id).into_iter().flatten() {
                if self.counts(hash, placed, author, rank - 1) {
                    said.push(Voice { name: **hash, placed, author: author.clone() });
                }
            }
        }
        said
    }

    /// The suspensions and lifts of a rank and what its people take from themselves: judged without regard to each
    /// other, so that two who suspend each other are both held back.
    fn hold_back(&mut self, said: &[Voice<'a>], rank: u8) {
        let own: BTreeMap<EntryHash, Holder> = said
            .iter()
            .filter(|voice| matches!(voice.placed.statement, Statement::Suspension(_)))
            .map(|voice| (voice.name, voice.author.holder))
            .collect();
        for voice in said {
            if let Statement::Lift(lift) = &voice.placed.statement {
                // Of one's own rank, only what one said oneself; what weaker ranks said is heard later.
                let theirs = own.get(&lift.suspension).is_some_and(|holder| *holder != voice.author.holder);
                if !theirs && may_enrol(&voice.author) {
                    let by = (rank, Some(voice.author.holder));
                    self.lifted.entry(lift.suspension).or_default().insert(by);
                    self.view.device_cuts.retain(|_, cuts| {
                        // What a stronger rank said stays, and so does a removal.
                        cuts.retain(|cut| cut.by != lift.suspension || cut.rank < rank || cut.removed);
                        !cuts.is_empty()
                    });
                }
            }
        }
        let mut given_up: Vec<(Target, Arc<Cuts>)> = Vec::new();
        for voice in said {
            let within = Some(Arc::clone(&voice.author.capabilities));
            match &voice.placed.statement {
                Statement::Suspension(held) if may_enrol(&voice.author) && !self.is_lifted(voice, rank) => {
                    let cuts = Arc::new(held.cuts.clone());
                    self.cut_device(held.device, rank, within, voice.name, cuts, false);
                }
                Statement::Removal(removal) if self.is_own(voice, &removal.of) => {
                    given_up.push((removal.of, Arc::new(removal.cuts.clone())));
                }
                _ => {}
            }
        }
        for (target, cuts) in given_up {
            self.give_up(target, rank, &cuts);
        }
    }

    /// Whether a suspension was lifted by a stronger rank, or by whoever said it.
    fn is_lifted(&self, voice: &Voice<'a>, rank: u8) -> bool {
        let counts = |(by, who): &(u8, Option<Holder>)| *by < rank || *who == Some(voice.author.holder);
        self.lifted.get(&voice.name).is_some_and(|lifts| lifts.iter().any(counts))
    }

    fn is_own(&self, voice: &Voice<'a>, target: &Target) -> bool {
        match target {
            Target::Grant(id) => {
                self.view.standing(id).is_some_and(|standing| self.view.is_held_by(standing, &voice.placed.seat))
            }
            Target::Keys(person, key) => {
                self.view.seats.get(&voice.placed.seat).and_then(|seated| seated.person) == Some((*person, *key))
            }
            Target::Device(_) => false,
        }
    }

    /// Somebody of this rank gives up what they hold, of this rank and weaker.
    fn give_up(&mut self, target: Target, rank: u8, cuts: &Arc<Cuts>) {
        let taking = Taking { rank: rank - 1, by: None, cuts: Arc::clone(cuts) };
        self.taken.entry(target).or_default().push(taking);
        let ids: Vec<GrantId> = self
            .view
            .grants
            .iter()
            .chain(&self.view.past)
            .filter(|(id, standing)| {
                let named = match (target, standing.holder) {
                    (Target::Grant(grant), _) => **id == grant,
                    (Target::Keys(person, key), Holder::Person(holder)) => holder == person && standing.has_had(&key),
                    _ => false,
                };
                named && standing.rank == rank
            })
            .map(|(id, _)| *id)
            .collect();
        for id in ids {
            let Some(mut standing) = self.view.standing(&id).cloned() else { continue };
            if !standing.cuts.contains(cuts) {
                standing.cuts.push(Arc::clone(cuts));
                standing.cuts.sort_unstable();
            }
            self.put(id, standing);
        }
    }

    /// All else that a rank says, before its own suspensions too.
    fn hear(&mut self, voice: &Voice<'a>, rank: u8) {
        let Some(author) = self.view.standing(&voice.placed.grant).cloned() else { return };
        if !self.counts(&voice.name, voice.placed, &author, rank) {
            return;
        }
        match &voice.placed.statement {
            Statement::Grant(grant) if allows(&author, grant) => {
                let by = (voice.placed.seat, voice.placed.log, voice.placed.sequence);
                self.give_grant(GrantId(voice.name.0), Some(by), grant);
            }
            Statement::Removal(removal) => {
                let cuts = Arc::new(removal.cuts.clone());
                self.take(removal.of, rank, Some(author), voice.name, cuts);
            }
            Statement::Adoption(adoption) => {
                let adopter = Adopter { rank, within: Some(Arc::clone(&author.capabilities)) };
                self.adopt(&adoption.entries, &adopter);
            }
            _ => {}
        }
    }

    fn take(&mut self, target: Target, rank: u8, by: Option<Standing>, name: EntryHash, cuts: Arc<Cuts>) {
        if let Target::Device(device) = target
            && by.as_ref().is_none_or(may_enrol)
            && !self.lifted.get(&name).is_some_and(|lifts| lifts.iter().any(|(by, _)| *by < rank))
        {
            let within = by.as_ref().map(|by| Arc::clone(&by.capabilities));
            self.cut_device(device, rank, within, name, Arc::clone(&cuts), true);
        }
        self.taken.entry(target).or_default().push(Taking { rank, by, cuts });
    }

    fn cut_device(
        &mut self,
        device: DeviceId,
        rank: u8,
        within: Option<Arc<Vec<Capability>>>,
        by: EntryHash,
        cuts: Arc<Cuts>,
        removed: bool,
    ) {
        let all = self.view.device_cuts.entry(device).or_default();
        all.push(DeviceCut { rank, within, by, removed, cuts });
        all.sort_unstable_by_key(|cut| (cut.rank, cut.by));
    }

    fn adopt(&mut self, entries: &[EntryName], adopter: &Adopter) {
        for entry in entries {
            let all = self.view.adopted.entry(*entry).or_default();
            if !all.contains(adopter) {
                all.push(adopter.clone());
                all.sort_unstable_by(|left, right| (left.rank, &left.within).cmp(&(right.rank, &right.within)));
            }
        }
    }

    fn finish(mut self) -> View {
        let view = &mut self.view;
        // A grant of a rank nobody may give, or of none.
        view.grants.retain(|_, standing| (RANK_HEAD..=RANK_DEVICE).contains(&standing.rank));
        let mut best: BTreeMap<PersonId, (u8, GrantId, PersonPublic)> = BTreeMap::new();
        for (id, standing) in &view.grants {
            if let (Holder::Person(person), Some(keys)) = (standing.holder, standing.keys) {
                let this = (standing.rank, *id, keys);
                let known = best.entry(person).or_insert(this);
                *known = (*known).min(this);
            }
        }
        view.persons = best.into_iter().map(|(person, (_, _, keys))| (person, keys)).collect();
        for (device, cuts) in &view.device_cuts {
            let holds: Vec<&Standing> = view
                .by_holder
                .get(&Holder::Device(*device))
                .into_iter()
                .flatten()
                .filter_map(|id| view.grants.get(id))
                .collect();
            let reached = |cut: &DeviceCut| holds.iter().any(|standing| cut.reaches_device(&standing.capabilities));
            if cuts.iter().any(reached) {
                view.suspended.insert(*device);
            }
        }
        self.view
    }
}

/// A grant as it was given, before anything was taken from it.
fn standing_of(by: Option<(SeatId, LogId, u64)>, grant: &Grant) -> Standing {
    let (holder, agree, keys, words) = match &grant.to {
        Grantee::Device { device, agree } => (Holder::Device(*device), Some(*agree), None, None),
        Grantee::Activation { person, keys, cost, .. } => {
            (Holder::Person(*person), Some(keys.agree), None, Some((*keys, *cost)))
        }
        Grantee::Person { person, keys } => (Holder::Person(*person), None, Some(*keys), None),
    };
    Standing {
        by: by.map(|(seat, ..)| seat),
        at: by.map(|(_, log, sequence)| (log, sequence)),
        keys,
        agree,
        words,
        until: grant.until,
        ..Standing::of(holder, grant.rank, grant.capabilities.clone())
    }
}

fn may_enrol(author: &Standing) -> bool {
    author.capabilities.iter().any(|held| held.right == Right::Enrol)
}

fn at(hash: &EntryHash, placed: &Placed) -> At {
    let entry = EntryName { log: placed.log, sequence: placed.sequence, hash: *hash };
    At { entry, seat: placed.seat, compartment: Compartment::AUTHORITY }
}

fn founders(founding: &Founding) -> Standing {
    let rights = Capability::of_a_head();
    Standing { keys: Some(founding.head_keys), ..Standing::of(Holder::Person(founding.head), RANK_HEAD, rights) }
}
