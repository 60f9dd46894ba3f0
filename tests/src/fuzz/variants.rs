//! One value of each variant of what is written with a tag: messages, statements, records, acts about erasure.
//!
//! Made up from a seed (see `invent`), so that they are decoded whole and mean nothing: what a small school says by
//! itself is in `samples`. Ordered by tag, two of each.

use super::invent::Inventor;
use muster_core::authority::cards::CardsStatement;
use muster_core::authority::erasure::ErasureAct;
use muster_core::authority::grant::{Grant, Registration};
use muster_core::authority::reduction::{Adoption, Lift, NewKeys, Removal, Suspension};
use muster_core::authority::seat::SeatCertificate;
use muster_core::authority::statement::Statement;
use muster_core::codec;
use muster_core::keys::record::Record;
use muster_core::sync::message::Message;
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// How often a value is made up.
const TRIES: usize = 4_000;
/// Of each variant.
const OF_EACH: usize = 2;

/// Adds them to the samples of their formats, after what a school said by itself.
pub(super) fn add(good: &mut BTreeMap<&'static str, Vec<Vec<u8>>>) {
    good.entry("message").or_default().extend(messages());
    good.entry("record").or_default().extend(records());
    let mut cards = Vec::new();
    made::<CardsStatement>(5, |said| {
        cards.push(codec::encode(&said));
        cards.len() == 3
    });
    good.insert("cards-statement", cards);
    good.entry("statement").or_default().extend(statements());
}

fn made<T: DeserializeOwned>(seed: u64, mut keep: impl FnMut(T) -> bool) {
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    for _ in 0..TRIES {
        if let Ok(value) = T::deserialize(&mut Inventor(&mut random))
            && keep(value)
        {
            return;
        }
    }
}

/// By the first byte of what is written, so many variants.
fn tagged<T: DeserializeOwned>(seed: u64, variants: usize, encode: impl Fn(&T) -> Option<Vec<u8>>) -> Vec<Vec<u8>> {
    let mut found: BTreeMap<u8, Vec<Vec<u8>>> = BTreeMap::new();
    made::<T>(seed, |value| {
        if let Some(bytes) = encode(&value) {
            let of = found.entry(bytes[0]).or_default();
            if of.len() < OF_EACH && !of.contains(&bytes) {
                of.push(bytes);
            }
        }
        found.len() == variants && found.values().all(|of| of.len() == OF_EACH)
    });
    assert_eq!(found.len(), variants, "a variant without a sample: {:?}", found.keys());
    found.into_values().flatten().collect()
}

/// Messages of the thirteen kinds.
pub fn messages() -> Vec<Vec<u8>> {
    tagged::<Message>(1, 13, |message| {
        let bytes = message.encode();
        Message::decode(&bytes).is_ok().then_some(bytes)
    })
}

/// Sealed records of the seven kinds.
pub fn records() -> Vec<Vec<u8>> {
    tagged::<Record>(2, 7, |record| {
        let bytes = codec::encode(record);
        codec::decode::<Record>(&bytes).is_ok().then_some(bytes)
    })
}

/// Statements of the ten kinds, acts about erasure of each of six.
pub fn statements() -> Vec<Vec<u8>> {
    fn some<T: DeserializeOwned>(all: &mut Vec<Vec<u8>>, as_statement: fn(T) -> Statement) {
        let (before, most) = (all.len(), all.len() + OF_EACH);
        made::<T>(3, |value| {
            let statement = as_statement(value);
            let bytes = statement.encode();
            if Statement::decode(&bytes).as_ref() == Ok(&statement) && !all.contains(&bytes) {
                all.push(bytes);
            }
            all.len() == most
        });
        assert!(all.len() > before, "a kind of statement without a sample: number {}", before / OF_EACH + 1);
    }
    let mut all = Vec::new();
    some::<SeatCertificate>(&mut all, Statement::Seat);
    some::<Grant>(&mut all, Statement::Grant);
    some::<Registration>(&mut all, Statement::Registration);
    some::<Removal>(&mut all, Statement::Removal);
    some::<Suspension>(&mut all, Statement::Suspension);
    some::<Lift>(&mut all, Statement::Lift);
    some::<Adoption>(&mut all, Statement::Adoption);
    some::<NewKeys>(&mut all, Statement::NewKeys);
    some::<CardsStatement>(&mut all, |cards| Statement::Cards(Box::new(cards)));
    all.extend(
        tagged::<ErasureAct>(4, 6, |act| {
            let statement = Statement::Erasure(act.clone());
            let bytes = statement.encode();
            (Statement::decode(&bytes).as_ref() == Ok(&statement)).then_some(codec::encode(act))
        })
        .iter()
        .filter_map(|bytes| codec::decode(bytes).ok())
        .map(|act| Statement::Erasure(act).encode()),
    );
    all
}
