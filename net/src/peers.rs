//! What the node knows while it runs: who is enrolled, which sessions live, which dials are under way; and the rules
//! by which a connection becomes a session.
//!
//! Promises: at most one sync session a device, and both ends keep the same one. Every check and the change that
//! follows from it happen under one lock.
//!
//! Not here: who *should* be enrolled. The engine hands in the list.

mod dials;
mod sessions;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use iroh::Endpoint;
use muster_core::id::DeviceId;
use tokio::{
    runtime::Handle,
    sync::{Semaphore, mpsc, watch},
    time::Instant,
};

use self::dials::Kept;
pub(crate) use self::dials::{Attempt, Next, Overtaken};
use crate::{
    defaults::{BACKOFF_MAX, DIAL_TIMEOUT, HURRY_AFRESH, HURRY_DIAL, HURRY_PAUSE},
    discovery::Book,
    endpoint,
    error::DialError,
    event::{Event, Kind, SessionId},
    joining::Turnstile,
    limits::{DIALS, DIALS_ASKED},
    reason::CloseReason,
    session::Control,
};

/// Shared by the node's methods and its tasks.
#[derive(Debug)]
pub(crate) struct Peers {
    pub(crate) me: DeviceId,
    pub(crate) endpoint: Endpoint,
    pub(crate) book: Arc<Book>,
    pub(crate) dials: Semaphore,
    pub(crate) dials_asked: Semaphore,
    pub(crate) runtime: Handle,
    events: mpsc::Sender<Event>,
    auto_dial: bool,
    hurry: AtomicBool,
    state: Mutex<State>,
    /// Counts changes of sessions and dials, for those who wait for one.
    changed: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct State {
    enrolled: BTreeSet<DeviceId>,
    turnstile: Turnstile,
    suspended: bool,
    stopped: bool,
    sessions: BTreeMap<SessionId, Live>,
    sync: BTreeMap<DeviceId, SessionId>,
    dialling: BTreeMap<(DeviceId, Kind), Arc<Attempt>>,
    kept: BTreeMap<DeviceId, Kept>,
    last_id: u64,
}

#[derive(Debug)]
struct Live {
    peer: DeviceId,
    kind: Kind,
    dialled: bool,
    since: Instant,
    queue: Option<mpsc::Sender<Vec<u8>>>,
    control: Arc<Control>,
}

impl Peers {
    pub(crate) fn new(
        endpoint: Endpoint,
        book: Arc<Book>,
        events: mpsc::Sender<Event>,
        runtime: Handle,
        auto_dial: bool,
    ) -> Self {
        Self {
            me: DeviceId(*endpoint.id().as_bytes()),
            endpoint,
            book,
            dials: Semaphore::new(DIALS),
            dials_asked: Semaphore::new(DIALS_ASKED),
            runtime,
            events,
            auto_dial,
            hurry: AtomicBool::new(false),
            state: Mutex::default(),
            changed: watch::Sender::new(0),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note_change(&self) {
        self.changed.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Counts up whenever a session or a dial begins or ends.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Hands an event to the engine; waits while it is busy.
    pub(crate) async fn emit(&self, event: Event) {
        // An error means that the node is being stopped, and nobody listens any more.
        let _ = self.events.send(event).await;
    }

    // Lists and switches.

    pub(crate) fn is_enrolled(&self, peer: DeviceId) -> bool {
        self.state().enrolled.contains(&peer)
    }

    pub(crate) fn is_suspended(&self) -> bool {
        self.state().suspended
    }

    pub(crate) fn set_enrolled(self: &Arc<Self>, enrolled: BTreeSet<DeviceId>) {
        let mut state = self.state();
        let added: Vec<DeviceId> = enrolled.difference(&state.enrolled).copied().collect();
        state.enrolled = enrolled;
        let removed: Vec<(DeviceId, SessionId)> = state
            .sync
            .iter()
            .filter(|(peer, _)| !state.enrolled.contains(peer))
            .map(|(peer, id)| (*peer, *id))
            .collect();
        for (peer, id) in removed {
            tracing::info!(?peer, "closing the session of a device that is no longer enrolled");
            state.end(id, CloseReason::NotEnrolled);
        }
        let State { enrolled, dialling, kept, .. } = &mut *state;
        for ((peer, kind), attempt) in dialling.iter() {
            if *kind == Kind::Sync && !enrolled.contains(peer) {
                attempt.overtake(Overtaken::By(DialError::NotOnOurList));
            }
        }
        kept.retain(|peer, kept| {
            let stays = enrolled.contains(peer);
            kept.wake.notify_one();
            stays
        });
        drop(state);
        for peer in added {
            if !self.book.addresses(peer).is_empty() {
                self.found(peer);
            }
        }
    }

    pub(crate) fn open_joining(&self, open: bool) {
        let mut state = self.state();
        state.turnstile.set_open(open, Instant::now());
        if !state.stopped {
            self.endpoint.set_alpns(endpoint::alpns(open));
        }
    }

    /// Whether devices are looked for without pause. Those that wait are dialled at once when it begins.
    pub(crate) fn set_hurry(&self, hurry: bool) {
        if !self.hurry.swap(hurry, Ordering::AcqRel) && hurry {
            for kept in self.state().kept.values() {
                kept.wake.notify_one();
            }
        }
    }

    /// The longest pause between two automatic attempts.
    pub(crate) fn longest_pause(&self) -> Duration {
        if self.hurries() { HURRY_PAUSE } else { BACKOFF_MAX }
    }

    /// Whether devices are looked for without pause.
    pub(crate) fn hurries(&self) -> bool {
        self.hurry.load(Ordering::Acquire)
    }

    /// After how long a dial is begun afresh beside itself; `None` for never.
    pub(crate) fn dials_afresh(&self, asked: bool) -> Option<Duration> {
        (self.hurries() && !asked).then_some(HURRY_AFRESH)
    }

    /// How long one dial may take; one that somebody `asked` for has all its time.
    pub(crate) fn dial_timeout(&self, asked: bool) -> Duration {
        if self.hurries() && !asked { HURRY_DIAL } else { DIAL_TIMEOUT }
    }

    pub(crate) fn suspend(&self, suspended: bool) {
        let mut state = self.state();
        state.suspended = suspended;
        if suspended {
            state.end_all(CloseReason::Suspended, &DialError::SuspendedHere);
        }
        for kept in state.kept.values() {
            kept.wake.notify_one();
        }
    }

    pub(crate) fn stop(&self) {
        let mut state = self.state();
        state.stopped = true;
        state.end_all(CloseReason::Leaving, &DialError::Stopped);
        for kept in std::mem::take(&mut state.kept).into_values() {
            kept.wake.notify_one();
        }
    }
}

impl State {
    /// Why such a connection cannot be, whatever else lives.
    fn never(&self, peer: DeviceId, kind: Kind) -> Option<CloseReason> {
        if self.stopped {
            return Some(CloseReason::Leaving);
        }
        if self.suspended {
            return Some(CloseReason::Suspended);
        }
        match kind {
            Kind::Sync => (!self.enrolled.contains(&peer)).then_some(CloseReason::NotEnrolled),
            Kind::Join => (!self.turnstile.is_open()).then_some(CloseReason::JoiningClosed),
        }
    }

    /// Ends a session from this end. Unless that takes time (an orderly close), the device may be dialled again at once.
    fn end(&mut self, id: SessionId, why: CloseReason) {
        let Some(live) = self.sessions.get_mut(&id) else { return };
        live.queue = None;
        live.control.close(why);
        if why != CloseReason::Done && self.sync.get(&live.peer) == Some(&id) {
            self.sync.remove(&live.peer);
        }
    }

    fn end_all(&mut self, why: CloseReason, dial: &DialError) {
        for id in self.sessions.keys().copied().collect::<Vec<_>>() {
            self.end(id, why);
        }
        for attempt in self.dialling.values() {
            attempt.overtake(Overtaken::By(dial.clone()));
        }
    }
}
