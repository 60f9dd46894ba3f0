//! Keys: epochs, document secrets, cases, bundles, recovery.

pub mod bundle;
pub mod case;
pub mod delivery;
pub mod epoch;
pub mod marshal;
pub mod pin;
pub mod private;
pub mod record;
pub mod recovery;
pub mod ring;
pub mod rule;
