//! What the node knows while it runs: who is enrolled, which sessions live, which dials are under way; and the rules
//! by which a connection becomes a session.
//!
//! Promises: at most one sync session a device, and both ends keep the same one. Every check and the change that
//! follows from it happen under one lock.
//!
//! Not here: who *should* be enrolled. The engine hands in the list.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, atomic::Ordering},
};

use iroh::{Endpoint, endpoint::Connection};
use muster_core::{id::DeviceId, limits::FRAME_BYTES};
use tokio::{
    runtime::Handle,
    sync::{Notify, Semaphore, mpsc, watch},
    time::Instant,
};

use crate::{
    defaults::{GIVES_WAY, OWN_DIAL_WAIT},
    discovery::Book,
    endpoint,
    error::{DialError, SendError},
    event::{Event, Kind, SessionId},
    joining::Turnstile,
    limits::{ADDRESSES, DIALS, JOINING_SESSIONS, KEPT, QUEUE_BYTES, QUEUE_FRAMES, SESSIONS},
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
    pub(crate) runtime: Handle,
    events: mpsc::Sender<Event>,
    auto_dial: bool,
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

/// A device that is dialled whenever there is no session with it.
#[derive(Clone, Debug)]
struct Kept {
    addresses: BTreeSet<SocketAddr>,
    wake: Arc<Notify>,
}

/// A dial under way.
#[derive(Debug, Default)]
pub(crate) struct Attempt {
    pub(crate) addresses: BTreeSet<SocketAddr>,
    outcome: OnceLock<Overtaken>,
    halt: Notify,
}

/// Why a dial ends before it has its own result.
#[derive(Clone, Debug)]
pub(crate) enum Overtaken {
    /// A session with the device came up another way, or a newer dial took over: nothing to report.
    Quietly,
    /// It was ended, and this is what to report.
    By(DialError),
}

impl Attempt {
    fn overtake(&self, by: Overtaken) {
        let _ = self.outcome.set(by);
        self.halt.notify_one();
    }

    /// Waits until something overtakes this dial.
    pub(crate) async fn overtaken(&self) -> Overtaken {
        loop {
            self.halt.notified().await;
            if let Some(by) = self.outcome.get() {
                return by.clone();
            }
        }
    }
}

/// What the loop that keeps dialling a device does next.
pub(crate) enum Next {
    /// No longer wanted.
    End,
    /// Connected, being dialled, cut or not enrolled: wait for a change.
    Wait { connected: bool },
    /// Dial there.
    Dial(BTreeSet<SocketAddr>),
}

/// A connection that became a session.
pub(crate) struct Admitted {
    pub(crate) id: SessionId,
    pub(crate) queue: mpsc::Receiver<Vec<u8>>,
    pub(crate) control: Arc<Control>,
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
            runtime,
            events,
            auto_dial,
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

    // From connection to session.

    /// Whether a device that has proven its id may go on to greet. `None` if it may.
    pub(crate) fn refusal(&self, peer: DeviceId, kind: Kind) -> Option<CloseReason> {
        let mut state = self.state();
        if let Some(reason) = state.never(peer, kind) {
            return Some(reason);
        }
        (kind == Kind::Join && !state.turnstile.pass(Instant::now())).then_some(CloseReason::Busy)
    }

    /// Where both devices dial each other at once, the connection dialled by the smaller id is kept. So if that is
    /// ours and it is still on its way, an incoming one waits a moment for it.
    pub(crate) async fn wait_for_own_dial(&self, peer: DeviceId, kind: Kind) {
        if kind != Kind::Sync || peer < self.me {
            return;
        }
        let mut changes = self.changes();
        let gone = async {
            while self.state().dialling.contains_key(&(peer, kind)) {
                if changes.changed().await.is_err() {
                    return;
                }
            }
        };
        let _ = tokio::time::timeout(OWN_DIAL_WAIT, gone).await;
    }

    /// Makes a session of a connection, or says why not. Of two sync sessions with one device, the older gives way,
    /// unless both came up within [`GIVES_WAY`] from opposite ends: then the one dialled by the smaller id stays.
    pub(crate) fn admit(&self, peer: DeviceId, kind: Kind, dialled: bool) -> Result<Admitted, CloseReason> {
        let mut state = self.state();
        if let Some(reason) = state.never(peer, kind) {
            // Whoever dialled may join: the invitation is the other end's.
            if !(dialled && reason == CloseReason::JoiningClosed) {
                return Err(reason);
            }
        }
        if kind == Kind::Join && !dialled {
            let joining = state.sessions.values().filter(|live| live.kind == Kind::Join && !live.dialled).count();
            if joining >= JOINING_SESSIONS {
                return Err(CloseReason::Busy);
            }
        }
        if kind == Kind::Sync
            && let Some(old) = state.sync.get(&peer).and_then(|id| state.sessions.get(id))
        {
            let to_keep_is_dialled = self.me < peer;
            if old.dialled != dialled && old.since.elapsed() < GIVES_WAY && old.dialled == to_keep_is_dialled {
                return Err(CloseReason::Duplicate);
            }
            old.control.close(CloseReason::Duplicate);
        } else if state.sessions.len() >= SESSIONS {
            return Err(CloseReason::Busy);
        }

        state.last_id += 1;
        let id = SessionId(state.last_id);
        let (sender, queue) = mpsc::channel(QUEUE_FRAMES);
        let control = Arc::new(Control::default());
        let live = Live { peer, kind, dialled, since: Instant::now(), queue: Some(sender), control: control.clone() };
        state.sessions.insert(id, live);
        if kind == Kind::Sync {
            state.sync.insert(peer, id);
            if let Some(attempt) = state.dialling.get(&(peer, kind)).filter(|_| !dialled) {
                attempt.overtake(Overtaken::Quietly);
            }
        }
        drop(state);
        self.note_change();
        Ok(Admitted { id, queue, control })
    }

    /// Removes a session that is over.
    pub(crate) fn forget(&self, id: SessionId) {
        let mut state = self.state();
        if let Some(live) = state.sessions.remove(&id)
            && state.sync.get(&live.peer) == Some(&id)
        {
            state.sync.remove(&live.peer);
        }
        drop(state);
        self.note_change();
    }

    pub(crate) async fn wait_until_no_sessions(&self) {
        let mut changes = self.changes();
        while !self.state().sessions.is_empty() {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    // Sessions.

    pub(crate) fn send(&self, id: SessionId, frame: Vec<u8>) -> Result<(), SendError> {
        if frame.is_empty() || frame.len() > FRAME_BYTES {
            return Err(SendError::Size);
        }
        let state = self.state();
        let live = state.sessions.get(&id).ok_or(SendError::Closed)?;
        let queue = live.queue.as_ref().ok_or(SendError::Closed)?;
        let size = frame.len();
        let queued = &live.control.queued;
        if queued.load(Ordering::Acquire) + size > QUEUE_BYTES {
            return Err(SendError::Full);
        }
        // Counted before it is queued, as the session's task takes it off again.
        queued.fetch_add(size, Ordering::AcqRel);
        queue.try_send(frame).map_err(|error| {
            queued.fetch_sub(size, Ordering::AcqRel);
            match error {
                mpsc::error::TrySendError::Full(_) => SendError::Full,
                mpsc::error::TrySendError::Closed(_) => SendError::Closed,
            }
        })
    }

    /// Takes no more frames for this session; what is queued still goes out.
    pub(crate) fn stop_sending(&self, id: SessionId) {
        if let Some(live) = self.state().sessions.get_mut(&id) {
            live.queue = None;
        }
    }

    pub(crate) fn close(&self, id: SessionId, why: CloseReason) {
        self.state().end(id, why);
    }

    // Dials.

    /// Begins a dial, or says why not. A newer dial takes over from an older one, with its addresses, if `take_over`.
    pub(crate) fn begin_dial(
        &self,
        peer: DeviceId,
        kind: Kind,
        mut addresses: BTreeSet<SocketAddr>,
        take_over: bool,
    ) -> Result<Arc<Attempt>, DialError> {
        let mut state = self.state();
        if peer == self.me {
            return Err(DialError::Itself);
        }
        if kind == Kind::Sync && state.sync.contains_key(&peer) {
            return Err(DialError::AlreadyConnected);
        }
        match state.never(peer, kind) {
            None | Some(CloseReason::JoiningClosed) => {}
            Some(CloseReason::Suspended) => return Err(DialError::SuspendedHere),
            Some(CloseReason::Leaving) => return Err(DialError::Stopped),
            Some(_) => return Err(DialError::NotOnOurList),
        }
        if state.sessions.len() >= SESSIONS {
            return Err(DialError::Busy);
        }
        if let Some(older) = state.dialling.get(&(peer, kind)) {
            if !take_over {
                return Err(DialError::AlreadyConnected);
            }
            addresses.extend(older.addresses.iter());
            older.overtake(Overtaken::Quietly);
        } else if state.dialling.len() >= KEPT {
            return Err(DialError::Busy);
        }
        let attempt = Arc::new(Attempt { addresses, ..Attempt::default() });
        state.dialling.insert((peer, kind), attempt.clone());
        Ok(attempt)
    }

    pub(crate) fn end_dial(&self, peer: DeviceId, kind: Kind, attempt: &Arc<Attempt>) {
        let mut state = self.state();
        if state.dialling.get(&(peer, kind)).is_some_and(|current| Arc::ptr_eq(current, attempt)) {
            state.dialling.remove(&(peer, kind));
        }
        drop(state);
        self.note_change();
    }

    // Devices that are dialled again and again.

    /// Remembers the device and its addresses. Gives what wakes its loop, if the loop is still to be started.
    pub(crate) fn keep(&self, peer: DeviceId, addresses: BTreeSet<SocketAddr>) -> Option<Arc<Notify>> {
        let mut state = self.state();
        if state.stopped || peer == self.me {
            return None;
        }
        if let Some(kept) = state.kept.get_mut(&peer) {
            let older = std::mem::replace(&mut kept.addresses, addresses);
            for address in older {
                if kept.addresses.len() < ADDRESSES {
                    kept.addresses.insert(address);
                }
            }
            kept.wake.notify_one();
            return None;
        }
        if state.kept.len() >= KEPT {
            return None;
        }
        let wake = Arc::new(Notify::new());
        state.kept.insert(peer, Kept { addresses, wake: wake.clone() });
        Some(wake)
    }

    pub(crate) fn unkeep(&self, peer: DeviceId) {
        if let Some(kept) = self.state().kept.remove(&peer) {
            kept.wake.notify_one();
        }
    }

    pub(crate) fn next(&self, peer: DeviceId, wake: &Arc<Notify>) -> Next {
        let state = self.state();
        match state.kept.get(&peer) {
            Some(kept) if Arc::ptr_eq(&kept.wake, wake) => {
                let connected = state.sync.contains_key(&peer);
                let busy = state.suspended || state.dialling.contains_key(&(peer, Kind::Sync));
                if connected || busy || !state.enrolled.contains(&peer) {
                    Next::Wait { connected }
                } else {
                    Next::Dial(kept.addresses.clone())
                }
            }
            _ => Next::End,
        }
    }

    /// A device was seen on the local network.
    pub(crate) fn found(self: &Arc<Self>, peer: DeviceId) {
        let kept = {
            let state = self.state();
            if let Some(kept) = state.kept.get(&peer) {
                kept.wake.notify_one();
            }
            state.kept.contains_key(&peer) || !state.enrolled.contains(&peer)
        };
        if self.auto_dial && !kept {
            crate::redial::keep_dialling(self, peer, BTreeSet::new());
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

/// Where the peer answers from: the path in use.
pub(crate) fn path_address(connection: &Connection) -> Option<SocketAddr> {
    let paths = connection.paths();
    let path = paths.iter().find(|path| path.is_selected()).or_else(|| paths.iter().next())?;
    match path.remote_addr() {
        iroh::TransportAddr::Ip(address) => Some(*address),
        _ => None,
    }
}
