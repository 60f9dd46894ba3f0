//! A bundle: one person's keys under their passphrase (Argon2id), signed by the person and numbered.
//!
//! The number only grows: whoever changes their passphrase seals the next one, and of one person's current keys the
//! highest counts everywhere. Nobody else can make one, since the person's key signs it. A bundle is never seen in
//! clear outside the devices that hold it: on a disk it lies under the device's local secret, and to another device
//! it goes as a [`super::delivery::Delivery`]. So neither a copied database nor a device that only passes things on
//! has anything to guess at.
//!
//! Not here: which devices hold whose (`authority/keeps.rs`), the seat on a device (`replica/seating.rs`).

use crate::codec;
use crate::crypto::aead::{open_framed, seal_framed};
use crate::crypto::hash::hash;
use crate::crypto::secret::Secret;
use crate::crypto::sign::{PublicSign, SignKey, Signature};
use crate::crypto::stretch::{Cost, stretch};
use crate::crypto::totp::Factor;
use crate::crypto::wrap::AgreeKey;
use crate::founding::PersonKeys;
use crate::id::{PersonId, SchoolId, SeatId};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

const CONTEXT: &str = "bundle 1";
const INSIDE: &[u8] = b"muster 1 bundle inside";
/// Of the layer under the passphrase: another number says that there is more in it than is known here.
const FORM: u8 = 2;

/// A seat's signing key.
#[derive(Clone, Debug)]
pub struct SeatKeys {
    /// The seat.
    pub seat: SeatId,
    /// Signs its seals.
    pub sign: SignKey,
}

/// What a bundle holds: everything of a person that every device of theirs needs.
#[derive(Clone, Debug)]
pub struct Own {
    /// The person's keys.
    pub keys: PersonKeys,
    /// The key that others wrap to until they hear of this one: that of the one-time words, or of the keys before.
    pub before: Option<AgreeKey>,
    /// What the person's authenticator and this program share, once it is set up.
    pub second_factor: Option<Factor>,
}

/// What signing in opens.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The person's keys.
    pub person: PersonKeys,
    /// The person's seat on this device.
    pub seat: SeatKeys,
    /// See [`Own::before`].
    pub before: Option<AgreeKey>,
    /// See [`Own::second_factor`].
    pub second_factor: Option<Factor>,
}

impl Own {
    /// Of keys just made.
    pub fn of(keys: PersonKeys) -> Self {
        Self { keys, before: None, second_factor: None }
    }

    /// With a seat on this device.
    pub fn seated(self, seat: SeatKeys) -> Opened {
        Opened { person: self.keys, seat, before: self.before, second_factor: self.second_factor }
    }

    fn inside(&self) -> Inside {
        Inside {
            form: FORM,
            person: self.keys.person,
            sign: Secret::new(*self.keys.sign.seed()),
            agree: self.keys.agree.seed().clone(),
            before: self.before.as_ref().map(|key| key.seed().clone()),
            second_factor: self.second_factor.clone(),
        }
    }
}

impl Opened {
    /// What of it every device of the person needs.
    pub fn own(&self) -> Own {
        Own { keys: self.person.clone(), before: self.before.clone(), second_factor: self.second_factor.clone() }
    }

    /// As bytes, to be sealed at once.
    pub(super) fn encode(&self) -> Zeroizing<Vec<u8>> {
        let sign = Secret::new(*self.seat.sign.seed());
        Zeroizing::new(codec::encode(&Seated { seat: self.seat.seat, sign, own: self.own().inside() }))
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, codec::Malformed> {
        let Seated { seat, sign, own } = codec::decode(bytes)?;
        Ok(own.own()?.seated(SeatKeys { seat, sign: SignKey::from_seed(sign.expose()) }))
    }
}

#[derive(Serialize, Deserialize)]
struct Inside {
    form: u8,
    person: PersonId,
    sign: Secret,
    agree: Secret,
    before: Option<Secret>,
    second_factor: Option<Factor>,
}

#[derive(Serialize, Deserialize)]
struct Seated {
    seat: SeatId,
    sign: Secret,
    own: Inside,
}

impl Inside {
    fn own(&self) -> Result<Own, codec::Malformed> {
        if self.form != FORM {
            return Err(codec::Malformed);
        }
        let sign = SignKey::from_seed(self.sign.expose());
        let keys = PersonKeys { person: self.person, sign, agree: AgreeKey::from_seed(self.agree.clone()) };
        let before = self.before.clone().map(AgreeKey::from_seed);
        Ok(Own { keys, before, second_factor: self.second_factor.clone() })
    }
}

/// Which bundle of a person, and whose keys are in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Whose.
    pub person: PersonId,
    /// Which of the person's keys: those it holds.
    pub sign: PublicSign,
    /// Grows with each.
    pub version: u64,
    /// A hash of the rest. Of two of one version, made on two devices apart, the greater counts.
    pub content: [u8; 32],
}

impl Named {
    /// Of one person's keys, the greatest counts.
    pub fn order(&self) -> (u64, [u8; 32]) {
        (self.version, self.content)
    }

    /// Whether the person's key says that this is theirs.
    pub fn holds(&self, school: &SchoolId, by_person: &Signature) -> bool {
        self.sign.verify(CONTEXT, &codec::encode(&(school, self)), by_person)
    }
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    person: PersonId,
    sign: PublicSign,
    version: u64,
    cost: Cost,
    salt: [u8; 16],
    sealed: Vec<u8>,
    by_person: Signature,
}

/// Why a bundle did not open.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// The passphrase is not the one.
    #[error("that is not the passphrase of this person: try again, or ask the office; the fire register still opens")]
    WrongPassphrase,
    /// The file is damaged, or of a newer program.
    #[error(
        "this person's keys on this device are damaged or of a newer Muster: keep the folder as it is, sign in on another device, and tell support"
    )]
    Damaged,
}

impl Bundle {
    /// Seals a person's keys. `None` only for a cost out of range, or too little memory.
    pub fn seal(
        own: &Own,
        school: &SchoolId,
        version: u64,
        passphrase: &str,
        cost: Cost,
        random: &mut dyn CryptoRng,
    ) -> Option<Self> {
        let mut salt = [0; 16];
        random.fill_bytes(&mut salt);
        let key = stretch(passphrase, &salt, cost)?;
        let sealed = seal_framed(&key, INSIDE, &Zeroizing::new(codec::encode(&own.inside())), random)?;
        let (person, sign) = (own.keys.person, own.keys.sign.public());
        let named = Named { person, sign, version, content: content(&cost, &salt, &sealed) };
        let by_person = own.keys.sign.sign(CONTEXT, &codec::encode(&(school, named)));
        Some(Self { person, sign, version, cost, salt, sealed, by_person })
    }

    /// Opens it.
    ///
    /// # Errors
    /// When the passphrase is not the one, or a bit changed.
    pub fn open(&self, passphrase: &str) -> Result<Own, BundleError> {
        let key = stretch(passphrase, &self.salt, self.cost).ok_or(BundleError::Damaged)?;
        let inside = open_framed(&key, INSIDE, &self.sealed).ok_or(BundleError::WrongPassphrase)?;
        let inside: Inside = codec::decode(&Zeroizing::new(inside)).map_err(|_| BundleError::Damaged)?;
        let own = inside.own().map_err(|_| BundleError::Damaged)?;
        let theirs = own.keys.person == self.person && own.keys.sign.public() == self.sign;
        if theirs { Ok(own) } else { Err(BundleError::Damaged) }
    }

    /// What it is called.
    pub fn named(&self) -> Named {
        let content = content(&self.cost, &self.salt, &self.sealed);
        Named { person: self.person, sign: self.sign, version: self.version, content }
    }

    /// The person's signature.
    pub fn by_person(&self) -> &Signature {
        &self.by_person
    }

    /// Whether the person's key says so.
    pub fn holds(&self, school: &SchoolId) -> bool {
        self.named().holds(school, &self.by_person)
    }
}

fn content(cost: &Cost, salt: &[u8; 16], sealed: &[u8]) -> [u8; 32] {
    hash("muster 1 bundle content", &[&codec::encode(cost), salt, sealed])
}
