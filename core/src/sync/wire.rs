//! Entries on the wire: without what the receiver can work out.
//!
//! Left out are the log, the place, the previous hash, length and hash of the body, and whatever is as in the
//! entry before. The receiver puts the canonical header together again; hashes and seals are over that.

use crate::id::{ActId, EntryHash, EpochId, FrontierId, GrantId, LogId};
use crate::log::entry::Entry;
use crate::log::header::{Descriptor, Header, Kind};
use crate::log::seal::Seal;
use crate::replica::Segment;
use crate::time::Moment;
use serde::{Deserialize, Serialize};

/// A run of entries of one log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WirePart {
    /// The sender's number for the log in this session.
    pub log: u32,
    /// What the number stands for, the first time.
    pub descriptor: Option<Descriptor>,
    /// Place of the first entry.
    pub from: u64,
    /// The entry before the first; `None` when that is the last entry of this log that the sender sent in this
    /// session, or there is none before it.
    pub previous: Option<EntryHash>,
    /// The entries.
    pub entries: Vec<WireEntry>,
    /// Over the last.
    pub seal: Seal,
}

/// One entry; `None` stands for "as in the entry before", in this log or, for act and moment, in this frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireEntry {
    version: Option<(u8, u8)>,
    kind: Kind,
    act: Option<ActId>,
    at: Option<Moment>,
    authority: Option<FrontierId>,
    grant: Option<GrantId>,
    epoch: Option<EpochId>,
    #[serde(with = "serde_bytes")]
    body: Vec<u8>,
}

/// What the first entry of a log is compared with.
fn nothing_before(log: LogId) -> Header {
    Header {
        version: crate::log::header::VERSION,
        suite: crate::log::header::SUITE,
        kind: Kind::FACTS,
        log,
        sequence: 0,
        previous: EntryHash::ZERO,
        act: ActId::ZERO,
        at: Moment::utc(0),
        authority: FrontierId::ZERO,
        grant: GrantId::ZERO,
        epoch: EpochId::ZERO,
        body_length: 0,
        body_hash: [0; 32],
    }
}

/// Act and moment of the last entry of a frame so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FrameState(Option<(ActId, Moment)>);

impl FrameState {
    /// Goes over a part that cannot be put together, for those after it.
    pub(super) fn pass(&mut self, part: &WirePart) -> Option<()> {
        for wire in &part.entries {
            let act = wire.act.or(self.0.map(|(act, _)| act))?;
            let at = wire.at.or(self.0.map(|(_, at)| at))?;
            self.0 = Some((act, at));
        }
        Some(())
    }
}

/// Packs a segment; `named` says whether it names the entry before it. `before` is the header of the entry before the first; `None` for a log's first entry.
pub(super) fn pack(
    log: u32,
    descriptor: Option<Descriptor>,
    named: bool,
    before: Option<&Header>,
    segment: &Segment,
    frame: &mut FrameState,
) -> WirePart {
    let mut entries = Vec::with_capacity(segment.entries.len());
    let first = segment.entries.first().map(Entry::header);
    let id = first.map_or(LogId::ZERO, |header| header.log);
    let mut last = before.cloned().unwrap_or_else(|| nothing_before(id));
    for entry in &segment.entries {
        let header = entry.header();
        let (act, at) = frame.0.map_or((None, None), |(act, at)| (Some(act), Some(at)));
        entries.push(WireEntry {
            version: ((header.version, header.suite) != (last.version, last.suite))
                .then_some((header.version, header.suite)),
            kind: header.kind,
            act: (act != Some(header.act)).then_some(header.act),
            at: (at != Some(header.at)).then_some(header.at),
            authority: (header.authority != last.authority).then_some(header.authority),
            grant: (header.grant != last.grant).then_some(header.grant),
            epoch: (header.epoch != last.epoch).then_some(header.epoch),
            body: entry.body().to_vec(),
        });
        frame.0 = Some((header.act, header.at));
        last = header.clone();
    }
    WirePart {
        log,
        descriptor,
        from: first.map_or(0, |header| header.sequence),
        previous: first.filter(|_| named).map(|header| header.previous),
        entries,
        seal: segment.seal,
    }
}

/// Puts the entries of a part together again. `before` is the entry before the first, by name and header;
/// `None` for a log's first entry. `None` comes back when a frame's first entry leaves out act or moment.
pub(super) fn unpack(
    part: WirePart,
    descriptor: Descriptor,
    log: LogId,
    before: Option<(EntryHash, &Header)>,
    frame: &mut FrameState,
) -> Option<Segment> {
    let mut last = before.map_or_else(|| nothing_before(log), |(_, header)| header.clone());
    let mut previous = before.map_or(EntryHash::ZERO, |(hash, _)| hash);
    let mut entries = Vec::with_capacity(part.entries.len());
    for (sequence, wire) in (part.from..).zip(part.entries) {
        let (version, suite) = wire.version.unwrap_or((last.version, last.suite));
        let act = wire.act.or(frame.0.map(|(act, _)| act))?;
        let at = wire.at.or(frame.0.map(|(_, at)| at))?;
        frame.0 = Some((act, at));
        let header = Header {
            version,
            suite,
            kind: wire.kind,
            log,
            sequence,
            previous,
            act,
            at,
            authority: wire.authority.unwrap_or(last.authority),
            grant: wire.grant.unwrap_or(last.grant),
            epoch: wire.epoch.unwrap_or(last.epoch),
            body_length: 0,
            body_hash: [0; 32],
        };
        let entry = Entry::new(header, wire.body);
        previous = entry.hash();
        last = entry.header().clone();
        entries.push(entry);
    }
    Some(Segment { descriptor, entries, seal: part.seal })
}
