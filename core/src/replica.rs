//! The replica: what one device holds of a school, and the only way to change it.
//!
//! A replica is given a [`store::Store`], the device's secrets and, at each call, the moment and randomness; it
//! reads no clock, file or socket. What is written here is durable before it is published. What comes from
//! elsewhere is verified, made durable and acknowledged, and applied to documents where the keys are at hand.
//!
//! Start at [`Replica::found`] or [`Replica::join`], then [`Replica::open`]; [`act::Writer`] is how records are
//! written and read; [`crate::sync`] is how replicas meet.
//!
//! Not here: who talks to whom (`sync`), what records mean (the embedder).

pub mod act;
mod activate;
mod allowance;
mod bundles;
mod cases;
mod checkpoints;
mod commit;
mod dated;
mod days;
mod device;
mod documents;
mod documents_apply;
mod epochs;
mod erase;
pub(crate) mod frontiers;
mod held;
mod holders;
mod incarnation;
mod ingest;
mod journal;
mod kept;
mod local;
pub(crate) mod logs;
mod lost;
mod materialise;
mod mend;
mod officer;
mod open;
mod opening;
mod posting;
pub mod records;
mod recover;
pub(crate) mod rows;
mod seating;
mod settle;
mod shared;
mod stated;
pub mod store;
mod tally;
mod verdict;
mod verify;
mod vouched;
mod watch;
pub mod workers;

pub use activate::{ActivateError, by_words};
pub use allowance::DailyLimit;
pub use bundles::Passphrase;
pub use dated::Interval;
pub use device::DeviceSecrets;
pub use erase::{Order, Progress};
pub use incarnation::WhyAnew;
pub use ingest::{Ingested, Problem, Segment};
pub use journal::Fresh;
pub use logs::LogState;
pub use lost::{Away, Kept, Outstanding};
pub use officer::{Keep, Quarantined, Touched};
pub(crate) use open::placed;
pub use open::{Founded, OpenError};
pub(crate) use posting::Share;
pub use recover::{RecoverError, Rehearsed};
pub use seating::SignInError;
pub use tally::{KeysHeld, KeysLacking, Tally};
pub use verdict::Verdict;
pub use watch::{Alarm, Lacking};

use crate::authority::evaluate::{Checked, Statements, evaluate_again};
use crate::authority::view::View;
use crate::founding::Founding;
use crate::id::{Area, DeviceId, EpochId, FrontierId, LogId, SchoolId, SeatId, Section};
use crate::keys::epoch::EpochInfo;
use crate::keys::record::Records as SealedRecords;
use crate::keys::ring::Ring;
use crate::keys::rule::{AreaRule, KeyRule};
use crate::log::frontier::AuthorityFrontier;
use crate::time::Moment;
use rand_core::CryptoRng;
use std::collections::{BTreeMap, BTreeSet};

/// What a call is given from outside: the moment and randomness.
pub struct Context<'a> {
    /// What the clock says.
    pub now: Moment,
    /// Fit for keys.
    pub random: &'a mut dyn CryptoRng,
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "context at {:?}", self.now)
    }
}

/// What one device holds of a school. See the module.
#[derive(Debug)]
pub struct Replica<S> {
    store: S,
    founding: Founding,
    school: SchoolId,
    rules: BTreeMap<Area, AreaRule>,
    device: DeviceSecrets,
    signed_in: BTreeMap<SeatId, settle::SignedIn>,
    statements: Statements,
    view: View,
    checked: Checked,
    frontiers: frontiers::Frontiers,
    heads: FrontierId,
    logs: BTreeMap<LogId, LogState>,
    /// How many authority logs each device has.
    authority_logs: BTreeMap<ingest::AuthorOf, usize>,
    sections: BTreeSet<Section>,
    sealed: SealedRecords,
    keepers: bundles::Keeper,
    epochs: BTreeMap<EpochId, EpochInfo>,
    ring: Ring,
    cache: documents::Cache,
    watermarks: BTreeMap<LogId, u64>,
    behind: BTreeSet<Section>,
    /// Those of them that could not be caught up when it was last tried.
    stuck: BTreeSet<Section>,
    /// By which authority heads and open keys what waits in a section was tried last.
    retried: BTreeMap<Section, (FrontierId, u64)>,
    /// Sections whose documents hold what no longer counts.
    rejudge: BTreeSet<Section>,
    keys_owed: bool,
    settled: BTreeMap<EpochId, [u8; 16]>,
    judged: epochs::Judged,
    damaged: BTreeSet<Section>,
    acknowledged: BTreeMap<LogId, BTreeMap<DeviceId, u64>>,
    acknowledged_fresh: BTreeSet<(LogId, DeviceId)>,
    digests: logs::Digests,
    journal: journal::Journal,
    allowances: allowance::Allowances,
    incarnation: incarnation::Incarnation,
    mending: mend::Mending,
    watch: watch::Watch,
    dated: dated::Dated,
    erasing: erase::Erasing,
    workers: &'static dyn workers::Workers,
}

impl<S: store::Store> Replica<S> {
    /// The school.
    pub fn school(&self) -> SchoolId {
        self.school
    }

    /// The founding object.
    pub fn founding(&self) -> &Founding {
        &self.founding
    }

    /// This device.
    pub fn device(&self) -> DeviceId {
        self.device.id()
    }

    /// This device's secrets.
    pub fn device_secrets(&self) -> &DeviceSecrets {
        &self.device
    }

    /// The seat of the device itself.
    pub fn device_seat(&self) -> SeatId {
        self.device.seat.seat
    }

    /// What follows from the authority area.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// The name of the authority heads held now.
    pub fn authority_heads(&self) -> FrontierId {
        self.heads
    }

    /// The statements held, with where each stands.
    pub fn statements(&self) -> &Statements {
        &self.statements
    }

    /// Every log held.
    pub fn logs(&self) -> &BTreeMap<LogId, LogState> {
        &self.logs
    }

    /// The epochs known, of every section.
    pub fn epochs(&self) -> &BTreeMap<EpochId, EpochInfo> {
        &self.epochs
    }

    /// Has documents applied several at a time, where many changed at once.
    pub fn share_work(&mut self, workers: &'static dyn workers::Workers) {
        self.workers = workers;
    }

    /// The store, for whoever must look beneath.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Gives the store back, forgetting all keys.
    pub fn into_store(self) -> S {
        self.store
    }

    /// The seats that are signed in, the device's own not counted.
    pub fn signed_in(&self) -> impl Iterator<Item = &SeatId> {
        self.signed_in.keys()
    }

    /// On how many other devices a log is known to be durable up to and including a place: those that acknowledged
    /// it, and the one that wrote it.
    pub fn copies(&self, log: &LogId, sequence: u64) -> u32 {
        let acknowledged = self.acknowledged.get(log).into_iter().flatten();
        let mut holders: BTreeSet<DeviceId> =
            acknowledged.filter(|(_, length)| **length > sequence).map(|(device, _)| *device).collect();
        let written = self.logs.get(log).and_then(|state| self.view.seats.get(&state.descriptor.seat));
        holders.extend(written.map(|seated| seated.device).filter(|device| *device != self.device()));
        u32::try_from(holders.len()).unwrap_or(u32::MAX)
    }

    /// How many entries written on this device no other device has acknowledged.
    pub fn only_here(&self) -> u64 {
        let own: BTreeSet<SeatId> = self
            .view
            .seats
            .iter()
            .filter(|(_, seated)| seated.device == self.device())
            .map(|(seat, _)| *seat)
            .collect();
        self.logs
            .iter()
            .filter(|(_, state)| own.contains(&state.descriptor.seat))
            .map(|(log, state)| state.length().saturating_sub(self.held_elsewhere(log)))
            .sum()
    }

    /// Notes that a device said it holds a log durably up to a length. Advice for the screen, never for sync.
    pub fn acknowledge(&mut self, device: DeviceId, log: LogId, length: u64) {
        let Some(state) = self.logs.get(&log).filter(|_| device != self.device()) else { return };
        // Nobody can hold more than there is, as far as is known here.
        let length = length.min(state.length());
        let known = self.acknowledged.entry(log).or_default().entry(device).or_insert(0);
        if *known < length {
            *known = length;
            self.acknowledged_fresh.insert((log, device));
        }
    }

    /// Notes that a device holds all that is held here of some sections: their digests agreed.
    pub(crate) fn acknowledge_sections(&mut self, device: DeviceId, sections: &BTreeSet<Section>) {
        let shares: BTreeMap<Section, Share> =
            sections.iter().filter_map(|section| Some((*section, self.share(&device, section)?))).collect();
        let logs = self.logs.iter().filter(|(_, state)| {
            let share = shares.get(&state.descriptor.section);
            share.is_some_and(|share| self.is_shared(*share, &state.descriptor))
        });
        let logs: Vec<(LogId, u64)> = logs.map(|(log, state)| (*log, state.length())).collect();
        logs.into_iter().for_each(|(log, length)| self.acknowledge(device, log, length));
    }

    pub(crate) fn rule(&self, area: Area) -> KeyRule {
        self.rules.get(&area).map_or(KeyRule::Yearly, |rule| rule.keys)
    }

    /// In which order sections are synced: the authority area, then by the embedder's order, then newest first.
    pub(crate) fn order(&self, section: &Section) -> (u16, std::cmp::Reverse<u16>) {
        let order = match self.rules.get(&section.compartment.area) {
            _ if *section == Section::AUTHORITY => 0,
            Some(rule) => u16::from(rule.order) + 1,
            None => u16::MAX,
        };
        (order, std::cmp::Reverse(section.year.0))
    }

    /// Works out again what follows from the authority area, and what that changes.
    pub(crate) fn evaluate_authority(&mut self) {
        let held = held::Held {
            store: &self.store,
            frontiers: &self.frontiers,
            logs: &self.logs,
            statements: &self.statements,
        };
        let view = evaluate_again(&self.founding, &self.statements, &held, &mut self.checked);
        let before = std::mem::replace(&mut self.view, view);
        self.note_what_no_longer_counts(&before);
        let logs = self.logs.iter().filter(|(_, state)| state.descriptor.section == Section::AUTHORITY);
        let frontier = AuthorityFrontier(logs.clone().map(|(id, state)| (*id, state.heads.clone())).collect());
        let let_in: BTreeSet<DeviceId> = self.view.devices().chain(self.view.former_devices()).collect();
        self.authority_logs.clear();
        for (_, state) in logs {
            let by = self.view.seats.get(&state.descriptor.seat).map(|seated| seated.device);
            *self.authority_logs.entry(by.filter(|device| let_in.contains(device))).or_default() += 1;
        }
        // If no entry names the heads as they were, nobody will ask for them.
        self.frontiers.forget_unkept(&self.heads);
        self.heads = frontier.id();
        self.frontiers.insert(self.heads, frontier);
        self.judged.look_again();
        self.note_places();
        self.keys_owed = true;
        self.keepers.owed = true;
        self.let_go_of_deliveries();
        self.evaluate_erasures();
        // What waited for a right may have it now.
        self.behind.extend(self.logs.values().map(|state| state.descriptor.section));
        self.behind.remove(&Section::AUTHORITY);
    }
}
