//! Statements: what the authority area's entries say. Ids, ranks and keys, never names.

use super::cards::CardsStatement;
use super::erasure::ErasureAct;
use super::grant::{Grant, Registration};
use super::reduction::{Adoption, Lift, NewKeys, Removal, Suspension};
use super::seat::SeatCertificate;
use crate::codec::{self, Malformed};
use crate::limits;

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// A seat begins: always the first entry of its authority log.
    Seat(SeatCertificate),
    /// Rights.
    Grant(Grant),
    /// Keys.
    Registration(Registration),
    /// Rights taken away for good.
    Removal(Removal),
    /// A device held back until somebody lifts it.
    Suspension(Suspension),
    /// A suspension ends.
    Lift(Lift),
    /// Entries past a cut, or on a branch, that count after all.
    Adoption(Adoption),
    /// A person goes on with new keys.
    NewKeys(NewKeys),
    /// What the recovery cards say together.
    Cards(Box<CardsStatement>),
    /// About what is to be erased: nothing about authority follows from it.
    Erasure(ErasureAct),
    /// Of a newer version, or in no legal form: kept, passed on, and without effect here.
    Unknown(u16, Vec<u8>),
}

impl Statement {
    /// The body of its entry: a tag and the rest, so that a newer kind can be told from a broken one.
    pub fn encode(&self) -> Vec<u8> {
        let (tag, rest) = match self {
            Self::Seat(seat) => (1, codec::encode(seat)),
            Self::Grant(grant) => (2, codec::encode(grant)),
            Self::Registration(registration) => (3, codec::encode(registration)),
            Self::Removal(removal) => (4, codec::encode(removal)),
            Self::Suspension(suspension) => (5, codec::encode(suspension)),
            Self::Lift(lift) => (6, codec::encode(lift)),
            Self::Adoption(adoption) => (7, codec::encode(adoption)),
            Self::NewKeys(keys) => (8, codec::encode(keys)),
            Self::Cards(cards) => (9, codec::encode(cards)),
            Self::Erasure(act) => (10, codec::encode(act)),
            Self::Unknown(tag, rest) => (*tag, rest.clone()),
        };
        codec::encode(&(tag, rest))
    }

    /// From a body.
    ///
    /// # Errors
    /// When it is not a statement, or passes a limit.
    pub fn decode(body: &[u8]) -> Result<Self, Malformed> {
        let (tag, rest): (u16, Vec<u8>) = codec::decode(body)?;
        let statement = match tag {
            1 => Self::Seat(codec::decode(&rest)?),
            2 => Self::Grant(codec::decode(&rest)?),
            3 => Self::Registration(codec::decode(&rest)?),
            4 => Self::Removal(codec::decode(&rest)?),
            5 => Self::Suspension(codec::decode(&rest)?),
            6 => Self::Lift(codec::decode(&rest)?),
            7 => Self::Adoption(codec::decode(&rest)?),
            8 => Self::NewKeys(codec::decode(&rest)?),
            9 => Self::Cards(codec::decode(&rest)?),
            10 => Self::Erasure(codec::decode(&rest)?),
            _ => Self::Unknown(tag, rest),
        };
        if statement.is_within_limits() { Ok(statement) } else { Err(Malformed) }
    }

    fn is_within_limits(&self) -> bool {
        match self {
            Self::Grant(grant) => grant.capabilities.len() <= limits::CAPABILITIES_PER_GRANT,
            Self::Removal(Removal { cuts, .. })
            | Self::Suspension(Suspension { cuts, .. })
            | Self::NewKeys(NewKeys { cuts, .. }) => cuts.is_legal(),
            Self::Adoption(adoption) => adoption.entries.len() <= limits::ADOPTED_AT_ONCE,
            Self::Cards(cards) => cards.is_within_limits(),
            Self::Erasure(act) => act.is_legal(),
            Self::Seat(_) | Self::Registration(_) | Self::Lift(_) | Self::Unknown(..) => true,
        }
    }
}
