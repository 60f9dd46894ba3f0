//! Taking what a peer sends: sealed records, lists of authority heads, entries.

use super::{Conversation, Fault, Received};
use crate::id::{EntryHash, FrontierId, LogId, Section};
use crate::keys::record::Record;
use crate::limits;
use crate::log::entry::Entry;
use crate::log::frontier::{AuthorityFrontier, Head};
use crate::log::header::Header;
use crate::replica::frontiers::combine;
use crate::replica::records::RecordsError;
use crate::replica::store::Store;
use crate::replica::{LogState, Problem, Replica, Segment, Share};
use crate::sync::message::{Message, ShortRecord, short};
use crate::sync::wire::{FrameState, WirePart, unpack};
use std::collections::{BTreeMap, BTreeSet};

/// Times in a row that a log is asked for again before it is left alone: from where ours ends, then whole.
const ASK_AGAIN_MOST: u8 = 3;
/// Lists of authority heads kept for entries that have not come yet.
const OFFERED_MOST: usize = 2_048;
/// Heads in them, those that lists have in common counted for each.
const OFFERED_HEADS_MOST: usize = 4_000_000;
/// Sealed records remembered that came before the year they are of: see [`limits::SECTIONS_AHEAD`].
const LEFT_MOST: usize = 16_384;

/// Where a part begins.
enum Before {
    /// At the start of its log.
    Nothing,
    /// After this entry.
    Entry(EntryHash, Box<Header>),
    /// After one that is not held.
    Unknown,
    /// In a log that was asked for afresh, and this is not it yet.
    Stale,
}

impl Conversation {
    pub(super) fn take_records<S: Store>(
        &mut self,
        replica: &mut Replica<S>,
        section: Section,
        records: Vec<Record>,
        received: &mut Received,
    ) -> Result<(), Fault> {
        if records.iter().any(Record::is_too_long) {
            return Err(Fault::Hostile("a sealed record that is too long"));
        }
        let names: Vec<ShortRecord> = records.iter().map(|record| short(&record.id())).collect();
        for name in &names {
            self.wanted_records.remove(&(section, *name));
            self.peer_records.insert(*name);
        }
        let view = replica.view();
        // A device that is of the school no more hands over what it had; any other has nothing to say of what it may
        // not hold.
        let leaves = !view.is_enrolled(&self.peer) && view.may_hold(&replica.device(), &section.compartment);
        let share = if leaves { Some(Share::All) } else { replica.share(&self.peer, &section) };
        let Some(share) = share else { return Ok(()) };
        let mut records = records;
        if share != Share::All {
            records.retain(|record| replica.is_record_shared(share, &section, record));
            records.truncate(replica.room_for_posted(&section));
        }
        self.note_early(replica, section, &records);
        let (new, left) = replica.add_records(records.into_iter().map(|record| (section, record)).collect())?;
        received.new_records = new;
        if left > 0 {
            received.refused.push((Problem::TooManyKeys, left));
            if !replica.has_entries_of(&section) && self.left.len() + names.len() <= LEFT_MOST {
                self.left.extend(names.into_iter().map(|name| (section, name)));
            }
        }
        self.round_open |= received.new_records > 0 && !self.same;
        Ok(())
    }

    pub(super) fn take_authority<S: Store>(
        &mut self,
        replica: &mut Replica<S>,
        id: FrontierId,
        base: Option<FrontierId>,
        changed: AuthorityFrontier,
        more: bool,
    ) -> Result<(), Fault> {
        let mut all = match self.offer.take() {
            Some((of, on, all)) if of == id && on == base => all,
            _ => Vec::new(),
        };
        all.extend(changed.0);
        if all.len() > limits::AUTHORITY_LOGS {
            return Err(Fault::Hostile("more authority heads than a school has"));
        }
        if more {
            self.offer = Some((id, base, all));
            return Ok(());
        }
        let changed = AuthorityFrontier(all);
        let list = match base {
            None => changed,
            Some(base) => match replica.frontiers().get(&base).or_else(|| self.offered.get(&base)) {
                Some(base) => combine(base, changed),
                None => {
                    // The base was taken for known and is not.
                    self.out.push_back(Message::WantAuthority(id));
                    return Ok(());
                }
            },
        };
        if !list.is_legal() || list.id() != id {
            return Err(Fault::Hostile("authority heads that are not what they are named after"));
        }
        self.server.peer_knows(id);
        self.offered_heads += list.0.len();
        if self.offered.len() >= OFFERED_MOST || self.offered_heads > OFFERED_HEADS_MOST {
            self.offered = crate::replica::frontiers::Frontiers::default();
            self.offered_heads = list.0.len();
        }
        self.offered.insert(id, list);
        Ok(())
    }

    pub(super) fn take_batch<S: Store>(
        &mut self,
        replica: &mut Replica<S>,
        parts: Vec<WirePart>,
        received: &mut Received,
    ) -> Result<(), Fault> {
        let mut frame = FrameState::default();
        let mut segments: Vec<Segment> = Vec::new();
        let mut numbers = BTreeMap::new();
        let mut again = BTreeSet::new();
        let mut sizes: BTreeMap<LogId, usize> = BTreeMap::new();
        for part in parts {
            if let Some(descriptor) = part.descriptor {
                if self.peer_logs.len() >= limits::LOGS {
                    return Err(Fault::Hostile("more logs than a school has"));
                }
                self.peer_logs.insert(part.log, descriptor);
            }
            let descriptor = *self.peer_logs.get(&part.log).ok_or(Fault::Malformed)?;
            let log = descriptor.id(&replica.school());
            numbers.insert(log, part.log);
            let (place, count) = (part.from, part.entries.len());
            let segment = match self.before(replica, &log, &part, &segments)? {
                Before::Nothing => unpack(part, descriptor, log, None, &mut frame),
                Before::Entry(hash, header) => unpack(part, descriptor, log, Some((hash, &header)), &mut frame),
                other => {
                    frame.pass(&part).ok_or(Fault::Malformed)?;
                    if matches!(other, Before::Unknown) {
                        received.refused.push((Problem::Gap(place), count));
                        again.insert(log);
                    }
                    continue;
                }
            };
            let segment = segment.ok_or(Fault::Malformed)?;
            let last = segment.entries.last().ok_or(Fault::Malformed)?;
            // The peer has what it sends, which may be less than is held here.
            let has = last.header().sequence + 1;
            self.came.insert(log, Some((last.hash(), last.header().clone())));
            self.note_peer_has(log, has);
            *sizes.entry(log).or_default() += count;
            segments.push(segment);
        }
        let before: BTreeMap<LogId, Option<Vec<Head>>> =
            sizes.keys().map(|log| (*log, replica.logs().get(log).map(|state| state.heads.clone()))).collect();
        let ingested = replica.ingest_with(segments, &self.offered)?;
        received.new_entries = ingested.new_entries;
        for (log, heads) in before {
            let grown = replica.logs().get(&log).filter(|state| Some(&state.heads) != heads.as_ref());
            let by = grown.and_then(|state| replica.view().seats.get(&state.descriptor.seat));
            received.devices.extend(by.map(|seated| seated.device));
        }
        self.round_open |= ingested.mended > 0 || ingested.new_entries > 0 && !self.same;
        let durable: BTreeMap<LogId, u64> = ingested.durable.into_iter().collect();
        for log in durable.keys() {
            self.note_came(replica, log)?;
        }
        self.ask_for_what_was_left(replica);
        let acknowledged: Vec<(u32, u64)> =
            durable.iter().filter_map(|(log, length)| Some((*numbers.get(log)?, *length))).collect();
        if !acknowledged.is_empty() {
            self.out.push_back(Message::Ack(acknowledged));
        }
        for (descriptor, problem) in ingested.problems {
            let log = descriptor.id(&replica.school());
            received.refused.push((problem, sizes.get(&log).copied().unwrap_or(0)));
            match problem {
                Problem::Gap(_) => drop(again.insert(log)),
                Problem::UnknownHeads(id) => {
                    if again.insert(log) {
                        self.out.push_back(Message::WantAuthority(id));
                    }
                }
                Problem::Forged => return Err(Fault::Hostile("a chain or a seal")),
                Problem::UnknownSeat
                | Problem::NotHeld
                | Problem::TooManyBranches
                | Problem::TooManyLogs
                | Problem::TooMuchToday
                | Problem::TooManyKeys => {
                    self.leave(log);
                }
            }
        }
        again.into_iter().for_each(|log| self.ask_again(replica, log));
        Ok(())
    }

    /// Asks again for the sealed records of years that had not begun when they came, and have now.
    /// Remembers the checkpoints among these that nothing can be said of yet: they are asked for once their seat is known.
    fn note_early<S: Store>(&mut self, replica: &Replica<S>, section: Section, records: &[Record]) {
        for record in records {
            if let Record::Checkpoint(one) = record
                && !replica.view().seats.contains_key(&one.said.seat)
                && self.early.len() < LEFT_MOST
            {
                self.early.insert((section, short(&record.id())), one.said.seat);
            }
        }
    }

    fn ask_for_what_was_left<S: Store>(&mut self, replica: &Replica<S>) {
        let seats = &replica.view().seats;
        let heard_of = self.early.extract_if(.., |_, seat| seats.contains_key(seat)).map(|(record, _)| record);
        let heard_of: Vec<_> = heard_of.collect();
        self.left.extend(heard_of.iter().copied());
        let begun = |left: &(Section, ShortRecord)| replica.has_entries_of(&left.0) || heard_of.contains(left);
        let mut asked: BTreeMap<Section, Vec<ShortRecord>> = BTreeMap::new();
        for (section, name) in self.left.extract_if(.., begun) {
            asked.entry(section).or_default().push(name);
        }
        for (section, names) in asked {
            self.wanted_records.extend(names.iter().map(|name| (section, *name)));
            self.out.push_back(Message::WantRecords(section, names));
        }
    }

    /// The entry that a part begins after.
    fn before<S: Store>(
        &self,
        replica: &Replica<S>,
        log: &LogId,
        part: &WirePart,
        segments: &[Segment],
    ) -> Result<Before, Fault> {
        if part.from >= limits::ENTRIES_PER_LOG {
            return Err(Fault::Malformed);
        }
        let Some(place) = part.from.checked_sub(1) else {
            return if part.previous.is_none() { Ok(Before::Nothing) } else { Err(Fault::Malformed) };
        };
        let Some(previous) = part.previous else {
            return match self.came.get(log) {
                Some(Some((hash, header))) if header.sequence == place => {
                    Ok(Before::Entry(*hash, Box::new(header.clone())))
                }
                Some(None) => Ok(Before::Stale),
                _ => Err(Fault::Malformed),
            };
        };
        let here = segments.iter().rev().flat_map(|segment| segment.entries.iter().rev());
        let is_it =
            |entry: &&Entry| entry.hash() == previous && entry.header().log == *log && entry.header().sequence == place;
        if let Some(entry) = here.into_iter().find(is_it) {
            return Ok(Before::Entry(previous, Box::new(entry.header().clone())));
        }
        let held = match replica.entry(log, place, &previous) {
            // Damaged here: the log is asked for again from before it.
            Err(RecordsError::Broken(_)) => None,
            held => held?,
        };
        Ok(held.map_or(Before::Unknown, |(entry, _)| Before::Entry(previous, Box::new(entry.header().clone()))))
    }

    /// Looks whether a log that is being fetched is complete now.
    fn note_came<S: Store>(&mut self, replica: &Replica<S>, log: &LogId) -> Result<(), Fault> {
        self.asked.remove(log);
        let Some(heads) = self.wanted.get(log) else { return Ok(()) };
        let mut left: Vec<Head> = Vec::new();
        for head in heads {
            if !replica.has_head(log, head)? {
                left.push(*head);
            }
        }
        if left.is_empty() {
            self.wanted.remove(log);
        } else {
            self.wanted.insert(*log, left);
        }
        Ok(())
    }

    /// Gives a log up for this session: it cannot be taken.
    fn leave(&mut self, log: LogId) {
        self.wanted.remove(&log);
        self.same = false;
        self.round_open = true;
    }

    /// Asks for a log from where ours ends; the next time from its start, because it seems to have forked.
    fn ask_again<S: Store>(&mut self, replica: &Replica<S>, log: LogId) {
        let times = self.asked.entry(log).or_insert(0);
        *times = times.saturating_add(1);
        self.came.insert(log, None);
        if *times >= ASK_AGAIN_MOST {
            self.leave(log);
            return;
        }
        let linear = replica.logs().get(&log).filter(|state| state.forked_at.is_none());
        let end = linear.map_or(0, LogState::length);
        let heads = self.wanted.get(&log).filter(|heads| !heads.is_empty());
        let from = match heads {
            _ if *times > 1 => 0,
            Some(heads) => replica.lacks(&log, heads).ok().flatten().unwrap_or(0),
            None => end,
        };
        self.wanted.entry(log).or_default();
        self.out.push_back(Message::Want(vec![(log, from)]));
    }
}
