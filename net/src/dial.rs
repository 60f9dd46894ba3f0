//! Connections that go out: all known addresses of a device at once, within [`crate::defaults::DIAL_TIMEOUT`].
//!
//! The endpoint sends to every address it is given and to those that local discovery hears meanwhile, and takes the
//! first that answers. A dial counts as successful only after the peer's preface: a stranger's handshake succeeds and
//! is closed a moment later.
//!
//! While people are being called a dial is begun afresh beside itself again and again, until one of them is answered:
//! the network may come back at any moment, and what was sent before that is repeated late.
//!
//! Not here: trying again later (`redial`).

use std::{collections::BTreeSet, net::SocketAddr, pin::Pin, sync::Arc, task::Poll};

use iroh::{EndpointAddr, EndpointId, endpoint::Connection};
use muster_core::id::DeviceId;
use tokio::time::{Instant, sleep, sleep_until};

use crate::{
    defaults::DIAL_AGAIN,
    error::DialError,
    event::{Event, Kind},
    framing,
    limits::{ADDRESSES, DIAL_TRIES},
    peers::{Overtaken, Peers},
    session::{self, Session},
};

/// Dials once and reports a failure.
pub(crate) async fn once(peers: Arc<Peers>, peer: DeviceId, kind: Kind, addresses: BTreeSet<SocketAddr>) {
    match attempt(&peers, peer, kind, addresses, true).await {
        Ok(()) | Err(Overtaken::Quietly) => {}
        Err(Overtaken::By(why)) => peers.emit(Event::DialFailed { peer, kind, why }).await,
    }
}

/// One dial, from the list check to a running session. One that somebody `asked` for takes over from another.
pub(crate) async fn attempt(
    peers: &Arc<Peers>,
    peer: DeviceId,
    kind: Kind,
    addresses: BTreeSet<SocketAddr>,
    asked: bool,
) -> Result<(), Overtaken> {
    let attempt = peers.begin_dial(peer, kind, addresses, asked).map_err(Overtaken::By)?;
    let result = tokio::select! {
        by = attempt.overtaken() => Err(by),
        result = try_until_timeout(peers, peer, kind, &attempt.addresses, asked) => result.map_err(Overtaken::By),
    };
    peers.end_dial(peer, kind, &attempt);
    if let Err(Overtaken::By(why)) = &result {
        tracing::debug!(?peer, ?kind, %why, "a dial failed");
    }
    result
}

async fn try_until_timeout(
    peers: &Arc<Peers>,
    peer: DeviceId,
    kind: Kind,
    addresses: &BTreeSet<SocketAddr>,
    asked: bool,
) -> Result<(), DialError> {
    let id = EndpointId::from_bytes(&peer.0).map_err(|_| DialError::BadId)?;
    // Closed only when the node is dropped.
    let turns = if asked { &peers.dials_asked } else { &peers.dials };
    let _turn = turns.acquire().await.map_err(|_| DialError::Stopped)?;
    let until = Instant::now() + peers.dial_timeout(asked);
    let target = || {
        // The given ones first: what strangers announce on the network must not crowd them out.
        let heard = peers.book.addresses(peer);
        let everywhere = addresses.iter().chain(heard.difference(addresses)).take(ADDRESSES);
        everywhere.fold(EndpointAddr::new(id), |target, address| target.with_ip_addr(*address))
    };
    let mut tries = 1;
    let mut nowhere = target().is_empty();
    let mut told: Option<DialError> = None;
    // All are looked at by this one task, so that none of them can come to a session after another has.
    let mut running: Vec<Try<'_>> = vec![Box::pin(connect(peers, target(), peer, kind))];
    loop {
        let afresh = peers.dials_afresh(asked).map(|pause| (Instant::now() + pause).min(until));
        tokio::select! {
            result = first_of(&mut running) => match result {
                Ok(session) => {
                    tokio::spawn(session::run(peers.clone(), session));
                    return Ok(());
                }
                // No other try will be answered otherwise: it is said at once.
                Err(why) if why.needs_a_person() => return Err(why),
                // Another that began earlier or later may still be answered. What this one was told is kept until then.
                Err(why) if !running.is_empty() => told = Some(why).filter(DialError::was_told).or(told),
                Err(why) if why.passes() && tries < DIAL_TRIES && Instant::now() + DIAL_AGAIN < until => {
                    sleep(DIAL_AGAIN).await;
                    tries += 1;
                    running.push(Box::pin(connect(peers, target(), peer, kind)));
                }
                Err(why) => return Err(why),
            },
            () = sleep_until(until) => {
                let unknown = nowhere && peers.book.addresses(peer).is_empty();
                if let Some(why) = told {
                    return Err(why);
                }
                return Err(if unknown { DialError::NotFound } else { DialError::NoAnswer });
            }
            // What was sent into a network that was not there yet is repeated after a second, and then ever later.
            () = sleep_until(afresh.unwrap_or(until)), if afresh.is_some_and(|at| at < until) => {
                let target = target();
                nowhere &= target.is_empty();
                running.push(Box::pin(connect(peers, target, peer, kind)));
            }
        }
    }
}

/// A connection on its way.
type Try<'p> = Pin<Box<dyn Future<Output = Result<Session, DialError>> + Send + 'p>>;

/// What comes of the first of these to end; it is taken out of them.
async fn first_of(running: &mut Vec<Try<'_>>) -> Result<Session, DialError> {
    std::future::poll_fn(|context| {
        for at in 0..running.len() {
            let Some(one) = running.get_mut(at) else { break };
            if let Poll::Ready(result) = one.as_mut().poll(context) {
                drop(running.swap_remove(at));
                return Poll::Ready(result);
            }
        }
        Poll::Pending
    })
    .await
}

async fn connect(peers: &Arc<Peers>, target: EndpointAddr, peer: DeviceId, kind: Kind) -> Result<Session, DialError> {
    let connected = peers.endpoint.connect(target, kind.alpn()).await;
    let connection = connected.map_err(|error| DialError::from_connect(&error, kind))?;
    let result = greet(peers, &connection, peer, kind).await;
    if let Err((_, Some(reason))) = &result {
        session::close(&connection, *reason);
    }
    result.map_err(|(why, _)| why)
}

type Refused = (DialError, Option<crate::reason::CloseReason>);

async fn greet(peers: &Arc<Peers>, connection: &Connection, peer: DeviceId, kind: Kind) -> Result<Session, Refused> {
    let closed = || match connection.close_reason() {
        Some(error) => (DialError::from_connection(&error, kind), None),
        None => (DialError::NoAnswer, None),
    };
    let broken = |error: framing::FrameError| match error.reason() {
        Some(reason) => (DialError::from_close(reason), Some(reason)),
        None => closed(),
    };
    let (mut send, mut recv) = connection.open_bi().await.map_err(|_| closed())?;
    framing::write(&mut send, framing::preface(kind)).await.map_err(broken)?;
    framing::expect_preface(&mut recv, kind).await.map_err(broken)?;
    let channel_binding =
        session::channel_binding(connection, kind).map_err(|why| (DialError::from_close(why), Some(why)))?;
    let admitted = peers.admit(peer, kind, true).map_err(|why| (DialError::from_close(why), Some(why)))?;
    let connected = Event::Connected {
        session: admitted.id,
        peer,
        dialled: true,
        kind,
        channel_binding,
        path_address: session::path_address(connection),
    };
    tracing::debug!(?peer, ?kind, id = %admitted.id, "connected to a device");
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
