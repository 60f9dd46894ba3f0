//! What this device remembers for itself, sealed for itself: where it stands, and who signs in here.
//!
//! A locked device reads no school document, so the lock screen's words come from here. No pupil is in it.

use muster_core::codec;
use muster_core::id::{DeviceId, PersonId, PlaceId};
use muster_core::replica::Replica;
use muster_core::replica::records::RecordsError;
use muster_core::replica::store::Store;
use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// The name of the small file.
const FILE: &str = "local";

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Local {
    /// The school's name.
    pub school: String,
    /// This device's name.
    pub device: String,
    /// The site this device stands at, with its name.
    pub site: Option<(PlaceId, String)>,
    /// Who signed in last.
    pub last: Option<PersonId>,
    /// Other devices: name, last addresses, and when last heard from, in milliseconds since 1970 UTC.
    pub peers: BTreeMap<DeviceId, Peer>,
}

/// What is remembered of another device. Advice only.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Peer {
    /// Its name.
    pub name: String,
    /// Where it answered, newest first.
    pub addresses: Vec<SocketAddr>,
    /// When it was last heard from.
    pub heard_ms: Option<i64>,
}

impl Local {
    /// Reads it; a damaged one is as none, since all of it can be had again.
    pub fn load<S: Store>(replica: &Replica<S>) -> Self {
        let bytes = replica.sealed_file(FILE).ok().flatten();
        bytes.and_then(|bytes| codec::decode(&bytes).ok()).unwrap_or_default()
    }

    /// Keeps it.
    ///
    /// # Errors
    /// When the file cannot be replaced.
    pub fn keep<S: Store>(&self, replica: &mut Replica<S>, random: &mut dyn CryptoRng) -> Result<(), RecordsError> {
        replica.put_sealed_file(FILE, &codec::encode(self), random)
    }
}
