//! What the measurements share: devices of a school without a network, and medians.
//!
//! Each measurement is a program in `benches/` that prints one line of JSON with its inputs and its figures.
//! `cargo bench -p muster-benches` runs them all; `RESULTS.md` keeps what they said, when and where. They run on
//! real replicas and stores, and nothing is switched off for them: not a check, a signature or a sync to disk.
//!
//! Not here: any limit on a figure. A measurement never fails because a machine is slow.

pub mod backlog;
pub mod disk;
pub mod export;
pub mod figures;
pub mod made;
pub mod memory;
pub mod parts;
pub mod plot;
pub mod school;
pub mod side;
pub mod statements;

/// Why a measurement could not be made.
pub type Failure = Box<dyn std::error::Error>;
