//! The attendance register: what shows for a pupil and a session.
//!
//! Start at [`current::Board`], which answers what shows.
//!
//! Not here: marking and amending (see `office`), who may (the engine's capabilities), and the roll's evidence (see
//! `fire`).

pub mod current;
pub mod remarks;
