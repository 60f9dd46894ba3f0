//! New keys in an evaluation: taken up before what their rank holds back, lifts and gives up is heard.

use super::{Lifted, Taking, Work};
use crate::authority::line::DeviceCut;
use crate::authority::reduction::{NewKeys, Target};
use crate::authority::statement::Statement;
use crate::authority::view::{Holder, Standing};
use crate::id::{DeviceId, EntryHash, GrantId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What an evaluation knew before it heard a rank, to hear it again.
struct Before {
    standings: Vec<(GrantId, Standing)>,
    device_cuts: BTreeMap<DeviceId, Vec<DeviceCut>>,
    taken: BTreeMap<Target, Vec<Taking>>,
    lifted: Lifted,
    vouched: BTreeSet<DeviceId>,
}

/// New keys that somebody went on with: the grant as it was before, and the statements in their order.
struct Renewed {
    id: GrantId,
    before: Standing,
    by: Vec<EntryHash>,
}

impl Work<'_> {
    /// Takes up the new keys that people of a rank went on with, then hears its suspensions and lifts and what its
    /// people take from themselves; from then on the rank is heard from the devices that were let in before that.
    ///
    /// New keys come first, so what is said with the old ones past their end takes nothing back. Where it turns out
    /// that their author's line ended before they were said, as the device was held back or the place given up, they
    /// never were, and all is heard again without them: each time at least one less.
    pub(super) fn renew_and_hold_back(&mut self, ids: &[GrantId], rank: u8) {
        let mut of_rank = ids.iter().filter_map(|id| self.on_grant.get(id)).flatten();
        let may_fall = of_rank.any(|(_, placed)| matches!(placed.statement, Statement::NewKeys(_)));
        let mut fallen: BTreeSet<EntryHash> = BTreeSet::new();
        loop {
            let before = may_fall.then(|| self.as_it_is(ids));
            let renewed = self.renew_all(ids, rank, &fallen);
            let said = self.said_on(ids, rank);
            self.hold_back(&said, rank);
            self.vouch(ids, rank, rank);
            let known = fallen.len();
            fallen.extend(renewed.iter().flat_map(|renewed| self.fallen(renewed, rank)));
            match before {
                Some(before) if fallen.len() > known => self.go_back(before),
                _ => return,
            }
        }
    }

    fn as_it_is(&self, ids: &[GrantId]) -> Before {
        let standings = ids.iter().filter_map(|id| Some((*id, self.view.standing(id)?.clone())));
        Before {
            standings: standings.collect(),
            device_cuts: self.view.device_cuts.clone(),
            taken: self.taken.clone(),
            lifted: self.lifted.clone(),
            vouched: self.vouched.clone(),
        }
    }

    fn go_back(&mut self, before: Before) {
        let Before { standings, device_cuts, taken, lifted, vouched } = before;
        standings.into_iter().for_each(|(id, standing)| self.put(id, standing));
        (self.view.device_cuts, self.taken, self.lifted, self.vouched) = (device_cuts, taken, lifted, vouched);
    }

    fn renew_all(&mut self, ids: &[GrantId], rank: u8, fallen: &BTreeSet<EntryHash>) -> Vec<Renewed> {
        let mut all = Vec::new();
        for id in ids {
            let Some(before) = self.view.standing(id) else { continue };
            let (before, mut standing) = (before.clone(), before.clone());
            let by = self.renew(id, &mut standing, fallen);
            if !by.is_empty() {
                self.take_from(*id, &mut standing, rank);
                self.put(*id, standing);
                all.push(Renewed { id: *id, before, by });
            }
        }
        all
    }

    /// The new keys that do not stand before what a rank says of its devices and its people of themselves.
    fn fallen(&self, renewed: &Renewed, rank: u8) -> Vec<EntryHash> {
        let mut author = renewed.before.clone();
        author.cuts = self.view.standing(&renewed.id).map(|now| now.cuts.clone()).unwrap_or_default();
        let mut fallen = Vec::new();
        for name in &renewed.by {
            let Some(placed) = self.statements.get(name) else { continue };
            let Statement::NewKeys(new) = &placed.statement else { continue };
            if !self.counts(name, placed, &author, rank) {
                fallen.push(*name);
            }
            go_on_with(&mut author, new);
        }
        fallen
    }

    /// Takes up the new keys that the holder of a grant went on with; says by which statements. Should the same keys
    /// have been replaced twice, the statement in the entry with the least hash counts.
    fn renew(&self, id: &GrantId, standing: &mut Standing, fallen: &BTreeSet<EntryHash>) -> Vec<EntryHash> {
        let mut by = Vec::new();
        let said = self.on_grant.get(id).map_or(&[][..], Vec::as_slice);
        // Each key can be replaced once, so this ends.
        for _ in 0..said.len() {
            let next = said.iter().find_map(|(hash, placed)| {
                let Statement::NewKeys(new) = &placed.statement else { return None };
                (follows(standing, new)
                    && !fallen.contains(*hash)
                    && self.counts(hash, placed, standing, standing.rank - 1)
                    && self.new_keys_hold(hash, new))
                .then_some((**hash, new))
            });
            let Some((name, new)) = next else { return by };
            by.push(name);
            go_on_with(standing, new);
        }
        by
    }

    pub(super) fn new_keys_hold(&self, hash: &EntryHash, new: &NewKeys) -> bool {
        self.checked.0.get(hash).copied().unwrap_or_else(|| new.holds(&self.school))
    }
}

/// Whether new keys are those that the holder of a grant goes on with from the keys it names now.
pub(super) fn follows(standing: &Standing, new: &NewKeys) -> bool {
    standing.holder == Holder::Person(new.person)
        && standing.keys.is_some_and(|now| now.sign == new.old)
        && !standing.has_had(&new.keys.sign)
}

/// From now on the holder of a grant signs with new keys.
pub(super) fn go_on_with(standing: &mut Standing, new: &NewKeys) {
    standing.former.push((new.old, Arc::new(new.cuts.clone())));
    standing.keys = Some(new.keys);
}
