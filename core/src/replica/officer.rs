//! Taking rights away and giving back: removals, suspensions, lifts, adoptions, new keys, and what the cards say.
//!
//! Nothing here deletes anything. What was written before a cut stays; what comes past it is kept and waits for
//! somebody who stands above its author to adopt it.

use super::bundles::Passphrase;
use super::commit::Piece;
use super::records::RecordsError;
use super::store::{Store, Table};
use super::{Context, LogState, Replica, Verdict, held, rows, seating};
use crate::authority::capability::Right;
use crate::authority::cards::CardsStatement;
use crate::authority::evaluate::may_take;
use crate::authority::line::{At, DeviceCut, Line};
use crate::authority::reduction::{Adoption, Cuts, EntryName, Lift, NewKeys, Reason, Removal, Suspension, Target};
use crate::authority::statement::Statement;
use crate::authority::view::{Ends, Holder, Standing, View};
use crate::crypto::hash::hash;
use crate::founding::PersonKeys;
use crate::id::{Compartment, DeviceId, EntryHash, GrantId, LogId, SeatId, Section};
use crate::keys::bundle::{Opened, Own};
use crate::keys::recovery::Card;
use crate::limits;
use crate::log::frontier::Head;
use crate::time::Moment;
use rand_core::CryptoRng;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a removal did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// The grants that were taken away.
    pub taken: Vec<GrantId>,
    /// What the target still holds, because whoever removed may not take it: somebody above can.
    pub left: Vec<GrantId>,
}

/// Makes new keys durable, sealed.
pub type Keep<'a, S> = dyn FnMut(&mut Replica<S>, &Opened, &mut dyn CryptoRng) -> Result<(), RecordsError> + 'a;

/// An entry that waits to be adopted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// Which.
    pub entry: EntryName,
    /// Who wrote it.
    pub seat: SeatId,
    /// Of which section; of the authority area for a statement.
    pub section: Section,
    /// What its author's clock said.
    pub at: Moment,
    /// [`Verdict::Cut`] or [`Verdict::Forked`].
    pub why: Verdict,
}

impl<S: Store> Replica<S> {
    /// Takes a grant, all that a person's keys hold, or a device away, as a seat that is signed in. What the
    /// target wrote up to what is held here stays; entries not heard of here yet wait to be adopted.
    ///
    /// # Errors
    /// When the seat may take nothing of it, this device does not keep all that the target may have written, or another
    /// device vouches for more of it and the seat is neither a head's nor a lead's of the area.
    pub fn remove(
        &mut self,
        by: &SeatId,
        of: Target,
        reason: Reason,
        context: &mut Context<'_>,
    ) -> Result<Touched, RecordsError> {
        let targets = self.held_by_target(&of);
        if targets.is_empty() {
            return Err(RecordsError::NotAllowed("nothing of that is held by anybody now".into()));
        }
        let own = self.is_own(by, &of);
        let takes = |author: &Standing| targets.values().filter(|target| may_take(author, target)).count();
        let best = self
            .view
            .grants_of_seat(by, Ends::NotBy(context.now))
            .max_by_key(|(id, author)| (takes(author), std::cmp::Reverse(author.rank), std::cmp::Reverse(**id)));
        let (stands_on, author) = best.map(|(id, author)| (*id, author.clone())).ok_or_else(not_yours)?;
        if takes(&author) == 0 && !own {
            return Err(not_yours());
        }
        self.keeps_all_of(targets.values())?;
        let seats = self.seats_of_target(&of);
        if !own && reason != Reason::Reset {
            self.hides_nothing_vouched_for(by, &seats, context.now)?;
        }
        let cuts = self.cuts_of(&seats)?;
        let removal = Statement::Removal(Removal { of, reason, cuts });
        let keys = self.seat_keys(by)?;
        self.commit(&keys, vec![Piece::Statement(Box::new(removal), stands_on)], context)?;
        self.settle_keys(context)?;
        let (left, taken) = targets.into_keys().partition(|id| self.view.grants.contains_key(id));
        Ok(Touched { taken, left })
    }

    /// Holds a device back until somebody lifts it, as a seat that is signed in.
    ///
    /// # Errors
    /// When the seat may not, or this device does not keep all that was written on the other.
    pub fn suspend(
        &mut self,
        by: &SeatId,
        device: DeviceId,
        reason: Reason,
        context: &mut Context<'_>,
    ) -> Result<(), RecordsError> {
        let targets = self.held_by_target(&Target::Device(device));
        if targets.is_empty() {
            return Err(RecordsError::NotAllowed("that device is not one of the school's now".into()));
        }
        let stands_on = self.officer(by, Right::Enrol, context.now)?;
        self.keeps_all_of(targets.values())?;
        let cuts = self.cuts_of(&self.seats_of_target(&Target::Device(device)))?;
        let suspension = Statement::Suspension(Suspension { device, reason, cuts });
        let keys = self.seat_keys(by)?;
        self.commit(&keys, vec![Piece::Statement(Box::new(suspension), stands_on)], context)?;
        self.settle_keys(context)?;
        if self.view.is_enrolled(&device) {
            return Err(RecordsError::NotAllowed(
                "your role does not reach that device: ask the head or an administrator".into(),
            ));
        }
        Ok(())
    }

    /// Lifts every suspension of a device that the seat may lift. Says whether the device is free now.
    ///
    /// # Errors
    /// When the device is not held back, or the seat may lift none of it.
    pub fn lift(&mut self, by: &SeatId, device: DeviceId, context: &mut Context<'_>) -> Result<bool, RecordsError> {
        let stands_on = self.officer(by, Right::Enrol, context.now)?;
        let Some(author) = self.view.grants.get(&stands_on) else { return Err(not_yours()) };
        let mine =
            |cut: &EntryHash| self.statements.get(cut).is_some_and(|placed| self.view.is_held_by(author, &placed.seat));
        // A removal by somebody who could not take the device away held it back all the same.
        let stands = self.view.has_device(&device);
        let may = |cut: &&DeviceCut| author.rank < cut.rank && (stands || !cut.removed);
        let cuts = self.view.device_cuts(&device).iter();
        let lifts: Vec<EntryHash> =
            cuts.filter(|cut| may(cut) || (!cut.removed && mine(&cut.by))).map(|cut| cut.by).collect();
        if lifts.is_empty() {
            return Err(RecordsError::NotAllowed(
                "nobody of your role holds that device back: whoever did, or somebody above them, can let it go on"
                    .into(),
            ));
        }
        let pieces = lifts
            .into_iter()
            .map(|suspension| Piece::Statement(Box::new(Statement::Lift(Lift { suspension })), stands_on));
        let pieces = pieces.collect();
        let keys = self.seat_keys(by)?;
        self.commit(&keys, pieces, context)?;
        self.settle_keys(context)?;
        Ok(self.view.is_enrolled(&device))
    }

    /// Adopts entries past a cut or on a branch of a fork, as they are. Says how many of them count now.
    ///
    /// # Errors
    /// When the seat may adopt nothing.
    pub fn adopt(
        &mut self,
        by: &SeatId,
        entries: &[EntryName],
        context: &mut Context<'_>,
    ) -> Result<usize, RecordsError> {
        let stands_on = self.officer(by, Right::Grant, context.now)?;
        let pieces = entries.chunks(limits::ADOPTED_AT_ONCE).map(|entries| {
            Piece::Statement(Box::new(Statement::Adoption(Adoption { entries: entries.to_vec() })), stands_on)
        });
        let pieces: Vec<Piece> = pieces.collect();
        if pieces.is_empty() {
            return Ok(0);
        }
        let keys = self.seat_keys(by)?;
        self.commit(&keys, pieces, context)?;
        while self.work(context)?.1 {}
        let still: BTreeSet<EntryName> = self.quarantined()?.into_iter().map(|one| one.entry).collect();
        Ok(entries.iter().filter(|entry| !still.contains(entry)).count())
    }

    /// What waits to be adopted: the statements, and of the sections that can be opened now the entries.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn quarantined(&self) -> Result<Vec<Quarantined>, RecordsError> {
        let mut all = Vec::new();
        let held = self.held();
        for (hash, placed) in &self.statements {
            let entry = EntryName { log: placed.log, sequence: placed.sequence, hash: *hash };
            // What gives a person new keys is the last that the old ones say, and stands past their end.
            if matches!(placed.statement, Statement::NewKeys(_)) {
                continue;
            }
            let Some(standing) = self.view.standing(&placed.grant) else { continue };
            let at = At { entry, seat: placed.seat, compartment: Compartment::AUTHORITY };
            let why = match self.view.line(&at, standing, &held) {
                Line::Counts => continue,
                Line::Cut => Verdict::Cut,
                Line::Forked => Verdict::Forked,
            };
            let (seat, at) = (placed.seat, placed.act.1);
            all.push(Quarantined { entry, seat, section: Section::AUTHORITY, at, why });
        }
        for (key, reason) in self.store.range(Table::Waiting, &[], None, usize::MAX)? {
            let why = reason.first().map_or(Verdict::Unreadable, |byte| Verdict::from_byte(*byte));
            if !matches!(why, Verdict::Cut | Verdict::Forked) {
                continue;
            }
            let Some((log, sequence, hash)) = rows::read_waiting(&key) else { continue };
            let Some(descriptor) = self.logs.get(&log).map(|state| state.descriptor) else { continue };
            let Some((entry, _)) = self.entry(&log, sequence, &hash)? else { continue };
            let name = EntryName { log, sequence, hash };
            let (seat, section) = (descriptor.seat, descriptor.section);
            all.push(Quarantined { entry: name, seat, section, at: entry.header().at, why });
        }
        Ok(all)
    }

    /// Gives a person who is signed in new keys: every grant goes on with them, and what is written with the old
    /// ones from now on counts nowhere. `keep` makes the new keys durable, sealed, before anything is said; until it
    /// is said the old ones are the person's.
    ///
    /// # Errors
    /// When nobody is signed in on that seat, or `keep` or the store fails.
    pub fn new_keys(
        &mut self,
        opened: &Opened,
        keep: &mut Keep<'_, S>,
        context: &mut Context<'_>,
    ) -> Result<Opened, RecordsError> {
        let old = &opened.person;
        let grants: Vec<GrantId> =
            self.view.grants_of_seat(&opened.seat.seat, Ends::Whenever).map(|(id, _)| *id).collect();
        if grants.is_empty() {
            return Err(RecordsError::NotAllowed("these keys hold nothing any more: ask the office".into()));
        }
        let keys = PersonKeys::random(old.person, context.random);
        let (seat, certificate, file) = self.new_seat(&keys, context.random)?;
        // Whoever has not heard of the new keys goes on wrapping to the old one. A second factor lay beside the old
        // keys, and is set up again.
        let renewed = Own { before: Some(old.agree.clone()), ..Own::of(keys) }.seated(seat);
        // Under the new keys it opens for nobody until they count, and then the old one is of no use.
        self.store.put_file(&seating::file(&old.person), &file)?;
        keep(self, &renewed, context.random)?;
        let target = Target::Keys(old.person, old.sign.public());
        let cuts = self.cuts_of(&self.seats_of_target(&target))?;
        let new = (&renewed.person.sign, renewed.person.public());
        let said = NewKeys::make(&self.school, old.person, &old.sign, new, cuts);
        let say = |grant| Piece::Statement(Box::new(Statement::NewKeys(said.clone())), grant);
        self.commit(&opened.seat, grants.into_iter().map(say).collect(), context)?;
        let seat = Piece::Statement(Box::new(Statement::Seat(certificate)), GrantId::ZERO);
        self.commit(&renewed.seat, vec![seat], context)?;
        // What the old keys opened is wrapped to the new.
        self.settle_keys(context)?;
        self.sign_in(&renewed);
        self.settle_keys(context)?;
        Ok(renewed)
    }

    /// As [`Replica::new_keys`], keeping the new keys here under a passphrase, from where they are passed on.
    ///
    /// # Errors
    /// As there.
    pub fn new_keys_with(
        &mut self,
        opened: &Opened,
        passphrase: &Passphrase<'_>,
        context: &mut Context<'_>,
    ) -> Result<Opened, RecordsError> {
        let mut keep = |replica: &mut Self, renewed: &Opened, random: &mut dyn CryptoRng| {
            replica.keep_keys(&renewed.own(), passphrase, random)
        };
        self.new_keys(opened, &mut keep, context)
    }

    /// What two cards are to say, for them to sign one after the other.
    pub fn draft_for_cards(&self, says: &[Statement], context: &mut Context<'_>) -> CardsStatement {
        let mut nonce = [0; 16];
        context.random.fill_bytes(&mut nonce);
        CardsStatement::draft(self.school, nonce, says)
    }

    /// Says what the cards signed.
    ///
    /// # Errors
    /// When not enough cards of this school signed it.
    pub fn say_by_cards(&mut self, said: CardsStatement, context: &mut Context<'_>) -> Result<(), RecordsError> {
        if !said.holds(&self.founding) {
            return Err(RecordsError::NotAllowed(
                "two different recovery cards of this school must sign that: it was not said".into(),
            ));
        }
        let seat = self.device.seat.clone();
        let piece = Piece::Statement(Box::new(Statement::Cards(Box::new(said))), GrantId::ZERO);
        self.commit(&seat, vec![piece], context)?;
        self.settle_keys(context)
    }

    /// Says things by two cards that are both at hand. A removal's cuts are what is held here: see
    /// [`Replica::removal_for_cards`].
    ///
    /// # Errors
    /// As [`Replica::say_by_cards`].
    pub fn by_cards(
        &mut self,
        cards: [&Card; 2],
        says: &[Statement],
        context: &mut Context<'_>,
    ) -> Result<(), RecordsError> {
        let mut said = self.draft_for_cards(says, context);
        cards.into_iter().for_each(|card| said.sign(card));
        self.say_by_cards(said, context)
    }

    /// A removal as the cards would say it, with the cuts that are held here.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn removal_for_cards(&self, of: Target, reason: Reason) -> Result<Statement, RecordsError> {
        let cuts = self.cuts_of(&self.seats_of_target(&of))?;
        Ok(Statement::Removal(Removal { of, reason, cuts }))
    }

    /// The grant to act on as an officer: the strongest of the seat's that gives this right anywhere.
    fn officer(&self, by: &SeatId, right: Right, now: Moment) -> Result<GrantId, RecordsError> {
        let able = self.view.grants_of_seat(by, Ends::NotBy(now));
        let able = able.filter(|(_, grant)| grant.capabilities.iter().any(|one| one.right == right));
        able.min_by_key(|(id, grant)| (grant.rank, **id)).map(|(id, _)| *id).ok_or_else(not_yours)
    }

    fn is_own(&self, by: &SeatId, of: &Target) -> bool {
        match of {
            Target::Grant(id) => self.view.grants_of_seat(by, Ends::Whenever).any(|(own, _)| own == id),
            Target::Keys(person, key) => {
                self.view.seats.get(by).and_then(|seated| seated.person) == Some((*person, *key))
            }
            Target::Device(_) => false,
        }
    }

    fn held_by_target(&self, of: &Target) -> BTreeMap<GrantId, Standing> {
        let held = self.view.grants.iter().filter(|(id, standing)| match (of, standing.holder) {
            (Target::Grant(grant), _) => *id == grant,
            (Target::Keys(person, key), Holder::Person(holder)) => {
                holder == *person && standing.keys.is_some_and(|keys| keys.sign == *key)
            }
            (Target::Device(device), Holder::Device(holder)) => holder == *device,
            _ => false,
        });
        held.map(|(id, standing)| (*id, standing.clone())).collect()
    }

    /// Every seat that may have written on what is taken away: of a person's keys those of the keys before them too,
    /// as the cuts end all that stands on the grants.
    fn seats_of_target(&self, of: &Target) -> BTreeSet<SeatId> {
        let all = self.view.grants.iter().chain(&self.view.past);
        let hit: Vec<&Standing> = all
            .filter(|(id, standing)| match (of, standing.holder) {
                (Target::Grant(grant), _) => *id == grant,
                (Target::Keys(person, key), Holder::Person(holder)) => holder == *person && standing.has_had(key),
                _ => false,
            })
            .map(|(_, standing)| standing)
            .collect();
        let seats = self.view.seats.iter().filter(|(seat, seated)| match of {
            Target::Device(device) => seated.device == *device,
            Target::Keys(person, key) if seated.person == Some((*person, *key)) => true,
            Target::Grant(_) | Target::Keys(..) => hit.iter().any(|standing| match standing.holder {
                Holder::Person(_) => self.view.is_held_by(standing, seat),
                Holder::Device(device) => seated.device == device,
            }),
        });
        seats.map(|(seat, _)| *seat).collect()
    }

    /// Where the logs of some seats end, as far as they are held here: a forked one before its fork.
    fn cuts_of(&self, seats: &BTreeSet<SeatId>) -> Result<Cuts, RecordsError> {
        let mut cuts = Vec::new();
        for (log, state) in self.logs.iter().filter(|(_, state)| seats.contains(&state.descriptor.seat)) {
            let end = match state.forked_at {
                None => state.tip(),
                Some(fork) => self.end_before(log, fork)?,
            };
            if end.length > 0 {
                cuts.push((*log, end));
            }
        }
        let cuts = Cuts(cuts);
        if cuts.is_legal() {
            return Ok(cuts);
        }
        Err(RecordsError::TooMuch { what: "the number of logs that end at once", most: limits::CUTS })
    }

    fn end_before(&self, log: &LogId, fork: u64) -> Result<Head, RecordsError> {
        let Some(last) = fork.checked_sub(1) else { return Ok(Head { length: 0, hash: EntryHash::ZERO }) };
        let found = self.entries(log, last, 1)?;
        Ok(found
            .first()
            .map_or(Head { length: 0, hash: EntryHash::ZERO }, |(entry, _)| Head { length: fork, hash: entry.hash() }))
    }

    /// Whether this device keeps all that holders of these grants may have written: a cut must name every log.
    fn keeps_all_of<'a>(&self, targets: impl Iterator<Item = &'a Standing>) -> Result<(), RecordsError> {
        let here = Holder::Device(self.device());
        let held: Vec<_> = self.view.grants_of(&here).flat_map(|(_, grant)| grant.capabilities.iter()).collect();
        let writes = |right| matches!(right, Right::Write | Right::Open | Right::Hold);
        for wanted in targets.flat_map(|target| target.capabilities.iter()).filter(|one| writes(one.right)) {
            let hold = crate::authority::capability::Capability { right: Right::Hold, ..*wanted };
            if !held.iter().any(|one| one.covers(&hold)) {
                return Err(RecordsError::NotAllowed(
                    "this device does not keep the records of every site concerned, and would hide what was written there: do this on a device that keeps them all, such as the office's".into(),
                ));
            }
        }
        Ok(())
    }

    pub(super) fn held(&self) -> held::Held<'_, S> {
        held::Held { store: &self.store, frontiers: &self.frontiers, logs: &self.logs, statements: &self.statements }
    }

    /// Where a seat's logs end in a view, for each reduction that reaches them.
    pub(super) fn ends<'v>(view: &'v View, seat: &SeatId) -> Vec<&'v Arc<Cuts>> {
        let Some(seated) = view.seats.get(seat) else { return Vec::new() };
        let past = view.past.values().filter(|standing| view.is_held_by(standing, seat));
        let live = view.grants.values().filter(|standing| !standing.former.is_empty());
        let former = live
            .flat_map(|standing| &standing.former)
            .filter(|(key, _)| seated.person.is_some_and(|(_, own)| own == *key));
        let device = view.device_cuts(&seated.device).iter().map(|cut| &cut.cuts);
        past.flat_map(|standing| &standing.cuts).chain(former.map(|(_, cuts)| cuts)).chain(device).collect()
    }

    /// Whether a log that grew has reached or passed a cut.
    pub(super) fn is_cut(&self, log: &LogId, grown: &LogState) -> bool {
        let before = self.logs.get(log).map_or(0, LogState::length);
        let reached = |cuts: &&Arc<Cuts>| (before + 1..=grown.length()).contains(&cuts.of(log).length);
        Self::ends(&self.view, &grown.descriptor.seat).iter().any(reached)
    }

    /// After the authority area was evaluated again: notes the sections whose documents hold entries that no longer
    /// count, to be made afresh before they are read.
    pub(super) fn note_what_no_longer_counts(&mut self, before: &View) {
        let gone = |id: &GrantId| self.view.standing(id).is_none();
        let vanished: BTreeSet<Holder> = (before.grants.iter().chain(&before.past))
            .filter(|(id, _)| gone(id))
            .map(|(_, standing)| standing.holder)
            .collect();
        if vanished.is_empty() && self.view.taken_away() == before.taken_away() {
            return;
        }
        let nothing_owed = self.rejudge.is_empty();
        let keys_void = before.keys_void_in(&self.view);
        let seats: BTreeSet<SeatId> = self.logs.values().map(|state| state.descriptor.seat).collect();
        let mut ends = BTreeMap::new();
        for seat in seats {
            let (now, then) = (Self::ends(&self.view, &seat), Self::ends(before, &seat));
            let new: Vec<Arc<Cuts>> = now.into_iter().filter(|cuts| !then.contains(cuts)).cloned().collect();
            let holders = self.view.seats.get(&seat).map(|seated| {
                [seated.person.map(|(person, _)| Holder::Person(person)), Some(Holder::Device(seated.device))]
            });
            let person = self.view.seats.get(&seat).and_then(|seated| seated.person);
            let void = holders.into_iter().flatten().flatten().any(|holder| vanished.contains(&holder))
                || person.is_some_and(|person| keys_void.contains(&person));
            if void || !new.is_empty() {
                ends.insert(seat, (void, new));
            }
        }
        let disowned = before.adopted.keys().filter(|entry| !self.view.adopted.contains_key(entry));
        let disowned: BTreeSet<LogId> = disowned.map(|entry| entry.log).collect();
        let logs = self.logs.iter().filter(|(_, state)| state.descriptor.section != Section::AUTHORITY);
        for (log, state) in logs {
            let at = self.watermarks.get(log).copied().unwrap_or(0);
            let changed = ends.get(&state.descriptor.seat).is_some_and(|(void, new)| {
                *void || state.forked_at.is_some() || new.iter().any(|cuts| self.cuts_off(log, at, &cuts.of(log)))
            });
            if disowned.contains(log) || (changed && at > 0) {
                self.rejudge.insert(state.descriptor.section);
            }
        }
        if nothing_owed && self.rejudge.is_empty() {
            // Else all would be made afresh after a restart, for nothing; so it is if this fails.
            let _ = self.keep_judged();
        }
    }

    /// Whether something of a log that is in the documents up to a place stands past a cut, or on another chain.
    fn cuts_off(&self, log: &LogId, at: u64, cut: &Head) -> bool {
        let held = self.logs.get(log).is_some_and(|state| state.length() >= cut.length);
        cut.length < at || (held && !self.has_head(log, cut).unwrap_or(false))
    }

    /// What the documents were last judged by, as far as it takes anything away.
    pub(super) fn judged_by(&self) -> [u8; 32] {
        let logs = self.logs.iter().filter(|(_, state)| state.descriptor.section == Section::AUTHORITY);
        let forks: Vec<(&LogId, u64)> = logs.filter_map(|(log, state)| Some((log, state.forked_at?))).collect();
        hash("muster 1 judged by", &[&self.view.taken_away(), &crate::codec::encode(&forks)])
    }

    /// Notes that no document holds what no longer counts.
    pub(super) fn keep_judged(&mut self) -> Result<(), RecordsError> {
        let mut batch = super::store::Batch::default();
        batch.put(Table::Meta, rows::META_JUDGED, self.judged_by());
        Ok(self.store.commit(batch)?)
    }
}

fn not_yours() -> RecordsError {
    RecordsError::NotAllowed("your role may not do this here: ask the head, or whoever leads that area".into())
}
