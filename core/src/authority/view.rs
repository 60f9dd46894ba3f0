//! What follows from the statements: who is who, and who may do what.

use super::capability::{Capability, Right};
use crate::codec;
use crate::crypto::hash::hash;
use crate::crypto::sign::PublicSign;
use crate::crypto::wrap::{PublicAgree, RecipientId};
use crate::founding::PersonPublic;
use crate::id::{Compartment, DeviceId, GrantId, PersonId, SeatId};
use crate::keys::rule::KeyRule;
use crate::replica::records::Author;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Who holds a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Holder {
    /// A person.
    Person(PersonId),
    /// A device.
    Device(DeviceId),
}

/// A grant that stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Who holds it.
    pub holder: Holder,
    /// Of what rank.
    pub rank: u8,
    /// What it gives.
    pub capabilities: Vec<Capability>,
    /// The seat that gave it; `None` for the founding head's.
    pub by: Option<SeatId>,
    /// Whom secrets are wrapped to: a device's key, or an activation's until the person has registered.
    pub agree: Option<PublicAgree>,
}

/// A seat whose certificate holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Seated {
    /// On which device.
    pub device: DeviceId,
    /// Which person, by which key.
    pub person: Option<(PersonId, PublicSign)>,
    /// Seals its logs.
    pub key: PublicSign,
}

/// The result of evaluating the statements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// Every seat with a certificate that holds.
    pub seats: BTreeMap<SeatId, Seated>,
    /// Every grant that stands.
    pub grants: BTreeMap<GrantId, Standing>,
    /// The keys of every person who has registered some.
    pub persons: BTreeMap<PersonId, PersonPublic>,
    pub(super) by_holder: BTreeMap<Holder, BTreeSet<GrantId>>,
    pub(super) recovery: Option<PublicAgree>,
}

impl Ord for Standing {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.holder, self.rank).cmp(&(other.holder, other.rank))
    }
}

impl PartialOrd for Standing {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl View {
    /// The same on all replicas with the same statements.
    pub fn state_hash(&self) -> [u8; 32] {
        hash("muster 1 authority state", &[&codec::encode(&(&self.seats, &self.grants, &self.persons))])
    }

    /// Who is behind a seat, and whether both the device and the person belong to the school now.
    pub fn author(&self, seat: &SeatId) -> Option<Author> {
        let seated = self.seats.get(seat)?;
        Some(Author { device: seated.device, person: seated.person.map(|(person, _)| person) })
    }

    /// The grants of a holder, by name.
    pub fn grants_of(&self, holder: &Holder) -> impl Iterator<Item = (&GrantId, &Standing)> {
        self.by_holder.get(holder).into_iter().flatten().filter_map(|id| Some((id, self.grants.get(id)?)))
    }

    /// Whether a device is of the school.
    pub fn is_enrolled(&self, device: &DeviceId) -> bool {
        self.by_holder.contains_key(&Holder::Device(*device))
    }

    /// Every device of the school.
    pub fn devices(&self) -> impl Iterator<Item = DeviceId> {
        self.by_holder.keys().filter_map(|holder| match holder {
            Holder::Device(device) => Some(*device),
            Holder::Person(_) => None,
        })
    }

    /// Whom a seat acts for: the person, if one is signed in and the seat's key is theirs, else the device.
    pub fn holder(&self, seat: &SeatId) -> Option<Holder> {
        let seated = self.seats.get(seat)?;
        match seated.person {
            Some((person, key)) => (self.persons.get(&person)?.sign == key).then_some(Holder::Person(person)),
            None => Some(Holder::Device(seated.device)),
        }
    }

    /// The grant on which a seat may do this in a compartment, the least if there are several. The seat's
    /// device must be of the school too.
    pub fn may(&self, seat: &SeatId, right: Right, compartment: &Compartment) -> Option<GrantId> {
        if !self.is_enrolled(&self.seats.get(seat)?.device) {
            return None;
        }
        let holder = self.holder(seat)?;
        self.grants_of(&holder).find(|(_, grant)| gives(grant, right, compartment)).map(|(id, _)| *id)
    }

    /// Whether a certain grant, held by this seat, gives a right.
    pub fn stands_on(&self, seat: &SeatId, grant: &GrantId, right: Right, compartment: &Compartment) -> bool {
        let Some(standing) = self.grants.get(grant) else { return false };
        self.holder(seat) == Some(standing.holder) && gives(standing, right, compartment)
    }

    /// Whether a holder has a right in a compartment.
    pub fn has(&self, holder: &Holder, right: Right, compartment: &Compartment) -> bool {
        self.grants_of(holder).any(|(_, grant)| gives(grant, right, compartment))
    }

    /// Whether a device may keep and pass on a compartment's entries. The authority area is every device's.
    pub fn may_hold(&self, device: &DeviceId, compartment: &Compartment) -> bool {
        let holder = Holder::Device(*device);
        self.is_enrolled(device)
            && (*compartment == Compartment::AUTHORITY
                || self.has(&holder, Right::Hold, compartment)
                || self.has(&holder, Right::Read, compartment))
    }

    /// Whom an epoch of this compartment is wrapped to: its readers, and recovery.
    pub fn readers(&self, compartment: &Compartment, rule: KeyRule) -> BTreeMap<RecipientId, PublicAgree> {
        let devices = (rule == KeyRule::Daily).then(|| self.grants_with(&[Right::Read], compartment)).into_iter();
        let devices = devices.flatten().filter(|grant| matches!(grant.holder, Holder::Device(_)));
        let persons = self.persons_with(&[Right::Read], compartment).into_iter().map(|(_, key)| key);
        let keys = self.recovery.into_iter().chain(devices.filter_map(|grant| grant.agree)).chain(persons);
        keys.map(|key| (key.recipient(), key)).collect()
    }

    /// Whom the cover of cases of this compartment is wrapped to: who may open one or reads them, and recovery.
    pub fn case_openers(&self, compartment: &Compartment) -> BTreeMap<RecipientId, PublicAgree> {
        let persons = self.persons_with(&Right::OPENS_CASES, compartment).into_iter().map(|(_, key)| key);
        self.recovery.into_iter().chain(persons).map(|key| (key.recipient(), key)).collect()
    }

    /// The persons who have one of these rights in a compartment, each with the key that is wrapped to: their own,
    /// or that of their one-time words while they have none.
    pub fn persons_with(&self, rights: &[Right], compartment: &Compartment) -> Vec<(PersonId, PublicAgree)> {
        let holders = self.grants_with(rights, compartment).filter_map(|standing| match standing.holder {
            Holder::Person(person) => {
                let key = self.persons.get(&person).map(|keys| keys.agree).or(standing.agree);
                Some((person, key?))
            }
            Holder::Device(_) => None,
        });
        holders.collect()
    }

    /// Every key that may still be among the recipients of an epoch for these rights: those that are wrapped to
    /// now, and those of one-time words that were taken up.
    pub fn entitled(&self, rights: &[Right], compartment: &Compartment, devices: bool) -> BTreeSet<RecipientId> {
        let persons = self.persons_with(rights, compartment).into_iter().map(|(_, key)| key);
        let agreed = self.grants_with(rights, compartment).filter(|grant| match grant.holder {
            Holder::Person(_) => true,
            Holder::Device(_) => devices,
        });
        let keys = self.recovery.into_iter().chain(persons).chain(agreed.filter_map(|grant| grant.agree));
        keys.map(|key| key.recipient()).collect()
    }

    /// What is wrapped to so that nothing is lost when everybody's keys are.
    pub fn recovery(&self) -> Option<PublicAgree> {
        self.recovery
    }

    fn grants_with<'a>(
        &'a self,
        rights: &'a [Right],
        compartment: &'a Compartment,
    ) -> impl Iterator<Item = &'a Standing> + 'a {
        self.grants.values().filter(move |grant| rights.iter().any(|right| gives(grant, *right, compartment)))
    }

    /// The strongest rank of a holder; `None` for one with no grant.
    pub fn rank(&self, holder: &Holder) -> Option<u8> {
        self.grants_of(holder).map(|(_, grant)| grant.rank).min()
    }
}

fn gives(grant: &Standing, right: Right, compartment: &Compartment) -> bool {
    grant.capabilities.iter().any(|capability| capability.gives(right, compartment))
}
