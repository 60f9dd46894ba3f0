//! One side of one session between two enrolled devices.
//!
//! Frames go in by [`Conversation::receive`], come out by [`Conversation::next`]; the caller carries them, in
//! order. Both sides begin at once with a hello and one digest over all that both may hold. If it differs: a digest
//! for each section, then what is held of those that differ, then what is missing, the authority area before all
//! else, sealed records before entries. After that, what becomes new is pushed as it comes.
//!
//! Why it ends: a section is shown at most once for each list of digests sent, and once more for each that comes
//! after the first; a list is sent only when it differs
//! from the one before; and what is held only grows. A difference that cannot be mended (a log that one side may
//! not take) is shown once and then left alone.
//!
//! Nothing a peer sends is believed before the replica has verified it, and no frame of a peer can make a
//! replica stop: at worst the session ends with a [`Fault`].

use super::message::{HoleReason, Message, ShortRecord, VERSION, short};
use super::serve::{DESCRIPTOR_BYTES, HEAD_BYTES, Server, To, chunked, show, whole};
use crate::id::{DeviceId, EntryHash, FrontierId, LogId, SchoolId, SeatId, Section};
use crate::limits;
use crate::log::frontier::Head;
use crate::log::header::{Descriptor, Header};
use crate::replica::frontiers::Frontiers;
use crate::replica::records::RecordsError;
use crate::replica::store::Store;
use crate::replica::{Context, Problem, Replica, Share};
use crate::time::Moment;
use std::collections::{BTreeMap, BTreeSet};

mod outbox;
mod push;
mod take;

use outbox::Outbox;

/// What may wait to be asked for, a log for sixteen sealed records: all logs, and the records of some rolls.
const DEFERRED_MOST: usize = 2 * 16 * limits::LOGS;
/// Sealed records asked for and not come yet.
const WANTED_RECORDS_MOST: usize = 4 * limits::RECORDS_PER_SECTION;

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
    /// Why segments or sealed records were not taken, and of how many entries or records.
    pub refused: Vec<(Problem, usize)>,
    /// The devices that wrote what is new.
    pub devices: BTreeSet<DeviceId>,
}

/// A list of authority heads as far as it has come: its name, what it is a change of, and the heads.
type Offer = (FrontierId, Option<FrontierId>, Vec<(LogId, Vec<Head>)>);

/// What a peer shows of a section, as far as it has come.
type Shown = (Vec<(Descriptor, Vec<Head>)>, Vec<ShortRecord>);

/// One side of a session. See the module.
#[derive(Debug)]
pub struct Conversation {
    peer: DeviceId,
    out: Outbox,
    server: Server,
    /// Where in the journal this session is.
    cursor: u64,
    /// What the peer has, as far as this session has seen.
    peer_has: BTreeMap<LogId, u64>,
    peer_records: BTreeSet<ShortRecord>,
    /// What the peer's numbers stand for, and the last entry of each log that came: `None` while a log that was
    /// asked for afresh has not begun again.
    peer_logs: BTreeMap<u32, Descriptor>,
    came: BTreeMap<LogId, Option<(EntryHash, Header)>>,
    asked: BTreeMap<LogId, u8>,
    wanted: BTreeMap<LogId, Vec<Head>>,
    wanted_records: BTreeSet<(Section, ShortRecord)>,
    /// Sealed records that there was no room for, of sections that nothing else is known of yet.
    left: BTreeSet<(Section, ShortRecord)>,
    /// What devices say they hold whose seats nobody here has heard of yet: a new seat's word goes before its log.
    early: BTreeMap<(Section, ShortRecord), SeatId>,
    authority_wanted: BTreeSet<LogId>,
    /// The peer's latest digests, and whether they are still to be compared with ours.
    theirs: BTreeMap<Section, [u8; 32]>,
    theirs_come: BTreeMap<Section, [u8; 32]>,
    to_compare: bool,
    /// The sections that the peer showed since its latest digests, and we since ours.
    heard: BTreeSet<Section>,
    shown: BTreeSet<Section>,
    frontier: BTreeMap<Section, Shown>,
    /// Shown to us before we knew whether we may hold it.
    deferred: BTreeMap<Section, Shown>,
    deferred_items: usize,
    /// What we last said of all that we hold.
    told: [u8; 32],
    told_sections: BTreeSet<Section>,
    told_heads: FrontierId,
    told_damaged: u64,
    /// Whether what we hold is to be said again once nothing more is being fetched.
    round_open: bool,
    offered: Frontiers,
    offered_heads: usize,
    offer: Option<Offer>,
    clock: Option<(Moment, Moment)>,
    same: bool,
}

impl Conversation {
    /// Begins, with the hello ready to be sent.
    pub fn start<S: Store>(replica: &mut Replica<S>, peer: DeviceId, now: Moment) -> Self {
        let root = replica.root_digest(&peer);
        let hello = Message::Hello {
            version: VERSION,
            school: replica.school(),
            root,
            authority: replica.authority_heads(),
            now,
        };
        let mut first = Outbox::default();
        first.push_back(hello);
        Self {
            peer,
            out: first,
            server: Server::default(),
            cursor: replica.journal_end(),
            peer_has: BTreeMap::new(),
            peer_records: BTreeSet::new(),
            peer_logs: BTreeMap::new(),
            came: BTreeMap::new(),
            asked: BTreeMap::new(),
            wanted: BTreeMap::new(),
            wanted_records: BTreeSet::new(),
            left: BTreeSet::new(),
            early: BTreeMap::new(),
            authority_wanted: BTreeSet::new(),
            theirs: BTreeMap::new(),
            theirs_come: BTreeMap::new(),
            to_compare: false,
            heard: BTreeSet::new(),
            shown: BTreeSet::new(),
            frontier: BTreeMap::new(),
            deferred: BTreeMap::new(),
            deferred_items: 0,
            told: root,
            told_sections: replica.sections_for(&peer),
            told_heads: replica.authority_heads(),
            told_damaged: replica.damage_changes(),
            round_open: false,
            offered: Frontiers::default(),
            offered_heads: 0,
            offer: None,
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
        self.same && !self.is_fetching()
    }

    /// How many logs are still being fetched from the peer.
    pub fn fetching(&self) -> usize {
        self.wanted.len()
    }

    /// How many entries are still to come of the logs that are being fetched, as far as the peer has shown them.
    pub fn to_come<S: Store>(&self, replica: &Replica<S>) -> u64 {
        let of_log = |(log, heads): (&LogId, &Vec<Head>)| {
            let theirs = heads.iter().map(|head| head.length).max().unwrap_or(0);
            theirs.saturating_sub(replica.logs().get(log).map_or(0, crate::replica::LogState::length))
        };
        self.wanted.iter().map(of_log).fold(0, u64::saturating_add)
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
        replica.it_is(context.now);
        let was_same = self.is_same();
        let mut received = Received::default();
        match message {
            Message::Hello { .. } if self.clock.is_some() => return Err(Fault::Hostile("it begins twice")),
            Message::Hello { version, school, root, authority, now } => {
                self.hello(replica, version, school, root, authority)?;
                self.clock = Some((now, context.now));
            }
            Message::Digests { digests, more } => self.digests(replica, digests, more)?,
            Message::Frontier { section, logs, records, more } => {
                self.frontier(replica, section, logs, records, more)?;
            }
            Message::Want(ranges) => {
                ranges.into_iter().for_each(|(log, from)| self.server.add(replica, log, from, true));
            }
            Message::WantRecords(section, ids) => {
                if !self.server.add_records(section, ids) {
                    return Err(Fault::Hostile("it asks for more than there is"));
                }
            }
            Message::WantAuthority(id) => self.out.ask(id),
            Message::Records(section, records) => self.take_records(replica, section, records, &mut received)?,
            Message::NoRecords(section, ids) => {
                for id in ids {
                    self.wanted_records.remove(&(section, id));
                }
            }
            Message::Authority { id, base, changed, more } => {
                self.take_authority(replica, id, base, changed, more)?;
            }
            Message::Batch(parts) => self.take_batch(replica, parts, &mut received)?,
            Message::Ack(lengths) => {
                for (number, length) in lengths {
                    if let Some(log) = self.server.log(number) {
                        replica.acknowledge(self.peer, log, length);
                        self.note_peer_has(log, length);
                    }
                }
            }
            Message::Same(root) => self.same_as(replica, root),
            Message::Hole { log, reason, .. } => {
                self.wanted.remove(&log);
                self.same &= reason != HoleReason::Lost;
            }
        }
        if self.out.is_too_much() || self.wanted.len() > limits::LOGS || self.wanted_records.len() > WANTED_RECORDS_MOST
        {
            return Err(Fault::Hostile("it asks without listening"));
        }
        self.resume(replica)?;
        self.compare(replica);
        match (was_same, self.is_same()) {
            (false, true) => replica.agreed_with(&self.peer),
            (true, true) => replica.asked_of(&self.peer),
            _ => {}
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
        while self.out.is_empty()
            && let Some(list) = self.out.next_list()
        {
            self.out.extend(whole(replica, &list));
        }
        if self.out.is_empty() {
            self.out.extend(self.server.next(replica, To::Device(&self.peer))?);
            self.server.take_damaged().into_iter().for_each(|log| replica.suspect(log));
        }
        if self.out.is_empty() {
            self.close_round(replica);
        }
        Ok(self.out.pop_front().map(|message| message.encode()))
    }

    /// Nobody hears the answers: what came is from a file.
    pub(super) fn forget_answers(&mut self) {
        self.out = Outbox::default();
        self.wanted.clear();
        self.asked.clear();
    }

    fn is_fetching(&self) -> bool {
        !self.wanted.is_empty() || !self.wanted_records.is_empty()
    }

    fn hello<S: Store>(
        &mut self,
        replica: &mut Replica<S>,
        version: u16,
        school: SchoolId,
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
        if self.same {
            replica.acknowledge_sections(self.peer, &replica.sections_for(&self.peer));
        } else {
            self.send_digests(replica);
        }
        Ok(())
    }

    fn send_digests<S: Store>(&mut self, replica: &mut Replica<S>) {
        self.told_sections = replica.sections_for(&self.peer);
        self.told = replica.root_digest(&self.peer);
        self.told_heads = replica.authority_heads();
        self.shown.clear();
        let digests: Vec<_> =
            self.told_sections.iter().map(|section| (*section, replica.digest(&self.peer, section))).collect();
        let chunks = chunked(digests, |_| DESCRIPTOR_BYTES);
        let last = chunks.len().saturating_sub(1);
        let frame = |(at, digests)| Message::Digests { digests, more: at < last };
        self.out.extend(chunks.into_iter().enumerate().map(frame));
    }

    fn digests<S: Store>(
        &mut self,
        replica: &mut Replica<S>,
        digests: Vec<(Section, [u8; 32])>,
        more: bool,
    ) -> Result<(), Fault> {
        self.theirs_come.extend(digests);
        if self.theirs_come.len() > limits::SECTIONS * 2 {
            return Err(Fault::Hostile("more sections than a school has"));
        }
        if !more {
            if !self.theirs.is_empty() {
                // Something is otherwise there than it was: what was shown before is looked at again.
                self.shown.clear();
            }
            self.theirs = std::mem::take(&mut self.theirs_come);
            self.heard.clear();
            self.to_compare = true;
            self.compare(replica);
        }
        Ok(())
    }

    /// Compares the peer's digests with ours, once nothing is being fetched, and shows what we hold of the
    /// sections that differ: of the authority area alone until what the peer has of it is here.
    fn compare<S: Store>(&mut self, replica: &mut Replica<S>) {
        if !self.to_compare || self.is_fetching() {
            return;
        }
        let ours = replica.sections_for(&self.peer);
        let (mut equal, mut differing) = (BTreeSet::new(), Vec::new());
        for section in ours.iter().chain(self.theirs.keys().filter(|section| !ours.contains(section))) {
            if self.theirs.get(section) == Some(&replica.digest(&self.peer, section)) {
                equal.insert(*section);
            } else {
                differing.push(*section);
            }
        }
        replica.acknowledge_sections(self.peer, &equal);
        if differing.is_empty() {
            self.to_compare = false;
            self.same = true;
            self.told = replica.root_digest(&self.peer);
            self.out.push_back(Message::Same(self.told));
            return;
        }
        self.same = false;
        if self.told != replica.root_digest(&self.peer) {
            self.send_digests(replica);
        }
        if differing.contains(&Section::AUTHORITY) && !self.heard.contains(&Section::AUTHORITY) {
            self.show(replica, Section::AUTHORITY);
            return;
        }
        self.to_compare = false;
        differing.sort_by_key(|section| replica.order(section));
        for section in differing {
            // What the peer shows and we may not hold is not ours to answer for.
            // The authority area was shown when it was heard.
            if section != Section::AUTHORITY {
                self.show(replica, section);
            }
        }
    }

    /// Shows what we hold of a section, once for each list of digests.
    fn show<S: Store>(&mut self, replica: &Replica<S>, section: Section) {
        let whole = replica.view().may_hold(&self.peer, &section.compartment).then_some(Share::All);
        let Some(share) = whole.or_else(|| replica.share(&self.peer, &section)) else { return };
        if !self.shown.insert(section) {
            return;
        }
        let records = replica.records_shared(share, &section).iter().map(short).collect();
        self.out.extend(show(replica, section, share, records));
    }

    fn frontier<S: Store>(
        &mut self,
        replica: &mut Replica<S>,
        section: Section,
        logs: Vec<(Descriptor, Vec<Head>)>,
        records: Vec<ShortRecord>,
        more: bool,
    ) -> Result<(), Fault> {
        let sections = self.frontier.len();
        let (all, ids) = self.frontier.entry(section).or_default();
        // A peer shows one section after another, so only one is unfinished.
        if sections > 1
            || all.len() + logs.len() > limits::LOGS
            || ids.len() + records.len() > limits::RECORDS_PER_SECTION
        {
            return Err(Fault::Hostile("a list beyond every limit"));
        }
        all.extend(logs);
        ids.extend(records);
        if more {
            return Ok(());
        }
        let Some((logs, records)) = self.frontier.remove(&section) else { return Ok(()) };
        self.heard.insert(section);
        self.round_open = true;
        self.show(replica, section);
        if section == Section::AUTHORITY {
            return self.ask(replica, section, logs, records);
        }
        // The authority area, which may be on its way, says what we may hold.
        self.deferred_items += weight(&logs, &records);
        if self.deferred_items > DEFERRED_MOST || self.deferred.len() > limits::SECTIONS * 2 {
            return Err(Fault::Hostile("a list beyond every limit"));
        }
        if let Some((logs, records)) = self.deferred.insert(section, (logs, records)) {
            self.deferred_items = self.deferred_items.saturating_sub(weight(&logs, &records));
        }
        self.resume(replica)
    }

    /// Asks for what was shown of sections that we may hold, unless the authority area is being fetched.
    fn resume<S: Store>(&mut self, replica: &mut Replica<S>) -> Result<(), Fault> {
        self.authority_wanted.retain(|log| self.wanted.contains_key(log));
        if self.deferred.is_empty() || !self.authority_wanted.is_empty() {
            return Ok(());
        }
        let device = replica.device();
        let mut ready: Vec<Section> = self.deferred.keys().copied().collect();
        ready.retain(|section| {
            let view = replica.view();
            view.may_hold(&device, &section.compartment) || view.may_post(&device, &section.compartment)
        });
        ready.sort_by_key(|section| replica.order(section));
        for section in ready {
            if let Some((logs, records)) = self.deferred.remove(&section) {
                self.deferred_items = self.deferred_items.saturating_sub(weight(&logs, &records));
                self.ask(replica, section, logs, records)?;
            }
        }
        Ok(())
    }

    /// Asks for what the peer showed of a section and we lack.
    fn ask<S: Store>(
        &mut self,
        replica: &mut Replica<S>,
        section: Section,
        logs: Vec<(Descriptor, Vec<Head>)>,
        records: Vec<ShortRecord>,
    ) -> Result<(), Fault> {
        replica.look_at_shown(&self.peer, &section, &logs, self.clock.map(|(theirs, _)| theirs));
        let known: BTreeSet<ShortRecord> = replica.records_shared(Share::All, &section).iter().map(short).collect();
        let lacking: Vec<ShortRecord> = records.into_iter().filter(|id| !known.contains(id)).collect();
        self.wanted_records.extend(lacking.iter().map(|id| (section, *id)));
        let chunks = chunked(lacking, |_| size_of::<ShortRecord>()).into_iter().filter(|chunk| !chunk.is_empty());
        self.out.extend(chunks.map(|chunk| Message::WantRecords(section, chunk)));
        let mut ranges = Vec::new();
        for (descriptor, heads) in logs {
            if descriptor.section != section || heads.len() > limits::BRANCHES_PER_LOG + limits::BRANCHES_NAMED {
                return Err(Fault::Hostile("a log that is none of this section"));
            }
            let log = descriptor.id(&replica.school());
            let longest = heads.iter().map(|head| head.length).max().unwrap_or(0);
            self.note_peer_has(log, longest);
            for head in &heads {
                if replica.has_head(&log, head)? {
                    replica.acknowledge(self.peer, log, head.length);
                }
            }
            if let Some(from) = replica.lacks(&log, &heads)? {
                self.wanted.insert(log, heads);
                if section == Section::AUTHORITY {
                    self.authority_wanted.insert(log);
                }
                self.came.insert(log, None);
                ranges.push((log, from));
            }
        }
        let chunks = chunked(ranges, |_| HEAD_BYTES).into_iter().filter(|chunk| !chunk.is_empty());
        self.out.extend(chunks.map(Message::Want));
        Ok(())
    }

    /// When nothing more is being fetched or served: says what is held now, if that changed.
    fn close_round<S: Store>(&mut self, replica: &mut Replica<S>) {
        if self.is_fetching() || !self.server.is_idle() {
            return;
        }
        let root = replica.root_digest(&self.peer);
        if std::mem::take(&mut self.round_open) {
            if root == self.told {
                self.out.push_back(Message::Same(root));
            } else {
                self.send_digests(replica);
            }
        } else if std::mem::replace(&mut self.told_damaged, replica.damage_changes()) != replica.damage_changes() {
            // What was found to be damaged is held no more, and may be had from the peer; what is back may be had here, by
            // a peer that was told that it is lost.
            self.send_digests(replica);
        } else if self.told_heads != replica.authority_heads() {
            // A new grant may let the two share more than before.
            self.told_heads = replica.authority_heads();
            if !replica.sections_for(&self.peer).is_subset(&self.told_sections) {
                self.send_digests(replica);
            }
        }
    }

    fn same_as<S: Store>(&mut self, replica: &mut Replica<S>, root: [u8; 32]) {
        let ours = replica.root_digest(&self.peer);
        if root == ours {
            self.same = true;
            replica.acknowledge_sections(self.peer, &replica.sections_for(&self.peer));
        } else if self.told != ours {
            // It has not heard yet of what became new here.
            self.round_open = true;
        } else {
            self.same = false;
        }
    }

    fn note_peer_has(&mut self, log: LogId, length: u64) {
        if self.peer_has.len() >= limits::LOGS && !self.peer_has.contains_key(&log) {
            return;
        }
        let known = self.peer_has.entry(log).or_insert(0);
        *known = (*known).max(length);
    }
}

/// How much of what a peer shows of a section waits: a log is some sixteen times a record's name.
fn weight(logs: &[(Descriptor, Vec<Head>)], records: &[ShortRecord]) -> usize {
    logs.len() * 16 + records.len()
}
