//! Writing: an act becomes entries, sealed and durable in one transaction, before anybody hears of them.

use super::cases::DraftedCase;
use super::documents_apply::Contributions;
use super::journal::Fresh;
use super::records::{Change, Circle, RecordsError, Written};
use super::store::{Batch, Store, Table};
use super::verdict::writing_rights;
use super::{Context, LogState, Replica, rows};
use crate::authority::evaluate::Placed;
use crate::authority::statement::Statement;
use crate::authority::view::Ends;
use crate::codec;
use crate::crypto::aead;
use crate::document::body;
use crate::document::fact::{Fact, Origin};
use crate::document::payload::{Payload, handle};
use crate::document::rebuild::Contribution;
use crate::id::{ActId, DocumentId, EntryHash, EpochId, GrantId, LogId, SeatId, SecretId, Section};
use crate::keys::bundle::SeatKeys;
use crate::keys::epoch::{DocumentSecret, EpochInfo, EpochKey};
use crate::keys::record::Record;
use crate::keys::ring::Through;
use crate::limits;
use crate::log::entry::Entry;
use crate::log::frontier::Head;
use crate::log::header::{Descriptor, Header, Kind, SUITE, VERSION};
use crate::log::seal::Seal;
use std::collections::BTreeMap;

/// Entries between two seals of one long act: what one batch on the wire may end at.
const ENTRIES_BETWEEN_SEALS: usize = 64;
/// Bytes of bodies between two seals of one long act, so that what lies between them fits a frame.
const BYTES_BETWEEN_SEALS: usize = 96 * 1024;

/// One entry to be.
#[derive(Debug)]
pub(crate) enum Piece {
    /// A statement about authority, and the grant it stands on.
    Statement(Box<Statement>, GrantId),
    /// Facts for one document.
    Facts(Change),
    /// For whom a case is.
    Case(Circle),
}

/// An act while it is being put together. Nothing of it is in the replica until it is durable.
pub(super) struct Draft {
    pub(super) seat: SeatId,
    header: Header,
    logs: BTreeMap<LogId, (Descriptor, Vec<Entry>)>,
    pub(super) records: Vec<(Section, Record)>,
    secrets: Vec<(Section, EpochId, DocumentSecret)>,
    pub(super) cases: Vec<DraftedCase>,
    pub(super) minted: Vec<(EpochInfo, EpochKey)>,
    statements: Vec<(EntryHash, Placed)>,
    contributions: BTreeMap<Section, Contributions>,
    written: Vec<EntryHash>,
}

impl<S: Store> Replica<S> {
    pub(crate) fn seat_keys(&self, seat: &SeatId) -> Result<SeatKeys, RecordsError> {
        if *seat == self.device.seat.seat {
            return Ok(self.device.seat.clone());
        }
        self.signed_in
            .get(seat)
            .map(|signed_in| signed_in.keys.clone())
            .ok_or_else(|| RecordsError::NotAllowed("nobody is signed in: sign in first".into()))
    }

    pub(crate) fn commit(
        &mut self,
        seat: &SeatKeys,
        pieces: Vec<Piece>,
        context: &mut Context<'_>,
    ) -> Result<Written, RecordsError> {
        if pieces.len() > limits::ENTRIES_PER_ACT {
            return Err(RecordsError::TooMuch {
                what: "the number of entries of one act",
                most: limits::ENTRIES_PER_ACT,
            });
        }
        self.must_not_be_past(&seat.seat)?;
        let mut draft = self.begin(seat.seat, context);
        for piece in pieces {
            match piece {
                Piece::Statement(statement, grant) => self.draft_statement(&mut draft, *statement, grant)?,
                Piece::Facts(change) => self.draft_facts(&mut draft, change, context)?,
                Piece::Case(circle) => drop(self.draft_case(&mut draft, &circle, context)?),
            }
        }
        self.publishable(seat, draft, context)
    }

    fn begin(&self, seat: SeatId, context: &mut Context<'_>) -> Draft {
        let mut act = [0; 16];
        context.random.fill_bytes(&mut act);
        let header = Header {
            version: VERSION,
            suite: SUITE,
            kind: Kind::FACTS,
            log: LogId::ZERO,
            sequence: 0,
            previous: EntryHash::ZERO,
            act: ActId(act),
            at: context.now,
            authority: self.heads,
            grant: GrantId::ZERO,
            epoch: EpochId::ZERO,
            body_length: 0,
            body_hash: [0; 32],
        };
        Draft {
            seat,
            header,
            logs: BTreeMap::new(),
            records: Vec::new(),
            secrets: Vec::new(),
            cases: Vec::new(),
            minted: Vec::new(),
            statements: Vec::new(),
            contributions: BTreeMap::new(),
            written: Vec::new(),
        }
    }

    /// The header of the next entry of this act in a section.
    pub(super) fn next_header(
        &self,
        draft: &mut Draft,
        section: Section,
        kind: Kind,
        grant: GrantId,
    ) -> Result<Header, RecordsError> {
        let descriptor = Descriptor { seat: draft.seat, section };
        let log = descriptor.id(&self.school);
        let (_, drafted) = draft.logs.entry(log).or_insert((descriptor, Vec::new()));
        let tip = match (drafted.last(), self.logs.get(&log)) {
            (Some(entry), _) => Head { length: entry.header().sequence + 1, hash: entry.hash() },
            (None, Some(state)) if state.forked_at.is_some() => {
                return Err(RecordsError::NotAllowed(
                    "this device's records were copied and went on elsewhere: start it afresh before writing".into(),
                ));
            }
            (None, Some(state)) => state.tip(),
            (None, None) => Head { length: 0, hash: EntryHash::ZERO },
        };
        Ok(Header { kind, log, sequence: tip.length, previous: tip.hash, grant, ..draft.header.clone() })
    }

    fn draft_statement(&self, draft: &mut Draft, statement: Statement, grant: GrantId) -> Result<(), RecordsError> {
        let header = self.next_header(draft, Section::AUTHORITY, Kind::STATEMENT, grant)?;
        let (log, sequence, authority) = (header.log, header.sequence, header.authority);
        let act = (header.act, header.at);
        let entry = Entry::new(header, statement.encode());
        let previous = entry.header().previous;
        let placed = Placed { seat: draft.seat, log, sequence, previous, act, grant, authority, statement };
        draft.statements.push((entry.hash(), placed));
        draft.push(entry, true);
        Ok(())
    }

    fn draft_facts(
        &mut self,
        draft: &mut Draft,
        change: Change,
        context: &mut Context<'_>,
    ) -> Result<(), RecordsError> {
        let Change { document, facts } = change;
        let section = document.section;
        let mut rights = writing_rights(self.rule(section.compartment.area)).iter();
        let ends = Ends::NotBy(context.now);
        let grant = rights.find_map(|right| self.view.may(&draft.seat, *right, &section.compartment, ends));
        let grant = grant.ok_or_else(|| {
            RecordsError::NotAllowed("your role does not write these records: ask an administrator".into())
        })?;
        let handle = handle(&self.school, &document);
        let (epoch, key, secret) = if self.is_case(&section) {
            self.draft_case(draft, &Circle::of(document.clone()), context)?
        } else {
            let purpose = self.purpose(&section, context.now);
            let (epoch, key) = self.writing_epoch(draft, &section, purpose, context)?;
            let secret = self.writing_secret(draft, &section, handle, epoch, &key, context)?;
            (epoch, key, secret)
        };
        let header = Header { epoch, ..self.next_header(draft, section, Kind::FACTS, grant)? };
        let payload = Payload { kind: document.kind, key: document.key.clone(), facts };
        let encoded = payload.encode().map_err(|_| too_large())?;
        let body = body::seal(&header, &key, &secret, &encoded, aead::nonce(context.random)).ok_or_else(too_large)?;
        // What is sealed must open to what went in, before it is kept for good.
        let opens = body::open_outer(&header, &key, &body).and_then(|outer| body::open_inner(&header, &outer, &secret));
        if opens.as_ref() != Some(&encoded) {
            return Err(RecordsError::Broken("this device encrypts wrongly: do not use it, and tell support".into()));
        }
        let entry = Entry::new(header, body);
        draft.contribute(document, handle, epoch, &entry, payload.facts);
        draft.push(entry, true);
        Ok(())
    }

    /// The document's secret, made if there is none, and sealed under the epoch written under if it is not yet.
    fn writing_secret(
        &mut self,
        draft: &mut Draft,
        section: &Section,
        handle: crate::id::Handle,
        epoch: EpochId,
        key: &EpochKey,
        context: &mut Context<'_>,
    ) -> Result<DocumentSecret, RecordsError> {
        if self.own_secret(section, &handle, &draft.seat).is_none() {
            self.open_section_secrets(section);
        }
        // Only what is durable is on the ring: what this act brings is in its draft until then.
        let drafted = |(_, _, secret): &&(Section, EpochId, DocumentSecret)| secret.handle == handle;
        let known =
            self.own_secret(section, &handle, &draft.seat).or(draft.secrets.iter().find(drafted).map(|(.., it)| it));
        let secret = known.cloned().unwrap_or_else(|| DocumentSecret::random(handle, context.random));
        let id = secret.id();
        let drafted = draft.secrets.iter().any(|(_, under, known)| *under == epoch && known.id() == id);
        if !drafted && !self.ring.is_under(&epoch, &id) {
            let record = secret.seal(epoch, key, context.random).ok_or_else(too_large)?;
            draft.records.push((*section, record));
            draft.secrets.push((*section, epoch, secret.clone()));
        }
        Ok(secret)
    }

    /// The open secret of a document that a seat writes under: the least that did not come with another's post, and that
    /// is not to be erased: what somebody writes in those seven days stays.
    fn own_secret(&self, section: &Section, handle: &crate::id::Handle, seat: &SeatId) -> Option<&DocumentSecret> {
        let mut open = self.ring.secrets_of(section, handle);
        let serves = |id: &&SecretId| !self.is_anothers_secret(section, id, seat) && !self.is_doomed(section, id);
        open.find(serves).and_then(|id| self.ring.secret(id))
    }

    /// Seals, makes durable, and only then takes the act into the replica.
    fn publishable(
        &mut self,
        seat: &SeatKeys,
        draft: Draft,
        context: &mut Context<'_>,
    ) -> Result<Written, RecordsError> {
        let Draft { header, logs, records, secrets, cases, minted, statements, contributions, written, .. } = draft;
        // An unused secret is harmless; an entry under a secret that is not kept would be lost.
        self.add_own_records(records)?;
        for (section, epoch, secret) in secrets {
            self.ring.put_secret(section, epoch, secret);
        }
        for DraftedCase { section, secret, about, author } in cases {
            self.ring.put_case(section, secret, &about, (author, Through::Themselves));
        }
        let mut batch = Batch::default();
        let named =
            if self.frontiers.is_kept(&header.authority) { None } else { self.frontiers.row(&header.authority) };
        if let Some(row) = &named {
            batch.put(Table::Frontiers, header.authority.0, row.clone());
        }
        let mut grown = Vec::new();
        for (log, (descriptor, entries)) in logs {
            let Some(last) = entries.last() else { continue };
            let head = Head { length: last.header().sequence + 1, hash: last.hash() };
            let mut state = self.logs.get(&log).cloned().unwrap_or_else(|| LogState::empty(descriptor));
            let before = state.length();
            put_sealed(&mut batch, seat, &log, &entries);
            state.heads = vec![head];
            batch.put(Table::Logs, log.0, codec::encode(&state));
            grown.push((log, before, state));
        }
        let mut epochs = Vec::new();
        for (info, key) in minted {
            batch.put(Table::Epochs, info.statement.epoch.0, codec::encode(&info));
            self.ring.put_epoch(info.section, info.statement.epoch, key);
            epochs.push(info);
        }
        let mut applied = Vec::new();
        let done = self
            .apply_own(seat, &grown, contributions, &mut batch, &mut applied, context)
            .and_then(|()| Ok(self.store.commit(batch)?));
        if let Err(error) = done {
            for (section, _, _, handles) in &applied {
                handles.iter().for_each(|handle| self.cache.forget(section, handle));
            }
            // A secret under an epoch that no entry announces would serve here, and open for nobody else.
            self.ring.forget_opened();
            return Err(error);
        }
        epochs.into_iter().for_each(|info| self.note_epoch(info));
        if let Some(row) = named {
            self.frontiers.kept(header.authority, &row);
        }
        for (_, log, length, _) in applied {
            self.watermarks.insert(log, length);
        }
        for (log, before, state) in grown {
            self.take_in(log, before, state);
        }
        if !statements.is_empty() {
            self.statements.extend(statements);
            self.evaluate_authority();
        }
        Ok(Written { act: header.act, entries: written })
    }

    /// Applies an act's entries to the documents where everything before them is, and every document can be read:
    /// else [`Replica::materialise`] does, when it can.
    fn apply_own(
        &mut self,
        seat: &SeatKeys,
        grown: &[(LogId, u64, LogState)],
        contributions: BTreeMap<Section, Contributions>,
        batch: &mut Batch,
        applied: &mut Vec<(Section, LogId, u64, Vec<crate::id::Handle>)>,
        context: &mut Context<'_>,
    ) -> Result<(), RecordsError> {
        for (section, contributions) in contributions {
            let log = Descriptor { seat: seat.seat, section }.id(&self.school);
            let up_to_date =
                grown.iter().find(|(id, ..)| *id == log).filter(|(_, before, _)| self.watermark(&log) == *before);
            let Some((_, _, state)) = up_to_date else { continue };
            let handles: Vec<_> = contributions.keys().copied().collect();
            let mut readable = true;
            for handle in &handles {
                readable &= !self.shelf(&section, handle)?.is_shut();
            }
            if !readable {
                continue;
            }
            applied.push((section, log, state.length(), handles));
            self.apply(&section, contributions, batch, context.random)?;
            batch.put(Table::Watermarks, rows::watermark(&section, &log), state.length().to_le_bytes());
        }
        Ok(())
    }

    /// Takes a log that grew into the replica, after its entries became durable.
    pub(super) fn take_in(&mut self, log: LogId, before: u64, state: LogState) {
        let section = state.descriptor.section;
        self.digests.forget(&section);
        self.journal.push(Fresh::Log { log, from: before, to: state.length() });
        if section != Section::AUTHORITY && self.watermark(&log) < state.undisputed() {
            self.behind.insert(section);
        }
        self.sections.insert(section);
        self.logs.insert(log, state);
    }
}

impl Draft {
    pub(super) fn push(&mut self, entry: Entry, named: bool) {
        if named {
            self.written.push(entry.hash());
        }
        if let Some((_, entries)) = self.logs.get_mut(&entry.header().log) {
            entries.push(entry);
        }
    }

    fn contribute(
        &mut self,
        document: DocumentId,
        handle: crate::id::Handle,
        epoch: EpochId,
        entry: &Entry,
        facts: Vec<Fact>,
    ) {
        let header = entry.header();
        let origin = Origin { seat: self.seat, sequence: header.sequence, at: header.at, act: header.act };
        let section = document.section;
        let of_section = self.contributions.entry(section).or_default();
        let (_, epochs, list) = of_section.entry(handle).or_insert((document, Vec::new(), Vec::new()));
        if epochs.last() != Some(&epoch) {
            epochs.push(epoch);
        }
        list.push(Contribution { entry: entry.hash(), origin, facts });
    }
}

fn put_sealed(batch: &mut Batch, seat: &SeatKeys, log: &LogId, entries: &[Entry]) {
    let (mut since, mut bytes) = (0, 0);
    for (at, entry) in entries.iter().enumerate() {
        since += 1;
        bytes += entry.body().len();
        let next = entries.get(at + 1).map(|next| next.body().len());
        let ends = since >= ENTRIES_BETWEEN_SEALS || next.is_none_or(|next| bytes + next > BYTES_BETWEEN_SEALS);
        let sequence = entry.header().sequence;
        let seal = ends.then(|| Seal::make(&seat.sign, log, sequence + 1, &entry.hash()));
        if ends {
            (since, bytes) = (0, 0);
        }
        batch.put(Table::Entries, rows::entry(log, sequence, &entry.hash()), entry.encode(seal));
    }
}

fn too_large() -> RecordsError {
    RecordsError::TooMuch { what: "the size of one change", most: limits::PAYLOAD_BYTES }
}
