//! The engine: a local-first, encrypted, signed sync engine for records of any kind.

pub mod audit;
pub mod authority;
pub mod codec;
pub mod crypto;
pub mod document;
pub mod founding;
pub mod id;
pub mod keys;
pub mod limits;
pub mod log;
pub mod replica;
pub mod sync;
pub mod time;
