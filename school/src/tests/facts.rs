//! Facts decode strictly and lose nothing.

use crate::codes::Code;
use crate::facts::register::{Mark, RegisterFact};
use crate::facts::roll::RollFact;
use crate::facts::roll_call::CallFact;
use crate::facts::school::SchoolFact;
use crate::facts::trips::TripFact;
use crate::facts::{FactError, Value};
use crate::ids::PupilId;
use proptest::prelude::*;

fn mark() -> RegisterFact {
    Mark { pupil: PupilId([7; 16]), session: 3, code: Code::LATE, minutes: Some(12) }.into()
}

#[test]
fn a_fact_from_a_newer_version_is_kept_as_it_came() {
    for (kind, value) in [(299, vec![1, 2, 3]), (201, vec![2, 9, 9])] {
        let read = RegisterFact::decode(kind, &value).unwrap();
        assert_eq!(read, RegisterFact::Unknown { kind, value: value.clone() });
        assert_eq!((read.kind(), read.encode().unwrap()), (kind, value));
    }
}

#[test]
fn a_fact_with_a_byte_too_many_too_few_or_a_value_that_cannot_be_is_refused() {
    let good = mark().encode().unwrap();
    assert_eq!(RegisterFact::decode(201, &good).unwrap(), mark());
    let mut long = good.clone();
    long.push(0);
    assert_eq!(RegisterFact::decode(201, &long), Err(FactError::Malformed(201)));
    assert_eq!(RegisterFact::decode(201, &good[..good.len() - 1]), Err(FactError::Malformed(201)));
    assert_eq!(RegisterFact::decode(201, &[]), Err(FactError::Malformed(201)));
    let mut never = good;
    never[17] = 14;
    assert_eq!(RegisterFact::decode(201, &never), Err(FactError::Unsound(201)), "a week has fourteen sessions");
}

proptest! {
    #[test]
    fn no_bytes_from_a_peer_make_a_fact_that_encodes_to_something_else(
        kind in prop_oneof![100_u16..140, 200_u16..208, 300_u16..324, 500_u16..510],
        value in proptest::collection::vec(any::<u8>(), 0..80),
    ) {
        if let Ok(fact) = RegisterFact::decode(kind, &value) {
            prop_assert_eq!(fact.encode().unwrap(), value.clone());
        }
        if let Ok(fact) = RollFact::decode(kind, &value) {
            prop_assert_eq!(fact.encode().unwrap(), value.clone());
        }
        if let Ok(fact) = TripFact::decode(kind, &value) {
            prop_assert_eq!(fact.encode().unwrap(), value.clone());
        }
        if let Ok(fact) = CallFact::decode(kind, &value) {
            prop_assert_eq!(fact.encode().unwrap(), value.clone());
        }
        if let Ok(fact) = SchoolFact::decode(kind, &value) {
            prop_assert_eq!(fact.encode().unwrap(), value);
        }
    }
}
