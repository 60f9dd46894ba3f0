//! Every duration of the transport, with the reason for its length.

use std::time::Duration;

/// How long one dial may take, from the first packet to the peer's preface. The bare library gives up after 30 s;
/// on a school's network a living device answers within a second, and a person who typed an address waits for this.
pub const DIAL_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a peer that reached us may take for its handshake and preface. Less than [`DIAL_TIMEOUT`], so that slow
/// strangers cannot hold the places of [`crate::limits::HANDSHAKES`] for long.
pub const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);

/// Pause before a dial starts anew after an answer that passes. Long enough for the other side to notice that a
/// connection ended, short enough to fit many times into [`DIAL_TIMEOUT`].
pub const DIAL_AGAIN: Duration = Duration::from_millis(250);

/// The first pause between two attempts of [`crate::Node::keep_dialling`]. It doubles up to [`BACKOFF_MAX`].
pub const BACKOFF_MIN: Duration = Duration::from_secs(1);

/// The longest pause between two attempts: a device that was carried back into the building is found within a minute
/// even where local discovery finds nothing.
pub const BACKOFF_MAX: Duration = Duration::from_secs(60);

/// A session that lasted this long was a good one: the next pause begins at [`BACKOFF_MIN`] again.
pub const STEADY: Duration = Duration::from_secs(10);

/// An automatic dial that has gone without an answer for this long begins anew when its device is heard nearby: what it
/// sent into a network that was not there yet is repeated only every second or two, and a handshake takes some hundredths
/// of one.
pub const AFRESH: Duration = Duration::from_millis(500);

/// How long a session must have been silent to be given up when its device is heard nearby again. Longer than
/// [`KEEP_ALIVE`], after which a living one shows itself: the network was gone and is back, and a new session is there in
/// a tenth of a second where the old one may take four to find out. While people are being called it is given up without
/// having been heard, too: there may be no multicast to hear it by.
pub const SILENT: Duration = Duration::from_secs(5);

/// How often a session looks whether anything came. A part of [`SILENT`].
pub const LISTEN: Duration = Duration::from_secs(1);

/// The longest pause between two attempts while people are being called: see [`crate::Node::hurry`].
pub const HURRY_PAUSE: Duration = Duration::from_millis(200);

/// After how long a dial is begun afresh beside itself then: what was sent into a network that was not there yet is
/// repeated after a second, and a handshake takes some hundredths of one. With [`HURRY_DIAL`] seven at once at most.
pub const HURRY_AFRESH: Duration = Duration::from_millis(300);

/// How long one attempt may take then. Far longer than a handshake takes on a school's network, and short, because an
/// attempt that began before the network was back is slow to notice.
pub const HURRY_DIAL: Duration = Duration::from_secs(2);

/// How much later the device with the larger id makes its first automatic attempt, so that two devices that see each
/// other at once normally make one connection.
pub const YIELD: Duration = Duration::from_millis(250);

/// How long an incoming connection waits for our own attempt to the same device, when ours is the one to keep.
pub const OWN_DIAL_WAIT: Duration = Duration::from_secs(1);

/// A session older than this gives way to a new connection from the same device. A device that holds a session does
/// not dial, so a new connection means that its end of the old one is gone (it crashed, slept, or changed network).
pub const GIVES_WAY: Duration = Duration::from_secs(2);

/// How long an orderly close waits for the last frames to arrive at the other end before it becomes an abrupt one.
pub const CLOSE_GRACE: Duration = Duration::from_secs(5);

/// Silence after which a session counts as lost. Keep-alives go out every [`KEEP_ALIVE`]: three in a row are missing.
pub const IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// How often a quiet session shows that it is alive.
pub const KEEP_ALIVE: Duration = Duration::from_secs(4);

/// One more joining connection is let in each such interval: ten a minute.
pub const JOIN_REFILL: Duration = Duration::from_secs(6);

/// How long [`crate::Node::start`] waits for the system to name this device's addresses. They come within a few
/// milliseconds; a device without a network has none, and works all the same.
pub const ADDRESSES_WAIT: Duration = Duration::from_millis(500);

/// How long [`crate::Node::stop`] waits for peers to hear that this device leaves.
pub const STOP_TIMEOUT: Duration = Duration::from_secs(3);
