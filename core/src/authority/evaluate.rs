//! Evaluation, rank by rank: what rank r may do is fixed by the ranks above it alone.
//!
//! A function of the set of statements: one pass a rank, no timestamps, no order of arrival, no replay.

use super::capability::{Capability, Right};
use super::seat::SeatCertificate;
use super::statement::{Grant, Grantee, RANK_DEVICE, RANK_HEAD, Registration, Statement};
use super::view::{Holder, Seated, Standing, View};
use crate::authority::capability::Which;
use crate::crypto::sign::PublicSign;
use crate::founding::Founding;
use crate::id::{ActId, EntryHash, FrontierId, GrantId, LogId, PlaceId, SeatId};
use crate::time::Moment;
use std::collections::BTreeMap;

/// A statement and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Who wrote it.
    pub seat: SeatId,
    /// In which log.
    pub log: LogId,
    /// Where in it.
    pub sequence: u64,
    /// In which act, and what its author's clock said: for the audit, never for a verdict.
    pub act: (ActId, Moment),
    /// On which grant it stands.
    pub grant: GrantId,
    /// Which authority heads its author had seen.
    pub authority: FrontierId,
    /// What it says.
    pub statement: Statement,
}

/// Whether the entry at this place of a log lies under a frontier object; `false` when the object is not held.
pub type Covers<'a> = &'a dyn Fn(&FrontierId, &LogId, u64) -> bool;

/// Signatures in statements that were checked already: a statement never changes, so neither does the answer.
#[derive(Clone, Debug, Default)]
pub struct Checked(BTreeMap<EntryHash, bool>);

/// Works out what follows from a set of statements.
pub fn evaluate(founding: &Founding, statements: &BTreeMap<EntryHash, Placed>, covers: Covers<'_>) -> View {
    evaluate_again(founding, statements, covers, &mut Checked::default())
}

/// As [`evaluate`], without checking again what was checked before.
pub fn evaluate_again(
    founding: &Founding,
    statements: &BTreeMap<EntryHash, Placed>,
    covers: Covers<'_>,
    checked: &mut Checked,
) -> View {
    let mut view = View { recovery: Some(founding.recovery), ..View::default() };
    seat_all(founding, statements, &mut view, checked);
    found(founding, &mut view);
    for rank in RANK_HEAD + 1..=RANK_DEVICE {
        let of_rank = statements.iter().filter_map(|(hash, placed)| match &placed.statement {
            Statement::Grant(grant) if grant.rank == rank => Some((hash, placed, grant)),
            _ => None,
        });
        let standing: Vec<_> = of_rank
            .filter(|(_, placed, grant)| is_given_in_right(&view, statements, placed, grant, covers))
            .map(|(hash, placed, grant)| (GrantId(hash.0), stand(placed.seat, grant)))
            .collect();
        for (id, standing) in standing {
            add(&mut view, id, standing);
        }
        register(statements, rank, &mut view, checked);
    }
    view
}

fn seat_all(founding: &Founding, statements: &BTreeMap<EntryHash, Placed>, view: &mut View, checked: &mut Checked) {
    let school = founding.school();
    for (hash, placed) in statements {
        if let Statement::Seat(certificate) = &placed.statement
            && let Some(seated) = seated(certificate, &placed.seat)
            && *checked.0.entry(*hash).or_insert_with(|| certificate.holds(&school))
        {
            view.seats.insert(placed.seat, seated);
        }
    }
}

/// What a certificate says of a seat, if it is that seat's.
pub fn seated(certificate: &SeatCertificate, seat: &SeatId) -> Option<Seated> {
    let claim = &certificate.claim;
    (claim.seat() == *seat).then_some(Seated { device: claim.device, person: claim.person, key: claim.key })
}

fn found(founding: &Founding, view: &mut View) {
    let everywhere = |right| Capability { right, area: Which::Any, place: Which::<PlaceId>::Any };
    view.persons.insert(founding.head, founding.head_keys);
    let standing = Standing {
        holder: Holder::Person(founding.head),
        rank: RANK_HEAD,
        capabilities: [Right::Read, Right::Write, Right::Grant, Right::Enrol].map(everywhere).to_vec(),
        by: None,
        agree: None,
    };
    add(view, founding.head_grant(), standing);
}

fn add(view: &mut View, id: GrantId, standing: Standing) {
    view.by_holder.entry(standing.holder).or_default().insert(id);
    view.grants.insert(id, standing);
}

fn stand(by: SeatId, grant: &Grant) -> Standing {
    let (holder, agree) = match &grant.to {
        Grantee::Device { device, agree } => (Holder::Device(*device), Some(*agree)),
        Grantee::Activation { person, keys, .. } => (Holder::Person(*person), Some(keys.agree)),
        Grantee::Person { person, .. } => (Holder::Person(*person), None),
    };
    Standing { holder, rank: grant.rank, capabilities: grant.capabilities.clone(), by: Some(by), agree }
}

fn is_given_in_right(
    view: &View,
    statements: &BTreeMap<EntryHash, Placed>,
    placed: &Placed,
    grant: &Grant,
    covers: Covers<'_>,
) -> bool {
    let Some(author) = view.grants.get(&placed.grant) else { return false };
    // The founding head's grant is in no log; every other lies at a place that the author must have seen.
    let seen = author.by.is_none()
        || statements.get(&EntryHash(placed.grant.0)).is_some_and(|at| covers(&placed.authority, &at.log, at.sequence));
    seen && allows(author, grant) && view.holder(&placed.seat) == Some(author.holder)
}

/// Whether the holder of one grant may give another: of a weaker rank, within what the holder may give.
pub fn allows(author: &Standing, grant: &Grant) -> bool {
    let needs = match &grant.to {
        Grantee::Device { .. } => Right::Enrol,
        Grantee::Activation { .. } | Grantee::Person { .. } => Right::Grant,
    };
    let within =
        grant.capabilities.iter().all(|given| author.capabilities.iter().any(|held| held.lets_give(needs, given)));
    let shape = match &grant.to {
        Grantee::Device { .. } => grant.rank == RANK_DEVICE,
        Grantee::Activation { .. } | Grantee::Person { .. } => grant.rank < RANK_DEVICE,
    };
    shape && within && author.rank < grant.rank
}

/// Takes up the keys registered under this rank's activations. Should two have been registered under one, the
/// one in the entry with the least hash counts, on every replica.
fn register(statements: &BTreeMap<EntryHash, Placed>, rank: u8, view: &mut View, checked: &mut Checked) {
    for (hash, placed) in statements {
        let Statement::Registration(registration) = &placed.statement else { continue };
        let mut holds = |key: &PublicSign| *checked.0.entry(*hash).or_insert_with(|| registration.holds(key));
        if let Some((holder, keys)) = registered(statements, rank, view, placed, registration, &mut holds) {
            view.persons.entry(holder).or_insert(keys);
        }
    }
}

fn registered(
    statements: &BTreeMap<EntryHash, Placed>,
    rank: u8,
    view: &View,
    placed: &Placed,
    registration: &Registration,
    holds: &mut dyn FnMut(&PublicSign) -> bool,
) -> Option<(crate::id::PersonId, crate::founding::PersonPublic)> {
    let grant = view.grants.get(&registration.grant).filter(|grant| grant.rank == rank)?;
    let Holder::Person(person) = grant.holder else { return None };
    let Statement::Grant(Grant { to: Grantee::Activation { keys, .. }, .. }) =
        &statements.get(&EntryHash(registration.grant.0))?.statement
    else {
        return None;
    };
    let own = view.seats.get(&placed.seat)?.person == Some((person, registration.keys.sign));
    (own && holds(&keys.sign)).then_some((person, registration.keys))
}
