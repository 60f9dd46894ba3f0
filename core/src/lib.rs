//! The engine: a local-first, encrypted, signed sync engine for records of any kind.

pub mod authority;
pub mod document;
pub mod id;
pub mod keys;
pub mod limits;
pub mod replica;
pub mod time;
