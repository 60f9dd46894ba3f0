//! From logs to documents, where the keys are at hand.
//!
//! Each log has a watermark: how far it is in the documents. An entry that cannot be applied yet is noted as
//! waiting, with the reason, and tried again when keys or statements change. Documents, watermarks and notes
//! change in one transaction. All of it can be thrown away and worked out again from the logs.

use super::documents_apply::Contributions;
use super::opening::Said;
use super::records::RecordsError;
use super::store::{Batch, Store, Table};
use super::{Replica, Verdict, rows};
use crate::document::fact::Origin;
use crate::document::rebuild::Contribution;
use crate::id::{DocumentId, EntryHash, LogId, Section};
use crate::log::entry::Entry;
use crate::log::header::{Descriptor, Kind};
use rand_core::CryptoRng;
use std::collections::BTreeSet;

/// Entries applied in one transaction: bounds memory, and makes one application a document of what came together.
const ENTRIES_AT_ONCE: usize = 4_096;

/// Bytes of bodies applied in one transaction, and rows read in one step: bound memory where entries are large.
const BYTES_AT_ONCE: usize = 16 * 1024 * 1024;
const ROWS_AT_ONCE: usize = 256;

/// What has been gathered for one transaction.
#[derive(Default)]
struct Round {
    contributions: Contributions,
    batch: Batch,
    watermarks: Vec<(LogId, u64)>,
    entries: usize,
    bytes: usize,
}

impl<S: Store> Replica<S> {
    pub(super) fn watermark(&self, log: &LogId) -> u64 {
        self.watermarks.get(log).copied().unwrap_or(0)
    }

    /// Brings the documents of the most urgent section that is behind up to its logs. Says which documents
    /// changed, and whether more is to do: call it again until it is not.
    ///
    /// # Errors
    /// When the store fails; nothing is lost, and the section stays behind.
    pub fn work(&mut self, context: &mut super::Context<'_>) -> Result<(Vec<DocumentId>, bool), RecordsError> {
        // What cannot be done for one does not keep the others waiting: it is said, and tried again.
        let erased = self.carry_out_erasures(context).map(drop);
        let renewed = self.begin_owed(context);
        let settled = if self.keys_owed { self.settle_keys(context) } else { Ok(()) };
        let looked = self.look_over_suspects();
        let settled = renewed.and(erased).and(settled);
        let more = (self.keepers.owed && self.settle_bundles(context)?) | looked?;
        let next = self.behind.iter().min_by_key(|section| (self.stuck.contains(section), self.order(section)));
        let Some(section) = next.copied() else { return settled.map(|()| (Vec::new(), more)) };
        let done = self.materialise(&section, context.random);
        if done.is_err() {
            self.stuck.insert(section)
        } else {
            self.stuck.remove(&section)
        };
        settled?;
        Ok((done?, more || !self.behind.is_empty()))
    }

    pub(crate) fn materialise(
        &mut self,
        section: &Section,
        random: &mut dyn CryptoRng,
    ) -> Result<Vec<DocumentId>, RecordsError> {
        let mut changed = BTreeSet::new();
        if self.rejudge.contains(section) {
            self.rebuild(section)?;
            self.rejudge.remove(section);
            if self.rejudge.is_empty() {
                self.keep_judged()?;
            }
        }
        if self.opens(section) {
            self.catch_up_section(section, &mut changed, random)?;
            if self.damaged.remove(section) {
                self.rebuild(section)?;
                self.catch_up_section(section, &mut changed, random)?;
            }
        }
        self.behind.remove(section);
        Ok(changed.into_iter().collect())
    }

    fn catch_up_section(
        &mut self,
        section: &Section,
        changed: &mut BTreeSet<DocumentId>,
        random: &mut dyn CryptoRng,
    ) -> Result<(), RecordsError> {
        self.open_section_secrets(section);
        // What waits goes on waiting until more is said or more opens.
        if self.retried.get(section) != Some(&(self.heads, self.ring.changes())) {
            self.retry_waiting(section, changed, random)?;
            self.retried.insert(*section, (self.heads, self.ring.changes()));
        }
        let logs: Vec<(LogId, Descriptor, u64)> = self
            .logs
            .iter()
            .filter(|(log, state)| state.descriptor.section == *section && self.watermark(log) < state.undisputed())
            .map(|(id, state)| (*id, state.descriptor, state.undisputed()))
            .collect();
        let mut round = Round::default();
        for (log, descriptor, end) in logs {
            self.read_log(section, &log, &descriptor, end, &mut round, changed, random)?;
        }
        self.finish(section, round, changed, random)?;
        self.read_branches(section, changed, random)
    }

    /// What stands at and after the fork of a log: most of it waits, and what a cut names or somebody adopted is
    /// applied. An entry that is in its document already changes nothing there.
    fn read_branches(
        &mut self,
        section: &Section,
        changed: &mut BTreeSet<DocumentId>,
        random: &mut dyn CryptoRng,
    ) -> Result<(), RecordsError> {
        let forked = self.logs.iter().filter(|(_, state)| state.descriptor.section == *section);
        let forked: Vec<_> =
            forked.filter_map(|(log, state)| Some((*log, state.descriptor, state.forked_at?))).collect();
        for (log, descriptor, fork) in forked {
            let mut from = fork;
            loop {
                let some = self.rows(&log, from, ROWS_AT_ONCE)?;
                let Some(last) = some.last().map(|(place, ..)| *place) else { break };
                let mut round = Round::default();
                for (place, keyed, sealed) in &some {
                    let Some((entry, _)) = sealed else {
                        self.leave_for_later(section, &log, *place, Some(*keyed), &mut round)?;
                        continue;
                    };
                    let verdict = self.take(section, &descriptor, entry, None, &mut round)?;
                    let key = rows::waiting(section, &log, entry.header().sequence, &entry.hash());
                    if verdict == Verdict::Apply {
                        round.batch.delete(Table::Waiting, key);
                    } else {
                        round.batch.put(Table::Waiting, key, [verdict as u8]);
                    }
                }
                self.finish(section, round, changed, random)?;
                // A place is read again if not all of its branches fitted; there are few.
                from = if some.len() < ROWS_AT_ONCE { last + 1 } else { last.max(from + 1) };
            }
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "one step of materialise, split for its length")]
    fn read_log(
        &mut self,
        section: &Section,
        log: &LogId,
        descriptor: &Descriptor,
        end: u64,
        round: &mut Round,
        changed: &mut BTreeSet<DocumentId>,
        random: &mut dyn CryptoRng,
    ) -> Result<(), RecordsError> {
        let mut at = self.watermark(log);
        while at < end {
            let most = usize::try_from(end - at).unwrap_or(usize::MAX).min(ROWS_AT_ONCE);
            let from = at;
            let some = self.rows(log, at, most)?;
            let entries: Vec<Option<&Entry>> =
                some.iter().map(|(.., sealed)| sealed.as_ref().map(|(entry, _)| entry)).collect();
            let said = self.open_entries(section, &entries);
            for ((place, keyed, sealed), said) in some.into_iter().zip(said) {
                if place != at || at >= end {
                    break;
                }
                at += 1;
                let Some((entry, _)) = sealed else {
                    self.leave_for_later(section, log, place, Some(keyed), round)?;
                    continue;
                };
                let header = entry.header();
                let verdict = self.take(section, descriptor, &entry, said, round)?;
                if verdict != Verdict::Apply {
                    let key = rows::waiting(section, log, header.sequence, &entry.hash());
                    round.batch.put(Table::Waiting, key, [verdict as u8]);
                }
                round.entries += 1;
                round.bytes += entry.body().len();
            }
            if at == from {
                // A row that is gone. Where nothing tells its name, the log ends here until what stands after it is back.
                if !self.leave_for_later(section, log, at, None, round)? {
                    break;
                }
                at += 1;
            }
            round.batch.put(Table::Watermarks, rows::watermark(section, log), at.to_le_bytes());
            round.watermarks.push((*log, at));
            if round.entries >= ENTRIES_AT_ONCE || round.bytes >= BYTES_AT_ONCE {
                self.finish(section, std::mem::take(round), changed, random)?;
            }
        }
        Ok(())
    }

    /// An entry is damaged: the log goes on around it, and it waits until it was fetched anew. Says whether it has a name
    /// to wait under; where what would name it is gone too, the log is looked over.
    fn leave_for_later(
        &mut self,
        section: &Section,
        log: &LogId,
        place: u64,
        keyed: Option<EntryHash>,
        round: &mut Round,
    ) -> Result<bool, RecordsError> {
        let Some(name) = self.note_damaged(log, place, keyed)? else {
            self.suspect(*log);
            return Ok(false);
        };
        round.batch.put(Table::Waiting, rows::waiting(section, log, place, &name), [Verdict::Damaged as u8]);
        Ok(true)
    }

    /// Judges one entry, opens it where that was not done before, and adds what it brings to the round.
    fn take(
        &mut self,
        section: &Section,
        descriptor: &Descriptor,
        entry: &Entry,
        said: Option<Said>,
        round: &mut Round,
    ) -> Result<Verdict, RecordsError> {
        let header = entry.header();
        let verdict = self.judge(descriptor, header, entry.hash());
        if verdict != Verdict::Apply || header.kind != Kind::FACTS {
            return Ok(verdict);
        }
        if self.is_anothers_post(&header.epoch, &descriptor.seat) {
            return Ok(Verdict::Unreadable);
        }
        let said = match said {
            // It may have been saved from an erasure.
            None | Some(Err(Verdict::Erased | Verdict::NoSecret)) => self.open_entry(section, entry),
            Some(said) => said,
        };
        let (document, handle, facts) = match said {
            Ok(opened) => opened,
            Err(verdict) => return Ok(verdict),
        };
        if self.shelf(section, &handle)?.is_shut() {
            // What is kept of the document is under a key that is not at hand, and must not be replaced.
            return Ok(Verdict::NoEpoch);
        }
        let origin = Origin { seat: descriptor.seat, sequence: header.sequence, at: header.at, act: header.act };
        let (_, epochs, brought) = round.contributions.entry(handle).or_insert((document, Vec::new(), Vec::new()));
        if epochs.last() != Some(&header.epoch) {
            epochs.push(header.epoch);
        }
        brought.push(Contribution { entry: entry.hash(), origin, facts });
        Ok(Verdict::Apply)
    }

    fn retry_waiting(
        &mut self,
        section: &Section,
        changed: &mut BTreeSet<DocumentId>,
        random: &mut dyn CryptoRng,
    ) -> Result<(), RecordsError> {
        let prefix = rows::section(section);
        let end = rows::after(&prefix);
        let mut from = prefix;
        // What an older program did not know, this one may: tried once after each start.
        let first = !self.retried.contains_key(section);
        loop {
            let waiting = self.store.range(Table::Waiting, &from, end.as_deref(), ROWS_AT_ONCE)?;
            let Some((last, _)) = waiting.last() else { return Ok(()) };
            from = last.clone();
            from.push(0);
            let mut round = Round::default();
            for (key, reason) in &waiting {
                let was = reason.first().map_or(Verdict::Unreadable, |byte| Verdict::from_byte(*byte));
                if was == Verdict::Unreadable || (was == Verdict::Newer && !first) {
                    continue;
                }
                let Some((log, sequence, hash)) = rows::read_waiting(key) else { continue };
                let Some(descriptor) = self.logs.get(&log).map(|state| state.descriptor) else { continue };
                let entry = match self.entry(&log, sequence, &hash) {
                    Ok(Some((entry, _))) => entry,
                    Ok(None) | Err(RecordsError::Broken(_)) => continue,
                    Err(error) => return Err(error),
                };
                let verdict = self.take(section, &descriptor, &entry, None, &mut round)?;
                if verdict == Verdict::Apply {
                    round.batch.delete(Table::Waiting, key.clone());
                } else if verdict != was {
                    round.batch.put(Table::Waiting, key.clone(), [verdict as u8]);
                }
            }
            self.finish(section, round, changed, random)?;
        }
    }

    fn finish(
        &mut self,
        section: &Section,
        round: Round,
        changed: &mut BTreeSet<DocumentId>,
        random: &mut dyn CryptoRng,
    ) -> Result<(), RecordsError> {
        let Round { contributions, mut batch, watermarks, .. } = round;
        let handles: Vec<_> = contributions.keys().copied().collect();
        let applied = self.apply(section, contributions, &mut batch, random);
        let done = applied.and_then(|ids| {
            if !batch.is_empty() {
                self.store.commit(batch)?;
            }
            Ok(ids)
        });
        match done {
            Ok(ids) => {
                changed.extend(ids);
                self.watermarks.extend(watermarks);
                Ok(())
            }
            Err(error) => {
                handles.iter().for_each(|handle| self.cache.forget(section, handle));
                Err(error)
            }
        }
    }

    /// Throws a section's documents away, to be worked out again from its logs.
    ///
    /// # Errors
    /// When the store fails.
    pub fn rebuild(&mut self, section: &Section) -> Result<(), RecordsError> {
        let mut batch = Batch::default();
        let prefix = rows::section(section);
        let end = rows::after(&prefix);
        for table in [Table::Documents, Table::Kept, Table::Watermarks, Table::Waiting] {
            for (key, _) in self.store.range(table, &prefix, end.as_deref(), usize::MAX)? {
                batch.delete(table, key);
            }
        }
        self.store.commit(batch)?;
        self.cache.forget_section(section);
        let of_section = self.logs.iter().filter(|(_, state)| state.descriptor.section == *section);
        for log in of_section.map(|(log, _)| *log).collect::<Vec<_>>() {
            self.watermarks.remove(&log);
        }
        self.behind.insert(*section);
        Ok(())
    }

    /// How many entries of a section wait, and why.
    ///
    /// # Errors
    /// When the store fails.
    pub fn waiting(&self, section: &Section) -> Result<Vec<Verdict>, RecordsError> {
        let prefix = rows::section(section);
        let end = rows::after(&prefix);
        let found = self.store.range(Table::Waiting, &prefix, end.as_deref(), usize::MAX)?;
        Ok(found.iter().filter_map(|(_, reason)| reason.first()).map(|byte| Verdict::from_byte(*byte)).collect())
    }
}
