//! A school rebuilt on a new device from what one other kept, by two recovery cards.
//!
//! What was kept need not be readable where it was kept: a blind replica has every entry and every sealed record,
//! and each epoch is wrapped to the recovery key. The new device takes all of it as it would from any peer, verified,
//! and writes nothing where it comes from. What lets it in, and names the head, is what the cards say.

use super::conversation::{Conversation, Fault};
use crate::authority::capability::Capability;
use crate::authority::grant::{Grant, Grantee, RANK_DEVICE};
use crate::authority::statement::Statement;
use crate::crypto::stretch::Cost;
use crate::id::PersonId;
use crate::keys::recovery::{self, Card};
use crate::keys::rule::AreaRule;
use crate::replica::records::RecordsError;
use crate::replica::store::{Store, StoreError, Untouched};
use crate::replica::{Context, DailyLimit, DeviceSecrets, OpenError, RecoverError, Replica};

/// Why a school could not be rebuilt.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RebuildError {
    /// The cards, or the one-time words.
    #[error(transparent)]
    Cards(#[from] RecoverError),
    /// What is there, or the folder that is to hold the school.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// What was kept does not verify.
    #[error("what was kept does not hold together: {0}")]
    Kept(#[from] Fault),
    /// Not all of it came over.
    #[error(
        "not all that was kept there could be taken over: check that disk, or rebuild from another device's records"
    )]
    Incomplete,
    /// The records.
    #[error(transparent)]
    Records(#[from] RecordsError),
}

impl From<StoreError> for RebuildError {
    fn from(error: StoreError) -> Self {
        Self::Records(error.into())
    }
}

/// What a school is rebuilt by, and for whom.
#[derive(Debug)]
pub struct Rebuild<'a> {
    /// Two of the school's cards.
    pub cards: [&'a Card; 2],
    /// What the new device may hold and do.
    pub capabilities: Vec<Capability>,
    /// The head from now on; `None` for whoever founded the school, who goes on with new keys.
    pub head: Option<PersonId>,
    /// The one-time words that the head takes it up with.
    pub words: &'a str,
    /// How dear each guess at them is.
    pub cost: Cost,
}

/// Takes over what another device kept, into an empty store, which is made once the cards are found to be good. The
/// school is of this device then, and every key is wrapped to the head's one-time words; nobody is signed in.
///
/// # Errors
/// When the cards are not two of this school's, the store is not empty, or not all came over whole.
pub fn rebuild<S: Store, T: Store>(
    store: impl FnOnce() -> Result<S, StoreError>,
    kept: T,
    rebuild: Rebuild<'_>,
    rules: &[AreaRule],
    context: &mut Context<'_>,
) -> Result<Replica<S>, RebuildError> {
    let mut from = Replica::open(Untouched::over(kept), rules)?;
    let founding = from.founding().clone();
    let Rebuild { cards, capabilities, head, words, cost } = rebuild;
    recovery::recovery_key(&founding, cards[0], cards[1]).map_err(RecoverError::from)?;
    let device = DeviceSecrets::random(founding.school(), context.random);
    let to = Grantee::Device { device: device.id(), agree: device.public_agree() };
    let admits = Statement::Grant(Grant { to, rank: RANK_DEVICE, capabilities, until: None });
    let mut new = Replica::join(store()?, &founding, device, rules, context)?;
    new.by_cards(cards, &[admits], context)?;
    // Whoever kept it all is asked once.
    new.limit_daily(None);
    take_over(&mut new, &mut from, context)?;
    new.limit_daily(Some(DailyLimit::default()));
    new.name_head(cards, head.unwrap_or(founding.head), (words, cost), context)?;
    Ok(new)
}

/// One session between the two, in memory.
fn take_over<S: Store, T: Store>(
    new: &mut Replica<S>,
    from: &mut Replica<T>,
    context: &mut Context<'_>,
) -> Result<(), RebuildError> {
    let mut asks = Conversation::start(new, from.device(), context.now);
    let mut gives = Conversation::start(from, new.device(), context.now);
    loop {
        let mut quiet = true;
        while let Some(frame) = asks.next(new)? {
            gives.receive(from, &frame, context)?;
            quiet = false;
        }
        while let Some(frame) = gives.next(from)? {
            asks.receive(new, &frame, context)?;
            quiet = false;
        }
        if quiet {
            break;
        }
    }
    if asks.is_same() && gives.is_same() { Ok(()) } else { Err(RebuildError::Incomplete) }
}
