//! The acts that count, by what they are of, and what is asked of them: who had seen which, what holds against an order,
//! how much somebody ordered alone.
//!
//! Not here: who may say what, and what follows (`erasures`).

use super::{Erasure, Signed, secrets_in};
use crate::authority::erasure::{ErasureAct, Keyed};
use crate::authority::evaluate::Placed;
use crate::authority::line::Logs;
use crate::authority::view::Standing;
use crate::id::{EntryHash, Handle, LogId, PersonId, SecretId, Section};
use crate::limits;
use crate::log::header::Header;
use std::collections::{BTreeMap, BTreeSet};

/// Where an order stands, or the second signature that made it whole, and until when its author knew what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Order {
    pub(super) until_ms: i64,
    pub(super) log: LogId,
    pub(super) sequence: u64,
}

impl Order {
    /// Whether it was given after an entry was written, or at the same time.
    pub(crate) fn is_after(&self, header: &Header) -> bool {
        header.at.utc_ms <= self.until_ms
    }

    /// Whether an entry was written after it, by somebody who had not heard of it.
    pub(crate) fn is_unheard(&self, header: &Header, logs: &dyn Logs) -> bool {
        !self.is_after(header) && !logs.covers(&header.authority, &self.log, self.sequence)
    }
}

/// An act that counts, as far as its author's line goes.
pub(super) struct Voice<'a> {
    pub(super) signed: Signed,
    pub(super) standing: &'a Standing,
    pub(super) placed: &'a Placed,
    pub(super) act: &'a ErasureAct,
}

impl Voice<'_> {
    /// Whether its author had seen another.
    pub(super) fn saw(&self, other: &Self, logs: &dyn Logs) -> bool {
        let (log, sequence) = (other.placed.log, other.placed.sequence);
        log == self.placed.log && sequence < self.placed.sequence || logs.covers(&self.placed.authority, &log, sequence)
    }
}

/// What is said of orders and holds by whoever may, each by the entry that it is of.
#[derive(Default)]
pub(super) struct Heard<'a> {
    /// Orders and holds themselves.
    pub(super) said: BTreeMap<EntryHash, &'a Voice<'a>>,
    pub(super) undos: BTreeMap<EntryHash, Vec<&'a Voice<'a>>>,
    pub(super) confirms: BTreeMap<EntryHash, Vec<&'a Voice<'a>>>,
    pub(super) releases: BTreeMap<EntryHash, Vec<&'a Voice<'a>>>,
    pub(super) dones: BTreeMap<EntryHash, Vec<&'a Voice<'a>>>,
    /// The orders of each person, with how many secrets each is of, by when they were given.
    pub(super) orders: BTreeMap<Option<PersonId>, Vec<(i64, EntryHash, usize)>>,
    /// The holds of a document, and of a secret.
    pub(super) of_document: BTreeMap<(Section, Handle), Vec<EntryHash>>,
    pub(super) of_secret: BTreeMap<(Section, SecretId), Vec<EntryHash>>,
}

impl Heard<'_> {
    pub(super) fn all<'b>(of: &'b BTreeMap<EntryHash, Vec<&'b Voice<'b>>>, name: &EntryHash) -> &'b [&'b Voice<'b>] {
        of.get(name).map_or(&[], Vec::as_slice)
    }

    /// The holds that beat an order where a document is concerned: not those that its author had seen released.
    pub(super) fn holds_against(&self, order: &EntryHash, one: &Keyed, logs: &dyn Logs) -> Vec<&Voice<'_>> {
        let Some(order) = self.said.get(order) else { return Vec::new() };
        let by_secret = one.secrets.iter().filter_map(|id| self.of_secret.get(&(one.section, *id)));
        let found = self.of_document.get(&(one.section, one.handle)).into_iter().chain(by_secret).flatten();
        let names: BTreeSet<&EntryHash> = found.collect();
        let stands = |name: &&EntryHash| !Heard::all(&self.releases, name).iter().any(|it| order.saw(it, logs));
        names.into_iter().filter(stands).filter_map(|name| self.said.get(name).copied()).collect()
    }

    /// How many secrets somebody ordered to be destroyed in the four weeks up to an order, that one included, without
    /// anybody else: of those that count.
    pub(super) fn alone(&self, name: &EntryHash, order: &Erasure, counts: impl Fn(&EntryHash) -> bool) -> usize {
        let orders = self.orders.get(&order.by.person).map_or(&[][..], Vec::as_slice);
        let at = order.by.at.utc_ms;
        let from = orders.partition_point(|(then, ..)| at.saturating_sub(*then) >= limits::ERASED_ALONE_WITHIN_MS);
        let before =
            orders.get(from..).unwrap_or_default().iter().take_while(|(then, one, _)| (*then, *one) < (at, *name));
        let before = before.filter(|(_, one, _)| counts(one));
        before.map(|(.., many)| many).sum::<usize>() + secrets_in(order)
    }
}
