//! From connection to session: the rules, and what lives.
//!
//! Not here: the bytes (`session`).

use std::sync::{Arc, atomic::Ordering};

use muster_core::{id::DeviceId, limits::FRAME_BYTES};
use tokio::{sync::mpsc, time::Instant};

use super::{Live, Overtaken, Peers};
use crate::{
    defaults::{GIVES_WAY, OWN_DIAL_WAIT},
    error::SendError,
    event::{Kind, SessionId},
    limits::{JOINING_SESSIONS, QUEUE_BYTES, QUEUE_FRAMES, SESSIONS},
    reason::CloseReason,
    session::Control,
};

/// A connection that became a session.
pub(crate) struct Admitted {
    pub(crate) id: SessionId,
    pub(crate) queue: mpsc::Receiver<Vec<u8>>,
    pub(crate) control: Arc<Control>,
}

impl Peers {
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
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, time::Duration};

    use zeroize::Zeroizing;

    use super::*;
    use crate::{
        defaults::{AFRESH, BACKOFF_MAX, DIAL_TIMEOUT, HURRY_DIAL, HURRY_PAUSE, SILENT},
        discovery::Book,
        event::Event,
    };

    /// A node's book-keeping without its tasks: no connection is made.
    async fn peers(enrolled: &[DeviceId]) -> (Arc<Peers>, mpsc::Receiver<Event>) {
        let loopback = ["127.0.0.1:0".parse().unwrap()];
        let endpoint = crate::endpoint::bind(&Zeroizing::new([1; 32]), &loopback).await.unwrap();
        let (sender, events) = mpsc::channel(8);
        let runtime = tokio::runtime::Handle::current();
        let peers = Arc::new(Peers::new(endpoint, Book::new(), sender, runtime, false));
        peers.set_enrolled(enrolled.iter().copied().collect());
        (peers, events)
    }

    const SMALL: DeviceId = DeviceId([0; 32]);
    const LARGE: DeviceId = DeviceId([255; 32]);

    #[tokio::test]
    async fn of_two_sessions_from_opposite_ends_the_one_dialled_by_the_smaller_id_stays() {
        let (peers, _events) = peers(&[SMALL, LARGE]).await;
        // We are the larger of two: what the other dialled stays.
        let theirs = peers.admit(SMALL, Kind::Sync, false).unwrap();
        assert_eq!(peers.admit(SMALL, Kind::Sync, true).err(), Some(CloseReason::Duplicate));
        assert_eq!(theirs.control.closing(), None);
        // We are the smaller: what we dialled stays, whichever came first.
        let theirs = peers.admit(LARGE, Kind::Sync, false).unwrap();
        let ours = peers.admit(LARGE, Kind::Sync, true).unwrap();
        assert_eq!(theirs.control.closing(), Some(CloseReason::Duplicate));
        assert_eq!(peers.admit(LARGE, Kind::Sync, false).err(), Some(CloseReason::Duplicate));
        assert_eq!(ours.control.closing(), None);
        peers.endpoint.close().await;
    }

    #[tokio::test]
    async fn an_old_session_gives_way_since_its_other_end_must_be_gone() {
        let (peers, _events) = peers(&[LARGE]).await;
        let first = peers.admit(LARGE, Kind::Sync, false).unwrap();
        let second = peers.admit(LARGE, Kind::Sync, false).unwrap();
        assert_eq!(first.control.closing(), Some(CloseReason::Duplicate), "the same end dialled again");
        peers.forget(first.id);
        let ours = peers.admit(LARGE, Kind::Sync, true).unwrap();
        assert_eq!(second.control.closing(), Some(CloseReason::Duplicate));
        tokio::time::sleep(GIVES_WAY + Duration::from_millis(50)).await;
        let theirs = peers.admit(LARGE, Kind::Sync, false).unwrap();
        assert_eq!(ours.control.closing(), Some(CloseReason::Duplicate));
        // The end of a session that was replaced does not touch the one in its place.
        peers.forget(ours.id);
        assert_eq!(peers.send(theirs.id, vec![1]), Ok(()));
        assert_eq!(peers.send(ours.id, vec![1]), Err(SendError::Closed));
        peers.endpoint.close().await;
    }

    #[tokio::test]
    async fn a_session_in_which_nothing_came_for_long_is_given_up_once_its_device_is_heard_nearby() {
        let (peers, _events) = peers(&[LARGE]).await;
        let session = peers.admit(LARGE, Kind::Sync, true).unwrap();
        session.control.heard_last(Instant::now());
        peers.found(LARGE);
        assert_eq!(session.control.closing(), None, "it lives: an announcement says nothing against it");
        session.control.heard_last(Instant::now() - SILENT);
        peers.found(LARGE);
        assert_eq!(session.control.closing(), Some(CloseReason::Lost));
        assert!(peers.begin_dial(LARGE, Kind::Sync, BTreeSet::new(), false).is_ok(), "and dialled at once");
        peers.endpoint.close().await;
    }

    #[tokio::test]
    async fn a_dial_into_a_network_that_was_not_there_begins_anew_once_the_device_is_heard() {
        let (peers, _events) = peers(&[SMALL, LARGE]).await;
        let automatic = peers.begin_dial(LARGE, Kind::Sync, BTreeSet::new(), false).unwrap();
        let asked = peers.begin_dial(SMALL, Kind::Sync, BTreeSet::new(), true).unwrap();
        let overtaken = |attempt: &Arc<crate::peers::Attempt>| {
            let attempt = attempt.clone();
            async move { tokio::time::timeout(Duration::from_millis(20), attempt.overtaken()).await.is_ok() }
        };
        peers.found(LARGE);
        assert!(!overtaken(&automatic).await, "it has only begun");
        tokio::time::sleep(AFRESH).await;
        for peer in [LARGE, SMALL] {
            peers.found(peer);
        }
        assert!(overtaken(&automatic).await);
        assert!(!overtaken(&asked).await, "whoever typed an address hears what came of it");
        peers.endpoint.close().await;
    }

    #[tokio::test]
    async fn while_people_are_called_nobody_waits_a_minute_to_be_looked_for_again() {
        let (peers, _events) = peers(&[LARGE]).await;
        let wake = peers.keep(LARGE, BTreeSet::new()).unwrap();
        assert_eq!((peers.longest_pause(), peers.dial_timeout(false)), (BACKOFF_MAX, DIAL_TIMEOUT));
        peers.set_hurry(true);
        assert_eq!((peers.longest_pause(), peers.dial_timeout(false)), (HURRY_PAUSE, HURRY_DIAL));
        assert_eq!(peers.dial_timeout(true), DIAL_TIMEOUT, "whoever asked has all the time");
        let woken = tokio::time::timeout(Duration::from_millis(20), wake.notified());
        assert!(woken.await.is_ok(), "who waits is dialled at once");
        peers.set_hurry(false);
        assert_eq!(peers.longest_pause(), BACKOFF_MAX);
        peers.endpoint.close().await;
    }

    #[tokio::test]
    async fn there_are_never_more_sessions_than_the_limit() {
        let devices: BTreeSet<DeviceId> = (0..=SESSIONS as u8).map(|number| DeviceId([number; 32])).collect();
        let (peers, _events) = peers(&devices.iter().copied().collect::<Vec<_>>()).await;
        let outcomes: Vec<_> = devices.iter().map(|device| peers.admit(*device, Kind::Sync, false)).collect();
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), SESSIONS);
        assert!(matches!(outcomes.last(), Some(Err(CloseReason::Busy))));
        peers.endpoint.close().await;
    }

    #[tokio::test]
    async fn a_queue_is_bounded_in_frames_and_in_bytes() {
        let (peers, _events) = peers(&[LARGE]).await;
        let session = peers.admit(LARGE, Kind::Sync, true).unwrap();
        let taken = (0..1_000).filter(|_| peers.send(session.id, vec![0]).is_ok()).count();
        assert_eq!(taken, QUEUE_FRAMES);
        assert_eq!(peers.send(session.id, vec![0]), Err(SendError::Full));
        let session = peers.admit(LARGE, Kind::Sync, true).unwrap();
        let taken = (0..1_000).filter(|_| peers.send(session.id, vec![0; FRAME_BYTES]).is_ok()).count();
        assert_eq!(taken, QUEUE_BYTES / FRAME_BYTES);
        peers.endpoint.close().await;
    }
}
