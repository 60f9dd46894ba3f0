//! What a school keeps: facts, documents, rules and views.
//!
//! This package turns facts into records and views, and what somebody does into facts. It stands on
//! [`muster_core::replica::records::Records`] and nothing else of the engine.
//!
//! Not here, by purpose: a clock, a disk, a network, a screen, randomness. `Records` hands those in.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod admission;
pub mod age;
pub mod areas;
pub mod calendar;
pub mod codes;
pub mod continuity;
pub mod duties;
pub mod erasure;
pub mod extract;
pub mod facts;
pub mod figures;
pub mod fire;
pub mod hours;
pub mod ids;
pub mod import;
pub mod known;
pub mod limits;
pub mod names;
pub mod office;
pub mod register;
pub mod retention;
pub mod review;
pub mod rights;
pub mod roles;
pub mod safeguarding;
pub mod show;
pub mod step_up;
pub mod story;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod upn;
pub mod view;

#[cfg(test)]
mod tests;
