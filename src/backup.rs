//! Backups of this device: made by hand or at a set time, tried by a drill, and restored.
//!
//! What goes in and how it is sealed is `muster_core::backup`; here is where it lies, when it is made, what this device
//! remembers of it, and how a restored folder takes the place of one that was lost.

pub mod drill;
pub(crate) mod due;
pub mod kept;
pub(crate) mod leftovers;
pub mod make;
pub mod place;
pub mod restore;
#[cfg(test)]
mod tests;
pub mod words;
