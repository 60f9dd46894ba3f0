//! Beginning: founding a school, joining one, opening what is there.

use super::bundles::{Kept, Passphrase, no_memory};
use super::commit::Piece;
use super::records::RecordsError;
use super::store::{Batch, Store, StoreError, Table};
use super::{Context, DeviceSecrets, LogState, Replica, documents, frontiers, journal, rows};
use crate::authority::capability::Capability;
use crate::authority::evaluate::{Checked, Placed};
use crate::authority::grant::{Grant, Grantee, RANK_DEVICE};
use crate::authority::statement::Statement;
use crate::authority::view::{Ends, View};
use crate::codec;
use crate::founding::{Founding, PersonKeys};
use crate::id::{DeviceId, EntryHash, EpochId, FrontierId, GrantId, LogId, SeatId, Section};
use crate::keys::bundle::{Bundle, Opened, Own};
use crate::keys::epoch::EpochInfo;
use crate::keys::ring::Ring;
use crate::keys::rule::AreaRule;
use crate::log::header::Kind;
use std::collections::{BTreeMap, BTreeSet};

/// Why a folder's records could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// No school is here.
    #[error("there is no school on this device yet: found one with `muster init`, or join one with `muster join CODE`")]
    Empty,
    /// A school is here already.
    #[error("there is a school on this device already: use another folder")]
    Taken,
    /// Written by a newer program.
    #[error("these records are of format {0}, which this program does not know: use a newer Muster")]
    Newer(u32),
    /// The device's own file is missing or damaged.
    #[error("this device's own keys are missing or damaged: keep the folder as it is and enrol the device again")]
    Device,
    /// The records themselves.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A school just founded: the replica on its first device, and the founding head, signed in.
#[derive(Debug)]
pub struct Founded<S> {
    /// The replica.
    pub replica: Replica<S>,
    /// The founding head's keys and seat on this device.
    pub head: Opened,
}

impl<S: Store> Replica<S> {
    /// Founds a school in an empty store, keeping the head's keys in memory only. `device_capabilities` are what this
    /// first device is granted.
    ///
    /// # Errors
    /// When a school is there already, or the store fails.
    pub fn found(
        store: S,
        founding: &Founding,
        head: PersonKeys,
        device: DeviceSecrets,
        device_capabilities: Vec<Capability>,
        rules: &[AreaRule],
        context: &mut Context<'_>,
    ) -> Result<Founded<S>, OpenError> {
        Self::found_with(store, founding, head, device, device_capabilities, rules, None, context)
    }

    /// As [`Replica::found`], keeping the head's keys here under a passphrase: they are durable before there is
    /// anything of the school, so that no school is ever without its head's keys.
    ///
    /// # Errors
    /// When a school is there already, there is too little memory, or the store fails.
    #[expect(clippy::too_many_arguments, reason = "all that a school begins with")]
    pub fn found_with(
        mut store: S,
        founding: &Founding,
        head: PersonKeys,
        device: DeviceSecrets,
        device_capabilities: Vec<Capability>,
        rules: &[AreaRule],
        passphrase: Option<&Passphrase<'_>>,
        context: &mut Context<'_>,
    ) -> Result<Founded<S>, OpenError> {
        let own = Own::of(head);
        if let Some(passphrase) = passphrase {
            let bundle = Bundle::seal(&own, &founding.school(), 1, passphrase.text, passphrase.cost, context.random);
            let kept = Kept::of(bundle.ok_or_else(no_memory)?);
            let person = own.keys.person;
            let sealed = Kept::seal(&[&kept], &person, &device, context.random)?;
            Self::must_be_empty(&store)?;
            store.put_file(&Kept::file(&person), &sealed)?;
        }
        let mut replica = Self::begin_in(store, founding, device, rules)?;
        let head = replica.take_seat(own, context)?;
        replica.sign_in(&head);
        replica.finish_founding(&head, device_capabilities, context)?;
        Ok(Founded { replica, head })
    }

    /// Whether a founding was cut short before its own device was let in.
    pub fn is_unfinished(&self) -> bool {
        self.view.devices().next().is_none() && !self.keepers.kept.is_empty()
    }

    /// Lets the founding device in, by its head. Where the program ended before that, this is done at the head's
    /// next sign-in.
    ///
    /// # Errors
    /// When the store fails.
    pub fn finish_founding(
        &mut self,
        head: &Opened,
        device_capabilities: Vec<Capability>,
        context: &mut Context<'_>,
    ) -> Result<(), RecordsError> {
        let to = Grantee::Device { device: self.device(), agree: self.device.public_agree() };
        let grant = Grant { to, rank: RANK_DEVICE, capabilities: device_capabilities, until: None };
        let piece = Piece::Statement(Box::new(Statement::Grant(grant)), self.founding.head_grant());
        self.commit(&head.seat, vec![piece], context)?;
        if !self.view.seats.contains_key(&self.device_seat()) {
            self.seat_device(context)?;
        }
        Ok(())
    }

    /// Begins in an empty store on a device that has been let in. What the school holds comes by sync.
    ///
    /// # Errors
    /// When a school is there already, or the store fails.
    pub fn join(
        store: S,
        founding: &Founding,
        device: DeviceSecrets,
        rules: &[AreaRule],
        context: &mut Context<'_>,
    ) -> Result<Self, OpenError> {
        let mut replica = Self::begin_in(store, founding, device, rules)?;
        replica.seat_device(context)?;
        Ok(replica)
    }

    fn must_be_empty(store: &S) -> Result<(), OpenError> {
        match store.get(Table::Meta, rows::META_FOUNDING)? {
            Some(_) => Err(OpenError::Taken),
            None => Ok(()),
        }
    }

    fn begin_in(
        mut store: S,
        founding: &Founding,
        device: DeviceSecrets,
        rules: &[AreaRule],
    ) -> Result<Self, OpenError> {
        Self::must_be_empty(&store)?;
        store.put_file(super::device::DEVICE_FILE, &device.encode())?;
        let mut batch = Batch::default();
        batch.put(Table::Meta, rows::META_FORMAT, rows::FORMAT.to_le_bytes());
        batch.put(Table::Meta, rows::META_FOUNDING, codec::encode(founding));
        store.commit(batch)?;
        Self::open(store, rules)
    }

    /// Opens what a store holds.
    ///
    /// # Errors
    /// When there is no school, the device's file is gone, or something is damaged.
    pub fn open(store: S, rules: &[AreaRule]) -> Result<Self, OpenError> {
        let founding = store.get(Table::Meta, rows::META_FOUNDING)?.ok_or(OpenError::Empty)?;
        let format = store.get(Table::Meta, rows::META_FORMAT)?.unwrap_or_default();
        let format = format.try_into().map(u32::from_le_bytes).unwrap_or(0);
        if format > rows::FORMAT {
            return Err(OpenError::Newer(format));
        }
        let founding = Founding::decode(&founding).map_err(|_| broken("the founding object"))?;
        let device = store.file(super::device::DEVICE_FILE)?.and_then(|bytes| DeviceSecrets::decode(&bytes).ok());
        let device = device.ok_or(OpenError::Device)?;
        let sealed = Self::read_key_files(&store)?.ok_or_else(|| broken("a file of sealed keys"))?;
        let school = founding.school();
        let mut replica = Self {
            store,
            school,
            founding,
            rules: rules.iter().map(|rule| (rule.area, *rule)).collect(),
            ring: Ring::new(school, device.agree.clone()),
            device,
            signed_in: BTreeMap::new(),
            statements: BTreeMap::new(),
            view: View::default(),
            checked: Checked::default(),
            frontiers: frontiers::Frontiers::default(),
            heads: FrontierId::ZERO,
            logs: BTreeMap::new(),
            authority_logs: BTreeMap::new(),
            sections: BTreeSet::new(),
            sealed,
            keepers: super::bundles::Keeper::default(),
            epochs: BTreeMap::new(),
            cache: documents::Cache::default(),
            watermarks: BTreeMap::new(),
            behind: BTreeSet::new(),
            retried: BTreeMap::new(),
            stuck: BTreeSet::new(),
            rejudge: BTreeSet::new(),
            keys_owed: false,
            settled: BTreeMap::new(),
            judged: super::epochs::Judged::default(),
            damaged: BTreeSet::new(),
            acknowledged: BTreeMap::new(),
            acknowledged_fresh: BTreeSet::new(),
            digests: super::logs::Digests::default(),
            journal: journal::Journal::default(),
            allowances: super::allowance::Allowances::default(),
            incarnation: super::incarnation::Incarnation::default(),
            mending: super::mend::Mending::default(),
            watch: super::watch::Watch::default(),
            dated: super::dated::Dated::default(),
            erasing: super::erase::Erasing::default(),
            workers: &super::workers::InTurn,
        };
        replica.load()?;
        Ok(replica)
    }

    fn load(&mut self) -> Result<(), OpenError> {
        for (key, value) in self.store.range(Table::Logs, &[], None, usize::MAX)? {
            let log = LogId::from_slice(&key).ok_or_else(|| broken("a log's name"))?;
            let state: LogState = codec::decode(&value).map_err(|_| broken("a log's state"))?;
            self.sections.insert(state.descriptor.section);
            self.logs.insert(log, state);
        }
        let (frontiers, damaged) =
            frontiers::Frontiers::load(self.store.range(Table::Frontiers, &[], None, usize::MAX)?);
        if damaged > 0 {
            return Err(broken("a list of authority heads"));
        }
        self.frontiers = frontiers;
        for (key, value) in self.store.range(Table::Epochs, &[], None, usize::MAX)? {
            let info: EpochInfo = codec::decode(&value).map_err(|_| broken("an epoch"))?;
            if EpochId::from_slice(&key) != Some(info.statement.epoch) {
                return Err(broken("an epoch's name"));
            }
            self.note_epoch(info);
        }
        for (key, value) in self.store.range(Table::Watermarks, &[], None, usize::MAX)? {
            let log = rows::read_section(&key).and_then(|(_, rest)| LogId::from_slice(rest));
            let at = <[u8; 8]>::try_from(value.as_slice()).map(u64::from_le_bytes);
            if let (Some(log), Ok(at)) = (log, at) {
                self.watermarks.insert(log, at);
            }
        }
        for (key, value) in self.store.range(Table::Acknowledged, &[], None, usize::MAX)? {
            let device = key.get(..32).and_then(DeviceId::from_slice);
            let log = key.get(32..).and_then(LogId::from_slice);
            let length = <[u8; 8]>::try_from(value.as_slice()).map(u64::from_le_bytes);
            if let (Some(device), Some(log), Ok(length)) = (device, log, length) {
                self.acknowledged.entry(log).or_default().insert(device, length);
            }
        }
        self.incarnation = super::incarnation::Incarnation::load(&self.store)?;
        self.mending = super::mend::Mending::load(&self.store)?;
        self.load_statements()?;
        self.evaluate_authority();
        self.load_kept()?;
        self.load_watch()?;
        self.load_dated()?;
        self.load_erasing()?;
        if self.store.get(Table::Meta, rows::META_JUDGED)?.as_deref() == Some(&self.judged_by()) {
            // The documents were judged by all this already.
            self.rejudge.clear();
        }
        // A fork was taken in and the program ended before the documents were made afresh.
        let logs = self.logs.iter();
        let disputed = logs.filter(|(log, state)| state.undisputed() < self.watermark(log));
        self.rejudge.extend(disputed.map(|(_, state)| state.descriptor.section).collect::<BTreeSet<_>>());
        self.behind.extend(&self.rejudge);
        Ok(())
    }

    fn load_statements(&mut self) -> Result<(), OpenError> {
        let logs: Vec<(LogId, LogState)> = self
            .logs
            .iter()
            .filter(|(_, state)| state.descriptor.section == Section::AUTHORITY)
            .map(|(id, state)| (*id, state.clone()))
            .collect();
        for (log, state) in logs {
            for (entry, _) in self.entries(&log, 0, usize::MAX)? {
                self.statements.extend([placed(state.descriptor.seat, &entry)]);
            }
        }
        Ok(())
    }

    /// Tries to read again where the store could not be read since it last refused a write.
    pub fn recover(&mut self) {
        self.store.recover();
    }

    /// Keeps what other devices acknowledged, so that *on n devices* survives a restart.
    ///
    /// # Errors
    /// When the store fails.
    pub fn keep_acknowledgements(&mut self) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        for (log, device) in &self.acknowledged_fresh {
            let length = self.acknowledged.get(log).and_then(|by| by.get(device)).copied().unwrap_or(0);
            batch.put(Table::Acknowledged, rows::acknowledged(device, log), length.to_le_bytes());
        }
        if !batch.is_empty() {
            self.store.commit(batch)?;
            self.acknowledged_fresh.clear();
        }
        self.keep_dated()?;
        self.keep_watch()
    }

    pub(super) fn seat_device(&mut self, context: &mut Context<'_>) -> Result<(), RecordsError> {
        let certificate = self.device.certificate(self.school);
        let seat = self.device.seat.clone();
        self.commit(&seat, vec![Piece::Statement(Box::new(Statement::Seat(certificate)), GrantId::ZERO)], context)?;
        Ok(())
    }

    /// Writes a grant as a seat that is signed in.
    ///
    /// # Errors
    /// When that seat may not give it, or the store fails.
    pub fn grant(
        &mut self,
        by: &crate::id::SeatId,
        grant: Grant,
        context: &mut Context<'_>,
    ) -> Result<GrantId, RecordsError> {
        let keys = self.seat_keys(by)?;
        let candidates: Vec<GrantId> =
            self.view.grants_of_seat(by, Ends::NotBy(context.now)).map(|(id, _)| *id).collect();
        let stands_on = candidates.into_iter().find(|id| self.may_give(id, &grant)).ok_or_else(|| {
            RecordsError::NotAllowed("your role may not give these rights: ask the head or an administrator".into())
        })?;
        let written =
            self.commit(&keys, vec![Piece::Statement(Box::new(Statement::Grant(grant)), stands_on)], context)?;
        self.settle_keys(context)?;
        written
            .entries
            .first()
            .map(|entry| GrantId(entry.0))
            .ok_or_else(|| RecordsError::Broken("nothing was written".into()))
    }

    fn may_give(&self, stands_on: &GrantId, grant: &Grant) -> bool {
        self.view.grants.get(stands_on).is_some_and(|author| crate::authority::evaluate::allows(author, grant))
    }
}

/// An authority entry's statement, where it stands. One in no form known here says nothing, and has its place in the
/// chain.
pub(crate) fn placed(seat: SeatId, entry: &crate::log::entry::Entry) -> (EntryHash, Placed) {
    let header = entry.header();
    let known = (header.kind == Kind::STATEMENT).then(|| Statement::decode(entry.body()).ok()).flatten();
    let placed = Placed {
        seat,
        log: header.log,
        sequence: header.sequence,
        previous: header.previous,
        act: (header.act, header.at),
        grant: header.grant,
        authority: header.authority,
        statement: known.unwrap_or_else(|| Statement::Unknown(u16::from(header.kind.0), Vec::new())),
    };
    (entry.hash(), placed)
}

fn broken(what: &str) -> OpenError {
    OpenError::Records(RecordsError::Broken(format!(
        "{what} on this device is damaged: keep the folder as it is, and enrol the device again; other devices hold what they received"
    )))
}
