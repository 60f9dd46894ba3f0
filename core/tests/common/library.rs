//! What somebody would send who hoped that the document library's own format is parsed.

#![allow(clippy::unwrap_used, unreachable_pub, reason = "a test says what went wrong by panicking")]

/// Bytes of a real change of the document library, with this actor, sequence and start.
pub fn automerge_change(seq: u64, start: u64) -> Vec<u8> {
    use automerge::legacy::{Key, ObjectId, Op, OpType, SortedVec};
    use automerge::{ActorId, Change, ExpandedChange, ScalarValue};
    let operation = Op {
        action: OpType::Put(ScalarValue::Bytes(vec![1])),
        obj: ObjectId::Root,
        key: Key::Map("key".into()),
        pred: SortedVec::new(),
        insert: false,
    };
    let change: Change = ExpandedChange {
        operations: vec![operation],
        actor_id: ActorId::from(&[7_u8; 16][..]),
        hash: None,
        seq,
        start_op: start.try_into().unwrap(),
        time: 0,
        message: None,
        deps: vec![],
        extra_bytes: vec![],
        author: None,
    }
    .into();
    change.raw_bytes().to_vec()
}
