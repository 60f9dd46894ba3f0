//! Serving what a peer asked for, a frame at a time, so that memory stays bounded however much it is.

use super::message::{HoleReason, Message};
use super::wire::{FrameState, WirePart, pack};
use crate::id::{DeviceId, FrontierId, LogId};
use crate::limits;
use crate::log::frontier::AuthorityFrontier;
use crate::log::header::Header;
use crate::replica::records::RecordsError;
use crate::replica::store::Store;
use crate::replica::{Replica, Segment};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Bytes of bodies to put into one frame, leaving room for headers.
const FRAME_BODIES: usize = 160 * 1024;

/// What one session has been asked for and has named so far.
#[derive(Debug, Default)]
pub(super) struct Server {
    ranges: VecDeque<(LogId, u64)>,
    numbers: BTreeMap<LogId, u32>,
    logs: Vec<LogId>,
    known_frontiers: BTreeSet<FrontierId>,
    base: Option<FrontierId>,
}

impl Server {
    /// The peer holds this frontier object.
    pub(super) fn peer_knows(&mut self, frontier: FrontierId) {
        self.known_frontiers.insert(frontier);
        self.base = Some(frontier);
    }

    /// Adds a range to serve, unless one that takes it in is waiting.
    pub(super) fn add(&mut self, log: LogId, from: u64) {
        match self.ranges.iter_mut().find(|(known, _)| *known == log) {
            Some((_, known)) => *known = (*known).min(from),
            None => self.ranges.push_back((log, from)),
        }
    }

    /// The log behind one of this session's numbers.
    pub(super) fn log(&self, number: u32) -> Option<LogId> {
        usize::try_from(number).ok().and_then(|number| self.logs.get(number)).copied()
    }

    /// The next frames: the frontier objects that entries name, then a batch of entries. Empty when there is
    /// nothing left to serve.
    pub(super) fn next<S: Store>(
        &mut self,
        replica: &Replica<S>,
        peer: &DeviceId,
    ) -> Result<Vec<Message>, RecordsError> {
        let mut messages = Vec::new();
        let mut parts: Vec<WirePart> = Vec::new();
        let (mut room, mut count) = (FRAME_BODIES, limits::ENTRIES_PER_BATCH);
        let mut frame = FrameState::default();
        while let Some((log, from)) = self.ranges.pop_front() {
            let Some(state) = replica.logs().get(&log) else {
                messages.push(Message::Hole { log, from, reason: HoleReason::Lost });
                continue;
            };
            let compartment = state.descriptor.section.compartment;
            if !replica.view().may_hold(peer, &compartment) && compartment != crate::id::Compartment::AUTHORITY {
                messages.push(Message::Hole { log, from, reason: HoleReason::NotEntitled });
                continue;
            }
            let forked = state.forked_at.is_some();
            let (segments, next) = cut(replica, &log, from, forked, room, count, parts.is_empty())?;
            for segment in &segments {
                for entry in &segment.entries {
                    messages.extend(self.authority(replica, &entry.header().authority));
                }
                let first = segment.entries.first().map(crate::log::entry::Entry::header);
                let before = first.map(|first| before(replica, first)).transpose()?.flatten();
                let (number, descriptor) = self.number(log, state.descriptor);
                parts.push(pack(number, descriptor, forked, before.as_ref(), segment, &mut frame));
                let bytes: usize = segment.entries.iter().map(|entry| entry.body().len()).sum();
                room = room.saturating_sub(bytes);
                count = count.saturating_sub(segment.entries.len());
            }
            if next < state.length() {
                self.ranges.push_front((log, next));
                break;
            }
            if room == 0 || count == 0 {
                break;
            }
        }
        if !parts.is_empty() {
            messages.push(Message::Batch(parts));
        }
        Ok(messages)
    }

    fn number(
        &mut self,
        log: LogId,
        descriptor: crate::log::header::Descriptor,
    ) -> (u32, Option<crate::log::header::Descriptor>) {
        if let Some(number) = self.numbers.get(&log) {
            return (*number, None);
        }
        let number = u32::try_from(self.logs.len()).unwrap_or(u32::MAX);
        self.logs.push(log);
        self.numbers.insert(log, number);
        (number, Some(descriptor))
    }

    /// A frontier object, as a change of one the peer has, unless it has this one.
    pub(super) fn authority<S: Store>(&mut self, replica: &Replica<S>, id: &FrontierId) -> Option<Message> {
        if !self.known_frontiers.insert(*id) {
            return None;
        }
        let wanted = replica.frontier(id)?;
        let base = self.base.replace(*id);
        Some(difference(base.and_then(|base| Some((base, replica.frontier(&base)?))), wanted))
    }
}

fn difference(base: Option<(FrontierId, &AuthorityFrontier)>, wanted: &AuthorityFrontier) -> Message {
    let whole = Message::Authority { base: None, changed: wanted.clone() };
    let Some((id, base)) = base else { return whole };
    let known: BTreeMap<_, _> = base.0.iter().map(|(log, heads)| (log, heads)).collect();
    let still_there = wanted.0.iter().filter(|(log, _)| known.contains_key(log)).count();
    if still_there < known.len() {
        return whole;
    }
    let changed = wanted.0.iter().filter(|(log, heads)| known.get(log) != Some(&heads)).cloned().collect();
    Message::Authority { base: Some(id), changed: AuthorityFrontier(changed) }
}

/// A base with a change laid over it.
pub(super) fn combine(base: Option<&AuthorityFrontier>, changed: AuthorityFrontier) -> AuthorityFrontier {
    let mut all: BTreeMap<_, _> = base.map(|base| base.0.iter().cloned().collect()).unwrap_or_default();
    all.extend(changed.0);
    AuthorityFrontier(all.into_iter().collect())
}

fn before<S: Store>(replica: &Replica<S>, first: &Header) -> Result<Option<Header>, RecordsError> {
    let Some(sequence) = first.sequence.checked_sub(1) else { return Ok(None) };
    Ok(replica.entry(&first.log, sequence, &first.previous)?.map(|(entry, _)| entry.header().clone()))
}

/// The segments to send of a log from a place on, each ending at a seal, and the place after them.
fn cut<S: Store>(
    replica: &Replica<S>,
    log: &LogId,
    from: u64,
    forked: bool,
    room: usize,
    count: usize,
    must: bool,
) -> Result<(Vec<Segment>, u64), RecordsError> {
    // A forked log is rare and goes whole, so that each branch ends at its own seal.
    let most = if forked { limits::ENTRIES_PER_BATCH * limits::BRANCHES_PER_LOG } else { count.max(1) };
    let Some(descriptor) = replica.logs().get(log).map(|state| state.descriptor) else {
        return Ok((Vec::new(), u64::MAX));
    };
    let mut open: Vec<(Vec<crate::log::entry::Entry>, usize, Option<crate::log::seal::Seal>)> = Vec::new();
    let mut bytes = 0;
    for (entry, seal) in replica.entries(log, from, most)? {
        bytes += entry.body().len();
        let has_some = open.iter().any(|(_, sealed, _)| *sealed > 0);
        if !forked && bytes > room && (has_some || !must) {
            break;
        }
        let chain = open
            .iter_mut()
            .find(|(entries, ..)| entries.last().is_some_and(|last| last.hash() == entry.header().previous));
        let (entries, sealed, last_seal) = match chain {
            Some(chain) => chain,
            None => {
                open.push((Vec::new(), 0, None));
                let Some(new) = open.last_mut() else { break };
                new
            }
        };
        entries.push(entry);
        if let Some(seal) = seal {
            *sealed = entries.len();
            *last_seal = Some(seal);
        }
    }
    let mut next = from;
    let mut segments = Vec::new();
    for (mut entries, sealed, seal) in open {
        entries.truncate(sealed);
        if let (Some(last), Some(seal)) = (entries.last(), seal) {
            next = next.max(last.header().sequence + 1);
            segments.push(Segment { descriptor, entries, seal });
        }
    }
    if segments.is_empty() && must && !forked {
        // No seal among them: a damaged store. Skipping the log keeps the rest of the school in sync.
        next = u64::MAX;
    }
    Ok((segments, next))
}
