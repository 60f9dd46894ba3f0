//! From which devices a rank is heard: those that were let in, so that a person's keys alone, on a machine that nobody
//! let in, say nothing.
//!
//! What let a device in is itself a statement, perhaps of a weaker rank than the one at hand: a head signs in on a
//! laptop that an administrator let in. What weaker ranks take away is not known yet then and cannot be asked, as it
//! depends on this rank. So a device counts that was let in by a chain of grants back to the founding device or the
//! cards, each link said before every cut of the ranks known so far. More statements of grants only ever add devices,
//! so the result is the same in whatever order they are looked at.

use super::{Placed, Work, allows, at, renew, standing_of};
use crate::authority::capability::Right;
use crate::authority::grant::{Grant, Grantee, Registration};
use crate::authority::line::Line;
use crate::authority::reduction::NewKeys;
use crate::authority::statement::Statement;
use crate::authority::view::{Holder, Standing};
use crate::crypto::sign::PublicSign;
use crate::id::{DeviceId, EntryHash, GrantId, SeatId};
use std::collections::{BTreeMap, BTreeSet};

/// A statement, by its entry.
type Said<'a> = (&'a EntryHash, &'a Placed);

/// A search under way.
struct Search<'a> {
    rank: u8,
    /// Device cuts of these ranks and stronger are known.
    weakest: u8,
    known: BTreeSet<DeviceId>,
    /// Grants found that let somebody in, the keys of their holders aside.
    given: BTreeMap<GrantId, Standing>,
    /// The same with each of the keys that may speak on them.
    speaks: BTreeMap<(GrantId, PublicSign), Standing>,
    /// What was said on grants found by keys that none of them is known to name yet.
    unheard: BTreeMap<(GrantId, PublicSign), Vec<Said<'a>>>,
    /// What was said on devices not known yet.
    waiting: BTreeMap<DeviceId, Vec<Said<'a>>>,
    queue: Vec<Said<'a>>,
}

impl<'a> Work<'a> {
    /// Finds the devices from which a rank is heard, as far as the cuts of ranks down to `weakest` are known.
    pub(super) fn vouch(&mut self, ids: &[GrantId], rank: u8, weakest: u8) {
        let all = self.view.grants.values().chain(self.view.past.values());
        let devices = all.filter_map(|standing| match standing.holder {
            Holder::Device(device) => Some(device),
            Holder::Person(_) => None,
        });
        let known: BTreeSet<DeviceId> = devices.chain([self.founding_device]).collect();
        if !self.speaks_from_elsewhere(ids, &known) {
            self.vouched = known;
            return;
        }
        let mut search = Search {
            rank,
            weakest,
            known,
            given: BTreeMap::new(),
            speaks: BTreeMap::new(),
            unheard: BTreeMap::new(),
            waiting: BTreeMap::new(),
            queue: Vec::new(),
        };
        let given = self.view.grants.iter().chain(&self.view.past);
        let given: Vec<(GrantId, Standing)> = given
            .filter(|(_, standing)| standing.rank >= rank && matches!(standing.holder, Holder::Person(_)))
            .map(|(id, standing)| (*id, standing.clone()))
            .collect();
        for (id, standing) in given {
            self.found(&mut search, id, standing);
        }
        while let Some((hash, placed)) = search.queue.pop() {
            self.look_at(&mut search, hash, placed);
        }
        self.vouched = search.known;
    }

    pub(super) fn is_vouched(&self, seat: &SeatId) -> bool {
        self.view.seats.get(seat).is_some_and(|seated| self.vouched.contains(&seated.device))
    }

    /// Whether anything of a rank is said on other devices than these.
    fn speaks_from_elsewhere(&self, ids: &[GrantId], known: &BTreeSet<DeviceId>) -> bool {
        let said = ids.iter().filter_map(|id| self.on_grant.get(id)).flatten().map(|(_, placed)| placed.seat);
        let taken_up = ids.iter().filter_map(|id| self.registered.get(id)).flatten().map(|(_, placed, _)| placed.seat);
        let mut devices = said.chain(taken_up).filter_map(|seat| Some(self.view.seats.get(&seat)?.device));
        devices.any(|device| !known.contains(&device))
    }

    /// A grant that may let devices in, or somebody who may.
    fn found(&self, search: &mut Search<'a>, id: GrantId, mut standing: Standing) {
        let lets_in = |right| matches!(right, Right::Enrol | Right::Grant);
        if !standing.capabilities.iter().any(|held| lets_in(held.right)) || search.given.contains_key(&id) {
            return;
        }
        let rank = standing.rank;
        self.take_from(id, &mut standing, rank);
        for (hash, placed) in self.on_grant.get(&id).into_iter().flatten() {
            if let (Statement::Grant(_) | Statement::NewKeys(_), Some(key)) =
                (&placed.statement, self.view.signs_with(&placed.seat))
            {
                search.unheard.entry((id, key)).or_default().push((*hash, *placed));
            }
        }
        // Once the keys of this rank are fixed, no others take its grants up.
        if standing.rank > search.rank || search.weakest < search.rank {
            let taken_up = self.registered.get(&id).into_iter().flatten();
            search.queue.extend(taken_up.map(|(hash, placed, _)| (*hash, *placed)));
        }
        search.given.insert(id, standing.clone());
        if standing.keys.is_some() {
            self.speaks(search, id, standing);
        }
    }

    /// Somebody may speak on a grant with the keys that it names here, and those before them.
    fn speaks(&self, search: &mut Search<'a>, id: GrantId, mut standing: Standing) {
        let rank = standing.rank;
        self.take_from(id, &mut standing, rank);
        let keys = standing.keys.iter().map(|keys| keys.sign);
        let keys: Vec<PublicSign> = keys.chain(standing.former.iter().map(|(key, _)| *key)).collect();
        for key in keys {
            search.speaks.entry((id, key)).or_insert_with(|| standing.clone());
            search.queue.extend(search.unheard.remove(&(id, key)).into_iter().flatten());
        }
    }

    fn look_at(&mut self, search: &mut Search<'a>, hash: &'a EntryHash, placed: &'a Placed) {
        let Some(seated) = self.view.seats.get(&placed.seat).copied() else { return };
        let Some((_, key)) = seated.person else { return };
        if !search.known.contains(&seated.device) {
            search.waiting.entry(seated.device).or_default().push((hash, placed));
            return;
        }
        if let Statement::Registration(one) = &placed.statement {
            self.look_at_keys(search, hash, placed, one);
            return;
        }
        let Some(author) = search.speaks.get(&(placed.grant, key)).cloned() else { return };
        if !self.stands(search, hash, placed, &author) {
            return;
        }
        match &placed.statement {
            Statement::Grant(grant) if allows(&author, grant) => self.let_in(search, hash, placed, grant),
            Statement::NewKeys(new) => self.look_at_new_keys(search, hash, new, author, placed.grant),
            _ => {}
        }
    }

    fn stands(&self, search: &Search<'a>, hash: &EntryHash, placed: &Placed, author: &Standing) -> bool {
        let seen = author.at.is_none_or(|(log, sequence)| self.logs.covers(&placed.authority, &log, sequence));
        seen && self.view.is_held_by(author, &placed.seat)
            && self.view.line_under(&at(hash, placed), author, self.logs, search.weakest) == Line::Counts
    }

    fn let_in(&self, search: &mut Search<'a>, hash: &EntryHash, placed: &Placed, grant: &Grant) {
        if let Grantee::Device { device, .. } = &grant.to {
            search.known.insert(*device);
            search.queue.extend(search.waiting.remove(device).into_iter().flatten());
        } else {
            let by = Some((placed.seat, placed.log, placed.sequence));
            self.found(search, GrantId(hash.0), standing_of(by, grant));
        }
    }

    fn look_at_keys(&mut self, search: &mut Search<'a>, hash: &EntryHash, placed: &Placed, one: &Registration) {
        let Some(standing) = search.given.get(&one.grant).cloned() else { return };
        if self.takes_up(hash, placed, one, &standing, search.weakest) {
            let standing = Standing { keys: Some(one.keys), former: Vec::new(), ..standing };
            self.speaks(search, one.grant, standing);
        }
    }

    fn look_at_new_keys(
        &self,
        search: &mut Search<'a>,
        hash: &EntryHash,
        new: &NewKeys,
        mut author: Standing,
        grant: GrantId,
    ) {
        let fixed = author.rank == search.rank && search.weakest >= search.rank;
        let next = !fixed && renew::follows(&author, new) && !search.speaks.contains_key(&(grant, new.keys.sign));
        if next && self.new_keys_hold(hash, new) {
            renew::go_on_with(&mut author, new);
            self.speaks(search, grant, author);
        }
    }
}
