//! Who may do what: statements, and what follows from the *set* of them.
//!
//! Nothing here depends on the order in which statements arrived, on any clock, or on any document, so all
//! replicas with the same statements agree, and [`view::View::state_hash`] shows it.
//!
//! Not here yet: removals, suspensions, cuts and adoption. They are statements of kinds that an older program
//! keeps and passes on.

pub mod capability;
pub mod evaluate;
pub mod seat;
pub mod statement;
pub mod view;
