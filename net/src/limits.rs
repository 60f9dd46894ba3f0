//! Every limit of the transport, with its reason. Beyond one: a named refusal, and nothing lost.
//!
//! The size of a frame is the engine's: [`muster_core::limits::FRAME_BYTES`].

use muster_core::limits::{DEVICES, FRAME_BYTES};

/// Sessions at once, both directions and both protocols. A school has up to 1,000 devices, but news reaches all of
/// them through some sixty neighbours; each session may hold [`SESSION_WINDOW_BYTES`] and [`QUEUE_BYTES`] of memory.
pub const SESSIONS: usize = 64;

/// Joining sessions at once. One officer shows one code to one device; three leaves room for a device that lost its
/// first connection and for two devices side by side.
pub const JOINING_SESSIONS: usize = 3;

/// Joining connections let in at once after a pause; then one each [`crate::defaults::JOIN_REFILL`]. Each attempt
/// makes both ends stretch the words, which is slow by purpose; nobody mistypes a code six times in a row.
pub const JOIN_BURST: u32 = 6;

/// Handshakes of incoming connections in progress at once. A handshake costs a signature and some kilobytes; a morning
/// on which everybody arrives in the same second still gets through, because a refused device tries again.
pub const HANDSHAKES: usize = 32;

/// Handshakes in progress from which on a newcomer must first prove its address. Half of [`HANDSHAKES`]: forged
/// source addresses can then never take the second half.
pub const HANDSHAKES_UNPROVEN: usize = HANDSHAKES / 2;

/// Automatic attempts in progress at once; more wait their turn. A try at a dead address costs a handful of packets
/// over ten seconds, so all of 1,000 lost devices have had theirs in less than three minutes.
pub const DIALS: usize = 64;

/// Attempts in progress at once that somebody asked for by [`crate::Node::dial`]. Counted apart, so that a person who
/// typed an address does not wait behind the automatic ones.
pub const DIALS_ASKED: usize = 16;

/// Addresses tried for one device. A laptop with Ethernet, Wi-Fi, a dock and IPv6 has six or seven.
pub const ADDRESSES: usize = 16;

/// Devices that are dialled again and again: all of a school.
pub const KEPT: usize = DEVICES;

/// Devices remembered from local discovery. Strangers announce themselves too, so twice a school's devices; enrolled
/// ones always find a place.
pub const DISCOVERED: usize = 2 * DEVICES;

/// Frames waiting to be sent in one session. Most are small; a catch-up is paced by the engine's own credit.
pub const QUEUE_FRAMES: usize = 256;

/// Bytes waiting to be sent in one session: eight of the largest frames. More would only age in memory.
pub const QUEUE_BYTES: usize = 8 * FRAME_BYTES;

/// Events waiting for the engine, over all sessions. With the largest frames this is 8 MiB; when it is full, sessions
/// stop reading from the network, and their peers feel it.
pub const EVENTS: usize = 32;

/// Bytes that a peer may have under way to us in one session: four of the largest frames, enough for a class-room
/// Wi-Fi's delay at full speed.
pub const SESSION_WINDOW_BYTES: u32 = 4 * FRAME_BYTES as u32;

/// Bytes of the preface, the first frame of a session. Ours has 13; the rest is room for later versions.
pub const PREFACE_BYTES: usize = 64;

/// How often one dial starts anew within its time, when an answer was of the kind that passes (another device at a
/// stale address answered first; both devices dialled each other at once).
pub const DIAL_TRIES: u32 = 12;
