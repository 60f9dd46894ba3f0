//! What was acknowledged to somebody, to be looked for afterwards.

use muster_core::document::fact::FactRef;
use muster_core::id::{EntryHash, SeatId};
use muster_core::replica::records::Written;
use muster_school::ids::Who;
use muster_school::office::CallKey;
use std::collections::{BTreeMap, BTreeSet};

/// What was acknowledged.
#[derive(Debug, Default)]
pub struct Ledger {
    entries: BTreeMap<EntryHash, String>,
    acts: usize,
    pub(crate) reports: Vec<Report>,
}

/// Somebody said to be missing.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) call: CallKey,
    pub(crate) who: Who,
    pub(crate) seat: SeatId,
    pub(crate) fact: FactRef,
    /// Its own seat spoke again, or somebody who saw it settled it.
    pub(crate) answered: bool,
    pub(crate) sentence: String,
}

impl Ledger {
    /// Notes an act that was answered with `Ok`.
    pub(crate) fn acknowledge(&mut self, device: &str, sentence: &str, written: &[Written]) {
        self.acts += written.len();
        for entry in written.iter().flat_map(|act| &act.entries) {
            self.entries.insert(*entry, format!("{device}: {sentence}"));
        }
    }

    /// Acts acknowledged.
    pub fn acts(&self) -> usize {
        self.acts
    }

    /// Entries acknowledged, with the sentence of each.
    pub fn entries(&self) -> &BTreeMap<EntryHash, String> {
        &self.entries
    }

    /// Whatever else was acknowledged is on no disk any more, and is owed to nobody.
    pub(crate) fn forget_all_but(&mut self, there: &BTreeSet<EntryHash>) {
        self.entries.retain(|entry, _| there.contains(entry));
        self.reports.retain(|report| there.contains(&report.fact.entry));
    }

    /// A seat speaks again of somebody: what it reported before is answered by itself.
    pub(crate) fn speaks_again(&mut self, call: CallKey, who: Who, seat: SeatId) {
        let own = |report: &&mut Report| report.call == call && report.who == who && report.seat == seat;
        self.reports.iter_mut().filter(own).for_each(|report| report.answered = true);
    }

    /// Somebody settles what they saw standing.
    pub(crate) fn settled(&mut self, seen: &[FactRef]) {
        let named = |report: &&mut Report| seen.contains(&report.fact);
        self.reports.iter_mut().filter(named).for_each(|report| report.answered = true);
    }
}
