//! What was worked out from a document and kept beside it: there while the document is the same, and gone after.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::replica::records::Worked;
use muster_core::replica::store::{Batch, Store as _, Table};
use world::*;

const WHAT: u16 = 7;
const VALUE: &[u8] = b"thirty of thirty were here";

struct Kept {
    world: World,
    device: Device,
}

impl Kept {
    fn new(documents: &[&str]) -> Self {
        let mut world = World::new(11);
        let (device, _) = world.found();
        let mut made = Self { world, device };
        documents.iter().for_each(|key| made.write(key));
        made
    }

    fn records<T>(&mut self, work: impl FnOnce(&mut muster_core::replica::act::Writer<'_, MemoryStore>) -> T) -> T {
        let seat = self.device.device_seat();
        work(&mut self.device.writer(seat, self.world.context()).unwrap())
    }

    fn write(&mut self, key: &str) {
        self.world.write(&mut self.device, None, &document(ROLL, key), &["in"]);
    }

    fn worked_out(&mut self, key: &str, value: &[u8]) -> Worked {
        let document = document(ROLL, key);
        let from = self.records(|records| records.facts(&document)).unwrap().unwrap();
        Worked { document, from, value: value.to_vec() }
    }

    fn keep(&mut self, key: &str, value: &[u8]) {
        let worked = self.worked_out(key, value);
        self.records(|records| records.keep(WHAT, &[worked])).unwrap();
    }

    fn kept(&mut self) -> Vec<Option<Vec<u8>>> {
        let section = document(ROLL, "").section;
        self.records(|records| {
            let plain = records.documents(&section, 1).unwrap();
            let with = records.documents_with(&section, 1, WHAT).unwrap();
            assert_eq!(with.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>(), plain, "the same either way");
            let other = records.documents_with(&section, 1, WHAT + 1).unwrap();
            assert!(other.iter().all(|(_, value)| value.is_none()), "what it is about is part of its name");
            assert!(records.documents_with(&section, 2, WHAT).unwrap().is_empty());
            with.into_iter().map(|(_, value)| value).collect()
        })
    }
}

#[test]
fn what_is_kept_is_given_back_until_the_document_says_more() {
    let mut made = Kept::new(&["one", "two"]);
    assert_eq!(made.kept(), [None, None]);
    made.keep("one", VALUE);
    made.keep("two", b"other");
    assert_eq!(made.kept(), [Some(VALUE.to_vec()), Some(b"other".to_vec())]);
    made.write("one");
    assert_eq!(made.kept(), [None, Some(b"other".to_vec())], "something came: that one only");
}

#[test]
fn what_was_worked_out_from_facts_that_are_not_the_last_is_not_kept() {
    let mut made = Kept::new(&["one"]);
    let worked = made.worked_out("one", VALUE);
    made.write("one");
    made.records(|records| records.keep(WHAT, &[worked])).unwrap();
    assert_eq!(made.kept(), [None]);
}

#[test]
fn more_than_may_be_kept_is_not() {
    let mut made = Kept::new(&["one"]);
    made.keep("one", &vec![1; muster_core::limits::KEPT_BYTES + 1]);
    assert_eq!(made.kept(), [None]);
}

#[test]
fn documents_made_afresh_have_nothing_kept_and_no_old_value_lies_about() {
    let mut made = Kept::new(&["one"]);
    made.keep("one", VALUE);
    made.device.rebuild(&document(ROLL, "").section).unwrap();
    assert!(made.device.store().range(Table::Kept, &[], None, 10).unwrap().is_empty());
    assert_eq!(made.kept(), [None]);
}

#[test]
fn nothing_kept_is_on_the_disk_in_clear_and_a_damaged_one_is_as_none() {
    let mut made = Kept::new(&["one"]);
    made.keep("one", VALUE);
    let Kept { mut world, device } = made;
    let store = device.into_store();
    assert!(store.all_bytes().all(|bytes| !bytes.windows(VALUE.len()).any(|part| part == VALUE)));
    let (key, row) = store.range(Table::Kept, &[], None, 10).unwrap().remove(0);
    for byte in 0..row.len() {
        let mut store = store.clone();
        let mut damaged = row.clone();
        damaged[byte] ^= 1;
        let mut batch = Batch::default();
        batch.put(Table::Kept, key.clone(), damaged);
        store.commit(batch).unwrap();
        let device = Replica::open(store, &RULES).unwrap();
        let mut again = Kept { world, device };
        assert_eq!(again.kept(), [None], "byte {byte}");
        world = again.world;
    }
}
