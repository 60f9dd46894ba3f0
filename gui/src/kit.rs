//! The parts every screen is made of: colours, type, shapes, rows, buttons, fields, notices.
//!
//! Screens use these and no raw widget, so that a colour, a size or a focus ring is decided once.
//!
//! Promises: whatever can be pressed has an accessible name that begins with its visible words, a target of at
//! least [`size::CONTROL`] points, and a focus ring of [`size::FOCUS`] points.

pub mod button;
pub mod chip;
pub mod choice;
pub mod column;
pub mod copy;
pub mod cut;
pub mod field;
pub mod flow;
pub mod fonts;
pub mod keys;
pub mod layer;
pub mod list;
pub mod look;
pub mod mark_cell;
pub mod pad;
pub mod panel;
pub mod person_row;
pub mod picker;
pub mod qr;
pub mod search;
pub mod size;
pub mod status;
pub mod text;
pub mod tick;
pub mod toast;
pub mod tokens;
pub mod typed;

pub use button::{Button, Kind};
pub use cut::Cut;
pub use fonts::Weight;
pub use look::{Look, look};
pub use text::Type;
