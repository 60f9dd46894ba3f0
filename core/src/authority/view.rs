//! What follows from the statements: who is who, and who may do what.

use super::capability::{Capability, Right};
use super::line::{Adopter, DeviceCut};
use super::reduction::{Cuts, EntryName};
use crate::codec;
use crate::crypto::hash::hash;
use crate::crypto::sign::PublicSign;
use crate::crypto::stretch::Cost;
use crate::crypto::wrap::{PublicAgree, RecipientId};
use crate::founding::PersonPublic;
use crate::id::{Area, Compartment, DeviceId, GrantId, LogId, PersonId, PlaceId, SeatId};
use crate::keys::rule::KeyRule;
use crate::replica::records::Author;
use crate::time::Moment;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Who holds a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Holder {
    /// A person.
    Person(PersonId),
    /// A device.
    Device(DeviceId),
}

/// A grant that stands, or stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Who holds it.
    pub holder: Holder,
    /// Of what rank.
    pub rank: u8,
    /// What it gives.
    pub capabilities: Arc<Vec<Capability>>,
    /// The seat that gave it; `None` for the founding head's and for what the cards gave.
    pub by: Option<SeatId>,
    /// Where it stands in the authority area; `None` where `by` is: everybody has seen it.
    pub at: Option<(LogId, u64)>,
    /// The person's keys, once there are some.
    pub keys: Option<PersonPublic>,
    /// Keys the person signed with before, and where the logs of their seats end.
    pub former: Vec<(PublicSign, Arc<Cuts>)>,
    /// Whom secrets are wrapped to: a device's key, or an activation's until the person has registered.
    pub agree: Option<PublicAgree>,
    /// What the one-time words stretch to that it was given with, and at what cost.
    pub words: Option<(PersonPublic, Cost)>,
    /// Until when, by the clocks of those who honour it.
    pub until: Option<Moment>,
    /// Where the holder's logs end, if it was taken away: once for each that took it.
    pub cuts: Vec<Arc<Cuts>>,
}

impl Standing {
    /// As the founding gives one: by nobody, with no end, and nothing taken away.
    pub fn of(holder: Holder, rank: u8, capabilities: Vec<Capability>) -> Self {
        Self {
            holder,
            rank,
            capabilities: Arc::new(capabilities),
            by: None,
            at: None,
            keys: None,
            former: Vec::new(),
            agree: None,
            words: None,
            until: None,
            cuts: Vec::new(),
        }
    }

    /// Whether its holder signs with a key, or did before they went on with others.
    pub fn has_had(&self, key: &PublicSign) -> bool {
        self.keys.is_some_and(|keys| keys.sign == *key) || self.former.iter().any(|(former, _)| former == key)
    }

    /// Whether it has ended by a clock that shows `now`.
    pub fn has_ended(&self, now: Moment) -> bool {
        self.until.is_some_and(|until| until.utc_ms <= now.utc_ms)
    }

    /// Whether it gives a right in a compartment.
    pub fn gives(&self, right: Right, compartment: &Compartment) -> bool {
        self.capabilities.iter().any(|capability| capability.gives(right, compartment))
    }
}

/// Which grants count where keys are given out and where somebody acts, as some of them end. What was written is judged
/// [`Ends::Whenever`]: clocks differ, and none can be proven wrong afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// Those that have not ended by a clock that shows this.
    NotBy(Moment),
    /// Those that never end.
    Never,
    /// All of them: clocks differ, and none of them can be proven wrong.
    Whenever,
}

impl Ends {
    fn counts(self, standing: &Standing) -> bool {
        match self {
            Self::NotBy(now) => !standing.has_ended(now),
            Self::Never => standing.until.is_none(),
            Self::Whenever => true,
        }
    }
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
    /// Every grant that stood and was taken away: what was written on it before that still counts.
    pub past: BTreeMap<GrantId, Standing>,
    /// The keys of every person who has some and holds a grant: of several, those of the strongest grant.
    pub persons: BTreeMap<PersonId, PersonPublic>,
    /// Devices held back now.
    pub suspended: BTreeSet<DeviceId>,
    pub(super) device_cuts: BTreeMap<DeviceId, Vec<DeviceCut>>,
    pub(crate) adopted: BTreeMap<EntryName, Vec<Adopter>>,
    pub(super) by_holder: BTreeMap<Holder, BTreeSet<GrantId>>,
    pub(super) recovery: Option<PublicAgree>,
}

impl View {
    /// The same on all replicas with the same statements.
    pub fn state_hash(&self) -> [u8; 32] {
        let granted = codec::encode(&(&self.seats, &self.grants, &self.past, &self.persons));
        hash("muster 1 authority state", &[&granted, &self.taken_away()])
    }

    /// What was taken away and given back, as bytes: two views with the same have cut the same lines.
    pub(crate) fn taken_away(&self) -> Vec<u8> {
        let with_keys =
            self.grants.iter().filter_map(|(id, standing)| Some((id, standing.keys?.sign, &standing.former)));
        let keys: Vec<_> = with_keys.collect();
        codec::encode(&(&self.past, keys, &self.suspended, &self.device_cuts, &self.adopted))
    }

    /// The persons' keys that hold or held a grant here and nothing in another view: of two that were registered, or
    /// gone on with, the other counts there.
    pub(crate) fn keys_void_in(&self, other: &Self) -> BTreeSet<(PersonId, PublicSign)> {
        let mut void = BTreeSet::new();
        for (id, standing) in self.grants.iter().chain(&self.past) {
            let Holder::Person(person) = standing.holder else { continue };
            let keys = standing.keys.iter().map(|keys| keys.sign);
            for key in keys.chain(standing.former.iter().map(|(key, _)| *key)) {
                if !other.standing(id).is_some_and(|standing| standing.has_had(&key)) {
                    void.insert((person, key));
                }
            }
        }
        void
    }

    /// What may be wrapped to so that whoever writes as a seat can open it.
    pub(crate) fn wraps_to_seat(&self, seat: &SeatId) -> impl Iterator<Item = RecipientId> {
        let keys = self
            .grants_of_seat(seat, Ends::Whenever)
            .filter_map(|(_, grant)| grant.keys.map(|keys| keys.agree).or(grant.agree));
        keys.map(|key| key.recipient())
    }

    /// Who is behind a seat, and on which device.
    pub fn author(&self, seat: &SeatId) -> Option<Author> {
        let seated = self.seats.get(seat)?;
        Some(Author { device: seated.device, person: seated.person.map(|(person, _)| person) })
    }

    /// The grants that a holder has now, by name.
    pub fn grants_of(&self, holder: &Holder) -> impl Iterator<Item = (&GrantId, &Standing)> {
        self.by_holder.get(holder).into_iter().flatten().filter_map(|id| Some((id, self.grants.get(id)?)))
    }

    /// A grant that stands or stood.
    pub fn standing(&self, grant: &GrantId) -> Option<&Standing> {
        self.grants.get(grant).or_else(|| self.past.get(grant))
    }

    /// Whether a device is of the school now, and not held back.
    pub fn is_enrolled(&self, device: &DeviceId) -> bool {
        self.has_device(device) && !self.suspended.contains(device)
    }

    /// Whether a device was ever of the school: one that is not now may still hear that, and hand over what it
    /// wrote.
    pub fn was_enrolled(&self, device: &DeviceId) -> bool {
        let holder = Holder::Device(*device);
        self.by_holder.contains_key(&holder) || self.past.values().any(|standing| standing.holder == holder)
    }

    /// Whether a device is of the school now, held back or not.
    pub fn has_device(&self, device: &DeviceId) -> bool {
        self.by_holder.contains_key(&Holder::Device(*device))
    }

    /// Every device of the school, those held back included.
    pub fn devices(&self) -> impl Iterator<Item = DeviceId> {
        self.by_holder.keys().filter_map(|holder| match holder {
            Holder::Device(device) => Some(*device),
            Holder::Person(_) => None,
        })
    }

    /// Every device that was of the school and is not any more.
    pub fn former_devices(&self) -> impl Iterator<Item = DeviceId> {
        let past = self.past.values().filter_map(|standing| match standing.holder {
            Holder::Device(device) => Some(device),
            Holder::Person(_) => None,
        });
        past.filter(|device| !self.has_device(device))
    }

    /// The key a person's seat was certified with.
    pub(crate) fn signs_with(&self, seat: &SeatId) -> Option<PublicSign> {
        self.seats.get(seat)?.person.map(|(_, key)| key)
    }

    /// Whom a seat acts for: the person, if one is signed in and the seat's key is theirs now, else the device.
    pub fn holder(&self, seat: &SeatId) -> Option<Holder> {
        let seated = self.seats.get(seat)?;
        let Some((person, key)) = seated.person else { return Some(Holder::Device(seated.device)) };
        let holder = Holder::Person(person);
        let theirs = self.grants_of(&holder).any(|(_, grant)| grant.keys.is_some_and(|keys| keys.sign == key));
        theirs.then_some(holder)
    }

    /// Whether a seat is of whoever holds a grant: of the person with the keys it names, now or formerly, or of the
    /// device with nobody signed in.
    pub fn is_held_by(&self, standing: &Standing, seat: &SeatId) -> bool {
        match (self.seats.get(seat), standing.holder) {
            (Some(Seated { person: Some((person, key)), .. }), Holder::Person(holder)) => {
                *person == holder && standing.has_had(key)
            }
            (Some(Seated { person: None, device, .. }), Holder::Device(holder)) => *device == holder,
            _ => false,
        }
    }

    /// The grants on which a seat may act, by name.
    pub fn grants_of_seat(&self, seat: &SeatId, ends: Ends) -> impl Iterator<Item = (&GrantId, &Standing)> {
        let key = self.signs_with(seat);
        let holder = self.seats.get(seat).map(|seated| match seated.person {
            Some((person, _)) => Holder::Person(person),
            None => Holder::Device(seated.device),
        });
        let ids = holder.and_then(|holder| self.by_holder.get(&holder)).into_iter().flatten();
        ids.filter_map(|id| Some((id, self.grants.get(id)?)))
            .filter(move |(_, grant)| key.is_none() || grant.keys.map(|keys| keys.sign) == key)
            .filter(move |(_, grant)| ends.counts(grant))
    }

    /// The grant on which a seat may do this in a compartment, the least if there are several. The seat's
    /// device must be of the school too.
    pub fn may(&self, seat: &SeatId, right: Right, compartment: &Compartment, ends: Ends) -> Option<GrantId> {
        if !self.is_enrolled(&self.seats.get(seat)?.device) {
            return None;
        }
        self.grants_of_seat(seat, ends).find(|(_, grant)| grant.gives(right, compartment)).map(|(id, _)| *id)
    }

    /// Whether a holder has a right in a compartment.
    pub fn has(&self, holder: &Holder, right: Right, compartment: &Compartment, ends: Ends) -> bool {
        self.grants_of(holder).any(|(_, grant)| ends.counts(grant) && grant.gives(right, compartment))
    }

    /// Whether a device has one of these rights in some area of a place.
    pub(crate) fn has_any_at(&self, device: &DeviceId, rights: &[Right], place: &PlaceId) -> bool {
        let is_there = |one: &Capability| rights.contains(&one.right) && one.place.has(place);
        self.grants_of(&Holder::Device(*device)).any(|(_, grant)| grant.capabilities.iter().any(is_there))
    }

    /// Whether a device may keep and pass on a compartment's entries. The authority area is every device's that
    /// is or was of the school, signs of life are every device's that is, and what is said of a place theirs that
    /// keep something of it.
    pub fn may_hold(&self, device: &DeviceId, compartment: &Compartment) -> bool {
        if *compartment == Compartment::AUTHORITY {
            return self.was_enrolled(device);
        }
        if compartment.area == Area::CHECKPOINTS {
            return self.is_enrolled(device);
        }
        if compartment.area == Area::PARTS {
            return self.is_enrolled(device)
                && self.has_any_at(device, &[Right::Hold, Right::Read], &compartment.place);
        }
        let holder = Holder::Device(*device);
        self.is_enrolled(device)
            && [Right::Hold, Right::Read].into_iter().any(|right| self.has(&holder, right, compartment, Ends::Whenever))
    }

    /// What the grants that each device has or had gave it.
    pub(crate) fn ever_given(&self) -> BTreeMap<DeviceId, Vec<&Standing>> {
        let mut found: BTreeMap<DeviceId, Vec<&Standing>> = BTreeMap::new();
        for standing in self.grants.values().chain(self.past.values()) {
            if let Holder::Device(device) = standing.holder {
                found.entry(device).or_default().push(standing);
            }
        }
        found
    }

    /// Whom an epoch of this compartment is wrapped to: its readers, and recovery.
    pub fn readers(&self, compartment: &Compartment, rule: KeyRule, ends: Ends) -> BTreeMap<RecipientId, PublicAgree> {
        let devices = (rule == KeyRule::Daily).then(|| self.grants_with(&[Right::Read], compartment, ends)).into_iter();
        let devices = devices.flatten().filter(|grant| self.is_a_free_device(grant));
        let persons = self.persons_with(&[Right::Read], compartment, ends).into_iter().map(|(_, key)| key);
        let keys = self.recovery.into_iter().chain(devices.filter_map(|grant| grant.agree)).chain(persons);
        keys.map(|key| (key.recipient(), key)).collect()
    }

    /// Whom the cover of cases of this compartment is wrapped to: who may open one or reads them, and recovery.
    pub fn case_openers(&self, compartment: &Compartment, ends: Ends) -> BTreeMap<RecipientId, PublicAgree> {
        let persons = self.persons_with(&Right::OPENS_CASES, compartment, ends).into_iter().map(|(_, key)| key);
        self.recovery.into_iter().chain(persons).map(|key| (key.recipient(), key)).collect()
    }

    /// The persons who have one of these rights in a compartment, each with the key that is wrapped to: their own,
    /// or that of their one-time words while they have none.
    pub fn persons_with(
        &self,
        rights: &[Right],
        compartment: &Compartment,
        ends: Ends,
    ) -> Vec<(PersonId, PublicAgree)> {
        let holders = self.grants_with(rights, compartment, ends).filter_map(|standing| match standing.holder {
            Holder::Person(person) => {
                let key = standing.keys.map(|keys| keys.agree).or(standing.agree);
                Some((person, key?))
            }
            Holder::Device(_) => None,
        });
        holders.collect()
    }

    /// Every key that may still be among the recipients of an epoch for these rights: those that are wrapped to
    /// now, and those of one-time words that were taken up.
    pub fn entitled(
        &self,
        rights: &[Right],
        compartment: &Compartment,
        devices: bool,
        now: Moment,
    ) -> BTreeSet<RecipientId> {
        let ends = Ends::NotBy(now);
        let persons = self.persons_with(rights, compartment, ends).into_iter().map(|(_, key)| key);
        let agreed = self.grants_with(rights, compartment, ends).filter(|grant| match grant.holder {
            Holder::Person(_) => true,
            Holder::Device(_) => devices && self.is_a_free_device(grant),
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
        ends: Ends,
    ) -> impl Iterator<Item = &'a Standing> + 'a {
        let counting = self.grants.values().filter(move |grant| ends.counts(grant));
        counting.filter(move |grant| rights.iter().any(|right| grant.gives(*right, compartment)))
    }

    fn is_a_free_device(&self, grant: &Standing) -> bool {
        matches!(grant.holder, Holder::Device(device) if !self.suspended.contains(&device))
    }

    /// The strongest rank of a holder; `None` for one with no grant.
    pub fn rank(&self, holder: &Holder) -> Option<u8> {
        self.grants_of(holder).map(|(_, grant)| grant.rank).min()
    }
}
