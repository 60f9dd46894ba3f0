//! The entries of `muster_benches::backlog` as changes in clear: as many, for as many documents, with as many facts of the
//! same bytes. One author, whose changes follow one another, as Automerge is meant to be used.

use crate::Failure;
use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{ActorId, Automerge, ROOT};

pub const DOCUMENTS: usize = 1_600;
pub const ENTRIES_A_DOCUMENT: usize = 25;
pub const ENTRIES: usize = DOCUMENTS * ENTRIES_A_DOCUMENT;
/// The time of all of them, in seconds: that of Muster's backlog.
const TIME: i64 = 1_795_420_800;

/// How many facts an entry has, by its number from 0.
pub fn facts(entry: usize) -> usize {
    if entry.is_multiple_of(3) { 30 } else { 1 }
}

/// The value of a fact, by its place in its entry.
pub fn value(place: usize) -> Vec<u8> {
    vec![place as u8; 20]
}

/// The entries of one document, as changes of one author.
pub fn document(number: usize) -> Result<Automerge, Failure> {
    let mut document = Automerge::new();
    document.set_actor(ActorId::from([7_u8; 16].as_slice()));
    for entry in 0..ENTRIES_A_DOCUMENT {
        let mut transaction = document.transaction();
        for place in 0..facts(number * ENTRIES_A_DOCUMENT + entry) {
            transaction.put(ROOT, format!("{entry}:{place}"), automerge::ScalarValue::Bytes(value(place)))?;
        }
        transaction.commit_with(CommitOptions::default().with_time(TIME));
    }
    Ok(document)
}
