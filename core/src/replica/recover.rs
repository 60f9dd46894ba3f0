//! With two recovery cards: trying them without doing anything, wrapping every key to those who may read
//! now, and naming a head.

use super::records::RecordsError;
use super::store::Store;
use super::{ActivateError, Context, Replica, by_words};
use crate::authority::capability::Capability;
use crate::authority::grant::RANK_HEAD;
use crate::authority::reduction::{Reason, Target};
use crate::authority::statement::Statement;
use crate::authority::view::Holder;
use crate::crypto::sign::PublicSign;
use crate::crypto::stretch::Cost;
use crate::id::{PersonId, Section};
use crate::keys::epoch::EpochInfo;
use crate::keys::epoch::EpochKey;
use crate::keys::recovery::{self, Card, CardsError};
use std::collections::BTreeSet;

/// Whom the recovery key stands under on the ring, while two cards are at work. Nobody's: people's ids are random.
pub(super) const RECOVERY: PersonId = PersonId([0; 16]);

/// Why two cards could not do what was asked of them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecoverError {
    /// The cards.
    #[error(transparent)]
    Cards(#[from] CardsError),
    /// The one-time words.
    #[error(transparent)]
    Words(#[from] ActivateError),
    /// The records.
    #[error(transparent)]
    Records(#[from] RecordsError),
}

/// What a rehearsal found. Nothing secret is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rehearsed {
    /// How many keys of the school are known here: the epochs of every section held.
    pub keys: usize,
    /// How many of them the cards open.
    pub opened: usize,
    /// The sections with a key that they do not open.
    pub shut: BTreeSet<Section>,
}

impl<S: Store> Replica<S> {
    /// Proves that two cards would do if they were needed: that both sign for this school, that together they give
    /// the recovery key, and which keys held here it opens. Writes nothing, and keeps nothing of the cards.
    ///
    /// # Errors
    /// When they are not two of the school's three cards.
    pub fn rehearse(&self, left: &Card, right: &Card, context: &mut Context<'_>) -> Result<Rehearsed, CardsError> {
        let key = recovery::recovery_key(&self.founding, left, right)?;
        let mut asked = [0; 32];
        context.random.fill_bytes(&mut asked);
        for card in [left, right] {
            const USE: &str = "muster 1 rehearsal";
            let public = usize::from(card.number()).checked_sub(1).and_then(|at| self.founding.cards.get(at));
            let signature = card.sign_key().sign(USE, &asked);
            if !public.is_some_and(|public| public.verify(USE, &asked, &signature)) {
                return Err(CardsError::NotOneOfThree(card.number()));
            }
        }
        let recipient = key.public().recipient();
        let keys = &self.epochs;
        let opens = |info: &EpochInfo| {
            let mut wraps = self.sealed.wraps(&info.section, &info.statement.epoch, &recipient);
            wraps.any(|(wrap, _)| EpochKey::open(&key, &info.name(&self.school), &recipient, wrap).is_some())
        };
        let shut: Vec<Section> = keys.values().filter(|info| !opens(info)).map(|info| info.section).collect();
        Ok(Rehearsed { keys: keys.len(), opened: keys.len() - shut.len(), shut: shut.into_iter().collect() })
    }

    /// Opens with two cards every epoch held here and wraps it to all who may read it now: what a head whom the cards
    /// have just named needs, where nobody who could read is left. The recovery key is on this device for as long as
    /// this takes.
    ///
    /// # Errors
    /// When they are not two of the school's three cards, or the store fails: what was wrapped by then stays.
    pub fn wrap_by_cards(&mut self, cards: [&Card; 2], context: &mut Context<'_>) -> Result<(), RecoverError> {
        let [left, right] = cards;
        self.ring.add_person(RECOVERY, [recovery::recovery_key(&self.founding, left, right)?]);
        let settled = self.settle_keys(context);
        self.ring.remove_person(&RECOVERY);
        self.cache.forget_all();
        Ok(settled?)
    }

    /// What the cards are to say to make a person head, who takes it up with these one-time words. Keys that the
    /// person has had until now hold nothing any more: whoever is named so has lost them, or never had any.
    ///
    /// # Errors
    /// When the words are not of the list, or the store cannot be read.
    pub fn head_for_cards(&self, person: PersonId, words: &str, cost: Cost) -> Result<Vec<Statement>, ActivateError> {
        let head = by_words(&self.school, person, RANK_HEAD, Capability::of_a_head(), words, cost)?;
        let held = self.view.grants.values().filter(|standing| standing.holder == Holder::Person(person));
        let keys: BTreeSet<PublicSign> = held.filter_map(|standing| Some(standing.keys?.sign)).collect();
        let mut says = vec![Statement::Grant(head)];
        for key in keys {
            says.push(self.removal_for_cards(Target::Keys(person, key), Reason::Reset)?);
        }
        Ok(says)
    }

    /// Makes a person head by two cards that are both at hand, and wraps every key held here to the one-time words.
    ///
    /// # Errors
    /// When they are not two of the school's three cards, the words are not of the list, or the store fails.
    pub fn name_head(
        &mut self,
        cards: [&Card; 2],
        person: PersonId,
        (words, cost): (&str, Cost),
        context: &mut Context<'_>,
    ) -> Result<(), RecoverError> {
        let [left, right] = cards;
        recovery::recovery_key(&self.founding, left, right)?;
        let says = self.head_for_cards(person, words, cost)?;
        self.by_cards(cards, &says, context)?;
        self.wrap_by_cards(cards, context)
    }
}
