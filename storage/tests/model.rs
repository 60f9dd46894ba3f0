//! The store against a plain ordered map: whatever is asked of both, both answer alike.
#![allow(clippy::unwrap_used)]

use muster_core::replica::store::{Batch, MemoryStore, Store, Table};
use muster_storage::RedbStore;
use proptest::prelude::*;

/// One thing that a caller does.
#[derive(Clone, Debug)]
enum Deed {
    Commit(Vec<(Table, Vec<u8>, Option<Vec<u8>>)>),
    PutFile(String, Vec<u8>),
    RemoveFile(String),
    Reopen,
    Check,
}

fn table() -> impl Strategy<Value = Table> {
    prop::sample::select(Table::ALL.to_vec())
}

/// Few keys, so that they meet, some of them each other's beginnings.
fn key() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(vec![0u8, 1, 0x7f, 0xff]), 0..4)
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => prop::collection::vec(any::<u8>(), 0..40),
        1 => (any::<u8>(), 0usize..40_000).prop_map(|(byte, length)| vec![byte; length]),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    let name = || prop::sample::select(vec!["keys".to_owned(), "fire-list".to_owned()]);
    prop_oneof![
        8 => prop::collection::vec((table(), key(), prop::option::weighted(0.7, value())), 0..12).prop_map(Deed::Commit),
        2 => (name(), value()).prop_map(|(name, bytes)| Deed::PutFile(name, bytes)),
        1 => name().prop_map(Deed::RemoveFile),
        1 => Just(Deed::Reopen),
        1 => Just(Deed::Check),
    ]
}

fn assert_alike(real: &RedbStore, model: &MemoryStore, from: &[u8], to: Option<&[u8]>, most: usize) {
    for table in Table::ALL {
        let all = model.range(table, &[], None, usize::MAX).unwrap();
        assert_eq!(real.range(table, &[], None, usize::MAX).unwrap(), all, "{table:?}");
        assert_eq!(
            real.range(table, from, to, most).unwrap(),
            model.range(table, from, to, most).unwrap(),
            "{table:?} from {from:?} to {to:?}, at most {most}"
        );
        for (key, value) in all {
            assert_eq!(real.get(table, &key).unwrap(), Some(value));
        }
        assert_eq!(real.get(table, from).unwrap(), model.get(table, from).unwrap());
    }
    for name in ["keys", "fire-list"] {
        assert_eq!(real.file(name).unwrap(), model.file(name).unwrap(), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_store_answers_as_an_ordered_map_does(
        deeds in prop::collection::vec(deed(), 1..16),
        from in key(),
        to in prop::option::of(key()),
        most in 0usize..6,
    ) {
        let place = tempfile::tempdir().unwrap();
        let mut real = RedbStore::create(place.path()).unwrap();
        let mut model = MemoryStore::default();
        for deed in deeds {
            match deed {
                Deed::Commit(changes) => {
                    real.commit(Batch { changes: changes.clone() }).unwrap();
                    model.commit(Batch { changes }).unwrap();
                }
                Deed::PutFile(name, bytes) => {
                    real.put_file(&name, &bytes).unwrap();
                    model.put_file(&name, &bytes).unwrap();
                }
                Deed::RemoveFile(name) => {
                    real.remove_file(&name).unwrap();
                    model.remove_file(&name).unwrap();
                }
                Deed::Reopen => {
                    drop(real);
                    real = RedbStore::open(place.path()).unwrap();
                    prop_assert!(!real.check_owed());
                }
                Deed::Check => {
                    prop_assert_eq!(real.check_now().unwrap(), muster_storage::WholeCheck::Sound);
                }
            }
            assert_alike(&real, &model, &from, to.as_deref(), most);
        }
    }
}
