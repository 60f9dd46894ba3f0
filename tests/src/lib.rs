//! Whole-school tests: simulation, two processes, power cuts, commands.
//!
//! [`world::School`] is a whole school in one thread and from one seed: the real engine, the real rules of a school,
//! disks in memory, and a network that cuts, loses, repeats and mixes up. Its tests read as stories about named
//! devices, and every failure prints the seed and the command that plays it again.
//!
//! [`reference`](mod@reference) is the slow and simple second opinion that the world is compared with. [`power_cut`] is a device whose
//! process is killed while it writes. [`fuzz`] spoils bytes for every decoder. [`program`] is the real program.
//!
//! Not here: rules. What a test expects is written in the test, or in `reference` without a look at the real code.

#![allow(clippy::unwrap_used, reason = "tests say what went wrong by panicking")]

pub mod disk;
pub mod fuzz;
pub mod power_cut;
pub mod program;
pub mod reference;
pub mod world;
