//! Who may do what: statements, and what follows from the *set* of them.
//!
//! Nothing here depends on the order in which statements arrived, on any clock, or on any document, so all
//! replicas with the same statements agree, and [`view::View::state_hash`] shows it.
//!
//! [`grant`], [`reduction`] and [`cards`] are what can be said; [`evaluate`] works out what follows; [`view`] is
//! the result, and [`mod@line`] answers whether one entry counts. [`erasure`] and [`erasures`] lie beside them: what is to
//! be destroyed, and what follows from it; they change nothing of who may do what.

pub mod capability;
pub mod cards;
pub mod erasure;
pub mod erasures;
pub mod evaluate;
pub mod grant;
pub mod keeps;
pub mod line;
pub mod reduction;
pub mod seat;
pub mod statement;
pub mod view;
