//! Connections that come in: from the first packet to a session, or to a refusal with a reason.
//!
//! Nobody gets further than the handshake unless the engine's list (or an open invitation) says so. A refused device is
//! told why by number and in words, since its own handshake is over before ours can refuse it.
//!
//! Not here: the rules themselves (`peers`).

use std::sync::Arc;

use iroh::{
    TransportAddr,
    endpoint::{Connection, Incoming},
};
use muster_core::id::DeviceId;
use tokio::{sync::Semaphore, time::timeout};

use crate::{
    defaults::HANDSHAKE_TIMEOUT,
    event::{Event, Kind},
    framing,
    limits::{HANDSHAKES, HANDSHAKES_UNPROVEN},
    peers::Peers,
    reason::CloseReason,
    session::{self, Session},
};

/// Takes connections until the endpoint closes.
pub(crate) async fn run(peers: Arc<Peers>) {
    let places = Arc::new(Semaphore::new(HANDSHAKES));
    while let Some(incoming) = peers.endpoint.accept().await {
        if peers.is_suspended() {
            incoming.refuse();
            continue;
        }
        let crowded = places.available_permits() <= HANDSHAKES - HANDSHAKES_UNPROVEN;
        if crowded && !incoming.remote_addr_validated() {
            if let Err(error) = incoming.retry() {
                error.into_incoming().refuse();
            }
            continue;
        }
        let Ok(place) = places.clone().try_acquire_owned() else {
            incoming.refuse();
            continue;
        };
        let peers = peers.clone();
        tokio::spawn(async move {
            greet(peers, incoming).await;
            drop(place);
        });
    }
}

async fn greet(peers: Arc<Peers>, incoming: Incoming) {
    let from = match TransportAddr::from(incoming.remote_addr()) {
        TransportAddr::Ip(address) => Some(address),
        _ => None,
    };
    let connection = match incoming.accept() {
        Ok(accepting) => match timeout(HANDSHAKE_TIMEOUT, accepting).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return tracing::debug!(%error, "an incoming handshake failed"),
            Err(_) => return tracing::debug!("an incoming handshake took too long"),
        },
        Err(error) => return tracing::debug!(%error, "an incoming connection failed"),
    };
    match timeout(HANDSHAKE_TIMEOUT, admit(&peers, &connection, from)).await {
        Ok(Ok(session)) => {
            tokio::spawn(session::run(peers, session));
        }
        Ok(Err(why)) => {
            let peer = DeviceId(*connection.remote_id().as_bytes());
            tracing::info!(?peer, reason = ?why, "refused a connection");
            session::close(&connection, why);
        }
        Err(_) => session::close(&connection, CloseReason::TooSlow),
    }
}

async fn admit(
    peers: &Arc<Peers>,
    connection: &Connection,
    from: Option<std::net::SocketAddr>,
) -> Result<Session, CloseReason> {
    let peer = DeviceId(*connection.remote_id().as_bytes());
    let kind = Kind::from_alpn(connection.alpn()).ok_or(CloseReason::OtherVersion)?;
    if let Some(reason) = peers.refusal(peer, kind) {
        return Err(reason);
    }
    let (mut send, mut recv) = connection.accept_bi().await.map_err(|_| session::reason_of(connection))?;
    let broken = |error: framing::FrameError| error.reason().unwrap_or_else(|| session::reason_of(connection));
    framing::expect_preface(&mut recv, kind).await.map_err(broken)?;
    let channel_binding = session::channel_binding(connection, kind)?;
    peers.wait_for_own_dial(peer, kind).await;
    if connection.close_reason().is_some() {
        return Err(session::reason_of(connection));
    }
    let admitted = peers.admit(peer, kind, false)?;
    let path_address = session::path_address(connection).or(from);
    if let Err(error) = framing::write(&mut send, framing::preface(kind)).await {
        peers.forget(admitted.id);
        return Err(broken(error));
    }
    let connected =
        Event::Connected { session: admitted.id, peer, dialled: false, kind, channel_binding, path_address };
    tracing::debug!(?peer, ?kind, id = %admitted.id, "a device connected");
    Ok(Session {
        id: admitted.id,
        connection: connection.clone(),
        send,
        recv,
        queue: admitted.queue,
        control: admitted.control,
        connected,
    })
}
