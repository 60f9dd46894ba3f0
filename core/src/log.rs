//! Logs: append-only, hash-chained, each written by one seat.

pub mod entry;
pub mod frontier;
pub mod header;
pub mod seal;
