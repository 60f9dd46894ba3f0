//! One session: frames out of a bounded queue onto the stream, frames off the stream to the engine.
//!
//! Promises: `Connected`, then frames in order, then `Closed`, once each. Reading waits while the engine is busy, and
//! through QUIC's flow control so does the peer. An orderly close ([`CloseReason::Done`]) delivers what is queued.
//!
//! Not here: how the connection came about (`accept`, `dial`), whether it may exist (`peers`).

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use iroh::{
    TransportAddr,
    endpoint::{Connection, ConnectionError, RecvStream, SendStream, VarInt},
};
use muster_core::limits::FRAME_BYTES;
use tokio::{
    sync::{Notify, mpsc},
    time::{Instant, interval, sleep_until},
};

use crate::{
    defaults::{CLOSE_GRACE, LISTEN, SILENT},
    event::{Event, Kind, SessionId},
    framing::{self, FrameError},
    peers::Peers,
    reason::CloseReason,
};

/// The part of a session that both its task and the node's methods hold.
#[derive(Debug, Default)]
pub(crate) struct Control {
    /// Bytes in the queue.
    pub(crate) queued: AtomicUsize,
    closing: OnceLock<CloseReason>,
    halt: Notify,
    /// When anything last came, as seen by a look every [`LISTEN`]; `None` before the first look.
    heard: Mutex<Option<Instant>>,
}

impl Control {
    /// Ends the session from this end. The first reason counts.
    pub(crate) fn close(&self, why: CloseReason) {
        let _ = self.closing.set(why);
        self.halt.notify_one();
    }

    /// For how long nothing has come.
    pub(crate) fn silence(&self) -> Duration {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).map_or(Duration::ZERO, |at| at.elapsed())
    }

    fn hears(&self) {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// As if nothing had come since.
    #[cfg(test)]
    pub(crate) fn heard_last(&self, at: Instant) {
        *self.heard.lock().unwrap() = Some(at);
    }

    /// Why this end is closing the session, if it is.
    pub(crate) fn closing(&self) -> Option<CloseReason> {
        self.closing.get().copied()
    }
}

/// A connection let in, ready to run.
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) connection: Connection,
    pub(crate) send: SendStream,
    pub(crate) recv: RecvStream,
    pub(crate) queue: mpsc::Receiver<Vec<u8>>,
    pub(crate) control: Arc<Control>,
    pub(crate) connected: Event,
}

/// Runs the session to its end, and reports it.
pub(crate) async fn run(peers: Arc<Peers>, session: Session) {
    let Session { id, connection, send, recv, queue, control, connected } = session;
    if let Event::Connected { peer, kind: Kind::Sync, path_address: Some(address), .. } = &connected {
        peers.learn(*peer, *address);
    }
    peers.emit(connected).await;
    let (why, here) = carry(&peers, id, &connection, send, recv, queue, &control).await;
    close(&connection, why);
    peers.forget(id);
    tracing::debug!(%id, reason = ?why, here, "session closed");
    peers.emit(Event::Closed { session: id, why, here }).await;
}

/// Closes a connection with the reason's number and words. Closing a closed one does nothing.
pub(crate) fn close(connection: &Connection, why: CloseReason) {
    connection.close(VarInt::from_u32(why.code()), why.to_string().as_bytes());
}

/// Why a connection that is over is over, as the other end or the network put it.
pub(crate) fn reason_of(connection: &Connection) -> CloseReason {
    match connection.close_reason() {
        Some(ConnectionError::ApplicationClosed(close)) => CloseReason::from_code(close.error_code.into_inner()),
        _ => CloseReason::Lost,
    }
}

async fn carry(
    peers: &Arc<Peers>,
    id: SessionId,
    connection: &Connection,
    send: SendStream,
    recv: RecvStream,
    queue: mpsc::Receiver<Vec<u8>>,
    control: &Control,
) -> (CloseReason, bool) {
    let reader = read_all(peers, id, recv);
    let writer = write_all(send, queue, &control.queued);
    tokio::pin!(reader, writer);
    let (mut read, mut written) = (false, false);
    let mut ending: Option<Instant> = None;
    let mut listen = interval(LISTEN);
    let mut came = None;

    loop {
        let grace = ending.unwrap_or_else(Instant::now);
        tokio::select! {
            result = &mut reader, if !read => match result {
                // The peer has said everything: so do we, then the peer closes.
                Ok(()) => {
                    read = true;
                    peers.stop_sending(id);
                    ending.get_or_insert_with(|| Instant::now() + CLOSE_GRACE);
                }
                Err(error) => return broken(&error, connection, control, read),
            },
            result = &mut writer, if !written => match result {
                Ok(()) => written = true,
                Err(error) => return broken(&error, connection, control, read),
            },
            () = control.halt.notified() => match control.closing() {
                Some(CloseReason::Done) => {
                    peers.stop_sending(id);
                    ending.get_or_insert_with(|| Instant::now() + CLOSE_GRACE);
                }
                Some(why) => return (why, true),
                None => {}
            },
            // Bytes of any kind: a quiet session shows that it is alive, too.
            _ = listen.tick() => {
                let bytes = connection.stats().udp_rx.bytes;
                if came.replace(bytes) != Some(bytes) {
                    control.hears();
                } else if peers.hurries() && control.silence() >= SILENT {
                    tracing::debug!("nothing came for long while people are being called: a new session");
                    return (CloseReason::Lost, true);
                }
            }
            _ = connection.closed(), if read && written => return (reason_of(connection), false),
            () = sleep_until(grace), if ending.is_some() => {
                return (if read && written { CloseReason::Done } else { CloseReason::Lost }, true);
            }
        }
        // Both ends may have said everything before the reason for it is known here.
        if let Some(why) = control.closing().filter(|_| read && written) {
            return (why, true);
        }
    }
}

fn broken(error: &FrameError, connection: &Connection, control: &Control, read: bool) -> (CloseReason, bool) {
    if let Some(why) = control.closing().filter(|why| *why != CloseReason::Done) {
        return (why, true);
    }
    match error.reason() {
        Some(why) => (why, true),
        // A peer that closes in good order ends its stream first; without that, frames may be missing.
        None => match reason_of(connection) {
            CloseReason::Done if !read => (CloseReason::Lost, false),
            why => (why, false),
        },
    }
}

async fn read_all(peers: &Arc<Peers>, id: SessionId, mut recv: RecvStream) -> Result<(), FrameError> {
    while let Some(bytes) = framing::read(&mut recv, FRAME_BYTES).await? {
        peers.emit(Event::Frame { session: id, bytes }).await;
    }
    Ok(())
}

async fn write_all(
    mut send: SendStream,
    mut queue: mpsc::Receiver<Vec<u8>>,
    queued: &AtomicUsize,
) -> Result<(), FrameError> {
    while let Some(frame) = queue.recv().await {
        framing::write(&mut send, &frame).await?;
        queued.fetch_sub(frame.len(), Ordering::AcqRel);
    }
    let _ = send.finish();
    // Resolves when the peer's machine has everything.
    send.stopped().await.map_err(|error| FrameError::Stream(error.into()))?;
    Ok(())
}

/// The label under which both ends derive the channel binding. Part of the protocol.
const BINDING_LABEL: &[u8] = b"EXPORTER-muster-channel-1";

/// The 32 bytes that only the two ends of this connection can derive.
pub(crate) fn channel_binding(connection: &Connection, kind: Kind) -> Result<[u8; 32], CloseReason> {
    let mut binding = [0; 32];
    connection
        .export_keying_material(&mut binding, BINDING_LABEL, kind.alpn())
        .map_err(|_| CloseReason::OtherVersion)?;
    Ok(binding)
}

/// Where the peer answers from: the path in use.
pub(crate) fn path_address(connection: &Connection) -> Option<SocketAddr> {
    let paths = connection.paths();
    let path = paths.iter().find(|path| path.is_selected()).or_else(|| paths.iter().next())?;
    match path.remote_addr() {
        TransportAddr::Ip(address) => Some(*address),
        _ => None,
    }
}
