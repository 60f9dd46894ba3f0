//! Who may do what.

pub mod capability;
