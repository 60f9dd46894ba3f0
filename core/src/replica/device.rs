//! The device's own secrets, and what it seals for itself.

use crate::authority::seat::{SeatCertificate, SeatClaim};
use crate::codec::{self, Malformed};
use crate::crypto::aead::{open_framed, seal_framed};
use crate::crypto::secret::Secret;
use crate::crypto::sign::SignKey;
use crate::crypto::wrap::{AgreeKey, PublicAgree};
use crate::id::{DeviceId, SchoolId, SeatId};
use crate::keys::bundle::SeatKeys;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The name of the small file that holds them.
pub(crate) const DEVICE_FILE: &str = "device";

/// A device's keys, its own seat, and the secret that never leaves it.
///
/// Whoever has this file has the device: it opens the roll and the sealed fire list, and nothing that needs a
/// person.
#[derive(Clone, Debug)]
pub struct DeviceSecrets {
    /// Its signing and network key.
    pub sign: SignKey,
    /// Opens what is wrapped to the device.
    pub agree: AgreeKey,
    /// Seals local files, and is one of the two layers of every bundle.
    pub local: Secret,
    /// The seat of the device with nobody signed in.
    pub seat: SeatKeys,
    incarnation: [u8; 16],
}

#[derive(Serialize, Deserialize)]
struct Kept {
    version: u8,
    sign: Secret,
    agree: Secret,
    local: Secret,
    seat_sign: Secret,
    seat: SeatId,
    incarnation: [u8; 16],
}

impl DeviceSecrets {
    /// A new device's, for a school, from randomness handed in.
    pub fn random(school: SchoolId, random: &mut dyn CryptoRng) -> Self {
        let (sign, agree) = (SignKey::random(random), AgreeKey::random(random));
        Self::with_keys(sign, agree, school, random)
    }

    /// A device's whose keys were made before it knew the school: while it was being let in.
    pub fn with_keys(sign: SignKey, agree: AgreeKey, school: SchoolId, random: &mut dyn CryptoRng) -> Self {
        let local = Secret::random(random);
        let seat_sign = SignKey::random(random);
        let mut incarnation = [0; 16];
        random.fill_bytes(&mut incarnation);
        let mut made = Self { sign, agree, local, seat: SeatKeys { seat: SeatId::ZERO, sign: seat_sign }, incarnation };
        made.seat.seat = made.claim(school).seat();
        made
    }

    /// The same device with a new seat of its own.
    pub(super) fn seated_anew(&self, school: SchoolId, random: &mut dyn CryptoRng) -> Self {
        let fresh = Self::with_keys(self.sign.clone(), self.agree.clone(), school, random);
        Self { local: self.local.clone(), ..fresh }
    }

    /// The same device for the network and in its logs, with nothing that opens what was sealed for it.
    pub(super) fn without_what_opens(&self, random: &mut dyn CryptoRng) -> Self {
        Self { agree: AgreeKey::random(random), local: Secret::random(random), ..self.clone() }
    }

    /// The device's id.
    pub fn id(&self) -> DeviceId {
        DeviceId(self.sign.public().0)
    }

    /// What secrets are wrapped to.
    pub fn public_agree(&self) -> PublicAgree {
        self.agree.public()
    }

    fn claim(&self, school: SchoolId) -> SeatClaim {
        SeatClaim {
            school,
            device: self.id(),
            person: None,
            key: self.seat.sign.public(),
            incarnation: self.incarnation,
        }
    }

    /// The certificate of the device's own seat.
    pub fn certificate(&self, school: SchoolId) -> SeatCertificate {
        SeatCertificate::make(self.claim(school), &self.sign, None)
    }

    /// For the device file.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(codec::encode(&Kept {
            version: 1,
            sign: Secret::new(*self.sign.seed()),
            agree: self.agree.seed().clone(),
            local: self.local.clone(),
            seat_sign: Secret::new(*self.seat.sign.seed()),
            seat: self.seat.seat,
            incarnation: self.incarnation,
        }))
    }

    /// From the device file.
    ///
    /// # Errors
    /// When it is not one.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let kept: Kept = codec::decode(bytes)?;
        if kept.version != 1 {
            return Err(Malformed);
        }
        Ok(Self {
            sign: SignKey::from_seed(kept.sign.expose()),
            agree: AgreeKey::from_seed(kept.agree.clone()),
            local: kept.local.clone(),
            seat: SeatKeys { seat: kept.seat, sign: SignKey::from_seed(kept.seat_sign.expose()) },
            incarnation: kept.incarnation,
        })
    }

    /// Seals a small file for this device alone.
    pub fn seal_file(&self, name: &str, text: &[u8], random: &mut dyn CryptoRng) -> Option<Vec<u8>> {
        seal_framed(&self.local.derive("muster 1 local file", &[name.as_bytes()]), name.as_bytes(), text, random)
    }

    /// Opens what [`DeviceSecrets::seal_file`] sealed; `None` when it is damaged or another device's.
    pub fn open_file(&self, name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        open_framed(&self.local.derive("muster 1 local file", &[name.as_bytes()]), name.as_bytes(), bytes)
    }
}
