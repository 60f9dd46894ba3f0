//! Documents: sets of facts, rebuilt by each replica from the entries it verified.

pub mod fact;
