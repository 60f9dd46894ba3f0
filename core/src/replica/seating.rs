//! A person on this device: signing in with the keys that are kept here, and the seat that is made at the first
//! time.
//!
//! A seat's signing key never leaves its device. It lies in a small file under a key of both the person and the
//! device, durable before the seat is announced.

use super::bundles::Passphrase;
use super::commit::Piece;
use super::records::RecordsError;
use super::store::{Store, StoreError};
use super::{Context, Replica};
use crate::authority::seat::{SeatCertificate, SeatClaim};
use crate::authority::statement::Statement;
use crate::codec;
use crate::crypto::aead::{open_framed, seal_framed};
use crate::crypto::secret::Secret;
use crate::crypto::sign::SignKey;
use crate::crypto::totp::Factor;
use crate::founding::PersonKeys;
use crate::id::{GrantId, PersonId, SeatId};
use crate::keys::bundle::{BundleError, Named, Opened, Own, SeatKeys};
use crate::limits;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

const CONTEXT: &str = "muster 1 seat file";

/// Why somebody could not sign in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignInError {
    /// This person's keys have not come to this device.
    #[error(
        "this person's keys are not on this device: let it meet a device where they have signed in before, or ask the office for one-time words"
    )]
    NoKeys,
    /// This device may not keep this person's keys.
    #[error(
        "this person may not sign in on this device: people sign in on devices of their own sites, and leads and heads only on devices let in for that; use such a device, or ask the office"
    )]
    NotHere,
    /// The passphrase, or the file.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The records.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A seat as its file has it.
#[derive(Serialize, Deserialize)]
struct Seat {
    version: u8,
    sign: Secret,
    incarnation: [u8; 16],
}

/// The file of a person's seat on this device.
pub(super) fn file(person: &PersonId) -> String {
    format!("seat-{person}")
}

impl<S: Store> Replica<S> {
    /// The certificate of a seat, as its first entry says it.
    pub(crate) fn certificate_of(&self, seat: &SeatId) -> Option<SeatCertificate> {
        self.statements.values().find_map(|placed| match &placed.statement {
            Statement::Seat(certificate) if placed.seat == *seat => Some(certificate.clone()),
            _ => None,
        })
    }

    /// Signs a person in with the keys that are kept here. The first time on this device, their seat is made and
    /// announced.
    ///
    /// # Errors
    /// When this device has no keys of theirs, or may not have them; when the passphrase is another; when the seat
    /// cannot be made durable.
    pub fn sign_in_with(
        &mut self,
        person: PersonId,
        passphrase: &str,
        context: &mut Context<'_>,
    ) -> Result<Opened, SignInError> {
        let opened = self.open_with(person, passphrase, context)?;
        self.sign_in(&opened);
        Ok(opened)
    }

    /// As [`Replica::sign_in_with`], for a caller that signs in itself.
    ///
    /// # Errors
    /// As there.
    pub fn open_with(
        &mut self,
        person: PersonId,
        passphrase: &str,
        context: &mut Context<'_>,
    ) -> Result<Opened, SignInError> {
        let own = self.open_keys_of(person, passphrase)?;
        Ok(self.take_seat(own, context)?)
    }

    /// Opens the keys that are kept here of a person, to be sure of a passphrase.
    ///
    /// # Errors
    /// As [`Replica::sign_in_with`].
    pub fn open_keys_of(&self, person: PersonId, passphrase: &str) -> Result<Own, SignInError> {
        let current = self.kept_of(&person).filter(|kept| self.is_current(&kept.bundle.named()));
        let mut tried = Err(SignInError::NoKeys);
        for kept in current {
            if !self.may_keep_here(&person) {
                return Err(SignInError::NotHere);
            }
            // Where somebody was given rights anew while their keys still count, the passphrase says which are meant.
            tried = kept.bundle.open(passphrase).map_err(SignInError::from);
            if tried.is_ok() {
                break;
            }
        }
        tried
    }

    /// Whether keys that were opened here before still open the records here: they are their person's, and this device
    /// may keep them. Whoever holds nothing has none that may be kept.
    pub fn still_opens(&self, opened: &Opened) -> bool {
        let person = &opened.person.person;
        self.is_theirs_now(person, &opened.person.sign.public()) && self.may_keep_here(person)
    }

    /// Which bundle of a person is kept here. Another one comes with a new passphrase, second factor or keys, whether
    /// they were set here or elsewhere.
    pub fn bundle_here(&self, person: &PersonId) -> Option<Named> {
        self.kept_of(person).map(|kept| kept.bundle.named()).filter(|named| self.is_current(named)).last()
    }

    /// Changes a passphrase: the next bundle is sealed under the new one, and those before it count no more, on
    /// every device that hears of it.
    ///
    /// # Errors
    /// As [`Replica::sign_in_with`]; the old passphrase still opens then.
    pub fn change_passphrase(
        &mut self,
        person: PersonId,
        old: &str,
        new: &Passphrase<'_>,
        context: &mut Context<'_>,
    ) -> Result<(), SignInError> {
        let own = self.open_keys_of(person, old)?;
        Ok(self.keep_keys(&own, new, context.random)?)
    }

    /// Sets up, or with `None` takes away, a person's second factor: it goes into their next bundle.
    ///
    /// # Errors
    /// As [`Replica::sign_in_with`]; nothing is changed then.
    pub fn set_second_factor(
        &mut self,
        person: PersonId,
        passphrase: &Passphrase<'_>,
        factor: Option<Factor>,
        context: &mut Context<'_>,
    ) -> Result<(), SignInError> {
        let own = self.open_keys_of(person, passphrase.text)?;
        Ok(self.keep_keys(&Own { second_factor: factor, ..own }, passphrase, context.random)?)
    }

    /// A person's seat on this device, made and announced where they have none yet.
    ///
    /// # Errors
    /// When it cannot be made durable.
    pub fn take_seat(&mut self, own: Own, context: &mut Context<'_>) -> Result<Opened, RecordsError> {
        let kept = self.kept_seat(&own.keys)?;
        if let Some((seat, certificate)) = kept.filter(|(seat, _)| !self.is_past(&seat.seat)) {
            if !self.view.seats.contains_key(&seat.seat) {
                // The program ended between keeping it and saying so.
                self.announce(&seat, certificate, context)?;
            }
            return Ok(own.seated(seat));
        }
        let (seat, certificate, bytes) = self.new_seat(&own.keys, context.random)?;
        self.store.put_file(&file(&own.keys.person), &bytes)?;
        self.announce(&seat, certificate, context)?;
        Ok(own.seated(seat))
    }

    fn announce(
        &mut self,
        seat: &SeatKeys,
        certificate: SeatCertificate,
        context: &mut Context<'_>,
    ) -> Result<(), RecordsError> {
        let piece = Piece::Statement(Box::new(Statement::Seat(certificate)), GrantId::ZERO);
        self.commit(seat, vec![piece], context).map(drop)
    }

    /// A seat that was made here before for these very keys.
    fn kept_seat(&self, person: &PersonKeys) -> Result<Option<(SeatKeys, SeatCertificate)>, StoreError> {
        let name = file(&person.person);
        let Some(bytes) = self.store.file(&name)? else { return Ok(None) };
        let opened = open_framed(&self.seat_file_key(person), name.as_bytes(), &bytes).map(Zeroizing::new);
        // One that does not open is of other keys, or damaged: a new seat goes on without it.
        let Some(Seat { version: 1, sign, incarnation }) = opened.and_then(|bytes| codec::decode(&bytes).ok()) else {
            return Ok(None);
        };
        Ok(Some(self.certified(person, SignKey::from_seed(sign.expose()), incarnation)))
    }

    /// A new seat of a person here: its keys, its certificate, and the file that keeps it.
    pub(super) fn new_seat(
        &self,
        person: &PersonKeys,
        random: &mut dyn CryptoRng,
    ) -> Result<(SeatKeys, SeatCertificate, Vec<u8>), RecordsError> {
        let sign = SignKey::random(random);
        let mut incarnation = [0; 16];
        random.fill_bytes(&mut incarnation);
        let kept = Seat { version: 1, sign: Secret::new(*sign.seed()), incarnation };
        let name = file(&person.person);
        let text = Zeroizing::new(codec::encode(&kept));
        let bytes = seal_framed(&self.seat_file_key(person), name.as_bytes(), &text, random)
            .ok_or(RecordsError::TooMuch { what: "the size of a local file", most: limits::FRAME_BYTES })?;
        let (seat, certificate) = self.certified(person, sign, incarnation);
        Ok((seat, certificate, bytes))
    }

    fn certified(&self, person: &PersonKeys, sign: SignKey, incarnation: [u8; 16]) -> (SeatKeys, SeatCertificate) {
        let claim = SeatClaim {
            school: self.school,
            device: self.device(),
            person: Some((person.person, person.sign.public())),
            key: sign.public(),
            incarnation,
        };
        let seat = SeatKeys { seat: claim.seat(), sign };
        (seat, SeatCertificate::make(claim, &self.device.sign, Some(person)))
    }

    fn seat_file_key(&self, person: &PersonKeys) -> Secret {
        self.device.local.derive(CONTEXT, &[person.sign.seed().as_slice()])
    }

    /// Makes a person's keys and seat durable here, before anything is said that rests on them.
    pub(super) fn keep_first(
        &mut self,
        own: &Own,
        seat: &[u8],
        passphrase: &Passphrase<'_>,
        random: &mut dyn CryptoRng,
    ) -> Result<(), RecordsError> {
        self.store.put_file(&file(&own.keys.person), seat)?;
        self.keep_keys(own, passphrase, random)
    }
}
