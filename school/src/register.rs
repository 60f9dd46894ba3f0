//! The attendance register: what shows for a pupil and a session, and the rules for changing it.
//!
//! Start at [`current::Board`], which answers what shows; [`taking`] turns what somebody marks into facts.
//!
//! Not here: who may mark (the engine's capabilities), and the roll's evidence (see `fire`).

pub mod current;
