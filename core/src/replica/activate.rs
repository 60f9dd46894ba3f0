//! A person's first sign-in: one-time words from an officer, keys made on the spot.
//!
//! The officer's grant names the public halves of keys that the words stretch to, and the secrets the person may
//! read are wrapped to them, so that the first sign-in works on any device that has received the grant, offline.
//! Nobody else ever holds the keys that are made then.

use super::bundles::Passphrase;
use super::commit::Piece;
use super::records::RecordsError;
use super::store::Store;
use super::{Context, Replica};
use crate::authority::capability::Capability;
use crate::authority::grant::{Grant, Grantee, Registration};
use crate::authority::statement::Statement;
use crate::authority::view::Holder;
use crate::crypto::hash::hash16;
use crate::crypto::sign::SignKey;
use crate::crypto::stretch::{Cost, stretch};
use crate::crypto::words::{ONE_TIME_WORDS, normalise, what_is_wrong};
use crate::crypto::wrap::AgreeKey;
use crate::founding::PersonKeys;
use crate::id::{GrantId, PersonId, SchoolId, SeatId};
use crate::keys::bundle::{Opened, Own};

/// Why an activation did not go through.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ActivateError {
    /// Not six words of the list.
    #[error("{0}")]
    Words(String),
    /// No open activation has these words, as far as this device has heard.
    #[error(
        "these words let nobody in: read them once more, letter by letter. Each works once, and this device may not have heard of them yet: let it meet the device that made them"
    )]
    Unknown,
    /// This device may not keep this person's keys.
    #[error(
        "this person may not sign in on this device: people sign in on devices of their own sites, and leads and heads only on devices let in for that; the words still work on such a device"
    )]
    NotHere,
    /// The records.
    #[error(transparent)]
    Records(#[from] RecordsError),
}

/// One salt a school, so that words are stretched once and not once for each person who is waiting.
fn salt(school: &SchoolId) -> [u8; 16] {
    hash16("muster 1 activation salt", &[&school.0])
}

fn wrong(typed: &str) -> ActivateError {
    ActivateError::Words(what_is_wrong(typed, ONE_TIME_WORDS))
}

fn keys_of_words(person: PersonId, typed: &str, school: &SchoolId, cost: Cost) -> Result<PersonKeys, ActivateError> {
    let words = zeroize::Zeroizing::new(normalise(typed, ONE_TIME_WORDS).ok_or_else(|| wrong(typed))?);
    let key = stretch(&words, &salt(school), cost).ok_or_else(|| wrong(typed))?;
    let sign = SignKey::from_seed(key.derive("muster 1 activation sign", &[]).expose());
    let agree = AgreeKey::from_seed(key.derive("muster 1 activation agree", &[]));
    Ok(PersonKeys { person, sign, agree })
}

/// Rights for a person, to be taken up with these one-time words, for an officer or the cards to say.
///
/// # Errors
/// When the words are not of the list.
pub fn by_words(
    school: &SchoolId,
    person: PersonId,
    rank: u8,
    capabilities: Vec<Capability>,
    words: &str,
    cost: Cost,
) -> Result<Grant, ActivateError> {
    Ok(Grant { to: named_by_words(school, person, words, cost)?, rank, capabilities, until: None })
}

fn named_by_words(school: &SchoolId, person: PersonId, words: &str, cost: Cost) -> Result<Grantee, ActivateError> {
    let keys = keys_of_words(person, words, school, cost)?.public();
    Ok(Grantee::Activation { person, keys, salt: salt(school), cost })
}

impl<S: Store> Replica<S> {
    /// Grants a person rights, to be taken up with these one-time words.
    ///
    /// # Errors
    /// When the seat may not give them, or the words are not of the list.
    #[expect(clippy::too_many_arguments, reason = "who gives what to whom, and by which words")]
    pub fn grant_by_words(
        &mut self,
        by: &SeatId,
        person: PersonId,
        rank: u8,
        capabilities: Vec<Capability>,
        words: &str,
        cost: Cost,
        context: &mut Context<'_>,
    ) -> Result<GrantId, ActivateError> {
        let grant = by_words(&self.school, person, rank, capabilities, words, cost)?;
        Ok(self.grant(by, grant, context)?)
    }

    /// Whom a grant is to name so that it is taken up with these one-time words.
    ///
    /// # Errors
    /// When the words are not of the list.
    pub fn activation(&self, person: PersonId, words: &str, cost: Cost) -> Result<Grantee, ActivateError> {
        named_by_words(&self.school, person, words, cost)
    }

    /// As [`Replica::activate_with`], keeping the keys in memory only.
    ///
    /// # Errors
    /// When no grant heard of here has these words.
    pub fn activate(&mut self, words: &str, context: &mut Context<'_>) -> Result<Opened, ActivateError> {
        self.take_up(words, None, context)
    }

    /// Takes up a grant by its words on this device: makes the person's keys and seat, and wraps to them what the
    /// words opened. The keys are kept here under the passphrase before the words are used up, so that nobody is
    /// left without keys and without words.
    ///
    /// # Errors
    /// When no grant heard of here has these words, this device may not keep the person's keys, or they cannot be
    /// made durable: the words still work then.
    pub fn activate_with(
        &mut self,
        words: &str,
        passphrase: &Passphrase<'_>,
        context: &mut Context<'_>,
    ) -> Result<Opened, ActivateError> {
        self.take_up(words, Some(passphrase), context)
    }

    fn take_up(
        &mut self,
        words: &str,
        passphrase: Option<&Passphrase<'_>>,
        context: &mut Context<'_>,
    ) -> Result<Opened, ActivateError> {
        let (grants, person, by_words) = self.find_activation(words)?;
        if passphrase.is_some() && !self.view.may_keep(&self.device(), &person) {
            return Err(ActivateError::NotHere);
        }
        let keys = PersonKeys::random(person, context.random);
        let own = Own { before: Some(by_words.agree.clone()), ..Own::of(keys) };
        let (seat, certificate, file) = self.new_seat(&own.keys, context.random)?;
        if let Some(passphrase) = passphrase {
            self.keep_first(&own, &file, passphrase, context.random)?;
        }
        let mut pieces = vec![Piece::Statement(Box::new(Statement::Seat(certificate)), GrantId::ZERO)];
        for grant in grants {
            let registration = Registration::make(grant, own.keys.public(), &by_words.sign);
            pieces.push(Piece::Statement(Box::new(Statement::Registration(registration)), grant));
        }
        self.commit(&seat, pieces, context)?;
        self.ring.add_person(person, [by_words.agree]);
        let settled = self.settle_keys(context);
        self.ring.remove_person(&person);
        settled?;
        let opened = own.seated(seat);
        self.sign_in(&opened);
        Ok(opened)
    }

    /// The grants that these words take up, all of one person.
    fn find_activation(&self, words: &str) -> Result<(Vec<GrantId>, PersonId, PersonKeys), ActivateError> {
        let mut stretched: Vec<(Cost, PersonKeys)> = Vec::new();
        let mut found: Option<(Vec<GrantId>, PersonId, PersonKeys)> = None;
        for (id, standing) in &self.view.grants {
            let Holder::Person(person) = standing.holder else { continue };
            let Some((keys, cost)) = standing.words.as_ref().filter(|_| standing.keys.is_none()) else { continue };
            if !stretched.iter().any(|(known, _)| known == cost) {
                stretched.push((*cost, keys_of_words(person, words, &self.school, *cost)?));
            }
            let of_cost = stretched.iter().find(|(known, _)| known == cost).map(|(_, keys)| keys);
            let Some(of_words) = of_cost.filter(|of_words| of_words.public() == *keys) else { continue };
            let found = found.get_or_insert_with(|| (Vec::new(), person, PersonKeys { person, ..of_words.clone() }));
            if found.1 == person {
                found.0.push(*id);
            }
        }
        if stretched.is_empty() {
            normalise(words, ONE_TIME_WORDS).ok_or_else(|| wrong(words))?;
        }
        found.ok_or(ActivateError::Unknown)
    }
}
