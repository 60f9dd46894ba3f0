//! What comes from elsewhere: verified, made durable, and only then acknowledged.
//!
//! Untrusted until verified: the chain, the seal, the seat, the compartment. Whether the author had the right is
//! judged when an entry is applied (`verdict`), because it depends on the authority *set* and may change.
//! A gap is never applied past. Two entries at one place are a fork: both branches are kept, nothing from the
//! fork point on is applied, and nobody is suspended by it.

use super::allowance::Taken;
use super::frontiers::Frontiers;
use super::records::RecordsError;
use super::store::{Batch, Store, Table};
use super::{Interval, LogState, Replica, Share, rows};
use crate::authority::evaluate::seated;
use crate::authority::reduction::EntryName;
use crate::authority::statement::Statement;
use crate::authority::view::Seated;
use crate::codec;
use crate::id::{DeviceId, EntryHash, EpochId, FrontierId, LogId, Section};
use crate::keys::epoch::{EpochInfo, EpochStatement};
use crate::limits;
use crate::log::entry::Entry;
use crate::log::frontier::Head;
use crate::log::header::{Descriptor, Kind};
use crate::log::seal::Seal;
use std::collections::{BTreeMap, BTreeSet};

/// A run of entries of one log, in order, and the seal over the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Which log.
    pub descriptor: Descriptor,
    /// At least one entry, contiguous.
    pub entries: Vec<Entry>,
    /// Over the last entry.
    pub seal: Seal,
}

/// Why a segment was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Entries before it are missing here: ask for them.
    #[error("entries of this log are missing before place {0}")]
    Gap(u64),
    /// No certificate of its seat is held: the authority area comes first.
    #[error("nobody here knows that seat yet")]
    UnknownSeat,
    /// This device may not hold that compartment.
    #[error("this device does not hold that compartment")]
    NotHeld,
    /// A chain, a seal or a size is not what it must be. No honest device sends this.
    #[error("a chain or a seal does not hold")]
    Forged,
    /// More branches of one log than are kept.
    #[error("that log has forked too often")]
    TooManyBranches,
    /// More logs or sections than a school has.
    #[error("there are more logs than a school has")]
    TooManyLogs,
    /// More of what one device wrote than is taken in a day: ask again tomorrow.
    #[error("that device wrote more than is taken in a day")]
    TooMuchToday,
    /// More sealed keys of one area and year, or of areas and years that nothing else is known of, than are kept.
    #[error("there are more keys of one area and year than are kept")]
    TooManyKeys,
    /// An entry names authority heads that are not held: they come before it.
    #[error("an entry names authority heads that are not known here")]
    UnknownHeads(FrontierId),
}

impl Problem {
    /// Whether only a hostile or broken peer causes it.
    pub fn is_suspicious(&self) -> bool {
        matches!(self, Self::Forged)
    }
}

/// What became of a set of segments.
#[derive(Clone, Debug, Default)]
pub struct Ingested {
    /// Logs now durable up to a length: what may be acknowledged. What is damaged here is not.
    pub durable: Vec<(LogId, u64)>,
    /// What was not taken, and why.
    pub problems: Vec<(Descriptor, Problem)>,
    /// How many entries were new.
    pub new_entries: usize,
    /// How many were damaged here and are back.
    pub mended: usize,
}

/// Which device a log is of; `None` for all that nobody let in.
pub(super) type AuthorOf = Option<DeviceId>;

/// What one transaction of ingestion will change.
#[derive(Default)]
struct Intake {
    batch: Batch,
    logs: BTreeMap<LogId, (u64, LogState)>,
    epochs: Vec<(EpochId, EpochInfo)>,
    authority: Vec<(LogState, Entry)>,
    named: BTreeSet<FrontierId>,
    /// Entries taken in this very transaction.
    pending: BTreeSet<(LogId, u64, EntryHash)>,
    new_entries: usize,
    /// Entries that were damaged here and are back.
    mended: Vec<(LogId, u64, EntryHash)>,
    taken: Taken,
    /// Of which entries it is kept when they must have been made.
    intervals: Vec<(EntryHash, Interval)>,
    /// Authority logs begun, by whose they are.
    begun: BTreeMap<AuthorOf, usize>,
}

impl<S: Store> Replica<S> {
    /// Verifies segments and makes what is good durable, in one transaction.
    ///
    /// # Errors
    /// When the store fails: then nothing was taken, and the peer can be asked again.
    pub fn ingest(&mut self, segments: Vec<Segment>) -> Result<Ingested, RecordsError> {
        self.ingest_with(segments, &Frontiers::default())
    }

    /// As [`Replica::ingest`], with lists of authority heads that the entries may name. One is kept when an entry
    /// that names it is.
    pub(crate) fn ingest_with(
        &mut self,
        segments: Vec<Segment>,
        offered: &Frontiers,
    ) -> Result<Ingested, RecordsError> {
        let mut intake = Intake::default();
        let mut result = Ingested::default();
        for segment in segments {
            match self.check(&segment, offered, &mut intake)? {
                Ok(length) => result.durable.push((segment.descriptor.id(&self.school), length)),
                Err(problem) => {
                    if problem == Problem::TooMuchToday {
                        self.note_refused_segment(&segment, &intake);
                    }
                    result.problems.push((segment.descriptor, problem));
                }
            }
        }
        result.new_entries = intake.new_entries;
        result.mended = intake.mended.len();
        let Intake { mut batch, logs, epochs, authority, named, taken, mended, intervals, .. } = intake;
        if batch.is_empty() {
            return Ok(result);
        }
        let left = (!mended.is_empty()).then(|| self.mending.without(&mended, &mut batch));
        Self::put_taken(&taken, &mut batch);
        let incarnation = self.after_own_from_elsewhere(&logs, &authority, &mut batch);
        let mut rows = Vec::new();
        for id in named {
            if let Some(whole) = offered.get(&id) {
                self.frontiers.insert(id, whole);
            }
            if let Some(row) = self.frontiers.row(&id) {
                batch.put(Table::Frontiers, id.0, row.clone());
                rows.push((id, row));
            }
        }
        if let Err(error) = self.store.commit(batch) {
            rows.iter().filter(|(id, _)| *id != self.heads).for_each(|(id, _)| self.frontiers.forget_unkept(id));
            return Err(error.into());
        }
        self.incarnation = incarnation.unwrap_or_else(|| std::mem::take(&mut self.incarnation));
        self.note_taken(taken);
        self.keep_intervals(intervals);
        if let Some(left) = left {
            self.take_mended(left, &mended);
        }
        for (id, row) in rows {
            self.frontiers.kept(id, &row);
        }
        for (log, (before, state)) in logs {
            let disputed = state.undisputed() < self.watermark(&log);
            let section = state.descriptor.section;
            // Up to a cut all stood; whether what is there now is what the cut names is to be looked at again.
            let reached = self.is_cut(&log, &state);
            self.take_in(log, before, state);
            if disputed || reached {
                self.rejudge.insert(section);
                self.behind.insert(section);
            }
        }
        if !epochs.is_empty() {
            self.behind.extend(epochs.iter().map(|(_, info)| info.section));
            epochs.into_iter().for_each(|(_, info)| self.note_epoch(info));
            self.keys_owed = true;
        }
        if !authority.is_empty() {
            self.take_statements(authority);
        }
        Ok(result)
    }

    fn take_statements(&mut self, authority: Vec<(LogState, Entry)>) {
        self.statements.extend(authority.iter().map(|(state, entry)| super::placed(state.descriptor.seat, entry)));
        self.evaluate_authority();
    }

    fn check(
        &self,
        segment: &Segment,
        offered: &Frontiers,
        intake: &mut Intake,
    ) -> Result<Result<u64, Problem>, RecordsError> {
        let Segment { descriptor, entries, seal } = segment;
        let section = descriptor.section;
        let (this, compartment) = (self.device(), &section.compartment);
        let whole = section == Section::AUTHORITY || self.view.may_hold(&this, compartment);
        let own = || self.is_shared(Share::PostedBy(this), descriptor) && self.view.may_post(&this, compartment);
        if compartment.area.is_of_checkpoints() || !whole && !own() {
            return Ok(Err(Problem::NotHeld));
        }
        let log = descriptor.id(&self.school);
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Ok(Err(Problem::Forged)) };
        if !is_within_limits(entries) || !is_chain(&log, entries) {
            return Ok(Err(Problem::Forged));
        }
        let Some(by) = self.seated_by(descriptor, first, intake) else { return Ok(Err(Problem::UnknownSeat)) };
        if !seal.holds(&by.key, &log, last.header().sequence + 1, &last.hash()) {
            return Ok(Err(Problem::Forged));
        }
        let known = intake.logs.get(&log).map(|(_, state)| state).or_else(|| self.logs.get(&log));
        let crowded = self.logs.len() + intake.logs.len() >= limits::LOGS
            || (self.sections.len() + intake.logs.len() >= limits::SECTIONS && !self.sections.contains(&section));
        let begins = (section == Section::AUTHORITY && known.is_none())
            .then(|| Some(by.device).filter(|device| self.view.was_enrolled(device)));
        if known.is_none() && (crowded || begins.is_some_and(|of| self.is_crowded_by(&of, intake))) {
            return Ok(Err(Problem::TooManyLogs));
        }
        let mut state = known.cloned().unwrap_or_else(|| LogState::empty(*descriptor));
        let before = self.logs.get(&log).map_or(0, LogState::length);
        let follows = Head { length: first.header().sequence, hash: first.header().previous };
        // After an end of what is held, all is new; nothing need be looked up.
        let mut fresh: Vec<&Entry> = entries.iter().collect();
        if !state.heads.contains(&follows) {
            if !self.attaches(&log, first, intake)? {
                return Ok(Err(Problem::Gap(first.header().sequence)));
            }
            fresh.clear();
            let known = self.known_among(&log, &state, entries)?;
            self.mend(segment, &log, &known, intake)?;
            let is_new = |entry: &&Entry| {
                !known.contains(&entry.hash())
                    && !intake.pending.contains(&(log, entry.header().sequence, entry.hash()))
            };
            fresh.extend(entries.iter().filter(is_new));
        }
        for entry in &fresh {
            let named = entry.header().authority;
            if !self.frontiers.contains(&named) && !offered.contains(&named) {
                return Ok(Err(Problem::UnknownHeads(named)));
            }
            let most = || self.branches_of(&log, descriptor);
            if !extend(&mut state, entry, most) {
                return Ok(Err(Problem::TooManyBranches));
            }
        }
        if let Err(problem) = self.allow(by.device, &section, &fresh, &mut intake.taken)? {
            return Ok(Err(problem));
        }
        if let Some(of) = begins {
            *intake.begun.entry(of).or_default() += 1;
        }
        intake.intervals.extend(self.intervals(&by.device, &section, &fresh, offered));
        self.note(segment, &log, &state, before, &fresh, intake);
        Ok(Ok(self.mending.whole_up_to(&log, state.length(), &intake.mended)))
    }

    /// Those of a chain that belong to what is held, whether or not they are there: held, noted as damaged, an end of the
    /// log, or before one of these.
    fn known_among(
        &self,
        log: &LogId,
        state: &LogState,
        entries: &[Entry],
    ) -> Result<BTreeSet<EntryHash>, RecordsError> {
        let mut known = BTreeSet::new();
        for entry in entries.iter().rev() {
            let (place, hash) = (entry.header().sequence, entry.hash());
            if !known.is_empty()
                || state.heads.contains(&Head { length: place + 1, hash })
                || self.mending.is_lacking(log, place, &hash)
                || self.has_entry(log, place, &hash)?
            {
                known.insert(hash);
            }
        }
        Ok(known)
    }

    /// Takes of a segment what is damaged here, or gone though nobody has noticed. Its last entry is under a seal from now
    /// on, too, so that what comes back can be passed on.
    fn mend(
        &self,
        segment: &Segment,
        log: &LogId,
        known: &BTreeSet<EntryHash>,
        intake: &mut Intake,
    ) -> Result<(), RecordsError> {
        let Segment { entries, seal, .. } = segment;
        let Some(last) = entries.last().filter(|_| self.mending.of(log).is_some()) else { return Ok(()) };
        for entry in entries {
            let (place, hash) = (entry.header().sequence, entry.hash());
            let lacks = || Ok::<_, RecordsError>(known.contains(&hash) && !self.has_entry(log, place, &hash)?);
            if intake.mended.contains(&(*log, place, hash)) || intake.pending.contains(&(*log, place, hash)) {
                continue;
            }
            if self.mending.is_lacking(log, place, &hash) || lacks()? {
                let seal = (hash == last.hash()).then_some(*seal);
                intake.batch.put(Table::Entries, rows::entry(log, place, &hash), entry.encode(seal));
                intake.mended.push((*log, place, hash));
            }
        }
        let (place, hash) = (last.header().sequence, last.hash());
        if self.has_entry(log, place, &hash)? && !self.mending.is_lacking(log, place, &hash) {
            intake.batch.put(Table::Entries, rows::entry(log, place, &hash), last.encode(Some(*seal)));
        }
        Ok(())
    }

    /// Whether a device has as many authority logs as one may have, or all have as many as there may be. Lists of
    /// authority heads are kept whole, so that there must be an end to them.
    fn is_crowded_by(&self, by: &AuthorOf, intake: &Intake) -> bool {
        let begun = |of: &AuthorOf| {
            let before = self.authority_logs.get(of).copied().unwrap_or(0);
            before + intake.begun.get(of).copied().unwrap_or(0)
        };
        let most = if by.is_some() { limits::AUTHORITY_LOGS_PER_DEVICE } else { limits::AUTHORITY_LOGS_UNKNOWN };
        let all: usize = self.authority_logs.values().chain(intake.begun.values()).sum();
        all >= limits::AUTHORITY_LOGS || begun(by) >= most
    }

    fn note_refused_segment(&mut self, segment: &Segment, intake: &Intake) {
        let Segment { descriptor, entries, .. } = segment;
        if let (Some(first), Some(last)) = (entries.first(), entries.last())
            && let Some(by) = self.seated_by(descriptor, first, intake)
        {
            self.note_refused(descriptor.id(&self.school), by.device, last.header().sequence + 1);
        }
    }

    /// On which device a seat is, and the key that seals its logs. A new seat's first authority entry carries its own
    /// certificate.
    fn seated_by(&self, descriptor: &Descriptor, first: &Entry, intake: &Intake) -> Option<Seated> {
        if let Some(seated) = self.view.seats.get(&descriptor.seat) {
            return Some(*seated);
        }
        let certified = |entry: &Entry| match Statement::decode(entry.body()).ok()? {
            Statement::Seat(certificate) if certificate.holds(&self.school) => seated(&certificate, &descriptor.seat),
            _ => None,
        };
        if descriptor.section == Section::AUTHORITY
            && first.header().sequence == 0
            && first.header().kind == Kind::STATEMENT
        {
            return certified(first);
        }
        let begun = intake.authority.iter().find(|(state, _)| state.descriptor.seat == descriptor.seat);
        begun.and_then(|(_, entry)| certified(entry))
    }

    /// How many branches of a log are kept: more while one that counts is not here yet.
    fn branches_of(&self, log: &LogId, descriptor: &Descriptor) -> usize {
        let lacks = |head: &Head| head.length > 0 && !self.has_head(log, head).unwrap_or(true);
        let cut = Self::ends(&self.view, &descriptor.seat).into_iter().any(|cuts| lacks(&cuts.of(log)));
        let of_log = |entry: &&EntryName| entry.log == *log;
        let mut adopted = self.view.adopted.keys().filter(of_log);
        if cut || adopted.any(|entry| lacks(&Head { length: entry.sequence + 1, hash: entry.hash })) {
            return limits::BRANCHES_PER_LOG + limits::BRANCHES_NAMED;
        }
        limits::BRANCHES_PER_LOG
    }

    fn attaches(&self, log: &LogId, first: &Entry, intake: &Intake) -> Result<bool, RecordsError> {
        let header = first.header();
        match header.sequence.checked_sub(1) {
            None => Ok(header.previous == EntryHash::ZERO),
            Some(place) if intake.pending.contains(&(*log, place, header.previous)) => Ok(true),
            Some(place) => self.has_entry(log, place, &header.previous),
        }
    }

    fn note(
        &self,
        segment: &Segment,
        log: &LogId,
        state: &LogState,
        before: u64,
        fresh: &[&Entry],
        intake: &mut Intake,
    ) {
        let section = segment.descriptor.section;
        for entry in fresh {
            let header = entry.header();
            intake.pending.insert((*log, header.sequence, entry.hash()));
            if !self.frontiers.is_kept(&header.authority) {
                intake.named.insert(header.authority);
            }
            let is_last = segment.entries.last().is_some_and(|last| last.hash() == entry.hash());
            let seal = is_last.then_some(segment.seal);
            intake.batch.put(Table::Entries, rows::entry(log, header.sequence, &entry.hash()), entry.encode(seal));
            if section == Section::AUTHORITY {
                intake.authority.push((state.clone(), (*entry).clone()));
            } else if header.kind == Kind::EPOCH
                && let Ok(statement) = codec::decode::<EpochStatement>(entry.body())
                && statement.recipients.len() <= limits::PERSONS + limits::DEVICES + 1
                && statement.supersedes.len() <= limits::SUPERSEDED_EPOCHS
                && statement.is_named(&self.school, &section, &segment.descriptor.seat)
                && self.announces_first(&statement.epoch, &entry.hash(), intake)
            {
                let by = segment.descriptor.seat;
                let authority = header.authority;
                let info = EpochInfo { section, by, entry: entry.hash(), authority, statement };
                intake.batch.put(Table::Epochs, info.statement.epoch.0, codec::encode(&info));
                intake.epochs.push((info.statement.epoch, info));
            }
        }
        if !fresh.is_empty() {
            intake.new_entries += fresh.len();
            intake.batch.put(Table::Logs, log.0, codec::encode(state));
            intake.logs.insert(*log, (before, state.clone()));
        }
    }
}

impl<S: Store> Replica<S> {
    /// Whether this entry is the one that counts for an epoch: should its minter have announced it twice, the one with
    /// the least hash counts, on every replica and in whatever order they came. Nobody else can announce it at all.
    fn announces_first(&self, epoch: &EpochId, entry: &EntryHash, intake: &Intake) -> bool {
        let pending = intake.epochs.iter().filter(|(id, _)| id == epoch).map(|(_, info)| info.entry);
        pending.chain(self.epochs.get(epoch).map(|info| info.entry)).all(|known| *entry < known)
    }
}

/// Whether whoever holds a run of entries can pass it on in one frame.
fn is_within_limits(entries: &[Entry]) -> bool {
    let bytes: usize = entries.iter().map(|entry| entry.body().len() + limits::ENTRY_ON_WIRE).sum();
    entries.len() <= limits::ENTRIES_PER_BATCH
        && entries.iter().all(|entry| entry.header().sequence < limits::ENTRIES_PER_LOG)
        && entries.iter().all(|entry| entry.body().len() <= limits::BODY_BYTES)
        && bytes + limits::PART_ON_WIRE <= limits::SEGMENT_BYTES
}

/// Whether entries follow each other in this log.
fn is_chain(log: &LogId, entries: &[Entry]) -> bool {
    entries.iter().all(|entry| entry.header().log == *log)
        && entries.windows(2).all(|pair| match pair {
            [left, right] => {
                right.header().previous == left.hash() && right.header().sequence == left.header().sequence + 1
            }
            _ => true,
        })
}

/// Adds an entry that is not held yet to what is known of its log; `false` when it would be one branch too many.
fn extend(state: &mut LogState, entry: &Entry, most: impl Fn() -> usize) -> bool {
    let header = entry.header();
    let before = Head { length: header.sequence, hash: header.previous };
    let now = Head { length: header.sequence + 1, hash: entry.hash() };
    if let Some(head) = state.heads.iter_mut().find(|head| **head == before) {
        *head = now;
    } else {
        if state.heads.len() >= limits::BRANCHES_PER_LOG && state.heads.len() >= most() {
            return false;
        }
        if !state.heads.is_empty() {
            let at = state.forked_at.map_or(header.sequence, |known| known.min(header.sequence));
            state.forked_at = Some(at);
        }
        state.heads.push(now);
    }
    state.heads.sort_unstable();
    true
}
