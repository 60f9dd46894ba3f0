//! A bundle on its way to one device: sealed to that device's key, so that no other device can open it.
//!
//! Any device that holds the bundle makes one, without the passphrase, for each device that may have it. It travels
//! as a sealed record of the authority area. What it says of itself in clear is signed twice: by the person's key,
//! which bundle it is; by the device that made it, all of it, so that one device can file no more than one under a
//! person's and a device's names. A false one opens nothing, and whoever holds the bundle knows it by its proof and
//! sends a true one beside it.

use super::bundle::{Bundle, Named};
use crate::codec;
use crate::crypto::aead::{open_framed, seal_framed};
use crate::crypto::hash::hash16;
use crate::crypto::secret::{Secret, same};
use crate::crypto::sign::{PublicSign, SignKey, Signature};
use crate::crypto::wrap::{AgreeKey, PublicAgree, Wrapped, wrap};
use crate::id::{DeviceId, SchoolId};
use crate::limits;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

const CONTEXT: &str = "bundle delivery 1";
const WRAP: &str = "muster 1 bundle delivery";

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Which bundle.
    pub named: Named,
    by_person: Signature,
    /// For which device.
    pub to: DeviceId,
    key: Wrapped,
    sealed: Vec<u8>,
    proof: [u8; 16],
    /// Which device made it.
    pub by: DeviceId,
    by_device: Signature,
}

/// What is inside: the bundle, and what the lock screen calls the person.
#[derive(Serialize, Deserialize)]
struct Inside {
    bundle: Bundle,
    name: String,
}

impl Delivery {
    /// Seals a bundle to a device. `None` when the device's key is none, or the name is too long.
    pub fn make(
        (bundle, name): (&Bundle, &str),
        school: &SchoolId,
        (to, agree): (DeviceId, &PublicAgree),
        by: &SignKey,
        random: &mut dyn CryptoRng,
    ) -> Option<Self> {
        if name.len() > limits::NAME_ON_LOCK_BYTES {
            return None;
        }
        let key = Secret::random(random);
        let inside = Zeroizing::new(codec::encode(&Inside { bundle: bundle.clone(), name: name.to_owned() }));
        let sealed = seal_framed(&key, WRAP.as_bytes(), &inside, random)?;
        let wrapped = wrap(agree, &info(school, &to), &key, random)?;
        let mut made = Self {
            named: bundle.named(),
            by_person: *bundle.by_person(),
            to,
            key: wrapped,
            proof: proof(bundle, &to, &sealed),
            sealed,
            by: DeviceId(by.public().0),
            by_device: *bundle.by_person(),
        };
        made.by_device = by.sign(CONTEXT, &made.signed(school));
        Some(made)
    }

    fn signed(&self, school: &SchoolId) -> Vec<u8> {
        codec::encode(&(school, &self.named, &self.by_person, &self.to, &self.key, &self.sealed, &self.proof, &self.by))
    }

    /// Whether both signatures hold.
    pub fn holds(&self, school: &SchoolId) -> bool {
        self.named.holds(school, &self.by_person)
            && PublicSign(self.by.0).verify(CONTEXT, &self.signed(school), &self.by_device)
    }

    /// Whether it was made by a holder of this bundle, which no other can tell.
    pub fn is_of(&self, bundle: &Bundle) -> bool {
        self.named == bundle.named() && same(&self.proof, &proof(bundle, &self.to, &self.sealed))
    }

    /// Opens it on its device: the bundle, and what the lock screen calls the person.
    pub fn open(&self, school: &SchoolId, device: &AgreeKey) -> Option<(Bundle, String)> {
        let key = device.open(&info(school, &self.to), &self.key)?;
        let inside = Zeroizing::new(open_framed(&key, WRAP.as_bytes(), &self.sealed)?);
        let Inside { bundle, name } = codec::decode(&inside).ok()?;
        let sound = bundle.named() == self.named && bundle.holds(school) && name.len() <= limits::NAME_ON_LOCK_BYTES;
        sound.then_some((bundle, name))
    }

    /// Bytes it needs, at most.
    pub fn bytes(&self) -> usize {
        448 + self.key.sealed.len() + self.sealed.len()
    }
}

fn info(school: &SchoolId, to: &DeviceId) -> Vec<u8> {
    [WRAP.as_bytes(), &school.0, &to.0].concat()
}

fn proof(bundle: &Bundle, to: &DeviceId, sealed: &[u8]) -> [u8; 16] {
    let secret = Zeroizing::new(codec::encode(bundle));
    hash16("muster 1 bundle proof", &[&secret, &to.0, sealed])
}
