//! Keys: epochs, document secrets, bundles, recovery.

pub mod bundle;
pub mod epoch;
pub mod pin;
pub mod record;
pub mod recovery;
pub mod ring;
pub mod rule;
