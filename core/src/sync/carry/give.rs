//! Writing a file to be carried: see [`super`].

use super::frame::{self, FileId};
use super::held::Held;
use super::{Carried, Extent, Scope};
use crate::id::{EntryHash, EpochId, LogId, Section};
use crate::keys::record::RecordId;
use crate::limits;
use crate::log::entry::Entry;
use crate::log::header::Kind;
use crate::replica::records::RecordsError;
use crate::replica::store::Store;
use crate::replica::{Context, LogState, Replica, Share};
use crate::sync::message::{Message, ShortRecord, short};
use crate::sync::serve::{Server, To, show};
use std::collections::{BTreeSet, VecDeque};

/// Entries looked at in one step, from the end of a log, for those that are new enough.
const LOOKED_AT: u64 = 64;

/// What a file holds, once it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CarriedOut {
    /// Entries.
    pub entries: u64,
    /// Sealed records: keys under keys.
    pub records: u64,
    /// Entries of the areas in question that were left out because they are older than the scope asks for.
    pub older: u64,
    /// Bytes.
    pub bytes: u64,
    /// There was more than fits one file.
    pub cut_off: bool,
    /// Logs or parts of them that could not be read here.
    pub lost: u64,
}

/// One file being written. Ask for its bytes by [`CarryOut::next`].
#[derive(Debug)]
pub struct CarryOut {
    scope: Scope,
    held: Option<Held>,
    file: FileId,
    sections: VecDeque<Section>,
    server: Server,
    /// Shown before anything of its section: what is held of it.
    ready: VecDeque<Message>,
    number: u32,
    ended: bool,
    done: CarriedOut,
}

/// What is to be carried of a section.
struct Part {
    ranges: Vec<(LogId, u64)>,
    records: Vec<RecordId>,
    older: u64,
}

impl CarryOut {
    /// Begins a file of all that a scope asks for, or, of that, what another device lacked when it wrote one.
    pub fn start<S: Store>(replica: &Replica<S>, scope: Scope, held: Option<Held>, context: &mut Context<'_>) -> Self {
        let mut file = [0; 16];
        context.random.fill_bytes(&mut file);
        let logs = replica.logs().values().map(|state| state.descriptor.section);
        let all: BTreeSet<Section> = logs.chain(replica.sealed_sections()).collect();
        let mut sections: Vec<Section> = all.into_iter().collect();
        sections.retain(|section| scope.of(section.compartment.area).is_some());
        sections.sort_by_key(|section| replica.order(section));
        Self {
            scope,
            held,
            file,
            sections: sections.into(),
            server: Server::default(),
            ready: VecDeque::new(),
            number: 0,
            ended: false,
            done: CarriedOut::default(),
        }
    }

    /// The next bytes of the file; `None` when it is whole.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn next<S: Store>(&mut self, replica: &Replica<S>) -> Result<Option<Vec<u8>>, RecordsError> {
        if self.ended {
            return Ok(None);
        }
        if self.done.bytes >= limits::CARRY_BYTES {
            self.done.cut_off = true;
            self.ready.clear();
            self.sections.clear();
            self.server = Server::default();
        }
        let message = self.message(replica)?;
        let carried = match message {
            Some(message) => Carried::Message(message.encode()),
            None => {
                self.ended = true;
                Carried::End { frames: self.number, cut_off: self.done.cut_off }
            }
        };
        let bytes = frame::write(&replica.school(), &replica.device_secrets().sign, &self.file, self.number, &carried);
        self.number = self.number.saturating_add(1);
        self.done.bytes += bytes.len() as u64;
        Ok(Some(bytes))
    }

    /// What the file holds so far.
    pub fn done(&self) -> CarriedOut {
        self.done
    }

    fn message<S: Store>(&mut self, replica: &Replica<S>) -> Result<Option<Message>, RecordsError> {
        loop {
            while let Some(message) = self.ready.pop_front() {
                match &message {
                    Message::Batch(parts) => {
                        self.done.entries += parts.iter().map(|part| part.entries.len() as u64).sum::<u64>();
                    }
                    Message::Records(_, records) => self.done.records += records.len() as u64,
                    Message::Hole { .. } => {
                        self.done.lost += 1;
                        continue;
                    }
                    Message::NoRecords(..) => continue,
                    _ => {}
                }
                return Ok(Some(message));
            }
            if !self.server.is_idle() {
                // Each frame is understood without the one before.
                self.server.forget_sent();
                self.ready = self.server.next(replica, To::Anybody)?.into();
                continue;
            }
            let Some(section) = self.sections.pop_front() else { return Ok(None) };
            self.server = Server::default();
            let part = self.part(replica, &section)?;
            self.done.older += part.older;
            let names: Vec<ShortRecord> = part.records.iter().map(short).collect();
            self.ready = show(replica, section, Share::All, names.clone()).into();
            let lacks =
                |name: &ShortRecord| self.held.as_ref().is_none_or(|held| !held.records.contains(&(section, *name)));
            let lacking: Vec<ShortRecord> = names.into_iter().filter(lacks).collect();
            if !lacking.is_empty() {
                self.server.add_records(section, lacking);
            }
            for (log, from) in part.ranges {
                self.server.add(replica, log, from, false);
            }
        }
    }

    /// What of a section goes into the file.
    fn part<S: Store>(&self, replica: &Replica<S>, section: &Section) -> Result<Part, RecordsError> {
        let extent = self.scope.of(section.compartment.area).unwrap_or(Extent::Whole);
        let mut part = Part { ranges: Vec::new(), records: Vec::new(), older: 0 };
        let mut used = BTreeSet::new();
        for (log, state) in replica.logs_shared(Share::All, section) {
            let from = match extent {
                Extent::Whole => 0,
                Extent::Since(_) if state.forked_at.is_some() => 0,
                Extent::Since(since) => {
                    let from = first_since(replica, log, state, since.utc_ms)?.min(replica.held_elsewhere(log));
                    part.older += from;
                    epochs_from(replica, log, from, &mut used)?;
                    from
                }
            };
            let from = from.max(self.lacking_from(replica, log, state)?);
            if from < state.length() || state.forked_at.is_some() {
                part.ranges.push((*log, from));
            }
        }
        let all = replica.records_shared(Share::All, section);
        part.records = match (extent, &self.scope) {
            (Extent::Since(since), _) => {
                let days = replica.epochs_since(section, since.civil_day(), &used);
                all.into_iter().filter(|id| replica.is_record_of(section, id, &days)).collect()
            }
            // Sign-in keys on their way go into a file only when all does.
            (Extent::Whole, Scope::Areas(_)) if *section == Section::AUTHORITY => Vec::new(),
            (Extent::Whole, _) => all,
        };
        Ok(part)
    }

    /// From where on the other device lacks a log, as far as it is known what that holds.
    fn lacking_from<S: Store>(&self, replica: &Replica<S>, log: &LogId, state: &LogState) -> Result<u64, RecordsError> {
        let Some(heads) = self.held.as_ref().and_then(|held| held.logs.get(log)) else { return Ok(0) };
        match heads.as_slice() {
            [head] if state.forked_at.is_none() && replica.has_head(log, head)? => Ok(head.length),
            // Longer than here: what is here lies under it, unless somebody's log has forked, which a network tells.
            [head] if state.forked_at.is_none() && head.length > state.length() => Ok(state.length()),
            _ => Ok(0),
        }
    }
}

/// The first place of the end of a log that was written since a moment, by its own clock. What comes after it counts
/// as written later, whatever its clock says.
fn first_since<S: Store>(
    replica: &Replica<S>,
    log: &LogId,
    state: &LogState,
    since_ms: i64,
) -> Result<u64, RecordsError> {
    let mut from = state.length();
    loop {
        let start = from.saturating_sub(LOOKED_AT);
        let most = usize::try_from(from - start).unwrap_or(0);
        let some = replica.entries(log, start, most)?;
        let newer = |(entry, _): &(Entry, _)| entry.header().at.utc_ms >= since_ms;
        let Some(first) = some.iter().position(newer) else {
            return Ok(from);
        };
        from = start + first as u64;
        if first > 0 || start == 0 {
            return Ok(from);
        }
    }
}

/// The epochs that the entries of a log from a place on are under, or announce.
fn epochs_from<S: Store>(
    replica: &Replica<S>,
    log: &LogId,
    mut from: u64,
    used: &mut BTreeSet<EpochId>,
) -> Result<(), RecordsError> {
    let mut announced: BTreeSet<EntryHash> = BTreeSet::new();
    loop {
        let some = replica.entries(log, from, usize::try_from(LOOKED_AT).unwrap_or(1))?;
        let Some((last, _)) = some.last() else { break };
        from = last.header().sequence + 1;
        for (entry, _) in &some {
            used.insert(entry.header().epoch);
            if entry.header().kind == Kind::EPOCH {
                announced.insert(entry.hash());
            }
        }
    }
    let of_entries = replica.epochs().iter().filter(|(_, info)| announced.contains(&info.entry));
    used.extend(of_entries.map(|(epoch, _)| *epoch));
    Ok(())
}
