//! Documents: sets of facts, rebuilt by each replica from the entries it verified.

pub mod body;
pub mod fact;
mod pack;
pub mod payload;
pub mod rebuild;
