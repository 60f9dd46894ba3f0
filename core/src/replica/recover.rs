//! With two recovery cards: trying them without doing anything.

use super::store::Store;
use super::{Context, Replica};
use crate::id::{EpochId, Section};
use crate::keys::epoch::EpochKey;
use crate::keys::recovery::{self, Card, CardsError};
use std::collections::BTreeSet;

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
        let keys: BTreeSet<(Section, EpochId)> =
            self.epochs.iter().map(|(epoch, info)| (info.section, *epoch)).collect();
        let opens = |(section, epoch): &(Section, EpochId)| {
            let mut wraps = self.sealed.wraps(section, epoch, &recipient);
            wraps.any(|(wrap, _)| EpochKey::open(&key, &self.school, section, epoch, &recipient, wrap).is_some())
        };
        let shut: Vec<Section> = keys.iter().filter(|key| !opens(key)).map(|(section, _)| *section).collect();
        Ok(Rehearsed { keys: keys.len(), opened: keys.len() - shut.len(), shut: shut.into_iter().collect() })
    }
}
