//! zstd in contexts that are made once a thread: making one costs more than packing what an entry or a document is.
//!
//! What comes out depends on what goes in alone, whatever was packed before.

use std::cell::RefCell;
use zstd::bulk::{Compressor, Decompressor};

thread_local! {
    static PACKER: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACKER: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Packed at a level of zstd's; `None` when there is no memory for it.
pub(super) fn pack(plain: &[u8], level: i32) -> Option<Vec<u8>> {
    PACKER.with_borrow_mut(|held| {
        let packer = match held {
            Some(packer) => packer,
            None => held.insert(Compressor::new(level).ok()?),
        };
        packer.set_compression_level(level).ok()?;
        packer.compress(plain).ok()
    })
}

/// Undoes [`pack`]; `None` unless it is exactly `length` bytes then, for which memory is taken at once.
pub(super) fn unpack(small: &[u8], length: usize) -> Option<Vec<u8>> {
    UNPACKER.with_borrow_mut(|held| {
        let unpacker = match held {
            Some(unpacker) => unpacker,
            None => held.insert(Decompressor::new().ok()?),
        };
        unpacker.decompress(small, length).ok().filter(|plain| plain.len() == length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_before_changes_nothing() {
        let some = b"a register of thirty, a register of thirty".repeat(9);
        let alone = pack(&some, 3);
        assert!(alone.as_ref().is_some_and(|small| small.len() < some.len()));
        pack(b"something else", 1);
        assert_eq!(unpack(b"no such frame", 40), None, "and a failure leaves nothing behind");
        assert_eq!(pack(&some, 3), alone);
        let small = alone.unwrap_or_default();
        assert_eq!(unpack(&small, some.len()).as_ref(), Some(&some));
        assert_eq!(unpack(&small, some.len() + 1), None);
        assert_eq!(unpack(&small, some.len() - 1), None);
    }
}
