//! Checking everything a store holds, afresh. See [`crate::audit`].

use super::epochs::{minted_in_right, view_under};
use super::frontiers::Frontiers;
use super::records::RecordsError;
use super::store::{Store, Table};
use super::verdict::Judge;
use super::{LogState, Replica, Verdict, held, open, rows};
use crate::audit::Verified;
use crate::authority::evaluate::{Checked, Statements, evaluate_again, seated};
use crate::authority::statement::Statement;
use crate::authority::view::{Seated, View};
use crate::codec;
use crate::founding::Founding;
use crate::id::{EntryHash, EpochId, FrontierId, LogId, SeatId, Section};
use crate::keys::epoch::{EpochInfo, EpochStatement};
use crate::limits;
use crate::log::entry::Entry;
use crate::log::frontier::Head;
use crate::log::header::{Descriptor, Kind};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Rows read in one step: bounds memory, each may be a quarter of a megabyte.
const ROWS_AT_ONCE: usize = 256;

/// What is read first: everything that the entries are judged by.
struct Ground {
    logs: BTreeMap<LogId, LogState>,
    frontiers: Frontiers,
    keys: BTreeMap<SeatId, Seated>,
    statements: Statements,
    view: View,
    epochs: BTreeMap<EntryHash, EpochInfo>,
    checked: Checked,
    at: Option<(FrontierId, Arc<View>)>,
}

/// One log while its rows go by, in order.
struct Walk {
    log: LogId,
    state: Option<LogState>,
    /// The entries at the place before this one, and at this one.
    before: BTreeSet<EntryHash>,
    here: BTreeSet<EntryHash>,
    place: u64,
    heads: BTreeMap<EntryHash, (u64, bool)>,
    forked_at: Option<u64>,
}

impl<S: Store> Replica<S> {
    /// Reads everything in the store afresh and checks all of it: encodings, chains, bodies, seals, certificates,
    /// who may do what, and every entry's right. `progress` is told how many entries are done, of how many.
    /// Damage is a finding, not an error.
    ///
    /// # Errors
    /// When the store cannot be read at all.
    pub fn verify(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<Verified, RecordsError> {
        let mut found = Verified::default();
        let mut ground = self.ground(&mut found)?;
        let of: u64 = ground.logs.values().flat_map(|state| &state.heads).map(|head| head.length).sum();
        let mut walk: Option<Walk> = None;
        let mut seen = BTreeSet::new();
        let mut from = Vec::new();
        loop {
            let chunk = self.store.range(Table::Entries, &from, None, ROWS_AT_ONCE)?;
            let Some((last, _)) = chunk.last() else { break };
            from = last.clone();
            from.push(0);
            for (key, value) in &chunk {
                let Some((log, sequence, hash)) = rows::read_entry(key) else {
                    found.find("a row of the entries has a name that is none".into());
                    continue;
                };
                if walk.as_ref().is_none_or(|walk| walk.log != log) {
                    if let Some(done) = walk.take() {
                        done.end(&mut found);
                    }
                    seen.insert(log);
                    walk = Some(Walk::begin(log, ground.logs.get(&log).cloned(), &mut found));
                }
                let Some(walk) = &mut walk else { continue };
                found.entries += 1;
                self.verify_entry(walk, &mut ground, (sequence, hash), value, &mut found);
            }
            progress(found.entries.min(of), of);
        }
        if let Some(done) = walk.take() {
            done.end(&mut found);
        }
        for (log, state) in &ground.logs {
            if !seen.contains(log) && !state.heads.is_empty() {
                found.find(format!("log {log:?} should hold {} entries and none is there", state.length()));
            }
        }
        self.verify_beside(&ground, &mut found)?;
        progress(of, of);
        Ok(found)
    }

    fn ground(&self, found: &mut Verified) -> Result<Ground, RecordsError> {
        let founding = self.store.get(Table::Meta, rows::META_FOUNDING)?;
        if founding.and_then(|bytes| Founding::decode(&bytes).ok()).as_ref() != Some(&self.founding) {
            found.find("the founding object is not the one this school is named after".into());
        }
        let mut logs = BTreeMap::new();
        for (key, value) in self.all(Table::Logs)? {
            let Some(log) = LogId::from_slice(&key) else {
                found.find("a log's name is none".into());
                continue;
            };
            match codec::decode::<LogState>(&value) {
                Ok(state) if state.descriptor.id(&self.school) == log => {
                    found.logs += 1;
                    logs.insert(log, state);
                }
                _ => found.find(format!("what is noted of log {log:?} is damaged")),
            }
        }
        let (frontiers, damaged) = Frontiers::load(self.all(Table::Frontiers)?);
        for _ in 0..damaged {
            found.find("a list of authority heads is damaged, or rests on one that is".into());
        }
        let mut epochs = BTreeMap::new();
        for (key, value) in self.all(Table::Epochs)? {
            match codec::decode::<EpochInfo>(&value) {
                Ok(info) if EpochId::from_slice(&key) == Some(info.statement.epoch) => {
                    found.epochs += 1;
                    epochs.insert(info.entry, info);
                }
                _ => found.find("what is noted of an epoch is damaged".into()),
            }
        }
        let (statements, keys) = self.read_statements(&logs)?;
        let held = held::Held { store: &self.store, frontiers: &frontiers, logs: &logs, statements: &statements };
        let mut checked = Checked::default();
        let view = evaluate_again(&self.founding, &statements, &held, &mut checked);
        if view != self.view {
            found.find("who may do what, worked out afresh, is not what this device goes by".into());
        }
        found.authority_state = view.state_hash();
        found.statements = statements.len() as u64;
        found.grants = view.grants.len() as u64;
        found.persons = view.persons.len() as u64;
        found.seats = view.seats.len() as u64;
        found.last_claim = view.devices().map(|device| (device, None)).collect();
        found.devices = found.last_claim.len() as u64;
        Ok(Ground { logs, frontiers, keys, statements, view, epochs, checked, at: None })
    }

    /// The statements as the entries say them, and every seat's key by its certificate.
    fn read_statements(
        &self,
        logs: &BTreeMap<LogId, LogState>,
    ) -> Result<(Statements, BTreeMap<SeatId, Seated>), RecordsError> {
        let mut statements = Statements::new();
        let mut keys = BTreeMap::new();
        for (log, state) in logs.iter().filter(|(_, state)| state.descriptor.section == Section::AUTHORITY) {
            let end = rows::after(&log.0);
            for (_, value) in self.store.range(Table::Entries, &log.0, end.as_deref(), usize::MAX)? {
                let Ok((entry, _)) = Entry::decode(&value) else { continue };
                let (hash, placed) = open::placed(state.descriptor.seat, &entry);
                if let Statement::Seat(certificate) = &placed.statement
                    && certificate.holds(&self.school)
                    && let Some(seated) = seated(certificate, &state.descriptor.seat)
                {
                    keys.insert(state.descriptor.seat, seated);
                }
                statements.insert(hash, placed);
            }
        }
        Ok((statements, keys))
    }

    fn verify_entry(
        &self,
        walk: &mut Walk,
        ground: &mut Ground,
        (sequence, hash): (u64, EntryHash),
        value: &[u8],
        found: &mut Verified,
    ) {
        let log = walk.log;
        let at = || format!("entry {sequence} of log {log:?}");
        let known = self.mending.is_lacking(&log, sequence, &hash);
        let Ok((entry, seal)) = Entry::decode(value).map_err(drop).and_then(|read| {
            // One that is to be fetched anew is as none, whatever lies there.
            if known { Err(()) } else { Ok(read) }
        }) else {
            if known {
                found.lacking += 1;
                walk.pass(sequence, hash);
                ground.epochs.remove(&hash);
            } else {
                found.find(format!("{} is damaged", at()));
            }
            return;
        };
        if entry.encode(seal) != value {
            found.find(format!("{} is not in its one legal encoding", at()));
        }
        let header = entry.header();
        if entry.hash() != hash || header.log != walk.log || header.sequence != sequence {
            found.find(format!("{} is not the one it is filed as", at()));
            return;
        }
        if entry.body().len() > limits::BODY_BYTES {
            found.find(format!("{} is longer than any entry may be", at()));
        }
        let sealed = seal.is_some();
        if let (Some(seal), Some(state)) = (seal, &walk.state) {
            let key = ground.keys.get(&state.descriptor.seat).map(|seated| seated.key);
            if key.is_some_and(|key| seal.holds(&key, &walk.log, sequence + 1, &hash)) {
                found.seals += 1;
            } else {
                found.find(format!("the seal at {} does not hold", at()));
            }
        }
        if let Some(problem) = walk.step(sequence, hash, &header.previous, sealed) {
            found.find(format!("{} {problem}", at()));
        }
        if !ground.frontiers.contains(&header.authority) {
            found.find(format!("{} names authority heads that are not held", at()));
        }
        let Some(state) = &walk.state else { return };
        if let Some(seated) = ground.view.seats.get(&state.descriptor.seat)
            && let Some(claim) = found.last_claim.get_mut(&seated.device)
        {
            *claim = (*claim).max(Some(header.at));
        }
        if state.descriptor.section != Section::AUTHORITY {
            let verdict = self.judge_afresh(ground, &state.descriptor, &entry);
            *found.verdicts.entry(verdict).or_default() += 1;
            if header.kind == Kind::EPOCH {
                let info = verify_epoch(ground, &state.descriptor, &entry, found);
                if let Some(info) = info.filter(|_| verdict == Verdict::Apply)
                    && let Some(then) = self.view_afresh(ground, &info.authority)
                    && !minted_in_right(&info, &then)
                {
                    found.epochs_refused.push((info.statement.epoch, info.by));
                }
            }
        }
    }

    fn judge_afresh(&self, ground: &Ground, descriptor: &Descriptor, entry: &Entry) -> Verdict {
        let held = held::Held {
            store: &self.store,
            frontiers: &ground.frontiers,
            logs: &ground.logs,
            statements: &ground.statements,
        };
        Judge { view: &ground.view, logs: &held, rules: &self.rules }.judge(descriptor, entry.header(), entry.hash())
    }

    /// What followed from the statements under some authority heads, worked out afresh; `None` where not all of
    /// them is here.
    fn view_afresh(&self, ground: &mut Ground, heads: &FrontierId) -> Option<Arc<View>> {
        if let Some((_, view)) = ground.at.as_ref().filter(|(at, _)| at == heads) {
            return Some(Arc::clone(view));
        }
        let Ground { logs, frontiers, statements, checked, .. } = ground;
        for (log, heads) in &frontiers.get(heads)?.0 {
            for head in heads {
                if !self.has_head(log, head).ok()? {
                    return None;
                }
            }
        }
        let held = held::Held { store: &self.store, frontiers, logs, statements };
        let view = Arc::new(view_under(&self.founding, statements, heads, &held, checked));
        ground.at = Some((*heads, Arc::clone(&view)));
        Some(view)
    }

    /// What lies beside the logs: sealed records, and how far the documents are.
    fn verify_beside(&self, ground: &Ground, found: &mut Verified) -> Result<(), RecordsError> {
        for _ in ground.epochs.values() {
            found.find("an epoch is noted that no entry announces".into());
        }
        match Self::read_key_files(&self.store)? {
            Some(records) => found.sealed_records = records.len() as u64,
            None => found.find("a file of sealed keys is damaged or missing".into()),
        }
        for (_, reason) in self.all(Table::Waiting)? {
            let reason = reason.first().map_or(Verdict::Unreadable, |byte| Verdict::from_byte(*byte));
            *found.waiting.entry(reason).or_default() += 1;
        }
        let mut marks = BTreeMap::new();
        for (key, value) in self.all(Table::Watermarks)? {
            if let (Some((_, log)), Ok(mark)) = (rows::read_section(&key), <[u8; 8]>::try_from(value.as_slice())) {
                marks.insert(log.to_vec(), u64::from_le_bytes(mark));
            }
        }
        for (log, state) in ground.logs.iter().filter(|(_, state)| state.descriptor.section != Section::AUTHORITY) {
            let mark = marks.get(log.0.as_slice()).copied().unwrap_or(0);
            found.untried += state.undisputed().saturating_sub(mark);
        }
        Ok(())
    }

    fn all(&self, table: Table) -> Result<Vec<super::store::Row>, RecordsError> {
        Ok(self.store.range(table, &[], None, usize::MAX)?)
    }
}

/// Checks an epoch's entry, and takes what is noted of it off the list.
fn verify_epoch(
    ground: &mut Ground,
    descriptor: &Descriptor,
    entry: &Entry,
    found: &mut Verified,
) -> Option<EpochInfo> {
    let at = || format!("entry {} of log {:?}", entry.header().sequence, entry.header().log);
    let Ok(statement) = codec::decode::<EpochStatement>(entry.body()) else {
        found.find(format!("{} announces an epoch in no legal form", at()));
        return None;
    };
    if !statement.recipients.is_sorted() {
        found.find(format!("{} announces an epoch whose recipients are not in order", at()));
    }
    let info = ground.epochs.remove(&entry.hash())?;
    if info.statement != statement
        || (info.section, info.by) != (descriptor.section, descriptor.seat)
        || info.authority != entry.header().authority
    {
        found.find(format!("what is noted of the epoch of {} is not what it says", at()));
    }
    Some(info)
}

impl Walk {
    fn begin(log: LogId, state: Option<LogState>, found: &mut Verified) -> Self {
        if state.is_none() {
            found.find(format!("there are entries of log {log:?}, of which nothing else is held"));
        }
        Self {
            log,
            state,
            before: BTreeSet::new(),
            here: BTreeSet::new(),
            place: 0,
            heads: BTreeMap::new(),
            forked_at: None,
        }
    }

    /// Takes the next entry; says what is wrong with where it stands.
    fn step(&mut self, sequence: u64, hash: EntryHash, previous: &EntryHash, sealed: bool) -> Option<&'static str> {
        if sequence > self.place {
            let next = self.place + 1 == sequence;
            self.before = std::mem::take(&mut self.here);
            self.place = sequence;
            if !next {
                self.before.clear();
                self.here.insert(hash);
                self.heads.insert(hash, (sequence + 1, sealed));
                return Some("has lost what stood before it");
            }
        }
        let chained = if sequence == 0 { *previous == EntryHash::ZERO } else { self.before.contains(previous) };
        if !self.here.is_empty() {
            self.forked_at = self.forked_at.or(Some(sequence));
        }
        self.here.insert(hash);
        self.heads.remove(previous);
        self.heads.insert(hash, (sequence + 1, sealed));
        (!chained).then_some("does not follow the entry before it")
    }

    /// Goes on past an entry that is damaged, and known for it.
    fn pass(&mut self, sequence: u64, hash: EntryHash) {
        if sequence > self.place {
            self.before = std::mem::take(&mut self.here);
            self.place = sequence;
        }
        self.here.insert(hash);
        self.heads.retain(|_, (length, _)| *length != sequence);
        self.heads.insert(hash, (sequence + 1, true));
    }

    fn end(self, found: &mut Verified) {
        let log = self.log;
        found.forks += u64::from(self.forked_at.is_some());
        for (_, (length, _)) in self.heads.iter().filter(|(_, (_, sealed))| !sealed) {
            found.find(format!("the end of log {log:?}, at {length} entries, is under no seal"));
        }
        let Some(state) = self.state else { return };
        let mut heads: Vec<Head> =
            self.heads.iter().map(|(hash, (length, _))| Head { length: *length, hash: *hash }).collect();
        heads.sort_unstable();
        if heads != state.heads {
            found.find(format!("log {log:?} does not end where it should"));
        }
        if self.forked_at != state.forked_at {
            found.find(format!("what is noted of a fork in log {log:?} is not what its entries show"));
        }
    }
}
