//! The iroh endpoint as Muster uses it: no public relay, no public discovery, bounded windows.
//!
//! Not here: who may connect (`accept`), what is announced on the local network (`discovery`).

use std::net::SocketAddr;

use iroh::{
    Endpoint, RelayMode, SecretKey,
    endpoint::{IdleTimeout, QuicTransportConfig, VarInt, presets},
};
use zeroize::Zeroizing;

use crate::{
    defaults::{IDLE_TIMEOUT, KEEP_ALIVE},
    error::StartError,
    event::Kind,
    limits::{QUEUE_BYTES, SESSION_WINDOW_BYTES},
};

/// Binds the sockets. With no address given: every interface, a port of the system's choice.
pub(crate) async fn bind(secret_key: &Zeroizing<[u8; 32]>, addresses: &[SocketAddr]) -> Result<Endpoint, StartError> {
    let window = VarInt::from_u32(SESSION_WINDOW_BYTES);
    let idle = IdleTimeout::try_from(IDLE_TIMEOUT).map_err(|error| StartError::Bind(error.to_string()))?;
    let transport = QuicTransportConfig::builder()
        .max_idle_timeout(Some(idle))
        .keep_alive_interval(KEEP_ALIVE)
        .default_path_keep_alive_interval(KEEP_ALIVE)
        .max_concurrent_bidi_streams(VarInt::from_u32(1))
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .datagram_receive_buffer_size(None)
        .stream_receive_window(window)
        .receive_window(window)
        .send_window(QUEUE_BYTES as u64)
        .build();

    let mut builder = Endpoint::builder(presets::Minimal)
        .secret_key(SecretKey::from_bytes(secret_key))
        .relay_mode(RelayMode::Disabled)
        .clear_address_lookup()
        .transport_config(transport)
        .alpns(alpns(false));
    if !addresses.is_empty() {
        builder = builder.clear_ip_transports();
    }
    for address in addresses {
        builder = builder.bind_addr(*address).map_err(|error| StartError::Bind(error.to_string()))?;
    }
    builder.bind().await.map_err(|error| StartError::Bind(error.to_string()))
}

/// The protocols that are spoken, with joining or without.
pub(crate) fn alpns(joining: bool) -> Vec<Vec<u8>> {
    let mut alpns = vec![Kind::Sync.alpn().to_vec()];
    if joining {
        alpns.push(Kind::Join.alpn().to_vec());
    }
    alpns
}
