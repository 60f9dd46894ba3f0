//! Entries that were damaged on this disk: noted, told, and fetched anew from another device.
//!
//! A noted entry keeps its place and its name, which the chain around it vouches for, so that only that very entry can
//! come back there; another one at its place is a fork as any. Until it is back its log goes on around it, what was
//! made of it stays in the documents, and what two devices hold of its section counts as different, so that each
//! meeting asks for it.
//!
//! Not here: the authority area as it is read at the beginning. Who may do what is not worked out from a part of it, so
//! that records with a damaged entry there do not open; what is found there while they are open is mended.

use super::logs::Sealed;
use super::records::RecordsError;
use super::store::{Batch, Store, StoreError, Table};
use super::{LogState, Replica, rows};
use crate::codec;
use crate::id::{EntryHash, LogId};
use crate::limits;
use crate::log::frontier::Head;
use std::collections::{BTreeMap, BTreeSet};

/// Rows read in one step: each may be a quarter of a megabyte.
const ROWS_AT_ONCE: usize = 64;

/// Places and names of one log.
type Places = BTreeSet<(u64, EntryHash)>;

/// What is lacking, and what is to be looked over.
#[derive(Debug, Default)]
pub(super) struct Mending {
    lacking: BTreeMap<LogId, Places>,
    /// How often that changed since the program started.
    changes: u64,
    /// Logs in which something could not be read, and how far they were looked over.
    suspects: BTreeMap<LogId, u64>,
    /// How far all was looked over at leisure.
    at: Option<(LogId, u64)>,
}

impl Mending {
    /// From a store. A damaged note is as none: what it would say is found again.
    pub(super) fn load<S: Store>(store: &S) -> Result<Self, StoreError> {
        let row = store.get(Table::Meta, rows::META_DAMAGED)?;
        let mut lacking: BTreeMap<LogId, Places> = row.and_then(|row| codec::decode(&row).ok()).unwrap_or_default();
        // A restored note may be longer than one that is made here; what is left out of it is found again.
        let mut room = limits::DAMAGED;
        lacking.retain(|_, places| {
            *places = std::mem::take(places).into_iter().take(room).collect();
            room -= places.len();
            !places.is_empty()
        });
        Ok(Self { lacking, ..Self::default() })
    }

    fn count(&self) -> usize {
        self.lacking.values().map(BTreeSet::len).sum()
    }

    pub(super) fn of(&self, log: &LogId) -> Option<&Places> {
        self.lacking.get(log)
    }

    pub(super) fn is_lacking(&self, log: &LogId, place: u64, hash: &EntryHash) -> bool {
        self.of(log).is_some_and(|places| places.contains(&(place, *hash)))
    }

    /// Up to where a log of this length is here with nothing lacking, once these are back: what may be acknowledged.
    pub(super) fn whole_up_to(&self, log: &LogId, length: u64, mended: &[(LogId, u64, EntryHash)]) -> u64 {
        let lacks = |(place, hash): &&(u64, EntryHash)| !mended.contains(&(*log, *place, *hash));
        let first = self.of(log).into_iter().flatten().find(lacks);
        first.map_or(length, |(place, _)| length.min(*place))
    }

    /// What is lacking once some entries are back, put into the transaction that brings them.
    pub(super) fn without(&self, mended: &[(LogId, u64, EntryHash)], batch: &mut Batch) -> BTreeMap<LogId, Places> {
        let mut left = self.lacking.clone();
        for (log, place, hash) in mended {
            if let Some(places) = left.get_mut(log) {
                places.remove(&(*place, *hash));
            }
        }
        left.retain(|_, places| !places.is_empty());
        batch.put(Table::Meta, rows::META_DAMAGED, codec::encode(&left));
        left
    }

    pub(super) fn set(&mut self, left: BTreeMap<LogId, Places>) {
        self.lacking = left;
        self.changes += 1;
    }
}

impl<S: Store> Replica<S> {
    /// How many entries are damaged here and not fetched anew yet, as far as is known.
    pub fn damaged_here(&self) -> usize {
        self.mending.count()
    }

    /// How often something was found to be damaged, or came back, since the program started.
    pub(crate) fn damage_changes(&self) -> u64 {
        self.mending.changes
    }

    /// Something of a log could not be read: it is looked over by the next [`Replica::work`].
    pub fn suspect(&mut self, log: LogId) {
        if self.logs.contains_key(&log) {
            self.mending.suspects.insert(log, 0);
        }
    }

    /// Notes entries that somebody came upon: a backup that left them out.
    ///
    /// # Errors
    /// When that cannot be kept.
    pub fn note_left_out<'a>(
        &mut self,
        entries: impl Iterator<Item = &'a (LogId, u64, EntryHash)>,
    ) -> Result<(), RecordsError> {
        for (log, place, hash) in entries {
            self.note_damaged(log, *place, Some(*hash))?;
        }
        Ok(())
    }

    /// Looks over all entries at once.
    ///
    /// # Errors
    /// When the store cannot be read, or not be written to.
    pub fn look_over_all(&mut self) -> Result<(), RecordsError> {
        for log in self.logs.keys().copied().collect::<Vec<_>>() {
            let mut at = Some(0);
            while let Some(from) = at {
                at = self.look_over_log(&log, from, ROWS_AT_ONCE)?;
            }
        }
        Ok(())
    }

    /// Looks over the next of all entries, at most so many, and notes which are damaged: call it at leisure, and it goes
    /// round and round.
    ///
    /// # Errors
    /// When the store cannot be read, or not be written to.
    pub fn look_over(&mut self, most: usize) -> Result<(), RecordsError> {
        let next = match self.mending.at {
            Some((log, from)) if self.logs.contains_key(&log) => Some((log, from)),
            Some((log, _)) => self.logs.range(log..).next().map(|(log, _)| (*log, 0)),
            None => None,
        };
        let Some((log, from)) = next.or_else(|| self.logs.keys().next().map(|log| (*log, 0))) else { return Ok(()) };
        let at = self.look_over_log(&log, from, most)?;
        let after = || self.logs.range(log..).nth(1).map(|(log, _)| (*log, 0));
        self.mending.at = match at {
            Some(at) => Some((log, at)),
            None => after(),
        };
        Ok(())
    }

    /// Looks over some more of a log that is suspected; says whether any is left to be looked over.
    pub(super) fn look_over_suspects(&mut self) -> Result<bool, RecordsError> {
        let Some((log, from)) = self.mending.suspects.first_key_value().map(|(log, from)| (*log, *from)) else {
            return Ok(false);
        };
        // It stays one until that is done: a disk that is full for a moment makes nobody forget it.
        match self.look_over_log(&log, from, ROWS_AT_ONCE)? {
            Some(at) => self.mending.suspects.insert(log, at),
            None => self.mending.suspects.remove(&log),
        };
        Ok(!self.mending.suspects.is_empty())
    }

    /// Looks over a stretch of a log; where to go on, or `None` at its end.
    fn look_over_log(&mut self, log: &LogId, from: u64, most: usize) -> Result<Option<u64>, RecordsError> {
        let Some(state) = self.logs.get(log).cloned() else { return Ok(None) };
        let found = self.rows(log, from, most)?;
        let key = self.view.seats.get(&state.descriptor.seat).map(|seated| seated.key);
        let mut damaged = Vec::new();
        let mut next = from;
        for (place, hash, sealed) in &found {
            damaged.extend((next..*place).take(limits::DAMAGED).map(|place| (place, None)));
            next = place + 1;
            let is_sealed_wrongly = |(_, seal): &Sealed| {
                let both = seal.as_ref().zip(key.as_ref());
                both.is_some_and(|(seal, key)| !seal.holds(key, log, *place + 1, hash))
            };
            if sealed.as_ref().is_none_or(is_sealed_wrongly) {
                damaged.push((*place, Some(*hash)));
            }
        }
        let is_end = found.len() < most;
        if is_end {
            damaged.extend((next..state.length()).take(limits::DAMAGED).map(|place| (place, None)));
        }
        // The last first: each is named by the one after it.
        for (place, keyed) in damaged.into_iter().rev() {
            self.note_damaged(log, place, keyed)?;
        }
        // Of a place with several branches all are read, as long as more are read than there may be.
        Ok((!is_end).then(|| if next > from + 1 { next - 1 } else { next }))
    }

    /// Notes that the entry at a place is damaged or gone, and gives its name; `None` where nothing tells that.
    pub(super) fn note_damaged(
        &mut self,
        log: &LogId,
        place: u64,
        keyed: Option<EntryHash>,
    ) -> Result<Option<EntryHash>, RecordsError> {
        let Some(state) = self.logs.get(log) else { return Ok(None) };
        let section = state.descriptor.section;
        let is_one = state.forked_at.is_none_or(|fork| place < fork);
        let Some(name) = self.name_of_damaged(log, place, keyed)? else { return Ok(None) };
        if self.mending.is_lacking(log, place, &name) || self.mending.count() >= limits::DAMAGED {
            return Ok(Some(name));
        }
        let mut batch = Batch::default();
        let key = rows::entry(log, place, &name);
        if self.store.get(Table::Entries, &key)?.is_none() {
            // Its place is kept by a row that is no entry.
            batch.put(Table::Entries, key, Vec::new());
        }
        if is_one {
            let others = self.rows_at(log, place)?.into_iter().filter(|(hash, _)| *hash != name);
            others.for_each(|(hash, _)| batch.delete(Table::Entries, rows::entry(log, place, &hash)));
        }
        let mut lacking = self.mending.lacking.clone();
        lacking.entry(*log).or_default().insert((place, name));
        batch.put(Table::Meta, rows::META_DAMAGED, codec::encode(&lacking));
        self.store.commit(batch)?;
        self.mending.set(lacking);
        self.digests.forget(&section);
        Ok(Some(name))
    }

    /// The name of a damaged entry: what stands after it says it, or the log's end; else the key that it lies under.
    pub(crate) fn name_of_damaged(
        &self,
        log: &LogId,
        place: u64,
        keyed: Option<EntryHash>,
    ) -> Result<Option<EntryHash>, RecordsError> {
        let Some(state) = self.logs.get(log) else { return Ok(None) };
        if state.forked_at.is_some_and(|fork| place >= fork) {
            return Ok(keyed);
        }
        if state.forked_at.is_none() && place + 1 == state.length() {
            return Ok(Some(state.tip().hash));
        }
        let after = self.rows_at(log, place + 1)?;
        let named = after.iter().find_map(|(_, sealed)| sealed.as_ref().map(|(entry, _)| entry.header().previous));
        let noted = || {
            let of_log = self.mending.of(log).into_iter().flatten();
            of_log.filter(|(at, _)| *at == place).map(|(_, hash)| *hash).next()
        };
        let alone = || match self.rows_at(log, place)?.as_slice() {
            [(hash, _)] => Ok::<_, RecordsError>(Some(*hash)),
            _ => Ok(None),
        };
        named.or(keyed).or_else(noted).map_or_else(alone, |name| Ok(Some(name)))
    }

    fn rows_at(&self, log: &LogId, place: u64) -> Result<Vec<(EntryHash, Option<Sealed>)>, RecordsError> {
        let most = limits::BRANCHES_PER_LOG + limits::BRANCHES_NAMED + 1;
        let found = self.rows(log, place, most)?;
        let here = found.into_iter().filter(|(at, ..)| *at == place);
        Ok(here.map(|(_, hash, sealed)| (hash, sealed)).collect())
    }

    /// Whether anything of a log is damaged here before an end of it.
    pub(super) fn is_damaged_under(&self, log: &LogId, head: &Head) -> bool {
        self.damaged_under(log, head).next().is_some()
    }

    /// The places and names of what is known to be damaged here of a log before an end of it.
    pub fn damaged_under(&self, log: &LogId, head: &Head) -> impl Iterator<Item = (u64, EntryHash)> {
        let length = head.length;
        self.mending.of(log).into_iter().flatten().copied().filter(move |(place, _)| *place < length)
    }

    /// From which place on a log is to be asked for, so that what is lacking of it and lies under these heads comes: from
    /// the last seal before it, so that what comes ends under seals that are near enough to be passed on.
    pub(super) fn damaged_from(&self, log: &LogId, heads: &[Head]) -> Result<Option<u64>, RecordsError> {
        let longest = heads.iter().map(|head| head.length).max().unwrap_or(0);
        let places = self.mending.of(log).into_iter().flatten();
        let Some(first) = places.map(|(place, _)| *place).find(|place| *place < longest) else { return Ok(None) };
        if self.logs.get(log).is_none_or(|state| state.forked_at.is_some()) {
            return Ok(Some(0));
        }
        let mut end = first;
        while end > 0 {
            let start = end.saturating_sub(ROWS_AT_ONCE as u64);
            let some = self.rows(log, start, usize::try_from(end - start).unwrap_or(ROWS_AT_ONCE))?;
            let sealed = some
                .iter()
                .rev()
                .find(|(place, _, sealed)| *place < end && sealed.as_ref().is_some_and(|(_, seal)| seal.is_some()));
            if let Some((place, ..)) = sealed {
                return Ok(Some(place + 1));
            }
            end = start;
        }
        Ok(Some(0))
    }

    /// The noted entries of the logs of a section, for its digest: what is lacking is not held.
    pub(super) fn lacking_among<'a>(&'a self, logs: impl Iterator<Item = &'a LogId>) -> Vec<(&'a LogId, &'a Places)> {
        logs.filter_map(|log| self.mending.lacking.get_key_value(log)).collect()
    }

    /// Entries of a log are back: what waited for them is tried again.
    pub(super) fn take_mended(&mut self, left: BTreeMap<LogId, Places>, mended: &[(LogId, u64, EntryHash)]) {
        self.mending.set(left);
        let of =
            |(log, ..): &(LogId, u64, EntryHash)| self.logs.get(log).map(|state: &LogState| state.descriptor.section);
        for section in mended.iter().filter_map(of).collect::<BTreeSet<_>>() {
            self.digests.forget(&section);
            self.retried.remove(&section);
            if section != crate::id::Section::AUTHORITY {
                self.behind.insert(section);
            }
        }
    }
}
