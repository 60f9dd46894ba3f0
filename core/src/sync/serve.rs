//! Serving what a peer asked for, a frame at a time, so that memory stays bounded however much it is.

use super::message::{HoleReason, Message, ShortRecord};
use super::wire::{FrameState, WirePart, pack};
use crate::id::{Compartment, DeviceId, EntryHash, FrontierId, LogId, Section};
use crate::keys::record::Record;
use crate::limits;
use crate::log::entry::Entry;
use crate::log::frontier::{AuthorityFrontier, Head};
use crate::log::header::{Descriptor, Header};
use crate::log::seal::Seal;
use crate::replica::records::RecordsError;
use crate::replica::store::Store;
use crate::replica::{Replica, Segment, Share};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Entries read from the store in one step: what does not fit the frame is read again for the next.
const ENTRIES_A_STEP: usize = 64;
/// Bytes of a descriptor and of a head in a frame, at most.
pub(super) const DESCRIPTOR_BYTES: usize = 56;
pub(super) const HEAD_BYTES: usize = 42;
/// Bytes of one frame of lists and records, leaving room for what is around them.
const LIST_BYTES: usize = 192 * 1024;

/// In which order a range is served: by section, then by arrival.
type Order = ((u16, Reverse<u16>), u64);

/// A log to serve from a place on.
#[derive(Debug)]
struct Range {
    log: LogId,
    from: u64,
    /// The peer asked for it and has had nothing of it yet.
    owed: bool,
    /// Of a forked log: what is left of each branch.
    branches: Option<VecDeque<VecDeque<(u64, EntryHash)>>>,
}

/// What one session has been asked for and has named so far.
#[derive(Debug, Default)]
pub(super) struct Server {
    ranges: BTreeMap<Order, Range>,
    waiting: BTreeMap<LogId, Order>,
    arrivals: u64,
    numbers: BTreeMap<LogId, u32>,
    logs: Vec<LogId>,
    last: BTreeMap<LogId, (EntryHash, Header)>,
    known_frontiers: BTreeSet<FrontierId>,
    base: Option<FrontierId>,
    records: VecDeque<(Section, VecDeque<ShortRecord>)>,
    records_waiting: usize,
    /// Logs of which something could not be read.
    damaged: Vec<LogId>,
}

/// For whom something is served.
#[derive(Clone, Copy, Debug)]
pub(super) enum To<'a> {
    /// A device that is connected: what it may be given.
    Device(&'a DeviceId),
    /// Any device of the school, by a file: what is sealed for a device that was taken out is left out.
    Anybody,
}

impl Server {
    /// What is served from now on is understood without what was served before.
    pub(super) fn forget_sent(&mut self) {
        self.numbers.clear();
        self.logs.clear();
        self.last.clear();
    }

    /// The peer holds this frontier object.
    pub(super) fn peer_knows(&mut self, frontier: FrontierId) {
        self.known_frontiers.insert(frontier);
        self.base = Some(frontier);
    }

    /// Adds a range to serve, or widens one that is waiting. `afresh` when the peer asked: it may have thrown away
    /// what was sent before.
    pub(super) fn add<S: Store>(&mut self, replica: &Replica<S>, log: LogId, from: u64, afresh: bool) {
        if afresh {
            self.last.remove(&log);
        }
        if let Some(range) = self.waiting.get(&log).and_then(|order| self.ranges.get_mut(order)) {
            // Of a forked log the branches not served yet may begin anywhere.
            range.owed |= afresh;
            range.from = if range.branches.take().is_some() { 0 } else { range.from.min(from) };
            return;
        }
        let order = replica.logs().get(&log).map(|state| replica.order(&state.descriptor.section));
        self.arrivals += 1;
        let order = (order.unwrap_or((u16::MAX, Reverse(0))), self.arrivals);
        self.waiting.insert(log, order);
        self.ranges.insert(order, Range { log, from, owed: afresh, branches: None });
    }

    /// Adds sealed records to serve; `false` when that is more than anybody asks for.
    pub(super) fn add_records(&mut self, section: Section, ids: Vec<ShortRecord>) -> bool {
        self.records_waiting += ids.len();
        self.records.push_back((section, ids.into()));
        self.records_waiting <= limits::RECORDS_PER_SECTION * 4
    }

    /// The logs of which something could not be read since this was last asked.
    pub(super) fn take_damaged(&mut self) -> Vec<LogId> {
        std::mem::take(&mut self.damaged)
    }

    /// Whether nothing is waiting to be served.
    pub(super) fn is_idle(&self) -> bool {
        self.ranges.is_empty() && self.records.is_empty()
    }

    /// The log behind one of this session's numbers.
    pub(super) fn log(&self, number: u32) -> Option<LogId> {
        usize::try_from(number).ok().and_then(|number| self.logs.get(number)).copied()
    }

    /// The next frames: sealed records, or the frontier objects that entries name and then a batch of entries.
    /// Empty when there is nothing left to serve.
    pub(super) fn next<S: Store>(&mut self, replica: &Replica<S>, to: To<'_>) -> Result<Vec<Message>, RecordsError> {
        if let Some((section, ids)) = self.records.pop_front() {
            return Ok(self.next_records(replica, to, section, ids));
        }
        let mut messages = Vec::new();
        let mut parts: Vec<WirePart> = Vec::new();
        let (mut room, mut count) = (limits::SEGMENT_BYTES, limits::ENTRIES_PER_BATCH);
        let mut frame = FrameState::default();
        while let Some((order, mut range)) = self.ranges.pop_first() {
            let log = range.log;
            let Some(state) = replica.logs().get(&log) else {
                self.waiting.remove(&log);
                messages.push(Message::Hole { log, from: range.from, reason: HoleReason::Lost });
                continue;
            };
            if let To::Device(peer) = to
                && !is_open_to(replica, peer, &state.descriptor)
            {
                self.waiting.remove(&log);
                messages.push(Message::Hole { log, from: range.from, reason: HoleReason::NotEntitled });
                continue;
            }
            let descriptor = state.descriptor;
            let must = parts.is_empty();
            let cut = match range.cut(replica, room, count, must) {
                Err(RecordsError::Broken(_)) => {
                    self.damaged.push(log);
                    Cut::Lost
                }
                cut => cut?,
            };
            match cut {
                Cut::Run(entries, seal) => {
                    let segment = Segment { descriptor, entries, seal };
                    let cost = cost(&segment.entries);
                    room = room.saturating_sub(cost);
                    count = count.saturating_sub(segment.entries.len());
                    match self.put(replica, &segment, &mut frame, &mut messages, &mut parts) {
                        Err(RecordsError::Broken(_)) => {
                            // What stands before it is damaged, and nobody could place it.
                            self.damaged.push(log);
                            self.waiting.remove(&log);
                            messages.push(Message::Hole { log, from: range.from, reason: HoleReason::Lost });
                        }
                        put => {
                            put?;
                            self.ranges.insert(order, range);
                        }
                    }
                }
                Cut::Full => {
                    self.ranges.insert(order, range);
                    break;
                }
                Cut::Done if !range.owed => drop(self.waiting.remove(&log)),
                none @ (Cut::Done | Cut::Lost) => {
                    if matches!(none, Cut::Lost) {
                        // What would seal it is damaged: it is looked for.
                        self.damaged.push(log);
                    }
                    // Not here, or not to be read from a damaged store. The rest of the school stays in sync.
                    self.waiting.remove(&log);
                    messages.push(Message::Hole { log, from: range.from, reason: HoleReason::Lost });
                }
            }
        }
        if !parts.is_empty() {
            messages.push(Message::Batch(parts));
        }
        Ok(messages)
    }

    fn put<S: Store>(
        &mut self,
        replica: &Replica<S>,
        segment: &Segment,
        frame: &mut FrameState,
        messages: &mut Vec<Message>,
        parts: &mut Vec<WirePart>,
    ) -> Result<(), RecordsError> {
        for entry in &segment.entries {
            messages.extend(self.authority(replica, &entry.header().authority));
        }
        let (Some(first), Some(last)) = (segment.entries.first(), segment.entries.last()) else { return Ok(()) };
        let log = first.header().log;
        let sent = self.last.get(&log).filter(|(hash, _)| *hash == first.header().previous);
        let named = sent.is_none() && first.header().sequence > 0;
        let before = match (sent, first.header().sequence.checked_sub(1)) {
            (Some((_, header)), _) => Some(header.clone()),
            (None, Some(place)) => {
                replica.entry(&log, place, &first.header().previous)?.map(|(entry, _)| entry.header().clone())
            }
            (None, None) => None,
        };
        let (number, descriptor) = self.number(log, segment.descriptor);
        parts.push(pack(number, descriptor, named, before.as_ref(), segment, frame));
        self.last.insert(log, (last.hash(), last.header().clone()));
        Ok(())
    }

    fn number(&mut self, log: LogId, descriptor: Descriptor) -> (u32, Option<Descriptor>) {
        if let Some(number) = self.numbers.get(&log) {
            return (*number, None);
        }
        let number = u32::try_from(self.logs.len()).unwrap_or(u32::MAX);
        self.logs.push(log);
        self.numbers.insert(log, number);
        (number, Some(descriptor))
    }

    /// A frontier object, as a change of one the peer has, unless it has this one.
    fn authority<S: Store>(&mut self, replica: &Replica<S>, id: &FrontierId) -> Vec<Message> {
        if !self.known_frontiers.insert(*id) || !replica.frontiers().contains(id) {
            return Vec::new();
        }
        let base = self.base.replace(*id);
        let change = base.and_then(|base| Some((base, replica.frontiers().difference(&base, id)?)));
        match change {
            Some((base, changed)) => in_frames(*id, Some(base), changed),
            None => whole(replica, id),
        }
    }

    fn next_records<S: Store>(
        &mut self,
        replica: &Replica<S>,
        to: To<'_>,
        section: Section,
        mut ids: VecDeque<ShortRecord>,
    ) -> Vec<Message> {
        if let To::Device(peer) = to
            && !replica.view().may_hold(peer, &section.compartment)
            && replica.share(peer, &section).is_none()
        {
            self.records_waiting = self.records_waiting.saturating_sub(ids.len());
            return vec![Message::NoRecords(section, ids.into())];
        }
        let mut missing = Vec::new();
        let mut found: Vec<Record> = Vec::new();
        let mut bytes = 0;
        while let Some(id) = ids.pop_front() {
            self.records_waiting = self.records_waiting.saturating_sub(1);
            let of_name: Vec<&Record> = replica
                .sealed_records_named(&section, &id)
                .filter(|record| may_go(replica, to, &section, record))
                .collect();
            if of_name.is_empty() {
                missing.push(id);
            }
            bytes += of_name.iter().map(|record| record.bytes()).sum::<usize>();
            found.extend(of_name.into_iter().cloned());
            if bytes >= LIST_BYTES {
                break;
            }
        }
        if !ids.is_empty() {
            self.records.push_front((section, ids));
        }
        let mut messages = records_in_frames(section, found);
        if !missing.is_empty() {
            messages.push(Message::NoRecords(section, missing));
        }
        messages
    }
}

/// What a range gives next.
enum Cut {
    /// Entries that end at a seal.
    Run(Vec<Entry>, Seal),
    /// More than there is room for in this frame.
    Full,
    /// Nothing more.
    Done,
    /// Entries that no seal follows, or that cannot be read.
    Lost,
}

impl Range {
    /// The next run of entries that fits, ending at a seal, and goes on after it. The first run of a frame always
    /// fits: ingestion and writing see to it.
    fn cut<S: Store>(
        &mut self,
        replica: &Replica<S>,
        room: usize,
        count: usize,
        must: bool,
    ) -> Result<Cut, RecordsError> {
        let Some(state) = replica.logs().get(&self.log) else { return Ok(Cut::Done) };
        if state.forked_at.is_some() && self.branches.is_none() {
            self.branches = Some(branches(replica, &self.log, &state.heads, self.from)?);
        }
        let mut taken: Vec<Entry> = Vec::new();
        let mut sealed: Option<(usize, Seal)> = None;
        let mut bytes = limits::PART_ON_WIRE;
        let mut full = false;
        let mut next = Vec::new().into_iter();
        while taken.len() < count {
            let Some((entry, seal)) = next.next() else {
                let step = self.read(replica, taken.len(), (count - taken.len()).min(ENTRIES_A_STEP))?;
                if step.is_empty() {
                    break;
                }
                next = step.into_iter();
                continue;
            };
            bytes += entry.body().len() + limits::ENTRY_ON_WIRE;
            if bytes > room && (sealed.is_some() || !must) {
                full = true;
                break;
            }
            taken.push(entry);
            if let Some(seal) = seal {
                sealed = Some((taken.len(), seal));
            }
        }
        full |= taken.len() >= count;
        match sealed {
            Some((length, seal)) => {
                taken.truncate(length);
                replica.must_hold(&self.log, &taken, &seal)?;
                self.skip(length);
                self.owed = false;
                Ok(Cut::Run(taken, seal))
            }
            None if full && !must => Ok(Cut::Full),
            None if taken.is_empty() => Ok(Cut::Done),
            None => Ok(Cut::Lost),
        }
    }

    fn read<S: Store>(
        &self,
        replica: &Replica<S>,
        skip: usize,
        most: usize,
    ) -> Result<Vec<(Entry, Option<Seal>)>, RecordsError> {
        let Some(branches) = &self.branches else {
            return match replica.entries_before_damage(&self.log, self.from + skip as u64, most) {
                // What stands before what is damaged goes first.
                Err(RecordsError::Broken(_)) if skip > 0 => Ok(Vec::new()),
                some => some,
            };
        };
        let Some(branch) = branches.front() else { return Ok(Vec::new()) };
        let names = branch.iter().skip(skip).take(most);
        names.filter_map(|(place, hash)| replica.entry(&self.log, *place, hash).transpose()).collect()
    }

    fn skip(&mut self, length: usize) {
        self.from += length as u64;
        if let Some(branches) = &mut self.branches
            && let Some(branch) = branches.front_mut()
        {
            branch.drain(..length.min(branch.len()));
            if branch.is_empty() {
                branches.pop_front();
            }
        }
    }
}

/// The branches of a forked log from a place on, each without what an earlier one has. A forked log is rare, and
/// is walked back from each of its ends.
fn branches<S: Store>(
    replica: &Replica<S>,
    log: &LogId,
    heads: &[Head],
    from: u64,
) -> Result<VecDeque<VecDeque<(u64, EntryHash)>>, RecordsError> {
    let mut seen = BTreeSet::new();
    let mut all = VecDeque::new();
    for head in heads {
        let mut branch = VecDeque::new();
        let (mut length, mut hash) = (head.length, head.hash);
        while length > from && seen.insert(hash) {
            let Some((entry, _)) = replica.entry(log, length - 1, &hash)? else { break };
            length -= 1;
            branch.push_front((length, hash));
            hash = entry.header().previous;
        }
        if !branch.is_empty() {
            all.push_back(branch);
        }
    }
    Ok(all)
}

fn may_go<S: Store>(replica: &Replica<S>, to: To<'_>, section: &Section, record: &Record) -> bool {
    match (to, record) {
        (To::Device(device), _) => replica.may_go_to(device, section, record),
        (To::Anybody, Record::Delivery(delivery)) => replica.view().is_enrolled(&delivery.to),
        (To::Anybody, _) => true,
    }
}

/// What is held of what is shared of a section: its logs, and these sealed records.
pub(super) fn show<S: Store>(
    replica: &Replica<S>,
    section: Section,
    share: Share,
    records: Vec<ShortRecord>,
) -> Vec<Message> {
    let logs = replica.logs_shared(share, &section);
    let logs: Vec<_> = logs.map(|(_, state)| (state.descriptor, state.heads.clone())).collect();
    // Each kind in frames of its own, so that no frame holds two full pieces.
    let logs = chunked(logs, |(_, heads)| DESCRIPTOR_BYTES + heads.len() * HEAD_BYTES);
    let records = chunked(records, |_| size_of::<ShortRecord>());
    let mut frames: Vec<_> = logs.into_iter().map(|logs| (logs, Vec::new())).collect();
    frames.extend(records.into_iter().filter(|chunk| !chunk.is_empty()).map(|chunk| (Vec::new(), chunk)));
    let last = frames.len().saturating_sub(1);
    let frame = |(at, (logs, records))| Message::Frontier { section, logs, records, more: at < last };
    frames.into_iter().enumerate().map(frame).collect()
}

/// Whether a device may be given a log.
pub(super) fn is_open_to<S: Store>(replica: &Replica<S>, peer: &DeviceId, descriptor: &Descriptor) -> bool {
    let Descriptor { section, .. } = descriptor;
    section.compartment == Compartment::AUTHORITY
        || replica.view().may_hold(peer, &section.compartment)
        || replica.share(peer, section).is_some_and(|share| replica.is_shared(share, descriptor))
}

fn cost(entries: &[Entry]) -> usize {
    limits::PART_ON_WIRE + entries.iter().map(|entry| entry.body().len() + limits::ENTRY_ON_WIRE).sum::<usize>()
}

/// A frontier object in full.
pub(super) fn whole<S: Store>(replica: &Replica<S>, id: &FrontierId) -> Vec<Message> {
    replica.frontiers().get(id).map(|whole| in_frames(*id, None, whole)).unwrap_or_default()
}

fn in_frames(id: FrontierId, base: Option<FrontierId>, changed: AuthorityFrontier) -> Vec<Message> {
    let chunks = chunked(changed.0, |(_, heads)| 34 + heads.len() * 42);
    let last = chunks.len().saturating_sub(1);
    let frame = |(at, logs)| Message::Authority { id, base, changed: AuthorityFrontier(logs), more: at < last };
    chunks.into_iter().enumerate().map(frame).collect()
}

/// Sealed records, in frames.
pub(super) fn records_in_frames(section: Section, records: Vec<Record>) -> Vec<Message> {
    let chunks = chunked(records, Record::bytes);
    chunks.into_iter().filter(|chunk| !chunk.is_empty()).map(|chunk| Message::Records(section, chunk)).collect()
}

/// Splits a list so that each piece fits a frame; at least one piece comes back.
pub(super) fn chunked<T>(list: Vec<T>, bytes: impl Fn(&T) -> usize) -> Vec<Vec<T>> {
    let mut chunks = Vec::new();
    let (mut chunk, mut size) = (Vec::new(), 0);
    for item in list {
        size += bytes(&item);
        if size > LIST_BYTES && !chunk.is_empty() {
            chunks.push(std::mem::take(&mut chunk));
            size = bytes(&item);
        }
        chunk.push(item);
    }
    chunks.push(chunk);
    chunks
}
