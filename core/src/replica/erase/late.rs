//! What was written after an order to erase, by somebody who had not heard of it, is saved from it.
//!
//! It lies under a secret that is to be destroyed, and whoever wrote it was told that it is kept. So before a device
//! destroys that secret, each such entry is given a secret of its own: the key of its inner layer alone, sealed under the
//! epoch of the entry as every document's secret is. Whoever could read the entry makes it, and it says nothing of what
//! was written before the order. From then on it is one of the document's secrets, and the document is listed as written
//! on. Any device that reads it does this; the one on which it was written destroys nothing of that section until it is
//! done, which may be until somebody signs in there.
//!
//! *After* is what the clocks said: the writer's, and those of all that its orderer had read of the documents. Not where documents are read one by one: an entry there would have to be wrapped
//! to the readers of its case.

use super::super::records::RecordsError;
use super::super::store::Store;
use super::super::{Context, Replica};
use crate::authority::erasure::Keyed;
use crate::authority::erasures::{Erasure, Order};
use crate::document::body::{self, Outer};
use crate::id::{EntryHash, LogId, SeatId, SecretId, Section};
use crate::keys::rule::KeyRule;
use crate::log::entry::Entry;
use crate::log::header::{Header, Kind};
use std::collections::BTreeSet;

/// Entries of a log looked at in one step, from its end back.
const LOOKED_AT_ONCE: u64 = 64;

/// Branches of a forked log, at most: those that are kept, and as many that a cut or an adoption names.
const BRANCHES: u64 = 16;

impl<S: Store> Replica<S> {
    /// Saves what can be, and notes where something of this device's own cannot yet. Cheap unless more was said, or
    /// somebody signed in, since.
    pub(super) fn save_unheard(&mut self, context: &mut Context<'_>) -> Result<(), RecordsError> {
        let by = (self.heads, self.ring.persons().copied().collect::<Vec<_>>());
        if self.erasing.looked.as_ref() == Some(&by) {
            return Ok(());
        }
        let (mut waits, mut done) = (BTreeSet::new(), Ok(()));
        for section in self.erasing.now.sections_with_gone().copied().collect::<Vec<_>>() {
            match self.save_unheard_in(&section, context) {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => done = Err(error),
            }
            waits.insert(section);
        }
        self.erasing.waits = waits;
        self.erasing.looked = done.is_ok().then_some(by);
        done
    }

    /// Whether this device keeps what an erasure is of until something in it was saved.
    pub(super) fn is_waited_for(&self, name: &EntryHash, one: &Erasure) -> bool {
        one.free().any(|doc| self.erasing.waits.contains(&doc.section)) && !self.has_carried_out(name)
    }

    /// What an entry says whose document's secret was destroyed, if it was saved from that.
    pub(in crate::replica) fn open_saved(&self, section: &Section, header: &Header, outer: &Outer) -> Option<Vec<u8>> {
        if !self.is_unheard(section, &outer.secret, header) {
            return None;
        }
        let mut secrets = self.ring.secrets_of(section, &outer.handle).filter_map(|id| self.ring.secret(id));
        secrets.find_map(|secret| body::open_saved(header, outer, secret))
    }

    /// The sections of some documents in which entries are that may have been saved: their documents are made afresh.
    pub(super) fn sections_with_unheard(&self, doomed: &[Keyed]) -> Result<BTreeSet<Section>, RecordsError> {
        let mut found = BTreeSet::new();
        for section in doomed.iter().map(|one| one.section).collect::<BTreeSet<_>>() {
            if !self.unheard_in(&section)?.is_empty() {
                found.insert(section);
            }
        }
        Ok(found)
    }

    /// Whether an entry under a secret was written after every order that is of it, unheard of each.
    fn is_unheard(&self, section: &Section, secret: &SecretId, header: &Header) -> bool {
        self.erasing.now.orders_of(section, secret).all(|order| order.is_unheard(header, &self.held()))
    }

    /// The entries of a section that were written after an order that is not carried out here yet, unheard of it.
    fn unheard_in(&self, section: &Section) -> Result<Vec<(SeatId, Entry)>, RecordsError> {
        let open = |(id, _): &(&SecretId, _)| !self.erasing.kept.has_destroyed(section, id);
        let orders: BTreeSet<Order> =
            self.erasing.now.gone_in(section).filter(open).flat_map(|(_, orders)| orders).copied().collect();
        let mut found = Vec::new();
        if orders.is_empty() || self.rule(section.compartment.area) == KeyRule::Case {
            return Ok(found);
        }
        let held = self.held();
        let unheard = |entry: &Entry| {
            entry.header().kind == Kind::FACTS && orders.iter().any(|order| order.is_unheard(entry.header(), &held))
        };
        let of_section = self.logs.iter().filter(|(_, state)| state.descriptor.section == *section);
        for (log, state) in of_section {
            let branches = if state.forked_at.is_some() { BRANCHES } else { 1 };
            let mut end = state.length();
            while end > 0 {
                let from = end.saturating_sub(LOOKED_AT_ONCE);
                let entries = self.entries_between(log, from, end, branches)?;
                // Times grow along a log, but for clocks that were put right.
                let before = entries.iter().all(|entry| orders.iter().all(|order| order.is_after(entry.header())));
                found.extend(entries.into_iter().filter(unheard).map(|entry| (state.descriptor.seat, entry)));
                end = if before { 0 } else { from };
            }
        }
        Ok(found)
    }

    fn entries_between(&self, log: &LogId, from: u64, end: u64, branches: u64) -> Result<Vec<Entry>, RecordsError> {
        let most = usize::try_from((end - from).saturating_mul(branches)).unwrap_or(usize::MAX);
        let rows = self.rows(log, from, most)?.into_iter().filter(|(place, ..)| *place < end);
        Ok(rows.filter_map(|(.., sealed)| sealed.map(|(entry, _)| entry)).collect())
    }

    /// Saves what can be in a section. Says whether nothing of this device's own is left.
    fn save_unheard_in(&mut self, section: &Section, context: &mut Context<'_>) -> Result<bool, RecordsError> {
        let unheard = self.unheard_in(section)?;
        if unheard.is_empty() {
            return Ok(true);
        }
        self.open_section_secrets(section);
        let (mut saved, mut all) = (Vec::new(), true);
        for (seat, entry) in unheard {
            let header = entry.header();
            let own = self.view.seats.get(&seat).is_some_and(|seated| seated.device == self.device());
            let Some(key) = self.ring.epoch(section, &header.epoch, &self.sealed) else {
                all &= !own;
                continue;
            };
            let Some(outer) = body::open_outer(header, &key, entry.body()) else { continue };
            let done = !self.erasing.now.is_gone(section, &outer.secret)
                || !self.is_unheard(section, &outer.secret, header)
                || self.destroyed_secrets(section).is_some_and(|gone| gone.contains(&outer.secret))
                || self.open_saved(section, header, &outer).is_some();
            if done {
                continue;
            }
            let Some(secret) = self.ring.secret(&outer.secret) else {
                all &= !own;
                continue;
            };
            if body::open_inner(header, &outer, secret).is_none() {
                continue;
            }
            let one = body::saved(&outer, secret);
            if let Some(record) = one.seal(header.epoch, &key, context.random) {
                saved.push((header.epoch, one, record));
            }
        }
        let records = saved.iter().map(|(.., record)| (*section, record.clone())).collect();
        self.add_own_records(records)?;
        for (epoch, one, _) in saved {
            self.ring.put_secret(*section, epoch, one);
        }
        Ok(all)
    }
}
