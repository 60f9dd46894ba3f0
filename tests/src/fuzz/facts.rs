//! The school's facts: which enum reads which kinds, and sound values of each kind, made up from a seed.
//!
//! A kind that is added without a value here fails the test of frozen bytes and this target's own samples.

use super::invent::Inventor;
use super::{Outcome, Target};
use muster_school::codes::CodeInfo;
use muster_school::facts::Value;
use muster_school::facts::access::*;
use muster_school::facts::admission::{Amended, Deleted, Entry, LastSchool, NextSchool, Placement, Restored};
use muster_school::facts::calendar::*;
use muster_school::facts::called::Called;
use muster_school::facts::care::*;
use muster_school::facts::case::{self, CaseFact};
use muster_school::facts::collected::Collected;
use muster_school::facts::continuity::{self, ContinuityFact, RequestFact};
use muster_school::facts::custody::{Confidential, Move, Order, Parent, SecondAddress};
use muster_school::facts::erasure::*;
use muster_school::facts::family::*;
use muster_school::facts::fire::*;
use muster_school::facts::learning::*;
use muster_school::facts::movement::*;
use muster_school::facts::person::*;
use muster_school::facts::policy::*;
use muster_school::facts::published::*;
use muster_school::facts::pupil::{self, *};
use muster_school::facts::register::*;
use muster_school::facts::retention::*;
use muster_school::facts::returns::*;
use muster_school::facts::roll::*;
use muster_school::facts::roll_call::*;
use muster_school::facts::school::*;
use muster_school::facts::visits::*;
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// How often a value is made up until one is sound.
const TRIES: usize = 20_000;

/// A sound value of one kind, or none found.
type Invent = fn(&mut ChaCha20Rng) -> Option<(u16, Vec<u8>)>;

/// What one enum reads.
#[derive(Clone, Copy)]
pub struct Family {
    /// The kinds.
    pub kinds: &'static [u16],
    /// What a value is written as again.
    again: fn(u16, &[u8]) -> Option<Vec<u8>>,
    /// What a value says, for people who look; none where it is of no kind that is known.
    says: fn(u16, &[u8]) -> Option<String>,
    /// Values, one function each kind.
    invent: &'static [Invent],
}

impl std::fmt::Debug for Family {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "facts {:?}", self.kinds)
    }
}

fn again<T: Value>(kind: u16, value: &[u8]) -> Option<Vec<u8>> {
    T::decode(kind, value).ok()?.encode().ok()
}

fn says<T: Value + std::fmt::Debug>(kind: u16, value: &[u8]) -> Option<String> {
    let text = format!("{:?}", T::decode(kind, value).ok()?);
    (!text.starts_with("Unknown ")).then_some(text)
}

fn invent<T: Value + From<V>, V: DeserializeOwned>(random: &mut ChaCha20Rng) -> Option<(u16, Vec<u8>)> {
    (0..TRIES).find_map(|_| {
        let fact = T::from(V::deserialize(&mut Inventor(random)).ok()?);
        Some((fact.kind(), fact.encode().ok()?))
    })
}

macro_rules! families {
    ($($facts:ident: $($value:path),* ;)*) => {
        /// Every enum of facts.
        pub const FAMILIES: &[Family] = &[$(Family {
            kinds: $facts::KINDS,
            again: again::<$facts>,
            says: says::<$facts>,
            invent: &[$(invent::<$facts, $value>),*],
        }),*];
    };
}

families! {
    SchoolFact: Name, Site, Group, Taker, Times, Closure, Directory, Device, Term, Special, CodeInfo, Cover, ByImport,
        StepUp, Hours, Leave, WeeklyLeave, Authority, Sent, Fallback, Guide, Reviewed, FireDuty, MarshalLock, SitePlaces,
        CodeRule, WeekReviewed;
    RegisterFact: Mark, Amendment, Cleared, Finished, Imported, Covered;
    RollFact: Place, Expected, Marks, Sign, Row, Moved, Trip, TripBack, Duties, Closed, SealedCare, Places;
    VisitFact: Arrived, Left, Details, TypedOut, muster_school::facts::visits::Matched;
    CallFact: Started, Snapshot, Sighting, Settled, Withdrawn, Stranger, Ended, Joined, Parted, Timed, Learned, Signed,
        Resumed;
    PupilFact: Identity, Placing, OnRoll, pupil::Note, Plan, Timetable, Provisional, pupil::Matched, Entry, LastSchool,
        Placement, NextSchool, Deleted, Restored, Amended, MovedSite, Called, Collected;
    CareFact: Medical, Evacuation, FireNote;
    FamilyFact: Address, Contact, Consent, Parent, SecondAddress, Confidential, Order, Move;
    PersonFact: Post;
    AccessFact: Access;
    LearningFact: Needs;
    CaseFact: case::Concern, case::Note, case::Reading, case::Action, case::MarkedRead;
    FiguresFact: Published;
    ContinuityFact: continuity::Proven, continuity::Restored, continuity::Opened, continuity::BackupsSet;
    RequestFact: continuity::Asked, continuity::Answered;
    ErasureFact: Told;
}

/// Some sound values of each kind, alike for a seed.
pub fn sound(seed: u64, of_each: usize) -> BTreeMap<u16, Vec<Vec<u8>>> {
    let mut values: BTreeMap<u16, Vec<Vec<u8>>> = BTreeMap::new();
    for (number, make) in FAMILIES.iter().flat_map(|family| family.invent).enumerate() {
        // Each kind from its own numbers, so that a new one leaves the others as they are.
        let mut random = ChaCha20Rng::seed_from_u64(seed ^ (number as u64) << 32);
        for (kind, value) in (0..of_each).filter_map(|_| make(&mut random)) {
            values.entry(kind).or_default().push(value);
        }
    }
    values
}

fn family(kind: u16) -> Option<&'static Family> {
    FAMILIES.iter().find(|family| family.kinds.contains(&kind))
}

/// What a value is written as again, by whoever knows its kind.
pub fn written_again(kind: u16, value: &[u8]) -> Option<Vec<u8>> {
    (family(kind).or(FAMILIES.first())?.again)(kind, value)
}

/// What a value says, where its kind is known.
pub fn in_words(kind: u16, value: &[u8]) -> Option<String> {
    (family(kind)?.says)(kind, value)
}

/// Two bytes of kind, then the value. A kind that nobody knows is kept as it came.
pub fn target() -> Target {
    let samples = sound(12, 6).into_iter().flat_map(|(kind, values)| {
        values.into_iter().map(move |value| [kind.to_le_bytes().as_slice(), &value].concat())
    });
    super::targets::target("school-fact", samples.collect(), |bytes| {
        let [low, high, value @ ..] = bytes else { return Outcome::Refused };
        match written_again(u16::from_le_bytes([*low, *high]), value) {
            Some(again) => Outcome::Taken(Some([&[*low, *high], again.as_slice()].concat())),
            None => Outcome::Refused,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{FAMILIES, in_words, sound};
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_of_fact_is_read_by_one_enum_and_has_sound_values_to_be_spoilt() {
        let all: Vec<u16> = FAMILIES.iter().flat_map(|family| family.kinds).copied().collect();
        let kinds: BTreeSet<u16> = all.iter().copied().collect();
        assert_eq!(all.len(), kinds.len(), "no number stands for two kinds");
        let values = sound(12, 6);
        let missing: Vec<&u16> = kinds.iter().filter(|kind| !values.contains_key(kind)).collect();
        assert!(missing.is_empty(), "no sound value of kinds {missing:?}");
        for (kind, value) in values.iter().flat_map(|(kind, values)| values.iter().map(move |value| (*kind, value))) {
            assert!(in_words(kind, value).is_some(), "{kind} is not read as what it is");
        }
    }
}
