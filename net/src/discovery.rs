//! Who announces itself on the local network, by multicast DNS.
//!
//! Each device announces its endpoint id and addresses in clear under the service name `muster`, and listens for
//! others. This works only where the system has a route for 224.0.0.0/4 and the network passes multicast on; nothing
//! in this package depends on it. What is heard is a hint: anybody can announce anything, and only a handshake proves
//! who is there.
//!
//! The main items here are [`Book`], what was heard, and [`LocalLookup`], which offers it to the endpoint for a dial
//! that is under way.
//!
//! Not here: whether to dial what was found (`redial`).

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use iroh::{
    Endpoint, EndpointId,
    address_lookup::{AddressLookup, EndpointData, EndpointInfo, Error as LookupError, Item},
};
use iroh_mdns_address_lookup::{DiscoveryEvent, MdnsAddressLookup};
use muster_core::id::DeviceId;
use n0_future::{StreamExt as _, boxed::BoxStream, stream};
use tokio::{
    sync::{Notify, watch},
    time::{Instant, timeout_at},
};

use crate::{
    defaults::DIAL_TIMEOUT,
    event::Event,
    limits::{ADDRESSES, DISCOVERED},
    peers::Peers,
};

/// The service name: devices announce themselves as `<id>._muster._udp.local`.
const SERVICE: &str = "muster";

/// What local discovery heard, bounded to [`DISCOVERED`] devices of [`ADDRESSES`] addresses each.
#[derive(Debug)]
pub(crate) struct Book {
    inner: Mutex<Pages>,
    version: watch::Sender<u64>,
    unreported: Notify,
}

#[derive(Debug, Default)]
struct Pages {
    heard: BTreeMap<DeviceId, BTreeSet<SocketAddr>>,
    changed: BTreeSet<DeviceId>,
}

impl Book {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { inner: Mutex::default(), version: watch::Sender::new(0), unreported: Notify::new() })
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where the device says it is; empty if it was not heard.
    pub(crate) fn addresses(&self, peer: DeviceId) -> BTreeSet<SocketAddr> {
        self.pages().heard.get(&peer).cloned().unwrap_or_default()
    }

    fn hear(&self, peer: DeviceId, addresses: BTreeSet<SocketAddr>, enrolled: bool) {
        {
            let mut pages = self.pages();
            if pages.heard.len() >= DISCOVERED && !enrolled && !pages.heard.contains_key(&peer) {
                return;
            }
            pages.heard.insert(peer, addresses);
            pages.changed.insert(peer);
        }
        self.announce();
    }

    fn forget(&self, peer: DeviceId) {
        {
            let mut pages = self.pages();
            if pages.heard.remove(&peer).is_none() {
                return;
            }
            pages.changed.insert(peer);
        }
        self.announce();
    }

    fn announce(&self) {
        self.version.send_modify(|version| *version = version.wrapping_add(1));
        self.unreported.notify_one();
    }

    fn take_changed(&self) -> Vec<Event> {
        let mut pages = self.pages();
        let changed = std::mem::take(&mut pages.changed);
        changed
            .into_iter()
            .map(|peer| match pages.heard.get(&peer) {
                Some(addresses) => Event::Discovered { peer, addresses: addresses.iter().copied().collect() },
                None => Event::Vanished { peer },
            })
            .collect()
    }
}

/// Publishes our addresses by multicast DNS, and answers the endpoint's questions from the [`Book`].
///
/// The library's own lookup is not asked, because while it is being asked for a device it does not report that device
/// to its subscribers.
#[derive(Debug)]
pub(crate) struct LocalLookup {
    mdns: MdnsAddressLookup,
    book: Arc<Book>,
}

impl AddressLookup for LocalLookup {
    fn publish(&self, data: &EndpointData) {
        self.mdns.publish(data);
    }

    fn resolve(&self, endpoint_id: EndpointId) -> Option<BoxStream<Result<Item, LookupError>>> {
        let until = Instant::now() + DIAL_TIMEOUT;
        let start = (self.book.clone(), self.book.version.subscribe(), BTreeSet::new());
        let answers = stream::unfold(start, move |(book, mut version, told)| async move {
            loop {
                version.mark_unchanged();
                let heard = book.addresses(DeviceId(*endpoint_id.as_bytes()));
                if heard != told && !heard.is_empty() {
                    let info = EndpointInfo::from_parts(endpoint_id, EndpointData::from(heard.clone()));
                    return Some((Ok(Item::new(info, SERVICE, None)), (book, version, heard)));
                }
                timeout_at(until, version.changed()).await.ok()?.ok()?;
            }
        });
        Some(answers.boxed())
    }
}

/// Starts announcing and listening. Where the system does not allow it, says so in the log and does without.
pub(crate) async fn start(endpoint: &Endpoint, peers: &Arc<Peers>) {
    let mdns = match MdnsAddressLookup::builder().service_name(SERVICE).build(endpoint.id()) {
        Ok(mdns) => mdns,
        Err(error) => {
            tracing::warn!(%error, "no local discovery; devices are found by their last-known and typed addresses");
            return;
        }
    };
    let mut heard = mdns.subscribe().await;
    match endpoint.address_lookup() {
        Ok(lookups) => lookups.add(LocalLookup { mdns, book: peers.book.clone() }),
        Err(error) => tracing::warn!(%error, "no local discovery"),
    }

    let listener = peers.clone();
    tokio::spawn(async move {
        while let Some(event) = heard.next().await {
            match event {
                DiscoveryEvent::Discovered { endpoint_info, .. } => {
                    let peer = DeviceId(*endpoint_info.endpoint_id.as_bytes());
                    let addresses = endpoint_info.ip_addrs().copied().take(ADDRESSES).collect();
                    listener.book.hear(peer, addresses, listener.is_enrolled(peer));
                    listener.found(peer);
                }
                DiscoveryEvent::Expired { endpoint_id } => listener.book.forget(DeviceId(*endpoint_id.as_bytes())),
                _ => {}
            }
        }
    });

    // Apart from the listener, because the engine may be slow and what is heard must not be missed meanwhile.
    let reporter = peers.clone();
    tokio::spawn(async move {
        loop {
            reporter.book.unreported.notified().await;
            for event in reporter.book.take_changed() {
                reporter.emit(event).await;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_of_strangers_does_not_push_out_enrolled_devices() {
        let book = Book::new();
        let device = |number: usize| {
            let mut id = [0; 32];
            id[..8].copy_from_slice(&(number as u64).to_be_bytes());
            DeviceId(id)
        };
        for number in 0..DISCOVERED + 10 {
            book.hear(device(number), BTreeSet::new(), false);
        }
        assert_eq!(book.pages().heard.len(), DISCOVERED);
        book.hear(device(DISCOVERED + 11), BTreeSet::new(), true);
        assert!(book.pages().heard.contains_key(&device(DISCOVERED + 11)));
    }

    #[test]
    fn what_was_heard_is_reported_once_and_a_device_that_leaves_is_reported_too() {
        let book = Book::new();
        let (peer, address) = (DeviceId([1; 32]), "192.0.2.1:5".parse().unwrap());
        book.hear(peer, BTreeSet::from([address]), false);
        assert_eq!(book.take_changed(), [Event::Discovered { peer, addresses: vec![address] }]);
        assert!(book.take_changed().is_empty());
        book.forget(peer);
        assert_eq!(book.take_changed(), [Event::Vanished { peer }]);
    }
}
