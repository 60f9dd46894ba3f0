//! The admission register: what an entry holds, when a name may be deleted, which returns are due, and its history.
//!
//! Pure rules over what is known, but for the run of absences, which reads registers. A name stands on the register
//! from the beginning of the starting day, whether or not the pupil turns up, to the end of the day of deletion.
//! Nothing is overwritten: an amendment stands beside what it amends, with reason, when and who.
//!
//! Not here: who may (see `rights`), and the acts themselves (see [`crate::office::Office::admit`] and its like).

pub mod entry;
pub mod grounds;
pub mod history;
pub mod returns;
pub(crate) mod starting;

pub use grounds::{Evidence, Refused};
pub use returns::{ReturnDue, returns_due};
