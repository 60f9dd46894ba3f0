//! What the recovery cards say: rank 0, outside any log.
//!
//! Signatures are counted and nothing is assembled to sign, so two cards can sign one after the other on different
//! machines. The statement proves itself, and counts in whatever log somebody carries it.

use super::grant::RANK_HEAD;
use super::statement::Statement;
use crate::codec;
use crate::crypto::hash::hash;
use crate::crypto::sign::Signature;
use crate::founding::Founding;
use crate::id::{EntryHash, SchoolId};
use crate::keys::recovery::{CARDS, Card};
use crate::limits;
use serde::{Deserialize, Serialize};

const CONTEXT: &str = "cards 1";

/// Statements signed by recovery cards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardsStatement {
    school: SchoolId,
    /// Random: the same words said twice are two statements.
    nonce: [u8; 16],
    says: Vec<Vec<u8>>,
    signatures: Vec<(u8, Signature)>,
}

impl CardsStatement {
    /// What the cards are asked to sign, with no signature yet.
    pub fn draft(school: SchoolId, nonce: [u8; 16], says: &[Statement]) -> Self {
        Self { school, nonce, says: says.iter().map(Statement::encode).collect(), signatures: Vec::new() }
    }

    fn bytes(&self) -> Vec<u8> {
        codec::encode(&(self.school, self.nonce, &self.says))
    }

    /// Adds a card's signature, in place of one it gave before.
    pub fn sign(&mut self, card: &Card) {
        let signature = card.sign_key().sign(CONTEXT, &self.bytes());
        self.signatures.retain(|(number, _)| *number != card.number());
        self.signatures.push((card.number(), signature));
        self.signatures.sort_unstable_by_key(|(number, _)| *number);
    }

    /// Which cards have signed, by number from 1, whether or not their signatures hold.
    pub fn signed_by(&self) -> impl Iterator<Item = u8> {
        self.signatures.iter().map(|(number, _)| *number)
    }

    /// A hash of what is signed, whoever has signed so far: two holders who see the same sign the same.
    pub fn fingerprint(&self) -> [u8; 32] {
        hash("muster 1 cards fingerprint", &[&self.bytes()])
    }

    /// Whether enough different cards of this school signed it.
    pub fn holds(&self, founding: &Founding) -> bool {
        let bytes = self.bytes();
        let good = (1..).zip(&founding.cards).filter(|(number, card)| {
            self.signatures.iter().any(|(by, signature)| by == number && card.verify(CONTEXT, &bytes, signature))
        });
        self.school == founding.school() && good.count() >= usize::from(founding.threshold)
    }

    /// What it says, each with a name of its own. What cards do not say (seats, keys, cards again) is left out.
    pub fn says(&self) -> impl Iterator<Item = (EntryHash, Statement)> {
        let bytes = self.bytes();
        (0_u32..).zip(&self.says).filter_map(move |(at, said)| {
            let statement = Statement::decode(said).ok().filter(may_be_said)?;
            Some((EntryHash(hash("muster 1 cards say", &[&bytes, &at.to_le_bytes()])), statement))
        })
    }

    pub(super) fn is_within_limits(&self) -> bool {
        self.says.len() <= limits::SAID_BY_CARDS && self.signatures.len() <= CARDS
    }
}

fn may_be_said(statement: &Statement) -> bool {
    match statement {
        Statement::Grant(grant) => grant.rank >= RANK_HEAD,
        Statement::Removal(_) | Statement::Suspension(_) | Statement::Lift(_) | Statement::Adoption(_) => true,
        _ => false,
    }
}
