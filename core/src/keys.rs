//! Keys: epochs, document secrets, bundles, recovery.

pub mod rule;
