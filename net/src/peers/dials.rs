//! Which dials are under way, and which devices are to be dialled again and again.
//!
//! Promises: at most one dial a device and protocol; a dial ends when its reason is gone.
//!
//! Not here: dialling (`dial`), the pauses (`redial`).

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{Arc, OnceLock},
};

use muster_core::id::DeviceId;
use tokio::{sync::Notify, time::Instant};

use super::Peers;
use crate::{
    defaults::{AFRESH, SILENT},
    error::DialError,
    event::{Kind, SessionId},
    limits::{ADDRESSES, KEPT, SESSIONS},
    reason::CloseReason,
    redial,
};

/// A device that is dialled whenever there is no session with it.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) addresses: BTreeSet<SocketAddr>,
    pub(super) wake: Arc<Notify>,
}

/// A dial under way.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) addresses: BTreeSet<SocketAddr>,
    /// Somebody asked for it and waits for what comes of it.
    asked: bool,
    since: Instant,
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
    pub(super) fn overtake(&self, by: Overtaken) {
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
    /// Connected, being dialled, cut, not enrolled, or without any address: wait for a change.
    Wait { connected: bool },
    /// Dial there.
    Dial(BTreeSet<SocketAddr>),
}

impl Peers {
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
        let (outcome, halt) = (OnceLock::new(), Notify::new());
        let attempt = Arc::new(Attempt { addresses, asked: take_over, since: Instant::now(), outcome, halt });
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

    /// Remembers where a kept device answered from: it listens there, too.
    pub(crate) fn learn(&self, peer: DeviceId, address: SocketAddr) {
        if let Some(kept) = self.state().kept.get_mut(&peer)
            && !kept.addresses.contains(&address)
        {
            if kept.addresses.len() >= ADDRESSES {
                kept.addresses.pop_first();
            }
            kept.addresses.insert(address);
        }
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
                let nowhere = kept.addresses.is_empty() && self.book.addresses(peer).is_empty();
                if connected || busy || nowhere || !state.enrolled.contains(&peer) {
                    Next::Wait { connected }
                } else {
                    Next::Dial(kept.addresses.clone())
                }
            }
            _ => Next::End,
        }
    }

    /// A device was seen on the local network. What was begun while it could not be reached begins anew: a dial under
    /// way, and a session in which nothing has come for long.
    pub(crate) fn found(self: &Arc<Self>, peer: DeviceId) {
        let kept = {
            let mut state = self.state();
            let silent = |id: &SessionId| state.sessions.get(id).is_some_and(|live| live.control.silence() >= SILENT);
            if let Some(id) = state.sync.get(&peer).copied().filter(silent) {
                tracing::debug!(?peer, "nothing came for long, and the device is heard again: a new session");
                state.end(id, CloseReason::Lost);
            }
            if let Some(attempt) = state.dialling.get(&(peer, Kind::Sync))
                && !attempt.asked
                && attempt.since.elapsed() >= AFRESH
            {
                attempt.overtake(Overtaken::Quietly);
            }
            if let Some(kept) = state.kept.get(&peer) {
                kept.wake.notify_one();
            }
            state.kept.contains_key(&peer) || !state.enrolled.contains(&peer)
        };
        if self.auto_dial && !kept {
            redial::keep_dialling(self, peer, BTreeSet::new());
        }
    }
}
