//! Making a backup: one step is one file, so that whoever has the records goes on with other work in between.
//!
//! The entries go first, those of the authority area last of them, then what is beside: so that whatever an entry
//! rests on is there, though the records grow meanwhile. Each log is as it was when the last of its rows was read.

use super::form::{BESIDE, Content, Damaged, Item, Manifest, PIECE, PartName, Stretch, manifest_name, part_name};
use super::read::Inventory;
use super::{BackupError, BackupKey};
use crate::codec;
use crate::id::{EntryHash, LogId, Section};
use crate::keys::epoch::EpochInfo;
use crate::limits;
use crate::log::frontier::Head;
use crate::replica::logs::whole;
use crate::replica::store::{Store, StoreError, Table};
use crate::replica::{Context, LogState, Replica, rows};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Rows read at once: each may be a quarter of a megabyte.
const ROWS_AT_ONCE: usize = 16;

/// A file that a run made, to be put on the shelf before the next is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Its name.
    pub name: String,
    /// Sealed.
    pub bytes: Vec<u8>,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Entries that this run has read.
    pub entries: u64,
    /// Of about so many that it has to.
    pub of: u64,
    /// Bytes written.
    pub bytes: u64,
    /// Entries that are left out, because they are damaged here.
    pub left_out: u64,
}

/// One run of a backup, from what the archive has to what the device has.
#[derive(Debug)]
pub struct Run {
    key: BackupKey,
    number: u32,
    before: [u8; 32],
    next: u32,
    parts: Vec<PartName>,
    covered: BTreeMap<LogId, Vec<Head>>,
    /// Each log as it is in the archive, once all of it is.
    states: BTreeMap<LogId, LogState>,
    todo: VecDeque<LogId>,
    /// Entries that earlier runs left out.
    again: VecDeque<Damaged>,
    left_out: BTreeSet<Damaged>,
    reading: Option<Reading>,
    beside: Option<VecDeque<Item>>,
    /// The small files; `None` until the first of them is read.
    files: Option<VecDeque<String>>,
    files_done: u32,
    progress: Progress,
    finished: bool,
    /// A log of which something is gone that nothing names: it is to be looked over.
    suspect: Option<LogId>,
}

/// A log that is being read.
#[derive(Debug)]
struct Reading {
    log: LogId,
    state: LogState,
    from: Vec<u8>,
    waiting: VecDeque<(u64, EntryHash, Vec<u8>)>,
    /// The place that is to come next, of a log that has not forked.
    due: Option<u64>,
    damaged: Vec<Damaged>,
}

impl Run {
    /// Begins a run, or goes on with one that was cut short.
    ///
    /// # Errors
    /// When the archive has as many runs or parts as one may have: begin another.
    pub fn begin<S: Store>(replica: &Replica<S>, key: BackupKey, inventory: Inventory) -> Result<Self, BackupError> {
        if inventory.is_full() {
            return Err(BackupError::Damaged("it has grown too long: begin a new one".to_owned()));
        }
        let logs = replica.logs();
        let authority = |log: &LogId| logs.get(log).map(|state| state.descriptor.section) == Some(Section::AUTHORITY);
        let mut todo: Vec<LogId> = logs.keys().copied().collect();
        todo.sort_by_key(authority);
        let length = |heads: &[Head]| heads.iter().map(|head| head.length).max().unwrap_or(0);
        let covered = |log: &LogId| inventory.covered.get(log).map_or(0, |heads| length(heads));
        let of = logs.iter().map(|(log, state)| state.length().saturating_sub(covered(log))).sum();
        Ok(Self {
            key,
            number: inventory.run,
            before: inventory.before,
            next: inventory.next_part,
            parts: inventory.parts,
            covered: inventory.covered,
            states: BTreeMap::new(),
            todo: todo.into(),
            again: inventory.left_out.into(),
            left_out: BTreeSet::new(),
            reading: None,
            beside: None,
            files: None,
            files_done: 0,
            progress: Progress { of, ..Progress::default() },
            finished: false,
            suspect: None,
        })
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// Which run of the archive it is, from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The entries that are left out, because they are damaged here.
    pub fn left_out(&self) -> impl Iterator<Item = &Damaged> {
        self.left_out.iter()
    }

    /// A log in which this run came upon something that it could not leave out: look it over
    /// ([`Replica::suspect`]), so that another device brings it back before the next run.
    pub fn suspect(&self) -> Option<LogId> {
        self.suspect
    }

    /// The next file; `None` when the run is finished, which it is once its manifest is on the shelf. `files` lists the
    /// names of the small files that are to be in it, the device's own among them; it is asked once, when the first of
    /// them is read: a section that is new while the run goes on has its keys in it too.
    ///
    /// # Errors
    /// When the records cannot be read, or something here is damaged.
    pub fn next<S: Store>(
        &mut self,
        replica: &Replica<S>,
        files: &mut dyn FnMut() -> Result<Vec<String>, StoreError>,
        context: &mut Context<'_>,
    ) -> Result<Option<Made>, BackupError> {
        if self.finished {
            return Ok(None);
        }
        if self.beside.is_none() {
            let stretches = self.stretches(replica)?;
            if !stretches.is_empty() {
                return self.part(Content::Entries(stretches), false, context).map(Some);
            }
            self.beside = Some(self.rows_beside(replica)?);
        }
        let items = self.items(replica, files)?;
        if !items.is_empty() {
            return self.part(Content::Beside(items), true, context).map(Some);
        }
        let manifest = Manifest {
            run: self.number,
            before: self.before,
            at: context.now,
            parts: std::mem::take(&mut self.parts),
            logs: self.states.iter().map(|(log, state)| (*log, state.heads.clone())).collect(),
            files: self.files_done,
            left_out: self.left_out.iter().copied().collect(),
        };
        let bytes = manifest.seal(&self.key, &replica.device_secrets().sign, context.random)?;
        self.finished = true;
        self.progress.left_out = self.left_out.len() as u64;
        self.progress.bytes += bytes.len() as u64;
        Ok(Some(Made { name: manifest_name(self.number), bytes }))
    }

    fn part(&mut self, content: Content, beside: bool, context: &mut Context<'_>) -> Result<Made, BackupError> {
        let number = self.next;
        let bytes = content.seal(&self.key, self.number, number, context.random)?;
        self.next += 1;
        self.parts.push(PartName::of(number, &bytes, beside));
        self.progress.bytes += bytes.len() as u64;
        Ok(Made { name: part_name(number), bytes })
    }

    /// As many entries as fit a part; none when there are no more.
    fn stretches<S: Store>(&mut self, replica: &Replica<S>) -> Result<Vec<Stretch>, BackupError> {
        let mut stretches: Vec<Stretch> = Vec::new();
        let mut room = limits::BACKUP_PART_BYTES;
        while let Some((log, place, hash)) = self.again.pop_front() {
            // One that was left out is brought as soon as it is whole.
            let row = replica.store().get(Table::Entries, &rows::entry(&log, place, &hash))?.unwrap_or_default();
            if whole(&log, place, &hash, &row).is_none() {
                self.left_out.insert((log, place, hash));
                continue;
            }
            room = room.saturating_sub(row.len() + 176);
            stretches.push(Stretch { log, rows: vec![(place, hash, row)], covers: Vec::new() });
            if room < limits::BACKUP_PART_BYTES / 2 {
                return Ok(stretches);
            }
        }
        loop {
            if self.reading.is_none() && !self.next_log(replica)? {
                return Ok(stretches);
            }
            let Some(mut reading) = self.reading.take() else { return Ok(stretches) };
            let mut stretch = Stretch { log: reading.log, rows: Vec::new(), covers: Vec::new() };
            room = room.saturating_sub(128);
            let full = loop {
                if reading.waiting.is_empty() {
                    let left_out = self.left_out.len();
                    match reading.more(replica, left_out) {
                        Ok(true) => {}
                        Ok(false) => break false,
                        Err(error) => {
                            self.suspect = Some(reading.log);
                            return Err(error);
                        }
                    }
                }
                let Some((_, _, row)) = reading.waiting.front() else { break false };
                let bytes = row.len() + 48;
                if bytes > room && !(stretch.rows.is_empty() && stretches.is_empty()) {
                    break true;
                }
                room = room.saturating_sub(bytes);
                stretch.rows.extend(reading.waiting.pop_front());
            };
            self.progress.entries += stretch.rows.len() as u64;
            let (log, state) = (reading.log, &reading.state);
            let left_out = !reading.damaged.is_empty();
            if full {
                let last = stretch.rows.last().map(|(place, hash, _)| Head { length: place + 1, hash: *hash });
                stretch.covers = last.filter(|_| state.forked_at.is_none()).into_iter().collect();
                if left_out {
                    // Should this run be cut short, the next must find again what is damaged.
                    stretch.covers.clear();
                }
                self.reading = Some(reading);
            } else if replica.logs().get(&log).is_some_and(|now| now.forked_at != state.forked_at) {
                // It forked while it was read: again, whole.
                self.covered.remove(&log);
                self.todo.push_front(log);
            } else {
                stretch.covers = if left_out { Vec::new() } else { state.heads.clone() };
                self.left_out.extend(reading.damaged.iter().copied());
                self.covered.insert(log, state.heads.clone());
                self.states.insert(log, state.clone());
            }
            if !stretch.rows.is_empty() {
                stretches.push(stretch);
            }
            if full {
                return Ok(stretches);
            }
        }
    }

    /// Turns to the next log of which anything is lacking; `false` when there is none.
    fn next_log<S: Store>(&mut self, replica: &Replica<S>) -> Result<bool, BackupError> {
        while let Some(log) = self.todo.pop_front() {
            let Some(state) = replica.logs().get(&log) else { continue };
            let covered = self.covered.get(&log).map(Vec::as_slice).unwrap_or_default();
            if covered == state.heads {
                self.states.insert(log, state.clone());
                continue;
            }
            let from = match (covered, state.heads.as_slice()) {
                ([before], [_]) if replica.has_head(&log, before)? => before.length,
                _ => 0,
            };
            let due = state.forked_at.is_none().then_some(from);
            let from = rows::entries_from(&log, from);
            let (waiting, damaged) = (VecDeque::new(), Vec::new());
            self.reading = Some(Reading { log, state: state.clone(), from, waiting, due, damaged });
            return Ok(true);
        }
        Ok(false)
    }

    fn rows_beside<S: Store>(&self, replica: &Replica<S>) -> Result<VecDeque<Item>, BackupError> {
        let store = replica.store();
        let mut items = VecDeque::new();
        for key in [rows::META_FOUNDING, rows::META_FORMAT] {
            let value = store.get(Table::Meta, key)?.unwrap_or_default();
            items.push_back(Item::Row(Table::Meta as u8, key.to_vec(), value));
        }
        for (log, state) in &self.states {
            items.push_back(Item::Row(Table::Logs as u8, log.0.to_vec(), codec::encode(state)));
        }
        if !self.left_out.is_empty() {
            // Whoever restores fetches them anew.
            let mut lacking: BTreeMap<LogId, BTreeSet<(u64, EntryHash)>> = BTreeMap::new();
            for (log, place, hash) in &self.left_out {
                lacking.entry(*log).or_default().insert((*place, *hash));
                let key = rows::entry(log, *place, hash);
                items.push_back(Item::Row(Table::Entries as u8, key, Vec::new()));
            }
            items.push_back(Item::Row(Table::Meta as u8, rows::META_DAMAGED.to_vec(), codec::encode(&lacking)));
        }
        let late = self.late(replica)?;
        for table in BESIDE {
            let mut all = store.range(table, &[], None, usize::MAX)?;
            if table == Table::Epochs && !late.is_empty() {
                let is_late = |row: &[u8]| codec::decode(row).is_ok_and(|info: EpochInfo| late.contains(&info.entry));
                all.retain(|(_, row)| !is_late(row));
            }
            items.extend(all.into_iter().map(|(key, value)| Item::Row(table as u8, key, value)));
        }
        Ok(items)
    }

    /// The entries that came since their log was read: what is noted of them is not in this run either.
    fn late<S: Store>(&self, replica: &Replica<S>) -> Result<BTreeSet<EntryHash>, BackupError> {
        let mut late = BTreeSet::new();
        for (log, now) in replica.logs() {
            let read = self.states.get(log);
            if read.is_some_and(|read| read.heads == now.heads) {
                continue;
            }
            let mut from = rows::entries_from(log, read.map_or(0, LogState::length));
            let end = rows::entries_from(log, now.length());
            loop {
                let rows = replica.store().range(Table::Entries, &from, Some(&end), ROWS_AT_ONCE)?;
                let Some((last, _)) = rows.last() else { break };
                from = [last.as_slice(), &[0]].concat();
                late.extend(rows.iter().filter_map(|(key, _)| rows::read_entry(key)).map(|(_, _, hash)| hash));
            }
        }
        Ok(late)
    }

    /// As many rows and pieces of files as fit a part; none when there are no more.
    fn items<S: Store>(
        &mut self,
        replica: &Replica<S>,
        names: &mut dyn FnMut() -> Result<Vec<String>, StoreError>,
    ) -> Result<Vec<Item>, BackupError> {
        let mut items = Vec::new();
        let mut room = limits::BACKUP_PART_BYTES;
        let Some(beside) = &mut self.beside else { return Ok(items) };
        loop {
            while let Some(item) = beside.front() {
                let bytes = match item {
                    Item::Row(_, key, value) => key.len() + value.len() + 16,
                    Item::File(name, piece) => name.len() + piece.len() + 16,
                };
                if bytes > room && !items.is_empty() {
                    return Ok(items);
                }
                room = room.saturating_sub(bytes);
                items.extend(beside.pop_front());
            }
            let files = match &mut self.files {
                Some(files) => files,
                none => {
                    let mut all = names()?;
                    // The list of key files first: none that it names came after the names were asked for.
                    all.sort_by_key(|name| name != rows::KEYS_FILE);
                    none.insert(all.into())
                }
            };
            let Some(name) = files.pop_front() else { return Ok(items) };
            let Some(bytes) = replica.store().file(&name)? else { continue };
            self.files_done += 1;
            if bytes.is_empty() {
                beside.push_back(Item::File(name.clone(), Vec::new()));
            }
            beside.extend(bytes.chunks(PIECE).map(|piece| Item::File(name.clone(), piece.to_vec())));
        }
    }
}

impl Reading {
    /// Reads some more rows, each looked at as it goes by; `false` when there are none. So many entries are left out of
    /// other logs.
    fn more<S: Store>(&mut self, replica: &Replica<S>, left_out: usize) -> Result<bool, BackupError> {
        let end = rows::entries_from(&self.log, self.state.length());
        loop {
            let read = replica.store().range(Table::Entries, &self.from, Some(&end), ROWS_AT_ONCE)?;
            let Some((last, _)) = read.last() else {
                self.gone(replica, self.state.length(), left_out)?;
                return Ok(false);
            };
            self.from = [last.as_slice(), &[0]].concat();
            for (key, value) in read {
                let Some((_, place, hash)) = rows::read_entry(&key) else {
                    return Err(self.broken());
                };
                self.gone(replica, place, left_out)?;
                if let Some(due) = &mut self.due {
                    *due = place + 1;
                }
                if whole(&self.log, place, &hash, &value).is_some() {
                    self.waiting.push_back((place, hash, value));
                } else {
                    self.leave_out(replica, place, Some(hash), left_out)?;
                }
            }
            if !self.waiting.is_empty() {
                return Ok(true);
            }
        }
    }

    /// Leaves out what should stand before a place and is gone.
    fn gone<S: Store>(&mut self, replica: &Replica<S>, place: u64, left_out: usize) -> Result<(), BackupError> {
        while let Some(due) = self.due.filter(|due| *due < place) {
            self.leave_out(replica, due, None, left_out)?;
            self.due = Some(due + 1);
        }
        Ok(())
    }

    /// Without all of the authority area nothing could be restored.
    fn leave_out<S: Store>(
        &mut self,
        replica: &Replica<S>,
        place: u64,
        keyed: Option<EntryHash>,
        left_out: usize,
    ) -> Result<(), BackupError> {
        let named = replica.name_of_damaged(&self.log, place, keyed)?;
        let all = left_out + self.damaged.len();
        let may = self.state.descriptor.section != Section::AUTHORITY && all < limits::DAMAGED;
        let name = named.filter(|_| may).ok_or_else(|| self.broken())?;
        self.damaged.push((self.log, place, name));
        Ok(())
    }

    fn broken(&self) -> BackupError {
        BackupError::Here(format!("an entry of log {:?}", self.log))
    }
}
