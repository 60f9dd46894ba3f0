//! Attendance in figures: whole numbers of sessions, for a pupil, a group, a site or the school, over any period.
//!
//! A mark counts by the code table that holds on its date, in the group and at the site where the pupil was on that
//! day, and only while the pupil was on roll. Two marks that differ and that nobody has settled are counted apart,
//! never guessed. Sessions without a mark are counted apart, too: they are neither attended nor missed.
//!
//! A percentage is only ever a way to show two whole numbers, and shows both: see [`Share`].
//!
//! What the figures are worked out from is kept decoded in a [`Ledger`], which reads a register again only when it
//! has changed. Not here: who is told of what (see `duties`), and screens.

mod count;
mod ledger;
pub mod published;
mod tally;
mod week_cells;

pub use count::{Cut, Figures, Line, Period, count};
pub use ledger::{Cell, Ledger};
pub use tally::{Share, Tally};
