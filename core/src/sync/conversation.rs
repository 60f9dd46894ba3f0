//! One side of one session between two enrolled devices.
//!
//! Frames go in by [`Conversation::receive`], come out by [`Conversation::next`]; the caller carries them. Both
//! sides begin at once with a hello and one digest over all that both may hold. If it differs: a digest for
//! each section, then what is held of those that differ, then what is missing, the authority area before all
//! else, sealed records before entries. After that, what becomes new is pushed as it comes.
//!
//! Nothing a peer sends is believed before the replica has verified it, and no frame of a peer can make a
//! replica stop: at worst the session ends with a [`Fault`].

use super::message::{HoleReason, Message, ShortRecord, VERSION};
use super::serve::{Server, combine};
use super::wire::{FrameState, WirePart, unpack};
use crate::id::{DeviceId, FrontierId, LogId, Section};
use crate::keys::record::RecordId;
use crate::limits;
use crate::log::header::Descriptor;
use crate::replica::records::RecordsError;
use crate::replica::store::Store;
use crate::replica::{Context, Fresh, Problem, Replica};
use crate::time::Moment;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Ids of sealed records in one frame: 16,384 of 8 bytes are half a frame.
const RECORDS_A_FRAME: usize = 16_384;
/// Logs in one frame of a frontier: about 130 bytes each.
const LOGS_A_FRAME: usize = 1_024;
/// Sealed records in one frame: about 130 bytes each.
const SEALED_A_FRAME: usize = 512;
/// Branches and gaps that one session may ask again for. An honest one needs a handful.
const ASK_AGAIN_MOST: u32 = 1_000;

/// Why a session ended from this side.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// What came is not a message.
    #[error("the other device sent something that is not Muster's form")]
    Malformed,
    /// The other device is of another school.
    #[error("the other device belongs to another school")]
    OtherSchool,
    /// The other device speaks a version not known here.
    #[error("the other device speaks version {0} of the protocol: bring both to the same Muster")]
    OtherVersion(u16),
    /// What came does not verify, or is beyond a limit.
    #[error("the other device sent something that does not hold ({0}): it was not taken")]
    Hostile(&'static str),
    /// This device's own store failed: try again later.
    #[error(transparent)]
    Records(#[from] RecordsError),
}

impl Fault {
    /// Whether it looks like an attack or a defect, not a mistake.
    pub fn is_suspicious(&self) -> bool {
        matches!(self, Self::Malformed | Self::Hostile(_))
    }
}

/// What a received frame changed, for whoever shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Entries that are new here.
    pub new_entries: usize,
    /// Sealed records that are new here.
    pub new_records: usize,
    /// Segments that did not verify.
    pub refused: Vec<Problem>,
}

/// One side of a session. See the module.
#[derive(Debug)]
pub struct Conversation {
    peer: DeviceId,
    cursor: u64,
    out: VecDeque<Message>,
    server: Server,
    peer_logs: BTreeMap<u32, Descriptor>,
    peer_has: BTreeMap<LogId, u64>,
    wanted: BTreeMap<LogId, u64>,
    wanted_records: BTreeSet<(Section, ShortRecord)>,
    peer_digests: Option<BTreeMap<Section, [u8; 32]>>,
    frontier: BTreeMap<Section, (Vec<(Descriptor, Vec<crate::log::frontier::Head>)>, Vec<ShortRecord>)>,
    authority_open: bool,
    learned: bool,
    asked_again: u32,
    clock: Option<(Moment, Moment)>,
    same: bool,
}

impl Conversation {
    /// Begins, with the hello ready to be sent.
    pub fn start<S: Store>(replica: &mut Replica<S>, peer: DeviceId, now: Moment) -> Self {
        let hello = Message::Hello {
            version: VERSION,
            school: replica.school(),
            root: replica.root_digest(&peer),
            authority: replica.authority_heads(),
            now,
        };
        Self {
            peer,
            cursor: replica.journal_end(),
            out: VecDeque::from([hello]),
            server: Server::default(),
            peer_logs: BTreeMap::new(),
            peer_has: BTreeMap::new(),
            wanted: BTreeMap::new(),
            wanted_records: BTreeSet::new(),
            peer_digests: None,
            frontier: BTreeMap::new(),
            authority_open: false,
            learned: false,
            asked_again: 0,
            clock: None,
            same: false,
        }
    }

    /// Whom with.
    pub fn peer(&self) -> DeviceId {
        self.peer
    }

    /// Whether both sides held the same when they last compared, and nothing has been missing since.
    pub fn is_same(&self) -> bool {
        self.same && self.wanted.is_empty() && self.wanted_records.is_empty()
    }

    /// How many logs are still being fetched from the peer.
    pub fn fetching(&self) -> usize {
        self.wanted.len()
    }

    /// The peer's clock at its hello, and ours when it came.
    pub fn clocks(&self) -> Option<(Moment, Moment)> {
        self.clock
    }

    /// Takes a frame.
    ///
    /// # Errors
    /// When the session must end. The replica is as good as before.
    pub fn receive<S: Store>(
        &mut self,
        replica: &mut Replica<S>,
        frame: &[u8],
        context: &mut Context<'_>,
    ) -> Result<Received, Fault> {
        let message = Message::decode(frame).map_err(|_| Fault::Malformed)?;
        let mut received = Received::default();
        match message {
            Message::Hello { version, school, root, authority, now } => {
                self.hello(replica, version, school, root, authority)?;
                self.clock = Some((now, context.now));
            }
            Message::Digests(digests) => {
                self.peer_digests = Some(digests.into_iter().collect());
                self.compare(replica);
            }
            Message::Frontier { section, logs, records, more } => {
                let (all, ids) = self.frontier.entry(section).or_default();
                if all.len() + logs.len() > limits::AUTHORITY_LOGS
                    || ids.len() + records.len() > limits::RECORDS_PER_SECTION
                {
                    return Err(Fault::Hostile("a list beyond every limit"));
                }
                all.extend(logs);
                ids.extend(records);
                if !more && (section == Section::AUTHORITY || !self.authority_open) {
                    self.ask(replica, section)?;
                }
            }
            Message::Want(ranges) => ranges.into_iter().for_each(|(log, from)| self.server.add(log, from)),
            Message::WantRecords(section, ids) => self.serve_records(replica, section, &ids),
            Message::WantAuthority(id) => {
                let whole =
                    replica.frontier(&id).map(|known| Message::Authority { base: None, changed: known.clone() });
                self.out.extend(whole);
            }
            Message::Records(section, records) => self.take_records(replica, section, records, &mut received)?,
            Message::Authority { base, changed } => self.take_authority(replica, base, changed)?,
            Message::Batch(parts) => self.take_batch(replica, parts, &mut received)?,
            Message::Ack(lengths) => {
                for (number, length) in lengths {
                    if let Some(log) = self.server.log(number) {
                        replica.acknowledge(self.peer, log, length);
                        self.note_peer_has(log, length);
                    }
                }
            }
            Message::Same(root) => self.same = root == replica.root_digest(&self.peer),
            Message::Hole { log, reason, .. } => {
                self.wanted.remove(&log);
                if reason == HoleReason::Lost {
                    self.same = false;
                }
                self.when_done(replica);
            }
        }
        Ok(received)
    }

    /// The next frame to send, or `None` when there is nothing to say now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn next<S: Store>(&mut self, replica: &mut Replica<S>) -> Result<Option<Vec<u8>>, RecordsError> {
        if self.out.is_empty() {
            self.push_fresh(replica);
        }
        if self.out.is_empty() {
            self.out.extend(self.server.next(replica, &self.peer)?);
        }
        Ok(self.out.pop_front().map(|message| message.encode()))
    }

    fn hello<S: Store>(
        &mut self,
        replica: &mut Replica<S>,
        version: u16,
        school: crate::id::SchoolId,
        root: [u8; 32],
        authority: FrontierId,
    ) -> Result<(), Fault> {
        if version != VERSION {
            return Err(Fault::OtherVersion(version));
        }
        if school != replica.school() {
            return Err(Fault::OtherSchool);
        }
        self.server.peer_knows(authority);
        self.same = root == replica.root_digest(&self.peer);
        if !self.same {
            self.send_digests(replica);
        }
        Ok(())
    }

    fn send_digests<S: Store>(&mut self, replica: &mut Replica<S>) {
        let sections = replica.sections_for(&self.peer);
        let digests = sections.into_iter().map(|section| (section, replica.digest(&section))).collect();
        self.out.push_back(Message::Digests(digests));
    }

    /// Compares the peer's digests with ours, once nothing is being fetched, and shows what we hold of the
    /// sections that differ: of the authority area alone until that is equal.
    fn compare<S: Store>(&mut self, replica: &mut Replica<S>) {
        if !self.wanted.is_empty() || !self.wanted_records.is_empty() {
            return;
        }
        let Some(theirs) = self.peer_digests.take() else { return };
        let ours = replica.sections_for(&self.peer);
        let mut differing: Vec<Section> = ours
            .iter()
            .chain(theirs.keys().filter(|section| !ours.contains(section)))
            .copied()
            .filter(|section| theirs.get(section) != Some(&replica.digest(section)))
            .collect();
        if differing.is_empty() {
            self.same = true;
            self.out.push_back(Message::Same(replica.root_digest(&self.peer)));
            return;
        }
        self.same = false;
        differing.sort_by_key(|section| replica.order(section));
        self.authority_open = differing.first() == Some(&Section::AUTHORITY);
        if self.authority_open {
            self.show(replica, Section::AUTHORITY);
            self.peer_digests = Some(theirs);
            return;
        }
        for section in differing {
            // What the peer shows and we may not hold is not ours to answer for.
            if replica.view().may_hold(&self.peer, &section.compartment) {
                self.show(replica, section);
            }
        }
        for section in self.frontier.keys().copied().collect::<Vec<_>>() {
            let _ = self.ask(replica, section);
        }
    }

    fn show<S: Store>(&mut self, replica: &Replica<S>, section: Section) {
        let logs: Vec<_> = replica
            .logs()
            .values()
            .filter(|state| state.descriptor.section == section)
            .map(|state| (state.descriptor, state.heads.clone()))
            .collect();
        let records: Vec<ShortRecord> = replica.records_in(&section).map(short).collect();
        let frames = logs.len().div_ceil(LOGS_A_FRAME).max(records.len().div_ceil(RECORDS_A_FRAME)).max(1);
        let (mut logs, mut records) = (logs.into_iter(), records.into_iter());
        for frame in 1..=frames {
            self.out.push_back(Message::Frontier {
                section,
                logs: logs.by_ref().take(LOGS_A_FRAME).collect(),
                records: records.by_ref().take(RECORDS_A_FRAME).collect(),
                more: frame < frames,
            });
        }
    }

    /// Asks for what the peer showed of a section and we lack.
    fn ask<S: Store>(&mut self, replica: &mut Replica<S>, section: Section) -> Result<(), Fault> {
        let Some((logs, records)) = self.frontier.remove(&section) else { return Ok(()) };
        if section != Section::AUTHORITY && !replica.view().may_hold(&replica.device(), &section.compartment) {
            return Ok(());
        }
        let known: BTreeSet<ShortRecord> = replica.records_in(&section).map(short).collect();
        let lacking: Vec<ShortRecord> = records.into_iter().filter(|id| !known.contains(id)).collect();
        for chunk in lacking.chunks(RECORDS_A_FRAME) {
            self.wanted_records.extend(chunk.iter().map(|id| (section, *id)));
            self.out.push_back(Message::WantRecords(section, chunk.to_vec()));
        }
        let mut ranges = Vec::new();
        for (descriptor, heads) in logs {
            if descriptor.section != section {
                return Err(Fault::Hostile("a log of another section"));
            }
            let log = descriptor.id(&replica.school());
            let longest = heads.iter().map(|head| head.length).max().unwrap_or(0);
            self.note_peer_has(log, longest);
            if let Some(from) = replica.lacks(&log, &heads)? {
                self.wanted.insert(log, longest);
                ranges.push((log, from));
            }
        }
        for chunk in ranges.chunks(LOGS_A_FRAME * 4) {
            self.out.push_back(Message::Want(chunk.to_vec()));
        }
        self.when_done(replica);
        Ok(())
    }

    /// When nothing more is being fetched: says so, and goes on to what was put off.
    fn when_done<S: Store>(&mut self, replica: &mut Replica<S>) {
        if !self.wanted.is_empty() || !self.wanted_records.is_empty() {
            return;
        }
        if std::mem::take(&mut self.learned) {
            // What we learned may have changed what we may hold, and the peer does not know we have it.
            self.send_digests(replica);
        }
        self.authority_open = false;
        let mut theirs = self.peer_digests.take();
        if let Some(theirs) = &mut theirs {
            // The authority area has been dealt with in this round, equal or not.
            theirs.insert(Section::AUTHORITY, replica.digest(&Section::AUTHORITY));
        }
        self.peer_digests = theirs;
        self.compare(replica);
    }

    fn serve_records<S: Store>(&mut self, replica: &Replica<S>, section: Section, ids: &[ShortRecord]) {
        let may = section == Section::AUTHORITY || replica.view().may_hold(&self.peer, &section.compartment);
        if !may {
            return;
        }
        let wanted: BTreeSet<&ShortRecord> = ids.iter().collect();
        let found: Vec<_> = replica
            .sealed_records(&section)
            .filter(|(id, _)| wanted.contains(&short(id)))
            .map(|(_, record)| record.clone())
            .collect();
        for chunk in found.chunks(SEALED_A_FRAME) {
            self.out.push_back(Message::Records(section, chunk.to_vec()));
        }
    }

    fn take_records<S: Store>(
        &mut self,
        replica: &mut Replica<S>,
        section: Section,
        records: Vec<crate::keys::record::Record>,
        received: &mut Received,
    ) -> Result<(), Fault> {
        if records.iter().any(|record| crate::codec::encode(record).len() > limits::RECORD_BYTES) {
            return Err(Fault::Hostile("a sealed record that is too long"));
        }
        if !replica.view().may_hold(&replica.device(), &section.compartment) {
            return Ok(());
        }
        for record in &records {
            self.wanted_records.remove(&(section, short(&record.id())));
        }
        let fresh = replica.add_records(records.into_iter().map(|record| (section, record)).collect())?;
        received.new_records = fresh;
        self.learned |= fresh > 0 && (!self.wanted_records.is_empty() || !self.same);
        self.when_done(replica);
        Ok(())
    }

    fn take_authority<S: Store>(
        &mut self,
        replica: &mut Replica<S>,
        base: Option<FrontierId>,
        changed: crate::log::frontier::AuthorityFrontier,
    ) -> Result<(), Fault> {
        let known = base.and_then(|base| replica.frontier(&base));
        if base.is_some() && known.is_none() {
            // The base was taken for known and is not: the entries wait, and the next comparison brings it whole.
            self.out.extend(base.map(Message::WantAuthority));
            return Ok(());
        }
        let whole = combine(known, changed);
        self.server.peer_knows(whole.id());
        replica.take_frontier(whole)?;
        Ok(())
    }

    fn take_batch<S: Store>(
        &mut self,
        replica: &mut Replica<S>,
        parts: Vec<WirePart>,
        received: &mut Received,
    ) -> Result<(), Fault> {
        let mut frame = FrameState::default();
        let mut segments = Vec::new();
        let mut numbers = BTreeMap::new();
        // A log is named once in a session: taken note of even where the rest of the frame is left aside.
        for (number, descriptor) in parts.iter().filter_map(|part| Some((part.log, part.descriptor?))) {
            if self.peer_logs.len() > limits::AUTHORITY_LOGS * 4 {
                return Err(Fault::Hostile("more logs than a school has"));
            }
            self.peer_logs.insert(number, descriptor);
        }
        for part in parts {
            let descriptor = *self.peer_logs.get(&part.log).ok_or(Fault::Hostile("a log that was not named"))?;
            let log = descriptor.id(&replica.school());
            numbers.insert(log, part.log);
            let earlier = segments.iter().rev().find_map(|segment: &crate::replica::Segment| {
                segment
                    .entries
                    .last()
                    .filter(|last| last.header().log == log && last.header().sequence + 1 == part.from)
            });
            let before = match earlier {
                Some(entry) => Some((entry.hash(), entry.header().clone())),
                None => replica.before(&log, part.from, part.previous)?,
            };
            if before.is_none() && part.from > 0 {
                self.ask_again(replica, log)?;
                // The rest of the frame may lean on this part's act and moment, so it is fetched again too.
                break;
            }
            let before = before.as_ref().map(|(hash, header)| (*hash, header));
            segments.push(unpack(part, descriptor, log, before, &mut frame).ok_or(Fault::Malformed)?);
        }
        let shown: Vec<(LogId, u64)> = segments
            .iter()
            .filter_map(|segment| segment.entries.last().map(|last| (last.header().log, last.header().sequence + 1)))
            .collect();
        let ingested = replica.ingest(segments)?;
        // The peer holds what it sent, which may be less than is held here.
        for (log, length) in shown {
            self.note_peer_has(log, length);
        }
        received.new_entries = ingested.new_entries;
        self.learned |= ingested.new_entries > 0 && (!self.wanted.is_empty() || !self.same);
        let mut acknowledged = Vec::new();
        for (log, length) in ingested.durable {
            if self.wanted.get(&log).is_some_and(|wanted| length >= *wanted) {
                self.wanted.remove(&log);
            }
            acknowledged.extend(numbers.get(&log).map(|number| (*number, length)));
        }
        if !acknowledged.is_empty() {
            self.out.push_back(Message::Ack(acknowledged));
        }
        for (descriptor, problem) in ingested.problems {
            let log = descriptor.id(&replica.school());
            received.refused.push(problem);
            match problem {
                Problem::Gap(_) => self.ask_again(replica, log)?,
                Problem::Forged | Problem::TooManyBranches => return Err(Fault::Hostile("a chain or a seal")),
                Problem::UnknownSeat | Problem::NotHeld => {
                    self.wanted.remove(&log);
                    self.same = false;
                }
            }
        }
        self.when_done(replica);
        Ok(())
    }

    /// Asks for a log from where we have it, or from its start when it seems to have forked.
    fn ask_again<S: Store>(&mut self, replica: &Replica<S>, log: LogId) -> Result<(), Fault> {
        self.asked_again += 1;
        if self.asked_again > ASK_AGAIN_MOST {
            return Err(Fault::Hostile("gaps without end"));
        }
        let asked_before = self.wanted.contains_key(&log);
        let from = if asked_before { 0 } else { replica.logs().get(&log).map_or(0, crate::replica::LogState::length) };
        self.wanted.entry(log).or_insert(from);
        self.out.push_back(Message::Want(vec![(log, from)]));
        Ok(())
    }

    fn note_peer_has(&mut self, log: LogId, length: u64) {
        let known = self.peer_has.entry(log).or_insert(0);
        *known = (*known).max(length);
    }

    /// Queues what became new here since the last look, but for what the peer has already.
    fn push_fresh<S: Store>(&mut self, replica: &mut Replica<S>) {
        let mut records: BTreeMap<Section, Vec<RecordId>> = BTreeMap::new();
        loop {
            match replica.journal_at(self.cursor) {
                Err(()) => {
                    // Too far behind to go through it all: compare again.
                    self.cursor = replica.journal_end();
                    self.same = false;
                    self.send_digests(replica);
                    break;
                }
                Ok(None) => break,
                Ok(Some(fresh)) => {
                    self.cursor += 1;
                    match fresh {
                        Fresh::Record { section, id } => records.entry(section).or_default().push(id),
                        Fresh::Log { log, from, to } => {
                            if self.peer_has.get(&log).is_none_or(|has| *has < to) {
                                self.server.add(log, from.max(self.peer_has.get(&log).copied().unwrap_or(0)));
                            }
                        }
                    }
                }
            }
        }
        for (section, ids) in records {
            if replica.view().may_hold(&self.peer, &section.compartment) {
                let found: Vec<_> = ids.iter().filter_map(|id| replica.sealed_record(&section, id).cloned()).collect();
                for chunk in found.chunks(SEALED_A_FRAME) {
                    self.out.push_back(Message::Records(section, chunk.to_vec()));
                }
            }
        }
    }
}

fn short(id: &RecordId) -> ShortRecord {
    let mut short = [0; 8];
    short.copy_from_slice(&id.0[..8]);
    short
}
